"""How alike two companies or two people are, and why."""

from app.services.twins import companies, people
from app.services.twins.evidence import NO_LEAST, Evidence
from app.services.twins.facts import Facts, Likeness, Profile, profile

__all__ = ["POSSIBLE", "SURE", "Facts", "Likeness", "alike", "compare"]

#: From here on two are worth being shown to somebody; from there on they are one but for a great accident.
POSSIBLE, SURE = 0.6, 0.9

_UNLIKE = Likeness(0.0)


def alike(one: Facts, other: Facts) -> Likeness:
    """How sure it is that the two are one company or one person; a company is no person."""
    return compare(profile(one), profile(other))


def compare(one: Profile, other: Profile, least: float = NO_LEAST) -> Likeness:
    """`alike` for facts that were made ready before; a score of 0 without reasons for less than `least` (in bits)."""
    found: Evidence | None = None
    if one.company is not None and other.company is not None:
        found = companies.weigh(one, other, one.company, other.company, least)
    elif one.person is not None and other.person is not None:
        found = people.weigh(one, other, one.person, other.person, least)
    return found.likeness() if found is not None and found.bits >= least else _UNLIKE
