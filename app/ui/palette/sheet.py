"""The sheet: one line to type into, and below it what is meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLabel,
    QListView,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.core.i18n import tr
from app.core.roles import Act
from app.core.terms import Entity
from app.ui.keys import named
from app.ui.palette.entries import Commands, Entry, Line, lead_entry
from app.ui.palette.finder import Finder
from app.ui.palette.groups import (
    FILE_KEY,
    KEYS,
    MORE,
    NEW,
    NOTE_KEY,
    ONLY_COMMANDS,
    Found,
    grouped,
    hit_entry,
    may_be_a_title,
    new_lead_entry,
    nothing,
    only_commands,
    passages,
)
from app.ui.palette.recent import COMMAND, COMPANY, LEAD, PERSON, Recent
from app.ui.palette.records import NOTHING, RecordFinder, Records
from app.ui.palette.rows import HEIGHT, LinePainter, Lines, LinesView
from app.ui.widgets.filter_edit import FilterEdit

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context

#: Before scaling: how wide it is, how far from the edges of the window, and how many lines are seen.
_WIDE, _EDGE, _ABOVE, _LINES = 640, 24, 8, 11
#: How far its shadow reaches, and how dark one of its layers is.
_SHADOW, _SHADE, _DARK_SHADE = 14, 0.012, 0.12
#: Used last, and shown while nothing is typed.
_RECENT = 8
_Key = Qt.Key


@dataclass(frozen=True)
class Deeds:
    """What carries out what is chosen: a command, a lead (in its own window?), a company or person, a new lead.

    `see` goes to a note or file (which says the key) of a record that was opened, `refuse` says why something is not
    allowed.
    """

    run: Callable[[str], object]
    open_lead: Callable[[int, bool], object]
    open_record: Callable[[Entity, int], object]
    new_lead: Callable[[str], object]
    see: Callable[[tuple[Entity, int], str, int], object]
    refuse: Callable[[str], object]


class Palette(QWidget):
    """Lies over the window; built once."""

    def __init__(
        self,
        context: "Context",
        actions: "Actions",
        recent: Recent,
        deeds: Deeds,
        parent: QMainWindow,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._commands = Commands(actions)
        self._recent = recent
        self._deeds = deeds
        self._window = parent
        self._before: QWidget | None = None
        self._chosen_by_hand = self._typing = False
        self._used: Sequence[str] = ()
        self._leads: tuple[Sequence[int], Sequence[int]] = ((), ())
        self._records = NOTHING
        self._opened: frozenset[str] = frozenset()
        self._waiting: bool | None = None  # Enter was pressed before there was anything; whether in its own window
        self._sheet = QFrame()
        self._sheet.setProperty("kind", "sheet")
        self.setAccessibleName(tr("Search or command"))
        self.line = FilterEdit(context.theme, tr("Search for everything; > for commands only"))
        self.lines = Lines(self._fetch)
        self.view = LinesView(context.theme)
        self.line.setProperty("help", "search")  # what F1 tells of
        self._none = QLabel()
        self._foot = QLabel()
        self._actions = actions
        self._finder = Finder(context, self._found, self)
        self._seeker = RecordFinder(context, self._found_records, self)
        self._build()
        self.hide()

    def _build(self) -> None:
        theme, px = self._context.theme, self._context.theme.px
        self._painter = LinePainter(theme, self.lines)
        self.view.setModel(self.lines)
        self.view.setItemDelegate(self._painter)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # one types, and the arrows go through the list
        self.view.setMouseTracking(True)
        self.view.setProperty("kind", "lines")
        self.view.setAccessibleName(tr("Found"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.clicked.connect(lambda index: self._take(index.row(), apart=False))
        self.view.selectionModel().currentChanged.connect(lambda *_: self._speak())
        self._none.setProperty("kind", "muted")
        self._none.setTextFormat(Qt.TextFormat.PlainText)  # it says what was typed
        self._none.setWordWrap(True)
        self._outer = QVBoxLayout(self)
        theme.fit(self._outer, lambda: self._outer.setContentsMargins(*4 * (px(_SHADOW),)))
        self._outer.addWidget(self._sheet)
        self._box = box = QVBoxLayout(self._sheet)
        theme.fit(
            box, lambda: box.setContentsMargins(0, px(12), 0, px(6)), lambda: box.setSpacing(px(8)),
            lambda: self._none.setContentsMargins(px(16), px(6), px(16), px(10)),
        )  # fmt: skip
        head = QVBoxLayout()
        theme.fit(head, lambda: head.setContentsMargins(px(12), 0, px(12), 0))
        head.addWidget(self.line)
        box.addLayout(head)
        box.addWidget(self._none)
        box.addWidget(self.view)
        box.addWidget(self._foot)
        self._foot.setProperty("kind", "small")
        self._foot.setWordWrap(True)
        self._foot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.fit(self._foot, lambda: self._foot.setContentsMargins(px(16), 0, px(16), px(4)), self._word_foot)
        self._foot.linkActivated.connect(self._deeds.run)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        self._window.installEventFilter(self)
        theme.changed.connect(self._word_foot)
        theme.changed.connect(self._settle)
        self._context.bridge.changed.connect(lambda _change: self.lines.forget())

    def _word_foot(self) -> None:
        """What Enter does, and where it is told which filters can be typed."""
        help_, colour = self._actions.keys("help"), self._context.theme.colour("accent").name()
        said = (tr("Enter opens"), tr("{keys}: in a window of its own", keys=named("Ctrl+Return")))
        words = "  ".join(part for part in (tr("Filters as words"), help_) if part)
        self._foot.setText(f"{escape(' · '.join(said))} · <a href='help' style='color:{colour}'>{escape(words)}</a>")
        self._foot.setAccessibleName(", ".join((*said, words)))

    # Opening and closing

    def show_up(self) -> None:
        """Open it, empty; once more closes it."""
        if self.isVisible():
            self.leave()
            return
        self._before = _staying(self._window.focusWidget())
        self._leads, self._records, self._waiting = ((), ()), NOTHING, None
        self._used = self._recent.commands()
        self._commands.look()
        self._word_foot()
        self.lines.forget()
        self.line.clear()
        self._finder.open(self._recent.leads())
        self._seeker.prepare()
        self.show()
        self.raise_()
        self.line.setFocus()
        self._on_text("")

    def leave(self) -> None:
        """Close it; the keyboard is where it was."""
        if not self.isVisible():
            return
        self._finder.close()
        self._seeker.stop()
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_focus_lost(self) -> None:
        """A click elsewhere closes it, and so does whatever else takes the keyboard; another program does not."""
        new = QApplication.focusWidget()
        if self.isVisible() and new is not None and new is not self.line and not self.isAncestorOf(new):
            self._before = None
            self.leave()

    # What is found

    def entry(self) -> Entry | None:
        """The one that Enter takes."""
        return self.lines.entry(self.view.currentIndex().row())

    def _on_text(self, _text: str) -> None:
        self._chosen_by_hand, self._opened, self._waiting = False, frozenset(), None
        typed = self.line.text().strip()
        self._typing = True
        if only_commands(typed):
            self._finder.close()
            self._leads = ((), ())
            self._seeker.type("")
        else:
            self._finder.type(typed)
            self._seeker.type(typed)
        self._typing = False
        self._fill()

    def _found(self, begins: Sequence[int], inside: Sequence[int]) -> None:
        """Leads, at once while a key is pressed, and better ones later."""
        found = (begins, inside)
        if found != self._leads:
            self._leads = found
            if not self._typing:
                self._fill()

    def _found_records(self, records: Records) -> None:
        """Records of all kinds; whoever pressed Enter already gets the best."""
        self._records = records
        if self._typing:
            return
        self._fill()
        if self._waiting is not None and self.isVisible():
            self._take(self.view.currentIndex().row(), apart=self._waiting)

    def _fill(self) -> None:
        """Commands that begin with it, records in groups, other commands; what was chosen stays."""
        typed = self.line.text().strip()
        kept = self.entry() if self._chosen_by_hand else None
        if typed:
            words = typed.removeprefix(ONLY_COMMANDS) if only_commands(typed) else typed
            found = Found(*self._commands.find(words, self._used), self._records, *self._leads)
            lines = grouped(found, self._opened)
        else:
            lines = _unique([*self._recently(), *self._commands.all(), *self._leads[0]])
        none = not any(isinstance(line, int) or line.key for line in lines) and not self._seeker.pending
        if none and may_be_a_title(typed, self._records) and self._context.allowed.may(Act.CHANGE):
            lines.append(new_lead_entry(typed))
        self.lines.show(lines, passages(self._records))
        self._none.setText(nothing(typed, self._records) if none else "")
        self._none.setVisible(none)
        self._settle()
        row = self.lines.row_of(kept.key) if kept is not None else self._next(0, 1)
        self.view.setCurrentIndex(self.lines.index(max(0, row)))
        if row <= 1:
            self.view.scrollToTop()
        self._speak()

    def _recently(self) -> list[Line]:
        lines: dict[str, Line] = {entry.key: entry for entry in self._commands.all()}
        lines |= {f"{LEAD}{lead}": lead for lead in self._finder.known()}
        lines |= {f"{KEYS[hit.entity]}{hit.id}": hit_entry(hit) for hit in self._seeker.known(self._recent.others())}
        return [lines[key] for key in self._recent.all() if key in lines][:_RECENT]

    def _fetch(self, ids: Sequence[int]) -> dict[int, Entry]:
        rows, hits = self._context.office.lists.rows(ids), passages(self._records)
        return {row.id: lead_entry(row, self._context.wording, hits.get(row.id)) for row in rows}

    def _speak(self) -> None:
        """A screen reader hears the line the arrows came to: the keyboard itself stays where one types."""
        entry = self.entry()
        spoken = " ".join(part for part in (self._none.text(), entry.spoken if entry is not None else "") if part)
        if spoken == self.line.accessibleDescription():
            return
        self.line.setAccessibleDescription(spoken)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, spoken))
        if entry is not None:  # Qt complains of a line that is not there
            event = QAccessibleEvent(self.view, QAccessible.Event.ActiveDescendantChanged)
            event.setChild(self.view.currentIndex().row())
            QAccessible.updateAccessibility(event)

    # Keys and mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._settle()
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._on_focus_lost()
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return event.type() == QEvent.Type.KeyPress and self._press(event)

    def _press(self, event: QKeyEvent) -> bool:
        row, last = self.view.currentIndex().row(), self.lines.rowCount() - 1
        page = max(1, self.view.viewport().height() // self._context.theme.px(HEIGHT) - 1)
        steps = {_Key.Key_Down: 1, _Key.Key_Up: -1, _Key.Key_PageDown: page, _Key.Key_PageUp: -page}
        key = _Key(event.key())
        if key in steps:
            to = row + steps[key]
            if abs(steps[key]) == 1 and not 0 <= self._next(to, steps[key]) <= last:
                to = 0 if to > 0 else last
            self._go(self._next(max(0, min(last, to)), 1 if to <= 0 or steps[key] > 0 else -1))
        elif key in (_Key.Key_Return, _Key.Key_Enter):
            apart = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if self._seeker.pending and not self._chosen_by_hand:
                self._waiting = apart
            else:
                self._take(row, apart=apart)
        elif key == _Key.Key_Escape:
            self.leave()
        elif key not in (_Key.Key_Tab, _Key.Key_Backtab):
            return False
        return True

    def _next(self, row: int, way: int) -> int:
        """This line, or the next one that way which is no heading."""
        while self.lines.is_heading(row):
            row += way
        return row

    def _go(self, row: int) -> None:
        self._chosen_by_hand = True
        index = self.lines.index(row)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)

    def _take(self, row: int, *, apart: bool) -> None:
        """Carry out what stands in a line; one that is not possible stays, and says why."""
        entry = self.lines.entry(row)
        self._waiting = None
        if entry is not None and entry.refusal:
            self._deeds.refuse(entry.refusal)
        if entry is None or not entry.enabled:
            return
        if entry.key.startswith(MORE):
            self._unfold(entry.key.removeprefix(MORE), row)
            return
        self.leave()
        kind, _colon, rest = entry.key.partition(":")
        if f"{kind}:" in (COMMAND, LEAD, COMPANY, PERSON):
            self._recent.note(entry.key)
        if f"{kind}:" == COMMAND:
            # in the next turn: the keyboard is back where it was, and a dialog waits in no slot of this one
            QTimer.singleShot(0, self._window, lambda: self._deeds.run(rest))
        elif f"{kind}:" == NEW:
            QTimer.singleShot(0, self._window, lambda: self._deeds.new_lead(rest))
        else:
            about = (Entity(kind), int(rest)) if kind in tuple(Entity) else entry.about
            if about is not None and about[0] is Entity.LEAD:
                self._deeds.open_lead(about[1], apart)
            elif about is not None:
                self._deeds.open_record(*about)
            if about is not None and f"{kind}:" in (NOTE_KEY, FILE_KEY):
                self._deeds.see(about, f"{kind}:", int(rest))

    def _unfold(self, entity: str, row: int) -> None:
        """Show all of a group; the first of those that come is chosen."""
        self._opened |= {entity}
        self._fill()
        self._go(row)

    # Its place

    def _settle(self) -> None:
        """At the top in the middle, as high as what is found."""
        px = self._context.theme.px
        area = self._window.rect()
        width = min(px(_WIDE), area.width() - 2 * _EDGE)
        count = self.lines.rowCount()
        high = min(sum(px(self.lines.height(row)) for row in range(min(count, 2 * _LINES))), _LINES * px(HEIGHT))
        top = self._window.menuBar().height() + px(_ABOVE)
        room = max(px(HEIGHT), area.height() - top - self.line.sizeHint().height() - px(_EDGE + 30))
        for label in (each for each in (self._none, self._foot) if each.text()):
            label.setMinimumHeight(0)  # it would not ask for less than it has
            label.setFixedHeight(label.heightForWidth(width))
            room -= label.height() + px(8)
        self.view.setFixedHeight(min(high, room - room % px(HEIGHT)))
        self.view.setVisible(count > 0)
        for layout in (self._box, self._outer):  # from within: each takes its height from the one before
            layout.invalidate()
            layout.activate()
        edge = px(_SHADOW)
        left = (area.width() - width) // 2
        self.setGeometry(left - edge, top - edge, width + 2 * edge, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft shadow around the sheet, which lies over lists of the same colour."""
        theme = self._context.theme
        edge, dark = theme.px(_SHADOW), theme.tokens.dark
        ink = QColor(theme.colour("background" if dark else "text"))
        ink.setAlphaF(_DARK_SHADE if dark else _SHADE)
        inner = self.rect().adjusted(2 * edge, 2 * edge, -2 * edge, -2 * edge)
        with QPainter(self) as painter:
            painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(inner)))  # nothing of it is seen in there
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            for inset in range(2, edge, 2):
                round_ = edge + 11 - inset
                painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), round_, round_)


def _is_ours(event: QKeyEvent) -> bool:
    """Keys that mean something here, whatever command has them in the window."""
    return event.key() in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Escape, _Key.Key_Up, _Key.Key_Down,
                           _Key.Key_PageUp, _Key.Key_PageDown)  # fmt: skip


def _staying(widget: QWidget | None) -> QWidget | None:
    """Where the keyboard can come back to: who edits in a list loses the editor with it, and is in the list then."""
    above = widget
    while above is not None:
        above = above.parentWidget()
        if isinstance(above, QAbstractItemView):
            return above
    return widget


def _unique(lines: Sequence[Line]) -> list[Line]:
    seen: dict[object, Line] = {}
    for line in lines:
        seen.setdefault(line.key if isinstance(line, Entry) else line, line)
    return list(seen.values())
