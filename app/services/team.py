"""The people of the agency: what they may do, who stands in for whom, when they are away and when they work.

Name, initials and leaving are in the catalogue with the other lists. What somebody may not do is measured where it is
written (`app.models.permission`); here it is said before, where the reason is plain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from app.core.calendar import day_number
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.core.roles import ROLE_LABELS, Act, Role
from app.services import absences, passwords
from app.services.absences import AbsenceKind, Away, Week
from app.services.catalogue import checked_name, named

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Absence, User
    from app.models.store import Store

__all__ = ["AbsenceKind", "Away", "Colleague", "Team", "Week"]

_LONGEST_MAIL = 200


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here. `away` is the absence of today; `leads` are counted where that was asked for."""

    id: int
    name: str
    initials: str
    role: Role
    email: str
    photo_id: int | None
    deputy_id: int | None
    has_password: bool
    away: Away | None
    leads: int


class Team:
    """Reads and changes what is known of the people of the agency."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # --- people ---------------------------------------------------------------------------------------------------

    def people(self, counted: bool = False) -> list[Colleague]:
        """Everybody who works here, by name; with how many leads each is responsible for, if that is asked for."""
        return self._read("TRUE", "ORDER BY sort_key, id", counted)

    def one(self, member_id: int) -> Colleague:
        """Somebody who works here, without the leads. Raises NotFound."""
        found = self._read("member.id = :member", "", counted=False, member=member_id)
        if not found:
            raise _gone()
        return found[0]

    def _read(self, which: str, order: str, counted: bool, **values: int) -> list[Colleague]:
        leads = _LEADS if counted else "0"
        statement = text(f"SELECT {leads} AS leads, {_COLUMNS} AND {which} {order}")
        with self._store.read() as connection:
            rows = connection.execute(statement, values).all()
            today = connection.execute(text(_TODAY), {"day": day_number(self._store.today())}).all()
        gone = {row.user_id: absences.away(row) for row in today}
        return [
            Colleague(
                row.id, row.name, row.initials, Role(row.role), row.email, row.photo_id, row.deputy_id,
                bool(row.has_password), gone.get(row.id), row.leads,
            )
            for row in rows
        ]  # fmt: skip

    def add(self, name: str, role: Role = Role.FULL) -> int:
        """Somebody new; returns the id. The first one becomes an owner whatever is said.

        Raises InvalidInput for an empty name or one that is there already, NotAllowed.
        """
        rights = self._store.rights
        rights.demand(Act.ROLES if role is Role.OWNER else Act.PEOPLE)
        name = checked_name("member", name)
        with self._store.write(Text("“{name}” created", name=name)) as session:
            known = _live(session)
            member = named(session, "member", name, self._store.clock.now())
            if member.id in known:
                raise InvalidInput(Text("There already is an entry “{name}”.", name=name), field="name")
            if known:
                member.role = role
            session.flush()
            return int(member.id)

    def set_role(self, member_id: int, role: Role) -> None:
        """Say what somebody may do. Raises NotFound, NotAllowed, and InvalidInput if no owner would remain."""
        self._store.rights.demand(Act.ROLES)
        label = Text("“{name}” is now: {role}", name=self._name(member_id), role=Text(ROLE_LABELS[role]))
        with self._store.write(label) as session:
            _member(session, member_id).role = role

    def set_email(self, member_id: int, address: str) -> None:
        """Under which address somebody is written to; '' for none. Raises InvalidInput, NotFound, NotAllowed."""
        from app.services.own_values import MAIL

        address = one_line(address)
        if len(address) > _LONGEST_MAIL:
            raise InvalidInput(Text("This e-mail address is too long."), field="email")
        if address and not MAIL.fullmatch(address):
            raise InvalidInput(Text("“{text}” is not an e-mail address.", text=address[:60]), field="email")
        label = Text("E-mail of “{name}” changed", name=self._name(member_id))
        with self._store.write(label, personal=True) as session:
            _member(session, member_id).email = address

    def set_deputy(self, member_id: int, deputy_id: int | None) -> None:
        """Who stands in for somebody during absences that name nobody else; None for nobody.

        Raises InvalidInput for oneself and for somebody who is gone, NotFound, NotAllowed.
        """
        label = Text("Deputy of “{name}” changed", name=self._name(member_id))
        with self._store.write(label, personal=True) as session:
            member = _member(session, member_id)
            member.deputy_id = _deputy(session, member_id, deputy_id)

    def set_photo(self, member_id: int, data: bytes | None) -> None:
        """Give somebody this picture as photo, or none. Raises InvalidInput for what is none or too large, NotFound."""
        from app.services.contents import draft, put
        from app.services.photos import checked

        found, now = None if data is None else draft(checked(data)), self._store.clock.now()
        name = self._name(member_id)
        changed, removed = Text("Photo of “{name}” changed", name=name), Text("Photo of “{name}” removed", name=name)
        label = removed if data is None else changed
        with self._store.write(label, personal=True) as session:
            member = _member(session, member_id)
            member.photo_id = None if found is None else put(session.connection(), found, now)

    def photo(self, member_id: int) -> bytes | None:
        """The bytes of somebody's photo; None where there is none. Raises NotFound, Damaged."""
        from app.services.contents import bytes_of

        content = self.one(member_id).photo_id
        return None if content is None else bytes_of(self._store, content)

    # --- passwords ------------------------------------------------------------------------------------------------

    def set_password(self, member_id: int, new: str | None, current: str | None = None) -> None:
        """Give somebody a password, or none. It is no step that could be undone, and in no history.

        For oneself the `current` one is needed where there is one; that of others an owner replaces without.
        Raises InvalidInput naming the field (password, current), NotFound, NotAllowed.
        """
        own = member_id == self._store.actor_id
        if not own:
            self._store.rights.demand(Act.ROLES)
        if self._store.shared:
            raise InvalidInput(
                Text("Who works with a team's server signs in there, with a password of the server."),
                Text("It is changed by: trichter server user password."),
                field="password",
            )
        there = self.one(member_id).has_password
        if own and there and not passwords.matches(self._store, member_id, current or ""):
            raise InvalidInput(Text("This is not your current password."), field="current")
        if new is None:
            passwords.remove(self._store, member_id)
        else:
            passwords.put(self._store, member_id, new)

    def is_password(self, member_id: int, password: str) -> bool:
        """Whether this is somebody's password; False where there is none."""
        return passwords.matches(self._store, member_id, password)

    # --- absences -------------------------------------------------------------------------------------------------

    def absences(self, member_id: int) -> list[Away]:
        """When somebody is, was and will be away, the latest first. Raises NotFound."""
        self.one(member_id)
        with self._store.read() as connection:
            rows = connection.execute(text(_ABSENCES), {"member": member_id}).all()
        return [absences.away(row) for row in rows]

    def add_absence(
        self, member_id: int, first: date, last: date, kind: AbsenceKind, half: bool = False,
        deputy_id: int | None = None,
    ) -> int:  # fmt: skip
        """Somebody is away from one day to another; returns the id.

        Raises InvalidInput naming the field (first, last, deputy_id), NotFound, NotAllowed.
        """
        from app.models.schema import Absence

        label = Text("“{name}” is away from {first} to {last}", name=self._name(member_id), first=first, last=last)
        absences.checked_span(first, last)
        with self._store.write(label, personal=True) as session:
            _member(session, member_id)
            absence = Absence(user_id=member_id)
            _put(session, absence, first, last, kind, half, deputy_id)
            session.add(absence)
            session.flush()
            return absence.id

    def change_absence(
        self, absence_id: int, first: date, last: date, kind: AbsenceKind, half: bool = False,
        deputy_id: int | None = None,
    ) -> None:  # fmt: skip
        """Change all of an absence. Raises as `add_absence`."""
        absences.checked_span(first, last)
        label = Text("Absence of “{name}” changed", name=self._name_by(_OF_ABSENCE, absence_id))
        with self._store.write(label, personal=True) as session:
            absence = _absence(session, absence_id)
            with session.no_autoflush:
                _put(session, absence, first, last, kind, half, deputy_id)

    def remove_absence(self, absence_id: int) -> None:
        """Somebody is not away after all. Raises NotFound, NotAllowed."""
        label = Text("Absence of “{name}” removed", name=self._name_by(_OF_ABSENCE, absence_id))
        with self._store.write(label, personal=True) as session:
            session.delete(_absence(session, absence_id))

    # --- working hours --------------------------------------------------------------------------------------------

    def weeks(self, member_id: int) -> list[Week]:
        """The working hours of somebody as they changed, the latest first. Raises NotFound."""
        self.one(member_id)
        with self._store.read() as connection:
            rows = connection.execute(text(_WEEKS), {"member": member_id}).all()
        return [absences.week(row) for row in rows]

    def set_week(self, member_id: int, valid_from: date, minutes: Sequence[int]) -> int:
        """From a day on somebody works so many minutes from Monday to Sunday; returns the id.

        Those that hold from the same day on are replaced. Raises InvalidInput (valid_from, minutes), NotFound,
        NotAllowed.
        """
        from app.models.schema import WorkingWeek

        self._store.rights.demand(Act.PEOPLE)
        begin = absences.checked_begin(valid_from)
        label = Text("Working hours of “{name}” from {day} on", name=self._name(member_id), day=valid_from)
        with self._store.write(label) as session:
            _member(session, member_id)
            found = session.scalar(select(WorkingWeek).filter_by(user_id=member_id, valid_from=begin))
            row = found or WorkingWeek(user_id=member_id, valid_from=begin)
            absences.put_minutes(row, minutes)
            session.add(row)
            session.flush()
            return row.id

    def remove_week(self, week_id: int) -> None:
        """The working hours before hold on. Raises NotFound, NotAllowed."""
        from app.models.schema import WorkingWeek

        self._store.rights.demand(Act.PEOPLE)
        label = Text("Working hours of “{name}” removed", name=self._name_by(_OF_WEEK, week_id))
        with self._store.write(label) as session:
            row = session.get(WorkingWeek, week_id)
            if row is None:
                raise NotFound(Text("These working hours have been removed in the meantime."))
            session.delete(row)

    def _name(self, member_id: int) -> str:
        return self._name_by("SELECT name FROM member WHERE id = :id", member_id)

    def _name_by(self, statement: str, number: int) -> str:
        with self._store.read() as connection:
            return connection.execute(text(statement), {"id": number}).scalar() or ""


