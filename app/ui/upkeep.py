"""What the program does for the data by itself after the start: the trash, a daily check, and what must be known."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.services.backup import Reason
from app.services.check import check
from app.services.lock import drive_warning
from app.services.trash import Trash
from app.ui.jobs import Job
from app.ui.weekly import take_snapshot, unless_away

if TYPE_CHECKING:
    from app.services.check import CheckResult
    from app.ui.context import Context

_CHECKED = "upkeep/checked"


class Upkeep(QObject):
    """Looks after an open store for as long as `parent` is there. `memory` keeps the day of the last check."""

    def __init__(self, context: "Context", memory: QSettings, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._memory = memory
        self._folder = folder
        memory.remove("drafts")  # notes that were begun lay there once, open to everybody who may read the file

    def begin(self) -> None:
        """Say what must be known, empty what lies in the trash for too long, check everything once a day."""
        warning = drive_warning(self._folder) or self._context.settings.problem
        if warning is not None:
            self._context.notify(warning)
        store, backups, start = self._context.office.store, self._context.office.backups, self._context.jobs.start
        trash = Trash(store, lambda: backups.make_if_changed(Reason.DELETE))
        purge = lambda _progress: trash.purge()  # noqa: E731 - one expression for one thread
        if not store.shared or (store.rights.may(Act.ERASE) and not store.away):  # of a team's those who may see to it
            start(Job(Text("Emptying the trash"), purge, failed=unless_away, quiet=True, writes=True, owner=self))
        take_snapshot(self._context, self)
        self._today = store.today().isoformat()
        if self._memory.value(_CHECKED) != self._today:
            work = lambda progress: check(store, progress.report)  # noqa: E731 - one expression for one thread
            start(Job(Text("Checking the data"), work, self._checked, quiet=True, pool=True, owner=self))

    def _checked(self, result: "CheckResult") -> None:
        self._memory.setValue(_CHECKED, self._today)
        if result.ok:
            return
        number = len(result.problems)
        title = Plural("{n} problem was found in the data.", "{n} problems were found in the data.", n=number)
        self._context.dialogs.tell(
            title, Text("“Check the data” in the menu Extras says which, and repairs what can be repaired.")
        )
