"""What was deleted: it can be brought back for thirty days, then it is gone for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from app.core.errors import NotFound
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.models.many import chunks
from app.models.types import instant_of, micros
from app.services import contents, lead_fields, lead_rows, owners, trash_removal
from app.services.trash_removal import KINDS, Doomed, TrashKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.memory import Attachment, Note
    from app.models.schema import Company, Person
    from app.models.store import Store

__all__ = ["KEPT", "KINDS", "Contents", "Item", "Trash", "TrashKind", "Trashed"]

#: How long what was deleted can be brought back.
KEPT = timedelta(days=30)
_UNCHANGED = Text("Nothing was changed.")
#: So much of a note is shown.
_EXCERPT = 300


class Item(NamedTuple):
    """Something in the trash, by its kind and id."""

    kind: TrashKind
    id: int


@dataclass(frozen=True, slots=True)
class Trashed:
    """Something in the trash. A note has its first line as `title`, a mail its subject; it may be "" (a call).

    `belongs_to` is the company of a lead or person, the record of a note or file. `by` is who put it there, None where
    nobody did (an import taken back). `until` is the last day on which it can be brought back.
    """

    kind: TrashKind
    id: int
    title: str
    belongs_to: str | None
    deleted_at: datetime
    by: str | None
    until: date

    @property
    def item(self) -> Item:
        """What brings it back."""
        return Item(self.kind, self.id)


@dataclass(frozen=True)
class Contents:
    """How much of each kind was in the trash `at` a moment; kinds of which there is nothing are left out."""

    counts: Mapping[TrashKind, int]
    at: datetime

    @property
    def total(self) -> int:
        """How much of all kinds."""
        return sum(self.counts.values())


class Trash:
    """Reads and empties the trash of a store."""

    def __init__(self, store: "Store", before: Callable[[], object] = lambda: None) -> None:
        """`before` is called once before anything is removed for good: the backup."""
        self._store = store
        self._before = before

    def all(self, limit: int = 1000, kind: TrashKind | None = None, below: Trashed | None = None) -> list[Trashed]:
        """What is in the trash (of one kind), the latest first: at most `limit`, only what comes `below` another."""
        at, beside, number = (micros(below.deleted_at), below.kind, below.id) if below else (2**62, "", 0)
        asked = {"limit": limit, "kind": kind, "at": at, "beside": beside, "number": number}
        with self._store.read() as connection:
            rows = connection.execute(text(_TRASHED), asked).all()
        return [self._trashed(row) for row in rows]

    def _trashed(self, row: Any) -> Trashed:
        deleted = instant_of(row.deleted_at)
        until = self._store.day_of(deleted + KEPT)
        title = next((line.strip() for line in row.title.splitlines() if line.strip()), "")
        return Trashed(row.kind, row.id, title, row.belongs_to, deleted, row.actor, until)

    def contents(self) -> Contents:
        """How much there is of each kind, to be asked about before it is emptied."""
        now = self._store.clock.now()
        with self._store.read() as connection:
            rows = connection.execute(text(_COUNTED), {"now": micros(now)}).all()
        return Contents({row.kind: row.n for row in rows if row.n}, now)

    def restore(self, items: Sequence[Item]) -> None:
        """Bring things of any kinds back in one step, each with all that hangs on it.

        A company comes back beside one of the same name, as it may be made beside one. Raises NotFound if one is gone
        or back already, or belongs to a record that is (and does not come back with it).
        """
        wanted = {kind: list(dict.fromkeys(item.id for item in items if item.kind == kind)) for kind in KINDS}
        if not any(wanted.values()):
            return
        with self._store.write(self._label(wanted)) as session:
            leads = lead_rows.load(session, wanted["lead"], trashed=True) if wanted["lead"] else []
            companies, people, notes, files = _load(session, wanted)
            rows: tuple[Any, ...] = (*leads, *companies, *people, *notes, *files)
            for row in rows:
                row.deleted_at = None
            for lead in leads:
                lead_fields.check(lead)
            session.flush()
            owners.require(session, [owner for row in (*notes, *files) if (owner := owners.owner_of(row)) is not None])

    def _label(self, wanted: Mapping[TrashKind, Sequence[int]]) -> Text:
        count = sum(map(len, wanted.values()))
        if count == len(wanted["lead"]) > 1:
            return Plural("{n} lead restored", "{n} leads restored", n=count)
        if count > 1:
            return Plural("{n} entry restored from the trash", "{n} entries restored from the trash", n=count)
        ((kind, id_),) = ((kind, ids[0]) for kind, ids in wanted.items() if ids)
        with self._store.read() as connection:
            row = connection.execute(text(_TITLE[kind]), {"id": id_}).first()
        title = "" if row is None else row[0]
        if kind == "note":
            return Text("Note on “{title}” restored", title=title)
        return Text("File “{name}” restored", name=title) if kind == "file" else Text("“{title}” restored", title=title)

    def purge(self) -> int:
        """Remove for good what was deleted more than thirty days ago; returns how much. Call it at the start.

        Its lines in the history stay, but what was done before can no longer be undone. On a given day (`--today`)
        everything stays: it says nothing about how long something has been lying there.
        """
        limit = self._store.clock.now() - KEPT
        if self._store.given_day is not None or not self._store.tended:
            return 0
        return self._remove(limit, forget_until=limit)

    def empty(self, seen: Contents | None = None) -> int:
        """Remove for good all that is there, or that was there when `seen` was told; returns how much.

        Nothing that was done so far can be undone after that. It is for the one who asked the user. Raises NotAllowed.
        """
        self._store.rights.demand(Act.ERASE)
        at = self._store.clock.now() if seen is None else seen.at
        return self._remove(at + timedelta(microseconds=1), forget_until=None)

    def _remove(self, limit: datetime, *, forget_until: datetime | None) -> int:
        # also what the actor does not see
        with self._store.survey() as connection:
            there = Doomed.deleted_before(connection, limit).total
        if not there:
            return 0
        self._before()
        with self._store.maintenance() as connection:
            doomed = Doomed.deleted_before(connection, limit)
            trash_removal.remove(connection, doomed, self._store.today())
        if doomed.total:
            self._store.close_undo_horizon(forget_until)
            with self._store.maintenance() as connection:
                trash_removal.forget_reminders(connection)
            contents.remove_unused(self._store)
        return doomed.total


_Loaded = tuple[list["Company"], list["Person"], list["Note"], list["Attachment"]]


def _load(session: "Session", wanted: Mapping[TrashKind, Sequence[int]]) -> _Loaded:
    from app.models.memory import Attachment, Note
    from app.models.schema import Company, Person

    return (
        _rows(session, Company, wanted["company"], Text("A company is no longer in the trash.")),
        _rows(session, Person, wanted["person"], Text("A person is no longer in the trash.")),
        _rows(session, Note, wanted["note"], Text("A note is no longer in the trash.")),
        _rows(session, Attachment, wanted["file"], Text("A file is no longer in the trash.")),
    )


def _rows(session: "Session", table: Any, ids: Sequence[int], gone: Text) -> list[Any]:
    from sqlalchemy import select

    found: list[Any] = []
    for chunk in chunks(ids):
        found += session.scalars(select(table).where(table.id.in_(chunk), table.deleted_at.is_not(None)))
    if len(found) < len(ids):
        raise NotFound(gone, _UNCHANGED)
    return found


def _actor(table: str, *owners: str) -> str:
    """Who deleted a row of `trashed_{table}` last; the history is looked up by the record it belongs to."""
    of_record = " OR ".join(f"c.{owner}_id = {column}" for owner, column in (each.split("=") for each in owners))
    return f"""
