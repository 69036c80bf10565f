"""The demo's agency as a team: roles, deputies, addresses, working hours, and one who is away next week."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.roles import Role
from app.core.terms import AbsenceKind
from app.services.team import Team

if TYPE_CHECKING:
    from app.models.store import Store

Entry = Mapping[str, Any]
Members = Mapping[str, int]


def begin(store: "Store", table: Entry, members: Members, today: date) -> None:
    """Addresses, deputies, and the hours since somebody came; those of later days are counted back from `today`."""
    team = Team(store)
    for letters, entry in table["team"].items():
        if letters not in members:
            continue
        member = members[letters]
        team.set_email(member, entry["email"])
        if entry.get("deputy") in members:
            team.set_deputy(member, members[entry["deputy"]])
        for ago, hours in entry["weeks"]:
            team.set_week(member, today - timedelta(days=ago), [round(each * 60) for each in hours])


def settle(store: "Store", table: Entry, members: Members, today: date) -> None:
    """Who may do what in the end, and who is away next week: before, all of them did their work."""
    team = Team(store)
    monday = today + timedelta(days=7 - today.weekday())
    for letters, entry in table["team"].items():
        if letters not in members:
            continue
        if (role := Role(entry["role"])) is not team.one(members[letters]).role:
            team.set_role(members[letters], role)
        if "holiday" in entry:
            first, last = (monday + timedelta(days=day) for day in entry["holiday"])
            team.add_absence(members[letters], first, last, AbsenceKind.HOLIDAY, False, members.get(entry["meanwhile"]))


def owner_of(store: "Store") -> int:
    """Who decides in a store that has members."""
    with store.read() as connection:
        return int(connection.execute(text(_OWNER)).scalar_one())


_OWNER = "SELECT id FROM member WHERE deleted_at IS NULL ORDER BY role <> 'owner', id LIMIT 1"
