"""The overview, as somebody works with it: by keyboard alone, by mouse alone, through the turn of the day."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.core.calendar import month_number
from app.core.clock import FixedClock
from app.core.money import Money
from app.core.settings import ENOUGH_YOUNG, STRICT
from app.core.terms import Status
from app.models.store import Store
from app.services.goals import GoalSpan
from app.services.today import TODAY_METRICS
from app.ui.detail.window import LeadWindow
from app.ui.lead_table.behind import BehindWindow
from app.ui.theme import Theme
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.stores import TODAY, ZONE, Fillings, add_lead, add_member, add_step

DAY = timedelta(days=1)
_NONE = Qt.KeyboardModifier.NoModifier


def _work(store: Store) -> dict[str, int]:
    made = {}
    for title, amount, due in (
        ("Überfällig", 50_000, -3), ("Heute", 40_000, 0), ("Ohne Schritt", 30_000, None), ("Morgen", 20_000, 1),
        ("Auch heute", 10_000, 0),
    ):  # fmt: skip
        made[title] = add_lead(store, title, stage="Angebot", amount=amount, user_id=1)
        if due is not None:
            add_step(store, made[title], TODAY + due * DAY, f"Schritt {title}")
    return made


@pytest.fixture
def fillings() -> Fillings:
    return {"work": _work}


@pytest.fixture
def work(store: Store, stocked: dict[str, dict[str, int]]) -> dict[str, int]:
    """Leads of falling value: overdue, due today, without a step, due tomorrow; all of the one who works here."""
    return stocked["work"]


@pytest.fixture
def desk(opening: Open, work: dict[str, int]) -> Desk:
    """A window that has never been open before, over `work`."""
    return opening(front="")


def overview(desk: Desk) -> Any:
    """The tab, in front."""
    assert desk.window.front.key == "overview"
    return desk.window.current_tab()


def titles(desk: Desk) -> list[str]:
    """What needs somebody, in its order."""
    return [row.title for row in desk.context.office.lists.rows(list(overview(desk).today.model.ids))]


def reason(desk: Desk, row: int = 0) -> str:
    """Why a lead stands there."""
    return str(overview(desk).today.model.cell(row, 0).text).replace("\N{NO-BREAK SPACE}", " ")


def chosen(desk: Desk) -> list[str]:
    """The leads that commands are meant for."""
    return [row.title for row in desk.context.office.lists.rows(overview(desk).selected_ids())]


def cards(desk: Desk) -> dict[str, tuple[str, str]]:
    """The figures with the lines below them."""
    return {figure.label: (figure.value, figure.sub) for figure in overview(desk).cards.figures}


def press_both(desk: Desk, first: str, then: str, dialog: Any) -> None:
    """Two buttons of a dialog, one after the other."""
    desk.press(first, dialog)
    desk.press(then, dialog)


def pick(entry: str) -> None:
    """Choose from the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(each for each in menu.actions() if each.text().partition("\t")[0] == entry)
    menu.close()
    action.trigger()


def test_with_leads_it_is_in_front_at_first_and_then_what_was(desk: Desk, opening: Open) -> None:
    assert titles(desk) == ["Überfällig", "Heute", "Ohne Schritt", "Auch heute"]
    assert [reason(desk, row) for row in range(4)] == ["overdue 3 d", "today", "no next step", "today"]
    desk.window.go_to("closed")
    desk.window.close()
    assert opening(front="").window.front.key == "closed"


def test_without_leads_the_list_for_them_is_in_front(opening: Open) -> None:
    assert opening(front="").window.front.key == "leads"


# By keyboard