(SELECT member.name FROM change c JOIN change_set s ON s.id = c.change_set_id JOIN member ON member.id = s.actor_id
 WHERE ({of_record}) AND c.table_name = '{table}' AND c.row_id = gone.id AND c.after LIKE '%"deleted_at"%'
 ORDER BY c.change_set_id DESC LIMIT 1) AS actor"""


_OWN = ("lead=gone.lead_id", "company=gone.company_id", "person=gone.person_id")
#: The record of a note or file, wherever it is.
_OWNER = """
COALESCE((SELECT title FROM lead WHERE id = gone.lead_id), (SELECT title FROM trashed_lead WHERE id = gone.lead_id),
  (SELECT name FROM company WHERE id = gone.company_id),
  (SELECT name FROM trashed_company WHERE id = gone.company_id),
  (SELECT name FROM person WHERE id = gone.person_id), (SELECT name FROM trashed_person WHERE id = gone.person_id))
"""
_SUBJECT = "(SELECT subject FROM main.mail WHERE main.mail.id = gone.mail_id)"
_EMPLOYER = """
(SELECT company.name FROM main.company_person link JOIN company ON company.id = link.company_id
 WHERE link.person_id = gone.id ORDER BY link.position, link.id LIMIT 1)
"""

# Which those are is known before anything is looked up for them.
_PAGE = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, id, deleted_at FROM trashed_{table}" for kind, table in trash_removal.TABLES.items()
)
_TRASHED = f"""
WITH page AS MATERIALIZED (SELECT * FROM ({_PAGE})
  WHERE (:kind IS NULL OR kind = :kind)
  AND (deleted_at < :at OR deleted_at = :at AND (kind > :beside OR kind = :beside AND id < :number))
  ORDER BY deleted_at DESC, kind, id DESC LIMIT +:limit)
