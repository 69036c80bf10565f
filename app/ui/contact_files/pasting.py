"""Pasting a table as new companies or people: first one sees who is new and who is there already."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.core.i18n import tr
from app.core.terms import Entity
from app.services.contact_files.draft import Kind
from app.services.contact_files.pasted import check_contacts, read_contacts
from app.services.contact_files.plan import CardPlan, Progress, plan_read
from app.ui.contact_files.drop import dropped_cards
from app.ui.contact_files.importing import ContactImportDialog

if TYPE_CHECKING:
    from app.ui.context import Context

#: Up to so many rows are undone as they were done; before more of them there is a backup, as before every import.
_FEW = 500


def paste_contacts(context: "Context", entity: Entity, parent: QWidget | None) -> None:
    """Ask what to do with the clipboard. Files of contacts are imported."""
    data = QGuiApplication.clipboard().mimeData()
    files = dropped_cards(data)
    if files:
        ContactImportDialog(context, files, parent).exec()
        return
    plain, html = data.text() if data.hasText() else "", data.html() if data.hasHtml() else ""
    if context.do(lambda: check_contacts(plain, html)):
        ContactPasteDialog(context, "company" if entity is Entity.COMPANY else "person", plain, html, parent).exec()


class ContactPasteDialog(ContactImportDialog):
    """The import of what is in the clipboard."""

    def __init__(self, context: "Context", kind: Kind, plain: str, html: str, parent: QWidget | None = None) -> None:
        self._kind: Kind = kind
        self._pasted = plain, html
        self._many = False
        super().__init__(context, (), parent)

    def called(self) -> str:
        return tr("Paste companies") if self._kind == "company" else tr("Paste people")

    def look(self, tell: Progress) -> CardPlan:
        store = self._context.office.store
        plan = plan_read(store, read_contacts(store, self._kind, *self._pasted, tr("Clipboard")), tell)
        self._many = len(plan.cards) > _FEW
        return plan

    def back_up(self) -> None:
        if self._many:
            super().back_up()
