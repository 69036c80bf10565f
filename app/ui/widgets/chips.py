"""Small toggles for filters, a switch of a few choices, and a layout that wraps them."""

import functools
from bisect import bisect_left
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLayout, QLayoutItem, QMenu, QWidget

from app.ui.keys import takes_away
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

#: By so much a row of chips is made wider until it takes no more lines than it may.
_WIDER = 16


class Chip(Button):
    """A small toggle; with a menu it opens that instead and is checked while the menu's choice narrows the list.

    `emptied` for Delete and Backspace.
    """

    emptied = Signal()

    def __init__(self, theme: Theme, text: str, *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, text, ButtonKind.CHIP, icon=icon, parent=parent)
        self.setCheckable(True)

    def set_menu(self, menu: QMenu) -> None:
        """Open `menu` when pressed."""
        self.setProperty("menu", "true")
        self.setMenu(menu)
        self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if takes_away(event):
            self.emptied.emit()
        else:
            super().keyPressEvent(event)


class Switch(QWidget):
    """A few exclusive choices side by side, one of them always on."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None,
        *, tall: bool = False,
    ):  # fmt: skip
        """`choices` are pairs of key and label; the first is on. `name` says what is chosen, for screen readers.

        A `tall` one is as high as the fields of a form.
        """
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, Chip] = {}
        for position, (key, label) in enumerate(choices):
            chip = Chip(theme, label, parent=self)
            chip.setProperty("place", _place(position, len(choices)))
            chip.setProperty("tall", "true" if tall else "false")
            self._buttons[key] = chip
            self._group.addButton(chip)
            row.addWidget(chip)
            chip.clicked.connect(lambda _on, key=key: self.chosen.emit(key))
        self.clear()

    def choose(self, key: str) -> bool:
        """Switch without telling anyone; whether there is such a choice."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
        return key in self._buttons

    def reword(self, key: str, label: str) -> None:
        """Say something else on a choice, such as how many it stands for."""
        self._buttons[key].setText(label)

    def clear(self) -> None:
        """Back to the first choice, without telling anyone."""
        next(iter(self._buttons.values())).setChecked(True)

    @property
    def choice(self) -> str:
        """The key of what is on."""
        return next(key for key, chip in self._buttons.items() if chip.isChecked())


def _place(position: int, count: int) -> str:
    """Which corners of a button are round."""
    if count == 1:
        return "only"
    return {0: "first", count - 1: "last"}.get(position, "middle")


_Sizes = list[tuple[QLayoutItem, QSize]]
_Turn = tuple[int, QWidget, Callable[[], int]]


