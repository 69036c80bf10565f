"""What a new store begins with, and whose steps are recorded in an open one.

Every command comes through here, so what only a new store needs is imported there.
"""

from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.roles import Role

if TYPE_CHECKING:
    from app.models.store import Store


def seed(store: "Store") -> None:
    """Give an empty store the usual stages, sources and reasons in the language in use; nobody undoes that."""
    from app.services import catalogue, stages

    with store.write(Text("New store")) as session:
        stages.seed(session)
        catalogue.seed(session)
    store.close_undo_horizon()


def choose_actor(store: "Store", *names: str | None) -> int | None:
    """Record steps as those of the member with this name or these initials, else of the first; returns the id.

    Of several names the first one counts that somebody bears. None where the store has no members yet.
    """
    with store.read() as connection:  # the catalogue counts the leads of each, which takes a while
        members = connection.execute(text(_MEMBERS)).all()
    named = [
        member for wanted in map(sort_key, filter(None, names)) for member in members
        if wanted in (sort_key(member.name), sort_key(member.initials))
    ]  # fmt: skip
    store.actor_id = next((member.id for member in (*named, *members)), None)
    return store.actor_id


def name_with_password(store: "Store") -> str | None:
    """What the actor is called, if he or she has to show a password first."""
    with store.read() as connection:
        name: str | None = connection.execute(text(_WITH_PASSWORD), {"actor": store.actor_id}).scalar()
    return name


def several(store: "Store") -> bool:
    """Whether more than one person works with the store."""
    with store.read() as connection:
        return connection.execute(text(_ANOTHER)).first() is not None


def settle_country(store: "Store") -> int:
    """Give a store that was made without a country the one it is read as; returns how many of its telephone numbers
    are compared otherwise from then on. Raises StorageError where it cannot be written.
    """
    from app.services.reach import key_of

    country = store.facts.country
    if not store.tended:
        return 0
    with store.read() as connection:
        if connection.execute(text(_COUNTRY)).scalar() == country:
            return 0
    with store.maintenance() as connection:
        rows = connection.execute(text(_BARE_NUMBERS)).all()
        keys = [{"row": row.id, "key": key} for row in rows if (key := key_of("phone", row.value, country)) != row.key]
        if keys:
            connection.execute(text("UPDATE contact_point SET key = :key WHERE id = :row"), keys)
        connection.execute(
            text("UPDATE store_setting SET value = :country WHERE key = 'country'"), {"country": country}
        )
    if keys:
        store.close_undo_horizon()  # it would find other keys than it left
    return len(keys)


_WITH_PASSWORD = """
SELECT name FROM member WHERE id = :actor AND EXISTS (SELECT 1 FROM password WHERE password.user_id = member.id)
"""
_COUNTRY = "SELECT value FROM store_setting WHERE key = 'country'"
_BARE_NUMBERS = "SELECT id, value, key FROM contact_point WHERE kind = 'phone' AND key NOT LIKE '+%'"
_ANOTHER = "SELECT 1 FROM member WHERE deleted_at IS NULL LIMIT 1 OFFSET 1"
_MEMBERS = "SELECT id, name, initials FROM member WHERE deleted_at IS NULL ORDER BY id"


def add_member(store: "Store", name: str, role: Role | None = None) -> int:
    """Make a person of the agency, or find the one of this name, and record steps as theirs; returns the id.

    A new one gets this `role`; the first of a store is an owner in any case. Raises InvalidInput for an empty name,
    NotAllowed.
    """
    from app.services.catalogue import Catalogue
    from app.services.team import Team

    wanted = sort_key(name)
    if not wanted:
        raise InvalidInput(Text("Please enter a name."), field="name")
    persons = Catalogue(store)
    present = next((member.id for member in persons.all("member") if sort_key(member.name) == wanted), None)
    if present is None:
        present = Team(store).add(name, role or Role.FULL)
    store.actor_id = present
    return store.actor_id
