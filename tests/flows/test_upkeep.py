"""What the program does by itself after the start."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QSettings

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.services.backup import Reason
from app.services.check import CheckResult, Problem
from app.services.leads import Leads
from app.services.snapshots import Snapshots
from app.services.trash import Trash
from app.ui.program_tasks import ProgramTasks
from app.ui.upkeep import Upkeep
from tests.flows.conftest import Open
from tests.flows.desk import Desk


def _begin(desk: Desk, folder: Path) -> None:
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    Upkeep(desk.context, memory, folder, desk.window).begin()


def test_the_trash_is_emptied_after_a_backup_and_never_on_a_given_day(
    desk: Desk, leads: dict[str, int], clock: FixedClock, tmp_path: Path
) -> None:
    Leads(desk.store).delete([leads["Hosting Bräu"]])
    clock.instant += timedelta(days=31)
    desk.store.given_day = desk.store.today()
    _begin(desk, tmp_path)
    assert len(Trash(desk.store).all()) == 1
    desk.store.given_day = None
    _begin(desk, tmp_path)
    assert Trash(desk.store).all() == []
    assert [copy.reason for copy in desk.context.office.backups.list()] == [Reason.DELETE]


def test_the_state_of_the_week_is_stored_at_the_start_and_when_a_week_turns(
    desk: Desk, leads: dict[str, int], clock: FixedClock, tmp_path: Path
) -> None:
    _begin(desk, tmp_path)
    snapshots = Snapshots(desk.store)
    assert snapshots.days() == [desk.store.today()]
    for _ in range(7):
        clock.instant += timedelta(days=1)
        desk.tasks._tick()
    assert len(snapshots.days()) == 2
    assert set(snapshots.at(desk.store.today()) or ()) == set(leads.values())
    _begin(desk, tmp_path)
    assert len(snapshots.days()) == 2


def test_what_cannot_be_repaired_is_told_and_not_asked(opening: Open) -> None:
    desk = opening(("tell", "1 problem found", None))
    tasks = ProgramTasks(desk.window, desk.context, lambda _backup: None, lambda _coming: None)
    tasks._offer_repair(CheckResult((Problem("file", Text("The file is damaged.")),)))
    desk.dialogs.finish()
