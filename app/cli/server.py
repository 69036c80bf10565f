"""What whoever looks after a team's server does there: make it, let people in and shut them out."""

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.connecting import administering
from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.server_moves import move_in, move_out
from app.cli.signing import asked
from app.cli.tables import pairs, table
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.roles import ROLE_LABELS, Role

if TYPE_CHECKING:
    from app.services.team_server import Address, Listed, TeamServer

Options = argparse.Namespace


def server(options: Options, desk: Desk) -> int:
    """Do what was asked for."""
    ways = {
        "init": _init,
        "user": _user,
        "upgrade": _upgrade,
        "restored": _restored,
        "move-in": move_in,
        "move-out": move_out,
    }
    return ways[options.way](options, desk)


def _init(options: Options, desk: Desk) -> int:
    user = None if options.name is None else _login(options, options.name)
    with administering(options) as there:
        there.found(**desk.facts, user=user)
        print(tr("The database “{name}” holds a team now.", name=there.address.database))
        if user is None:
            print(tr("Next: “server user add” for its first person, or “server move-in” for data that are there."))
            return 0
        _let_in(options, desk, there, user)
    return 0


def _upgrade(options: Options, _desk: Desk) -> int:
    with administering(options) as there:
        done = there.upgrade()
    if done:
        print(tr("The team's server is of this version now. Everybody needs this version of the program from now on."))
    else:
        print(tr("The team's server is of this version already."))
    return 0


def _restored(options: Options, _desk: Desk) -> int:
    with administering(options) as there:
        there.restored()
    print(tr("Everybody fetches the team's data anew at the next start."))
    return 0


def _user(options: Options, desk: Desk) -> int:
    ways = {
        "add": _add, "list": _list, "disable": _disable, "enable": _enable, "role": _role, "password": _password,
    }  # fmt: skip
    with administering(options) as there:
        return ways[options.verb](options, desk, there)


def _add(options: Options, desk: Desk, there: "TeamServer") -> int:
    if (options.name is None) == (options.member is None):
        raise InvalidInput(
            Text("Please say a name, or with --member who of the team it is."), Text("Nothing was changed.")
        )
    name = there.find(options.member).name if options.name is None else options.name
    _let_in(options, desk, there, _login(options, name))
    return 0


def _login(options: Options, name: str) -> str:
    """The user name that was given, else one made of the name. Raises InvalidInput where that cannot be."""
    from app.services.team_server import user_name

    if options.login is not None:
        given: str = options.login
        return given
    made = user_name(name)
    if not made:
        raise InvalidInput(Text("No user name can be made of this name."), Text("Please give one with --user."))
    return made


def _let_in(options: Options, desk: Desk, there: "TeamServer", user: str) -> None:
    password, made_up = _new_password(user)
    if getattr(options, "member", None) is not None:
        new = there.admit(options.member, user, password, options.role)
    else:
        new = there.add(options.name, user, password, getattr(options, "role", None), desk.clock)
    told = [
        (tr("Name"), new.name), (tr("Team role"), tr(ROLE_LABELS[new.role])), (tr("User name"), user),
        *([(tr("Password"), tr("{password} (shown this once)", password=password))] if made_up else []),
        (tr("Address"), _written(there.address, user)),
    ]  # fmt: skip
    print(pairs(told))


def _written(address: "Address", user: str) -> str:
    """What this person gives as TRICHTER_DATABASE."""
    from urllib.parse import quote

    port = "" if address.port == 5432 else f":{address.port}"
    tls = "" if address.tls == "verify-full" else f"?sslmode={address.tls}"
    return f"postgresql://{quote(user, safe='')}@{address.host}{port}/{quote(address.database, safe='')}{tls}"


def _new_password(user: str) -> tuple[str, bool]:
    """What is typed for somebody, else one that is made up; and whether it was."""
    from app.services.team_server import made_up_password

    typed = asked(tr("New password of {name} (nothing for one that is made up)", name=user))
    if not typed:
        return made_up_password(), True
    if asked(tr("Once more")) != typed:
        raise InvalidInput(Text("Both times something else was typed."), Text("Nothing was changed."))
    return typed, False


def _list(options: Options, _desk: Desk, there: "TeamServer") -> int:
    people = there.people()
    if options.json:
        print_json({"count": len(people), "users": [_answer(each) for each in people]})
        return 0
    heads = (tr("Name"), tr("Initials"), tr("Team role"), tr("User name"), tr("Signs in"))
    rows = [
        (each.name, each.initials, tr(ROLE_LABELS[each.role]), each.user or "", tr("yes") if each.may_sign_in else "–")
        for each in people
    ]
    print(table(heads, rows, longest=63) if rows else tr("Nobody works here yet."))
    return 0


def _answer(each: "Listed") -> dict[str, Any]:
    return {
        "id": each.member_id, "name": each.name, "initials": each.initials, "role": str(each.role),
        "user": each.user, "enabled": each.may_sign_in,
    }  # fmt: skip


def _disable(options: Options, _desk: Desk, there: "TeamServer") -> int:
    there.disable(options.login)
    print(tr("“{user}” can sign in no more; what he or she did stays.", user=options.login))
    return 0


def _enable(options: Options, _desk: Desk, there: "TeamServer") -> int:
    there.enable(options.login)
    print(tr("“{user}” can sign in again.", user=options.login))
    return 0


def _role(options: Options, _desk: Desk, there: "TeamServer") -> int:
    role: Role = options.role
    there.set_role(options.login, role)
    print(tr("{name}: {role}", name=options.login, role=tr(ROLE_LABELS[role])))
    return 0


def _password(options: Options, _desk: Desk, there: "TeamServer") -> int:
    password, made_up = _new_password(options.login)
    there.set_password(options.login, password)
    print(tr("The password of {name} is set.", name=options.login))
    if made_up:
        print(tr("{password} (shown this once)", password=password))
    return 0
