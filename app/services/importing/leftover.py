"""Values of a row that its lead has no place for. They refuse no row, but nothing is left out without a word."""

from collections import Counter
from collections.abc import Iterator

from app.core.i18n import Text
from app.core.terms import CLOSED, Status
from app.services.importing.headers import Layout
from app.services.importing.plan import Draft
from app.services.importing.result import Note
from app.services.importing.stages import StageFact

_NO_STAGE = Text("A lead in Contact potential is in no stage.")
_NOT_ACTIVE = Text("A lead in Contact potential is not active yet.")
_NOT_CLOSED = Text("Only a closed lead has a closing date.")
_RECORDED_LATE = Text("Recorded after it was closed: since when the lead was active is not known.")


def _left_out(draft: Draft, status: str) -> Iterator[tuple[str, Text]]:
    """The fields of a row that a lead in this state does not take, and why."""
    given = draft.given
    if status in CLOSED:
        if draft.activated_on is None and draft.closed_on is not None and given.get("activated_on") is not None:
            yield "activated_on", _RECORDED_LATE
        return
    if given.get("closed_on") is not None:
        yield "closed_on", _NOT_CLOSED
    if status == Status.POTENTIAL:
        if given.get("stage").__class__ is StageFact:
            yield "stage", _NO_STAGE
        if given.get("activated_on") is not None:
            yield "activated_on", _NOT_ACTIVE


class Leftover:
    """Counts what is left out of the rows that are taken."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def look(self, draft: Draft, status: str) -> None:
        """A row was taken for a lead that is in this state then."""
        for field, reason in _left_out(draft, status):
            self._counts[field, reason.message] += 1

    def notes(self, layout: Layout) -> tuple[Note, ...]:
        """What was left out, by the order of the columns."""
        ordered = sorted(self._counts.items(), key=lambda item: layout.fields[item[0][0]])
        return tuple(Note(layout.header_of(field) or field, Text(why), count) for (field, why), count in ordered)