def test_a_day_by_keyboard_alone(desk: Desk, work: dict[str, int], qtbot: QtBot) -> None:
    assert desk.window.focusWidget() is overview(desk).today.view
    assert chosen(desk) == ["Überfällig"]

    in_dialog(lambda _dialog: desk.type("+1w", enter=True))  # finish, with what follows
    desk.command("finish_step")
    assert (titles(desk)[0], chosen(desk)) == ("Heute", ["Heute"])

    desk.command("snooze")
    pick("In 1 hour")
    assert (titles(desk)[0], chosen(desk)) == ("Ohne Schritt", ["Ohne Schritt"])
    assert "1 step put off until 24 Nov 2026 10:00" in desk.status()

    in_dialog(lambda _dialog: desk.type("tomorrow", enter=True))
    desk.command("next_step")
    assert (titles(desk), chosen(desk)) == (["Auch heute"], ["Auch heute"])

    desk.key(Qt.Key.Key_Return)
    window = desk.window.findChild(LeadWindow)
    assert window is not None
    window.close()

    in_dialog(lambda _dialog: desk.type("+2", enter=True))
    desk.command("finish_step")
    assert titles(desk) == []
    empty = overview(desk).today.view._empty
    assert empty.isVisible()
    assert "Everything is done for today." in empty._message.text()
    desk.command("undo")
    assert titles(desk) == ["Auch heute"]


def test_the_keys_of_the_commands_stand_on_the_buttons(desk: Desk) -> None:
    labels = {each.text() for each in overview(desk).today.findChildren(QPushButton)}
    assert {"Finished  Ctrl+D", "Later  Ctrl+Shift+D", "Next step  Ctrl+T", "Open lead  Enter"} <= labels


def test_finished_without_anything_to_follow_one_goes_on_to_the_next(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Down)
    assert chosen(desk) == ["Heute"]
    in_dialog(lambda dialog: desk.press("Finished", dialog))
    desk.command("finish_step")
    assert titles(desk) == ["Überfällig", "Heute", "Ohne Schritt", "Auch heute"]
    assert (reason(desk, 1), chosen(desk)) == ("no next step", ["Ohne Schritt"])
    desk.command("undo")
    assert reason(desk, 1) == "today"


def test_the_last_row_gives_way_to_the_one_before(desk: Desk) -> None:
    desk.key(Qt.Key.Key_End)
    assert chosen(desk) == ["Auch heute"]
    in_dialog(lambda _dialog: desk.type("+1", enter=True))
    desk.command("finish_step")
    assert chosen(desk) == ["Ohne Schritt"]


def test_strict_mode_asks_here_too(desk: Desk, work: dict[str, int]) -> None:
    desk.context.settings[STRICT] = True

    def answer(dialog: Any) -> None:
        desk.press("Finished", dialog)
        assert dialog.isVisible()
        in_dialog(lambda closing: next(b for b in closing.findChildren(QPushButton) if b.isDefault()).click())
        desk.press("Lost …", dialog)

    in_dialog(answer)
    desk.command("finish_step")
    assert desk.lead(work["Überfällig"]).status == Status.LOST
    assert chosen(desk) == ["Heute"]


def test_several_are_put_off_until_a_day_that_is_typed(desk: Desk, store: Store, clock: FixedClock) -> None:
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chosen(desk) == ["Überfällig", "Heute"]
    in_dialog(lambda _dialog: desk.type("+2 14:00", enter=True))
    desk.command("snooze")
    pick("Date …")
    assert titles(desk) == ["Ohne Schritt", "Auch heute"]
    assert "2 steps put off until 26 Nov 2026 14:00" in desk.status()
    clock.instant = FixedClock.at(TODAY + 2 * DAY, ZONE).instant + timedelta(hours=5)
    overview(desk).look_again()
    assert titles(desk)[:2] == ["Überfällig", "Heute"]


def test_what_has_no_step_cannot_be_put_off(desk: Desk, work: dict[str, int]) -> None:
    desk.choose(work["Ohne Schritt"])
    desk.command("snooze")
    pick("Tomorrow")
    assert "nothing to put off" in desk.said()
    assert len(titles(desk)) == 4


