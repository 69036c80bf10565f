"""What a column of a table is: where its text comes from and how it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from functools import partial
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Kind(Enum):
    """How the cells of a column are drawn."""

    TEXT = "text"
    NUMBER = "number"  # right-aligned: amounts, percentages, ages
    PILL = "pill"
    AVATAR = "avatar"


class Tone(StrEnum):
    """A cell that stands out; the value is the colour's name in the theme. The text says the same in words."""

    WON = "won"
    LOST = "lost"
    WARNING = "warning"
    ACCENT = "accent"
    STRONG = "text"  # by weight alone, such as a line of totals


class Weight(Enum):
    """How loudly a column speaks when no tone is set."""

    NORMAL = "normal"
    STRONG = "strong"
    MUTED = "muted"


@dataclass(frozen=True)
class Figure:
    """A number as it is copied: as a spreadsheet of the country reads it, and its value."""

    text: str
    value: Decimal


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. The callables get a row as the service gave it and are asked once per row, not per repaint.

    `title` is a source text marked with N_. `sort` names the order to ask the service for; without it the column
    cannot be sorted by. `fill` is the colour of a pill ('#RRGGBB', the empty string for a plain grey one). `spoken` is
    what a screen reader says and what is copied where the drawn text is an abbreviation. `copied` are the columns it
    becomes in other programs, each with its title (marked with N_), where that is another one or more than one. `icon`
    is drawn before a text.
    `short` words a figure with ever fewer digits where the whole of it does not fit: cut off, it would be another
    figure. `flex` is the column's share of room left over.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    kind: Kind = Kind.TEXT
    width: int = 120
    weight: Weight = Weight.NORMAL
    sort: str | None = None
    visible: bool = True
    flex: int = 0
    short: Callable[[Row], Sequence[str]] | None = None
    tone: Callable[[Row], Tone | None] | None = None
    fill: Callable[[Row], str] | None = None
    tip: Callable[[Row], str] | None = None
    spoken: Callable[[Row], str] | None = None
    icon: Callable[[Row], str] | None = None
    copied: tuple[tuple[str, Callable[[Row], str | Figure]], ...] = ()

    @property
    def right(self) -> bool:
        """Whether title and text are right-aligned."""
        return self.kind is Kind.NUMBER


class Cell:
    """One cell, worked out once: its text, the theme's names of its colours, and what drawing has learned about it."""

    __slots__ = ("elided", "fill", "icon", "room", "short", "spoken", "text", "tip", "tone", "width")

    def __init__(
        self, text: str, tone: str, fill: str, tip: str, spoken: str, short: Callable[[], Sequence[str]] | None,
        icon: str = "",
    ) -> None:  # fmt: skip
        self.text = text
        self.short = short
        self.tone = tone
        self.fill = fill
        self.tip = tip
        self.spoken = spoken
        self.icon = icon
        self.elided = text  # what fits into `room` pixels, where it was last drawn, and how wide that is
        self.room = -1
        self.width = 0.0

    @property
    def whole_tip(self) -> str:
        """What the pointer is told: the text where it was cut off, and the tip."""
        return "\n".join(part for part in (self.text if self.elided != self.text else "", self.tip) if part)


def cell_of(column: Column[Row], row: Row) -> Cell:
    """Work out one cell."""
    text = " ".join(column.text(row).splitlines())  # a line break in a title must not break the row
    return Cell(
        text,
        tone=(column.tone(row) or "") if column.tone else "",
        fill=column.fill(row) if column.fill else "",
        tip=column.tip(row) if column.tip else "",
        spoken=column.spoken(row) if column.spoken else text,
        short=partial(column.short, row) if column.short else None,
        icon=column.icon(row) if column.icon else "",
    )
