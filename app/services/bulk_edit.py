"""One change to many records, looked at before it is made.

What becomes of a record is planned in one place for the preview and for the change itself: what the preview shows is
what happens. A record that would be refused stays as it is, as a whole, and it is said why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Connection, text

from app.core.errors import Conflict, InvalidInput, NotAllowed
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.core.terms import Entity
from app.models.many import chunks
from app.services.bulk_write import Report
from app.services.own_fields import names_of
from app.services.record_fields import words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store


class Verdict(Enum):
    """What the change does to a record."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as the name of a stage or person where it is one.

    Of own fields those that change: pairs of the field's id and a value.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A record and what becomes of it; `title` is what it is called, `reason` says why it is refused."""

    id: int
    title: str
    verdict: Verdict
    changes: tuple[FieldChange, ...] = ()
    reason: Text | None = None


@dataclass(frozen=True)
class BulkPreview:
    """What becomes of each record, in the order asked for."""

    rows: tuple[BulkRow, ...]

    def of(self, *verdicts: Verdict) -> tuple[BulkRow, ...]:
        """The rows of these verdicts."""
        return tuple(row for row in self.rows if row.verdict in verdicts)

    def count(self, verdict: Verdict) -> int:
        """How many there are."""
        return sum(row.verdict is verdict for row in self.rows)


class AnyChange(Protocol):
    """What is to become of each of some records."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What it is for, by the names of the fields."""

    @property
    def own(self) -> Mapping[int, Any]:
        """What is to become of own fields, by their ids."""


class AnyFacts(Protocol):
    """What is known of a record."""

    @property
    def id(self) -> int:
        """Which it is."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def own(self) -> Mapping[int, Any]:
        """Its values in own fields."""


Change = TypeVar("Change", bound=AnyChange)
Facts = TypeVar("Facts", bound=AnyFacts)
Names = TypeVar("Names")


@dataclass(frozen=True, slots=True)
class Plan(Generic[Facts]):
    """A row of the preview, and the record as it will be; None where it stays as it is."""

    row: BulkRow
    after: Facts | None

    @property
    def fields(self) -> frozenset[str]:
        """The fields in which the record is not yet as it will be."""
        return frozenset(change.field for change in self.row.changes)

    @property
    def own(self) -> tuple[tuple[int, Any], ...]:
        """The values of own fields that change, by id."""
        return next((change.after for change in self.row.changes if change.field == "own"), ())


class BulkEdit(Generic[Change, Facts, Names]):
    """Looks at changes to many records and makes them, each in one step. Whoever builds on it knows the records."""

    entity: ClassVar[Entity]
    #: The fields that a change can be for, in the order in which they are told.
    fields: ClassVar[Mapping[str, str]]
    gone: ClassVar[Text]

    def __init__(self, store: "Store") -> None:
        self._store = store

    def preview(self, ids: Sequence[int], change: Change, report: Report = lambda done, total: None) -> BulkPreview:
        """What a change would make of these records; nothing is written. `report` hears how far it is."""
        return BulkPreview(tuple(plan.row for plan in self._plans(ids, change, report)))

    def apply(self, ids: Sequence[int], change: Change, report: Report = lambda done, total: None) -> int:
        """Make the change to these records, in one step; returns how many it changed.

        Raises Conflict, and changes nothing, when one of them would be refused by now; NotAllowed.
        """
        if not ids or not change.fields:
            return 0
        if "user_id" in change.fields:
            self._store.rights.demand(Act.ASSIGN, "user_id")
        with self._store.write(self._label(ids, change)) as session:
            plans = self._plans(ids, change, lambda done, total: None)  # nobody else writes meanwhile
            refused = next((plan.row for plan in plans if plan.row.verdict is Verdict.REFUSED), None)
            if refused is not None:
                raise Conflict(
                    Text("“{title}” can no longer be changed so: {why}", title=refused.title, why=refused.reason),
                    Text("Nothing was changed."),
                )
            todo = {plan.row.id: plan for plan in plans if plan.after is not None}
            self._write(session, todo, report)
        return len(todo)

    # What the records say

    def _names(self, connection: Connection) -> Names:
        """What a change can name."""
        raise NotImplementedError

    def _facts(self, connection: Connection, ids: Sequence[int], change: Change) -> Iterable[Facts]:
        """What is known of these records."""
        raise NotImplementedError

    def _planned(self, facts: Facts, change: Change, names: Names) -> Facts:
        """The record as it will be. Raises InvalidInput, or NotAllowed, for one that cannot be changed so."""
        raise NotImplementedError

    def _shown(self, field: str, facts: Facts, names: Names) -> Any:
        """A field as it is told."""
        return getattr(facts, field)

    def _changed(self, n: int, fields: Text) -> Plural:
        """The step with several records."""
        raise NotImplementedError

    def _write(self, session: "Session", todo: Mapping[int, Plan[Facts]], report: Report) -> None:
        """Bring these records to what is planned for them."""
        raise NotImplementedError

    def _label(self, ids: Sequence[int], change: Change) -> Text:
        with self._store.read() as connection:
            fields = words(self.fields, change.fields, names_of(connection, change.own))
            n = len(set(ids))
            if n > 1:
                return self._changed(n, fields)
            title = connection.execute(text(self._title), {"id": ids[0]}).scalar()
        return Text("“{title}” changed: {fields}", title=title or "", fields=fields)

    @property
    def _title(self) -> str:
        column = "title" if self.entity is Entity.LEAD else "name"
        return f"SELECT {column} FROM {self.entity} WHERE id = :id"

    def _plans(self, ids: Sequence[int], change: Change, report: Report) -> list[Plan[Facts]]:
        wanted = list(dict.fromkeys(ids))
        plans: list[Plan[Facts]] = []
        with self._store.read() as connection:
            names = self._names(connection)
            for chunk in chunks(wanted):
                report(len(plans), len(wanted))
                found = {facts.id: facts for facts in self._facts(connection, chunk, change)}
                plans += [self._plan(record_id, found.get(record_id), change, names) for record_id in chunk]
        return plans

    def _plan(self, record_id: int, facts: Facts | None, change: Change, names: Names) -> Plan[Facts]:
        if facts is None:
            return Plan(BulkRow(record_id, "", Verdict.REFUSED, reason=self.gone), None)
        try:
            if "user_id" in change.fields:
                self._store.rights.demand(Act.ASSIGN)
            after = self._planned(facts, change, names)
        except (InvalidInput, NotAllowed) as error:
            return Plan(BulkRow(record_id, facts.title, Verdict.REFUSED, reason=error.title), None)
        changes = tuple(
            self._difference(name, facts, after, names)
            for name in self.fields if getattr(facts, name) != getattr(after, name)
        )  # fmt: skip
        if not changes:
            return Plan(BulkRow(record_id, facts.title, Verdict.UNCHANGED), None)
        return Plan(BulkRow(record_id, facts.title, Verdict.CHANGED, changes), after)

    def _difference(self, name: str, facts: Facts, after: Facts, names: Names) -> FieldChange:
        if name != "own":
            return FieldChange(name, self._shown(name, facts, names), self._shown(name, after, names))
        ids = [id_ for id_ in sorted({*facts.own, *after.own}) if facts.own.get(id_) != after.own.get(id_)]
        told = (tuple((id_, each.own.get(id_)) for id_ in ids) for each in (facts, after))
        return FieldChange("own", *told)
