"""What the charts draw: figures already asked for and worded, so that a chart knows neither store nor service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar of the revenue chart, amounts in minor units of the base currency.

    `label` stands below the bar, `name` in full at the figures. `moved` is the part of `weighted` that comes from
    months gone by. A bar that is `apart` belongs to no month and stands off at the right.
    """

    label: str
    name: str
    secured: int
    weighted: int
    unweighted: int
    moved: int = 0
    apart: bool = False

    @property
    def total(self) -> int:
        """How high it is."""
        return self.secured + self.weighted


@dataclass(frozen=True)
class FunnelStep:
    """One trapezoid of the funnel: `share` of the first step (0 to 1), `colour` '#RRGGBB', `figures` beside the name.

    `spoken` is the step in one sentence, for the tool tip and for those who do not see the drawing.
    """

    name: str
    figures: str
    share: float
    colour: str
    spoken: str
