"""Exchange rates by hand: from a day on, what one unit of a currency is worth in the base currency.

Open leads count at today's rate, closed ones at that of their closing day, so a new rate never changes last year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.calendar import day_number, day_of, first_day
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money, decimals, half_up
from app.core.roles import Act
from app.models import derived

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store

#: Offered where a currency is chosen; any other ISO code may be typed.
CURRENCIES = ("EUR", "CHF", "USD", "GBP", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF")

_SMALLEST, _LARGEST = Decimal("0.000001"), Decimal("1000000")
_DECIMALS = 12
#: More figures than any rate that is published.
_PRECISE = Context(prec=8)


@dataclass(frozen=True)
class RateInfo:
    """From `valid_from` on, one unit of `currency` is worth `rate` of the base currency."""

    id: int
    currency: str
    valid_from: date
    rate: Decimal


class Rates:
    """Reads and keeps the rates of a store. Who may not change what all work with gets NotAllowed."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self) -> list[RateInfo]:
        """By currency, the newest first."""
        with self._store.read() as connection:
            rows = connection.execute(
                text("SELECT id, currency, valid_from, rate FROM rate ORDER BY currency, valid_from DESC, id DESC")
            ).all()
        return [RateInfo(row.id, row.currency, day_of(row.valid_from), Decimal(row.rate)) for row in rows]

    def set(self, currency: str, valid_from: date, rate: Decimal | str) -> int:
        """Enter a rate; one of the same day is replaced. Returns its id. Raises InvalidInput."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Rate

        code, value = currency_code(currency), rate_of(rate)
        if code == self._store.facts.base_currency:
            raise InvalidInput(Text("The base currency needs no rate."), field="currency")
        day = day_number(valid_from)
        label = Text("Rate of {currency} from {day}: {rate}", currency=code, day=valid_from, rate=str(value))
        with self._store.write(label) as session:
            same = session.query(Rate).filter_by(currency=code, valid_from=day, deleted_at=None).first()
            found = same or Rate(currency=code, valid_from=day)
            found.rate = value
            session.add(found)
            session.flush()
            return found.id

    def delete(self, rate_id: int) -> None:
        """Take a rate away. Raises NotFound."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Rate

        with self._store.write(Text("Rate deleted")) as session:
            rate = session.get(Rate, rate_id)
            if rate is None or rate.deleted_at is not None:
                raise NotFound(Text("This rate has been deleted in the meantime."))
            rate.deleted_at = self._store.clock.now()

    def set_base_currency(self, currency: str) -> None:
        """Reckon everything in another currency from now on, one step with its rates and goals.

        They are converted by those of the new base currency; a rate that cannot be converted goes. Raises InvalidInput.
        """
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Rate, StoreSetting

        code, old = currency_code(currency), self._store.facts.base_currency
        if code == old:
            return
        with self._store.write(Text("Base currency {currency}", currency=code)) as session:
            session.query(StoreSetting).filter_by(key="base_currency").one().value = code
            rates = session.query(Rate).filter_by(deleted_at=None).order_by(Rate.valid_from, Rate.id).all()
            known: dict[str, dict[int, Decimal]] = {}
            for rate in rates:
                known.setdefault(rate.currency, {})[rate.valid_from] = rate.rate
                rate.deleted_at = self._store.clock.now()
            _convert_goals(session, known.get(code, {}), old, code)
            session.add_all(
                Rate(currency=each, valid_from=day, rate=value) for each, day, value in _converted(known, old, code)
            )

    def turn_of_day(self) -> int:
        """Compute anew what depends on today's rate: call at the start and when the day changes. Returns how many.

        Done once a day, whoever comes first. Raises StorageError where it cannot be written.
        """
        today = str(day_number(self._store.today()))
        with self._store.read() as connection:
            if connection.execute(text("SELECT value FROM store_setting WHERE key = 'derived_on'")).scalar() == today:
                return 0
        with self._store.maintenance(here=True) as connection:
            connection.execute(text(_DERIVED_ON), {"day": today})
            foreign = connection.execute(text(f"SELECT id FROM lead WHERE {derived.AT_TODAYS_RATE}"))
            return len(derived.refresh(connection, [row[0] for row in foreign], self._store.today()))


def _converted(known: Mapping[str, Mapping[int, Decimal]], old: str, new: str) -> Iterator[tuple[str, int, Decimal]]:
    """Rates in the currency `new` from those in `old`, by currency and day: its own tells what `old` is worth."""
    base = known.get(new, {})
    others = {old: dict.fromkeys(base, Decimal(1)), **{code: days for code, days in known.items() if code != new}}
    for code, days in others.items():
        for day in sorted({*days, *base}):
            worth, one = _on(days, day), _on(base, day)
            if worth is not None and one is not None:
                value = _PRECISE.divide(worth, one)
                if _SMALLEST <= value <= _LARGEST:
                    yield code, day, value


def _convert_goals(session: "Session", known: Mapping[int, Decimal], old: str, new: str) -> None:
    """Take the goals in the currency `old` over into `new`, of which one unit is worth what `known` says by day number.

    The rate is that of the day on which a goal begins, else the first one after it; where there is none at all a goal
    stays as it is, and counts again with its currency.
    """
    from app.models.schema import Goal

    if not known:
        return
    for goal in session.query(Goal).filter_by(currency=old, deleted_at=None):
        one = _on(known, day_number(first_day(goal.valid_from))) or known[min(known)]
        major = Money(goal.amount_minor, old).decimal / one
        goal.amount_minor, goal.currency = min(half_up(major.scaleb(decimals(new))), MAX_MINOR), new


def _on(days: Mapping[int, Decimal], day: int) -> Decimal | None:
    return days.get(max((known for known in days if known <= day), default=-1))


_DERIVED_ON = """
INSERT INTO store_setting (key, value) VALUES ('derived_on', :day)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


def currency_code(code: str, field: str = "currency") -> str:
    """The code in capitals: three letters, also of a currency that nobody knows. Raises InvalidInput."""
    code = code.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise InvalidInput(Text("“{code}” is not a currency code such as EUR or CHF.", code=code[:10]), field=field)
    return code


def rate_of(rate: Decimal | str) -> Decimal:
    """A rate, also as it was typed. Raises InvalidInput."""
    try:
        value = Decimal(str(rate).replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not _SMALLEST <= value <= _LARGEST:
        raise InvalidInput(Text("A rate is a positive number such as 0.9455."), field="rate")
    exponent = value.as_tuple().exponent
    return round(value, _DECIMALS) if isinstance(exponent, int) and exponent < -_DECIMALS else value
