"""Leads that are there already: found by their external number, changed where the file says otherwise.

An empty cell says nothing: it never erases. Tags and options of own fields of which there can be several are added and
never taken away, since other programs know nothing of those given here.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, text

from app.core.calendar import day_number
from app.core.i18n import Text
from app.core.lead_rules import BEYOND_MEASURE, in_future
from app.core.money import Money
from app.core.terms import CLOSED, Status
from app.services.importing.amounts import minor_of
from app.services.importing.plan import Draft, Refused, check
from app.services.importing.stages import StageFact
from app.services.lead_fields import NEEDS_SOURCE
from app.services.own_fields import OwnField
from app.services.own_values import OwnValue, columns_of
from app.services.stage_gates import names_of

#: Fields of the file that are columns of the lead. What follows from several fields is below.
_SIMPLE = ("title", "info", "remark", "budget")
#: Fields that name an entry of a list, and the column with its id.
_NAMED = {"company": "company_id", "person": "person_id", "responsible": "user_id", "source": "source_id"}
#: Who recommended us is the one or the other: where one is named the other is no longer.
_RECOMMENDED = {"recommender_company": "recommender_company_id", "recommender_person": "recommender_person_id"}


@dataclass(frozen=True)
class Existing:
    """A lead of the store: its columns, its tags, the text of its notes, and its next open step."""

    id: int
    row: Mapping[str, Any]
    tag_ids: frozenset[int]
    notes: frozenset[str]
    step: Mapping[str, Any] | None
    own: Mapping[int, Sequence[Mapping[str, Any]]]  # the rows of own values by field


@dataclass(frozen=True)
class Change:
    """What a row changes of a lead: columns, tags and a note to add, whether a step is set, a stage that is entered."""

    lead: Existing
    draft: Draft
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    tag_ids: tuple[int, ...] = ()
    note: str | None = None
    step: bool = False
    entered: StageFact | None = None
    own: tuple[tuple[OwnField, OwnValue, Mapping[str, Any] | None], ...] = ()  # and the row that has another value

    @property
    def nothing(self) -> bool:
        """The row says what the store has."""
        return not (self.after or self.tag_ids or self.note or self.step or self.own)

    @property
    def status(self) -> str:
        """The state of the lead after the change."""
        return str(self.after.get("status", self.lead.row["status"]))


def lacking(draft: Draft, stage: StageFact, row: Mapping[str, Any]) -> list[str]:
    """What a stage asks for and neither the draft nor the row of the lead has."""
    present = {
        "company": draft.given.get("company") or row.get("company_id"),
        "person": draft.given.get("person") or row.get("person_id"),
        "responsible": draft.given.get("responsible") or row.get("user_id"),
        "volume": draft.amount_minor or row.get("amount_minor"),
        "period": draft.period_first is not None or row.get("period_first") is not None,
        "source": draft.given.get("source") or row.get("source_id"),
        "next_step": draft.given.get("next_step_on") or row.get("next_step_id"),
    }
    return [name for name in stage.required if name in present and not present[name]]


def check_recommender(draft: Draft, row: Mapping[str, Any]) -> None:
    """Raises Refused for a recommender of a lead that has no source."""
    told = next((name for name in _RECOMMENDED if draft.given.get(name)), None)
    if told is not None and not (draft.given.get("source") or row.get("source_id")):
        raise Refused(told, NEEDS_SOURCE)


def check_entry(draft: Draft, stage: StageFact, row: Mapping[str, Any]) -> None:
    """Raises Refused if a lead may not enter a stage."""
    if stage.retired:
        raise Refused("stage", Text("“{stage}” takes no new leads.", stage=stage.name))
    missing = lacking(draft, stage, row) if stage.required else []
    done = json.loads(row.get("checks", "[]")) if stage.checklist else ()
    points = [words for number, words in stage.checklist if number not in done]
    if missing or points:
        wanted = names_of(missing, points)
        raise Refused("stage", Text("“{stage}” asks for: {fields}.", stage=stage.name, fields=wanted))


class Matcher:
    """Finds existing leads by external number.

    In a file that export wrote two leads may have the same number, for a person may give it twice: the second row is
    the second lead. In another file it is taken for a mistake and refused.
    """

    def __init__(
        self, connection: Connection, stages: Mapping[int, StageFact], today: date, *, twice: bool = False,
        own: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._connection = connection
        self._stages = stages
        self._today = day_number(today)
        self._any = connection.execute(text(_ANY)).first() is not None
        self._twice = twice
        self._own = bool(own)
        self._taken: Counter[str] = Counter()

    def existing(self, drafts: Sequence[Draft]) -> dict[str, list[Existing]]:
        """The leads with the external numbers of some drafts, the oldest first."""
        numbers = [draft.external_number for draft in drafts if draft.external_number]
        if not numbers or not self._any:
            return {}
        wanted = {"numbers": json.dumps(numbers)}
        found: dict[str, list[Existing]] = {}
        for row in self._connection.execute(text(_LEADS), wanted).mappings():
            tags = frozenset(json.loads(row["tag_ids"]))
            notes = frozenset(json.loads(row["notes"]))
            step = json.loads(row["step"]) if row["step"] else None
            existing = Existing(row["id"], dict(row), tags, notes, step, {})
            found.setdefault(row["external_number"], []).append(existing)
        return self._with_own(found) if self._own else found

    def _with_own(self, found: dict[str, list[Existing]]) -> dict[str, list[Existing]]:
        ids = json.dumps([lead.id for leads in found.values() for lead in leads])
        rows: dict[int, dict[int, list[Mapping[str, Any]]]] = {}
        for row in self._connection.execute(text(_OWN), {"ids": ids}).mappings():
            rows.setdefault(row["lead_id"], {}).setdefault(row["field_id"], []).append(dict(row))
        return {number: [replace(lead, own=rows.get(lead.id, {})) for lead in leads] for number, leads in found.items()}

    def match(self, draft: Draft, existing: Mapping[str, Sequence[Existing]]) -> Existing | None:
        """The lead that a row means, if there is one. Raises Refused if an earlier row that was taken is it already."""
        number = draft.external_number
        if number is None:
            return None
        before = self._taken[number]
        if before and not self._twice:
            raise Refused("external_number", Text("“{number}” stands in an earlier row already.", number=number))
        leads = existing.get(number, ())
        return leads[before] if before < len(leads) else None

    def took(self, draft: Draft) -> None:
        """Remember the external number of a row that nothing refused."""
        if draft.external_number is not None:
            self._taken[draft.external_number] += 1

    def change(self, draft: Draft, lead: Existing, fill: Callable[[Draft], None]) -> Change:
        """What a draft changes of a lead. Raises Refused if the lead would make no sense then.

        `fill` gives the draft the ids of what it names, and makes what is new: no refused row may get there.
        """
        row = lead.row
        after = self._columns(draft, row)
        entered = self._stage(draft, row, after)
        _own_probability(draft, row, after, self._stages)
        _check_new_days(row, after, self._today)
        check(SimpleNamespace(**{**row, **after}))
        if entered is not None:
            check_entry(draft, entered, row)
        check_recommender(draft, row)
        fill(draft)
        after |= _named(draft, after.get("status", row["status"]))
        after = {name: value for name, value in after.items() if row[name] != value}
        before = {name: row[name] for name in after}
        note = draft.given.get("note")
        return Change(
            lead, draft, before, after,
            tag_ids=tuple(tag for tag in draft.tag_ids if tag not in lead.tag_ids),
            note=note if note and note not in lead.notes else None,
            step=_step_differs(draft, lead),
            entered=entered,
            own=tuple(_own_differs(draft, lead)),
        )  # fmt: skip

    def _columns(self, draft: Draft, row: Mapping[str, Any]) -> dict[str, Any]:
        given = draft.given
        after: dict[str, Any] = {name: given[name] for name in _SIMPLE if given.get(name)}
        if given.get("amount"):
            after |= _amount(draft, row)
        elif given.get("currency"):
            after |= _other_currency(row, given["currency"])
        if draft.period_first is not None:
            after |= {"period_first": draft.period_first, "period_last": draft.period_last}
        if given.get("status") or given.get("stage"):
            after["status"] = str(draft.status)
        self._end(draft, row, after)
        return after

    def _end(self, draft: Draft, row: Mapping[str, Any], after: dict[str, Any]) -> None:
        """The days of activation and closing; a lead that is opened again loses what closed it."""
        given, status = draft.given, after.get("status", row["status"])
        if given.get("activated_on") and status != Status.POTENTIAL:
            day = given["activated_on"].day if draft.status == Status.POTENTIAL else draft.activated_on
            after |= {} if day is None else {"activated_on": day}
        if status not in CLOSED:
            after |= {"closed_on": None, "reason_id": None, "remark": ""} if row["status"] in CLOSED else {}
            return
        if given.get("closed_on"):
            after["closed_on"] = given["closed_on"].day

    def _stage(self, draft: Draft, row: Mapping[str, Any], after: dict[str, Any]) -> StageFact | None:
        """Set the stage; returns the one that is entered, if any."""
        status = after.get("status", row["status"])
        if status == Status.POTENTIAL:
            after |= {"stage_id": None, "activated_on": None}
            return None
        named = draft.given.get("stage").__class__ is StageFact
        if status == Status.ACTIVE and row["activated_on"] is None and "activated_on" not in after:
            after["activated_on"] = draft.activated_on
        if not named and (row["stage_id"] is not None or status != Status.ACTIVE):
            return None
        if draft.place is None or draft.place.id == row["stage_id"]:
            return None
        after["stage_id"] = draft.place.id
        return draft.place if status == Status.ACTIVE else None


def _amount(draft: Draft, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an amount; where the file names no currency it is in that of the lead."""
    amount = draft.given["amount"]
    if draft.given.get("currency") or amount.currency:
        return {"amount_minor": draft.amount_minor, "currency": draft.currency}
    minor = minor_of(amount.figure, row["currency"])
    if minor is None:
        raise Refused("amount", BEYOND_MEASURE)
    return {"amount_minor": minor, "currency": row["currency"]}


