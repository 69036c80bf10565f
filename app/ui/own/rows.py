"""The own fields of a record in its panel: name, value, and an editor in the value's place."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import tr
from app.core.roles import Act
from app.core.terms import Entity
from app.services.own_fields import OwnField
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, OwnValues
from app.services.reach import PointKind
from app.ui.crossed import Seen
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Form
from app.ui.forms.in_place import InPlace, choices, leave, save
from app.ui.own.controls import OwnControl, Ticks
from app.ui.own.words import OwnWords
from app.ui.reach import OPENING, follow, target
from app.ui.widgets.field_row import FieldGrid, FieldValue, see

if TYPE_CHECKING:
    from app.ui.context import Context

_LINES = 3
#: What leads somewhere, as which way to reach somebody, and its icon.
_LINKS: Mapping[OwnKind, PointKind] = {OwnKind.LINK: "web", OwnKind.MAIL: "mail", OwnKind.PHONE: "phone"}
_ICONS = {"web": "globe", "mail": "mail", "phone": "phone"}
#: Writes a value of a field of the record shown.
Save = Callable[[int, OwnValues, int], object]


class OwnRows(QWidget):
    """Shows what a record has in its own fields. Every edit is one step of the user."""

    def __init__(self, context: "Context", entity: Entity, save: Save) -> None:
        """`save(record id, values by field, since)` is the verb that writes what was seen after a step: see `Seen`."""
        super().__init__()
        self._context, self._entity, self._save_value = context, entity, save
        self._words = OwnWords(context)
        self._fields: tuple[OwnField, ...] = ()
        self._stale = True
        self._record = self._step = 0
        self._seen = Seen(context)
        self._values: OwnValues = {}
        self._grid: FieldGrid | None = None
        self._folded = False
        self._kept: set[int] = set()  # fields that had a value since this record is shown
        self.rows: dict[int, FieldValue] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        context.bridge.changed.connect(self._on_change)
        context.allowed.changed.connect(self._permit)

    def show_record(self, record_id: int, values: OwnValues, step: int) -> None:
        """The values of this record as they were after a step of the history; an open editor of another is closed."""
        if self._stale:
            self._read()
        same, self._record, self._values, self._step = record_id == self._record, record_id, values, step
        for field in self._fields:
            row = self.rows[field.id]
            if not same:
                row.stop_editing()
            row.show_value(self._words.shown(field, values.get(field.id)))
        self._kept = (self._kept if same else set()) | values.keys()
        self._arrange()

    def fold(self, folded: bool) -> None:
        """Show only fields that have a value or need one, or all of them."""
        self._folded, self._kept = folded, set(self._values)
        self._arrange()

    @property
    def empty(self) -> bool:
        """Whether there are fields without a value, which are not shown when folded."""
        return any(field.id not in self._values and not field.required for field in self._fields)

    def _arrange(self) -> None:
        seen = 0
        for field in self._fields:
            shown = not self._folded or field.required or field.id in self._kept
            seen += shown
            assert self._grid is not None
            self._grid.set_row_visible(field.key, shown)
            if field.kind in _LINKS:
                self._grid.set_link_visible(field.key, shown and self._target(field) is not None)
        see(self, not self._fields or bool(seen))

    def leave(self) -> None:
        """Another record is about to be shown: what was typed is taken over, or it is said why it is not."""
        for field in self._fields:
            leave(self.rows[field.id], field.name, self._context.do)

    def _on_change(self, change: ChangeSet) -> None:
        """Which fields there are is read when it changed, not with every record."""
        if change.concerns("field", "field_option"):
            self._stale = True
            if self._record:
                self.show_record(self._record, self._values, self._step)

    def _read(self) -> None:
        self._stale = False
        fields = self._context.office.own_fields.of(self._entity)
        if fields != self._fields:
            self._build(fields)

    def _build(self, fields: tuple[OwnField, ...]) -> None:
        if self._grid is not None:
            self._box.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self._fields = fields
        self._grid = FieldGrid(self._context.theme)
        self.rows = {}
        self._grid.linkPressed.connect(self._open)
        for field in fields:
            link = _link(field)
            row = self.rows[field.id] = self._grid.add(field.key, field.name, lines=_LINES, link=link)
            row.setToolTip(field.help)
            row.editRequested.connect(partial(self._edit, field))
        self._box.addWidget(self._grid)
        self._permit()
        self._grid.show()

    def _permit(self) -> None:
        for row in self.rows.values():
            row.restrict(self._context.allowed.why_not(Act.CHANGE))

    def _target(self, field: OwnField) -> str | None:
        """What the value leads to; None for one that leads nowhere, and for none."""
        value = self._values.get(field.id)
        return target(_LINKS[field.kind], value) if isinstance(value, str) else None

    def _open(self, key: str) -> None:
        link = next((self._target(field) for field in self._fields if field.key == key), None)
        if link is not None:
            follow(self._context, link)

    def _edit(self, field: OwnField) -> None:
        row, value = self.rows[field.id], self._values.get(field.id)
        self._seen.begin(field.key, self._step)
        if field.kind in (OwnKind.CHOICE, OwnKind.FLAG):
            row.edit_with(self._choice(field, value))
        elif field.kind in (OwnKind.CHOICES, OwnKind.LONG_TEXT):
            self._ask(field, value)
        else:
            row.edit_with(self._loose(field, value))

    def _loose(self, field: OwnField, value: OwnValue) -> QWidget:
        row = self.rows[field.id]
        read = lambda typed: self._words.read(field, typed, value)  # noqa: E731 - one expression
        editor = InPlace(field.name, read, partial(self._words.shown, field), hint=self._words.hint(field))
        editor.set_value(value)
        editor.edit.selectAll()
        editor.accepted.connect(partial(self._save, field))
        editor.left.connect(row.stop_editing)
        editor.cancelled.connect(row.stop_editing)
        return editor

    def _choice(self, field: OwnField, value: OwnValue) -> QWidget:
        box = choices(field.name)
        box.addItem("–", None)
        if field.kind is OwnKind.FLAG:
            box.addItem(tr("yes"), True)
            box.addItem(tr("no"), False)
        for option in field.options:
            if not option.gone or option.id == value:
                box.addItem(option.name, option.id)
        places = [place for place in range(box.count()) if box.itemData(place) == value]
        box.setCurrentIndex(places[0] if places else 0)
        box.activated.connect(lambda _row: self._save(field, box.currentData()))
        return box

    def _ask(self, field: OwnField, value: OwnValue) -> None:
        """What needs more room than a line has is asked for in a window of its own."""
        dialog = OwnValueDialog(self._context, field, value, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.value != value:
            self._save(field, dialog.value)

    def _save(self, field: OwnField, value: Any) -> None:
        record = self._record
        verb = self._seen.saving(field.key, lambda since: self._save_value(record, {field.id: value}, since))
        save(self._context.jobs, self.rows[field.id], verb, self._context.do)


def _link(field: OwnField) -> tuple[str, str] | None:
    """The icon and the name of the button that opens what a value leads to."""
    kind = _LINKS.get(field.kind)
    return None if kind is None else (_ICONS[kind], tr(OPENING[kind]))


class OwnValueDialog(Dialog):
    """Asks for one value; `value` is what was filled in, once it was accepted."""

    def __init__(self, context: "Context", field: OwnField, value: OwnValue, parent: QWidget | None) -> None:
        super().__init__(context.theme, field.name, parent, heading=False)  # it stands above the control
        self.value = value
        self._form = Form()
        self.control = OwnControl(context, field)
        self.control.set_value(value)
        self._form.add(field.key, self.control.labelled())
        self.body.addWidget(self._form[field.key])
        self.body.addStretch()
        self.body.addWidget(self._form.general)
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        self.resize(context.theme.px(460), self.sizeHint().height())
        widget = self.control.widget
        if isinstance(widget, QPlainTextEdit | Ticks):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _done(self) -> None:
        read = self._form.read({"value": self.control.read})
        if read is not None:
            self.value = read["value"]
            self.accept()
