"""Lists of leads: order, rows, sums, and what counts as overdue or idle."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Budget, Status
from app.models import engine
from app.models.store import Store
from app.services.lead_fields import NextStep
from app.services.lead_list import SORT_KEYS, LeadList, ListQuery, TabCounts, Totals
from app.services.leads import Leads
from tests.stores import TODAY, ZONE, add_company, add_lead, add_member, add_rate, add_step, add_tag, month

DAY = day_number(TODAY)
ACTIVE = ListQuery((Status.ACTIVE,))


def _ids(store: Store, **query: object) -> list[int]:
    return list(LeadList(store).ids(ListQuery(**query)))  # type: ignore[arg-type]


def _age(store: Store, lead: int, *, touched: int | None, since: int | None) -> None:
    """Give a lead its last touch and stage entry, in days before today."""
    days = [None if days is None else DAY - days for days in (touched, since)]
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET last_touch_on = ?, stage_since_on = ? WHERE id = ?", (*days, lead))


def test_row_of_an_active_lead(store: Store) -> None:
    company = add_company(store, "Müller & Söhne")
    lead = add_lead(
        store, "Relaunch", stage="Angebot", amount=Decimal("1234.50"), budget=Budget.MONTHLY,
        period=("2027-01", "2027-03"), company_id=company, user_id=1, external_number="A-7", info="eilig",
    )  # fmt: skip
    add_tag(store, lead, "web")
    add_tag(store, lead, "Alpha")
    add_step(store, lead, TODAY + timedelta(days=3), "Anrufen")

    (row,) = LeadList(store).rows([lead])
    assert (row.id, row.title, row.status, row.stage, row.probability) == (lead, "Relaunch", "active", "Angebot", 60)
    assert (row.company_id, row.company, row.user, row.initials) == (company, "Müller & Söhne", "Anna Kern", "AK")
    assert (row.amount, row.budget, row.total, row.weighted) == (Money(123_450, "EUR"), "monthly", 370_350, 111_105)
    assert (row.period_first, row.period_last) == (month("2027-01"), month("2027-03"))
    assert (row.next_step_on, row.next_step_text, row.next_step_time) == (date(2026, 11, 27), "Anrufen", None)
    assert (row.tags, row.external_number, row.info) == (("Alpha", "web"), "A-7", "eilig")
    assert (row.activated_on, row.closed_on, row.own_probability, row.idle) == (TODAY, None, False, False)
    assert row.created_at.isoformat() == "2026-11-24T09:00:00+01:00"


@pytest.mark.parametrize(
    ("status", "own", "expected"),
    [
        (Status.ACTIVE, None, 2), (Status.ACTIVE, 0, 0), (Status.ACTIVE, 33, 33), (Status.WON, 33, 200),
        (Status.LOST, 33, 0), (Status.DROPPED, None, 0), (Status.POTENTIAL, None, None), (Status.POTENTIAL, 33, 33),
    ],
)  # fmt: skip
def test_probability_in_effect(store: Store, status: Status, own: int | None, expected: int | None) -> None:
    lead = add_lead(store, status=status, probability=own)

    (row,) = LeadList(store).rows([lead])
    assert (row.probability, row.own_probability) == (expected, own is not None)


def test_rows_keep_the_order_and_leave_out_what_is_gone(store: Store) -> None:
    one, two, three = (add_lead(store, str(n)) for n in range(3))
    Leads(store).delete([two])

    assert [row.id for row in LeadList(store).rows([three, 999, two, one])] == [three, one]
    assert LeadList(store).rows([]) == []


def test_every_order_is_total_and_puts_nothing_last(store: Store) -> None:
    add_rate(store, "CHF", TODAY, "0.9")
    company = add_company(store, "Zeppelin")
    full = add_lead(
        store, "Zz", company_id=company, user_id=1, period=("2027-01", "2027-02"), external_number="X", amount=5,
        probability=200,
    )  # fmt: skip
    add_step(store, full, TODAY)
    bare = [add_lead(store, "Aa", currency="USD", amount=5) for _ in range(2)]
    for key in SORT_KEYS:
        up, down = _ids(store, sort=key, descending=False), _ids(store, sort=key)
        assert sorted(up) == sorted(down) == sorted([full, *bare])
        if key in {"company", "responsible", "volume", "total", "weighted", "period", "next_step", "number"}:
            assert up[0] == down[0] == full, key
        query = ListQuery(sort=key, descending=False)
        assert list(LeadList(store).first_ids(query, 2)) == up[:2]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("closed", [{"closed_on": DAY - 2}, {"closed_on": DAY - 1}]),
        ("age", [{"activated_on": DAY}, {"activated_on": DAY - 1}]),
        ("activated", [{"activated_on": DAY - 1}, {"activated_on": DAY}]),
        ("probability", [{"probability": 10}, {"stage": "Angebot"}]),
        ("volume", [{"amount": 9}, {"amount": 10}]),
        ("number", [{"external_number": "A"}, {"external_number": "B"}]),
        ("status", [{"status": Status.ACTIVE}, {"status": Status.WON}]),
        ("stage", [{"stage": "Vorstellung"}, {"stage": "Angebot"}]),
        ("cycle", [{"closed_on": DAY, "activated_on": DAY - 1}, {"closed_on": DAY, "activated_on": DAY - 5}]),
    ],
)
def test_ascending_order(store: Store, key: str, values: list[dict[str, object]]) -> None:
    low, high = (add_lead(store, **columns) for columns in values)  # type: ignore[arg-type]

    assert _ids(store, sort=key, descending=False) == [low, high]
    assert _ids(store, sort=key) == [high, low]


def test_texts_sort_as_in_a_german_dictionary(store: Store) -> None:
    zebra, aerger, apfel = (add_lead(store, title) for title in ("Zebra", "Ärger", "Apfel"))

    assert _ids(store, sort="title", descending=False) == [apfel, aerger, zebra]


def test_an_unknown_order_is_an_error(store: Store) -> None:
    with pytest.raises(KeyError):
        LeadList(store).ids(ListQuery(sort="lead.id; DROP TABLE lead"))


def test_narrowed_by_stage_member_and_day(store: Store) -> None:
    berta = add_member(store, "Berta", "B")
    mine = add_lead(store, user_id=1, stage="Angebot")
    hers = add_lead(store, user_id=berta, stage="Erstkontakt")
    young = add_lead(store, activated_on=DAY + 5)

    assert _ids(store, stage_id=3) == [mine]
    assert _ids(store, user_id=berta) == [hers]
    assert _ids(store, activated_from=TODAY + timedelta(days=5)) == [young]
    assert _ids(store, activated_from=TODAY + timedelta(days=6)) == []


def test_totals_and_counts(store: Store) -> None:
    late = add_lead(store, amount=100, probability=100, activated_on=DAY - 9)
    add_step(store, late, TODAY - timedelta(days=1))
    add_lead(store, amount=50, currency="USD", activated_on=DAY - 4)
    add_lead(store, status=Status.WON, amount=7, activated_on=DAY - 30, closed_on=DAY - 10)
    add_lead(store, status=Status.POTENTIAL, amount=3)
    lists = LeadList(store)

    assert lists.totals(ACTIVE) == Totals(2, 10_000, 5_000, 1, 7, 1, 0)  # 6.5 days, half up
    assert lists.totals(ListQuery((Status.WON,))) == Totals(1, 700, 0, 0, 20, 0, 0)
    assert lists.totals(ListQuery((Status.POTENTIAL,))) == Totals(1, 300, 0, 0, None, 0, 0)
    assert lists.totals_of(lists.ids(ACTIVE)) == lists.totals(ACTIVE)
    assert lists.totals_of([]) == Totals()
    assert lists.counts() == TabCounts(1, 2, 1, 1)


def test_t1_t7_the_footer_is_the_sum_of_rounded_leads(store: Store) -> None:
    for _ in range(3):
        add_lead(store, amount=Decimal("10.01"), probability=67)
    add_lead(store, amount=100, probability=198)
    add_lead(store, amount=200, probability=0)

    assert LeadList(store).totals(ACTIVE).weighted == 1_005 + 9_900


def test_done_steps_of_closed_leads_are_not_overdue(store: Store) -> None:
    add_step(store, add_lead(store), TODAY - timedelta(days=1), done=True)
    add_step(store, add_lead(store, status=Status.LOST), TODAY - timedelta(days=1))
    add_step(store, add_lead(store), TODAY)

    assert LeadList(store).counts().overdue == 0
    assert _ids(store, overdue=True) == []


@pytest.mark.parametrize(
    ("touched", "since", "idle"),
    [(21, 21, False), (22, 22, True), (22, 21, False), (21, 22, False), (None, 22, True), (22, None, True),
     (None, None, False)],
)  # fmt: skip
def test_idle_after_more_than_the_days_of_the_stage(
    store: Store, touched: int | None, since: int | None, idle: bool
) -> None:
    lead = add_lead(store, stage="Angebot")
    _age(store, lead, touched=touched, since=since)

    assert LeadList(store).rows([lead])[0].idle is idle
    assert (_ids(store, idle=True) == [lead]) is idle
    assert LeadList(store).totals(ACTIVE).idle == idle


@pytest.mark.parametrize(
    ("dues", "done", "idle"),
    [
        ((60,), False, False),
        ((0,), False, False),
        ((-1,), False, True),
        ((-1, 60), False, False),
        ((-1, 0), False, False),
        ((60,), True, True),
    ],
)
def test_t16_a_planned_step_suspends_idleness(store: Store, dues: tuple[int, ...], done: bool, idle: bool) -> None:
    lead = add_lead(store, stage="Angebot")
    for days in dues:
        add_step(store, lead, TODAY + timedelta(days=days), done=done)
    _age(store, lead, touched=100, since=100)

    assert LeadList(store).rows([lead])[0].idle is idle


@pytest.mark.parametrize(
    "touch",
    [
        lambda leads, lead: leads.note([lead], "Angerufen"),
        lambda leads, lead: leads.finish_step([lead]),
        lambda leads, lead: leads.edit([lead], info="Will noch warten"),
    ],
    ids=["note", "step", "edit"],
)
def test_t15_what_somebody_does_ends_idleness_however_old_the_lead_is(
    store: Store, clock: FixedClock, touch: Callable[[Leads, int], None]
) -> None:
    leads = Leads(store)
    clock.instant = FixedClock.at(TODAY - timedelta(days=400), ZONE).instant
    lead = leads.create(Status.ACTIVE, title="Alt", next_step=NextStep(TODAY - timedelta(days=390)))
    clock.instant = FixedClock.at(TODAY, ZONE).instant
    assert _ids(store, idle=True) == [lead]

    touch(leads, lead)

    assert _ids(store, idle=True) == []


def test_only_active_leads_of_stages_with_a_limit_are_idle(store: Store) -> None:
    leads = [add_lead(store, status=status) for status in Status]
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE stage SET idle_days = 0")
    for lead in leads:
        _age(store, lead, touched=500, since=500)

    assert _ids(store, idle=True) == []


def test_the_day_turns(store: Store, clock: FixedClock) -> None:
    add_step(store, add_lead(store), TODAY)
    assert LeadList(store).counts().overdue == 0

    clock.instant = FixedClock.at(TODAY + timedelta(days=1), ZONE, hour=0).instant
    assert LeadList(store).counts().overdue == 1


@pytest.mark.parametrize(
    ("sort", "verb", "moves"),
    [
        ("weighted", {"amount": Money(5, "EUR")}, True),
        ("title", {"amount": Money(5, "EUR")}, False),
        ("title", {"title": "Neu"}, True),
        ("weighted", {"info": "Neu"}, False),
        ("responsible", {"info": "Neu"}, False),
    ],
)
def test_what_a_change_does_to_the_order(store: Store, sort: str, verb: dict[str, object], moves: bool) -> None:
    lead = add_lead(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    Leads(store).edit([lead], **verb)  # type: ignore[arg-type]

    assert ListQuery(sort=sort).reordered_by(heard[-1]) is moves


def test_new_closed_and_restored_leads_reorder_every_list(store: Store) -> None:
    lead = add_lead(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    Leads(store).close([lead], Status.WON)
    store.undo()
    Leads(store).delete([lead])

    assert all(ListQuery(sort=sort).reordered_by(change) for sort in SORT_KEYS for change in heard)


def test_a_list_that_nobody_waits_for_any_more_is_not_read_to_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> None:
        raise Cancelled(Text("Cancelled."))

    monkeypatch.setattr(engine, "_BEAT", 10)
    lead = add_lead(store, "Website")
    with pytest.raises(Cancelled):
        LeadList(store).first_ids(ListQuery(text="website"), 5, stop)
    assert list(LeadList(store).first_ids(ListQuery(text="website"), 5)) == [lead]
