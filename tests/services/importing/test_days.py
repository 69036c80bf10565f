"""Which day a cell means; where two readings are possible the column is asked about."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.calendar import day_of
from app.core.errors import InvalidInput
from app.models.store import Store
from app.services.importing.amounts import Bad, decimal_sign, read_amount
from app.services.importing.dates import read_moment, read_month
from tests.services.importing.files import import_text, reasons, rows

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)


def _imported(store: Store, folder: Path, *days: str, order: str | None = None) -> list[date]:
    content = "Name;Status;Aktiv seit\n" + "".join(f"L;Aktiv;{day}\n" for day in days)
    result = import_text(store, folder, content, date_order=order)
    assert (result.refused, result.questions) == ((), ())
    return [day_of(row[0]) for row in rows(store, "SELECT activated_on FROM lead ORDER BY id")]


def test_slashes_with_a_thirteenth_show_the_order(store: Store, tmp_path: Path) -> None:
    assert _imported(store, tmp_path, "3/4/2026", "12/31/2025") == [date(2026, 3, 4), date(2025, 12, 31)]


def test_slashes_the_other_way_round(store: Store, tmp_path: Path) -> None:
    assert _imported(store, tmp_path, "3/4/2026", "31/12/2025") == [date(2026, 4, 3), date(2025, 12, 31)]


def test_dots_are_german(store: Store, tmp_path: Path) -> None:
    assert _imported(store, tmp_path, "3.4.2026", "05.06.26") == [date(2026, 4, 3), date(2026, 6, 5)]


def test_the_same_day_both_ways_is_no_question(store: Store, tmp_path: Path) -> None:
    assert _imported(store, tmp_path, "4/4/2026", "2026-03-01") == [date(2026, 4, 4), date(2026, 3, 1)]


@pytest.mark.parametrize("days", [("3/4/2026",), ("3/4/2026", "5-6-2026"), ("31/12/2025", "12/31/2025"), ("26-04-03",)])
def test_two_readings_are_asked_about_and_nothing_is_imported(
    store: Store, tmp_path: Path, days: tuple[str, ...]
) -> None:
    content = "Name;Status;Aktiv seit\n" + "".join(f"L;Aktiv;{day}\n" for day in days)
    result = import_text(store, tmp_path, content)

    assert (result.created, result.import_id) == (0, None)
    (question,) = result.as_json()["questions"]
    assert question["column"] == "Aktiv seit"
    assert days[0] in question["what"]
    assert not rows(store, "SELECT id FROM lead")
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM import_run").scalar() == 0


@pytest.mark.parametrize(
    ("order", "expected"),
    [("dmy", date(2003, 2, 1)), ("mdy", date(2003, 1, 2)), ("ymd", date(2001, 2, 3))],
)
def test_the_answer_holds(store: Store, tmp_path: Path, order: str, expected: date) -> None:
    assert _imported(store, tmp_path, "01/02/03", order=order) == [expected]


def test_an_answer_that_does_not_fit_is_none(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, "Name;Status;Aktiv seit\nA;Aktiv;03/04/2026\n", date_order="ymd")
    assert (result.created, len(result.questions), result.detected.date_format) == (0, 1, None)


def test_a_wrong_answer_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        import_text(store, tmp_path, "Name\nA\n", date_order="dym")


def test_a_day_that_the_answer_forbids_is_refused_with_its_row(store: Store, tmp_path: Path) -> None:
    content = "Name;Status;Aktiv seit\nA;Aktiv;01/02/2026\nB;Aktiv;12/31/2025\n"
    result = import_text(store, tmp_path, content, date_order="dmy")
    assert reasons(result) == [(3, "Aktiv seit", "“12/31/2025” is not a date.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-11-24 09:30:15", date(2026, 11, 24)),
        ("2026-06-30T22:30:00Z", date(2026, 7, 1)),
        ("2026-06-30T22:30:00.000+0000", date(2026, 7, 1)),
        ("45631.0", date(2024, 12, 5)),
        ("20260301", date(2026, 3, 1)),
        ("5. Januar 2024", date(2024, 1, 5)),
        ("Jan 5, 2024", date(2024, 1, 5)),
        ("12-Mär-24", date(2024, 3, 12)),
        ("29.02.2023", None),
        ("heute", None),
        ("99999", None),
        ("2026-13-01", None),
        ("2026-11-24 25:00", None),
    ],
)
def test_days(text: str, expected: date | None) -> None:
    moment = read_moment(text, "dmy", ZONE, TODAY)
    assert (moment and day_of(moment.day)) == expected


@pytest.mark.parametrize(
    "text", ["2026-12", "12/2026", "12.2026", "Dez 2026", "Dezember 26", "15.12.2026", "2026-12-31"]
)
def test_months(text: str) -> None:
    assert read_month(text, "dmy", ZONE, TODAY) == 2026 * 12 + 11


@pytest.mark.parametrize(
    ("text", "sign"),
    [("1.234,5", ","), ("1,234.5", "."), ("1'234.50", "."), ("12,5", ","), ("1234.567", "."), ("0.125", "."),
     ("1.234.567", ","), ("1.234", None), ("1234", None), ("x", None)],
)  # fmt: skip
def test_decimal_signs(text: str, sign: str | None) -> None:
    assert decimal_sign(text) == sign


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1.234", "12,50"], [123400, 1250]),
        (["1.234", "12.50"], [123, 1250]),
        (["1,234", "12.50"], [123400, 1250]),
        (["1.234", "2.000"], [123400, 200000]),
    ],
)
def test_the_column_tells_what_a_cell_leaves_open(
    store: Store, tmp_path: Path, column: list[str], expected: list[int]
) -> None:
    import_text(store, tmp_path, "Name;Volumen\n" + "".join(f"A;{cell}\n" for cell in column))
    assert [row[0] for row in rows(store, "SELECT amount_minor FROM lead ORDER BY id")] == expected


def test_a_column_with_both_signs_leaves_it_open(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, "Name;Volumen\nA;12,50\nB;12.50\nC;1.234\nD;1.234,00\n")
    assert result.created == 3
    assert reasons(result) == [(4, "Volumen", "“1.234” can be read in two ways.")]


@pytest.mark.parametrize("text", ["", "1.2.3", "1e5", "NaN", "inf", "5 kg", "€ 5 USD", "=1+1", "1,,5"])
def test_what_is_no_amount(text: str) -> None:
    assert isinstance(read_amount(text, None), Bad)
