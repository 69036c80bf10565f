"""Which contact a name means: when it is typed into a lead, and when it stands in a file.

At a company it is the contact of that company, else somebody of this name who belongs to no company yet: the same name
at another company is somebody else. Without a company it is whoever is called that.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.folding import search_key


class Contact(NamedTuple):
    """A contact, spelled as the store spells it."""

    id: int
    name: str


class Contacts:
    """Knows the contacts of a store, or those that can be meant by one name, and the companies they belong to."""

    def __init__(self, people: Iterable[Contact], links: Iterable[tuple[int, int]]) -> None:
        """`people` in the order in which they are preferred; `links`: ids of a company and a contact."""
        self._exact: dict[str, Contact] = {}
        self._near: dict[str, Contact] = {}
        self._alone: dict[str, list[Contact]] = {}
        self._at: dict[str, list[Contact]] = {}
        companies: dict[int, list[int]] = {}
        for company, member in links:
            companies.setdefault(member, []).append(company)
        for person in people:
            self.add(person, companies.get(person.id, ()))

    def find(self, name: str, company: int | None) -> Contact | None:
        """Who is meant by a name; None where it is somebody new."""
        key = _key(name)
        if company is None:
            return self._exact.get(name) or self._near.get(key)
        return _best(self._at.get(f"{company} {key}"), name) or _best(self._alone.get(key), name)

    def add(self, person: Contact, companies: Sequence[int] = ()) -> None:
        """Take in somebody who belongs to these companies."""
        key = _key(person.name)
        self._exact.setdefault(person.name, person)
        self._near.setdefault(key, person)
        for company in companies:
            self._at.setdefault(f"{company} {key}", []).append(person)
        if not companies:
            self._alone.setdefault(key, []).append(person)

    def join(self, person: Contact, company: int) -> bool:
        """Let somebody belong to a company; False if it is so already."""
        key = _key(person.name)
        there = self._at.setdefault(f"{company} {key}", [])
        if person in there:
            return False
        there.append(person)
        if person in (alone := self._alone.get(key, [])):
            alone.remove(person)
        return True


def _key(name: str) -> str:
    return search_key(name) or name


def _best(people: Sequence[Contact] | None, name: str) -> Contact | None:
    """The one who is spelled the same, else the first."""
    return next((person for person in people if person.name == name), people[0]) if people else None
