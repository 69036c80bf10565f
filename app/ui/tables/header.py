"""The head of a table: titles, the order shown, and which columns there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from app.core.i18n import tr
from app.ui.tables.columns import Column, Kind
from app.ui.tables.painter import PADDING
from app.ui.theme import Theme

_HEIGHT = 32
_LEAST = 36
_WIDEST = 4000
_ARROW_ROOM = 7
#: So much of its width a flexible column gives up where that keeps the table from scrolling to the side.
_YIELDING = 0.3


class Header(QHeaderView):
    """Column titles. Columns are moved and resized by mouse, shown and hidden by `column_menu`.

    Room left over goes to the columns with `flex`, until someone gives them a width of their own. They never get
    narrower than they were when someone last gave a width to any column: what was seen then comes again.
    """

    sortClicked = Signal(int, bool)
    layoutEdited = Signal()
    menuFilled = Signal(int, object)  # the column under the pointer, and the menu about it: others may add to it

    def __init__(self, theme: Theme, columns: Sequence[Column[Any]], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._columns = columns
        self._own: dict[int, int] = {}  # widths people chose, before scaling
        self._seen: dict[int, int] = {}  # widths the flexible columns had beside these
        self._sorted: tuple[str, bool] | None = None
        self._filling = False
        self.setAccessibleName(tr("Columns"))
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFirstSectionMovable(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.sectionClicked.connect(self._on_click)
        self.sectionResized.connect(self._on_resize)
        self.sectionMoved.connect(self.layoutEdited)

    def start(self) -> None:
        """Show the columns as they are meant at first; call once the model is set."""
        self.restyle()
        for index, column in enumerate(self._columns):
            self.setSectionHidden(index, not column.visible)

    def use_columns(self, columns: Sequence[Column[Any]]) -> None:
        """Other columns from now on; call `restore` afterwards with what was saved before."""
        self._columns = columns
        self._own, self._seen = {}, {}

    def restyle(self) -> None:
        """Take over sizes from the theme."""
        self.setMinimumSectionSize(self._theme.px(_LEAST))
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self.fill()

    def fill(self) -> None:
        """Give every column its width and what is left over to those that want it."""
        shown = [i for i in range(len(self._columns)) if not self.isSectionHidden(i)]
        widths = {i: self._theme.px(self._own.get(i) or self._seen.get(i, self._columns[i].width)) for i in shown}
        greedy = [i for i in shown if self._columns[i].flex and i not in self._own]
        left = self.viewport().width() - sum(widths.values())
        # what somebody arranged stays as it was
        yielding = {i: round(widths[i] * _YIELDING) for i in greedy if i not in self._seen}
        if 0 < -left <= sum(yielding.values()):  # a table that scrolls all the same is read better as it was meant
            for i, most in yielding.items():
                given = min(-left, most)
                widths[i] -= given
                left += given
        parts = sum(self._columns[i].flex for i in greedy)
        for i in greedy if left > 0 else ():
            share = left * self._columns[i].flex // parts
            widths[i] += share
            left -= share
            parts -= self._columns[i].flex
        self._filling = True
        for i, width in widths.items():
            self.resizeSection(i, width)
        self._filling = False

    def show_sorted(self, key: str | None, descending: bool) -> None:
        """Mark the column by which the rows are ordered; None for no column."""
        self._sorted = None if key is None else (key, descending)
        self.viewport().update()

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The order marked: its name and whether it descends."""
        return self._sorted

    def column_menu(self, parent: QWidget) -> QMenu:
        """A menu to show and hide columns; the last one shown cannot be hidden."""
        menu = QMenu(tr("Columns"), parent)
        shown = self.count() - self.hiddenSectionCount()
        for index in (self.logicalIndex(i) for i in range(self.count())):
            action = menu.addAction(tr(self._columns[index].title))
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(index))
            action.setEnabled(shown > 1 or self.isSectionHidden(index))
            action.toggled.connect(lambda on, index=index: self.set_shown(index, on))
        menu.addSeparator()
        menu.addAction(tr("Reset columns")).triggered.connect(self.begin_anew)
        return menu

    def order(self) -> list[int]:
        """All columns in the order in which they stand, the hidden ones too."""
        return [self.logicalIndex(i) for i in range(self.count())]

    def worded(self, index: int) -> str:
        """The title of a column, and whether the rows are sorted by it."""
        title, column = tr(self._columns[index].title), self._columns[index]
        if self._sorted is None or self._sorted[0] != column.sort:
            return title
        order = tr("sorted, descending") if self._sorted[1] else tr("sorted, ascending")
        return f"{title} · {order}"

    def widen(self, index: int, by: int) -> None:
        """Give a column a width of its own, by so much wider (before scaling)."""
        if not self.isSectionHidden(index):
            self.resizeSection(index, self.sectionSize(index) + self._theme.px(by))

    def sort_by(self, index: int) -> None:
        """Sort by a column; by the one sorted by already the other way round."""
        self._on_click(index)

    def set_shown(self, index: int, shown: bool) -> None:
        """Show or hide a column; the last one shown stays."""
        if not shown and self.count() - self.hiddenSectionCount() == 1:
            return
        self._filling = True  # that it gets a width again is nobody's choice
        self.setSectionHidden(index, not shown)
        self._filling = False
        self.fill()
        self.layoutEdited.emit()

    def begin_anew(self) -> None:
        """Back to the columns, order and widths of the start. (Qt calls `reset` whenever the rows are replaced.)"""
        self.restore({})
        self.layoutEdited.emit()

    def save(self) -> dict[str, Any]:
        """Order, own widths and visibility of the columns, by key, as plain data."""
        order = [self.logicalIndex(i) for i in range(self.count())]
        return {
            "columns": [[self._columns[i].key, self._own.get(i, 0), not self.isSectionHidden(i)] for i in order],
            "seen": [[self._columns[i].key, width, True] for i, width in self._seen.items()],
            "sort": list(self._sorted) if self._sorted else None,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save`. Columns that are new since come last and show as they are meant; unknown ones go, and
        so does whatever has another shape than `save` gives.
        """
        index_of = {column.key: i for i, column in enumerate(self._columns)}
        saved = {index_of[key]: (width, on) for key, width, on in _entries(state.get("columns")) if key in index_of}
        order = [*saved, *(i for i in range(len(self._columns)) if i not in saved)]
        for position, index in enumerate(order):
            self.moveSection(self.visualIndex(index), position)
        self._own = {index: width for index, (width, _) in saved.items() if width}
        seen = {index_of[key]: width for key, width, _ in _entries(state.get("seen")) if key in index_of}
        self._seen = {index: width for index, width in seen.items() if width and self._columns[index].flex}
        shown = {index: on for index, (_, on) in saved.items()}
        if not any(shown.get(i, column.visible) for i, column in enumerate(self._columns)):
            shown = {}
        self._filling = True
        for index, column in enumerate(self._columns):
            self.setSectionHidden(index, not shown.get(index, column.visible))
        self._filling = False
        self.fill()

    def sectionSizeFromContents(self, logical: int) -> QSize:
        """Wide enough for the whole title, for the double click on its edge."""
        size = super().sectionSizeFromContents(logical)
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(tr(self._columns[logical].title)) + self._theme.px(30), size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fill()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme, column = self._theme, self._columns[logical]
        painter.fillRect(rect, theme.colour("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        painter.setFont(theme.font(11.5, 600))
        mark = self._sorted is not None and self._sorted[0] == column.sort
        room = rect.adjusted(theme.px(PADDING), 0, -theme.px(PADDING), 0)
        if mark:  # the arrow takes some of the padding rather than of a title that just fits
            spare = theme.px(_ARROW_ROOM)
            room.adjust(-spare if column.right else 0, 0, 0 if column.right else spare, 0)
        arrow = theme.px(12) if mark else 0
        metrics = painter.fontMetrics()
        title = metrics.elidedText(tr(column.title), Qt.TextElideMode.ElideRight, max(0, room.width() - arrow))
        width = metrics.horizontalAdvance(title)
        left = room.right() + 1 - width - arrow if column.right else room.left()
        painter.setPen(theme.colour("text" if mark else "muted"))
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, baseline), title)
        if mark:
            self._arrow(painter, QPointF(left + width + arrow / 2 + 1, rect.center().y() + 1))

    def _arrow(self, painter: QPainter, at: QPointF) -> None:
        half = self._theme.px(4)
        tip = half if self._sorted is not None and self._sorted[1] else -half
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("text"))
        ends = (QPointF(-half, -tip / 2), QPointF(half, -tip / 2), QPointF(0, tip / 2))
        painter.drawPolygon(QPolygonF([at + end for end in ends]))
        painter.restore()

    def _on_click(self, logical: int) -> None:
        column = self._columns[logical]
        if column.sort is None:
            return
        # Of figures one wants the largest first, of names the first of the alphabet.
        descending = column.kind is Kind.NUMBER
        if self._sorted is not None and self._sorted[0] == column.sort:
            descending = not self._sorted[1]
        self.sortClicked.emit(logical, descending)

    def _on_resize(self, logical: int, _old: int, new: int) -> None:
        if not self._filling and new > 0:
            self._own[logical] = self._before_scaling(new)
            self._seen = {
                i: self._before_scaling(self.sectionSize(i))
                for i, column in enumerate(self._columns)
                if column.flex and not self.isSectionHidden(i)
            }
            self.layoutEdited.emit()

    def _before_scaling(self, width: int) -> int:
        return round(width * 100 / self._theme.scale)

    def menu(self, index: int) -> QMenu:
        """What can be done with a column (-1 for the room beside them), and below it which columns there are."""
        menu = QMenu(self)
        if index >= 0:
            if self._columns[index].sort is not None:
                for label, descending in ((tr("Sort ascending"), False), (tr("Sort descending"), True)):
                    action = menu.addAction(label)
                    action.setCheckable(True)
                    action.setChecked(self._sorted == (self._columns[index].sort, descending))
                    action.triggered.connect(lambda _on=False, down=descending: self.sortClicked.emit(index, down))
            self.menuFilled.emit(index, menu)
            hide = menu.addAction(tr("Hide this column"))
            hide.setEnabled(self.count() - self.hiddenSectionCount() > 1)
            hide.triggered.connect(lambda: self.set_shown(index, False))
            menu.addSeparator()
        menu.addMenu(self.column_menu(menu))
        return menu

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu(self.logicalIndexAt(at))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(at))


def _entries(kept: object) -> list[tuple[str, int, bool]]:
    """Key, own width and visibility of the columns kept, as far as they are that."""
    found = []
    for entry in kept if isinstance(kept, list) else ():
        match entry:
            case [str(key), int(width), bool(shown)] if 0 <= width <= _WIDEST:
                found.append((key, width, shown))
    return found
