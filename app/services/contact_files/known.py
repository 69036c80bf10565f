"""Who is in the store, as cards are compared with them: read in a handful of statements, however many there are."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from app.core.folding import search_key
from app.core.i18n import Text
from app.services.contact_files.draft import Draft, Kind
from app.services.twins.facts import Facts
from app.services.twins.index import TwinIndex
from app.services.twins.match import POSSIBLE, SURE

#: Asked between two steps of the work; raises Cancelled to stop it.
Go = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Match:
    """Who a card may be: somebody of the store by `id`, or whoever an earlier card of the plan makes, by its number."""

    name: str
    score: float
    reasons: tuple[Text, ...] = ()
    id: int | None = None
    card: int | None = None

    @property
    def sure(self) -> bool:
        """Whether it would be a great accident if it were somebody else."""
        return self.score >= SURE


class Known:
    """The companies and people of a store, and those that the cards looked at so far would make."""

    def __init__(self, connection: Connection, go: Go) -> None:
        self._names: dict[Kind, dict[int, str]] = {"company": {}, "person": {}}
        self._uids: dict[tuple[Kind, str], int] = {}
        self._companies: dict[str, int] = {}
        self._made: dict[str, int] = {}
        self._index: dict[Kind, TwinIndex] = {}
        self._fresh: dict[Kind, TwinIndex] = {"company": TwinIndex(), "person": TwinIndex()}
        self._fresh_names: dict[int, str] = {}
        for kind in ("company", "person"):
            go()
            self._index[kind] = TwinIndex(self._read(connection, kind))

    def _read(self, connection: Connection, kind: Kind) -> Iterator[tuple[int, Facts]]:
        points: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for owner, way, value in connection.execute(text(_POINTS.format(kind=kind))):
            points[owner][way].append(value)
        places = {row[0]: (row[1], row[2]) for row in connection.execute(text(_PLACES.format(kind=kind)))}
        employers: dict[int, list[str]] = defaultdict(list)
        if kind == "person":
            for person, company in connection.execute(text(_EMPLOYERS)):
                employers[person].append(company)
        names = self._names[kind]
        for row in connection.execute(text(f"SELECT id, uid, name FROM {kind} ORDER BY id")):
            number, uid, name = row
            names[number] = name
            self._uids[kind, uid] = number
            if kind == "company":
                self._companies.setdefault(search_key(name) or name, number)
            ways: Any = points.get(number, {})
            yield number, Facts(
                kind, name, tuple(ways.get("mail", ())), tuple(ways.get("phone", ())), tuple(ways.get("web", ())),
                *places.get(number, ("", "")), tuple(employers.get(number, ())),
            )  # fmt: skip

    def match(self, draft: Draft) -> Match | None:
        """Who is most like a draft; None for nobody. A company of the same name is the same: names stand once."""
        if (number := self._uids.get((draft.kind, draft.uid.replace("-", "").lower()))) is not None:
            return Match(self._names[draft.kind][number], 1.0, (Text("exported from here"),), number)
        if draft.kind == "company" and (same := self._of_same_name(draft)) is not None:
            return same
        facts = draft.facts()
        found = [
            Match(self._names[draft.kind][number], like.score, like.reasons, number)
            for number, like in self._index[draft.kind].near(facts, 1, at_least=POSSIBLE)
        ]
        found += [
            Match(self._fresh_names[number], like.score, like.reasons, card=number)
            for number, like in self._fresh[draft.kind].near(facts, 1, at_least=SURE)
        ]
        return max(found, key=lambda match: match.score, default=None)

    def _of_same_name(self, draft: Draft) -> Match | None:
        reason = (Text("same name"),)
        if (number := self._companies.get(draft.key)) is not None:
            return Match(self._names["company"][number], 1.0, reason, number)
        if (card := self._made.get(draft.key)) is not None:
            return Match(self._fresh_names[card], 1.0, reason, card=card)
        return None

    def employer(self, draft: Draft) -> Match | None:
        """The company a person works for, by its name or what is surely another spelling of it; None if it is new."""
        key = search_key(draft.employer) or draft.employer
        if (number := self._companies.get(key)) is not None:
            return Match(self._names["company"][number], 1.0, (), number)
        if (card := self._made.get(key)) is not None:
            return Match(self._fresh_names[card], 1.0, (), card=card)
        near = self._index["company"].near(draft.facts_of_employer(), 1, at_least=SURE)
        return next((Match(self._names["company"][number], like.score, (), number) for number, like in near), None)

    def add(self, number: int, draft: Draft, match: Match | None) -> None:
        """What is proposed for a card: the cards after it may be the same, or work for the same."""
        if match is not None:
            if draft.kind == "company" and match.id is not None:
                self._companies.setdefault(draft.key, match.id)
            elif draft.kind == "company" and match.card is not None:
                self._made.setdefault(draft.key, match.card)
            return
        self._fresh[draft.kind].put(number, draft.facts())
        self._fresh_names[number] = draft.name
        if draft.kind == "company":
            self._made.setdefault(draft.key, number)


_POINTS = """
SELECT {kind}_id, kind, CASE kind WHEN 'web' THEN value ELSE key END FROM contact_point
WHERE {kind}_id IS NOT NULL ORDER BY position, id
"""
_PLACES = """
SELECT {kind}_id, postcode, city FROM address WHERE {kind}_id IS NOT NULL ORDER BY position DESC, id DESC
"""
_EMPLOYERS = """
SELECT link.person_id, company.name FROM company_person link JOIN company ON company.id = link.company_id
ORDER BY link.position, link.id
"""
