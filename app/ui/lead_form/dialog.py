"""*Neuer Lead* and *Lead bearbeiten*: one form."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QWidget

from app.core.changes import ChangeSet
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text, tr
from app.core.lead_rules import MONTHLY_NEEDS_PERIOD
from app.core.roles import Act
from app.core.terms import Budget, Entity, Status
from app.services.lead_fields import LABELS, LeadFields, titled
from app.services.somebody import Meant
from app.services.twins.facts import Facts, Kind
from app.ui.duplicates.hint import DuplicateHint
from app.ui.forms.field import Field
from app.ui.forms.somebody import SomebodyEdit
from app.ui.lead_form.controls import Controls
from app.ui.lead_form.record import LeadRecord, changed_fields, read_lead
from app.ui.lead_form.start import Start
from app.ui.own.controls import OwnControls
from app.ui.saved_form import SavedForm, Work

if TYPE_CHECKING:
    from app.ui.context import Context


class LeadForm(SavedForm):
    """Accepted once the lead is saved; `lead_id` is then its id."""

    words = LABELS

    def __init__(
        self,
        context: "Context",
        record: LeadRecord | None = None,
        parent: QWidget | None = None,
        *,
        status: Status = Status.ACTIVE,
        start: Start | None = None,
    ) -> None:
        """Without a `record` the form is for a new lead, which begins with `status` and `start`."""
        title = tr("New lead") if record is None else tr("Edit lead")
        super().__init__(context, title, parent)
        self.lead_id: int | None = record.id if record else None
        self._record = record
        self._since = record.step if record else None
        self.controls = Controls(context)
        self.own = OwnControls(context, Entity.LEAD)
        self.body.removeWidget(self.heading)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.controls.status)
        self.body.addLayout(head)
        self._hints = (self._hint("company", self.controls.company), self._hint("person", self.controls.person))
        self._lay_out()
        self._follow()
        self._show(record, status)
        if start is not None:
            self._begin_with(start)
        context.allowed.keep(Act.ASSIGN, self.controls.responsible)
        self._form["user_id"].hint(context.allowed.why_not(Act.ASSIGN))
        self._begin()
        self.remember_size(context.settings, "lead", 660, 760)
        self.controls.title.setFocus()

    # Building

    def _lay_out(self) -> None:
        c = self.controls
        self._rows.addWidget(self._field("title", c.title))
        self._pair(self._field("company", c.company), self._field("person", c.person))
        self._rows.addWidget(self._field("people", c.people))
        self._pair(self._amount(), self._field("budget", c.budget))
        self._category = self._field("category", c.category, tip=tr("Automatic: that of the stage."))
        self._pair(self._field("period", c.period), self._category)
        self._stage = self._field("stage", c.stage, label=tr("Stage"))
        self._own = self._field("probability", c.probability, tip=tr("Empty: that of the stage."))
        self._pair(self._stage, self._own)
        self._pair(self._field("next_step", c.when), self._field("step", c.step, label=tr("What is to be done")))
        self._pair(self._field("user_id", c.responsible, "responsible"), self._field("source", c.source))
        self._recommender = self._field("recommender", c.recommender)
        self._rows.addWidget(self._recommender)
        self._rows.addWidget(self._field("tags", c.tags))
        self._rows.addWidget(self._field("info", c.info))
        self._lay_out_own(self.own)
        self._close_off(tr("Create lead") if self._record is None else tr("Save"), *self._hints)

    def _amount(self) -> Field:
        field = self._field("amount", self.controls.amount_row(), "volume")
        field.control.setFocusProxy(self.controls.amount)
        self.controls.amount.setAccessibleName(field.label)
        return field

    def _follow(self) -> None:
        c = self.controls
        c.company.follow(self._form["company"])
        c.person.follow(self._form["person"])
        c.source.follow(self._form["source"])
        c.source.currentTextChanged.connect(lambda _name: self._on_source())
        c.recommender.follow(self._recommender)
        for name, edit in (
            ("amount", c.amount), ("period", c.period), ("probability", c.probability), ("next_step", c.when),
        ):  # fmt: skip
            edit.follow(self._form[name])
        c.currency.currentIndexChanged.connect(lambda _row: self._recount())
        c.status.chosen.connect(lambda _key: self._on_status())
        self._context.bridge.changed.connect(self._on_change)

    def _hint(self, kind: Kind, edit: SomebodyEdit) -> DuplicateHint:
        """Says of a new name who may be meant by it. That somebody is of another company than one that is not known yet
        says nothing: people change their work.
        """
        c = self.controls

        def facts() -> Facts | None:
            known = kind == "person" and c.company.name() and not c.company.is_new()
            companies = (c.company.name(),) if known else ()
            return Facts(kind, edit.name(), companies=companies) if edit.is_new() else None

        hint = DuplicateHint(self._context, facts, can_open=False)
        entity = Entity(kind)
        hint.taken.connect(lambda id_, name: edit.set_value(Meant(entity, id_, name)))
        edit.textChanged.connect(lambda _text: hint.ask())
        return hint

    def _on_change(self, change: ChangeSet) -> None:
        """Lists changed elsewhere: offer what there is now, and say so when what was chosen is gone."""
        c, record = self.controls, self._record
        if change.concerns("stage"):
            c.offer_stages(record.stage_id if record else None)
            if c.stage.currentIndex() < 0:
                self._form["stage"].refuse(_stage_gone())
        if change.concerns("member"):
            c.offer_people(record.user_id if record else None)

    def _recount(self) -> None:
        """Another currency: the figure stays what it is, in the new currency."""
        amount = self.controls.amount
        text = amount.text()
        self._form["amount"].hint("")
        amount.set_value(None)
        amount.setText(_figure(text))

    def _on_status(self) -> None:
        self._stage.setVisible(self._active)  # ideas are not weighted
        self._own.setVisible(self._active)
        self._category.setVisible(self._active)

    def _on_source(self) -> None:
        """Who recommended us goes with a source."""
        self._recommender.setVisible(bool(self.controls.source.name()))

    # Filling and reading

    def _show(self, record: LeadRecord | None, status: Status) -> None:
        c = self.controls
        store = self._context.office.store
        if record is None:
            c.status.choose(status)
            c.currency.choose(store.facts.base_currency)
            c.responsible.choose_offered(store.actor_id)
        else:
            self._show_record(record)
        self._on_status()
        self._on_source()

    def _begin_with(self, start: Start) -> None:
        """Put in what the place says where the lead is made."""
        c = self.controls
        if start.stage_id is not None:
            c.stage.choose(start.stage_id)
        if start.user_id is not None and self._context.allowed.may(Act.ASSIGN):
            c.responsible.choose(start.user_id)
        if start.month is not None:
            c.period.set_value((start.month, start.month))
        if start.source:
            c.source.setCurrentText(start.source)
        if start.title:
            c.title.setText(start.title)
        c.company.set_value(start.company)
        c.person.set_value(start.person)

    def _show_record(self, record: LeadRecord) -> None:
        c = self.controls
        c.title.setText(record.title)
        c.company.set_value(record.at)
        c.person.set_value(record.contact)
        c.people.set_values(record.named)
        c.currency.choose(record.amount.currency)
        c.amount.set_value(record.amount if record.amount.minor else None)
        c.budget.choose(record.budget)
        c.period.set_value(record.period)
        c.probability.set_value(record.probability)
        c.category.choose(record.category)
        c.offer_stages(record.stage_id)
        if record.stage_id is not None:
            c.stage.choose(record.stage_id)
        c.offer_people(record.user_id)
        c.responsible.choose(record.user_id)
        c.source.setCurrentText(record.source)
        c.recommender.set_value(record.recommended)
        c.tags.set_names(record.tags)
        c.info.setPlainText(record.info)
        self.own.show(record.own)
        if record.next_step is not None:
            c.when.set_value((record.next_step.on, record.next_step.time))
            c.step.setText(record.next_step.text)
        c.status.choose(Status.ACTIVE if record.status == Status.ACTIVE else Status.POTENTIAL)
        c.status.hide()  # states are changed by their own commands, which say what they do
        closed = record.status not in (Status.ACTIVE, Status.POTENTIAL)
        for control in (c.when, c.step):
            control.setEnabled(not closed)

    def _readers(self) -> dict[str, Callable[[], Any]]:
        c = self.controls
        readers: dict[str, Callable[[], Any]] = {
            "title": lambda: titled(c.title.text()), "company": lambda: c.who(c.company),
            "person": lambda: c.who(c.person),
            "people": lambda: tuple(c.people.in_roles("people")),
            "amount": c.money, "budget": lambda: Budget(c.budget.choice), "period": self._period,
            "probability": c.probability.value, "user_id": c.responsible.currentData, "source": c.source.name,
            "recommender": c.recommended_by, "tags": c.tags.names, "info": c.info.toPlainText, "next_step": c.next_step,
        }  # fmt: skip
        active = {"stage_id": self._chosen_stage, "category": c.category.currentData}
        return {**readers, **(active if self._active else {}), **self.own.readers()}

    @property
    def _active(self) -> bool:
        return self.controls.status.choice == Status.ACTIVE

    def _period(self) -> tuple[int, int] | None:
        """The months; an active lead with a monthly budget needs them, which is said together with all the rest."""
        months = self.controls.period.value()
        if months is None and self._active and self.controls.budget.choice == Budget.MONTHLY:
            raise InvalidInput(MONTHLY_NEEDS_PERIOD, field="period")
        return months

    def _chosen_stage(self) -> int:
        if self.controls.stage.currentIndex() < 0:
            raise _stage_gone()
        stage_id: int = self.controls.stage.currentData()
        return stage_id

    def _typed(self) -> tuple[object, ...]:
        c = self.controls
        lines = [widget.text() for widget in self._contents.findChildren(QLineEdit)]
        choices = (
            c.currency.currentData(),
            c.budget.choice,
            c.status.choice,
            c.stage.currentData(),
            c.category.currentData(),
        )
        return (
            *lines,
            *choices,
            c.responsible.currentData(),
            tuple(c.tags.names()),
            c.info.toPlainText(),
            self.own.typed(),
        )

    # Saving

    def _writing(self, read: dict[str, Any]) -> Work:
        read["own"] = self.own.taken(read)
        status, fields, since = Status(self.controls.status.choice), cast(LeadFields, read), self._since
        return lambda _progress: self._write(status, fields, since)

    def _write(self, status: Status, fields: LeadFields, since: int | None) -> None:
        leads = self._context.office.leads
        if self._record is None:
            fields["own"] = {id_: value for id_, value in fields.get("own", {}).items() if value is not None}
            self.lead_id = leads.create(status, **fields)
            return
        changed = changed_fields(self._record, fields)
        if changed:
            seen = {"tags": self._record.tags, "people": self._record.people}
            leads.edit_seen(self._record.id, seen, changed, since)


def new_lead(
    context: "Context",
    parent: QWidget | None = None,
    status: Status = Status.ACTIVE,
    *,
    start: Start | None = None,
) -> int | None:
    """Ask for a new lead, which begins with `start`; returns its id, or None when the form was left."""
    form = LeadForm(context, None, parent, status=status, start=start)
    return form.lead_id if form.exec() == QDialog.DialogCode.Accepted else None


def edit_lead(context: "Context", lead_id: int, parent: QWidget | None = None) -> bool:
    """Edit a lead; whether it was saved. Raises NotFound."""
    form = LeadForm(context, read_lead(context, lead_id), parent)
    return form.exec() == QDialog.DialogCode.Accepted


def _stage_gone() -> NotFound:
    return NotFound(Text("This stage has been deleted in the meantime."), Text("Choose another one."), field="stage")


def _figure(text: str) -> str:
    """The figure of an amount without the name of its currency."""
    kept = "".join(character for character in text if character.isdecimal() or character in ".,'k \u00a0\u202f")
    return kept.strip(" \u00a0\u202f")
