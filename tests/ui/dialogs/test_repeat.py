"""How a step comes again is chosen, shown and refused."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from app.core.recurrence import Unit
from app.services.leads import NextStep
from app.ui.context import Context
from app.ui.steps.dialog import StepDialog, finish_question, next_question
from app.ui.steps.repeat import RepeatEdit
from tests.stores import TODAY, add_lead
from tests.ui.dialogs.conftest import Desk


@pytest.fixture
def repeat(context: Context, qtbot: QtBot) -> RepeatEdit:
    """The editor for a step of 24 November 2026, the fourth and last Tuesday of the month."""
    made = RepeatEdit(context)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(repeat: RepeatEdit, kind: str) -> None:
    repeat.kind.setCurrentIndex(repeat.kind.findData(kind))


def which(repeat: RepeatEdit) -> list[str]:
    return [repeat._which.itemText(row) for row in range(repeat._which.count())]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("", ""),
        (Unit.DAY, "FREQ=DAILY"),
        ("workdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        (Unit.WEEK, "FREQ=WEEKLY;BYDAY=TU"),
        (Unit.MONTH, "FREQ=MONTHLY;BYMONTHDAY=24"),
        (Unit.YEAR, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24"),
    ],
)
def test_a_kind_alone_is_enough(repeat: RepeatEdit, kind: str, rule: str) -> None:
    choose(repeat, kind)
    assert repeat.rule() == rule


def test_the_days_of_a_month_that_a_day_may_stand_for(repeat: RepeatEdit) -> None:
    choose(repeat, Unit.MONTH)
    assert which(repeat) == [
        "every month on day 24", "every fourth Tuesday of the month", "every last Tuesday of the month"
    ]  # fmt: skip
    repeat.set_day(date(2028, 2, 29))
    assert which(repeat) == [
        "every month on day 29 or the last before it", "every month on the last day", "every last Tuesday of the month"
    ]  # fmt: skip
    repeat.set_day(date(2026, 12, 8))
    repeat._every.setValue(2)
    assert which(repeat) == ["every 2 months on day 8", "every 2 months on the second Tuesday"]
    repeat._which.setCurrentIndex(1)
    assert repeat.rule() == "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU"


def test_the_weekday_goes_along_with_the_day_until_others_were_chosen(repeat: RepeatEdit) -> None:
    choose(repeat, Unit.WEEK)
    repeat.set_day(date(2026, 11, 26))
    assert repeat.rule() == "FREQ=WEEKLY;BYDAY=TH"
    QTest.mouseClick(repeat._days[0], Qt.MouseButton.LeftButton)
    repeat.set_day(date(2026, 11, 27))
    assert repeat.rule() == "FREQ=WEEKLY;BYDAY=MO,TH"


@pytest.mark.parametrize(
    "rule",
    [
        "", "FREQ=DAILY;INTERVAL=3;UNTIL=20270331", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYMONTHDAY=24",
    ],
)  # fmt: skip
def test_a_rule_is_shown_and_comes_back_as_it_was(repeat: RepeatEdit, rule: str) -> None:
    repeat.set_day(date(2026, 11, 30))
    repeat.set_rule(rule)
    assert repeat.rule() == rule


def test_what_nobody_understands_here_is_shown_as_no_rule(repeat: RepeatEdit) -> None:
    repeat.set_rule("FREQ=SECONDLY")
    assert repeat.rule() == ""


def test_it_says_what_was_chosen_and_when_that_is(repeat: RepeatEdit) -> None:
    choose(repeat, Unit.WEEK)
    repeat._every.setValue(2)
    field, _ = repeat.fields
    assert field.said == "every 2 weeks on Tuesday; the next time on 8 Dec 2026"


def test_a_week_without_a_day_and_an_end_before_the_beginning_are_refused(desk: Desk, qtbot: QtBot) -> None:
    dialog = StepDialog(desk.context, next_question([1]), NextStep(TODAY, "Anrufen", None, "FREQ=WEEKLY;BYDAY=TU"))
    qtbot.addWidget(dialog)
    dialog.show()
    repeat = dialog._repeat
    field, end = repeat.fields
    repeat._days[1].setChecked(False)
    dialog._done()
    assert (dialog.step, field.said) == (None, "Choose at least one day of the week.")
    repeat._days[1].setChecked(True)
    repeat._until.setText("23.11.2026")
    dialog._done()
    assert (dialog.step, end.said) == (None, "The repetition ends before it begins.")
    repeat._until.setText("31.12.2026")
    dialog._done()
    assert dialog.step == NextStep(TODAY, "Anrufen", None, "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231")


def test_for_several_leads_nothing_chosen_takes_no_rule_away(desk: Desk, qtbot: QtBot) -> None:
    dialog = StepDialog(desk.context, next_question([1, 2]))
    qtbot.addWidget(dialog)
    dialog._when.setText("heute")
    dialog._done()
    assert dialog.step == NextStep(TODAY, "")


def test_the_question_after_a_step_says_when_it_comes_again(desk: Desk, qtbot: QtBot) -> None:
    lead = add_lead(desk.context.office.store)
    desk.context.office.leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, "FREQ=MONTHLY;BYDAY=2TU"))
    dialog = StepDialog(desk.context, finish_question(desk.context, [lead]))
    qtbot.addWidget(dialog)
    dialog.show()
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "It comes again on 8 Dec 2026 (every second Tuesday of the month)." in said
    assert dialog.series
    dialog.findChildren(QCheckBox)[0].setChecked(True)
    assert not dialog.series


def test_of_the_last_one_it_says_so(desk: Desk, qtbot: QtBot) -> None:
    lead = add_lead(desk.context.office.store)
    desk.context.office.leads.set_next_step([lead], NextStep(TODAY, "", None, "FREQ=DAILY;UNTIL=20261124"))
    question = finish_question(desk.context, [lead])
    assert question.again == "It was the last of its series (every day, until 24 Nov 2026)."
