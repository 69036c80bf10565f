"""The forms of a company and of a person as the windows ask for them."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from app.core.terms import Entity
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.person import PersonForm

if TYPE_CHECKING:
    from app.ui.context import Context


def new_record(context: "Context", entity: Entity, parent: QWidget | None = None) -> int | None:
    """Ask for a new company or person; the id, also of one that was there already; None when the form was left."""
    form = CompanyForm(context, None, parent) if entity is Entity.COMPANY else PersonForm(context, None, parent)
    return form.record_id if form.exec() == QDialog.DialogCode.Accepted else None


def edit_record(context: "Context", entity: Entity, record_id: int, parent: QWidget | None = None) -> bool:
    """Edit a company or person; whether it was saved. Raises NotFound."""
    records = context.office.records
    form = (
        CompanyForm(context, records.company(record_id), parent)
        if entity is Entity.COMPANY
        else PersonForm(context, records.person(record_id), parent)
    )
    return form.exec() == QDialog.DialogCode.Accepted
