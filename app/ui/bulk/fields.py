"""The fields of a change to several leads: what is ticked is changed, to what stands beside it."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text, tr
from app.core.money import Money
from app.core.terms import CATEGORY_LABELS, Entity
from app.services.bulk_plan import FIELDS, BulkChange, Put, Scale, Shift
from app.services.lead_fields import NextStep
from app.services.own_values import OwnValue
from app.ui.forms.field import Note, repolish
from app.ui.forms.names import NameCombo
from app.ui.forms.tags import TagsEdit
from app.ui.own.controls import OwnControl, OwnControls, Ticks
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_PERCENT = re.compile(r"([+-]?)([0-9]{1,4}(?:[.,][0-9]{1,2})?) ?%")
_INDENT = 22  # of a control, below the words of its box
_WHOLE = re.compile("([+-]?)([0-9]{1,4})")
_PUT, _SHIFT, _NONE = "put", "shift", "none"


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


class BulkFields(QWidget):
    """All of them. `edited` when any tick or value changed."""

    edited = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._today = context.office.store.today
        self.ticks: dict[str, Tick] = {}
        self._rows = QVBoxLayout(self)
        theme = context.theme
        theme.fit(self._rows, lambda: self._rows.setSpacing(theme.px(9)),
                  lambda: self._rows.setContentsMargins(0, 0, theme.px(12), 0))  # fmt: skip
        self._names()
        self._figures()
        self._own = OwnControls(context, Entity.LEAD)
        for control in self._own.all:
            self._add(control.field.key, control.field.name, partial(_put, control), control.widget)
        self._rows.addStretch()

    def change(self) -> BulkChange:
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
        return BulkChange(**found, own=own)

    def _add(self, name: str, label: str, read: Callable[[], Any], *controls: QWidget) -> None:
        tick = self.ticks[name] = Tick(label, controls, read, self._context.theme.px(6))
        tick.changed.connect(self.edited)
        self._rows.addWidget(tick)

    # Names and lists

    def _names(self) -> None:
        office, theme = self._context.office, self._context.theme
        stage = _combo([(each.id, each.name) for each in office.stages.all(retired=False)])
        self._add("stage_id", _label("stage_id"), stage.currentData, stage)
        people = _combo([*((e.id, e.name) for e in office.catalogue.all("member")), (None, tr("Nobody"))])
        self._add("user_id", _label("user_id"), lambda: Put(people.currentData()), people)
        source = NameCombo([entry.name for entry in office.catalogue.all("source")])
        self._add("source", _label("source"), lambda: Put(source.name() or None), source)
        known = [entry.name for entry in office.catalogue.all("tag")]

        def find(typed: str) -> list[str]:
            return [name for name in known if sort_key(typed) in sort_key(name)][:12]

        for name, label in (("add_tags", tr("Add tags")), ("remove_tags", tr("Remove tags"))):
            tags = TagsEdit(theme, find)
            if name == "remove_tags":
                tags.edit.setPlaceholderText(tr("A tag to remove"))
            self._add(name, label, partial(_some, tags), tags)
        category = _combo([(None, tr("as the stage")), *((str(c), tr(label)) for c, label in CATEGORY_LABELS.items())])
        self._add("category", _label("category"), lambda: Put(category.currentData()), category)

    # Figures and days

    def _figures(self) -> None:
        chance = _line(tr("as the stage"))
        self._add("probability", _label("probability"), lambda: Put(self._chance(chance.text())), chance)
        amount = _line(tr("25k or +10 %"))
        self._add("amount", _label("amount"), lambda: self._amount(amount.text()), amount)
        self._moved("period", tr("by months"), tr("e.g. Jan-Apr 27"), self._period)
        self._moved("next_step", tr("by days"), tr("e.g. mon 9:00 or +2w"), self._step)

    def _moved(self, name: str, by: str, hint: str, read: Callable[[str], Any]) -> None:
        """A field that can be set, moved, or emptied."""
        way = _combo([(_PUT, tr("set to")), (_SHIFT, by), (_NONE, tr("remove"))])
        line = _line(hint)

        def turned() -> None:
            line.setEnabled(way.currentData() != _NONE)
            line.setPlaceholderText(hint if way.currentData() == _PUT else "+1, -2")

        def value() -> Any:
            typed = line.text().strip()
            if way.currentData() == _NONE:
                return Put(None)
            if not typed:
                raise InvalidInput(Text("Please fill this in."), field=name)
            return Put(read(typed)) if way.currentData() == _PUT else Shift(_by(typed, name))

        way.currentIndexChanged.connect(lambda _row: turned())
        way.setAccessibleName(tr("{field}: how", field=tr(FIELDS[name])))
        line.setAccessibleName(tr(FIELDS[name]))
        self._add(name, tr(FIELDS[name]), value, way, line)

    def _chance(self, typed: str) -> int | None:
        return parse.percent(typed, field="probability") if typed.strip() else None

    def _amount(self, typed: str) -> Put[Money] | Scale:
        """An amount, or by how many percent to raise or lower the present one."""
        found = _PERCENT.fullmatch(typed.strip().replace("−", "-").replace("–", "-"))
        if found is None:
            if not typed.strip():
                raise InvalidInput(Text("Please fill this in."), field="amount")
            return Put(parse.amount(typed, self._context.office.store.facts.base_currency, field="amount"))
        if not found[1]:
            why = Text("“{text}” can be read in two ways.", text=typed.strip())
            raise InvalidInput(why, Text("Write +10 % to raise and -10 % to lower."), "amount")
        return Scale(Decimal(f"{found[1]}{found[2].replace(',', '.')}"))

    def _period(self, typed: str) -> tuple[int, int]:
        return parse.months(typed, self._today(), field="period")

    def _step(self, typed: str) -> NextStep:
        day, time, words = parse.day_and_words(typed, self._today(), field="next_step")
        return NextStep(day, words, time)


def _by(typed: str, field: str) -> int:
    found = _WHOLE.fullmatch(typed.replace("−", "-").replace("–", "-").replace(" ", ""))
    if found is None or int(found[2]) == 0:
        raise InvalidInput(Text("“{text}” is no number to move by.", text=typed), Text("Write for example +3."), field)
    return int(f"{found[1]}{found[2]}")


def _put(control: OwnControl) -> Put[OwnValue]:
    return Put(control.read())


def _label(name: str) -> str:
    return tr(FIELDS[name])


def _some(tags: TagsEdit) -> tuple[str, ...]:
    names = tags.names()
    if not names:
        raise InvalidInput(Text("Please fill this in."), field="tags")
    return tuple(names)


def _line(hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(hint)
    return line


def _combo(entries: Sequence[tuple[object, str]]) -> QComboBox:
    combo = QComboBox()
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)
    for value, label in entries:
        combo.addItem(label, value)
    return combo
