"""A form of fields that are saved together: read, written in one step, and not lost before that."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.core.i18n import Text, tr
from app.services.crossings import Crossed
from app.ui.crossed import ask_whose
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Field, Form
from app.ui.forms.row_edits import Rows, RowsField
from app.ui.jobs import Job, Progress
from app.ui.widgets.button import Button
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.own.controls import OwnControls

Work = Callable[[Progress], object]


class Unsaved(Dialog):
    """Asks before something typed would be lost: `_typed` says what stands there, `_begin` that nobody typed so far."""

    def __init__(self, context: "Context", title: str, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, title, parent)
        self._context = context
        self._start: object = None

    def _typed(self) -> object:
        """Everything as it stands there."""
        raise NotImplementedError

    def _begin(self) -> None:
        """What stands there now is what there was before anybody typed."""
        self._start = self._typed()

    def reject(self) -> None:
        """Esc and Cancel: asks only when something typed would be lost."""
        if self.isEnabled() and (self._typed() == self._start or self._may_go()):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible():
            event.ignore()
            self.reject()

    def _may_go(self) -> bool:
        question = Text("What you typed is not saved yet.")
        return self._context.dialogs.ask(question, None, [Text("Discard")], cancel=Text("Keep editing")) == 0


class SavedForm(Unsaved):
    """Accepted once it is saved. What is refused stays with all that was typed, after an error of the storage too.

    A form fills `_rows`, and says what stands in it (`_typed`), how its fields are read (`_readers`) and what is done
    with what was read (`_writing`). When it is filled it calls `_begin`. `words` are what its fields are called.
    """

    words: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: "Context", title: str, parent: QWidget | None = None) -> None:
        super().__init__(context, title, parent)
        self._form = Form()
        #: The step of the history up to which the user saw what is changed here; None for something new.
        self._since: int | None = None
        #: What was typed in fields of which the values of others are to stand: it is saved only once it was changed.
        self._given_up: dict[str, Any] = {}
        self._contents = QWidget()
        self._rows = QVBoxLayout(self._contents)
        self._rows.setContentsMargins(0, 0, self.theme.px(10), 0)
        self._rows.setSpacing(self.theme.px(12))

    def _readers(self) -> Mapping[str, Callable[[], Any]]:
        """How each field is read; each may raise InvalidInput."""
        raise NotImplementedError

    def _writing(self, read: dict[str, Any]) -> Work:
        """What writes all that was read, on another thread, perhaps: it may not ask the controls."""
        raise NotImplementedError

    # Building

    def _field(self, name: str, control: QWidget, *aliases: str, tip: str = "", label: str = "") -> Field:
        """The field that errors call so, or by one of `aliases`; without a `label` `words` say what it is called."""
        words = label or tr(self.words[name])
        field = RowsField(words, control, tip=tip) if isinstance(control, Rows) else Field(words, control, tip=tip)
        return self._form.add(name, field, *aliases)

    def _lay_out_own(self, own: "OwnControls") -> None:
        """The own fields, one below the other."""
        for control in own.all:
            self._rows.addWidget(self._form.add(control.field.key, control.labelled()))

    def _pair(self, left: QWidget, right: QWidget, *, narrow: int = 1, wide: int = 1) -> None:
        """Two fields side by side, each as wide as the other, or as much of the room as is said."""
        row = QGridLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(self.theme.px(14))
        for column, (widget, share) in enumerate(((left, narrow), (right, wide))):
            row.addWidget(widget, 0, column, Qt.AlignmentFlag.AlignTop)
            row.setColumnStretch(column, share)
            row.setColumnMinimumWidth(column, self.theme.px(130))
        self._rows.addLayout(row)

    def _close_off(self, save: str, *hints: QWidget) -> Button:
        """Below the fields the place for what is wrong with none of them, and the buttons; the one to save.

        What `hints` say comes and goes there while one types: among the fields it would move them, and be in the way of
        Tab.
        """
        self._rows.addStretch()
        self.body.addWidget(scrolled(self._contents), 1)
        for hint in hints:
            self.body.addWidget(hint)
        self.body.addWidget(self._form.general)
        button = self.add_buttons(save)
        button.clicked.connect(self.save)
        return button

    # Saving

    def save(self) -> None:
        """Write it all in one step. Where somebody else changed the same meanwhile the user says whose is to stand."""
        read = self._form.read(self._readers())
        if read is not None:
            work = self._writing({name: value for name, value in read.items() if not self._is_given_up(name, value)})
            job = Job(
                Text("Saving"), work, lambda _done: self.accept(), lambda error: self._refused(error, read), owner=self
            )  # fmt: skip
            self.carry_out(self._context.jobs, job)

    def _is_given_up(self, name: str, value: Any) -> bool:
        return name in self._given_up and self._given_up[name] == comparable(value)

    def _refused(self, error: BaseException, read: Mapping[str, Any]) -> None:
        if not isinstance(error, Crossed):
            self._form.take(error)
            return
        mine = ask_whose(self._context, error)
        if mine is not None:
            self._since = error.newest
            if not mine:
                self._given_up |= {name: comparable(read[name]) for name in error.fields}
            self.save()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads: rows that were added later lie among the others."""
        return move_focus(self, forward)


def comparable(value: Any) -> Any:
    """What two ways of writing the same have in common."""
    if isinstance(value, str):
        return value.strip()
    return sorted(value) if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value) else value