def test_a_note_is_written_where_the_lead_stands(desk: Desk, work: dict[str, int]) -> None:
    desk.command("note")
    assert desk.window.front.key == "leads"
    assert desk.panel.selected_ids() == [work["Überfällig"]]
    assert desk.window.focusWidget().accessibleName() == "Note"


# By mouse


def test_a_day_by_mouse_alone(desk: Desk, work: dict[str, int]) -> None:
    desk.choose(work["Heute"])
    in_dialog(partial(press_both, desk, "tomorrow", "Finished"))
    desk.press("Finished  Ctrl+D")
    assert chosen(desk) == ["Ohne Schritt"]
    desk.choose(work["Überfällig"])
    desk.press("Later  Ctrl+Shift+D")
    pick("Monday")
    assert titles(desk) == ["Ohne Schritt", "Auch heute"]
    desk.press("No next step  1")
    assert titles(desk) == ["Ohne Schritt"]
    desk.press("All  2")
    desk.choose(work["Auch heute"])
    in_dialog(partial(press_both, desk, "tomorrow", "Set step"))
    desk.press("Next step  Ctrl+T")
    assert titles(desk) == ["Ohne Schritt"]


def test_the_menu_of_a_row_offers_what_can_be_done(desk: Desk, work: dict[str, int]) -> None:
    desk.choose(work["Heute"])
    view = overview(desk).today.view
    view.menuRequested.emit(view.menu_place())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = {each.objectName() for each in menu.actions() if each.isEnabled()}
    assert {"open", "finish_step", "snooze", "next_step", "move", "won", "dropped", "deactivate"} <= offered
    assert {"lead_history", "delete"} <= offered, "as in the lists"
    menu.close()


def test_a_double_click_opens_the_lead(desk: Desk, work: dict[str, int]) -> None:
    view = overview(desk).today.view
    place = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, _NONE, place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, _NONE, place)
    window = desk.window.findChild(LeadWindow)
    assert window is not None
    window.close()


# Idle leads


@pytest.fixture
def idle(store: Store, work: dict[str, int]) -> int:
    """A lead that has been standing still."""
    lead = add_lead(store, "Still", amount=60_000, user_id=1)
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET last_touch_on = 1, stage_since_on = 20700 WHERE id = ?", (lead,))
    return lead


@pytest.mark.parametrize("way", ["Next step", "Back to contact potential", "Dropped"])
def test_the_ways_out_of_standing_still(idle: int, desk: Desk, way: str) -> None:
    tab = overview(desk)
    assert [reason(desk, row) for row in range(5) if titles(desk)[row] == "Still"] == ["idle for 81 d"]
    assert list(tab.idle.model.ids) == [idle]
    if way == "Next step":
        in_dialog(lambda _dialog: desk.type("+3", enter=True))
    elif way == "Dropped":
        in_dialog(lambda dialog: next(b for b in dialog.findChildren(QPushButton) if b.isDefault()).click())
    desk.press(way, tab.idle)
    row = desk.lead(idle)
    expected = {"Next step": Status.ACTIVE, "Dropped": Status.DROPPED}.get(way, Status.POTENTIAL)
    assert (row.status, row.next_step_on) == (expected, TODAY + 3 * DAY if way == "Next step" else None)
    settle(desk)
    assert list(tab.idle.model.ids) == []
    assert "Still" not in titles(desk)


def test_commands_are_meant_for_the_list_the_keyboard_is_in(idle: int, desk: Desk) -> None:
    tab = overview(desk)
    assert chosen(desk) == ["Überfällig"]
    tab.idle.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen(desk) == ["Still"]
    desk.command("deactivate")
    assert desk.lead(idle).status == Status.POTENTIAL
    tab.today.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen(desk) == ["Überfällig"]


