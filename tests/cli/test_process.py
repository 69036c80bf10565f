"""How the command line behaves as a process: usage, exit codes, streams, what it loads."""

import argparse
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.bootstrap import SETTINGS_FILE
from app.cli import wording
from app.core.paths import config_dir
from app.core.settings import LANGUAGE, Settings
from tests.cli.conftest import TODAY, Trichter

# --- usage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"], ["list", "--limit", "-1"], ["list", "--limit", "x"], ["list", "--limit", "²"],
        ["list", "--status", "offen"], ["list", "--lim", "3"], ["forecast", "--from", "2027-13"],
        ["forecast", "--from", "2027-02", "--to", "2027-01"], ["forecast", "--from", "0001-01", "--to", "9999-12"],
        ["funnel", "--from", "gestern"], ["funnel", "--from", "2027-01-02", "--to", "2027-01-01"],
        ["funnel", "--mode", "x"], ["import"], ["import", "x", "--map", "title"], ["import", "x", "--value", "a=b"],
        ["import", "x", "--map", "A=title", "--map", "A=amount"],
        ["import", "x", "--value", "A:b=won", "--value", "A:b=lost"],
        ["import", "x", "--date-order", "dym"], ["export"], ["backup"], ["restore"], ["--today", "31.12.2026", "list"],
        ["--language", "fr", "list"], ["list", "extra"], ["check", "extra"],
    ],
)  # fmt: skip
def test_wrong_usage_is_code_2_and_touches_nothing(trichter: Trichter, data: Path, arguments: list[str]) -> None:
    said = trichter(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert "usage:" in said.err
    assert not data.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast", "--from", "9999-12"], ["forecast", "--to", "0001-01"], ["--today", "9999-02-01", "forecast"],
        ["--today", "0001-01-01", "demo"], ["--today", "9999-12-31", "demo"], ["--today", "3000-01-01", "list"],
        ["--today", "1899-12-31", "list"], ["funnel", "--from", "1000-01-01"],
    ],
)  # fmt: skip
def test_years_beyond_all_calendars(trichter: Trichter, data: Path, arguments: list[str]) -> None:
    said = trichter(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "outside the years 1900 to 2999" in said.err
    assert not data.exists()


@pytest.mark.parametrize("day", ["1900-01-01", "2999-12-31"])
def test_the_ends_of_the_calendar(trichter: Trichter, day: str) -> None:
    demo = trichter("--today", day, "demo")
    assert demo.code == 0 or demo.is_refusal
    for command in (["list"], ["forecast", "--json"], ["funnel"], ["check"], ["forecast", "--from", day[:7]]):
        assert trichter("--today", day, *command).code == 0, command


@pytest.mark.parametrize("command", [[], ["list"], ["import"], ["restore"]])
def test_help(trichter: Trichter, data: Path, command: list[str]) -> None:
    said = trichter(*command, "--help")
    assert said.code == 0
    assert "usage: trichter" in said.out
    assert not data.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "gibt es nicht"), (["list", "--status", "offen"], "gibt es nicht"), (["list", "x"], ": x"),
        (["import"], "Es fehlt: DATEI"), (["list", "--text"], "einen Wert"), (["list", "--json=x"], "keinen Wert"),
        (["--data"], "einen Wert"), (["forecast", "--from", "x"], "kein Monat"),
        (["--help"], "Befehl"), (["import", "--help"], "SPALTE=FELD"),
    ],
)  # fmt: skip
def test_usage_is_german_throughout(trichter: Trichter, arguments: list[str], words: str) -> None:
    said = trichter("--language", "de", *arguments)
    text = said.out + said.err
    assert text.startswith("Aufruf: ")
    assert words in text
    for english in ("usage", "error", "argument", "options", "choose", "required", "show", "exit", "FILE", "DIR"):
        assert english not in text, text


