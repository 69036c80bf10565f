"""`trichter reminders`: what has come, without showing it to anybody."""

from pathlib import Path

from app.bootstrap import SETTINGS_FILE
from app.core.paths import config_dir
from app.core.settings import DAY_REMINDER, Settings
from app.services.leads import Leads, NextStep
from tests.cli.conftest import Trichter
from tests.models.edits import rows
from tests.stores import TODAY, add_lead, reopened

DAY = TODAY.isoformat()


def fill(folder: Path) -> None:
    """A step in the night before, one of the day, one of the afternoon."""
    store = reopened(folder)
    for title, minutes in (("Webshop", 8 * 60), ("Film", None), ("Messe", 15 * 60)):
        lead = add_lead(store, title, user_id=1)
        Leads(store).set_next_step([lead], NextStep(TODAY, f"{title} anrufen", minutes))
    store.close()


def test_what_has_come_is_listed_and_stays_to_be_shown(folder: Path, trichter: Trichter) -> None:
    fill(folder)
    said = trichter("--data", folder, "--today", DAY, "reminders")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["Id", "Due", "Lead", "Company", "Step"]
    assert "Film anrufen" in said.out
    assert "Messe" not in said.out
    assert lines[-1] == "2 steps are waiting"
    store = reopened(folder)
    assert rows(store, "SELECT count(*) FROM reminder_state") == [(0,)]
    store.close()


def test_as_json_and_no_more_than_asked_for(folder: Path, trichter: Trichter) -> None:
    fill(folder)
    answer = trichter("--data", folder, "--today", DAY, "reminders", "--json", "--limit", "0").json
    assert answer["count"] == 2
    assert answer["reminders"][0] == {
        "lead_id": 2, "company_id": None, "title": "Film", "company": None, "step": "Film anrufen", "on": DAY,
        "due": f"{DAY}T08:00:00+00:00",
    }  # fmt: skip
    assert len(trichter("--data", folder, "--today", DAY, "reminders", "--json").json["reminders"]) == 2


def test_the_day_begins_when_the_settings_say(folder: Path, trichter: Trichter) -> None:
    fill(folder)
    Settings(config_dir(folder) / SETTINGS_FILE)[DAY_REMINDER] = "11:00"
    assert trichter("--data", folder, "--today", DAY, "reminders", "--json").json["count"] == 1


def test_without_data_nothing_waits_and_nothing_is_made(data: Path, trichter: Trichter) -> None:
    said = trichter("reminders")
    assert (said.code, said.out) == (0, "0 steps are waiting\n")
    assert not data.exists()
