"""The form of a person."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.terms import SALUTATION_LABELS, YEAR_UNKNOWN, Entity
from app.services.person_fields import LABELS, composed
from app.services.somebody import Meant
from app.services.twins.facts import Facts
from app.ui.forms.label_box import LabelBox
from app.ui.forms.loose import LooseEdit
from app.ui.forms.roles import InRow, RoleRows, RoleWords
from app.ui.forms.row_edits import put
from app.ui.record_form.dialog import Readers, RecordForm

if TYPE_CHECKING:
    from app.services.record_detail import PersonDetail
    from app.ui.context import Context


class PersonForm(RecordForm):
    """*New person* and *Edit person*. Who is shown by given and family name needs no shown name."""

    entity = Entity.PERSON
    words = LABELS

    def __init__(self, context: "Context", detail: "PersonDetail | None" = None, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("New person") if detail is None else tr("Edit person"), detail, parent)
        self.salutation = LabelBox({"": "", **{str(key): label for key, label in SALUTATION_LABELS.items()}})
        self.prefix, self.given, self.family, self.shown = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.birthday = LooseEdit[date](self._parse_birthday, context.wording.born)
        called = RoleWords(tr("Company"), tr("Add a company"), tr("Company"))
        self.companies = RoleRows(
            context.theme, context.office.somebodies, Entity.COMPANY, "companies", called, movable=True
        )
        self._lay_out()
        self._fill(detail)
        for edit in (self.given, self.family):
            edit.textChanged.connect(lambda _text: self._propose_shown())
        for edit in (self.given, self.family, self.shown):
            edit.textChanged.connect(lambda _text: self.hint.ask())
        self.companies.edited.connect(self.hint.ask)
        self._propose_shown()
        self._ready(680, 780)
        self.given.setFocus()

    def _lay_out(self) -> None:
        self._pair(self._field("salutation", self.salutation), self._field("prefix", self.prefix))
        self._pair(self._field("given", self.given), self._field("family", self.family, "person"))
        shown = self._field("name", self.shown, tip=tr("Empty: given and family name."))
        tip = tr("Without the year if you do not know it.")
        self._pair(shown, self._field("birthday", self.birthday, tip=tip))
        self.birthday.setPlaceholderText(tr("e.g. 15.3.1980"))
        self._rows.addWidget(self._field("companies", self.companies, "company"))
        self._lay_out_reach()
        self._lay_out_rest()
        self._close_off(tr("Create person") if self._new else tr("Save"), self.hint)

    def _fill(self, detail: "PersonDetail | None") -> None:
        self._fill_common(detail)
        if detail is None:
            return
        self.salutation.set_value(detail.salutation)
        put(self.prefix, detail.prefix)
        put(self.given, detail.given)
        put(self.family, detail.family)
        put(self.shown, "" if detail.name == composed(detail.given, detail.family) else detail.name)
        self.birthday.set_value(detail.birthday)
        self.companies.set_values(
            [InRow(Meant(Entity.COMPANY, each.id, each.name), each.role) for each in detail.related]
        )

    def _propose_shown(self) -> None:
        self.shown.setPlaceholderText(composed(self.given.text(), self.family.text()))

    def _readers(self) -> Readers:
        return {
            "salutation": self.salutation.value, "prefix": self.prefix.text, "given": self.given.text,
            "family": self._family_name, "name": self.shown.text, "birthday": self.birthday.value,
            "companies": lambda: self.companies.in_roles("companies"),
            **self._common_readers(),
        }  # fmt: skip

    def _family_name(self) -> str:
        if not (composed(self.given.text(), self.family.text()) or composed(self.shown.text(), "")):
            raise InvalidInput(Text("Please enter a name."), field="family")
        return self.family.text()

    def _names(self) -> tuple[str, ...]:
        return ("given", "family", "name")

    def _facts(self) -> Facts | None:
        name = composed(self.shown.text(), "") or composed(self.given.text(), self.family.text())
        place = self._place()
        facts = Facts(
            "person", name, postcode=place.postcode, city=place.city, companies=self.companies.names(), **self._reach()
        )  # fmt: skip
        return facts if name or facts.phones or facts.mails else None

    def _parse_birthday(self, typed: str) -> date:
        return parse.birthday(typed, self._context.office.store.today(), YEAR_UNKNOWN, field="birthday")
