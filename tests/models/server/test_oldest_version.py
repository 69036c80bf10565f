"""All that is tried on the PostgreSQL of the tests holds on the oldest one that serves, too, as Debian has it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_OLDEST = Path("/usr/lib/postgresql/15/bin")
_ROOT = Path(__file__).parents[3]
_LAYERS = ("models", "services", "cli", "flows")


@pytest.mark.prove
@pytest.mark.skipif(not _OLDEST.is_dir(), reason="there is no PostgreSQL 15 here: apt install postgresql-15")
@pytest.mark.parametrize("layer", _LAYERS)
def test_everything_of_the_server_on_postgresql_15(layer: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{layer}/server"]
    env = {**os.environ, "TRICHTER_TEST_POSTGRESQL": str(_OLDEST), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=_ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
