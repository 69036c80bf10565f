"""From rows to lead drafts; what makes no sense becomes a refusal with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.calendar import day_number
from app.core.i18n import Text
from app.core.lead_rules import Whole, contradiction, in_future
from app.core.terms import CERTAIN, CLOSED, Budget, Status
from app.services.importing import words
from app.services.importing.amounts import Amount, Bad, minor_of
from app.services.importing.cells import Cells, Setting
from app.services.importing.headers import Layout
from app.services.importing.result import Refusal
from app.services.importing.scan import Reading, Translate
from app.services.importing.stages import StageFact
from app.services.importing.table import Batch
from app.services.own_fields import OwnField
from app.services.own_values import OwnValue, words_of


@dataclass(slots=True)
class Draft:
    """A lead as a row describes it. `given` holds what the row says; the rest follows from it.

    The names from `company` on are filled in by `app.services.importing.catalogue`, spelled as the store spells them.
    `halves` is the probability that holds; `probability` the lead's own, None where it is the stage's.
    """

    row: int
    given: dict[str, Any]
    title: str = ""
    status: str = Status.POTENTIAL
    place: StageFact | None = None
    probability: int | None = None
    halves: int | None = None
    amount_minor: int = 0
    currency: str = ""
    budget: str = Budget.ONCE
    period_first: int | None = None
    period_last: int | None = None
    activated_on: int | None = None
    closed_on: int | None = None
    info: str = ""
    external_number: str | None = None
    stage: str | None = None
    company: str | None = None
    person: str | None = None
    member: str | None = None
    source: str | None = None
    tags: str | None = None
    people: None = None  # what no import brings yet
    own: str | None = None  # the words of own fields
    own_values: tuple[tuple[OwnField, OwnValue], ...] = ()
    company_id: int | None = None
    person_id: int | None = None
    user_id: int | None = None
    source_id: int | None = None
    reason_id: int | None = None
    recommender_company_id: int | None = None
    recommender_person_id: int | None = None
    tag_ids: tuple[int, ...] = ()


class Refused(Exception):
    """A row makes no sense: the field and the reason."""

    def __init__(self, field_name: str | None, reason: Text) -> None:
        super().__init__(reason.message)
        self.field = field_name
        self.reason = reason


def check(lead: Whole) -> None:
    """Raises Refused if the lead that a row makes or changes would make no sense."""
    if (found := contradiction(lead)) is not None:
        name, reason = found
        raise Refused("period_first" if name == "period" else name, reason)


class Planner:
    """Makes drafts of rows, given how the columns are to be read."""

    def __init__(self, layout: Layout, reading: Reading, setting: Setting, translate: Translate) -> None:
        self._layout = layout
        self._setting = setting
        self._today = day_number(setting.today)
        self._cells = Cells(layout, reading, setting, translate)

    def drafts(self, batch: Batch) -> tuple[list[Draft], list[Refusal]]:
        """The drafts of a batch, and what is refused of it. Empty rows are neither."""
        skip = self._layout.row if batch.first == 1 else 0
        rows = batch.rows[skip:]
        first = batch.first + skip
        drafts: list[Draft] = []
        refused: list[Refusal] = []
        width = len(self._layout.headers)
        for number, given in enumerate(self._cells.rows(rows), start=first):
            cells = rows[number - first]
            unreadable = self._unreadable(batch, number - batch.first)
            try:
                if unreadable is not None:
                    raise unreadable
                if len(cells) > width:
                    self._check_width(cells)
                if cells:
                    drafts.append(self._draft(number, given))
            except Refused as refusal:
                if unreadable is None and not "".join(cells).strip():
                    continue  # an empty row is no row
                header = self._layout.header_of(refusal.field) if refusal.field else None
                refused.append(Refusal(number, header, refusal.reason))
        return drafts, refused

    def _unreadable(self, batch: Batch, place: int) -> Refused | None:
        """Why a row, or a cell of it that matters, could not be read from the file."""
        if (reason := batch.broken.get(place)) is not None:
            return Refused(None, reason)
        voids = batch.voids.get(place)
        if voids is not None:
            for name, column in self._layout.fields.items():
                if column in voids:
                    return Refused(name, voids[column])
        return None

    def _check_width(self, cells: Sequence[str]) -> None:
        if any(cells[len(self._layout.headers) :]):
            raise Refused(None, Text("The row has more cells than there are columns."))

    def _draft(self, number: int, given: dict[str, Any]) -> Draft:
        if self._cells.bad:
            for name, value in given.items():
                if value.__class__ is Bad:
                    raise Refused(name, value.reason)
        draft = Draft(number, given)
        get = given.get
        draft.title = get("title") or _title(given)
        draft.info = get("info") or ""
        draft.external_number = get("external_number")
        if get("next_step") and not get("next_step_on"):  # a step needs its day, so the words become a note
            given["note"] = "\n".join(filter(None, (get("note"), get("next_step"))))
        if self._layout.own_fields:
            own = [(field, given[key]) for key, field in self._layout.own_fields.items() if given.get(key) is not None]
            draft.own_values, draft.own = tuple(own), " ".join(words for each in own for words in words_of(*each))
        self._settle(draft)
        self._value(draft)
        self._period(draft)
        self._days(draft)
        check(draft)
        if get("recommender_company") and get("recommender_person"):
            raise Refused("recommender_person", Text("Only one can have recommended us: a company or a contact."))
        self._probability(draft)
        return draft

    def _settle(self, draft: Draft) -> None:
        """Status and stage; a word such as Closed Won in the stage column is a status."""
        status, stage = draft.given.get("status"), draft.given.get("stage")
        if stage.__class__ is StageFact:
            draft.place = stage
        elif stage is not None:
            if status is not None and status != stage:
                raise Refused("stage", Text("The status and the stage contradict each other."))
            status = stage
        if status is None:
            telling = ("probability", "activated_on")
            told = draft.place is not None or any(draft.given.get(name) is not None for name in telling)
            status = Status.ACTIVE if told else Status.POTENTIAL
        draft.status = status
        if status == Status.POTENTIAL:
            draft.place = None  # an idea is in no stage
        elif status == Status.ACTIVE and draft.place is None:
            draft.place = self._setting.first
        draft.stage = draft.place.name if draft.place else None

    def _value(self, draft: Draft) -> None:
        amount: Amount | None = draft.given.get("amount")
        draft.currency = draft.given.get("currency") or (amount and amount.currency) or self._setting.base_currency
        draft.budget = draft.given.get("budget") or Budget.ONCE
        if amount is None:
            return
        if amount.currency is not None and amount.currency != draft.currency:
            raise Refused("amount", Text("This amount is not in {currency}.", currency=draft.currency))
        minor = minor_of(amount.figure, draft.currency)
        if minor is None:
            raise Refused("amount", Text("This amount is too large."))
        draft.amount_minor = minor

    def _period(self, draft: Draft) -> None:
        first, last = draft.given.get("period_first"), draft.given.get("period_last")
        if first is None and last is None:
            return
        if first is None or last is None:
            missing = "period_first" if first is None else "period_last"
            raise Refused(missing, Text("A service period needs both its first and its last month."))
        if last < first:
            raise Refused("period_last", Text("The service period ends before it begins."))
        draft.period_first, draft.period_last = first, last

    def _days(self, draft: Draft) -> None:
        """An active lead without a day is active from today on; an idea has no such day, an open lead no closing."""
        activated, closed = draft.given.get("activated_on"), draft.given.get("closed_on")
        if draft.status in CLOSED and closed is not None:
            draft.closed_on = self._past("closed_on", closed.day)
            draft.activated_on = self._activation(activated, closed.day)
        elif draft.status == Status.ACTIVE:
            draft.activated_on = self._past("activated_on", activated.day) if activated else self._today

    def _past(self, field_name: str, day: int) -> int:
        if (reason := in_future(field_name, day, self._today)) is not None:
            raise Refused(field_name, reason)
        return day

    def _activation(self, activated: Any, closed: int) -> int | None:
        if activated is None:
            return None
        if activated.day > closed and words.is_creation(self._layout.header_of("activated_on") or ""):
            return None  # recorded after it was closed: when it became active, nobody knows
        return int(activated.day)

    def _probability(self, draft: Draft) -> None:
        """Other than the stage's it is the lead's own; the 100 % of won leads and the 0 % of lost ones are neither."""
        halves: int | None = draft.given.get("probability")
        of_state = CERTAIN if draft.status == Status.WON else 0 if draft.status in CLOSED else None
        by_stage_word = draft.given.get("stage").__class__ is Status and draft.status != Status.ACTIVE
        if halves is not None and not by_stage_word and halves != of_state:
            draft.probability = None if draft.place and draft.place.halves == halves else halves
        stage = draft.place.halves if draft.place else None
        draft.halves = stage if draft.probability is None else draft.probability


def _title(given: Mapping[str, Any]) -> str:
    """What a lead without a title is called: account and product, or what is known of it."""
    known = [given[name] for name in ("company", "product") if given.get(name)]
    title = " – ".join(known) or given.get("person") or given.get("external_number")
    if not title:
        raise Refused("title", Text("The row does not say what the lead is called."))
    return str(title)
