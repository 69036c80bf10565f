"""Whether it is time to get in touch with a company or a person again, as SQL over its table.

`app.services.rhythm` tells the same of single records. The statements bind `:tomorrow`, the instant with which the day
after today begins.
"""

from collections.abc import Mapping

from app.core.i18n import N_
from app.core.terms import Entity
from app.services.last_contact import CONTACT_TABLES, last_contact
from app.services.rhythm import CLOSEST_TAG, TAG_LATEST, RhythmState

TOUCH_LABELS: Mapping[RhythmState, str] = {
    RhythmState.FINE: N_("In time"),
    RhythmState.DUE: N_("Due"),
    RhythmState.OVERDUE: N_("Too late"),
}

RHYTHM_TABLES = (*CONTACT_TABLES, "tag", "company_tag", "person_tag")

_DAY = 86_400_000_000


def _of_tags(entity: Entity, days: str) -> str:
    return (
        f"(SELECT {days} FROM {entity}_tag carried JOIN tag ON tag.id = carried.tag_id"
        f" WHERE carried.{entity}_id = {entity}.id AND tag.deleted_at IS NULL AND tag.touch_target IS NOT NULL"
        f" ORDER BY {CLOSEST_TAG} LIMIT 1)"
    )


def target(entity: Entity) -> str:
    """After how many days it is time again: the record's own rhythm, else the closest of its tags; NULL for none."""
    return f"COALESCE({entity}.touch_target, {_of_tags(entity, 'tag.touch_target')})"


def latest(entity: Entity) -> str:
    """After how many days it is too late; where nobody said so, after twice as many."""
    own = f"COALESCE({entity}.touch_latest, 2 * {entity}.touch_target)"
    return f"CASE WHEN {entity}.touch_target IS NULL THEN {_of_tags(entity, TAG_LATEST)} ELSE {own} END"


def since(entity: Entity, last: str) -> str:
    """The instant from which the days count: without a contact the record's own beginning. `last` is the contact."""
    return f"COALESCE({last}, {entity}.created_at)"


def state(entity: Entity) -> str:
    """A `RhythmState`; NULL for a record without a rhythm. The last contact is looked for once."""
    days = f"(:tomorrow - 1 - {since(entity, last_contact(entity))}) / {_DAY}"
    told = (
        f"(SELECT CASE WHEN days > {latest(entity)} THEN '{RhythmState.OVERDUE}'"
        f" WHEN days >= {target(entity)} THEN '{RhythmState.DUE}' ELSE '{RhythmState.FINE}' END"
        f" FROM (SELECT {days} AS days))"
    )
    return f"CASE WHEN {target(entity)} IS NULL THEN NULL ELSE {told} END"


def due(entity: Entity) -> str:
    """The instant at which it is time again; NULL without a rhythm. `last_contacts` are joined as `valued`."""
    return f"({since(entity, 'valued.value')} + {_DAY} * {target(entity)})"
