"""The forecast: fixtures of the definitions to the cent, and random leads against a slow reckoning."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.calendar import day_number
from app.core.i18n import Text
from app.core.terms import Budget, Status
from app.models.schema import Stage
from app.models.store import Store
from app.services.forecast import OTHERS, Bucket, By, Forecast, ForecastResult, Scope, Sums
from app.services.leads import Leads
from tests.services import plain
from tests.stores import TODAY, add_company, add_lead, add_member, add_rate, month

JAN_TO_DEC = (month("2027-01"), month("2027-12"))


def _zero(result: ForecastResult) -> Sums:
    parts = [result.before, result.after, result.without_period, result.omitted, *(m.sums for m in result.months)]
    return Sums(*(sum(part[place] for part in parts) for place in range(3)))


@pytest.fixture
def fixture(store: Store) -> Store:
    """Leads A to E of the definitions."""
    with store.write(Text("Stages")) as session:
        for name, halves in (("A", 70), ("B", 120), ("C", 2), ("D", 180)):
            session.add(Stage(name=name, probability=halves, position=10, idle_days=0, required=""))
    add_lead(store, "A", stage="A", amount=24_000, period=("2027-01", "2027-03"))
    add_lead(store, "B", stage="B", amount=3_000, budget=Budget.MONTHLY, period=("2027-02", "2027-07"))
    add_lead(store, "C", stage="C", amount=10_000, period=("2027-03", "2027-05"), probability=40)
    add_lead(store, "D", stage="D", amount=5_000)
    add_lead(store, "E", status=Status.POTENTIAL, amount=40_000)
    return store


def test_fixture_by_month(fixture: Store) -> None:
    result = Forecast(fixture).months(*JAN_TO_DEC)

    weighted = [280_000, 460_000, 526_667, 246_667, 246_666, 180_000, 180_000, 0, 0, 0, 0, 0]
    assert [m.sums.weighted for m in result.months] == weighted
    assert result.without_period == Sums(0, 450_000, 500_000, 1)
    assert result.total == Sums(0, 2_570_000, 5_700_000, 4)
    assert sum(weighted) == 2_120_000
    assert result.before == result.after == result.moved == Sums()


def test_default_is_this_month_and_the_next_eleven(fixture: Store) -> None:
    result = Forecast(fixture).months()

    assert [m.month for m in result.months] == list(range(month("2026-11"), month("2027-11")))
    assert result.currency == "EUR"


def test_t1_weighted_is_the_sum_of_weighted_leads(store: Store) -> None:
    add_lead(store, amount=100, probability=198)
    add_lead(store, amount=200, probability=0)

    assert Forecast(store).months().total.weighted == 9_900


def test_t7_rounded_once_per_lead(store: Store) -> None:
    for _ in range(3):
        add_lead(store, amount=Decimal("10.01"), probability=67, period=("2027-01", "2027-01"))

    result = Forecast(store).months(*JAN_TO_DEC)
    assert result.months[0].sums.weighted == result.total.weighted == 1_005


def test_t8_lost_and_dropped_are_worth_nothing(store: Store) -> None:
    add_lead(store, status=Status.LOST, period=("2027-01", "2027-03"))
    add_lead(store, status=Status.DROPPED)

    assert Forecast(store).months().total == Sums()


def test_t20_a_new_rate_leaves_what_was_won_alone(store: Store) -> None:
    add_rate(store, "CHF", date(2025, 1, 1), "0.95")
    add_lead(store, status=Status.WON, amount=1_000, currency="CHF", closed_on=day_number(date(2025, 6, 1)))
    add_lead(store, amount=1_000, currency="CHF", probability=200)
    add_rate(store, "CHF", TODAY, "1.10")

    total = Forecast(store).months().total
    assert (total.secured, total.weighted) == (95_000, 110_000)


def test_t3_without_a_rate_in_no_sum_but_counted(store: Store) -> None:
    add_lead(store, amount=50, currency="USD", probability=200, period=("2027-01", "2027-01"))
    add_lead(store, amount=50, probability=200, period=("2027-01", "2027-01"))
    add_lead(store, amount=50, currency="USD", status=Status.WON)

    result = Forecast(store).months(*JAN_TO_DEC)
    assert result.total == Sums(0, 5_000, 5_000, 1)
    assert (result.without_rate, result.open_without_rate) == (2, 1)


def test_past_months_of_an_open_lead_move_to_this_month(store: Store) -> None:
    lead = add_lead(store, amount=400, probability=100, period=("2026-09", "2026-12"))
    forecast = Forecast(store)

    result = forecast.months()
    assert [m.sums.unweighted for m in result.months[:3]] == [30_000, 10_000, 0]
    assert result.moved == Sums(0, 10_000, 20_000, 1)
    assert forecast.moved_leads() == (lead,)


def test_a_period_that_is_over_is_not_lost(store: Store) -> None:
    add_lead(store, amount=100, probability=200, period=("2024-01", "2024-03"))

    later = Forecast(store).months(month("2027-01"), month("2027-02"))
    assert later.before == Sums(0, 10_000, 10_000, 1)
    earlier = Forecast(store).months(month("2024-01"), month("2024-12"))
    assert earlier.after == Sums(0, 10_000, 10_000, 1)
    assert all(m.sums == Sums() for m in earlier.months)


def test_won_leads_stay_in_their_months(store: Store) -> None:
    add_lead(store, status=Status.WON, amount=300, period=("2026-09", "2026-11"))
    add_lead(store, status=Status.WON, amount=50, closed_on=day_number(date(2026, 10, 31)))

    result = Forecast(store).months(month("2026-09"), month("2026-11"))
    assert [m.sums.secured for m in result.months] == [10_000, 15_000, 10_000]
    assert result.moved == Sums()


def test_a_window_of_the_far_future_is_empty(store: Store) -> None:
    add_lead(store, period=("1900-01", "9998-12"), probability=200)

    result = Forecast(store).months(month("3000-01"), month("3000-02"))
    assert _zero(result) == Sums(*result.total[:3])


def test_trashed_leads_are_not_seen(store: Store) -> None:
    add_lead(store, deleted_at=store.clock.now())

    assert Forecast(store).months().total == Sums()


@settings(max_examples=60)
@given(leads=st.lists(plain.plans(), max_size=14), offset=st.integers(-14, 24), length=st.integers(1, 20))
def test_random_leads(template: Path, leads: list[plain.Plan], offset: int, length: int) -> None:
    first, last = plain.THIS_MONTH + offset, plain.THIS_MONTH + offset + length - 1
    with plain.filled(template, leads) as (store, known):
        forecast = Forecast(store)
        result = forecast.months(first, last)

        expected: dict[plain.Where, list[int]] = {}
        for plan in leads:
            for where, figures in plain.by_month(plan).items():
                sums = expected.setdefault(where, [0, 0, 0])
                expected[where] = [a + b for a, b in zip(sums, figures, strict=True)]
        for shown in result.months:
            assert list(shown.sums[:3]) == expected.get(shown.month, [0, 0, 0])
        assert list(result.without_period[:3]) == expected.get(None, [0, 0, 0])
        assert list(result.omitted[:3]) == expected.get("omitted", [0, 0, 0])
        assert _zero(result) == Sums(*result.total[:3])
        assert result.total[:3] == tuple(sum(sums[place] for sums in expected.values()) for place in range(3))
        _check_behind(forecast, result, first, last, set(known))


def _check_behind(forecast: Forecast, result: ForecastResult, first: int, last: int, ids: set[int]) -> None:
    for bucket, sums in _figures(result).items():
        behind = forecast.leads_behind(bucket, first, last)
        assert len(behind) == sums.leads
        assert len({share.lead_id for share in behind} & ids) == len(behind)
        assert sums[:3] == tuple(sum(share.sums[place] for share in behind) for place in range(3))


def _figures(result: ForecastResult) -> dict[Bucket, Sums]:
    """Every figure of a result by its bucket."""
    return {
        "before": result.before, "after": result.after, "without_period": result.without_period,
        "omitted": result.omitted, "total": result.total, "moved": result.moved,
        **{m.month: m.sums for m in result.months}, **{(q.month, q.last): q.sums for q in result.quarters},
    }  # fmt: skip


@settings(max_examples=15)
@given(
    leads=st.lists(plain.plans(), max_size=12), by=st.sampled_from(get_args(By)),
    user=st.sampled_from([None, 1]), first=st.integers(-8, 8), length=st.integers(1, 14),
)  # fmt: skip
def test_every_split_comes_to_the_whole(
    template: Path, leads: list[plain.Plan], by: By, user: int | None, first: int, length: int
) -> None:
    months = (plain.THIS_MONTH + first, plain.THIS_MONTH + first + length - 1)
    with plain.filled(template, leads) as (store, _):
        forecast, scope = Forecast(store), Scope(user)
        whole = forecast.months(*months, of=scope, quarters=True)
        parts = forecast.split(by, *months, of=scope, quarters=True)
        for bucket, sums in _figures(whole).items():
            assert tuple(sums) == tuple(sum(_figures(p.result)[bucket][place] for p in parts) for place in range(4))
        for part in parts:
            for bucket, sums in _figures(part.result).items():
                behind = forecast.leads_behind(bucket, *months, of=Scope(user, by, part.key))
                assert tuple(sums) == (*(sum(s.sums[i] for s in behind) for i in range(3)), len(behind))
        kinds: tuple[Literal["won", "open"], ...] = ("won", "open")
        for kind in kinds:
            behind = forecast.leads_behind("total", of=Scope(user, kind=kind))
            part_sums = forecast.months(of=Scope(user, kind=kind)).total
            assert part_sums.leads == len(behind)


def test_quarters_are_those_of_the_calendar(store: Store) -> None:
    add_lead(store, amount=700, probability=200, period=("2027-02", "2027-08"))
    result = Forecast(store).months(month("2027-02"), month("2027-08"), quarters=True)
    shown = [(each.month, each.last, each.sums.weighted, each.sums.leads) for each in result.quarters]
    assert shown == [
        (month("2027-02"), month("2027-03"), 20_000, 1),
        (month("2027-04"), month("2027-06"), 30_000, 1),
        (month("2027-07"), month("2027-08"), 20_000, 1),
    ]


def test_an_omitted_lead_stands_in_no_month_but_in_the_total(store: Store) -> None:
    add_lead(store, "In", amount=100, probability=200, period=("2027-01", "2027-01"))
    out = add_lead(store, "Out", amount=50, probability=100, period=("2026-09", "2027-01"), category="omitted")
    add_lead(store, "Won", amount=30, status=Status.WON, category="omitted", period=("2027-01", "2027-01"))
    forecast = Forecast(store)
    result = forecast.months(*JAN_TO_DEC)
    assert result.months[0].sums == Sums(3_000, 10_000, 10_000, 2)
    assert result.omitted == Sums(0, 2_500, 5_000, 1)
    assert result.total == Sums(3_000, 12_500, 15_000, 3)
    assert result.moved == Sums()
    assert [share.lead_id for share in forecast.leads_behind("omitted")] == [out]


def test_parts_stand_in_the_order_of_the_funnel_or_the_largest_first(store: Store) -> None:
    member = add_member(store, "Ben Roth", "BR")
    add_lead(store, "Small", stage="Erstkontakt", amount=100, user_id=member)
    add_lead(store, "Large", stage="Angebot", amount=900, user_id=1, category="commit")
    add_lead(store, "Won", status=Status.WON, amount=1)
    forecast = Forecast(store)
    assert [part.name or part.key for part in forecast.split("stage")] == ["won", "Angebot", "Erstkontakt"]
    assert [part.key for part in forecast.split("category")] == ["won", "commit", "pipeline"]
    assert [part.name for part in forecast.split("person")] == ["Anna Kern", "Ben Roth", None]


def test_of_many_companies_the_smaller_ones_are_one_part(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.forecast._LARGEST", 2)
    for number in range(5):
        company = add_company(store, f"Firma {number}")
        add_lead(store, amount=100 * (number + 1), probability=200, company_id=company, period=("2027-01", "2027-01"))
    add_lead(store, "Nobody's", amount=7, probability=200)
    forecast = Forecast(store)
    parts = forecast.split("company", *JAN_TO_DEC)
    assert [part.name or part.key for part in parts] == ["Firma 4", "Firma 3", None, OTHERS]
    assert [part.result.total.weighted for part in parts] == [50_000, 40_000, 700, 60_000]
    behind = forecast.leads_behind("total", of=parts[-1].scope(Scope(), "company"))
    assert sum(share.sums.weighted for share in behind) == 60_000


def test_a_moved_lead_changes_its_old_and_new_months_only(store: Store) -> None:
    lead = add_lead(store, amount=10, probability=67, period=("2027-01", "2027-03"))
    add_lead(store, amount=77, probability=33, period=("2027-01", "2027-08"))
    forecast, leads = Forecast(store), Leads(store)
    before = forecast.months(*JAN_TO_DEC)
    leads.move_period([lead], month("2027-06"))
    after = forecast.months(*JAN_TO_DEC)
    assert after.total == before.total
    changed = [a.month for a, b in zip(after.months, before.months, strict=True) if a.sums != b.sums]
    assert changed == [month(f"2027-{number:02}") for number in (1, 2, 3, 6, 7, 8)]
    store.undo()
    assert forecast.months(*JAN_TO_DEC) == before
