"""What a list can be grouped by: the column of a record, and where its values have names and an order."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.calendar import day_of, month_number
from app.core.terms import Status

#: What a group stands for: the id of a person, a stage …, a month number, a status; None for the records without.
Key = int | str | None


def _itself(value: int | str) -> int | str:
    return value


@dataclass(frozen=True)
class GroupTerms:
    """Records with the same value of `column` are a group. A `table` has its name, and its `place` in the order;
    without one `key` makes a group's key of the value, and `order` says where it belongs. What is no column of the
    record is `sql` over it, which follows from whole `tables`.
    """

    column: str
    table: str = ""
    place: str = ""
    key: Callable[[int | str], int | str] = _itself
    order: Callable[[int | str], int | str] = int
    sql: str = ""
    tables: tuple[str, ...] = ()

    def expression(self, entity: str) -> str:
        """What records are grouped by, over their table."""
        return self.sql or f"{entity}.{self.column}"


#: Those of leads.
GROUPS: dict[str, GroupTerms] = {
    "stage": GroupTerms("stage_id", "stage", "position"),
    "responsible": GroupTerms("user_id", "member", "sort_key"),
    "company": GroupTerms("company_id", "company", "sort_key"),
    "source": GroupTerms("source_id", "source", "position"),
    "reason": GroupTerms("reason_id", "reason", "position"),
    "month": GroupTerms("period_first"),
    "outcome": GroupTerms("status", order=lambda status: list(Status).index(Status(str(status)))),
    # like the list itself: what was closed last comes first
    "closing_month": GroupTerms(
        "closed_on", key=lambda day: month_number(day_of(int(day))), order=lambda month: -int(month)
    ),
}
