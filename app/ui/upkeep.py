"""What the program does for the data by itself after the start: the trash, a daily check, and what must be known."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from app.core.i18n import Plural, Text
from app.services.backup import Reason
from app.services.check import check
from app.services.lock import drive_warning
from app.services.trash import Trash
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.check import CheckResult
    from app.ui.context import Context

_CHECKED = "upkeep/checked"


class Upkeep:
    """Looks after an open store. `memory` keeps the day of the last check."""

    def __init__(self, context: "Context", memory: QSettings, folder: Path) -> None:
        self._context = context
        self._memory = memory
        self._folder = folder

    def begin(self) -> None:
        """Say what must be known, empty what lies in the trash for too long, check everything once a day."""
        warning = drive_warning(self._folder) or self._context.settings.problem
        if warning is not None:
            self._context.notify(warning)
        store, backups = self._context.office.store, self._context.office.backups
        trash = Trash(store, lambda: backups.make_if_changed(Reason.DELETE))
        purge: Job = Job(Text("Emptying the trash"), lambda _progress: trash.purge(), quiet=True, writes=True)
        self._context.jobs.start(purge)
        self._today = store.today().isoformat()
        if self._memory.value(_CHECKED) != self._today:
            work = Job(Text("Checking the data"), lambda _progress: check(store), self._checked, quiet=True, pool=True)
            self._context.jobs.start(work)

    def _checked(self, result: "CheckResult") -> None:
        self._memory.setValue(_CHECKED, self._today)
        if result.ok:
            return
        number = len(result.problems)
        title = Plural("{n} problem was found in the data.", "{n} problems were found in the data.", n=number)
        self._context.dialogs.tell(
            title, Text("“Check the data” in the menu Extras says which, and repairs what can be repaired.")
        )
