"""Lists: new ideas, narrowing, ordering, and keeping one's place."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.calendar import last_year
from app.core.clock import FixedClock
from app.core.settings import THEME
from app.core.terms import Status
from app.models import engine
from app.models.store import Store
from app.services.lead_detail import LeadDetails
from app.services.owners import Owner
from app.ui.actions import SEPARATOR
from app.ui.closed.tab import ClosedTab
from app.ui.commands import COMMANDS
from app.ui.record_table import search
from app.ui.record_table.filter_chip import FilterChip
from app.ui.widgets.funnel_strip import FunnelStrip
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.services.seen import statements
from tests.stores import add_lead, add_member, add_step
from tests.ui.scripted import HeldJobs


def test_an_idea_is_written_down_with_enter(desk: Desk) -> None:
    desk.command("new_idea")
    desk.type("Jubiläum der Sparkasse", enter=True)
    assert desk.titles()[0] == "Jubiläum der Sparkasse"
    assert desk.lead(desk.panel.model.ids[0]).status == Status.POTENTIAL
    assert "Jubiläum der Sparkasse" in desk.status()
    assert desk.badges("potential").count == "3"
    assert QApplication.focusWidget() is desk.find(QLineEdit, "New idea"), "the next idea can follow at once"
    assert desk.find(QLineEdit, "New idea").text() == ""


def test_in_an_empty_list_of_ideas_one_can_type_at_once(opening: Open) -> None:
    desk = opening()
    desk.window.go_to("potential")
    desk.type("Jubiläum der Sparkasse", enter=True)
    assert desk.titles() == ["Jubiläum der Sparkasse"]
    desk.window.go_to("leads")
    desk.window.go_to("potential")
    assert desk.panel.view.hasFocus()


def test_an_idea_without_words_is_none(desk: Desk) -> None:
    desk.command("new_idea")
    desk.type("   ", enter=True)
    assert desk.badges("potential").count == "2"


def test_the_strip_narrows_the_list_and_a_second_press_widens_it(desk: Desk) -> None:
    strip = desk.window.current_tab().strip
    offer = next(button for button in strip._buttons if "Angebot" in button.text())
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton, pos=offer.rect().center())
    assert desk.titles() == ["Kampagne Herbst"]
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton, pos=offer.rect().center())
    assert len(desk.titles()) == 5


def test_a_stage_deleted_elsewhere_while_chosen_shows_all_again(desk: Desk, leads: dict[str, int]) -> None:
    strip = desk.window.current_tab().strip
    offer = next(button for button in strip._buttons if "Angebot" in button.text())
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton, pos=offer.rect().center())
    desk.context.office.stages.delete(offer.stage.id, 1)
    assert len(desk.titles()) == 5, "a stage that is gone narrows nothing"
    assert strip.choice is None
    assert [row.stage for row in [desk.lead(leads["Kampagne Herbst"])]] == ["Erstkontakt"]


def test_another_stage_deleted_elsewhere_leaves_the_chosen_one(desk: Desk) -> None:
    strip = desk.window.current_tab().strip
    last = strip._buttons[-1]
    QTest.mouseClick(last, Qt.MouseButton.LeftButton, pos=last.rect().center())
    desk.context.office.stages.delete(strip._buttons[2].stage.id, 1)
    assert desk.titles() == ["Webshop Müller"]
    assert strip._buttons[-1].isChecked()
    assert [button.isChecked() for button in strip._buttons].count(True) == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kampa", ["Kampagne Herbst"]),
        ("mueller", ["Webshop Müller"]),
        ("BRAEU host", ["Hosting Bräu"]),
        ("verhandl", ["Relaunch Stadtwerke"]),
        ("anna 30", ["Kampagne Herbst"]),
        ("nichts davon", []),
        ("%", []),
    ],
)
def test_typing_narrows_the_list(desk: Desk, typed: str, found: list[str]) -> None:
    desk.command("filter")
    desk.type(typed)
    assert desk.titles() == found
    desk.key(Qt.Key.Key_Escape)
    assert len(desk.titles()) == 5


def test_typing_while_the_text_is_read_does_not_read_it_again(desk: Desk) -> None:
    held = HeldJobs()
    desk.panel._search._jobs = held
    desk.command("filter")
    desk.type("relaunch")
    assert [str(job.title) for job, _ in held.jobs] == ["Reading the list"]
    held.finish()
    assert desk.titles() == ["Relaunch Stadtwerke"]
    assert "1 lead" in desk.panel._footer._left.accessibleName()


def test_a_rare_word_keeps_nobody_waiting_while_the_text_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database would look at all leads for it; the text has it soon."""
    monkeypatch.setattr(engine, "_BEAT", 1)
    monkeypatch.setattr(search, "_WAIT_MS", 0.0)
    held = HeldJobs()
    desk.panel._search._jobs = held
    desk.command("filter")
    desk.type("relaunch")
    assert len(desk.titles()) == 5, "what is shown stays"
    held.finish()
    assert desk.titles() == ["Relaunch Stadtwerke"]


