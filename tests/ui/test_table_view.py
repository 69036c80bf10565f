"""The table keeps one's place, is driven by keys, and shows what belongs there."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from app.core.errors import StorageError
from app.core.i18n import Text
from app.ui.colours import contrast
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.theme import Density, Mode, Theme
from tests.ui.test_table_model import Item

COLUMNS = (
    Column[Item]("name", "Lead", lambda row: row.name, width=200, weight=Weight.STRONG, sort="name", flex=1),
    Column[Item]("amount", "Amount", lambda row: f"{row.id} €", Kind.NUMBER, 100, sort="amount"),
    Column[Item]("stage", "Stage", lambda row: "Offer · 30 %", Kind.PILL, 140),
    Column[Item]("who", "Resp.", lambda row: "AK", Kind.AVATAR, 60, spoken=lambda row: "Anna Kern"),
    Column[Item]("due", "Next step", lambda row: "overdue", tone=lambda row: Tone.LOST, visible=False),
)


def fetch(ids: Sequence[int]) -> list[Item]:
    return [Item(id_, f"Lead {id_}\twith tab") for id_ in ids]


@pytest.fixture
def model(qtbot: QtBot) -> WindowedModel[Item]:
    return WindowedModel(COLUMNS, fetch)


@pytest.fixture
def view(theme: Theme, model: WindowedModel[Item], qtbot: QtBot) -> TableView:
    model.set_ids(range(1000, 2000))
    table = TableView(theme, model, "Leads")
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show()
    qtbot.waitExposed(table)
    return table


def shot(view: TableView) -> QImage:
    return view.viewport().grab().toImage()


def test_the_first_page_then_all_keeps_scroll_and_selection(
    theme: Theme, model: WindowedModel[Item], qtbot: QtBot
) -> None:
    model.set_ids(range(60))
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    view.select_id(40)
    before = view.verticalScrollBar().value()
    with qtbot.assertNotEmitted(view.currentIdChanged), qtbot.assertNotEmitted(view.selectedIdsChanged):
        model.set_ids(range(5000))
    assert (view.current_id(), view.selected_ids(), view.verticalScrollBar().value()) == (40, [40], before)


def test_of_all_rows_chosen_qt_is_told_of_one_cell_to_be_read(view: TableView, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def hear(_view: QTableView, chosen: QItemSelection, _before: QItemSelection) -> None:
        told.append(len(chosen.indexes()))

    monkeypatch.setattr(QTableView, "selectionChanged", hear)
    view.selectAll()
    assert told == [1]
    assert len(view.selected_ids()) == 1000


def test_a_new_order_keeps_the_row_where_the_eye_is(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    view.select_id(1500)
    top = view.visualRect(view.currentIndex()).top()
    with qtbot.assertNotEmitted(view.currentIdChanged):
        model.set_ids(list(range(1999, 999, -1)))
    assert view.current_id() == 1500
    assert view.selected_ids() == [1500]
    assert view.visualRect(view.currentIndex()).top() == top


def test_a_selection_of_many_survives_a_new_order(view: TableView, model: WindowedModel[Item]) -> None:
    view.selectAll()
    model.set_ids(list(range(1999, 1009, -1)))
    assert view.selected_ids() == list(range(1999, 1009, -1))


def test_a_current_row_that_left_is_news(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    view.select_id(1500)
    with qtbot.waitSignal(view.currentIdChanged) as told:
        model.set_ids([1, 2, 3])
    assert told.args == [None]
    assert view.selected_ids() == []


def test_ids_beyond_32_bits_are_carried(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids([2**40, 2**40 + 1])
    with qtbot.waitSignal(view.currentIdChanged) as told:
        view.select_id(2**40 + 1)
    assert told.args == [2**40 + 1]


def test_home_and_end_are_first_and_last(view: TableView, qtbot: QtBot) -> None:
    view.setFocus()
    view.select_id(1500)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current_id() == 1999
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.current_id() == 1000
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.current_id() not in (None, 1000)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_the_focus_is_seen_on_a_selected_row(view: TableView, theme: Theme, qtbot: QtBot, mode: Mode) -> None:
    theme.use(mode=mode)
    other = QLineEdit()
    qtbot.addWidget(other)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus()
    view.select_id(1001)
    edge = view.visualRect(view.currentIndex()).center().x(), view.visualRect(view.currentIndex()).top()
    with_focus = shot(view).pixelColor(*edge)
    view.clearFocus()
    without = shot(view).pixelColor(*edge)
    assert contrast(with_focus.name(), without.name()) >= 3


def test_who_comes_by_the_keyboard_stands_on_a_row_that_is_chosen(view: TableView, qtbot: QtBot) -> None:
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.selected_ids() == [view.current_id()] == [1000]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_an_avatar_is_seen_on_a_selected_row(view: TableView, theme: Theme, mode: Mode) -> None:
    theme.use(mode=mode)
    view.select_id(1001)
    span = next(span for span in view._spans() if COLUMNS[span.column].key == "who")
    row = view.visualRect(view.currentIndex())
    image = shot(view)
    circle = image.pixelColor(span.left + 9 + 3, row.center().y())
    ground = image.pixelColor(span.left + 4, row.center().y())
    assert contrast(circle.name(), ground.name()) >= 3


def test_ctrl_a_and_shift_select(view: TableView, qtbot: QtBot) -> None:
    view.select_id(1000)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_ids() == [1000, 1001]
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.selected_ids()) == 1000


def test_enter_and_double_click_open(view: TableView, qtbot: QtBot) -> None:
    view.select_id(1001)
    with qtbot.waitSignal(view.opened) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [1001]
    at = view.visualRect(view.model().index(2, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(view.opened) as told:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [1002]


def test_typing_does_not_jump(view: TableView, qtbot: QtBot) -> None:
    view.select_id(1000)
    view.keyboardSearch("Lead 1500")
    assert view.current_id() == 1000


def test_copy_is_a_table_with_titles(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == [
        "Lead\tAmount\tStage\tResp.",
        "Lead 1000 with tab\t1000 €\tOffer · 30 %\tAnna Kern",
        "Lead 1001 with tab\t1001 €\tOffer · 30 %\tAnna Kern",
    ]


def test_copy_follows_the_columns_shown(view: TableView) -> None:
    view.header.set_shown(0, shown=False)
    view.header.moveSection(view.header.visualIndex(2), 0)
    view.selectRow(0)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Stage\tAmount\tResp.\nOffer · 30 %\t1000 €\tAnna Kern"


def test_a_title_sorts_figures_downwards_first(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    header = view.header
    asked: list[tuple[str, bool]] = []
    model.sortRequested.connect(lambda key, descending: asked.append((key, descending)))
    for column in (1, 1, 0, 2):
        x = header.sectionViewportPosition(column) + 20
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert asked == [("amount", True), ("amount", False), ("name", False)]
    assert header.sorted_by == ("name", False)


def test_the_layout_is_remembered(view: TableView, theme: Theme, model: WindowedModel[Item], qtbot: QtBot) -> None:
    view.header.moveSection(0, 2)
    view.header.resizeSection(1, 155)
    view.header.set_shown(4, shown=True)
    view.show_sorted("amount", descending=True)
    state = json.loads(json.dumps(view.save_state()))
    others = WindowedModel(COLUMNS, fetch)
    other = TableView(theme, others, "Leads")
    qtbot.addWidget(other)
    with qtbot.waitSignal(others.sortRequested) as asked:
        other.restore_state(state)
    assert asked.args == ["amount", True]
    assert other.save_state() == state
    assert other.header.sectionSize(1) == 155
    assert not other.header.isSectionHidden(4)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"columns": [], "sort": None},
        {"columns": [["unknown", 50, True]], "sort": ["unknown", True]},
        {"columns": [[column.key, 0, False] for column in COLUMNS], "sort": None},
        {"columns": [["who", 80, True]], "sort": None},
    ],
)
def test_a_state_of_another_version_does_no_harm(view: TableView, state: dict[str, object]) -> None:
    view.restore_state(state)
    assert view.header.hiddenSectionCount() < len(COLUMNS)
    assert {view.header.logicalIndex(i) for i in range(len(COLUMNS))} == set(range(len(COLUMNS)))


def test_room_left_over_goes_to_the_flexible_column(view: TableView) -> None:
    view.resize(900, 400)
    assert view.header.length() == view.viewport().width()
    assert view.header.sectionSize(1) == 100
    view.header.resizeSection(0, 250)
    view.resize(1000, 400)
    assert view.header.sectionSize(0) == 250


def test_the_last_column_cannot_be_hidden(view: TableView) -> None:
    for index in (0, 1, 2):
        view.header.set_shown(index, shown=False)
    menu = view.header.column_menu(view)
    shown = [action for action in menu.actions() if action.isChecked()]
    assert [action.text() for action in shown] == ["Resp."]
    assert not shown[0].isEnabled()


def test_a_flexible_column_yields_where_the_table_need_not_scroll_then(view: TableView) -> None:
    view.resize(450, 400)
    assert 140 <= view.header.sectionSize(0) < 200
    assert view.header.length() <= view.viewport().width()
    view.resize(300, 400)
    assert view.header.sectionSize(0) == 200
    view.resize(700, 400)
    assert view.header.sectionSize(0) > 200


def test_widths_are_those_seen_when_one_was_chosen(theme: Theme, model: WindowedModel[Item], qtbot: QtBot) -> None:
    def opened(state: dict[str, Any]) -> TableView:
        made = TableView(theme, WindowedModel(COLUMNS, fetch), "Leads")
        qtbot.addWidget(made)
        made.restore_state(state)
        made.resize(700, 400)
        made.show()
        return made

    first = opened({})
    before = first.header.sectionSize(0)
    first.header.resizeSection(1, 260)
    again = opened(json.loads(json.dumps(first.save_state())))
    assert [again.header.sectionSize(i) for i in (0, 1)] == [before, 260], "a flexible column did not give way"
    again.resize(1300, 400)
    assert again.header.sectionSize(0) > before
    again.header.resizeSection(0, 150)
    once_more = opened(json.loads(json.dumps(again.save_state())))
    assert [once_more.header.sectionSize(i) for i in (0, 1)] == [150, 260]
    once_more.header.begin_anew()
    assert once_more.header.sectionSize(0) == before


def test_the_column_menu_shows_and_hides_and_resets(view: TableView) -> None:
    menu = view.header.column_menu(view)
    next(action for action in menu.actions() if action.text() == "Next step").trigger()
    assert not view.header.isSectionHidden(4)
    menu.actions()[-1].trigger()
    assert view.header.isSectionHidden(4)


def test_a_hidden_column_stays_hidden_when_the_rows_are_replaced(view: TableView, model: WindowedModel[Item]) -> None:
    view.header.set_shown(1, shown=False)
    widths = view.header.save()
    model.set_ids([3, 1])
    assert view.header.isSectionHidden(1)
    assert view.header.save() == widths


def test_a_selected_row_that_comes_with_the_rest_stays_selected(
    view: TableView, model: WindowedModel[Item], qtbot: QtBot
) -> None:
    model.set_ids([1, 2, 3, 4])
    view.select_id(4)
    told: list[list[int]] = []
    view.selectedIdsChanged.connect(lambda: told.append(view.selected_ids()))
    model.set_ids([2, 1], more=True)
    model.set_ids([2, 1, 4, 3])
    assert view.selected_ids() == [4]
    assert view.current_id() == 4
    assert told == [[4]], "nobody hears of the moment without it"


def test_an_empty_table_says_what_belongs_here(view: TableView, model: WindowedModel[Item], qtbot: QtBot) -> None:
    done: list[int] = []
    view.tell_when_empty("Nothing yet.", "plus", "New lead", lambda: done.append(1))
    button = next(button for button in view.findChildren(QPushButton) if button.text() == "New lead")
    assert not button.isVisible()
    model.set_ids([])
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]
    model.set_ids([1])
    assert not button.isVisible()


def test_an_empty_table_shows_that_the_keyboard_is_in_it(
    view: TableView, model: WindowedModel[Item], theme: Theme, qtbot: QtBot
) -> None:
    other = QLineEdit(view)
    other.show()
    view.tell_when_empty("Nothing yet.", "plus")
    model.set_ids([])
    corner = view.viewport().geometry().bottomRight()
    accent = QColor(theme.tokens.accent).name()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert view.grab().toImage().pixelColor(corner).name() == accent
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert view.grab().toImage().pixelColor(corner).name() != accent


def test_a_selected_row_is_marked_by_colour_and_bar(view: TableView, theme: Theme) -> None:
    plain = shot(view)
    view.clearSelection()
    view.selectRow(1)
    image = shot(view)
    middle = theme.row_height + theme.row_height // 2
    assert image.pixelColor(1, middle).name() == QColor(theme.tokens.accent).name()
    assert image.pixelColor(195, theme.row_height + 3).name() == QColor(theme.tokens.selection).name()
    assert plain.pixelColor(1, middle).name() == QColor(theme.tokens.surface).name()


def test_a_pill_is_drawn_readable(view: TableView, theme: Theme) -> None:
    left = view.columnViewportPosition(2)
    image = shot(view)
    colours = {image.pixelColor(left + x, theme.row_height // 2).name() for x in range(140)}
    assert QColor(theme.tokens.neutral_background).name() in colours


def test_long_text_is_elided_within_its_column(view: TableView, model: WindowedModel[Item], theme: Theme) -> None:
    view.header.resizeSection(0, 60)
    shot(view)
    cell = model.cell(0, 0)
    assert cell.elided.endswith("…")
    assert cell.width <= 60
    assert model.data(model.index(0, 0), int(Qt.ItemDataRole.ToolTipRole)) == cell.text
    view.header.resizeSection(0, 300)
    shot(view)
    assert cell.elided == cell.text
    assert model.data(model.index(0, 0), int(Qt.ItemDataRole.ToolTipRole)) is None


def test_a_figure_loses_its_decimals_before_it_is_cut_off(theme: Theme, qtbot: QtBot) -> None:
    column = Column[Item](
        "amount", "Amount", lambda row: "100.245,67 €", Kind.NUMBER, 200, short=lambda row: ("100.246 €", "100 k €")
    )
    model = WindowedModel((column,), fetch)
    model.set_ids([1])
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    view.resize(400, 200)
    for width, words in ((200, "100.245,67 €"), (96, "100.246 €"), (80, "100 k €"), (200, "100.245,67 €")):
        view.header.resizeSection(0, width)
        shot(view)
        assert model.cell(0, 0).elided == words


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("scale", [100, 200])
def test_it_paints_in_every_look(view: TableView, theme: Theme, mode: Mode, scale: int) -> None:
    theme.use(mode=mode, scale=scale, density=Density.COMPACT)
    assert view.rowHeight(0) == theme.row_height == 30 * scale // 100
    assert (
        shot(view).pixelColor(view.viewport().width() - 2, theme.row_height + 2).name()
        == QColor(theme.tokens.surface).name()
    )


@pytest.mark.parametrize("name", ["", "\u202eRTL", "e\u0301" * 200, "👩‍👩‍👧‍👦" * 30, "<b>no markup</b>", "\x00\x07"])
def test_odd_texts_are_painted(theme: Theme, qtbot: QtBot, name: str) -> None:
    model = WindowedModel(COLUMNS[:1], lambda ids: [Item(id_, name) for id_ in ids])
    model.set_ids([1])
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    view.resize(150, 100)
    view.show()
    assert not shot(view).isNull()


def test_hovering_tints_one_row(view: TableView, theme: Theme, qtbot: QtBot) -> None:
    view.clearSelection()
    view._hover(2)
    image = shot(view)
    assert image.pixelColor(195, 2 * theme.row_height + 3).name() == QColor(theme.tokens.hover).name()
    view._hover(-1)
    assert shot(view).pixelColor(195, 2 * theme.row_height + 3).name() == QColor(theme.tokens.surface).name()


def test_the_keyboard_menu_opens_at_the_row(view: TableView, qtbot: QtBot) -> None:
    view.select_id(1003)
    with qtbot.waitSignal(view.menuRequested) as asked:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
        view.contextMenuEvent(event)
    assert asked.args is not None
    local = view.viewport().mapFromGlobal(asked.args[0])
    assert abs(local.y() - 4 * view.rowHeight(0)) <= 2


def test_an_error_while_painting_leaves_the_view_able_to_paint(
    view: TableView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = shot(view)
    with monkeypatch.context() as broken, qtbot.captureExceptions() as raised:
        broken.setattr(view._painter, "background", lambda *_: 1 / 0)
        for _ in range(3):
            view.viewport().update()
            qtbot.wait(20)
    assert {kind for kind, *_ in raised} == {ZeroDivisionError}
    assert shot(view) == good


def test_rows_that_cannot_be_read_are_painted_blank(theme: Theme, qtbot: QtBot) -> None:
    def fetch(ids: Sequence[int]) -> list[Item]:
        raise StorageError(Text("The disk could not be read."))

    model = WindowedModel(COLUMNS, fetch)
    model.set_ids(range(100))
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    with qtbot.captureExceptions() as raised:
        shot(view)
        assert not raised
        qtbot.wait(50)
        told = len(raised)
        shot(view)
        qtbot.wait(50)
    assert told == len(raised) > 0


@pytest.mark.parametrize(
    "state",
    [
        {"columns": None, "sort": 5},
        {"columns": {"name": 100}, "sort": "name"},
        {"columns": ["name", ["name"], ["name", 100], [["name"], 100, True], ["name", "100", True]], "sort": []},
        {"columns": [["name", -5, True], ["name", 10**9, True], ["name", 100, "yes"]], "sort": ["name"]},
        {"columns": [["gone", 100, True]], "sort": ["gone", True]},
        {"columns": [], "sort": [None, True]},
    ],
    ids=["null", "mapping", "older", "figures", "gone", "nothing"],
)
def test_what_does_not_fit_of_a_remembered_state_is_forgotten(view: TableView, state: dict[str, Any]) -> None:
    before = view.save_state()
    view.restore_state(state)
    assert view.save_state() == before


def test_of_a_column_remembered_twice_one_is_kept(view: TableView) -> None:
    view.restore_state({"columns": [["amount", 90, True], ["amount", 120, True], ["name", 0, True]]})
    assert view.save_state()["columns"][:2] == [["amount", 120, True], ["name", 0, True]]
