"""What others did, as the store's feed tells it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from app.core.changes import ChangeSet
from app.core.i18n import load_text
from app.models import undo
from app.models.history_terms import SOURCE
from app.models.many import with_ids
from app.models.server.rows import Caught
from app.models.types import instant_of

#: Of more steps or rows no view wants to hear one by one.
_MOST_STEPS = 50
_MOST_ROWS = 2_000

_STEPS = f"""
SELECT s.id, s.uid, s.at, s.actor_id, s.origin, s.label_msgid, s.label_args, s.kind, s.import_run_id, {SOURCE} AS source
FROM change_set s WHERE s.id IN :ids ORDER BY s.id
"""


def told(connection: Connection, caught: Caught, mark: Callable[[str], object]) -> list[ChangeSet]:
    """The steps that a catch-up brought, the last one with all leads that were computed anew.

    `mark` is called with the uid of each, so that nobody tells it a second time.
    """
    steps = connection.execute(with_ids(_STEPS), {"ids": caught.steps}).all() if caught.steps else []
    for step in steps:
        mark(step.uid)
    whole = len(caught.rows) > _MOST_ROWS or len(steps) > _MOST_STEPS
    shown = steps[-1:] if whole else steps
    return [
        _told(connection, step, caught.touched if step is shown[-1] else frozenset(), everything=whole)
        for step in shown
    ]


def _told(connection: Connection, step: Any, touched: frozenset[int], *, everything: bool) -> ChangeSet:
    everything = everything or step.import_run_id is not None
    rows = [] if everything else undo.read_changes(connection, [step.source])
    if step.kind == "undo":
        rows = undo.inverse(rows)
    label = load_text(step.label_msgid, step.label_args)
    return ChangeSet(
        step.id, label, step.kind, step.origin, step.actor_id, instant_of(step.at), tuple(rows), touched,
        everything or not rows,
    )  # fmt: skip
