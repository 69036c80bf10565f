"""Laying the views of `app.models.visibility` over a reading connection, as somebody sees them."""

from sqlalchemy import Connection

from app.core.roles import EVERYTHING, Rights
from app.models.conditions import RECORDS
from app.models.visibility import listing_statements, view_statements

_KEY = "rights"
_LAID = """
SELECT type, name FROM temp.sqlite_master
WHERE type = 'view' OR type = 'table' AND (sql LIKE 'CREATE VIRTUAL%' OR name LIKE 'seen_%')
"""


def veil(connection: Connection, rights: Rights) -> None:
    """See to it that what is read on this connection is what somebody with these rights sees.

    A connection begins with the views of who sees everything, and keeps those that were laid last. They are laid in a
    transaction of their own: one that an error ends would take them along.
    """
    laid = connection.info.get(_KEY, EVERYTHING)
    if laid is not None and laid.sight == rights.sight:
        return
    connection.info[_KEY] = None  # until they are laid, nobody knows how far that went
    with connection.begin():
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        for kind, name in connection.exec_driver_sql(_LAID).all():
            connection.exec_driver_sql(f"DROP {kind} temp.{name}")
        for statement in view_statements(rights):
            connection.exec_driver_sql(statement)
        if not rights.sees_all:
            connection.exec_driver_sql("CREATE TEMP TABLE seen_at (version INTEGER)")
        connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.info[_KEY] = rights


def list_seen(connection: Connection, rights: Rights) -> None:
    """Within the transaction that reads, list anew which records are seen if anybody has written since."""
    if rights.sees_all:
        return
    version = connection.exec_driver_sql("PRAGMA main.data_version").scalar_one()
    if connection.exec_driver_sql("SELECT version FROM temp.seen_at").scalar() == version:
        return
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    for statement in listing_statements(rights):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("DELETE FROM temp.seen_at")
    connection.exec_driver_sql("INSERT INTO temp.seen_at VALUES (?)", (version,))
    connection.exec_driver_sql("PRAGMA query_only = ON")


def seen_now(connection: Connection, rights: Rights) -> object:
    """What is listed, to be compared with what was; None for who sees everything.

    A lead that was given to somebody else is told by no step that is seen.
    """
    if rights.sees_all:
        return None
    lists = (f"(SELECT json_group_array(id) FROM temp.seen_{record})" for record in RECORDS)
    return tuple(connection.exec_driver_sql(f"SELECT {', '.join(lists)}").one())
