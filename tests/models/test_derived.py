"""Columns that follow from others, against a reckoning of its own in fractions and full lists."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.calendar import day_number, day_of, month_number
from app.core.clock import FixedClock
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.terms import Budget, Status
from app.models import derived, undo
from app.models.many import CHUNK
from app.models.schema import Company, Lead, LeadTag, Person, Stage, StageEntry, Step, StoreSetting, Tag
from app.models.store import Store
from tests.stores import STAGES, TODAY, add_company, add_lead, add_rate, add_step, add_tag

Row = dict[str, Any]


def _rows(store: Store, query: str) -> list[Row]:
    with store.maintenance() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def _lead(store: Store, lead: int = 1) -> Row:
    return _rows(store, f"SELECT * FROM lead WHERE id = {lead}")[0]


def _half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _rate(rates: list[Row], currency: str, day: int) -> Fraction | None:
    valid = [rate for rate in rates if rate["currency"] == currency and rate["valid_from"] <= day]
    return Fraction(max(valid, key=lambda rate: rate["valid_from"])["rate"]) if valid else None


def _expected(lead: Row, rates: list[Row], today: int) -> Row:
    """FORMULAS: total, converted, rounded once, weighed, rounded; a month is the total divided down."""
    months = 1 if lead["period_first"] is None else lead["period_last"] - lead["period_first"] + 1
    total = Fraction(lead["amount_minor"] * (months if lead["budget"] == "monthly" else 1))
    if lead["currency"] != "EUR":
        closed = lead["status"] in ("won", "lost", "dropped")
        rate = _rate(rates, lead["currency"], lead["closed_on"] if closed else today)
        if rate is None:
            return {"total_base": None, "weighted_base": None, "month_base": None, "month_weighted": None}
        yen = 100 if lead["currency"] == "JPY" else 1
        total = Fraction(_half_up(total * rate * yen))
    halves = (
        STAGES[lead["stage_id"] - 1][1] if lead["probability"] is None and lead["stage_id"] else lead["probability"]
    )
    share = Fraction(halves or 0, 200) if lead["status"] == "active" else Fraction(0)
    month = int(total) // months
    return {
        "total_base": int(total),
        "weighted_base": _half_up(total * share),
        "month_base": month,
        "month_weighted": _half_up(month * share),
    }


def _random_lead(store: Store, chance: random.Random) -> None:
    status = chance.choice(list(Status))
    period = None
    if chance.random() < 0.7:
        first = month_number(TODAY) + chance.randint(-20, 20)
        period = (first, first + chance.randint(0, 14))
    monthly = period is not None and chance.random() < 0.4
    columns: Row = {
        "amount_minor": chance.choice([0, 1, 99, 1001, 1_000_000, chance.randint(0, 10**9), 10**13]),
        "currency": chance.choice(["EUR", "EUR", "CHF", "JPY", "USD"]),
        "budget": Budget.MONTHLY if monthly else Budget.ONCE,
        "probability": chance.choice([None, None, 0, 1, 67, 199, 200]),
        "period_first": period and period[0],
        "period_last": period and period[1],
    }
    if status in ("won", "lost", "dropped"):
        columns |= {"activated_on": 1, "closed_on": day_number(TODAY) - chance.randint(0, 900)}
    add_lead(store, "x", status=status, stage=chance.choice(STAGES)[0], **columns)


def test_values_equal_an_oracle(store: Store) -> None:
    chance = random.Random(20261124)
    for number in range(12):
        add_rate(store, "CHF", TODAY - timedelta(days=80 * number - 200), f"0.9{number}37")
        add_rate(store, "JPY", TODAY - timedelta(days=90 * number - 100), f"0.00{60 + number}")
    for _ in range(250):
        _random_lead(store, chance)
    rates = _rows(store, "SELECT * FROM rate")
    for lead in _rows(store, "SELECT * FROM lead"):
        expected = _expected(lead, rates, day_number(TODAY))
        assert {name: lead[name] for name in expected} == expected, lead
        span = (lead["period_first"], lead["period_last"])
        if lead["status"] == "won" and span == (None, None):
            span = (month_number(day_of(lead["closed_on"])),) * 2
        assert (lead["forecast_first"], lead["forecast_last"]) == span
    with store.maintenance() as connection:
        assert derived.differing(connection, TODAY) == []


def test_the_fixture_of_the_formulas(store: Store) -> None:
    add_lead(store, "A", amount=24_000, probability=70, period=("2027-01", "2027-03"))
    add_lead(store, "B", amount=3_000, budget=Budget.MONTHLY, probability=120, period=("2027-02", "2027-07"))
    add_lead(store, "C", amount=10_000, probability=40, period=("2027-03", "2027-05"))
    add_lead(store, "D", amount=5_000, probability=180)
    add_lead(store, "E", amount=40_000, status=Status.POTENTIAL)
    found = [(row["weighted_base"], row["month_weighted"]) for row in _rows(store, "SELECT * FROM lead ORDER BY id")]
    assert found == [(840_000, 280_000), (1_080_000, 180_000), (200_000, 66_667), (450_000, 450_000), (0, 0)]
    assert sum(pair[0] for pair in found) == 2_570_000


def test_three_leads_rounded_each_on_its_own(store: Store) -> None:
    for _ in range(3):
        add_lead(store, amount=Decimal("10.01"), probability=67)
    assert sum(row["weighted_base"] for row in _rows(store, "SELECT * FROM lead")) == 1005


def test_todays_rate_for_open_leads_that_of_the_closing_day_for_closed_ones(store: Store, clock: FixedClock) -> None:
    add_rate(store, "CHF", TODAY - timedelta(days=10), "0.9")
    add_rate(store, "CHF", TODAY + timedelta(days=1), "1.1")
    add_lead(store, amount=1000, currency="CHF")
    add_lead(store, amount=1000, currency="CHF", status=Status.WON, closed_on=day_number(TODAY) - 1)
    add_lead(store, amount=1000, currency="CHF", status=Status.WON, activated_on=1, closed_on=day_number(TODAY) - 11)
    assert [row["total_base"] for row in _rows(store, "SELECT * FROM lead")] == [90_000, 90_000, None]
    clock.instant += timedelta(days=1)
    with store.maintenance() as connection:
        assert derived.differing(connection, store.today()) == [1]
        derived.refresh(connection, [1], store.today())
    assert [row["total_base"] for row in _rows(store, "SELECT * FROM lead")] == [110_000, 90_000, None]


def test_the_next_step_is_the_earliest_open_one(store: Store) -> None:
    lead = add_lead(store)

    def soonest() -> tuple[int | None, int | None]:
        row = _lead(store, lead)
        return row["next_step_id"], row["next_step_on"]

    assert soonest() == (None, None)
    late = add_step(store, lead, date(2027, 3, 1))
    soon = add_step(store, lead, date(2027, 1, 1))
    add_step(store, lead, date(2026, 1, 1), done=True)
    assert soonest() == (soon, day_number(date(2027, 1, 1)))
    with store.write(Text("Same day, with a time")) as session:
        session.get_one(Step, late).due_on = day_number(date(2027, 1, 1))
        session.get_one(Step, late).local_time = 540
    assert soonest() == (late, day_number(date(2027, 1, 1)))
    with store.write(Text("Done")) as session:
        session.get_one(Step, late).done_at = store.clock.now()
    assert soonest() == (soon, day_number(date(2027, 1, 1)))


def test_the_highest_stage_ever_entered(store: Store) -> None:
    lead = add_lead(store, stage="Verhandlungen")
    with store.write(Text("Back")) as session:
        session.get_one(Lead, lead).stage_id = 2
        session.add(StageEntry(lead_id=lead, stage_id=2, entered_at=store.clock.now(), entered_on=9, probability=20))
    assert _lead(store)["reached_stage_id"] == 4
    with store.write(Text("Stages reordered")) as session:
        session.get_one(Stage, 2).position, session.get_one(Stage, 4).position = 3, 1
    assert _lead(store)["reached_stage_id"] == 2


def test_the_search_text_follows_every_name_in_it(store: Store) -> None:
    company = add_company(store, "Müller & Söhne")
    lead = add_lead(store, "Größe", company_id=company, info="Über alles", external_number="P-17", amount=48_000)
    tag = add_tag(store, lead, "Straße")

    def folded() -> str:
        return str(_rows(store, "SELECT folded FROM search_doc WHERE entity = 'lead'")[0]["folded"])

    assert folded() == search_key("Größe Müller & Söhne Straße Über alles P-17 48000 EUR")

    def rename(kind: type[Any], row: int, name: str) -> None:
        with store.write(Text("Renamed")) as session:
            session.get_one(kind, row).name = name

    rename(Company, company, "Schmidt")
    rename(Tag, tag, "Weg")
    assert {"schmidt", "weg"} <= set(folded().split())
    with store.write(Text("Person set")) as session:
        person = Person(name="Jürgen Groß", sort_key="x", search_key="x", created_at=store.clock.now())
        session.add(person)
        session.flush()
        session.get_one(Lead, lead).person_id = person.id
        session.delete(session.query(LeadTag).one())
    assert "jurgen gross" in folded()
    assert "weg" not in folded()


Spoil = tuple[str, Callable[[Session], object]]


@pytest.mark.parametrize("column", [name for name in derived.COLUMNS if name != "title_key"])
def test_a_spoilt_column_is_found(store: Store, column: str) -> None:
    for title in ("a", "b"):
        add_step(store, add_lead(store, title, period=("2027-01", "2027-02")), TODAY)
    with store.maintenance() as connection:
        connection.execute(text(f"UPDATE lead SET {column} = {column} + 1 WHERE id = 2"))
        assert derived.differing(connection, TODAY) == [2]
        assert derived.refresh(connection, [1, 2], TODAY) == {2}
        assert derived.differing(connection, TODAY) == []


def test_ids_that_are_gone_do_no_harm(store: Store) -> None:
    add_lead(store)
    with store.maintenance() as connection:
        assert derived.refresh(connection, [1, 99], TODAY) == frozenset()


def test_more_leads_than_one_statement_takes(store: Store) -> None:
    with store.write(Text("Many")) as session:
        for number in range(CHUNK + 3):
            session.add(
                Lead(
                    title=f"L{number}", status="potential", amount_minor=100, currency="CHF", budget="once", info="",
                    remark="", created_at=store.clock.now(),
                )
            )  # fmt: skip
    add_rate(store, "CHF", TODAY, "2")
    assert {row["total_base"] for row in _rows(store, "SELECT total_base FROM lead")} == {200}


def test_of_what_is_set_for_the_store_only_the_base_currency_concerns_leads(store: Store) -> None:
    """Whoever says that two are no duplicates waits for no hundred thousand leads."""
    lead = add_lead(store, amount=1000, currency="EUR")

    def reached(key: str, value: str) -> set[int]:
        with store.write(Text("Set")) as session:
            row = session.query(StoreSetting).filter_by(key=key).one_or_none() or StoreSetting(key=key, value="")
            session.add(row)
            row.value = value
        with store.read() as connection:
            changes = connection.execute(text("SELECT max(change_set_id) FROM change")).scalar_one()
            return derived.concerned(connection, undo.read_changes(connection, [changes]))

    assert reached("not_twins", "{}") == set()
    assert reached("not_twins", '{"company":[[1,2]]}') == set()
    assert reached("base_currency", "CHF") == {lead}
