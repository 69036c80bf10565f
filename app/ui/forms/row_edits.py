"""Several things of a kind in a form, each in a row of its own controls: rows are added, removed and moved."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import tr
from app.ui.forms.field import Field, Note, repolish
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.own_undo import share_undo
from app.ui.widgets.unseen import label_unseen

T = TypeVar("T")


class Row(QWidget):
    """The controls of one thing, and below them why it was refused or what is helpful to know.

    A row says by `read` what was filled in, by `empty` whether that is nothing, by `state` what stands there. `show`
    and `name` it is told; its controls are taken in by `_take`, the first of which is what the row is mostly about.
    """

    edited = Signal()
    #: Alt+Up and Alt+Down: by so many places.
    moved = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._controls: list[QWidget] = []
        self._unseen: dict[QWidget, Any] = {}
        self.note = Note()
        self.up = Button(theme, "", ButtonKind.MINI, icon="control-up", name=tr("Move up"))
        self.remove = Button(theme, "", ButtonKind.MINI, icon="close", name=tr("Remove"))
        for button in (self.up, self.remove):
            button.setAutoDefault(False)
        stays = self.remove.sizePolicy()
        stays.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(stays)
        self.up.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Alt+Up does the same, and Tab has fewer places to stop at
        self.up.setToolTip(tr("Move up (Alt+↑): the first one is the main one"))
        self.up.clicked.connect(lambda: self.moved.emit(-1))

    def set_value(self, value: Any) -> None:
        """Show a value; None for nothing."""
        raise NotImplementedError

    def read(self) -> Any:
        """What was filled in; None for what only seems to be something. Raises InvalidInput."""
        raise NotImplementedError

    def empty(self) -> bool:
        """Whether nothing was filled in."""
        raise NotImplementedError

    def state(self) -> object:
        """What stands there, to see whether anything would be lost."""
        raise NotImplementedError

    def controls(self, what: str) -> Sequence[tuple[QWidget, str]]:
        """Each control and how it is called in the row of `what`."""
        raise NotImplementedError

    @property
    def main(self) -> QWidget:
        """The control that the row is mostly about."""
        return self._controls[0]

    @property
    def refused(self) -> bool:
        """Whether the row says why it is not taken."""
        return bool(self.note.property("kind") == "error")

    def refuse(self, why: str) -> None:
        """Say what is wrong with the row; the empty string takes it back."""
        if why or self.refused:
            self._say(why, "error" if why else "small")

    def hint(self, words: str, kind: str = "small") -> None:
        """Say something that is helpful to know, unless the row was refused."""
        if not self.refused:
            self._say(words, kind)

    def call(self, what: str) -> None:
        """Give every control its name for those who hear the window."""
        for control, name in self.controls(what):
            if isinstance(control, QComboBox):  # a label is what Qt gives a list its name by
                if control not in self._unseen:
                    self._unseen[control] = label_unseen(control, name)
                self._unseen[control].setText(name)
                if (line := control.lineEdit()) is not None:
                    line.setAccessibleName(name)
            control.setAccessibleName(name)
        self.remove.setAccessibleName(tr("Remove: {what}", what=what))
        self.up.setAccessibleName(tr("Move up: {what}", what=what))

    def show_up(self, shown: bool, movable: bool) -> None:
        """Offer to move the row up; its controls end where those of the other `movable` ones do."""
        policy = self.up.sizePolicy()
        policy.setRetainSizeWhenHidden(movable)
        self.up.setSizePolicy(policy)
        self.up.setVisible(shown)

    def _take(self, *controls: QLineEdit | QPlainTextEdit | QComboBox) -> None:
        """These are the controls of the row, the main one first."""
        self._controls = list(controls)
        for control in controls:
            control.installEventFilter(self)
            if isinstance(control, QComboBox):
                control.currentTextChanged.connect(self._on_edited)
            else:
                control.textChanged.connect(self._on_edited)
            if not isinstance(control, QComboBox) or control.isEditable():
                share_undo(control)

    def _on_edited(self) -> None:
        self.refuse("")
        self.edited.emit()

    def _say(self, words: str, kind: str) -> None:
        self.note.say(words, kind)
        for control in self._controls:
            wanted = "true" if kind == "error" and control is self.main else ""
            if (control.property("refused") or "") != wanted:
                control.setProperty("refused", wanted)
                repolish(control)
            control.setAccessibleDescription(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with an arrow moves the row."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.up.isEnabled():
                self.moved.emit(step)
                return True
        return super().eventFilter(watched, event)


class Rows(QWidget, Generic[T]):
    """Rows of a kind, and a button for one more. `edited` whenever anything in them changes.

    Empty rows are nothing. The first is the main one where rows can be `moved`.
    """

    edited = Signal()

    def __init__(
        self, theme: Theme, label: str, add: str, make: Callable[[], Row], *, spare: bool = True, movable: bool = True
    ) -> None:
        """`label` is what a single one is called, `add` stands on the button; `spare` leaves an empty row to type."""
        super().__init__()
        self._theme, self._label, self._make, self._spare, self._movable = theme, label, make, spare, movable
        self.rows: list[Row] = []
        self._list = QWidget()
        self._box = QVBoxLayout(self._list)
        self.add = Button(theme, add, ButtonKind.LINK)
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._on_add)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch()
        box = QVBoxLayout(self)
        for layout in (self._box, box):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(theme.px(6))
        box.addWidget(self._list)
        box.addLayout(below)
        self.set_values(())

    def set_values(self, values: Sequence[T]) -> None:
        """Show these."""
        while self.rows:
            self._drop(self.rows[-1])
        for value in values:
            self._append(value)
        if not self.rows and self._spare:
            self._append()
        self._settle()

    def values(self, field: str) -> list[T]:
        """What was filled in, row by row. Raises InvalidInput naming the field; the rows say what is wrong."""
        found: list[tuple[Row, T]] = []
        refused: list[TrichterError] = []
        for row in self.rows:
            row.refuse("")
            try:
                value = None if row.empty() else row.read()
                if value is not None:
                    found.append((row, value))
            except InvalidInput as error:
                refused.append(error)
                row.refuse(str(error))
        for place in self._twice([value for _row, value in found]):
            twice = InvalidInput(self._words_twice(found[place][1]))
            refused.append(twice)
            found[place][0].refuse(str(twice))
        self._settle()
        if refused:
            raise InvalidInput(refused[0].title, refused[0].hint, field)
        return [value for _row, value in found]

    def state(self) -> object:
        """What stands in the rows that are not empty."""
        return tuple(row.state() for row in self.rows if not row.empty())

    @property
    def refused(self) -> bool:
        """Whether a row says what is wrong with it."""
        return any(row.refused for row in self.rows)

    def settle(self) -> None:
        """Forget what was refused."""
        for row in self.rows:
            row.refuse("")
        self._settle()

    def _twice(self, values: Sequence[T]) -> Collection[int]:
        """The places of values that are there before already, though not said the same way."""
        return ()

    def _words_twice(self, value: T) -> Any:
        raise NotImplementedError

    def _on_add(self) -> None:
        row = self._append()
        self._settle()
        row.show()  # at once: it could not have the keyboard yet
        row.main.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_edited(self) -> None:
        self._offer()
        self.edited.emit()

    def _append(self, value: T | None = None) -> Row:
        row = self._make()
        if value is not None:
            row.set_value(value)
        self.rows.append(row)
        self._box.addWidget(row)
        row.edited.connect(self._on_edited)
        row.moved.connect(lambda step: self._move(row, step))
        row.remove.clicked.connect(lambda: self._remove(row))
        return row

    def _remove(self, row: Row) -> None:
        place = self.rows.index(row)
        self._drop(row)
        if not self.rows and self._spare:
            self._append()
        self._settle()
        near = self.rows[min(place, len(self.rows) - 1)].main if self.rows else self.add
        near.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _drop(self, row: Row) -> None:
        self.rows.remove(row)
        self._box.removeWidget(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()

    def _move(self, row: Row, step: int) -> None:
        place = self.rows.index(row) + step
        if not self._movable or not 0 <= place < len(self.rows):
            return
        self.rows.remove(row)
        self.rows.insert(place, row)
        for each in self.rows:
            self._box.removeWidget(each)
            self._box.addWidget(each)
            each.raise_()  # in the order of the children goes Tab, too
        self._settle()
        self.edited.emit()

    def _settle(self) -> None:
        """Names, arrows, and where the keyboard goes when the rows are meant."""
        several = len(self.rows) > 1
        for number, row in enumerate(self.rows, 1):
            what = tr("{label} {n}", label=self._label, n=number) if several else self._label
            row.call(what)
            row.show_up(self._movable and number > 1, self._movable and several)
        first = next((row for row in self.rows if row.refused), self.rows[0] if self.rows else None)
        self.setFocusProxy(first.main if first else self.add)
        self._list.setVisible(bool(self.rows))
        self._offer()

    def _offer(self) -> None:
        """One more can be asked for while no row waits to be filled in; a single empty one need not go."""
        waiting = any(row.empty() for row in self.rows)
        self.add.setVisible(not waiting)
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1 or not waiting or not self._spare)


class RowsField(Field):
    """Rows below their label. What is wrong with a row stands in it, anything else below them all."""

    def __init__(self, label: str, rows: Rows[Any], *, tip: str = "") -> None:
        self._rows = rows
        super().__init__(label, rows, tip=tip)
        rows.edited.connect(self._on_typed)

    @property
    def refused(self) -> bool:
        """Whether it or one of its rows says why."""
        return super().refused or self._rows.refused

    @property
    def place(self) -> QWidget:
        """The row that was refused: not all of them may fit into the window."""
        return next((row for row in self._rows.rows if row.refused), self)

    def refuse(self, error: TrichterError) -> None:
        """A row that says it already is enough."""
        if not self._rows.refused:
            super().refuse(error)

    def hint(self, words: str) -> None:
        """Also takes back what its rows say."""
        self._rows.settle()
        super().hint(words)

    def _on_typed(self) -> None:
        if super().refused:
            super().hint("")


def put(edit: QLineEdit, words: str) -> None:
    """Show words from their beginning: where there is not room for all, Qt shows their end."""
    edit.setText(words)
    edit.setCursorPosition(0)
