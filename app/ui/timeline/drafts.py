"""What was begun on records and is not saved yet: it outlasts the window, another language, the end of the program."""

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.services.owners import Owner
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.notes import NoteKind
    from app.ui.context import Context

#: Kind, text and whether it is Markdown, and the words for when, how long and with whom, as they stand there.
Typed = tuple["NoteKind", tuple[str, bool], str, str, str]
NOTHING: Typed = ("note", ("", False), "", "", "")


class Drafts:
    """One for each record; they are kept for `place`, into which they are typed."""

    def __init__(self, context: "Context", place: QObject) -> None:
        self._jobs, self._kept, self._place = context.jobs, context.office.drafts, place

    def of(self, owner: Owner) -> Typed:
        """What was begun on this record."""
        return _typed(self._kept.of(owner))

    def keep(self, owner: Owner, typed: Typed) -> None:
        """Remember it; nothing is remembered of what is empty."""
        self._kept.keep(owner, None if typed == NOTHING else typed)
        work = lambda _progress: self._kept.write()  # noqa: E731 - one expression for one thread
        self._jobs.write(Job(Text("Saving"), work, quiet=True, owner=self._place))


def _typed(found: Any) -> Typed:
    """As it was kept; NOTHING for what makes no sense."""
    match found:
        case ["note" | "call" | "meeting" as kind, [str(text), bool(markdown)], str(at), str(minutes), str(people)]:
            return cast("NoteKind", kind), (text, markdown), at, minutes, people
    return NOTHING
