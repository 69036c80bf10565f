"""What belongs to one own field beside its name: help, unit, what it is for, when it reminds, and its options."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.services.own_fields import OwnField
from app.services.own_kinds import CHOSEN, KIND_LABELS, OwnKind
from app.ui.forms.field import Field
from app.ui.settings.own_options import OptionsEdit
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context

_MOST_DAYS = 3650


class OwnFieldCard(Card):
    """Shows a field; `changed(id, changes)` says what the user wants of it, `asked(verb, refused)` what of its
    options, and what else follows if it is refused.
    """

    changed = Signal(int, dict)
    asked = Signal(object, object)

    def __init__(self, context: "Context") -> None:
        super().__init__(context.theme)
        self._theme_ = context.theme
        self._field: OwnField | None = None
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._title.setWordWrap(True)
        self.help, self.unit = QLineEdit(), QLineEdit()
        self.required = QCheckBox(tr("Required in the form"))
        self.in_list = QCheckBox(tr("Show in the list"))
        self.notify = QCheckBox(tr("Reminds"))
        self.yearly = QCheckBox(tr("each year anew"))
        self.days = QSpinBox()
        self.days.setRange(0, _MOST_DAYS)
        self.days.setSuffix(" " + tr("days ahead"))
        self.days.setAccessibleName(tr("Days ahead"))
        self.options = OptionsEdit(context)
        self.options.asked.connect(self.asked)
        self._unit = Field(tr("Unit"), self.unit, tip=tr("Such as hours, m² or pieces."))
        self._notices = QWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        px = self._theme_.px
        inside = QVBoxLayout()
        inside.setContentsMargins(px(16), px(12), px(16), px(14))
        inside.setSpacing(px(9))
        inside.addWidget(self._title)
        row = QGridLayout()
        row.setHorizontalSpacing(px(14))
        row.addWidget(Field(tr("Help text"), self.help), 0, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._unit, 0, 1, Qt.AlignmentFlag.AlignTop)
        row.setColumnStretch(0, 3)
        row.setColumnStretch(1, 1)
        inside.addLayout(row)
        checks = QWidget()
        flow = Flow(checks, px(14))
        flow.addWidget(self.required)
        flow.addWidget(self.in_list)
        inside.addWidget(checks)
        notices = Flow(self._notices, px(10))
        for control in (self.notify, self.days, self.yearly):
            notices.addWidget(control)
        inside.addWidget(self._notices)
        inside.addWidget(self.options)
        self.body.addLayout(inside)

    def _connect(self) -> None:
        for edit, name in ((self.help, "help"), (self.unit, "unit")):
            share_undo(edit)
            edit.editingFinished.connect(lambda edit=edit, name=name: self._ask(**{name: edit.text().strip()}))
        self.required.clicked.connect(lambda on: self._ask(required=on))
        self.in_list.clicked.connect(lambda on: self._ask(in_list=on))
        self.notify.clicked.connect(lambda on: self._ask(notify=on))
        self.yearly.clicked.connect(lambda on: self._ask(yearly=on))
        self.days.editingFinished.connect(lambda: self._ask(notify_days=self.days.value()))

    def show_field(self, field: OwnField | None) -> None:
        """Show this field; None for none."""
        self._field = field
        self.setVisible(field is not None)
        if field is None:
            return
        self._title.setText(tr("{field} ({kind})", field=field.name, kind=tr(KIND_LABELS[field.kind])))
        for edit, value in ((self.help, field.help), (self.unit, field.unit)):
            if edit.text() != value:
                edit.setText(value)
        self._unit.setVisible(field.kind is OwnKind.NUMBER)
        self.required.setChecked(field.required)
        self.in_list.setChecked(field.in_list)
        self._notices.setVisible(field.kind is OwnKind.DAY)
        self.notify.setChecked(field.notify)
        self.yearly.setChecked(field.yearly)
        self.days.setValue(field.notify_days)
        self.days.setEnabled(field.notify)
        self.yearly.setEnabled(field.notify)
        self.options.setVisible(field.kind in CHOSEN)
        self.options.show_field(field)

    def _ask(self, **changes: object) -> None:
        """Only what is another than it is."""
        field = self._field
        if field is not None and any(getattr(field, name) != value for name, value in changes.items()):
            self.changed.emit(field.id, changes)
