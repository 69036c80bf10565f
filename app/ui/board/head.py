"""The head of a column: its name, how many leads are in it, what they come to and what they weigh."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.ui.theme import Theme, readable, text_on
from app.ui.tips import plain_tip

HEIGHT = 58
_SIDE = 10
_RADIUS = 8
_BASELINES = (21, 44)
_BUTTON = 20
_SIGN = 15
_GAP = 6
_NAME = (12.5, 600)  # size and weight
#: Which wording of the weighted volume goes with which of the figures, from the longest to the shortest.
DETAILS = ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class HeadWords:
    """What a head says. `colour` is '#RRGGBB', or empty for a plain one; `weighted` and `figures` (how
    many and how much) each from the longest wording to the shortest. `can_add` if a new lead can be made here.
    """

    name: str
    percent: str = ""
    weighted: tuple[str, str, str] = ("", "", "")
    figures: tuple[str, str, str] = ("", "", "")
    count: str = ""
    spoken: str = ""
    colour: str = ""
    can_add: bool = True


class ColumnHead(QAbstractButton):
    """Pressed it opens the menu of the column; with a sign for a new lead in it. Collapsed it is all of the column."""

    menuAsked = Signal(QPoint)
    addAsked = Signal()
    expandAsked = Signal()

    def __init__(self, theme: Theme, detail: Callable[[], int]) -> None:
        """`detail` tells how much is said: as much as there is room for in every head of the board."""
        super().__init__()
        self._theme = theme
        self._detail = detail
        self._words = HeadWords("")
        self._collapsed = False
        self._over = ""
        self._pressed_at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.clicked.connect(self._on_click)
        theme.fit(self, self._fit)

    def show_words(self, words: HeadWords) -> None:
        """Other figures, or another column."""
        self._words = words
        self.setText(words.name)
        self.setAccessibleName(words.spoken)
        self.setToolTip(plain_tip(f"{words.percent} · {words.spoken}" if words.percent else words.spoken))
        self.update()

    @property
    def words(self) -> HeadWords:
        """What is said."""
        return self._words

    def set_collapsed(self, collapsed: bool) -> None:
        """Draw it upright, as high as the board."""
        self._collapsed = collapsed
        self._fit()
        self.update()

    def _fit(self) -> None:
        vertical = QSizePolicy.Policy.Expanding if self._collapsed else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self._theme.px(HEIGHT))

    # What it does

    def _on_click(self) -> None:
        if self._collapsed:
            self.expandAsked.emit()
        elif self._over == "add":
            self.addAsked.emit()
        else:
            at, self._pressed_at = self._pressed_at, 0
            self.menuAsked.emit(self.mapToGlobal(QPoint(at, self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._over = ""
            self._on_click()
        elif event.key() == Qt.Key.Key_Plus and self._words.can_add:
            self.addAsked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menuAsked.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())
        self._pressed_at = round(event.position().x())  # the only column may be as wide as the window
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())
        super().mouseMoveEvent(event)

    def _point(self, at: QPointF) -> None:
        over = "add" if self._words.can_add and not self._collapsed and self._add_box().contains(at.toPoint()) else ""
        if over != self._over:
            self._over = over
            self.update()

    def _menu_box(self) -> QRect:
        size = self._theme.px(_BUTTON)
        return QRect(self.width() - size - self._theme.px(4), self._theme.px(7), size, size)

    def _add_box(self) -> QRect:
        return self._menu_box().translated(-self._theme.px(_BUTTON), 0)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = readable(self._words.colour) if self._words.colour else "surface"
        ink = self._theme.colour(text_on(ground) if self._words.colour else "text")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._box(painter, ground, ink)
            if self._collapsed:
                self._write_upright(painter, ink)
            else:
                self._write(painter, ink)

    def _box(self, painter: QPainter, ground: str, ink: QColor) -> None:
        radius = self._theme.px(_RADIUS)
        framed = not self._words.colour
        painter.setPen(QPen(self._theme.colour("border"), 1) if framed else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(ground))
        inset = 0.5 if framed else 0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(ink, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), radius - 2, radius - 2)

    def _write(self, painter: QPainter, ink: QColor) -> None:
        px, words = self._theme.px, self._words
        left, right = px(_SIDE), self._menu_box().left()
        self._sign(painter, "more", self._menu_box(), ink, self.underMouse() and not self._over)
        if words.can_add:
            right = self._add_box().left()
            self._sign(painter, "plus", self._add_box(), ink, self._over == "add")
        first, second = (px(line) for line in _BASELINES)
        painter.setPen(ink)
        percent = self._width(words.percent, 12, 400)
        if left + self._width(words.name, *_NAME) + px(_GAP) + percent <= right:
            self._put(painter, words.percent, 12, 400, right - percent - px(2), right, first)
            right -= percent + px(_GAP)
        self._put(painter, words.name, *_NAME, left, right, first)
        right = self.width() - px(_SIDE)
        weighted, figures = self._figures(self._detail())
        self._put(painter, weighted, 14, 700, left, right, second)
        width = self._width(figures, 11.5, 500)
        begin = right - width if weighted else left
        self._put(painter, figures, 11.5, 500, begin, right + 1, second)

    def _figures(self, detail: int) -> tuple[str, str]:
        """What is said of the weighted volume, and of number and volume."""
        weighted, figures = DETAILS[detail]
        return self._words.weighted[weighted], self._words.figures[figures]

    def has_room(self, detail: int) -> bool:
        """Whether that fits: a figure that is cut off would be another one."""
        weighted, figures = self._figures(detail)
        needed = self._width(weighted, 14, 700) + self._theme.px(_GAP) + self._width(figures, 11.5, 500)
        return self._collapsed or needed <= self.width() - 2 * self._theme.px(_SIDE)

    def _write_upright(self, painter: QPainter, ink: QColor) -> None:
        """Name and count from top to bottom, as on the spine of a book."""
        px, words = self._theme.px, self._words
        painter.setPen(ink)
        painter.translate(self.width(), 0)
        painter.rotate(90)
        middle = self.width() / 2
        font = self._theme.font(*_NAME)
        drop = (QFontMetrics(font).ascent() - QFontMetrics(font).descent()) / 2
        y = round(middle + drop)
        count = self._width(words.count, 12, 500)
        right = self.height() - px(_SIDE)
        end = self._put(painter, words.name, *_NAME, px(_SIDE), right - count - px(_GAP), y)
        self._put(painter, words.count, 12, 500, end + px(_GAP), right, y)

    def _put(self, painter: QPainter, text: str, size: float, weight: int, left: int, right: int, baseline: int) -> int:
        """A text from the left, cut off where there is no room; where it ends."""
        painter.setFont(self._theme.font(size, weight))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - left))
        painter.drawText(left, baseline, shown)
        return left + painter.fontMetrics().horizontalAdvance(shown)

    def _width(self, text: str, size: float, weight: int) -> int:
        return QFontMetrics(self._theme.font(size, weight)).horizontalAdvance(text)

    def _sign(self, painter: QPainter, name: str, box: QRect, ink: QColor, pointed: bool) -> None:
        if pointed:
            painter.setPen(QPen(ink, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        size = self._theme.px(_SIGN)
        pixmap = self._theme.pixmap(name, ink.name(), _SIGN, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.center().x() + 1 - size / 2, box.center().y() + 1 - size / 2), pixmap)
