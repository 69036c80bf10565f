"""Whether somebody may write what a step has written: measured inside its transaction, before it is committed.

The verbs say beforehand what is not allowed (`app.core.roles`); here it is made sure, whichever verb, undo or redo it
was. On this machine that protects from mistakes, not from somebody who has the file; a team's server enforces it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.core.changes import RowChange
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.roles import NOT_YOURS, Act, Rights, Role, refused
from app.models.guard import BY_NAME
from app.models.many import chunks, with_ids
from app.models.schema import Company, Person
from app.models.visibility import HANGING, Sight, local_sight

#: What everybody may say of him- or herself.
_PROFILE = frozenset({"email", "photo_id", "deputy_id", "notice_time", "notice_together"})
_UNSEEN = Text("You would not see it yourself. Make yourself responsible for it.")
_RECORDS = ("lead", "company", "person")
CUSTOMERS: Mapping[str, Any] = {"company": Company, "person": Person}


def adopt(session: Session, rights: Rights, rows: Iterable[RowChange]) -> None:
    """Make whoever sees only some customers responsible for those that he has made and would not see otherwise."""
    sight = local_sight(rights)
    made = [row for row in rows if row.op == "insert" and row.table in CUSTOMERS and row.after["user_id"] is None]
    if sight is None or not made:
        return
    for table, record in CUSTOMERS.items():
        for unseen in _unseen(session.connection(), sight, table, [row.row_id for row in made if row.table == table]):
            session.get_one(record, unseen, execution_options=BY_NAME).user_id = rights.member
    session.flush()


def measure(connection: Connection, rights: Rights, rows: Iterable[RowChange], *, back: bool = False) -> None:
    """Raises NotAllowed if somebody with these rights may not have changed these rows, which are written already.

    On a way `back` it was asked before what might go: a customer that stayed, because others use it, is theirs now.
    Raises InvalidInput if nobody would be left to decide who may do what.
    """
    rows = tuple(rows)
    _keep_an_owner(connection, rows)
    expect_allowed(connection, rights, [row for row in rows if not back or row.op != "delete"])


def expect_allowed(connection: Connection, rights: Rights, rows: Iterable[RowChange]) -> None:
    """Raises NotAllowed if somebody with these rights may not change these rows, as things stand in the database.

    Asked of a way back before it is tried, too: no conflict then tells of values that are not seen.
    """
    if rights.role is Role.OWNER:
        return
    if rights.role is Role.FULL:
        for row in rows:
            if row.table == "member" and not _as_before(row):
                rights.demand(Act.ROLES)
        return
    others = [row for row in rows if not _personal(connection, rights, row)]
    if others:
        rights.demand(Act.CHANGE)
        _measure_limited(connection, rights, others)


def _keep_an_owner(connection: Connection, rows: Iterable[RowChange]) -> None:
    members = [row for row in rows if row.table == "member" and {"role", "deleted_at"} & row.before.keys()]
    left = any(row.before.get("role") == Role.OWNER for row in members) or any(
        connection.execute(text(_ROLE), {"id": row.row_id}).scalar() == Role.OWNER for row in members
    )
    if left and not connection.execute(text(_OWNED)).scalar():
        raise InvalidInput(Text("Somebody has to remain an owner, who decides what the others may do."), field="role")


_ROLE = "SELECT role FROM member WHERE id = :id"
_OWNED = "SELECT EXISTS (SELECT 1 FROM member WHERE role = 'owner' AND deleted_at IS NULL)"


def _as_before(row: RowChange) -> bool:
    """Whether a change of a member leaves alone who works here as what. New ones may do no more than who adds them."""
    if row.op == "update":
        return not {"role", "deleted_at"} & row.after.keys()
    role: str = (row.after or row.before).get("role", Role.FULL)
    return role != Role.OWNER


def _personal(connection: Connection, rights: Rights, row: RowChange) -> bool:
    """Whether it is about how somebody works: own views, own notices, own profile, own absences."""
    if row.table == "member":
        return row.op == "update" and row.row_id == rights.member and row.after.keys() <= _PROFILE
    if row.table == "saved_view":
        return _of_me(connection, rights, row) and row.after.get("user_id", rights.member) == rights.member
    return row.table in ("field_notice", "absence") and _of_me(connection, rights, row)


def _of_me(connection: Connection, rights: Rights, row: RowChange) -> bool:
    """Whether a row belongs to who changes it, now and before."""
    owners = {values["user_id"] for values in (row.before, row.after) if "user_id" in values}
    if not owners:
        statement = text(f"SELECT user_id FROM {row.table} WHERE id = :id")
        owners = set(connection.execute(statement, {"id": row.row_id}).scalars())
    return owners == {rights.member}


def _measure_limited(connection: Connection, rights: Rights, rows: Iterable[RowChange]) -> None:
    sight = local_sight(rights)
    assert sight is not None
    concerned: dict[str, set[int]] = {record: set() for record in _RECORDS}
    for row in rows:
        measured = _MEASURED.get(row.table)
        if measured is not None:
            measured(connection, rights, row)
        elif row.table not in HANGING and row.table not in (*_RECORDS, "mail", "note_person"):
            rights.demand(Act.LISTS)
        _note_record(concerned, row)
    for record, ids in concerned.items():
        made = {row.row_id for row in rows if row.table == record and row.op == "insert"}
        for unseen in _unseen(connection, sight, record, ids):
            raise refused(_UNSEEN if unseen in made and record != "lead" else NOT_YOURS)
    _measure_written(connection, sight, rows)


def _note_record(concerned: Mapping[str, set[int]], row: RowChange) -> None:
    """In the history of which record it stands, and in that of which others it stood before."""
    for record in _RECORDS:
        stands = getattr(row, f"{record}_id")
        if stands is not None:
            concerned[record].add(stands)
    first = next((r for r in _RECORDS if row.before.get(f"{r}_id") is not None), None)
    if row.table in HANGING and first is not None:
        concerned[first].add(row.before[f"{first}_id"])


def _lead(connection: Connection, rights: Rights, row: RowChange) -> None:
    """Whose it was and is: one's own when it is new, and nobody else's than before."""
    if row.op == "insert":
        if row.after.get("user_id") != rights.member:
            rights.demand(Act.ASSIGN)
    elif row.op == "update":
        if "user_id" in row.after:
            rights.demand(Act.ASSIGN)
    elif not rights.sees(row.before.get("user_id")):
        raise refused(NOT_YOURS)


def _customer(_connection: Connection, rights: Rights, row: RowChange) -> None:
    """Nobody comes to see a customer by making himself responsible for it, nor is one given to others."""
    if (row.op == "update" and "user_id" in row.after) or row.after.get("user_id", rights.member) not in (
        None, rights.member
    ):  # fmt: skip
        rights.demand(Act.ASSIGN)


def _people(_connection: Connection, rights: Rights, _row: RowChange) -> None:
    rights.demand(Act.PEOPLE)


def _tag(connection: Connection, rights: Rights, row: RowChange) -> None:
    """Tags come about while one types; what all of them are called is nobody's own business."""
    if row.op == "update":
        rights.demand(Act.LISTS)


