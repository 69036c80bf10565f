"""A recorded change of a company or a person, in plain words: each field as it was and as it is."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.i18n import N_, Plural, Text
from app.core.money import Money
from app.core.terms import (
    COMPANY_KIND_LABELS,
    SALUTATION_LABELS,
    SIZE_LABELS,
    CompanyKind,
    Salutation,
    Size,
)
from app.services import company_fields, person_fields
from app.services.companies import Companies
from app.services.event_words import Names, from_to, is_moved, shortened, values_of, worded
from app.services.own_kinds import ANSWERS, NO, YES
from app.services.people import People

_FLAGS = {f"is_{kind}": COMPANY_KIND_LABELS[kind] for kind in CompanyKind}
#: The columns of a record that are worded, and what each is called.
_LABELS: Mapping[str, Mapping[str, str]] = {
    "company": {**company_fields.LABELS, **_FLAGS},
    "person": person_fields.LABELS,
}
#: Of these nobody would read the values.
_UNREADABLE = frozenset({"info"})
_POINTS = {name: Text(person_fields.LABELS[f"{name}s"]) for name in ("phone", "mail", "web")}
_PLACE = ("street", "extra", "postcode", "city", "region", "country")
_ADDRESS = Text(N_("Address"))

#: What steps are called that say no more than the fields do which they changed.
_PLAIN = frozenset({
    "“{name}” changed: {fields}", "Tags of “{name}” changed", "People of “{name}” changed",
    "Companies of “{name}” changed", "“{name}” renamed",
    *(words.message for each in (Companies.words, People.words)
      for words in (each.changed(1, _ADDRESS), each.tagged(1), each.linked(1))),
})  # fmt: skip


#: The tables whose rows are worded here alone.
TABLES = frozenset({*_LABELS, "contact_point", "address", "company_tag", "person_tag"})


class RecordWords:
    """Words for the changes of records, with the names they need, in as many statements however many there are."""

    def __init__(self, connection: Connection, rows: Iterable[Any]) -> None:
        """`rows` have table_name, row_id, op, before and after as the history stores them, and the step as `id`."""
        rows = list(rows)
        points = json.dumps([row.row_id for row in rows if row.table_name == "contact_point"])
        self._names = Names.read(connection, rows)
        self._kinds = {row[0]: row[1] for row in connection.execute(text(_KINDS), {"ids": points})}

    def of_step(self, label: Text, rows: Sequence[Any]) -> tuple[Text, ...]:
        """What a step did to a record, a line for each change: what it is called where that says more, or all."""
        if any(row.op == "insert" and row.table_name in _LABELS for row in rows):
            return (label,)
        lines = tuple(line for row in rows for line in self.of_row(row))
        return lines if lines and label.message in _PLAIN else (label, *lines)

    def of_row(self, row: Any) -> Iterable[Text]:
        """What became of one row of a record, or of what hangs on it; nothing where it says nothing of its own."""
        before, after = values_of(row.before), values_of(row.after)
        return [] if is_moved(row, after) else self._of_row(row, before, after)

    def _of_row(self, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Text]:
        match row.table_name:
            case "company" | "person":
                labels = _LABELS[row.table_name]
                return [self._of_column(name, row, before, after) for name in after if name in labels]
            case "contact_point":
                return self._of_point(row, before, after)
            case "address":
                return _of_place(row.op, before, after)
            case "company_tag" | "person_tag":
                tag = self._names.at("tag", (after or before)["tag_id"], row.id)
                return [Text("Tag “{tag}” added", tag=tag) if after else Text("Tag “{tag}” removed", tag=tag)]
            case "company_person":
                return self._of_link(row, before, after)
        # A step or an own field, as those of a lead, with which no amount has to do.
        return [words for _row, (_kind, words) in worded([row], self._names, Money(0, "EUR"))]

    def _of_column(self, name: str, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Text:
        label = Text(_LABELS[row.table_name][name])
        if name in _UNREADABLE:
            return Text("{field} changed", field=label)
        old, new = (self._shown(name, values[name], row.id) for values in (before, after))
        return Text("{field} changed", field=label) if old == new else from_to(label, old, new)

    def _shown(self, name: str, value: Any, set_id: int) -> Any:
        if value in (None, "") and name not in _FLAGS:
            return None
        if name == "user_id":
            return self._names.at("member", value, set_id)
        return _SHOWN.get(name, shortened)(value)

    def _of_point(self, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Text]:
        """A number, an address or a page; another order of them says nothing."""
        kind = after.get("kind") or before.get("kind") or self._kinds.get(row.row_id)
        if kind not in _POINTS:
            return ()
        if "value" in after or "value" in before:
            return [from_to(_POINTS[kind], *(_short(values.get("value")) for values in (before, after)))]
        return [Text("{field} changed", field=_POINTS[kind])] if "label" in after else ()

    def _of_link(self, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Text]:
        """Who works there; as it is told of the company."""
        if row.op == "update":
            if "role" not in after:  # their order says nothing
                return []
            return [from_to(Text("Role"), _short(before["role"]), _short(after["role"]))]
        person = self._names.at("person", (after or before)["person_id"], row.id)
        return [Text("{person} works here now", person=person) if after else
                Text("{person} works here no more", person=person)]  # fmt: skip


def _of_place(op: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Text]:
    """What changed of a postal address, as one line."""
    old, new = (_short(", ".join(values[name] for name in _PLACE if values.get(name))) for values in (before, after))
    if op == "update" and (old is None or new is None or old == new):
        return [Text("{field} changed", field=_ADDRESS)] * bool({"label", *_PLACE} & set(after))
    return [from_to(_ADDRESS, old, new)] if old or new else ()


def _short(words: str | None) -> str | None:
    return shortened(words) if words else None


def _days(days: int) -> Text:
    return Plural("{n} day", "{n} days", n=days)


def _answer(value: bool) -> Text:
    return Text(ANSWERS[YES if value else NO])


def _salutation(value: str) -> Any:
    return Text(SALUTATION_LABELS[Salutation(value)]) if value in tuple(Salutation) else value


_SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "birthday": day_of, "salutation": _salutation, "touch_target": _days, "touch_latest": _days,
    "size": lambda value: Text(SIZE_LABELS[Size(value)]), **dict.fromkeys(_FLAGS, _answer),
}  # fmt: skip
_KINDS = "SELECT id, kind FROM contact_point WHERE id IN (SELECT value FROM json_each(:ids))"
