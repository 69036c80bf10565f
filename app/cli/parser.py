"""What can be typed after `trichter`, and what it means."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.cli.team_words import kind_of, role_of
from app.cli.wording import worded
from app.core.calendar import month_number
from app.core.i18n import LANGUAGES, tr
from app.core.roles import Role
from app.core.terms import AbsenceKind, CompanyKind, Status

#: Longest span of a forecast, in months.
_LONGEST = 600
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


class _Parser(argparse.ArgumentParser):
    """Options are written out in full; commands inherit that."""

    def __init__(self, prog: str | None = None, *, description: str = "", epilog: str = "") -> None:
        super().__init__(prog, description=description, epilog=epilog, allow_abbrev=False, formatter_class=_Formatter)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options and the command, `command` None for the window. Wrong usage ends the process with exit code 2."""
    with worded():
        parser = _parser()
        options = parser.parse_args(argv)
        if options.command == "forecast":
            _complete_months(parser, options)
        if options.command == "import":
            _check_once(parser, options)
        if options.command == "funnel" and options.first and options.last and options.last < options.first:
            parser.error(tr("--to lies before --from"))
    return options


def _parser() -> _Parser:
    parser = _Parser(
        "trichter",
        description=tr("The sales funnel of an agency. Without a command the window is opened."),
        epilog=tr(
            "Data lie in the folder given by --data, else by TRICHTER_DATA, else where the system keeps data of "
            "programs.\nA folder without data is no error: list, companies, people, forecast, funnel, export and check "
            "answer as for an empty store\nand leave it empty; import and demo make a store with the usual stages.\n"
            "Exit codes: 0 well, 1 the command could not do it, 2 wrong usage."
        )
        + "\n"
        + tr("Who has a password is asked for it, unless it stands in TRICHTER_PASSWORD.")
        + "\n"
        + tr("Where TRICHTER_DATABASE holds the address of a team's server, window and commands work with that team."),
    )
    parser.add_argument(
        "--version", action="version", version=f"Trichter {__version__}", help=tr("show the version and exit")
    )
    parser.add_argument("--data", type=Path, metavar=tr("DIR"), help=tr("folder of the data"))
    whose = tr("whose steps are recorded; made by import and demo if new")
    parser.add_argument("--user", type=_words, metavar=tr("NAME"), help=whose)
    parser.add_argument("--today", type=_day, metavar=tr("DATE"), help=tr("calculate as of this day, YYYY-MM-DD"))
    parser.add_argument("--language", choices=LANGUAGES, help=tr("language of the output"))
    parser.add_argument("--hidden", action="store_true", help=tr("start in the tray, without showing the window"))
    commands = parser.add_subparsers(dest="command", metavar=tr("COMMAND"))
    adding = (
        _list, _companies, _people, _add, _forecast, _funnel, _reminders, _team, _import,
        _export, _cards, _sheet, _backup, _restore, _check, _demo, _server,
    )  # fmt: skip
    for add in adding:
        add(commands)
    return parser


if TYPE_CHECKING:  # the type argparse keeps to itself
    Commands = argparse._SubParsersAction[_Parser]


def _command(commands: "Commands", name: str, what: str) -> _Parser:
    return commands.add_parser(name, help=what.replace("%", "%%"), description=what)  # argparse fills help in, alone


def _json(parser: "argparse.ArgumentParser | argparse._MutuallyExclusiveGroup") -> None:
    parser.add_argument("--json", action="store_true", help=tr("machine-readable, with English keys"))


def _list(commands: "Commands") -> None:
    parser = _command(commands, "list", tr("leads, with count and sums of all that match"))
    parser.add_argument("--status", choices=[str(status) for status in Status], help=tr("only this state"))
    parser.add_argument("--stage", metavar="S", help=tr("only this stage, by its name"))
    parser.add_argument("--text", type=_words, metavar="T", default="", help=tr("only leads that hold all these words"))
    parser.add_argument(
        "--view", type=_words, metavar=tr("NAME"), help=tr("as a saved view says: its filter and order")
    )
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help=tr("rows shown, 0 for all (50)"))
    _json(parser)


def _companies(commands: "Commands") -> None:
    parser = _command(commands, "companies", tr("companies, with count and sums of all that match"))
    parser.add_argument("--kind", choices=[str(kind) for kind in CompanyKind], help=tr("only companies of this kind"))
    _records(parser, tr("only companies that hold all these words"))


