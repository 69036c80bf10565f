"""What a store knows of companies and people, as a test compares it; stores of their own to compare it with."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.core.clock import FixedClock
from app.models.opening import create_store
from app.models.store import Store
from tests.services.seen import values
from tests.stores import TODAY, ZONE

_WHO = {
    "company": "SELECT id, name, info FROM company WHERE deleted_at IS NULL",
    "person": "SELECT id, name, salutation, prefix, given, family, birthday, info FROM person WHERE deleted_at IS NULL",
}
_HANGS = (
    "SELECT {kind}_id, kind, position, label, value, key FROM contact_point",
    "SELECT {kind}_id, position, label, street, extra, postcode, city, region, country, sort_key FROM address",
    "SELECT {kind}_id, tag.name FROM {kind}_tag JOIN tag ON tag.id = tag_id",
)
_OF_PEOPLE = (
    "SELECT person_id, position, company.name, role FROM company_person JOIN company ON company.id = company_id",
    "SELECT person.id, hex(chunk.data) FROM person JOIN chunk ON chunk.content_id = person.photo_id",
)


@contextmanager
def another(folder: Path) -> Iterator[Store]:
    """A store with nothing in it."""
    folder.mkdir()
    store = create_store(folder, origin="test", clock=FixedClock.at(TODAY, ZONE))
    try:
        yield store
    finally:
        store.close()


def contacts(store: Store) -> list[tuple[Any, ...]]:
    """All that cards can tell of everybody, without the ids: kind, columns, and what hangs on them, photo last."""
    found: list[tuple[Any, ...]] = []
    for kind, query in _WHO.items():
        hangs = [_by_owner(store, each.format(kind=kind)) for each in _HANGS]
        hangs += [_by_owner(store, each) for each in _OF_PEOPLE if kind == "person"]
        found += ((kind, *who, *(each[number] for each in hangs)) for number, *who in values(store, query))
    return sorted(found, key=repr)


def _by_owner(store: Store, query: str) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for owner, *row in sorted(values(store, query), key=repr):
        found[owner].append(row)
    return found
