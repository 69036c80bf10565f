"""Rows in groups: which rows a table has while some of its groups are folded, and what the row of a group shows."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.ui.tables.columns import Cell, Figure

#: What a group is known by through every reload: the keys from the outermost group to it.
Path = tuple[object, ...]


class GroupSpan(Protocol):
    """A group as the service gives it: its leads are `count` ids from the place `first` on."""

    @property
    def path(self) -> Path:
        """The keys from the outermost group to it."""

    @property
    def first(self) -> int:
        """The place of its first id among all of them."""

    @property
    def count(self) -> int:
        """How many ids are in it."""


@dataclass
class GroupLine:
    """What the row of a group shows: its name, how many are in it, and its sums below the columns of those keys.

    `fill` is the colour of the mark before the name as '#RRGGBB', empty for none. `spoken` says all of it; `count` and
    `sums` are what is copied.
    """

    label: Cell
    note: Cell
    figures: Mapping[str, Cell]
    spoken: str
    count: Figure
    sums: Mapping[str, Figure]
    fill: str = ""


@dataclass(frozen=True)
class GroupLook:
    """How the row of a group is drawn: how deep it lies, whether others lie in it, and whether it is folded."""

    line: GroupLine
    level: int
    outer: bool
    folded: bool


class Layout:
    """The rows of a grouped table: an id, or -1 - n for the n-th group. Made on any thread."""

    def __init__(self, ids: Sequence[int], groups: Sequence[GroupSpan], folded: Collection[Path]) -> None:
        """Each group is followed by those within it; `folded` are those of which only the row of the group is shown."""
        self.ids = ids
        self.groups = groups
        self.folded = set(folded)
        self.depth = max((len(group.path) for group in groups), default=0)
        self.rows = self._within(range(len(groups)))

    def _within(self, numbers: Iterable[int]) -> "array[int]":
        """The rows of these groups, each with what is shown of it."""
        rows, groups, folded, depth = array("q"), self.groups, self.folded, self.depth
        for number in numbers:
            group = groups[number]
            path = group.path
            if folded and any(path[:length] in folded for length in range(1, len(path))):
                continue
            rows.append(-1 - number)
            if len(path) == depth and path not in folded:
                rows.extend(self.ids[group.first : group.first + group.count])
        return rows

    def number_at(self, row: int) -> int | None:
        """Which group's row this is; None for the row of an id."""
        id_ = self.rows[row]
        return -1 - id_ if id_ < 0 else None

    def number_of(self, path: Path) -> int | None:
        """The group of a path, if there is one."""
        return next((number for number, group in enumerate(self.groups) if group.path == path), None)

    def row_of(self, number: int) -> int | None:
        """Where a group is shown; None while one around it is folded."""
        try:
            return self.rows.index(-1 - number)
        except ValueError:
            return None

    def ids_of(self, number: int) -> Sequence[int]:
        """All ids in a group, in their order."""
        group = self.groups[number]
        return self.ids[group.first : group.first + group.count]

    def above(self, row: int) -> int | None:
        """The group that holds this row: of an id its innermost one, of a group the one around it."""
        number = self.number_at(row)
        length = self.depth if number is None else len(self.groups[number].path) - 1
        for place in range(row if number is None else row - 1, -1, -1):
            other = self.number_at(place)
            if other is not None and len(self.groups[other].path) == length:
                return other
        return None

    def extent(self, number: int) -> tuple[int, int]:
        """The rows shown below that of a group: the first, and the one after the last."""
        row = self.row_of(number)
        assert row is not None, "it is not shown"
        after = self._next(number)
        end = None if after == len(self.groups) else self.row_of(after)
        return row + 1, len(self.rows) if end is None else end

    def below(self, number: int) -> "array[int]":
        """The rows that unfolding a group shows below it."""
        group = self.groups[number]
        if len(group.path) == self.depth:
            return array("q", self.ids[group.first : group.first + group.count])
        return self._within(range(number + 1, self._next(number)))

    def _next(self, number: int) -> int:
        """The next group that is not within this one."""
        length = len(self.groups[number].path)
        place = number + 1
        while place < len(self.groups) and len(self.groups[place].path) > length:
            place += 1
        return place

    def hiding(self, ids: Collection[int]) -> set[Path]:
        """The folded groups behind which some of these ids are."""
        wanted = set(ids).difference(self.rows)
        places = [place for place, id_ in enumerate(self.ids) if id_ in wanted] if wanted else []
        return {
            group.path
            for group in self.groups
            if group.path in self.folded and any(group.first <= place < group.first + group.count for place in places)
        }
