"""What the page asks the services, away from the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.recent import Happening, yesterday
from app.services.today import TodayFigures

if TYPE_CHECKING:
    from app.services.office import Office


@dataclass(frozen=True)
class Surroundings:
    """What stands beside the list: figures, leads without movement, what happened since yesterday.

    `leads` tells whether there are any at all.
    """

    leads: bool
    figures: TodayFigures
    idle: Sequence[int]
    recent: Sequence[Happening]


def read_surroundings(office: "Office", user_id: int | None) -> Surroundings:
    """Of one person's leads, or of all."""
    counts = office.lists.counts()
    return Surroundings(
        bool(counts.potential + counts.active + counts.closed),
        office.today.figures(user_id),
        office.today.behind("idle", user_id),
        office.recent.since(yesterday(office.store.today()), user_id),
    )
