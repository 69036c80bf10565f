"""The board in the window: cards moved by mouse and keyboard, columns, zones, and the window's commands there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Self

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessibleEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QPixmap,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from app.core.terms import Status
from app.models.store import Store
from app.services.board import FAR, PAST, WITHOUT, Grouping
from app.services.catalogue import Catalogue
from app.services.filter_fields import Op
from app.services.lead_query import ListQuery
from app.services.leads import Leads, NextStep
from app.services.record_filter import Condition
from app.services.stages import Stages
from app.ui.board.board import Board
from app.ui.board.carry import FORMAT, packed, picture, unpacked
from app.ui.board.column import Column
from app.ui.closing.dialog import ClosingDialog
from app.ui.lead_form.dialog import LeadForm
from app.ui.theme import Density, Mode
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.stores import TODAY, add_lead, add_member, add_step, add_tag, month
from tests.ui.scripted import HeldJobs

_MOVE = Qt.DropAction.MoveAction
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def board(desk: Desk) -> Board:
    """The board of `desk`, with the first card chosen."""
    return _turn(desk)


def _turn(desk: Desk) -> Board:
    desk.command("board")
    found = desk.window.current_tab().board_switch.board
    assert isinstance(found, Board)
    return found


def _column(board: Board, name: str) -> Column:
    return next(column for column in board.row.columns if column.head.words.name == name)


def _cards(board: Board, name: str) -> list[str]:
    model = _column(board, name).view.column
    return [model.card(row).title for row in range(model.rowCount())]  # type: ignore[union-attr]


def _click(board: Board, lead: int, keys: Qt.KeyboardModifier = _NONE) -> None:
    for column in board.row.columns:
        row = column.view.column.row_of(lead)
        if row is not None:
            view = column.view
            at = view.visualRect(view.column.index(row)).center()
            QTest.mouseClick(view.viewport(), _LEFT, keys, at)
            return
    pytest.fail("not on the board")


def _drop(target: QWidget, mime: QMimeData) -> bool:
    """Carry something over a widget and let it go there; whether it was taken."""
    at, keys = target.rect().center(), _NONE
    enter = QDragEnterEvent(at, _MOVE, mime, _LEFT, keys)
    QApplication.sendEvent(target, enter)
    move = QDragMoveEvent(at, _MOVE, mime, _LEFT, keys)
    QApplication.sendEvent(target, move)
    if not (enter.isAccepted() or move.isAccepted()):
        return False
    drop = QDropEvent(QPointF(at), _MOVE, mime, _LEFT, keys)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


def _carried(desk: Desk, *leads: int) -> QMimeData:
    return packed(leads, str(desk.store.path))


# Switching


def test_list_and_board_show_the_same_leads(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Kampagne Herbst"])
    board = _turn(desk)
    assert [column.head.words.name for column in board.row.columns] == [
        "Erstkontakt", "Vorstellung", "Angebot", "Verhandlungen", "Mündliche Zusage",
    ]  # fmt: skip
    assert board.selected_ids() == [leads["Kampagne Herbst"]]
    assert board.isVisible()
    assert not desk.panel.view.isVisible()
    assert board.isAncestorOf(desk.focus())
    assert desk.window.actions_["board"].isChecked()
    desk.press("List")
    assert not board.isVisible()
    assert desk.panel.view.isVisible()
    assert desk.panel.selected_ids() == [leads["Kampagne Herbst"]]
    assert not desk.window.actions_["board"].isChecked()
    desk.press("Board")
    assert board.isVisible()


def test_the_board_is_remembered_with_columns_and_width(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    board = _turn(desk)
    board.row.set_width(300)
    board.row.collapse(_column(board, "Angebot"), True)
    desk.window.current_tab().board_switch.group_by(Grouping.SOURCE)
    desk.window.close()
    again = opening()
    tab = again.window.current_tab()
    assert tab.board_switch.on
    assert tab.board_switch.board.grouping is Grouping.SOURCE
    assert tab.board_switch.board.row.columns[0].width() == 300
    tab.board_switch.group_by(Grouping.STAGE)
    assert [column.spec.key for column in tab.board_switch.board.row.columns if column.collapsed] == [
        _column(tab.board_switch.board, "Angebot").spec.key
    ]
    assert again.window.actions_["board"].isChecked()


def test_what_is_deleted_narrows_a_board_no_more_that_stood_there_from_the_start(
    opening: Open, store: Store, leads: dict[str, int]
) -> None:
    add_tag(store, leads["Film Molkerei"], "eilig")
    first = opening()
    _turn(first)
    (tag,) = [entry.id for entry in Catalogue(store).all("tag") if entry.name == "eilig"]
    first.panel.ask(filter=Condition("tag", Op.IS, (tag,)))
    first.window.close()
    again = opening()
    board = again.window.current_tab().board_switch.board
    assert (_cards(board, "Vorstellung"), _cards(board, "Erstkontakt")) == (["Film Molkerei"], [])
    Catalogue(store).delete("tag", tag)
    assert again.panel.query.filter is None
    assert _cards(board, "Erstkontakt") == ["Hosting Bräu"]


@pytest.mark.parametrize(
    "state", [None, 5, {"on": 1}, {"on": True, "grouping": "shoe", "width": -3, "folded": {"stage": ["x", True]}},
              {"on": True, "grouping": [], "width": 10**9, "folded": []}]
)  # fmt: skip
def test_what_was_remembered_may_make_no_sense(opening: Open, leads: dict[str, int], state: object) -> None:
    first = opening()
    first.window.close()
    first.window.memory.setValue("tab/leads", json.dumps({"board": state}))
    tab = opening().window.current_tab()
    assert tab.board_switch.on == (isinstance(state, dict) and state["on"] is True)
    if tab.board_switch.on:
        assert tab.board_switch.board.grouping is Grouping.STAGE
        assert len(tab.board_switch.board.row.columns) == 5


def test_the_command_brings_the_board_from_another_tab(desk: Desk) -> None:
    desk.window.go_to("potential")
    board = _turn(desk)
    assert board.isVisible()
    desk.command("board")
    assert not board.isVisible()


def test_what_concerns_rows_waits_for_the_list(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    names = ("columns", "group", "expand_groups", "collapse_groups")
    assert not any(desk.window.actions_[name].isEnabled() for name in names)
    desk.command("board")
    assert all(desk.window.actions_[name].isEnabled() for name in names)
    desk.command("board")
    _click(board, leads["Film Molkerei"])
    desk.command("edit_cell")
    assert _column(board, "Vorstellung").view.findChild(QLineEdit) is not None


def test_the_quick_line_stands_above_the_board_too(desk: Desk, board: Board) -> None:
    desk.command("quick_add")
    assert desk.focus().isVisible()
    desk.type("Neuer Auftritt", enter=True)
    assert "Neuer Auftritt" in _cards(board, "Erstkontakt")
    desk.key(Qt.Key.Key_Escape)
    assert board.isAncestorOf(desk.focus())


def test_a_list_that_rested_knows_what_happened(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    Leads(desk.store).edit([leads["Hosting Bräu"]], title="Hosting Brauerei")
    Leads(desk.store).delete([leads["Film Molkerei"]])
    desk.press("List")
    assert "Hosting Brauerei" in desk.titles()
    assert "Film Molkerei" not in desk.titles()


# What is seen


def test_heads_say_number_volume_and_weight(desk: Desk, board: Board) -> None:
    head = _column(board, "Angebot").head
    assert head.accessibleName() == "Angebot, 1 lead, €30,000, weighted €9,000"
    assert _column(board, "Angebot").view.accessibleName() == head.accessibleName()
    assert (head.words.percent, head.words.figures[0]) == ("30%", "1 lead · €30,000")


def test_a_card_is_read_as_a_sentence(store: Store, opening: Open) -> None:
    lead = add_lead(store, "Web\nshop", stage="Angebot", amount=30_000, user_id=1)
    add_step(store, lead, TODAY - timedelta(days=3), "Nachfassen")
    board = _turn(opening())
    index = _column(board, "Angebot").view.column.index(0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole).replace("\u00a0", " ")
    assert spoken == "Web shop, €30,000, 30%, weighted €9,000, next step overdue 3 d, Nachfassen, Anna Kern"
    card = _column(board, "Angebot").view.column.card(0)
    assert card is not None
    assert (card.step_sign, card.step_tone, card.initials) == ("warning", "lost", "AK")


def test_steps_and_idleness_are_told_by_sign_and_words(store: Store, opening: Open) -> None:
    made = [add_lead(store, str(n), stage="Angebot") for n in range(4)]
    for lead, days in zip(made, (-1, 0, 9), strict=False):
        add_step(store, lead, TODAY + timedelta(days=days))
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET last_touch_on = last_touch_on - 30, stage_since_on = 1")
    board = _turn(opening())
    model = _column(board, "Angebot").view.column
    cards = [model.card(row) for row in range(4)]
    assert [card and card.step_sign for card in cards] == ["warning", "clock", "flag", "calendar"]
    assert [card and card.step for card in cards] == ["overdue 1\u00a0d", "today", "no step", "3 Dec"]
    assert [bool(card and card.idle) for card in cards] == [True, False, True, False]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
@pytest.mark.parametrize(("scale", "density"), [(80, Density.COMFORTABLE), (200, Density.COMPACT)])
def test_every_look_can_be_painted(
    desk: Desk, board: Board, mode: Mode, scale: int, density: Density, leads: dict[str, int]
) -> None:
    board.row.collapse(board.row.columns[1], True)
    desk.context.theme.use(mode=mode, scale=scale, density=density)
    assert not desk.window.grab().isNull()
    view = _column(board, "Angebot").view
    assert view.visualRect(view.column.index(0)).height() > 60 * scale / 100
    pixmap = picture(desk.context.theme, view.column.card(0), 3, 300, 1.0)
    assert pixmap.height() > view.visualRect(view.column.index(0)).height()


def test_an_empty_board_says_what_belongs_here(opening: Open) -> None:
    desk = opening()
    board = _turn(desk)
    assert board._empty.isVisible()
    assert len(board.row.columns) == 5
    add_lead(desk.store)
    desk.command("refresh")
    assert not board._empty.isVisible()
    desk.window.current_tab().focus_filter()
    desk.type("no such lead")
    assert board._empty.isVisible()
    desk.press("Clear the filter")
    assert _cards(board, "Erstkontakt") == ["Relaunch Website"]


# Choosing


def test_arrows_walk_cards_and_columns(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    for n in range(3):
        add_lead(desk.store, f"More {n}", stage="Vorstellung")
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Down)
    assert board.selected_ids() == [_column(board, "Vorstellung").view.column.ids[1]]
    desk.key(Qt.Key.Key_End)
    assert board.selected_ids() == [leads["Film Molkerei"]]
    desk.key(Qt.Key.Key_Right)
    assert board.selected_ids() == [leads["Kampagne Herbst"]]
    desk.key(Qt.Key.Key_Left)
    desk.key(Qt.Key.Key_PageUp)
    assert board.selected_ids() == [_column(board, "Vorstellung").view.column.ids[0]]


def test_several_are_chosen_by_space_and_shift(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    more = [add_lead(desk.store, f"More {n}", stage="Angebot") for n in range(3)]
    other = add_lead(desk.store, "Other", stage="Verhandlungen")
    _click(board, more[2])
    desk.key(Qt.Key.Key_Down, _SHIFT)
    assert board.selected_ids() == [more[2], more[1]]
    desk.key(Qt.Key.Key_Right, _SHIFT)
    assert board.selected_ids() == [more[2], more[1], leads["Relaunch Stadtwerke"]]
    desk.key(Qt.Key.Key_Space)
    assert board.selected_ids() == [more[2], more[1]]
    desk.key(Qt.Key.Key_Up)
    assert board.selected_ids() == [other]
    desk.command("select_all")
    assert len(board.selected_ids()) == 9


def test_single_cards_are_chosen_by_key_and_the_last_one_stays(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    more = [add_lead(desk.store, f"More {n}", stage="Angebot") for n in range(3)]
    _click(board, more[2])
    desk.key(Qt.Key.Key_Space)
    assert board.selected_ids() == [more[2]]
    desk.key(Qt.Key.Key_Down, _CONTROL)
    desk.key(Qt.Key.Key_Down, _CONTROL)
    desk.key(Qt.Key.Key_Space)
    assert board.selected_ids() == [more[2], more[0]]


def test_control_and_the_mouse_choose_across_columns(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Hosting Bräu"])
    _click(board, leads["Kampagne Herbst"], _CONTROL)
    assert board.selected_ids() == [leads["Hosting Bräu"], leads["Kampagne Herbst"]]
    assert desk.tasks.selected() == board.selected_ids()
    _click(board, leads["Film Molkerei"])
    assert board.selected_ids() == [leads["Film Molkerei"]]


def test_the_panel_follows_and_commands_mean_what_is_chosen(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Film Molkerei"])
    assert desk.tasks.selected() == [leads["Film Molkerei"]]
    assert desk.window.actions_["move"].isEnabled()
    assert not desk.window.actions_["reopen"].isEnabled()
    desk.command("duplicate")
    assert _cards(board, "Vorstellung") == ["Film Molkerei", "Film Molkerei"]
    made = board.selected_ids()
    assert made != [leads["Film Molkerei"]]
    assert len(made) == 1
    desk.command("copy")
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("Film Molkerei\t")
    desk.command("delete")
    assert board.selected_ids() == [leads["Film Molkerei"]]  # the one that took its place


def test_enter_opens_and_the_context_menu_comes(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Film Molkerei"])
    desk.key(Qt.Key.Key_Return)
    assert list(desk.tasks.lead_windows()) == [leads["Film Molkerei"]]
    board.menuRequested.emit(QPoint(5, 5))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) > 10
    menu.close()


def test_a_key_goes_to_the_values_in_the_detail_panel(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_F2, _SHIFT)
    assert desk.detail.isAncestorOf(desk.focus())
    desk.key(Qt.Key.Key_Escape)
    assert desk.focus() is _column(board, "Erstkontakt").view


def test_a_title_is_edited_in_place(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Film Molkerei"])
    view = _column(board, "Vorstellung").view
    desk.key(Qt.Key.Key_F2)
    edit = view.findChild(QLineEdit)
    assert edit is not None
    assert edit.text() == "Film Molkerei"
    edit.setText("Film Käserei")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.qWait(0)  # the editor is done with the next turn
    assert _cards(board, "Vorstellung") == ["Film Käserei"]
    desk.command("undo")
    assert _cards(board, "Vorstellung") == ["Film Molkerei"]
    desk.key(Qt.Key.Key_F2)
    edit = view.findChildren(QLineEdit)[-1]
    edit.setText("  ")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.qWait(0)  # the editor is done with the next turn
    assert "title" in desk.said()
    assert _cards(board, "Vorstellung") == ["Film Molkerei"]


# Moving


def test_a_card_let_go_over_a_column_is_moved_in_one_step(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    spoken: list[str] = []
    board.moving.spoken.connect(spoken.append)
    target = _column(board, "Verhandlungen")
    assert _drop(target, _carried(desk, leads["Hosting Bräu"]))
    assert desk.lead(leads["Hosting Bräu"]).stage == "Verhandlungen"
    assert _cards(board, "Erstkontakt") == []
    assert sorted(_cards(board, "Verhandlungen")) == [
        "Hosting Bräu",
        "Relaunch Stadtwerke",
    ]
    assert board.selected_ids() == [leads["Hosting Bräu"]]
    assert target.head.accessibleName() == "Verhandlungen, 2 leads, €50,000, weighted €30,000"
    assert spoken == ["Hosting Bräu moved to Verhandlungen, 1 of 2"]
    desk.command("undo")
    assert _cards(board, "Erstkontakt") == ["Hosting Bräu"]
    assert target.head.accessibleName() == "Verhandlungen, 1 lead, €40,000, weighted €24,000"


def test_several_cards_are_moved_at_once(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    spoken: list[str] = []
    board.moving.spoken.connect(spoken.append)
    ids = [leads[title] for title in ("Hosting Bräu", "Film Molkerei", "Kampagne Herbst")]
    assert _drop(_column(board, "Angebot"), _carried(desk, *ids))
    assert len(_cards(board, "Angebot")) == 3
    assert spoken == ["2 leads moved to Angebot"]
    desk.command("undo")
    assert [len(column.view.column.ids) for column in board.row.columns] == [1] * 5


def test_many_cards_are_moved_by_a_job(desk: Desk, board: Board) -> None:
    many = [add_lead(desk.store, f"Lead {n}", stage="Erstkontakt") for n in range(60)]
    assert _drop(_column(board, "Angebot"), _carried(desk, *many))
    assert len(_cards(board, "Angebot")) == 61
    assert len(board.selected_ids()) == 60


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"store": 1}', b'{"store": "elsewhere", "leads": [1]}', b"\xff\xfe", b"[" * 9999, b"null"],
)
def test_what_cannot_be_leads_of_this_store_is_not_taken(desk: Desk, board: Board, content: bytes) -> None:
    mime = QMimeData()
    mime.setData(FORMAT, content)
    assert not _drop(_column(board, "Angebot"), mime)
    assert not _drop(board.dragging.zones.zones["won"], mime)
    plain = QMimeData()
    plain.setText("Film")
    assert not _drop(_column(board, "Angebot"), plain)


def test_leads_that_are_no_numbers_or_gone_do_no_harm(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    mime = QMimeData()
    odd = {"store": str(desk.store.path), "leads": ["1", None, True, 1.5]}
    mime.setData(FORMAT, json.dumps(odd).encode())
    assert not _drop(_column(board, "Angebot"), mime)
    assert _drop(_column(board, "Angebot"), _carried(desk, 987_654))
    assert "deleted" in desk.said()


def test_a_stage_that_asks_for_more_refuses_and_the_card_returns(
    desk: Desk, board: Board, leads: dict[str, int]
) -> None:
    stage = _column(board, "Angebot").spec.key
    Stages(desk.store).edit(stage, required=("company", "period"))
    assert _drop(_column(board, "Angebot"), _carried(desk, leads["Hosting Bräu"]))
    assert "Company" in desk.said()
    assert "Service period" in desk.said()
    assert _cards(board, "Erstkontakt") == ["Hosting Bräu"]
    assert _cards(board, "Angebot") == ["Kampagne Herbst"]
    assert board.selected_ids() != [] or board.row.current_id() is not None


def test_a_retired_stage_takes_none(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    stage = _column(board, "Angebot").spec.key
    Stages(desk.store).edit(stage, retired=True)
    assert not _drop(_column(board, "Angebot"), _carried(desk, leads["Hosting Bräu"]))
    assert not _column(board, "Angebot").head.words.can_add
    _click(board, leads["Film Molkerei"])
    desk.key(Qt.Key.Key_Right, _CONTROL)  # over the retired one
    assert desk.lead(leads["Film Molkerei"]).stage == "Verhandlungen"
    _click(board, leads["Kampagne Herbst"])
    desk.key(Qt.Key.Key_Right, _CONTROL)
    assert "Angebot" not in [column.head.words.name for column in board.row.columns]


def test_the_keyboard_goes_along_with_what_is_taken_back(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_Right, _CONTROL)
    assert desk.focus() is _column(board, "Vorstellung").view
    desk.command("undo")
    assert board.selected_ids() == [leads["Hosting Bräu"]]
    assert desk.focus() is _column(board, "Erstkontakt").view


def test_a_screen_reader_hears_the_card_and_not_only_the_column(
    desk: Desk, board: Board, leads: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[QAccessibleEvent] = []
    monkeypatch.setattr("app.ui.board.view.QAccessible.updateAccessibility", told.append)
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_Right)
    QTest.qWait(0)
    view = _column(board, "Vorstellung").view
    assert (told[-1].object(), told[-1].child()) == (view, view.currentIndex().row())


def test_the_keyboard_moves_cards_on_and_back(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    spoken: list[str] = []
    board.moving.spoken.connect(spoken.append)
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_Right, _CONTROL)
    desk.key(Qt.Key.Key_Right, _CONTROL)
    assert desk.lead(leads["Hosting Bräu"]).stage == "Angebot"
    assert spoken[-1] == "Hosting Bräu moved to Angebot, 1 of 2"
    desk.key(Qt.Key.Key_Left, _CONTROL)
    assert desk.lead(leads["Hosting Bräu"]).stage == "Vorstellung"
    for _ in range(3):
        desk.key(Qt.Key.Key_Left, _CONTROL)
    assert desk.lead(leads["Hosting Bräu"]).stage == "Erstkontakt"
    desk.key(Qt.Key.Key_M)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Mündliche Zusage").trigger()
    menu.close()
    assert desk.lead(leads["Hosting Bräu"]).stage == "Mündliche Zusage"


@pytest.mark.parametrize(("command", "status"), [("won", Status.WON), ("lost", Status.LOST), ("dropped", "dropped")])
def test_zones_ask_how_leads_end(desk: Desk, board: Board, leads: dict[str, int], command: str, status: Status) -> None:
    board.dragging.begin()
    zone = board.dragging.zones.zones[command]
    assert zone.isVisible()
    ids = [leads["Hosting Bräu"], leads["Kampagne Herbst"]]

    def close(dialog: ClosingDialog) -> None:
        dialog._do.click()

    assert _drop(zone, _carried(desk, *ids))
    in_dialog(close)
    QTest.qWait(50)
    board.dragging.finish()
    assert not zone.isVisible()
    assert [desk.lead(lead).status for lead in ids] == [status, status]
    assert _cards(board, "Angebot") == []
    assert _cards(board, "Erstkontakt") == []
    desk.command("undo")
    assert _cards(board, "Angebot") == ["Kampagne Herbst"]


def test_a_card_goes_back_to_the_contact_potential(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    assert _drop(board.dragging.zones.zones["deactivate"], _carried(desk, leads["Hosting Bräu"]))
    QTest.qWait(50)
    assert desk.lead(leads["Hosting Bräu"]).status == Status.POTENTIAL


@pytest.mark.parametrize(("words", "status"), [("Contact potential", Status.POTENTIAL), ("Dropped", Status.DROPPED)])
def test_the_keyboard_ends_leads_as_the_zones_do(
    desk: Desk, board: Board, leads: dict[str, int], words: str, status: Status
) -> None:
    _click(board, leads["Hosting Bräu"])
    desk.key(Qt.Key.Key_M)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    if status == Status.DROPPED:
        in_dialog(lambda dialog: dialog._do.click())
    QTest.qWait(50)
    assert desk.lead(leads["Hosting Bräu"]).status == status


class _Drag:
    """Carries cards without a mouse: it lets go at once, over a column."""

    target: Column
    seen: tuple[bool, int, int] = (False, 0, 0)

    def __init__(self, source: QWidget) -> None:
        self._board = source.window().current_tab().board_switch.board  # type: ignore[attr-defined]

    def setMimeData(self, mime: QMimeData) -> None:
        self._mime = mime

    def setPixmap(self, pixmap: QPixmap) -> None:
        self._height = pixmap.height()

    def setHotSpot(self, spot: QPoint) -> None:
        self._spot = spot

    def exec(self, _action: Qt.DropAction) -> None:
        zones = self._board.dragging.zones.isVisible()
        _Drag.seen = (zones, self._height, len(unpacked(self._mime, str(self._board._context.office.store.path))))
        assert _drop(_Drag.target, self._mime)


def test_the_mouse_carries_what_is_chosen(
    desk: Desk, board: Board, leads: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.board.dragging.QDrag", _Drag)
    _Drag.target = _column(board, "Verhandlungen")
    _click(board, leads["Film Molkerei"])
    _click(board, leads["Kampagne Herbst"], _CONTROL)
    view = _column(board, "Angebot").view
    at = view.visualRect(view.column.index(0)).center()
    QTest.mousePress(view.viewport(), _LEFT, _NONE, at)
    for step in (5, 30):
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(at + QPoint(step, step)), QPointF(at), _LEFT, _LEFT, _NONE
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), move)
    zones, height, count = _Drag.seen
    assert (zones, count) == (True, 2)
    assert height > view.visualRect(view.column.index(0)).height()
    assert len(_cards(board, "Verhandlungen")) == 3
    assert not board.dragging.zones.isVisible()


def test_near_an_edge_the_column_scrolls(desk: Desk, board: Board, qtbot: QtBot) -> None:
    for n in range(40):
        add_lead(desk.store, str(n), stage="Erstkontakt")
    view = _column(board, "Erstkontakt").view
    view.updateGeometries()
    bottom = view.viewport().mapToGlobal(QPoint(20, view.viewport().height() - 3))
    board.dragging.scroll(bottom)
    assert view.verticalScrollBar().value() > 0
    board.row.set_width(500)
    qtbot.waitUntil(lambda: board.row.horizontalScrollBar().maximum() > 0)
    right = board.row.viewport().mapToGlobal(QPoint(board.row.viewport().width() - 3, 40))
    board.dragging.scroll(right)
    assert board.row.horizontalScrollBar().value() > 0
    board.dragging.scroll(QPoint(-5000, -5000))


# Other columns


def test_by_responsible_a_drop_makes_somebody_responsible(desk: Desk, leads: dict[str, int]) -> None:
    other = add_member(desk.store, "Ben Adler", "BA")
    board = _turn(desk)
    desk.window.current_tab().board_switch.group_by(Grouping.RESPONSIBLE)
    assert [column.head.words.name for column in board.row.columns] == ["Anna Kern", "Ben Adler", "nobody"]
    assert _drop(_column(board, "Ben Adler"), _carried(desk, leads["Hosting Bräu"]))
    assert desk.lead(leads["Hosting Bräu"]).user_id == other
    assert _drop(_column(board, "nobody"), _carried(desk, leads["Hosting Bräu"]))
    assert desk.lead(leads["Hosting Bräu"]).user_id is None
    desk.command("undo")
    desk.command("undo")
    assert desk.lead(leads["Hosting Bräu"]).user_id == 1


def test_by_month_a_drop_moves_the_period_and_keeps_its_length(desk: Desk) -> None:
    lead = add_lead(desk.store, "Long", period=("2026-12", "2027-02"))
    late = add_lead(desk.store, "Late", period=("2026-01", "2026-02"))
    add_lead(desk.store, "Far", period=("2035-01", "2035-02"))
    board = _turn(desk)
    desk.window.current_tab().board_switch.group_by(Grouping.MONTH)
    assert [board.row.columns[0].spec.key, board.row.columns[-2].spec.key] == [PAST, FAR]
    assert _drop(_column(board, "Feb 27"), _carried(desk, lead, late))
    assert [(desk.lead(i).period_first, desk.lead(i).period_last) for i in (lead, late)] == [
        (month("2027-02"), month("2027-04")), (month("2027-02"), month("2027-03")),
    ]  # fmt: skip
    assert board.row.columns[0].head.words.name == "Nov 26"
    assert not _drop(_column(board, "later"), _carried(desk, lead))
    assert _drop(_column(board, "without service period"), _carried(desk, lead))
    assert desk.lead(lead).period_first is None
    desk.command("undo")
    desk.command("undo")
    assert desk.lead(late).period_first == month("2026-01")
    assert board.row.columns[0].spec.key == PAST


def test_by_month_a_key_puts_leads_off_month_after_month_and_keeps_their_length(desk: Desk) -> None:
    lead = add_lead(desk.store, "Umzug", period=("2027-08", "2027-10"))
    board = _turn(desk)
    desk.window.current_tab().board_switch.group_by(Grouping.MONTH)
    _click(board, lead)
    for first in ("2027-09", "2027-10", "2027-11"):
        desk.key(Qt.Key.Key_Right, _CONTROL)
        assert desk.lead(lead).period_first == month(first)
        QTest.qWait(1)
        column = board.row.column(month(first))
        assert column is not None
        right = column.mapTo(board.row.viewport(), column.rect().topRight()).x()
        assert right <= board.row.viewport().width()
    assert desk.lead(lead).period_last == month("2028-01")
    assert board.selected_ids() == [lead]


def test_by_source_a_drop_sets_the_source(desk: Desk, leads: dict[str, int]) -> None:
    Catalogue(desk.store).create("source", "Fair & Square")
    board = _turn(desk)
    desk.window.current_tab().board_switch.group_by(Grouping.SOURCE)
    assert _drop(_column(board, "Fair & Square"), _carried(desk, leads["Hosting Bräu"]))
    assert desk.lead(leads["Hosting Bräu"]).source == "Fair & Square"
    assert _drop(board.row.column(WITHOUT), _carried(desk, leads["Hosting Bräu"]))  # type: ignore[arg-type]
    assert desk.lead(leads["Hosting Bräu"]).source is None


def test_columns_are_collapsed_and_still_take_cards(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    column = _column(board, "Angebot")
    column.head.setFocus()
    board.row.collapse(column, True)
    assert not column.view.isVisible()
    assert column.width() < 60
    _click(board, leads["Film Molkerei"])
    desk.key(Qt.Key.Key_Right)  # past what is folded away
    assert board.selected_ids() == [leads["Relaunch Stadtwerke"]]
    assert _drop(column, _carried(desk, leads["Film Molkerei"]))
    assert column.collapsed
    assert desk.lead(leads["Film Molkerei"]).stage == "Angebot"
    desk.window.current_tab().panel.go_to(leads["Film Molkerei"])
    assert column.view.isVisible()
    assert board.selected_ids() == [leads["Film Molkerei"]]


def test_the_menu_of_a_head_does_what_the_mouse_does(desk: Desk, board: Board) -> None:
    def choose(words: str) -> None:
        head.setFocus()
        desk.key(Qt.Key.Key_Return)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.text() == words).trigger()
        menu.close()

    head = _column(board, "Angebot").head
    before = board.row.columns[0].width()
    choose("Wider")
    assert board.row.columns[0].width() > before
    choose("As wide as there is room")
    assert board.row.columns[0].width() == before
    choose("Collapse the others")
    assert [column.collapsed for column in board.row.columns] == [True, True, False, True, True]
    choose("Expand all")
    choose("Select all in it")
    assert board.selected_ids() == list(_column(board, "Angebot").view.column.ids)
    choose("Collapse")
    desk.key(Qt.Key.Key_Return)
    assert not _column(board, "Angebot").collapsed


def test_the_menu_of_a_head_opens_below_the_pointer(desk: Desk, board: Board) -> None:
    asked: list[QPoint] = []
    head = _column(board, "Angebot").head
    head.menuAsked.disconnect()
    head.menuAsked.connect(asked.append)
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(head.width() - 60, 40))
    head.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert [head.mapFromGlobal(at) for at in asked] == [QPoint(x, head.height()) for x in (head.width() - 60, 0)]


def test_a_new_lead_in_a_column_has_its_stage_and_probability(desk: Desk, board: Board) -> None:
    """T4: a quick lead in the third column got the first one's probability."""

    def fill(form: LeadForm) -> None:
        form.controls.title.setText("Neuer Film")
        form.save()

    in_dialog(fill)
    _column(board, "Angebot").head.addAsked.emit()
    lead = desk.lead(board.selected_ids()[0])
    assert (lead.title, lead.stage, lead.probability, lead.own_probability) == ("Neuer Film", "Angebot", 60, False)


