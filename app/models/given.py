"""Steps that somebody chose from the history, of whomever: whether and how they can be taken back or brought again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app.core.changes import Kind
from app.core.roles import NOT_YOURS, Act, Rights, refused
from app.models import permission, undo
from app.models.conditions import SEVERAL
from app.models.history_terms import STANDS
from app.models.many import with_ids


def given_steps(connection: Connection, kind: Kind, steps: Sequence[int]) -> list[Any]:
    """These steps, newest first; none where one of them was taken back already or lies behind the horizon."""
    statement = with_ids(_UNDOABLE if kind == "undo" else _REDOABLE)
    rows = list(connection.execute(statement, {"ids": list(steps)}))
    return rows if len(rows) == len(set(steps)) else []


def obstacles(connection: Connection, kind: Kind, steps: Sequence[int], rights: Rights) -> list[undo.Clash] | None:
    """What keeps these steps from being undone or redone; None where nobody can.

    Of several steps that are one edit of a field the one that comes first decides. The connection sees all rows; raises
    NotAllowed where somebody with these rights may not go that way.
    """
    members = given_steps(connection, kind, steps)
    if not members:
        return None
    first = members[0]
    expect_whole(first)
    if first.import_run_id is not None:
        from app.models import runs

        rights.demand(Act.IMPORT)
        return runs.clashes(connection, first.import_run_id, kind)
    changes = undo.read_changes(connection, [origin_of(first)])
    wanted = undo.inverse(changes) if kind == "undo" else changes
    permission.expect_allowed(connection, rights, wanted)
    return undo.clashes(connection, wanted, kind)


def expect_whole(member: Any) -> None:
    """Raises NotAllowed for a step of which a replica has a part: the rest would stay, and be told as taken back."""
    if member.label_msgid == SEVERAL:
        raise refused(NOT_YOURS)


def origin_of(member: Any) -> int:
    """The step whose rows tell what an undo or redo is about."""
    origin: int = member.id if member.undoes_id is None else member.undoes_id
    return origin


_HORIZON = "COALESCE((SELECT CAST(value AS INTEGER) FROM store_setting WHERE key = 'undo_horizon'), 0)"
_UNDOABLE = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, s.import_run_id, s.undoes_id FROM change_set s
WHERE s.kind = 'do' AND s.id IN :ids AND s.id > {_HORIZON}
AND {STANDS}
ORDER BY s.id DESC
"""
_REDOABLE = f"""
SELECT u.id, u.at, u.label_msgid, u.label_args, u.import_run_id, u.undoes_id FROM change_set u
WHERE u.kind = 'undo' AND u.id IN :ids AND u.id > {_HORIZON}
AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id)
ORDER BY u.id DESC
"""
