"""A table in groups: which rows there are, how they are folded and chosen, what a screen reader hears."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from app.ui.tables.columns import Cell, Column, Figure, Kind
from app.ui.tables.grouped_model import GroupedModel
from app.ui.tables.groups import GroupLine, Layout, Path
from app.ui.tables.model import BLOCK
from app.ui.tables.view import TableView
from app.ui.theme import Density, Mode, Theme
from tests.ui.test_table_model import Item, Rows

COLUMNS = (
    Column[Item]("name", "Lead", lambda row: row.name, width=200, sort="name", flex=1),
    Column[Item]("stage", "Stage", lambda row: "Offer", Kind.PILL, 140),
    Column[Item]("amount", "Amount", lambda row: f"{row.id} €", Kind.NUMBER, 100, sort="amount"),
)
_CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Part:
    """A group for tests."""

    path: Path
    first: int
    count: int


def cell(text: str) -> Cell:
    return Cell(text, "", "", "", text, None)


def describe(group: Part) -> GroupLine:
    name = f"Group {'/'.join(map(str, group.path))}"
    spoken = f"{name}, {group.count} leads, Amount {group.count * 10} €"
    count, amount = figure(group.count), figure(group.count * 10)
    figures = {"amount": cell(f"{group.count * 10} €")}
    return GroupLine(cell(name), cell(f"{group.count} leads"), figures, spoken, count, {"amount": amount})


def figure(n: int) -> Figure:
    return Figure(str(n), Decimal(n))


#: Two outer groups; the first has two inner ones. A row is an id, or the name of a group.
NESTED = (Part(("a",), 0, 4), Part(("a", 1), 0, 3), Part(("a", 2), 3, 1), Part(("b",), 4, 2), Part(("b", 1), 4, 2))
IDS = (10, 11, 12, 13, 20, 21)


def shown(model: GroupedModel[Item]) -> list[int | Path]:
    """What stands in each row."""
    return [mark for row in range(model.rowCount()) if (mark := model.mark_at(row)) is not None]


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def model(rows: Rows, qtbot: QtBot) -> GroupedModel[Item]:
    made = GroupedModel(COLUMNS, rows.fetch, describe)
    made.set_layout(Layout(IDS, NESTED, ()))
    return made


@pytest.fixture
def view(theme: Theme, model: GroupedModel[Item], qtbot: QtBot) -> TableView:
    table = TableView(theme, model, "Leads")
    qtbot.addWidget(table)
    table.resize(700, 500)
    table.show()
    qtbot.waitExposed(table)
    table.activateWindow()
    return table


def press(view: TableView, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(view, key, held)


def click(
    view: TableView, row: int, x: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:  # fmt: skip
    at = QPoint(x, view.visualRect(view.model().index(row, 0)).center().y())
    QTest.mouseClick(view.viewport(), button, held, at)


def test_groups_stand_before_what_is_in_them(model: GroupedModel[Item]) -> None:
    assert shown(model) == [("a",), ("a", 1), 10, 11, 12, ("a", 2), 13, ("b",), ("b", 1), 20, 21]
    assert list(model.ids) == list(IDS)


def test_it_is_a_model_as_qt_expects(model: GroupedModel[Item], qtbot: QtBot) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.fold(1, True)
    model.fold(0, True)
    model.fold(0, False)
    model.fold_all(True)
    model.reveal([13])
    model.fold_all(False)
    model.set_ids([1, 2])
    model.set_layout(Layout((), (), ()))
    assert tester.model() is model


def test_folding_hides_what_is_in_a_group_and_unfolding_shows_it_as_it_was(model: GroupedModel[Item]) -> None:
    model.fold(1, True)
    assert shown(model) == [("a",), ("a", 1), ("a", 2), 13, ("b",), ("b", 1), 20, 21]
    model.fold(0, True)
    assert shown(model) == [("a",), ("b",), ("b", 1), 20, 21]
    model.fold(3, True)
    assert shown(model) == [("a",), ("b",)]
    model.fold(0, False)
    assert shown(model) == [("a",), ("a", 1), ("a", 2), 13, ("b",)]


def test_a_layout_with_folded_groups_is_what_folding_makes_of_it(model: GroupedModel[Item]) -> None:
    for number in (3, 2):
        model.fold(number, True)
    assert shown(model) == [("a",), ("a", 1), 10, 11, 12, ("a", 2), ("b",)]
    again = GroupedModel(COLUMNS, Rows().fetch, describe)
    again.set_layout(Layout(IDS, NESTED, model.folded))
    assert shown(again) == shown(model)


def test_only_rows_looked_at_are_fetched(rows: Rows, qtbot: QtBot) -> None:
    model = GroupedModel(COLUMNS, rows.fetch, describe)
    model.set_layout(Layout(range(100_000), [Part((n,), n * 10, 10) for n in range(10_000)], ()))
    model.data(model.index(50_000, 0))
    assert len(rows.asked) == 1
    assert len(rows.asked[0]) <= BLOCK
    assert all(id_ >= 0 for id_ in rows.asked[0])
    assert not model._lines or len(model._lines) <= 1, "nor are groups worded that nobody sees"


def test_the_same_rows_again_only_bring_other_sums(model: GroupedModel[Item], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_layout(Layout(IDS, NESTED, ()))


def test_a_screen_reader_hears_a_group_with_its_sums(model: GroupedModel[Item], view: TableView) -> None:
    spoken = int(Qt.ItemDataRole.AccessibleTextRole)
    assert model.data(model.index(1, 0), spoken) == "Group a/1, 3 leads, Amount 30 €, expanded"
    assert model.data(model.index(1, 1), spoken) == ""
    assert model.data(model.index(1, 2), spoken) == "30 €"
    view.header.moveSection(0, 2)
    model.fold(1, True)
    heard = model.data(model.index(1, 1), spoken)
    assert heard == "Group a/1, 3 leads, Amount 30 €, collapsed", "in the first column shown"
    assert model.data(model.index(3, 0), spoken) == "Lead 13"


@pytest.mark.parametrize(
    ("closing", "opening"), [(Qt.Key.Key_Left, Qt.Key.Key_Right), (Qt.Key.Key_Minus, Qt.Key.Key_Plus)]
)
def test_keys_fold_and_unfold(view: TableView, model: GroupedModel[Item], closing: Qt.Key, opening: Qt.Key) -> None:
    view.selectRow(1)
    press(view, closing)
    assert shown(model)[:3] == [("a",), ("a", 1), ("a", 2)]
    press(view, closing)
    assert model.mark_at(view.currentIndex().row()) == ("a",), "what is folded is left for what is around it"
    press(view, closing)
    assert shown(model)[:2] == [("a",), ("b",)]
    press(view, opening)
    assert shown(model)[:2] == [("a",), ("a", 1)]
    press(view, opening)
    assert model.mark_at(view.currentIndex().row()) == ("a", 1), "what is unfolded is gone into"


def test_all_are_folded_and_unfolded_by_a_key(view: TableView, model: GroupedModel[Item]) -> None:
    view.selectRow(1)
    press(view, Qt.Key.Key_Slash)
    assert shown(model) == [("a",), ("b",)]
    assert model.mark_at(view.currentIndex().row()) == ("a",)
    press(view, Qt.Key.Key_Asterisk)
    assert len(shown(model)) == 11


def test_folding_all_from_a_row_goes_to_the_group_that_holds_it(view: TableView, model: GroupedModel[Item]) -> None:
    view.select_id(21)
    assert view.hands is not None
    view.hands.fold_all(True)
    assert (model.mark_at(view.currentIndex().row()), view.selected_ids()) == (("b",), [])


def test_enter_and_a_double_click_fold_a_group(view: TableView, model: GroupedModel[Item], qtbot: QtBot) -> None:
    view.selectRow(7)
    with qtbot.assertNotEmitted(view.opened):
        press(view, Qt.Key.Key_Return)
        assert shown(model)[-1] == ("b",)
        click(view, 7, 300)
        at = QPoint(300, view.visualRect(model.index(7, 0)).center().y())
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert shown(model)[-1] == 21


def test_a_click_on_the_mark_folds_and_leaves_the_selection(view: TableView, model: GroupedModel[Item]) -> None:
    view.select_id(13)
    click(view, 7, 12)
    assert shown(model)[-1] == ("b",)
    assert view.selected_ids() == [13]
    click(view, 7, 12)
    assert shown(model)[-1] == 21


def test_a_group_gone_to_is_no_lead(view: TableView, qtbot: QtBot) -> None:
    view.select_id(10)
    click(view, 5, 300)
    assert (view.current_id(), view.selected_ids()) == (None, [])
    with qtbot.assertNotEmitted(view.editAsked), qtbot.assertNotEmitted(view.opened):
        press(view, Qt.Key.Key_F2)


def test_space_and_ctrl_click_choose_the_leads_of_a_group(view: TableView, model: GroupedModel[Item]) -> None:
    view.selectRow(1)
    press(view, Qt.Key.Key_Space)
    assert view.selected_ids() == [10, 11, 12]
    click(view, 7, 300, _CTRL)
    assert view.selected_ids() == [10, 11, 12, 20, 21]
    click(view, 1, 300, _CTRL)
    assert view.selected_ids() == [20, 21]
    view.selectRow(0)
    press(view, Qt.Key.Key_Space)
    assert view.selected_ids() == [10, 11, 12, 13]


def test_what_is_chosen_is_seen(view: TableView, model: GroupedModel[Item]) -> None:
    model.fold_all(True)
    view.selectRow(0)
    press(view, Qt.Key.Key_Space)
    assert shown(model) == [("a",), ("a", 1), 10, 11, 12, ("a", 2), 13, ("b",)]
    assert view.selected_ids() == [10, 11, 12, 13]


def test_a_selection_across_groups_has_leads_alone(view: TableView) -> None:
    view.select_id(12)
    press(view, Qt.Key.Key_Down, Qt.Key.Key_Down, held=Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_ids() == [12, 13]
    press(view, Qt.Key.Key_A, held=_CTRL)
    assert view.selected_ids() == list(IDS)


def test_going_to_a_row_unfolds_what_hides_it(view: TableView, model: GroupedModel[Item]) -> None:
    model.fold_all(True)
    assert view.select_id(13)
    assert shown(model) == [("a",), ("a", 1), ("a", 2), 13, ("b",)]
    assert (view.current_id(), view.selected_ids()) == (13, [13])
    assert not view.select_id(99)


def test_a_new_layout_keeps_place_selection_and_what_is_folded(view: TableView, model: GroupedModel[Item]) -> None:
    model.fold(1, True)
    view.select_id(20)
    model.set_layout(Layout((5, *IDS), _moved(), model.folded))
    assert (view.current_id(), view.selected_ids()) == (20, [20])
    assert shown(model)[:3] == [("0",), ("0", 1), 5]
    assert ("a", 1) in model.folded


def test_the_keyboard_stays_on_its_group(view: TableView, model: GroupedModel[Item]) -> None:
    view.selectRow(7)
    model.set_layout(Layout((5, *IDS), _moved(), ()))
    assert model.mark_at(view.currentIndex().row()) == ("b",)


def _moved() -> list[Part]:
    """The same groups after another one."""
    return [Part(("0",), 0, 1), Part(("0", 1), 0, 1), *(Part(part.path, part.first + 1, part.count) for part in NESTED)]


def test_folded_groups_are_copied_with_their_sums(view: TableView, model: GroupedModel[Item]) -> None:
    model.fold_all(True)
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == "Group\tCount\tAmount\nGroup a\t4\t40\nGroup b\t2\t20"


def test_of_leads_and_groups_chosen_only_the_leads_are_copied(view: TableView) -> None:
    view.selectAll()
    view.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in lines] == ["Lead", *(f"Lead {id_}" for id_ in IDS)]


def test_menus_of_a_group_of_a_row_and_of_nothing(view: TableView, model: GroupedModel[Item], qtbot: QtBot) -> None:
    def ask(row: int) -> None:
        y = view.visualRect(model.index(row, 0)).center().y() if row >= 0 else view.viewport().height() - 5
        at = QPoint(300, y)
        view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at)))

    with qtbot.waitSignal(view.groupMenuRequested) as asked:
        ask(7)
    assert asked.args is not None
    assert asked.args[0] == 3
    with qtbot.waitSignal(view.menuRequested):
        ask(2)
    with qtbot.waitSignal(view.emptyMenuRequested):
        ask(-1)
    assert view.hands is not None
    menu = view.hands.menu(3, view)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Collapse", "Select its leads", "Expand all groups", "Collapse all groups",
    ]  # fmt: skip
    menu.actions()[1].trigger()
    assert view.selected_ids() == [20, 21]
    model.set_layout(Layout((), (), ()))
    menu.actions()[0].trigger()  # the group is gone meanwhile


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("scale", [100, 200])
def test_groups_are_painted_in_every_look(view: TableView, theme: Theme, mode: Mode, scale: int) -> None:
    theme.use(mode=mode, scale=scale, density=Density.COMPACT)
    view.clearSelection()
    image: QImage = view.viewport().grab().toImage()
    x, middle = view.viewport().width() - 4, theme.row_height // 2
    grounds = [image.pixelColor(x, row * theme.row_height + middle).name() for row in range(3)]
    tokens = theme.tokens
    assert grounds == [QColor(each).name() for each in (tokens.neutral_background, tokens.background, tokens.surface)]


def test_a_name_gives_way_to_the_sums(view: TableView, model: GroupedModel[Item]) -> None:
    view.header.set_shown(1, False)
    view.header.resizeSection(0, 125)
    view.viewport().grab()
    line = model.group_look(0).line
    assert line.note.elided != line.note.text or line.label.elided != line.label.text
    assert line.figures["amount"].elided == "40 €"


@pytest.mark.parametrize("name", ["", "\u202eRTL", "é" * 900, "<b>x</b>", "a\nb"])
def test_odd_names_are_painted(theme: Theme, rows: Rows, qtbot: QtBot, name: str) -> None:
    model = GroupedModel(
        COLUMNS, rows.fetch, lambda _group: GroupLine(cell(name), cell(""), {}, name, figure(1), {}, "#123456")
    )
    model.set_layout(Layout(IDS, NESTED, ()))
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    view.resize(160, 200)
    view.show()
    assert not view.viewport().grab().toImage().isNull()


def test_no_rows_are_said_to_be_missing_while_they_come(theme: Theme, rows: Rows, qtbot: QtBot) -> None:
    model = GroupedModel(COLUMNS, rows.fetch, describe)
    view = TableView(theme, model, "Leads")
    qtbot.addWidget(view)
    view.show()
    view.tell_when_empty("Nothing yet.")
    view.await_rows()
    assert not view._empty.isVisible()
    model.set_layout(Layout((), (), ()))
    assert view._empty.isVisible()