def _people(commands: "Commands") -> None:
    _records(_command(commands, "people", tr("people, with where they work and how to reach them")),
             tr("only people that hold all these words"))  # fmt: skip


def _records(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--text", type=_words, metavar="T", default="", help=words)
    parser.add_argument("--archived", action="store_true", help=tr("those in the archive instead"))
    parser.add_argument(
        "--view", type=_words, metavar=tr("NAME"), help=tr("as a saved view says: its filter and order")
    )
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help=tr("rows shown, 0 for all (50)"))
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--csv", type=Path, metavar=tr("FILE"), help=tr("write all that match to this CSV file"))
    _json(answer)


def _add(commands: "Commands") -> None:
    parser = _command(
        commands, "add", tr("a new lead from one line: title, company, 25k, 60%, 15.3., @who, #tag, /stage")
    )
    parser.add_argument("line", type=_words, metavar=tr("LINE"))
    parser.add_argument("--idea", action="store_true", help=tr("to the contact potential, unless a stage is named"))
    parser.add_argument("--anyway", action="store_true", help=tr("what is not understood becomes part of the title"))
    _json(parser)


def _forecast(commands: "Commands") -> None:
    parser = _command(commands, "forecast", tr("revenue by month: secured and weighted"))
    parser.add_argument("--from", dest="first", type=_month, metavar=tr("YYYY-MM"), help=tr("first month (this one)"))
    parser.add_argument(
        "--to", dest="last", type=_month, metavar=tr("YYYY-MM"), help=tr("last month (the eleventh after)")
    )
    _json(parser)


def _funnel(commands: "Commands") -> None:
    parser = _command(commands, "funnel", tr("stages, conversion and rates"))
    parser.add_argument("--from", dest="first", type=_day, metavar=tr("DATE"), help=tr("first day (of all time)"))
    parser.add_argument("--to", dest="last", type=_day, metavar=tr("DATE"), help=tr("last day (of all time)"))
    modes = tr("skipped stages count as passed, or only those really touched")
    parser.add_argument("--mode", choices=("passed", "touched"), default="passed", help=modes)
    _json(parser)


def _reminders(commands: "Commands") -> None:
    parser = _command(commands, "reminders", tr("steps that have come and are still to be done"))
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help=tr("rows shown, 0 for all (50)"))
    _json(parser)


def _team(commands: "Commands") -> None:
    parser = _command(commands, "team", tr("who works here, as what, who stands in for whom, and who is away"))
    _json(parser)
    ways = parser.add_subparsers(dest="way", metavar=tr("COMMAND"))
    role = _command(ways, "role", tr("say what somebody may do"))
    _name(role)
    role.add_argument("role", type=_role, metavar=tr("ROLE"), help=tr("owner, full, limited or reader"))
    deputy = _command(ways, "deputy", tr("say who stands in for somebody; without a deputy nobody does"))
    _name(deputy)
    deputy.add_argument("deputy", type=_words, nargs="?", metavar=tr("DEPUTY"))
    away = _command(ways, "away", tr("say when somebody is away"))
    _name(away)
    away.add_argument("first", type=_day, metavar=tr("FROM"), help=tr("first day, YYYY-MM-DD"))
    away.add_argument("last", type=_day, metavar=tr("UNTIL"), help=tr("last day, YYYY-MM-DD"))
    away.add_argument("--kind", type=_kind, default=AbsenceKind.HOLIDAY, metavar="K",
                      help=tr("holiday, sick or other (holiday)"))  # fmt: skip
    away.add_argument("--half", action="store_true", help=tr("only half of each day"))
    away.add_argument("--deputy", type=_words, metavar=tr("NAME"), help=tr("who stands in meanwhile"))
    _name(_command(ways, "password", tr("give somebody a password on this machine, or none")))


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", type=_words, metavar=tr("NAME"), help=tr("name or initials"))