def test_usage_is_worded_as_the_settings_say(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Settings(config_dir(data) / SETTINGS_FILE)[LANGUAGE] = "de"
    for arguments in (["list", "extra"], ["--language"]):
        with pytest.raises(SystemExit, match="2"):
            main(["--data", str(data), *arguments])
        assert capsys.readouterr().err.startswith("Aufruf: ")


def test_argparse_still_says_what_is_translated() -> None:
    source = inspect.getsource(argparse)
    for text in wording.TEXTS:
        assert repr(text)[1:-1] in source


# --- as a process --------------------------------------------------------------------------------------------------


def _process(*arguments: str | Path, **settings: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **settings)


def test_reading_loads_neither_qt_nor_the_orm_nor_alembic(filled: Trichter, data: Path) -> None:
    code = (
        "import sys; from app.__main__ import main; assert main(sys.argv[1:]) == 0\n"
        "heavy = {'PySide6', 'sqlalchemy.orm', 'alembic', 'pyqtgraph', 'numpy', 'app.services.backup'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    for command in (["list"], ["forecast", "--json"], ["funnel"], ["check"], ["list", "--text", "müller"]):
        done = subprocess.run(
            [sys.executable, "-c", code, "--data", str(data), *command], capture_output=True, check=True
        )
        assert done.stdout.splitlines()[-1] == b"[]", command


def test_utf8_whatever_the_terminal_says(filled: Trichter, data: Path) -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = _process("--data", data, "--language", "de", "list", env=plain)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Müller" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(filled: Trichter, data: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "app", "--data", str(data), "list", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a device that is always full")
def test_output_that_finds_no_room_is_said_in_a_sentence(filled: Trichter, data: Path) -> None:
    command = [sys.executable, "-m", "app", "--data", str(data), "--language", "en", "list"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr.decode().partition(".")[0]) == (1, "The disk is full")


@pytest.mark.skipif(os.name != "posix", reason="streams are closed by a shell")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 1), ("2>&-", 0), (">&- 2>&-", 1), ("<&-", 0)])
def test_closed_streams(filled: Trichter, data: Path, closed: str, code: int) -> None:
    command = ["sh", "-c", f'"$0" -m app --data "$1" --language en list {closed}', sys.executable, str(data)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == code
    assert done.stderr.decode() == (
        "There is no output that the answer could be written to.\n" if closed == ">&-" else ""
    )
    assert bool(done.stdout) == (code == 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="arguments of any bytes")
def test_bytes_that_are_no_text_are_no_reason_to_break_off(data: Path, own: Path) -> None:
    odd = own.with_name(os.fsdecode(b"\xff.csv"))
    odd.write_bytes(own.read_bytes())
    for arguments in (["import", odd], ["list", "--text", os.fsdecode(b"\xff")]):
        done = _process("--data", data, "--user", os.fsdecode(b"A\xff"), *arguments)
        assert (done.returncode, done.stderr) == (0, b""), arguments


def test_without_a_display_funnel_and_forecast_are_shown(home: Path, data: Path) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in names}
    done = _process("--data", data, "--language", "en", env=bare)
    if not sys.platform.startswith("linux"):
        pytest.skip("there is always a display there")
    said = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert said.startswith("There is no display")
    assert "demo data" in said
    assert "Win rate" in said
    assert "without service period" in said
    assert not data.exists()


def test_a_display_that_is_gone_is_none(filled: Trichter, data: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("there is always a display there")
    environ = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    gone = {"DISPLAY": ":77", "WAYLAND_DISPLAY": "wayland-77"}
    done = _process("--data", data, "--language", "en", env={**environ, **gone})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"There is no display")


def test_without_a_display_the_users_own_figures_are_shown(filled: Trichter, data: Path) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in names}
    done = _process("--data", data, "--language", "en", "--today", TODAY, env=bare)
    assert b"demo data" not in done.stdout
    assert "20,450.00" in done.stdout.decode("utf-8")


def test_two_commands_at_once_on_a_new_folder(own: Path, data: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "app", "--data", str(data), "import", str(own), "--json"], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    answers = [json.loads(each.communicate()[0]) for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sum(answer["created"] for answer in answers) >= 6
    assert _process("--data", data, "check").returncode == 0
