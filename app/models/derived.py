"""Columns that follow from others, written by this one function and by nothing else.

They make lists, sums and forecast a matter of one index. After every write the leads that may be concerned are
computed anew, inside the same transaction; `check` compares all of them. FORMULAS: the order is total, convert, round
once, weigh, round, split.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.engine import Connection

from app.core.calendar import day_number, day_of, month_number
from app.core.changes import RowChange
from app.core.folding import search_key, sort_key
from app.core.money import MAX_MINOR, Money, convert, decimals, weighted
from app.models.documents import OWN_WORDS
from app.models.many import chunks, with_ids

#: Beyond this the database could not add up some hundred leads any more.
_LARGEST = 100 * MAX_MINOR

COLUMNS = (
    "title_key", "total_base", "weighted_base", "month_base", "month_weighted", "forecast_first", "forecast_last",
    "next_step_id", "next_step_on", "stage_since_on", "reached_stage_id", "category_now",
)  # fmt: skip

_FACTS = f"""
SELECT lead.id, lead.title, lead.status, lead.amount_minor, lead.currency, lead.budget, lead.period_first,
  lead.period_last, lead.closed_on, lead.external_number, lead.info, lead.deleted_at IS NOT NULL AS deleted,
  COALESCE(lead.probability, stage.probability) AS halves,
  CASE WHEN lead.status = 'active' THEN COALESCE(lead.category, stage.category) END AS category,
  company.name AS company, contact.name AS person,
  (SELECT id FROM step WHERE lead_id = lead.id AND done_at IS NULL
   ORDER BY due_on, COALESCE(local_time, 1440), id LIMIT 1) AS step_id,
  (SELECT min(due_on) FROM step WHERE lead_id = lead.id AND done_at IS NULL) AS step_on,
  (SELECT max(entered_on) FROM stage_entry WHERE lead_id = lead.id) AS since_on,
  (SELECT stage_id FROM stage_entry JOIN stage entered ON entered.id = stage_id
   WHERE lead_id = lead.id ORDER BY entered.position DESC LIMIT 1) AS reached_id,
  (SELECT string_agg(tag.name, ' ' ORDER BY tag.sort_key, tag.id) FROM lead_tag
   JOIN tag ON tag.id = tag_id WHERE lead_id = lead.id) AS tags,
  (SELECT string_agg(person.name, ' ' ORDER BY link.position, link.id) FROM lead_person link
   JOIN person ON person.id = link.person_id WHERE link.lead_id = lead.id) AS people,
  {OWN_WORDS.format(owner="lead")} AS own,
  search_doc.id AS doc_id, search_doc.folded AS folded,
  {", ".join(f"lead.{name} AS old_{name}" for name in COLUMNS)}
