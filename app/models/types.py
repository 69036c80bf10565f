"""Column types that mean the same on SQLite and PostgreSQL, and the identifiers of rows."""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.clock import milliseconds

#: Primary and foreign keys: 64 bits everywhere; SQLite wants the word INTEGER to alias its row id.
Key = BigInteger().with_variant(Integer, "sqlite")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime:
    """The inverse of `micros`."""
    return _EPOCH + timedelta(microseconds=number)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC: integer microseconds in SQLite, timestamptz in PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return micros(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return instant_of(value) if isinstance(value, int) else value


class Exact(TypeDecorator[Decimal]):
    """A decimal kept digit by digit, as text: exchange rates."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def new_uid() -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits: 48 bits of milliseconds, then chance; sorts by time of birth."""
    number = milliseconds() << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return f"{number:032x}"