def test_a_filter_that_finds_nothing_says_so_and_offers_to_end_it(desk: Desk) -> None:
    desk.command("filter")
    desk.type("xyz")
    clear = desk.find(QPushButton, "Clear the filter")
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert len(desk.titles()) == 5
    assert not clear.isVisible()


def test_an_empty_list_says_what_belongs_there(opening: Open) -> None:
    desk = opening()
    button = desk.find(QPushButton, "New lead", desk.panel)
    assert any("No active leads yet" in label.text() for label in desk.panel.findChildren(QLabel))
    assert not desk.panel.view.isAncestorOf(button), "a screen reader would not see it within the table"
    desk.panel.view.setFocus()
    desk.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is button


def test_tab_goes_through_the_window_as_it_is_seen(desk: Desk, leads: dict[str, int]) -> None:
    desk.window.tab_row.setFocus()
    strip = desk.window.current_tab().strip
    seen: list[QWidget] = []
    for _ in range(17):
        desk.key(Qt.Key.Key_Tab)
        seen.append(desk.focus())
    first = seen.index(strip._buttons[0])
    assert seen[first : first + 5] == strip._buttons
    assert seen[first + 6] is desk.panel.filter  # after the switch between list and board
    assert isinstance(seen[first + 7], FilterChip)
    view = seen.index(desk.panel.view)
    chips = seen[first + 6 : view]
    assert sorted(chips, key=lambda chip: (chip.y(), chip.x())) == chips
    assert all(desk.detail.isAncestorOf(each) for each in seen[view + 1 :])
    for _ in seen[view + 1 :]:
        desk.key(Qt.Key.Key_Backtab)
    assert desk.focus() is desk.panel.view


def test_the_lead_in_the_panel_is_the_one_selected(desk: Desk) -> None:
    desk.window.go_to("closed")
    desk.window.go_to("leads")
    assert desk.panel.view.selected_ids() == [desk.detail.shown_id]
    desk.panel.view.clearSelection()
    assert desk.detail.shown_id is None
    assert not desk.window.actions_["delete"].isEnabled()


def test_the_footer_counts_what_is_shown(desk: Desk) -> None:
    assert "5 leads" in desk.panel._footer._left.accessibleName()
    desk.command("filter")
    desk.type("relaunch")
    assert desk.panel._footer._left.accessibleName().startswith(" 1 lead, Volume €40,000, Weighted €24,000")


def test_a_press_on_a_title_sorts_and_another_turns_the_order(desk: Desk) -> None:
    header = desk.panel.view.header
    at = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    names = ["Film Molkerei", "Hosting Bräu", "Kampagne Herbst", "Relaunch Stadtwerke", "Webshop Müller"]
    assert desk.titles() == names
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.titles() == names[::-1]


