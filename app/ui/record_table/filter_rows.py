"""The parts of a filter as they are put together: a line for a condition, a box for a group."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import N_, tr
from app.services.filter_fields import Kind, Op, entity_of, fields_of, spec_of
from app.services.record_filter import MOST_DEEP, AllOf, AnyOf, Condition, Filter, Not
from app.ui.forms.field import Note
from app.ui.record_table.filter_values import ValueEdit, value_edit
from app.ui.record_table.filter_words import label
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Chip
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_OPS = {
    Op.IS: N_("is"), Op.IS_NOT: N_("is not"), Op.FROM: N_("from"), Op.TO: N_("up to"), Op.BETWEEN: N_("from … to …"),
    Op.PAST: N_("in the last … days"), Op.COMING: N_("in the next … days"), Op.IN: N_("in"), Op.TODAY: N_("today"),
    Op.TWELVE: N_("in the last 12 months"), Op.OVERDUE: N_("overdue"), Op.EMPTY: N_("is empty"),
    Op.FILLED: N_("is filled in"), Op.CONTAINS: N_("contains"), Op.LACKS: N_("does not contain"), Op.YES: N_("yes"),
    Op.NO: N_("no"),
}  # fmt: skip
_OF_TAG = {Op.IS: N_("is among them"), Op.IS_NOT: N_("is not among them")}
#: Groups within groups that a person can build here; what is deeper can still be read.
_DEEP = MOST_DEEP // 2


class Part(QFrame):
    """A condition or a group. `edited` whenever it is another, `removed` when it is to go."""

    edited = Signal()
    removed = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self.context = context
        self.negated = Chip(context.theme, tr("not"))
        self.negated.setAutoDefault(False)
        self.negated.setToolTip(tr("Turns it into its opposite"))
        self.negated.toggled.connect(lambda _on: self.edited.emit())

    def read(self) -> Filter | None:
        """What was put together; None for nothing. Raises InvalidInput."""
        raise NotImplementedError

    def faulty(self) -> "Iterator[ConditionRow]":
        """The conditions that make no sense, each with what is wrong said at it."""
        raise NotImplementedError

    def begin(self) -> None:
        """Take the keyboard."""
        raise NotImplementedError

    def _remover(self, name: str) -> Button:
        button = Button(self.context.theme, "", ButtonKind.FLAT, icon="close", name=name)
        button.setAutoDefault(False)
        button.clicked.connect(self.removed)
        return button

    def _signed(self, tree: Filter) -> Filter:
        return Not(tree) if self.negated.isChecked() else tree


class ConditionRow(Part):
    """Field, question, and what it is compared with."""

    def __init__(self, context: "Context", before: Condition, *, negated: bool) -> None:
        super().__init__(context)
        self._before = before
        entity = entity_of(before.field)
        self._fields = [*fields_of(entity), *(each.key for each in context.office.own_fields.of(entity))]
        if before.field not in self._fields:  # deleted a moment ago
            self._fields.append(before.field)
        self.negated.setChecked(negated)
        self._field = _combo([label(context, field) for field in self._fields])
        self._op = _combo([])
        self._note = Note("error")
        self._value: ValueEdit | None = None
        self._row = QHBoxLayout()
        px = context.theme.px
        self._row.setSpacing(px(8))
        for widget in (self.negated, self._field, self._op):
            self._row.addWidget(widget)
        self._row.addStretch()
        self._remove_button = self._remover(tr("Remove the condition"))
        self._row.addWidget(self._remove_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(3))
        box.addLayout(self._row)
        box.addWidget(self._note)
        label_unseen(self._field, tr("Field"))
        label_unseen(self._op, tr("Question"))
        self._field.setCurrentIndex(self._fields.index(before.field))
        self._offer_ops(before.op)
        self._field.currentIndexChanged.connect(lambda _new: self._on_field())
        self._op.currentIndexChanged.connect(lambda _new: self._on_op())

    def begin(self) -> None:
        self._field.setFocus()

    @property
    def field(self) -> str:
        """The field asked."""
        return self._fields[self._field.currentIndex()]

    @property
    def op(self) -> Op:
        """What is asked of it."""
        return self._ops[self._op.currentIndex()]

    def read(self) -> Filter:
        assert self._value is not None
        return self._signed(Condition(self.field, self.op, self._value.read()))

    def faulty(self) -> "Iterator[ConditionRow]":
        try:
            self.read()
        except TrichterError as error:
            self._note.say(str(error), "error")
            self._value_edit.setAccessibleDescription(str(error))
            yield self

    def go_to_value(self) -> None:
        """Where something is to be put right."""
        self._value_edit.setFocus()

    @property
    def _value_edit(self) -> QWidget:
        assert self._value is not None
        return self._value.focusProxy() or self._value

    def _on_field(self) -> None:
        self._offer_ops(None)
        self._on_op()

    def _on_op(self) -> None:
        self._take_value()
        self.edited.emit()

    def _offer_ops(self, chosen: Op | None) -> None:
        spec = spec_of(self.field)
        self._ops = list(spec.ops)
        words = _OPS | _OF_TAG if spec.kind is Kind.TAG else _OPS
        self._op.blockSignals(True)
        self._op.clear()
        self._op.addItems([tr(words[op]) for op in self._ops])
        self._op.setCurrentIndex(self._ops.index(chosen) if chosen in self._ops else 0)
        self._op.blockSignals(False)
        if chosen is not None:
            self._take_value()

    def _take_value(self) -> None:
        """Another field for what is compared with."""
        if self._value is not None:
            self._keep()
            self._row.removeWidget(self._value)
            self._value.hide()
            self._value.deleteLater()
        self._value = value_edit(self.context, self.field, self.op, self._before)
        self._value.name(label(self.context, self.field))
        self._value.edited.connect(self._on_value)
        self._row.insertWidget(self._row.count() - 1, self._value, 8)
        self._value.stackUnder(self._remove_button)
        self._note.say("", "error")

    def _keep(self) -> None:
        """What was filled in so far is there again where it fits."""
        assert self._value is not None
        try:
            kept = self._value.read()
            self._before = Condition(self._before.field, self._before.op, kept)
        except TrichterError:
            return

    def _on_value(self) -> None:
        self._note.say("", "error")
        self._value_edit.setAccessibleDescription("")
        self.edited.emit()


class GroupBox(Part):
    """Conditions and groups of which all hold, or at least one."""

    def __init__(self, context: "Context", tree: AllOf | AnyOf, fresh: Condition, *, negated: bool, depth: int) -> None:
        """`fresh` is the condition a new line begins with."""
        super().__init__(context)
        self._fresh = fresh
        self._depth = depth
        self._parts: list[Part] = []
        self.negated.setChecked(negated)
        self._mode = _combo([tr("All of these hold"), tr("At least one of these holds")])
        self._mode.setCurrentIndex(1 if isinstance(tree, AnyOf) else 0)
        self._mode.currentIndexChanged.connect(lambda _new: self.edited.emit())
        self._lay_out()
        for part in tree.parts:
            self._add(_made(context, part, fresh, depth + 1))

    def _lay_out(self) -> None:
        px, theme, fresh = self.context.theme.px, self.context.theme, self._fresh
        if self._depth:
            self.setProperty("kind", "card")
        box = QVBoxLayout(self)
        edge = px(12) if self._depth else 0
        box.setContentsMargins(edge, edge, edge, edge)
        box.setSpacing(px(8))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self.negated)
        head.addWidget(self._mode)
        head.addStretch()
        if self._depth:
            head.addWidget(self._remover(tr("Remove the group")))
        box.addLayout(head)
        label_unseen(self._mode, tr("Group"))
        self._list = QVBoxLayout()
        self._list.setContentsMargins(px(14), 0, 0, 0)
        self._list.setSpacing(px(8))
        box.addLayout(self._list)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(14), 0, 0, 0)
        foot.setSpacing(px(8))
        self.add = Button(theme, tr("Condition"), small=True, icon="plus")
        self.add.clicked.connect(lambda: self._add_new(fresh))
        foot.addWidget(self.add)
        group = Button(theme, tr("Group"), small=True, icon="plus")
        group.clicked.connect(lambda: self._add_new(AnyOf((fresh,))))
        for button in (self.add, group):
            button.setAutoDefault(False)
        if self._depth < _DEEP:
            foot.addWidget(group)
        foot.addStretch()
        box.addLayout(foot)

    def begin(self) -> None:
        (self._parts[0] if self._parts else self).setFocus() if not self._parts else self._parts[0].begin()

    def read(self) -> Filter | None:
        parts = tuple(found for part in self._parts if (found := part.read()) is not None)
        if not parts:
            return None
        tree: Filter = AnyOf(parts) if self._mode.currentIndex() else AllOf(parts)
        return self._signed(parts[0] if len(parts) == 1 else tree)

    def faulty(self) -> "Iterator[ConditionRow]":
        for part in self._parts:
            yield from part.faulty()

    def _add(self, part: Part) -> None:
        self._parts.append(part)
        self._list.addWidget(part)
        part.stackUnder(self.add)
        part.edited.connect(self.edited)
        part.removed.connect(lambda: self._remove(part))

    def _add_new(self, tree: Filter) -> None:
        part = _made(self.context, tree, self._fresh, self._depth + 1)
        self._add(part)
        part.show()
        part.begin()
        self.edited.emit()

    def _remove(self, part: Part) -> None:
        """The keyboard goes on with what stands in its place."""
        place = self._parts.index(part)
        self._parts.remove(part)
        self._list.removeWidget(part)
        part.hide()
        part.deleteLater()
        if self._parts:
            self._parts[min(place, len(self._parts) - 1)].begin()
        else:
            self.add.setFocus()
        self.edited.emit()


def _made(context: "Context", tree: Filter, fresh: Condition, depth: int, *, negated: bool = False) -> Part:
    match tree:
        case Not(part) if not negated:
            return _made(context, part, fresh, depth, negated=True)
        case Not():  # twice turned round, with no chip for it
            return GroupBox(context, AllOf((tree,)), fresh, negated=True, depth=depth)
        case Condition():
            return ConditionRow(context, tree, negated=negated)
    return GroupBox(context, tree, fresh, negated=negated, depth=depth)


def outermost(context: "Context", tree: Filter | None, fresh: Condition) -> GroupBox:
    """The whole of a filter, which is a group; of none, one with the line `fresh` to begin with."""
    match tree:
        case AllOf() | AnyOf():
            return GroupBox(context, tree, fresh, negated=False, depth=0)
        case Not(AllOf() | AnyOf() as group):
            return GroupBox(context, group, fresh, negated=True, depth=0)
    return GroupBox(context, AllOf((tree or fresh,)), fresh, negated=False, depth=0)


def _combo(words: list[str]) -> QComboBox:
    combo = QComboBox()
    combo.addItems(words)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo
