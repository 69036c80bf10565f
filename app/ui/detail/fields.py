"""The fields of a lead in the detail panel: label, value, and an editor in the value's place."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import parse
from app.core.i18n import N_, Text, tr
from app.core.roles import Act
from app.core.terms import BUDGET_LABELS, CATEGORY_LABELS, CLOSED, Entity, Status
from app.services.lead_fields import Recommender
from app.services.somebody import BOTH, Meant
from app.ui.crossed import Seen
from app.ui.forms.in_place import InPlace, WordsInPlace, choices, leave, save
from app.ui.forms.names import NameEdit
from app.ui.forms.somebody import SomebodyEdit
from app.ui.own.rows import OwnRows, Save
from app.ui.widgets.field_row import FieldGrid

if TYPE_CHECKING:
    from app.services.lead_detail import LeadDetail
    from app.services.lead_fields import LeadFields
    from app.ui.context import Context

_STEP = "next_step"
_LABELS = (
    ("amount", N_("Volume")),
    ("probability", N_("Probability")),
    ("category", N_("Forecast category")),
    ("period", N_("Service period")),
    (_STEP, N_("Next step")),
    ("user_id", N_("Responsible")),
    ("company", N_("Company")),
    ("person", N_("Contact")),
    ("source", N_("Source")),
    ("recommender", N_("Recommended by")),
    ("tags", N_("Tags")),
    ("external_number", N_("External number")),
    ("closed_on", N_("Closed on")),
    ("reason", N_("Reason")),
    ("remark", N_("Remark")),
    ("info", N_("Info")),
)
#: Lines that a value may take: what is to be done is read, not guessed, with large text too.
_LINES = 3
#: The next step says when, what, and how it comes again.
_STEP_LINES = 6
_OF_OPEN = (_STEP, "category")
_OF_CLOSED = ("closed_on", "reason", "remark")
#: Values that name somebody, with how the button that leads there is called, and its icon.
_LINKS = {
    "company": N_("Open the company"), "person": N_("Open the contact"), "recommender": N_("Open who recommended us"),
}  # fmt: skip
_ICONS = {Entity.COMPANY: "building", Entity.PERSON: "user"}


class DetailFields(QWidget):
    """What is known of a lead, one line each. Every edit is one step of the user; `stepAsked` asks for a next step.

    `recordAsked(entity, id)` asks for a company or person that a value names.
    """

    stepAsked = Signal()
    recordAsked = Signal(object, int)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._wording = context.wording
        self._formats = context.formats
        self._detail: LeadDetail | None = None
        self._seen = Seen(context)
        self._tagged: tuple[str, ...] = ()
        self._grid = FieldGrid(context.theme)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._grid)
        leads = context.office.leads
        save: Save = lambda lead, own, since: leads.edit_seen(lead, {}, {"own": own}, since)  # noqa: E731
        self.own = OwnRows(context, Entity.LEAD, save)
        box.addWidget(self.own)
        self._values = {}
        self._editors: dict[str, Callable[[LeadDetail], QWidget]] = {
            "amount": self._amount, "probability": self._probability, "period": self._period,
            "company": self._company, "person": self._person,
            "source": partial(self._name, "source"), "recommender": self._recommender,
            "reason": partial(self._name, "reason"), "tags": self._tags,
            "user_id": self._user, "category": self._category, "external_number": self._number,
            "closed_on": self._closed_on, "info": partial(self._words, "info"),
            "remark": partial(self._words, "remark"),
        }  # fmt: skip
        for key, label in _LABELS:
            lines = _STEP_LINES if key == _STEP else _LINES
            link = ("user", tr(_LINKS[key])) if key in _LINKS else None
            self._values[key] = self._grid.add(key, tr(label), lines=lines, link=link)
            self._values[key].editRequested.connect(partial(self._edit, key))
        self._grid.linkPressed.connect(self._open)
        context.allowed.changed.connect(self._permit)
        self._permit()

    def show_lead(self, detail: "LeadDetail") -> None:
        """The values of this lead; an open editor of another one is closed."""
        same = self._detail is not None and self._detail.row.id == detail.row.id
        self._detail = detail
        closed = detail.row.status in CLOSED
        for key, value in self._values.items():
            if not same:
                value.stop_editing()
            shown = closed if key in _OF_CLOSED else not (closed and key in _OF_OPEN)
            if key == "recommender":  # which goes with a source
                shown = detail.row.source_id is not None or detail.recommender is not None
            self._grid.set_row_visible(key, shown)
            if key in _LINKS:
                named = _named(key, detail)
                self._grid.set_link_visible(key, shown and named is not None)
                if named is not None:
                    self._grid.set_link_icon(key, _ICONS[named[0]])
            words, note, tone = self._shown(key, detail)
            value.show_value(words, note=note, tone=tone, strong=key == "amount")
        self.own.show_record(detail.row.id, detail.row.own, detail.step)

    def _permit(self) -> None:
        for key, value in self._values.items():
            value.restrict(self._context.allowed.why_not(Act.ASSIGN if key == "user_id" else Act.CHANGE))

    def leave(self) -> None:
        """Another lead is about to be shown: what was typed is taken over, or it is said why it is not."""
        for key, label in _LABELS:
            leave(self._values[key], Text(label), self._context.do)
        self.own.leave()

    def focus_first(self) -> None:
        """The keyboard to the first value."""
        self._values[_LABELS[0][0]].button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _shown(self, key: str, detail: "LeadDetail") -> tuple[str, str, str]:
        """Value, explanation and tone of a field."""
        row = detail.row
        if key == _STEP:
            return self._shown_step(detail)
        if key == "probability":
            return *self._shown_probability(detail), ""
        if key == "amount":
            return *self._shown_amount(detail), ""
        if key == "category":
            return *self._shown_category(detail), ""
        if key == "closed_on":
            return self._wording.day(row.closed_on), self._wording.outcome(row), ""
        recommender = detail.recommender.name if detail.recommender else ""
        words = {
            "recommender": recommender,
            "tags": ", ".join(row.tags),
            "period": self._wording.period(row),
            "user_id": row.user,
        }
        note = self._wording.away(row.user_id) if key == "user_id" else ""
        return words[key] or "" if key in words else getattr(row, key) or "", note, ""

    def _shown_amount(self, detail: "LeadDetail") -> tuple[str, str]:
        row = detail.row
        if not row.amount.minor and row.status == Status.POTENTIAL:  # nobody has thought of it yet
            return "", ""
        return self._formats.money(row.amount), tr(BUDGET_LABELS[row.budget])

    def _shown_probability(self, detail: "LeadDetail") -> tuple[str, str]:
        row = detail.row
        if row.probability is None:
            return "", ""
        note = tr("(own)") if row.own_probability else tr("(stage)") if row.status == Status.ACTIVE else ""
        if row.status in CLOSED:  # then it follows from the outcome
            note = ""
        weighted = f" → {self._wording.base(row.weighted)}" if row.status == Status.ACTIVE else ""
        return self._formats.percent(row.probability) + weighted, note

    def _shown_category(self, detail: "LeadDetail") -> tuple[str, str]:
        row = detail.row
        note = tr("(by hand)") if row.own_category else tr("(stage)") if row.status == Status.ACTIVE else ""
        return self._wording.category(row), note if row.category else ""

    def _shown_step(self, detail: "LeadDetail") -> tuple[str, str, str]:
        row = detail.row
        if row.next_step_on is None:
            return "", "", ""
        tone = self._wording.step_tone(row)
        again = detail.open_steps[0].again if detail.open_steps else None
        parts = (self._wording.step(row), row.next_step_text, f"↻ {again}" if again else "")
        return " · ".join(part for part in parts if part), "", str(tone) if tone else ""

    def _open(self, key: str) -> None:
        named = None if self._detail is None else _named(key, self._detail)
        if named is not None:
            self.recordAsked.emit(*named)

    # Editing

    def _edit(self, key: str) -> None:
        if self._detail is None:
            return
        if key == _STEP:
            self.stepAsked.emit()
            return
        self._seen.begin(key, self._detail.step)
        self._tagged = self._detail.row.tags
        self._values[key].edit_with(self._editors[key](self._detail))

    def _save(self, key: str, value: Any) -> None:
        assert self._detail is not None
        lead, leads, fields = self._detail.row.id, self._context.office.leads, cast("LeadFields", {key: value})
        seen = {key: self._tagged} if key == "tags" else {}  # what others did to them stays
        verb = self._seen.saving(key, lambda since: leads.edit_seen(lead, seen, fields, since))
        save(self._context.jobs, self._values[key], verb, self._context.do)

    def _loose(
        self, key: str, value: Any, read: Callable[[str], Any], show: Callable[[Any], str], hint: str = ""
    ) -> InPlace:
        label = tr(dict(_LABELS)[key])
        editor = InPlace(label, read, show, hint=hint)
        editor.accepted.connect(partial(self._save, key))
        return self._opened(key, editor, value)

    def _amount(self, detail: "LeadDetail") -> QWidget:
        amount = detail.row.amount
        return self._loose(
            "amount", amount, lambda typed: parse.amount(typed, amount.currency, field="amount"), self._formats.money,
            "25k",
        )  # fmt: skip

    def _probability(self, detail: "LeadDetail") -> QWidget:
        own = detail.row.probability if detail.row.own_probability else None
        show = self._formats.percent
        return self._loose("probability", own, lambda typed: parse.percent(typed, field="probability"), show,
                           tr("as the stage"))  # fmt: skip

    def _period(self, detail: "LeadDetail") -> QWidget:
        row = detail.row
        period = None
        if row.period_first is not None and row.period_last is not None:
            period = (row.period_first, row.period_last)
        read: Callable[[str], Any] = lambda typed: parse.months(typed, self._today(), field="period")  # noqa: E731
        return self._loose("period", period, read, lambda value: self._formats.period(*value), tr("Jan–Apr 27"))

    def _closed_on(self, detail: "LeadDetail") -> QWidget:
        read: Callable[[str], Any] = lambda typed: parse.day(typed, self._today(), field="closed_on")  # noqa: E731
        return self._loose("closed_on", detail.row.closed_on, read, self._formats.day)

    def _today(self) -> date:
        """The day at the moment of typing, whatever day is still shown."""
        return self._context.office.store.today()

    def _number(self, detail: "LeadDetail") -> QWidget:
        return self._loose("external_number", detail.row.external_number, str, str)

    def _tags(self, detail: "LeadDetail") -> QWidget:
        def read(typed: str) -> tuple[str, ...]:
            return tuple(part.strip() for part in typed.replace(";", ",").split(",") if part.strip())

        return self._loose("tags", tuple(detail.row.tags), read, ", ".join, tr("Web, Recommendation"))

    def _name(self, key: Literal["source", "reason"], detail: "LeadDetail") -> QWidget:
        catalogue = self._context.office.catalogue

        def find(typed: str) -> list[str]:
            entries = catalogue.reasons(Status(detail.row.status)) if key == "reason" else catalogue.all("source")
            return [entry.name for entry in entries if typed.casefold() in entry.name.casefold()]

        editor = NameEdit(find)
        editor.setAccessibleName(tr(dict(_LABELS)[key]))
        before = getattr(detail.row, key) or ""
        editor.setText(before)
        editor.selectAll()

        def done() -> None:
            if editor.name() != before:
                self._save(key, editor.name() or None)
            else:
                self._values[key].stop_editing()

        editor.editingFinished.connect(done)
        return editor

    def _company(self, detail: "LeadDetail") -> QWidget:
        row = detail.row
        before = None if row.company_id is None else Meant(Entity.COMPANY, row.company_id, row.company or "")
        return self._somebody("company", (Entity.COMPANY,), before, lambda meant: meant.who)

    def _person(self, detail: "LeadDetail") -> QWidget:
        row = detail.row
        before = None if row.person_id is None else Meant(Entity.PERSON, row.person_id, row.person or "")
        return self._somebody("person", (Entity.PERSON,), before, lambda meant: meant.who)

    def _recommender(self, detail: "LeadDetail") -> QWidget:
        found = detail.recommender
        before = None if found is None else Meant(found.entity, found.id, found.name)
        return self._somebody("recommender", BOTH, before, lambda meant: Recommender.of(meant.entity, meant.who),
                              tr("Company or person"))  # fmt: skip

    def _somebody(
        self, key: str, kinds: Sequence[Entity], before: Meant | None, value: Callable[[Meant], Any], hint: str = ""
    ) -> InPlace:
        """An editor for whom a field names; `value` is what the verb takes."""
        edit = SomebodyEdit(self._context.office.somebodies, kinds, key)
        editor = InPlace(tr(dict(_LABELS)[key]), hint=hint, edit=edit)
        editor.accepted.connect(lambda meant: self._save(key, None if meant is None else value(meant)))
        return self._opened(key, editor, before)

    def _opened(self, key: str, editor: InPlace, value: Any) -> InPlace:
        """The editor with its value, all of it chosen: typing replaces it."""
        editor.set_value(value)
        editor.edit.selectAll()
        editor.left.connect(self._values[key].stop_editing)
        editor.cancelled.connect(self._values[key].stop_editing)
        return editor

    def _user(self, detail: "LeadDetail") -> QWidget:
        box = choices(tr("Responsible"))
        box.addItem(tr("nobody"), None)
        for entry in self._context.office.catalogue.all("member"):
            box.addItem(entry.name, entry.id)
        box.setCurrentIndex(max(0, box.findData(detail.row.user_id)))
        box.activated.connect(lambda _index: self._save("user_id", box.currentData()))
        return box

    def _category(self, detail: "LeadDetail") -> QWidget:
        row = detail.row
        box = choices(tr("Forecast category"))
        box.addItem(tr("automatic, as the stage"), None)
        for category, label in CATEGORY_LABELS.items():
            box.addItem(tr(label), category)
        box.setCurrentIndex(box.findData(row.category) if row.own_category else 0)
        box.activated.connect(lambda _index: self._save("category", box.currentData()))
        return box

    def _words(self, key: Literal["info", "remark"], detail: "LeadDetail") -> QWidget:
        before = getattr(detail.row, key)
        editor = WordsInPlace(before)
        editor.setAccessibleName(tr(dict(_LABELS)[key]))
        editor.setFixedHeight(self._context.theme.px(96))
        editor.left.connect(
            lambda: (
                self._save(key, editor.toPlainText())
                if editor.toPlainText() != before
                else self._values[key].stop_editing()
            )
        )
        return editor


def _named(key: str, detail: "LeadDetail") -> tuple[Entity, int] | None:
    """Whom a value names."""
    row, recommender = detail.row, detail.recommender
    if key == "recommender":
        return None if recommender is None else (recommender.entity, recommender.id)
    entity, id_ = (Entity.COMPANY, row.company_id) if key == "company" else (Entity.PERSON, row.person_id)
    return None if id_ is None or getattr(row, key) is None else (entity, id_)
