"""Who of the companies and people of a store is there twice: while one is typed in, and of all of them.

While somebody types nothing is kept in memory: the database finds who may be meant, by numbers, addresses, domains and
by parts of the name, and only these few are compared.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, text

from app.core.i18n import Text
from app.services.twins.evidence import bits_of
from app.services.twins.facts import Facts, Kind, Likeness, profile
from app.services.twins.mails import address, company_domain, domain_of, is_role
from app.services.twins.match import POSSIBLE, SURE, compare
from app.services.twins.names import company_name, person_name, telling
from app.services.twins.phones import trunk

if TYPE_CHECKING:
    from app.models.store import Store

#: Told how much of how much is done; raises to stop.
Tell = Callable[[int, int], None]

_MOST_COMPARED = 100
_MOST_SHOWN = 3
_SHORTEST = 3
_MOST_WORDS = 5
_MOST_PIECES = 14
#: A word that is there counts more than its beginning or its end, which a slip leaves.
_WHOLE, _PART = 4, 1
#: Where what nobody takes for duplicates any more is kept, as JSON: pairs of ids by kind.
NOT_TWINS = "not_twins"


@dataclass(frozen=True)
class Hint:
    """Somebody who may be meant by what is typed; `place` is the town."""

    id: int
    name: str
    place: str
    likeness: Likeness

    @property
    def sure(self) -> bool:
        """Whether it would be a great accident if it were somebody else."""
        return self.likeness.score >= SURE


@dataclass(frozen=True)
class Twins:
    """Records that are probably one, by their names, and why: the pairs among them, the surest first."""

    names: Mapping[int, str]
    pairs: tuple[tuple[int, int, Likeness], ...]

    @property
    def score(self) -> float:
        """How sure the surest of them is."""
        return self.pairs[0][2].score


class Duplicates:
    """Looks for records that are there twice."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def near(self, kind: Kind, facts: Facts, but: Collection[int] = ()) -> list[Hint]:
        """The few that are most like what is typed, none of `but` (what is being edited); quick enough for each key.

        Numbers may be as they were typed.
        """
        facts = replace(facts, phones=tuple(self._numbers(facts.phones)))
        record, least = profile(facts), bits_of(POSSIBLE)
        with self._store.read() as connection:
            ids = _candidates(connection, kind, facts)
            known = read_facts(connection, kind, [record_id for record_id in ids if record_id not in but])
        found = [
            Hint(record_id, other.name, other.city, likeness)
            for record_id, other in known.items()
            if (likeness := compare(record, profile(other), least)).score >= POSSIBLE
        ]
        found.sort(key=lambda hint: (-hint.likeness.score, hint.id))
        return found[:_MOST_SHOWN]

    def _numbers(self, phones: Iterable[str]) -> Iterator[str]:
        country = self._store.facts.country
        for phone in phones:
            number = phone if _E164.fullmatch(phone) else _number(phone, country)
            if number:
                yield number

    def facts(self, kind: Kind, ids: Sequence[int] | None = None) -> dict[int, Facts]:
        """What is known of these records, or of all."""
        with self._store.read() as connection:
            return read_facts(connection, kind, ids)

    def find_all(self, kind: Kind, tell: Tell = lambda done, total: None) -> list[Twins]:
        """All that are there more than once, the surest first; without what was said to be no duplicates.

        Takes seconds for thousands. `tell` may raise to stop it.
        """
        from app.services.twins.index import TwinIndex

        tell(0, 0)
        known, apart = self.facts(kind), self.apart(kind)
        tell(0, len(known))
        index = TwinIndex(_told(known, tell))
        pairs = [pair for pair in index.pairs(tell) if (pair[0], pair[1]) not in apart]
        return _groups(pairs, known)

    # No duplicates

    def apart(self, kind: Kind) -> set[tuple[int, int]]:
        """The pairs that somebody said are two, the smaller id first."""
        with self._store.read() as connection:
            kept = connection.execute(text(_KEPT), {"key": NOT_TWINS}).scalar()
        return set(_pairs_of(kept).get(kind, ()))

    def keep_apart(self, kind: Kind, ids: Collection[int]) -> None:
        """Remember that no two of these are one: they are not shown together again. One step."""
        from app.models.schema import StoreSetting

        with self._store.write(Text("Told that these are no duplicates")) as session:
            row = session.scalar(select(StoreSetting).where(StoreSetting.key == NOT_TWINS))
            kept = _pairs_of(row.value if row is not None else None)
            ordered = sorted(set(ids))
            new = [(one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :]]
            value = json.dumps(kept | {kind: sorted({*kept.get(kind, ()), *new})}, separators=(",", ":"))
            if row is None:
                session.add(StoreSetting(key=NOT_TWINS, value=value))
            else:
                row.value = value


