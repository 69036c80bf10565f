"""Laying the views of `app.models.visibility` over a reading connection, as somebody sees them."""

from sqlalchemy import Connection

from app.core.roles import EVERYTHING, Rights
from app.models.visibility import view_statements

_KEY = "rights"
_LAID = "SELECT type, name FROM temp.sqlite_master WHERE type = 'view' OR type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"


def veil(connection: Connection, rights: Rights) -> None:
    """See to it that what is read in this transaction is what somebody with these rights sees.

    A connection begins with the views of who sees everything, and keeps those that were laid last.
    """
    if _alike(connection.info.get(_KEY, EVERYTHING)) == _alike(rights):
        return
    connection.info[_KEY] = None  # until they are laid, nobody knows how far that went
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    for kind, name in connection.exec_driver_sql(_LAID).all():
        connection.exec_driver_sql(f"DROP {kind} temp.{name}")
    for statement in view_statements(rights):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.info[_KEY] = rights


def _alike(rights: Rights | None) -> object:
    """What of the rights decides about the views; None where that is not known."""
    if rights is None:
        return None
    return (rights.member, rights.whose) if rights.whose is not None else "all"
