"""Work that takes time, away from the window's thread.

A job for the database goes to the one thread that works through them in order; other work goes to a small pool.
Results and errors come back on the window's thread; an error meets the same guard as one of a slot.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from app.core.collector import collector_paused
from app.core.errors import TrichterError
from app.core.i18n import Text
from app.core.wanted import cancelled, only_while

#: After these times the pointer says that it works, and a progress bar appears.
BUSY_MS = 300
PROGRESS_MS = 600
#: A timer without an interval would come before the repaints.
_PATIENCE_MS = 1
#: So long whoever writes to a team's server is waited for when the program ends, and whoever only looks.
_FAREWELL_SECONDS, _LOOK_SECONDS = 10, 0.5
#: More leads than this are changed in a thread: that takes longer than a repaint.
AT_ONCE = 20
#: What may touch every lead there is counts as so many: it is not worth counting them first.
ANY_NUMBER = AT_ONCE + 1


class Progress:
    """How far a job is. The work calls `report`, which raises Cancelled once the user has stopped it."""

    def __init__(self, tell: Callable[[int, int], None], give_up: Callable[[], object] = lambda: None) -> None:
        """`give_up()` ends what waits without reporting."""
        self._tell, self._give_up = tell, give_up
        self._stopped = threading.Event()

    def report(self, done: int, total: int) -> None:
        """`done` of `total`; a total of 0 means that nobody knows."""
        if self._stopped.is_set():
            raise cancelled()
        self._tell(done, total)

    def cancel(self) -> None:
        """It is not wanted any more: stop the work at its next report, or where it waits for a team's server."""
        self.halt()
        self._give_up()

    def halt(self) -> None:
        """Stop the work at its next report."""
        self._stopped.set()

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._stopped.is_set()


@dataclass(frozen=True)
class Job:
    """`work(progress)` is done elsewhere, `then(result)` on the window's thread.

    `quiet` work shows neither busy pointer nor progress; `pool` work does not stand in line with the jobs of the
    database, of which it reads at most; what `writes` has or waits for the store's one writer. `patient` work begins
    after what waits to be painted: a thread would take the interpreter away from it. `owner` is what the result is for:
    when it is gone by then (a dialog was closed, the window built anew) the result is dropped, and an error meets the
    guard.
    """

    title: Text
    work: Callable[[Progress], Any]
    then: Callable[[Any], object] = field(default=lambda result: None)
    failed: Callable[[BaseException], None] | None = None
    quiet: bool = False
    pool: bool = False
    writes: bool = False
    patient: bool = False
    owner: QObject = field(kw_only=True)


class Jobs(Protocol):
    """Whoever carries out jobs."""

    def start(self, job: Job) -> Progress:
        """Begin; returns at once (or, in tests, when it is done)."""

    def write(self, job: Job, leads: int = 1) -> None:
        """Carry out what changes so many leads: the one gate for everything a person does to the data.

        A few are changed before this returns, so that the next repaint shows it. Many, and anything while a job writes,
        are begun like every job: the window would have to wait.
        """


class Far(Protocol):
    """Where the data are those of a team's server, which may take its time."""

    def cut(self) -> None:
        """Let nobody wait for it any longer."""

    def give_up(self) -> None:
        """Let nobody wait any longer with what is not wanted any more."""


class _Run:
    """One running job. No Qt object: such a one would have to die on the right thread."""

    def __init__(
        self, job: Job, tell: Callable[["_Run", int, int], None], give_up: Callable[["_Run"], object]
    ) -> None:  # fmt: skip
        self.job, self.wanted, self.takes_long = job, True, False
        self.future: Future[Any] = Future()
        self.progress = Progress(lambda done, total: tell(self, done, total), lambda: give_up(self))


