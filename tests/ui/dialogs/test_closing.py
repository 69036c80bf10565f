"""Closing: what is said beforehand, what is written, and what happens to bad input."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.calendar import day_number
from app.core.errors import InvalidInput
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.closing import preview
from app.ui.closing import dialog as closing_dialog
from app.ui.closing.dialog import ClosingDialog
from app.ui.closing.wording import consequences
from app.ui.context import Context
from tests.stores import TODAY, add_lead, add_step
from tests.ui.scripted import HeldJobs

BEGUN = day_number(date(2026, 10, 13))
HOSTILE = "Zu teuer</b><script>\u202e{title} %s 🜁"


def shown(store: Store, lead: int) -> Any:
    with store.read() as connection:
        query = (
            "SELECT status, closed_on, remark, reason.name FROM lead LEFT JOIN reason ON reason.id = reason_id"
            f" WHERE lead.id = {lead}"
        )
        return connection.exec_driver_sql(query).one()


@pytest.fixture
def lead(store: Store) -> int:
    return add_lead(store, "Relaunch", amount=48_000, period=("2027-01", "2027-04"), activated_on=BEGUN)


def opened(context: Context, ids: list[int], outcome: Status, qtbot: QtBot) -> ClosingDialog:
    dialog = ClosingDialog(context, ids, outcome)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def said(context: Context, ids: list[int], outcome: Status, on: date = TODAY) -> str:
    found = preview(context.office.store, ids, on)
    return " / ".join(line.words for line in consequences(found, outcome, on, context))


def test_winning_says_what_is_secured_and_what_stays(context: Context, store: Store, lead: int) -> None:
    add_step(store, lead, date(2026, 12, 1), "Angebot nachfassen")
    words = said(context, [lead], Status.WON)
    assert "48.000 € counts as secured in the forecast, in the service period Jan–Apr 27" in words.replace("\xa0", " ")
    assert "“Angebot nachfassen”" in words
    assert "stage and probability" in words


def test_losing_says_what_leaves_the_forecast(context: Context, lead: int) -> None:
    words = said(context, [lead], Status.LOST).replace("\xa0", " ")
    assert "480 € weighted (48.000 € in all) leaves the forecast" in words
    assert "secured" not in words


def test_an_idea_was_in_no_forecast(context: Context, store: Store) -> None:
    idea = add_lead(store, status=Status.POTENTIAL, budget=Budget.MONTHLY)
    words = said(context, [idea], Status.DROPPED)
    assert "contact potential" in words
    assert "weighted" not in words
    assert "probability" not in words


def test_enter_closes_with_what_was_typed(context: Context, store: Store, lead: int, qtbot: QtBot) -> None:
    dialog = opened(context, [lead], Status.LOST, qtbot)
    QTest.keyClicks(dialog.focusWidget(), "Zu teuer")
    dialog._day.setText("gestern")
    dialog._remark.setPlainText(HOSTILE)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == QDialog.DialogCode.Accepted
    row = shown(store, lead)
    assert (row.status, row.remark, row.name) == ("lost", HOSTILE, "Zu teuer")
    store.undo()
    assert shown(store, lead).status == "active"


def test_another_outcome_changes_words_reasons_and_deed(
    context: Context, store: Store, lead: int, qtbot: QtBot
) -> None:
    context.office.catalogue.create("reason", "Bester Preis", outcome=Status.WON)
    dialog = opened(context, [lead], Status.LOST, qtbot)
    assert dialog._reason.findText("Bester Preis") < 0
    next(chip for chip in dialog.findChildren(type(dialog._do)) if chip.text() == "Won").click()
    assert "won" in dialog.windowTitle()
    assert dialog._reason.findText("Bester Preis") >= 0
    dialog._do.click()
    assert shown(store, lead).status == "won"


@pytest.mark.parametrize("typed", ["31.2.2026", "übermorgen", "", "99999999", "'; DROP TABLE lead; --", "+400w"])
def test_a_day_that_makes_no_sense_stays_and_is_named(
    typed: str, context: Context, store: Store, lead: int, qtbot: QtBot
) -> None:
    dialog = opened(context, [lead], Status.WON, qtbot)
    dialog._day.setText(typed)
    dialog._remark.setPlainText("bleibt")
    dialog._do.click()
    assert dialog.isVisible()
    assert dialog._form["closed_on"].refused
    assert dialog._form["closed_on"].said
    assert (dialog._day.text(), dialog._remark.toPlainText()) == (typed, "bleibt")
    assert shown(store, lead).status == "active"
    dialog._day.setText("heute")
    dialog._do.click()
    assert shown(store, lead).status == "won"


def test_leads_closed_or_deleted_elsewhere_are_noticed(context: Context, store: Store, lead: int, qtbot: QtBot) -> None:
    dialog = opened(context, [lead], Status.WON, qtbot)
    context.office.leads.close([lead], Status.LOST)
    assert not dialog._do.isEnabled()
    assert "closed already" in dialog._what.accessibleDescription()
    store.undo()
    assert dialog._do.isEnabled()
    context.office.leads.delete([lead])
    assert "deleted" in dialog._what.accessibleDescription()
    assert not dialog._do.isEnabled()


def test_many_leads_are_closed_in_one_step(context: Context, store: Store, qtbot: QtBot) -> None:
    leads = [add_lead(store, f"Lead {n}") for n in range(5)]
    dialog = opened(context, leads, Status.DROPPED, qtbot)
    assert "5" in dialog._do.text()
    dialog._do.click()
    assert {shown(store, lead).status for lead in leads} == {"dropped"}
    store.undo()
    assert {shown(store, lead).status for lead in leads} == {"active"}


def test_a_new_reason_is_announced_and_made(context: Context, store: Store, lead: int, qtbot: QtBot) -> None:
    dialog = opened(context, [lead], Status.LOST, qtbot)
    dialog._reason.setCurrentText("  Ganz   neuer Grund ")
    assert "“Ganz neuer Grund” is new" in dialog._form["reason"].said
    dialog._do.click()
    assert shown(store, lead).name == "Ganz neuer Grund"
    assert [entry.name for entry in context.office.catalogue.reasons(Status.LOST)] == ["Ganz neuer Grund"]


def test_of_many_it_is_reckoned_elsewhere_once_no_more_keys_follow(
    context: Context, lead: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing_dialog, "_MANY", 0)
    monkeypatch.setattr(closing_dialog, "_PAUSE_MS", 600_000)
    held = HeldJobs()
    object.__setattr__(context, "jobs", held)
    dialog = opened(context, [lead], Status.LOST, qtbot)
    assert [line.words for line in dialog._what.lines] == ["One moment …"]
    assert not dialog._do.isEnabled()
    held.finish()
    assert dialog._do.isEnabled()
    dialog._day.clear()
    QTest.keyClicks(dialog._day, "gestern")
    assert held.jobs == []
    dialog._later.timeout.emit()
    held.finish()
    assert "23 Nov 2026" in dialog._what.lines[0].words


def test_while_leads_are_being_closed_the_dialog_waits(context: Context, store: Store, lead: int, qtbot: QtBot) -> None:
    held = HeldJobs()
    object.__setattr__(context, "jobs", held)
    dialog = opened(context, [lead], Status.LOST, qtbot)
    focus = dialog.focusWidget()
    dialog._do.click()
    dialog.reject()
    assert dialog.isVisible()
    assert not dialog.isEnabled()
    context.office.leads.close([lead], Status.WON)  # somebody was faster
    ((job, progress),) = held.jobs
    with pytest.raises(InvalidInput) as refused:
        job.work(progress)
    assert job.failed is not None
    job.failed(refused.value)
    assert dialog.isEnabled()
    assert dialog.focusWidget() is focus
    assert "closed already" in dialog._form.general.text()
    dialog.reject()
    assert not dialog.isVisible()
