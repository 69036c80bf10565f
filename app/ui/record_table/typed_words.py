"""Filters typed as words into the line above a list: a space or Enter after one makes a chip of it."""

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent

from app.core.i18n import tr
from app.services.filter_operators import OPERATORS, SIGNS, has_words
from app.ui.tables.bubble import Bubble
from app.ui.tips import plain_tip

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.record_table.filter_line import FilterLine
    from app.ui.record_table.kind import ListKind
    from app.ui.tables.view import TableView

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class List(Protocol):
    """What is asked of the list around the line."""

    kind: "ListKind"
    filter: "FilterLine"
    view: "TableView"

    @property
    def query(self) -> Any: ...
    def ask(self, **changes: Any) -> None: ...


class TypedWords(QObject):
    """Watches the filter line of a list. What is unclear stays there as text; Enter says what is wrong with it."""

    def __init__(self, context: "Context", panel: List) -> None:
        super().__init__(panel.filter)
        self._panel = panel
        self._entity = panel.kind.entity
        self._store = context.office.store
        self._theme = context.theme
        self._bubble: Bubble | None = None
        panel.filter.installEventFilter(self)
        panel.filter.setToolTip(plain_tip(self.help()))
        panel.filter.setAccessibleDescription(self.help())  # else the tip is read out with its marks
        panel.filter.setProperty("help", "search")  # what F1 tells of

    def help(self) -> str:
        """Every operator with what it means, a line for each."""
        lines = [(each.example, each.means) for each in OPERATORS[self._entity]]
        return "\n".join(f"{tr(example)} – {tr(means)}" for example, means in (*lines, *SIGNS))

    def plain(self, typed: str) -> str:
        """What of the line is looked for as text."""
        if self._bubble is not None:
            self._bubble.hide()
        if not has_words(typed):
            return typed.strip()
        from app.services.word_filter import plain_words  # nobody who types plain words waits for it

        return plain_words(typed, self._entity)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        line = self._panel.filter
        if not has_words(line.text()) or line.text().count('"') % 2:
            return False
        if event.text() == " ":
            return line.cursorPosition() == len(line.text()) and self._take(tell=False)
        return event.key() in _ENTER and self._take(tell=True)

    def _take(self, *, tell: bool) -> bool:
        """Make chips of what is clear; whether there was anything to do or to tell."""
        from app.services.word_filter import WordFilters, narrowed

        panel, line = self._panel, self._panel.filter
        read = WordFilters(self._store, self._entity).read(line.text())
        if read.filter is not None:
            left = " ".join((read.rest, *(each.typed for each in read.unclear))).strip()
            panel.ask(text=self.plain(left), filter=narrowed(panel.query.filter, read))
            line.setText(f"{left} " if left and not tell else left)
        if tell and read.unclear:
            words = (tr("“{typed}”: {why}", typed=each.typed, why=str(each.why)) for each in read.unclear)
            self._say("\n".join(words))
        return read.filter is not None or (tell and bool(read.unclear))

    def _say(self, words: str) -> None:
        if self._bubble is None:
            self._bubble = Bubble(self._theme, self._panel.view)
        self._bubble.refuse(words, QRect(0, 0, 1, 1))
