"""The commands that list companies and people."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.cli import answers
from app.cli.desk import Desk
from app.cli.numbers import print_json, view_named
from app.cli.tables import pairs, table
from app.core.i18n import ntr, tr
from app.core.money import Money
from app.core.parse.cleaning import one_line
from app.core.terms import COMPANY_KIND_LABELS, SALUTATION_LABELS, SIZE_LABELS, Entity, Salutation
from app.services.csv_format import joined_tags

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.company_list import CompanyRow
    from app.services.person_list import PersonRow
    from app.services.record_list import RecordList
    from app.services.record_query import RecordQuery

Options = argparse.Namespace
_PAGE = 1000


def companies(options: Options, desk: Desk) -> int:
    """Show companies, the first of them or all, with the sums of all that match; or write all to a file."""
    from app.services.company_list import CompanyList, CompanyQuery

    with desk.reading() as store:
        listed, currency = CompanyList(store), store.facts.base_currency
        query = _query(store, options, CompanyQuery(), "companies", options.kind)
        money: Callable[[int], str] = lambda minor: desk.formats.money(Money(minor, currency))  # noqa: E731 - short
        cells = lambda row: _company(row, money, desk)  # noqa: E731
        if options.csv is not None:
            return _write(options, listed, query, _company_head(), cells)
        rows, totals = listed.rows(_ids(options, listed, query)), listed.totals(query)
    if options.json:
        print_json(answers.companies(rows, totals, currency))
        return 0
    _show(rows, _company_head(), cells, (tr("Name"), tr("Kind"), tr("Town"), tr("Telephone"), tr("E-mail"),
                                         tr("Active leads"), tr("Volume"), tr("Responsible")))  # fmt: skip
    if len(rows) < totals.count:
        print(tr("{shown} of {n} companies are shown; --limit 0 shows all.", shown=len(rows), n=totals.count))
    sums = [
        (tr("Companies"), desk.formats.number(totals.count)), (tr("Volume of active leads"), money(totals.open_volume)),
        (tr("Won"), money(totals.won_volume)),
    ]  # fmt: skip
    if totals.without_rate:
        sums.append((tr("Without a rate"), desk.formats.number(totals.without_rate)))
    print(pairs(sums))
    return 0


def people(options: Options, desk: Desk) -> int:
    """Show people, the first of them or all; or write all to a file."""
    from app.services.person_list import PersonList, PersonQuery

    with desk.reading() as store:
        listed = PersonList(store)
        query = _query(store, options, PersonQuery(), "people", None)
        cells = lambda row: _person(row, desk)  # noqa: E731 - one expression
        if options.csv is not None:
            return _write(options, listed, query, _person_head(), cells)
        rows, totals = listed.rows(_ids(options, listed, query)), listed.totals(query)
    if options.json:
        print_json(answers.people(rows, totals))
        return 0
    _show(rows, _person_head(), cells, (tr("Name"), tr("Company"), tr("Role"), tr("Telephone"), tr("E-mail"),
                                        tr("Town"), tr("Responsible")))  # fmt: skip
    if len(rows) < totals.count:
        print(tr("{shown} of {n} people are shown; --limit 0 shows all.", shown=len(rows), n=totals.count))
    print(pairs([(tr("People"), desk.formats.number(totals.count))]))
    return 0


def _query(store: "Store", options: Options, plain: "RecordQuery", list_: str, kind: str | None) -> "Any":
    """What is asked for; it narrows further what a view asks for."""
    from app.services.filter_fields import Op
    from app.services.record_filter import AllOf, Condition, Filter

    query, entity = plain, plain.terms.entity
    if options.view is not None:
        query = view_named(store, options.view, list_)
    asked: list[Filter] = [] if query.filter is None else [query.filter]
    if kind is not None:
        asked.append(Condition(f"{entity}.kind", Op.IS, (kind,)))
    if options.archived:
        asked.append(Condition(f"{entity}.archived", Op.YES))
    tree = AllOf(tuple(asked)) if len(asked) > 1 else next(iter(asked), None)
    return replace(query, filter=tree, text=f"{query.text} {options.text}".strip())


def _ids(options: Options, listed: "RecordList[Any, Any, Any]", query: "RecordQuery") -> Sequence[int]:
    return listed.first_ids(query, options.limit) if options.limit else listed.ids(query)


def _show(
    rows: Sequence[Any], head: Sequence[str], cells: Callable[[Any], Sequence[str]], shown: Sequence[str]
) -> None:
    """The columns that are called so."""
    if not rows:
        return
    places = [head.index(title) for title in shown]
    told = [[str(row.id), *(cells(row)[place] for place in places)] for row in rows]
    print(table((tr("Id"), *shown), told, right=(0,)))
    print()


def _write(
    options: Options, listed: "RecordList[Any, Any, Any]", query: "RecordQuery", head: Sequence[str],
    cells: Callable[[Any], Sequence[str]],
) -> int:  # fmt: skip
    """All that match, whatever `--limit` says."""
    from app.services.exporting.table_file import write_table

    ids = listed.ids(query)

    def told() -> Iterator[Sequence[str]]:
        for start in range(0, len(ids), _PAGE):
            yield from map(cells, listed.rows(ids[start : start + _PAGE]))

    count = write_table(options.csv, head, told())
    words = (
        ntr("{n} company written to {file}.", "{n} companies written to {file}.", count, file=str(options.csv))
        if query.terms.entity is Entity.COMPANY
        else ntr("{n} person written to {file}.", "{n} people written to {file}.", count, file=str(options.csv))
    )
    print(words)
    return 0


def _company_head() -> tuple[str, ...]:
    """As a table is called that can be pasted into the list of companies."""
    return (
        tr("Name"), tr("Customer number"), tr("Kind"), tr("Industry"), tr("Company size"), tr("Telephone"),
        tr("E-mail"), tr("Web"), *_place_head(), tr("Tags"), tr("Responsible"), tr("People"),
        tr("Active leads"), tr("Volume"), tr("Won"), tr("Next step on"), tr("Last contact"), tr("Archived"),
    )  # fmt: skip


def _company(row: "CompanyRow", money: Callable[[int], str], desk: Desk) -> tuple[str, ...]:
    day = desk.formats.day
    return (
        row.name, row.number or "", ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in row.kinds), row.industry,
        tr(SIZE_LABELS[row.size]) if row.size else "", row.phone or "", row.mail or "", row.web or "", *_place(row),
        joined_tags(row.tags), row.user or "", ", ".join(row.people), str(row.open or ""),
        money(row.open_volume) if row.open_volume else "", money(row.won_volume) if row.won_volume else "",
        day(row.next_step_on) if row.next_step_on else "", day(row.last_contact.date()) if row.last_contact else "",
        tr("yes") if row.archived else "",
    )  # fmt: skip


def _person_head() -> tuple[str, ...]:
    """As a table is called that can be pasted into the list of people."""
    return (
        tr("Name"), tr("Company"), tr("Role"), tr("Telephone"), tr("E-mail"), tr("Web"), *_place_head(),
        tr("Salutation"), tr("Academic title"), tr("Birthday"), tr("Tags"), tr("Responsible"),
        tr("Active leads"), tr("Last contact"), tr("Archived"),
    )  # fmt: skip


def _person(row: "PersonRow", desk: Desk) -> tuple[str, ...]:
    day = desk.formats.day
    known = row.salutation in tuple(Salutation)
    return (
        row.name, ", ".join(row.companies), row.roles[0] if row.roles else "", row.phone or "", row.mail or "",
        row.web or "", *_place(row), tr(SALUTATION_LABELS[Salutation(row.salutation)]) if known else row.salutation,
        row.prefix, answers.birthday(row.birthday) or "", joined_tags(row.tags), row.user or "", str(row.open or ""),
        day(row.last_contact.date()) if row.last_contact else "", tr("yes") if row.archived else "",
    )  # fmt: skip


def _place_head() -> tuple[str, ...]:
    return tr("Street and number"), tr("Addition"), tr("Postal code"), tr("Town"), tr("Region"), tr("Country")


def _place(row: "CompanyRow | PersonRow") -> tuple[str, ...]:
    where = row.place
    parts = (where.street, where.extra, where.postcode, where.city, where.region, where.country)
    return tuple(map(one_line, parts))
