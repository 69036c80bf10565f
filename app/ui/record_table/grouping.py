"""What lists can be grouped by: what it is called, what a group is called, and its sums."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.format import Formats
from app.core.i18n import ntr, tr
from app.services.own_kinds import parts_of
from app.ui.tables.columns import Cell, Column, Figure
from app.ui.tables.groups import GroupLine
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.record_groups import Group

#: As many levels as one can still read.
DEEPEST = 2


@dataclass(frozen=True)
class Grouping:
    """One way to group: its name, what the records without are called, and the column that shows the same.

    `word` words the key of a group that has no name, `colour` is that of its mark as '#RRGGBB'.
    """

    label: str
    without: str
    column: str
    word: Callable[[Formats, Any], str] | None = None
    colour: Callable[[Wording, Any], str] | None = None


@dataclass(frozen=True)
class Groupings:
    """What lists of a kind can be grouped by, by key; `sums` are what comes to a group, by the column below which it
    stands.
    """

    by: Mapping[str, Grouping]
    sums: Mapping[str, str]

    def of_column(self, column: str) -> str | None:
        """By what a list is grouped that is grouped by this column; None for one it cannot be grouped by."""
        return next((key for key, grouping in self.by.items() if grouping.column == column), None)

    def offered(self, choices: Sequence[str]) -> tuple[str, ...]:
        """These choices of a list, and what own fields of its records can be grouped by."""
        return (*choices, *(key for key in self.by if parts_of(key) is not None))

    def known(self, kept: Sequence[object], choices: Sequence[str]) -> tuple[str, ...]:
        """Of levels that were kept somewhere those that are offered still."""
        offered = self.offered(choices)
        return tuple(key for key in dict.fromkeys(map(str, kept)) if key in offered)[:DEEPEST]

    def words(self, group: Sequence[str]) -> str:
        """The levels, from the outer one: Stage, Responsible."""
        return ", ".join(tr(self.by[key].label) for key in group if key in self.by)


class GroupWords:
    """Words the rows of the groups of one list."""

    def __init__(
        self,
        groupings: Groupings,
        wording: Wording,
        formats: Formats,
        group: Sequence[str],
        count: Callable[[int], str],
        columns: Sequence[Column[Any]],
    ) -> None:
        """`count` words a number of records, `columns` are those of the list: only what they sum up is said."""
        self._groupings = groupings
        self._wording = wording
        self._formats = formats
        self._group = tuple(group)
        self._count = count
        self._summed = {column.key: column.title for column in columns if column.key in groupings.sums}

    def line(self, group: "Group") -> GroupLine:
        """What the row of a group shows and says."""
        by = self._groupings.by[self._group[group.level]]
        name = self._name(by, group)
        note = self._count(group.count)
        if n := group.sums.get("without_rate", 0):
            note += " · " + ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", n)
        wording = self._wording
        sums = {key: group.sums[self._groupings.sums[key]] for key in self._summed}
        spoken = [tr("{by}: {name}", by=tr(by.label), name=name), note]
        spoken += [f"{tr(self._summed[key])} {wording.sum(minor)}" for key, minor in sums.items() if key != "total"]
        return GroupLine(
            _cell(name), _cell(note), {key: self._figure(minor) for key, minor in sums.items()}, ", ".join(spoken),
            Figure(str(group.count), Decimal(group.count)),
            {key: wording.figure(minor) for key, minor in sums.items()},
            by.colour(wording, group.key) if by.colour is not None and group.key is not None else "",
        )  # fmt: skip

    def _figure(self, minor: int) -> Cell:
        return Cell(self._wording.sum(minor), "", "", "", "", lambda: self._wording.base_short(minor))

    def _name(self, by: Grouping, group: "Group") -> str:
        if group.key is None:
            return tr(by.without)
        return group.name if by.word is None else by.word(self._formats, group.key)


def _cell(text: str) -> Cell:
    return Cell(text, "", "", "", text, None)
