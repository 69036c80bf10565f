"""The windowed model fetches what is looked at, once, and keeps what it knows through every change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.core.errors import DiskFull
from app.core.i18n import N_, Text
from app.ui.tables.columns import Column, Kind, Tone
from app.ui.tables.model import BLOCK, KEPT, WindowedModel


@dataclass(frozen=True)
class Item:
    """A row for tests."""

    id: int
    name: str


COLUMNS = (
    Column[Item]("name", N_("Lead"), lambda row: row.name, sort="name"),
    Column[Item]("number", "Number", lambda row: str(row.id), Kind.NUMBER, spoken=lambda row: f"number {row.id}"),
    Column[Item]("plain", "Plain", lambda row: "x", tone=lambda row: Tone.LOST, tip=lambda row: f"tip {row.id}"),
)


class Rows:
    """Rows by id that remember what was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.names: dict[int, str] = {}
        self.gone: set[int] = set()

    def fetch(self, ids: Sequence[int]) -> list[Item]:
        """In another order than asked, without those that are gone."""
        self.asked.append(list(ids))
        return [Item(id_, self.names.get(id_, f"Lead {id_}")) for id_ in reversed(ids) if id_ not in self.gone]


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def model(rows: Rows, qtbot: QtBot) -> WindowedModel[Item]:
    return WindowedModel(COLUMNS, rows.fetch)


