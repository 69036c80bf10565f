"""What was begun on records and is not saved yet: it outlasts the window, another language, the end of the program."""

import json
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QSettings

from app.services.owners import Owner

if TYPE_CHECKING:
    from app.services.notes import NoteKind

#: Kind, text and whether it is Markdown, and the words for when, how long and with whom, as they stand there.
Typed = tuple["NoteKind", tuple[str, bool], str, str, str]
NOTHING: Typed = ("note", ("", False), "", "", "")
_KEY = "drafts"
#: Of more the oldest are forgotten.
_MOST = 40


class Drafts:
    """One for each record, kept beside the sizes of windows: they are of this machine, and nobody else's business."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    def of(self, owner: Owner) -> Typed | None:
        """What was begun on this record."""
        return _typed(self._all().get(_name(owner)))

    def keep(self, owner: Owner, typed: Typed) -> None:
        """Remember it; nothing is remembered of what is empty."""
        kept = self._all()
        before = kept.pop(_name(owner), None)
        if typed != NOTHING:
            kept[_name(owner)] = typed
        elif before is None:
            return
        self._memory.setValue(_KEY, json.dumps(dict(list(kept.items())[-_MOST:])))

    def _all(self) -> dict[str, Any]:
        try:
            found = json.loads(str(self._memory.value(_KEY, "{}")))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _name(owner: Owner) -> str:
    return f"{owner.kind}:{owner.id}"


def _typed(found: Any) -> Typed | None:
    """As it was kept; None for what makes no sense."""
    match found:
        case ["note" | "call" | "meeting" as kind, [str(text), bool(markdown)], str(at), str(minutes), str(people)]:
            return cast("NoteKind", kind), (text, markdown), at, minutes, people
    return None
