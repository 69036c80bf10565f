"""Why a step cannot be taken back. Apart from the undo itself, which needs the ORM: readers import this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.changes import Kind
from app.core.errors import Conflict
from app.core.i18n import Text


@dataclass(frozen=True)
class Clash:
    """A column that is not as the step left it: what the step wrote, and what stands there now."""

    table: str
    row_id: int
    column: str
    ours: Any
    theirs: Any


class UndoConflict(Conflict):
    """A step cannot be taken back without destroying what was done since."""

    def __init__(self, clashes: Sequence[Clash] = (), why: Text | None = None) -> None:
        super().__init__(
            Text("This step cannot be undone: something was changed since."),
            why or Text("Nothing was changed. The newer values stay."),
        )
        self.clashes = tuple(clashes)

    def of(self, kind: Kind) -> "UndoConflict":
        """The same, said of a step that was to be redone where `kind` is 'redo'."""
        if kind == "redo":
            self.title = Text("This step cannot be done again: something was changed since.")
        return self
