"""What stands in an entry: sign, title, text and a line below."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.i18n import N_, ntr, tr

if TYPE_CHECKING:
    from app.services.timeline import Entry, EntryKind
    from app.ui.context import Context

ICONS = {
    "note": "note", "call": "phone", "meeting": "users", "mail": "mail", "file": "file", "stage": "stage",
    "status": "flag", "step": "calendar", "change": "edit", "import": "download", "reminder": "bell",
}  # fmt: skip
#: What one can look at alone: a label, and the kinds it stands for.
CHIPS: tuple[tuple[str, tuple["EntryKind", ...]], ...] = (
    (N_("Notes"), ("note",)),
    (N_("Calls"), ("call",)),
    (N_("Meetings"), ("meeting",)),
    (N_("E-mails"), ("mail",)),
    (N_("Files"), ("file",)),
    (N_("Steps"), ("step", "reminder")),
    (N_("Changes"), ("stage", "status", "change", "import")),
)
#: Of a long text so much is shown in the list; the rest is read where it is opened.
_MOST_TEXT, _MOST_LINES = 900, 12
_MAIL_LINES = 3


@dataclass(frozen=True)
class Said:
    """An entry in words."""

    icon: str
    title: str
    body: str
    markdown: bool
    foot: str

    @property
    def aloud(self) -> str:
        """All of it, for screen readers and for copying."""
        return ", ".join(part for part in (self.title, self.body, self.foot) if part)


def said(context: "Context", entry: "Entry") -> Said:
    """An entry as the list shows it."""
    body, whole = _body(entry)
    markdown = entry.markdown and whole and entry.kind != "mail"
    return Said(ICONS[entry.kind], _title(entry), body, markdown, _foot(context, entry))


def _title(entry: "Entry") -> str:
    match entry.kind:
        case "mail":
            return entry.title or tr("(no subject)")
        case "file":
            return entry.title
        case "call":
            return tr("Call")
        case "meeting":
            return tr("Meeting")
    return ""


def _body(entry: "Entry") -> tuple[str, bool]:
    """The text, and whether it is all of it."""
    if entry.words:
        return "\n".join(str(words) for words in entry.words), True
    most = _MAIL_LINES if entry.kind == "mail" else _MOST_LINES
    lines = [line.strip() for line in entry.text.splitlines()] if entry.kind == "mail" else entry.text.splitlines()
    lines = [line for line in lines if line] if entry.kind == "mail" else lines
    text = "\n".join(lines[: most * 3 if entry.markdown else most])
    whole = len(text) >= len("\n".join(lines)) and len(text) <= _MOST_TEXT
    return (text, True) if whole else (f"{text[:_MOST_TEXT].rstrip()} …", entry.markdown)


def _foot(context: "Context", entry: "Entry") -> str:
    when = entry.when(context.formats, context.office.store.zone)
    parts = [_from(entry) or entry.actor, when]
    if entry.minutes is not None:
        parts.append(ntr("{n} minute", "{n} minutes", entry.minutes))
    if entry.kind == "file" and entry.files:
        parts.append(context.formats.size(entry.files[0].size))
    if entry.kind != "mail":
        parts += [tr("with {names}", names=", ".join(entry.people))] if entry.people else []
    elif entry.files:
        parts.append(ntr("{n} file", "{n} files", len(entry.files)))
    parts.append(entry.owner_title)
    return " · ".join(part for part in parts if part)


def _from(entry: "Entry") -> str:
    """Who wrote a mail, and to whom."""
    if entry.kind != "mail":
        return ""
    sender = next((person.shown for person in entry.mail_people if person.kind == "from"), "")
    to = [person.shown for person in entry.mail_people if person.kind == "to"]
    return f"{sender} → {', '.join(to)}" if sender and to else sender