def _import(commands: "Commands") -> None:
    parser = _command(commands, "import", tr("read leads from a CSV or XLSX file, in one step that can be undone"))
    parser.add_argument("file", type=Path, metavar=tr("FILE"))
    mapping = tr("read a column as this field; as nothing to leave it out")
    parser.add_argument("--map", type=_mapping, action="append", default=[], metavar=tr("COLUMN=FIELD"), help=mapping)
    meaning = tr("what a word in a column stands for")
    parser.add_argument(
        "--value", type=_meaning, action="append", default=[], metavar=tr("COLUMN:WORD=VALUE"), help=meaning
    )
    order = tr("how days are written where both ways make sense")
    parser.add_argument("--date-order", choices=("dmy", "mdy", "ymd"), help=order)
    parser.add_argument("--dry-run", action="store_true", help=tr("say what would be done, and do nothing"))
    _json(parser)


def _export(commands: "Commands") -> None:
    parser = _command(commands, "export", tr("write all leads to a CSV file that import reads back"))
    parser.add_argument("file", type=Path, metavar=tr("FILE"))


def _cards(commands: "Commands") -> None:
    parser = _command(commands, "cards", tr("companies and people from vCard files, and to one"))
    ways = parser.add_subparsers(dest="way", metavar=tr("COMMAND"), required=True)
    into = _command(ways, "import", tr("read the contacts of vCard files (VCF), in one step that can be undone"))
    into.add_argument("files", type=Path, nargs="+", metavar=tr("FILE"))
    into.add_argument("--dry-run", action="store_true", help=tr("say what would be done, and do nothing"))
    _json(into)
    out = _command(ways, "export", tr("write all companies and people to a vCard file"))
    out.add_argument("file", type=Path, metavar=tr("FILE"))
    out.add_argument("--version", choices=("3", "4"), default="3", help=tr("version of vCard (3: known everywhere)"))


def _sheet(commands: "Commands") -> None:
    parser = _command(commands, "sheet", tr("write the hand-over sheet of a lead as a PDF"))
    parser.add_argument("id", type=_lead, metavar=tr("ID"), help=tr("the number of the lead, as list --json shows it"))
    parser.add_argument("file", type=Path, metavar=tr("FILE"))


def _backup(commands: "Commands") -> None:
    parser = _command(commands, "backup", tr("write a verified copy of the data"))
    parser.add_argument("file", type=Path, metavar=tr("FILE"))


def _restore(commands: "Commands") -> None:
    parser = _command(commands, "restore", tr("put a backup in the place of the data, which are kept beside it"))
    parser.add_argument("file", type=Path, metavar=tr("FILE"))


def _check(commands: "Commands") -> None:
    parser = _command(commands, "check", tr("check whether the data are in order"))
    parser.add_argument("--repair", action="store_true", help=tr("recompute what follows from the rest"))
    _json(parser)


def _demo(commands: "Commands") -> None:
    _command(commands, "demo", tr("fill an empty store with the leads of an invented agency"))


def _server(commands: "Commands") -> None:
    parser = _command(commands, "server", tr("a team's server (PostgreSQL), for whoever looks after it"))
    ways = parser.add_subparsers(dest="way", metavar=tr("COMMAND"), required=True)
    init = _at_server(ways, "init", tr("make an empty database the place of a team"))
    init.add_argument("--name", type=_words, metavar=tr("NAME"), help=tr("the first person of the team, an owner"))
    _login(init)
    _at_server(ways, "upgrade", tr("bring a team's server to the version of this program"))
    _at_server(ways, "restored", tr("say that a backup of the server was brought back: everybody fetches all anew"))
    into = _at_server(ways, "move-in", tr("move the data of this device to an empty team, with files and history"))
    into.add_argument("--discard", action="store_true", help=tr("remove what a move has left that was cut"))
    _json(into)
    out = _at_server(ways, "move-out", tr("copy all of a team to a new folder, as an owner of it"))
    out.add_argument("folder", type=Path, metavar=tr("FOLDER"))
    _json(out)
    user = _command(ways, "user", tr("who may sign in at the team's server"))
    verbs = user.add_subparsers(dest="verb", metavar=tr("COMMAND"), required=True)
    add = _at_server(verbs, "add", tr("let somebody sign in"))
    add.add_argument("name", type=_words, nargs="?", metavar=tr("NAME"), help=tr("name of somebody new"))
    add.add_argument("--member", type=_words, metavar=tr("NAME"), help=tr("somebody who is in the team already"))
    _login(add)
    add.add_argument("--role", type=_role, metavar=tr("ROLE"), help=tr("owner, full, limited or reader"))
    for name, what in (
        ("disable", tr("shut somebody out, at once")), ("enable", tr("let somebody in again")),
        ("password", tr("give somebody another password")), ("role", tr("say what somebody may do")),
    ):  # fmt: skip
        verb = _at_server(verbs, name, what)
        verb.add_argument("login", type=_words, metavar=tr("USER"), help=tr("user name on the server"))
        if name == "role":
            verb.add_argument("role", type=_role, metavar=tr("ROLE"), help=tr("owner, full, limited or reader"))
    _json(_at_server(verbs, "list", tr("everybody of the team, with user names")))


