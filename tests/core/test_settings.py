"""The settings of a user and the file they are kept in."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import settings as declared
from app.core.errors import DiskFull, InvalidInput, ReadOnly, StorageError
from app.core.format import Formats
from app.core.settings import (
    BACKUP_FOLDER,
    BACKUP_ON_EXIT,
    COUNTRY,
    ENOUGH_YOUNG,
    LANGUAGE,
    PAGES,
    SETTINGS,
    TEXT_SCALE,
    THEME,
    Setting,
    Settings,
)

GERMAN = {"LANG": "de_DE.UTF-8"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def kept(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return values


def test_what_the_command_line_asks_for_holds_until_another_is_chosen(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json", {})
    settings.change({LANGUAGE: "en"})
    settings.hold(LANGUAGE, "de")
    settings[COUNTRY] = "AT"
    assert (settings[LANGUAGE], Settings(settings.path, {})[LANGUAGE]) == ("de", "en")
    heard: list[str] = []
    settings.listen(LANGUAGE, heard.append)
    settings[LANGUAGE] = "en"
    assert (settings[LANGUAGE], heard) == ("en", ["en"])
    settings.hold(LANGUAGE, "xx")
    assert settings[LANGUAGE] == "en"


def test_what_is_lent_for_a_run_is_never_saved(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json", {})
    settings.change({LANGUAGE: "en", COUNTRY: "DE"})
    settings.lend({LANGUAGE: "de"})
    heard: list[str] = []
    settings.listen(LANGUAGE, heard.append)
    settings.change({LANGUAGE: "en", COUNTRY: "AT"})
    assert (settings[LANGUAGE], settings[COUNTRY], heard) == ("en", "AT", ["en"])
    settings[LANGUAGE] = "de"
    assert (settings[LANGUAGE], Settings(settings.path, {})[LANGUAGE]) == ("de", "en")
    assert (settings.is_lent(LANGUAGE), settings.is_lent(COUNTRY)) == (True, False)
    with pytest.raises(InvalidInput):
        settings.lend({COUNTRY: "xx"})
    assert settings[COUNTRY] == "AT"


@pytest.mark.parametrize(
    ("environ", "chosen", "language", "country"),
    [
        ({}, "", "de", "DE"), ({}, "", "en", "INT"), ({}, "INT", "de", "INT"), ({}, "CH", "de", "CH"),
        ({"LANG": "de_AT.UTF-8"}, "", "de", "AT"), ({"LANG": "en_US.UTF-8"}, "", "de", "US"),
    ],
)  # fmt: skip
def test_german_without_a_country_is_that_of_germany(
    tmp_path: Path, environ: dict[str, str], chosen: str, language: str, country: str
) -> None:
    settings = Settings(tmp_path / "settings.json", environ)
    if chosen:
        settings[COUNTRY] = chosen
    settings.speak(language)
    assert (settings[LANGUAGE], settings[COUNTRY]) == (language, country)
    assert Settings(settings.path, environ)[COUNTRY] == (chosen or Settings(tmp_path / "no", environ)[COUNTRY])


def test_a_new_user_has_the_defaults_and_no_file(path: Path) -> None:
    settings = Settings(path, GERMAN)
    assert settings[THEME] == "system"
    assert settings[TEXT_SCALE] == 100
    assert not settings.chosen(THEME)
    assert settings.problem is None
    assert not path.exists()


def test_what_is_set_is_there_the_next_time(path: Path) -> None:
    Settings(path, GERMAN)[THEME] = "dark"
    again = Settings(path, GERMAN)
    assert again[THEME] == "dark"
    assert again.chosen(THEME)
    assert list(path.parent.iterdir()) == [path]


def test_keys_of_other_versions_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"future.key": {"a": [1]}, "appearance.theme": "dark"}', "utf-8")
    Settings(path, GERMAN)[TEXT_SCALE] = 120
    assert kept(path) == {"future.key": {"a": [1]}, "appearance.theme": "dark", "appearance.text_scale": 120}


@pytest.mark.parametrize("value", ["pink", 1, None, True, ["dark"], {}])
def test_a_kept_value_that_fails_its_check_counts_as_not_set(path: Path, value: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({THEME.key: value}), "utf-8")
    assert Settings(path, GERMAN)[THEME] == "system"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (THEME, "pink"),
        (TEXT_SCALE, 79),
        (TEXT_SCALE, 201),
        (TEXT_SCALE, True),
        (TEXT_SCALE, 100.0),
        (TEXT_SCALE, "100"),
        (BACKUP_ON_EXIT, 1),
        (BACKUP_FOLDER, "relative/folder"),
        (BACKUP_FOLDER, "/with\0nul"),
        (ENOUGH_YOUNG, -1),
    ],
)
def test_what_is_not_possible_is_refused_and_nothing_of_it_set(path: Path, setting: Setting[Any], value: Any) -> None:
    settings = Settings(path, GERMAN)
    with pytest.raises(InvalidInput) as refused:
        settings.change({LANGUAGE: "en", setting: value})
    assert refused.value.field == setting.key
    assert settings[LANGUAGE] == "de"
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b"null", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"\0" * 300],
)
def test_a_broken_file_is_kept_under_another_name(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings = Settings(path, GERMAN)
    assert settings[THEME] == "system"
    assert settings.set_aside is not None
    assert settings.set_aside.read_bytes() == content
    assert settings.set_aside.name in str(settings.problem)
    settings[THEME] = "dark"
    assert Settings(path, GERMAN)[THEME] == "dark"


def test_no_broken_file_replaces_an_earlier_one(path: Path) -> None:
    path.parent.mkdir()
    for content in ("one", "two"):
        path.write_text(content, "utf-8")
        Settings(path, GERMAN)
    assert sorted(file.read_text("utf-8") for file in path.parent.iterdir()) == ["one", "two"]


def test_a_folder_in_place_of_the_file_is_no_end(path: Path) -> None:
    path.mkdir(parents=True)
    settings = Settings(path, GERMAN)
    assert settings.problem is not None
    settings[THEME] = "light"
    assert kept(path) == {THEME.key: "light"}


def test_a_file_in_place_of_the_folder_is_said(path: Path) -> None:
    path.parent.write_text("in the way", "utf-8")
    settings = Settings(path, GERMAN)
    assert settings.problem is not None
    assert settings.set_aside is None
    with pytest.raises(StorageError):
        settings[THEME] = "dark"
    assert settings[THEME] == "dark"


@pytest.mark.parametrize(("number", "kind"), [(28, DiskFull), (30, ReadOnly), (13, ReadOnly), (5, StorageError)])
def test_a_failed_save_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StorageError]
) -> None:
    settings = Settings(path, GERMAN)
    settings[THEME] = "dark"
    heard: list[str] = []
    settings.listen(THEME, heard.append)

    def fail(handle: int) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StorageError) as failed:
            settings[THEME] = "light"
    assert type(failed.value) is kind
    assert kept(path) == {THEME.key: "dark"}
    assert list(path.parent.iterdir()) == [path]
    assert (settings[THEME], heard) == ("light", ["light"])


def test_a_linked_file_stays_linked(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_text("{}", "utf-8")
    path.parent.mkdir()
    path.symlink_to(real)
    Settings(path, GERMAN)[THEME] = "dark"
    assert path.is_symlink()
    assert kept(real) == {THEME.key: "dark"}


def test_listeners_hear_new_values_of_their_setting_only(path: Path) -> None:
    settings, themes, scales = Settings(path, GERMAN), list[str](), list[int]()
    stop = settings.listen(THEME, themes.append)
    settings.listen(TEXT_SCALE, scales.append)
    settings.change({THEME: "dark", TEXT_SCALE: 150})
    settings[THEME] = "dark"
    stop()
    stop()
    settings[THEME] = "light"
    assert (themes, scales) == (["dark"], [150])


def test_choosing_the_default_is_a_choice(path: Path) -> None:
    settings = Settings(path, GERMAN)
    settings[LANGUAGE] = "de"
    assert Settings(path, {"LANG": "en_US.UTF-8"})[LANGUAGE] == "de"


@pytest.mark.parametrize(
    ("environ", "language", "country"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de", "DE"),
        ({"LANG": "de_AT"}, "de", "AT"),
        ({"LANG": "de_CH.utf8@euro"}, "de", "CH"),
        ({"LANG": "de-CH"}, "de", "CH"),
        ({"LANG": "de"}, "de", "DE"),
        ({"LANG": "de_LI.UTF-8"}, "de", "CH"),
        ({"LANG": "en_US.UTF-8"}, "en", "US"),
        ({"LANG": "en_GB.UTF-8", "LC_MONETARY": "de_DE.UTF-8"}, "en", "DE"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_AT.UTF-8"}, "de", "AT"),
        ({"LANG": "fr_FR.UTF-8"}, "en", "INT"),
        ({"LANG": "den_XX"}, "en", "INT"),
        ({"LANG": "C.UTF-8"}, "en", "INT"),
        ({"LANG": "POSIX"}, "en", "INT"),
        ({"LANG": "\udcff"}, "en", "INT"),
    ],
)
def test_language_and_country_come_from_the_system(
    path: Path, environ: dict[str, str], language: str, country: str
) -> None:
    settings = Settings(path, environ)
    assert (settings[LANGUAGE], settings[COUNTRY]) == (language, country)


def test_every_setting_is_declared_well() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    assert set(SETTINGS) == {value for value in vars(declared).values() if isinstance(value, Setting)}
    for setting in SETTINGS:
        assert setting.accepts(setting.default), setting.key
        assert setting.key.startswith(f"{setting.page.key}.")
        assert setting.label
        assert setting.help
        assert all(label for _, label in setting.choices)
    order = [PAGES.index(setting.page) for setting in SETTINGS]
    assert order == sorted(order)


def test_every_country_can_be_worded() -> None:
    assert all(
        Formats(language, code).country == code for code, _ in COUNTRY.choices for language, _ in LANGUAGE.choices
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(SETTINGS), JSON)
def test_checks_answer_whatever_they_are_asked(setting: Setting[Any], value: object) -> None:
    if setting.accepts(value):
        assert type(value) is type(setting.default)