def test_selection_and_place_stay_when_the_order_changes(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Film Molkerei"])
    desk.context.office.leads.move([leads["Film Molkerei"]], 5)
    assert desk.titles()[:3] == ["Webshop Müller", "Relaunch Stadtwerke", "Film Molkerei"]
    assert desk.panel.selected_ids() == [leads["Film Molkerei"]]
    assert desk.detail.title == "Film Molkerei"


@pytest.mark.parametrize("threads", [False, True])
def test_the_place_far_down_stays_when_a_row_comes_in(opening: Open, store: Store, qtbot: QtBot, threads: bool) -> None:
    ids = [add_lead(store, f"Lead {n:03}", amount=1000 + n) for n in range(300)]
    desk = opening(threads=threads)
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 300)
    view = desk.panel.view
    qtbot.wait(1)  # Qt lays the new rows out
    desk.choose(ids[20])  # 280th from the top
    place = view.verticalScrollBar().value()
    assert place > 0
    row = view.currentIndex().row()
    height = view.rowHeight(row)
    add_lead(store, "Newcomer", amount=900_000)
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 301)
    assert desk.panel.selected_ids() == [ids[20]]
    assert view.currentIndex().row() == row + 1
    assert view.verticalScrollBar().value() == place + height


@pytest.fixture
def long(opening: Open, store: Store, qtbot: QtBot) -> tuple[Desk, list[int]]:
    """A window with a list longer than it, as it stands at its top, and the leads from top to bottom."""
    ids = [add_lead(store, f"Lead {n:03}", amount=900_000 - 1000 * n) for n in range(100)]
    desk = opening()
    qtbot.wait(1)  # Qt lays the new rows out
    return desk, ids


def seen(desk: Desk) -> bool:
    """Whether the row the keyboard is on is within the window, and the only one chosen."""
    view = desk.panel.view
    inside = view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())
    return bool(inside and desk.panel.selected_ids() == [view.current_id()])


def test_a_list_at_its_top_stays_there(long: tuple[Desk, list[int]], store: Store) -> None:
    desk, ids = long
    bar = desk.panel.view.verticalScrollBar()
    desk.choose(ids[3])
    new = add_lead(store, "Newcomer", amount=950_000)
    assert (desk.panel.model.ids[0], bar.value()) == (new, 0), "it is not pushed out of sight"
    assert desk.panel.selected_ids() == [ids[3]]
    desk.context.office.leads.move([ids[3]], 5)
    assert (desk.panel.model.ids[0], bar.value()) == (ids[3], 0)
    desk.command("undo")
    assert bar.value() == 0


def test_what_undo_brings_back_is_chosen_and_seen(long: tuple[Desk, list[int]]) -> None:
    desk, ids = long
    desk.choose(ids[0])
    desk.command("delete")
    desk.choose(ids[60])
    desk.command("undo")
    assert desk.panel.selected_ids() == [ids[0]]
    assert seen(desk)


def test_all_that_undo_brings_back_is_chosen(desk: Desk, leads: dict[str, int]) -> None:
    desk.command("select_all")
    desk.command("delete")
    assert desk.titles() == []
    desk.command("undo")
    assert len(desk.panel.selected_ids()) == 5


def test_the_undo_of_an_opening_again_shows_the_lead_among_the_closed(desk: Desk, leads: dict[str, int]) -> None:
    desk.window.go_to("closed")
    desk.choose(leads["Jubiläum"])
    desk.command("reopen")
    desk.command("undo")
    assert desk.panel.selected_ids() == [leads["Jubiläum"]]


def test_a_copy_is_chosen_and_not_what_it_is_of(long: tuple[Desk, list[int]]) -> None:
    desk, ids = long
    desk.choose(ids[60])
    desk.command("duplicate")
    assert desk.panel.selected_ids() == [max(desk.panel.model.ids)]
    assert seen(desk)


def test_a_new_idea_is_chosen_and_seen(desk: Desk, store: Store) -> None:
    for n in range(60):
        add_lead(store, f"Idee {n}", status=Status.POTENTIAL, amount=0)
    desk.command("new_idea")
    desk.choose(desk.panel.model.ids[50])
    desk.command("new_idea")
    desk.type("Jubiläum der Sparkasse", enter=True)
    assert desk.lead(desk.panel.selected_ids()[0]).title == "Jubiläum der Sparkasse"
    assert seen(desk)


