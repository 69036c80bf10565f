"""All leads, or those of a list, as a CSV file in our own format (`app.services.csv_format`).

The file appears under its name when it is complete and on the disk; until then whatever stood there stays.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core import i18n
from app.core.calendar import day_of, first_day, last_day
from app.core.errors import Cancelled
from app.core.files import replacing
from app.core.i18n import Text
from app.core.money import Money, decimals
from app.core.parse.cleaning import one_line
from app.core.terms import Entity
from app.models.failures import translated
from app.services.csv_format import (
    BUDGET_WORDS,
    DELIMITER,
    ENCODING,
    FLAG_WORDS,
    STATUS_WORDS,
    guarded,
    header,
    joined_tags,
    own_headers,
)
from app.services.lead_list import LeadList
from app.services.lead_query import PROBABILITY, ListQuery
from app.services.own_fields import OwnField, fields_in
from app.services.own_values import VALUES, OwnValue, read_values
from app.services.targets import check_target, link_end

if TYPE_CHECKING:
    from app.models.store import Store

_BATCH = 1000


def export_csv(
    store: "Store",
    target: Path,
    query: ListQuery | None = None,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write all leads by age, or those of `query` in its order, to `target`; returns how many.

    Raises Cancelled when `cancelled` (or `progress`) says so, StorageError, and InvalidInput where there are data or no
    folder; `target` is then as it was. Behind a link its file is written; a device or a pipe is written to and never
    replaced.
    """
    with translated():
        file_behind = link_end(target)
        check_target(file_behind)
        if target.exists() and not target.is_file():
            with target.open("w", encoding=ENCODING, newline="") as file:
                return _write(store, file, query, progress, cancelled)
        with replacing(file_behind, encoding=ENCODING, newline="") as file:
            return _write(store, file, query, progress, cancelled)


def _write(
    store: "Store",
    file: IO[str],
    query: ListQuery | None,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> int:
    language = "de" if i18n.language() == "de" else "en"
    writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\r\n")
    listed = None if query is None else LeadList(store).ids(query)
    count = 0
    with store.read() as connection:
        fields = fields_in(connection, Entity.LEAD)
        cells = _Cells(language, fields)
        writer.writerow([*header(language), *(guarded(name) for name in own_headers(field.name for field in fields))])
        ids = _all(connection) if listed is None else listed
        for rows in _rows(connection, ids):
            if cancelled():
                raise Cancelled(Text("The export was cancelled."))
            writer.writerows(map(cells.row, rows))
            count += len(rows)
            progress(count, len(ids))
    return count


def _all(connection: Connection) -> Sequence[int]:
    ids: list[int] = json.loads(connection.execute(text("SELECT json_group_array(id) FROM lead")).scalar_one())
    return sorted(ids)


def _rows(connection: Connection, ids: Sequence[int]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _BATCH):
        wanted = {"ids": json.dumps(list(ids[start : start + _BATCH]))}
        yield list(connection.execute(_ROWS, wanted))


_ROWS = text(f"""
SELECT title, lead.status, stage.name, {PROBABILITY}, amount_minor, budget, currency, period_first, period_last,
  step.due_on, step.local_time, step.text, member.name, company.name, person.name, source.name,
  (SELECT json_group_array(name) FROM (SELECT tag.name FROM lead_tag JOIN tag ON tag.id = tag_id
   WHERE lead_tag.lead_id = lead.id ORDER BY tag.sort_key, tag.name)),
  lead.info, activated_on, closed_on, reason.name, external_number, firm.name, recommending.name,
  {VALUES.format(owner="lead")}
FROM json_each(:ids) wanted JOIN lead ON lead.id = wanted.value
LEFT JOIN stage ON stage.id = lead.stage_id
LEFT JOIN step ON step.id = lead.next_step_id
LEFT JOIN member ON member.id = lead.user_id
LEFT JOIN company ON company.id = lead.company_id
LEFT JOIN person ON person.id = lead.person_id
LEFT JOIN source ON source.id = lead.source_id
LEFT JOIN reason ON reason.id = lead.reason_id
LEFT JOIN company firm ON firm.id = lead.recommender_company_id
LEFT JOIN person recommending ON recommending.id = lead.recommender_person_id
ORDER BY wanted.key
""")


class _Words(dict[Any, str]):
    """Words each value of a column once."""

    def __init__(self, word: Callable[[Any], str]) -> None:
        super().__init__()
        self._word = word

    def __missing__(self, value: Any) -> str:
        worded = self[value] = self._word(value)
        return worded


class _Cells:
    """Rows of the store as cells of the format."""

    def __init__(self, language: str, fields: Sequence[OwnField]) -> None:
        self._fields = fields
        self._answers = FLAG_WORDS[language]
        self._states: dict[Any, str] = dict(STATUS_WORDS[language])
        self._budgets: dict[Any, str] = dict(BUDGET_WORDS[language])
        self._days = _Words(lambda day: "" if day is None else day_of(day).isoformat())
        self._firsts = _Words(lambda month: "" if month is None else first_day(month).isoformat())
        self._lasts = _Words(lambda month: "" if month is None else last_day(month).isoformat())
        self._percents = _Words(_percent)
        self._tags = _Words(lambda names: guarded(joined_tags(one_line(name) for name in json.loads(names))))

    def row(self, row: Any) -> tuple[str, ...]:
        """The cells of one lead, in the order of the header."""
        (title, status, stage, halves, minor, budget, currency, first, last, due, minute, step, member, company, person,
         source, tags, info, activated, closed, reason, number, firm, recommending, own) = row  # fmt: skip
        return (
            _line(title), self._states[status], _line(stage), self._percents[halves], _amount(minor, currency),
            self._budgets[budget], currency, self._firsts[first], self._lasts[last], self._days[due] + _time(minute),
            _line(step), _line(member), _line(company), _line(person), _line(source),
            "" if tags == "[]" else self._tags[tags], guarded(info.strip()), self._days[activated], self._days[closed],
            _line(reason), _line(number), _line(firm), _line(recommending), *self._own(own),
        )  # fmt: skip

    def _own(self, told: str) -> Iterator[str]:
        """The cells of own fields, each as the import reads it back."""
        values = read_values(told)
        return (self._cell(field, values.get(field.id)) for field in self._fields)

    def _cell(self, field: OwnField, value: OwnValue) -> str:
        match value:
            case bool():
                return self._answers[value]
            case int():
                return guarded(field.names.get(value, ""))
            case tuple():
                return guarded(joined_tags(field.names.get(option, "") for option in value))
            case Decimal():
                return _number(value)
            case Money():
                return f"{_amount(value.minor, value.currency)} {value.currency}"
        return "" if value is None else guarded(str(value))


def _line(name: str | None) -> str:
    return guarded(one_line(name)) if name else ""


def _percent(halves: int | None) -> str:
    return "" if halves is None else f"{halves // 2}" + (",5" if halves % 2 else "")


def _time(minute: int | None) -> str:
    return "" if minute is None else f" {minute // 60:02}:{minute % 60:02}"


def _number(value: Decimal) -> str:
    """With a decimal comma. Three decimals get a zero behind them, or they would be read as thousands."""
    figure = f"{value:f}".replace(".", ",")
    return figure + "0" if figure[-4:-3] == "," else figure


def _amount(minor: int, currency: str) -> str:
    """With a decimal comma. Three decimals get a zero behind them, or they would be read as thousands."""
    digits = decimals(currency)
    if not digits:
        return str(minor)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole},{rest:0{digits}}" + ("0" if digits == 3 else "")
