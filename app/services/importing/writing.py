"""Writes drafts and changes in batches of plain tuples, with the columns that follow from others already computed.

What hangs on a fresh lead vanishes with it when the import is taken back, so `import_row` names whole blocks of ids of
what can go to the trash; single rows, with their contents, only for what was added to or changed in older records.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_number, day_of
from app.core.folding import search_key, sort_key
from app.core.terms import CLOSED, Status
from app.models import derived, documents
from app.models.types import micros
from app.models.visibility import ERASABLE
from app.services.importing.catalogue import INSERTS, Names
from app.services.importing.keys import Keys, Uids
from app.services.importing.matching import Change
from app.services.importing.plan import Draft
from app.services.importing.stages import StageFact, Stages
from app.services.own_fields import OwnField
from app.services.own_values import OwnValue, columns_of

if TYPE_CHECKING:
    from app.models.store import Store

_LEAD = (
    "id", "uid", "title", "status", "stage_id", "company_id", "person_id", "user_id", "source_id", "reason_id",
    "amount_minor", "currency", "budget", "probability", "period_first", "period_last", "info", "external_number",
    "created_at", "activated_on", "closed_on", "remark", "title_key", "total_base", "weighted_base", "month_base",
    "month_weighted", "forecast_first", "forecast_last", "next_step_id", "next_step_on", "stage_since_on",
    "reached_stage_id", "category_now", "recommender_company_id", "recommender_person_id",
)  # fmt: skip
_OF_LEAD = {
    "lead_tag": ("id", "uid", "lead_id", "tag_id"),
    "step": ("id", "uid", "lead_id", "user_id", "due_on", "local_time", "zone", "text"),
    "note": ("id", "uid", "lead_id", "user_id", "at", "text"),
    "stage_entry": ("id", "uid", "lead_id", "stage_id", "entered_at", "entered_on", "probability"),
    "field_value": ("id", "uid", "lead_id", "field_id", "text", "key", "number", "currency", "day", "option_id"),
}


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


_STATEMENTS = {**INSERTS, "lead": _insert("lead", _LEAD), **{name: _insert(name, cs) for name, cs in _OF_LEAD.items()}}
_DOC = "INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES (?, ?, ?, ?)"
_STAGE = """
INSERT INTO stage (id, uid, name, probability, position, idle_days, required, category) VALUES (?, ?, ?, ?, ?, 0, '', ?)
"""
_IMPORT_ROW = _insert("import_row", ("import_run_id", "table_name", "row_id", "row_last", "op", "before", "after"))


class Writer:
    """One import run inside one write."""

    def __init__(self, connection: Connection, store: "Store", keys: Keys, uids: Uids, first: StageFact) -> None:
        self._connection = connection
        self._store = store
        self._keys = keys
        self._uids = uids
        self._first = first
        self._now = store.clock.now()
        self._today = day_number(store.today())
        self._rates = derived.Rates.read(connection)
        self._rates_day = derived.rates_day(connection, store.today())
        self._instants: dict[int, int] = {self._today: micros(self._now)}
        self._run = 0
        self._joined: set[int] = set()

    def begin(self, file_name: str) -> int:
        """Make the import run; returns its id."""
        made = self._connection.execute(
            text("INSERT INTO import_run (uid, at, file_name, created, updated) VALUES (:uid, :at, :name, 0, 0)"
                 " RETURNING id"),
            {"uid": self._uids.take(), "at": micros(self._now), "name": file_name[:300]},
        )  # fmt: skip
        self._run = int(made.scalar_one())
        return self._run

    def finish(self, created: int, updated: int) -> None:
        """Note which blocks of rows the run made, and how many leads it made and changed."""
        blocks = [
            (self._run, table, first, last, "insert", None, None)
            for table, first, last in self._keys.taken()
            if table in ERASABLE
        ]
        self._many(_IMPORT_ROW, blocks)
        self._write_documents()
        self._connection.execute(
            text("UPDATE import_run SET created = :created, updated = :updated WHERE id = :run"),
            {"created": created, "updated": updated, "run": self._run},
        )

    def _write_documents(self) -> None:
        """Companies and people are searched, too: those that were made, and those that work for another one now."""
        for table, first, last in self._keys.taken():
            if table in ("company", "person"):
                documents.refresh(self._connection, table, range(first, last + 1))
        documents.refresh(self._connection, "person", self._joined)
        self._joined.clear()

    def stages(self, stages: Stages) -> None:
        """Make the fresh stages and move others out of their way."""
        for stage in stages.fresh:
            number = self._keys.take("stage")
            assert number == stage.id, "ids of stages were foreseen"
            self._many(_STAGE, [(number, self._uids.take(), stage.name, stage.halves, stage.position, stage.category)])
        for stage_id, (old, new) in (stages.moved or {}).items():
            self._update("stage", stage_id, {"position": old}, {"position": new})

    def forget_stages(self, ids: Iterable[int]) -> None:
        """Remove fresh stages again that only refused rows named; the others keep their places."""
        self._many("DELETE FROM stage WHERE id = ?", [(number,) for number in ids])

    def names(self, names: Names) -> None:
        """Write the entries that drafts made."""
        for table, rows in names.take_fresh():
            self._many(_STATEMENTS[table], rows)
        for row in names.linked:
            after = dict(zip(("uid", "company_id", "person_id"), row[1:], strict=True))
            self._log("company_person", row[0], "insert", {}, after)
            self._joined.add(after["person_id"])
        names.linked.clear()

    # --- new leads ---------------------------------------------------------------------------------------------------

    def create(self, drafts: Sequence[Draft]) -> None:
        """Write new leads and all that hangs on them."""
        leads: list[tuple[Any, ...]] = []
        docs: list[tuple[Any, ...]] = []
        others: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _OF_LEAD}
        take, uid = self._keys.take, self._uids.take
        for draft in drafts:
            number = take("lead")
            leads.append(self._lead(number, draft, others))
            docs.append(("lead", number, number, derived.folded_text(draft)))
            for tag in draft.tag_ids:
                others["lead_tag"].append((take("lead_tag"), uid(), number, tag))
            others["field_value"] += [row for own in draft.own_values for row in self._own(number, *own)]
            if note := draft.given.get("note"):
                others["note"].append((take("note"), uid(), number, draft.user_id, self._created(draft), note))
                docs.append(("note", others["note"][-1][0], number, search_key(note)))
        self._many(_STATEMENTS["lead"], leads)
        self._many(_DOC, docs)
        for table, rows in others.items():
            self._many(_STATEMENTS[table], rows)

    def _lead(self, number: int, draft: Draft, others: dict[str, list[tuple[Any, ...]]]) -> tuple[Any, ...]:
        value = derived.value_of(draft, self._rates, self._rates_day)
        step = self._step(number, draft)
        if step is not None:
            others["step"].append(step)
        entry = self._entry(number, draft, self._entered(draft), draft.activated_on)
        if entry is not None:
            others["stage_entry"].append(entry)
        place = draft.place
        return (
            number, self._uids.take(), draft.title, draft.status, place.id if place else None,
            draft.company_id, draft.person_id, draft.user_id, draft.source_id, draft.reason_id,
            draft.amount_minor, draft.currency, draft.budget, draft.probability, draft.period_first, draft.period_last,
            draft.info, draft.external_number, self._created(draft), draft.activated_on, draft.closed_on,
            draft.given.get("remark") or "", sort_key(draft.title), value.total, value.weighted, value.month,
            value.month_weighted, value.first, value.last, step[0] if step else None, step[4] if step else None,
            entry[5] if entry else None, entry[3] if entry else None,
            place.category if place and draft.status == Status.ACTIVE else None,
            draft.recommender_company_id, draft.recommender_person_id,
        )  # fmt: skip

    def _entered(self, draft: Draft) -> StageFact | None:
        """A closed lead that was active, in a stage that nobody told, was in the first one at least."""
        if draft.place is None and draft.status in CLOSED and draft.activated_on is not None:
            return self._first
        return draft.place

    def _entry(self, lead: int, draft: Draft, stage: StageFact | None, day: int | None) -> tuple[Any, ...] | None:
        if stage is None:
            return None
        on = next(value for value in (day, draft.closed_on, self._today) if value is not None)
        halves = stage.halves if draft.probability is None else draft.probability
        return (self._keys.take("stage_entry"), self._uids.take(), lead, stage.id, self._instant(on), on, halves)

    def _step(self, lead: int, draft: Draft) -> tuple[Any, ...] | None:
        due = draft.given.get("next_step_on")
        if due is None:
            return None
        zone = None if due.minute is None else self._store.facts.time_zone
        words = draft.given.get("next_step") or ""
        number = self._keys.take("step")
        return (number, self._uids.take(), lead, draft.user_id, due.day, due.minute, zone, words)

    def _own(self, lead: int, field: OwnField, value: OwnValue) -> Iterator[tuple[Any, ...]]:
        """The rows of a value of an own field."""
        for columns in columns_of(field, value):
            yield (self._keys.take("field_value"), self._uids.take(), lead, field.id, *columns.values())

    def _created(self, draft: Draft) -> int:
        told = draft.given.get("activated_on")
        return self._instant(min(told.day, self._today) if told else self._today)

    def _instant(self, day: int) -> int:
        """The beginning of a day in the store's time zone; of today, this moment."""
        found = self._instants.get(day)
        if found is None:
            found = micros(datetime.combine(day_of(day), time(), self._store.zone))
            self._instants[day] = found
        return found

    # --- leads that were there ---------------------------------------------------------------------------------------

    def change(self, changes: Iterable[Change]) -> None:
        """Write what rows change of older leads, and compute anew what follows from it."""
        touched = []
        for change in changes:
            lead = change.lead.id
            touched.append(lead)
            if change.after:
                self._update("lead", lead, change.before, change.after)
            for tag in change.tag_ids:
                self._add("lead_tag", (self._keys.take("lead_tag"), self._uids.take(), lead, tag))
            if change.note:
                note = (self._keys.take("note"), self._uids.take(), lead, change.draft.user_id,
                        micros(self._now), change.note)  # fmt: skip
                self._many(_STATEMENTS["note"], [note])
                self._many(_DOC, [("note", note[0], lead, search_key(change.note))])
            for field, value, before in change.own:
                self._set_own(lead, field, value, before)
            if change.step:
                self._set_step(change)
            if change.entered is not None:
                fresh = change.before.get("status") == Status.POTENTIAL
                entry = self._entry(
                    lead, change.draft, change.entered, change.after.get("activated_on") if fresh else None
                )
                self._add("stage_entry", entry or ())
        derived.refresh(self._connection, touched, self._store.today())

    def _set_own(self, lead: int, field: OwnField, value: OwnValue, before: Mapping[str, Any] | None) -> None:
        """Write a value of an older lead: into the row it has, or into new ones."""
        if before is None:
            for row in self._own(lead, field, value):
                self._add("field_value", row)
            return
        (columns,) = columns_of(field, value)
        after = {name: wanted for name, wanted in columns.items() if before[name] != wanted}
        self._update("field_value", before["id"], {name: before[name] for name in after}, after)

    def _set_step(self, change: Change) -> None:
        draft, step = change.draft, change.lead.step
        if step is None:
            self._add("step", self._step(change.lead.id, draft) or ())
            return
        due = draft.given["next_step_on"]
        zone = None if due.minute is None else self._store.facts.time_zone
        words = draft.given.get("next_step") or step["text"]
        wanted = {"due_on": due.day, "local_time": due.minute, "zone": zone, "text": words}
        after = {name: value for name, value in wanted.items() if step[name] != value}
        self._update("step", step["id"], {name: step[name] for name in after}, after)

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        self._many(_STATEMENTS[table], [row])
        whole = dict.fromkeys(_WHOLE.get(table, ())) | dict(zip(_OF_LEAD[table][1:], row[1:], strict=True))
        self._log(table, row[0], "insert", {}, whole)

    def _update(self, table: str, number: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        places = ", ".join(f"{name} = ?" for name in after)
        self._many(f"UPDATE {table} SET {places} WHERE id = ?", [(*after.values(), number)])
        self._log(table, number, "update", before, after)

    def _log(self, table: str, number: int, op: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        row = (
            self._run,
            table,
            number,
            number,
            op,
            json.dumps(dict(before)),
            json.dumps(dict(after), ensure_ascii=False),
        )
        self._many(_IMPORT_ROW, [row])

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.exec_driver_sql(statement, list(rows))


#: Columns that a row of an older lead has beside those written, so that it can be brought back whole.
_WHOLE = {"step": ("company_id", "rrule", "done_at", "done_by"), "field_value": ("company_id", "person_id")}
