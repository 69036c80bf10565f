"""What the charts draw: figures already asked for and worded, so that a chart knows neither store nor service."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.spans import Bucket


@dataclass(frozen=True)
class Segment:
    """One part of a bar that is split: how much of it in minor units, and its colour ('#RRGGBB')."""

    name: str
    amount: int
    colour: str


@dataclass(frozen=True)
class Bar:
    """One bar of the revenue chart, amounts in minor units of the base currency.

    `label` stands below the bar, `name` in full at the figures. `moved` is the part of `weighted` that comes from
    months gone by. A bar that is `apart` belongs to no month and stands off at the right. `segments` are its parts from
    below where the chart is split; `goal` is what was to be reached.
    """

    label: str
    name: str
    secured: int
    weighted: int
    unweighted: int
    moved: int = 0
    apart: bool = False
    bucket: "Bucket" = "total"
    segments: tuple[Segment, ...] = ()
    goal: int | None = None

    @property
    def total(self) -> int:
        """How high it is."""
        return self.secured + self.weighted

    @property
    def gross(self) -> int:
        """How high it would be if every open lead were won."""
        return self.secured + self.unweighted


@dataclass(frozen=True)
class RevenuePicture:
    """Everything the revenue chart shows. `gross` adds the height without weighting as an outline."""

    bars: Sequence[Bar]
    currency: str
    name: str
    gross: bool = False


@dataclass(frozen=True)
class LegendKey:
    """What a colour of the chart means; `look` is a colour ('#RRGGBB') or "hatched", "outline" or "goal"."""

    label: str
    look: str


@dataclass(frozen=True)
class FunnelStep:
    """One trapezoid of the funnel: `share` of the first step (0 to 1), `colour` '#RRGGBB', `figures` beside the name.

    `spoken` is the step in one sentence, for the tool tip and for those who do not see the drawing. `stage_id` is None
    for the leads that were won.
    """

    name: str
    figures: str
    share: float
    colour: str
    spoken: str
    stage_id: int | None = None


@dataclass(frozen=True)
class AgeBar:
    """One class of ages: how many leads are so old (`figure` in words), `first` to `last` days, and what that says."""

    label: str
    figure: str
    count: int
    colour: str
    spoken: str
    first: int = 0
    last: int | None = None
