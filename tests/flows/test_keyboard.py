"""Everything without a mouse: what can be pressed in the window is reached with Tab."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.terms import Entity
from app.models.store import Store
from app.ui.main_window import TABS
from app.ui.tables.view import TableView
from app.ui.widgets.button import Button
from app.ui.widgets.link_lines import LinkLines
from tests.flows.desk import Desk
from tests.models.edits import everything

_PRESSED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QTabBar)


def reached(desk: Desk) -> list[QWidget]:
    """Where Tab comes to, until it has come round."""
    stops: list[QWidget] = []
    for _ in range(300):
        desk.window.focusNextPrevChild(True)
        stop = desk.window.focusWidget()
        assert stop is not None
        if stop in stops:
            return stops
        stops.append(stop)
    raise AssertionError("Tab does not come round")


def needs_none(control: QWidget) -> bool:
    """One of a few that exclude each other (the arrows go on from the one that is on), the titles of columns (their
    dialog does it all), and the sign that empties a line (Esc does it).
    """
    if isinstance(control, QAbstractButton) and control.group() is not None and control.group().exclusive():
        return True
    return isinstance(control, QHeaderView) or isinstance(control.parentWidget(), QLineEdit | QTabBar)


def test_every_control_of_every_tab_is_reached(desk: Desk, leads: dict[str, int]) -> None:
    for spec in TABS:
        tab = desk.window.go_to(spec.key)
        QTest.qWait(20)
        if spec.has_leads and tab.panel.model.rowCount():
            tab.panel.view.selectRow(0)
        stops = reached(desk)
        controls = [each for kind in _PRESSED for each in desk.window.findChildren(kind)]
        missed = [
            (type(each).__name__, each.accessibleName())
            for each in controls
            if each.isVisible() and each.isEnabled() and each not in stops and not needs_none(each)
        ]
        assert (spec.key, missed) == (spec.key, [])


def test_tab_goes_on_from_a_list_of_customers_into_the_panel_beside_it(desk: Desk) -> None:
    office = desk.context.office
    adler = office.companies.create(name="Adler GmbH")
    for given in ("Zoe", "Ben"):
        office.people.create(given=given, family="Zander", companies=[(adler, "")])
    tab = desk.window.go_to("customers")
    tab.go_to(Entity.COMPANY, adler)
    QTest.qWait(20)
    panel = tab.detail
    assert panel is not None
    desk.window.tab_row.setFocus()
    stops = reached(desk)
    places = [stops.index(each) for each in (tab.front, *(s for s in stops if panel.isAncestorOf(s)))]
    assert len(places) > 20
    assert places == list(range(places[0], places[0] + len(places)))

    lines = panel.findChildren(LinkLines)
    related = next(each for each in lines if "Zoe Zander" in each.texts())
    below = [stops.index(each) for each in stops if related.isAncestorOf(each)]
    tops = [stops[place].mapTo(panel, QPoint()).y() for place in below]
    assert len(tops) == 3
    assert tops == sorted(tops)


def test_of_choices_that_exclude_each_other_tab_reaches_the_one_that_is_on(desk: Desk, leads: dict[str, int]) -> None:
    desk.command("board")
    stops = reached(desk)
    on = [stop for stop in stops if isinstance(stop, QAbstractButton) and stop.group() is not None]
    assert [stop.text() for stop in on] == ["Note", "Board"]


def test_delete_deletes_a_lead_in_the_list_and_nowhere_else(
    desk: Desk, store: Store, leads: dict[str, int], qtbot: QtBot
) -> None:
    with qtbot.waitActive(desk.window):  # shortcuts belong to the active window
        desk.window.activateWindow()
    desk.choose(leads["Film Molkerei"])
    before = everything(store)
    stops = [stop for stop in reached(desk) if not isinstance(stop, QAbstractItemView)]
    assert len(stops) > 20
    for stop in stops:
        if stop.isVisible():
            stop.setFocus()
            desk.key(Qt.Key.Key_Delete)
    assert everything(store) == before
    desk.panel.view.setFocus()
    desk.key(Qt.Key.Key_Delete)
    assert "Film Molkerei" not in desk.titles()


@pytest.mark.parametrize("key", [spec.key for spec in TABS])
def test_from_a_button_that_went_tab_goes_on_in_the_list(desk: Desk, leads: dict[str, int], key: str) -> None:
    tab = desk.window.go_to(key)
    assert isinstance(tab.front, TableView)
    button = Button(desk.context.theme, "Gone", parent=desk.window)
    button.show()
    button.setFocus()
    button.setEnabled(False)  # from which Qt goes on by itself, as Tab does
    assert desk.focus() is tab.front
