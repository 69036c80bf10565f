"""A lead from one line: shown while one types, made with Enter, refused at the line."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.core.money import Money
from app.core.terms import Status
from app.ui.quick.line import QuickLine
from tests.flows.desk import Desk
from tests.stores import add_company, add_member


@pytest.fixture
def line(desk: Desk) -> QuickLine:
    """The line over the active leads, with the keyboard in it."""
    add_company(desk.store, "Müller GmbH")
    add_member(desk.store, "Bernd Ohm", "BO")
    desk.command("quick_add")
    found = desk.window.current_tab()._line
    assert isinstance(found, QuickLine)
    return found


def test_it_is_shown_while_one_types_and_made_with_enter(desk: Desk, line: QuickLine) -> None:
    assert desk.focus() is line.entry
    desk.type("Relaunch Müller GmbH 25k 60% 15.3. @bernd #neu /Angebot")
    assert line.understood == [
        "Company: Müller GmbH", "Volume: €25,000.00", "Probability: 60%", "Next step: 15 Mar 2027",
        "Responsible: Bernd Ohm", "Tags: neu (new)", "Stage: Angebot",
    ]  # fmt: skip
    assert "Volume: €25,000.00" in line.entry.accessibleDescription()
    desk.key(Qt.Key.Key_Return)
    row = desk.lead(desk.panel.view.current_id())
    assert (row.title, row.company, row.amount) == ("Relaunch", "Müller GmbH", Money.of(25_000, "EUR"))
    assert (row.stage, row.user, row.next_step_on) == ("Angebot", "Bernd Ohm", date(2027, 3, 15))
    assert desk.focus() is line.entry, "the next one can follow"
    assert line.entry.text() == ""
    assert line.understood == []
    desk.type("Noch einer", enter=True)
    assert "Noch einer" in desk.titles()
    desk.command("undo")
    assert "Noch einer" not in desk.titles()


def test_a_proposal_is_agreed_to_with_a_press(desk: Desk, line: QuickLine) -> None:
    desk.type("Website Huber AG 5k")
    button = desk.find(QPushButton, "Company: Huber AG?", line)
    desk.press("Company: Huber AG?", line)
    assert not button.isVisible()
    assert "Company: Huber AG (new)" in line.understood
    assert desk.focus() is line.entry
    desk.key(Qt.Key.Key_Return)
    row = desk.lead(desk.panel.view.current_id())
    assert (row.title, row.company) == ("Website", "Huber AG")


def test_what_was_agreed_to_in_a_line_that_was_given_up_is_asked_anew(desk: Desk, line: QuickLine) -> None:
    desk.type("Website Huber AG 5k")
    desk.press("Company: Huber AG?", line)
    line.entry.clear()
    desk.type("Film Huber AG")
    assert "Company: Huber AG?" in line.understood


def test_a_proposal_nobody_agreed_to_is_not_taken(desk: Desk, line: QuickLine) -> None:
    desk.type("Website Huber AG", enter=True)
    row = desk.lead(desk.panel.view.current_id())
    assert (row.title, row.company) == ("Website Huber AG", None)


def test_what_is_unclear_is_refused_at_the_line_and_taken_when_one_insists(desk: Desk, line: QuickLine) -> None:
    before = len(desk.titles())
    desk.type("Film @nobody", enter=True)
    assert "Nobody is called “@nobody”." in line.said
    assert line.entry.text() == "Film @nobody"
    assert line.entry.property("refused") == "true"
    assert len(desk.titles()) == before
    desk.key(Qt.Key.Key_Return)
    assert "Film @nobody" in desk.titles()
    assert line.said == ""


@pytest.mark.parametrize(
    ("typed", "said"), [("25k", "needs a title"), ("SEO 2k/Monat", "needs a service period"), ("x" * 700, "too long")]
)
def test_what_the_verb_refuses_is_said_at_the_line(desk: Desk, line: QuickLine, typed: str, said: str) -> None:
    line.entry.setText(typed)
    desk.key(Qt.Key.Key_Return)
    assert said in line.said
    assert line.entry.text() == typed
    line.entry.setText("Film")
    assert line.said == ""


def test_esc_closes_the_line_and_keeps_what_was_typed(desk: Desk, line: QuickLine) -> None:
    desk.type("Halb fertig")
    desk.key(Qt.Key.Key_Escape)
    assert not line.isVisible()
    assert desk.focus() is desk.panel.view
    desk.window.go_to("closed")
    desk.command("quick_add")
    assert line.isVisible()
    assert line.entry.text() == "Halb fertig"


def test_an_idea_is_understood_likewise_and_becomes_a_lead_where_a_stage_is_named(desk: Desk) -> None:
    desk.window.go_to("potential")
    desk.panel.view.setFocus()
    desk.command("quick_add")
    assert QApplication.focusWidget() is desk.find(QLineEdit, "New idea")
    desk.type("Messe 5k #neu", enter=True)
    row = desk.lead(desk.panel.view.current_id())
    assert (row.title, row.status, row.tags) == ("Messe", Status.POTENTIAL, ("neu",))
    desk.type("Gleich 5k /Angebot", enter=True)
    assert "Gleich" not in desk.titles()
    desk.window.go_to("leads")
    QTest.qWait(10)
    assert "Gleich" in desk.titles()


def test_a_proposal_is_reached_and_agreed_to_by_keyboard(desk: Desk, line: QuickLine) -> None:
    desk.type("Website Huber AG 5k")
    button = desk.find(QPushButton, "Company: Huber AG?", line)
    button.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert "Company: Huber AG (new)" in line.understood
    assert desk.focus() is line.entry
