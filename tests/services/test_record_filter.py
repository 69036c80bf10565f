"""Filters: what they mean, as SQL and as JSON, and which changes concern them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Budget, Entity, Status
from app.models.schema import Person, Reason, Source, Stage
from app.models.store import Store
from app.services import record_filter, text_filter
from app.services.filter_fields import FIELDS, Op, entity_of, fields_of
from app.services.filter_terms import FieldSql, sql_of
from app.services.lead_fields import LABELS
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not
from tests.services.asked import CATEGORIES, THIS_MONTH, Known, holds, trees
from tests.stores import TODAY, ZONE, add_company, add_lead, add_member, add_step, add_tag, reopened

DAY = day_number(TODAY)


@pytest.mark.parametrize("key", ["budget", "category", "period", "probability", "source", "title"])
def test_a_field_is_named_as_in_the_forms(key: str) -> None:
    assert FIELDS[key].label == LABELS[key]


def _ids(store: Store, tree: Filter | None, **query: Any) -> list[int]:
    return sorted(LeadList(store).ids(ListQuery(filter=tree, **query)))


def _one(field: str, op: Op, *values: Any) -> Condition:
    return Condition(field, op, values)


# --- against the oracle -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Known]]]:
    """A store with leads at and beside every boundary, and what is known of them."""
    import shutil

    folder = tmp_path_factory.mktemp("filtered")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    store = reopened(folder)
    _fill(store)
    yield store, _known(store)
    store.close()


def _fill(store: Store) -> None:
    members = [1, add_member(store, "Berta", "B"), add_member(store, "Cem", "C")]
    companies = [add_company(store, "Müller & Söhne"), add_company(store, "Straßenbau")]
    with store.write(Text("Lists")) as session:
        session.add_all(Source(name=name, position=place) for place, name in enumerate(("Web", "Messe")))
        session.add_all(Reason(name=name, position=place) for place, name in enumerate(("Preis", "Zeit")))
        session.add(Person(name="Eva", sort_key="eva", search_key="eva", created_at=store.clock.now()))
    states = list(Status)
    with store.write(Text("Categories")) as session:
        for stage in session.query(Stage):
            stage.category = CATEGORIES[stage.id]
    for n in range(60):
        status = states[n % 5]
        closed = status in states[2:]
        lead = add_lead(
            store, ("Relaunch", "Müller Website", "Strasse 100% re_la")[n % 3], status=status,
            stage=None if status is Status.POTENTIAL else ("Erstkontakt", "Angebot", "Mündliche Zusage")[n % 3],
            amount=(0, 1000, 1000, 2500, 30_000)[n % 4] if n % 7 else 1001, currency=("EUR", "SEK")[n % 11 == 0],
            budget=Budget.MONTHLY if n % 6 == 0 else Budget.ONCE,
            period=(None, ("2026-11", "2026-11"), ("2026-10", "2027-02"), ("2027-01", "2027-03"))[n % 4]
            if n % 6 else ("2026-12", "2027-01"),
            probability=(None, 0, 61, 200)[n % 4], user_id=(None, *members)[n % 4],
            company_id=(None, *companies)[n % 3], person_id=(None, 1)[n % 2], source_id=(None, 1, 2)[n % 3],
            reason_id=(None, 1, 2)[n % 3] if closed else None, activated_on=None if n % 8 == 0 else DAY - n % 35,
            closed_on=DAY - n % 33 if closed else None,
            recommender_company_id=companies[n % 2] if n % 9 == 1 else None,
            recommender_person_id=1 if n % 9 == 2 else None,
            created_at=datetime(2026, 11, 23, 22, 59, tzinfo=UTC) + timedelta(minutes=n % 3, days=-(n % 9)),
        )  # fmt: skip
        if status is Status.ACTIVE and n % 8 == 0:
            with store.maintenance() as connection:
                connection.exec_driver_sql("UPDATE lead SET activated_on = NULL WHERE id = ?", (lead,))
        for days in ((), (-1,), (0,), (1, -3), (7,), (8,), (60,))[n % 7]:
            add_step(store, lead, TODAY + timedelta(days))
        if n % 4 == 1:
            add_tag(store, lead, f"Tag {n % 3}")
        with store.maintenance() as connection:
            age = (None, 14, 15, 21, 22, 31)[n % 6]
            connection.exec_driver_sql(
                "UPDATE lead SET last_touch_on = ?, stage_since_on = ? WHERE id = ?",
                (None if age is None else DAY - age, DAY - 40 if n % 5 else None, lead),
            )
    Leads(store).delete([add_lead(store, "in the trash")])


def _known(store: Store) -> list[Known]:
    with store.read() as connection:
        tags = connection.exec_driver_sql("SELECT lead_id, tag_id FROM lead_tag").all()
        steps = connection.exec_driver_sql("SELECT lead_id, due_on FROM step WHERE done_at IS NULL").all()
        texts: dict[int, str] = dict(connection.exec_driver_sql("SELECT row_id, folded FROM search_doc").all())
    lists = LeadList(store)
    return [
        Known(
            row, frozenset(tag for lead, tag in tags if lead == row.id),
            [TODAY + timedelta(due - DAY) for lead, due in steps if lead == row.id], texts[row.id],
        )
        for row in lists.rows(lists.ids(ListQuery()))
    ]  # fmt: skip


@given(tree=trees())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_means_what_the_definitions_say(filled: tuple[Store, list[Known]], tree: Filter) -> None:
    store, leads = filled

    expected = sorted(lead.row.id for lead in leads if holds(tree, lead))
    assert _ids(store, tree) == expected
    assert _ids(store, Not(tree)) == sorted({lead.row.id for lead in leads} - set(expected))


@given(tree=trees())
@settings(max_examples=100, deadline=None)
def test_json_there_and_back(tree: Filter) -> None:
    if _has_empty_group(tree):
        with pytest.raises(InvalidInput):
            record_filter.loads(record_filter.dumps(tree))
    else:
        assert record_filter.loads(record_filter.dumps(tree)) == tree


def _has_empty_group(tree: Filter) -> bool:
    match tree:
        case Not(part):
            return _has_empty_group(part)
        case AllOf(parts) | AnyOf(parts):
            return not parts or any(map(_has_empty_group, parts))
    return False


@given(tree=trees())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_list_sums_and_text_search_agree(filled: tuple[Store, list[Known]], tree: Filter) -> None:
    store, _ = filled
    lists = LeadList(store)
    query = ListQuery(filter=tree)
    ids = list(lists.ids(query))
    assert len(ids) == len(set(ids))
    assert list(lists.first_ids(query, 5)) == ids[:5]
    assert lists.totals(query) == lists.totals_of(ids)
    assert lists.sums(query).count == len(ids)

    typed = text_filter.TextFilter(store)
    assert typed.adopt(typed.build(query))
    search = typed.search("mueller")
    assert search is not None
    search.step(10_000)
    assert search.ids == list(lists.ids(replace(query, text="mueller")))


# --- truth tables -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "values", "hits"),
    [
        (Op.IS, (1,), "a"), (Op.IS, (1, 2), "ab"), (Op.IS, (None,), "n"), (Op.IS, (2, None), "bn"),
        (Op.IS_NOT, (1,), "bn"), (Op.IS_NOT, (None,), "ab"), (Op.IS_NOT, (1, None), "b"), (Op.IS, (99,), ""),
    ],
)  # fmt: skip
def test_responsible_and_nobody(store: Store, op: Op, values: tuple[Any, ...], hits: str) -> None:
    add_member(store, "Berta", "B")
    leads = {add_lead(store, user_id=user): name for name, user in (("a", 1), ("b", 2), ("n", None))}

    assert "".join(leads[lead] for lead in _ids(store, _one("responsible", op, *values))) == hits


@pytest.mark.parametrize(
    ("op", "values", "hits"),
    [
        (Op.IS, (1,), "1b"), (Op.IS, (1, 2), "12b"), (Op.IS, (None,), "n"), (Op.IS_NOT, (1,), "2n"),
        (Op.IS_NOT, (1, None), "2"), (Op.IS_NOT, (None,), "12b"),
    ],
)  # fmt: skip
def test_tags_had_and_not_had(store: Store, op: Op, values: tuple[Any, ...], hits: str) -> None:
    leads = {add_lead(store): name for name in ("1", "2", "b", "n")}
    one, two, both, _ = leads
    assert (add_tag(store, one, "Web"), add_tag(store, two, "Print")) == (1, 2)
    Leads(store).tag([both], add=["Web", "Print"])

    assert "".join(sorted(leads[lead] for lead in _ids(store, _one("tag", op, *values)))) == hits


@pytest.mark.parametrize(
    ("first", "last", "hit"),
    [
        ("2027-01", "2027-01", False), ("2027-01", "2027-02", True), ("2027-04", "2027-09", True),
        ("2027-05", "2027-05", False), ("2027-03", "2027-03", True), ("2026-01", "2028-12", True),
    ],
)  # fmt: skip
def test_a_period_overlaps_whole_months(store: Store, first: str, last: str, hit: bool) -> None:
    lead = add_lead(store, period=("2027-02", "2027-04"))
    add_lead(store)
    asked = record_filter.read({"field": "period", "op": "between", "values": [first, last]})

    assert _ids(store, asked) == ([lead] if hit else [])


@pytest.mark.parametrize(
    ("op", "values", "hits"),
    [
        (Op.OVERDUE, (), [-1]), (Op.TODAY, (), [0]), (Op.COMING, (7,), [0, 7]), (Op.COMING, (0,), [0]),
        (Op.PAST, (1,), [-1, 0]), (Op.FROM, (TODAY,), [0, 7, 8]), (Op.TO, (TODAY,), [-1, 0]),
        (Op.BETWEEN, (TODAY, TODAY + timedelta(7)), [0, 7]), (Op.FILLED, (), [-1, 0, 7, 8]), (Op.EMPTY, (), [None]),
        (Op.IN, ("month", 0), [-1, 0]), (Op.IN, ("month", 1), [7, 8]),
    ],
)  # fmt: skip
def test_next_step(store: Store, op: Op, values: tuple[Any, ...], hits: list[int | None]) -> None:
    leads = {}
    for days in (-1, 0, 7, 8, None):
        leads[add_lead(store)] = days
        if days is not None:
            add_step(store, next(reversed(leads)), TODAY + timedelta(days))

    assert [leads[lead] for lead in _ids(store, _one("next_step", op, *values))] == hits


def test_a_lost_lead_is_never_overdue_but_not_overdue_includes_it(store: Store) -> None:
    lost = add_lead(store, status=Status.LOST)
    add_step(store, lost, TODAY - timedelta(1))

    assert _ids(store, _one("next_step", Op.OVERDUE)) == []
    assert _ids(store, Not(_one("next_step", Op.OVERDUE))) == [lost]


def test_days_of_an_instant_are_those_of_the_store(store: Store) -> None:
    """23:30 in Berlin on the 23rd is the 23rd, 22:30 UTC or not."""
    late = add_lead(store, created_at=datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
    early = add_lead(store, created_at=datetime(2026, 11, 23, 23, 0, tzinfo=UTC))

    assert _ids(store, _one("created", Op.TODAY)) == [early]
    assert _ids(store, _one("created", Op.TO, TODAY - timedelta(1))) == [late]


def test_volume_counts_in_the_base_currency_and_has_no_place_without_a_rate(store: Store) -> None:
    low, high = add_lead(store, amount=999), add_lead(store, amount=1000)
    add_lead(store, amount=5000, currency="SEK")

    assert _ids(store, _one("volume", Op.FROM, 100_000)) == [high]
    assert _ids(store, _one("volume", Op.TO, 99_999)) == [low]
    assert len(_ids(store, _one("volume", Op.EMPTY))) == 1


def test_a_deleted_lead_is_in_no_filter(store: Store) -> None:
    lead = add_lead(store, user_id=1)
    add_tag(store, lead, "Web")
    add_step(store, lead, TODAY)
    Leads(store).delete([lead])

    for asked in (_one("tag", Op.IS_NOT, 7), _one("tag", Op.IS, 1), _one("next_step", Op.FILLED), AllOf(())):
        assert _ids(store, asked) == []


def test_what_is_typed_is_no_sql(store: Store) -> None:
    lead = add_lead(store, "O'Neill; DROP TABLE lead -- 100 % _x")

    for words in ("'", "; drop", "--", "100 %", "_x"):
        assert _ids(store, _one("title", Op.CONTAINS, words)) == [lead]
    assert _ids(store, _one("title", Op.CONTAINS, "100%x")) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [("Müller", 3), ("mueller", 3), ("MULLER", 3), ("ller st", 3), ("strasse", 3), ("aue", 1), ("au", 1), ("e", 4),
     ("eb", 0), ("rae", 3)],
)  # fmt: skip
def test_a_title_is_found_however_it_is_spelled(store: Store, words: str, found: int) -> None:
    for title in ("Müller Straße", "Mueller Strasse", "Muller STRASSE", "Plan für die Aue"):
        add_lead(store, title)
    assert len(_ids(store, _one("title", Op.CONTAINS, words))) == found
    assert len(_ids(store, _one("title", Op.LACKS, words))) == 4 - found


@pytest.mark.parametrize("field", ["title", "text"])
def test_words_are_looked_for_in_all_leads_at_once(store: Store, field: str) -> None:
    """One lead after the other, in the order of the list, takes five times as long."""
    query = ListQuery((Status.ACTIVE,), filter=_one(field, Op.CONTAINS, "zzz"))
    with store.read() as connection:
        source, binds = LeadList(store).source(connection, query)
        asked = f"EXPLAIN QUERY PLAN SELECT lead.id {source.replace('{joins}', '')} ORDER BY lead.weighted_base DESC"
        plan = [row.detail for row in connection.execute(text(asked), binds)]
    assert any("LIST SUBQUERY" in line and "CORRELATED" not in line for line in plan)
    assert any("lead USING COVERING INDEX ix_lead_list" in line for line in plan), plan


def test_a_filter_narrows_with_all_the_rest(store: Store) -> None:
    mine = add_lead(store, "Website", user_id=1)
    add_lead(store, "Website")
    add_lead(store, "Website", user_id=1, status=Status.LOST)

    asked = _one("responsible", Op.IS, 1)
    assert _ids(store, asked, statuses=(Status.ACTIVE,), text="web") == [mine]


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_json_is_readable() -> None:
    tree = AnyOf((
        AllOf((_one("stage", Op.IS, 1, None), _one("next_step", Op.FROM, date(2027, 1, 31)))),
        Not(_one("period", Op.BETWEEN, 2027 * 12, 2027 * 12 + 2)),
    ))  # fmt: skip

    assert json.loads(record_filter.dumps(tree)) == {
        "any": [
            {
                "all": [
                    {"field": "stage", "op": "is", "values": [1, None]},
                    {"field": "next_step", "op": "from", "values": ["2027-01-31"]},
                ]
            },
            {"not": {"field": "period", "op": "between", "values": ["2027-01", "2027-03"]}},
        ]
    }


_STAGE = '{"field": "stage", "op": "is", "values": [1]}'


@pytest.mark.parametrize(
    "written",
    [
        "", "{", "null", "[]", "7", '"all"', "{}", '{"all": []}', '{"any": {}}', '{"not": []}', '{"all": [1]}',
        '{"all": [' + _STAGE + '], "any": []}', '{"not": ' + _STAGE + ', "also": 1}',
        '{"field": "stage"}', '{"field": "stage", "op": "is", "values": [1], "more": 1}',
        '{"field": "stage", "op": "is", "values": []}', '{"field": "stage", "op": "is", "values": ["x"]}',
        '{"field": "stage", "op": "is", "values": [true]}', '{"field": "stage", "op": "is", "values": [1.5]}',
        '{"field": "stage", "op": "is", "values": [-1]}', '{"field": "stage", "op": "is", "values": [1e99]}',
        '{"field": "stage", "op": "is", "values": [9999999999999999999999]}',
        '{"field": "stage", "op": "is", "values": [[1]]}', '{"field": "stage", "op": "from", "values": [1]}',
        '{"field": "stage", "op": "DROP", "values": [1]}', '{"field": "lead.id; --", "op": "is", "values": [1]}',
        '{"field": "status", "op": "is", "values": ["open"]}', '{"field": "status", "op": "is", "values": [null]}',
        '{"field": "created", "op": "empty", "values": []}', '{"field": "idle", "op": "yes", "values": [1]}',
        '{"field": "closed", "op": "from", "values": ["2026-02-30"]}',
        '{"field": "closed", "op": "from", "values": [5]}',
        '{"field": "closed", "op": "between", "values": ["2026-03-02", "2026-03-01"]}',
        '{"field": "closed", "op": "in", "values": ["week", 0]}', '{"field": "closed", "op": "past", "values": [-1]}',
        '{"field": "period", "op": "from", "values": ["2026-13"]}',
        '{"field": "volume", "op": "from", "values": ["1"]}',
        '{"field": "probability", "op": "to", "values": [201]}',
        '{"field": "title", "op": "contains", "values": [" "]}',
        '{"field": "title", "op": "contains", "values": ["' + "x" * 201 + '"]}',
        '{"not": ' * 13 + _STAGE + "}" * 13, '{"not": ' * 9999 + _STAGE + "}" * 9999,
        '{"all": [' + ", ".join([_STAGE] * 101) + "]}",
        '{"field": "stage", "op": "is", "values": [' + ", ".join(["1"] * 501) + "]}",
    ],
)  # fmt: skip
def test_json_that_is_foreign_or_damaged_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_filter.loads(written)
    assert str(refused.value).startswith("This filter is not understood.")


def test_the_deepest_and_longest_is_still_answered(store: Store) -> None:
    lead = add_lead(store, stage="Erstkontakt")
    deep = record_filter.loads('{"not": ' * 11 + _STAGE + "}" * 11)
    wide = AllOf(tuple(_one("stage", Op.IS, *range(1, 301)) for _ in range(100)))

    assert _ids(store, deep) == []
    assert _ids(store, wide) == [lead]


# --- changes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "verb"),
    [
        (_one("volume", Op.FROM, 1), lambda leads, lead: leads.edit([lead], amount=Money(5, "EUR"))),
        (_one("tag", Op.IS, 1), lambda leads, lead: leads.tag([lead], add=["Neu"])),
        (_one("title", Op.CONTAINS, "x"), lambda leads, lead: leads.edit([lead], title="x")),
        (_one("text", Op.CONTAINS, "x"), lambda leads, lead: leads.edit([lead], info="x")),
        (_one("period", Op.EMPTY), lambda leads, lead: leads.edit([lead], period=(THIS_MONTH, THIS_MONTH))),
        (_one("budget", Op.IS, "once"), lambda leads, lead: leads.edit(
            [lead], budget=Budget.MONTHLY, period=(THIS_MONTH, THIS_MONTH))),
        (_one("company", Op.IS, None), lambda leads, lead: leads.edit([lead], company="Neu GmbH")),
        (_one("idle", Op.YES), lambda leads, lead: leads.edit([lead], info="x")),
    ],
)  # fmt: skip
def test_a_change_of_what_is_asked_reorders(store: Store, asked: Condition, verb: Any) -> None:
    lead = add_lead(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    verb(Leads(store), lead)

    assert ListQuery(sort="responsible", filter=AllOf((Not(asked),))).reordered_by(heard[-1])


def test_a_change_of_something_else_does_not(store: Store) -> None:
    lead = add_lead(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    Leads(store).edit([lead], info="x")

    assert not ListQuery(sort="title", filter=_one("tag", Op.IS, 1)).reordered_by(heard[-1])


def test_every_field_says_what_it_rests_on() -> None:
    for entity in Entity:
        for key in fields_of(entity):
            found = sql_of(entity, key)
            assert entity_of(key) is entity
            assert found.columns or found.tables or found.computed
            where = found.column or found.key or found.link or found.holds or found.flags
            assert where or found == FieldSql(computed=True)


def test_the_text_of_a_list_is_read_anew_on_another_day(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "Website")
    add_step(store, lead, TODAY)
    query = ListQuery(filter=_one("next_step", Op.OVERDUE), text="web")
    typed = text_filter.TextFilter(store)
    assert typed.adopt(typed.build(query))
    assert typed.ready(query)

    clock.instant = FixedClock.at(TODAY + timedelta(1), ZONE).instant
    assert not typed.ready(query)