def test_many_are_chosen_and_changed_in_one_step(opening: Open, store: Store, qtbot: QtBot) -> None:
    for n in range(500):
        add_lead(store, f"Lead {n}", amount=1000 + n)
    desk = opening()
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.panel.selected_ids()) == 500
    assert "500 leads" in desk.detail._many._title.text()
    desk.command("delete")
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 0)  # many are changed by a job
    desk.command("undo")
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 500)


@pytest.mark.parametrize("count", [5, 300])
def test_a_key_reads_the_lead_once_in_however_long_a_list(opening: Open, store: Store, count: int) -> None:
    for n in range(count):
        add_lead(store, f"Lead {n:03}", amount=1000 + n)
    desk = opening()
    first, second = desk.panel.model.ids[:2]
    desk.choose(first)
    told: list[list[int]] = []
    desk.panel.selectionChanged.connect(lambda: told.append(desk.panel.selected_ids()))
    of_the_lead = statements(store, lambda: LeadDetails(store).get(second, events=0))
    of_the_timeline = statements(store, lambda: desk.context.office.timelines.page(Owner("lead", second)))
    sent = statements(store, lambda: desk.key(Qt.Key.Key_Down))
    assert told == [[second]]
    assert sent == of_the_lead + of_the_timeline + 2, "the panel, a note begun there, and the state of commands"
    assert desk.detail.shown_id == second


@pytest.mark.parametrize("key", ["leads", "closed"])
def test_figures_above_a_list_are_read_when_they_are_seen(desk: Desk, leads: dict[str, int], key: str) -> None:
    tab = desk.window.go_to(key)
    desk.window.go_to("potential")
    held = HeldJobs()
    object.__setattr__(desk.context, "jobs", held)
    desk.context.office.leads.close([leads["Film Molkerei"]], Status.LOST)
    desk.context.theme.changed.emit()
    assert not [job for job, _ in held.jobs if job.owner is tab]
    desk.window.go_to(key)
    desk.context.office.leads.edit([leads["Webshop Müller"]], info="Neuer Stand")  # is in no figure
    assert len([job for job, _ in held.jobs if job.owner is tab]) == 1
    held.finish()
    assert _figures(tab) == {"leads": "Vorstellung · 10%, €0", "closed": "Win rate: 50%"}[key]


def _figures(tab: Any) -> str:
    if isinstance(tab, ClosedTab):
        return tab._cards["count"].accessibleName()
    return str(tab.strip._buttons[1].accessibleName()).rpartition(", 0 leads")[0]


def test_dropped_leads_are_told_beside_the_rate_by_number(desk: Desk, leads: dict[str, int]) -> None:
    tab = desk.window.go_to("closed")
    assert tab._cards["count"].sub == "1 of 1 decided"
    desk.context.office.leads.close([leads["Film Molkerei"]], Status.DROPPED)
    assert tab._cards["count"].sub == "1 of 1 decided · 50% with dropped"
    assert tab._cards["value"].sub == "of €7,000 decided"


def test_the_panel_says_no_more_than_is_known(desk: Desk, leads: dict[str, int]) -> None:
    """Of an idea nobody knows the volume yet, and the 100% of a won lead are nobody's own."""
    desk.context.office.leads.edit([leads["Film Molkerei"]], probability=90)
    desk.context.office.leads.close([leads["Film Molkerei"]], Status.WON)
    desk.window.go_to("potential")
    desk.choose(leads["Idee Messe"])
    assert desk.detail._fields._values["amount"].button.accessibleName() == "Volume: –"
    desk.window.go_to("closed")
    desk.choose(leads["Film Molkerei"])
    assert desk.detail._fields._values["probability"].button.accessibleName() == "Probability: 100%"


def test_refresh_changes_nothing(desk: Desk, leads: dict[str, int]) -> None:
    add_step(desk.store, leads["Film Molkerei"], date(2026, 11, 20))
    desk.choose(leads["Film Molkerei"])
    before = _view(desk), _database(desk.store)
    for _ in range(3):
        desk.command("refresh")
        desk.store.watch()
    assert (_view(desk), _database(desk.store)) == before


def test_going_through_all_tabs_writes_nothing(desk: Desk) -> None:
    before = _database(desk.store)
    for key in ("potential", "closed", "forecast", "leads"):
        desk.window.go_to(key)
    assert _database(desk.store) == before


