"""Taking an import back, and bringing it again.

What an import made goes to the trash, what it changed gets its old values. Where somebody has worked with such a row
since, nothing is destroyed: the import stays, and the rows in conflict are named. An entry of a list (a company, a
stage) that others use by now stays as well.
"""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from app.core.changes import Kind, RowChange
from app.models import derived, documents, undo
from app.models.history_terms import STANDS
from app.models.types import micros
from app.models.visibility import ERASABLE

_ROWS = """
SELECT table_name, row_id, row_last, op, before, after FROM import_row WHERE import_run_id = :run ORDER BY id
"""

_STEP = "SELECT id FROM change_set WHERE import_run_id = :run AND kind = 'do'"

_WITH_LEADS = ("lead", "note")


class Taken(NamedTuple):
    """The single rows that were changed, and the blocks of list entries that came back, by table."""

    changes: list[RowChange]
    entries: list[tuple[str, range]]


def take_back_run(connection: Connection, run_id: int, kind: Kind, now: datetime, today: date) -> Taken:
    """Undo or redo an import run; returns what it changed. Raises UndoConflict if its leads were edited since."""
    rows = connection.execute(text(_ROWS), {"run": run_id}).all()
    _refuse_edited(connection, run_id)
    blocks = [row for row in rows if row.op == "insert" and row.table_name in ERASABLE]
    singles = [row for row in rows if row not in blocks]
    deleted_at = None if kind == "redo" else micros(now)
    every = [_change(row, kind) for row in (singles if kind == "redo" else reversed(singles))]
    changes = [change for change in every if change.table != "stage"]
    places = [change for change in every if change.table == "stage"]
    # only when the leads are as they will be does it show which entries of the lists nobody else uses
    for block in blocks:
        if block.table_name in _WITH_LEADS:
            _mark(connection, block, deleted_at)
    undo.apply(connection, changes, kind, connection.execute(text(_STEP), {"run": run_id}).scalar_one())
    for block in blocks:
        if block.table_name not in _WITH_LEADS:
            _mark(connection, block, deleted_at)
    if kind == "redo" or not any(_stays(connection, block) for block in blocks if block.table_name == "stage"):
        undo.apply(connection, [change for change in places if not _done(connection, change)])
    leads = {change.row_id if change.table == "lead" else change.lead_id for change in changes}
    if kind == "redo":
        leads |= {number for block in blocks if block.table_name == "lead" for number in _numbers(block)}
    derived.refresh(connection, leads - {None}, today)  # type: ignore[arg-type]
    for block in blocks:
        if block.table_name in documents.ENTITIES:
            documents.refresh(connection, block.table_name, _numbers(block))
    back = blocks if kind == "redo" else []
    return Taken(every, [(block.table_name, _numbers(block)) for block in back if block.table_name in _USES])


def _stays(connection: Connection, block: Any) -> bool:
    """Whether a stage of this block is still there: then the others keep the places they made for it."""
    statement = text("SELECT 1 FROM stage WHERE id BETWEEN :first AND :last AND deleted_at IS NULL LIMIT 1")
    return connection.execute(statement, {"first": block.row_id, "last": block.row_last}).first() is not None


def _done(connection: Connection, place: RowChange) -> bool:
    """Whether a stage has its new place already: it kept it when the import was taken back."""
    held = connection.execute(text("SELECT position FROM stage WHERE id = :id"), {"id": place.row_id}).scalar()
    return bool(held == place.after.get("position"))


def _numbers(block: Any) -> range:
    return range(block.row_id, block.row_last + 1)


def _change(row: Any, kind: Kind) -> RowChange:
    before, after = json.loads(row.before), json.loads(row.after)
    lead_id = after.get("lead_id")
    if row.op == "update":
        old, new = (before, after) if kind == "redo" else (after, before)
        return RowChange(row.table_name, row.row_id, "update", old, new, lead_id)
    if kind == "redo":
        return RowChange(row.table_name, row.row_id, "insert", {}, after, lead_id)
    return RowChange(row.table_name, row.row_id, "delete", after, {}, lead_id)


_EDITED = f"""
SELECT DISTINCT c.table_name, c.row_id FROM change c
JOIN import_row r ON r.op = 'insert' AND r.table_name IN ('lead', 'note') AND (
  (r.table_name = c.table_name AND c.row_id BETWEEN r.row_id AND r.row_last)
  OR (r.table_name = 'lead' AND c.lead_id BETWEEN r.row_id AND r.row_last))
WHERE r.import_run_id = :run
AND c.change_set_id > (SELECT min(id) FROM change_set WHERE import_run_id = :run)
AND EXISTS (SELECT 1 FROM change_set s WHERE s.id = c.change_set_id AND s.kind = 'do'
  AND {STANDS})
"""


def _refuse_edited(connection: Connection, run_id: int) -> None:
    edited = _edited(connection, run_id)
    if edited:
        raise undo.UndoConflict(edited)


