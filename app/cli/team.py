"""Who works here, as what, who stands in for whom, and who is away."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.people import member_named
from app.cli.signing import asked
from app.cli.tables import table
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text, tr
from app.core.roles import ROLE_LABELS

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.team import Colleague, Team

Options = argparse.Namespace


def team(options: Options, desk: Desk) -> int:
    """List them, or change what was asked for."""
    ways = {None: _list, "role": _role, "deputy": _deputy, "away": _away, "password": _password}
    return ways[options.way](options, desk)


def _list(options: Options, desk: Desk) -> int:
    from app.services.team import Team

    with desk.reading() as store:
        people = Team(store).people()
    names = {each.id: each.name for each in people}
    if options.json:
        print_json({"count": len(people), "team": [_answer(each, names) for each in people]})
        return 0
    heads = (tr("Name"), tr("Initials"), tr("Team role"), tr("Deputy"), tr("Away until"))
    rows = [
        (each.name, each.initials, tr(ROLE_LABELS[each.role]), names.get(each.deputy_id or 0, ""),
         desk.formats.day(each.away.last) if each.away else "")
        for each in people
    ]  # fmt: skip
    print(table(heads, rows) if rows else tr("Nobody works here yet."))
    return 0


def _answer(each: "Colleague", names: dict[int, str]) -> dict[str, Any]:
    away = each.away
    return {
        "id": each.id,
        "name": each.name,
        "initials": each.initials,
        "role": str(each.role),
        "email": each.email or None,
        "deputy": names.get(each.deputy_id or 0),
        "away": None if away is None else {
            "from": away.first.isoformat(), "until": away.last.isoformat(), "kind": str(away.kind), "half": away.half,
            "deputy": names.get(away.deputy_id or 0),
        },
    }  # fmt: skip


def _role(options: Options, desk: Desk) -> int:
    with _changing(desk) as (store, people):
        member = _member(store, options.name)
        people.set_role(member, options.role)
        name = people.one(member).name
    print(tr("{name}: {role}", name=name, role=tr(ROLE_LABELS[options.role])))
    return 0


def _deputy(options: Options, desk: Desk) -> int:
    with _changing(desk) as (store, people):
        member = _member(store, options.name)
        deputy = None if options.deputy is None else _member(store, options.deputy)
        people.set_deputy(member, deputy)
        name, other = people.one(member).name, None if deputy is None else people.one(deputy).name
    if other is None:
        print(tr("Nobody stands in for {name}.", name=name))
    else:
        print(tr("{deputy} stands in for {name}.", deputy=other, name=name))
    return 0


def _away(options: Options, desk: Desk) -> int:
    with _changing(desk) as (store, people):
        member = _member(store, options.name)
        deputy = None if options.deputy is None else _member(store, options.deputy)
        people.add_absence(member, options.first, options.last, options.kind, options.half, deputy)
        name = people.one(member).name
    day = desk.formats.day
    print(tr("{name} is away from {first} to {last}.", name=name, first=day(options.first), last=day(options.last)))
    return 0


def _password(options: Options, desk: Desk) -> int:
    with _changing(desk) as (store, people):
        member = _member(store, options.name)
        name = people.one(member).name
        new = asked(tr("New password of {name} (nothing for none)", name=name))
        if new is None:
            raise InvalidInput(Text("A new password is typed at a terminal."))
        if new and asked(tr("Once more")) != new:
            raise InvalidInput(Text("Both times something else was typed."), Text("Nothing was changed."))
        people.set_password(member, new or None, desk.sign_in.typed)
    print(tr("The password of {name} is set.", name=name) if new else tr("{name} has no password.", name=name))
    return 0


@contextmanager
def _changing(desk: Desk) -> "Iterator[tuple[Store, Team]]":
    """The team of a store that is there, for somebody who is in it."""
    from app.services.team import Team

    if not desk.exists(desk.folder):
        raise NotFound(Text("There are no data in “{path}” yet.", path=str(desk.folder)))
    with desk.writing() as store:
        if (name := desk.newcomer(store)) is not None:
            raise NotFound(Text("There is nobody called “{name}”.", name=name))
        yield store, Team(store)


def _member(store: "Store", name: str) -> int:
    found = member_named(store, name)
    if found is None:
        raise NotFound(Text("There is nobody called “{name}”.", name=name))
    return found
