"""Looking at a store from outside the services: single values, everything in it, and what was told."""

from collections.abc import Callable
from typing import Any

from app.core.changes import ChangeSet
from app.models.store import Store
from tests.models.edits import sent

_TABLES = (
    "member", "company", "person", "company_person", "stage", "reason", "source", "tag", "rate", "lead", "lead_tag",
    "step", "note", "stage_entry", "search_doc", "contact_point", "address", "company_tag", "person_tag",
    "lead_person", "note_person", "mail", "attachment", "field", "field_option", "field_value", "field_notice",
)  # fmt: skip


def values(store: Store, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, trash and all."""
    with store.maintenance() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def value(store: Store, query: str) -> Any:
    """The one value of a query."""
    ((found,),) = values(store, query)
    return found


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that a person can change, derived columns and search texts included.

    The numbers of search texts are left out: a text that went and came back has another one.
    """
    columns = dict.fromkeys(_TABLES, "*") | {"search_doc": "entity, row_id, lead_id, folded"}
    with store.maintenance() as connection:
        found = {table: connection.exec_driver_sql(f"SELECT {columns[table]} FROM {table}") for table in _TABLES}
        return {table: sorted(map(tuple, rows), key=repr) for table, rows in found.items()}


def steps(store: Store) -> int:
    """How many steps the history has."""
    found: int = value(store, "SELECT count(*) FROM change_set")
    return found


def told(store: Store, verb: Callable[[], object]) -> list[ChangeSet]:
    """What the feed tells while a verb is done."""
    heard: list[ChangeSet] = []
    stop = store.feed.subscribe(heard.append)
    try:
        verb()
    finally:
        stop()
    return heard


def statements(store: Store, read: Callable[[], object]) -> int:
    """How many statements a reader sends, who knows already what the person at work may see."""
    assert store.rights is not None
    return sum(each != "BEGIN" for each in sent(store._reading, read))
