"""A team's server in the hands of whoever looks after it: it is founded, and people are let in and shut out.

All of it is done with an administrator's connection. Whoever works with the team signs in as him- or herself.
"""

import re
import secrets
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import N_, Text
from app.core.initials import initials
from app.core.paths import is_network_drive
from app.core.roles import Role
from app.models.place import store_file
from app.models.server import people
from app.models.server.addressing import Address, Tls, address_of, folder_name, is_open_to_others
from app.models.server.comparing import Compared, Differs
from app.models.server.founding import begin_copies_anew, found
from app.models.server.link import Link, connected
from app.models.server.moving import Tell, discard, move_in
from app.models.server.moving_out import move_out as fetch_all
from app.models.server.people import Listed
from app.models.server.probing import PasswordWanted
from app.models.server.replica import make_replica, open_replica
from app.models.server.upgrading import upgrade
from app.services import setup
from app.services.catalogue import checked_name
from app.services.lock import StoreLock

if TYPE_CHECKING:
    from app.core.clock import Clock

__all__ = [
    "COMPARED_LABELS", "Address", "Compared", "Differs", "Listed", "PasswordWanted", "TeamServer", "Tls", "address_of",
    "folder_name", "is_open_to_others", "made_up_password", "move_out", "user_name",
]  # fmt: skip

_NO_LIMITS = {"options": "-c TimeZone=UTC -c search_path=pg_catalog -c lock_timeout=60000"}
#: What is compared after a move.
COMPARED_LABELS = {
    "leads": N_("Leads"), "amounts": N_("Sum of all amounts (cents)"), "weights": N_("Sum of all probabilities"),
    "companies": N_("Companies"), "people": N_("People"), "members": N_("Team"), "notes": N_("Notes"),
    "files": N_("Files"), "bytes": N_("Bytes of all files"), "steps": N_("Steps in the history"),
    "changes": N_("Changes in the history"), "newest": N_("Newest step"), "rows": N_("All rows"),
}  # fmt: skip

