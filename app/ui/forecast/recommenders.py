"""The card with those whose recommendations brought most."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.services.metric_words import METRICS
from app.ui.forecast.info import InfoButton
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.name_link import LONGEST_SPOKEN, NameLink

if TYPE_CHECKING:
    from app.services.recommenders import RecommenderRow
    from app.ui.context import Context

#: So many are shown; the others when asked for.
_FEW = 5
#: Figures beside a name; the room for names, and what is left free so that they stand near the figures.
_FIGURES = 4
_NAME, _REST = 2, 3
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
#: Height of two lines of words.
_EMPTY = 38


class RecommendersCard(Card):
    """A line for each: a press on the name asks for the record, one on the count for the leads behind it."""

    recordAsked = Signal(object, int)
    leadsAsked = Signal(object)  # a RecommenderRow

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        theme, px = context.theme, context.theme.px
        super().__init__(theme, parent)
        self._context = context
        self._rows: Sequence[RecommenderRow] = ()
        self._all = False
        self._lines: list[_Line] = []
        title = str(METRICS["recommenders"].label)
        head = self.add_head(title)
        head.addWidget(InfoButton(theme, title, "recommenders", self))
        self._titles = [QLabel(words) for words in (tr("Recommendations"), tr("Won"), tr("Won volume"), tr("Open"))]
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setColumnStretch(0, _NAME)
        self._grid.setColumnStretch(_FIGURES + 1, _REST)
        for column, label in enumerate(self._titles, 1):
            label.setProperty("kind", "muted")
            self._grid.addWidget(label, 0, column, _RIGHT)
        self._empty = QLabel(
            tr("Nobody has recommended you yet, as far as leads say: a lead with a source may name who did.")
        )
        self._empty.setProperty("kind", "muted")
        self._empty.setWordWrap(True)
        self._more = Button(theme, "", ButtonKind.LINK)
        self._more.clicked.connect(self._show_all)
        box = QVBoxLayout()
        theme.fit(
            box,
            lambda: box.setContentsMargins(px(16), 0, px(16), px(12)),
            lambda: self._grid.setHorizontalSpacing(px(24)),
            lambda: self._grid.setVerticalSpacing(px(4)),
            lambda: self._empty.setMinimumHeight(px(_EMPTY)),  # the card does not ask how high it would be wrapped
        )
        self._grid.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._table)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._empty)
        self.body.addLayout(box)
        self.show_rows(())

    def hasHeightForWidth(self) -> bool:
        """No: the wrapped line would make the page around it ask for the preferred height of everything at least."""
        return False

    def show_rows(self, rows: "Sequence[RecommenderRow]") -> None:
        """Other figures."""
        self._rows = rows
        shown = rows if self._all or len(rows) <= _FEW + 1 else rows[:_FEW]
        while len(self._lines) > len(shown):
            self._lines.pop().go()
        while len(self._lines) < len(shown):
            line = _Line(self._context, self._grid, len(self._lines) + 1)
            line.name.clicked.connect(partial(self._open, line))
            line.count.clicked.connect(partial(self._look_behind, line))
            self._lines.append(line)
        for line, row in zip(self._lines, shown, strict=True):
            line.show_row(row)
        self._table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._more.setVisible(len(shown) < len(rows))
        self._more.setText(tr("Show all {n}", n=len(rows)))

    def _show_all(self) -> None:
        self._all = True
        self.show_rows(self._rows)
        self._lines[_FEW].name.setFocus()

    def _open(self, line: "_Line") -> None:
        if line.row is not None:
            self.recordAsked.emit(line.row.entity, line.row.id)

    def _look_behind(self, line: "_Line") -> None:
        if line.row is not None:
            self.leadsAsked.emit(line.row)


class _Line:
    """The controls of somebody in a row of the grid."""

    def __init__(self, context: "Context", grid: QGridLayout, place: int) -> None:
        self.row: RecommenderRow | None = None
        self._context = context
        self._grid = grid
        self.name = NameLink(context.theme)
        self.count = Button(context.theme, "", ButtonKind.LINK)
        self.count.setProperty("align", "right")
        self._figures = [QLabel() for _ in range(_FIGURES - 1)]
        grid.addWidget(self.name, place, 0)
        for column, widget in enumerate((self.count, *self._figures), 1):
            grid.addWidget(widget, place, column, _RIGHT)
        for widget in (self.name, self.count, *self._figures):
            widget.show()  # at once, not with the next turn

    def show_row(self, row: "RecommenderRow") -> None:
        """Another one, or other figures."""
        self.row = row
        what, formats, wording = row.what, self._context.formats, self._context.wording
        self.name.show_name(row.name)
        self.count.setText(formats.number(what.count))
        told = ntr("{n} recommendation of {name}", "{n} recommendations of {name}", what.count,
                   name=row.name[:LONGEST_SPOKEN])  # fmt: skip
        self.count.setAccessibleName(told)
        self.count.setToolTip(tr("Show the leads behind it"))
        for label, words in zip(
            self._figures,
            (formats.number(what.won), wording.sum(what.won_volume), wording.sum(what.open_volume)),
            strict=True,
        ):
            label.setText(words)

    def go(self) -> None:
        """There are fewer now."""
        for widget in (self.name, self.count, *self._figures):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
