"""Moves: from a device to the server of a team, and back."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.cli.connecting import address_in, administering, typed_password, with_password
from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.tables import table
from app.core.errors import NotFound
from app.core.i18n import Text, tr
from app.core.roles import Act

if TYPE_CHECKING:
    from app.services.team_server import Compared

Options = argparse.Namespace
Tell = Callable[[int, int], None]


def move_in(options: Options, desk: Desk) -> int:
    """Copy the data of the folder to an empty team, or remove what a move left that was cut."""
    if options.discard:
        with administering(options) as there:
            removed = there.discard()
        print(tr("What a move had left is removed.") if removed else tr("There is nothing that a move has left."))
        return 0
    _look_whether_allowed(desk)
    with administering(options) as there:
        code = _compared(options, lambda: there.move_in(desk.folder, desk.clock, _progress()))
    if code == 0 and not options.json:
        print()
        print(
            tr(
                "The data in {folder} stay as they are; from now on work with those of the team.",
                folder=str(desk.folder),
            )
        )
        print(tr("Next: “server user add --member NAME” for everybody who is to sign in."))
    return code


def _look_whether_allowed(desk: Desk) -> None:
    """Who takes all data elsewhere decides who sees them there."""
    if not desk.exists(desk.folder):
        raise NotFound(Text("There are no data in “{path}” yet.", path=str(desk.folder)))
    with desk.writing() as store:
        if (name := desk.newcomer(store)) is not None:
            raise NotFound(Text("There is nobody called “{name}”.", name=name))
        store.rights.demand(Act.ROLES)


def move_out(options: Options, desk: Desk) -> int:
    """Copy all of a team to a new folder."""
    from app.services.team_server import PasswordWanted, move_out

    address = with_password(address_in(options))

    def move() -> "list[Compared]":
        try:
            return move_out(address, options.folder, desk.clock, _progress())
        except PasswordWanted as error:
            typed = replace(address, password=typed_password(address, error))
        return move_out(typed, options.folder, desk.clock, _progress())

    code = _compared(options, move)
    if code == 0 and not options.json:
        print()
        print(
            tr(
                "The data of the team are in {folder}; those on the server stay as they are.",
                folder=str(options.folder),
            )
        )
    return code


def _compared(options: Options, move: "Callable[[], list[Compared]]") -> int:
    """What was compared after a move; exit code 1 where the sides are not alike."""
    from app.services.team_server import Differs

    try:
        lines: Sequence[Compared] = move()
    except Differs as error:
        _show(options, error.lines)
        print(error, file=sys.stderr)
        return 1
    _show(options, lines)
    return 0


def _show(options: Options, lines: "Sequence[Compared]") -> None:
    from app.services.team_server import COMPARED_LABELS

    if options.json:
        told: list[dict[str, Any]] = [{"what": each.what, "here": each.here, "server": each.there} for each in lines]
        print_json({"ok": all(each.alike for each in lines), "compared": told})
        return
    rows = [
        (tr(COMPARED_LABELS.get(each.what, each.what)), each.here, each.there, "" if each.alike else tr("differs"))
        for each in lines
    ]
    print(table((tr("Compared"), tr("On this device"), tr("On the server"), ""), rows, right=(1, 2)))


def _progress() -> Tell:
    """Tells at a terminal how far it is."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(total, 1)
        if percent != shown and sys.stderr.isatty():
            shown = percent
            print(f"\r{percent} %", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return tell
