"""A window without its server: what is written down waits, is seen to wait, and is entered when the server is back."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.services.lead_fields import NextStep
from app.services.leads import Leads
from app.services.outbox import finished, next_step, note
from app.services.owners import Owner
from app.ui.outbox import OutboxDialog
from app.ui.timeline.composer import Composer
from app.ui.timeline.waiting import WaitingLines
from app.ui.widgets.button import Button
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.models.server.offices import Office
from tests.stores import add_lead

_SOON = 15_000


@pytest.fixture
def lead(store: Store, other: Store) -> int:
    made = add_lead(store, "Webshop Müller", user_id=1)
    Leads(store).set_next_step([made], NextStep(date(2026, 11, 30), "Anrufen"))
    other.watch()
    return made


@pytest.fixture
def desk(opening: Open, lead: int) -> Desk:
    """The window of the first one, with threads as in the program."""
    return opening(threads=True)


@pytest.fixture
def road(desk: Desk, lead: int, office: Office, qtbot: QtBot) -> Desk:
    """The same with the lead chosen, when the server is gone."""
    desk.choose(lead)
    office.shut()
    qtbot.waitUntil(lambda: "out of reach" in _place(desk), timeout=_SOON)
    return desk


def _place(desk: Desk) -> str:
    return desk.window.status.place.text()


def _part(desk: Desk, kind: type[QWidget]) -> Any:
    found = desk.detail.findChild(kind)
    assert found is not None
    return found


def _said(desk: Desk) -> list[str]:
    lines = _part(desk, WaitingLines)
    return [note.text() for line in lines._lines for note in line.findChildren(QWidget) if hasattr(note, "say")]


def _write(desk: Desk, words: str, qtbot: QtBot) -> None:
    composer = _part(desk, Composer)
    composer._form.text.setPlainText(words)
    composer._write()
    qtbot.waitUntil(composer._form.is_empty, timeout=_SOON)


def _back(desk: Desk, office: Office, qtbot: QtBot) -> None:
    office.reopen()
    desk.context.office.store.ask_now()
    qtbot.waitUntil(lambda: "out of reach" not in _place(desk), timeout=_SOON)


def test_a_note_of_the_road_waits_and_is_entered(road: Desk, lead: int, office: Office, qtbot: QtBot) -> None:
    composer = _part(road, Composer)
    assert composer._form.text.placeholderText() == "Write a note; it will wait …"
    _write(road, "Ruft zurück", qtbot)
    assert road.status() == "Kept on this device until the team's server is back."
    assert _said(road) == ["Waits for the server\nNote: Ruft zurück"]
    assert _place(road).endswith(" · 1 entry waits")
    _back(road, office, qtbot)
    qtbot.waitUntil(lambda: _place(road) == "Team server", timeout=_SOON)
    assert road.status() == "1 waiting entry was entered."
    assert _said(road) == []
    assert not _part(road, WaitingLines).isVisible()
    with office.server.connect() as admin:
        assert admin.execute("SELECT text FROM team.note").fetchall() == [("Ruft zurück",)]


def test_steps_can_be_said_and_finished_on_the_road_and_nothing_else(road: Desk) -> None:
    actions = road.window.actions_
    enabled = {id_: actions[id_].isEnabled() for id_ in ("next_step", "finish_step", "note", "edit", "won", "move")}
    assert enabled == {
        "next_step": True, "finish_step": True, "note": True, "edit": False, "won": False, "move": False,
    }  # fmt: skip


def test_what_was_refused_stays_to_be_seen(road: Desk, lead: int, other: Store, office: Office, qtbot: QtBot) -> None:
    context = road.context
    context.outgoing.do(finished("lead", [lead]), owner=road.window)
    qtbot.waitUntil(lambda: _said(road) == ["Waits for the server\nStep finished"], timeout=_SOON)
    office.reopen()
    Leads(other).finish_step([lead])
    context.office.store.ask_now()
    qtbot.waitUntil(lambda: "could not be entered" in road.status(), timeout=_SOON)
    assert _place(road) == "Team server · 1 entry waits"
    assert _said(road) == ["Not entered: “Webshop Müller” has no open step.\nStep finished"]
    road.dialogs._steps.append(("ask", "Discard this entry?", "Discard"))
    _part(road, WaitingLines).findChild(Button).click()
    qtbot.waitUntil(lambda: _said(road) == [], timeout=_SOON)
    assert _place(road) == "Team server"


def test_the_list_of_what_waits_by_keyboard(road: Desk, lead: int, office: Office, qtbot: QtBot) -> None:
    outgoing = road.context.outgoing
    for deed in (
        note(Owner("lead", lead), "call", "Erste Zeile\nzweite"),
        next_step("lead", [lead], NextStep(date(2026, 12, 1), "Angebot")),
    ):
        outgoing.do(deed, owner=road.window)
    qtbot.waitUntil(lambda: len(outgoing.waiting()) == 2, timeout=_SOON)
    opened: list[Owner] = []
    dialog = OutboxDialog(road.context, opened.append, road.window)
    dialog.open()
    view = dialog.view
    shown = [[view.model().index(row, column).data() for column in range(3)] for row in range(2)]
    assert shown == [
        ["Call", "Webshop Müller", "Erste Zeile zweite"],
        ["Next step: 1 Dec 2026", "Webshop Müller", "Angebot"],
    ]
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "Erste Zeile\nzweite"
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    road.dialogs._steps.append(("ask", "Discard this entry?", "Discard"))
    dialog.drop.click()
    qtbot.waitUntil(lambda: [entry.words for entry in outgoing.waiting()] == ["Erste Zeile\nzweite"], timeout=_SOON)
    office.reopen()
    road.context.office.store.ask_now()
    qtbot.waitUntil(lambda: not outgoing.waiting(), timeout=_SOON)
    assert dialog.note.text() == "Nothing waits for the server."
    assert not dialog.again.isEnabled()
    dialog.reject()
    assert opened == []


def test_the_line_leads_to_what_waits(road: Desk, lead: int, qtbot: QtBot, office: Office) -> None:
    _write(road, "Unterwegs", qtbot)
    road.dialogs._steps.append(("ask", "The team's server", "Show what waits"))
    found: list[QWidget] = []

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, OutboxDialog)
        found.append(dialog)
        dialog.reject()

    QTimer.singleShot(200, road.window, close)
    road.window.status.place.click()
    assert len(found) == 1
    office.reopen()
