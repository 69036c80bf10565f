"""The one entry: `trichter`, `python -m app` and `packaging/dev.py run` all come here."""

import gc
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app import bootstrap
from app.bootstrap import Options, Surroundings
from app.cli.early import early, write_utf8
from app.core.display import has_display
from app.core.entry import CHILD
from app.core.errors import TrichterError
from app.core.settings import DAY_REMINDER, minutes_of

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from app.cli.desk import Desk
    from app.models.store import Store


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names, or the window; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if list(arguments[:1]) == [CHILD]:
        from app.services.child_tasks import main as be_child

        return be_child()
    gc.disable()  # nothing of what a start imports is garbage; looking through it takes a tenth of the time
    write_utf8()
    known = early(arguments)
    around = bootstrap.surroundings(Options(data=known.data, language=known.language, hidden=known.hidden))
    if known.alone and has_display():
        return bootstrap.run_window(around)
    return _run(arguments, around)


def _run(arguments: Sequence[str], around: Surroundings) -> int:
    """The same where more is asked for than the window, or there is no display for it."""
    from app.cli import parser
    from app.cli.run import guarded, run

    options = parser.parse(arguments)
    chosen = Options(options.data, options.user, options.today, options.language, options.hidden)
    around = replace(around, options=chosen)
    if options.command is not None:
        return run(options, lambda: desk_of(around, options))
    if has_display():
        return _window(around, options)

    def overview() -> int:
        from app.cli.overview import show_overview

        return show_overview(desk_of(around, options))

    return guarded(overview)


def _window(around: Surroundings, options: "Namespace") -> int:
    """The window, with the team that the environment names if it names one."""
    from app.cli.membership import membership
    from app.cli.run import refused

    try:
        mine = membership(options)
        if mine is not None:
            around = bootstrap.at_team(around, mine)
    except TrichterError as error:
        return refused(error)
    return bootstrap.run_window(around)


def desk_of(around: Surroundings, options: "Namespace") -> "Desk":
    """What the commands need of the surroundings. Raises InvalidInput where those name a server that can be none."""
    from app.cli.desk import Desk
    from app.cli.membership import fetching, membership

    team, own = membership(options), around.folder
    if team is not None:
        own = team.folder(own)
        around = replace(around, folder=own, options=replace(around.options, user=None), team=team, tell=fetching(own))

    def opened(folder: "Path") -> "Store":
        mine = around if folder == own else replace(around, folder=folder, team=None)
        return bootstrap.open_store(mine, "cli")

    return Desk(
        folder=around.folder,
        backup_folder=around.backup_folder,
        formats=around.formats,
        clock=around.clock,
        user=around.options.user,
        exists=lambda folder: team is not None or bootstrap.has_store(replace(around, folder=folder)),
        open=opened,
        team=team,
        facts=around.facts,
        day_at=minutes_of(around.settings[DAY_REMINDER]),
    )


if __name__ == "__main__":
    sys.exit(main())
