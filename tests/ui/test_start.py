"""What a start loads before the window's frame is painted: everything else is for after it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Top-level packages that may be there at the first paint, beside those of Python itself.
ALLOWED = {"PySide6", "__main__", "app", "appdirs", "babel", "shiboken6", "shibokensupport", "signature_bootstrap"}
#: Parts of the program that may not.
LATER = ("app.models.store", "app.models.engine", "app.services", "app.cli.numbers", "app.cli.commands")

_PROGRAM = """
import json, os, sys
from app.__main__ import main
import app.ui.main_window as frame
class Window(frame.MainWindow):
    def paintEvent(self, event):
        print(json.dumps(sorted(sys.modules)), flush=True)
        os._exit(0)
frame.MainWindow = Window
import app.ui.application
app.ui.application.MainWindow = Window
main(["--data", sys.argv[1]])
"""


@pytest.fixture
def loaded(folder: Path) -> set[str]:
    """The modules there at the first paint of a window over an existing store."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout, done.stderr
    return set(json.loads(done.stdout))


def test_the_frame_waits_for_nothing_it_does_not_need(loaded: set[str]) -> None:
    packages = {name.partition(".")[0] for name in loaded}
    foreign = {name for name in packages - sys.stdlib_module_names - ALLOWED if not name.startswith("_")}
    assert not foreign
    assert not [name for name in loaded if name.startswith(LATER)]
