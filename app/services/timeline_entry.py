"""What stands in a timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple

from app.core.changes import ChangeSet, RowChange
from app.core.format import Formats
from app.core.i18n import Text
from app.services.event_words import Kind as ChangeKind
from app.services.files import StoredFile
from app.services.owners import Owner

EntryKind = Literal[
    "note", "call", "meeting", "mail", "file", "step", "stage", "status", "change", "import", "reminder",
]  # fmt: skip

#: What somebody wrote down, and what followed from what was done.
WRITTEN: tuple[EntryKind, ...] = ("note", "call", "meeting", "mail")
DONE: tuple[ChangeKind, ...] = ("step", "stage", "status", "change", "import", "reminder")
#: What a step with several changes is called by: the first of these that is among them.
LEADING: tuple[ChangeKind, ...] = ("status", "stage", "step", "import", "change", "reminder", "note")


class Key(NamedTuple):
    """The place of an entry among all of a record, newest first: the moment, and what tells equal ones apart."""

    at: int
    rank: int
    id: int
    lead: int


class MailPerson(NamedTuple):
    """Somebody in a mail: from, to or cc, with a name and an address of which one may be ''."""

    kind: str
    name: str
    address: str

    @property
    def shown(self) -> str:
        """What somebody is called here."""
        return self.name or self.address


class Entry(NamedTuple):
    """One thing that happened, as it was written down or as it is worded.

    `title` is the subject of a mail or the name of a file, `text` what somebody wrote (Markdown where it says so, of a
    mail its text), `words` a change in words, a line for each. `owner` is the record it belongs to, and `owner_title`
    what that is called where it is not the one whose timeline this is. `change_set_id` is the step that can be taken
    back, 0 for none. A mail that is `undated` stands where it was put here.
    """

    kind: EntryKind
    key: Key
    at: datetime
    actor: str
    owner: Owner
    owner_title: str = ""
    kinds: frozenset[EntryKind] = frozenset()
    title: str = ""
    text: str = ""
    markdown: bool = False
    words: tuple[Text, ...] = ()
    people: tuple[str, ...] = ()
    person_ids: tuple[int, ...] = ()
    mail_people: tuple[MailPerson, ...] = ()
    files: tuple[StoredFile, ...] = ()
    minutes: int | None = None
    pinned: bool = False
    note_id: int = 0
    file_id: int = 0
    mail_id: int = 0
    change_set_id: int = 0
    undated: bool = False

    def when(self, formats: Formats, zone: tzinfo) -> str:
        """The instant in words; of what does not say when it was, since when it is here."""
        words = formats.instant(self.at, zone)
        return str(Text("no date, put here on {when}", when=words)) if self.undated else words


@dataclass(frozen=True)
class Scope:
    """The record of a timeline with the leads and people of which it tells, too."""

    owner: Owner
    leads: frozenset[int]
    people: frozenset[int]

    def tells_of(self, records: Iterable[tuple[str, int]]) -> bool:
        """Whether the timeline tells what somebody was reminded of at one of these records, by kind and id."""
        return any(
            id_ in self.leads if kind == "lead" else (kind, id_) == (self.owner.kind, self.owner.id)
            for kind, id_ in records
        )

    def concerned(self, change: ChangeSet, shown: Sequence[Entry]) -> bool:
        """Whether the timeline, of which these entries are `shown`, may be another after this change."""
        return change.everything or any(self._has(row, shown) for row in change.rows)

    def _has(self, row: RowChange, shown: Sequence[Entry]) -> bool:
        values = {**row.before, **row.after}
        if row.table in _NAMES:
            return row.op != "insert"
        if row.table in ("lead", "company", "person") and row.op == "update" and not _TOLD.isdisjoint(row.after):
            return True
        if row.table == "note_person" and any(entry.note_id == values.get("note_id") for entry in shown):
            return True
        if row.table == "attachment" and any(file.id == row.row_id for entry in shown for file in entry.files):
            return True
        if row.lead_id in self.leads or row.person_id in self.people:
            return True
        column = self.owner.column  # in the values of a lead, a person, or a link that came or went
        return self.owner.id in (getattr(row, column), row.before.get(column), row.after.get(column))


#: What entries name, or are reckoned by.
_NAMES = frozenset(
    {"stage", "member", "source", "reason", "tag", "rate", "store_setting", "stage_check", "field", "field_option",
     "mail"}
)  # fmt: skip
#: What is told of a record wherever it is named.
_TOLD = frozenset({"name", "title", "deleted_at"})


@dataclass(frozen=True)
class Page:
    """Entries, pinned ones first, then the newest; `more` if there are older ones, to be asked for by `last`.

    `scope` says what they are about; None before anything was read.
    """

    entries: tuple[Entry, ...] = ()
    more: bool = False
    last: Key | None = None
    scope: Scope | None = None
