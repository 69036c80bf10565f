"""Money as whole minor units, and the few roundings that every figure rests on.

Half up, once per lead; every sum is a sum of rounded values, so a number is the same wherever it stands.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: Currencies with another number of decimals than two (ISO 4217), as far as an agency meets them.
UNUSUAL_DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}

#: Largest amount accepted: a thousand times it still fits 64 bits after weighting and summing.
MAX_MINOR = 10**14


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (cents, Rappen) and its ISO 4217 currency."""

    minor: int
    currency: str

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with the currency's number of decimals."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    @classmethod
    def of(cls, amount: Decimal | int, currency: str) -> "Money":
        """From major units, rounded half up to the minor unit."""
        return cls(half_up(Decimal(amount).scaleb(decimals(currency))), currency)


def decimals(currency: str) -> int:
    """Number of decimals of a currency: 2 for most, 0 for yen, 3 for dinars."""
    return UNUSUAL_DECIMALS.get(currency, 2)


def half_up(value: Decimal) -> int:
    """Round to a whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def weighted(minor: int, halves: int) -> int:
    """`minor` at a probability of `halves` half percents (0 to 200), rounded half up. Not for negative amounts."""
    return (minor * halves + 100) // 200


def convert(amount: Money, rate: Decimal, base: str) -> int:
    """Minor units of `base` for `amount`, where one major unit of its currency is worth `rate` of `base`."""
    return half_up((amount.decimal * rate).scaleb(decimals(base)))


def split(minor: int, parts: int) -> list[int]:
    """`minor` over `parts` parts: each rounded down, the remainder in the last. The sum is `minor`."""
    each = minor // parts
    return [each] * (parts - 1) + [minor - each * (parts - 1)]
