"""A table in a file: whole or not at all, and harmless in a spreadsheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import InvalidInput
from app.services.exporting.table_file import write_table


def test_what_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    assert write_table(target, ["Lead", "=1+1"], [["=cmd|' /C calc'!A0", "x;y"], ["Müller\nKG", ""]]) == 2
    text = target.read_bytes().decode("utf-8-sig")
    assert text == "Lead;'=1+1\r\n'=cmd|' /C calc'!A0;\"x;y\"\r\n\"Müller\nKG\";\r\n"


def test_an_error_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_text("old")

    def rows() -> Iterator[list[str]]:
        yield ["new"]
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        write_table(target, ["Lead"], rows())
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["", "nowhere/list.csv", "trichter.db"])
def test_where_there_is_no_folder_or_there_are_data_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "trichter.db").write_bytes(b"SQLite format 3\0")
    with pytest.raises(InvalidInput):
        write_table(tmp_path / name, ["Lead"], [])
    assert (tmp_path / "trichter.db").read_bytes() == b"SQLite format 3\0"