def test_after_the_last_one_that_stood_still_the_keyboard_is_in_todays_list(idle: int, desk: Desk) -> None:
    tab = overview(desk)
    tab.idle.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert tab.idle.view.hasFocus()
    desk.command("deactivate")
    settle(desk)
    assert not list(tab.idle.model.ids)
    assert tab.today.view.hasFocus()
    assert chosen(desk)


def settle(desk: Desk) -> None:
    """The figures follow the last of several changes."""
    overview(desk)._settle.stop()
    overview(desk)._ask_beside()


# Figures


def test_the_figures_and_what_is_behind_them(idle: int, desk: Desk, store: Store) -> None:
    add_lead(store, "Fremd", amount=1_000, probability=200, user_id=add_member(store, "Lukas Maurer", "LM"))
    settle(desk)
    tab = overview(desk)
    assert cards(desk)["Weighted volume"] == ("€45,600", "6 leads of €210,000")
    assert cards(desk)["Without a next step"] == ("2", "€9,600 weighted in all")
    assert "1 lead, €600 weighted" in [each.text() for each in tab.idle.findChildren(QPushButton)]
    for place, figure in enumerate(tab.cards.figures):
        if figure.label.startswith("Secured"):
            continue
        tab.cards.explain(place)
        assert len(tab.cards.explanation.text) > 20
        tab.cards.explanation.hide()
        figure.behind()
        window = desk.window.findChildren(BehindWindow)[-1]
        assert str(len(window.found.ids)) in (figure.value, figure.sub.split()[0])
        window.close()
    desk.press("1 lead, €600 weighted")
    window = desk.window.findChildren(BehindWindow)[-1]
    assert list(window.found.ids) == [idle]
    window.close()


@pytest.mark.parametrize(
    ("enough", "value", "sentence"),
    [(0, "5", "in the last 30 days"), (5, "5", "Yes, 5 are enough."), (6, "5", "No, 1 is missing."),
     (8, "5", "No, 3 are missing.")],
)  # fmt: skip
def test_enough_young_leads(desk: Desk, enough: int, value: str, sentence: str) -> None:
    desk.context.settings[ENOUGH_YOUNG] = enough
    assert cards(desk)["Enough young leads?"] == (value, sentence)


def test_every_figure_says_how_it_is_reckoned(desk: Desk) -> None:
    tab = overview(desk)
    desk.press("How the value at risk is calculated")
    assert tab.today.explanation.text == str(TODAY_METRICS["at_risk"].definition)
    tab.today.explanation.hide()
    desk.press("How idle leads are calculated")
    assert tab.idle.explanation.text == str(TODAY_METRICS["idle"].definition)
    tab.idle.explanation.hide()


# Whose leads


def test_mine_one_persons_or_all_and_it_is_remembered(
    desk: Desk, store: Store, opening: Open, work: dict[str, int]
) -> None:
    other = add_member(store, "Lukas Maurer", "LM")
    add_lead(store, "Fremd", amount=99_000, user_id=other)
    add_lead(store, "Niemandes", amount=98_000, user_id=None)
    tab = overview(desk)
    desk.command("refresh")
    assert (tab._who.text(), titles(desk)[0]) == ("Responsible: myself", "Überfällig")
    tab._who._take(other, "Lukas Maurer")
    assert titles(desk) == ["Fremd"]
    desk.window.close()
    again = opening(front="")
    assert titles(again) == ["Fremd"]
    overview(again)._who._take(None, "all")
    assert {"Fremd", "Niemandes", "Überfällig"} < set(titles(again))
    again.window.close()
    assert "Fremd" in titles(opening(front=""))


@pytest.mark.parametrize(
    "kept", ["[]", "{", '{"person": [1]}', '{"person": 99}', '{"person": "nobody"}', '{"person": null}']
)
def test_what_cannot_be_remembered_is_forgotten(opening: Open, work: dict[str, int], tmp_path: Path, kept: str) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("tab/overview", kept)
    memory.sync()
    desk = opening(front="overview")
    assert (overview(desk)._who.text(), len(titles(desk))) == ("Responsible: myself", 4)