def text(model: WindowedModel[Item], row: int, column: int = 0, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    return model.data(model.index(row, column), int(role))


def test_a_tip_is_no_markup(rows: Rows, qtbot: QtBot) -> None:
    column = Column[Item]("name", "Lead", lambda row: row.name, tip=lambda row: row.name)
    model = WindowedModel((column,), rows.fetch)
    rows.names = {1: "<b>bold</b> & more", 2: "A & B"}
    model.set_ids([1, 2])
    tip = int(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in str(text(model, 0, role=tip))
    assert text(model, 1, role=tip) == "A & B"


def test_it_is_a_model_as_qt_expects(model: WindowedModel[Item]) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_ids([1, 2, 3])
    model.set_ids([1, 2, 3, 4])
    model.set_ids([4, 2])
    model.set_ids([])
    assert tester.model() is model


def test_only_the_block_looked_at_is_fetched(model: WindowedModel[Item], rows: Rows) -> None:
    model.set_ids(range(100_000))
    assert rows.asked == []
    assert text(model, 50_000) == "Lead 50000"
    assert [len(ids) for ids in rows.asked] == [BLOCK]
    assert 50_000 in rows.asked[0]


def test_rows_are_fetched_once(model: WindowedModel[Item], rows: Rows) -> None:
    model.set_ids(range(10))
    for _ in range(3):
        for row in range(10):
            text(model, row, 1)
    assert len(rows.asked) == 1


def test_texts_are_made_once_per_row(rows: Rows, qtbot: QtBot) -> None:
    made: list[int] = []

    def name(row: Item) -> str:
        made.append(row.id)
        return row.name

    model = WindowedModel([Column[Item]("name", "Lead", name)], rows.fetch)
    model.set_ids([7])
    for _ in range(5):
        text(model, 0)
        text(model, 0, role=Qt.ItemDataRole.ToolTipRole)
    assert made == [7]


def test_a_new_order_costs_no_fetch(model: WindowedModel[Item], rows: Rows) -> None:
    model.set_ids([1, 2, 3])
    text(model, 0)
    model.set_ids([3, 1, 2])
    assert text(model, 0) == "Lead 3"
    assert len(rows.asked) == 1


def test_the_full_list_after_the_first_page_only_adds_rows(model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids([5, 6, 7])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted) as inserted:
        model.set_ids([5, 6, 7, 8, 9])
    assert inserted.args is not None
    assert inserted.args[1:] == [3, 4]


def test_the_same_ids_again_are_no_news(model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids([5, 6])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.rowsInserted):
        model.set_ids([5, 6])


def test_a_changed_row_is_fetched_anew_and_only_it(model: WindowedModel[Item], rows: Rows, qtbot: QtBot) -> None:
    model.set_ids([1, 2, 3])
    for row in range(3):
        text(model, row)
    rows.names[2] = "Renamed"
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.refresh_rows([2, 999])
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (1, 1)
    assert text(model, 1) == "Renamed"
    assert rows.asked[1:] == [[2]]


def test_a_row_fetched_but_not_yet_shown_is_fetched_anew_too(model: WindowedModel[Item], rows: Rows) -> None:
    model.set_ids([1, 2])
    text(model, 0)
    rows.names[2] = "Renamed"
    model.refresh_rows([2])
    assert text(model, 1) == "Renamed"


def test_rows_nobody_saw_are_not_announced(model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids(range(1000))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.refresh_rows([900])


def test_many_changed_rows_are_announced_at_once(model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids(range(60))
    for row in range(60):
        text(model, row)
    announced: list[object] = []
    model.dataChanged.connect(lambda *args: announced.append(args))
    model.refresh_rows(range(60))
    assert len(announced) == 1


def test_a_row_deleted_elsewhere_is_empty_until_it_is_back(model: WindowedModel[Item], rows: Rows) -> None:
    rows.gone.add(2)
    model.set_ids([1, 2])
    assert [text(model, 0), text(model, 1)] == ["Lead 1", ""]
    assert model.row_data(1) is None
    rows.gone.clear()
    model.refresh_rows([2])
    assert text(model, 1) == "Lead 2"


@pytest.mark.parametrize("look_again", [lambda m: m.set_ids([1, 2]), lambda m: m.refresh_all()], ids=["ids", "all"])
def test_a_row_that_is_gone_is_asked_for_once(
    model: WindowedModel[Item], rows: Rows, look_again: Callable[[WindowedModel[Item]], None]
) -> None:
    rows.gone.update((1, 2))
    model.set_ids([1, 2])
    for column in range(3):
        assert [text(model, row, column) for row in range(2)] == ["", ""]
    assert len(rows.asked) == 1
    look_again(model)
    model.row_data(0)
    assert len(rows.asked) == 2, "it may be back"


def test_memory_stays_bounded(model: WindowedModel[Item], rows: Rows) -> None:
    model.set_ids(range(20_000))
    for row in range(0, 20_000, BLOCK):
        text(model, row)
    assert len(model._rows) <= KEPT
    assert len(model._cells) <= KEPT
    assert text(model, 0) == "Lead 0"


def test_ids_and_rows_find_each_other(model: WindowedModel[Item]) -> None:
    huge = 2**40
    model.set_ids([30, huge, 20])
    assert [model.id_at(row) for row in (-1, 0, 1, 3)] == [None, 30, huge, None]
    assert [model.row_of(id_) for id_ in (huge, 20, 99)] == [1, 2, None]


def test_sorting_is_asked_for_not_done(model: WindowedModel[Item], qtbot: QtBot) -> None:
    model.set_ids([3, 1, 2])
    with qtbot.waitSignal(model.sortRequested) as asked:
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert asked.args == ["name", True]
    assert list(model.ids) == [3, 1, 2]


@pytest.mark.parametrize("column", [-1, 1, 99])
def test_columns_without_an_order_are_not_sorted(model: WindowedModel[Item], qtbot: QtBot, column: int) -> None:
    with qtbot.assertNotEmitted(model.sortRequested):
        model.sort(column)


def test_no_cell_promises_to_be_edited(model: WindowedModel[Item]) -> None:
    model.set_ids([1])
    assert not any(model.flags(model.index(0, column)) & Qt.ItemFlag.ItemIsEditable for column in range(3))


def test_every_cell_speaks(model: WindowedModel[Item]) -> None:
    model.set_ids([4])
    spoken = [text(model, 0, column, Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert spoken == ["Lead 4", "number 4", "x"]
    assert text(model, 0, 2, Qt.ItemDataRole.ToolTipRole) == "tip 4"


def test_line_breaks_do_not_break_the_row(model: WindowedModel[Item], rows: Rows) -> None:
    rows.names[1] = "one\r\ntwo\x0bthree\u2028four"
    model.set_ids([1])
    assert text(model, 0) == "one two three four"


def test_titles_stand_over_their_figures(model: WindowedModel[Item]) -> None:
    horizontal, align = Qt.Orientation.Horizontal, int(Qt.ItemDataRole.TextAlignmentRole)
    assert model.headerData(0, horizontal) == "Lead"
    assert model.headerData(1, horizontal, align) & int(Qt.AlignmentFlag.AlignRight)
    assert model.headerData(99, horizontal) is None


def test_rows_have_no_children(model: WindowedModel[Item]) -> None:
    model.set_ids([1])
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.rowCount(QModelIndex()) == 1


@pytest.mark.parametrize("error", [ValueError("a mistake"), DiskFull(Text("Full"))])
def test_rows_that_cannot_be_read_stay_blank_and_it_is_told_once(rows: Rows, qtbot: QtBot, error: Exception) -> None:
    def fetch(ids: Sequence[int]) -> list[Item]:
        asked.append(ids)
        if len(asked) == 1:
            raise error
        return rows.fetch(ids)

    asked: list[Sequence[int]] = []
    model = WindowedModel(COLUMNS, fetch)
    model.set_ids([1, 2, 3])
    with qtbot.captureExceptions() as raised:
        for _paint in range(2):
            shown = [text(model, row, column) for row in range(3) for column in range(len(COLUMNS))]
            assert set(shown) == {""}
        assert not raised  # a paint event may be waiting
        qtbot.wait(50)
    assert [each[1] for each in raised] == [error]
    assert len(asked) == 1
    model.set_ids([1, 2, 3])
    assert text(model, 0) == "Lead 1"
