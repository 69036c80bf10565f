"""Whether two people are one."""

from dataclasses import dataclass
from enum import Enum

from app.core.i18n import Text
from app.services.twins import evidence as found
from app.services.twins.companies import same_company
from app.services.twins.evidence import NO_LEAST, Evidence
from app.services.twins.facts import Profile
from app.services.twins.mails import is_role
from app.services.twins.names import PersonName
from app.services.twins.phones import is_mobile
from app.services.twins.places import Nearness
from app.services.twins.spelling import skeleton, word_likeness

SAME_NAME, NEAR_NAME = Text("same name"), Text("nearly the same name")
SAME_FIRST, OTHER_FIRST = Text("same first name, other last name"), Text("different first names")
OTHER_NAME, JUNIOR = Text("different names"), Text("one is junior, the other senior")
SAME_COMPANY, OTHER_COMPANY = Text("same company"), Text("different companies")

_PLACE = {
    Nearness.SAME_CODE: (1.5, found.SAME_POSTCODE),
    Nearness.SAME_TOWN: (1.0, found.SAME_PLACE),
    Nearness.UNKNOWN: (0.0, None),
    Nearness.NEAR: (-0.5, None),
    Nearness.ELSEWHERE: (-3.0, found.OTHER_PLACE),
}
_TELLING, _COMMON, _UNLIKENESS = 7.0, 5.0, 20.0
_MAIL, _OFFICE_MAIL, _MOBILE, _FIXED = 7.5, 1.5, 7.0, 3.0
#: That colleagues have the same switchboard says little more than that they are colleagues.
_SAID_BY_COMPANY = 0.5
#: All that a company or place in common adds.
_MOST_WITHOUT_CONTACT = 3.0
_LONG_ENOUGH = 6


