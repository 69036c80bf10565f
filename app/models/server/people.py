"""Who may sign in at the server, as which member of the team; done with an administrator's connection.

Whoever is shut out keeps the history of what he or she did: the login ends, the member stays.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.roles import Role
from app.models.server.failures import answered
from app.models.server.link import MOVING, informed
from app.models.server.words import SCHEMA, Row, literal, quoted, run
from app.models.types import new_uid

if TYPE_CHECKING:
    from psycopg import Connection

_LONGEST = 63
_LEAST = 8
#: Of the key with which the replicas of somebody are encrypted.
SECRET_BYTES = 32


def add_member(admin: "Connection[Row]", name: str, initials: str, role: Role) -> int:
    """A further person of the team, who cannot sign in yet; returns the id."""
    with answered(), admin.transaction():
        as_owner(admin)
        row = run(
            admin,
            f"INSERT INTO {SCHEMA}.member (id, uid, name, initials, sort_key, created_at, notice_time, notice_together,"
            f" role, email) SELECT last + 1, %s, %s, %s, %s, now(), 540, true, %s, '' FROM {SCHEMA}.last_key"
            " WHERE table_name = 'member' RETURNING id",
            [new_uid(), name, initials, sort_key(name), str(role)],
        ).fetchone()
    assert row is not None
    number: int = row[0]
    return number


def add_login(admin: "Connection[Row]", user: str, password: str, member_id: int) -> None:
    """Let a member sign in under this name. Raises InvalidInput where that is taken, NotFound without the member."""
    name = _usable(user)
    with answered(), admin.transaction():
        if run(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", [user]).fetchone():
            raise InvalidInput(Text("The server knows somebody of this name already."), field="user")
        told = informed(admin)
        if MOVING in told:
            raise InvalidInput(
                Text("A move to this server was begun and is not complete, so nobody can sign in yet."),
                Text("Repeat it, or remove what is there: trichter server move-in --discard."),
            )
        group = told["people"]
        run(admin, f"CREATE ROLE {name} LOGIN PASSWORD {literal(_hashed(admin, user, password))}")
        run(admin, f"GRANT {quoted(group)} TO {name}")
        as_owner(admin)
        if not run(admin, f"SELECT 1 FROM {SCHEMA}.member WHERE id = %s", [member_id]).fetchone():
            raise NotFound(Text("This person is not in the team."))
        if run(admin, f"SELECT 1 FROM {SCHEMA}.login WHERE member_id = %s", [member_id]).fetchone():
            raise InvalidInput(Text("This person has a user name already."), field="user")
        made = [user, member_id, secrets.token_bytes(SECRET_BYTES)]
        run(admin, f"INSERT INTO {SCHEMA}.login (role_name, member_id, secret) VALUES (%s, %s, %s)", made)


def disable(admin: "Connection[Row]", user: str) -> None:
    """Nobody signs in under this name any more; who is signed in is out at once. Raises NotFound."""
    with answered():
        look_up(admin, user)
        run(admin, f"ALTER ROLE {quoted(user)} NOLOGIN")
    with suppress(NotAllowed), answered():  # not every administrator may; nothing is seen by then in any case
        run(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [user])


def enable(admin: "Connection[Row]", user: str) -> None:
    """Let somebody sign in again. Raises NotFound."""
    with answered():
        look_up(admin, user)
        run(admin, f"ALTER ROLE {quoted(user)} LOGIN")


def set_password(admin: "Connection[Row]", user: str, password: str) -> None:
    """Also with one's own connection, for oneself. Raises InvalidInput for one that is too short, NotAllowed."""
    with answered():
        run(admin, f"ALTER ROLE {quoted(user)} PASSWORD {literal(_hashed(admin, user, password))}")


def set_role(admin: "Connection[Row]", user: str, role: Role) -> None:
    """What somebody may see and do. Raises NotFound."""
    with answered(), admin.transaction():
        member = look_up(admin, user)
        as_owner(admin)
        run(admin, f"UPDATE {SCHEMA}.member SET role = %s WHERE id = %s", [str(role), member])


@dataclass(frozen=True)
class Listed:
    """Somebody of the team; `user` is the name under which he or she signs in, None where there is none."""

    member_id: int
    name: str
    initials: str
    role: Role
    user: str | None
    may_sign_in: bool


def roster(admin: "Connection[Row]") -> list[Listed]:
    """Everybody of the team, by name."""
    with answered(), admin.transaction():
        as_owner(admin)
        rows = run(admin, _ROSTER).fetchall()
    return [Listed(row[0], row[1], row[2], Role(row[3]), row[4], bool(row[5])) for row in rows]


def is_taken(admin: "Connection[Row]", user: str) -> bool:
    """Whether the server knows a role of this name. Raises InvalidInput for what cannot be one."""
    _usable(user)
    with answered():
        return run(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", [user]).fetchone() is not None


_ROSTER = f"""
SELECT member.id, name, initials, role, rolname, rolcanlogin FROM {SCHEMA}.member
LEFT JOIN {SCHEMA}.login ON member_id = member.id LEFT JOIN pg_roles ON rolname = role_name
WHERE deleted_at IS NULL ORDER BY sort_key, member.id
"""


def logins(admin: "Connection[Row]") -> list[tuple[str, int, bool]]:
    """All user names, with the member and whether one can sign in."""
    with answered(), admin.transaction():
        as_owner(admin)
        rows = run(
            admin,
            f"SELECT role_name, member_id, rolcanlogin FROM {SCHEMA}.login JOIN pg_roles ON rolname = role_name"
            " ORDER BY role_name",
        ).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def as_owner(admin: "Connection[Row]") -> None:
    """Until the transaction ends be the role that the tables belong to. Raises NotAllowed for who may not."""
    run(admin, f"SET LOCAL ROLE {quoted(informed(admin)['tables'])}")


def look_up(admin: "Connection[Row]", user: str) -> int:
    """Which member signs in under this name. Raises NotFound."""
    with answered(), admin.transaction():
        as_owner(admin)
        row = run(admin, f"SELECT member_id FROM {SCHEMA}.login WHERE role_name = %s", [user]).fetchone()
        run(admin, "RESET ROLE")
    if row is None:
        raise NotFound(Text("The team's server knows nobody of the name “{user}”.", user=user))
    member: int = row[0]
    return member


def _usable(user: str) -> str:
    if not user.strip() or user != user.strip() or len(user.encode()) > _LONGEST or user.startswith("pg_"):
        raise InvalidInput(Text("“{user}” cannot be a user name on the server.", user=user[:_LONGEST]), field="user")
    if not user.isprintable():
        raise InvalidInput(Text("“{user}” cannot be a user name on the server.", user=ascii(user)), field="user")
    return quoted(user)


def check_password(password: str) -> None:
    """Raises InvalidInput for what is too short for one."""
    if len(password) < _LEAST or "\0" in password:
        raise InvalidInput(Text("The password needs {n} characters at least.", n=_LEAST), field="password")


def _hashed(connection: "Connection[Row]", user: str, password: str) -> str:
    """As the server keeps it: what stands in the statement may come into its log."""
    check_password(password)
    made = connection.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256")
    return made.decode()
