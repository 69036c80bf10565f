"""Editing in the cells of a list, as in a sheet: one editor at a time, lying over its cell.

It belongs to a row's id and a column and not to a place on the screen: it stays open while rows come, go, change and
are sorted anew. What was typed is saved, refused with the reason at the cell, or given back with a word; never lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent

from app.core.errors import NotFound, TrichterError
from app.core.i18n import Text
from app.ui.forms.field import repolish
from app.ui.jobs import Job
from app.ui.tables.bubble import Bubble
from app.ui.tables.cell_edit import CellEdit, Edit, Source, Way, typed_into

if TYPE_CHECKING:
    from app.ui.jobs import Jobs
    from app.ui.tables.view import TableView
    from app.ui.theme import Theme

#: An editor is at least this wide, before scaling: some columns are narrower than what is typed into them.
_LEAST = 130
_SAME = object()
#: Rows that Tab looks for a cell in: a list may have none that can be edited.
_ROWS_AHEAD = 3


@dataclass
class _Open:
    """The editor that is open: whose it is, and what it began with."""

    id: int
    column: int
    edit: Edit
    line: CellEdit
    text: str
    over: object = None  # what somebody else made of the value, and is to be written over all the same
    told: bool = False
    saving: bool = False


class Editing(QObject):
    """Opens, places and ends the editors of a list. `gave_back` is told in a sentence what could not be saved."""

    saved = Signal(object, object)  # the Edit, and its value by now

    def __init__(
        self,
        view: "TableView",
        theme: "Theme",
        jobs: "Jobs",
        source: Callable[[], Source],
        gave_back: Callable[[Text], object],
    ) -> None:
        """`source` is not asked for before something is edited."""
        super().__init__(view)
        self._view = view
        view.by_cell = True
        self._theme = theme
        self._jobs = jobs
        self._source = source
        self._gave_back = gave_back
        self._open: _Open | None = None
        self._bubble = Bubble(theme, view)
        self._hidden = QTimer(self)  # a hint goes by itself; a reason stays
        self._hidden.setSingleShot(True)
        self._hidden.setInterval(4000)
        self._hidden.timeout.connect(self._bubble.hide)
        view.installEventFilter(self)
        model, header = view.model(), view.header
        model.modelReset.connect(partial(self._place, sorted_anew=True))
        down, along = view.verticalScrollBar(), view.horizontalScrollBar()
        moved = (model.rowsInserted, model.rowsRemoved, down.valueChanged, along.valueChanged, header.sectionResized,
                 header.sectionMoved)  # fmt: skip
        for signal in moved:
            signal.connect(self._place)
        view.currentMoved.connect(self._on_current)

    @property
    def line(self) -> CellEdit | None:
        """The editor that is open."""
        return None if self._open is None else self._open.line

    @property
    def said(self) -> str:
        """What is said at the cell."""
        return self._bubble.words if self._bubble.isVisible() else ""

    # Beginning

    def begin(self, *, all_offered: bool = True) -> bool:
        """Edit the current cell; False where that is not possible."""
        if not self.settle():  # which may sort the rows anew
            return False
        index, id_ = self._view.currentIndex(), self._view.current_id()
        if id_ is None or not index.isValid():
            return False
        edit = self._source().edit_of(id_, self._key(index.column()))
        if edit is None:
            return False
        self._hidden.stop()
        self._bubble.hide()
        self._view.scrollTo(index)
        line = CellEdit(edit)
        line.setParent(self._view.viewport())
        text = "" if edit.value is None else edit.show(edit.value)
        line.setText(text)
        line.selectAll()
        line.setAccessibleDescription(edit.of)
        self._open = _Open(id_, index.column(), edit, line, line.text())
        line.left.connect(self._leave)
        line.cancelled.connect(self.cancel)
        line.strayed.connect(partial(self._stray, line))
        line.textEdited.connect(self._on_typed)
        self._place()
        line.show()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        if edit.closed and all_offered:
            line.offer()
        return True

    def ask(self) -> None:
        """Edit the current cell, or say why that cannot be."""
        if not self.begin():
            self._say_why_not()

    def _type(self, event: QKeyEvent) -> bool:
        """A letter begins editing and is the first that is typed; where that cannot be, it is said."""
        if self.begin(all_offered=False):
            assert self._open is not None
            QCoreApplication.sendEvent(self._open.line, event)
            return True
        return self._say_why_not()

    def _say_why_not(self) -> bool:
        index, id_ = self._view.currentIndex(), self._view.current_id()
        if self._open is not None or id_ is None:
            return self._open is not None
        why = self._source().why_not(id_, self._key(index.column()))
        if why:
            self._bubble.say(why, self._view.visualRect(index))
            self._hidden.start()
        return bool(why)

    def _key(self, column: int) -> str:
        key: str = self._view.columns[column].key
        return key

    # Ending

    def cancel(self) -> None:
        """Give the old value back."""
        self._close()

    def settle(self) -> bool:
        """End the editing: save what was typed, or give it back with a word. False while it is still being saved."""
        open_ = self._open
        if open_ is None:
            return True
        if open_.saving:
            return False
        self._finish(Way.STAY)
        if self._open is open_ and not open_.saving:
            why = self._bubble.words
            self._close()
            self._gave_back(
                Text(
                    "{field} of “{title}” was not changed: {why}", field=open_.edit.label, title=open_.edit.of, why=why
                )
            )
        return self._open is None

    def hold(self) -> bool:
        """Before a command: save what was typed. False, with the reason at the cell, when that cannot be."""
        if self._open is not None and not self._open.saving:
            self._finish(Way.STAY)
        return self._open is None

    def _leave(self, way: Way) -> None:
        self._finish(way)

    def _stray(self, line: CellEdit) -> None:
        if self._open is not None and self._open.line is line and not self._open.saving:
            self._finish(Way.STAY)

    def _finish(self, way: Way) -> None:
        """Save what was typed and go on; what is wrong with it is said, and the editor stays."""
        open_ = self._open
        if open_ is None or open_.saving:
            return
        target = self._target(way)
        try:
            value = self._wanted(open_)
        except NotFound as error:
            self._close()
            self._gave_back(error.title)
            return
        except TrichterError as error:
            self._refuse(error)
            return
        if value is _SAME:
            self._close()
            self._go(way, target)
            return
        self._save(open_, value, way, target)

    def _wanted(self, open_: _Open) -> Any:
        """The value to write; `_SAME` where there is nothing to. Raises what is wrong with it."""
        edit, typed = open_.edit, open_.line.text()
        if typed == open_.text and not open_.line.taken:
            return _SAME
        value = edit.parse(typed.strip())
        now = edit.now()
        if value == now:
            return _SAME
        if not (open_.told and open_.over == now):
            open_.told, open_.over = True, now
            edit.expect(now, value)
        return value

    def _save(self, open_: _Open, value: Any, way: Way, target: tuple[int, int] | None) -> None:
        open_.saving = True

        def saved(_done: object) -> None:
            if self._open is open_:
                self._close()
                self._go(way, target)
            self.saved.emit(open_.edit, value)

        def refused(error: BaseException) -> None:
            open_.saving = False
            if not isinstance(error, TrichterError) or self._open is not open_:
                raise error
            open_.line.setReadOnly(False)
            self._refuse(error)

        work = lambda _progress: open_.edit.save(value)  # noqa: E731 - one expression for one thread
        self._jobs.write(Job(Text("Saving"), work, saved, refused, owner=self))
        if self._open is open_ and open_.saving:  # it waits for another job
            open_.line.setReadOnly(True)

    def _refuse(self, error: TrichterError) -> None:
        assert self._open is not None
        self._mark(True)
        self._open.line.setAccessibleDescription(str(error))
        self._bubble.refuse(str(error), self._open.line.geometry())

    def _mark(self, refused: bool) -> None:
        assert self._open is not None
        line = self._open.line
        if bool(line.property("refused")) != refused:
            line.setProperty("refused", "true" if refused else "")
            repolish(line)

    def _on_typed(self) -> None:
        """What was refused is no longer there; what is understood is said."""
        if self._open is None:
            return
        self._mark(False)
        edit, typed = self._open.edit, self._open.line.text().strip()
        words = ""
        if typed:
            try:
                value = edit.parse(typed)
            except TrichterError:
                words = ""
            else:
                shown = edit.tell(value)
                words = edit.remark(value) or ("" if shown == typed or not shown else f"= {shown}")
        self._open.line.setAccessibleDescription(words)
        if words and not edit.closed:
            self._bubble.say(words, self._open.line.geometry())
        else:
            self._bubble.hide()

    def _close(self) -> None:
        open_, self._open = self._open, None
        if open_ is None:
            return
        if self._view.window().focusWidget() is open_.line:  # also while the names it offers have the keys
            open_.line.hide_offer()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        open_.line.hide()
        open_.line.deleteLater()
        self._bubble.hide()

    # Going on

    def _target(self, way: Way) -> tuple[int, int] | None:
        """Id and column of the cell one goes to; None where there is none. Before the rows are sorted anew."""
        assert self._open is not None
        row = self._view.table.row_of(self._open.id)
        if row is None or way is Way.STAY:
            return None
        if way in (Way.DOWN, Way.UP):
            below = self._lead_from(row + (1 if way is Way.DOWN else -1), 1 if way is Way.DOWN else -1)
            return None if below is None else (below[1], self._open.column)
        return self._beside(row, self._open.column, 1 if way is Way.NEXT else -1)

    def _beside(self, row: int, column: int, step: int) -> tuple[int, int] | None:
        """The next cell that can be edited, in this row or in one of the next few."""
        shown = self._view.shown_columns()
        place = shown.index(column) + step if column in shown else 0
        for _ in range(_ROWS_AHEAD):
            found = self._lead_from(row, step)
            if found is None:
                return None
            row, id_ = found
            while 0 <= place < len(shown):
                if self._source().edit_of(id_, self._key(shown[place])) is not None:
                    return id_, shown[place]
                place += step
            row += step
            place = 0 if step > 0 else len(shown) - 1
        return None

    def _lead_from(self, row: int, step: int) -> tuple[int, int] | None:
        """The next row from this one on that has an id, past the rows of groups, and the id."""
        while 0 <= row < self._view.table.rowCount():
            id_ = self._view.table.id_at(row)
            if id_ is not None:
                return row, id_
            row += step
        return None

    def _go(self, way: Way, target: tuple[int, int] | None) -> None:
        if target is None:
            return
        id_, column = target
        if self._view.go_to_cell(id_, column) and way in (Way.NEXT, Way.PREVIOUS):
            self.begin(all_offered=False)

    def _on_current(self) -> None:
        # letters that are put together of several keys come this way; Qt switches it off where its own editor cannot be
        self._view.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        if self._open is None:
            self._bubble.hide()

    # The place

    def _place(self, *_moved: object, sorted_anew: bool = False) -> None:
        """Lay the editor over its cell; whoever scrolls that out of sight, or takes it away, has left it."""
        open_, view = self._open, self._view
        if open_ is None:
            self._bubble.hide()
            return
        row = view.table.row_of(open_.id)
        if row is None:
            if not view.table.awaiting:  # of a first page some rows may be missing
                QTimer.singleShot(0, self, self.settle)
            open_.line.hide()
            self._bubble.hide()
            return
        index = view.table.index(row, open_.column)
        if sorted_anew:
            view.scrollTo(index)
        cell = view.visualRect(index)
        if view.header.isSectionHidden(open_.column) or not view.viewport().rect().intersects(cell):
            QTimer.singleShot(0, self, self.settle)
            return
        place = self._widened(cell)
        was_hidden = open_.line.isHidden()
        open_.line.setGeometry(place)
        if was_hidden and open_.line.parentWidget() is not None:
            open_.line.show()
            open_.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._bubble.isVisible():
            self._bubble.move_to(place)

    def _widened(self, cell: QRect) -> QRect:
        """Wide enough to type into, and within what is seen."""
        room = self._view.viewport().width()
        width = min(max(cell.width(), self._theme.px(_LEAST)), room)
        right = self._open is not None and self._open.edit.right
        left = cell.right() + 1 - width if right else cell.left()
        return QRect(QPoint(max(0, min(left, room - width)), cell.top()), cell.size()).adjusted(
            0, 0, width - cell.width(), -1
        )

    # What comes to the list

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            if (event.commitString() or event.preeditString()) and self.begin(all_offered=False):
                assert self._open is not None
                QCoreApplication.sendEvent(self._open.line, event)
                return True
        elif kind == QEvent.Type.Hide and self._view.window().isVisible():  # with the whole window it only waits
            self.settle()
        elif kind == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._place)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        if self._view.current_id() is None:
            return False
        if event.key() == Qt.Key.Key_F2:
            return not event.modifiers() and self.begin()
        if event.key() == Qt.Key.Key_Backspace and not event.modifiers():
            return self._type(event)
        if not typed_into(event):
            return False
        return self._type(event)