def test_who_has_no_leads_sees_everybodys(store: Store, work: dict[str, int], opening: Open) -> None:
    store.actor_id = add_member(store, "Lukas Maurer", "LM")
    desk = opening(front="")
    assert (overview(desk)._who.text(), len(titles(desk))) == ("Responsible: all", 4)


def test_when_all_is_done_of_mine_the_others_are_one_press_away(desk: Desk, store: Store, work: dict[str, int]) -> None:
    other = add_member(store, "Lukas Maurer", "LM")
    desk.context.office.leads.assign(list(work.values()), other)
    assert titles(desk) == []
    desk.press("Show everybody's leads")
    assert len(titles(desk)) == 4


# Changes from elsewhere


def test_the_turn_of_the_day(desk: Desk, clock: FixedClock) -> None:
    clock.instant = FixedClock.at(TODAY + DAY, ZONE).instant
    desk.tasks._tick()
    assert titles(desk) == ["Überfällig", "Heute", "Ohne Schritt", "Morgen", "Auch heute"]
    assert [reason(desk, row) for row in range(5)] == [
        "overdue 4 d",
        "overdue 1 d",
        "no next step",
        "today",
        "overdue 1 d",
    ]
    assert overview(desk)._day.text() == "Wednesday, 25 Nov 2026"


def test_what_is_written_elsewhere_is_seen_when_it_comes_to_the_front(desk: Desk, store: Store) -> None:
    desk.window.go_to("forecast")
    add_lead(store, "Neu", amount=70_000, user_id=1)
    desk.window.go_to("overview")
    assert "Neu" in titles(desk)


def test_since_yesterday(desk: Desk, work: dict[str, int], store: Store, clock: FixedClock) -> None:
    clock.instant += timedelta(days=3)
    desk.context.office.leads.close([work["Heute"]], Status.WON)
    desk.context.office.leads.move([work["Morgen"], work["Auch heute"]], 4)
    settle(desk)
    card = overview(desk).recent
    lines = [[card.model.cell(row, column).text for column in range(3)] for row in range(card.model.rowCount())]
    assert lines == [["Moved", "2 leads moved to Verhandlungen", "AK"], ["Won", "Heute", "AK"]]
    card.view.opened.emit(card.model.ids[1])
    window = desk.window.findChild(LeadWindow)
    assert window is not None
    window.close()
    card.view.opened.emit(card.model.ids[0])
    behind = desk.window.findChildren(BehindWindow)[-1]
    assert sorted(behind.found.ids) == sorted([work["Morgen"], work["Auch heute"]])
    behind.close()


