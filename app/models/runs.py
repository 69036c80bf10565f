"""Taking an import back, and bringing it again.

What an import made goes to the trash, what it changed gets its old values. Where somebody has edited such a row since,
nothing is destroyed: the import stays, and the rows in conflict are named.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text

from app.core.changes import Kind, RowChange
from app.models import derived, undo
from app.models.types import micros
from app.models.visibility import ERASABLE


def take_back_run(connection: Connection, run_id: int, kind: Kind, now: datetime, today: date) -> None:
    """Undo or redo an import run. Raises UndoConflict if its rows were edited since."""
    rows = connection.execute(
        text("SELECT table_name, row_id, op, before, after FROM import_row WHERE import_run_id = :run ORDER BY id"),
        {"run": run_id},
    ).all()
    _refuse_edited(connection, run_id)
    made = [row for row in rows if row.op == "insert" and row.table_name in ERASABLE]
    _mark(connection, made, None if kind == "redo" else micros(now))
    undo.apply(connection, [_change(row, kind) for row in rows if row.op == "update"])
    leads = [row.row_id for row in rows if row.table_name == "lead"]
    derived.refresh(connection, leads, today)


def _change(row: Any, kind: Kind) -> RowChange:
    before, after = json.loads(row.before), json.loads(row.after)
    old, new = (before, after) if kind == "redo" else (after, before)
    return RowChange(row.table_name, row.row_id, "update", old, new)


_EDITED = """
SELECT DISTINCT c.table_name, c.row_id FROM change c
JOIN import_row r ON r.table_name = c.table_name AND r.row_id = c.row_id
WHERE r.import_run_id = :run AND r.op = 'insert'
AND c.change_set_id > (SELECT min(id) FROM change_set WHERE import_run_id = :run)
AND EXISTS (SELECT 1 FROM change_set s WHERE s.id = c.change_set_id AND s.kind = 'do'
  AND NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = s.id AND u.kind = 'undo'
    AND NOT EXISTS (SELECT 1 FROM change_set n WHERE n.undoes_id = u.id)))
"""


def _refuse_edited(connection: Connection, run_id: int) -> None:
    edited = connection.execute(text(_EDITED), {"run": run_id}).all()
    if edited:
        raise undo.UndoConflict([undo.Clash(row[0], row[1], "", None, None) for row in edited])


def _mark(connection: Connection, made: Sequence[Any], deleted_at: int | None) -> None:
    by_table: dict[str, list[int]] = {}
    for row in made:
        by_table.setdefault(row.table_name, []).append(row.row_id)
    for table, ids in by_table.items():
        statement = text(f"UPDATE {table} SET deleted_at = :at WHERE id IN :ids")
        for chunk in derived.chunks(ids):
            connection.execute(statement.bindparams(bindparam("ids", expanding=True)), {"at": deleted_at, "ids": chunk})
