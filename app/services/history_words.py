"""What a step changed, field by field and in words: of leads as their own history tells it, of all else by its name."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from app.core.calendar import DAYS_OF_WEEK, day_of, first_day
from app.core.i18n import N_, Percent, Text
from app.core.money import Money
from app.core.roles import ROLE_LABELS, Role
from app.core.terms import ABSENCE_LABELS, AbsenceKind
from app.models.history_terms import STANDS
from app.services.event_words import Names, from_to, is_moved, shortened, worded
from app.services.record_events import TABLES as RECORD_TABLES
from app.services.record_events import RecordWords


@dataclass(frozen=True)
class ChangeLine:
    """One changed value: of which lead, company or person (empty where the words say it), and what became of it."""

    subject: str
    words: Text


class Change(NamedTuple):
    """A recorded change of a row; `before` and `after` are JSON, `id` is the step after which names are as told."""

    table_name: str
    row_id: int
    lead_id: int | None
    op: str
    before: str
    after: str
    id: int
    company_id: int | None = None
    person_id: int | None = None

    def reversed(self) -> "Change":
        """What takes it back."""
        op = {"insert": "delete", "delete": "insert"}.get(self.op, self.op)
        return self._replace(op=op, before=self.after, after=self.before)


def lines_of(connection: Connection, changes: Sequence[Change]) -> list[ChangeLine]:
    """Each change in words. The number of statements does not depend on how many there are."""
    names = Names.read(connection, changes)
    leads = [change.lead_id for change in changes if change.lead_id is not None]
    titles, amounts = titles_of(connection, leads), worth_after(connection, changes)
    entries, of_records = _entries(connection, changes), RecordWords(connection, changes)
    lines = []
    for change in changes:
        if change.table_name in _OF_LEADS:
            pairs = worded([change], names, amounts.get(change.lead_id or 0, Money(0, "EUR")))
            found = [words for _row, (_kind, words) in pairs]
        else:
            found = []
        if (change.table_name, change.op) == ("lead", "insert"):
            found += _of_beginning(change, names)
        if change.table_name not in _CONSEQUENCES and not is_moved(change, json.loads(change.after)):
            found = found or _of_record(change, entries, of_records) or _of_entry(change, entries, names)
            lines += [ChangeLine(_subject(change, titles, entries), words) for words in found]
    return lines


def _subject(change: Change, titles: Mapping[int, str], entries: Mapping[tuple[str, int], str]) -> str:
    """What the lead, the company or the person is called; nothing where the words say it."""
    if change.lead_id is not None:
        return titles.get(change.lead_id, "")
    for table, id_ in (("company", change.company_id), ("person", change.person_id)):
        if id_ is not None and change.table_name != table:
            return entries.get((table, id_), "")
    return ""


#: What is told of a lead that was made, beside its stage and what it is worth.
_BEGINNING = ("company_id", "person_id", "user_id", "source_id", "probability", "period_first", "period_last")


def _of_beginning(change: Change, names: Names) -> list[Text]:
    """The values a lead was made with."""
    after = json.loads(change.after)
    values = {name: after[name] for name in _BEGINNING if after.get(name) is not None}
    given = change._replace(op="update", before=json.dumps(dict.fromkeys(values)), after=json.dumps(values))
    worth = Money(after.get("amount_minor") or 0, after.get("currency") or "EUR")
    volume = [from_to(Text("Volume"), None, worth)] if worth.minor else []
    return volume + [words for _row, (_kind, words) in worded([given], names, worth)]


#: What the history of a lead words itself, and what only follows from other changes.
_OF_LEADS = frozenset({"lead", "step", "lead_tag", "lead_person", "field_value"})
_CONSEQUENCES = frozenset({"stage_entry", "company_person"})

#: What the rows of a table are called, and columns of what is no lead.
TABLES: Mapping[str, str] = {
    "lead": N_("Lead"), "step": N_("Step"), "note": N_("Note"), "stage": N_("Stage"), "company": N_("Company"),
    "person": N_("Contact"), "member": N_("Member"), "source": N_("Source"), "reason": N_("Reason"), "tag": N_("Tag"),
    "lead_tag": N_("Tag"), "rate": N_("Exchange rate"), "store_setting": N_("Setting"), "goal": N_("Goal"),
    "saved_view": N_("Saved view"), "stage_check": N_("Checklist entry"), "lead_check": N_("Checklist entry"),
    "field": N_("Own field"), "field_option": N_("Option"), "field_value": N_("Own field"),
    "field_notice": N_("Reminder"), "attachment": N_("File"), "mail": N_("E-mail"), "contact_point": N_("Telephone"),
    "address": N_("Address"), "company_tag": N_("Tag"), "person_tag": N_("Tag"), "lead_person": N_("Contact"),
    "absence": N_("Absence"), "working_week": N_("Working hours"),
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    "name": N_("Name"), "initials": N_("Initials"), "probability": N_("Probability"), "idle_days": N_("Idle days"),
    "required": N_("Required fields"), "colour": N_("Colour"), "position": N_("Order"), "retired_at": N_("Retired"),
    "outcome": N_("Outcome"), "rate": N_("Exchange rate"), "valid_from": N_("Valid from"), "currency": N_("Currency"),
    "value": N_("Value"), "text": N_("Text"), "category": N_("Category"), "definition": N_("Contents"),
    "amount_minor": N_("Amount"), "due_on": N_("Due"), "local_time": N_("Time"), "done_at": N_("Finished"),
    "rrule": N_("Recurrence"), "user_id": N_("Responsible"), "saved_view.user_id": N_("For whom"),
    "help": N_("Help"), "unit": N_("Unit"), "field.required": N_("Required"), "in_list": N_("In the list"),
    "notify": N_("Reminder"), "notify_days": N_("Days ahead"), "yearly": N_("Each year anew"),
    "member.role": N_("Team role"), "member.email": N_("E-mail"), "member.photo_id": N_("Photo"),
    "deputy_id": N_("Deputy"), "first_on": N_("First day"), "last_on": N_("Last day"), "absence.kind": N_("Reason"),
    "half": N_("Half days"), "monday": N_("Monday"), "tuesday": N_("Tuesday"), "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"), "friday": N_("Friday"), "saturday": N_("Saturday"), "sunday": N_("Sunday"),
}  # fmt: skip
#: Of these nobody would read the values.
_UNREADABLE = frozenset({
    "required", "colour", "position", "retired_at", "definition", "amount_minor", "done_at", "rrule", "local_time",
    "user_id", "category", "in_list", "notify", "yearly", "photo_id", "half",
})  # fmt: skip
_SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "probability": Percent, "rate.valid_from": day_of, "goal.valid_from": first_day, "due_on": day_of,
    "working_week.valid_from": day_of, "first_on": day_of, "last_on": day_of,
    "member.role": lambda role: Text(ROLE_LABELS[Role(role)]),
    "absence.kind": lambda kind: Text(ABSENCE_LABELS[AbsenceKind(kind)]),
    **dict.fromkeys(DAYS_OF_WEEK, lambda minutes: f"{minutes // 60}:{minutes % 60:02}"),
}  # fmt: skip
_SETTINGS: Mapping[str, str] = {
    "base_currency": N_("Base currency"), "country": N_("Country"), "time_zone": N_("Time zone"),
}  # fmt: skip


def _of_record(change: Change, entries: Mapping[tuple[str, int], str], words: RecordWords) -> list[Text]:
    """A change of a company or a person that stays, or of what hangs on one; none where its coming and going is it."""
    if change.table_name not in RECORD_TABLES:
        return []
    if change.table_name not in ("company", "person"):
        return list(words.of_row(change))
    before, after = json.loads(change.before), json.loads(change.after)
    if change.op != "update" or "deleted_at" in after:
        return []
    what = _named(change, before, after, entries)
    return [Text("{what}: {change}", what=what, change=line) for line in words.of_row(change)]


def _of_entry(change: Change, entries: Mapping[tuple[str, int], str], names: Names) -> list[Text]:
    """A change of what is no lead, by the name it has or had."""
    before, after = json.loads(change.before), json.loads(change.after)
    what = _named(change, before, after, entries)
    if change.op == "insert":
        return [Text("{what} added", what=what)]
    if change.op == "delete":
        return [Text("{what} removed", what=what)]
    if "deleted_at" in after:
        return [Text("{what} deleted", what=what) if after["deleted_at"] else Text("{what} restored", what=what)]
    fields = [_of_field(change, name, before, after, names) for name in after if _label(change.table_name, name)]
    return [Text("{what}: {change}", what=what, change=words) for words in fields] or [
        Text("{what} changed", what=what)
    ]


def _named(
    change: Change, before: Mapping[str, Any], after: Mapping[str, Any], entries: Mapping[tuple[str, int], str]
) -> Text:
    table = Text(TABLES[change.table_name]) if change.table_name in TABLES else Text("Data")
    values = {**before, **after}
    name = values.get("name") or values.get("title") or entries.get((change.table_name, change.row_id), "")
    if change.table_name in _OF_MEMBERS:
        name = name or entries.get(("member", values.get("user_id", 0)), "")
    if change.table_name == "store_setting":
        key = values.get("key") or name
        return Text(_SETTINGS[key]) if key in _SETTINGS else table
    if change.table_name == "note" and values.get("text"):
        name = shortened(values["text"])
    return Text("{table} “{name}”", table=table, name=name) if name else table


def _label(table: str, name: str) -> str | None:
    """What a column is called; None where nobody needs to know."""
    return FIELDS.get(f"{table}.{name}") or FIELDS.get(name)


def _of_field(change: Change, name: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> Text:
    known = _label(change.table_name, name)
    label = Text(known or name)
    if name in _UNREADABLE:
        return Text("{field} changed", field=label)
    old, new = (
        None if values[name] in (None, "") else _shown(change, name, values[name], names) for values in (before, after)
    )
    return from_to(label, old, new)


def _shown(change: Change, name: str, value: Any, names: Names) -> Any:
    if name == "deputy_id":
        return names.at("member", value, change.id)
    table = change.table_name
    show = _SHOWN.get(f"{table}.{name}") or _SHOWN.get(name)
    return show(value) if show else shortened(str(value))


def titles_of(connection: Connection, leads: Iterable[int]) -> dict[int, str]:
    """The titles of leads as they are now, also of those in the trash."""
    rows = connection.execute(text(_TITLES), {"ids": json.dumps(sorted(set(leads)))})
    return {row[0]: row[1] for row in rows}


def _entries(connection: Connection, changes: Iterable[Change]) -> dict[tuple[str, int], str]:
    """The names of entries as they are now, and of the companies and people they are of."""
    wanted = {table: set[int]() for table in _NAMED}
    for change in changes:
        owners = [("company", change.company_id), ("person", change.person_id)]
        if change.table_name in _OF_MEMBERS:
            owners.append(("member", {**json.loads(change.before), **json.loads(change.after)}.get("user_id")))
        for table, id_ in ((change.table_name, change.row_id), *owners):
            if id_ is not None:
                wanted.get(table, set()).add(id_)
    binds = {table: json.dumps(sorted(ids)) for table, ids in wanted.items()}
    return {(row[0], row[1]): row[2] for row in connection.execute(text(_NAMES), binds)}


def worth_after(connection: Connection, changes: Iterable[Change]) -> dict[int, Money]:
    """What each lead was worth right after the step: a step that changed the amount alone says no currency."""
    after = max((change.id for change in changes), default=0)
    asked = {"ids": _leads_of(changes), "step": after}
    found: dict[int, dict[str, Any]] = {
        row.id: {"amount_minor": row.amount_minor, "currency": row.currency}
        for row in connection.execute(text(_WORTH), asked)
    }
    for row in connection.execute(text(_LATER), asked):  # the earliest of the later ones comes last
        values = json.loads(row.before)
        found.get(row.lead_id, {}).update(
            {name: values[name] for name in ("amount_minor", "currency") if name in values}
        )
    return {lead: Money(values["amount_minor"], values["currency"]) for lead, values in found.items()}


def _leads_of(changes: Iterable[Change]) -> str:
    return json.dumps(sorted({change.lead_id for change in changes if change.lead_id is not None}))


_WANTED = "id IN (SELECT value FROM json_each(:ids))"
_TITLES = f"SELECT id, title FROM lead WHERE {_WANTED} UNION ALL SELECT id, title FROM trashed_lead WHERE {_WANTED}"
_WORTH = f"""
SELECT id, amount_minor, currency FROM lead WHERE {_WANTED}
UNION ALL SELECT id, amount_minor, currency FROM trashed_lead WHERE {_WANTED}
"""
_OF_AMOUNTS = """table_name = 'lead' AND op = 'update'
  AND (before LIKE '%"amount_minor"%' OR before LIKE '%"currency"%')"""
_LATER = f"""
SELECT c.lead_id, c.before, s.id AS step FROM change c JOIN change_set s ON s.id = c.change_set_id
WHERE c.lead_id IN (SELECT value FROM json_each(:ids)) AND c.change_set_id > :step AND {_OF_AMOUNTS}
  AND s.kind = 'do' AND {STANDS}
