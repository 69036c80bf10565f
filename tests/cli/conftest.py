"""The command line as it is typed, without the cost of a process each time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.core import i18n, paths


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


Trichter = Callable[..., Said]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "Daten für Ä"


@pytest.fixture
def trichter(data: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Trichter]:
    """Runs `trichter --data FOLDER …` in English; options before the command may be repeated to win."""

    def run(*arguments: str | Path) -> Said:
        try:
            code = main(["--data", str(data), "--language", "en", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield run
    i18n.use("en", paths.resources_dir() / "i18n")
