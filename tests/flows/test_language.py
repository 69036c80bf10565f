"""Another language while the program runs: what was open and narrowed comes back in the new words."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.models.store import Store
from tests.stores import add_lead

#: A program that narrows the list and opens a lead, changes the language, and says what there is then.
_PROGRAM = """
import json, os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from app.__main__ import main
from app.core.settings import LANGUAGE
import app.ui.application as program
class Program(program.Application):
    looks = 0
    def _attach(self, office):
        super()._attach(office)
        if not hasattr(self, "steps"):
            self.steps = [self.narrow, self.change, self.tell]
            self.clock = QTimer(self, interval=50)
            self.clock.timeout.connect(self.go_on)
            self.clock.start()
    def go_on(self):
        self.looks += 1
        if self.steps[0](self._window.current_tab()):
            self.steps.pop(0)
    def narrow(self, tab):
        if len(tab.panel.model.ids) != 2 or not tab.strip._buttons:
            return False
        tab.panel.filter.setText("film")
        tab.strip._buttons[1].click()
        return True
    def change(self, tab):
        if len(tab.panel.model.ids) != 1:
            return False
        self._tasks.run_for("open", tab.panel.model.ids[0])
        self._settings.change({LANGUAGE: "de"})
        return True
    def tell(self, tab):
        shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        words = sorted({each.text() for window in shown for each in window.findChildren(QPushButton)})
        if self.looks < 200 and ("Neuer Lead" not in words or len(tab.panel.model.ids) != 1):
            return False
        print(json.dumps({
            "text": tab.panel.filter.text(), "stage": tab.strip.choice, "words": words,
            "leads": len(tab.panel.model.ids),
            "windows": sorted(each.windowTitle() for each in shown),
        }), flush=True)
        os._exit(0)
program.Application = Program
main(["--language", "en", "--data", sys.argv[1]])
"""


@pytest.fixture
def told(folder: Path, store: Store) -> dict[str, Any]:
    """What the program says after the change."""
    for stage in ("Erstkontakt", "Vorstellung"):
        add_lead(store, f"Film {stage}", stage=stage, amount=1000)
    store.close()
    (folder / "window.ini").write_text("[window]\ntab=leads\n")
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_filters_and_lead_windows_live_through_it(told: dict[str, Any]) -> None:
    assert "Won" not in told["words"]
    assert (told["text"], told["stage"], told["leads"]) == ("film", 2, 1)
    assert told["windows"] == ["Film Vorstellung", "Trichter"]
