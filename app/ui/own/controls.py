"""Controls to fill in own fields in a form."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from app.core.i18n import tr
from app.core.terms import Entity
from app.services.own_fields import OwnField
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, OwnValues, lacking, tidy
from app.ui.forms.field import Field
from app.ui.forms.loose import LooseEdit
from app.ui.own.words import OwnWords
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context

_LINES = 4


class OwnControl:
    """The control of one field: shows a value, and reads what was filled in."""

    def __init__(self, context: "Context", field: OwnField) -> None:
        self.field = field
        self._words = OwnWords(context)
        self._before: OwnValue = None
        self.widget: QWidget
        self._read: Callable[[], OwnValue]
        self._set: Callable[[OwnValue], object]
        if field.kind is OwnKind.FLAG or field.kind is OwnKind.CHOICE:
            self._choose_one()
        elif field.kind is OwnKind.CHOICES:
            self._choose_some()
        elif field.kind is OwnKind.LONG_TEXT:
            self._write(context)
        else:
            self._type()

    def set_value(self, value: OwnValue) -> None:
        """Show a value; None for nothing."""
        self._before = value
        self._set(value)

    def read(self, *, strict: bool = True) -> OwnValue:
        """What was filled in. Raises InvalidInput, of a required field (unless not `strict`) for nothing too."""
        value = self._read()
        if strict and self.field.required and value in (None, "", ()):
            raise lacking(self.field)
        return value

    def labelled(self) -> Field:
        """The control below the name of its field, with its help."""
        label = tr("{field} (required)", field=self.field.name) if self.field.required else self.field.name
        field = Field(label, self.widget, tip=self.field.help)
        if isinstance(self.widget, LooseEdit):
            self.widget.follow(field)
        return field

    def typed(self) -> object:
        """What stands there, to see whether anything would be lost."""
        widget = self.widget
        if isinstance(widget, QComboBox):
            return widget.currentData()
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText()
        return widget.text() if isinstance(widget, LooseEdit) else self._read()

    def _choose_one(self) -> None:
        self.widget = box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.addItem("–", None)
        if self.field.kind is OwnKind.FLAG:
            box.addItem(tr("yes"), True)
            box.addItem(tr("no"), False)
        for option in self.field.offered:
            box.addItem(option.name, option.id)

        def put(value: OwnValue) -> None:
            place = _place(box, value)
            if place < 0:  # offered no more
                box.addItem(self._words.shown(self.field, value), value)
                place = box.count() - 1
            box.setCurrentIndex(place)

        self._set, self._read = put, box.currentData

    def _choose_some(self) -> None:
        self.widget = ticks = Ticks(self.field)
        self._set = lambda value: ticks.choose(value if isinstance(value, tuple) else ())
        self._read = lambda: ticks.chosen() or None

    def _write(self, context: "Context") -> None:
        self.widget = edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        share_undo(edit)
        high = lambda: edit.setFixedHeight(edit.fontMetrics().lineSpacing() * _LINES + context.theme.px(14))  # noqa: E731
        context.theme.fit(edit, high)
        self._set = lambda value: edit.setPlainText(str(value or ""))
        self._read = lambda: tidy(self.field, edit.toPlainText())

    def _type(self) -> None:
        read = lambda typed: self._words.read(self.field, typed, self._before)  # noqa: E731 - one expression
        self.widget = edit = LooseEdit[Any](read, partial(self._words.shown, self.field))
        edit.setPlaceholderText(self._words.hint(self.field))
        self._set, self._read = edit.set_value, edit.value


class Ticks(QWidget):
    """Several of some options; `changed` whenever one is ticked."""

    changed = Signal()

    def __init__(self, field: OwnField) -> None:
        super().__init__()
        self._field = field
        self.boxes = {option.id: QCheckBox(option.name.replace("&", "&&")) for option in field.options}
        flow = Flow(self, 14)  # closer, a box would seem to belong to the words before it
        for option in field.options:
            box = self.boxes[option.id]
            box.setVisible(not option.gone)
            box.clicked.connect(lambda _on: self.changed.emit())
            flow.addWidget(box)
        first = next((self.boxes[option.id] for option in field.offered), None)
        if first is not None:
            self.setFocusProxy(first)

    def choose(self, ids: Sequence[int]) -> None:
        """Tick these; one that is offered no more is there as long as it is chosen."""
        for option in self._field.options:
            self.boxes[option.id].setChecked(option.id in ids)
            self.boxes[option.id].setVisible(not option.gone or option.id in ids)

    def chosen(self) -> tuple[int, ...]:
        """Those that are ticked, in the order of the options."""
        return tuple(option_id for option_id, box in self.boxes.items() if box.isChecked())


class OwnControls:
    """The controls of all fields of a kind of records."""

    def __init__(self, context: "Context", entity: Entity) -> None:
        self.all = tuple(OwnControl(context, field) for field in context.office.own_fields.of(entity))

    def show(self, values: OwnValues) -> None:
        """Show the values of a record."""
        for control in self.all:
            control.set_value(values.get(control.field.id))

    def readers(self) -> dict[str, Callable[[], Any]]:
        """How each is read, by the key of its field."""
        return {control.field.key: control.read for control in self.all}

    def taken(self, read: dict[str, Any]) -> dict[int, OwnValue]:
        """The values among what was read, which are taken out of it; None for what was left empty."""
        return {each.field.id: read.pop(each.field.key) for each in self.all if each.field.key in read}

    def typed(self) -> tuple[object, ...]:
        """What stands there."""
        return tuple(control.typed() for control in self.all)


def _place(box: QComboBox, value: object) -> int:
    """Where a value stands: 1 is another than yes, which Qt does not see."""
    places = (place for place in range(box.count()) if box.itemData(place) is value or box.itemData(place) == value)
    return next(places, -1)
