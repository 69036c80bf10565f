"""Once on a desktop with a real tray: a reminder comes, is put off, comes again, is done, and the history tells."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.leads import Leads, NextStep
from tests.flows.real_desktop import available, desktop
from tests.stores import TODAY, add_lead, reopened


@pytest.mark.skipif(not available(), reason="needs Xvfb, openbox, trayer and xdotool")
def test_a_reminder_on_a_real_desktop(folder: Path, tmp_path: Path) -> None:
    store = reopened(folder)
    lead = add_lead(store, "Webshop Müller", user_id=1)
    Leads(store).set_next_step([lead], NextStep(TODAY, "Anrufen", 9 * 60 + 2))
    store.close()
    with desktop(tmp_path / "desktop.log") as around:
        done = subprocess.run(
            [sys.executable, "-m", "tests.flows.real_desktop", str(folder)], env=around, capture_output=True, text=True,
            timeout=180, check=False, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen == {
        "in the tray": True,
        "kept the keyboard": True,
        "in the corner": True,
        "hidden": True,
        "early": 0,
        "still hidden": True,
        "history": [
            "Step “Anrufen” finished",
            "Reminded: “Anrufen”",
            "Reminded: “Anrufen”; again on 24 Nov 2026 at 10:02",
            "Next step 24 Nov 2026: Anrufen",
        ],
    }
