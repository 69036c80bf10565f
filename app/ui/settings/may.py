"""What the person at work may change of whom in the team, said before it is tried."""

from dataclasses import dataclass

from app.core.i18n import tr
from app.core.roles import Act, Rights


@dataclass(frozen=True)
class May:
    """Each is why something cannot be changed, in a sentence; "" where it can."""

    rights: Rights

    @property
    def people(self) -> str:
        """Names, initials and working hours of anybody, and who else belongs to the team."""
        return self._reason(Act.PEOPLE)

    @property
    def roles(self) -> str:
        """What somebody may do, and letting somebody go."""
        return self._reason(Act.ROLES)

    def own(self, member: int) -> str:
        """What everybody says of him- or herself: picture, e-mail, deputy, absences."""
        return "" if self.is_me(member) else self.people

    def password(self, member: int) -> str:
        """By what somebody shows that it is him or her."""
        return "" if self.is_me(member) else self.roles

    def is_me(self, member: int) -> bool:
        """Whether it is the person at work."""
        return member == self.rights.member

    def told(self) -> str:
        """What is to be read on top of the page; "" for who may do everything there."""
        act = next((act for act in (Act.PEOPLE, Act.ROLES) if not self.rights.may(act)), None)
        words = "" if act is None else self._reason(act)
        if act is not Act.PEOPLE:
            return words
        return f"{words} " + tr("What concerns you alone you can change here and under “My profile”.")

    def _reason(self, act: Act) -> str:
        reason = self.rights.reason(act)
        return "" if reason is None else str(reason)
