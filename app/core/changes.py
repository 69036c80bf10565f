"""What one write changed, and the feed on which everyone hears of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.core.i18n import Text

Op = Literal["insert", "update", "delete"]
Kind = Literal["do", "undo", "redo"]


@dataclass(frozen=True)
class RowChange:
    """One row, with the stored values of the columns that changed: before (empty for an insert) and after.

    At most one of `lead_id`, `company_id`, `person_id` says in whose history it stands.
    """

    table: str
    row_id: int
    op: Op
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    lead_id: int | None = None
    company_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class ChangeSet:
    """One step as everyone hears of it, right after it was committed.

    `everything` stands for changes too many to list (an import, a restore): every view asks anew.
    `touched` holds the leads whose derived columns (sums, next step, search text) were written anew.
    """

    id: int
    label: Text
    kind: Kind
    origin: str
    actor_id: int | None
    at: datetime
    rows: tuple[RowChange, ...] = ()
    touched: frozenset[int] = frozenset()
    everything: bool = False

    def ids(self, table: str) -> frozenset[int]:
        """Primary keys of the rows of `table` that changed."""
        return frozenset(row.row_id for row in self.rows if row.table == table)

    def columns(self, table: str) -> frozenset[str]:
        """Columns of `table` that an update changed anywhere."""
        return frozenset(name for row in self.rows if row.table == table and row.op == "update" for name in row.after)

    def concerns(self, *tables: str) -> bool:
        """Whether any row of these tables changed."""
        return self.everything or any(row.table in tables for row in self.rows)

    def brought_back(self, table: str = "lead") -> frozenset[int]:
        """The records that may be in another list now. Whoever makes a new one goes to it; of what others write no ids
        are told.
        """
        return frozenset(
            row.row_id for row in self.rows if row.table == table and (row.op == "update" or self.kind != "do")
        )


Listener = Callable[[ChangeSet], None]


@dataclass
class Feed:
    """Who wants to hear of changes. Called on the thread that wrote; the ui bridges to its own."""

    _listeners: dict[object, Listener] = field(default_factory=dict)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change from now on; call what is returned to stop (twice does no harm)."""
        place = object()
        self._listeners[place] = listener

        def stop() -> None:
            self._listeners.pop(place, None)

        return stop

    def publish(self, change: ChangeSet) -> None:
        """Tell everyone. A listener that fails does not keep the others from hearing; its error is raised after.

        Who stopped while the others were told (a view that was closed by it) is not called any more.
        """
        errors: list[Exception] = []
        for place in tuple(self._listeners):
            listener = self._listeners.get(place)
            try:
                if listener is not None:
                    listener(change)
            except Exception as error:  # the write is done: the others must hear of it
                errors.append(error)
        if errors:
            raise ExceptionGroup("listeners failed", errors)
