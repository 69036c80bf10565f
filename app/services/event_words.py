"""A recorded change of a lead, in plain words: what was, what is, and under which name things went then."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, text

from app.core.calendar import day_of, first_day, last_day
from app.core.i18n import N_, Percent, Text
from app.core.money import Money
from app.core.parse.numbers import plain_number
from app.core.recurrence import said
from app.core.terms import BUDGET_LABELS, CATEGORY_LABELS, STATUS_LABELS, Budget, Category, Status
from app.services.own_kinds import ANSWERS, NO, YES, OwnKind

Kind = Literal["note", "stage", "status", "step", "change", "import", "reminder"]
Worded = tuple[Kind, Text]

#: Columns of a lead that are worded, and what each is called; amount and currency are worded as one.
COLUMN_LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "budget": N_("Budget kind"),
    "probability": N_("Probability"),
    "category": N_("Forecast category"),
    "period_first": N_("Service period from"),
    "period_last": N_("Service period to"),
    "company_id": N_("Company"),
    "person_id": N_("Contact"),
    "user_id": N_("Responsible"),
    "source_id": N_("Source"),
    "recommender_company_id": N_("Recommended by"),
    "recommender_person_id": N_("Recommended by"),
    "reason_id": N_("Reason"),
    "stage_id": N_("Stage"),
    "status": N_("Status"),
    "info": N_("Info"),
    "remark": N_("Remark"),
    "external_number": N_("External number"),
    "activated_on": N_("Active since"),
    "closed_on": N_("Closed on"),
}

_LABELS: Mapping[str, Text] = {name: Text(label) for name, label in COLUMN_LABELS.items()}
#: Of a longer remark this much is shown.
_LONGEST = 300

_NAMED = {"company_id": "company", "person_id": "person", "user_id": "member", "source_id": "source",
          "reason_id": "reason", "stage_id": "stage", "tag_id": "tag", "check_id": "stage_check",
          "field_id": "field", "option_id": "field_option", "recommender_company_id": "company",
          "recommender_person_id": "person", "deputy_id": "member"}  # fmt: skip


@lru_cache(maxsize=4096)
def values_of(stored: str) -> dict[str, Any]:
    """The values of a change as the history stores them; not to be changed. They are needed for names and words."""
    values: dict[str, Any] = json.loads(stored)
    return values


def worded(rows: Iterable[Any], names: "Names", now: Money) -> list[tuple[Any, Worded]]:
    """The changes of a lead, each with its words; `rows` newest first, `now` is the lead's amount today."""
    found: list[tuple[Any, Worded]] = []
    amount = now
    for row in rows:
        before, after = values_of(row.before), values_of(row.after)
        new = _amount(after, amount)
        old = _amount(before, new)
        if row.table_name == "field_value":
            found.append((row, ("change", own_words(row, before, after, names))))
        found += [(row, pair) for pair in _of_row(row, before, after, names, (old, new))]
        if row.table_name == "lead":
            amount = old
    return found


def earlier_amounts(rows: Iterable[Any], now: Money) -> Iterator[Money]:
    """What a lead was worth before each of its changes (`rows`, newest first), after which it is worth `now`."""
    for row in rows:
        if row.table_name == "lead":
            now = _amount(json.loads(row.before or "{}"), now)
            yield now


def _amount(values: Mapping[str, Any], otherwise: Money) -> Money:
    if "amount_minor" not in values and "currency" not in values:
        return otherwise  # as in nearly all changes
    return Money(values.get("amount_minor", otherwise.minor), values.get("currency", otherwise.currency))


def is_moved(row: Any, after: Collection[str]) -> bool:
    """Whether what hangs on a company or a person was only put to another one, as in a merge: the step says so."""
    owners = {"company_id", "person_id"}.intersection(after)
    return row.table_name != "lead" and row.op == "update" and bool(owners) and set(after) <= {*owners, "position"}