FROM lead
LEFT JOIN stage ON stage.id = lead.stage_id
LEFT JOIN company ON company.id = lead.company_id
LEFT JOIN person contact ON contact.id = lead.person_id
LEFT JOIN search_doc ON search_doc.entity = 'lead' AND search_doc.row_id = lead.id
WHERE lead.id IN :ids
"""

#: Leads that count at today's rate; all others keep their value when the day turns.
AT_TODAYS_RATE = """
currency <> (SELECT value FROM store_setting WHERE key = 'base_currency') AND status IN ('potential', 'active')
"""
_UPDATE = f"UPDATE lead SET {', '.join(f'{name} = :{name}' for name in COLUMNS)} WHERE id = :lead"


@dataclass(frozen=True)
class Rates:
    """What a currency is worth in the base currency, by day."""

    base: str
    dated: dict[str, tuple[list[int], list[Decimal]]]

    @classmethod
    def read(cls, connection: Connection) -> "Rates":
        """All rates of the store; the base currency is the setting `base_currency`."""
        base = connection.execute(text("SELECT value FROM store_setting WHERE key = 'base_currency'")).scalar_one()
        dated: dict[str, tuple[list[int], list[Decimal]]] = {}
        rows = connection.execute(
            text("SELECT currency, valid_from, rate FROM rate WHERE deleted_at IS NULL ORDER BY valid_from, id")
        )
        for currency, valid_from, rate in rows:
            days, values = dated.setdefault(currency, ([], []))
            days.append(valid_from)
            values.append(Decimal(rate))
        return cls(base, dated)

    def on(self, currency: str, day: int) -> Decimal | None:
        """The rate valid on a day number, or None."""
        days, values = self.dated.get(currency, ([], []))
        place = bisect_right(days, day)
        return values[place - 1] if place else None

    def in_base(self, amount: Money, day: int) -> int | None:
        """Minor units of the base currency, or None without a rate (or with one that leads beyond all measure)."""
        if amount.currency == self.base:
            return amount.minor
        rate = self.on(amount.currency, day)
        converted = None if rate is None else convert(amount, rate, self.base)
        return None if converted is None or converted > _LARGEST else converted


def rates_day(connection: Connection, today: date) -> int:
    """The day number whose rates open leads count at: the day on which all of them were computed last.

    One lead must not be ahead of the others, be it that nobody noticed midnight yet or that a clock was set to
    another day (`--today`). A store that was never computed as a whole takes `today`.
    """
    found = connection.execute(text("SELECT value FROM store_setting WHERE key = 'derived_on'")).scalar()
    return day_number(today) if found is None else int(found)


@dataclass(frozen=True)
class Value:
    """What a lead is worth in the base currency, and in which months (month numbers) it counts."""

    total: int | None = None
    weighted: int | None = None
    month: int | None = None
    month_weighted: int | None = None
    first: int | None = None
    last: int | None = None


def value_of(lead: Any, rates: Rates, today: int) -> Value:
    """The value of a lead; `lead` has status, amount_minor, currency, budget, period_*, closed_on and halves."""
    months = 1 if lead.period_first is None else lead.period_last - lead.period_first + 1
    factor = months if lead.budget == "monthly" else 1
    closed = lead.status not in ("potential", "active") and lead.closed_on is not None
    day = lead.closed_on if closed else today
    total = rates.in_base(Money(lead.amount_minor * factor, lead.currency), day)
    first, last = lead.period_first, lead.period_last
    if lead.status == "won" and first is None and closed:
        first = last = month_number(day_of(lead.closed_on))
    if total is None:
        return Value(first=first, last=last)
    month = total // months
    if lead.status != "active":
        return Value(total, 0, month, 0, first, last)
    halves = lead.halves or 0
    return Value(total, weighted(total, halves), month, weighted(month, halves), first, last)


def folded_text(lead: Any) -> str:
    """What a search looks through; `lead` has the names joined in.

    Stage, source and responsible are not in it: they are few, a filter knows their names by heart, and a bulk change of
    them would otherwise rewrite the full-text index.
    """
    amount = Money(lead.amount_minor, lead.currency)
    whole = str(amount.minor // 10 ** decimals(amount.currency))
    parts = (lead.title, lead.company, lead.person, lead.people, lead.tags, lead.own, lead.info, lead.external_number,
             whole, lead.currency)  # fmt: skip
    return search_key(" ".join(part for part in parts if part))


def refresh(connection: Connection, lead_ids: Iterable[int], today: date) -> frozenset[int]:
    """Compute the derived columns and the search text of these leads anew; returns the ids whose columns changed."""
    ids = sorted(set(lead_ids))
    if not ids:
        return frozenset()
    rates = Rates.read(connection)
    day = rates_day(connection, today)
    changed: set[int] = set()
    for chunk in chunks(ids):
        rows = connection.execute(with_ids(_FACTS), {"ids": chunk}).all()
        updates = [update for row in rows if (update := _update(row, rates, day))]
        if updates:
            connection.execute(text(_UPDATE), updates)
            changed.update(update["lead"] for update in updates)
        _write_docs(connection, rows, chunk)
    return frozenset(changed)


def differing(connection: Connection, today: date) -> list[int]:
    """Ids of all leads whose derived columns or search text are not what they should be; writes nothing."""
    ids = [row[0] for row in connection.execute(text("SELECT id FROM lead ORDER BY id"))]
    rates = Rates.read(connection)
    day = rates_day(connection, today)
    wrong = []
    for chunk in chunks(ids):
        rows = connection.execute(with_ids(_FACTS), {"ids": chunk}).all()
        wrong += [row.id for row in rows if _update(row, rates, day) or row.folded != _expected_doc(row)]
    return wrong


def _expected_doc(row: Row[Any]) -> str | None:
    return None if row.deleted else folded_text(row)


def _update(row: Row[Any], rates: Rates, today: int) -> dict[str, Any] | None:
    value = value_of(row, rates, today)
    new = (sort_key(row.title), value.total, value.weighted, value.month, value.month_weighted, value.first,
           value.last, row.step_id, row.step_on, row.since_on, row.reached_id, row.category)  # fmt: skip
    old = tuple(row)[-len(COLUMNS) :]
    return None if new == old else {"lead": row.id, **dict(zip(COLUMNS, new, strict=True))}


def _write_docs(connection: Connection, rows: Sequence[Row[Any]], ids: Sequence[int]) -> None:
    gone = set(ids) - {row.id for row in rows}
    gone |= {row.id for row in rows if row.deleted and row.doc_id is not None}
    if gone:
        statement = with_ids("DELETE FROM search_doc WHERE entity = 'lead' AND row_id IN :ids")
        connection.execute(statement, {"ids": sorted(gone)})
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in rows:
        if row.deleted or (folded := folded_text(row)) == row.folded:
            continue
        (new if row.doc_id is None else changed).append({"lead": row.id, "folded": folded})
    if new:
        insert = "INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES ('lead', :lead, :lead, :folded)"
        connection.execute(text(insert), new)
    if changed:
        update = "UPDATE search_doc SET folded = :folded WHERE entity = 'lead' AND row_id = :lead"
        connection.execute(text(update), changed)


#: For a change in a table: which leads its rows reach.
_REACH = {
    "company": "SELECT id FROM lead WHERE company_id IN :ids OR recommender_company_id IN :ids",
    "person": """