class Relation(Enum):
    """How two first names or two last names stand to each other."""

    SAME = 1
    PART = 2
    NEAR = 3
    INITIAL = 4
    MISSING = 5
    OTHER = 6


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two sets of first or last names stand to each other, and how near those are that are near."""

    relation: Relation
    value: float = 1.0


_FIRST_TAKES = {
    Relation.SAME: 0.0,
    Relation.PART: 0.5,
    Relation.NEAR: 1.0,
    Relation.INITIAL: 2.5,
    Relation.MISSING: 3.5,
}
#: What a double name costs of which only one half is said.
_HALF_TAKES = 2.0


def weigh(
    one: Profile, other: Profile, mine: PersonName, theirs: PersonName, least: float = NO_LEAST
) -> Evidence | None:
    """All that speaks for and against two people being one; None if that is sure to be less than `least` in all."""
    sum_ = Evidence()
    _add_name(sum_, mine, theirs)
    if not one.reach & other.reach and sum_.bits + _MOST_WITHOUT_CONTACT < least:
        return None
    colleagues = _companies(one, other)
    _add_contact(sum_, one, other, colleagues=bool(colleagues))
    if colleagues is not None:
        sum_.add(*((3.0, SAME_COMPANY) if colleagues else (-5.0, OTHER_COMPANY)))
    elif not one.mails & other.mails and one.domains & other.domains:
        sum_.add(2.0, found.same_domain(min(one.domains & other.domains)))
    if not colleagues:
        sum_.add(*_PLACE[found.place(one, other)])
    return sum_


def firsts_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Comparison:
    """First names: people use one of theirs or all, or its first letter only."""
    if not mine or not theirs:
        return Comparison(Relation.MISSING)
    if set(mine) == set(theirs) or "".join(mine) == "".join(theirs):
        return Comparison(Relation.SAME)
    if any(len(name) > 1 and name in theirs for name in mine):
        return Comparison(Relation.PART)
    if any(_slip(one, other) for one in mine for other in theirs):
        return Comparison(Relation.NEAR)
    initials = {name for name in (*mine, *theirs) if len(name) == 1}
    if initials and mine[0][0] == theirs[0][0]:
        return Comparison(Relation.INITIAL)
    return Comparison(Relation.OTHER)


def _slip(one: str, other: str) -> bool:
    """Whether one first name is the other in another spelling: Stephan and Stefan, but not Christian and Christina."""
    if skeleton(one) == skeleton(other):
        return len(one) > 1
    if (one[-1] in "aei") != (other[-1] in "aei") or min(len(one), len(other)) < _LONG_ENOUGH:
        return False
    return word_likeness(one, other) > 0


def lasts_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Comparison:
    """Last names: of a double one either half may be left off."""
    if not mine or not theirs:
        return Comparison(Relation.MISSING)
    if set(mine) == set(theirs) or "".join(mine) == "".join(theirs):
        return Comparison(Relation.SAME)
    if not set(mine).isdisjoint(theirs):
        return Comparison(Relation.PART)
    best = word_likeness("".join(mine), "".join(theirs))
    if best:
        return Comparison(Relation.NEAR, best)
    best = max(word_likeness(one, other) for one in mine for other in theirs)
    return Comparison(Relation.PART, best) if best else Comparison(Relation.OTHER)


def _add_name(sum_: Evidence, mine: PersonName, theirs: PersonName) -> None:
    if not mine.key or not theirs.key:
        return
    if mine.age and theirs.age and mine.age != theirs.age:
        sum_.add(-6.0, JUNIOR)
    full = _TELLING if mine.telling and theirs.telling else _COMMON
    if mine.key == theirs.key:
        turned = 0.0 if mine.lasts == theirs.lasts else 0.5
        missing = 0.0 if mine.firsts else _FIRST_TAKES[Relation.MISSING]
        sum_.add(full - turned - missing, SAME_NAME)
        return
    first, last = firsts_alike(mine.firsts, theirs.firsts), lasts_alike(mine.lasts, theirs.lasts)
    if last.relation is Relation.OTHER and (_two_lasts(mine, theirs) or _two_lasts(theirs, mine)):
        sum_.add(full - _HALF_TAKES, NEAR_NAME)
    elif last.relation is Relation.OTHER and (_only_first(mine, theirs) or _only_first(theirs, mine)):
        sum_.add(full - _FIRST_TAKES[Relation.MISSING], NEAR_NAME)
    elif last.relation is Relation.OTHER:
        known = first.relation in (Relation.SAME, Relation.PART, Relation.NEAR)
        sum_.add(*((-2.0, SAME_FIRST) if known else (-10.0, OTHER_NAME)))
    elif first.relation is Relation.OTHER:
        sum_.add(-12.0, OTHER_FIRST)
    else:
        halves = _HALF_TAKES if last.relation is Relation.PART else 0.0
        taken = _FIRST_TAKES[first.relation] + halves + (1 - last.value) * _UNLIKENESS
        sum_.add(full - taken, NEAR_NAME)


def _only_first(one: PersonName, other: PersonName) -> bool:
    """Whether all that is known of the one is a first name of the other."""
    return not one.firsts and bool(other.firsts) and set(one.lasts) <= set(other.firsts)


def _two_lasts(one: PersonName, other: PersonName) -> bool:
    """Whether the one has the other's first and last name and another last name behind: Jutta Reuter Tannenbaum."""
    return len(one.firsts) > 1 and one.firsts[1:] == other.lasts and one.firsts[:1] == other.firsts


def _add_contact(sum_: Evidence, one: Profile, other: Profile, *, colleagues: bool) -> None:
    """An own address or mobile number is one person's; an office's and a switchboard's are everybody's there."""
    office, fixed = (_SAID_BY_COMPANY,) * 2 if colleagues else (_OFFICE_MAIL, _FIXED)
    mail = found.shared_mail(one, other)
    if mail:
        sum_.add(office if is_role(mail) else _MAIL, found.same_mail(mail))
    numbers = one.phones & other.phones
    if numbers:
        number = min(numbers, key=lambda number: (not is_mobile(number), number))
        sum_.add(_MOBILE if is_mobile(number) else fixed, found.same_phone(number))


def _companies(one: Profile, other: Profile) -> bool | None:
    """Whether they work for one company; None if that is not known of both."""
    if not one.companies or not other.companies:
        return None
    if not one.domains.isdisjoint(other.domains):
        return True
    answers = {same_company(mine, theirs) for mine in one.companies for theirs in other.companies}
    return True if True in answers else None if None in answers else False
