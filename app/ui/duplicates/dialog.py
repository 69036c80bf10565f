"""*Duplikate*: all that is there more than once, and beside it what comes of putting it into one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSplitter, QWidget

from app.core.errors import Cancelled, TrichterError
from app.core.i18n import Text, ntr, tr
from app.services.duplicates import Duplicates
from app.services.twins.facts import Kind
from app.services.twins.groups import Twins
from app.services.twins.match import SURE
from app.ui.duplicates.merge import Merger
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Note
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.jobs import Job, Progress
from app.ui.tables.empty import EmptyState
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from app.ui.context import Context

_MOST_REASONS = 3
#: Of so many rows beside those that are seen the text is measured for the width of a column.
_MOST_MEASURED = 50


@dataclass(frozen=True)
class _Row:
    """A group as it stands in the list; `id` is its place when it was found."""

    id: int
    twins: Twins


class DuplicatesDialog(Dialog):
    """Looks when it opens; each group is put into one, or said to be none, and the next one follows."""

    _moved = Signal(int, int, int)

    def __init__(self, context: "Context", parent: QWidget | None = None, kind: Kind = "company") -> None:
        super().__init__(context.theme, tr("Find duplicates"), parent)
        self._context = context
        store = context.office.store
        self._duplicates = Duplicates(store)
        self._kind: Kind = kind
        self._progress: Progress | None = None
        self._asked = 0
        self.model: RowsModel[_Row] = RowsModel(context.theme, self._columns(), self)
        self.view = RowsView(context.theme, self.model, tr("Duplicates"))
        self.pane = Merger(context)
        self.note = Note()
        self.none = EmptyState(context.theme)
        self.bar = QProgressBar()
        self.kinds = ChoiceBox()
        theme = context.theme
        self.stop = Button(theme, tr("Stop"), small=True)
        self.apart = Button(theme, tr("No duplicate"))
        self.merge = Button(theme, tr("Merge"), ButtonKind.PRIMARY)
        self._build()
        self._connect()
        self.remember_size(context.settings, "duplicates", 1120, 700)
        self.view.setFocus()
        self._find()

    def _build(self) -> None:
        px = self.theme.px
        for words, kind in ((tr("Companies"), "company"), (tr("People"), "person")):
            self.kinds.addItem(words, kind)
        self.kinds.setCurrentIndex(self.kinds.findData(self._kind))
        self.kinds.setAccessibleName(tr("What to look through"))
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Looking for duplicates"))
        line = QHBoxLayout()
        line.setSpacing(px(10))
        for widget, stretch in ((self.kinds, 0), (self.note, 1), (self.bar, 1), (self.stop, 0)):
            line.addWidget(widget, stretch)
        lists, side = Card(self.theme), Card(self.theme)
        self.view.horizontalHeader().setResizeContentsPrecision(_MOST_MEASURED)
        lists.body.addWidget(self.view, 1)
        side.body.addWidget(self.pane, 1)
        split = self._split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(lists)
        split.addWidget(side)
        lists.lower()  # a splitter puts what comes later before it, and it would be read first
        split.setChildrenCollapsible(False)
        split.setProperty("kind", "gap")
        split.setHandleWidth(px(10))
        split.setSizes([px(520), px(580)])
        self.body.addLayout(line)
        self.body.addWidget(split, 1)
        words = tr("Nothing is there twice. Who is new is compared with all others while you type.")
        self.none.tell(words, "check", "", None)
        self.none.hide()
        self.body.addWidget(self.none, 1)
        row = self.add_bar()
        row.addWidget(self.apart)
        self.add_close(row, default=False)
        row.addWidget(self.merge)
        for button in (self.apart, self.stop):
            button.setAutoDefault(False)
        self.merge.setDefault(True)
        self.do_by_key(self.merge)

    def _connect(self) -> None:
        self.kinds.currentIndexChanged.connect(lambda _row: self._change_kind())
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.view.activated.connect(lambda _index: self.pane.setFocus())
        self.pane.looked.connect(self._looked)
        self.stop.clicked.connect(self._cancel)
        self._moved.connect(self._move, Qt.ConnectionType.QueuedConnection)
        self.apart.clicked.connect(self._keep_apart)
        self.merge.clicked.connect(self._merge)

    def _columns(self) -> list[RowColumn[_Row]]:
        return [
            RowColumn(tr("Entries"), lambda row: "\n".join(row.twins.names.values()), stretch=True),
            RowColumn(tr("Why"), lambda row: _reasons(row.twins), faint=lambda _row: True),
        ]

    # Looking

    def _change_kind(self) -> None:
        self._kind = "person" if self.kinds.currentData() == "person" else "company"
        self._find()

    def _find(self) -> None:
        """Look through all of them; what was asked for before is dropped."""
        self._cancel()
        self._show_rows([], looking=True)
        self._asked += 1
        asked, kind = self._asked, self._kind
        self._set_looking(True)

        def work(progress: Progress) -> list[Twins]:
            return self._duplicates.find_all(kind, lambda at, total: self._tell(progress, asked, at, total))

        def done(found: list[Twins]) -> None:
            if asked == self._asked:
                self._set_looking(False)
                self._show_rows([_Row(place, twins) for place, twins in enumerate(found)])

        def failed(error: BaseException) -> None:
            if asked == self._asked:
                self._set_looking(False)
                self._refuse(error)

        job = Job(Text("Looking for duplicates"), work, done, failed, quiet=True, pool=True, owner=self)
        self._progress = self._context.jobs.start(job)

    def _tell(self, progress: Progress, asked: int, done: int, total: int) -> None:
        """On the thread that waits: how far it is, and whether it is to stop."""
        progress.report(done, total)
        self._moved.emit(asked, done, total)

    def _move(self, asked: int, done: int, total: int) -> None:
        if asked == self._asked and self._progress is not None:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _set_looking(self, on: bool) -> None:
        self.bar.setRange(0, 0 if on else 1)
        for widget in (self.bar, self.stop):
            widget.setVisible(on)
        self.note.setVisible(not on)
        if not on:
            self._progress = None

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.note.say(tr("Stopped. Choose again what to look through."))
        elif isinstance(error, TrichterError):
            self.note.say(str(error), "error")
        else:
            raise error

    def reject(self) -> None:
        self._cancel()
        super().reject()

    def accept(self) -> None:
        self._cancel()
        super().accept()

    # The list

    def _show_rows(self, rows: list[_Row], place: int = 0, *, looking: bool = False) -> None:
        self.model.show_rows(rows)
        self._set_heights()
        self.note.say(ntr("{n} group found", "{n} groups found", len(rows)) if rows else "")
        none = not rows and not looking
        self._split.setHidden(none)
        self.none.setVisible(none)
        if rows:
            self.view.selectRow(min(place, len(rows) - 1))
        else:
            self._look(None)

    def _set_heights(self) -> None:
        """Make the rows as tall as the lines in them. Qt would ask every cell, which takes a second for thousands."""
        header, lines = self.view.verticalHeader(), [_lines(row.twins) for row in self.model.rows]
        if not lines:
            return
        least = header.minimumSectionSize()
        heights = {count: max(self.view.sizeHintForRow(lines.index(count)), least) for count in set(lines)}
        header.setDefaultSectionSize(heights[max(heights, key=lines.count)])
        for place, count in enumerate(lines):
            if header.sectionSize(place) != heights[count]:  # also one that was another row's
                header.resizeSection(place, heights[count])

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._look(self.model.rows[index.row()].twins if index.isValid() else None)

    def _look(self, twins: Twins | None) -> None:
        """Show what comes of putting them into one."""
        self.pane.look(self._kind, () if twins is None else list(twins.names))

    def _looked(self) -> None:
        if self.pane.refused:
            self.note.say(self.pane.refused, "error")
        self.merge.setEnabled(self.pane.preview is not None)
        self.apart.setEnabled(self._current() is not None)

    def _current(self) -> _Row | None:
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() and index.row() < len(self.model.rows) else None

    # Doing it

    def _merge(self) -> None:
        row = self._current()
        if row is not None and self.pane.preview is not None:
            job = self.pane.job(lambda _done: self._go_on(row), self._refuse)
            self.carry_out(self._context.jobs, job, self.pane.linked)

    def _keep_apart(self) -> None:
        row = self._current()
        if row is None:
            return
        kind, ids = self._kind, list(row.twins.names)
        work = lambda _progress: self._duplicates.keep_apart(kind, ids)  # noqa: E731 - for one thread
        job = Job(Text("Saving"), work, lambda _done: self._go_on(row), self._refuse, owner=self)
        self.carry_out(self._context.jobs, job)

    def _go_on(self, row: _Row) -> None:
        """To the one that follows."""
        place = self.model.row_of(row.id) or 0
        self._show_rows([each for each in self.model.rows if each.id != row.id], place)
        (self.view if self.model.rows else self.kinds).setFocus()


def _lines(twins: Twins) -> int:
    return max(len(twins.names), _reasons(twins).count("\n") + 1)


def _reasons(twins: Twins) -> str:
    said = dict.fromkeys(str(reason) for _, _, likeness in twins.pairs for reason in likeness.reasons)
    words = "\n".join(list(said)[:_MOST_REASONS])
    return words if twins.score >= SURE else tr("perhaps: {reasons}", reasons=words)
