"""The first look at all rows: what single cells leave open is decided for whole columns.

Which sign is the decimal one, whether a day comes before its month, whether probabilities are percentages or shares,
and which stages the file speaks of.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.core.terms import CLOSED, Status
from app.services.csv_format import unguarded
from app.services.importing.amounts import MIXED, Bad, decimal_sign, read_percent
from app.services.importing.dates import ORDERS, dotted, format_of, has_short_year, orders_of
from app.services.importing.headers import Layout
from app.services.importing.result import Question
from app.services.importing.stages import Found
from app.services.importing.table import Table, columns_of

DAYS = ("activated_on", "closed_on", "next_step_on", "period_first", "period_last")
#: Different cells of a column that are remembered, so that each is looked at once.
_REMEMBERED = 20_000

#: Replaces a cell as --value asks for: field and cell to cell.
Translate = Callable[[str, str], str]


def unchanged(_field: str, cell: str) -> str:
    """Leaves every cell as it is: no --value was given."""
    return cell


@dataclass
class _Days:
    """Which orders the days of a column speak for."""

    sure: set[str] = field(default_factory=set)
    doubt: str = ""
    dots: bool = True
    short: bool = False
    sample: str = ""
    seen: set[str] = field(default_factory=set)

    def look(self, cells: Sequence[str]) -> None:
        if len(self.seen) > _REMEMBERED:
            self.seen.clear()
        for cell in dict.fromkeys(cells):
            if not cell or cell in self.seen:
                continue
            self.seen.add(cell)
            self.sample = self.sample or cell
            orders = orders_of(cell)
            if orders is None:
                continue
            self.dots = self.dots and dotted(cell)
            self.short = self.short or has_short_year(cell)
            if len(orders) == 1:
                self.sure |= orders
            else:
                self.doubt = self.doubt or cell

    def order(self, given: str | None) -> str | None:
        """The order of the column; None if it has to be asked for."""
        if self.dots:
            return "mdy" if self.sure == {"mdy"} else "dmy"
        if given is not None and (given != "ymd" or self.short):  # 3/4/2026 does not begin with its year
            return given
        return next(iter(self.sure)) if len(self.sure) == 1 else None if self.sure or self.doubt else "dmy"


@dataclass(frozen=True)
class Reading:
    """How the columns of a file are to be read."""

    decimal: str | None
    fraction: bool
    orders: Mapping[str, str]
    date_format: str | None
    stages: Found | None
    questions: tuple[Question, ...]


class Scan:
    """Goes over a table once; `reading` then says what it found."""

    def __init__(self, layout: Layout, translate: Translate, date_order: str | None) -> None:
        if date_order is not None and date_order not in ORDERS:
            raise InvalidInput(Text("The date order is dmy, mdy or ymd."), field="date_order")
        self._layout = layout
        self._translate = translate
        self._order = date_order
        self._days = {name: _Days() for name in DAYS if name in layout.fields}
        self._signs: Counter[str] = Counter()
        self._percents: set[str] = set()
        self._stages: Counter[tuple[str, str, str]] = Counter()

    def run(self, table: Table, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
        """Look at all rows."""
        for batch in table.batches():
            if cancelled():
                raise Cancelled(Text("The import was cancelled."))
            rows = batch.rows[self._layout.row :] if batch.first == 1 else batch.rows
            self._look(rows)
            progress(batch.done)

    def _look(self, rows: Sequence[Sequence[str]]) -> None:
        fields = self._layout.fields
        columns = columns_of(rows, len(self._layout.headers))
        for name, days in self._days.items():
            days.look(columns[fields[name]])
        if "amount" in fields:
            for cell in set(columns[fields["amount"]]):
                if cell and not cell.isdecimal() and (sign := decimal_sign(cell)):
                    self._signs[sign] += 1
        if "probability" in fields and len(self._percents) < _REMEMBERED:
            self._percents.update(columns[fields["probability"]])
        if "stage" in fields:
            nothing = ("",) * len(rows)
            names = ("stage", "probability", "status")
            told = [columns[fields[name]] if name in fields else nothing for name in names]
            self._stages.update(zip(*told, strict=True))

    def reading(self) -> Reading:
        """What was found."""
        orders = {name: days.order(self._order) for name, days in self._days.items()}
        fraction = self._fraction()
        signs = [sign for sign in self._signs if sign]
        return Reading(
            decimal=signs[0] if len(signs) == 1 else MIXED if signs else None,
            fraction=fraction,
            orders={name: order for name, order in orders.items() if order},
            date_format=self._format(orders),
            stages=self._found(fraction),
            questions=tuple(self._question(name) for name, order in orders.items() if order is None),
        )

    def _format(self, orders: Mapping[str, str | None]) -> str | None:
        known = [(days.sample, orders[name]) for name, days in self._days.items() if days.sample and orders[name]]
        formats = [format_of(sample, order) for sample, order in known]
        return ", ".join(dict.fromkeys(filter(None, formats))) or None

    def _question(self, name: str) -> Question:
        header = self._layout.header_of(name) or name
        sample = self._days[name].doubt or self._days[name].sample
        return Question(
            header,
            Text(
                "Does the day or the month come first, as in “{sample}”? (--date-order dmy, mdy or ymd)", sample=sample
            ),
        )

    def _fraction(self) -> bool:
        """Shares of one: nothing above 1, and something that no percentage can be (0.35).

        0.5 and 1 alone are percentages in our own format, whose first stage begins there; in another file with a
        whole column of them they are the half and the sure ones.
        """
        cells = [cell for percent in self._percents if (cell := self._translate("probability", percent).strip())]
        if any("%" in cell for cell in cells):
            return False
        shares = [read_percent(cell, fraction=True) for cell in cells]
        if any(isinstance(share, Bad) for share in shares):
            return False
        if any(isinstance(read_percent(cell, fraction=False), Bad) for cell in cells):
            return True
        return any(shares) and not self._layout.own and "%" not in (self._layout.header_of("probability") or "")

    def _found(self, fraction: bool) -> Found | None:
        header = self._layout.header_of("stage")
        if header is None:
            return None
        counts: Counter[tuple[str, int | None, str]] = Counter()
        for (stage, percent, status), n in self._stages.items():
            halves = read_percent(self._translate("probability", percent), fraction=fraction) if percent else None
            word = one_line(unguarded(self._translate("stage", stage)))
            counts[(word, halves if isinstance(halves, int) else None, self._translate("status", status))] += n
        return Found(counts, header, self._states())

    def _states(self) -> frozenset[Status]:
        """The states that are sought among the stages. Beside a column of states only those of closed leads: Closed
        Won, but not Prospecting; none in our own format, in which a stage may have any name."""
        if "status" not in self._layout.fields:
            return frozenset(Status)
        return frozenset() if self._layout.own else frozenset(CLOSED)
