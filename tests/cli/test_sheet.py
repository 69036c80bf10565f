"""`trichter sheet`: a PDF of a lead, or a sentence why not."""

from pathlib import Path

from tests.cli.conftest import Trichter


def test_a_sheet_is_written(filled: Trichter, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    said = filled("sheet", "1", target)
    assert (said.code, said.err) == (0, "")
    assert str(target) in said.out
    assert target.read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_is_said(filled: Trichter, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    for lead, place in (("999999", target), ("1", tmp_path), ("1", data / "trichter.db"), ("1", tmp_path / "no" / "x")):
        assert filled("sheet", lead, place).is_refusal, (lead, place)
    assert "There is no lead with the number 999999." in filled("sheet", "999999", target).err
    for wrong in ("-1", "x", "1;2", "", "9" * 30):
        assert filled("sheet", wrong, target).code == 2
    assert not target.exists()