def _put(
    session: "Session", absence: "Absence", first: date, last: date, kind: AbsenceKind, half: bool,
    deputy_id: int | None,
) -> None:  # fmt: skip
    absence.first_on, absence.last_on = absences.checked_span(first, last)
    absence.kind, absence.half = AbsenceKind(kind), half
    absence.deputy_id = _deputy(session, absence.user_id, deputy_id)
    absences.refuse_overlap(session, absence)


def _deputy(session: "Session", member_id: int, deputy_id: int | None) -> int | None:
    from app.models.schema import User

    if deputy_id is None:
        return None
    if deputy_id == member_id:
        raise InvalidInput(Text("Nobody can be his or her own deputy."), field="deputy_id")
    deputy = session.get(User, deputy_id)
    if deputy is None or deputy.deleted_at is not None:
        raise InvalidInput(Text("The deputy has been deleted in the meantime."), field="deputy_id")
    return deputy_id


def _live(session: "Session") -> set[int]:
    from app.models.schema import User

    return set(session.scalars(select(User.id).where(User.deleted_at.is_(None))))


def _member(session: "Session", member_id: int) -> "User":
    from app.models.schema import User

    member = session.get(User, member_id)
    if member is None or member.deleted_at is not None:
        raise _gone()
    return member


def _absence(session: "Session", absence_id: int) -> "Absence":
    from app.models.schema import Absence

    absence = session.get(Absence, absence_id)
    if absence is None:
        raise NotFound(Text("This absence has been removed in the meantime."))
    return absence


def _gone() -> NotFound:
    return NotFound(Text("This person has been deleted in the meantime."), field="user_id")


_COLUMNS = """
member.id, member.name, member.initials, member.role, member.email, member.photo_id, member.deputy_id,
EXISTS (SELECT 1 FROM password WHERE password.user_id = member.id) AS has_password
FROM member WHERE member.deleted_at IS NULL
"""
_LEADS = "(SELECT count(*) FROM lead WHERE lead.user_id = member.id)"
_TODAY = "SELECT * FROM absence WHERE :day BETWEEN first_on AND last_on ORDER BY first_on, id"
_ABSENCES = "SELECT * FROM absence WHERE user_id = :member ORDER BY first_on DESC, id DESC"
_WEEKS = "SELECT * FROM working_week WHERE user_id = :member ORDER BY valid_from DESC, id DESC"
_OF_ABSENCE = "SELECT name FROM member WHERE id = (SELECT user_id FROM absence WHERE id = :id)"
_OF_WEEK = "SELECT name FROM member WHERE id = (SELECT user_id FROM working_week WHERE id = :id)"