SELECT * FROM (
SELECT kind, gone.id, gone.title, company.name AS belongs_to, gone.deleted_at, {_actor("lead", "lead=gone.id")}
FROM page JOIN trashed_lead gone ON gone.id = page.id AND kind = 'lead'
LEFT JOIN company ON company.id = gone.company_id
UNION ALL SELECT kind, gone.id, gone.name, NULL, gone.deleted_at, {_actor("company", "company=gone.id")}
FROM page JOIN trashed_company gone ON gone.id = page.id AND kind = 'company'
UNION ALL SELECT kind, gone.id, gone.name, {_EMPLOYER}, gone.deleted_at, {_actor("person", "person=gone.id")}
FROM page JOIN trashed_person gone ON gone.id = page.id AND kind = 'person'
UNION ALL SELECT page.kind, gone.id, COALESCE({_SUBJECT}, substr(gone.text, 1, {_EXCERPT})), {_OWNER}, gone.deleted_at,
  {_actor("note", *_OWN)}
FROM page JOIN trashed_note gone ON gone.id = page.id AND page.kind = 'note'
UNION ALL SELECT kind, gone.id, gone.name, COALESCE({_OWNER}, {_SUBJECT}), gone.deleted_at,
  {_actor("attachment", *_OWN)}
FROM page JOIN trashed_attachment gone ON gone.id = page.id AND kind = 'file')
ORDER BY deleted_at DESC, kind, id DESC
"""
_COUNTED = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, count(*) AS n FROM trashed_{table} WHERE deleted_at <= :now"
    for kind, table in trash_removal.TABLES.items()
)
#: What a step that brings back one thing is called by.
_TITLE: Mapping[TrashKind, str] = {
    "lead": "SELECT title FROM trashed_lead WHERE id = :id",
    "company": "SELECT name FROM trashed_company WHERE id = :id",
    "person": "SELECT name FROM trashed_person WHERE id = :id",
    "note": f"SELECT COALESCE({_OWNER}, '') FROM trashed_note gone WHERE id = :id",
    "file": "SELECT name FROM trashed_attachment WHERE id = :id",
}
