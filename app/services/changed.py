"""Which records a change concerns."""

from collections.abc import Iterator

from app.core.changes import ChangeSet, RowChange
from app.core.terms import Entity


def changed_ids(entity: Entity, change: ChangeSet) -> frozenset[int]:
    """The records that may read otherwise after a change, as far as it names them."""
    own = change.ids(entity) | {id_ for row in change.rows for id_ in _owners(entity, row)}
    return own | change.touched if entity is Entity.LEAD else own


def _owners(entity: Entity, row: RowChange) -> Iterator[int]:
    """The records that a row hangs on, or hung on before."""
    if entity is Entity.LEAD:
        found = [row.lead_id]
    else:
        column = f"{entity}_id"
        in_history = row.company_id if entity is Entity.COMPANY else row.person_id
        found = [in_history, row.before.get(column), row.after.get(column)]
    return (id_ for id_ in found if isinstance(id_, int))