def _number(typed: str, country: str) -> str | None:
    from app.services.twins.phones import e164

    return e164(typed, country)


_E164 = re.compile(r"\+\d{5,15}")
_KEPT = "SELECT value FROM store_setting WHERE key = :key"


def _pairs_of(kept: str | None) -> dict[str, list[tuple[int, int]]]:
    """What is kept, without what makes no sense."""
    try:
        found = json.loads(kept or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(kind): [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2]
        for kind, pairs in found.items()
        if isinstance(pairs, list)
    }


def _told(known: Mapping[int, Facts], tell: Tell) -> Iterator[tuple[int, Facts]]:
    for done, item in enumerate(known.items()):
        if done % 200 == 0:
            tell(done, len(known))
        yield item


def _groups(pairs: Iterable[tuple[int, int, Likeness]], known: Mapping[int, Facts]) -> list[Twins]:
    """Those that hang together by pairs, each group once."""
    chief: dict[int, int] = {}

    def root(record: int) -> int:
        while (up := chief.setdefault(record, record)) != record:
            chief[record] = chief[up]
            record = up
        return record

    pairs = list(pairs)
    for one, other, _ in pairs:
        chief[root(other)] = root(one)
    together: dict[int, list[tuple[int, int, Likeness]]] = defaultdict(list)
    for pair in pairs:
        together[root(pair[0])].append(pair)
    found = []
    for group in together.values():
        group.sort(key=lambda pair: (-pair[2].score, pair[0], pair[1]))
        ids = dict.fromkeys(record for one, other, _ in group for record in (one, other))
        found.append(Twins({record: known[record].name for record in ids}, tuple(group)))
    found.sort(key=lambda twins: (-twins.score, twins.pairs[0][:2]))
    return found


# --- what is known --------------------------------------------------------------------------------------------------


def read_facts(connection: Connection, kind: Kind, ids: Sequence[int] | None = None) -> dict[int, Facts]:
    """What is known of these records, in their order, or of all: a statement for each sort of facts."""
    binds = {} if ids is None else {"ids": json.dumps(list(ids))}
    rows = connection.execute(text(_only(_NAMES, kind, "id", ids)), binds).all()
    parts: dict[str, dict[int, list[Any]]] = {}
    for sort in ("phone", "mail", "web"):
        parts[sort] = defaultdict(list)
    for owner, sort, key, value in connection.execute(text(_only(_POINTS, kind, f"{kind}_id", ids)), binds):
        parts[sort][owner].append(value if sort == "web" else key)
    places: dict[int, tuple[str, str]] = {}
    for owner, code, city in connection.execute(text(_only(_PLACES, kind, f"{kind}_id", ids)), binds):
        places.setdefault(owner, (code, city))
    works: dict[int, list[str]] = defaultdict(list)
    if kind == "person":
        for owner, company in connection.execute(text(_only(_WORKS, kind, "person_id", ids)), binds):
            works[owner].append(company)
    names = {row[0]: row[1] for row in rows}
    return {
        record: Facts(
            kind, names[record], tuple(parts["mail"][record]), tuple(parts["phone"][record]),
            tuple(parts["web"][record]), *places.get(record, ("", "")), tuple(works[record]),
        )
        for record in (names if ids is None else ids)
        if record in names
    }  # fmt: skip


def _only(statement: str, kind: Kind, owner: str, ids: Sequence[int] | None) -> str:
    among = "" if ids is None else f"AND {owner} IN (SELECT value FROM json_each(:ids))"
    return statement.format(kind=kind, among=among)


_NAMES = "SELECT id, name FROM {kind} WHERE TRUE {among} ORDER BY id"
_POINTS = """
SELECT {kind}_id, kind, key, value FROM contact_point WHERE {kind}_id IS NOT NULL {among} ORDER BY position, id
"""
_PLACES = """
SELECT {kind}_id, postcode, city FROM address WHERE {kind}_id IS NOT NULL {among} ORDER BY position, id
"""
_WORKS = """
SELECT person_id, company.name FROM company_person JOIN company ON company.id = company_id WHERE TRUE {among}
ORDER BY company_person.position, company_person.id
"""


# --- who may be meant -----------------------------------------------------------------------------------------------


def _candidates(connection: Connection, kind: Kind, facts: Facts) -> list[int]:
    """Whom it is worth comparing, by whatever both have; those met by a number or an address first."""
    found = dict.fromkeys(_by_reach(connection, kind, facts))
    found |= dict.fromkeys(_by_name(connection, kind, facts))
    return list(found)[:_MOST_COMPARED]