UNION ALL SELECT r.row_id, r.before, s.id FROM change_set s CROSS JOIN import_row r USING (import_run_id)
WHERE r.row_id IN (SELECT value FROM json_each(:ids)) AND s.id > :step AND {_OF_AMOUNTS} AND s.kind = 'do' AND {STANDS}
ORDER BY step DESC
"""
#: What is known of somebody in the team; such a row is called by his or her name.
_OF_MEMBERS = ("absence", "working_week")
#: Tables whose rows have a name, and how it is found.
_NAMED = {
    "stage": "name", "company": "name", "person": "name", "member": "name", "source": "name", "reason": "name",
    "tag": "name", "rate": "currency", "store_setting": "key", "saved_view": "name", "stage_check": "text",
    "field": "name", "field_option": "name",
    **dict.fromkeys(_OF_MEMBERS, "(SELECT name FROM member WHERE member.id = user_id)"),
}  # fmt: skip
#: Of these a reader sees those in the trash apart from the others.
_TRASHED = ("company", "person", "rate", "saved_view")
_NAMES = " UNION ALL ".join(
    f"SELECT '{table}', id, {column} FROM {seen} WHERE id IN (SELECT value FROM json_each(:{table}))"
    for table, column in _NAMED.items()
    for seen in (table, *([f"trashed_{table}"] if table in _TRASHED else []))
)
