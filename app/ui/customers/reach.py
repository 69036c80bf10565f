"""Ways to reach somebody as links: what they open, and what can be done with them beside."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.core.i18n import tr
from app.core.place import Place
from app.core.terms import REACH_LABELS, ReachLabel
from app.services.reach import Point, PointKind
from app.ui.reach import OPENING, copy, follow, target
from app.ui.widgets.link_lines import Act, Link

if TYPE_CHECKING:
    from app.ui.context import Context


def point_links(context: "Context", kind: PointKind, points: Sequence[Point], edit: Act, edit_main: Act) -> list[Link]:
    """The numbers, addresses or pages as lines; the first one is edited where it stands, the others in the form."""
    return [_of_point(context, kind, point, edit if place else edit_main) for place, point in enumerate(points)]


def _of_point(context: "Context", kind: PointKind, point: Point, edit: Act) -> Link:
    link = target(kind, point.value)
    words = tr(OPENING[kind])
    act = None if link is None else partial(follow, context, link)
    offers: list[tuple[str, Act]] = [] if act is None else [(words, act)]
    offers += [(tr("Copy"), partial(copy, context, point.value)), (tr("Edit …"), edit)]
    return Link(point.value, labelled(point), act, offers, edit=edit)


def place_links(context: "Context", places: Sequence[Place], edit: Act) -> list[Link]:
    """The addresses; a press offers to copy them as they are written on a letter."""
    return [
        Link(", ".join(_lines(place)).replace("\n", ", "), labelled(place), None,
             ((tr("Copy"), partial(copy, context, "\n".join(_lines(place)))), (tr("Edit …"), edit)), edit=edit)
        for place in places
    ]  # fmt: skip


def _lines(place: Place) -> Iterable[str]:
    town = f"{place.postcode} {place.city}".strip()
    return (part for part in (place.street, place.extra, town, place.region, place.country) if part)


def labelled(of: Point | Place) -> str:
    """What it is for, as everybody or as somebody calls it; the main one needs no word."""
    label = next((tr(words) for key, words in REACH_LABELS.items() if str(key) == of.label), of.label)
    return "" if of.label in ("", ReachLabel.MAIN) else f"({label})"
