"""Answers as of another day: open leads in a foreign currency at the rates of that day.

What is stored was computed at the rates of the day on which the program was used last (`derived.rates_day`). A report
of another day (`--today`) must not change that under the window beside it, and must not depend on it either. So where
the rates differ, such a reader's view of the leads reckons these few values while it is read.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.core.calendar import day_number
from app.core.roles import EVERYTHING, Rights
from app.models.derived import AT_TODAYS_RATE, Rates, value_of
from app.models.visibility import live_view

#: The columns that follow from a rate, by the name of what `derived.value_of` gives for them.
_VALUES = {
    "total_base": "total", "weighted_base": "weighted", "month_base": "month", "month_weighted": "month_weighted",
}  # fmt: skip

_FUNCTION = "value_as_of"
_HALVES = "COALESCE(probability, (SELECT stage.probability FROM main.stage WHERE stage.id = stage_id))"
_FACTS = f"status, amount_minor, currency, budget, period_first, period_last, closed_on, {_HALVES}"

#: Whether a rate came or went between the day of the stored values and the one that is asked for.
_DIFFERS = """
SELECT EXISTS (SELECT 1 FROM main.rate LEFT JOIN main.store_setting ON key = 'derived_on'
WHERE deleted_at IS NULL AND (value IS NULL
  OR valid_from > min(:day, CAST(value AS INTEGER)) AND valid_from <= max(:day, CAST(value AS INTEGER))))
"""
_LAID = f"SELECT sql LIKE '%{_FUNCTION}%' FROM temp.sqlite_master WHERE type = 'view' AND name = 'lead'"


class _Lead(NamedTuple):
    status: str
    amount_minor: int
    currency: str
    budget: str
    period_first: int | None
    period_last: int | None
    closed_on: int | None
    halves: int | None


@dataclass
class _Reckoning:
    """What the function of a connection reckons with in the running transaction."""

    rates: Rates
    day: int

    def __call__(self, name: str, *facts: Any) -> int | None:
        value: int | None = getattr(value_of(_Lead(*facts), self.rates, self.day), name)
        return value


def lay(connection: Connection, today: date, rights: Rights = EVERYTHING) -> None:
    """See to it that what is read in this transaction counts at the rates of `today`.

    `connection` is one that only reads. Where the stored values are those of `today`, its view stays the plain one,
    which the indexes cover.
    """
    day = day_number(today)
    differs = bool(connection.execute(text(_DIFFERS), {"day": day}).scalar())
    if differs != bool(connection.execute(text(_LAID)).scalar()):
        _change_view(connection, _view(connection, rights) if differs else live_view("lead", rights=rights))
    if differs:
        _reckon(connection, _Reckoning(Rates.read(connection), day))


def _reckon(connection: Connection, new: _Reckoning) -> None:
    """A connection keeps its function: a new one would have every statement prepared anew."""
    known = connection.info.setdefault(_FUNCTION, new)
    known.rates, known.day = new.rates, new.day
    if known is new:
        driver: Any = connection.connection.driver_connection
        driver.create_function(_FUNCTION, -1, known, deterministic=True)


def _change_view(connection: Connection, view: str) -> None:
    for statement in ("PRAGMA query_only = OFF", "DROP VIEW temp.lead", view, "PRAGMA query_only = ON"):
        connection.exec_driver_sql(statement)


def _view(connection: Connection, rights: Rights) -> str:
    names = [row[1] for row in connection.exec_driver_sql("PRAGMA main.table_info(lead)")]
    return live_view("lead", ", ".join(_column(name) for name in names), rights=rights)


def _column(name: str) -> str:
    if name not in _VALUES:
        return name
    return f"CASE WHEN {AT_TODAYS_RATE} THEN {_FUNCTION}('{_VALUES[name]}', {_FACTS}) ELSE {name} END AS {name}"
