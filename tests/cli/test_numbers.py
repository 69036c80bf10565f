"""What list, forecast and funnel answer, as tables and as JSON."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.money import Money
from app.core.terms import Category
from app.models.opening import open_store
from app.services.goals import Goals, GoalSpan
from app.services.leads import Leads
from app.services.rates import Rates
from tests.cli.conftest import TODAY, Said, Trichter


def _lead(said: Said, title: str) -> dict[str, Any]:
    lead: dict[str, Any] = next(lead for lead in said.json["leads"] if lead["title"] == title)
    return lead


# --- list ----------------------------------------------------------------------------------------------------------


def test_list_as_json(filled: Trichter) -> None:
    said = filled("--today", TODAY, "list", "--json")
    assert list(said.json) == ["count", "volume", "weighted", "without_rate", "leads"]
    assert (said.json["count"], said.json["without_rate"]) == (6, 1)
    assert said.json["volume"] == "61000.00"
    lead = _lead(said, "A")
    assert len(lead.pop("uid")) == 32
    assert isinstance(lead.pop("id"), int)
    assert lead == {
        "external_number": "P-1", "title": "A", "status": "active", "stage": "Angebot", "probability": 35,
        "company": "Müller", "responsible": "Anna Kern", "amount": "24000.00", "currency": "EUR", "budget_kind": "once",
        "total": "24000.00", "weighted": "8400.00", "period_start": "2027-01-01", "period_end": "2027-03-31",
        "next_step_on": "2026-12-01", "activated_on": "2026-10-01", "closed_on": None, "reason": None,
        "source": "Messe", "tags": ["Print", "Web"],
    }  # fmt: skip


def test_list_tells_halves_months_and_what_is_not_there(filled: Trichter) -> None:
    said = filled("--today", TODAY, "list", "--json")
    assert _lead(said, "C")["probability"] == 12.5
    assert (_lead(said, "B")["total"], _lead(said, "B")["budget_kind"]) == ("18000.00", "monthly")
    won = _lead(said, "W")
    assert (won["status"], won["closed_on"], won["reason"], won["weighted"]) == ("won", "2026-11-01", "Preis", "0.00")
    idea = _lead(said, "I")
    assert (idea["total"], idea["weighted"], idea["probability"], idea["stage"]) == (None, None, None, None)
    assert (idea["amount"], idea["currency"]) == ("40000.00", "CHF")


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--status", "won"], "W"),
        (["--status", "active"], "ABC"),
        (["--stage", "angebot"], "AC"),
        (["--text", "mueller"], "AW"),
        (["--text", "müller 24000"], "A"),
        (["--text", "nirgends"], ""),
        (["--status", "active", "--stage", "Verhandlungen"], "B"),
    ],
)
def test_list_narrowed(filled: Trichter, options: list[str], titles: str) -> None:
    answer = filled("list", "--json", *options).json
    assert sorted(lead["title"] for lead in answer["leads"]) == sorted(titles)
    assert answer["count"] == len(titles)


def test_sums_cover_what_is_not_shown(filled: Trichter) -> None:
    whole, part = filled("list", "--json", "--limit", "0").json, filled("list", "--json", "--limit", "2").json
    assert (len(whole["leads"]), len(part["leads"])) == (6, 2)
    assert {**whole, "leads": []} == {**part, "leads": []}
    said = filled("list", "--limit", "2").out
    assert "2 of 6 leads are shown" in said
    assert "61,000.00" in said


def test_list_names_a_stage_that_is_not_there(filled: Trichter) -> None:
    said = filled("list", "--stage", "Abgebot")
    assert said.is_refusal
    assert "“Abgebot”" in said.err


# --- forecast and funnel -------------------------------------------------------------------------------------------


def test_forecast_as_json(filled: Trichter) -> None:
    answer = filled("--today", TODAY, "forecast", "--json").json
    assert list(answer) == [
        "currency", "months", "before", "after", "without_period", "total", "moved_from_past", "omitted",
    ]  # fmt: skip
    assert [month["month"] for month in answer["months"]] == [
        "2026-11", "2026-12", *(f"2027-{n:02}" for n in range(1, 11))
    ]  # fmt: skip
    assert answer["months"][0] == {
        "month": "2026-11", "secured": "8000.00", "weighted": "1250.00", "unweighted": "10000.00", "goal": None,
    }  # fmt: skip
    assert answer["moved_from_past"] == "1250.00"
    parts = [*answer["months"], *(answer[name] for name in ("before", "after", "without_period", "omitted"))]
    for name in ("secured", "weighted", "unweighted"):
        assert sum(Decimal(part[name]) for part in parts) == Decimal(answer["total"][name])
    assert answer["total"] == {"secured": "8000.00", "weighted": "20450.00", "unweighted": "52000.00"}


@pytest.mark.parametrize(
    ("options", "first", "months"),
    [
        (["--from", "2027-02"], "2027-02", 12),
        (["--to", "2027-01"], "2026-11", 3),
        (["--from", "2026-11", "--to", "2026-11"], "2026-11", 1),
        (["--to", "2026-01"], "2026-01", 1),
    ],
)
def test_forecast_of_other_months(filled: Trichter, options: list[str], first: str, months: int) -> None:
    answer = filled("--today", TODAY, "forecast", "--json", *options).json
    assert (answer["months"][0]["month"], len(answer["months"])) == (first, months)
    assert answer["total"]["weighted"] == "20450.00"


def test_forecast_with_goals_and_omitted_leads(filled: Trichter, data: Path) -> None:
    with closing(open_store(data, origin="test")) as store:
        Goals(store).set(GoalSpan.QUARTER, 2027 * 12, Money.of(100, "EUR"))
        Leads(store).edit([1], category=Category.OMITTED)
    answer = filled("--today", TODAY, "forecast", "--json").json
    assert [month["goal"] for month in answer["months"]] == [None, None, *["33.33", "33.33", "33.34"] * 3, "33.33"]
    assert answer["omitted"] == {"secured": "0.00", "weighted": "8400.00", "unweighted": "24000.00"}
    assert answer["total"]["weighted"] == "20450.00"
    shown = filled("--today", TODAY, "forecast").out
    assert "Goal" in shown
    assert "omitted" in shown


def test_funnel_as_json(filled: Trichter) -> None:
    answer = filled("--today", TODAY, "funnel", "--json").json
    assert list(answer) == [
        "stages", "won", "lost", "dropped", "win_rate", "win_rate_value", "cycle_days_mean", "cycle_days_median",
        "velocity_per_day",
    ]  # fmt: skip
    stages = {stage["name"]: stage for stage in answer["stages"]}
    assert list(stages["Angebot"]) == [
        "name", "probability", "count", "volume", "weighted", "reached", "conversion",
    ]  # fmt: skip
    assert (stages["Angebot"]["count"], stages["Angebot"]["weighted"]) == (2, "9650.00")
    assert answer["stages"][0]["conversion"] is None
    assert (answer["won"], answer["lost"], answer["dropped"], answer["win_rate"]) == (1, 1, 0, 50)
    assert answer["win_rate_value"] == pytest.approx(88.8889)
    assert (answer["cycle_days_mean"], answer["cycle_days_median"]) == (66, 66)


def test_funnel_of_a_range_without_an_end_has_no_rates(filled: Trichter) -> None:
    answer = filled("funnel", "--json", "--from", "2030-01-01", "--mode", "touched").json
    assert (answer["won"], answer["win_rate"], answer["win_rate_value"]) == (0, None, None)
    assert (answer["cycle_days_mean"], answer["velocity_per_day"]) == (None, None)


def test_tables_for_people(filled: Trichter) -> None:
    funnel = filled("--today", TODAY, "funnel").out
    assert "Angebot" in funnel
    assert "50%" in funnel
    forecast = filled("--today", TODAY, "forecast").out
    assert "20,450.00" in forecast
    assert "1 lead without a rate" not in forecast  # ideas are in no forecast
    assert "1 open lead has months that have gone by" in forecast


def test_the_language_decides_on_words_and_signs(filled: Trichter) -> None:
    said = filled("--language", "de", "--today", TODAY, "list", "--status", "won")
    assert "Gewonnen" in said.out
    assert filled("--language", "de", "list", "--json").json == filled("list", "--json").json


# --- a folder without data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["list"], ["forecast"], ["funnel"], ["check"]])
def test_reading_a_new_folder_is_like_an_empty_store_and_leaves_it_alone(
    trichter: Trichter, data: Path, command: list[str]
) -> None:
    assert trichter(*command).code == 0
    answer = trichter(*command, "--json").json
    assert not data.exists()
    if command == ["list"]:
        assert answer == {"count": 0, "volume": "0.00", "weighted": "0.00", "without_rate": 0, "leads": []}
    if command == ["funnel"]:
        assert len(answer["stages"]) == 5
        assert answer["win_rate"] is None


def test_a_dry_run_leaves_a_new_folder_alone(trichter: Trichter, data: Path, own: Path) -> None:
    said = trichter("import", own, "--dry-run", "--json")
    assert (said.code, said.json["created"], said.json["import_id"]) == (0, 6, None)
    assert not data.exists()


def test_there_is_nothing_to_back_up(trichter: Trichter, data: Path, tmp_path: Path) -> None:
    assert trichter("backup", tmp_path / "b.db").is_refusal
    assert not data.exists()
    assert not (tmp_path / "b.db").exists()


# --- as of a day ----------------------------------------------------------------------------------------------------


def test_a_given_day_counts_at_its_own_rates_whoever_came_before(
    trichter: Trichter, data: Path, tmp_path: Path
) -> None:
    """The figures of a report are the same before and after somebody worked without `--today`."""
    file = tmp_path / "usd.csv"
    file.write_text("Name;Status;Wahrscheinlichkeit;Volumen;Währung\nA;Aktiv;100;1000;USD\n", "utf-8")
    assert trichter("--today", "2020-01-15", "import", file).code == 0
    store = open_store(data, origin="test")
    try:
        Rates(store).set("USD", date(2020, 1, 1), "0.5")
        Rates(store).set("USD", date(2020, 6, 1), "0.9")
    finally:
        store.close()
    reports = [("2020-02-01", "500.00"), ("2020-07-01", "900.00"), ("2020-05-31", "500.00")]
    for _ in range(2):
        for day, figure in reports:
            assert _figures(trichter, "--today", day) == {figure}
        assert _figures(trichter) == {"900.00"}  # the store is now at the machine's day


def _figures(trichter: Trichter, *options: str) -> set[str]:
    """The weighted value of the one lead, as list, forecast and funnel tell it."""
    listed, funnel = trichter(*options, "list", "--json").json, trichter(*options, "funnel", "--json").json
    forecast = trichter(*options, "forecast", "--json").json
    stages = [stage["weighted"] for stage in funnel["stages"] if stage["count"]]
    return {listed["weighted"], listed["leads"][0]["weighted"], forecast["total"]["weighted"], *stages}
