"""The fields of a change to several records: what is ticked is changed, to what stands beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.core.terms import Entity
from app.services.bulk_plan import Put
from app.services.own_values import OwnValue
from app.ui.forms.field import Note, repolish
from app.ui.forms.tags import TagsEdit
from app.ui.own.controls import OwnControl, OwnControls, Ticks
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_INDENT = 22  # of a control, below the words of its box
Change = TypeVar("Change")


class Tick(QWidget):
    """One field: a tick, what to type into, and a sentence when that makes no sense. Typing sets the tick; before it
    only asks to be filled in.
    """

    changed = Signal()

    def __init__(self, label: str, controls: Sequence[QWidget], read: Callable[[], Any], spacing: int) -> None:
        super().__init__()
        self._read = read
        self._typed = False
        self._note = Note("error")
        self.box = QCheckBox(label)
        self.box.setAccessibleName(label)
        self.controls = controls
        row = QHBoxLayout()
        row.setContentsMargins(_INDENT, 0, 0, 0)
        self._note.setContentsMargins(_INDENT, 0, 0, 0)
        row.setSpacing(spacing)
        for control in controls:
            row.addWidget(control, 1 if not isinstance(control, QComboBox) or control.isEditable() else 0)
        if len(controls) == 1:
            row.setStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addWidget(self.box)
        box.addLayout(row)
        box.addWidget(self._note)
        self.box.toggled.connect(lambda _on: self.changed.emit())
        for control in controls:
            name = control.accessibleName() or label
            control.setAccessibleName(name)
            if isinstance(control, QComboBox):
                label_unseen(control, name)
            self._hear(control)

    def _hear(self, control: QWidget) -> None:
        if isinstance(control, QComboBox):
            control.activated.connect(lambda _row: self.touch())
            if control.isEditable():
                control.editTextChanged.connect(lambda _text: self._type())
                line = control.lineEdit()
                assert line is not None
                line.setAccessibleName(control.accessibleName())
        elif isinstance(control, QLineEdit):
            control.textEdited.connect(lambda _text: self._type())
        elif isinstance(control, QPlainTextEdit):
            control.textChanged.connect(self._type)
        elif isinstance(control, QCheckBox):
            control.toggled.connect(lambda _on: self.touch())
        elif isinstance(control, Ticks):
            control.changed.connect(self.touch)
        elif isinstance(control, TagsEdit):
            control.edited.connect(self._type)
            control.edit.textEdited.connect(lambda _text: self._type())

    def _type(self) -> None:
        self._typed = True
        self.touch()

    def touch(self) -> None:
        """Something was typed or chosen: it is meant to be changed."""
        if self.box.isChecked():
            self.changed.emit()
        else:
            self.box.setChecked(True)

    @property
    def said(self) -> str:
        """Why what was typed is refused."""
        return self._note.text()

    def value(self) -> Any:
        """What is to be put there; None when it is not ticked. Raises InvalidInput, which it says too."""
        self._say("")
        if not self.box.isChecked():
            return None
        try:
            return self._read()
        except InvalidInput as error:
            self._say(str(error))
            raise

    def _say(self, words: str) -> None:
        refused = bool(words) and self._typed
        self._note.say(words, "error" if refused else "small")
        for control in self.controls:
            if isinstance(control, QLineEdit):
                control.setAccessibleDescription(words)
                if bool(control.property("refused")) != refused:
                    control.setProperty("refused", "true" if refused else "")
                    repolish(control)


class BulkFields(QWidget, Generic[Change]):
    """All of them. `edited` when any tick or value changed. Each kind of records says in `_fill` which there are, and
    in `_made` what change their values are.
    """

    edited = Signal()

    def __init__(self, context: "Context", entity: Entity, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._context = context
        self._labels = labels
        self.ticks: dict[str, Tick] = {}
        self._rows = QVBoxLayout(self)
        theme = context.theme
        theme.fit(self._rows, lambda: self._rows.setSpacing(theme.px(9)),
                  lambda: self._rows.setContentsMargins(0, 0, theme.px(12), 0))  # fmt: skip
        self._fill()
        self._own = OwnControls(context, entity)
        for control in self._own.all:
            self._add(control.field.key, control.field.name, partial(_put, control), control.widget)
        self._rows.addStretch()

    def _fill(self) -> None:
        raise NotImplementedError

    def _made(self, values: Mapping[str, Any]) -> Change:
        raise NotImplementedError

    def change(self) -> Change:
        """The change that is ticked. Raises InvalidInput for the first field that makes no sense; all say why."""
        found: dict[str, Any] = {}
        refused: InvalidInput | None = None
        for name, tick in self.ticks.items():
            try:
                found[name] = tick.value()
            except InvalidInput as error:
                refused = refused or error
        if refused is not None:
            raise refused
        for name in ("add_tags", "remove_tags"):
            found[name] = found[name] or ()
        ids = {control.field.key: control.field.id for control in self._own.all}
        own = {ids[key]: put for key in ids if (put := found.pop(key)) is not None}
        return self._made({**found, "own": own})

    def _add(self, name: str, label: str, read: Callable[[], Any], *controls: QWidget) -> None:
        tick = self.ticks[name] = Tick(label, controls, read, self._context.theme.px(6))
        tick.changed.connect(self.edited)
        self._rows.addWidget(tick)

    def _add_known(self, name: str, read: Callable[[], Any], *controls: QWidget) -> None:
        """A field under its own name."""
        self._add(name, tr(self._labels[name]), read, *controls)

    def _add_responsible(self) -> None:
        members = self._context.office.catalogue.all("member")
        people = combo([*((each.id, each.name) for each in members), (None, tr("Nobody"))])
        self._add_known("user_id", lambda: _member(people), people)
        self._context.allowed.keep(Act.ASSIGN, self.ticks["user_id"])
        if not self._context.allowed.may(Act.ASSIGN):
            people.setCurrentIndex(-1)  # a name there would look as if it were to be given to this person

    def _add_tags(self) -> None:
        known = [entry.name for entry in self._context.office.catalogue.all("tag")]

        def find(typed: str) -> list[str]:
            return [name for name in known if sort_key(typed) in sort_key(name)][:12]

        for name, label in (("add_tags", tr("Add tags")), ("remove_tags", tr("Remove tags"))):
            tags = TagsEdit(self._context.theme, find)
            if name == "remove_tags":
                tags.edit.setPlaceholderText(tr("A tag to remove"))
            self._add(name, label, partial(_some, tags), tags)


def _put(control: OwnControl) -> Put[OwnValue]:
    return Put(control.read())


def _member(people: QComboBox) -> Put[int | None]:
    if people.currentIndex() < 0:
        raise left_empty("user_id")
    return Put(people.currentData())


def _some(tags: TagsEdit) -> tuple[str, ...]:
    names = tags.names()
    if not names:
        raise left_empty("tags")
    return tuple(names)


def left_empty(field: str) -> InvalidInput:
    """What was ticked has to be filled in."""
    return InvalidInput(Text("Please fill this in."), field=field)


def line(hint: str) -> QLineEdit:
    """A line that says what one may type."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    return made


def combo(entries: Sequence[tuple[object, str]]) -> QComboBox:
    """A box of these values, each with its words."""
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    for value, label in entries:
        made.addItem(label, value)
    return made
