"""E-mails that were saved as files (.eml, .msg) and are put on records.

A mail is there once, on however many records it stands: the notes say on which. Who wrote it or got it is known by the
address.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.core.errors import NotFound
from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.models.many import with_ids
from app.models.name_keys import keys_of
from app.services import contents, owners
from app.services.contents import Draft, Source
from app.services.files import clean_name
from app.services.foreign.mail_files import read_mail
from app.services.owners import Owner

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models import memory
    from app.models.store import Store
    from app.services.mails.terms import Address, Mail, Part

#: Endings of files that are mails.
MAIL_ENDINGS = frozenset({".eml", ".msg"})
_MOST_IDENTITY, _MOST_SUBJECT, _MOST_MIME, _MOST_NAME = 500, 1000, 150, 300
#: What lies beyond is no date of a mail.
_EARLIEST, _LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Placed:
    """What became of a mail: the notes that were made, and the records it stood on already.

    `sender` is who wrote it, where nobody of that address is known; `lost` names what was attached but is not in the
    file.
    """

    mail_id: int
    subject: str
    note_ids: tuple[int, ...]
    already: tuple[Owner, ...]
    sender: "Address | None"
    lost: tuple[str, ...]

    @property
    def words(self) -> Text:
        """What happened, in a sentence."""
        if not self.note_ids:
            return Text("The e-mail “{subject}” is here already.", subject=self.subject)
        return Text("E-mail “{subject}” added", subject=self.subject)


@dataclass(frozen=True)
class Letter:
    """A mail that was read, with the bytes that are to be kept: as it came, and its files."""

    mail: "Mail"
    original: Draft
    parts: "tuple[tuple[Part, Draft], ...]"

    @classmethod
    def of(cls, source: Source, mail: "Mail") -> "Letter":
        """The mail that was read in a file."""
        parts = tuple((part, contents.draft(part.data)) for part in mail.attachments)
        return cls(mail, contents.draft(source), parts)


class MailFiles:
    """Puts mails on records."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def put(self, source: Source, on: Owner | Sequence[Owner], cancelled: Callable[[], bool] = lambda: False) -> Placed:
        """Put the mail in a file on records. It is read in a process of its own, which takes a moment.

        Raises InvalidInput with the reason where the file is no mail or cannot be read, Cancelled, NotFound.
        """
        contents.size_of(source)
        return self.place(Letter.of(source, read_mail(source, cancelled)), on)

    def place(self, letter: Letter, on: Owner | Sequence[Owner]) -> Placed:
        """Put a mail that was read on records. Raises NotFound."""
        records, mail = [on] if isinstance(on, Owner) else list(dict.fromkeys(on)), letter.mail
        with self._store.write(self._label(mail.subject, records)) as session:
            owners.require(session, records)
            row = self._row(session, letter)
            people = _people_of(session, _addresses(mail))
            made, already = self._notes(session, row, records, people)
            known = {address for address, _ in people}
            stranger = mail.sender if mail.sender and mail.sender.address and _key(mail.sender) not in known else None
            return Placed(row.id, row.subject, made, already, stranger, mail.lost)

    def put_also(self, mail_id: int, on: Owner | Sequence[Owner]) -> Placed:
        """Put a mail that is here on further records, too. Raises NotFound."""
        from app.models import memory

        records = [on] if isinstance(on, Owner) else list(dict.fromkeys(on))
        with self._store.read() as connection:
            subject = connection.execute(text("SELECT subject FROM mail WHERE id = :id"), {"id": mail_id}).scalar()
        with self._store.write(self._label(subject or "", records)) as session:
            owners.require(session, records)
            row = session.get(memory.Mail, mail_id)
            if row is None:
                raise _gone()
            addresses = [address for _kind, _name, address in json.loads(row.people)]
            made, already = self._notes(session, row, records, _people_of(session, addresses))
            return Placed(row.id, row.subject, made, already, None, ())

    def stands_on(self, mail_id: int) -> list[tuple[int, Owner, str]]:
        """The records a mail stands on, each with the note that says so and what the record is called."""
        with self._store.read() as connection:
            rows = connection.execute(text(_STANDS_ON), {"id": mail_id}).all()
        return [(row.id, owner, row.title) for row in rows if row.title and (owner := owners.owner_of(row)) is not None]

    def read(self, mail_id: int, cancelled: Callable[[], bool] = lambda: False) -> "Mail":
        """The whole mail as it came, its HTML clean, read in a process of its own. Raises NotFound and as `put`."""
        with self._store.read() as connection:
            content = connection.execute(text("SELECT content_id FROM mail WHERE id = :id"), {"id": mail_id}).scalar()
        if content is None:
            raise _gone()
        return read_mail(contents.bytes_of(self._store, content), cancelled)

    def stranger(self, mail_id: int) -> "Address | None":
        """Who wrote a mail, where nobody of that address is known; None for one who is, or for a mail that is gone."""
        from app.services.mails.terms import Address

        with self._store.read() as connection:
            people = connection.execute(text("SELECT people FROM mail WHERE id = :id"), {"id": mail_id}).scalar()
            sender = next((Address(*rest) for kind, *rest in json.loads(people or "[]") if kind == "from"), None)
            if sender is None or not sender.address.strip():
                return None
            known = connection.execute(with_ids(_KNOWN), {"ids": [_key(sender)]}).first()
        return sender if known is None else None

    def create_sender(self, mail_id: int) -> int:
        """A new contact for the sender of a mail, who took part in it then, wherever it was put; returns the id.

        Raises NotFound for a mail that is gone or whose sender is known.
        """
        from app.models.memory import ContactPoint, Note
        from app.models.schema import Person

        sender = self.stranger(mail_id)
        if sender is None:
            raise NotFound(Text("The sender of this e-mail is known already."))
        name = (one_line(sender.name) or sender.address)[:_MOST_NAME]
        order, search = keys_of("person", name)
        with self._store.write(Text("“{name}” created", name=name)) as session:
            person = Person(
                name=name, sort_key=order, search_key=search, created_at=self._store.clock.now(),
                user_id=self._store.actor_id,
            )  # fmt: skip
            session.add(person)
            session.flush()
            address = sender.address.strip()[:_MOST_IDENTITY]
            session.add(
                ContactPoint(
                    person_id=person.id, kind="mail", label="", value=address, key=_key(sender)[:_MOST_IDENTITY],
                    position=0,
                )
            )  # fmt: skip
            for note in session.scalars(select(Note).where(Note.mail_id == mail_id)):
                _take_part(session, note, [("", person.id)])
            return person.id

    def _row(self, session: "Session", letter: Letter) -> "memory.Mail":
        """The mail in the store, made if it is not there yet."""
        from app.models import memory

        mail = letter.mail
        identity = _identity(mail)
        there = session.scalar(select(memory.Mail).where(memory.Mail.identity == identity).order_by(memory.Mail.id))
        if there is not None:
            return there
        now, connection = self._store.clock.now(), session.connection()
        row = memory.Mail(
            identity=identity, subject=mail.subject[:_MOST_SUBJECT], people=people_json(mail),
            sent_at=_moment(mail.sent_at, self._store), text=mail.text,
            content_id=contents.put(connection, letter.original, now),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(
            memory.Attachment(
                mail_id=row.id, content_id=contents.put(connection, draft, now), user_id=self._store.actor_id,
                at=now, name=clean_name(part.name), mime=part.mime[:_MOST_MIME],
            )
            for part, draft in letter.parts
        )  # fmt: skip
        return row

    def _notes(
        self, session: "Session", row: "memory.Mail", records: Sequence[Owner], people: Sequence[tuple[str, int]]
    ) -> tuple[tuple[int, ...], tuple[Owner, ...]]:
        """The ids of the notes that put a mail on records, and the records it stood on already."""
        found = {record: self._note(session, row, record) for record in records}
        made = [note for note in found.values() if note is not None]
        session.flush()
        for note in made:
            _take_part(session, note, people)
        return tuple(note.id for note in made), tuple(record for record, note in found.items() if note is None)

    def _note(self, session: "Session", row: "memory.Mail", record: Owner) -> "memory.Note | None":
        """The note that puts a mail on a record, one from the trash rather than a new one; None if it is there."""
        from app.models.memory import Note

        there = session.scalar(select(Note).where(Note.mail_id == row.id, getattr(Note, record.column) == record.id))
        if there is not None:
            if there.deleted_at is None:
                return None
            there.deleted_at = None
            return there
        note = Note(
            kind="mail", mail_id=row.id, user_id=self._store.actor_id, at=row.sent_at or self._store.clock.now(),
            text="", markdown=False, **{record.column: record.id},
        )  # fmt: skip
        session.add(note)
        return note

    def _label(self, subject: str, records: Sequence[Owner]) -> Text:
        if len(records) != 1:
            return Plural(
                "E-mail “{subject}” on {n} record", "E-mail “{subject}” on {n} records", n=len(records), subject=subject
            )
        with self._store.read() as connection:
            title = owners.title_of(connection, records[0]) or ""
        return Text("E-mail “{subject}” on “{title}”", subject=subject, title=title)


def people_json(mail: "Mail") -> str:
    """Everybody in a mail as the store keeps them: kind (from, to, cc), name, address."""
    found = [("from", mail.sender)] if mail.sender is not None else []
    found += [("to", person) for person in mail.to] + [("cc", person) for person in mail.cc]
    return json.dumps([(kind, person.name, person.address) for kind, person in found], ensure_ascii=False)


def _identity(mail: "Mail") -> str:
    """One that is longer than it can be kept is known by its hash."""
    if len(mail.identity) <= _MOST_IDENTITY:
        return mail.identity
    return f"sha256:{hashlib.sha256(mail.identity.encode('utf-8', 'replace')).hexdigest()}"


def _moment(sent: datetime | None, store: "Store") -> datetime | None:
    """When it was sent; nothing where that cannot be."""
    if sent is None:
        return None
    if sent.tzinfo is None:
        sent = sent.replace(tzinfo=store.zone)
    return sent if _EARLIEST <= sent <= _LATEST else None


def _key(person: "Address") -> str:
    return person.address.strip().lower()


def _addresses(mail: "Mail") -> list[str]:
    """Those of everybody in a mail."""
    return [person.address for person in (*filter(None, [mail.sender]), *mail.to, *mail.cc)]


def _people_of(session: "Session", addresses: Iterable[str]) -> list[tuple[str, int]]:
    """Who of these is known to whoever writes: address and id."""
    from app.models.memory import ContactPoint
    from app.models.schema import Person

    wanted = sorted({address.strip().lower() for address in addresses} - {""})[:500]
    if not wanted:
        return []
    of_them = select(ContactPoint.key, func.min(ContactPoint.person_id)).group_by(ContactPoint.key)
    of_them = of_them.join(Person, Person.id == ContactPoint.person_id).where(Person.deleted_at.is_(None))
    rows = session.execute(of_them.where(ContactPoint.kind == "mail", ContactPoint.key.in_(wanted)))
    return [(address, person) for address, person in rows if person is not None]


def _take_part(session: "Session", note: "memory.Note", people: Iterable[tuple[str, int]]) -> None:
    from app.models.memory import NotePerson

    there = set(session.scalars(select(NotePerson.person_id).where(NotePerson.note_id == note.id)))
    for person in dict.fromkeys(person for _, person in people):
        if person not in there:
            session.add(NotePerson(note_id=note.id, person_id=person))


def _gone() -> NotFound:
    return NotFound(Text("The e-mail is no longer there."))


def is_mail(name: str) -> bool:
    """Whether a file is called like a mail."""
    return Path(name).suffix.lower() in MAIL_ENDINGS


# Of several people with one address the first counts.
_KNOWN = """
SELECT point.key, min(point.person_id) FROM contact_point point
JOIN person ON person.id = point.person_id AND person.deleted_at IS NULL
WHERE point.kind = 'mail' AND point.key IN :ids GROUP BY point.key
"""
_STANDS_ON = """
SELECT note.id, note.lead_id, note.company_id, note.person_id, COALESCE(lead.title, company.name, person.name) AS title
FROM note LEFT JOIN lead ON lead.id = note.lead_id LEFT JOIN company ON company.id = note.company_id
LEFT JOIN person ON person.id = note.person_id WHERE note.mail_id = :id ORDER BY note.id
"""
