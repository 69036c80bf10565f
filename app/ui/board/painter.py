"""Draws the cards of a board, each in one go, in the look of the theme."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from app.ui.board.cards import Card
from app.ui.theme import Density, Theme, readable, text_on

_FRAME = 10  # of a line of text: border and padding
_RADIUS = 8  # of a card and of the frame around where they may be let go
_PADDING = 12
_SIGN = 14
_GAP = 6
_AVATAR = 22
#: Between two cards, lines of a card, and above the first of them, before scaling.
_MEASURES = {Density.COMFORTABLE: (8, 21, 11), Density.COMPACT: (6, 18, 6)}
_LINES = 4
#: Texts whose measures are kept.
_KEPT = 8192
_RIGHT = Qt.TextElideMode.ElideRight
_NO_PEN = Qt.PenStyle.NoPen


@dataclass(frozen=True)
class Look:
    """What distinguishes a card from the others."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False


class _Pen:
    """A font with its measures; texts once cut to a width are kept."""

    def __init__(self, theme: Theme, size: float, weight: int) -> None:
        self.font = theme.font(size, weight)
        self._metrics = QFontMetrics(self.font)
        self.drop = (self._metrics.ascent() - self._metrics.descent()) / 2
        self._widths: dict[str, int] = {}
        self._cut: dict[tuple[str, int], str] = {}

    def width(self, text: str) -> int:
        """How wide a text is."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            found = self._widths[text] = self._metrics.horizontalAdvance(text)
        return found

    def fit(self, text: str, room: int) -> str:
        """As much of a text as there is room for."""
        if self.width(text) <= room:
            return text
        found = self._cut.get((text, room))
        if found is None:
            if len(self._cut) > _KEPT:
                self._cut.clear()
            found = self._cut[text, room] = self._metrics.elidedText(text, _RIGHT, max(0, room))
        return found


class CardPainter:
    """Make a new one when the theme changes: sizes and fonts are those of the moment."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        gap, line, top = _MEASURES[theme.density]
        self.gap = theme.px(gap)
        self._line, self._top = theme.px(line), theme.px(top)
        self._padding = theme.px(_PADDING)
        self.height = self._top * 2 + self._line * _LINES
        self._strong, self._plain = _Pen(theme, 13, 600), _Pen(theme, 12.5, 400)
        self._small, self._tiny = _Pen(theme, 11, 600), _Pen(theme, 10, 700)
        self._toned = _Pen(theme, 12.5, 600)

    @property
    def pitch(self) -> int:
        """From one card to the next."""
        return self.height + self.gap

    def title_rect(self, card: QRect) -> QRect:
        """Where the title stands, with room for a frame around it: its text lies where it lay."""
        side = max(2, self._padding - _FRAME)
        return QRect(card.left() + side, card.top() + self._top // 2, card.width() - 2 * side, self._line + self._top)

    def draw(self, painter: QPainter, box: QRect, card: Card | None, look: Look) -> None:
        """One card into its box."""
        self._ground(painter, box, look)
        if card is None:
            return
        left, right = box.left() + self._padding, box.right() + 1 - self._padding
        middles = [box.top() + self._top + self._line * (n + 0.5) for n in range(_LINES)]
        self._text(painter, self._strong, "text", card.title, left, right, middles[0])
        self._company(painter, card, left, right, middles[1])
        self._value(painter, card, left, right, middles[2])
        self._next(painter, card, left, right, middles[3], look)

    def _ground(self, painter: QPainter, box: QRect, look: Look) -> None:
        """The card itself: its frame says whether it is chosen, and where the keyboard is."""
        colour, thick = self._theme.colour, 2 if look.focused else 1
        painter.setBrush(colour("selection" if look.selected else "surface"))
        marked = look.selected or look.focused
        painter.setPen(QPen(colour("accent" if marked else "faint" if look.hovered else "border"), thick))
        radius = self._theme.px(_RADIUS)
        painter.drawRoundedRect(QRectF(box).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2), radius, radius)

    def _text(
        self, painter: QPainter, pen: _Pen, token: str, text: str, left: float, right: float, middle: float,
    ) -> float:  # fmt: skip
        """A text from the left, as far as there is room; where it ends."""
        shown = pen.fit(text, int(right - left))
        painter.setFont(pen.font)
        painter.setPen(self._theme.colour(token))
        painter.drawText(QPointF(left, middle + pen.drop), shown)
        return left + pen.width(shown)

    def _text_before(
        self, painter: QPainter, pen: _Pen, token: str, text: str, left: float, right: float, middle: float,
    ) -> float:  # fmt: skip
        """A text up to the right, if all of it has room; where it begins."""
        width = pen.width(text)
        if not text or width > right - left:
            return right
        self._text(painter, pen, token, text, right - width, right + 1, middle)
        return right - width - self._theme.px(_GAP)

    def _sign(self, painter: QPainter, name: str, token: str, left: float, middle: float) -> float:
        """An icon; where it ends, with the gap after it."""
        size = self._theme.px(_SIGN)
        pixmap = self._theme.pixmap(name, token, _SIGN, painter.device().devicePixelRatio())
        painter.drawPixmap(QPointF(left, middle - size / 2), pixmap)
        return left + size + self._theme.px(4)

    def _company(self, painter: QPainter, card: Card, left: float, right: float, middle: float) -> None:
        """Whose it is; at the right that it is idle, else the tags there is room for."""
        if card.idle:
            size = self._theme.px(_SIGN) + self._theme.px(4)
            begin = right - self._plain.width(card.idle) - size
            if begin > left:
                self._sign(painter, "idle", "warning", begin, middle)
                self._text(painter, self._plain, "warning", card.idle, begin + size, right + 1, middle)
                right = begin - self._theme.px(_GAP)
        else:
            free = left + self._plain.width(card.company) + self._theme.px(_GAP)
            for tag in card.tags:
                right = self._pill(painter, tag, "", free, right, middle)
        self._text(painter, self._plain, "muted", card.company, left, right, middle)

    def _pill(self, painter: QPainter, text: str, fill: str, left: float, right: float, middle: float) -> float:
        """A word in a coloured field up to the right, if there is room for all of it; where the next one may end."""
        side, high = self._theme.px(6), self._theme.px(17)
        wide = self._small.width(text) + 2 * side
        if wide > right - left:
            return right
        ground = readable(fill) if fill else "neutral_background"
        painter.setPen(_NO_PEN)
        painter.setBrush(self._theme.colour(ground))
        painter.drawRoundedRect(QRectF(right - wide, middle - high / 2, wide, high), high / 2, high / 2)
        ink = text_on(ground) if fill else "muted"
        self._text(painter, self._small, ink, text, right - wide + side, right, middle)
        return right - wide - self._theme.px(4)

    def _value(self, painter: QPainter, card: Card, left: float, right: float, middle: float) -> None:
        """Volume and probability, at the right the months; what there is no room for is said by tip and voice."""
        gap = self._theme.px(_GAP)
        end = left + self._strong.width(card.value) + gap
        if card.share_fill:
            wide = self._small.width(card.share) + 2 * self._theme.px(6)
            if end + wide <= right:
                self._pill(painter, card.share, card.share_fill, end, end + wide, middle)
                end += wide + gap
        elif card.share:
            share = f"· {card.share}"
            needed = self._plain.width(share) + (0 if card.own_share else gap + self._plain.width(card.period))
            if end + needed <= right:
                self._text(painter, self._plain, "text" if card.own_share else "muted", share, end, right, middle)
                end += self._plain.width(share) + gap
        right = self._text_before(painter, self._plain, "muted", card.period, end, right, middle)
        self._text(painter, self._strong, "text", card.value, left, right, middle)

    def _next(self, painter: QPainter, card: Card, left: float, right: float, middle: float, look: Look) -> None:
        """What is next and when, at the right the age and who is responsible."""
        if card.initials:
            right = self._avatar(painter, card.initials, right, middle, look)
        pen = self._toned if card.step_tone not in ("text", "muted") else self._plain
        end = left + self._theme.px(_SIGN + 4 + _GAP) + pen.width(card.step)
        right = self._text_before(painter, self._plain, "muted", card.age, end, right, middle)
        left = self._sign(painter, card.step_sign, card.step_tone, left, middle)
        self._text(painter, pen, card.step_tone, card.step, left, right, middle)

    def _avatar(self, painter: QPainter, initials: str, right: float, middle: float, look: Look) -> float:
        size = self._theme.px(_AVATAR)
        left = right - size
        painter.setPen(_NO_PEN)
        painter.setBrush(self._theme.colour("accent" if look.selected else "neutral_background"))
        painter.drawEllipse(QRectF(left, middle - size / 2, size, size))
        shown = self._tiny.fit(initials, size)
        begin = left + (size - self._tiny.width(shown)) / 2
        self._text(painter, self._tiny, "on_accent" if look.selected else "muted", shown, begin, right + 1, middle)
        return left - self._theme.px(_GAP)


def badge(painter: QPainter, theme: Theme, text: str, centre: QPointF) -> None:
    """How many cards are carried."""
    pen = _Pen(theme, 11.5, 700)
    size = max(theme.px(22), pen.width(text) + theme.px(12))
    painter.setPen(_NO_PEN)
    painter.setBrush(theme.colour("accent"))
    high = theme.px(22)
    painter.drawRoundedRect(QRectF(centre.x() - size / 2, centre.y() - high / 2, size, high), high / 2, high / 2)
    painter.setFont(pen.font)
    painter.setPen(theme.colour("on_accent"))
    painter.drawText(QPointF(centre.x() - pen.width(text) / 2, centre.y() + pen.drop), text)


def target_frame(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """Where cards may be let go."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
    radius = theme.px(_RADIUS)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
