"""P9: importing 100 000 leads with notes, tags, matching and full text, beside csv and executemany of the same rows.

`python -m tests.benchmarks.imports` prints the figures; `measure` gives them. The import runs in a process of its own,
so that its memory is its own.
"""

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.models.engine import connect
from app.models.opening import create_store, store_file
from app.models.store import Store
from app.services.backup import Backups, Reason
from app.services.csv_format import header
from app.services.importing.run import Importer
from app.services.stages import seed

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)

_WORDS = (
    "Relaunch", "Website", "Kampagne", "Strategie", "Workshop", "Betreuung", "Shop", "Kundenportal", "Messestand",
    "Konzept", "Redesign", "Intranet", "Broschüre", "Film", "Schulung", "Analyse", "Wartung", "Überarbeitung",
    "Einführung", "Prüfung",
)  # fmt: skip
_FIRMS = ("Bäckerei", "Autohaus", "Stadtwerke", "Klinik", "Hotel", "Kanzlei", "Müller", "Schäfer", "Praxis", "Verlag")
_TAGS = ("Messe", "Bestandskunde", "Empfehlung", "Priorität", "Web", "Print")
_STAGES = (("Erstkontakt", "1"), ("Vorstellung", "10"), ("Angebot", "30"), ("Verhandlungen", "60"))
_STATES = (("Kontaktpotenzial", 10), ("Aktiv", 20), ("Gewonnen", 35), ("Verloren", 30), ("Abgesagt", 5))


@dataclass(frozen=True)
class Figures:
    """Seconds, and megabytes of memory at the peak, also of the same import once more. `cancel`: from the wish to stop
    until all is as before."""

    leads: int
    ours: float
    raw: float
    megabytes: float
    cancel: float

    @property
    def ratio(self) -> float:
        """How many times the raw import takes; the budget is 1.5."""
        return self.ours / self.raw


def measure(leads: int = 100_000) -> Figures:
    """All figures of P9, in a folder of their own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="trichter-import-") as name:
        folder = Path(name)
        path = folder / "leads.csv"
        write_csv(path, leads)
        found = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.imports", str(folder)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        told = json.loads(found.stdout)
        return Figures(
            leads, told["ours"], _raw(path, folder / "ours", folder / "raw"), told["megabytes"], told["cancel"]
        )


def write_csv(path: Path, leads: int) -> None:
    """A file of our own format with a column of notes; the same on every machine."""
    chance = random.Random(leads)
    firms = [f"{chance.choice(_FIRMS)} {chance.choice(_WORDS)} {n}" for n in range(max(leads * 3 // 10, 1))]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*header("de"), "Notizen"])
        writer.writerows(_row(number, chance, firms) for number in range(leads))


def _row(number: int, chance: random.Random, firms: list[str]) -> list[str]:
    state = chance.choices([name for name, _ in _STATES], [share for _, share in _STATES])[0]
    idea = state == "Kontaktpotenzial"
    stage, percent = ("", "") if idea else chance.choice(_STAGES)
    begun = date(2024, 1, 1) + timedelta(days=chance.randrange(900))
    ended = begun + timedelta(days=chance.randrange(120))
    closed = state in ("Gewonnen", "Verloren", "Abgesagt")
    period = (begun.replace(day=1), begun + timedelta(days=31 * chance.randrange(1, 6)))
    firm = chance.randrange(len(firms))
    return [
        f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {number}", state, stage, percent,
        f"{chance.randrange(1000, 90_000)},{chance.randrange(100):02}", "einmalig", "EUR",
        *([day.isoformat() for day in period] if number % 3 else ["", ""]),
        "" if closed else "2026-12-01", "" if closed else "Anrufen", chance.choice(("Anna Kern", "Bernd Öhler")),
        firms[firm], f"Kontakt {firm}", chance.choice(("Empfehlung", "Messe", "Website")),
        ", ".join(chance.sample(_TAGS, chance.randrange(3))), " ".join(chance.choices(_WORDS, k=15)),
        "" if idea else begun.isoformat(), ended.isoformat() if closed else "", "Preis" if closed else "",
        f"B{number:07}", "", "", " ".join(chance.choices(_WORDS, k=12)),
    ]  # fmt: skip


def _store(folder: Path) -> Store:
    store = create_store(folder, origin="bench", clock=FixedClock.at(TODAY, ZONE))
    with store.write(Text("Stages")) as session:
        seed(session)
    return store


def _child(folder: Path) -> None:
    """Import to the end, and once more, when all leads are found and there is something to back up; then once into
    another store until it is cancelled half-way. Prints JSON."""
    store = _store(folder / "ours")
    start = perf_counter()
    result = Importer(store).run(folder / "leads.csv")
    ours = perf_counter() - start
    assert not result.refused, result.refused[:3]
    again = Importer(store, lambda: Backups(store, folder / "backups").make(Reason.IMPORT)).run(folder / "leads.csv")
    assert again.skipped == result.created, again
    store.close()
    peak = _peak()
    other = _store(folder / "other")
    cancel = _cancelled(other, folder / "leads.csv")
    other.close()
    print(json.dumps({"ours": ours, "cancel": cancel, "megabytes": peak}))


def _peak() -> float:
    """The most memory of this process, in MB. `ru_maxrss` would count what the one that started it had."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _cancelled(store: Store, path: Path) -> float:
    """The longest that a wish to stop can wait: the largest gap between two looks, and the way back."""
    looks: list[float] = []
    half = [False]

    def cancelled() -> bool:
        looks.append(perf_counter())
        return half[0]

    def progress(done: int, total: int) -> None:
        half[0] = done > total // 2

    try:
        Importer(store).run(path, progress=progress, cancelled=cancelled)
    except Cancelled:
        back = perf_counter() - looks[-1]
        gaps = [later - earlier for earlier, later in pairwise(looks)]
        return max(gaps) + back
    raise AssertionError("not cancelled")


def _raw(path: Path, ours: Path, target: Path) -> float:
    """Seconds for parsing the file and writing the rows of our import, all known beforehand, into an empty store."""
    source = connect(store_file(ours), read_only=True)
    names = [row[0] for row in source.execute(_TABLES)]
    rows: dict[str, list[tuple[Any, ...]]] = {
        name: source.execute(f"SELECT * FROM {name}").fetchall() for name in names
    }
    source.close()
    create_store(target, origin="bench").close()
    connection = connect(store_file(target))
    for name in names:
        connection.execute(f"DELETE FROM {name}")
    start = perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass
    connection.execute("BEGIN IMMEDIATE")
    for name, found in rows.items():
        if found:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(found[0]))})", found)
    connection.execute("COMMIT")
    took = perf_counter() - start
    connection.close()
    return took


_TABLES = """
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%'
AND name <> 'alembic_version'
"""


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _child(Path(sys.argv[1]))
    else:
        figures = measure()
        print(json.dumps({**asdict(figures), "ratio": figures.ratio}, indent=1))
