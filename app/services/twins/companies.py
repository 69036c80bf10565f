"""Whether two companies are one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from app.core.i18n import Text
from app.services.twins import evidence as found
from app.services.twins.evidence import CHANCE, NO_LEAST, Evidence
from app.services.twins.facts import Profile
from app.services.twins.names import CompanyName, telling
from app.services.twins.places import Nearness
from app.services.twins.spelling import word_likeness
from app.services.twins.words import NEUTRAL, SISTERS, TRADES

SAME_NAME, SAME_WRITTEN = Text("same name"), Text("same name, written differently")
NEAR_NAME, PART_NAME = Text("nearly the same name"), Text("one name is part of the other")
SHARED_NAME, OTHER_NAME = Text("a name in common"), Text("different names")
SISTER_NAME, OTHER_FORM = Text("perhaps a sister company"), Text("different legal forms")

_PLACE = {
    Nearness.SAME_CODE: (2.5, found.SAME_POSTCODE),
    Nearness.SAME_TOWN: (1.5, found.SAME_PLACE),
    Nearness.UNKNOWN: (0.0, None),
    Nearness.NEAR: (-1.5, found.OTHER_PLACE),
    Nearness.ELSEWHERE: (-5.0, found.OTHER_PLACE),
}
#: A company that has the same number or address elsewhere may have moved.
_MOVED = (-2.5, found.OTHER_PLACE)
#: The same name, by whether it is one's own or thousands have it; how much each hundredth of unlikeness takes away.
_TELLING, _COMMON, _UNLIKENESS = 8.0, 5.5, 20.0
_MAIL, _DOMAIN, _DOMAIN_STEM, _PHONE, _SWITCHBOARD = 6.0, 5.0, 3.0, 5.0, 3.0
_MOST_CONTACT = 9.0


class Relation(Enum):
    """How two names stand to each other."""

    SAME = 1
    NEAR = 2
    PART = 3
    SISTER = 4
    SHARED = 5
    OTHER = 6
    NONE = 7


@dataclass(frozen=True, slots=True)
class Comparison:
    """`value` says how near, from 0 to 1; `telling` whether what they share is more than a common word."""

    relation: Relation
    value: float = 1.0
    telling: bool = False


def weigh(
    one: Profile, other: Profile, mine: CompanyName, theirs: CompanyName, least: float = NO_LEAST
) -> Evidence | None:
    """All that speaks for and against two companies being one; None if that is sure to be less than `least` in all."""
    sum_ = Evidence()
    nearness = found.place(one, other)
    place = _PLACE[nearness]
    if not one.reach & other.reach and CHANCE + place[0] + _TELLING < least:
        return None
    names = compare(mine, theirs, frozenset((*one.town.split(), *other.town.split())))
    _add_name(sum_, names, exact=mine.words == theirs.words and mine.forms == theirs.forms)
    if mine.forms and theirs.forms and mine.forms.isdisjoint(theirs.forms):
        sum_.add(-1.5, OTHER_FORM)
    _add_contact(sum_, one, other)
    reached = not (one.phones.isdisjoint(other.phones) and one.mails.isdisjoint(other.mails))
    sum_.add(*(_MOVED if reached and nearness is Nearness.ELSEWHERE else place))
    return sum_


def same_company(one: CompanyName, other: CompanyName) -> bool | None:
    """Whether two names, of which no more is known, may mean one company; None if that cannot be said."""
    names = compare(one, other, frozenset())
    if names.relation in (Relation.SAME, Relation.NEAR) or (names.relation is Relation.PART and names.telling):
        return True
    return None if names.relation is Relation.SHARED and names.telling else False


def compare(one: CompanyName, other: CompanyName, towns: frozenset[str]) -> Comparison:
    """Two names; words of `towns` may be there or not."""
    if not one.words or not other.words:
        return Comparison(Relation.NONE)
    if one.key == other.key:
        return Comparison(Relation.SAME, 1.0, one.telling and _tells(one.words, towns))
    mine = [word for word in one.words if word not in other.words]
    theirs = [word for word in other.words if word not in one.words]
    shared = [word for word in one.words if word in other.words]
    if not mine or not theirs:
        return _one_more(shared, mine or theirs, 1.0, towns)
    joined = word_likeness("".join(mine), "".join(theirs))
    if joined:
        tells = _tells(shared, towns) or (_tells(mine, towns) and _tells(theirs, towns))
        return Comparison(Relation.NEAR, min(joined, 0.98), tells)
    if not shared and (_initials(mine, theirs) or _initials(theirs, mine)):
        return Comparison(Relation.PART)
    fewer, more = sorted((mine, theirs), key=len)
    return _aligned(shared, fewer, more, towns)


def _one_more(shared: list[str], more: list[str], value: float, towns: frozenset[str]) -> Comparison:
    """All words of the one are in the other, which has `more`."""
    tells = _tells(shared, towns)
    if not SISTERS.isdisjoint(more):
        return Comparison(Relation.SISTER, value, tells)
    if all(word in NEUTRAL or word in towns for word in more):
        return Comparison(Relation.NEAR, min(value, 0.97), tells)
    return Comparison(Relation.PART, value, tells)


def _aligned(shared: list[str], fewer: list[str], more: list[str], towns: frozenset[str]) -> Comparison:
    """Words that only the one or the other has, as slips of each other."""
    value, matched, left = 1.0, list(shared), list(more)
    alone = 0
    for word in fewer:
        likeness, best = max(((_word(word, candidate), candidate) for candidate in left), default=(0.0, ""))
        if likeness:
            value *= likeness
            left.remove(best)
            matched.append(best if telling(word) else word)  # a slip of a common word says no more than that word
        else:
            alone += 1
    if alone and matched and SISTERS.isdisjoint(fewer) is not SISTERS.isdisjoint(more):
        return Comparison(Relation.SISTER, value, _tells(matched, towns))
    if not alone:
        if left:
            return _one_more(matched, left, value, towns)
        return Comparison(Relation.NEAR, value, _tells(matched, towns))
    return Comparison(Relation.SHARED if matched else Relation.OTHER, value, _tells(matched, towns))


def _word(one: str, other: str) -> float:
    """Two words; a trade may be said at more length: Elektro and Elektrotechnik, Bau and Bauunternehmen."""
    likeness = word_likeness(one, other)
    if not likeness:
        short, long = sorted((one, other), key=len)
        if short in TRADES and long.startswith(short) and not telling(long):
            return 0.85
    return likeness


def _initials(one: list[str], other: list[str]) -> bool:
    return len(one) == 1 and len(other) > 2 and one[0] == "".join(word[0] for word in other)


def _tells(words: Iterable[str], towns: frozenset[str]) -> bool:
    """Whether any of the words says which company it is; the town both are in does not."""
    return any(telling(word) and word not in towns for word in words)


def _add_name(sum_: Evidence, names: Comparison, *, exact: bool) -> None:
    full = _TELLING if names.telling else _COMMON
    match names.relation:
        case Relation.SAME:
            sum_.add(full, SAME_NAME if exact else SAME_WRITTEN)
        case Relation.NEAR:
            sum_.add(full - (1 - names.value) * _UNLIKENESS, NEAR_NAME)
        case Relation.PART:
            sum_.add(3.5 if names.telling else 1.5, PART_NAME)
        case Relation.SISTER:
            sum_.add(-3.0, SISTER_NAME)
        case Relation.SHARED if names.telling:
            sum_.add(1.0, SHARED_NAME)
        case Relation.SHARED:
            sum_.add(-2.0, OTHER_NAME)
        case Relation.OTHER:
            sum_.add(-3.0, OTHER_NAME)


def _add_contact(sum_: Evidence, one: Profile, other: Profile) -> None:
    """Numbers, addresses and domains: one company's say the same again and again, so they count up to a bound."""
    numbers = one.phones & other.phones
    mail = found.shared_mail(one, other)
    domains = one.domains & other.domains
    left = _MOST_CONTACT
    may_be_near = bool(one.reach & other.reach)
    if mail:
        sum_.add(_MAIL, found.same_mail(mail))
        left -= _MAIL
    elif domains:
        sum_.add(_DOMAIN, found.same_domain(min(domains)))
        left -= _DOMAIN
    elif one.domains and other.domains and not numbers:
        near = may_be_near and found.sites_of_one_name(one, other)
        sum_.add(*((_DOMAIN_STEM, found.NEAR_DOMAINS) if near else (-2.5, found.OTHER_DOMAINS)))
    if numbers:
        sum_.add(min(_PHONE, left), found.same_phone(min(numbers)))
    elif one.phones and other.phones:
        near = may_be_near and found.one_switchboard(one, other)
        sum_.add(*((min(_SWITCHBOARD, left), found.SWITCHBOARD) if near else (-0.5, None)))
