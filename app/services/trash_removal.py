"""Removing for good what lies in the trash, with all that hangs on it. The history keeps its lines; nothing else stays.

It is no step of anybody and works on the writing connection, which sees all rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, TextClause, bindparam, text

from app.models import derived, documents
from app.models.history_terms import LIVING
from app.models.many import chunks, with_ids
from app.models.types import Instant
from app.services import drafts

TrashKind = Literal["lead", "company", "person", "note", "file"]
KINDS: Sequence[TrashKind] = ("lead", "company", "person", "note", "file")
TABLES: Mapping[TrashKind, str] = {
    "lead": "lead", "company": "company", "person": "person", "note": "note", "file": "attachment",
}  # fmt: skip


@dataclass(frozen=True)
class Doomed:
    """What is to go: the ids of each kind."""

    ids: Mapping[TrashKind, Sequence[int]]

    @classmethod
    def deleted_before(cls, connection: Connection, limit: datetime) -> "Doomed":
        """All that was put into the trash before an instant."""
        found: dict[TrashKind, Sequence[int]] = {}
        for kind, table in TABLES.items():
            found[kind] = connection.execute(_before(table), {"limit": limit}).scalars().all()
        return cls(found)

    @property
    def total(self) -> int:
        """How much of all kinds."""
        return sum(map(len, self.ids.values()))


def _before(table: str) -> TextClause:
    statement = text(f"SELECT id FROM {table} WHERE deleted_at < :limit ORDER BY id")
    return statement.bindparams(bindparam("limit", type_=Instant))


def remove(connection: Connection, doomed: Doomed, today: date) -> None:
    """Remove these; leads that name a company or person that goes stay without it."""
    concerned: set[int] = set()
    named: tuple[TrashKind, ...] = ("company", "person")
    for kind in named:
        for chunk in chunks(doomed.ids[kind]):
            concerned.update(_selected(connection, _NAMING[kind], chunk))
            for statement in _LETTING_GO[kind]:
                connection.execute(with_ids(statement), {"ids": chunk})
    mails = _remove_files(connection, doomed.ids["file"])
    owners: tuple[Literal["lead", "company", "person"], ...] = ("lead", "company", "person")
    rest: tuple[TrashKind, ...] = ("note", *owners)
    for kind in rest:
        for chunk in chunks(doomed.ids[kind]):
            for statement in _HANGING[kind]:
                connection.execute(with_ids(statement), {"ids": chunk})
    for statement in _MAILS:
        connection.execute(text(statement))
    for chunk in chunks(sorted(mails)):
        documents.refresh(connection, "note", _selected(connection, _NOTES_OF_MAILS, chunk))
    derived.refresh(connection, concerned - set(doomed.ids["lead"]), today)
    if doomed.total:
        drafts.forget(connection, {kind: doomed.ids[kind] for kind in owners})
        connection.execute(_FORGET)


def forget_reminders(connection: Connection) -> None:
    """Remove what was shown to whom of steps and dates that are gone, where no undo could bring these back."""
    loose = connection.execute(text(_LOOSE)).all()
    if not loose:  # the history is long, and mostly it need not be asked
        return
    returning = {(row.table_name, row.row_id) for row in connection.execute(text(_RETURNING))}
    for chunk in chunks([row.id for row in loose if (row.table_name, row.row_id) not in returning]):
        connection.execute(with_ids("DELETE FROM reminder_state WHERE id IN :ids"), {"ids": chunk})


def _remove_files(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Returns the mails that lose an attachment: what is written of them names it."""
    mails: set[int] = set()
    for chunk in chunks(ids):
        mails.update(_selected(connection, _MAILS_OF_FILES, chunk))
        for statement in _FILES:
            connection.execute(with_ids(statement), {"ids": chunk})
    return mails


def _selected(connection: Connection, statement: str, ids: Sequence[int]) -> Iterable[int]:
    return connection.execute(with_ids(statement), {"ids": ids}).scalars().all()


