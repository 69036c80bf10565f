"""A page over a short list, in the settings or a dialog: a table edited in place, a line for a new entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.ui.forms.field import Note
from app.ui.forms.rows import R, RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.jobs import Job
from app.ui.tables.empty import InPlaceOfRows
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import empty, share_undo

if TYPE_CHECKING:
    from app.ui.context import Context

_LEAST_ROWS = 5
#: Of the line for a new entry; where less is left beside it, what stands there goes to the next line.
_LEAST_ENTRY = 150
_ENDLESS = 4000


@dataclass(frozen=True)
class ListSpec(Generic[R]):
    """What a list page shows and does; a TrichterError of a verb is shown below the table.

    `tables` are those whose changes concern it. `add` takes the name typed and returns the verb that makes the row and
    returns its id. The verbs may run in a thread; so many `leads` hang on a row, and `ordered` on the order of all.
    `empty` says below the `icon` what belongs there while there is no row. `above` stands above the table,
    `beside` between the name of a new row and its button.
    """

    name: str
    explanation: str
    columns: Sequence[RowColumn[R]]
    rows: Callable[[], Sequence[R]]
    tables: tuple[str, ...]
    new: str = ""
    add: Callable[[str], Callable[[], int]] | None = None
    delete: Callable[[R], object] | None = None
    reorder: Callable[[list[int]], object] | None = None
    leads: Callable[[R], int] = lambda _row: 1
    ordered: int = 1
    empty: Callable[[], str] = lambda: ""
    icon: str = ""
    above: QWidget | None = None
    beside: QWidget | None = None


class _Filling(QLineEdit):
    """Would like all the room there is in its line."""

    def sizeHint(self) -> QSize:
        return QSize(_ENDLESS, super().sizeHint().height())


class ListPage(QWidget, Generic[R]):
    """The page; `below` is a layout for what else belongs to it."""

    def __init__(self, context: "Context", spec: ListSpec[R]) -> None:
        super().__init__()
        self.context = context
        self.spec = spec
        self.model: RowsModel[R] = RowsModel(context.theme, spec.columns, self, self._change)
        self.view = RowsView(context.theme, self.model, spec.name, movable=spec.reorder is not None)
        self._none = InPlaceOfRows(context.theme, self.view)
        self.problem = Note("error")
        self._refusals = 0
        self._taking = self._late = False
        self.entry = _Filling()
        share_undo(self.entry)
        self.below = QVBoxLayout()
        self.buttons = Flow()
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        px = self.context.theme.px
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(10))
        note = Note()
        note.say(self.spec.explanation)
        box.addWidget(note)
        if self.spec.above is not None:
            row = QHBoxLayout()
            row.addWidget(self.spec.above)
            row.addStretch()
            box.addLayout(row)
        card = Card(self.context.theme)
        card.body.addWidget(self.view)
        card.setMinimumHeight(self.context.theme.row_height * _LEAST_ROWS + px(36))
        box.addWidget(card, 1)
        box.addWidget(self.problem)
        self.context.theme.fit(self, lambda: self.buttons.setSpacing(px(8)))
        box.addLayout(self.buttons)
        box.addLayout(self.below)
        theme = self.context.theme
        if self.spec.add is not None:
            self.entry.setPlaceholderText(self.spec.new)
            self.entry.setAccessibleName(self.spec.new)
            self.buttons.addWidget(self.entry)
            self.buttons.let_yield(self.entry, lambda: px(_LEAST_ENTRY))
            if self.spec.beside is not None:
                self.buttons.addWidget(self.spec.beside)
            self.add = Button(theme, tr("Add"), icon="plus")
            self.add.setAutoDefault(False)
            self.add.clicked.connect(self._on_add)
            self.buttons.addWidget(self.add)
        if self.spec.delete is not None:
            self.remove = Button(theme, tr("Delete"), icon="trash")
            self.remove.setAutoDefault(False)
            self.remove.clicked.connect(lambda: self._on_delete(self._current_id()))
            self.buttons.addWidget(self.remove)

    def _connect(self) -> None:
        self.model.unchanged.connect(lambda: self._say(None))
        self.view.moved.connect(self._on_moved)
        self.view.deleted.connect(self._on_delete)
        self.view.chosen.connect(self.on_chosen)
        self.view.itemDelegate().closeEditor.connect(lambda: QTimer.singleShot(0, self, self._catch_up))
        self.entry.returnPressed.connect(self._on_add)
        self.context.bridge.changed.connect(self._on_change)
        self.context.theme.changed.connect(self.refresh)

    # For the pages

    def refresh(self) -> None:
        """Ask for the rows anew; the current one stays."""
        self.model.show_rows(self.spec.rows())
        if words := self.spec.empty():
            self._none.tell(words, self.spec.icon, self.spec.new, self.entry.setFocus)
        self._none.show_for(bool(words) and not self.model.rows)

    def on_chosen(self) -> None:
        """Another row became the current one."""

    def on_added(self, id_: int) -> None:
        """A row was made: it is the current one."""
        self.view.go_to(id_)

    def attempt(
        self,
        verb: Callable[[], Any],
        leads: int = 1,
        then: Callable[[Any], object] = lambda _result: None,
        refused: Callable[[], object] | None = None,
    ) -> bool:
        """Change so many leads with a verb. What it refuses is said below the table; then comes `refused` or `refresh`.

        What takes longer goes on in a thread, while the page can be used. Whether nothing is refused so far.
        """
        ended: list[bool] = []
        refusals = self._refusals

        def done(result: Any) -> None:
            ended.append(True)
            if self._refusals == refusals:  # else what was said meanwhile would not be read
                self._say(None)
            then(result)

        def failed(error: BaseException) -> None:
            ended.append(False)
            self._say(error if isinstance(error, TrichterError) else None)
            if not isinstance(error, TrichterError):
                raise error
            self._refusals += 1
            (refused or self.refresh)()

        self.context.jobs.write(Job(Text("Saving"), lambda _progress: verb(), done, failed, owner=self), leads)
        if not ended:
            self.problem.say(tr("One moment …"))
        return ended != [False]

    # What the user does

    def _change(self, row: R, verb: Callable[[], object]) -> bool:
        """A cell was edited. Nothing is read anew when it is refused: its editor opens again."""
        self._taking = True
        try:
            return self.attempt(verb, self.spec.leads(row), refused=lambda: None)
        finally:
            self._taking = False

    def _say(self, error: TrichterError | None) -> None:
        self.problem.say(str(error) if error else "", "error")

    def _current_id(self) -> int:
        row = self.view.current()
        return row.id if row is not None else 0

    def _on_add(self) -> None:
        add, name = self.spec.add, self.entry.text()
        if add is None:
            return
        empty(self.entry)
        self.attempt(add(name), then=self.on_added, refused=lambda: self.entry.setText(self.entry.text() or name))

    def _on_delete(self, id_: int) -> None:
        row: Any = next((row for row in self.model.rows if row.id == id_), None)
        delete = self.spec.delete
        if row is not None and delete is not None:
            self.attempt(partial(delete, row), self.spec.leads(row))

    def _on_moved(self, id_: int, place: int) -> None:
        reorder = self.spec.reorder
        if reorder is None:
            return
        ids = [row.id for row in self.model.rows if row.id != id_]
        ids.insert(place, id_)
        self.attempt(partial(reorder, ids), self.spec.ordered)

    def _on_change(self, change: ChangeSet) -> None:
        if not change.concerns(*self.spec.tables):
            return
        if self.view.editing and not self._taking:
            self._late = True  # other rows would close the editor
        else:
            self.refresh()

    def _catch_up(self) -> None:
        if self._late and not self.view.editing:
            self._late = False
            self.refresh()
