"""What lists of leads can be grouped by: what it is called, what a group is called, and its sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.format import Formats
from app.core.i18n import N_, ntr, tr
from app.core.terms import STATUS_LABELS, Status
from app.ui.tables.columns import Cell, Column, Figure
from app.ui.tables.groups import GroupLine
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.record_groups import Group

#: As many levels as one can still read.
DEEPEST = 2


@dataclass(frozen=True)
class Grouping:
    """One way to group: its name, what the leads without are called, and the column that shows the same."""

    label: str
    without: str
    column: str


GROUPINGS = {
    "stage": Grouping(N_("Stage"), N_("without a stage"), "stage"),
    "responsible": Grouping(N_("Responsible"), N_("nobody responsible"), "responsible"),
    "month": Grouping(N_("Month"), N_("without a service period"), "period"),
    "company": Grouping(N_("Company"), N_("without a company"), "company"),
    "source": Grouping(N_("Source"), N_("without a source"), "source"),
    "outcome": Grouping(N_("Outcome"), "", "status"),
    "closing_month": Grouping(N_("Closing month"), N_("without a closing day"), "closed"),
    "reason": Grouping(N_("Reason"), N_("without a reason"), "reason"),
}
#: What comes to a group, by the column below which it stands.
SUMS = {"volume": "volume", "weighted": "weighted", "total": "volume"}
#: What all lists can be grouped by, and what only closed leads have.
ALWAYS = ("stage", "responsible", "month", "company", "source")
OF_IDEAS = ("responsible", "month", "company", "source")
OF_CLOSED = ("outcome", "closing_month", "reason", *ALWAYS)


def of_column(column: str) -> str | None:
    """By what a list is grouped that is grouped by this column; None for one it cannot be grouped by."""
    return next((key for key, grouping in GROUPINGS.items() if grouping.column == column), None)


def grouped_words(group: Sequence[str]) -> str:
    """The levels, from the outer one: Stage, Responsible."""
    return ", ".join(tr(GROUPINGS[key].label) for key in group)


class GroupWords:
    """Words the rows of the groups of one list."""

    def __init__(
        self,
        wording: Wording,
        formats: Formats,
        group: Sequence[str],
        count: Callable[[int], str],
        columns: Sequence[Column[Any]],
    ) -> None:
        """`count` words a number of leads, `columns` are those of the list: only what they sum up is said."""
        self._wording = wording
        self._formats = formats
        self._group = tuple(group)
        self._count = count
        self._summed = {column.key: column.title for column in columns if column.key in SUMS}

    def line(self, group: "Group") -> GroupLine:
        """What the row of a group shows and says."""
        by = self._group[group.level]
        name = self._name(by, group)
        note = self._count(group.count)
        if group.sums["without_rate"]:
            n = group.sums["without_rate"]
            note += " · " + ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", n)
        wording = self._wording
        sums = {key: group.sums[SUMS[key]] for key in self._summed}
        spoken = [tr("{by}: {name}", by=tr(GROUPINGS[by].label), name=name), note]
        spoken += [f"{tr(self._summed[key])} {wording.sum(minor)}" for key, minor in sums.items() if key != "total"]
        return GroupLine(
            _cell(name), _cell(note), {key: self._figure(minor) for key, minor in sums.items()}, ", ".join(spoken),
            Figure(str(group.count), Decimal(group.count)),
            {key: wording.figure(minor) for key, minor in sums.items()},
            wording.stage_colour(group.key) if by == "stage" and isinstance(group.key, int) else "",
        )  # fmt: skip

    def _figure(self, minor: int) -> Cell:
        return Cell(self._wording.sum(minor), "", "", "", "", lambda: self._wording.base_short(minor))

    def _name(self, by: str, group: "Group") -> str:
        key = group.key
        if key is None:
            return tr(GROUPINGS[by].without)
        if by in ("month", "closing_month"):
            return self._formats.month(int(key))
        return tr(STATUS_LABELS[Status(str(key))]) if by == "outcome" else group.name


def _cell(text: str) -> Cell:
    return Cell(text, "", "", "", text, None)
