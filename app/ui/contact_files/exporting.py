"""Exporting contacts: who, and for what kind of program."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget

from app.core.i18n import N_, Plural, Text, ntr, tr
from app.core.terms import Entity
from app.services.cards.writing import Version
from app.services.contact_files.exporting import Exported, export_cards
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field
from app.ui.jobs import Job, Progress
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from app.ui.context import Context

_DAMAGED = Text("The contacts were exported, but some photos are damaged.")
_FILES = ((Text("Contacts"), "*.vcf"), (Text("All files"), "*"))
_WHO = (("all", N_("Companies and people")), ("companies", N_("Companies")), ("people", N_("People")))
_VERSIONS = ((Version.V3, N_("vCard 3.0, which every program reads")), (Version.V4, N_("vCard 4.0, the newest")))


class ContactExportDialog(Dialog):
    """Asks who and how; the file is chosen afterwards. Where some are `chosen` it only asks how."""

    def __init__(
        self, context: "Context", parent: QWidget | None = None, chosen: tuple[Entity, Sequence[int]] | None = None
    ) -> None:
        super().__init__(context.theme, tr("Export contacts"), parent)
        self._context = context
        self._chosen = chosen
        self.who, self.version = ChoiceBox(), ChoiceBox()
        for key, label in _WHO:
            self.who.addItem(tr(label), key)
        for version, label in _VERSIONS:
            self.version.addItem(tr(label), str(version))
        if chosen is None:
            self.body.addWidget(Field(tr("Who"), self.who))
        else:
            self.body.addWidget(QLabel(ntr("{n} contact is chosen.", "{n} contacts are chosen.", len(chosen[1]))))
        self.body.addWidget(Field(tr("Format"), self.version))
        self.body.addStretch()
        self.add_buttons(tr("Choose file …")).clicked.connect(self._save)

    def _save(self) -> None:
        context = self._context
        day = context.office.store.today().isoformat()
        name = tr("Contacts {day}", day=day)
        target = context.dialogs.save_file(Text("Export contacts"), f"{name}.vcf", _FILES)
        if target is None:
            return
        companies, people = self._who()
        version, owner = Version(self.version.currentData()), self.parent() or self
        export(context, target, version, owner, companies=companies, people=people)
        self.accept()

    def _who(self) -> tuple[Sequence[int] | None, Sequence[int] | None]:
        """The companies and the people; None for all of them."""
        if self._chosen is not None:
            entity, ids = self._chosen
            return (ids, ()) if entity is Entity.COMPANY else ((), ids)
        who = self.who.currentData()
        return () if who == "people" else None, () if who == "companies" else None


def export(
    context: "Context",
    target: Path,
    version: Version,
    owner: QObject,
    *,
    companies: Sequence[int] | None = None,
    people: Sequence[int] | None = None,
) -> None:
    """Write these (None: all of them) to a file and say so, and whose photo is damaged."""
    store = context.office.store

    def work(progress: Progress) -> Exported:
        return export_cards(store, target, version, companies=companies, people=people, progress=progress.report)

    def done(found: Exported) -> None:
        context.notify(Plural("{n} contact exported to {file}", "{n} contacts exported to {file}", n=found.count,
                              file=target.name))  # fmt: skip
        if found.without_photo:
            names = ", ".join(found.without_photo)
            context.dialogs.tell(_DAMAGED, Text("Without their photo: {names}", names=names))

    context.jobs.start(Job(Text("Exporting"), work, done, owner=owner))
