"""The question for a new company or person: a name, and what one knows at once."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.i18n import Text, tr
from app.core.terms import COMPANY_KIND_LABELS, CompanyKind, Entity
from app.services.twins.facts import Facts
from app.ui.duplicates.hint import DuplicateHint
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.names import NameEdit
from app.ui.jobs import Job
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class NewRecordDialog(Dialog):
    """`record_id` once it was made."""

    def __init__(self, context: "Context", entity: Entity, parent: QWidget | None = None) -> None:
        company = entity is Entity.COMPANY
        super().__init__(context.theme, tr("New company") if company else tr("New person"), parent)
        self._context = context
        self._entity = entity
        self.record_id: int | None = None
        self._form = Form()
        self._name = QLineEdit()
        share_undo(self._name)
        self.body.addWidget(self._form.add("name", Field(tr("Name"), self._name)))
        self._kinds = {kind: QCheckBox(tr(label)) for kind, label in COMPANY_KIND_LABELS.items()} if company else {}
        for kind, box in self._kinds.items():
            box.setChecked(kind is CompanyKind.CUSTOMER)
            self.body.addWidget(box)
        self._company: NameEdit | None = None
        if not company:
            complete = context.office.catalogue.complete
            self._company = NameEdit(lambda typed: [entry.name for entry in complete("company", typed)])
            self.body.addWidget(self._form.add("companies", Field(tr("Company"), self._company)))
        self.hint = DuplicateHint(context, self._facts, can_take=False)
        self.hint.opened.connect(self._made)
        for line in filter(None, (self._name, self._company)):
            line.textChanged.connect(lambda _text: self.hint.ask())
        self.body.addWidget(self.hint)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        self._name.setFocus()
        self.resize(context.theme.px(440), context.theme.px(280))

    def _facts(self) -> Facts | None:
        """What was typed; whom it may mean is there already, and is opened instead of made."""
        name = self._name.text().strip()
        companies = (self._company.name(),) if self._company is not None and self._company.name() else ()
        return Facts("person" if self._company is not None else "company", name, companies=companies) if name else None

    def _done(self) -> None:
        self._form.settle()
        name, office = self._name.text(), self._context.office
        if self._company is None:
            kinds = [kind for kind, box in self._kinds.items() if box.isChecked()]
            verb = partial(office.companies.create, name=name, kinds=kinds)
        else:
            company = self._company.text().strip()
            companies = [(company, "")] if company else []
            verb = partial(office.people.create, name=name, companies=companies)
        job = Job(Text("Saving"), lambda _progress: verb(), self._made, self._form.take, owner=self)
        self.carry_out(self._context.jobs, job)

    def _made(self, record_id: int) -> None:
        self.record_id = record_id
        self.accept()


def new_record(context: "Context", entity: Entity, parent: QWidget) -> int | None:
    """Ask for a new company or person; its id, None when the question was closed."""
    dialog = NewRecordDialog(context, entity, parent)
    return dialog.record_id if dialog.exec() else None
