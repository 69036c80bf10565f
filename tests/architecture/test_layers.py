"""The contracts of pyproject.toml hold, and they would notice."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.ui.main_window import TABS
from tests.architecture.sources import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the project in `folder`."""
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_layers_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_tab_is_kept_from_the_others() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "Tabs do not know each other")
    named = {layer.strip("() ") for line in layers for layer in line.split("|")}
    assert {f"app.ui.{name}.tab" for name in named} == {spec.module for spec in TABS}
    assert len(layers) == 1


@pytest.mark.parametrize(
    ("module", "code", "contract"),
    [
        ("core/new", "import PySide6.QtCore", "Qt only in the ui"),
        ("services/new", "def late():\n    from pyqtgraph import mkPen", "Qt only in the ui"),
        ("ui/new", "import sqlalchemy.orm", "SQLAlchemy only in models and services"),
        ("core/new", "import sqlcipher3", "SQLAlchemy only in models and services"),
        ("ui/new", "from app.models import store", "The ui asks services, never the models"),
        ("core/new", "import app.services", "Layers"),
        ("cli", "import app.ui", "Layers"),
        ("adrift", "", "Layers"),
        ("ui/leads", "import app.ui.potential", "Tabs do not know each other"),
        ("core/new", "import app.core.other", "No cycles among siblings"),
    ],
)
def test_a_breach_is_noticed(tmp_path: Path, module: str, code: str, contract: str) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for layer in ("", "core", "models", "services", "ui"):
        (tmp_path / "app" / layer).mkdir(parents=True, exist_ok=True)
        (tmp_path / "app" / layer / "__init__.py").touch()
    for name, text in [
        ("core/other", "import app.core.new"),
        ("core/new", ""),
        ("models/store", ""),
        ("ui/potential", ""),
    ]:
        (tmp_path / "app" / f"{name}.py").write_text(text, encoding="utf-8")
    assert lint(tmp_path).returncode == 0
    (tmp_path / "app" / f"{module}.py").write_text(code, encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
