"""Chips and the editor: what narrows a list combines, is seen, and is taken back, by mouse and by keyboard."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.terms import Status
from app.models.store import Store
from app.services.filter_fields import Op
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not
from app.ui.lead_table.facets import FACETS
from app.ui.record_table.choice_menu import ChoiceMenu
from app.ui.record_table.filter_editor import FilterEditor
from app.ui.record_table.filter_rows import ConditionRow
from app.ui.record_table.range_dialog import RangeDialog
from app.ui.widgets.chips import Chip
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.models.edits import everything
from tests.stores import TODAY, add_lead, add_member, add_step, month
from tests.ui.scripted import HeldJobs


def _bar(desk: Desk) -> Any:
    return desk.window.current_tab().narrowing


def _chips(desk: Desk) -> list[str]:
    """The chips above the list as they stand."""
    bar = desk.panel.bar
    widgets = [bar.itemAt(place).widget() for place in range(bar.count())]
    return [w.accessibleName() or w.text() for w in widgets if isinstance(w, QPushButton) and w.isVisible()]


def _entries(menu: QMenu) -> list[str]:
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.text()]


def _add(desk: Desk, *path: str) -> None:
    """Choose from the menu of "+ Filter"."""
    menu: Any = desk.find(QPushButton, "Filter").menu()
    for name in path:
        menu.aboutToShow.emit()
        action = next(action for action in menu.actions() if action.text() == name)
        menu = action.menu()
        if menu is None:
            action.trigger()


def _take(desk: Desk, chip: str, entry: str) -> None:
    """Choose from the menu of a chip that shows this."""
    menu: Any = desk.find(QPushButton, chip).menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == entry).trigger()


def test_chips_combine_and_each_is_taken_back_alone(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    add_step(store, leads["Kampagne Herbst"], TODAY - timedelta(1))
    add_step(store, leads["Film Molkerei"], TODAY - timedelta(2))
    assert _chips(desk) == ["Responsible: all", "Overdue", "Filter", "Group: none", "View: Standard"]
    desk.press("Overdue")
    assert desk.titles() == ["Kampagne Herbst", "Film Molkerei"]
    _add(desk, "Stage", "Angebot")
    assert desk.titles() == ["Kampagne Herbst"]
    assert _chips(desk)[:4] == ["Responsible: all", "Overdue", "Stage: Angebot", "Filter"]
    _take(desk, "Responsible: all", "nobody")
    assert desk.titles() == []
    _take(desk, "Responsible: nobody", "all")
    desk.press("Overdue")
    assert desk.titles() == ["Kampagne Herbst"]
    _take(desk, "Stage: Angebot", "all")
    assert len(desk.titles()) == 5
    assert _chips(desk) == ["Responsible: all", "Overdue", "Filter", "Group: none", "View: Standard"]


def test_all_chips_and_the_text_are_taken_back_together(desk: Desk) -> None:
    _add(desk, "Without next step")
    _add(desk, "Stage", "Angebot")
    desk.command("filter")
    desk.type("kamp")
    desk.press("Reset")
    assert len(desk.titles()) == 5
    assert desk.panel.filter.text() == ""
    assert "Reset" not in _chips(desk)
    assert desk.panel.view.hasFocus()


def test_strip_and_chip_show_the_same_stage(desk: Desk) -> None:
    strip = desk.window.current_tab().strip
    _add(desk, "Stage", "Angebot")
    assert strip.choice == 3
    button = next(each for each in strip._buttons if each.stage.name == "Vorstellung")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    assert "Stage: Vorstellung" in _chips(desk)
    assert desk.titles() == ["Film Molkerei"]
    desk.panel.ask(filter=Condition("stage", Op.IS, (2, 3)))
    assert strip.choice is None
    assert "Stage: Vorstellung, Angebot" in _chips(desk)


def test_several_of_a_list_are_taken_without_closing_the_menu(desk: Desk) -> None:
    _add(desk, "Stage", "Angebot")
    menu: Any = desk.find(QPushButton, "Stage: Angebot").menu()
    assert isinstance(menu, ChoiceMenu)
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    action = next(action for action in menu.actions() if action.text() == "Vorstellung")
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert menu.isVisible()
    assert desk.titles() == ["Kampagne Herbst", "Film Molkerei"]
    place = menu.actionGeometry(next(a for a in menu.actions() if a.text() == "Angebot")).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert menu.isVisible()
    assert desk.titles() == ["Film Molkerei"]
    menu.close()


def test_delete_on_a_chip_takes_it_back_and_the_keyboard_stays_near(desk: Desk) -> None:
    _add(desk, "Stage", "Angebot")
    chip = desk.find(QPushButton, "Stage: Angebot")
    chip.setFocus()
    desk.key(Qt.Key.Key_Delete)
    assert len(desk.titles()) == 5
    assert not chip.isVisible()
    assert desk.focus() is desk.find(QPushButton, "Filter")


def test_delete_on_a_chip_deletes_no_lead(desk: Desk, store: Store, leads: dict[str, int], qtbot: QtBot) -> None:
    desk.panel.ask(filter=TREE)
    with qtbot.waitActive(desk.window):  # shortcuts belong to the active window
        desk.window.activateWindow()
    before = everything(store)
    for place in range(desk.panel.bar.count()):
        chip = desk.panel.bar.itemAt(place).widget()
        if isinstance(chip, Chip) and chip.isVisible():
            desk.panel.view.selectRow(0)
            chip.setFocus()
            desk.key(Qt.Key.Key_Delete)
    assert everything(store) == before
    assert desk.panel.query.filter is None
    assert "conditions" not in str(_chips(desk))


def test_tab_goes_along_the_chips_as_they_are_seen(desk: Desk) -> None:
    _add(desk, "Source", "not given")
    _add(desk, "Stage", "Angebot")
    _add(desk, "Budget kind", "one-off")
    desk.panel.filter.setFocus()
    seen = []
    while desk.focus() is not desk.panel.view:
        desk.key(Qt.Key.Key_Tab)
        seen.append(desk.focus())
    places = [(each.y(), each.x()) for each in seen[:-1]]
    assert places == sorted(places)
    assert len(places) >= 8


def test_a_range_is_typed_loosely_and_refused_in_its_place(desk: Desk) -> None:
    def fill(dialog: RangeDialog) -> None:
        first, last = dialog.findChildren(QLineEdit)
        desk.press("Apply", dialog)
        assert "at least one" in dialog._form["first"].said
        first.setText("35k")
        last.setText("20k")
        desk.press("Apply", dialog)
        assert "before the beginning" in dialog._form["last"].said
        first.setText("abc")
        desk.press("Apply", dialog)
        assert "not an amount" in dialog._form["first"].said
        first.setText("20k")
        last.setText("35k")
        desk.press("Apply", dialog)

    in_dialog(fill)
    _add(desk, "Volume", "From … to …")
    assert desk.titles() == ["Kampagne Herbst", "Film Molkerei"]
    assert any(chip.startswith("Volume: €20,000") for chip in _chips(desk))

    def again(dialog: RangeDialog) -> None:
        _, last = dialog.findChildren(QLineEdit)
        assert last.text() == "€35,000"
        last.setText("")
        desk.press("Apply", dialog)

    in_dialog(again)
    menu_chip = next(chip for chip in _chips(desk) if chip.startswith("Volume"))
    _take(desk, menu_chip, "From … to …")
    assert len(desk.titles()) == 4


def test_a_service_period_is_chosen_or_typed(desk: Desk, store: Store) -> None:
    add_lead(store, "Mit Zeitraum", period=("2026-12", "2027-02"))
    _add(desk, "Service period", "next month")
    assert desk.titles() == ["Mit Zeitraum"]

    def fill(dialog: RangeDialog) -> None:
        first, last = dialog.findChildren(QLineEdit)
        first.setText("q1 27")
        last.setText("q1 27")
        desk.press("Apply", dialog)

    in_dialog(fill)
    _take(desk, "Service period: next month", "From … to …")
    assert desk.panel.query.filter == Condition("period", Op.BETWEEN, (month("2027-01"), month("2027-03")))


def test_every_offer_of_every_list_can_be_taken(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    Leads(store).tag([leads["Kampagne Herbst"]], add=["Web & mehr"])
    for tab in ("leads", "potential", "closed"):
        desk.window.go_to(tab)
        bar = _bar(desk)
        for key in (*bar._always, *bar._offered):
            if key not in bar._chips:
                bar._chip_between(FACETS[key])
            chip = bar._chips[key]
            if chip.menu() is None:
                continue
            for entry in _entries(chip.menu()):
                if entry in ("From … to …", "all"):
                    continue
                action = next((a for a in chip.menu().actions() if a.text() == entry), None)
                assert action is not None, entry
                action.trigger()
                assert bar.held(key) is not None, (tab, key, entry)
                assert "&&" not in chip.accessibleName()
                chip.menu().aboutToShow.emit()
            bar.put(key, None)
        assert bar.filter is None


def test_names_follow_and_what_is_deleted_narrows_no_more(desk: Desk, store: Store) -> None:
    berta = add_member(store, "Berta", "B")
    add_lead(store, "Ihre", user_id=berta)
    _take(desk, "Responsible: all", "Berta")
    assert desk.titles() == ["Ihre"]
    desk.context.office.catalogue.rename("member", berta, "Berta Groß")
    assert "Responsible: Berta Groß" in _chips(desk)
    desk.context.office.catalogue.delete("member", berta)
    assert len(desk.titles()) == 6
    assert "Responsible: all" in _chips(desk)
    assert "Berta Groß" in desk.status()


def test_a_change_lets_leads_come_and_go(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    _add(desk, "Tag", "without a tag")
    assert len(desk.titles()) == 5
    Leads(store).tag([leads["Kampagne Herbst"]], add=["Web"])
    assert "Kampagne Herbst" not in desk.titles()
    store.undo()
    ids = list(desk.panel.model.ids)
    assert len(ids) == len(set(ids)) == 5, "T18: no lead twice"


def test_filters_there_and_back_leave_every_lead_once(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    for title in list(leads)[:3]:
        add_step(store, leads[title], TODAY - timedelta(1))
    for _ in range(4):
        desk.press("Overdue")
        ids = list(desk.panel.model.ids)
        assert len(ids) == len(set(ids))
    assert len(desk.titles()) == 5


def test_a_lead_made_beside_the_filter_is_shown(desk: Desk, store: Store) -> None:
    _add(desk, "Stage", "Angebot")
    lead = desk.context.office.leads.create(Status.ACTIVE, title="Ganz neu")
    desk.panel.go_to(lead)
    assert desk.panel.selected_ids() == [lead]
    assert "Stage: Angebot" not in _chips(desk)


def test_sums_and_text_respect_the_filter(desk: Desk) -> None:
    _add(desk, "Volume", next(e for e in _volume_entries(desk) if "25" in e))
    assert "3 leads" in desk.panel._footer._left.accessibleName()
    desk.command("filter")
    desk.type("r")
    assert desk.titles() == ["Webshop Müller", "Relaunch Stadtwerke", "Kampagne Herbst"]
    assert "3 leads" in desk.panel._footer._left.accessibleName()


def _volume_entries(desk: Desk) -> list[str]:
    menu: Any = desk.find(QPushButton, "Filter").menu()
    menu.aboutToShow.emit()
    return _entries(next(action for action in menu.actions() if action.text() == "Volume").menu())


def test_the_figures_above_closed_leads_are_those_of_the_period(desk: Desk, store: Store) -> None:
    add_lead(store, "Alt", status=Status.LOST, closed_on=10)
    desk.window.go_to("closed")
    assert desk.titles() == ["Jubiläum", "Alt"]
    _take(desk, "Period: all", "2026")
    assert desk.titles() == ["Jubiläum"]
    assert "Period: 2026" in _chips(desk)
    tab = desk.window.current_tab()
    assert "1 of 1" in tab._cards["count"].accessibleName() or tab._days()[0] is not None


def test_the_board_is_narrowed_too(desk: Desk, store: Store) -> None:
    desk.command("board")
    _add(desk, "Stage", "Angebot")
    assert desk.panel.query.filter == Condition("stage", Op.IS, (3,))
    desk.context.office.stages.delete(3, 1)
    assert desk.panel.query.filter is None
    assert "Stage: Angebot" not in _chips(desk)
    desk.command("board")
    assert len(desk.titles()) == 5


def test_with_a_filter_nothing_is_asked_while_the_window_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    first = LeadList.first_ids

    def noted(lists: LeadList, query: ListQuery, limit: int) -> Sequence[int]:
        asked.append(query)
        return first(lists, query, limit)

    monkeypatch.setattr(LeadList, "first_ids", noted)
    held = HeldJobs()
    object.__setattr__(desk.context, "jobs", held)
    desk.panel._search._jobs = held
    desk.panel.ask(filter=Condition("title", Op.CONTAINS, ("kampagne",)))
    desk.command("filter")
    desk.type("h")
    assert not asked
    assert len(desk.titles()) == 5, "what is shown stays"
    held.finish()
    assert desk.titles() == ["Kampagne Herbst"]


def test_until_the_first_leads_are_there_none_is_said_to_be_missing(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    desk.panel.ask(filter=Condition("title", Op.CONTAINS, ("nothing like that",)))
    assert desk.find(QPushButton, "Clear the filter").isVisible()
    held = HeldJobs()
    object.__setattr__(desk.context, "jobs", held)
    desk.panel.ask(filter=Condition("title", Op.CONTAINS, ("kampagne",)))
    assert not [each for each in desk.panel.findChildren(QPushButton) if each.isVisible() and "Clear" in each.text()]
    held.finish()
    assert desk.titles() == ["Kampagne Herbst"]


# --- the editor ---------------------------------------------------------------------------------------------------

TREE: Filter = AnyOf((
    AllOf((Condition("stage", Op.IS, (3,)), Not(Condition("volume", Op.FROM, (5_000_000,))))),
    Not(AnyOf((Condition("title", Op.CONTAINS, ("e",)), Condition("next_step", Op.FILLED)))),
))  # fmt: skip


def _edited(desk: Desk, act: Callable[[FilterEditor], None]) -> None:
    in_dialog(act)
    desk.command("edit_filter")


def test_the_editor_gives_back_what_it_was_given(desk: Desk) -> None:
    desk.panel.ask(filter=TREE)
    _edited(desk, lambda dialog: desk.press("Apply", dialog))
    assert desk.panel.query.filter == TREE
    assert "4 conditions" in _chips(desk)


@pytest.mark.parametrize(
    "condition",
    [
        Condition("responsible", Op.IS_NOT, (1, None)), Condition("status", Op.IS, ("active",)),
        Condition("tag", Op.IS, (None,)), Condition("next_step", Op.COMING, (5,)), Condition("next_step", Op.OVERDUE),
        Condition("idle", Op.NO), Condition("period", Op.IN, ("quarter", -1)), Condition("closed", Op.IN, ("year", 3)),
        Condition("period", Op.BETWEEN, (2027 * 12, 2027 * 12 + 1)), Condition("volume", Op.TO, (123_456,)),
        Condition("probability", Op.BETWEEN, (1, 199)), Condition("activated", Op.BETWEEN, (TODAY, TODAY)),
        Condition("created", Op.TWELVE), Condition("text", Op.LACKS, ("ä & ö",)), Condition("budget", Op.IS, ("once",)),
        Condition("category", Op.IS, ("commit", None)), Condition("closed", Op.EMPTY),
        Condition("activated", Op.PAST, (0,)),
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_condition_survives_the_editor(desk: Desk, condition: Condition) -> None:
    desk.panel.ask(filter=Not(AllOf((condition, condition))))
    _edited(desk, lambda dialog: desk.press("Apply", dialog))
    assert desk.panel.query.filter == Not(AllOf((condition, condition)))


def test_a_condition_is_put_together_by_keyboard(desk: Desk) -> None:
    def work(dialog: FilterEditor) -> None:
        assert isinstance(desk.focus(), QComboBox)
        row = dialog.findChild(ConditionRow)
        assert row is not None
        combo = desk.focus()
        assert isinstance(combo, QComboBox)
        combo.setCurrentText("Title")
        row._op.setCurrentText("contains")
        row.go_to_value()
        desk.type("kampagne")
        QTest.qWait(250)
        assert dialog._count.text() == "1 lead fits"
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    _edited(desk, work)
    assert desk.titles() == ["Kampagne Herbst"]
    assert "1 condition" in _chips(desk)


def test_what_is_missing_is_told_where_it_is(desk: Desk) -> None:
    def work(dialog: FilterEditor) -> None:
        desk.press("Condition", dialog)
        rows = dialog.findChildren(ConditionRow)
        rows[1]._field.setCurrentText("Volume")
        assert dialog._count.text() != ""
        QTest.qWait(250)
        assert dialog._count.text() == "not complete yet"
        desk.press("Apply", dialog)
        assert dialog.isVisible()
        assert rows[1]._note.text() == "Please fill this in."
        assert desk.focus() is rows[1]._value_edit
        assert rows[1]._value_edit.accessibleDescription() == "Please fill this in."
        desk.type("abc")
        assert rows[1]._note.text() == ""
        desk.press("Apply", dialog)
        assert "not an amount" in rows[1]._note.text()

    _edited(desk, work)
    assert desk.panel.query.filter is None


def test_a_company_is_found_by_typing_and_an_unknown_one_is_told(
    desk: Desk, store: Store, leads: dict[str, int]
) -> None:
    Leads(store).edit([leads["Kampagne Herbst"]], company="Müller & Söhne")

    def work(dialog: FilterEditor) -> None:
        row = dialog.findChild(ConditionRow)
        assert row is not None
        row._field.setCurrentText("Company")
        row.go_to_value()
        desk.type("Nix GmbH")
        desk.press("Apply", dialog)
        assert "Nix GmbH" in row._note.text()
        edit = desk.focus()
        assert isinstance(edit, QLineEdit)
        edit.clear()
        desk.type("müller & söhne")
        desk.press("Apply", dialog)

    _edited(desk, work)
    assert desk.titles() == ["Kampagne Herbst"]


def test_groups_come_and_go(desk: Desk) -> None:
    def work(dialog: FilterEditor) -> None:
        desk.press("Group", dialog)
        box = dialog._box
        assert len(box._parts) == 2
        desk.press("Remove the group", dialog)
        desk.press("Remove the condition", dialog)
        assert desk.focus() is box.add
        desk.press("Apply", dialog)

    desk.panel.ask(filter=Condition("stage", Op.IS, (3,)))
    _edited(desk, work)
    assert desk.panel.query.filter is None
    assert len(desk.titles()) == 5


def test_leaving_the_editor_changes_nothing(desk: Desk) -> None:
    desk.panel.ask(filter=TREE)

    def work(dialog: FilterEditor) -> None:
        desk.press("Begin anew", dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    _edited(desk, work)
    assert desk.panel.query.filter == TREE


def test_controls_of_the_editor_have_names(desk: Desk) -> None:
    desk.panel.ask(filter=TREE)

    def work(dialog: FilterEditor) -> None:
        for kind in (QComboBox, QLineEdit, QPushButton):
            for control in dialog.findChildren(kind):
                if control.isVisible() and not isinstance(control.parent(), QComboBox):
                    assert control.accessibleName() or getattr(control, "text", str)(), control
        labelled = [each.buddy() for each in dialog.findChildren(QLabel)]
        assert {each for each in dialog.findChildren(QComboBox) if each.isVisible()} <= set(labelled)

    _edited(desk, work)


def test_tab_goes_through_the_editor_as_it_is_read(desk: Desk) -> None:
    desk.panel.ask(filter=TREE)

    def work(dialog: FilterEditor) -> None:
        dialog._box.add.click()
        dialog._box.negated.setFocus()
        seen: list[QWidget] = []
        while desk.focus() not in seen:
            seen.append(desk.focus())
            desk.key(Qt.Key.Key_Tab)
        middles = [each.mapTo(dialog, each.rect().center()) for each in seen]
        for one, next_ in pairwise(middles):
            assert next_.x() > one.x() or next_.y() > one.y() + 8
        assert len(seen) > 20

    _edited(desk, work)


def test_the_filter_is_there_after_a_restart(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    desk.panel.ask(filter=TREE)
    shown = desk.titles()
    desk.window.close()
    again = opening()
    assert again.panel.query.filter == TREE
    assert again.titles() == shown
    assert "4 conditions" in _chips(again)
    assert QApplication.focusWidget() is again.panel.view
