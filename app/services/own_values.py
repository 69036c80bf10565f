"""The values of own fields: what they may be, how they are written, and how they are read for many records at once.

A value is a str for words, links, mails and numbers of telephones; a bool; a Decimal; a Money; a date; the id of an
option, or a tuple of them where several can be chosen. None is nothing: then there is no row.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, text

from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money
from app.core.parse.cleaning import one_line, printable
from app.core.parse.numbers import checked, millionths_of, plain_number
from app.core.terms import Entity
from app.models.many import chunks
from app.services.own_fields import OwnField, fields_in
from app.services.own_kinds import CHOSEN, OwnKind
from app.services.rates import currency_code

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.own_fields import FieldValue

OwnValue = str | bool | Decimal | Money | date | int | tuple[int, ...] | None
#: By the id of the field; a field that is empty is left out.
OwnValues = Mapping[int, OwnValue]

_LONGEST = {OwnKind.TEXT: 500, OwnKind.LONG_TEXT: 100_000, OwnKind.LINK: 2000, OwnKind.MAIL: 320, OwnKind.PHONE: 60}
#: So much of a text is sorted by.
_KEY = 100
_LINK = re.compile(r"(?:https?://)?(?:[^\s/@:?#.]+\.)+[^\s/@:?#.]{2,}(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_LOCAL = re.compile(r"https?://(?:localhost|\[[0-9a-f:]+\]|[^\s/@:?#.]+)(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
#: What an address looks like to which a mail can be sent.
MAIL = re.compile(r"[^\s@<>()\[\]\",;:\\]+@(?:[^\s@<>()\[\]\",;:\\.]+\.)+[^\s@<>()\[\]\",;:\\.]{2,}")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()/.x-]*", re.IGNORECASE)
_LEAST_DIGITS = 3

_Columns = dict[str, Any]
_NOTHING: _Columns = {"text": None, "key": None, "number": None, "currency": None, "day": None, "option_id": None}


# --- reading ------------------------------------------------------------------------------------------------------

#: The values of a record, `{owner}` being its table: one JSON text in its row.
VALUES = """
(SELECT json_group_array(json_array(own.field_id, own_field.kind, own.text, own.number, own.currency, own.day,
   own.option_id)) FROM field_value own JOIN field own_field ON own_field.id = own.field_id
 AND own_field.deleted_at IS NULL WHERE own.{owner}_id = {owner}.id)
