"""Finishing steps in strict mode, and closing a lead with its last step, as somebody does it at the window."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from app.core.settings import STRICT
from app.core.terms import Status
from app.services.leads import NextStep
from tests.flows.desk import Desk, in_dialog
from tests.stores import TODAY


@pytest.fixture
def due(desk: Desk, leads: dict[str, int]) -> int:
    """A lead that is chosen, with a step of today, in strict mode."""
    desk.context.settings[STRICT] = True
    lead = leads["Film Molkerei"]
    desk.context.office.leads.set_next_step([lead], NextStep(TODAY, "Anrufen"))
    desk.choose(lead)
    return lead


def _go_on(desk: Desk, button: str, then: Callable[[Any], None], dialog: Any) -> None:
    """Press a button that leads to another dialog, and do something there."""
    in_dialog(then)
    desk.press(button, dialog)


def test_the_question_is_not_left_empty(desk: Desk, due: int) -> None:
    def answer(dialog: Any) -> None:
        desk.press("Finished", dialog)
        assert dialog.isVisible()
        assert dialog._form["on"].refused
        desk.type("+3", enter=True)

    in_dialog(answer)
    desk.command("finish_step")
    assert desk.lead(due).next_step_on == TODAY + timedelta(days=3)


def test_without_strict_mode_nothing_has_to_follow(desk: Desk, due: int) -> None:
    desk.context.settings[STRICT] = False
    in_dialog(lambda dialog: desk.press("Finished", dialog))
    desk.command("finish_step")
    assert desk.lead(due).next_step_on is None


@pytest.mark.parametrize(
    ("button", "status"), [("Won …", Status.WON), ("Lost …", Status.LOST), ("Dropped …", Status.DROPPED)]
)
def test_the_last_step_may_close_the_lead_in_one_step_to_undo(
    desk: Desk, due: int, button: str, status: Status
) -> None:
    def close(dialog: Any) -> None:
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert "The next step of 1 lead will be finished." in said
        assert "stays with the lead" not in said
        next(each for each in dialog.findChildren(QPushButton) if each.isDefault()).click()

    in_dialog(partial(_go_on, desk, button, close))
    desk.command("finish_step")
    row = desk.lead(due)
    assert (row.status, row.next_step_on) == (status, None)
    desk.command("undo")
    row = desk.lead(due)
    assert (row.status, row.next_step_text) == (Status.ACTIVE, "Anrufen")


def test_who_leaves_the_second_question_has_finished_nothing(desk: Desk, due: int) -> None:
    in_dialog(partial(_go_on, desk, "Lost …", lambda closing: closing.reject()))
    desk.command("finish_step")
    row = desk.lead(due)
    assert (row.status, row.next_step_text) == (Status.ACTIVE, "Anrufen")


def test_several_steps_are_finished_by_keyboard_and_followed_by_one_each(
    desk: Desk, due: int, leads: dict[str, int]
) -> None:
    other = leads["Hosting Bräu"]
    desk.context.office.leads.set_next_step([other], NextStep(TODAY, "Mailen"))
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert set(desk.panel.selected_ids()) == {due, other}

    def answer(dialog: Any) -> None:
        ways = [each.text().replace("&", "") for each in dialog.findChildren(QAbstractButton)]
        assert {"Won …", "Lost …", "Dropped …"} <= set(ways)
        desk.type("tomorrow", enter=True)

    in_dialog(answer)
    desk.command("finish_step")
    assert {desk.lead(each).next_step_on for each in (due, other)} == {TODAY + timedelta(days=1)}
