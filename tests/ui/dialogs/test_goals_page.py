"""The page of the goals: entered loosely, changed in their place, refused at the field."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.money import Money
from app.services.goals import GoalSpan
from app.ui.context import Context
from app.ui.settings.goals import GoalsPage
from tests.stores import month


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> GoalsPage:
    made = GoalsPage(context)
    qtbot.addWidget(made)
    made.show()
    return made


def press(page: GoalsPage, name: str) -> None:
    next(each for each in page.findChildren(QPushButton) if each.text() == name).click()


def test_a_goal_is_entered_with_the_year_proposed(page: GoalsPage, context: Context) -> None:
    QTest.keyClicks(page._amount, "120k")
    assert "120" in page._form["amount"].said
    QTest.keyClick(page._amount, Qt.Key.Key_Return)
    (goal,) = context.office.goals.all()
    assert (goal.span, goal.valid_from, goal.amount) == (GoalSpan.YEAR, month("2026-01"), Money.of(120_000, "EUR"))
    assert (page._amount.text(), page._form["amount"].said) == ("", "")
    assert [column.text(goal) for column in page.model.columns][:2] == ["Team", "Year"]


def test_a_quarter_that_does_not_begin_with_one_is_refused_at_its_field(page: GoalsPage, context: Context) -> None:
    page._span.setCurrentIndex(page._span.findData(GoalSpan.QUARTER))
    page._from.setText("2/27")
    page._amount.setText("10k")
    press(page, "Add goal")
    assert context.office.goals.all() == []
    assert "January, April" in page._form["valid_from"].said
    assert page._amount.text() != ""


@pytest.mark.parametrize(
    ("begin", "amount"), [("", "10k"), ("1/27", ""), ("1/27", "-5"), ("soon", "10k"), ("1/27", "x")]
)
def test_what_is_not_understood_is_said(page: GoalsPage, context: Context, begin: str, amount: str) -> None:
    page._from.setText(begin)
    page._amount.setText(amount)
    press(page, "Add goal")
    assert context.office.goals.all() == []
    assert any(page._form[name].refused for name in ("valid_from", "amount"))


def test_amount_and_month_are_changed_in_their_place(page: GoalsPage, context: Context) -> None:
    goals = context.office.goals
    goals.set(GoalSpan.MONTH, month("2027-01"), Money.of(100, "EUR"), 1)
    (goal,) = page.model.rows
    begin, amount = (next(c for c in page.model.columns if c.title == title) for title in ("Valid from", "Amount"))
    assert begin.change is not None
    assert amount.change is not None
    begin.change(goal, "3/27")
    amount.change(goal, "1,5k")
    (goal,) = goals.all()
    assert (goal.valid_from, goal.amount, goal.person) == (month("2027-03"), Money.of(1_500, "EUR"), "Anna Kern")
    page.view.go_to(goal.id)
    press(page, "Delete")
    assert goals.all() == []


def test_new_people_are_offered(page: GoalsPage, context: Context) -> None:
    context.office.catalogue.create("member", "Ben Roth")
    assert page._who.findText("Ben Roth") > 0