"""


def read_values(told: str) -> dict[int, OwnValue]:
    """What `VALUES` has of a record."""
    if told == "[]":
        return {}
    values: dict[int, OwnValue] = {}
    for field_id, kind, words, number, currency, day, option_id in json.loads(told):
        if kind == OwnKind.CHOICES:
            before = values.get(field_id)
            values[field_id] = (*(before if isinstance(before, tuple) else ()), option_id)
        else:
            values[field_id] = _value(OwnKind(kind), words, number, currency, day, option_id)
    return values


def _value(kind: OwnKind, words: Any, number: Any, currency: Any, day: Any, option_id: Any) -> OwnValue:
    match kind:
        case OwnKind.FLAG:
            return bool(number)
        case OwnKind.NUMBER:
            return plain_number(number)
        case OwnKind.AMOUNT:
            return Money(number, currency)
        case OwnKind.DAY:
            return day_of(day)
        case OwnKind.CHOICE:
            return int(option_id)
    return str(words)


def values_of(connection: Connection, entity: Entity, ids: Sequence[int]) -> dict[int, dict[int, OwnValue]]:
    """The values of these records by the ids of record and field, in one statement; none of a record that is gone."""
    statement = (
        f"SELECT {entity}.id, {VALUES.format(owner=entity)} FROM json_each(:ids) wanted"
        f" CROSS JOIN {entity} ON {entity}.id = wanted.value"
    )
    rows = connection.execute(text(statement), {"ids": json.dumps(list(ids))})
    return {row[0]: read_values(row[1]) for row in rows}


# --- what may be --------------------------------------------------------------------------------------------------


def tidy(field: OwnField, value: OwnValue) -> OwnValue:
    """The value as it is kept; None for nothing. Raises InvalidInput, naming the field by its key, for one that makes
    no sense by itself. Whether options are offered is asked when they are set.
    """
    if value is None or value == () or (isinstance(value, str) and not printable(value)):
        return None
    if type(value) is not _TYPES.get(field.kind, str):  # a bool is an int, and a moment a day
        raise _refused(field, Text("This is not a value for “{field}”.", field=field.name))
    match value:
        case Decimal():
            return checked(value, field=field.key)
        case Money():
            return _amount(field, value)
        case tuple():
            return _options(field, value)
        case str():
            return _words(field, value)
    return _options(field, (value,))[0] if isinstance(value, int) and field.kind is OwnKind.CHOICE else value


_TYPES: Mapping[OwnKind, type] = {
    OwnKind.FLAG: bool, OwnKind.NUMBER: Decimal, OwnKind.AMOUNT: Money, OwnKind.DAY: date, OwnKind.CHOICE: int,
    OwnKind.CHOICES: tuple,
}  # fmt: skip


def _amount(field: OwnField, value: Money) -> Money:
    if not 0 <= value.minor <= MAX_MINOR:
        raise _refused(field, Text("This amount is negative or beyond all measure."))
    return Money(value.minor, currency_code(value.currency, field.key))


def _options(field: OwnField, ids: tuple[int, ...]) -> tuple[int, ...]:
    """In the order of the options, each once."""
    if not set(ids) <= set(field.names):
        raise _refused(field, Text("This is not among what “{field}” offers.", field=field.name))
    return tuple(option.id for option in field.options if option.id in ids)


def _words(field: OwnField, value: str) -> str:
    words = printable(value) if field.kind is OwnKind.LONG_TEXT else one_line(value)
    if len(words) > _LONGEST[field.kind]:
        raise _refused(field, Text("This text is too long: it may have {n} characters.", n=_LONGEST[field.kind]))
    match field.kind:
        case OwnKind.LINK:
            if not (_LINK.fullmatch(words) or _LOCAL.fullmatch(words)):
                raise _refused(field, Text("“{text}” is not a link.", text=words[:60]),
                               Text("Write for example www.example.com or https://example.com/page."))  # fmt: skip
        case OwnKind.MAIL:
            if not MAIL.fullmatch(words):
                raise _refused(field, Text("“{text}” is not an e-mail address.", text=words[:60]))
        case OwnKind.PHONE:
            if not _PHONE.fullmatch(words) or sum(map(str.isdecimal, words)) < _LEAST_DIGITS:
                raise _refused(field, Text("“{text}” is not a phone number.", text=words[:60]))
    return words


def require(fields: Iterable[OwnField], values: OwnValues) -> None:
    """What a form asks before it saves a record. Raises InvalidInput naming the first required field without a value.

    Records that were imported, or are older than the field, stay as they are.
    """
    for field in fields:
        if field.required and values.get(field.id) in (None, "", ()):
            raise lacking(field)


def lacking(field: OwnField) -> InvalidInput:
    """A required field has no value."""
    return _refused(field, Text("“{field}” needs a value.", field=field.name))


def _refused(field: OwnField, why: Text, hint: Text | None = None) -> InvalidInput:
    return InvalidInput(why, hint, field.key)


# --- writing ------------------------------------------------------------------------------------------------------


def set_values(session: "Session", entity: Entity, ids: Sequence[int], values: OwnValues) -> None:
    """Give these records the same values, within the write of a verb; what is not named stays.

    Raises InvalidInput naming a field by its key, NotFound for one that is gone or belongs to other records.
    """
    if not values or not ids:
        return
    session.flush()
    known = {field.id: field for field in fields_in(session.connection(), entity)}
    for field_id, value in values.items():
        field = known.get(field_id)
        if field is None:
            raise NotFound(Text("This field has been deleted in the meantime."), field="own")
        wanted = tidy(field, value)
        if wanted is None and field.required:
            raise lacking(field)
        for chunk in chunks(list(dict.fromkeys(ids))):
            _set(session, field, chunk, wanted)
    session.flush()


def _set(session: "Session", field: OwnField, ids: Sequence[int], value: OwnValue) -> None:
    from app.models.schema import FieldValue

    owner = getattr(FieldValue, f"{field.entity}_id")
    there: dict[int, list[FieldValue]] = {}
    found = select(FieldValue).where(owner.in_(ids), FieldValue.field_id == field.id).order_by(FieldValue.id)
    for row in session.scalars(found):
        there.setdefault(getattr(row, owner.key), []).append(row)
    wanted = _columns(field, value)
    for record_id in ids:
        rows = there.get(record_id, [])
        expect_offered(field, value, tuple(row.option_id for row in rows if row.option_id is not None))
        _bring(session, field, {f"{field.entity}_id": record_id}, rows, wanted)


def _bring(
    session: "Session", field: OwnField, owner: Mapping[str, int], rows: Sequence["FieldValue"],
    wanted: Sequence[_Columns],
) -> None:  # fmt: skip
    """Make the rows of a field of a record what they should be; one that stays a value is changed, not made anew."""
    from app.models.schema import FieldValue

    if field.kind is OwnKind.CHOICES:
        options = {columns["option_id"] for columns in wanted}
        for row in rows:
            if row.option_id not in options:
                session.delete(row)
        there = {row.option_id for row in rows}
        wanted, rows = [columns for columns in wanted if columns["option_id"] not in there], ()
    for row, columns in zip(rows, wanted, strict=False):
        for name, value in columns.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for row in rows[len(wanted) :]:
        session.delete(row)
    session.add_all(FieldValue(field_id=field.id, **owner, **columns) for columns in wanted[len(rows) :])


def _chosen(value: OwnValue) -> set[int]:
    if isinstance(value, tuple):
        return set(value)
    return {value} if isinstance(value, int) and not isinstance(value, bool) else set()


def expect_offered(field: OwnField, value: OwnValue, before: OwnValue) -> OwnValue:
    """The tidy value. Raises InvalidInput for an option that is offered no more: it stays where it was chosen `before`,
    and can be chosen nowhere else.
    """
    if field.kind in CHOSEN and _chosen(value) - _chosen(before) - {option.id for option in field.offered}:
        raise _refused(field, Text("This is not among what “{field}” offers.", field=field.name))
    return value


def _columns(field: OwnField, value: OwnValue) -> list[_Columns]:
    """The columns of the rows of a tidy value."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return [_NOTHING | {"option_id": option_id} for option_id in value]
    return [_NOTHING | _column(value)]