def _other_currency(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The columns of an amount of which the file only says the currency: its figure stays what it is."""
    minor = minor_of(Money(row["amount_minor"], row["currency"]).decimal, currency)
    if minor is None:
        raise Refused("currency", BEYOND_MEASURE)
    return {"amount_minor": minor, "currency": currency}


def _named(draft: Draft, status: str) -> dict[str, Any]:
    """The columns of what a draft names, once it is filled; only a closed lead has a reason."""
    names = {**_NAMED, "reason": "reason_id"} if status in CLOSED else _NAMED
    after = {column: getattr(draft, column) for name, column in names.items() if draft.given.get(name)}
    if any(draft.given.get(name) for name in _RECOMMENDED):
        after |= {column: getattr(draft, column) for column in _RECOMMENDED.values()}
    return after


def _own_probability(
    draft: Draft, row: Mapping[str, Any], after: dict[str, Any], stages: Mapping[int, StageFact]
) -> None:
    """The stage of the file may differ from the one the draft was measured by, where the file names none."""
    halves = draft.given.get("probability")
    if halves is None or draft.given.get("stage").__class__ is Status:
        return
    stage = stages.get(after.get("stage_id", row["stage_id"]) or 0)
    of_state = {Status.WON: 200, Status.LOST: 0, Status.DROPPED: 0}.get(after.get("status", row["status"]))
    if halves != of_state:
        after["probability"] = None if stage is not None and stage.halves == halves else halves


def _check_new_days(row: Mapping[str, Any], after: Mapping[str, Any], today: int) -> None:
    """Days that the store has already are not looked at: it may have been written on a later day than today."""
    for name in ("activated_on", "closed_on"):
        day = after.get(name)
        if day is not None and day != row[name] and (reason := in_future(name, day, today)) is not None:
            raise Refused(name, reason)


def _step_differs(draft: Draft, lead: Existing) -> bool:
    due = draft.given.get("next_step_on")
    if due is None:
        return False
    words = draft.given.get("next_step")
    step = lead.step
    return (
        step is None
        or (due.day, due.minute) != (step["due_on"], step["local_time"])
        or (words is not None and words != step["text"])
    )


def _own_differs(draft: Draft, lead: Existing) -> Iterator[tuple[OwnField, OwnValue, Mapping[str, Any] | None]]:
    """The own values of a row that the lead has not, each with the row of its field that has another one."""
    for field, value in draft.own_values:
        there = lead.own.get(field.id, ())
        if isinstance(value, tuple):
            missing = tuple(option for option in value if option not in {row["option_id"] for row in there})
            if missing:
                yield field, missing, None
        elif not there:
            yield field, value, None
        elif any(there[0][name] != wanted for name, wanted in columns_of(field, value)[0].items()):
            yield field, value, there[0]


_OWN = "SELECT * FROM field_value WHERE lead_id IN (SELECT value FROM json_each(:ids)) ORDER BY id"
_ANY = "SELECT 1 FROM lead WHERE external_number IS NOT NULL AND deleted_at IS NULL LIMIT 1"
_LEADS = """
SELECT lead.id, title, status, stage_id, company_id, person_id, user_id, source_id, reason_id, amount_minor, currency,
  budget, probability, period_first, period_last, info, external_number, activated_on, closed_on, remark, next_step_id,
  recommender_company_id, recommender_person_id,
  (SELECT json_group_array(tag_id) FROM lead_tag WHERE lead_id = lead.id) AS tag_ids,
  (SELECT json_group_array(text) FROM note WHERE lead_id = lead.id AND note.deleted_at IS NULL) AS notes,
  (SELECT json_group_array(check_id) FROM lead_check WHERE lead_id = lead.id) AS checks,
  (SELECT json_object('id', step.id, 'due_on', due_on, 'local_time', local_time, 'zone', zone, 'text', text)
   FROM step WHERE step.id = next_step_id) AS step
FROM lead WHERE lead.deleted_at IS NULL AND external_number IN (SELECT value FROM json_each(:numbers)) ORDER BY lead.id
"""
