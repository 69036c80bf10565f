"""Which dates a member wants to be reminded of, at what time of day, and whether in one or singly."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.roles import Act
from app.core.terms import Entity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import User
    from app.models.store import Store

_DAY = 24 * 60


@dataclass(frozen=True)
class NoticeField:
    """A date that can remind. `wanted`: of every record, of none, or (None) of those one is responsible for.

    `name` is empty for the birthdays of people.
    """

    id: int
    entity: Entity
    name: str
    days: int
    yearly: bool
    wanted: bool | None = None

    @property
    def is_birthday(self) -> bool:
        """Whether it stands for the birthdays of people."""
        return not self.name


@dataclass(frozen=True)
class NoticeChoice:
    """What a member chose: `time` is minutes after midnight, `together` one window for all dates of a day."""

    time: int
    together: bool
    fields: tuple[NoticeField, ...]


class NoticeChoices:
    """Reads and changes what members chose."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, user_id: int) -> NoticeChoice:
        """What a member chose. Raises NotFound."""
        with self._store.read() as connection:
            member = connection.execute(text(_MEMBER), {"user": user_id}).first()
            rows = connection.execute(text(_FIELDS), {"user": user_id}).all()
        if member is None:
            raise _gone()
        fields = (
            NoticeField(
                row.id, Entity(row.entity), row.name, row.notify_days, bool(row.yearly),
                None if row.wanted is None else bool(row.wanted),
            )
            for row in rows
        )  # fmt: skip
        return NoticeChoice(member.notice_time, bool(member.notice_together), tuple(fields))

    def set_time(self, user_id: int, minutes: int) -> None:
        """Remind a member of dates at this time of day. Raises InvalidInput, NotFound, NotAllowed."""
        self._demand(user_id)
        if not 0 <= minutes < _DAY:
            raise InvalidInput(Text("A time lies between 0:00 and 23:59."), field="notice_time")
        with self._store.write(Text("Time of day for reminders of dates changed"), personal=True) as session:
            _member(session, user_id).notice_time = minutes

    def set_together(self, user_id: int, together: bool) -> None:
        """Show a member the dates of a day in one window, or each in its own. Raises NotFound, NotAllowed."""
        self._demand(user_id)
        with self._store.write(Text("Reminders of dates changed"), personal=True) as session:
            _member(session, user_id).notice_together = together

    def choose(self, user_id: int, field_id: int, wanted: bool | None) -> None:
        """Remind a member of the dates in a field of every record, of none, or (None) as it is for everybody.

        Raises NotFound, NotAllowed, InvalidInput for a field that reminds of nothing.
        """
        from app.models.schema import Field, FieldNotice

        self._demand(user_id)
        with self._store.write(Text("Reminders of dates changed"), personal=True) as session:
            _member(session, user_id)
            field = session.get(Field, field_id)
            if field is None or field.deleted_at is not None:
                raise NotFound(Text("This field has been deleted in the meantime."))
            if not field.notify:
                raise InvalidInput(Text("This field reminds of nothing."), field="wanted")
            row = session.query(FieldNotice).filter_by(field_id=field_id, user_id=user_id).first()
            if wanted is None:
                if row is not None:
                    session.delete(row)
            elif row is None:
                session.add(FieldNotice(field_id=field_id, user_id=user_id, wanted=wanted))
            else:
                row.wanted = wanted

    def _demand(self, user_id: int) -> None:
        if user_id != self._store.actor_id:
            self._store.rights.demand(Act.PEOPLE)


def _member(session: "Session", user_id: int) -> "User":
    from app.models.schema import User

    member = session.get(User, user_id)
    if member is None or member.deleted_at is not None:
        raise _gone()
    return member


def _gone() -> NotFound:
    return NotFound(Text("This person has been deleted in the meantime."), field="user_id")


_MEMBER = "SELECT notice_time, notice_together FROM member WHERE id = :user AND deleted_at IS NULL"
_FIELDS = """
SELECT field.id, field.entity, field.name, field.notify_days, field.yearly, field_notice.wanted
FROM field LEFT JOIN field_notice ON field_notice.field_id = field.id AND field_notice.user_id = :user
WHERE field.notify AND field.kind IN ('day', 'birthday') AND field.deleted_at IS NULL
ORDER BY field.kind = 'birthday', field.entity, field.position, field.id
"""
