"""What two records share that are worth being compared: whoever is like another has at least one key with it.

Two of a kind meet by a number, an address, a domain; by the name in any order, as it sounds, with one word misspelled
(the rest of the name and the beginning or the end of that word), or by part of it at the same place or company.
"""

from collections.abc import Iterable, Iterator

from app.services.twins.facts import Profile
from app.services.twins.mails import is_role
from app.services.twins.names import CompanyName, PersonName, telling
from app.services.twins.phones import trunk
from app.services.twins.phonetic import of_folded
from app.services.twins.spelling import skeleton
from app.services.twins.words import NEUTRAL, SURNAMES

#: What the keys of switchboards begin with.
TRUNK = "T"
_MOST_WORDS, _MOST_NAMES = 6, 3
_SHORTEST = 4
_FEW = 2
_END = 3


def keys(record: Profile) -> set[str]:
    """The keys of a record; the first letter of each says which kind it is."""
    found = {f"t{number}" for number in record.phones}
    if record.company is not None:
        found.update(f"m{mail}" for mail in record.mails)
        found.update(f"d{domain}" for domain in record.domains)
        found.update(f"{TRUNK}{rest}" for rest in map(trunk, record.phones) if rest)
        found.update(_of_company(record, record.company))
    elif record.person is not None:
        found.update(f"m{mail}" for mail in record.mails if not is_role(mail))
        found.update(_of_person(record, record.person))
    return found


def _of_company(record: Profile, name: CompanyName) -> Iterator[str]:
    words = name.words[:_MOST_WORDS]
    if not words:
        return
    places = _places(record)
    towns = record.town.split()
    core = [word for word in words if word not in NEUTRAL and word not in towns]
    yield _name(words)
    yield _name(core or words)
    yield _name({*core, *towns[:1]})
    yield f"c{''.join(words)}"
    yield "f" + " ".join(sorted(of_folded(word) or word for word in words))
    if name.telling:
        yield from (f"r{' '.join(sorted(words))}@{place}" for place in places)
        if len(words) > _FEW:  # of which more than one may be left off
            first = next(filter(telling, words), words[0])
            yield from (f"r{first}@{place}" for place in places)
    for number, word in enumerate(words):
        others = (*words[:number], *words[number + 1 :])
        rest = " ".join(sorted(others))
        yield from _ends(rest, word)
        if places and any(map(telling, others)):
            yield from (f"r{rest}@{place}" for place in places)


def _of_person(record: Profile, name: PersonName) -> Iterator[str]:
    if not name.key:
        return
    yield _name((*name.firsts, *name.lasts))
    yield "f" + " ".join(sorted(of_folded(word) or word for word in (*name.firsts, *name.lasts)))
    for last in name.lasts[:_MOST_NAMES]:
        for first in name.firsts[:_MOST_NAMES]:
            yield f"b{first} {last}"
            yield f"k{skeleton(first)} {skeleton(last)}"
            yield from _ends(first, last)
            yield from _ends(last, first)
    for last in name.firsts[1:_MOST_NAMES]:  # of two last names without a hyphen the first looks like a first name
        yield f"b{name.firsts[0]} {last}"
    known = [_name(word for word in company.words if word not in NEUTRAL) for company in record.companies]
    known += [f"d{domain}" for domain in record.domains]
    for last in name.lasts[:_MOST_NAMES]:
        places = () if last in SURNAMES else _places(record)
        yield from (f"i{last}@{place}" for place in (*known, *places))


def _name(words: Iterable[str]) -> str:
    return "n" + " ".join(sorted(words))


def _ends(rest: str, word: str) -> Iterator[str]:
    """A misspelled word keeps its beginning or its end; a number is never misspelled."""
    word = word.rstrip(".")
    if not word.isalpha():
        return
    if len(word) >= _END:
        yield f"p{rest}|{word[:_END]}"
    if len(word) >= _SHORTEST:
        yield f"s{rest}|{word[-_END:]}"


def _places(record: Profile) -> tuple[str, ...]:
    town = record.town.partition(" ")[0]
    return tuple(place for place in (record.postcode, town) if place)
