"""P22: the lists of companies and of people: each order and filter, groups and sums, beside a vector of ids in SQL."""

import json
from collections.abc import Iterable
from datetime import date
from functools import partial

from app.services.company_list import CompanyList, CompanyQuery
from app.services.company_terms import COMPANIES
from app.services.filter_fields import Op
from app.services.person_list import PersonList, PersonQuery
from app.services.person_terms import PEOPLE
from app.services.record_filter import Condition
from tests.benchmarks.measure import Result, Setting, bare, bench

#: As long as an order may take, by numbers and by words.
_NUMBERS, _TEXTS = 60.0, 160.0
_BY_WORDS = frozenset({
    "name", "number", "industry", "city", "country", "phone", "mail", "web", "responsible", "company", "role",
    "salutation",
})  # fmt: skip
_VECTOR = "SELECT json_group_array(id) FROM (SELECT id FROM main.{} WHERE deleted_at IS NULL ORDER BY created_at, id)"
_PAGE = 80

OF_COMPANIES = {
    "responsible": Condition("company.responsible", Op.IS, (1,)),
    "kind": Condition("company.kind", Op.IS, ("supplier",)),
    "tag": Condition("company.tag", Op.IS, (1,)), "town": Condition("company.city", Op.CONTAINS, ("köln",)),
    "industry": Condition("company.industry", Op.CONTAINS, ("bau",)), "mail": Condition("company.mail", Op.EMPTY),
    "telephone": Condition("company.phone", Op.CONTAINS, ("221",)), "leads": Condition("company.open", Op.NO),
    "volume": Condition("company.open_volume", Op.FROM, (10_000_000,)),
    "won": Condition("company.won_volume", Op.FROM, (10_000_000,)),
    "next step": Condition("company.next_step", Op.OVERDUE),
    "last contact": Condition("company.last_contact", Op.EMPTY),
    "rhythm": Condition("company.rhythm", Op.IS, ("overdue",)), "archived": Condition("company.archived", Op.YES),
}  # fmt: skip
OF_PEOPLE = {
    "company": Condition("person.company", Op.IS, (7,)), "role": Condition("person.role", Op.CONTAINS, ("leit",)),
    "birthday": Condition("person.birthday", Op.COMING, (30,)), "leads": Condition("person.open", Op.YES),
    "last contact": Condition("person.last_contact", Op.FROM, (date(2026, 1, 1),)),
    "rhythm": Condition("person.rhythm", Op.IS, ("due",)),
}  # fmt: skip


@bench("P22")
def customers(setting: Setting) -> Iterable[Result]:
    """Each order ascending, each filter from the whole list, and what stands below and between the rows."""
    with setting.store() as store, bare(setting.folder()) as raw:
        for what, lists, query, terms, filters in (
            ("companies", CompanyList(store), CompanyQuery, COMPANIES, OF_COMPANIES),
            ("people", PersonList(store), PersonQuery, PEOPLE, OF_PEOPLE),
        ):
            vector = partial(_vector, raw, terms.entity)
            for key in terms.sorts:
                bound = _TEXTS if key in _BY_WORDS else _NUMBERS
                sort = partial(lists.ids, query(sort=key))  # type: ignore[arg-type]
                yield setting.compared("P22", f"{what} sorted by {key}", sort, vector, at_most_p50=bound)
            for name, tree in filters.items():
                narrow = partial(lists.ids, query(filter=tree))  # type: ignore[arg-type]
                yield setting.compared("P22", f"{what} filtered by {name}", narrow, vector, at_most_p50=_TEXTS)
            for key in terms.groups:
                group = partial(lists.grouped, query(group=(key,)))  # type: ignore[arg-type]
                yield setting.compared("P22", f"{what} grouped by {key}", group, vector)
            ids = lists.ids(query())[:_PAGE]  # type: ignore[arg-type]
            yield setting.compared("P22", f"a page of {what} by id", partial(lists.rows, ids), vector)
            sums = partial(lists.totals, query())  # type: ignore[arg-type]
            yield setting.compared("P22", f"sums of all {what}", sums, vector)


def _vector(raw: object, table: str) -> None:
    json.loads(raw.execute(_VECTOR.format(table)).fetchone()[0])  # type: ignore[attr-defined]
