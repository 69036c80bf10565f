"""What must hold for a lead, whoever writes it: a verb, or a row of a file.

The rules only say what is wrong. A verb makes an error of it, an import a refused row.
"""

from typing import Protocol

from app.core.i18n import Text
from app.core.money import MAX_MINOR
from app.core.terms import CLOSED, Budget, Status

_IN_FUTURE = {
    "activated_on": Text("“Active since” lies in the future."),
    "closed_on": Text("The closing date lies in the future."),
}
MONTHLY_NEEDS_PERIOD = Text("A monthly budget needs a service period.")
#: Of an amount by itself, and of all months of a budget together.
BEYOND_MEASURE = Text("The volume must not be negative or beyond measure.")


def in_future(field: str, day: int, today: int) -> Text | None:
    """What to say of a day of activation or closing that is still to come; None for one that is not."""
    return _IN_FUTURE[field] if day > today else None


class Whole(Protocol):
    """A lead with all it consists of: one of the store, or what a row makes of it."""

    @property
    def status(self) -> str: ...
    @property
    def budget(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def period_first(self) -> int | None: ...
    @property
    def period_last(self) -> int | None: ...
    @property
    def activated_on(self) -> int | None: ...
    @property
    def closed_on(self) -> int | None: ...


#: A field, and why it does not go with the others.
Contradiction = tuple[str, Text]


def contradiction(lead: Whole) -> Contradiction | None:
    """The first field of a lead that does not go with the others; None where all is well."""
    return _of_budget(lead) or _of_days(lead)


def _of_budget(lead: Whole) -> Contradiction | None:
    if lead.budget != Budget.MONTHLY:
        return None
    if lead.period_first is None or lead.period_last is None:
        needed = lead.status != Status.POTENTIAL
        return ("period", MONTHLY_NEEDS_PERIOD) if needed else None
    if lead.amount_minor * (lead.period_last - lead.period_first + 1) > MAX_MINOR:
        return "amount", BEYOND_MEASURE
    return None


def _of_days(lead: Whole) -> Contradiction | None:
    if lead.status == Status.ACTIVE and lead.activated_on is None:
        return "activated_on", Text("An active lead needs the day since when it is active.")
    closed = lead.status in CLOSED
    if closed and lead.closed_on is None:
        return "closed_on", Text("A closed lead needs its closing date.")
    if not closed and lead.closed_on is not None:
        return "closed_on", Text("Only a closed lead has a closing date.")
    if lead.closed_on is not None and lead.activated_on is not None and lead.closed_on < lead.activated_on:
        return "closed_on", Text("The lead was not active yet on its closing date.")
    return None
