"""The key of an encrypted store in its envelope: who has the password gets it, and nobody else anything."""

import json
from pathlib import Path

import pytest

from app.models.place import KEY_NAME
from app.services.envelope import holds, unwrapped, wrap

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A folder with an envelope."""
    wrap(tmp_path, KEY, "Fünf Affen")
    return tmp_path


def test_the_password_opens_it(sealed: Path) -> None:
    assert unwrapped(sealed, "Fünf Affen") == KEY
    assert unwrapped(sealed, "Fu\u0308nf Affen") == KEY  # as another keyboard composes it


@pytest.mark.parametrize("password", ["", "fünf Affen", "Fünf Affen ", "Fünf Affen\0", "x" * 100_000])
def test_no_other_one_does(sealed: Path, password: str) -> None:
    assert unwrapped(sealed, password) is None


def test_a_new_password_keeps_the_key(sealed: Path) -> None:
    before = (sealed / KEY_NAME).read_bytes()
    wrap(sealed, KEY, "Sechs Affen")
    assert unwrapped(sealed, "Sechs Affen") == KEY
    assert unwrapped(sealed, "Fünf Affen") is None
    assert json.loads(before)["salt"] != json.loads((sealed / KEY_NAME).read_bytes())["salt"]
    assert [path.name for path in sealed.iterdir()] == [KEY_NAME]


def test_keys_are_told_apart_without_the_password(sealed: Path) -> None:
    assert holds(sealed, KEY)
    assert not holds(sealed, OTHER)


def test_neither_key_nor_password_stand_in_it(sealed: Path) -> None:
    written = (sealed / KEY_NAME).read_text("ascii")
    assert KEY.hex() not in written
    assert "Affen" not in written


def test_without_an_envelope_there_is_no_key(tmp_path: Path) -> None:
    assert unwrapped(tmp_path, "Fünf Affen") is None
    assert not holds(tmp_path, KEY)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[]", b"{}", b'{"format": 1}', b"null", b"{" * 100_000])
def test_a_file_that_is_none_opens_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / KEY_NAME).write_bytes(damage)
    assert unwrapped(tmp_path, "Fünf Affen") is None
    assert not holds(tmp_path, KEY)


@pytest.mark.parametrize(
    ("field", "value"),
    [("salt", ""), ("salt", "ff"), ("salt", 5), ("covered", "zz"), ("covered", "00" * 31), ("signed", "00" * 32),
     ("signed", ""), ("memory", 1 << 40), ("memory", 0), ("memory", "65536"), ("time", 10**9), ("lanes", -1),
     ("format", 2), ("more", 1)],
)  # fmt: skip
def test_what_was_changed_in_it_is_noticed(sealed: Path, field: str, value: object) -> None:
    said = json.loads((sealed / KEY_NAME).read_text("ascii"))
    (sealed / KEY_NAME).write_text(json.dumps(said | {field: value}), "ascii")
    assert unwrapped(sealed, "Fünf Affen") is None


@pytest.mark.parametrize("at", range(0, 64, 7))
def test_a_key_that_was_changed_is_not_taken(sealed: Path, at: int) -> None:
    said = json.loads((sealed / KEY_NAME).read_text("ascii"))
    was = said["covered"]
    said["covered"] = was[:at] + ("0" if was[at] != "0" else "1") + was[at + 1 :]
    (sealed / KEY_NAME).write_text(json.dumps(said), "ascii")
    assert unwrapped(sealed, "Fünf Affen") is None
