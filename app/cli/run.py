"""Carries a command out: its answer on standard output, or one sentence on standard error."""

import argparse
import os
import sys
from collections.abc import Callable

from app.cli.desk import Desk
from app.core.errors import TrichterError
from app.core.i18n import tr

WELL, FAILED, INTERRUPTED = 0, 1, 130

Command = Callable[[argparse.Namespace, Desk], int]


def _commands() -> dict[str, Command]:
    from app.cli import (  # the window, which is not to wait for them, needs only what stands below
        adding,
        cards,
        commands,
        customers,
        numbers,
        reminders,
        server,
        team,
    )

    return {
        "list": numbers.list_leads,
        "companies": customers.companies,
        "people": customers.people,
        "add": adding.add,
        "forecast": numbers.forecast,
        "funnel": numbers.funnel,
        "reminders": reminders.reminders,
        "team": team.team,
        "import": commands.import_file,
        "export": commands.export,
        "cards": cards.cards,
        "backup": commands.backup,
        "restore": commands.restore,
        "check": commands.check,
        "demo": commands.demo,
        "sheet": commands.sheet,
        "server": server.server,
    }


def run(options: argparse.Namespace, made: Callable[[], Desk]) -> int:
    """Do what was asked for at the desk that `made` gives; returns the exit code."""

    def work() -> int:
        desk = made()
        desk.check_folder()
        return _commands()[options.command](options, desk)

    return guarded(work)


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`; what went wrong is said in one sentence. A reader that went away is no error."""
    if not _has_output():
        print(tr("There is no output that the answer could be written to."), file=sys.stderr)
        return FAILED
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except TrichterError as error:
        return refused(error)
    except BrokenPipeError:
        _drop_output()
        return WELL
    except OSError as error:  # the disk that standard output goes to, or a file that no service looked after
        from app.models.failures import storage_error

        known = storage_error(error)
        if known is None:
            raise
        _drop_output()
        print(known, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def refused(error: TrichterError) -> int:
    """Say why on standard error; returns the exit code for that."""
    print(error, file=sys.stderr)
    return FAILED


def _has_output() -> bool:
    """Whether there is somewhere to write to. A program without a console has nowhere on Windows, and works for all
    that; elsewhere somebody has closed it.
    """
    return sys.stdout is not None or os.name == "nt"


def _drop_output() -> None:
    """What is left in the buffer would make Python complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
