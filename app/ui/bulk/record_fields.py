"""The fields of a change to several companies or people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox

from app.core import parse
from app.core.i18n import tr
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, CompanyKind, Entity
from app.services.bulk_plan import Put
from app.services.bulk_records import COMPANY_FIELDS, PERSON_FIELDS, RecordChange
from app.ui.bulk.fields import BulkFields, combo, line

if TYPE_CHECKING:
    from app.ui.context import Context


class RecordBulkFields(BulkFields[RecordChange]):
    """All of them."""

    def __init__(self, context: "Context", entity: Entity) -> None:
        self._company = entity is Entity.COMPANY
        super().__init__(context, entity, COMPANY_FIELDS if self._company else PERSON_FIELDS)

    def _fill(self) -> None:
        if self._company:
            self._add_kinds()
        self._add_responsible()
        self._add_tags()
        if self._company:
            industry = line(tr("an industry, or empty"))
            self._add_known("industry", lambda: Put(industry.text()), industry)
            size = combo([*((size, tr(label)) for size, label in SIZE_LABELS.items()), (None, tr("not given"))])
            self._add_known("size", lambda: Put(size.currentData()), size)
        self._add_rhythm()
        archived = combo([(True, tr("yes")), (False, tr("no"))])
        self._add_known("archived", lambda: Put(archived.currentData()), archived)

    def _made(self, values: Mapping[str, Any]) -> RecordChange:
        return RecordChange(**values)

    def _add_kinds(self) -> None:
        """What is ticked, and nothing else, is what they are."""
        boxes = {kind: QCheckBox(tr(label)) for kind, label in COMPANY_KIND_LABELS.items()}
        for kind, box in boxes.items():
            box.setAccessibleName(tr(COMPANY_KIND_LABELS[kind]))

        def chosen() -> Put[tuple[CompanyKind, ...]]:
            return Put(tuple(kind for kind in CompanyKind if boxes[kind].isChecked()))

        self._add_known("kinds", chosen, *boxes.values())

    def _add_rhythm(self) -> None:
        often = line(tr("e.g. 4 weeks / 6 weeks, or empty"))

        def rhythm() -> Put[tuple[int, int | None] | None]:
            typed = often.text().strip()
            return Put(parse.rhythm(typed, field="rhythm") if typed else None)

        self._add_known("rhythm", rhythm, often)
