"""Commands that concern the program and the store as a whole."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.core.terms import Entity
from app.ui.jobs import Job
from app.ui.launch import Coming

if TYPE_CHECKING:
    from app.services.check import CheckResult
    from app.ui.context import Context
    from app.ui.jobs import Progress
    from app.ui.main_window import MainWindow

_BACKUPS = ((Text("Backups"), "*.db"), (Text("All files"), "*"))
_CONTACTS = ((Text("Contacts"), "*.vcf *.vcard"), (Text("All files"), "*"))
_LISTS = ((Text("Lists"), "*.csv"), (Text("All files"), "*"))


class ProgramTasks:
    """Carries them out for a window with an open store."""

    def __init__(
        self, window: "MainWindow", context: "Context", reopen_with: Callable[[Path], None],
        reopen: Callable[[Coming], object],
    ) -> None:  # fmt: skip
        """`reopen_with(backup)` closes the store, puts the backup in its place and opens it again; `reopen(coming)`
        opens what the settings say by now.
        """
        self._window = window
        self._context = context
        self._office = context.office
        self._reopen_with, self._reopen = reopen_with, reopen

    def run(self, id_: str) -> None:
        """Carry out a command by its id."""
        {
            "import": self._import,
            "export": self._export,
            "import_contacts": self._import_contacts,
            "export_contacts": self._export_contacts,
            "restore": self._restore,
            "goals": lambda: self._settings("goals"),
            "history": self._history,
            "duplicates": self._duplicates,
            "trash": lambda: self._settings("trash"),
            "check": self._check,
            "settings": self._settings,
            "profile": lambda: self._settings("profile"),
            "help": self._help,
            "shortcuts": self._shortcuts,
            "about": self._about,
        }[id_]()

    def _import(self) -> None:
        from app.ui.importing.dialog import ImportDialog

        ImportDialog(self._context, self._window).exec()

    def _import_contacts(self) -> None:
        file = self._context.dialogs.open_file(Text("Import contacts"), _CONTACTS)
        if file is not None:
            self.take_contacts([file])

    def take_contacts(self, files: Sequence[Path]) -> None:
        """Show what is in files of contacts, to be imported."""
        from app.ui.contact_files.importing import ContactImportDialog

        if not self._context.permits(Act.IMPORT):  # they may have been dropped
            return
        ContactImportDialog(self._context, files, self._window).exec()

    def _export_contacts(self) -> None:
        from app.ui.contact_files.exporting import ContactExportDialog

        ContactExportDialog(self._context, self._window).exec()

    def _history(self) -> None:
        from app.ui.history.dialog import HistoryDialog

        HistoryDialog(self._context, self._window).exec()

    def _duplicates(self) -> None:
        from app.ui.duplicates.dialog import DuplicatesDialog

        DuplicatesDialog(self._context, self._window).exec()

    def _export(self) -> None:
        from app.services.exporting.csv_file import export_csv

        day = self._office.store.today().isoformat()
        target = self._context.dialogs.save_file(Text("Export all leads"), f"Trichter {day}.csv", _LISTS)
        if target is None:
            return

        def done(count: int) -> None:
            words = Plural("{n} lead exported to {file}", "{n} leads exported to {file}", n=count, file=target.name)
            self._context.notify(words)

        def work(progress: "Progress") -> int:
            return export_csv(self._office.store, target, progress=progress.report)

        self._context.jobs.start(Job(Text("Exporting"), work, done, owner=self._window))

    def _restore(self) -> None:
        from app.ui.restoring import ask_restore

        file = self._context.dialogs.open_file(Text("Restore a backup"), _BACKUPS, self._office.backups.folder)
        if file is not None:
            later = lambda backup: QTimer.singleShot(0, lambda: self._reopen_with(backup))  # noqa: E731 - the job ends first
            ask_restore(self._context, file, later, self._window)

    def _check(self) -> None:
        from app.services.check import check

        def done(result: "CheckResult") -> None:
            if result.ok:
                self._context.dialogs.tell(Text("All data are in order."))
            else:
                self._offer_repair(result)

        work = lambda progress: check(self._office.store, progress.report)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Checking the data"), work, done, owner=self._window))

    def _offer_repair(self, result: "CheckResult") -> None:
        from app.services.check import repair

        details = Text("{problems}", problems="\n".join(str(problem.what) for problem in result.problems))
        title = Plural("{n} problem found", "{n} problems found", n=len(result.problems))
        if not any(problem.repairable for problem in result.problems) or not self._context.allowed.may(Act.LISTS):
            self._context.dialogs.tell(title, details)
        elif self._context.dialogs.ask(title, details, [Text("Repair")]) == 0:
            work = lambda _progress: repair(self._office.store)  # noqa: E731 - one expression for one thread
            job = Job(Text("Repairing"), work, lambda _left: self._check(), writes=True, owner=self._window)
            self._context.jobs.start(job)

    def _settings(self, page: str = "") -> None:
        from app.ui.settings.dialog import SettingsDialog

        dialog: SettingsDialog
        about = getattr(self._window.current_tab(), "entity", Entity.LEAD)

        def restore(backup: Path) -> None:
            dialog.reject()  # its pages show a store that is about to be closed
            QTimer.singleShot(0, lambda: self._reopen_with(backup))

        def reopen(coming: Coming) -> None:
            dialog.reject()
            QTimer.singleShot(0, lambda: self._reopen(coming))

        dialog = SettingsDialog(self._context, self._window, page, restore=restore, reopen=reopen, about=about)
        dialog.exec()

    def _help(self) -> None:
        from app.ui.help.page import HelpDialog

        topic = _topic(self._window.focusWidget())
        HelpDialog(self._context, self._window, self._window.actions_.other_keys(), topic).exec()

    def _shortcuts(self) -> None:
        from app.ui.help.shortcuts import ShortcutsDialog

        ShortcutsDialog(self._context, self._window.actions_, self._window).exec()

    def _about(self) -> None:
        from app.ui.help.about import AboutDialog

        AboutDialog(self._context, self._window).exec()


def _topic(focus: QWidget | None) -> str:
    """What there is to be told about where the keyboard is; empty for nothing in particular."""
    return "" if focus is None else str(focus.property("help") or "")
