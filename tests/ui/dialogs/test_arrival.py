"""The question who is working: chosen and answered by the keyboard alone, and patient with wrong passwords."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.core.errors import Locked
from app.core.i18n import Text
from app.core.roles import Role
from app.services.arrival import Patience
from app.services.team import Colleague
from app.ui.arrival.dialog import ArrivalDialog
from app.ui.jobs import InlineJobs, Jobs
from app.ui.theme import Theme
from tests.ui.scripted import HeldJobs

SECRET = "Fünf Affen"
FORGOTTEN = "If it is forgotten, an owner can set a new one in the settings under “Team”."
Make = Callable[..., ArrivalDialog]


def colleague(id_: int, name: str, initials: str, role: Role, *, has_password: bool = False) -> Colleague:
    return Colleague(id_, name, initials, role, "", None, None, has_password, None, 0)


ANNA = colleague(1, "Anna Kern", "AK", Role.OWNER)
BEN = colleague(2, "Ben <b>Krug</b>", "BK", Role.LIMITED, has_password=True)
CORA = colleague(3, "Cora Lenz", "CL", Role.READER)


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def make(theme: Theme, qtbot: QtBot, now: list[float]) -> Iterator[Make]:
    made: list[ArrivalDialog] = []

    def make(
        proposed: int | None = None, *, jobs: Jobs | None = None, at_work: int | None = None,
        is_password: Callable[[int, str], bool] = lambda member, typed: (member, typed) == (BEN.id, SECRET),
        people: Sequence[Colleague] = (ANNA, BEN, CORA),
    ) -> ArrivalDialog:  # fmt: skip
        dialog = ArrivalDialog(
            theme, people, proposed, is_password, jobs or InlineJobs(), Patience(lambda: now[0]),
            at_work=at_work,
        )  # fmt: skip
        qtbot.addWidget(dialog)
        made.append(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    yield make
    for dialog in made:
        dialog.done(0)


def press(dialog: ArrivalDialog, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(dialog.focusWidget(), key)


def type_(dialog: ArrivalDialog, words: str) -> None:
    """Whatever has the keyboard gets it: QTest cannot type umlauts."""
    assert dialog.focusWidget() is dialog.password
    dialog.password.setText(words)


def button(dialog: ArrivalDialog, name: str) -> QPushButton:
    (found,) = [each for each in dialog.findChildren(QPushButton) if each.text() == name]
    return found


def test_enter_goes_on_as_who_worked_here_last(make: Make) -> None:
    dialog = make(CORA.id)
    press(dialog, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.chosen) == (QDialog.DialogCode.Accepted, CORA.id)
    assert dialog.asks_again


def test_without_anybody_proposed_it_begins_with_the_first(make: Make) -> None:
    dialog = make(77)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == ANNA.id


def test_the_arrows_come_to_everybody_and_the_password_is_asked_at_once(make: Make) -> None:
    dialog = make()
    press(dialog, Qt.Key.Key_Down)
    assert dialog.password.isVisible()
    assert dialog.focusWidget() is dialog.password
    assert dialog.password.accessibleName() == f"Password of {BEN.name}"
    assert not dialog.once.isVisible()
    press(dialog, Qt.Key.Key_Down)
    assert not dialog.password.isVisible()
    assert dialog.once.isVisible()
    press(dialog, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert dialog.list.chosen == ANNA.id
    press(dialog, Qt.Key.Key_End, Qt.Key.Key_Return)
    assert dialog.chosen == CORA.id


def test_somebody_with_a_password_types_it_without_a_detour(make: Make) -> None:
    dialog = make(BEN.id)
    type_(dialog, SECRET)
    press(dialog, Qt.Key.Key_Return)
    assert (dialog.result(), dialog.chosen) == (QDialog.DialogCode.Accepted, BEN.id)


def test_a_click_on_somebody_with_a_password_leads_to_it(make: Make) -> None:
    dialog = make()
    place = dialog.list.visualItemRect(dialog.list.item(1)).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.focusWidget() is dialog.password
    QTest.mouseDClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.isVisible()
    assert dialog._field.said == "Please enter the password."


def test_a_double_click_on_somebody_without_one_goes_on(make: Make) -> None:
    dialog = make()
    place = dialog.list.visualItemRect(dialog.list.item(2)).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.chosen == CORA.id


def test_no_password_is_not_tried(make: Make, now: list[float]) -> None:
    asked: list[str] = []

    def note(_member: int, typed: str) -> bool:
        asked.append(typed)
        return False

    dialog = make(BEN.id, is_password=note)
    for _ in range(9):
        press(dialog, Qt.Key.Key_Return)
    assert dialog._field.said == "Please enter the password."
    assert button(dialog, "Continue").isEnabled()
    assert asked == []


@pytest.mark.parametrize("typed", ["falsch", SECRET.upper(), SECRET + " ", "'; --", "\u202e", "x" * 5000])
def test_a_wrong_password_is_said_at_its_field_and_nothing_else_is_lost(make: Make, typed: str) -> None:
    dialog = make(BEN.id)
    type_(dialog, typed)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert (dialog.chosen, dialog.list.chosen) == (None, BEN.id)
    assert dialog._field.said == f"This password is not right. {FORGOTTEN}"
    assert dialog.password.accessibleDescription() == dialog._field.said
    assert dialog.focusWidget() is dialog.password
    assert dialog.password.selectedText(), "what is typed next replaces it"
    type_(dialog, SECRET)
    assert dialog._field.said == ""
    press(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == BEN.id


def test_where_nobody_else_could_set_a_new_password_no_way_out_is_promised(make: Make) -> None:
    alone = replace(ANNA, has_password=True)
    dialog = make(ANNA.id, people=(alone, CORA))
    type_(dialog, "falsch")
    press(dialog, Qt.Key.Key_Return)
    assert dialog._field.said == "This password is not right."


def test_after_several_wrong_ones_it_waits_a_moment_and_goes_on_by_itself(
    make: Make, now: list[float], qtbot: QtBot
) -> None:
    dialog = make(BEN.id)
    for _ in range(4):
        assert button(dialog, "Continue").isEnabled()
        type_(dialog, "falsch")
        press(dialog, Qt.Key.Key_Return)
    assert dialog._field.said == "This password is not right. You can try again in 2 seconds."
    type_(dialog, SECRET)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible(), "not before the time is over"
    now[0] += 1.5
    qtbot.waitUntil(lambda: dialog._field.said.endswith("in 1 second."))
    press(dialog, Qt.Key.Key_Down)
    assert button(dialog, "Continue").isEnabled(), "others need not wait"
    press(dialog, Qt.Key.Key_Up)
    assert not button(dialog, "Continue").isEnabled()
    type_(dialog, SECRET)
    now[0] += 1
    qtbot.waitUntil(button(dialog, "Continue").isEnabled)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == BEN.id


def test_while_a_password_is_checked_the_window_goes_on(make: Make) -> None:
    jobs = HeldJobs()
    dialog = make(BEN.id, jobs=jobs)
    type_(dialog, "falsch")
    press(dialog, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert len(jobs.jobs) == 1, "once is enough"
    press(dialog, Qt.Key.Key_Down)
    jobs.finish()
    assert (dialog.list.chosen, dialog._field.refused) == (CORA.id, False)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == CORA.id


def test_a_right_password_that_is_checked_no_more_lets_nobody_in(make: Make) -> None:
    jobs = HeldJobs()
    dialog = make(BEN.id, jobs=jobs)
    type_(dialog, SECRET)
    press(dialog, Qt.Key.Key_Return, Qt.Key.Key_Up)
    jobs.finish()
    assert dialog.isVisible()
    assert (dialog.list.chosen, dialog.chosen) == (ANNA.id, None)


def test_what_keeps_a_password_from_being_checked_is_said(make: Make) -> None:
    def refuse(_member: int, _typed: str) -> bool:
        raise Locked(Text("Another program holds the data."))

    dialog = make(BEN.id, is_password=refuse)
    type_(dialog, SECRET)
    press(dialog, Qt.Key.Key_Return)
    assert dialog._form.general.text() == "Another program holds the data."
    assert dialog.password.text() == SECRET
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_escape_leaves_it(make: Make) -> None:
    dialog = make(BEN.id)
    type_(dialog, SECRET)
    press(dialog, Qt.Key.Key_Escape)
    assert (dialog.result(), dialog.chosen) == (QDialog.DialogCode.Rejected, None)
    assert button(dialog, "Quit").text() == "Quit"


def test_not_to_be_asked_again_holds_for_who_need_not_show_anything(make: Make) -> None:
    dialog = make()
    dialog.once.setFocus()
    press(dialog, Qt.Key.Key_Space)
    assert dialog.list.chosen == ANNA.id
    assert dialog.once.isChecked()
    dialog.list.setFocus()
    press(dialog, Qt.Key.Key_Down)
    assert dialog.asks_again
    press(dialog, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert (dialog.chosen, dialog.asks_again) == (ANNA.id, False)


def test_who_is_at_work_shows_nothing_and_stays(make: Make) -> None:
    dialog = make(BEN.id, at_work=BEN.id)
    assert not dialog.password.isVisible()
    assert not dialog.once.isVisible()
    assert button(dialog, "Cancel").isEnabled()
    press(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == BEN.id


def test_rows_are_read_aloud_with_what_somebody_may_do(make: Make) -> None:
    spoken = [make().list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert spoken == ["Anna Kern, Owner", f"{BEN.name}, Limited", "Cora Lenz, Read only"]
    at_work = make(at_work=CORA.id).list.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert at_work == "Cora Lenz, Read only · is working now"