def test_columns_order_and_panel_are_remembered(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    header = desk.panel.view.header
    keys = [column.key for column in desk.panel.model.columns]
    header.set_shown(keys.index("period"), False)
    header.set_shown(keys.index("source"), True)
    header.moveSection(header.visualIndex(keys.index("volume")), 0)
    header.resizeSection(keys.index("company"), 222)
    desk.panel.view._sort(keys.index("title"), True)
    desk.command("detail")
    titles = desk.titles()
    desk.window.close()
    again = opening()
    header = again.panel.view.header
    assert again.titles() == titles == sorted(titles, reverse=True)
    assert header.isSectionHidden(keys.index("period"))
    assert not header.isSectionHidden(keys.index("source"))
    assert header.visualIndex(keys.index("volume")) == 0
    assert header.sectionSize(keys.index("company")) == 222
    assert not again.window.side.isVisible()


def test_columns_are_arranged_by_keyboard(desk: Desk) -> None:
    header = desk.panel.view.header
    keys = [column.key for column in desk.panel.model.columns]
    width = header.sectionSize(keys.index("title"))

    def arrange(dialog: Any) -> None:
        desk.press("Wider", dialog)
        desk.press("Move down", dialog)
        desk.press("Sort by it", dialog)
        dialog._list.setFocus()
        desk.key(Qt.Key.Key_Up)
        desk.key(Qt.Key.Key_Space)

    in_dialog(arrange)
    desk.command("columns")
    assert header.sectionSize(keys.index("title")) == width + 10
    assert [keys[index] for index in header.order()][:2] == ["company", "title"]
    assert header.isSectionHidden(keys.index("company"))
    assert desk.titles() == sorted(desk.titles())


def test_copy_and_select_all_are_commands(desk: Desk, qapp: QApplication) -> None:
    desk.command("select_all")
    assert len(desk.panel.selected_ids()) == 5
    desk.command("copy")
    assert len(qapp.clipboard().text().splitlines()) == 6
    desk.panel.filter.setText("Film")
    desk.command("filter")
    desk.command("copy")
    assert qapp.clipboard().text() == "Film"


def test_theme_and_row_height_are_in_a_menu(desk: Desk) -> None:
    desk.command("appearance.theme:dark")
    desk.command("appearance.theme:dark")
    ticked = [spec.id for spec in COMMANDS if spec.id != SEPARATOR and desk.window.actions_[spec.id].isChecked()]
    assert "appearance.theme:dark" in ticked
    assert "appearance.density:comfortable" in ticked
    assert desk.context.settings[THEME] == "dark"


def test_filters_are_remembered_and_seen(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    _press_stage(desk, "Angebot")
    _choose(desk, "Responsible", "Anna Kern")
    desk.command("filter")
    desk.type("kampa")
    desk.window.go_to("closed")
    desk.press("Won")
    _choose(desk, "Period", "last 12 months")
    desk.window.close()
    again = opening()
    again.window.go_to("leads")
    assert again.titles() == ["Kampagne Herbst"]
    assert again.panel.filter.text() == "kampa"
    assert [button.stage.name for button in _strip(again)._buttons if button.isChecked()] == ["Angebot"]
    assert again.find(QPushButton, "Responsible: Anna Kern").isChecked()
    again.panel.widen()
    assert len(again.titles()) == 5, "it is a filter like one that was just set"
    assert _strip(again).choice is None
    again.window.go_to("closed")
    assert again.titles() == ["Jubiläum"]
    assert again.find(QPushButton, "Won").isChecked()
    assert again.find(QPushButton, "Period: last 12 months").isChecked()
    assert again.window.current_tab()._days()[1] == again.store.today()


def test_a_filter_by_what_is_gone_is_forgotten(opening: Open, store: Store, leads: dict[str, int]) -> None:
    jonas = add_member(store, "Jonas Vogt", "JV")
    desk = opening()
    reasons = desk.context.office.catalogue
    price = reasons.create("reason", "Preis", outcome=Status.LOST)
    _press_stage(desk, "Angebot")
    _choose(desk, "Responsible", "Jonas Vogt")
    desk.window.go_to("closed")
    _choose(desk, "Reason", "Preis")
    desk.window.close()
    desk.context.office.stages.delete(3, 1)
    reasons.delete("member", jonas)
    reasons.delete("reason", price)
    again = opening()
    assert again.titles() == ["Jubiläum"]
    again.window.go_to("leads")
    assert len(again.titles()) == 5
    assert _strip(again).choice is None
    assert not again.find(QPushButton, "Responsible: all").isChecked()


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"filters": [1], "text": 7}', '{"filters": {"person": [], "stage": "x"}}']
)
def test_what_cannot_be_read_narrows_nothing(opening: Open, leads: dict[str, int], kept: str) -> None:
    first = opening()
    first.window.close()
    first.window.memory.setValue("tab/leads", kept)
    first.window.memory.sync()
    desk = opening()
    desk.panel.filter.clear()
    assert len(desk.titles()) == 5


