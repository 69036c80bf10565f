"""The command line as it is typed, without the cost of a process each time."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main

TODAY = "2026-11-24"

OWN = """\
Name;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen;Budgetart;Währung;Leistungszeitraum von;Leistungszeitraum bis;\
Nächster Schritt am;Verantwortlich;Firma;Quelle;Schlagworte;Aktiv seit;Abgeschlossen am;Grund;Externe Nummer
A;Aktiv;Angebot;35 %;24.000,00;einmalig;EUR;2027-01;2027-03;2026-12-01;Anna Kern;Müller;Messe;Web, Print;\
2026-10-01;;;P-1
B;Aktiv;Verhandlungen;;3.000,00;monatlich;EUR;2027-02;2027-07;;Ben Roth;;;;2026-10-02;;;P-2
C;Aktiv;Angebot;12,5 %;10.000,00;einmalig;EUR;2026-03;2026-05;;;;;;2026-10-03;;;
W;Gewonnen;;;8.000,00;einmalig;EUR;;;;;Müller;;;2026-09-01;2026-11-01;Preis;
L;Verloren;;;1.000,00;einmalig;EUR;;;;;;;;2026-09-01;2026-11-11;;
I;Kontaktpotenzial;;;40.000,00;einmalig;CHF;;;;;;;;;;;
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of `--json`: one line."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    @property
    def is_refusal(self) -> bool:
        """Whether the command could not do it and said so in one sentence."""
        return self.code == 1 and self.err.count("\n") == 1 and "Traceback" not in self.err


Trichter = Callable[..., Said]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "Daten für Ä"


@pytest.fixture
def trichter(data: Path, capsys: pytest.CaptureFixture[str]) -> Trichter:
    """Runs `trichter --data FOLDER …` in English; options before the command may be repeated to win."""

    def run(*arguments: str | Path) -> Said:
        try:
            code = main(["--data", str(data), "--language", "en", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small file in our own format."""
    file = tmp_path / "eigene.csv"
    file.write_text(OWN, "utf-8")
    return file


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data folder lies that `filled` has made first, to be copied by those after it."""
    return tmp_path_factory.mktemp("imported") / "data"


@pytest.fixture
def filled(trichter: Trichter, own: Path, data: Path, imported: Path) -> Trichter:
    """The command line over a store that has read it."""
    if imported.exists():
        shutil.copytree(imported, data, dirs_exist_ok=True)  # a test may bring a folder of its own
        return trichter
    done = trichter("--today", TODAY, "import", own, "--json")
    assert done.code == 0, done
    assert (done.json["created"], done.json["refused"]) == (6, [])
    shutil.copytree(data, imported)
    return trichter