def _of_row(
    row: Any, before: dict[str, Any], after: dict[str, Any], names: "Names", amounts: tuple[Money, Money]
) -> list[Worded]:
    match row.table_name, row.op:
        case "step", op:
            return [] if set(after) == {"user_id"} else [_of_step(row, before, after, names)]
        case "lead", "insert":
            stage = _of_column("stage_id", row.id, {"stage_id": None}, after, names)
            return [("status", Text("Lead created")), *([stage] if after["stage_id"] else [])]
        case "lead", "update":
            pairs = [_of_column(name, row.id, before, after, names) for name in after if name in COLUMN_LABELS]
            return [*_of_amount(after, *amounts), *_of_deletion(after), *pairs]
        case "lead_tag" | "lead_person", _:
            of_link = _of_tag if row.table_name == "lead_tag" else _of_person
            return [("change", words) for words in of_link(row, before, after, names)]
        case "lead_check", op:
            point = names.at("stage_check", (after or before)["check_id"], row.id)
            words = Text("Checked: {point}", point=point) if op == "insert" else Text("Unchecked: {point}", point=point)
            return [("stage", words)]
    return []


def _of_tag(row: Any, before: Mapping[str, Any], after: Mapping[str, Any], names: "Names") -> list[Text]:
    tag = names.at("tag", (after or before)["tag_id"], row.id)
    return [Text("Tag “{tag}” added", tag=tag) if row.op == "insert" else Text("Tag “{tag}” removed", tag=tag)]


def _of_person(row: Any, before: Mapping[str, Any], after: Mapping[str, Any], names: "Names") -> list[Text]:
    """Of somebody who has a say in the lead."""
    if row.op == "update":
        old, new = before.get("role") or None, after.get("role") or None
        return [from_to(Text("Role in this deal"), old, new)] if old != new else []
    name = names.at("person", (after or before)["person_id"], row.id)
    return [Text("“{name}” added", name=name) if row.op == "insert" else Text("“{name}” removed", name=name)]


def own_words(row: Any, before: Mapping[str, Any], after: Mapping[str, Any], names: "Names") -> Text:
    """What became of the value of an own field."""
    fact = names.own(row.row_id)
    if fact is None:
        return Text("Own field changed")
    label = names.at("field", fact.field_id, row.id)
    if fact.kind is OwnKind.LONG_TEXT:
        return Text("{field} changed", field=label)
    old, new = (_own_value(fact, values, row.id, names) for values in (before, after))
    if fact.kind is OwnKind.CHOICES and new is None:
        return Text("{field}: {value} removed", field=label, value=old)
    if new is None:
        return Text("{field} removed (was {old})", field=label, old=old)
    if old is None:
        return Text("{field}: {new}", field=label, new=new)
    return Text("{field}: {old} → {new}", field=label, old=old, new=new)


def _own_value(fact: "OwnFact", values: Mapping[str, Any], set_id: int, names: "Names") -> Any:
    """The value of an own field as a text has it; None for nothing."""
    match fact.kind:
        case OwnKind.DAY if values.get("day") is not None:
            return day_of(values["day"])
        case OwnKind.AMOUNT if values:
            return Money(values.get("number", fact.number or 0), values.get("currency") or fact.currency or "EUR")
        case OwnKind.FLAG if values.get("number") is not None:
            answer = YES if values["number"] else NO
            return Text(ANSWERS[answer])
        case OwnKind.NUMBER if values.get("number") is not None:
            number = plain_number(values["number"])
            return Text("{number} {unit}", number=number, unit=fact.unit) if fact.unit else number
        case OwnKind.CHOICE | OwnKind.CHOICES if values.get("option_id") is not None:
            return names.at("field_option", values["option_id"], set_id)
    return None if values.get("text") is None else shortened(values["text"])


def _of_step(row: Any, before: dict[str, Any], after: dict[str, Any], names: "Names") -> Worded:
    op = row.op
    if op == "insert" and after["text"]:
        return "step", Text("Next step {day}: {words}", day=day_of(after["due_on"]), words=after["text"])
    if op == "insert":
        return "step", Text("Next step {day}", day=day_of(after["due_on"]))
    if op == "delete":
        return "step", Text("Step of {day} removed", day=day_of(before["due_on"]))
    return "step", _of_changed_step(before, after, names.step(row.row_id))


