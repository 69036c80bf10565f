"""Which records a change concerns."""

from app.core.changes import ChangeSet, RowChange
from app.core.terms import Entity


def changed_ids(entity: Entity, change: ChangeSet) -> frozenset[int]:
    """The records that may read otherwise after a change, as far as it names them."""
    own = change.ids(entity) | {id_ for row in change.rows if (id_ := _owner(entity, row)) is not None}
    return own | change.touched if entity is Entity.LEAD else own


def _owner(entity: Entity, row: RowChange) -> int | None:
    """The record that a row hangs on."""
    if entity is Entity.LEAD:
        return row.lead_id
    column = f"{entity}_id"
    found = row.after.get(column, row.before.get(column))
    return found if isinstance(found, int) else None
