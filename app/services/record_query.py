"""Which records, in which order: what a list asks for, and the SQL that says it.

Leads, companies and people are listed alike; `ListTerms` says of a kind of records what it is listed by. Only
unqualified tables are named, so that the views of the reading connection decide what is visible.
"""

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.services.last_contact import tomorrow
from app.services.list_terms import ListTerms

if TYPE_CHECKING:
    from app.services.record_filter import Filter
    from app.services.sort_terms import Sort


@dataclass(frozen=True, kw_only=True)
class RecordQuery:
    """What a list shows: what it is narrowed to, and the order. Each kind of records has its own.

    `text` is a filter as typed, `filter` one as put together. `group` names what the records are grouped by, the outer
    level first, for whoever asks for groups.
    """

    text: str = ""
    filter: "Filter | None" = None
    sort: str = "name"
    descending: bool = False
    group: tuple[str, ...] = ()

    terms: ClassVar[ListTerms]

    @property
    def unaided(self) -> bool:
        """Whether even the first rows of this order take long, among many records.

        With a filter too: when few records fit, nearly all are looked at before there is a page of them.
        """
        return self.terms.sort_of(self.sort).unaided or self.filter is not None

    def narrowed(self, today: date) -> tuple[list[str], dict[str, Any]]:
        """What every record of the list fulfils, beside filter and text: conditions, and what they bind."""
        return [], {}

    def narrowed_anew(self, change: ChangeSet) -> bool:
        """Whether what `narrowed` asks can have another answer, otherwise than by a column of the record."""
        return False

    def reordered_by(self, change: ChangeSet) -> bool:
        """Whether the change can give a record another place in this list, or bring one in or out of it.

        Says nothing about the text filter: the words of any record that changed may match now.
        """
        terms = self.terms
        sort, groups = terms.sort_of(self.sort), [terms.group_of(key) for key in self.group]
        tables = [table for each in groups for table in (each.table, *each.tables)]
        if change.everything or change.concerns(*sort.tables, *tables):
            return True
        if self.narrowed_anew(change) or (self.filter is not None and _concerned(self.filter, change)):
            return True
        by_name = ("name", "sort_key") if sort.then_by_name and terms.alike else ()
        columns = terms.narrowing.union(sort.columns, by_name, (each.column for each in groups))
        rows = [row for row in change.rows if row.table == terms.entity]
        return any(row.op != "update" or not columns.isdisjoint(row.after) for row in rows)


def hides_archived(query: RecordQuery) -> list[str]:
    """The condition that leaves out what is in the archive, unless the filter asks about that."""
    entity = query.terms.entity
    if query.filter is not None:
        from app.services.record_filter import conditions

        if any(each.field == f"{entity}.archived" for each in conditions(query.filter)):
            return []
    return [f"{entity}.archived_at IS NULL"]


def _concerned(tree: "Filter", change: ChangeSet) -> bool:
    from app.services.filter_sql import concerned  # a list without a filter starts without it

    return concerned(tree, change)


def where(query: RecordQuery, today: date, zone: tzinfo) -> tuple[str, dict[str, Any]]:
    """The condition for everything but the text, and what it binds: today always, and the instant when it ends. `zone`
    tells the day of an instant.

    Raises InvalidInput for a filter by what these records do not have.
    """
    parts, binds = query.narrowed(today)
    if query.filter is not None:
        from app.services.filter_sql import condition

        part, bound = condition(query.filter, today, zone, query.terms.entity)
        parts.append(part)
        binds |= bound
    always = {"today": day_number(today), "tomorrow": tomorrow(today, zone)}
    return " AND ".join(parts) or "TRUE", always | binds


def order(query: RecordQuery, sort: "Sort | None" = None) -> tuple[str, str]:
    """The joins and the ORDER BY of a query; whatever has no value comes last, and the id makes the order total.

    What is alike stands by its name, from A to Z, if these have one. `sort` is another than the query names. Raises
    KeyError for a sort key that is none.
    """
    sort = sort or query.terms.sort_of(query.sort)
    way = "DESC" if query.descending != sort.reversed else "ASC"
    terms = [f"{expression} {way} NULLS LAST" for expression in sort.expressions]
    if sort.then_by_name and query.terms.alike:
        return sort.join, ", ".join([*terms, query.terms.alike, f"{query.terms.entity}.id"])
    return sort.join, ", ".join([*terms, f"{query.terms.entity}.id {way}"])