def _of_changed_step(before: dict[str, Any], after: dict[str, Any], step: "StepFact | None") -> Text:
    if after.get("done_at"):
        return _finished(step)
    if "due_on" in after:
        old, new = day_of(before["due_on"]), day_of(after["due_on"])
        return Text("Next step moved from {old} to {new}", old=old, new=new)
    if set(after) == {"rrule"}:
        return _repeated(after["rrule"], step)
    return Text("Next step changed")


def _repeated(rrule: str | None, step: "StepFact | None") -> Text:
    rule = None if step is None or rrule is None else said(rrule, day_of(step.due_on))
    return Text("Next step comes once") if rule is None else Text("Next step comes again: {rule}", rule=rule)


def _finished(step: "StepFact | None") -> Text:
    if step is None:
        return Text("Step finished")
    if step.words:
        return Text("Step “{words}” finished", words=step.words)
    return Text("Step of {day} finished", day=day_of(step.due_on))


def _of_amount(after: Mapping[str, Any], old: Money, new: Money) -> list[Worded]:
    if "amount_minor" not in after and "currency" not in after:
        return []
    return [("change", from_to(Text("Volume"), old, new))]


def _of_deletion(after: Mapping[str, Any]) -> list[Worded]:
    if "deleted_at" not in after:
        return []
    return [("status", Text("Deleted") if after["deleted_at"] else Text("Restored"))]


def _of_column(name: str, set_id: int, before: dict[str, Any], after: dict[str, Any], names: "Names") -> Worded:
    kind: Kind = "stage" if name == "stage_id" else "status" if name == "status" else "change"
    label = _LABELS[name]
    if name == "info":
        return kind, Text("{field} changed", field=label)
    if name == "remark":
        old, new = (shortened(values[name]) for values in (before, after))
        return kind, Text("{field}: {new}", field=label, new=new) if new else from_to(label, old, None)
    old, new = (shown_value(name, values[name], set_id, names) for values in (before, after))
    return kind, from_to(label, old, new)