SELECT id FROM lead WHERE person_id IN :ids OR recommender_person_id IN :ids
UNION SELECT lead_id FROM lead_person WHERE person_id IN :ids""",
    "tag": "SELECT lead_id FROM lead_tag WHERE tag_id IN :ids",
    "field": "SELECT lead_id FROM field_value WHERE field_id IN :ids AND lead_id IS NOT NULL",
    "field_option": "SELECT lead_id FROM field_value WHERE option_id IN :ids AND lead_id IS NOT NULL",
    "rate": "SELECT id FROM lead WHERE currency IN (SELECT currency FROM rate WHERE id IN :ids)",
}
_OF_STAGE = """
SELECT id FROM lead WHERE stage_id IN :ids
UNION SELECT lead_id FROM stage_entry WHERE stage_id IN :ids
"""


#: By table the columns from which something follows: a change of the others alone concerns nothing here.
_DECISIVE: dict[str, frozenset[str]] = {
    "lead": frozenset({
        "title", "status", "stage_id", "company_id", "person_id", "amount_minor", "currency", "budget", "probability",
        "period_first", "period_last", "closed_on", "external_number", "info", "category", "deleted_at",
    }),
    "step": frozenset({"lead_id", "due_on", "local_time", "done_at"}),
}  # fmt: skip
#: Of these not even a new row does.
_BESIDE = frozenset({"note", "lead_check", "attachment"})
#: Of these only another name, or coming and going, is seen in a lead.
_NAMED = frozenset({"company", "person", "tag", "field", "field_option"})
_NAMING = frozenset({"name", "deleted_at"})


def _matters(row: RowChange) -> bool:
    if row.table in _BESIDE:
        return False
    decisive = _DECISIVE.get(row.table) if row.op == "update" else None
    return decisive is None or not decisive.isdisjoint(row.after)


def concerned(connection: Connection, rows: Iterable[RowChange]) -> set[int]:
    """Leads whose derived columns may follow from these changes."""
    leads = {row.lead_id for row in rows if row.lead_id is not None and _matters(row)}
    tables: dict[str, set[int]] = {}
    for row in rows:
        if row.table not in _NAMED or row.op != "update" or not _NAMING.isdisjoint(row.after):
            tables.setdefault(row.table, set()).add(row.row_id)
    if _other_base(connection, tables.get("store_setting", ())) or _reordered(rows):
        return leads | {row[0] for row in connection.execute(text("SELECT id FROM lead"))}  # also those that are gone
    for table, ids in tables.items():
        statement = _OF_STAGE if table == "stage" else _REACH.get(table)
        if statement is not None:
            for chunk in chunks(sorted(ids)):
                leads.update(row[0] for row in connection.execute(with_ids(statement), {"ids": chunk}))
    if "rate" in tables:
        leads |= _of_removed_rates(connection, rows)
    return leads


def _other_base(connection: Connection, settings: Collection[int]) -> bool:
    """Of all that is set for the store as a whole only the base currency is in what leads come to."""
    base = text("SELECT id FROM store_setting WHERE key = 'base_currency'")
    return bool(settings) and connection.execute(base).scalar() in settings


def _reordered(rows: Iterable[RowChange]) -> bool:
    return any(row.table == "stage" and row.op == "update" and "position" in row.after for row in rows)


def _of_removed_rates(connection: Connection, rows: Iterable[RowChange]) -> set[int]:
    values = [v for row in rows if row.table == "rate" for v in (row.before.get("currency"), row.after.get("currency"))]
    currencies = sorted({value for value in values if value})
    if not currencies:
        return set()
    found = connection.execute(with_ids("SELECT id FROM lead WHERE currency IN :ids"), {"ids": currencies})
    return {row[0] for row in found}
