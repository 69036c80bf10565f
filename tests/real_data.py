"""Public data of other programs, beside the repository on some machines; tests with them are skipped elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
OWN = Path(__file__).resolve().parent / "data"

needs_real_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the public data are not on this machine")


def facts(name: str) -> Any:
    """Expected values of one table, computed independently."""
    return json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))["tables"][name]