_MEASURED: Mapping[str, Callable[[Connection, Rights, RowChange], None]] = {
    "lead": _lead, "company": _customer, "person": _customer, "tag": _tag, "absence": _people,
    "member": _people, "working_week": _people,
}  # fmt: skip


def _unseen(connection: Connection, sight: Sight, record: str, ids: Collection[int]) -> list[int]:
    """Which of these records are there but not seen."""
    statement = with_ids(f"SELECT id FROM {record} AS it WHERE id IN :ids AND {_hidden(sight, record)}")
    found: list[int] = []
    for chunk in chunks(sorted(ids)):
        found += connection.execute(statement, {"ids": chunk}).scalars()
    return found


def _hidden(sight: Sight, table: str) -> str:
    return f"NOT COALESCE({sight.of(table, 'it')}, FALSE)"


def _measure_written(connection: Connection, sight: Sight, rows: Iterable[RowChange]) -> None:
    """What hangs on something written: participants and files of mails."""
    for row in rows:
        table, row_id = row.table, row.row_id
        if row.op == "delete" and table == "note_person":
            table, row_id = "note", row.before["note_id"]
        elif row.op == "delete" or table not in ("note_person", "attachment", "mail"):
            continue
        statement = text(f"SELECT 1 FROM {table} AS it WHERE id = :id AND {_hidden(sight, table)}")
        if connection.execute(statement, {"id": row_id}).first() is not None:
            raise refused(NOT_YOURS)
