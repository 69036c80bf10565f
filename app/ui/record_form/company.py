"""The form of a company."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.i18n import tr
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, CompanyKind, Entity
from app.services.catalogue import checked_name
from app.services.company_fields import LABELS
from app.services.somebody import Meant
from app.services.twins.facts import Facts
from app.ui.forms.choices import Choices
from app.ui.forms.roles import InRow, RoleRows, RoleWords
from app.ui.forms.row_edits import put
from app.ui.record_form.dialog import Readers, RecordForm
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.services.record_detail import CompanyDetail
    from app.ui.context import Context


class Kinds(QWidget):
    """What a company is to the agency: any of the words."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes = {kind: QCheckBox(tr(label)) for kind, label in COMPANY_KIND_LABELS.items()}
        flow = Flow(self, 14)
        for box in self.boxes.values():
            flow.addWidget(box)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def choose(self, kinds: Iterable[CompanyKind]) -> None:
        """Tick these."""
        for kind, box in self.boxes.items():
            box.setChecked(kind in kinds)

    def state(self) -> object:
        """What stands there."""
        return self.chosen()

    def chosen(self) -> tuple[CompanyKind, ...]:
        """Those that are ticked."""
        return tuple(kind for kind, box in self.boxes.items() if box.isChecked())


class CompanyForm(RecordForm):
    """*New company* and *Edit company*."""

    entity = Entity.COMPANY
    words = LABELS

    def __init__(
        self, context: "Context", detail: "CompanyDetail | None" = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("New company") if detail is None else tr("Edit company"), detail, parent)
        self.name, self.number, self.industry = QLineEdit(), QLineEdit(), QLineEdit()
        self.kinds = Kinds()
        self.size_ = Choices([(None, tr("not given")), *((size, tr(label)) for size, label in SIZE_LABELS.items())])
        called = RoleWords(tr("Person"), tr("Add a person"), tr("Name"))
        self.people = RoleRows(context.theme, context.office.somebodies, Entity.PERSON, "people", called)
        self._lay_out()
        self._fill(detail)
        self.name.textChanged.connect(lambda _text: self.hint.ask())
        self._ready(680, 780)
        self.name.setFocus()

    def _lay_out(self) -> None:
        self._rows.addWidget(self._field("name", self.name, "company"))
        self._pair(self._field("kinds", self.kinds), self._field("number", self.number))
        self._pair(self._field("industry", self.industry), self._field("size", self.size_))
        self._rows.addWidget(self._field("people", self.people, "person"))
        self._lay_out_reach()
        self._lay_out_rest()
        self._close_off(tr("Create company") if self._new else tr("Save"), self.hint)

    def _fill(self, detail: "CompanyDetail | None") -> None:
        self._fill_common(detail)
        if detail is None:
            self.kinds.choose([CompanyKind.CUSTOMER])
            return
        put(self.name, detail.name)
        put(self.number, detail.number)
        self.kinds.choose(detail.kinds)
        put(self.industry, detail.industry)
        self.size_.choose(detail.size)
        self.people.set_values([InRow(Meant(Entity.PERSON, each.id, each.name), each.role) for each in detail.related])

    def _readers(self) -> Readers:
        return {
            "name": lambda: checked_name("company", self.name.text()), "kinds": self.kinds.chosen,
            "number": lambda: self.number.text() or None, "industry": self.industry.text,
            "size": self.size_.currentData,
            "people": lambda: self.people.in_roles("people"),
            **self._common_readers(),
        }  # fmt: skip

    def _names(self) -> tuple[str, ...]:
        return ("name",)

    def _facts(self) -> Facts | None:
        name, place = self.name.text().strip(), self._place()
        facts = Facts("company", name, postcode=place.postcode, city=place.city, **self._reach())
        return facts if name or facts.phones or facts.mails or facts.webs else None
