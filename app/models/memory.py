"""What an agency remembers of leads, companies and people: how to reach them, what was said and sent.

A row that belongs to one of several kinds of records has a column for each of them, of which exactly one is filled.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER_REUSED, Base, Business, Erasable, one_of, reference
from app.models.types import Key


class ContactPoint(Business, Base):
    """A telephone number, an e-mail address or a web page. The main one of its kind has the position 0.

    `key` is the value as it is compared: a number in E.164, an address in lower case, the domain of a page.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        CheckConstraint("kind IN ('phone', 'mail', 'web')", name="kind"),
        one_of("company_id", "person_id"),
        Index(None, "company_id", "kind", "position"),
        Index(None, "person_id", "kind", "position"),
        Index(None, "kind", "key"),
        NEVER_REUSED,
    )
    company_id: Mapped[int | None] = reference("company", index=False)
    person_id: Mapped[int | None] = reference("person", index=False)
    kind: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(500))
    key: Mapped[str] = mapped_column(String(500))
    position: Mapped[int]


class Address(Business, Base):
    """Where somebody is to be found. The main address has the position 0; `country` has two letters."""

    __tablename__ = "address"
    __table_args__ = (
        one_of("company_id", "person_id"),
        Index(None, "company_id", "position"),
        Index(None, "person_id", "position"),
        NEVER_REUSED,
    )
    company_id: Mapped[int | None] = reference("company", index=False)
    person_id: Mapped[int | None] = reference("person", index=False)
    label: Mapped[str] = mapped_column(String(40))
    street: Mapped[str] = mapped_column(String(300))
    extra: Mapped[str] = mapped_column(String(300))
    postcode: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class CompanyTag(Business, Base):
    """A company carries a tag."""

    __tablename__ = "company_tag"
    __table_args__ = (UniqueConstraint("company_id", "tag_id"), NEVER_REUSED)
    company_id: Mapped[int] = reference("company", optional=False, index=False)
    tag_id: Mapped[int] = reference("tag", optional=False)


class PersonTag(Business, Base):
    """A person carries a tag."""

    __tablename__ = "person_tag"
    __table_args__ = (UniqueConstraint("person_id", "tag_id"), NEVER_REUSED)
    person_id: Mapped[int] = reference("person", optional=False, index=False)
    tag_id: Mapped[int] = reference("tag", optional=False)


class LeadPerson(Business, Base):
    """Somebody who has a say in a deal, as what; the contact of the lead itself is not among them."""

    __tablename__ = "lead_person"
    __table_args__ = (UniqueConstraint("lead_id", "person_id"), NEVER_REUSED)
    lead_id: Mapped[int] = reference("lead", optional=False, index=False)
    person_id: Mapped[int] = reference("person", optional=False)
    role: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]


class Note(Business, Erasable, Base):
    """What somebody wrote down: a note, a call, a meeting, or an e-mail that was put here.

    `text` is Markdown where `markdown` says so. `minutes` is how long it took, `pinned_at` keeps it on top.
    """

    __tablename__ = "note"
    __table_args__ = (
        CheckConstraint("kind IN ('note', 'call', 'meeting', 'mail')", name="kind"),
        CheckConstraint("(kind = 'mail') = (mail_id IS NOT NULL)", name="mail"),
        CheckConstraint("minutes >= 0", name="minutes"),
        one_of("lead_id", "company_id", "person_id"),
        NEVER_REUSED,
    )
    lead_id: Mapped[int | None] = reference("lead")
    company_id: Mapped[int | None] = reference("company")
    person_id: Mapped[int | None] = reference("person")
    mail_id: Mapped[int | None] = reference("mail")
    user_id: Mapped[int | None] = reference("member")
    kind: Mapped[str] = mapped_column(String(10), default="note", server_default="note")
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    markdown: Mapped[bool] = mapped_column(default=False, server_default="0")
    minutes: Mapped[int | None]
    pinned_at: Mapped[datetime | None]


class NotePerson(Business, Base):
    """Somebody took part in a call or a meeting, or is spoken of."""

    __tablename__ = "note_person"
    __table_args__ = (UniqueConstraint("note_id", "person_id"), NEVER_REUSED)
    note_id: Mapped[int] = reference("note", optional=False, index=False)
    person_id: Mapped[int] = reference("person", optional=False)


class Mail(Business, Base):
    """An e-mail, once, on however many records it was put; the notes say on which (and again like a content).

    `identity` is its Message-ID, or what stands for it. `people` is JSON: of each the kind (from, to, cc), name and
    address. `content_id` is the mail as it came.
    """

    __tablename__ = "mail"
    __table_args__ = NEVER_REUSED
    identity: Mapped[str] = mapped_column(String(500), index=True)
    subject: Mapped[str] = mapped_column(String(1000))
    people: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text)
    content_id: Mapped[int | None] = reference("content")


class Content(Base):
    """The bytes of a file, once for all files with equal ones; they lie in chunks. `hash` is SHA-256 in hex.

    On a team's server the files of people who may not see each other's may be equal: these are there twice.
    """

    __tablename__ = "content"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Key)
    at: Mapped[datetime]


class Chunk(Base):
    """A part of a content: 1 MB, the last one less."""

    __tablename__ = "chunk"
    __table_args__ = (UniqueConstraint("content_id", "position"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    content_id: Mapped[int] = reference("content", optional=False, index=False)
    position: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(Business, Erasable, Base):
    """A file on a lead, a company or a person, or one that came with a mail."""

    __tablename__ = "attachment"
    __table_args__ = (one_of("lead_id", "company_id", "person_id", "mail_id"), NEVER_REUSED)
    lead_id: Mapped[int | None] = reference("lead")
    company_id: Mapped[int | None] = reference("company")
    person_id: Mapped[int | None] = reference("person")
    mail_id: Mapped[int | None] = reference("mail")
    content_id: Mapped[int] = reference("content", optional=False)
    user_id: Mapped[int | None] = reference("member")
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(150))
    pinned_at: Mapped[datetime | None]
