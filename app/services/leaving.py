"""When somebody leaves the team: what was his or hers stays, but nobody counts on him or her any more."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.core.calendar import day_number
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.roles import Act
from app.services import passwords

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store


def check_leaving(store: "Store", member_id: int) -> None:
    """Raises NotAllowed if the actor may not let people go, InvalidInput if it would be the actor."""
    store.rights.demand(Act.ROLES)
    if member_id == store.actor_id:
        raise InvalidInput(
            Text("You cannot delete yourself."),
            Text("Another owner can do that, or you work under another name first."),
        )


def let_go(session: "Session", store: "Store", member_id: int) -> None:
    """Within the write that deletes somebody: nobody has him or her as deputy from now on, and the password goes.

    Leads, steps and goals stay his or hers until they are given to others. An undo brings all of it back but the
    password.
    """
    from app.models.schema import Absence, User

    for member in session.scalars(select(User).where(User.deputy_id == member_id)):
        member.deputy_id = None
    coming = Absence.last_on >= day_number(store.today())
    for absence in session.scalars(select(Absence).where(Absence.deputy_id == member_id, coming)):
        absence.deputy_id = None
    passwords.remove_within(session, member_id)
