"""What stands in a timeline."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple

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
class Page:
    """Entries, pinned ones first, then the newest; `more` if there are older ones, to be asked for by `last`."""

    entries: tuple[Entry, ...]
    more: bool
    last: Key | None
