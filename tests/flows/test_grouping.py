"""Lists in groups, as somebody works with them: chosen, folded, changed, remembered."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.services.seen import statements
from tests.stores import add_company, add_lead, add_member


def rows(desk: Desk) -> list[str]:
    """What stands in each row of the list in front: the title of a lead, or a group and how many are in it."""
    model = desk.panel.model
    seen = []
    for row in range(model.rowCount()):
        number = model.group_at(row)
        if number is None:
            seen.append(model.cell(row, 0).text)
        else:
            line = model.group_look(number).line
            seen.append(f"{line.label.text}: {line.note.text}")
    return seen


def entry(menu: QMenu, *path: str) -> QAction:
    """An entry of a menu, through the menus in it."""
    found = next(action for action in menu.actions() if action.text() == path[0])
    inner = found.menu()
    return entry(inner, *path[1:]) if len(path) > 1 and isinstance(inner, QMenu) else found


def group_by(desk: Desk, *path: str) -> None:
    chip = desk.window.current_tab().group_chip
    chip._menu.aboutToShow.emit()
    entry(chip._menu, *path).trigger()


def figures(desk: Desk, row: int) -> dict[str, str]:
    model = desk.panel.model
    return {key: cell.text for key, cell in model.group_look(model.group_at(row)).line.figures.items()}


def test_the_chip_groups_the_list_and_says_so(desk: Desk) -> None:
    chip = desk.window.current_tab().group_chip
    assert chip.text() == "Group: none"
    group_by(desk, "Stage")
    assert chip.text() == "Group: Stage"
    assert chip.isChecked()
    assert rows(desk) == [
        "Erstkontakt: 1 lead", "Hosting Bräu", "Vorstellung: 1 lead", "Film Molkerei", "Angebot: 1 lead",
        "Kampagne Herbst", "Verhandlungen: 1 lead", "Relaunch Stadtwerke", "Mündliche Zusage: 1 lead",
        "Webshop Müller",
    ]  # fmt: skip
    group_by(desk, "none")
    assert len(rows(desk)) == 5
    assert chip.text() == "Group: none"


def test_two_levels(desk: Desk, leads: dict[str, int], store: Store) -> None:
    berta = add_member(store, "Berta Ohm", "BO")
    desk.context.office.leads.edit([leads["Hosting Bräu"], leads["Film Molkerei"]], user_id=berta)
    group_by(desk, "Responsible")
    group_by(desk, "And within it by", "Stage")
    assert desk.window.current_tab().group_chip.text() == "Group: Responsible, Stage"
    assert rows(desk)[:3] == ["Anna Kern: 3 leads", "Angebot: 1 lead", "Kampagne Herbst"]
    assert rows(desk)[7] == "Berta Ohm: 2 leads"
    assert figures(desk, 0) == {"volume": "€120,000", "total": "€120,000", "weighted": "€78,000"}
    group_by(desk, "Company")
    assert rows(desk)[:2] == ["without a company: 5 leads", "Erstkontakt: 1 lead"], "the inner level stays"
    group_by(desk, "And within it by", "none")
    assert desk.panel.query.group == ("company",)


def test_sums_are_those_of_the_footer_and_leads_without_a_rate_are_told(desk: Desk, store: Store) -> None:
    add_lead(store, "Zürich", amount=900, currency="CHF")
    group_by(desk, "Company")
    model = desk.panel.model
    line = model.group_look(0).line
    assert line.note.text == "6 leads · 1 without a rate, in no sum"
    assert line.figures["weighted"].text in desk.panel._footer._left.accessibleName()
    assert line.spoken == (
        "Company: without a company, 6 leads · 1 without a rate, in no sum, Volume €150,000, Weighted €89,100"
    ).replace("89,100", line.figures["weighted"].text[1:])


@pytest.mark.parametrize(
    ("tab", "choices"),
    [
        ("leads", ["Stage", "Responsible", "Month", "Company", "Source"]),
        ("potential", ["Responsible", "Month", "Company", "Source"]),
        ("closed", ["Outcome", "Closing month", "Reason", "Stage", "Responsible", "Month", "Company", "Source"]),
    ],
)
def test_every_list_can_be_grouped(desk: Desk, tab: str, choices: list[str]) -> None:
    chip = desk.window.go_to(tab).group_chip
    for choice in choices:
        group_by(desk, choice)
        assert chip.text() == f"Group: {choice}"
        assert rows(desk)[0].endswith((" lead", " leads", " ideas"))
    chip._menu.aboutToShow.emit()
    assert [action.text() for action in chip._menu.actions() if not action.menu()][1 : 1 + len(choices)] == choices


def test_closed_leads_by_outcome_and_month(desk: Desk, leads: dict[str, int]) -> None:
    desk.context.office.leads.close([leads["Film Molkerei"]], Status.LOST)
    desk.window.go_to("closed")
    group_by(desk, "Closing month")
    group_by(desk, "And within it by", "Outcome")
    assert rows(desk) == ["Nov 26: 2 leads", "Won: 1 lead", "Jubiläum", "Lost: 1 lead", "Film Molkerei"]


def test_a_lead_that_moves_to_another_group_goes_there_and_stays_chosen(desk: Desk, leads: dict[str, int]) -> None:
    group_by(desk, "Stage")
    desk.choose(leads["Film Molkerei"])
    desk.context.office.leads.move([leads["Film Molkerei"]], 5)
    assert rows(desk)[-3:] == ["Mündliche Zusage: 2 leads", "Webshop Müller", "Film Molkerei"]
    assert desk.panel.selected_ids() == [leads["Film Molkerei"]]
    assert desk.detail.title == "Film Molkerei"
    desk.command("undo")
    assert "Vorstellung: 1 lead" in rows(desk)


def test_an_amount_that_changes_is_in_the_sums_at_once(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    group_by(desk, "Stage")
    desk.panel.ask(sort="title")
    desk.context.office.leads.edit([leads["Hosting Bräu"]], amount=Money.of(12_345, "EUR"))
    qtbot.waitUntil(lambda: figures(desk, 0)["volume"] == "€12,345")


def test_folded_groups_stay_folded_through_changes(desk: Desk, leads: dict[str, int], store: Store) -> None:
    group_by(desk, "Stage")
    desk.command("collapse_groups")
    assert len(rows(desk)) == 5
    add_lead(store, "Neu", stage="Angebot")
    assert rows(desk)[2] == "Angebot: 2 leads"
    assert len(rows(desk)) == 5
    desk.command("expand_groups")
    assert len(rows(desk)) == 11


def test_a_new_lead_is_shown_even_in_a_folded_group(desk: Desk, store: Store) -> None:
    group_by(desk, "Stage")
    desk.command("collapse_groups")
    new = desk.context.office.leads.create(title="Neu", status=Status.ACTIVE)
    desk.panel.go_to(new)
    assert desk.panel.selected_ids() == [new]
    assert desk.detail.title == "Neu"


def test_typing_narrows_the_groups(desk: Desk) -> None:
    group_by(desk, "Stage")
    desk.command("filter")
    desk.type("relaunch")
    assert rows(desk) == ["Verhandlungen: 1 lead", "Relaunch Stadtwerke"]
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Down)
    assert desk.detail.title == "Relaunch Stadtwerke"
    desk.command("filter")
    desk.key(Qt.Key.Key_Escape)
    assert len(rows(desk)) == 10
    desk.type("xyz")
    assert rows(desk) == []
    desk.press("Clear the filter")
    assert len(rows(desk)) == 10, "clearing a filter leaves the groups"


def test_a_typed_filter_stays_when_groups_come_and_go(desk: Desk) -> None:
    desk.command("filter")
    desk.type("relaunch")
    group_by(desk, "Stage")
    assert rows(desk) == ["Verhandlungen: 1 lead", "Relaunch Stadtwerke"]
    group_by(desk, "none")
    assert rows(desk) == ["Relaunch Stadtwerke"]


def test_commands_mean_the_leads_chosen_and_not_the_group(desk: Desk, leads: dict[str, int]) -> None:
    group_by(desk, "Responsible")
    desk.panel.view.setFocus()
    desk.panel.view.selectRow(0)
    assert not desk.window.actions_["delete"].isEnabled()
    desk.key(Qt.Key.Key_Space)
    assert "5 leads" in desk.detail._many._title.text()
    desk.command("delete")
    assert rows(desk) == []
    desk.command("undo")
    assert len(desk.panel.selected_ids()) == 5


def test_after_a_delete_the_next_row_is_chosen(desk: Desk, leads: dict[str, int]) -> None:
    group_by(desk, "Responsible")
    desk.choose(leads["Film Molkerei"])
    desk.command("delete")
    assert desk.panel.selected_ids() == [leads["Hosting Bräu"]]


def test_the_menu_of_a_column_groups_by_it(desk: Desk) -> None:
    header = desk.panel.view.header
    keys = [column.key for column in desk.panel.model.columns]
    entry(header.menu(keys.index("stage")), "Group by this column").trigger()
    assert desk.panel.query.group == ("stage",)
    entry(header.menu(keys.index("responsible")), "Group by it within the groups").trigger()
    assert desk.panel.query.group == ("stage", "responsible")
    inner = entry(header.menu(keys.index("responsible")), "Group by it within the groups")
    assert inner.isChecked()
    inner.trigger()
    assert desk.panel.query.group == ("stage",)
    entry(header.menu(keys.index("period")), "Group by this column").trigger()
    assert desk.panel.query.group == ("month",)
    entry(header.menu(keys.index("period")), "No groups").trigger()
    assert desk.panel.query.group == ()
    assert not [action for action in header.menu(keys.index("title")).actions() if "roup" in action.text()]


def test_the_menu_of_a_column_sorts_and_hides(desk: Desk) -> None:
    header = desk.panel.view.header
    title = [column.key for column in desk.panel.model.columns].index("title")
    entry(header.menu(title), "Sort descending").trigger()
    assert desk.titles()[0] == "Webshop Müller"
    assert entry(header.menu(title), "Sort descending").isChecked()
    entry(header.menu(title), "Sort ascending").trigger()
    assert desk.titles()[0] == "Film Molkerei"
    entry(header.menu(title), "Hide this column").trigger()
    assert header.isSectionHidden(title)
    entry(header.menu(-1), "Columns", "Lead").trigger()
    assert not header.isSectionHidden(title)
    assert [action.text() for action in header.menu(-1).actions()] == ["Columns"]


def test_the_menu_of_a_group_opens_where_one_is(desk: Desk, qtbot: QtBot) -> None:
    group_by(desk, "Stage")
    view = desk.panel.view
    view.setFocus()
    view.selectRow(0)
    desk.panel.groups._open_menu(0, view.menu_place())
    menu = next(menu for menu in desk.panel.findChildren(QMenu) if menu.isVisible())
    entry(menu, "Collapse").trigger()
    menu.close()
    assert len(rows(desk)) == 9


def test_grouping_is_remembered_and_shown_at_once(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    group_by(desk, "Stage")
    group_by(desk, "And within it by", "Month")
    desk.window.go_to("closed")
    group_by(desk, "Outcome")
    desk.window.close()
    again = opening()
    assert again.window.current_tab().group_chip.text() == "Group: Outcome"
    again.window.go_to("leads")
    assert again.window.current_tab().group_chip.text() == "Group: Stage, Month"
    assert rows(again)[:2] == ["Erstkontakt: 1 lead", "without a service period: 1 lead"]


@pytest.mark.parametrize("kept", [5, "stage", ["outcome"], [["stage"]], ["stage", "stage"], ["gone", "stage"], None])
def test_what_does_not_fit_of_a_remembered_grouping_is_forgotten(desk: Desk, kept: Any) -> None:
    desk.panel.restore_state({"group": kept})
    assert desk.panel.query.group in ((), ("stage",))
    assert desk.panel.save_state()["group"] == list(desk.panel.query.group)


def test_many_leads_in_groups_send_few_statements_and_read_what_is_seen(
    opening: Open, store: Store, qtbot: QtBot
) -> None:
    companies = [add_company(store, f"Firma {n:02}") for n in range(40)]
    for n in range(400):
        add_lead(store, f"Lead {n}", company_id=companies[n % 40], amount=1000 + n)
    desk = opening(threads=True)
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 400)
    group_by(desk, "Company")
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 440)
    assert rows(desk)[0] == "Firma 00: 10 leads"
    assert statements(store, lambda: desk.context.office.lists.grouped(desk.panel.query)) == 3


def test_folding_while_rows_are_on_their_way_is_kept(opening: Open, leads: dict[str, int], qtbot: QtBot) -> None:
    desk = opening(threads=True)
    desk.panel.group(["stage"])
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 10)
    desk.panel.reload()
    desk.panel.fold_all(True)
    qtbot.waitUntil(lambda: not desk.panel._reading.loading)
    assert len(rows(desk)) == 5


def test_the_menu_beside_the_rows_offers_what_can_be_done_there(desk: Desk) -> None:
    view = desk.panel.view
    at = QPoint(50, view.viewport().height() - 4)
    with_menu: list[list[str]] = []

    def look() -> None:
        menus = [menu for menu in desk.window.findChildren(QMenu) if menu.isVisible()]
        with_menu.append([action.text().split("\t")[0].replace("&", "") for action in menus[-1].actions()])
        menus[-1].close()

    view.emptyMenuRequested.emit(view.viewport().mapToGlobal(at))
    look()
    assert with_menu[0][:2] == ["New lead …", "New idea"]
    assert {"Paste …", "Columns …", "Group by …"} <= set(with_menu[0])


def test_a_group_is_folded_by_the_mouse(desk: Desk) -> None:
    group_by(desk, "Stage")
    view = desk.panel.view
    QTest.qWait(1)
    at = QPoint(14, view.visualRect(view.model().index(0, 0)).center().y())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert rows(desk)[:2] == ["Erstkontakt: 1 lead", "Vorstellung: 1 lead"]


def test_a_period_that_changes_moves_a_lead_to_its_month(desk: Desk, leads: dict[str, int]) -> None:
    group_by(desk, "Month")
    desk.context.office.leads.edit([leads["Film Molkerei"]], period=(2027 * 12, 2027 * 12 + 2))
    assert rows(desk)[:3] == ["Jan 27: 1 lead", "Film Molkerei", "without a service period: 4 leads"]


def test_with_the_board_in_front_there_are_no_groups(desk: Desk) -> None:
    group_by(desk, "Stage")
    tab = desk.window.current_tab()
    tab.board_switch.turn(True)
    assert not tab.group_chip.isVisible()
    desk.command("group")
    desk.command("collapse_groups")
    tab.board_switch.turn(False)
    assert tab.group_chip.isVisible()
    assert rows(desk)[0] == "Erstkontakt: 1 lead"


@pytest.mark.parametrize("key", [Qt.Key.Key_Minus, Qt.Key.Key_Left])
def test_keys_on_a_group_are_not_typed_into_a_cell(desk: Desk, key: Qt.Key) -> None:
    group_by(desk, "Stage")
    view = desk.panel.view
    view.setFocus()
    view.selectRow(0)
    desk.key(key)
    assert rows(desk)[:2] == ["Erstkontakt: 1 lead", "Vorstellung: 1 lead"]
    desk.key(Qt.Key.Key_F2)
    desk.type("x")
    assert view.hasFocus()
    assert desk.lead(desk.panel.model.ids[0]).title == "Hosting Bräu"


def test_when_groups_go_the_keyboard_is_on_what_is_chosen(desk: Desk, leads: dict[str, int]) -> None:
    group_by(desk, "Stage")
    view = desk.panel.view
    view.setFocus()
    view.selectRow(rows(desk).index("Angebot: 1 lead"))
    desk.key(Qt.Key.Key_Space)
    assert view.selected_ids() == [leads["Kampagne Herbst"]]
    group_by(desk, "none")
    view.setFocus()
    assert (view.selected_ids(), view.current_id()) == ([leads["Kampagne Herbst"]], leads["Kampagne Herbst"])