def test_a_line_of_what_happened_opens_once_by_mouse(desk: Desk, work: dict[str, int]) -> None:
    desk.context.office.leads.move([work["Morgen"], work["Auch heute"]], 4)
    settle(desk)
    view = overview(desk).recent.view
    place = view.visualRect(view.model().index(0, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, _NONE, place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, _NONE, place)
    (behind,) = desk.window.findChildren(BehindWindow)
    behind.close()


# Copying


def clipped() -> list[list[str]]:
    """The table in the clipboard."""
    return [line.split("\t") for line in QApplication.clipboard().text().split("\n")]


def test_the_rows_of_the_page_are_chosen_and_copied_by_the_menu(desk: Desk) -> None:
    overview(desk).today.view.setFocus()
    desk.command("select_all")
    desk.command("copy")
    titles_, first, *rest = clipped()
    found = dict(zip(titles_, first, strict=True))
    assert (found["Lead"], found["Weighted"], found["Next step"]) == ("Überfällig", "15000.00", "Schritt Überfällig")
    assert len(rest) == 3


def test_what_has_happened_is_copied_from_where_the_keyboard_is(desk: Desk, work: dict[str, int]) -> None:
    desk.context.office.leads.close([work["Heute"]], Status.WON)
    settle(desk)
    recent = overview(desk).recent.view
    recent.setFocus()
    desk.command("select_all")
    desk.command("copy")
    assert clipped()[0] == ["What", "Lead", "Who"]
    assert clipped()[1][:2] == ["Won", "Heute"]


def test_many_rows_of_the_page_are_copied_by_a_job(opening: Open, store: Store, qtbot: QtBot) -> None:
    for n in range(510):
        add_lead(store, f"Lead {n}", stage="Angebot", amount=1000 + n)
    desk = opening(front="", threads=True)
    qtbot.waitUntil(lambda: overview(desk).today.model.rowCount() == 510)
    desk.command("select_all")
    QApplication.clipboard().clear()
    desk.command("copy")
    qtbot.waitUntil(lambda: len(clipped()) == 511)
    assert clipped()[1][1] == "Lead 509"


def test_the_figures_of_the_forecast_are_copied_by_the_menu(desk: Desk) -> None:
    desk.window.go_to("forecast")
    desk.command("select_all")
    desk.command("copy")
    assert clipped()[0][0] == "Month"


# Looks


@pytest.mark.parametrize(("width", "across", "below"), [(1280, 1, False), (2560, 2, False), (800, 0, True)])
def test_the_columns_follow_the_room(desk: Desk, width: int, across: int, below: bool, qtbot: QtBot) -> None:
    desk.window.resize(width, 900)
    qtbot.wait(1)
    tab = overview(desk)
    today, idle, recent = (card.mapTo(tab, card.rect().topLeft()) for card in (tab.today, tab.idle, tab.recent))
    assert (today.x() < idle.x(), idle.x() < recent.x()) == (across >= 1, across == 2)
    assert (idle.y() > today.y()) == below


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_wider_than_a_small_window(desk: Desk, theme: Theme, scale: int, qtbot: QtBot) -> None:
    theme.use(scale=scale)
    desk.window.resize(1280, 800)
    qtbot.wait(1)
    tab = overview(desk)
    assert tab.minimumSizeHint().width() <= 1280
    assert tab.today.view.height() > 100


# Goals


def test_without_a_goal_nothing_is_said_of_one(desk: Desk) -> None:
    assert not [label for label in cards(desk) if label.startswith("Gap")]
    assert cards(desk)["Secured 2026"] == ("€0", "this quarter €0")


def test_what_is_secured_and_the_gap_to_the_goal(desk: Desk, work: dict[str, int]) -> None:
    office = desk.context.office
    first = month_number(TODAY) - TODAY.month + 1
    office.leads.edit([work["Heute"]], period=(first, first + 11))
    office.leads.close([work["Heute"]], Status.WON)
    office.leads.edit([work["Überfällig"]], period=(first + 11, first + 11))
    office.goals.set(GoalSpan.YEAR, first, Money.of(120_000, "EUR"), 1)
    office.goals.set(GoalSpan.YEAR, first, Money.of(1, "EUR"))  # that of the team is another
    settle(desk)
    assert cards(desk)["Secured 2026"] == ("€40,000", "this quarter €10,000")
    assert cards(desk)["Gap to the goal 2026"] == ("€65,000", "this quarter €5,000")
    for figure in overview(desk).cards.figures[1:3]:
        figure.behind()
        window = desk.window.findChildren(BehindWindow)[-1]
        expected = {"Secured 2026": (4_000_000,), "Gap to the goal 2026": (4_000_000, 1_500_000)}
        assert window.found.sums == expected[figure.label]
        window.close()
    office.goals.set(GoalSpan.YEAR, first, Money.of(50_000, "EUR"), 1)
    settle(desk)
    assert cards(desk)["Gap to the goal 2026"] == ("none", "€5,000 above it")
    overview(desk)._who._take(None, "all")
    settle(desk)
    assert cards(desk)["Gap to the goal 2026"][0] == "none"
