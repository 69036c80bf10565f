"""How alike two companies or two people are, and why."""

from app.services.twins import companies, people
from app.services.twins.facts import Facts, Likeness, Profile, profile

__all__ = ["POSSIBLE", "SURE", "Facts", "Likeness", "alike", "compare"]

#: From here on two are worth being shown to somebody; from there on they are one but for a great accident.
POSSIBLE, SURE = 0.6, 0.9

_UNLIKE = Likeness(0.0)


def alike(one: Facts, other: Facts) -> Likeness:
    """How sure it is that the two are one company or one person; a company is no person."""
    return compare(profile(one), profile(other))


def compare(one: Profile, other: Profile) -> Likeness:
    """`alike` for facts that were made ready before."""
    if one.company is not None and other.company is not None:
        return companies.weigh(one, other, one.company, other.company).likeness()
    if one.person is not None and other.person is not None:
        return people.weigh(one, other, one.person, other.person).likeness()
    return _UNLIKE