class ThreadJobs(QObject):
    """The jobs of a window. `guard` is told of errors that a job does not handle itself.

    `started(title, progress)`, `moved(done, total)` and `ended()` drive the progress bar; they come only for work that
    takes longer than `PROGRESS_MS`.
    """

    started = Signal(object, object)
    moved = Signal(int, int)
    ended = Signal()
    _done = Signal(object, object)
    _reported = Signal(object, int, int)

    def __init__(self, guard: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._guard = guard
        self._database: Executor = ThreadPoolExecutor(1, "database")
        self._pool: Executor = ThreadPoolExecutor(2, "work")
        self._running: list[_Run] = []
        self._shown: _Run | None = None
        self._busy = False
        self._over = False
        #: Where the data are those of a team's server, which may take its time: also what is soon done is written by
        #: jobs then.
        self.far: Far | None = None
        # Queued even when the work is over before it is asked about: `then` never runs inside `start`.
        self._done.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._move, Qt.ConnectionType.QueuedConnection)

    def start(self, job: Job) -> Progress:
        """Begin a job; its `then` follows on this thread."""
        run = _Run(job, self._reported.emit, self._give_up)
        if self._over:  # a view that is about to go still asks for its sums
            return run.progress
        self._running.append(run)
        if not job.quiet:
            QTimer.singleShot(BUSY_MS, self, lambda: self._point(run))
            QTimer.singleShot(PROGRESS_MS, self, lambda: self._show(run))
        if job.patient:
            QTimer.singleShot(_PATIENCE_MS, self, lambda: self._submit(run))
        else:
            self._submit(run)
        return run.progress

    def _submit(self, run: _Run) -> None:
        if run not in self._running:  # stopped meanwhile
            return
        job, executor = run.job, self._pool if run.job.pool else self._database
        run.future = executor.submit(_writing(run) if job.writes else job.work, run.progress)
        run.future.add_done_callback(lambda future: self._done.emit(run, future))

    def write(self, job: Job, leads: int = 1) -> None:
        """Change the data at once where that is soon done, else by a job."""
        if leads > AT_ONCE or self.far is not None or self.writing:
            self.start(replace(job, writes=True))
        else:
            _at_once(job, self._guard)

    def stop(self) -> None:
        """Cancel what runs and wait for it; what it still brings is dropped. What waits to be written is written.

        What is asked for later is not begun.
        """
        for run in self._running:
            run.progress.halt()
            if not run.job.writes:
                run.future.cancel()
        if self.far is not None:
            self._hasten(self.far.cut)
        self._running.clear()
        self._over = True
        self._settle()
        self._database.shutdown()
        self._pool.shutdown()

    def _hasten(self, cut: Callable[[], object]) -> None:
        """A server that froze would keep the program from ending: it answers nobody, and no wire is cut."""
        waited = _FAREWELL_SECONDS if self.writing else _LOOK_SECONDS
        begun = [run.future for run in self._running if run.future.running() or run.job.writes]
        if wait([future for future in begun if not future.cancelled()], timeout=waited).not_done:
            cut()

    def _give_up(self, run: _Run) -> None:
        """Somebody cancelled it: what would be written is not, and does not wait for the others of a team."""
        run.wanted = False
        if run.job.writes and self.far is not None:
            self.far.give_up()

    @property
    def idle(self) -> bool:
        """Whether nothing runs."""
        return not self._running

    @property
    def writing(self) -> bool:
        """Whether a job writes or is about to: who wrote now would wait for it."""
        return any(run.job.writes for run in self._running)

    def _finish(self, run: _Run, future: Future[Any]) -> None:
        if run not in self._running:
            return
        self._running.remove(run)
        self._settle()
        _follow(run.job, future, self._guard)

    def _point(self, run: _Run) -> None:
        if run in self._running and not self._busy:
            self._busy = True
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

    def _settle(self) -> None:
        """Take back pointer and progress bar once nothing needs them."""
        if self._shown is not None and self._shown not in self._running:
            self._shown = None
            self.ended.emit()
            for run in self._running:  # that stood in line behind it, and can be stopped as well
                if run.takes_long:
                    self._show(run)
        if self._busy and all(run.job.quiet for run in self._running):
            self._busy = False
            QGuiApplication.restoreOverrideCursor()

    def _show(self, run: _Run) -> None:
        run.takes_long = True
        if run in self._running and self._shown is None:
            self._shown = run
            self.started.emit(run.job.title, run.progress)

    def _move(self, run: _Run, done: int, total: int) -> None:
        if self._shown is run:
            self.moved.emit(done, total)


def _follow(job: Job, future: Future[Any], guard: Callable[[BaseException], None]) -> None:
    if future.cancelled():
        return
    error, there = future.exception(), isValid(job.owner)
    if error is not None:
        (job.failed if job.failed is not None and there else guard)(error)
    elif there:
        job.then(future.result())


def _writing(run: _Run) -> Callable[[Progress], Any]:
    """Its work, for as long as it is wanted, with the garbage collector at rest: among thousands of new objects that
    would stop every thread.
    """

    def patient(progress: Progress) -> Any:
        with collector_paused(), only_while(lambda: run.wanted):
            return run.job.work(progress)

    return patient


def _at_once(job: Job, guard: Callable[[BaseException], None]) -> None:
    try:
        result = job.work(Progress(lambda done, total: None))
    except TrichterError as error:  # anything else is raised in the slot that asked, and meets the guard there
        (job.failed or guard)(error)
    else:
        job.then(result)


class InlineJobs:
    """Waits for every job before going on: for tests, and before there is a window."""

    def __init__(self, guard: Callable[[BaseException], None] | None = None) -> None:
        """Without a `guard` the errors of a job come through to whoever started it."""
        self._guard = guard or _raise

    def start(self, job: Job) -> Progress:
        """Do it all before returning."""
        progress = Progress(lambda done, total: None)
        with ThreadPoolExecutor(1) as executor:
            future = executor.submit(job.work, progress)
        _follow(job, future, self._guard)
        return progress

    def write(self, job: Job, leads: int = 1) -> None:
        """On the same thread as the program does it."""
        if leads > AT_ONCE:
            self.start(job)
        else:
            _at_once(job, self._guard)


def _raise(error: BaseException) -> None:
    raise error
