"""Short lists in a narrow place: what is long yields, and says all of itself when it is pointed at."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.theme import Theme
from app.ui.tips import plain_tip
from app.ui.widgets.choice_box import ChoiceBox

LONG = "<b>same e-mail address somebody.with.a.long.name@a-long-domain.example, same telephone number"


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    why: str


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> RowsView:
    columns = [
        RowColumn[Row]("Name", lambda row: row.name, stretch=True), RowColumn[Row]("Why", lambda row: row.why),
        RowColumn[Row]("No.", lambda row: str(row.id), right=True),
    ]  # fmt: skip
    model = RowsModel(theme, columns)
    model.show_rows([Row(1, "Meyer", LONG), Row(2, "Kurz", "so")])
    made = RowsView(theme, model, "Rows")
    model.setParent(made)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("width", [420, 520])
def test_what_is_long_yields_before_the_list_scrolls(view: RowsView, width: int) -> None:
    short = view.columnWidth(2)
    view.resize(width, 200)
    assert view.horizontalScrollBar().maximum() == 0
    assert view.horizontalHeader().length() == view.viewport().width()
    assert view.columnWidth(2) == short
    assert view.columnWidth(0) == 150


def test_where_there_is_room_nothing_is_cut(view: RowsView) -> None:
    view.resize(1400, 200)
    assert view.columnWidth(1) == max(view.sizeHintForColumn(1), view.horizontalHeader().sectionSizeHint(1))
    assert view.horizontalHeader().length() == view.viewport().width()


def test_what_is_cut_off_is_told_when_it_is_pointed_at(view: RowsView) -> None:
    view.resize(420, 200)
    for row, told in ((1, ""), (0, plain_tip(LONG))):
        place = view.visualRect(view.model().index(row, 1)).center()
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        assert QToolTip.text() == told
    QToolTip.hideText()


@pytest.fixture
def taken() -> list[tuple[int, object]]:
    """What was chosen in which row."""
    return []


@pytest.fixture
def choosing(theme: Theme, taken: list[tuple[int, object]], qtbot: QtBot) -> RowsView:
    """A list in which the second column is chosen from, except in the last row."""
    offered = (("one", 1), ("two", 2), ("three", 3))
    columns = [
        RowColumn[Row]("Name", lambda row: row.name, stretch=True),
        RowColumn[Row](
            "Count", lambda row: "two", lambda row, value: taken.append((row.id, value)),
            offers=lambda _row: offered, locked=lambda row: LONG if row.id == 2 else "",
        ),
    ]  # fmt: skip

    def attempt(_row: Row, verb: Callable[[], object]) -> bool:
        verb()
        return True

    model = RowsModel(theme, columns, None, attempt)
    model.show_rows([Row(1, "Meyer", ""), Row(2, "Kurz", "")])
    made = RowsView(theme, model, "Rows")
    model.setParent(made)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def _open(view: RowsView, row: int) -> ChoiceBox | None:
    view.setCurrentIndex(view.model().index(row, 1))
    QTest.keyClick(view, Qt.Key.Key_F2)
    QApplication.sendPostedEvents()
    return view.findChild(ChoiceBox)


def test_what_is_chosen_in_a_cell_is_taken_at_once(choosing: RowsView, taken: list[object], qtbot: QtBot) -> None:
    box = _open(choosing, 0)
    assert box is not None
    assert (box.currentText(), box.accessibleName()) == ("two", "Count")
    qtbot.waitUntil(box.view().isVisible)
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert taken == [(1, 3)]
    assert not choosing.editing


def test_what_is_chosen_as_it_was_changes_nothing(choosing: RowsView, taken: list[object], qtbot: QtBot) -> None:
    box = _open(choosing, 0)
    assert box is not None
    qtbot.waitUntil(box.view().isVisible)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert taken == []


def test_what_is_locked_says_why(choosing: RowsView) -> None:
    assert _open(choosing, 1) is None
    place = choosing.visualRect(choosing.model().index(1, 1)).center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, choosing.viewport().mapToGlobal(place))
    QApplication.sendEvent(choosing.viewport(), event)
    assert QToolTip.text() == plain_tip(LONG)
    QToolTip.hideText()
