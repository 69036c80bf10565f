"""*Eigene Felder*: what an agency keeps of its leads, companies and people beside what the program knows."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox

from app.core.changes import ChangeSet
from app.core.i18n import N_, tr
from app.core.terms import Entity
from app.services.own_fields import OwnField
from app.services.own_kinds import CHOSEN, KIND_LABELS, OwnKind
from app.ui.forms.rows import RowColumn
from app.ui.list_page import ListPage, ListSpec
from app.ui.settings.locked import LOOKS
from app.ui.settings.own_field_card import OwnFieldCard
from app.ui.widgets.chips import Switch
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.focus import bring_into_view

if TYPE_CHECKING:
    from app.ui.context import Context

ENTITIES = {Entity.LEAD: N_("Leads"), Entity.COMPANY: N_("Companies"), Entity.PERSON: N_("People")}
_NONE = {
    Entity.LEAD: N_("No own fields of leads yet. Here stands what you want to know of every lead."),
    Entity.COMPANY: N_("No own fields of companies yet. Here stands what you want to know of every company."),
    Entity.PERSON: N_("No own fields of people yet. Here stands what you want to know of everybody."),
}
_MOST_DAYS = 3650
#: So much of what is around the line for an option is seen with it.
_ROOM = 40


class OwnFieldsPage(ListPage[OwnField]):
    """The fields of one kind of records at a time, and below them what belongs to the current one."""

    def __init__(self, context: "Context", entity: Entity = Entity.LEAD) -> None:
        """Those of `entity` are shown at first."""
        self._fields = context.office.own_fields
        self.entities = Switch(context.theme, [(e, tr(label)) for e, label in ENTITIES.items()], tr("Fields of"))
        self.entities.setProperty(LOOKS, True)
        self.entities.choose(str(entity))
        self.kind = ChoiceBox()
        self.kind.setAccessibleName(tr("Kind of the new field"))
        for kind, label in KIND_LABELS.items():
            self.kind.addItem(tr(label), kind)
        self.card = OwnFieldCard(context)
        self.birthday, self.days = QCheckBox(tr("Birthdays remind,")), QSpinBox()
        super().__init__(
            context,
            ListSpec(
                tr("Own fields"),
                tr("What you want to know beside what is asked anyway. Drag the rows, or press Alt with the arrow keys,"
                   " to order them; F2 or a double click changes the name."),
                self._columns(),
                lambda: self._fields.of(self.entity),
                ("field", "field_option"),
                tr("New field"),
                lambda name: partial(self._fields.create, self.entity, OwnKind(self.kind.currentData()), name),
                lambda row: self._fields.delete(row.id),
                lambda ids: self._fields.reorder(self.entity, ids),
                empty=lambda: tr(_NONE[self.entity]),
                icon="columns",
                above=self.entities,
                beside=self.kind,
            ),
        )  # fmt: skip
        self._set_up()
        self.on_chosen()

    def _set_up(self) -> None:
        self.below.addWidget(self.card)
        self.days.setRange(0, _MOST_DAYS)
        self.days.setSuffix(" " + tr("days ahead"))
        self.days.setAccessibleName(tr("Days before a birthday"))
        self._birthdays = QHBoxLayout()
        self._birthdays.addWidget(self.birthday)
        self._birthdays.addWidget(self.days)
        self._birthdays.addStretch()
        self.below.addLayout(self._birthdays)
        self.birthday.clicked.connect(lambda _on: self._set_birthday())
        self.days.editingFinished.connect(self._set_birthday)
        self.entities.chosen.connect(lambda _key: self._on_entity())
        self.card.changed.connect(lambda id_, changes: self.attempt(lambda: self._fields.edit(id_, **changes)))
        self.card.asked.connect(lambda verb, refused: self.attempt(verb, refused=refused))
        self._on_entity()

    def _columns(self) -> list[RowColumn[OwnField]]:
        return [
            RowColumn(
                tr("Name"), lambda row: row.name, lambda row, typed: self._fields.edit(row.id, name=typed), stretch=True
            ),
            RowColumn(tr("Kind"), lambda row: tr(KIND_LABELS[row.kind]), faint=lambda _row: True),
            RowColumn(tr("In the list"), lambda row: "✓" if row.in_list else ""),
            RowColumn(tr("Required"), lambda row: "✓" if row.required else ""),
            RowColumn(tr("Reminds"), lambda row: "✓" if row.notify else ""),
        ]

    @property
    def entity(self) -> Entity:
        """Whose fields are shown."""
        return Entity(self.entities.choice)

    def on_chosen(self) -> None:
        self.card.show_field(self.view.current())

    def on_added(self, id_: int) -> None:
        """What there is to choose from comes next; it lies below what is seen at first."""
        super().on_added(id_)
        if self.kind.currentData() in CHOSEN:
            entry = self.card.options.entry
            entry.setFocus(Qt.FocusReason.OtherFocusReason)
            room = self.context.theme.px(_ROOM)
            QTimer.singleShot(0, entry, lambda: bring_into_view(entry, room))  # once the card is laid out

    def refresh(self) -> None:
        super().refresh()
        self.on_chosen()

    def _on_entity(self) -> None:
        people = self.entity is Entity.PERSON
        self.birthday.setVisible(people)
        self.days.setVisible(people)
        self.refresh()
        self._show_birthday()

    def _show_birthday(self) -> None:
        notice = self._fields.birthday()
        self.birthday.setChecked(notice.notify)
        self.days.setValue(notice.notify_days)
        self.days.setEnabled(notice.notify)

    def _set_birthday(self) -> None:
        notify, days, before = self.birthday.isChecked(), self.days.value(), self._fields.birthday()
        if (notify, days) != (before.notify, before.notify_days):
            fields = self._fields
            self.attempt(lambda: fields.set_birthday(notify, days))

    def _on_change(self, change: ChangeSet) -> None:
        super()._on_change(change)
        if change.concerns("field"):
            self._show_birthday()
