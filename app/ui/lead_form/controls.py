"""The controls of the form of a lead, made and filled, and read as the fields that the verbs take."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from app.core import parse
from app.core.i18n import tr
from app.core.money import Money
from app.core.terms import BUDGET_LABELS, CATEGORY_LABELS, STATUS_LABELS, Budget, Entity, Status
from app.services.affiliations import Who
from app.services.lead_fields import NextStep, Recommender
from app.services.rates import CURRENCIES
from app.services.somebody import BOTH
from app.ui.forms.choices import Choices, members, tag_finder
from app.ui.forms.deal_roles import role_edit
from app.ui.forms.loose import LooseEdit
from app.ui.forms.names import NameCombo
from app.ui.forms.roles import RoleRows, RoleWords
from app.ui.forms.somebody import SomebodyEdit
from app.ui.forms.tags import TagsEdit
from app.ui.widgets.chips import Switch
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

When = tuple[date, int | None]
_INFO_LINES = 4


class Controls:
    """Everything one types into, by the names of the fields."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        formats, office, theme = context.formats, context.office, context.theme
        base = office.store.facts.base_currency
        self.title = QLineEdit()
        self.company = SomebodyEdit(office.somebodies, (Entity.COMPANY,), "company")
        self.person = SomebodyEdit(office.somebodies, (Entity.PERSON,), "person")
        called = RoleWords(tr("Person"), tr("Add a person"), tr("Name"))
        self.people = RoleRows(
            theme, office.somebodies, Entity.PERSON, "people", called, spare=False, role_edit=role_edit
        )
        self.currency = Choices([(code, code) for code in dict.fromkeys((base, *CURRENCIES))])
        self.amount = LooseEdit(self._parse_amount, formats.amount)
        self.budget = Switch(theme, [(kind, tr(BUDGET_LABELS[kind])) for kind in Budget], tr("Budget kind"), tall=True)
        self.period = LooseEdit(self._parse_period, lambda months: formats.period(*months))
        self.status = Switch(theme, [(s, tr(_STATES[s])) for s in _STATES], tr("Status"))
        self.stage = Choices()
        self.probability = LooseEdit(lambda typed: parse.percent(typed, field="probability"), formats.percent)
        self.category = Choices([(None, tr("automatic")), *((c, tr(label)) for c, label in CATEGORY_LABELS.items())])
        self.responsible = Choices()
        self.source = NameCombo([entry.name for entry in office.catalogue.all("source")])
        self.recommender = SomebodyEdit(office.somebodies, BOTH, "recommender")
        self.tags = TagsEdit(theme, tag_finder(office.catalogue))
        self.when = LooseEdit(self._parse_when, self._show_when)
        self.step = QLineEdit()
        self.info = QPlainTextEdit()
        self._finish()

    def _finish(self) -> None:
        px = self._context.theme.px
        self.info.setTabChangesFocus(True)
        self.info.setFixedHeight(self.info.fontMetrics().lineSpacing() * _INFO_LINES + px(16))
        self.amount.setPlaceholderText(tr("e.g. 25k"))
        self.period.setPlaceholderText(tr("e.g. Jan-Apr 27"))
        self.when.setPlaceholderText(tr("e.g. mon 9:00 or +2w"))
        self.recommender.setPlaceholderText(tr("Company or person"))
        self.currency.setFixedWidth(px(92))
        self.offer_stages(None)
        self.offer_people(None)

    def amount_row(self) -> QWidget:
        """Amount and currency side by side; the amount is what a label above names."""
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self._context.theme.px(6))
        box.addWidget(self.amount, 1)
        box.addWidget(self.currency)
        label_unseen(self.currency, tr("Currency"))
        return row

    def offer_stages(self, current: int | None) -> None:
        """The stages that take leads, and the one the lead is in."""
        stages = [s for s in self._context.office.stages.all() if not s.retired or s.id == current]
        self.stage.offer([(s.id, f"{s.name} · {self._context.formats.percent(s.probability)}") for s in stages])

    def offer_people(self, current: int | None) -> None:
        """The members of the agency, the one in charge even when he or she has left."""
        self.responsible.offer(members(self._context.office.catalogue, current))

    # Reading

    def money(self) -> Money:
        """The amount; nothing typed is nothing. Raises InvalidInput."""
        return self.amount.value() or Money(0, self.currency.currentData())

    def next_step(self) -> NextStep | None:
        """The step; None without a day. Raises InvalidInput."""
        when = self.when.required("next_step") if self.step.text().strip() else self.when.value()
        return None if when is None else NextStep(when[0], self.step.text().strip(), when[1])

    @staticmethod
    def who(edit: SomebodyEdit) -> Who | None:
        """Whom a field names; None for nobody. Raises InvalidInput."""
        meant = edit.value()
        return None if meant is None else meant.who

    def recommended_by(self) -> Recommender | None:
        """Who recommended us, which goes with a source; None for nobody. Raises InvalidInput."""
        meant = self.recommender.value() if self.source.name() else None
        return None if meant is None else Recommender.of(meant.entity, meant.who)

    def _parse_amount(self, typed: str) -> Money:
        return parse.amount(typed, self.currency.currentData(), field="amount")

    def _parse_period(self, typed: str) -> tuple[int, int]:
        return parse.months(typed, self._context.office.store.today(), field="period")

    def _parse_when(self, typed: str) -> When:
        return parse.day_and_time(typed, self._context.office.store.today(), field="next_step")

    def _show_when(self, when: When) -> str:
        day, time = when
        shown = self._context.formats.day(day)
        return shown if time is None else f"{shown} {self._context.formats.time(time)}"


_STATES = {Status.ACTIVE: STATUS_LABELS[Status.ACTIVE], Status.POTENTIAL: STATUS_LABELS[Status.POTENTIAL]}
