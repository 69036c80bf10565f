"""Who may do what: the roles of the agency's people, and the sentences that say what somebody may not do.

What somebody sees is laid over the tables by `app.models.visibility`, what is written is measured by
`app.models.permission`; both ask `Rights`, and so do the window and the command line before anybody tries.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import NotAllowed
from app.core.i18n import N_, Text


class Role(StrEnum):
    """What somebody is in the agency's data; the value of `member.role`."""

    OWNER = "owner"
    FULL = "full"
    LIMITED = "limited"
    READER = "reader"


ROLE_LABELS = {
    Role.OWNER: N_("Owner"),
    Role.FULL: N_("Full access"),
    Role.LIMITED: N_("Limited"),
    Role.READER: N_("Read only"),
}

#: What each role means, in a sentence.
ROLE_TEXTS = {
    Role.OWNER: N_("Sees and changes everything, and decides who may do what."),
    Role.FULL: N_("Sees and changes everything but what others may do."),
    Role.LIMITED: N_(
        "Sees only the leads assigned to him or her, and makes new ones only for him- or herself. Of other customers "
        "only the names are seen; one that is put on such a lead, or to work for a company of these, is seen whole."
    ),
    Role.READER: N_("Sees everything and changes nothing."),
}


class Act(StrEnum):
    """Something that not everybody may do."""

    CHANGE = "change"
    """Change anything that others see."""
    NOTE = "note"
    """Write something down, and say what is to be done next; also while the team's server is away."""
    ASSIGN = "assign"
    """Make leads for others, or give leads to others; say who is responsible for a customer that is there."""
    LISTS = "lists"
    """Change what all work with: stages, reasons, sources, own fields, goals, currencies, shared views."""
    PEOPLE = "people"
    """Change what is known of other people of the agency: names, working hours, absences."""
    ROLES = "roles"
    """Say what others may do, and let somebody go."""
    ERASE = "erase"
    """Delete for good what is in the trash."""
    MERGE = "merge"
    """Make one customer of two."""
    IMPORT = "import"
    """Read in whole files of leads and customers."""
    BACKUP = "backup"
    """Copy all data to another place, or go back to such a copy."""


_ALLOWED = {
    Role.OWNER: frozenset(Act),
    Role.FULL: frozenset(Act) - {Act.ROLES},
    Role.LIMITED: frozenset({Act.CHANGE, Act.NOTE}),
    Role.READER: frozenset[Act](),
}
_REASONS = {
    Act.CHANGE: Text("You may look at everything, but change nothing."),
    Act.NOTE: Text("You may look at everything, but change nothing."),
    Act.ASSIGN: Text("Only people with full access can give leads and customers to others."),
    Act.LISTS: Text("Only people with full access can change what all work with."),
    Act.PEOPLE: Text("Only people with full access can change what is known of others in the team."),
    Act.ROLES: Text("Only an owner can say what others may do, and let somebody go."),
    Act.ERASE: Text("Only people with full access can delete for good."),
    Act.MERGE: Text("Only people with full access can merge customers."),
    Act.IMPORT: Text("Only people with full access can import files."),
    Act.BACKUP: Text("Only people with full access can copy or restore all data."),
}
#: Why somebody who sees only some leads may not change a record, although all are open to him that are his.
NOT_YOURS = Text("This does not belong to a lead that is assigned to you.")
_HINT = Text("An owner can change that in the settings under “Team”.")


@dataclass(frozen=True)
class Rights:
    """What a person may see and do right now.

    `member` is None where nobody is known yet. `whose` are those whose leads are seen: oneself, and whom one stands in
    for today; None for everybody's.
    """

    member: int | None
    role: Role
    whose: frozenset[int] | None = None

    def may(self, act: Act) -> bool:
        """Whether it is allowed."""
        return act in _ALLOWED[self.role]

    def reason(self, act: Act) -> Text | None:
        """Why it is not allowed, in a sentence; None if it is."""
        if self.may(act):
            return None
        return _REASONS[Act.CHANGE] if self.role is Role.READER else _REASONS[act]

    def demand(self, act: Act, field: str | None = None) -> None:
        """Raises NotAllowed, with the reason, unless it is allowed; `field` names where that was wanted."""
        reason = self.reason(act)
        if reason is not None:
            raise refused(reason, field)

    @property
    def sees_all(self) -> bool:
        """Whether everybody's leads are seen."""
        return self.whose is None

    @property
    def sight(self) -> object:
        """What decides about what is seen, to be compared: who reads with another one is not shown what was kept."""
        return None if self.whose is None else (self.member, self.whose)

    def sees(self, member: int | None) -> bool:
        """Whether the leads of this person are seen (None: leads of nobody)."""
        return self.whose is None or member in self.whose


def refused(reason: Text, field: str | None = None) -> NotAllowed:
    """The error that says why something is not allowed, and who can change that."""
    return NotAllowed(reason, _HINT, field)


#: Where there is nobody yet, or nothing of anybody's is at stake.
EVERYTHING = Rights(None, Role.OWNER)
