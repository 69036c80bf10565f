"""Which rows a write changed, with their values before and after.

Mapper events are used because session events miss orphans and one-sided foreign keys. Values are those of the
database: a row is loaded inside the writing transaction, so what the session remembers as loaded is what stood there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PassiveFlag

from app.core.changes import Op, RowChange
from app.models.base import Base
from app.models.bookkeeping import UNRECORDED
from app.models.types import Exact, Instant, instant_of, micros

#: What has a history of its own, to which the rows that hang on it belong.
RECORDS = ("lead", "company", "person")


def recorded_columns(table: Table) -> list[Column[Any]]:
    """Columns that the history keeps: all but the key and what is derived."""
    return [c for c in table.columns if not c.primary_key and not c.info.get("derived")]


def to_json(value: Any) -> Any:
    """A column's value as the history stores it."""
    if isinstance(value, datetime):
        return micros(value)
    return str(value) if isinstance(value, Decimal) else value


def from_json(column: Column[Any], value: Any) -> Any:
    """The inverse of `to_json` for a value of `column`."""
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return instant_of(value)
    return Decimal(value) if isinstance(column.type, Exact) else value


@dataclass
class Capture:
    """The rows changed in one transaction, in the order of their first change."""

    rows: dict[tuple[str, int], RowChange] = field(default_factory=dict)

    def add(self, table: str, row_id: int, op: Op, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Note a change; several changes of one row become one, from its first to its last state."""
        key = (table, row_id)
        earlier = self.rows.get(key)
        if earlier is not None:
            merged = _merge(earlier, op, before, after)
            if merged is None:
                del self.rows[key]
            else:
                self.rows[key] = merged
            return
        self.rows[key] = RowChange(table, row_id, op, before, after, *record_of(table, row_id, {**before, **after}))


def _merge(earlier: RowChange, op: Op, before: dict[str, Any], after: dict[str, Any]) -> RowChange | None:
    if op == "delete":
        if earlier.op == "insert":
            return None
        whole = {**before, **earlier.before}
        return replace(earlier, op="delete", before=whole, after={})
    first = {**{name: value for name, value in before.items() if earlier.op == "update"}, **earlier.before}
    last = {**earlier.after, **after}
    if earlier.op == "update":
        first = {name: value for name, value in first.items() if value != last[name]}
        last = {name: last[name] for name in first}
        if not first:
            return None
    return replace(earlier, before=first, after=last)


def record_of(table: str, row_id: int, values: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
    """In the history of which lead, company or person a row stands; a link stands with the first of the two."""
    if table in RECORDS:
        found = {table: row_id}
    else:
        owner = next((record for record in RECORDS if values.get(f"{record}_id") is not None), None)
        found = {} if owner is None else {owner: values[f"{owner}_id"]}
    return found.get("lead"), found.get("company"), found.get("person")


def _capture_of(target: Base) -> Capture | None:
    if target.__tablename__ in UNRECORDED:
        return None
    session = object_session(target)
    capture = session.info.get("capture") if session else None
    if not isinstance(capture, Capture):
        raise RuntimeError(f"{target.__tablename__} written outside of store.write()")
    return capture


@event.listens_for(Base, "after_insert", propagate=True)
def _after_insert(mapper: Mapper[Any], connection: Connection, target: Base) -> None:
    capture = _capture_of(target)
    if capture is None:
        return
    columns = recorded_columns(mapper.local_table)  # type: ignore[arg-type]
    values = {c.name: to_json(getattr(target, c.name)) for c in columns}
    capture.add(target.__tablename__, target.id, "insert", {}, values)  # type: ignore[attr-defined]


@event.listens_for(Base, "before_update", propagate=True)
def _before_update(mapper: Mapper[Any], connection: Connection, target: Base) -> None:
    capture = _capture_of(target)
    if capture is None:
        return
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(target)
    for column in recorded_columns(mapper.local_table):  # type: ignore[arg-type]
        if column.name not in state.committed_state:  # not set; `state.attrs` would make an object for every column
            continue
        history = get_history(target, column.name, PassiveFlag.PASSIVE_NO_INITIALIZE)
        if not history.added:
            continue
        old = history.deleted[0] if history.deleted else _stored(connection, column, target)
        if old != history.added[0]:
            before[column.name] = to_json(old)
            after[column.name] = to_json(history.added[0])
    if after:
        row = target.__dict__
        capture.add(target.__tablename__, row["id"], "update", before, after)
        _name_record(capture, target.__tablename__, row["id"], row)


def _name_record(capture: Capture, table: str, row_id: int, row: Mapping[str, Any]) -> None:
    """An update says of the owners of a row only those that it changed; a link stands with the first of its two."""
    change, owner = capture.rows.get((table, row_id)), record_of(table, row_id, row)
    if change is not None and owner != (None, None, None):
        capture.rows[(table, row_id)] = replace(change, lead_id=owner[0], company_id=owner[1], person_id=owner[2])


def _stored(connection: Connection, column: Column[Any], target: Any) -> Any:
    return connection.execute(select(column).where(column.table.c.id == target.id)).scalar_one()


@event.listens_for(Base, "before_delete", propagate=True)
def _before_delete(mapper: Mapper[Any], connection: Connection, target: Base) -> None:
    capture = _capture_of(target)
    if capture is None:
        return
    table = mapper.local_table
    row_id: int = target.id  # type: ignore[attr-defined]
    row = connection.execute(select(table).where(table.c.id == row_id)).mappings().one()
    before = {c.name: to_json(row[c.name]) for c in recorded_columns(table)}  # type: ignore[arg-type]
    capture.add(target.__tablename__, row_id, "delete", before, {})


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and isinstance(state.session.info.get("capture"), Capture):
        raise RuntimeError("bulk writes pass the history by: change objects, or keep import rows as importing does")


def dump(values: Mapping[str, Any]) -> str:
    """Changed values as the history stores them."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