def shortened(words: str) -> str:
    """So much of a longer text as is shown."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def from_to(label: Text, old: Any, new: Any) -> Text:
    """A value that became another one, was set, or was taken away."""
    if old is None:
        return Text("{field}: {new}", field=label, new=new)
    if new is None:
        return Text("{field} removed (was {old})", field=label, old=old)
    return Text("{field} {old} → {new}", field=label, old=old, new=new)


def shown_value(name: str, value: Any, set_id: int, names: "Names") -> Any:
    """The value of a column of a lead as a text has it, with the name it pointed to right after the step `set_id`."""
    if value is None:
        return None
    if name in _NAMED:
        return names.at(_NAMED[name], value, set_id)
    return _SHOWN.get(name, str)(value)


_SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "probability": Percent,
    "budget": lambda value: Text(BUDGET_LABELS[Budget(value)]),
    "status": lambda value: Text(STATUS_LABELS[Status(value)]),
    "category": lambda value: Text(CATEGORY_LABELS[Category(value)]),
    "activated_on": day_of,
    "closed_on": day_of,
    "period_first": first_day,
    "period_last": last_day,
}


class StepFact(NamedTuple):
    """A step as it stands there now; one that is finished changes no more."""

    words: str
    due_on: int


class OwnFact(NamedTuple):
    """Of which own field a value is, what of it does not change, and the amount that stands there now."""

    field_id: int
    kind: OwnKind
    unit: str
    number: int | None
    currency: str | None


class Names:
    """Names of what columns point to, as they were when a step was done."""

    def __init__(
        self,
        now: Mapping[tuple[str, int], str],
        renamed: Mapping[tuple[str, int], list[tuple[int, str]]],
        steps: Mapping[int, StepFact],
        own: Mapping[int, OwnFact],
    ):
        """`now` by table and row; `renamed` has for each the steps that renamed it, oldest first, and the old name."""
        self._now, self._renamed, self._steps, self._own = now, renamed, steps, own

    @classmethod
    def read(cls, connection: Connection, rows: Iterable[Any]) -> "Names":
        """The names that the changes in `rows` speak of, in as many statements however many they are."""
        rows = list(rows)
        own = _own_facts(connection, rows)
        wanted: dict[str, set[int]] = {table: set() for table in _NAMED.values()}
        for row in rows:
            for values in (values_of(row.before), values_of(row.after)):
                for column in _NAMED.keys() & values.keys():
                    if isinstance(values[column], int):
                        wanted[_NAMED[column]].add(values[column])
        wanted["field"] |= {fact.field_id for fact in own.values()}
        binds = {table: json.dumps(sorted(ids)) for table, ids in wanted.items()}
        now = {(row[0], row[1]): row[2] for row in connection.execute(text(_NOW), binds)}
        renamed: dict[tuple[str, int], list[tuple[int, str]]] = {}
        for set_id, table, row_id, old in connection.execute(text(_RENAMED)):
            renamed.setdefault((table, row_id), []).append((set_id, old))
        wanted_steps = json.dumps([row.row_id for row in rows if row.table_name == "step"])
        found = connection.execute(text(_STEPS), {"ids": wanted_steps})
        return cls(now, renamed, {row[0]: StepFact(*row[1:]) for row in found}, own)

    def with_new(self, new: Mapping[tuple[str, int], str]) -> "Names":
        """The same with names of what is not there, by table and row."""
        return Names({**self._now, **new}, self._renamed, self._steps, self._own)

    def own(self, row_id: int) -> OwnFact | None:
        """Of which own field the value of that id is or was; None where nobody knows."""
        return self._own.get(row_id)

    def step(self, row_id: int) -> StepFact | None:
        """The step of that id; None where it is gone."""
        return self._steps.get(row_id)

    def at(self, table: str, row_id: int, set_id: int) -> str:
        """The name a row had right after the step `set_id`; a dash where nobody knows."""
        later = (old for changed, old in self._renamed.get((table, row_id), ()) if changed > set_id)
        return next(later, None) or self._now.get((table, row_id), "–")


def _own_facts(connection: Connection, rows: Iterable[Any]) -> dict[int, OwnFact]:
    """Of which fields values are, by the ids of their rows: the changes of one that is gone may say it themselves."""
    told: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.table_name == "field_value":
            told.setdefault(row.row_id, {}).update({**json.loads(row.before), **json.loads(row.after)})
    if not told:
        return {}
    for row in connection.execute(text(_VALUES), {"ids": json.dumps(list(told))}):
        told[row.id] |= {"field_id": row.field_id, "number": row.number, "currency": row.currency}
    fields = {row.id: row for row in connection.execute(text(_FIELDS)) if row.kind in tuple(OwnKind)}
    return {
        row_id: OwnFact(field.id, OwnKind(field.kind), field.unit, values.get("number"), values.get("currency"))
        for row_id, values in told.items()
        if (field := fields.get(values.get("field_id"))) is not None
    }


_VALUES = """
SELECT id, field_id, number, currency FROM field_value WHERE id IN (SELECT value FROM json_each(:ids))
"""
_FIELDS = "SELECT id, kind, unit FROM field"

#: The column that says what a row is called, where it is no name.
_WORDS = {"stage_check": "text"}
_STEPS = "SELECT id, text, due_on FROM step WHERE id IN (SELECT value FROM json_each(:ids))"
_NOW = " UNION ALL ".join(
    f"SELECT '{table}', id, {_WORDS.get(table, 'name')} FROM {table} "
    f"WHERE id IN (SELECT value FROM json_each(:{table}))"
    for table in dict.fromkeys(_NAMED.values())
)
# An undone renaming is a renaming, too: its row is kept with the step that was undone. What belongs to no lead is found
# by the index over (lead_id, change_set_id).
_RENAMED = """
WITH renamed AS (
  SELECT change_set_id, table_name, row_id, json_extract(before, '$.name') AS old, json_extract(after, '$.name') AS new
  FROM change WHERE lead_id IS NULL AND op = 'update' AND before LIKE '%"name"%'),
undone AS (SELECT s.id, renamed.* FROM renamed JOIN change_set s ON s.undoes_id = change_set_id)
SELECT change_set_id, table_name, row_id, old FROM renamed
UNION ALL SELECT id, table_name, row_id, new FROM undone
UNION ALL SELECT s.id, table_name, row_id, old FROM undone JOIN change_set s ON s.undoes_id = undone.id
ORDER BY 1
"""
