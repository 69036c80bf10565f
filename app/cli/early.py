"""What is looked at before anything else is loaded: most starts ask for the window, and that waits for no command."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.i18n import LANGUAGES

#: Where the address of a team's server stands, for the window and for all commands.
DATABASE = "TRICHTER_DATABASE"


@dataclass(frozen=True)
class Early:
    """`--data`, `--language` and `--hidden`, wherever the rest goes wrong; `alone` if there is no rest that could,
    and no team in the environment either.
    """

    data: Path | None
    language: str | None
    alone: bool
    hidden: bool = False


def early(argv: Sequence[str]) -> Early:
    """What has to be known before anything can be said."""
    parser = argparse.ArgumentParser("trichter", add_help=False, allow_abbrev=False)
    # an option that lacks its value is told later, in the right language
    parser.add_argument("--data", type=Path, nargs="?", const=False)
    parser.add_argument("--language", nargs="?", const=False)
    parser.add_argument("--hidden", action="store_true")
    found, rest = parser.parse_known_args(argv)
    known = found.language if found.language in LANGUAGES else None
    alone = not rest and found.data is not False and found.language == known and not database_named()
    return Early(found.data or None, known, alone, found.hidden)


def database_named() -> str:
    """The address of a team's server that the environment gives, '' for none."""
    return os.environ.get(DATABASE, "").strip()


def write_utf8() -> None:
    """Write UTF-8 whatever the terminal was set to; a sign that cannot be written is replaced."""
    if sys.stderr is None:  # else sentences would go to the output
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
