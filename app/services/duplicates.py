"""Who of the companies and people of a store is there twice: while one is typed in, and of all of them.

While somebody types nothing is kept in memory: the database finds who may be meant, by numbers, addresses, domains and
by parts of the name, and only these few are compared.
"""

import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select, text

from app.core.errors import StorageError
from app.core.i18n import Text
from app.core.roles import Act
from app.services.child.limits import Limits
from app.services.child.process import ChildFailed, Why, run
from app.services.twins.evidence import bits_of
from app.services.twins.facts import Facts, Kind, Likeness, facts_of, profile
from app.services.twins.groups import Twins
from app.services.twins.mails import address, company_domain, domain_of, is_role
from app.services.twins.match import POSSIBLE, SURE, compare
from app.services.twins.names import company_name, person_name, telling
from app.services.twins.phones import trunk
from app.services.twins.wire import found_in, question

if TYPE_CHECKING:
    from app.models.store import Store

#: Told how much of how much is done; raises to stop.
Tell = Callable[[int, int], None]

_MOST_COMPARED = 100
_MOST_SHOWN = 3
_SHORTEST = 3
_MOST_WORDS = 5
_MOST_PIECES = 14
#: What is looked through is our own, however long it takes; a child that has lost its parent ends when it tells how far
#: it is.
_LIMITS = Limits(seconds=24 * 3600, memory=64 << 30, file=1 << 30, answer=1 << 30)
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
            known = _facts(connection, kind, [record_id for record_id in ids if record_id not in but])
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

    def find_all(self, kind: Kind, tell: Tell = lambda done, total: None) -> list[Twins]:
        """All that are there more than once, the surest first; without what was said to be no duplicates.

        Takes seconds for thousands, and a process of its own, as in a thread it would take the interpreter away from
        the window. `tell` is called many times a second, with 0 of 0 while nobody knows how much there is, and may
        raise to stop it. Raises StorageError where no process can be started, or it ends before its work does.
        """
        tell(0, 0)
        with self._store.read() as connection:
            rows = [connection.execute(text(rows.all(kind))).scalar_one() for rows in _ROWS[kind]]
        asked = io.BytesIO(question(kind, rows, self.apart(kind)))
        try:
            return found_in(run("twins", asked, {}, limits=_LIMITS, watch=tell))
        except ChildFailed as failed:
            if failed.why is Why.RAISED:  # a mistake of ours
                raise
            raise StorageError(
                Text("The program that was to look for duplicates broke down."),
                Text("Nothing was changed. Please try again."),
            ) from failed

    # No duplicates

    def apart(self, kind: Kind) -> set[tuple[int, int]]:
        """The pairs that somebody said are two, the smaller id first; of those that are there."""
        with self._store.read() as connection:
            kept = connection.execute(text(_KEPT), {"key": NOT_TWINS}).scalar()
            pairs = set(_pairs_of(kept).get(kind, ()))
            ids = json.dumps([record for pair in pairs for record in pair])
            there = connection.execute(text(_THERE.format(kind=kind)), {"ids": ids}).scalars() if pairs else ()
            known = set(there)
        return {pair for pair in pairs if known.issuperset(pair)}

    def keep_apart(self, kind: Kind, ids: Collection[int]) -> None:
        """Remember that no two of these are one: they are not shown together again. One step. Raises NotAllowed."""
        self._store.rights.demand(Act.LISTS)
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
_THERE = "SELECT id FROM {kind} WHERE id IN (SELECT value FROM json_each(:ids))"
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


# --- what is known --------------------------------------------------------------------------------------------------


class _Rows(NamedTuple):
    """Rows of one sort of facts: their statement, the column that tells whose they are, and all columns by name."""

    statement: str
    owner: str
    columns: str

    def of(self, kind: Kind) -> str:
        """SQL for the rows of `:ids`."""
        owner = self.owner.format(kind=kind)
        return self.statement.format(kind=kind, among=f"AND {owner} IN (SELECT value FROM json_each(:ids))")

    def all(self, kind: Kind) -> str:
        """SQL for all rows as one value: thousands one by one would take the interpreter away from the window."""
        columns, rows = self.columns.format(kind=kind), self.statement.format(kind=kind, among="")
        return f"SELECT CAST(json_group_array(json_array({columns})) AS BLOB) FROM ({rows})"


_NAMES = _Rows("SELECT id, name FROM {kind} WHERE TRUE {among} ORDER BY id", "id", "id, name")
_POINTS = _Rows(
    """
SELECT {kind}_id, kind, key, value FROM contact_point WHERE {kind}_id IS NOT NULL {among} ORDER BY position, id
""",
    "{kind}_id",
    "{kind}_id, kind, key, value",
)
_PLACES = _Rows(
    "SELECT {kind}_id, postcode, city FROM address WHERE {kind}_id IS NOT NULL {among} ORDER BY position, id",
    "{kind}_id",
    "{kind}_id, postcode, city",
)
_WORKS = _Rows(
    """
SELECT person_id, company.name FROM company_person JOIN company ON company.id = company_id WHERE TRUE {among}
ORDER BY company_person.position, company_person.id
""",
    "person_id",
    "person_id, name",
)
#: In the order in which `facts_of` takes them.
_ROWS: Mapping[Kind, tuple[_Rows, ...]] = {
    "company": (_NAMES, _POINTS, _PLACES), "person": (_NAMES, _POINTS, _PLACES, _WORKS),
}  # fmt: skip


def _facts(connection: Connection, kind: Kind, ids: Sequence[int]) -> dict[int, Facts]:
    """What is known of these records, in their order: a statement for each sort of facts."""
    binds = {"ids": json.dumps(list(ids))}
    found = facts_of(kind, *[connection.execute(text(rows.of(kind)), binds) for rows in _ROWS[kind]])
    return {record: found[record] for record in ids if record in found}


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
WHERE {kind}_id IS NOT NULL LIMIT +:limit
"""
_DOMAIN = """
SELECT row_id FROM search_fts JOIN search_doc ON search_doc.id = search_fts.rowid
WHERE search_fts MATCH :words AND entity = 'company' LIMIT +:limit
"""
_TRUNK = """
SELECT company_id FROM contact_point
WHERE kind = 'phone' AND key >= :from AND key < :to AND company_id IS NOT NULL LIMIT +:limit
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
SELECT id FROM (SELECT id, {points} AS points FROM {kind} WHERE search_key >= '' ORDER BY points DESC, id LIMIT +:limit)
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
