"""From the start of the program to its end: one instance, the first welcome, the open store, the way out.

The frame of the window is painted first; the store and SQLAlchemy follow on a thread, so nobody waits for them.
"""

import gc
import sys
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog

from app.core import paths
from app.core.errors import TrichterError
from app.core.i18n import Text
from app.core.settings import BACKUP_FOLDER, BACKUP_ON_EXIT, COUNTRY, LANGUAGE, LAST_USER
from app.ui.contact_files.drop import CardDrop
from app.ui.dress import Dress
from app.ui.guard import Guard
from app.ui.jobs import Job, Progress, ThreadJobs
from app.ui.launch import Coming, Launch
from app.ui.main_window import MainWindow
from app.ui.opening import context_in, load_afterwards, open_office
from app.ui.program import Program, close_all
from app.ui.theme import Theme
from app.ui.whose import hand_over, person_in

if TYPE_CHECKING:
    from app.services.arrival import Arrival
    from app.services.office import Office
    from app.ui.arrival.shift import Shift
    from app.ui.background import Background
    from app.ui.instance import Instance
    from app.ui.welcome.dialog import Welcome
    from app.ui.window_tasks import WindowTasks


class Application(QObject):
    """The program with a window. `ended` comes when that is closed, the last backup made and the store closed."""

    ended = Signal()

    def __init__(self, launch: Launch) -> None:
        self._app = QApplication.instance() or Program(sys.argv[:1])
        super().__init__()
        self._launch = launch
        self._settings = launch.settings
        self._formats = launch.formats
        self._office: Office | None = None
        self._instance: Instance | None = None
        self._tasks: WindowTasks | None = None
        self._window: MainWindow | None = None
        self._ending = self._again = self._settled = self._leaving = False
        self._background: Background | None = None
        self._hidden = launch.hidden
        assert isinstance(self._app, QApplication)
        self._app.setApplicationName("trichter")
        self._app.setApplicationDisplayName("Trichter")
        self._app.setDesktopFileName("trichter")
        self._theme = Theme(self._app, paths.resources_dir() / "icons")
        self._guard = Guard(self._say_error, self._report)
        self._new_jobs()
        self._memory = QSettings(str(launch.folder / "window.ini"), QSettings.Format.IniFormat)
        self._dress = Dress(self._app, self._theme, self._settings, self)
        self._dress.translate(self._formats.language)
        self._settings.listen(BACKUP_FOLDER, lambda _value: self._move_backups())
        self._settings.listen(LANGUAGE, lambda _value: QTimer.singleShot(0, self._reword))
        self._settings.listen(COUNTRY, lambda _value: QTimer.singleShot(0, self._reword))

    def run(self) -> int:
        """Until the window is closed; returns the exit code."""
        self._guard.install()
        QApplication.setQuitOnLastWindowClosed(False)  # what follows the window's closing takes longer
        self.ended.connect(lambda: self._app.exit(0))
        if isinstance(self._app, Program):
            self._app.ending.connect(self._end_by_system)
            self._app.hear_signals()
        code = self._app.exec() if self.begin() else 0
        self._guard.remove()
        self._jobs.stop()  # the system may have asked the program to end before it was done
        self._close_store()
        if self._instance is not None:
            self._instance.close()
        if isinstance(self._app, Program):
            self._app.hear_no_more()
        return code

    def begin(self) -> bool:
        """Show the frame, and open the store once it is painted; False when there is nothing to show."""
        has_store = self._launch.has_store()
        if (self._launch.held() or not has_store) and not self._is_first():
            return False
        welcome = None
        if not has_store:
            welcome = self._welcome()
            if welcome is None:
                return False
        self._make_window()
        assert self._window is not None
        self._window.painted.connect(lambda: self._go_on(welcome))
        return True

    def _go_on(self, welcome: "Welcome | None") -> None:
        """The frame is painted."""
        assert self._window is not None
        if self._instance is None and not self._is_first():  # both were started in the same moment
            self._window.close()
            return
        self._begin_log()
        self._open(welcome)

    def _is_first(self) -> bool:
        """Whether no other process has a window for this folder; if one has, it comes forward.

        To ask loads Qt's network, so it is done before the frame only where somebody may be there.
        """
        from app.ui.instance import Instance

        self._instance = Instance(self._launch.place, self)
        if self._instance.answered:
            if not self._launch.hidden:
                self._instance.raise_other()
            return False
        self._instance.asked.connect(self._come_forward)
        return True

    # Words

    def _reword(self) -> None:
        """Another language or country: the windows are built anew, the store stays open."""
        self._formats = self._launch.speak(self._settings[LANGUAGE], self._settings[COUNTRY])
        self._dress.translate(self._formats.language)
        if self._office is None or self._tasks is None or self._window is None:  # not open yet, or about to end
            return
        front, old = self._window.tab_row.currentIndex(), self._window
        settings = old.findChild(QDialog, "settings")
        if settings is not None:  # it belongs to the old window, and comes back with the new one
            settings.reject()
        leads, records = self._tasks.lead_windows(), self._tasks.records.windows()
        self._leave_tasks()
        self._make_window()
        self._window.tab_row.setCurrentIndex(front)
        self._attach(self._office)
        self._tasks.open_again(leads)
        self._tasks.records.open_again(records)
        old.closing.disconnect()
        old.close()
        old.deleteLater()
        if settings is not None:
            QTimer.singleShot(0, lambda: self._hub("settings"))

    def _move_backups(self) -> None:
        if self._office is not None:
            self._office.backups.use(self._launch.backup_folder())

    # The window

    def _make_window(self) -> None:
        window = MainWindow(self._theme, self._memory)
        window.setWindowIcon(self._theme.app_icon())
        window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
        window.closing.connect(self._close)
        window.stays = lambda: self._stays(window)
        if self._hidden:
            window.begin_hidden()
        else:
            window.show()
        self._window = window
        CardDrop(window, self._take_contacts, window.actions_["import_contacts"].isEnabled)
        self._show_progress(window)

    def _new_jobs(self) -> None:
        """After the old ones were stopped."""
        self._jobs = ThreadJobs(self._guard.handle, self)
        if self._window is not None:
            self._show_progress(self._window)

    def _show_progress(self, window: MainWindow) -> None:
        self._jobs.started.connect(window.status.begin_progress)
        self._jobs.moved.connect(window.status.move_progress)
        self._jobs.ended.connect(window.status.end_progress)

    def _welcome(self) -> "Welcome | None":
        from app.ui.welcome.dialog import ask_welcome

        found = ask_welcome(self._theme, self._settings, self._launch.speak)
        if found is not None:
            self._settings.change({LANGUAGE: found.language, COUNTRY: found.country, LAST_USER: found.name})
            self._formats = self._launch.speak(found.language, found.country)
            self._dress.translate(self._formats.language)
        return found

    def _begin_log(self) -> None:
        crash, end = self._launch.begin_log()
        self._app.aboutToQuit.connect(end)
        if crash is not None:
            QTimer.singleShot(0, lambda: self._report(crash))

    def _open(self, welcome: "Welcome | None", coming: Coming | None = None) -> None:
        assert self._window is not None
        front, coming = self._window.front.module, coming or Coming(quietly=self._hidden)

        def keep(office: "Office") -> None:
            self._office = office  # from here on the end closes it, whether this result is still taken or not

        def work(progress: Progress) -> "tuple[Office, Arrival | None]":
            return open_office(self._launch, self._formats, front, welcome, progress, keep, coming)

        def done(found: "tuple[Office, Arrival | None]") -> None:
            if self._ending:
                return
            office, asked = found
            if asked is not None and self._window is not None:
                self._shift.ask(self._window, office, asked, self._jobs, lambda: self._attach(office))
                return
            self._attach(office)
            if welcome and welcome.start == "import":
                self._hub("import")

        self._jobs.start(Job(Text("Opening the data"), work, done, failed=self._cannot_open, owner=self))

    @cached_property
    def _shift(self) -> "Shift":
        from app.ui.arrival.shift import Shift

        return Shift(self._settings, self._reopen, self._behind, self)

    def _attach(self, office: "Office") -> None:
        from app.ui.window_tasks import WindowTasks

        assert self._window is not None
        self._office, self._jobs.far = office, office.store if office.store.shared else None
        window = self._window
        hand_over(self._memory, person_in(office))
        context = context_in(
            window, office, self._launch, self._formats, self._theme, self._memory, self._jobs, self._guard
        )  # fmt: skip
        self._tasks = WindowTasks(window, context, self._hub)
        window.attach(context, self._tasks)
        QTimer.singleShot(0, self._tasks, self._look_after)

    def _look_after(self) -> None:
        """The first page is painted: what the program does by itself begins, its modules loaded by a thread."""
        tasks = self._tasks
        if tasks is None:  # the window was closed, or the store is another one by now
            return

        def begin(_modules: object) -> None:
            from app.ui.upkeep import Upkeep

            if self._tasks is not tasks or self._window is None:
                return
            tasks.show_facts()
            Upkeep(tasks.context, self._memory, self._launch.folder, tasks).begin()
            self._behind().watch(self._window, tasks)
            self._settle_memory()

        self._jobs.start(Job(Text("Opening the data"), load_afterwards, begin, quiet=True, pool=True, owner=tasks))

    def _behind(self) -> "Background":
        from app.ui.background import Background

        if self._background is None:
            self._background = Background(self._settings, self._theme, self._come_forward, self._quit, self)
        return self._background

    def _settle_memory(self) -> None:
        """What the start made stays for good: the collector, off until now, need not look at it again.

        Once only: later there is an old window among it, which has to go.
        """
        if not self._settled:
            self._settled = True
            gc.freeze()
            gc.enable()

    def _cannot_open(self, error: BaseException) -> None:
        """The store could not be opened: say why, and offer what can be done."""
        if not isinstance(error, TrichterError):
            self._guard.handle(error)
            return
        if self._ending:
            return
        from app.ui.recovery import find_way_on

        assert self._window is not None
        window, jobs, go = self._window, self._jobs, partial(self._open, None)
        self._shift.once_seen(window, jobs, partial(find_way_on, window, error, self._launch, jobs, go))

    def _come_forward(self) -> None:
        self._again = self._ending
        self._hidden = False
        if self._window is not None:
            self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
            self._window.show()
            self._window.raise_()
            self._window.activateWindow()

    # What concerns the whole program

    def _hub(self, id_: str) -> None:
        from app.ui.program_tasks import ProgramTasks

        if id_ == "quit":
            self._quit()
        elif id_ == "reminders":
            if self._background is not None:
                self._background.show_reminders()
        elif self._tasks is None or self._window is None:
            return
        elif id_ in ("switch_user", "lock", "gone"):
            self._shift.run(id_, self._window, self._tasks.context)
        else:
            ProgramTasks(self._window, self._tasks.context, self._reopen_with, self._reopen).run(id_)

    def _take_contacts(self, files: Sequence[Path]) -> None:
        if self._tasks is not None and self._window is not None:
            from app.ui.program_tasks import ProgramTasks

            ProgramTasks(self._window, self._tasks.context, self._reopen_with, self._reopen).take_contacts(files)

    def _reopen_with(self, backup: Path) -> None:
        """Close the store, put a backup in its place, open it again."""

        def done(words: Text) -> None:
            self._say(words)
            open_again()

        def failed(error: BaseException) -> None:
            self._guard.handle(error)
            open_again()

        def open_again() -> None:
            if not self._ending and self._jobs is jobs:  # what was said may have outlasted the window
                self._open(None, Coming(quietly=True))

        self._shut()
        jobs = self._jobs
        work = lambda _progress: self._launch.restore(backup)  # noqa: E731 - one expression for one thread
        self._jobs.start(Job(Text("Restoring the backup"), work, done, failed, owner=self))

    def _reopen(self, coming: Coming) -> None:
        """Open the store anew for somebody: nothing that was read or remembered for who was there is left."""
        if not self._ending:
            self._shut()
            self._open(None, coming)

    def _shut(self) -> None:
        """The window is blank, and the file is free."""
        self._leave_tasks()
        self._jobs.stop()  # nothing may read from the store while its file is exchanged
        self._close_store()
        self._new_jobs()

    def _say(self, text: Text, details: Text | None = None) -> None:
        from app.ui.dialogs import QtDialogs

        if self._window is not None:
            QtDialogs(self._window).tell(text, details)

    # Errors

    def _say_error(self, error: TrichterError) -> None:
        if self._window is None:
            sys.stderr.write(f"{error}\n")
            return
        self._window.tell_error(str(error))

    def _report(self, words: str) -> None:
        from app.ui.report import ReportDialog

        ReportDialog(self._theme, words, self._window).exec()

    # The end

    def _quit(self) -> None:
        """End the program, whatever a closed window means otherwise."""
        self._leaving = True
        if self._window is not None:
            self._window.close()

    def _end_by_system(self) -> None:
        """Somebody logs out, or the machine is about to stop: what is open is left, hidden or not."""
        self._leaving = True
        close_all()
        self._quit()

    def _stays(self, window: MainWindow) -> bool | None:
        """Whether a window that is closed is only hidden: while a store is open, and nobody asked for the end."""
        if self._leaving or self._tasks is None or self._background is None or window is not self._window:
            return False
        return self._background.keeps(window)

    def _leave_tasks(self) -> None:
        if self._background is not None:
            self._background.leave()
        if self._tasks is not None:
            self._tasks.stop()
            self._tasks = None

    def _close(self) -> None:
        """The window closes, and is gone before what takes longer: the rest follows behind it."""
        self._again = self._leaving = False
        if not self._ending:
            self._ending = True
            self._leave_tasks()
            QTimer.singleShot(0, self, self._wind_up)

    def _wind_up(self) -> None:
        """Stop what runs, back up, close the store. Whoever starts the program meanwhile finds it locked until then."""
        self._jobs.stop()
        self._new_jobs()
        office = self._office
        if office is None or not self._settings[BACKUP_ON_EXIT]:
            self._end()
            return
        work, then = lambda _progress: office.backups.on_exit(), lambda _copy: self._end()
        self._jobs.start(Job(Text("Backing up"), work, then, failed=self._not_backed_up, owner=self))

    def _not_backed_up(self, error: BaseException) -> None:
        if isinstance(error, TrichterError):  # a message in the window would not be seen
            self._say(Text("The backup on exit could not be made."), Text("{reason}", reason=str(error)))
        else:
            self._guard.handle(error)
        self._end()

    def _end(self) -> None:
        """All is done: end, or begin again if somebody started the program meanwhile."""
        self._leave_tasks()
        self._jobs.stop()
        self._close_store()
        self._ending = False
        if self._again:
            self._new_jobs()
            self._open(None)
        else:
            if self._background is not None:
                self._background.end()
                self._background = None
            self.ended.emit()

    def _close_store(self) -> None:
        if self._office is not None:
            self._office.close()
            self._office = None
