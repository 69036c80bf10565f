"""Notes, files and mails that lay in the trash long enough are removed for good."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from app.models.many import chunks, with_ids
from app.models.types import Instant


def holds(connection: Connection, limit: datetime) -> bool:
    """Whether a note or a file was deleted before `limit`. For a reader."""
    return bool(connection.execute(_ANY_OLD, {"limit": limit}).scalar())


def remove(connection: Connection, limit: datetime) -> int:
    """Remove what was deleted before `limit`, and mails that stand nowhere any more; returns how many rows.

    Needs the writing connection; what was done before can no longer be undone.
    """
    notes = connection.execute(_OLD_NOTES, {"limit": limit}).scalars().all()
    files = connection.execute(_OLD_FILES, {"limit": limit}).scalars().all()
    for chunk in chunks(notes):
        for statement in _OF_NOTES:
            connection.execute(statement, {"ids": chunk})
    for chunk in chunks(files):
        for statement in _OF_FILES:
            connection.execute(statement, {"ids": chunk})
    return len(notes) + len(files) + _remove_mails(connection)


def _remove_mails(connection: Connection) -> int:
    """Mails whose last note is gone, with their files."""
    mails = connection.execute(text(_NOWHERE)).scalars().all()
    for chunk in chunks(mails):
        for statement in _OF_MAILS:
            connection.execute(statement, {"ids": chunk})
    return len(mails)


_ANY_OLD = text("""
SELECT EXISTS (SELECT 1 FROM trashed_note WHERE deleted_at < :limit)
  OR EXISTS (SELECT 1 FROM trashed_attachment WHERE deleted_at < :limit)
""").bindparams(bindparam("limit", type_=Instant))
_OLD_NOTES = text("SELECT id FROM note WHERE deleted_at < :limit").bindparams(bindparam("limit", type_=Instant))
_OLD_FILES = text("SELECT id FROM attachment WHERE deleted_at < :limit").bindparams(bindparam("limit", type_=Instant))
_NOWHERE = "SELECT id FROM mail WHERE NOT EXISTS (SELECT 1 FROM note WHERE note.mail_id = mail.id)"
_OF_NOTES = tuple(
    with_ids(statement)
    for statement in (
        "DELETE FROM search_doc WHERE entity = 'note' AND row_id IN :ids",
        "DELETE FROM note_person WHERE note_id IN :ids",
        "DELETE FROM note WHERE id IN :ids",
    )
)
_OF_FILES = tuple(
    with_ids(statement)
    for statement in (
        "DELETE FROM search_doc WHERE entity = 'attachment' AND row_id IN :ids",
        "DELETE FROM attachment WHERE id IN :ids",
    )
)
_OF_MAILS = tuple(
    with_ids(statement)
    for statement in (
        """DELETE FROM search_doc WHERE entity = 'attachment'
        AND row_id IN (SELECT id FROM attachment WHERE mail_id IN :ids)""",
        "DELETE FROM attachment WHERE mail_id IN :ids",
        "DELETE FROM mail WHERE id IN :ids",
    )
)
