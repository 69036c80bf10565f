"""The one entry: `trichter`, `python -m app` and `packaging/dev.py run` all come here."""

import argparse
import gc
import sys
from collections.abc import Sequence
from dataclasses import replace

from app import bootstrap
from app.bootstrap import Options, Surroundings
from app.cli import parser
from app.cli.desk import Desk
from app.cli.run import guarded, run, write_utf8
from app.core.display import has_display


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names, or the window; returns the exit code."""
    gc.disable()  # nothing of what a start imports is garbage; looking through it takes a tenth of the time
    arguments = sys.argv[1:] if argv is None else argv
    write_utf8()
    known = parser.early(arguments)
    around = bootstrap.surroundings(Options(data=known.data, language=known.language))
    options = parser.parse(arguments)
    around = replace(around, options=Options(options.data, options.user, options.today, options.language))
    if options.command is not None:
        return run(options, desk_of(around))
    if has_display():
        return bootstrap.run_window(around)
    return guarded(lambda: _overview(options, around))


def _overview(options: argparse.Namespace, around: Surroundings) -> int:
    from app.cli.overview import show_overview

    return show_overview(desk_of(around))


def desk_of(around: Surroundings) -> Desk:
    """What the commands need of the surroundings."""
    return Desk(
        folder=around.folder,
        backup_folder=around.backup_folder,
        formats=around.formats,
        clock=around.clock,
        user=around.options.user,
        exists=lambda folder: bootstrap.has_store(replace(around, folder=folder)),
        open=lambda folder: bootstrap.open_store(replace(around, folder=folder), "cli"),
    )


if __name__ == "__main__":
    sys.exit(main())