class Flow(QLayout):
    """Lays widgets out like words, so that nothing is cut off in a narrow window or with large text."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 7) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._most = self._at_need = 0
        self._least: QSize | None = None
        self._wished: _Sizes | None = None
        self._heights: dict[int, int] = {}
        self._yielding: list[_Turn] = []
        self._last: list[_Turn] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._forget()

    def use_at_most(self, lines: int, at_need: int = 0) -> None:
        """Take no more lines than these, or `at_need` those when all yielded; ask for the width that this needs."""
        self._most, self._at_need = lines, max(lines, at_need)
        self.invalidate()

    def invalidate(self) -> None:
        self._forget()
        super().invalidate()

    def _forget(self) -> None:
        self._least = self._wished = None
        self._heights.clear()

    def insert_widget(self, place: int, widget: QWidget) -> None:
        """Like `addWidget`, before what stands at `place`."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())
        self.invalidate()

    def surplus(self) -> int:
        """How much higher than usual it is, by lines that it takes at need."""
        lines = self._lines(self.geometry().width())[self._most :] if self._most else []
        return sum(max(size.height() for _, size in line) + self.spacing() for line in lines)

    def let_yield(self, widget: QWidget, least: Callable[[], int], turn: int = 0) -> None:
        """Where that keeps all in one line, or in the lines it may take, a widget is only so wide.

        Those of an earlier turn begin. Of one line the first of all takes what room is left in the end.
        """
        self._yielding.append((turn, widget, least))
        self._yielding.sort(key=lambda each: each[0])
        self.invalidate()

    def let_yield_at_last(self, widget: QWidget, least: Callable[[], int]) -> None:
        """Where all others have yielded and there still are more lines than there may be, it is only so wide."""
        self._last.append((0, widget, least))
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._forget()  # first of all the item itself
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:  # asked again and again for the same few
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._least is None:
            self._least = self._needed()
        return self._least

    def _needed(self) -> QSize:
        """Room for the widest item, or for as many beside each other as the number of lines asks for."""
        if not self._most:
            return functools.reduce(QSize.expandedTo, (item.minimumSize() for item in self._items), QSize(0, 0))
        sizes = self._wishes()
        for turn in (*self._yielding, *self._last):
            sizes = _yielded(sizes, turn)
        needed = functools.reduce(QSize.expandedTo, (size for _, size in sizes), QSize(0, 0))
        in_one_line = sum(size.width() + self.spacing() for _, size in sizes)
        widths = range(needed.width(), max(needed.width(), in_one_line) + _WIDER, _WIDER)
        fits = bisect_left(widths, True, key=lambda width: len(self._wrapped(sizes, width)) <= self._at_need)
        return QSize(widths[fits], needed.height())

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        """Put every item where it belongs; the height it all takes.

        What is aligned to the right goes to the end of its line, with all that follows there; what is not aligned to
        the top goes to the middle of its line.
        """
        y = rect.y()
        lines = self._lines(rect.width())
        for line in lines:
            height = max(size.height() for _, size in line)
            if place:
                self._place(line, QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing()
        return y - self.spacing() - rect.y() if lines else 0

    def _lines(self, width: int) -> list[_Sizes]:
        """The items of each line with their sizes."""
        return self._wrapped(self._sizes(width), width)

    def _wrapped(self, sizes: _Sizes, width: int) -> list[_Sizes]:
        lines: list[_Sizes] = []
        room, spacing = 0, self.spacing()
        for item, size in sizes:
            wanted = size.width() + spacing
            if not lines or wanted > room:
                lines.append([])
                room = width + spacing
            lines[-1].append((item, size))
            room -= wanted
        return lines

    def _wishes(self) -> _Sizes:
        """What the items would like to have."""
        if self._wished is None:
            self._wished = [(item, item.sizeHint()) for item in self._items if not item.isEmpty()]
        return self._wished

    def _sizes(self, width: int) -> _Sizes:
        """How large each item is: smaller, for those that yield, where all fit into one line by that, or else into the
        lines they may take.
        """
        wished = self._wishes()
        if not self._yielding or self._lacking(wished, width) <= 0:
            return wished
        sizes = wished
        for turn in self._yielding:
            sizes = _yielded(sizes, turn)
            if (left := -self._lacking(sizes, width)) >= 0:
                first = self._yielding[0][1]
                return [(item, _grown(size, item, left) if item.widget() is first else size) for item, size in sizes]
        sizes = wished
        for turn in (*self._yielding, *self._last):
            if not self._most or len(self._wrapped(sizes, width)) <= self._most:
                break
            sizes = _yielded(sizes, turn)
        yielding = {widget for _, widget, _ in self._yielding}
        return [(item, QSize(min(size.width(), width), size.height()) if item.widget() in yielding else size)
                for item, size in sizes]  # fmt: skip

    def _lacking(self, sizes: _Sizes, width: int) -> int:
        """By how much a line of this width is too short for all of them."""
        return sum(size.width() + self.spacing() for _, size in sizes) - self.spacing() - width

    def _place(self, line: _Sizes, area: QRect) -> None:
        x = area.x()
        left = area.width() - sum(size.width() for _, size in line) - self.spacing() * (len(line) - 1)
        for item, size in line:
            if item.alignment() & Qt.AlignmentFlag.AlignRight and left > 0:
                x, left = x + left, 0
            spare = 0 if item.alignment() & Qt.AlignmentFlag.AlignTop else area.height() - size.height()
            item.setGeometry(QRect(QPoint(x, area.y() + spare // 2), size))
            x += size.width() + self.spacing()


def _yielded(sizes: _Sizes, turn: _Turn) -> _Sizes:
    """The sizes after one of the widgets became as narrow as it does in its turn."""
    _, widget, least = turn
    return [
        (item, QSize(min(size.width(), least()), size.height()) if item.widget() is widget else size)
        for item, size in sizes
    ]  # fmt: skip


def _grown(size: QSize, item: QLayoutItem, left: int) -> QSize:
    """As wide as it would like to be, as far as what is left goes."""
    return size + QSize(min(left, item.sizeHint().width() - size.width()), 0)