def _column(value: str | bool | Decimal | Money | date | int) -> _Columns:
    match value:
        case bool():
            return {"number": int(value)}
        case int():
            return {"option_id": value}
        case Decimal():
            return {"number": millionths_of(value)}
        case Money():
            return {"number": value.minor, "currency": value.currency}
        case date():
            return {"day": day_number(value)}
        case str():
            return {"text": value, "key": sort_key(value)[:_KEY]}


def words_of(field: OwnField, value: OwnValue) -> list[str]:
    """By which words a tidy value is found, in the order of its rows."""
    if field.kind in CHOSEN:
        return [field.names[option] for option in (value if isinstance(value, tuple) else (value,))]  # type: ignore[index]
    return [value] if isinstance(value, str) else []


def columns_of(field: OwnField, value: OwnValue) -> list[dict[str, Any]]:
    """The columns of the rows that keep a value, for an import. Raises InvalidInput."""
    return _columns(field, tidy(field, value))


def copy(session: "Session", entity: Entity, pairs: Sequence[tuple[int, int]]) -> None:
    """Give records what others have in their fields: pairs of the old and the new id."""
    from app.models.schema import FieldValue

    session.flush()
    owner = getattr(FieldValue, f"{entity}_id")
    new = dict(pairs)
    kept = ("field_id", *_NOTHING)
    living = {field.id for field in fields_in(session.connection(), entity)}
    for chunk in chunks(list(new)):
        for row in session.scalars(select(FieldValue).where(owner.in_(chunk)).order_by(FieldValue.id)).all():
            if row.field_id in living:
                columns = {name: getattr(row, name) for name in kept}
                session.add(FieldValue(**{owner.key: new[getattr(row, owner.key)]}, **columns))
    session.flush()
