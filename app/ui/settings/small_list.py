"""A few rows that hang on what a card shows: as high as they need, edited in place, what is refused below them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.forms.field import Note
from app.ui.forms.rows import R, RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.settings.attempt import attempt
from app.ui.widgets.button import Button
from app.ui.widgets.focus import keep_in_view

if TYPE_CHECKING:
    from app.core.errors import TrichterError
    from app.ui.context import Context

#: So many rows are seen at once.
_MOST = 5
_HEADER = 34


class SmallList(QWidget, Generic[R]):
    """The rows; `remove` is the button that takes the current one away, for whoever lays it out. `chosen` of a row."""

    chosen = Signal()

    def __init__(
        self,
        context: "Context",
        name: str,
        columns: Sequence[RowColumn[R]],
        remove: Callable[[R], object],
        locked: Callable[[], str],
    ) -> None:
        """`remove` takes a row away; `locked` says why nothing can be changed, "" where it can."""
        super().__init__()
        self._context, self._remove, self._locked = context, remove, locked
        self._of = 0
        self._late: tuple[int, Sequence[R], str] | None = None
        self.model: RowsModel[R] = RowsModel(context.theme, columns, self, self._change)
        self.view = RowsView(context.theme, self.model, name)
        self.none, self.problem = Note(), Note("error")
        self.remove = Button(context.theme, tr("Remove"), icon="trash", small=True)
        self.remove.setAutoDefault(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (self.view, self.none, self.problem):
            box.addWidget(widget)
        px = context.theme.px
        for note in (self.none, self.problem):
            context.theme.fit(note, partial(_inset, note, px))
        context.theme.fit(self.view, self._fit)
        self.view.horizontalScrollBar().rangeChanged.connect(lambda _least, _most: self._fit())
        self.model.unchanged.connect(lambda: self._say(None))
        self.view.deleted.connect(lambda _id: self._take_away())
        self.remove.clicked.connect(self._take_away)
        self.view.chosen.connect(self.chosen)
        self.view.itemDelegate().closeEditor.connect(lambda: QTimer.singleShot(0, self, self._catch_up))
        keep_in_view(self.view)

    def show_rows(self, of: int, rows: Sequence[R], none: str) -> None:
        """The rows of something, `none` being said where there are none. What is being typed into them stays."""
        if self.view.editing and of == self._of:
            self._late = (of, rows, none)
            return
        if of != self._of:
            self._say(None)
        self._of, self._late = of, None
        self.model.show_rows(rows)
        self.none.say(none if not rows else "")
        self.view.setVisible(bool(rows))
        locked = self._locked()
        self.remove.setEnabled(bool(rows) and not locked)
        self.remove.setToolTip(locked)
        self._fit()

    def _fit(self) -> None:
        theme, bar = self._context.theme, self.view.horizontalScrollBar()
        rows = theme.row_height * min(len(self.model.rows), _MOST)
        self.view.setFixedHeight(rows + theme.px(_HEADER) + (bar.sizeHint().height() if bar.maximum() else 0))

    def _catch_up(self) -> None:
        if self._late is not None and not self.view.editing:
            self.show_rows(*self._late)

    def _change(self, _row: R, verb: Callable[[], object]) -> bool:
        return attempt(self._context, self, verb, self._say)

    def _take_away(self) -> None:
        row: Any = self.view.current()
        if row is not None and not self._locked():
            attempt(self._context, self, partial(self._remove, row), self._say)

    def _say(self, error: "TrichterError | None") -> None:
        self.problem.say(str(error) if error else "", "error")


def _inset(note: Note, px: Callable[[float], int]) -> None:
    note.setContentsMargins(px(16), px(2), px(16), px(6))
