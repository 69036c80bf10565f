"""*Hand-over sheet …* of the lead that is chosen: a file is asked for and written."""

from pathlib import Path

from tests.flows.conftest import Open
from tests.stores import add_lead


def test_it_is_written_where_one_says(opening: Open, tmp_path: Path) -> None:
    target = tmp_path / "sheet.pdf"
    desk = opening(("save_file", "Hand-over sheet", target), ("save_file", "Hand-over sheet", None))
    lead = add_lead(desk.store, "Relaunch / <b>")
    desk.window.run_for("sheet", lead)
    assert target.read_bytes().startswith(b"%PDF-")
    assert "sheet.pdf" in desk.status()
    target.unlink()
    desk.window.run_for("sheet", lead)
    assert not target.exists()


def test_a_folder_is_refused_in_a_sentence(opening: Open, tmp_path: Path) -> None:
    desk = opening(("save_file", "Hand-over sheet", tmp_path))
    desk.window.run_for("sheet", add_lead(desk.store, "Relaunch"))
    assert "is a folder" in desk.said()
