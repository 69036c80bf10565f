"""Lines that lead somewhere: a telephone number, a person, a lead. Each is opened by a press and has a menu."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import ntr
from app.ui.allowed import Barred, offer
from app.ui.keys import named
from app.ui.theme import Theme
from app.ui.tips import plain_tip, with_reason
from app.ui.widgets.field_row import ValueButton, see

#: A line that does not fit goes on in the next one.
_ROWS = 4
#: Lines that are seen at first; so many more come on demand, since each is a widget.
_FEW, _MORE = 6, 40

#: What stays together: a word, or a part of an address with the sign after it.
_PIECES = re.compile(r"[^\s@/._-]+[@/._-]*\s*|[@/._\s-]+")

Act = Callable[[], object]


@dataclass(frozen=True)
class Link:
    """One line: its words, grey ones after them, where it leads (None: nowhere), and what its menu offers.

    `edit` is what F2 does.
    """

    text: str
    note: str = ""
    act: Act | None = None
    offers: Sequence[tuple[str, Act]] = ()
    tone: str = ""
    edit: Act | None = None


class LinkLine(ValueButton):
    """One of the lines. Without a place to lead to a press opens its menu."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, True, lines=_ROWS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.link = Link("")
        self._asked: int | None = None  # a width that a layout asks about
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self._press)

    def show_link(self, link: Link, label: str) -> None:
        """Show this; `label` is what a reader of the screen says before it."""
        self.link = link
        leads = link.act is not None and not isinstance(link.act, Barred)
        self.show_parts(link.text, link.note, link.tone or ("accent" if leads else ""), False)
        self.setAccessibleName(f"{label}: {link.text} {link.note}".removeprefix(": ").rstrip())
        why = link.act.why if isinstance(link.act, Barred) else ""
        self.setToolTip(with_reason(plain_tip(f"{link.text} {link.note}".strip()), why))
        self.setAccessibleDescription(why)

    def heightForWidth(self, width: int) -> int:
        """Asked before it has its width: lines within lines would be laid out a turn too late."""
        self._asked = width
        try:
            return self._high()
        finally:
            self._asked = None

    def _room(self) -> int:
        return super()._room() if self._asked is None else super()._room() - self.width() + self._asked

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_F2:
            super().keyPressEvent(event)
        elif self.link.edit is not None:
            self.link.edit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.open_menu(event.globalPos() if by_mouse else self._below())

    def open_menu(self, place: QPoint) -> None:
        """What can be done with it; `place` is on the screen."""
        if not self.link.offers:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in self.link.offers:
            keys = {self.link.act: "Return", self.link.edit: "F2"}.get(act)
            label = words.replace("&", "&&")
            offer(menu, f"{label}\t{named(keys)}" if keys else label, act)
        menu.popup(place)

    def _weight(self) -> int:
        return 400

    def _lines(self) -> list[str]:
        """As long addresses are written: broken after their signs where they do not fit."""
        lines = [""]
        for piece in _PIECES.findall(self.text()):
            longer = lines[-1] + piece
            if len(lines) < self._most and lines[-1] and self._advance(longer.rstrip(), 400) > self._room():
                lines[-1] = lines[-1].rstrip()
                lines.append(piece)
            else:
                lines[-1] = longer
        return lines

    def _press(self) -> None:
        if self.link.act is not None:
            self.link.act()
        else:
            self.open_menu(self._below())

    def _below(self) -> QPoint:
        return self.mapToGlobal(QPoint(0, self.height()))


class LinkLines(QWidget):
    """Several of them, of many the first ones; the widgets are kept for the next record."""

    def __init__(self, theme: Theme, label: str, few: int = _FEW) -> None:
        super().__init__()
        self._theme, self._label, self._few = theme, label, few
        self._links: Sequence[Link] = ()
        self._most = few
        self.lines: list[LinkLine] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.more = LinkLine(theme)  # and no button, whose words could not be broken
        self.more.hide()
        self._box.addWidget(self.more)

    def show_links(self, links: Sequence[Link], *, same: bool = False) -> None:
        """Show these; of the `same` record as many as were asked for."""
        self._links, self._most = links, self._most if same else self._few
        self._fill()

    def add_below(self, widget: QWidget) -> None:
        """Put something below the lines."""
        self._box.addWidget(widget)

    def texts(self) -> list[str]:
        """The words of the lines that are seen."""
        return [f"{line.link.text} {line.link.note}".strip() for line in self.lines if not line.isHidden()]

    def _fill(self) -> None:
        few = self._links if len(self._links) <= self._most + 1 else self._links[: self._most]
        while len(self.lines) < len(few):
            line = LinkLine(self._theme)
            self._box.insertWidget(len(self.lines), line)
            line.stackUnder(self.more)  # Tab comes to it as it stands, before what was made earlier
            self.lines.append(line)
        for place, line in enumerate(self.lines):
            if place < len(few):
                line.show_link(few[place], self._label)
            see(line, place < len(few))
        rest = len(self._links) - len(few)
        if rest:
            self.more.show_link(Link(ntr("Show {n} more", "Show {n} more", rest), act=self._show_more), self._label)
        see(self.more, rest > 0)

    def _show_more(self) -> None:
        first = min(len(self._links), self._most)
        self._most += _MORE
        self._fill()
        self.lines[first].setFocus()
