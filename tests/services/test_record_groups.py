"""Lists in groups: which leads belong together, in which order, and that subtotals come to the total to the cent."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.calendar import day_number, month_number
from app.core.changes import ChangeSet
from app.core.terms import CLOSED, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.group_terms import GROUPS
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.record_groups import Group
from app.services.stages import Stages
from tests.services.plain import Plan, filled, plans, total, weighted
from tests.services.seen import statements
from tests.stores import TODAY, add_company, add_lead, add_member, month

DAY = day_number(TODAY)
GROUPINGS = [*((key,) for key in GROUPS), *((one, two) for one, two in product(GROUPS, GROUPS) if one != two)]


def _groups(store: Store, *group: str, **query: object) -> list[tuple[str | int | None, list[str]]]:
    """Name or key of each group with the titles of its leads."""
    lists = LeadList(store)
    found = lists.grouped(ListQuery(group=group, **query))  # type: ignore[arg-type]
    titles = {row.id: row.title for row in lists.rows(found.ids)}
    return [
        (each.name or each.key, [titles[id_] for id_ in found.ids[each.first : each.first + each.count]])
        for each in found.groups
    ]


def test_stages_come_by_position_and_leads_in_the_order_of_the_list(store: Store) -> None:
    for title, stage, amount in (
        ("a", "Angebot", 10), ("b", "Erstkontakt", 20), ("c", "Angebot", 30), ("d", "Angebot", 20),
    ):  # fmt: skip
        add_lead(store, title, stage=stage, amount=amount)
    add_lead(store, "Idee", status=Status.POTENTIAL)

    assert _groups(store, "stage", sort="volume") == [
        ("Erstkontakt", ["b"]), ("Angebot", ["c", "d", "a"]), (None, ["Idee"]),
    ]  # fmt: skip
    assert _groups(store, "stage", sort="title", descending=False)[1] == ("Angebot", ["a", "c", "d"])


def test_a_group_of_a_retired_stage_keeps_its_place(store: Store) -> None:
    add_lead(store, "a", stage="Vorstellung")
    add_lead(store, "b", stage="Angebot")
    Stages(store).edit(2, retired=True)

    assert [name for name, _ in _groups(store, "stage")] == ["Vorstellung", "Angebot"]


def test_people_and_companies_come_by_their_names_and_none_last(store: Store) -> None:
    add_lead(store, "a")
    add_lead(store, "b", user_id=add_member(store, "Ömer", "Ö"), company_id=add_company(store, "Ähren AG"))
    add_lead(store, "c", user_id=1, company_id=add_company(store, "Zander"))
    add_lead(store, "d", user_id=add_member(store, "Zoe", "Z"), company_id=add_company(store, "Beta"))

    assert [name for name, _ in _groups(store, "responsible")] == ["Anna Kern", "Ömer", "Zoe", None]
    assert [name for name, _ in _groups(store, "company")] == ["Ähren AG", "Beta", "Zander", None]


def test_two_of_one_name_are_two_groups(store: Store) -> None:
    for title in "ab":
        add_lead(store, title, company_id=add_company(store, "Müller"))

    assert len(_groups(store, "company")) == 2


def test_months_come_by_time_and_closing_months_backwards(store: Store) -> None:
    add_lead(store, "a")
    add_lead(store, "b", period=("2027-02", "2027-05"))
    add_lead(store, "c", period=("2026-12", "2027-12"), status=Status.WON, closed_on=DAY - 400)
    add_lead(store, "d", period=("2027-02", "2027-02"), status=Status.LOST, closed_on=DAY)
    add_lead(store, "e", status=Status.LOST, closed_on=DAY - TODAY.day + 1)

    assert [key for key, _ in _groups(store, "month")] == [month("2026-12"), month("2027-02"), None]
    assert _groups(store, "closing_month", statuses=CLOSED, sort="closed") == [
        (month("2026-11"), ["d", "e"]), (month_number(TODAY - timedelta(days=400)), ["c"]),
    ]  # fmt: skip


def test_outcomes_sources_and_reasons_come_in_the_order_of_their_lists(store: Store) -> None:
    catalogue = Catalogue(store)
    sources = [catalogue.create("source", name) for name in ("Zufall", "Anzeige")]
    add_lead(store, "a", status=Status.LOST, source_id=sources[1])
    add_lead(store, "b", status=Status.WON, source_id=sources[0])

    assert [name for name, _ in _groups(store, "source")] == ["Zufall", "Anzeige"]
    assert [key for key, _ in _groups(store, "outcome")] == ["won", "lost"]
    assert [key for key, _ in _groups(store, "reason")] == [None]


def test_what_is_in_the_trash_is_no_group(store: Store) -> None:
    add_lead(store, "a", company_id=add_company(store, "Müller"), amount=5)
    add_lead(store, "b", amount=7)
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE company SET deleted_at = 1")

    assert _groups(store, "company", sort="volume") == [(None, ["b", "a"])]


def test_two_levels_follow_each_other(store: Store) -> None:
    add_lead(store, "a", stage="Angebot", user_id=1)
    add_lead(store, "b", stage="Angebot")
    add_lead(store, "c", stage="Erstkontakt", user_id=1)
    found = LeadList(store).grouped(ListQuery(group=("stage", "responsible"))).groups

    assert [(each.path, each.level, each.first, each.count) for each in found] == [
        ((1,), 0, 0, 1), ((1, 1), 1, 0, 1), ((3,), 0, 1, 2), ((3, 1), 1, 1, 1), ((3, None), 1, 2, 1),
    ]  # fmt: skip


def test_a_filter_as_typed_narrows_the_groups(store: Store) -> None:
    add_lead(store, "Relaunch", stage="Angebot")
    add_lead(store, "Messe", stage="Erstkontakt")

    assert _groups(store, "stage", text="relaunch") == [("Angebot", ["Relaunch"])]


def test_an_empty_list_has_no_groups(store: Store) -> None:
    found = LeadList(store).grouped(ListQuery(group=("stage", "month")))
    assert (list(found.ids), found.groups) == ([], [])


def test_an_unknown_group_is_an_error(store: Store) -> None:
    with pytest.raises(KeyError):
        LeadList(store).grouped(ListQuery(group=("stage; DROP TABLE lead",)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(plans(), max_size=40), group=st.sampled_from(GROUPINGS), seed=st.integers(1, 5))
def test_subtotals_come_to_the_total(template: Path, made: Sequence[Plan], group: tuple[str, ...], seed: int) -> None:
    with filled(template, made) as (store, known):
        _spread(store, seed)
        query = ListQuery(group=group)
        found, totals = LeadList(store).grouped(query), LeadList(store).totals(query)
        assert Counter(found.ids) == Counter(LeadList(store).ids(query))
        outer = [each for each in found.groups if each.level == 0]
        assert _sums(outer) == (totals.count, totals.volume, totals.weighted, totals.without_rate)
        for each in found.groups:
            leads = [known[id_] for id_ in found.ids[each.first : each.first + each.count]]
            inner = [below for below in found.groups if below.path[:-1] == each.path]
            assert _sums([each]) == _reckoned(leads)
            assert not inner or _sums(inner) == _sums([each])
        assert all(one.first + one.count == two.first for one, two in pairwise(outer))


def _spread(store: Store, seed: int) -> None:
    """Give the leads people, companies, sources and reasons, and some of them none."""
    catalogue = Catalogue(store)
    catalogue.create("member", "Berta Ohm")
    for n in range(3):
        catalogue.create("company", f"Firma {n}")
        catalogue.create("source", f"Quelle {n}")
        catalogue.create("reason", f"Grund {n}", outcome=Status.LOST)
    columns = {"user_id": 3, "company_id": 4, "source_id": 4, "reason_id": 4}
    told = ", ".join(f"{name} = nullif((id * {seed} + {i}) % {n}, 0)" for i, (name, n) in enumerate(columns.items()))
    with store.maintenance() as connection:
        connection.exec_driver_sql(f"UPDATE lead SET {told}")


def _sums(groups: Sequence[Group]) -> tuple[int, ...]:
    names = ("volume", "weighted", "without_rate")
    return sum(each.count for each in groups), *(sum(each.sums[name] for each in groups) for name in names)


def _reckoned(leads: Sequence[Plan]) -> tuple[int, ...]:
    """Figure by figure what these leads come to, reckoned without the database."""
    values = [total(lead) for lead in leads]
    shares = (weighted(lead, value) for lead, value in zip(leads, values, strict=True) if value is not None)
    return len(leads), sum(value or 0 for value in values), sum(shares), values.count(None)


@pytest.mark.parametrize("group", [("company",), ("company", "month")])
def test_the_number_of_statements_is_that_of_a_few_groups(store: Store, group: tuple[str, ...]) -> None:
    lists, query = LeadList(store), ListQuery(group=group)

    def more(count: int) -> int:
        for n in range(count):
            add_lead(store, company_id=add_company(store, f"Firma {n}"), period_first=24_000 + n, period_last=24_100)
        return statements(store, lambda: lists.grouped(query))

    assert more(1) == more(30) == 3


@pytest.mark.parametrize(("group", "moves"), [(("month",), True), (("company",), False), ((), False)])
def test_a_change_of_what_a_list_is_grouped_by_reorders_it(store: Store, group: tuple[str, ...], moves: bool) -> None:
    lead = add_lead(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    Leads(store).edit([lead], period=(24_324, 24_325))

    assert ListQuery(sort="title", group=group).reordered_by(heard[-1]) is moves


def test_a_renamed_company_reorders_a_list_grouped_by_it(store: Store) -> None:
    first = add_company(store, "Alpha")
    add_lead(store, company_id=first)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    add_company(store, "Beta")

    assert ListQuery(sort="title", group=("company",)).reordered_by(heard[-1])
    assert not ListQuery(sort="title").reordered_by(heard[-1])
