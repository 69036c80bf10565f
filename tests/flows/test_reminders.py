"""Reminders at the window: what comes up by itself, what is done there, and that nobody is disturbed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.core.clock import FixedClock
from app.core.settings import DAY_REMINDER, PAUSED_UNTIL, REMIND
from app.core.terms import Entity
from app.models.store import Store
from app.services.history import History
from app.services.leads import NextStep
from app.services.reminders import Reminder
from app.ui.reminders import keeper as keeping
from app.ui.reminders.keeper import Keeper
from app.ui.reminders.later import LaterDialog, later_menu
from app.ui.reminders.pausing import pause, paused, resume
from app.ui.reminders.popup import spots_for
from tests.flows.desk import Desk, in_dialog
from tests.models.edits import rows
from tests.stores import TODAY


class Watched:
    """A desk whose keeper looks when the test lets time go by."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self.desk, self.clock = desk, clock
        self.opened: list[int] = []
        self.told: list[list[str]] = []
        self.counts: list[int] = []
        self.keeper = Keeper(desk.context, desk.window, desk.tasks.run_for, self.opened.append, desk.tasks)
        self.keeper.came.connect(lambda found: self.told.append([each.title for each in found]))
        self.keeper.counted.connect(self.counts.append)
        self.keeper.begin()
        self.look()

    def look(self, minutes: float = 0) -> None:
        """Let time go by, and look."""
        self.clock.instant += timedelta(minutes=minutes)
        self.keeper.look()

    def settle(self) -> None:
        """What follows a change has followed."""
        QTest.qWait(keeping._SETTLE_MS + 100)

    def due(self, title: str, leads: dict[str, int], minutes: int, what: str = "Anrufen", rrule: str = "") -> int:
        """A step of today at 9:00 and so many minutes."""
        step = NextStep(TODAY, what, 9 * 60 + minutes, rrule)
        self.desk.context.office.leads.set_next_step([leads[title]], step)
        return leads[title]

    def titles(self) -> list[str]:
        """The pop-ups, the oldest first."""
        return [popup.card.reminder.title for popup in self.keeper.popups]

    def press(self, name: str, place: int = 0) -> None:
        """A button of a pop-up."""
        self.desk.press(name, self.keeper.popups[place])

    def choose_later(self, label: str) -> None:
        """An entry of the menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(each for each in menu.actions() if each.text().startswith(label))
        menu.close()
        action.trigger()


@pytest.fixture
def watched(desk: Desk, clock: FixedClock) -> Iterator[Watched]:
    made = Watched(desk, clock)
    yield made
    made.keeper.stop()


def test_a_reminder_comes_is_put_off_comes_again_and_is_done_and_the_history_tells(
    watched: Watched, leads: dict[str, int]
) -> None:
    lead = watched.due("Film Molkerei", leads, 2)
    watched.look(1)
    assert watched.titles() == []
    watched.look(1)
    assert watched.titles() == ["Film Molkerei"]
    watched.press("Later")
    watched.choose_later("In 1 hour")
    assert watched.titles() == []
    watched.look(59)
    assert watched.titles() == []
    watched.look(1)
    assert watched.titles() == ["Film Molkerei"]

    def answer(dialog: Any) -> None:
        watched.desk.press("Finished", dialog)

    in_dialog(answer)
    watched.press("Finished")
    watched.settle()
    assert watched.titles() == []
    assert watched.desk.lead(lead).next_step_on is None
    told = [str(event.words) for event in History(watched.desk.store).of_lead(lead)]
    assert told[:4] == [
        "Step “Anrufen” finished",
        "Reminded: “Anrufen”",
        "Reminded: “Anrufen”; again on 24 Nov 2026 at 10:02",
        "Next step 24 Nov 2026: Anrufen",
    ]


def told(desk: Desk) -> str:
    """What the history in the detail panel says."""
    QTest.qWait(1)  # what is new takes its place
    return desk.history()


def test_the_panel_tells_of_it_at_once(watched: Watched, leads: dict[str, int]) -> None:
    watched.desk.choose(watched.due("Film Molkerei", leads, 2))
    watched.look(2)
    assert "Reminded: “Anrufen”, Anna Kern" in told(watched.desk)
    watched.press("Later")
    watched.choose_later("Tomorrow")
    assert "Reminded: “Anrufen”; again on 25 Nov 2026 at 09:00" in told(watched.desk)


def test_the_panel_says_how_a_step_comes_again(watched: Watched, leads: dict[str, int]) -> None:
    watched.desk.choose(watched.due("Film Molkerei", leads, 2, rrule="FREQ=MONTHLY;BYDAY=2TU"))
    watched.desk.find(QAbstractButton, "Next step: today 09:02 · Anrufen · ↻ every second Tuesday of the month")


def test_it_takes_the_keyboard_from_nobody_until_it_is_asked_for(watched: Watched, leads: dict[str, int]) -> None:
    watched.desk.panel.view.setFocus()
    before = QApplication.focusWidget()
    watched.due("Film Molkerei", leads, 1)
    watched.look(1)
    (popup,) = watched.keeper.popups
    assert QApplication.focusWidget() is before
    assert popup.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    watched.keeper.show_waiting()
    QTest.qWaitForWindowActive(popup)
    assert popup.focusWidget() is popup.card.done
    QTest.keyClick(popup.card.done, Qt.Key.Key_Tab)
    assert popup.focusWidget() is popup.card.later
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert watched.titles() == []
    watched.look(1)
    assert watched.titles() == [], "once is enough"


def test_tab_leads_through_all_pop_ups_from_the_top_and_back(watched: Watched, leads: dict[str, int]) -> None:
    for title in ("Film Molkerei", "Webshop Müller"):
        watched.due(title, leads, 1)
    watched.look(1)
    lower, upper = watched.keeper.popups
    watched.keeper.show_waiting()
    way: list[tuple[object, str]] = []
    for _ in range(9):
        QTest.qWaitForWindowActive(upper if len(way) < 4 or len(way) > 7 else lower)
        focused = QApplication.focusWidget()
        assert isinstance(focused, QAbstractButton)
        way.append((upper if upper.isAncestorOf(focused) else lower, focused.accessibleName() or focused.text()))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    names = ("Finished", "Later", "Open it", "Close")
    assert way == [*((upper, name) for name in names), *((lower, name) for name in names), (upper, "Finished")]
    upper.take_keyboard()
    QTest.qWaitForWindowActive(upper)
    QTest.keyClick(upper.card.done, Qt.Key.Key_Backtab)
    QTest.qWaitForWindowActive(lower)
    assert lower.focusWidget() is lower._close


def test_it_says_all_there_is_to_say(watched: Watched, leads: dict[str, int]) -> None:
    watched.desk.context.office.leads.edit([leads["Film Molkerei"]], company="Molkerei & Söhne")
    watched.due("Film Molkerei", leads, 1, "Skript <b>schicken</b>")
    watched.look(1)
    (popup,) = watched.keeper.popups
    said = "Film Molkerei. Molkerei & Söhne · Skript <b>schicken</b>. Today at 09:01"
    assert popup.accessibleName() == said
    assert popup.card.accessibleName() == said


def test_three_come_side_by_side_and_more_in_one_window(watched: Watched, leads: dict[str, int]) -> None:
    for title in ("Film Molkerei", "Webshop Müller", "Kampagne Herbst"):
        watched.due(title, leads, 1)
    watched.look(1)
    assert len(watched.titles()) == 3
    tops = [popup.y() for popup in watched.keeper.popups]
    assert tops == sorted(tops, reverse=True)
    watched.due("Hosting Bräu", leads, 2)
    watched.look(1)
    assert watched.keeper.summary is not None
    assert [each.title for each in watched.keeper.summary.reminders] == ["Hosting Bräu"]
    assert watched.counts[-1] == 4


def test_after_an_absence_there_is_one_window_and_everything_can_be_done_in_it(
    watched: Watched, leads: dict[str, int]
) -> None:
    titles = ["Film Molkerei", "Webshop Müller", "Kampagne Herbst", "Hosting Bräu", "Idee App"]
    for number, title in enumerate(titles):
        watched.due(title, leads, 10 + number)
    watched.look(60 * 24 * 3)
    summary = watched.keeper.summary
    assert summary is not None
    assert watched.titles() == []
    assert [each.title for each in summary.reminders] == titles
    assert watched.told == [titles]

    in_dialog(lambda dialog: watched.desk.press("Finished", dialog))
    watched.desk.press("Finished", summary.cards[0])
    watched.settle()
    assert [card.reminder.title for card in summary.cards] == titles[1:]
    watched.desk.press("Open it", summary.cards[0])
    assert watched.opened == [leads["Webshop Müller"]]
    watched.desk.press("Later", summary.cards[0])
    watched.choose_later("Tomorrow")
    assert [each.title for each in summary.reminders] == titles[3:]
    watched.desk.press("All later", summary)
    watched.choose_later("Monday")
    assert watched.keeper.summary is None
    put_off = rows(watched.desk.store, "SELECT count(*) FROM reminder_state WHERE snoozed_until IS NOT NULL")
    assert put_off == [(3,)]


def test_while_a_question_is_open_it_is_put_off_or_closed_but_not_done(watched: Watched, leads: dict[str, int]) -> None:
    for title in ("Film Molkerei", "Webshop Müller"):
        watched.due(title, leads, 1)
    dialog = LaterDialog(watched.desk.context, watched.desk.window)
    dialog.open()
    watched.look(1)
    QTest.qWait(50)
    watched.press("Finished")
    watched.press("Open it")
    assert (watched.opened, len(watched.titles())) == ([], 2)
    watched.press("Close")
    assert len(watched.titles()) == 1
    watched.press("Later")
    watched.choose_later("Tomorrow")
    assert watched.titles() == []
    dialog.reject()
    dialog.deleteLater()


def test_of_very_many_the_next_ones_come_up(watched: Watched, store: Store) -> None:
    office = watched.desk.context.office
    made = [office.leads.create(title=f"Idee {n}", next_step=NextStep(TODAY, "", 9 * 60 + 5)) for n in range(45)]
    watched.look(10)
    summary = watched.keeper.summary
    assert summary is not None
    assert (len(summary.reminders), len(summary.cards), summary._more.text()) == (45, 20, "25 more follow.")
    office.leads.delete(made[:30])
    watched.settle()
    assert (len(summary.reminders), len(summary.cards)) == (15, 15)
    assert not summary._more.isVisible()
    summary.close()
    assert watched.keeper.summary is None


@pytest.mark.parametrize("what", ["finish", "move", "close", "delete", "assign"])
def test_what_is_settled_elsewhere_goes_from_the_screen(watched: Watched, leads: dict[str, int], what: str) -> None:
    from app.core.terms import Status
    from tests.stores import add_member

    lead, verbs = watched.due("Film Molkerei", leads, 1), watched.desk.context.office.leads
    watched.look(1)
    assert watched.titles() == ["Film Molkerei"]
    bert = add_member(watched.desk.store, "Bert Lang", "BL")
    {
        "finish": lambda: verbs.finish_step([lead]),
        "move": lambda: verbs.set_next_step([lead], NextStep(TODAY + timedelta(1), "")),
        "close": lambda: verbs.close([lead], Status.LOST),
        "delete": lambda: verbs.delete([lead]),
        "assign": lambda: verbs.assign([lead], bert),
    }[what]()
    watched.settle()
    assert watched.titles() == []
    assert watched.counts[-1] == 0


def test_what_is_put_off_from_a_list_goes_from_the_screen_and_comes_again(
    watched: Watched, leads: dict[str, int]
) -> None:
    lead = watched.due("Film Molkerei", leads, 1)
    watched.look(1)
    assert watched.titles() == ["Film Molkerei"]
    watched.desk.choose(lead)
    watched.desk.command("snooze")
    watched.choose_later("In 1 hour")
    watched.settle()
    assert (watched.titles(), watched.counts[-1]) == ([], 0)
    watched.look(60)
    assert watched.titles() == ["Film Molkerei"]


def test_what_is_put_off_on_the_screen_goes_from_the_overview(
    watched: Watched, leads: dict[str, int], qtbot: QtBot
) -> None:
    lead = watched.due("Film Molkerei", leads, 1)
    overview = watched.desk.window.go_to("overview")
    qtbot.waitUntil(lambda: lead in overview.today.model.ids)
    watched.look(1)
    watched.press("Later")
    watched.choose_later("Tomorrow")
    assert lead not in overview.today.model.ids


def test_of_two_open_steps_the_one_that_is_shown_is_done(watched: Watched, leads: dict[str, int]) -> None:
    lead, verbs = watched.due("Film Molkerei", leads, 1, "Erster", "FREQ=DAILY"), watched.desk.context.office.leads
    verbs.finish_step([lead], NextStep(TODAY + timedelta(2), "Zweiter", 600))
    watched.look(60 * 24 * 2 + 120)
    assert len(watched.titles()) == 2
    second = next(n for n, popup in enumerate(watched.keeper.popups) if popup.card.reminder.text == "Zweiter")
    watched.press("Finished", second)
    watched.settle()
    assert [step.text for step in watched.desk.context.details.get(lead).open_steps] == ["Erster"]


def test_off_and_paused_nothing_comes_and_afterwards_all_does(watched: Watched, leads: dict[str, int]) -> None:
    settings = watched.desk.context.settings
    watched.due("Film Molkerei", leads, 1)
    settings[REMIND] = False
    watched.look(5)
    assert watched.titles() == []
    settings[REMIND] = True
    assert watched.titles() == ["Film Molkerei"]
    watched.due("Hosting Bräu", leads, 20)
    pause(settings, watched.clock.now())
    watched.look(30)
    assert len(watched.titles()) == 1
    resume(settings)
    assert watched.titles() == ["Film Molkerei", "Hosting Bräu"]


def test_on_a_given_day_nobody_is_reminded_and_nothing_counts_as_shown(
    watched: Watched, leads: dict[str, int], store: Store
) -> None:
    watched.due("Film Molkerei", leads, 1)
    store.given_day = TODAY
    watched.look(5)
    assert watched.titles() == []
    store.given_day = None
    watched.look()
    assert watched.titles() == ["Film Molkerei"]


def test_a_pause_ends_by_itself_and_one_of_another_clock_is_none(watched: Watched, clock: FixedClock) -> None:
    settings = watched.desk.context.settings
    pause(settings, clock.now())
    assert paused(settings, clock.now() + timedelta(minutes=59))
    assert not paused(settings, clock.now() + timedelta(minutes=60))
    assert not paused(settings, clock.now() - timedelta(days=1))
    for nonsense in ("", "soon", "2026-11-24T10:00:00", "9999-12-31T23:59:59+00:00"):
        settings[PAUSED_UNTIL] = nonsense
        assert not paused(settings, clock.now())


def test_the_time_for_days_holds_at_once(watched: Watched, leads: dict[str, int]) -> None:
    office, settings = watched.desk.context.office, watched.desk.context.settings
    settings[DAY_REMINDER] = "11:00"
    office.leads.set_next_step([leads["Film Molkerei"]], NextStep(TODAY, "Anrufen"))
    watched.look(60)
    assert watched.titles() == []
    settings[DAY_REMINDER] = "10:00"
    assert watched.titles() == ["Film Molkerei"]


def test_the_command_lists_what_waits_or_says_that_nothing_does(watched: Watched, leads: dict[str, int]) -> None:
    watched.keeper.show_waiting()
    assert watched.desk.status() == "No step is waiting for you."
    watched.due("Film Molkerei", leads, -30)
    watched.due("Hosting Bräu", leads, -60 * 8)
    watched.keeper.show_waiting()
    summary = watched.keeper.summary
    assert summary is not None
    assert [each.title for each in summary.reminders] == ["Film Molkerei", "Hosting Bräu"]
    watched.keeper.show_waiting()
    assert watched.keeper.summary is summary


def test_a_window_built_anew_brings_back_what_was_there(watched: Watched, leads: dict[str, int]) -> None:
    watched.due("Film Molkerei", leads, 1)
    gone = watched.due("Hosting Bräu", leads, 1)
    watched.look(1)
    shown = watched.keeper.stop()
    assert watched.titles() == []
    watched.desk.context.office.leads.delete([gone])
    again = Watched(watched.desk, watched.clock)
    again.keeper.bring_back(shown)
    assert again.titles() == ["Film Molkerei"]
    watched.keeper = again.keeper


def test_what_cannot_be_noted_is_shown_and_told_of_once_and_noted_later(
    watched: Watched, leads: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.errors import ReadOnly
    from app.core.i18n import Text

    def full(_states: object) -> None:
        raise ReadOnly(Text("The folder may not be written."))

    watched.due("Film Molkerei", leads, 1)
    with monkeypatch.context() as broken:
        broken.setattr(watched.desk.context.office.reminders, "_write", full)
        watched.desk.context.do(lambda: watched.look(1))
        assert watched.desk.said() == "The folder may not be written."
        watched.press("Close")
        watched.desk.window.tell_error("another")
        watched.look(1)
        assert (watched.titles(), watched.desk.said()) == ([], "another")
        watched.keeper.begin()
        assert watched.desk.said() == "another"
    watched.look(1)
    assert watched.titles() == []
    assert rows(watched.desk.store, "SELECT count(*) FROM reminder_state WHERE source = 'step'") == [(1,)]


def test_when_looking_fails_it_is_told_once_and_tried_again(
    watched: Watched, leads: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.errors import Locked
    from app.core.i18n import Text

    def locked(_now: datetime) -> list[Reminder]:
        raise Locked(Text("The data are locked."))

    watched.due("Film Molkerei", leads, 1)
    with monkeypatch.context() as broken:
        broken.setattr(watched.desk.context.office.reminders, "look", locked)
        watched.desk.context.do(lambda: watched.look(1))
        assert watched.desk.said() == "The data are locked."
        watched.desk.window.tell_error("another")
        watched.look(1)
        assert watched.desk.said() == "another"
    watched.look(1)
    assert watched.titles() == ["Film Molkerei"]


def test_a_date_of_ones_own(watched: Watched, qtbot: QtBot) -> None:
    context = watched.desk.context
    dialog = LaterDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    for typed, said in (("", "Please fill this in."), ("gestern", "This moment is over. Choose a later one.")):
        dialog._when.setText(typed)
        dialog._done()
        assert (dialog.moment, dialog._form["until"].said) == (None, said)
    dialog._when.setText("+3d 14:30")
    dialog._done()
    assert dialog.moment == context.office.reminders.at(TODAY + timedelta(3), 14 * 60 + 30)


def test_the_menu_names_the_moments(watched: Watched) -> None:
    chosen: list[datetime] = []
    menu = later_menu(watched.desk.context, chosen.append, watched.desk.window)
    labels = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert labels == [
        "In 1 hour\t24 Nov 2026 10:00", "Tomorrow\t25 Nov 2026 09:00", "Monday\t30 Nov 2026 09:00", "Date …"
    ]  # fmt: skip
    run: Callable[[QAction], None] = lambda action: action.trigger()  # noqa: E731
    run(menu.actions()[1])
    assert chosen == [watched.desk.context.office.reminders.later(1)]
    menu.deleteLater()


def test_where_pop_ups_stand() -> None:
    screen = QRect(1440, 0, 1280, 800)
    assert spots_for(screen, [360, 360], [150, 200], 14, 10) == [(2345, 635), (2345, 425)]
    assert spots_for(screen, [360] * 9, [150] * 9, 14, 10)[-1] == (2345, 14), "never beyond the upper edge"
    assert spots_for(QRect(0, 0, 300, 200), [360], [150], 14, 10) == [(0, 35)], "nor beyond the left one"


def test_a_step_with_a_company_reminds_and_is_done_and_opened_there(desk: Desk, clock: FixedClock) -> None:
    companies = desk.context.office.companies
    asked: list[object] = []
    one = companies.create(name="Adler GmbH", user_id=1)
    companies.set_next_step([one], NextStep(TODAY, "Fragen", 9 * 60 + 5))
    watched = Watched(desk, clock)
    keeper = watched.keeper
    keeper._ask_record = lambda *about: asked.append(about)

    def open_record(entity: Entity, record: int) -> bool:
        asked.append((entity, record))
        return True

    keeper._open_record = open_record
    watched.look(5)
    assert watched.titles() == ["Adler GmbH"]
    watched.press("Finished")
    watched.press("Open it")
    assert asked == [("record_finish", Entity.COMPANY, one), (Entity.COMPANY, one)]
    assert watched.opened == []
