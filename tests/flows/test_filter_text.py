"""The text a filter looks through is that of the list, whatever happened while nobody filtered."""

from pathlib import Path

from PySide6.QtCore import Qt

from app.core.money import Money
from app.services.leads import Leads
from tests.flows.desk import Desk
from tests.services.importing.files import import_text


def test_the_filter_finds_what_was_imported_while_it_was_empty(
    desk: Desk, leads: dict[str, int], tmp_path: Path
) -> None:
    desk.panel.filter.setFocus()
    desk.panel.filter.setText("film")
    desk.panel.filter.clear()
    import_text(desk.store, tmp_path, "Name;Status\nZwiebelkuchen;aktiv\n")
    desk.panel.filter.setText("zwiebel")
    assert desk.titles() == ["Zwiebelkuchen"]
    desk.panel.filter.clear()
    Leads(desk.store).edit([leads["Hosting Bräu"]], amount=Money(9_000_000_00, "EUR"))
    desk.panel.filter.setText("r")
    assert desk.titles()[0] == "Hosting Bräu"


def test_escape_empties_the_filter_and_a_second_one_goes_back_to_the_list(desk: Desk, leads: dict[str, int]) -> None:
    desk.panel.filter.setFocus()
    desk.type("film")
    desk.key(Qt.Key.Key_Escape)
    assert desk.panel.filter.text() == ""
    assert desk.panel.filter.hasFocus()
    desk.key(Qt.Key.Key_Escape)
    assert desk.panel.view.hasFocus()
    assert desk.panel.view.currentIndex().isValid()
