"""The verbs of notes, calls and meetings on leads, companies and people: each one write, one step to undo."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, Unpack

from sqlalchemy import select, text

from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Plural, Text
from app.services import owners
from app.services.affiliations import Who, found_person, unseen_of
from app.services.lead_fields import long_text
from app.services.owners import Owner, owner_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.memory import Note
    from app.models.store import Store

NoteKind = Literal["note", "call", "meeting"]

#: A day and a half of talking is a typing error.
MOST_MINUTES = 36 * 60
#: A meeting is not written down before it is agreed on, nor decades later.
_FAR = timedelta(days=50 * 365)

_ONE = {
    "note": Text("Note on “{title}”"),
    "call": Text("Call on “{title}”"),
    "meeting": Text("Meeting on “{title}”"),
}
_MANY = {
    "note": Plural("Note on {n} record", "Note on {n} records", n=0),
    "call": Plural("Call on {n} record", "Call on {n} records", n=0),
    "meeting": Plural("Meeting on {n} record", "Meeting on {n} records", n=0),
}


class NoteFields(TypedDict):
    """What can be said of a note. `people` are those who took part; one who is named and not there yet is made."""

    kind: NotRequired[NoteKind]
    text: NotRequired[str]
    markdown: NotRequired[bool]
    people: NotRequired[Sequence[Who]]
    minutes: NotRequired[int | None]
    at: NotRequired[datetime]


class Notes:
    """Writes and changes the notes of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def write(
        self,
        kind: NoteKind,
        on: Owner | Sequence[Owner],
        words: str,
        *,
        markdown: bool = False,
        people: Sequence[Who] = (),
        minutes: int | None = None,
        at: datetime | None = None,
    ) -> list[int]:
        """Write it down on one or several records; returns the ids. A call or meeting may go without words.

        Raises InvalidInput naming the field (note, minutes, at), NotFound for a record or person that is gone.
        """
        from app.models.memory import Note

        records = [on] if isinstance(on, Owner) else list(dict.fromkeys(on))
        if not records:
            return []
        checked = self._checked(kind, words, minutes, at)
        with self._store.write(self._label(kind, records)) as session:
            owners.require(session, records)
            made = []
            for record in records:
                note = Note(
                    kind=kind, user_id=self._store.actor_id, at=at or self._store.clock.now(), text=checked,
                    markdown=markdown, minutes=minutes, **{record.column: record.id},
                )  # fmt: skip
                session.add(note)
                made.append(note)
            session.flush()
            for note in made:
                _set_people(session, self._store, note, people)
            return [note.id for note in made]

    def edit(self, note_id: int, **fields: Unpack[NoteFields]) -> None:
        """Change what is named, the rest stays. An e-mail stays one; its text is what somebody noted on it.

        Raises InvalidInput naming the field, NotFound.
        """
        with self._store.write(Text("Note on “{title}” changed", title=self._title([note_id]))) as session:
            note = _load(session, [note_id])[0]
            kind = fields.get("kind", note.kind)
            if note.kind == "mail" and kind != "mail":
                raise InvalidInput(Text("An e-mail cannot become a note."), field="kind")
            minutes = fields.get("minutes", note.minutes)
            checked = self._checked(kind, fields.get("text", note.text), minutes, fields.get("at"))
            note.kind, note.text, note.minutes = kind, checked, minutes
            note.at = fields.get("at", note.at)
            note.markdown = fields.get("markdown", note.markdown)
            if "people" in fields:
                _set_people(session, self._store, note, fields["people"])

    def pin(self, ids: Sequence[int], *, on: bool = True) -> None:
        """Keep notes on top of their timeline, or no longer. Raises NotFound."""
        title = self._title(ids)
        label = Text("Note on “{title}” pinned", title=title) if on else Text("Note on “{title}” unpinned", title=title)
        with self._store.write(label) as session:
            for note in _load(session, ids):
                if (note.pinned_at is not None) != on:
                    note.pinned_at = self._store.clock.now() if on else None

    def unpin(self, ids: Sequence[int]) -> None:
        """No longer keep notes on top."""
        self.pin(ids, on=False)

    def delete(self, ids: Sequence[int]) -> None:
        """Put notes into the trash. Raises NotFound."""
        with self._store.write(Text("Note on “{title}” deleted", title=self._title(ids))) as session:
            for note in _load(session, ids):
                note.deleted_at = self._store.clock.now()

    def restore(self, ids: Sequence[int]) -> None:
        """Bring notes back from the trash. Raises NotFound."""
        with self._store.write(Text("Note on “{title}” restored", title=self._title(ids))) as session:
            for note in _load(session, ids, trashed=True):
                note.deleted_at = None

    def _checked(self, kind: str, words: str, minutes: int | None, at: datetime | None) -> str:
        """The text as it is kept."""
        found = long_text(words, "note")
        if kind == "note" and not found.strip():
            raise InvalidInput(Text("The note is empty."), field="note")
        if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
            raise InvalidInput(Text("The duration has to be between 0 minutes and 36 hours."), field="minutes")
        if at is not None and abs(at - self._store.clock.now()) > _FAR:
            raise InvalidInput(Text("This date is too far away."), field="at")
        return found

    def _label(self, kind: NoteKind, records: Sequence[Owner]) -> Text:
        if len(records) > 1:
            leads = kind == "note" and all(record.kind == "lead" for record in records)
            many = Plural("Note on {n} lead", "Note on {n} leads", n=0) if leads else _MANY[kind]
            return Plural(many.message, many.plural, n=len(records))
        with self._store.read() as connection:
            title = owners.title_of(connection, records[0])
        return Text(_ONE[kind].message, title=title or "")

    def _title(self, ids: Sequence[int]) -> str:
        """What the record of the first note is called, wherever the note is by now."""
        with self._store.read() as connection:
            row = connection.execute(text(_OWNER), {"id": ids[0] if ids else 0}).first()
            owner = None if row is None else owner_of(row)
            return "" if owner is None else owners.title_of(connection, owner) or ""