#: What a reminder is of, by its source.
_REMINDING = {"step": "step", "field": "field_value", "birthday": "person"}
_LOOSE = " UNION ALL ".join(
    f"SELECT id, '{table}' AS table_name, row_id FROM reminder_state"
    f" WHERE source = '{source}' AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.id = row_id)"
    for source, table in _REMINDING.items()
)
_RETURNING = f"""
WITH RECURSIVE {LIVING}
SELECT c.table_name, c.row_id FROM change c JOIN living ON living.id = c.change_set_id
WHERE c.table_name IN ('step', 'field_value', 'person')
UNION SELECT table_name, row_id FROM import_row WHERE table_name IN ('step', 'field_value', 'person')
"""
#: The full-text index keeps the words of removed documents until it is merged.
_FORGET = text("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
#: Leads in which a company or person is named; their words follow from it.
_NAMING: Mapping[str, str] = {
    "company": "SELECT id FROM lead WHERE company_id IN :ids",
    "person": """
SELECT id FROM lead WHERE person_id IN :ids UNION SELECT lead_id FROM lead_person WHERE person_id IN :ids
""",
}
_LETTING_GO: Mapping[str, Sequence[str]] = {
    "company": (
        "UPDATE lead SET company_id = NULL WHERE company_id IN :ids",
        "UPDATE lead SET recommender_company_id = NULL WHERE recommender_company_id IN :ids",
    ),
    "person": (
        "UPDATE lead SET person_id = NULL WHERE person_id IN :ids",
        "UPDATE lead SET recommender_person_id = NULL WHERE recommender_person_id IN :ids",
    ),
}
_MAILS_OF_FILES = "SELECT mail_id FROM attachment WHERE id IN :ids AND mail_id IS NOT NULL"
_NOTES_OF_MAILS = "SELECT id FROM note WHERE mail_id IN :ids"


def _of_record(kind: str, *links: str) -> tuple[str, ...]:
    """What goes with a record, the record last: reminders before what they are of, documents before their rows."""
    owned = f"{kind}_id IN :ids"
    tables = [*links, "note", "attachment", "field_value", *(["step"] if kind != "person" else [])]
    reminded = [("field", "field_value"), *([("step", "step")] if kind != "person" else [])]
    return (
        *(
            f"DELETE FROM search_doc WHERE entity = '{table}' AND row_id IN (SELECT id FROM {table} WHERE {owned})"
            for table in ("note", "attachment")
        ),
        *(
            f"DELETE FROM reminder_state WHERE source = '{source}' AND row_id IN (SELECT id FROM {table} WHERE {owned})"
            for source, table in reminded
        ),
        f"DELETE FROM note_person WHERE note_id IN (SELECT id FROM note WHERE {owned})",
        *(f"DELETE FROM {table} WHERE {owned}" for table in tables),
        f"DELETE FROM search_doc WHERE entity = '{kind}' AND row_id IN :ids",
        f"DELETE FROM {kind} WHERE id IN :ids",
    )


_FILES = (
    "DELETE FROM search_doc WHERE entity = 'attachment' AND row_id IN :ids",
    "DELETE FROM attachment WHERE id IN :ids",
)
_HANGING: Mapping[str, Sequence[str]] = {
    "note": (
        "DELETE FROM note_person WHERE note_id IN :ids",
        "DELETE FROM search_doc WHERE entity = 'note' AND row_id IN :ids",
        "DELETE FROM note WHERE id IN :ids",
    ),
    "lead": (
        "DELETE FROM search_doc WHERE lead_id IN :ids",
        *_of_record("lead", "stage_entry", "lead_tag", "lead_check", "lead_person"),
    ),
    "company": _of_record("company", "company_person", "company_tag", "contact_point", "address"),
    "person": (
        "DELETE FROM reminder_state WHERE source = 'birthday' AND row_id IN :ids",
        *_of_record(
            "person", "company_person", "person_tag", "contact_point", "address", "lead_person", "note_person"
        ),
    ),
}  # fmt: skip
#: A mail that is noted nowhere any more, with what was attached to it: its notes went for good, or all that put it
#: somewhere was undone. Until now a redo could have needed it.
_LONELY = "SELECT id FROM mail WHERE NOT EXISTS (SELECT 1 FROM note WHERE note.mail_id = mail.id)"
_MAILS = (
    f"""DELETE FROM search_doc WHERE entity = 'attachment'
AND row_id IN (SELECT id FROM attachment WHERE mail_id IN ({_LONELY}))""",
    f"DELETE FROM attachment WHERE mail_id IN ({_LONELY})",
    f"DELETE FROM mail WHERE id IN ({_LONELY})",
)
