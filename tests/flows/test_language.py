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
    step = 0
    def _attach(self, office):
        super()._attach(office)
        self.step += 1
        QTimer.singleShot(200, self, self.work if self.step == 1 else self.tell)
    def work(self):
        tab = self._window.current_tab()
        tab.panel.filter.setText("film")
        tab.strip._buttons[1].click()
        self._tasks.run_for("open", tab.panel.model.ids[0])
        self._settings.change({LANGUAGE: "de"})
    def tell(self):
        tab = self._window.current_tab()
        shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        print(json.dumps({
            "text": tab.panel.filter.text(), "stage": tab.strip.choice, "ids": list(tab.panel.model.ids),
            "windows": sorted(each.windowTitle() for each in shown),
            "words": sorted({each.text() for window in shown for each in window.findChildren(QPushButton)}),
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
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_filters_and_lead_windows_live_through_it(told: dict[str, Any]) -> None:
    assert "Neuer Lead" in told["words"]
    assert (told["text"], told["stage"], len(told["ids"])) == ("film", 2, 1)
    assert told["windows"] == ["Film Vorstellung", "Trichter"]
