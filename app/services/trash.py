"""Deleted leads: they can be brought back for thirty days, then they are gone for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from app.core.terms import Status
from app.models.many import chunks, with_ids
from app.models.types import Instant, instant_of
from app.services import contents, note_trash
from app.services.leads import Leads

if TYPE_CHECKING:
    from app.models.store import Store

#: How long a deleted lead can be brought back.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TrashedLead:
    """A lead in the trash. `by` is who put it there, None where nobody did (an import taken back).

    `until` is the last day on which it can be brought back.
    """

    id: int
    title: str
    status: Status
    company: str | None
    deleted_at: datetime
    by: str | None
    until: date


class Trash:
    """Reads and empties the trash of a store."""

    def __init__(self, store: "Store", before: Callable[[], object] = lambda: None) -> None:
        """`before` is called once before anything is removed for good: the backup."""
        self._store = store
        self._before = before

    def all(self, limit: int = 1000) -> list[TrashedLead]:
        """The leads in the trash, the latest first, at most `limit`."""
        with self._store.read() as connection:
            rows = connection.execute(text(_TRASHED), {"limit": limit}).all()
        found = []
        for row in rows:
            deleted = instant_of(row.deleted_at)
            until = self._store.day_of(deleted + KEPT)
            found.append(TrashedLead(row.id, row.title, Status(row.status), row.company, deleted, row.actor, until))
        return found

    def restore(self, ids: Sequence[int]) -> None:
        """Bring leads back with all that hangs on them. Raises NotFound if one is gone or back already."""
        Leads(self._store).restore(ids)

    def purge(self) -> int:
        """Remove for good what was deleted more than thirty days ago; returns how many leads. Call it at the start.

        Notes, files and mails go as well, and bytes that nothing wants any more. Their lines in the history stay, but
        what was done before can no longer be undone. On a given day (`--today`) everything stays: it says nothing about
        how long a lead has been lying there.
        """
        limit = self._store.clock.now() - KEPT
        if self._store.given_day is not None or not self._holds_older_than(limit):
            return 0
        self._before()
        with self._store.maintenance() as connection:
            ids = connection.execute(_OLD, {"limit": limit}).scalars().all()
            for chunk in chunks(ids):
                connection.execute(_REMINDED, {"ids": chunk})
                connection.execute(_DATED, {"ids": chunk})
                connection.execute(_TOOK_PART, {"ids": chunk})
                for table, column in _HANGING:
                    connection.execute(with_ids(f"DELETE FROM {table} WHERE {column} IN :ids"), {"ids": chunk})
            removed = len(ids) + note_trash.remove(connection, limit)
            if removed:
                connection.execute(_FORGET)
        if removed:
            self._store.close_undo_horizon(limit)
            contents.remove_unused(self._store)
        return len(ids)

    def _holds_older_than(self, limit: datetime) -> bool:
        with self._store.read() as connection:
            return bool(connection.execute(_ANY_OLD, {"limit": limit}).scalar()) or note_trash.holds(connection, limit)


_TRASHED = """
SELECT lead.id, lead.title, lead.status, lead.deleted_at, company.name AS company,
  (SELECT member.name FROM change c JOIN change_set s ON s.id = c.change_set_id JOIN member ON member.id = s.actor_id
   WHERE c.lead_id = lead.id AND c.table_name = 'lead' AND c.after LIKE '%"deleted_at"%'
   ORDER BY c.change_set_id DESC LIMIT 1) AS actor
FROM trashed_lead lead LEFT JOIN company ON company.id = lead.company_id
ORDER BY lead.deleted_at DESC, lead.id DESC LIMIT :limit
"""
_ANY_OLD = text("SELECT EXISTS (SELECT 1 FROM trashed_lead WHERE deleted_at < :limit)").bindparams(
    bindparam("limit", type_=Instant)
)
_OLD = text("SELECT id FROM lead WHERE deleted_at < :limit ORDER BY id").bindparams(bindparam("limit", type_=Instant))

#: The full-text index keeps the words of removed documents until it is merged.
_FORGET = text("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
#: What was shown of the steps and the dates of a lead.
_REMINDED = with_ids("""
DELETE FROM reminder_state WHERE source = 'step' AND row_id IN (SELECT id FROM step WHERE lead_id IN :ids)
""")
_DATED = with_ids("""
DELETE FROM reminder_state WHERE source = 'field' AND row_id IN (SELECT id FROM field_value WHERE lead_id IN :ids)
""")
_TOOK_PART = with_ids("DELETE FROM note_person WHERE note_id IN (SELECT id FROM note WHERE lead_id IN :ids)")
#: What goes with a lead, the lead last.
_HANGING = (
    ("search_doc", "lead_id"), ("note", "lead_id"), ("attachment", "lead_id"), ("field_value", "lead_id"),
    ("step", "lead_id"), ("stage_entry", "lead_id"), ("lead_tag", "lead_id"), ("lead_check", "lead_id"),
    ("lead_person", "lead_id"), ("lead", "id"),
)  # fmt: skip
