"""What has to come of it when somebody does something to somebody's record: the rules, as the agency was told them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What comes of it."""

    HOLDS = "it is done"
    NOT_ALLOWED = "it is said that this is not allowed"
    NOT_THERE = "it is said that there is no such thing"
    LEFT_ALONE = "nothing is done, as to something that is not there"
    AS_GONE = "the bulk edit says that there is no such thing"


class Whose(Enum):
    """Whose a record is, for the one who does something to it."""

    OWN = "one's own"
    DEPUTISED = "of somebody one stands in for"
    OTHERS = "somebody else's"
    UNASSIGNED = "nobody's"


HOLDS, NOT_ALLOWED, NOT_THERE = Verdict.HOLDS, Verdict.NOT_ALLOWED, Verdict.NOT_THERE
OWN, DEPUTISED, OTHERS, UNASSIGNED = Whose
OWNER, FULL, LIMITED, READER = "owner", "full", "limited", "reader"
_Said = Verdict | Mapping[Whose, Verdict]


@dataclass(frozen=True)
class Rule:
    """What holds for people of each role, alike for all records or by whose they are."""

    words: str
    limited: _Said
    reader: _Said = NOT_ALLOWED
    full: _Said = HOLDS
    owner: _Said = HOLDS

    def says(self, role: str, whose: Whose) -> Verdict:
        """What comes of doing it."""
        said: _Said = {OWNER: self.owner, FULL: self.full, LIMITED: self.limited, READER: self.reader}[role]
        return said if isinstance(said, Verdict) else said[whose]

    def says_back(self, role: str, whose: Whose) -> Verdict:
        """What comes of taking back, or bringing again, what one did while one decided about everything.

        That nothing is there is never said of it: one has done it oneself.
        """
        return HOLDS if self.says(role, whose) is HOLDS else NOT_ALLOWED


def _seen(seen: Verdict, unseen: Verdict) -> dict[Whose, Verdict]:
    return {OWN: seen, DEPUTISED: seen, OTHERS: unseen, UNASSIGNED: unseen}


_HIMSELF = {OWN: HOLDS, DEPUTISED: NOT_ALLOWED, OTHERS: NOT_ALLOWED, UNASSIGNED: NOT_ALLOWED}

WORK = Rule("Work on it: who sees only some records works on these, others are not there.", _seen(HOLDS, NOT_THERE))
BULK = Rule("Work on many: the same; the whole says which one is gone.", _seen(HOLDS, Verdict.AS_GONE))
UNTIE = Rule("Untie what one does not see: it is not there, nothing happens.", _seen(HOLDS, Verdict.LEFT_ALONE))
TIE = Rule("Tie somebody to a customer that is known by its name alone: not allowed.", _seen(HOLDS, NOT_ALLOWED))
GIVE = Rule("Give it to others: only with full access.", _seen(NOT_ALLOWED, NOT_THERE))
MAKE = Rule("Make it for somebody: without full access for oneself alone.", _HIMSELF)
MAKE_IT = Rule(
    "Make a customer: whoever sees only some is responsible where nobody is named.", _HIMSELF | {UNASSIGNED: HOLDS}
)
ANYBODY = Rule("Open to everybody but readers.", HOLDS)
LISTS = Rule("Change what all work with: only with full access.", NOT_ALLOWED)
CUSTOMERS = Rule("Read in, or make one of two: only with full access.", NOT_ALLOWED)
ERASE = Rule("Delete for good: only with full access.", NOT_ALLOWED)
PEOPLE = Rule("What is known of people: only with full access.", NOT_ALLOWED)
ROLES = Rule("Who works here as what: only owners.", NOT_ALLOWED, full=NOT_ALLOWED)
PROFILE = Rule("How one is reached and reminded, who stands in: everybody for himself.", _HIMSELF, _HIMSELF)
HABITS = Rule("How one looks at things: everybody as he likes.", HOLDS, HOLDS)
AWAY = Rule(
    "Absences: everybody's own; a limited one sees, beside them, those of whom he stands in for.",
    {OWN: HOLDS, DEPUTISED: NOT_ALLOWED, OTHERS: NOT_THERE, UNASSIGNED: NOT_THERE},
    _HIMSELF,
)
_PRIVATE = _seen(NOT_THERE, NOT_THERE) | {OWN: HOLDS}
PRIVATE = Rule("Views that nobody else sees: everybody's own.", _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE)