def _load(session: "Session", ids: Sequence[int], *, trashed: bool = False) -> list["Note"]:
    from app.models.memory import Note

    wanted = list(dict.fromkeys(ids))
    found = {note.id: note for note in session.scalars(select(Note).where(Note.id.in_(wanted)))}
    notes = [found[note_id] for note_id in wanted if note_id in found]
    if len(notes) < len(wanted) or any((note.deleted_at is not None) != trashed for note in notes):
        if trashed:
            raise NotFound(Text("A note is no longer in the trash."), Text("Nothing was changed."))
        raise NotFound(Text("A note has been deleted in the meantime."), Text("Nothing was changed."))
    owners.require(session, [owner for note in notes if (owner := owner_of(note)) is not None])
    return notes


def _set_people(session: "Session", store: "Store", note: "Note", people: Iterable[Who]) -> None:
    """Those who took part; whoever did so already stays, and so does who is not seen: nobody can say so of that one."""
    from app.models.memory import NotePerson

    wanted: dict[int, None] = {}
    for who in people:
        if not isinstance(who, str):
            wanted[who] = None
        elif (person := found_person(session, store, who, note.company_id)) is not None:
            wanted[person.id] = None
    there = {link.person_id: link for link in session.scalars(select(NotePerson).where(NotePerson.note_id == note.id))}
    new = [person_id for person_id in wanted if person_id not in there]
    owners.require(session, [Owner("person", person_id) for person_id in new], by_name=True)
    unseen = unseen_of(session, there.keys() - wanted.keys())
    for person_id, link in there.items():
        if person_id not in wanted and person_id not in unseen:
            session.delete(link)
    session.add_all(NotePerson(note_id=note.id, person_id=person_id) for person_id in new)


_OWNER = """
SELECT lead_id, company_id, person_id FROM note WHERE id = :id
UNION ALL SELECT lead_id, company_id, person_id FROM trashed_note WHERE id = :id
"""
