"""Notes that somebody began and did not save yet: in the store, so that they are as safe there as notes are.

They are in no history, nobody else's business, and of each person only the last ones are kept.
"""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.services.owners import Owner, OwnerKind

if TYPE_CHECKING:
    from app.models.store import Store

#: Of more the oldest are forgotten.
_MOST = 40


class Drafts:
    """Those of the person who works here, one for each record. What was kept is found at once, and outlasts the program
    once it is written.
    """

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._waiting: dict[str, dict[str, Any]] = {}

    def of(self, owner: Owner) -> Any:
        """What was begun on this record, as JSON knows it; None for nothing."""
        name, waiting = _name(owner), self._waiting.get(self._key, {})
        if name in waiting:
            return waiting[name]
        with self._store.read() as connection:
            return _read(connection, self._key).get(name)

    def keep(self, owner: Owner, words: Any) -> None:
        """Remember it (None for nothing), to be written by `write`."""
        self._waiting.setdefault(self._key, {})[_name(owner)] = words

    def write(self) -> None:
        """Write what was kept, from whichever thread. Raises StorageError, and keeps it then."""
        waiting = {key: dict(names) for key, names in list(self._waiting.items()) if names}
        with self._store.maintenance(here=True) as connection:
            for key, names in waiting.items():
                kept = _read(connection, key)
                for name, words in names.items():
                    kept.pop(name, None)
                    if words is not None:
                        kept[name] = words
                _write(connection, key, dict(list(kept.items())[-_MOST:]))
        for key, names in waiting.items():
            for name, words in names.items():
                if self._waiting[key].get(name) is words:  # else something else was kept meanwhile
                    self._waiting[key].pop(name, None)

    @property
    def _key(self) -> str:
        return f"{_PREFIX}{self._store.actor_id or 0}"


def forget(connection: Connection, gone: Mapping[OwnerKind, Collection[int]]) -> None:
    """Remove what anybody began on records that are gone."""
    names = {_name(Owner(kind, id_)) for kind, ids in gone.items() for id_ in ids}
    for key in connection.execute(text(_KEYS)).scalars().all():
        kept = _read(connection, key)
        if names & kept.keys():
            _write(connection, key, {name: words for name, words in kept.items() if name not in names})


def _name(owner: Owner) -> str:
    return f"{owner.kind}:{owner.id}"


def _read(connection: Connection, key: str) -> dict[str, Any]:
    """What is kept under this key, without what makes no sense."""
    try:
        found = json.loads(connection.execute(text(_KEPT), {"key": key}).scalar() or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(connection: Connection, key: str, kept: Mapping[str, Any]) -> None:
    if kept:
        connection.execute(text(_KEEP), {"key": key, "value": json.dumps(kept, ensure_ascii=False)})
    else:
        connection.execute(text(_FORGET), {"key": key})


_PREFIX = "drafts:"
_KEYS = f"SELECT key FROM store_setting WHERE key LIKE '{_PREFIX}%'"
_KEPT = "SELECT value FROM store_setting WHERE key = :key"
_KEEP = """
INSERT INTO store_setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_FORGET = "DELETE FROM store_setting WHERE key = :key"
