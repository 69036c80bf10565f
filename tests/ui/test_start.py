"""What a start loads before the window's frame is painted: everything else is for after it."""

import json
import os
import subprocess
import sys
from pathlib import Path

#: Top-level packages that may be there at the first paint, beside those of Python itself.
ALLOWED = {"PySide6", "__main__", "app", "appdirs", "babel", "shiboken6", "shibokensupport", "signature_bootstrap"}
#: Parts of the program that may not.
LATER = ("app.models.store", "app.models.engine", "app.services", "app.cli.numbers", "app.cli.commands")

_BEGIN = """
import json, os, sys
from app.__main__ import main
import app.ui.application as program
def tell(modules):
    print(json.dumps(sorted(modules)), flush=True)
    os._exit(0)
"""
_FRAME = """
class Window(program.MainWindow):
    def paintEvent(self, event):
        tell(sys.modules)
program.MainWindow = Window
"""
#: What is loaded on the window's thread between the open store and the first page.
_PAGE = """
attach = program.Application._attach
def watched(self, office):
    before = set(sys.modules)
    attach(self, office)
    tell(set(sys.modules) - before)
program.Application._attach = watched
"""
_END = 'main(["--data", sys.argv[1]])'


def loaded(folder: Path, what: str) -> set[str]:
    """The modules that a window over an existing store tells of."""
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + what + _END, str(folder)], capture_output=True, text=True, timeout=60,
        check=False, cwd=Path(__file__).parents[2], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout, done.stderr
    return set(json.loads(done.stdout))


def test_the_frame_waits_for_nothing_it_does_not_need(folder: Path) -> None:
    found = loaded(folder, _FRAME)
    packages = {name.partition(".")[0] for name in found}
    foreign = {name for name in packages - sys.stdlib_module_names - ALLOWED if not name.startswith("_")}
    assert not foreign
    assert not [name for name in found if name.startswith(LATER)]


def test_the_window_does_not_stand_still_for_what_a_thread_can_load(folder: Path) -> None:
    assert not [name for name in loaded(folder, _PAGE) if name.startswith("app.")]


def test_modules_are_not_read_twice() -> None:
    """Python's import is in its place, also after PySide6 came."""
    program = "import builtins; plain = builtins.__import__; import app.ui.theme; print(builtins.__import__ is plain)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    assert done.stdout == "True\n", done.stderr