def test_the_tab_in_front_is_remembered(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    desk.window.go_to("closed")
    desk.window.close()
    again = opening()
    assert again.titles() == ["Jubiläum"]
    again.window.close()
    again.window.memory.setValue("window/tab", "kanban")
    assert len(opening().titles()) == 5, "one that is not there is the first"


def test_the_last_12_months_end_today(desk: Desk, clock: FixedClock) -> None:
    desk.window.go_to("closed")
    _choose(desk, "Period", "last 12 months")
    clock.instant += timedelta(days=1)
    desk.tasks._tick()
    assert desk.window.current_tab()._days() == (date(2025, 11, 26), date(2026, 11, 25))
    clock.instant = FixedClock.at(date(2028, 2, 28), clock.zone).instant
    desk.tasks._tick()
    assert desk.window.current_tab()._days()[0] == last_year(desk.store.today()) == date(2027, 2, 28)


def _strip(desk: Desk) -> FunnelStrip:
    strip = desk.window.current_tab().strip
    assert isinstance(strip, FunnelStrip)
    return strip


def _press_stage(desk: Desk, name: str) -> None:
    button = next(button for button in _strip(desk)._buttons if button.stage.name == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())


def _choose(desk: Desk, chip: str, entry: str) -> None:
    """Choose from the menu of a chip."""
    found = desk.find(QPushButton, f"{chip}: all")
    found.menu().aboutToShow.emit()
    next(action for action in found.menu().actions() if action.text() == entry).trigger()


def _view(desk: Desk) -> object:
    cells = [
        [desk.panel.model.cell(row, column).text for column in range(len(desk.panel.model.columns))]
        for row in range(desk.panel.model.rowCount())
    ]
    footer = desk.panel._footer._left.accessibleName()
    strip = [button.accessibleName() for button in desk.window.current_tab().strip._buttons]
    return cells, footer, strip, desk.panel.selected_ids(), desk.detail.title, desk.status()


def _database(store: Store) -> list[str]:
    with store.bare() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [repr((name, connection.execute(f"SELECT * FROM {name}").fetchall())) for name in sorted(tables)]


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[1, 2]", "null", '"columns"', '{"columns": [["title"', '{"columns": [["title"]]}', "[" * 100_000],
    ids=range(8),
)
def test_a_spoilt_memory_costs_no_tab(opening: Open, leads: dict[str, int], tmp_path: Path, kept: str) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("tab/leads", kept)
    memory.setValue("window/detail", "perhaps")
    memory.setValue("window/geometry", "x")
    memory.sync()
    desk = opening()
    assert len(desk.titles()) == 5


def test_the_lead_that_is_shown_is_not_read_again(desk: Desk, leads: dict[str, int]) -> None:
    film, herbst = leads["Film Molkerei"], leads["Kampagne Herbst"]
    desk.choose(film)
    assert statements(desk.store, lambda: desk.detail.show_leads([film])) == 0
    assert statements(desk.store, lambda: desk.detail.show_leads([herbst])) > 0
    desk.context.office.leads.edit([herbst], title="Kampagne Winter")
    assert desk.detail.title == "Kampagne Winter"
