"""What the commands print for somebody who sees only his leads: the same, letter by letter, as for somebody who sees
everything of a store from which all was removed that he must not see.
"""

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.__main__ import main
from app.cli.parser import _parser
from tests.cli.conftest import Said
from tests.services.sight.twin import leave_only, settle
from tests.services.sight.world import ABSENT, BEN, HIDDEN, OWN, World, made
from tests.stores import TODAY, Stock, reopened

_FILL = made(size=40)
_FILE = "FILE"
_DAYS = [(TODAY + timedelta(days=days)).isoformat() for days in (-400, -40, 0, 20, 60, 400)]
#: What is typed, FILE being a new file; of a lead or word that is there in one of the stores alone, too.
LINES = (
    "list", "list --json", "list --limit 0", "list --limit 0 --json", "list --limit 3",
    *(f"list --json --limit 0 --status {status}" for status in ("potential", "active", "won", "lost", "dropped")),
    *(f"list --limit 0 --stage {stage}" for stage in ("Angebot", "Erstkontakt", "Vorstellung")),
    *(f"list --limit 0 --text {word}" for word in (HIDDEN, ABSENT, OWN, "q", "o", f"{OWN}a", f"{HIDDEN[:2]}")),
    "list --json --limit 0 --view Für_alle",
    *(f"{records}{more}" for records in ("companies", "people")
      for more in ("", " --json", " --limit 0", " --limit 0 --json", " --archived --json", " --csv FILE",
                   " --limit 0 --text qzx", " --limit 0 --text o", " --archived --limit 0")),
    "companies --json --limit 0 --kind customer", "companies --limit 0 --kind supplier",
    "forecast", "forecast --json", "forecast --from 2026-01 --to 2027-12 --json", "forecast --from 2025-01",
    "funnel", "funnel --json", "funnel --mode touched --json", "funnel --from 2026-06-01 --to 2026-11-30 --json",
    "funnel --from 2026-09-01", "reminders", "reminders --json", "reminders --limit 0 --json",
    "export FILE", "cards export FILE", "cards export FILE --version 4",
)  # fmt: skip
#: What depends on what one may do beside what is seen; it bears no mark.
BY_RIGHTS = (
    "team", "team --json", "check", "check --json", "check --repair --json", "backup FILE", "restore FILE",
    "import TABLE --json", "import TABLE --dry-run --json", "cards import CARDS --json",
    "cards import CARDS --dry-run --json", "demo", "team role DF reader", "team deputy DF AK", "server user list",
)  # fmt: skip


@dataclass
class Typing:
    """Types commands at a store, as Ben."""

    folder: Path
    place: Path
    capsys: pytest.CaptureFixture[str]

    def say(self, line: str, *before: str, user: str = "Ben Roth") -> tuple[Said, bytes]:
        """What the command said, and what it wrote."""
        target = self.place / "written"
        target.unlink(missing_ok=True)
        names = {_FILE: target, "TABLE": self.place / "table.csv", "CARDS": self.place / "cards.vcf"}
        words = [str(names.get(word, word.replace("_", " "))) for word in line.split()]
        options = ["--data", str(self.folder), "--language", "en", "--user", user, "--today", TODAY.isoformat()]
        try:
            code = main([*options, *before, *words])
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err), target.read_bytes() if target.exists() else b""


@dataclass
class Pair:
    """The whole store, and what is left of it for Ben."""

    whole: Path
    twin: Path
    world: World


@pytest.fixture(scope="module")
def pair(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    place = tmp_path_factory.mktemp("pair")
    (world,) = stock.copy((_FILL,), place / "whole")
    stock.copy((_FILL,), place / "twin")
    leave_only(place / "twin", BEN, (BEN,))
    with closing(reopened(place / "twin")) as store:
        settle(store)
    return Pair(place / "whole", place / "twin", world)


@pytest.fixture
def both(pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Typing, Typing]:
    (tmp_path / "table.csv").write_text(f"Name;Firma\nNeu;{HIDDEN}\n", "utf-8")
    (tmp_path / "cards.vcf").write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:{HIDDEN}\nN:{HIDDEN};;;;\nEND:VCARD\n", "utf-8")
    return Typing(pair.whole, tmp_path, capsys), Typing(pair.twin, tmp_path, capsys)


def _marked(said: Said, written: bytes) -> list[str]:
    told = f"{said.out}\n{said.err}\n{written.decode('utf-8', 'replace')}".lower()
    return [word for word in re.findall(r"\w+", told) if HIDDEN in word or ABSENT in word]


def _typed(line: str) -> set[str]:
    return set(re.findall(r"\w+", line.lower())) | {HIDDEN}


@pytest.mark.parametrize("line", LINES)
def test_what_is_printed_is_what_is_left(both: tuple[Typing, Typing], line: str) -> None:
    whole, twin = both
    told = whole.say(line)
    assert told[0].code == 0, told
    assert set(_marked(*told)) <= _typed(line)
    assert _without_times(told) == _without_times(twin.say(line))


def _without_times(told: tuple[Said, bytes]) -> tuple[Said, bytes]:
    """When a file of cards was written stands in it."""
    return told[0], re.sub(rb"REV:[^\r\n]*", b"", told[1])


@pytest.mark.parametrize("day", _DAYS)
@pytest.mark.parametrize("line", ["list --json --limit 0", "forecast --json", "funnel --json", "reminders --json",
                                  "companies --json --limit 0", "export FILE"])  # fmt: skip
def test_so_it_is_of_every_day(both: tuple[Typing, Typing], line: str, day: str) -> None:
    whole, twin = both
    told = whole.say(line, "--today", day)
    assert _marked(*told) == []
    assert told == twin.say(line, "--today", day)


@pytest.mark.parametrize("line", BY_RIGHTS)
def test_what_is_refused_or_told_of_people_bears_no_mark(both: tuple[Typing, Typing], line: str) -> None:
    said, written = both[0].say(line)
    assert set(_marked(said, written)) <= {HIDDEN}


def test_a_sheet_is_of_a_lead_that_is_seen(both: tuple[Typing, Typing], pair: Pair) -> None:
    whole, twin = both
    for lead in (*pair.world.leads[HIDDEN][:4], *pair.world.leads[ABSENT][:2], 999_999):
        said, written = whole.say(f"sheet {lead} FILE")
        assert (said.is_refusal, written) == (True, b"")
        refusal = re.sub(r"\d+", "", said.err)
        assert refusal == re.sub(r"\d+", "", whole.say("sheet 999999 FILE")[0].err)
    own = pair.world.leads[OWN][1]
    assert whole.say(f"sheet {own} FILE")[0] == twin.say(f"sheet {own} FILE")[0]


@pytest.mark.parametrize("line", ["list --json --limit 0", "forecast --json", "funnel --json", "companies --json",
                                  "people --json", "export FILE", "reminders --json"])  # fmt: skip
def test_an_owner_is_told_more(both: tuple[Typing, Typing], line: str) -> None:
    """Else the commands would be none to which it matters who asks."""
    assert both[0].say(line) != both[0].say(line, user="Anna Kern")


def test_every_command_is_typed() -> None:
    typed = {line.split()[0] for line in (*LINES, *BY_RIGHTS)} | {"sheet"}
    actions = (action for action in _parser()._actions if action.dest == "command")
    # what `add` makes out of a line is tried in tests/services/sight and tests/services/access
    assert set(next(iter(actions)).choices or ()) - typed == {"add"}