def test_a_new_lead_in_a_month_begins_there(desk: Desk, board: Board) -> None:
    desk.window.current_tab().board_switch.group_by(Grouping.MONTH)

    def fill(form: LeadForm) -> None:
        form.controls.title.setText("Januar")
        form.save()

    in_dialog(fill)
    _column(board, "Jan 27").head.addAsked.emit()
    assert _cards(board, "Jan 27") == ["Januar"]


# What changes


def test_filters_narrow_the_board_and_double_no_card(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    """T18: a filter change doubled cards until they were read anew."""
    for text in ("molk", "", "bräu", "", "molk"):
        desk.panel.filter.setText(text)
        desk.command("refresh")
    assert [len(column.view.column.ids) for column in board.row.columns] == [0, 1, 0, 0, 0]
    Leads(desk.store).edit([leads["Hosting Bräu"]], title="Molkerei Zwei")
    assert _cards(board, "Erstkontakt") == ["Molkerei Zwei"]
    desk.panel.filter.clear()
    desk.panel.ask(user_id=999)
    assert sum(len(column.view.column.ids) for column in board.row.columns) == 0
    desk.panel.widen()
    ids = [lead for column in board.row.columns for lead in column.view.column.ids]
    assert len(ids) == len(set(ids)) == 5


def test_a_saved_view_holds_for_the_board(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    tree = Condition("stage", Op.IS, (_column(board, "Angebot").spec.key,))
    desk.panel.ask(filter=tree)
    assert [len(column.view.column.ids) for column in board.row.columns] == [0, 0, 1, 0, 0]
    desk.window.current_tab().views.take(None)
    assert [len(column.view.column.ids) for column in board.row.columns] == [1] * 5


def test_tab_stops_at_every_head_and_at_the_cards_one_is_in(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    _click(board, leads["Kampagne Herbst"])
    stops = [desk.focus()]
    for _ in range(2):
        desk.key(Qt.Key.Key_Tab)
        stops.append(desk.focus())
    columns = board.row.columns
    assert stops == [columns[2].view, columns[3].head, columns[4].head]
    for _ in range(3):
        desk.key(Qt.Key.Key_Backtab)
    assert desk.focus() is columns[2].head


def test_a_change_moves_what_it_touched_and_nothing_else(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    more = [add_lead(desk.store, f"Lead {n}", stage="Angebot") for n in range(30)]
    view = _column(board, "Angebot").view
    resets: list[object] = []
    for column in board.row.columns:
        column.view.column.modelReset.connect(lambda: resets.append(1))
    _click(board, view.column.ids[1])
    QTest.qWait(0)  # what was added has its place by then
    view.verticalScrollBar().setValue(400)
    chosen = board.selected_ids()
    Leads(desk.store).set_next_step([more[3]], NextStep(TODAY - timedelta(days=1)))
    assert view.column.ids[0] == more[3]
    Leads(desk.store).move([more[3]], _column(board, "Vorstellung").spec.key)
    assert (resets, board.selected_ids(), view.verticalScrollBar().value()) == ([], chosen, 400)
    assert _cards(board, "Vorstellung")[0] == "Lead 3"


def test_what_others_change_meanwhile_is_seen_later(desk: Desk, board: Board, leads: dict[str, int]) -> None:
    desk.window.go_to("closed")
    Leads(desk.store).move([leads["Hosting Bräu"]], _column(board, "Angebot").spec.key)
    desk.window.go_to("leads")
    assert len(_cards(board, "Angebot")) == 2


def test_what_changes_while_the_board_is_read_for_the_first_time_is_shown(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    held = HeldJobs()
    made = Board(replace(desk.context, jobs=held), list, lambda wording, totals: ([], ""))
    qtbot.addWidget(made)
    made.show()
    made.show_query(ListQuery((Status.ACTIVE,)), narrowed=False)
    job, progress = held.jobs.pop(0)
    found = job.work(progress)
    Leads(desk.store).move([leads["Hosting Bräu"]], 3)
    job.then(found)
    held.finish()
    assert "Hosting Bräu" in _cards(made, "Angebot")


def test_the_keyboard_comes_to_a_board_that_was_read_whatever_takes_it_meanwhile(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    """The panel beside the board changes its page when another lead is chosen, and Qt sends the keyboard there."""
    window, held = QWidget(), HeldJobs()
    qtbot.addWidget(window)
    made = Board(replace(desk.context, jobs=held), list, lambda wording, totals: ([], ""))
    thief = QLineEdit()
    box = QVBoxLayout(window)
    box.addWidget(made)
    box.addWidget(thief)
    window.show()

    def steal() -> None:
        made.setFocus()
        thief.setFocus()

    made.selectedIdsChanged.connect(steal)
    made.setFocus()
    made.show_query(ListQuery((Status.ACTIVE,)), narrowed=False)
    made.go_to(leads["Film Molkerei"])
    held.finish()
    assert made.selected_ids() == [leads["Film Molkerei"]]
    assert window.focusWidget() is _column(made, "Vorstellung").view


def test_renamed_companies_and_members_are_worded_anew(store: Store, opening: Open) -> None:
    lead = add_lead(store, "Film", user_id=1)
    Leads(store).edit([lead], company="Alt AG")
    board = _turn(opening())
    model = _column(board, "Erstkontakt").view.column
    company = Catalogue(store).complete("company", "alt")[0].id
    Catalogue(store).rename("company", company, "Neu AG")
    card = model.card(0)
    assert card is not None
    assert card.company == "Neu AG"


def test_going_to_a_lead_that_a_filter_hides_takes_the_filter_back(
    desk: Desk, board: Board, leads: dict[str, int]
) -> None:
    desk.panel.filter.setText("molk")
    desk.panel.go_to(leads["Hosting Bräu"])
    assert board.selected_ids() == [leads["Hosting Bräu"]]
    assert desk.panel.filter.text() == ""


def test_with_threads_the_last_letter_and_every_move_count(opening: Open, leads: dict[str, int], qtbot: QtBot) -> None:
    desk = opening(threads=True)
    many = [add_lead(desk.store, f"Lead {n}") for n in range(50)]
    board = _turn(desk)
    qtbot.waitUntil(lambda: not board.reading and len(_cards(board, "Erstkontakt")) == 51)
    qtbot.waitUntil(lambda: board.isAncestorOf(desk.focus()))
    for text in ("m", "mo", "mol", "molk"):
        desk.panel.filter.setText(text)
    qtbot.waitUntil(lambda: not board.reading)
    assert _cards(board, "Vorstellung") == ["Film Molkerei"]
    assert _cards(board, "Erstkontakt") == []
    desk.panel.filter.clear()
    qtbot.waitUntil(lambda: not board.reading)
    spoken: list[str] = []
    board.moving.spoken.connect(spoken.append)
    board.moving.drop(_column(board, "Angebot"), many)
    board.moving.drop(_column(board, "Vorstellung"), [leads["Kampagne Herbst"]])
    qtbot.waitUntil(lambda: len(spoken) > 0 and not board.reading and desk.context.jobs.idle)  # type: ignore[attr-defined]
    assert len(_cards(board, "Angebot")) == 50
    assert sorted(_cards(board, "Vorstellung")) == ["Film Molkerei", "Kampagne Herbst"]
    head = _column(board, "Angebot").head.accessibleName()
    assert head == "Angebot, 50 leads, €500,000, weighted €150,000"


@pytest.mark.parametrize("cards", [5, 400])
def test_statements_do_not_grow_with_the_cards(store: Store, opening: Open, cards: int) -> None:
    """P6: eight at most for the whole board."""
    for n in range(cards):
        add_lead(store, str(n), stage="Angebot")
    desk = opening()
    board = _turn(desk)
    with _Counted(store) as statements:
        board._cards.forget_all()
        desk.panel.reload()
        desk.window.grab()
    assert len(statements) <= 8


class _Counted(list[str]):
    """The statements of readers while it is open."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._engine = store._reading

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.append(statement)


@pytest.fixture(autouse=True)
def _no_menu_left() -> Iterator[None]:
    yield
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