def _by_reach(connection: Connection, kind: Kind, facts: Facts) -> Iterator[int]:
    mails = [mail for mail in map(address, facts.mails) if mail]
    if kind == "person":
        mails = [mail for mail in mails if not is_role(mail)]
    wanted = [["phone", number] for number in facts.phones] + [["mail", mail] for mail in mails]
    domains = {domain_of(mail) for mail in mails} | {company_domain(web) or "" for web in facts.webs}
    wanted += [["web", domain] for domain in domains if domain]
    if not wanted:
        return
    binds = {"wanted": json.dumps(wanted), "limit": _MOST_COMPARED}
    yield from connection.execute(text(_SAME.format(kind=kind)), binds).scalars()
    if kind == "company":
        for domain in filter(None, domains):
            words = " ".join(part for part in domain.replace("-", ".").split(".") if part.isalnum())
            binds = {"words": f'"{words}"', "limit": _MOST_SHOWN * 4}
            yield from connection.execute(text(_DOMAIN), binds).scalars()
        for rest in filter(None, map(trunk, facts.phones)):
            binds = {"from": rest, "to": f"{rest}:", "limit": _MOST_SHOWN * 4}
            yield from connection.execute(text(_TRUNK), binds).scalars()


_SAME = """
SELECT {kind}_id FROM json_each(:wanted) wanted CROSS JOIN contact_point
ON kind = json_extract(wanted.value, '$[0]') AND contact_point.key = json_extract(wanted.value, '$[1]')
WHERE {kind}_id IS NOT NULL LIMIT :limit
"""
_DOMAIN = """
SELECT row_id FROM search_fts JOIN search_doc ON search_doc.id = search_fts.rowid
WHERE search_fts MATCH :words AND entity = 'company' LIMIT :limit
"""
_TRUNK = """
SELECT company_id FROM contact_point
WHERE kind = 'phone' AND key >= :from AND key < :to AND company_id IS NOT NULL LIMIT :limit
"""


def _by_name(connection: Connection, kind: Kind, facts: Facts) -> Sequence[int]:
    """Those with most of the name in theirs: whole words, and beginnings and ends of words, which a slip leaves."""
    pieces = _pieces(kind, facts.name)
    if not pieces:
        return []
    points = " + ".join(f"{weight} * (instr(search_key, :p{n}) > 0)" for n, (_, weight) in enumerate(pieces))
    binds: dict[str, Any] = {f"p{n}": piece for n, (piece, _) in enumerate(pieces)}
    least = max(weight for _, weight in pieces)
    statement = _NAMED.format(kind=kind, points=points)
    rows = connection.execute(text(statement), binds | {"least": min(least, 2), "limit": _MOST_COMPARED})
    return rows.scalars().all()


# Every name is >= '': said so that the narrow index of the names is read and not the whole records.
_NAMED = """
SELECT id FROM (SELECT id, {points} AS points FROM {kind} WHERE search_key >= '' ORDER BY points DESC, id LIMIT :limit)
WHERE points >= :least
"""


def _pieces(kind: Kind, name: str) -> list[tuple[str, int]]:
    if kind == "company":
        words: Iterable[str] = sorted(company_name(name).words, key=telling, reverse=True)
    else:
        parts = person_name(name)
        words = (*parts.lasts, *parts.firsts)
    long = [word for word in (word.rstrip(".") for word in words) if len(word) >= _SHORTEST][:_MOST_WORDS]
    said = [word for word in long if kind == "person" or telling(word)]
    pieces = dict.fromkeys(long, _WHOLE)
    for word in said or long:  # a trade finds too many to be looked for by halves
        pieces |= dict.fromkeys(_sounding(word), _WHOLE)
        pieces[word] = _WHOLE + 1
        for part in (word[:_SHORTEST], word[-_SHORTEST:]):
            pieces.setdefault(part, _PART)
    return list(pieces.items())[:_MOST_PIECES]


#: What is heard no differently; a name is looked for in each of these spellings, too.
_SOUNDS = (("ei", "ai", "ey", "ay"), ("ph", "f"), ("th", "t"), ("dt", "tt", "d", "t"), ("ck", "k"), ("c", "k"),
           ("tz", "z"), ("y", "i"), ("ss", "s"), ("ff", "f"), ("mm", "m"), ("nn", "n"), ("ll", "l"))  # fmt: skip


def _sounding(word: str) -> list[str]:
    """The same word with one sound written in another way."""
    found: dict[str, None] = {}
    for sounds in _SOUNDS:
        for written in sounds:
            if written in word:
                found |= dict.fromkeys(word.replace(written, other) for other in sounds if other != written)
                break
    return [other for other in found if other != word and len(other) >= _SHORTEST][:4]
