"""Names to ids: companies, contacts, persons of the agency, sources, reasons and tags, made where they are unknown.

The same name matches first, then the same folded name (Müller finds Mueller), as the rest of the program does it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from app.core.folding import search_key, sort_key
from app.core.initials import initials
from app.models.name_keys import keys_of
from app.models.types import micros
from app.services.contacts import Contact, Contacts
from app.services.importing.keys import Keys, Uids
from app.services.importing.plan import Draft

_MOST_TAG_SETS = 5_000
KINDS = ("company", "member", "source", "reason", "tag")
INSERTS = {
    "company": "INSERT INTO company (id, uid, name, sort_key, search_key, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    "person": "INSERT INTO person (id, uid, name, sort_key, search_key, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    "member": "INSERT INTO member (id, uid, name, initials, sort_key, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    "source": "INSERT INTO source (id, uid, name, position) VALUES (?, ?, ?, ?)",
    "reason": "INSERT INTO reason (id, uid, name, outcome, position) VALUES (?, ?, ?, ?, ?)",
    "tag": "INSERT INTO tag (id, uid, name, sort_key) VALUES (?, ?, ?, ?)",
    "company_person": "INSERT INTO company_person (id, uid, company_id, person_id) VALUES (?, ?, ?, ?)",
}


class Entry(NamedTuple):
    """An entry of a list, spelled as the store spells it."""

    id: int
    name: str


class Names:
    """Finds the entries a draft names. What is new waits in `fresh` until it is written."""

    def __init__(self, connection: Connection, keys: Keys, uids: Uids, now: datetime) -> None:
        self._keys = keys
        self._uids = uids
        self._now = micros(now)
        self._exact: dict[str, dict[str, Entry]] = {}
        self._near: dict[str, dict[str, Entry]] = {}
        for kind in KINDS:
            self._load(connection, kind)
        self._positions = {
            kind: connection.execute(text(f"SELECT COALESCE(max(position), -1) FROM {kind}")).scalar_one()
            for kind in ("source", "reason")
        }
        self._initials: list[str] = list(connection.execute(text("SELECT initials FROM member")).scalars())
        people = connection.execute(text("SELECT id, name FROM person WHERE deleted_at IS NULL ORDER BY id"))
        links = connection.execute(text("SELECT company_id, person_id FROM company_person"))
        self._contacts = Contacts((Contact(*row) for row in people), ((row[0], row[1]) for row in links))
        self._tag_sets: dict[tuple[str, ...], tuple[tuple[int, ...], str]] = {}
        self.fresh: dict[str, list[tuple[Any, ...]]] = {table: [] for table in INSERTS}
        #: The names of all that was made, by kind.
        self.made: dict[str, list[str]] = {}
        #: Links between a company and a person that were both there before.
        self.linked: list[tuple[Any, ...]] = []

    def _load(self, connection: Connection, kind: str) -> None:
        exact = self._exact[kind] = {}
        near = self._near[kind] = {}
        fold = _fold(kind)
        for row in connection.execute(text(f"SELECT id, name FROM {kind} WHERE deleted_at IS NULL ORDER BY id")):
            entry = Entry(row.id, row.name)
            exact.setdefault(row.name, entry)
            near.setdefault(fold(row.name) or row.name, entry)

    def fill(self, draft: Draft) -> None:
        """Give a draft the ids of what it names, and the names as the store spells them."""
        get = draft.given.get
        company = self._entry("company", get("company"))
        if company is not None:
            draft.company_id, draft.company = company
        if name := get("person"):
            draft.person_id, draft.person = self._person(name, company)
        if (member := self._entry("member", get("responsible"))) is not None:
            draft.user_id, draft.member = member
        if (source := self._entry("source", get("source"))) is not None:
            draft.source_id, draft.source = source
        if (reason := self._entry("reason", get("reason"), draft.status)) is not None:
            draft.reason_id = reason.id
        if (firm := self._entry("company", get("recommender_company"))) is not None:
            draft.recommender_company_id = firm.id
        if name := get("recommender_person"):
            draft.recommender_person_id = self._person(name, None).id
        names = get("tags") or ()
        if product := get("product"):
            names = (*names, product)
        if names:
            draft.tag_ids, draft.tags = self._tags(names)

    def _tags(self, names: tuple[str, ...]) -> tuple[tuple[int, ...], str]:
        """The ids of some tags, and their names in the order of the search text."""
        found = self._tag_sets.get(names)
        if found is None:
            if len(self._tag_sets) > _MOST_TAG_SETS:
                self._tag_sets.clear()
            entries = {entry for name in names if (entry := self._entry("tag", name))}
            tags = sorted(entries, key=lambda tag: (sort_key(tag.name), tag.id))
            found = self._tag_sets[names] = (tuple(tag.id for tag in tags), " ".join(tag.name for tag in tags))
        return found

    def _entry(self, kind: str, name: str | None, outcome: str = "") -> Entry | None:
        if name is None:
            return None
        return self._exact[kind].get(name) or self._named(kind, name, outcome)

    def _named(self, kind: str, name: str, outcome: str = "") -> Entry:
        exact = self._exact[kind]
        if name in exact:
            return exact[name]
        key = _fold(kind)(name) or name
        found = self._near[kind].get(key)
        if found is None:
            found = self._near[kind][key] = self._make(kind, name, outcome)
        exact[name] = found
        return found

    def _make(self, kind: str, name: str, outcome: str) -> Entry:
        number, uid = self._keys.take(kind), self._uids.take()
        row: tuple[Any, ...]
        match kind:
            case "company" | "person":
                row = (number, uid, name, *keys_of(kind, name), self._now)
            case "member":
                letters = initials(name, self._initials)
                self._initials.append(letters)
                row = (number, uid, name, letters, sort_key(name), self._now)
            case "source" | "reason":
                self._positions[kind] += 1
                middle = (outcome,) if kind == "reason" else ()
                row = (number, uid, name, *middle, self._positions[kind])
            case _:
                row = (number, uid, name, sort_key(name))
        self.fresh[kind].append(row)
        self.made.setdefault(kind, []).append(name)
        return Entry(number, name)

    # --- contacts ----------------------------------------------------------------------------------------------------

    def _person(self, name: str, company: Entry | None) -> Contact:
        """The contact who is meant, known or new, who from now on belongs to the company."""
        found = self._contacts.find(name, None if company is None else company.id)
        if found is None:
            found = Contact(*self._make("person", name, ""))
            self._contacts.add(found)
        if company is not None and self._contacts.join(found, company.id):
            self._link(company, found)
        return found

    def _link(self, company: Entry, person: Contact) -> None:
        row = (self._keys.take("company_person"), self._uids.take(), company.id, person.id)
        self.fresh["company_person"].append(row)
        if not self._keys.is_new("company", company.id) and not self._keys.is_new("person", person.id):
            self.linked.append(row)

    def take_fresh(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """The new rows by table, and forget them."""
        for table, rows in self.fresh.items():
            if rows:
                self.fresh[table] = []
                yield table, rows


def _fold(kind: str) -> Callable[[str], str]:
    return search_key if kind == "company" else sort_key