def _edited(connection: Connection, run_id: int) -> list[undo.Clash]:
    return [undo.Clash(row[0], row[1], "", None, None) for row in connection.execute(text(_EDITED), {"run": run_id})]


def clashes(connection: Connection, run_id: int, kind: Kind) -> list[undo.Clash]:
    """What keeps an import from being taken back or brought again, as far as it shows before it is tried."""
    rows = connection.execute(text(_ROWS), {"run": run_id}).all()
    singles = [row for row in rows if row.op != "insert" or row.table_name not in ERASABLE]
    changes = [_change(row, kind) for row in singles if row.table_name != "stage"]
    return _edited(connection, run_id) + undo.clashes(connection, changes)


#: For an entry of a list: a lead outside the trash, or a company or person, that uses it.
_USES = {
    "stage": "SELECT 1 FROM lead WHERE lead.stage_id = stage.id AND lead.deleted_at IS NULL",
    "company": """
SELECT 1 FROM lead WHERE lead.company_id = company.id AND lead.deleted_at IS NULL
UNION ALL SELECT 1 FROM lead WHERE lead.recommender_company_id = company.id AND lead.deleted_at IS NULL""",
    "person": """
SELECT 1 FROM lead WHERE lead.person_id = person.id AND lead.deleted_at IS NULL
UNION ALL SELECT 1 FROM lead WHERE lead.recommender_person_id = person.id AND lead.deleted_at IS NULL
UNION ALL SELECT 1 FROM lead_person link WHERE link.person_id = person.id
UNION ALL SELECT 1 FROM note_person link WHERE link.person_id = person.id""",
    "member": """
SELECT 1 FROM lead WHERE lead.user_id = member.id AND lead.deleted_at IS NULL
UNION ALL SELECT 1 FROM company WHERE company.user_id = member.id
UNION ALL SELECT 1 FROM person WHERE person.user_id = member.id
UNION ALL SELECT 1 FROM change_set step WHERE step.actor_id = member.id
UNION ALL SELECT 1 FROM member other WHERE other.deputy_id = member.id
UNION ALL SELECT 1 FROM absence WHERE absence.user_id = member.id OR absence.deputy_id = member.id
UNION ALL SELECT 1 FROM working_week week WHERE week.user_id = member.id
UNION ALL SELECT 1 FROM password WHERE password.user_id = member.id""",
    "source": "SELECT 1 FROM lead WHERE lead.source_id = source.id AND lead.deleted_at IS NULL",
    "reason": "SELECT 1 FROM lead WHERE lead.reason_id = reason.id AND lead.deleted_at IS NULL",
    "tag": """
SELECT 1 FROM lead_tag JOIN lead ON lead.id = lead_id WHERE tag_id = tag.id AND lead.deleted_at IS NULL
UNION ALL SELECT 1 FROM company_tag link WHERE link.tag_id = tag.id
UNION ALL SELECT 1 FROM person_tag link WHERE link.tag_id = tag.id""",
}
#: An entry that somebody has renamed or changed since is theirs.
_UNTOUCHED = """
AND id NOT IN (SELECT row_id FROM change WHERE table_name = :table AND row_id BETWEEN :first AND :last)
"""
_BY_HAND = f"change c JOIN change_set s ON s.id = c.change_set_id AND s.kind = 'do' AND {STANDS}"
#: So is a company or a person on which something was written since, or whom somebody put beside another one.
_ALONE = {
    "company": f"AND NOT EXISTS (SELECT 1 FROM {_BY_HAND} WHERE c.company_id = company.id)",
    "person": f"""
AND NOT EXISTS (SELECT 1 FROM {_BY_HAND} WHERE c.person_id = person.id)
AND NOT EXISTS (SELECT 1 FROM company_person link WHERE link.person_id = person.id AND EXISTS (SELECT 1 FROM {_BY_HAND}
  WHERE c.company_id = link.company_id AND c.table_name = 'company_person' AND c.row_id = link.id))
""",
}
_NO_DOCS = "DELETE FROM search_doc WHERE entity = 'lead' AND row_id BETWEEN :first AND :last"


def _mark(connection: Connection, block: Any, deleted_at: int | None) -> None:
    """Put a block of rows into the trash, or bring it back."""
    table: str = block.table_name
    place = {"first": block.row_id, "last": block.row_last}
    unused = ""
    if deleted_at is not None and table in _USES:
        unused = f"AND NOT EXISTS ({_USES[table]}) {_UNTOUCHED} {_ALONE.get(table, '')}"
    statement = f"UPDATE {table} SET deleted_at = :at WHERE id BETWEEN :first AND :last {unused}"
    binds = {"at": deleted_at, **place, **({"table": table} if unused else {})}
    connection.execute(text(statement), binds)
    if table == "lead" and deleted_at is not None:
        connection.execute(text(_NO_DOCS), place)
