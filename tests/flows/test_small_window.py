"""In a window too small for all of the detail panel."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.ui.forms.dialog import TITLE_BAR
from app.ui.tables.view import TableView
from app.ui.theme import Theme
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import add_lead


def is_seen(widget: QWidget, desk: Desk) -> bool:
    """Whether all of it is within the part of the panel that is in sight."""
    view: QWidget = desk.detail._one.viewport()
    return view.rect().contains(widget.rect().translated(widget.mapTo(view, QPoint(0, 0))))


def test_the_line_for_a_note_scrolls_into_sight(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    desk.window.resize(900, 420)
    desk.choose(leads["Film Molkerei"])
    qtbot.wait(1)
    note = desk.find(QTextEdit, "Note")
    assert not is_seen(note, desk)
    desk.command("note")
    qtbot.waitUntil(lambda: is_seen(note, desk))
    assert note.hasFocus()


def test_of_another_lead_the_panel_shows_the_beginning(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    desk.window.resize(900, 420)
    desk.choose(leads["Film Molkerei"])
    desk.command("note")
    bar = desk.detail._one.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    place = bar.value()
    desk.context.office.leads.note([leads["Film Molkerei"]], "Called")
    assert bar.value() == place, "of the same lead it stays"
    desk.panel.view.setFocus()
    desk.key(Qt.Key.Key_Down)
    assert desk.detail.title == "Hosting Bräu"
    assert bar.value() == 0


def test_the_bar_at_the_top_makes_room_for_the_tabs(desk: Desk) -> None:
    """First the search field, then the button, keep their signs only; both are still called what they do."""
    search, new = desk.find(QAbstractButton, "Search or command …"), desk.find(QAbstractButton, "New lead")
    assert search.width() == 250
    assert new.text() == "New lead"
    for width, told in ((900, True), (520, False)):
        desk.window.resize(width, 700)
        QTest.qWait(20)
        assert search.width() < 250
        assert (new.text() == "New lead") is told
        assert desk.find(QAbstractButton, "Search or command …") is search
        assert desk.find(QAbstractButton, "New lead") is new
    desk.window.resize(1440, 860)
    QTest.qWait(20)
    assert (search.width(), new.text()) == (250, "New lead")


@pytest.mark.parametrize(("key", "name"), [("forecast", "Revenue by month"), ("overview", "What needs you today")])
def test_the_page_follows_the_keyboard_through_a_list_below_its_edge(
    opening: Open, leads: dict[str, int], store: Store, key: str, name: str
) -> None:
    for number in range(9):
        add_lead(store, f"Lead {number}")
    desk = opening(front=key)
    desk.window.resize(1300, 380)
    QTest.qWait(20)
    view = desk.find(TableView, name)
    desk.window.focusNextPrevChild(True)
    while desk.focus() is not view:
        desk.window.focusNextPrevChild(True)
    for row in range(view.model().rowCount()):
        assert view.currentIndex().row() == row
        assert view.viewport().visibleRegion().contains(view.visualRect(view.currentIndex()).center()), row
        desk.key(Qt.Key.Key_Down)
    assert row > 3


@pytest.mark.parametrize("side", ["1900", "9" * 5000, "9" * 30, "2147483648", "²", "-1", ""])
def test_a_wide_panel_of_another_screen_leaves_the_list_its_room(opening: Open, tmp_path: Path, side: str) -> None:
    """Chosen where the window was far wider, or spoilt: there is room for both, and the window opens at all."""
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("window/side", side)
    memory.sync()
    desk = opening()
    assert min(desk.window.splitter.sizes()) > 200


def test_on_a_small_screen_the_first_window_leaves_room_for_its_title(desk: Desk) -> None:
    desk.window.memory.remove("window/geometry")
    desk.window.resize(1440, 860)
    desk.window._restore()
    assert desk.window.height() <= desk.window.screen().availableSize().height() - TITLE_BAR


def test_with_large_text_closed_leads_have_the_room_of_their_figures(
    desk: Desk, leads: dict[str, int], theme: Theme, qtbot: QtBot
) -> None:
    desk.window.resize(1280, 764)
    tab = desk.window.go_to("closed")
    figures, view = tab._cards["won"], desk.panel.view
    qtbot.waitUntil(figures.isVisible)
    theme.use(scale=200)
    qtbot.waitUntil(lambda: not figures.isVisible())
    assert view.viewport().height() >= view.rowHeight(0), "a whole lead is seen"
    theme.use(scale=100)
    qtbot.waitUntil(figures.isVisible)


def test_with_large_text_the_leads_have_the_room_of_the_funnel(
    desk: Desk, leads: dict[str, int], theme: Theme, qtbot: QtBot
) -> None:
    tab, view = desk.window.current_tab(), desk.panel.view
    desk.window.resize(1280, 764)
    assert tab.strip.isVisible()
    theme.use(scale=200)
    qtbot.wait(1)
    assert not tab.strip.isVisible()
    assert view.viewport().height() >= view.rowHeight(0), "a whole lead is seen"
    theme.use(scale=100)
    qtbot.wait(1)
    assert tab.strip.isVisible()
    desk.window.resize(1280, 400)
    qtbot.waitUntil(lambda: not tab.strip.isVisible())
