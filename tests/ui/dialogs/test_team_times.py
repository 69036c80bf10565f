"""When somebody of the team is away, and when he or she works: added as it is typed, changed in place, undone."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.services.team import AbsenceKind, Team
from app.ui.settings.hours import week_words
from app.ui.settings.team import TeamPage
from tests.stores import TODAY
from tests.ui.dialogs.conftest import Desk
from tests.ui.dialogs.team import ANNA, BEN, CARLA, DAY, HOSTILE, choose, enter, go, page, show, team, undo

__all__ = ["page", "show", "team"]


# Absences


def test_an_absence_is_added_as_it_is_typed_and_undone(page: TeamPage, team: Team) -> None:
    team.set_deputy(BEN, CARLA)
    go(page, BEN)
    card = page.absences
    assert card.list.none.isVisible()
    assert card.deputy.currentText() == "Carla Sand, as usual"
    card.first.setFocus()
    QTest.keyClicks(card.first, "+1w")
    QTest.keyClick(card.first, Qt.Key.Key_Tab)
    choose(card.kind, AbsenceKind.SICK)
    choose(card.half, True)
    choose(card.deputy, ANNA)
    card.add.click()
    (away,) = team.absences(BEN)
    assert (away.first, away.last, away.kind, away.half, away.deputy_id) == (
        TODAY + 7 * DAY, TODAY + 7 * DAY, AbsenceKind.SICK, True, ANNA,
    )  # fmt: skip
    assert card.first.text() == ""
    assert [card.list.model.index(0, column).data() for column in range(5)] == [
        "1 Dec 2026", "1 Dec 2026", "Ill", "half days", "Anna Kern",
    ]  # fmt: skip
    undo(page)
    assert team.absences(BEN) == []
    assert card.list.none.isVisible()


def test_who_stands_in_as_usual_is_read_as_a_whole(page: TeamPage, team: Team, qtbot: QtBot) -> None:
    deputy = team.add("Maximiliane Oberhuber")
    team.set_deputy(BEN, deputy)
    go(page, BEN)
    box = page.absences.deputy
    qtbot.waitUntil(lambda: box.currentText() == "Maximiliane Oberhuber, as usual")
    qtbot.waitUntil(lambda: box.width() >= box.sizeHint().width())
    narrow = box.width()
    team.add("M" * 90)
    QTest.qWait(1)
    assert narrow <= box.width() <= page.absences.width()


def _type_into(page: TeamPage, column: int, words: str) -> None:
    view = page.absences.list.view
    view.setCurrentIndex(view.model().index(0, column))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = next(edit for edit in view.findChildren(QLineEdit) if edit.isVisible())
    editor.setText(words)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.sendPostedEvents()


def test_an_absence_is_changed_in_its_cells(page: TeamPage, team: Team, qtbot: QtBot) -> None:
    go(page, BEN)
    team.add_absence(BEN, TODAY, TODAY, AbsenceKind.HOLIDAY)
    _type_into(page, 1, "4.12.")
    assert team.absences(BEN)[0].last == date(2026, 12, 4)
    _type_into(page, 0, "24.12.")  # after its end
    assert "ends before it begins" in page.absences.list.problem.text()
    assert team.absences(BEN)[0].first == TODAY
    view = page.absences.list.view
    qtbot.waitUntil(lambda: view.editing)
    QTest.keyClick(next(e for e in view.findChildren(QLineEdit) if e.isVisible()), Qt.Key.Key_Escape)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert team.absences(BEN) == []
    undo(page)
    assert [away.last for away in team.absences(BEN)] == [date(2026, 12, 4)]
    assert page.absences.list.view.isVisible()


@pytest.mark.parametrize(("first", "last"), [("", ""), ("bald", ""), ("3.12.", "1.12."), (HOSTILE, HOSTILE)])
def test_an_absence_that_makes_no_sense_is_refused(page: TeamPage, team: Team, first: str, last: str) -> None:
    go(page, BEN)
    page.absences.first.setText(first)
    page.absences.last.setText(last)
    page.absences.add.click()
    assert page.absences._problem.isVisible()
    assert (page.absences.first.text(), page.absences.last.text()) == (first, last)
    assert team.absences(BEN) == []


def test_nobody_is_away_twice(page: TeamPage, team: Team) -> None:
    team.add_absence(BEN, TODAY, TODAY + DAY, AbsenceKind.HOLIDAY)
    go(page, BEN)
    page.absences.first.setText("heute")
    page.absences.add.click()
    assert "is there already" in page.absences._problem.text()
    assert len(team.absences(BEN)) == 1


# Working hours


def test_working_hours_are_saved_from_a_day_on_and_summed_up(page: TeamPage, team: Team) -> None:
    go(page, BEN)
    card = page.hours
    for edit, words in zip(card.days, ("8", "7,5", "8:00", "-", "", "0", "0"), strict=True):
        edit.setText(words)
    assert card.sum.text() == "= 23:30 hours a week"
    enter(card.begin, "1.1.2027")
    (week,) = team.weeks(BEN)
    assert (week.valid_from, week.minutes) == (date(2027, 1, 1), (480, 450, 480, 0, 0, 0, 0))
    assert card.list.model.index(0, 1).data() == "Mo 8:00 · Tu 7:30 · We 8:00"
    card.days[3].setText("4")
    card.save.click()
    assert [week.minutes[3] for week in team.weeks(BEN)] == [240]
    undo(page)
    assert card.days[3].text() == "0:00"
    card.list.remove.click()
    assert team.weeks(BEN) == []


def test_the_hours_of_today_are_shown_and_others_when_chosen(page: TeamPage, team: Team) -> None:
    team.set_week(BEN, date(2026, 1, 1), [480] * 5 + [0, 0])
    team.set_week(BEN, date(2027, 1, 1), [240] * 5 + [0, 0])
    go(page, BEN)
    assert page.hours.days[0].text() == "8:00"
    page.hours.list.view.setCurrentIndex(page.hours.list.model.index(0, 0))
    assert page.hours.days[0].text() == "4:00"


@pytest.mark.parametrize("words", ["viel", "25", "8:75", HOSTILE])
def test_hours_that_no_day_has_are_refused(page: TeamPage, team: Team, words: str) -> None:
    go(page, BEN)
    page.hours.days[2].setText(words)
    assert page.hours.sum.text() == ""
    page.hours.save.click()
    assert page.hours._problem.isVisible()
    assert page.hours.days[2].text() == words
    assert team.weeks(BEN) == []


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ((480,) * 5 + (0, 0), "Mo–Fr 8:00"), ((0,) * 7, "–"), ((480, 480, 240, 0, 480, 0, 60),
        "Mo–Tu 8:00 · We 4:00 · Fr 8:00 · Su 1:00"),
    ],
)  # fmt: skip
def test_a_week_is_told_shortly(desk: Desk, minutes: tuple[int, ...], words: str) -> None:
    assert week_words(minutes, desk.context.formats.hours) == words