#: Without letters and figures that are taken for others.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class TeamServer:
    """A connection to the database that holds a team, or is to hold one. To be closed, or used in a `with`.

    Making it raises Unreachable, NotAllowed, or PasswordWanted where the server asks for a password and there is none.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._admin = connected(address, **_NO_LIMITS)

    def close(self) -> None:
        """Give the connection back."""
        self._admin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def found(self, *, base_currency: str, country: str, time_zone: str, user: str | None = None) -> None:
        """Make the tables of a team, with nobody in it. Raises InvalidInput where there is one, or `user` is taken."""
        if user is not None:
            self._refuse_taken(user)
        found(self._admin, base_currency=base_currency, country=country, time_zone=time_zone)

    def people(self) -> list[Listed]:
        """Everybody of the team, by name. Raises NotFound where there is none."""
        return people.roster(self._admin)

    def add(self, name: str, user: str, password: str, role: Role | None, clock: "Clock") -> Listed:
        """Take somebody in who can sign in as `user`; the first one is an owner, for whom the usual stages are made.

        Raises InvalidInput for names and passwords that can be none, and for somebody who is there already.
        """
        name, there = checked_name("member", name), self.people()
        if any(sort_key(name) == sort_key(each.name) for each in there):
            raise InvalidInput(
                Text("“{name}” is in the team already.", name=name),
                Text("Give him or her a user name with --member instead."),
                field="name",
            )
        if not there and role not in (None, Role.OWNER):
            raise InvalidInput(Text("The first one of a team is an owner."), field="role")
        self._refuse_taken(user)
        people.check_password(password)
        given = role or (Role.FULL if there else Role.OWNER)
        member = people.add_member(self._admin, name, initials(name, [each.initials for each in there]), given)
        people.add_login(self._admin, user, password, member)
        if not there:
            _furnish(replace(self.address, user=user, password=password), clock)
        return self._listed(member)

    def admit(self, name: str, user: str, password: str, role: Role | None) -> Listed:
        """Let somebody who is in the team sign in as `user`, also with another role than until now.

        `name` is the name or the initials. Raises NotFound, InvalidInput.
        """
        there = self.find(name)
        people.add_login(self._admin, user, password, there.member_id)
        if role is not None:
            self.set_role(user, role)
        return self._listed(there.member_id)

    def find(self, name: str) -> Listed:
        """Who of the team has this name or these initials. Raises NotFound."""
        wanted = sort_key(name)
        for each in self.people() if wanted else ():
            if wanted in (sort_key(each.name), sort_key(each.initials)):
                return each
        raise NotFound(Text("There is nobody called “{name}”.", name=name))

    def disable(self, user: str) -> None:
        """Shut somebody out, at once. The person and what he or she did stay. Raises NotFound."""
        people.disable(self._admin, user)

    def enable(self, user: str) -> None:
        """Let somebody in again. Raises NotFound."""
        people.enable(self._admin, user)

    def set_role(self, user: str, role: Role) -> None:
        """Say what somebody may see and do. Raises NotFound, and InvalidInput if no owner would remain."""
        owners = [each for each in self.people() if each.role is Role.OWNER]
        if role is not Role.OWNER and [each.user for each in owners] == [user]:
            raise InvalidInput(
                Text("Somebody has to remain an owner, who decides what the others may do."), field="role"
            )
        people.set_role(self._admin, user, role)

    def set_password(self, user: str, password: str) -> None:
        """Give somebody another password; for oneself also with one's own connection. Raises NotFound, InvalidInput."""
        people.check_password(password)
        if user != self.address.user:
            people.look_up(self._admin, user)
        people.set_password(self._admin, user, password)

    def move_in(self, folder: Path, clock: "Clock", tell: Tell = lambda done, total: None) -> list[Compared]:
        """Copy the store of a data folder to this team, which is empty; returns what was compared. It stays as it is.

        `tell(done, total)` hears how far it is, and may raise Cancelled: then all is as it was. Raises Locked while a
        window has the folder open, InvalidInput where there is anything in the team, Differs, or another StorageError.
        """
        with StoreLock(folder, clock):
            return move_in(self._admin, store_file(folder), tell)

    def upgrade(self) -> bool:
        """Bring the team's server to the version of this program; whether there was anything to do.

        Raises NewerStore for a newer one, StorageError for one that cannot be brought forward, NotAllowed, Locked.
        """
        return bool(upgrade(self._admin))

    def restored(self) -> None:
        """A backup was brought back: everybody fetches anew, whatever was seen since. Raises NotFound, NotAllowed."""
        begin_copies_anew(self._admin)

    def discard(self) -> bool:
        """Remove what a move left that was cut; whether there was any."""
        return discard(self._admin)

    def _refuse_taken(self, user: str) -> None:
        if people.is_taken(self._admin, user):
            raise InvalidInput(Text("The server knows somebody of this name already."), field="user")

    def _listed(self, member: int) -> Listed:
        return next(each for each in self.people() if each.member_id == member)


def _furnish(owner: Address, clock: "Clock") -> None:
    """What a team begins with, in the language in use; written as the owner who is the first one in it."""
    with tempfile.TemporaryDirectory(prefix="trichter-") as place:
        make_replica(Path(place), owner, clock=clock)
        with closing(open_replica(Path(place), owner, origin="cli", clock=clock)) as store:
            setup.seed(store)


def move_out(address: Address, folder: Path, clock: "Clock", tell: Tell = lambda done, total: None) -> list[Compared]:
    """Copy all that a team has to a new store in this folder, as an owner of it; returns what was compared.

    Raises InvalidInput where there is a store, NotAllowed for who is no owner, PasswordWanted, Differs, Unreachable or
    another StorageError; then there is nothing.
    """
    link = Link(address)
    try:
        return fetch_all(link, folder, clock=clock, local=not is_network_drive(folder), tell=tell)
    finally:
        link.drop()


def user_name(name: str) -> str:
    """A name to sign in with for a person of this name: anna.kern; '' where none can be made of it."""
    return ".".join(re.findall(r"[a-z0-9]+", sort_key(name)))[:40]


def made_up_password() -> str:
    """One that nobody guesses and everybody can type."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
