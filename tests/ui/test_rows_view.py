"""Short lists in a narrow place: what is long yields, and says all of itself when it is pointed at."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.theme import Theme
from app.ui.tips import plain_tip

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
