"""What pyproject.toml tells ruff: the clock has one home, and exceptions are made for files that there are."""

import subprocess
import sys
import tomllib

import pytest

from tests.architecture.sources import ROOT


def _complaints(code: str, name: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select=TID251", "--stdin-filename", name, "-"]
    done = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout


@pytest.mark.parametrize(
    "code",
    ["import time\ntime.time()", "import time\ntime.time_ns()", "from datetime import datetime\ndatetime.now()"],
)
def test_only_the_clock_asks_the_machine_for_the_time(code: str) -> None:
    assert "TID251" in _complaints(code, "app/models/new.py")
    assert "TID251" not in _complaints(code, "app/core/clock.py")


def test_exceptions_are_made_for_files_that_there_are() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    patterns = [f"{head}{name}{tail}" for pattern in rules["per-file-ignores"] for head, name, tail in _spread(pattern)]
    assert [pattern for pattern in patterns if not any(ROOT.glob(pattern))] == []


def _spread(pattern: str) -> list[tuple[str, str, str]]:
    """'a/{b,c}/*' as its alternatives."""
    head, brace, rest = pattern.partition("{")
    names, _, tail = rest.partition("}")
    return [(head, name, tail) for name in names.split(",")] if brace else [(pattern, "", "")]