def _at_server(ways: "Commands", name: str, what: str) -> _Parser:
    """A command with the address of a server."""
    parser = _command(ways, name, what)
    address = tr("address of the database, like postgresql://admin@server/agentur (TRICHTER_DATABASE)")
    parser.add_argument("--database", type=_words, metavar="URL", help=address)
    tls = tr("how the connection is encrypted and the server looked at (verify-full)")
    parser.add_argument("--tls", choices=("verify-full", "require", "disable"), help=tls)
    parser.add_argument("--ca", type=Path, metavar=tr("FILE"), help=tr("certificate of the authority that is trusted"))
    return parser


def _login(parser: argparse.ArgumentParser) -> None:
    made = tr("user name on the server (made of the name)")
    parser.add_argument("--user", dest="login", type=_words, metavar=tr("USER"), help=made)


# --- values -------------------------------------------------------------------------------------------------------


def _words(text: str) -> str:
    """What was typed, without the halves of letters that a terminal of another encoding makes of it."""
    return text.encode(errors="replace").decode()


def _day(text: str) -> date:
    try:
        return _sane(date.fromisoformat(text), text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a day such as 2027-01-31", text=text)) from None


def _month(text: str) -> int:
    try:
        return month_number(_sane(date.fromisoformat(f"{text}-01"), text))
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a month such as 2027-01", text=text)) from None


def _sane(day: date, text: str) -> date:
    """The day, if it lies in the years that a service period may have, so that calendars do not end beside it."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        years = {"first": str(_FIRST_YEAR), "last": str(_LAST_YEAR)}  # as words: a number would be given a separator
        raise argparse.ArgumentTypeError(tr("“{text}” lies outside the years {first} to {last}", text=text, **years))
    return day


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number of rows", text=text))
    return int(text)


def _role(text: str) -> Role:
    if (role := role_of(_words(text))) is None:
        raise argparse.ArgumentTypeError(tr("“{text}” is not owner, full, limited or reader", text=_words(text)))
    return role


def _kind(text: str) -> AbsenceKind:
    if (kind := kind_of(_words(text))) is None:
        raise argparse.ArgumentTypeError(tr("“{text}” is not holiday, sick or other", text=_words(text)))
    return kind


def _lead(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise argparse.ArgumentTypeError(tr("“{text}” is not the number of a lead", text=text))
    return int(text)


def _mapping(text: str) -> tuple[str, str]:
    column, equals, name = text.rpartition("=")
    if not equals or not column:
        raise argparse.ArgumentTypeError(tr("“{text}” is not COLUMN=FIELD", text=text))
    return column, name


def _meaning(text: str) -> tuple[str, str, str]:
    column, colon, rest = _words(text).partition(":")
    word, equals, value = rest.rpartition("=")
    if not colon or not equals or not column or not value:
        raise argparse.ArgumentTypeError(tr("“{text}” is not COLUMN:WORD=VALUE", text=text))
    return column, word, value


def _check_once(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Of two contradictory options the last would win without a word."""
    maps = [(("--map", column), field) for column, field in options.map]
    values = [(("--value", f"{column}:{word}"), value) for column, word, value in options.value]
    told: dict[tuple[str, str], str] = {}
    for what, meaning in (*maps, *values):
        if told.setdefault(what, meaning) != meaning:
            parser.error(tr("{option} says two things about “{name}”", option=what[0], name=what[1]))


def _complete_months(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Twelve months from `--from`; the day it is decides later where nothing is said."""
    if options.first is not None and options.last is not None and options.last < options.first:
        parser.error(tr("--to lies before --from"))
    if options.first is not None and options.last is not None and options.last - options.first >= _LONGEST:
        parser.error(tr("a forecast spans at most {n} months", n=_LONGEST))
