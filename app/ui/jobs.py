"""Work that takes time, away from the window's thread.

A job for the database goes to the one thread that works through them in order; other work goes to a small pool.
Results and errors come back on the window's thread; an error meets the same guard as one of a slot.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.core.errors import Cancelled
from app.core.i18n import Text

#: After these times the pointer says that it works, and a progress bar appears.
BUSY_MS = 300
PROGRESS_MS = 600


class Progress:
    """How far a job is. The work calls `report`, which raises Cancelled once the user has stopped it."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._stopped = threading.Event()

    def report(self, done: int, total: int) -> None:
        """`done` of `total`; a total of 0 means that nobody knows."""
        if self._stopped.is_set():
            raise Cancelled(Text("Cancelled. Nothing was changed."))
        self._tell(done, total)

    def cancel(self) -> None:
        """Stop the work at its next report."""
        self._stopped.set()

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._stopped.is_set()


@dataclass(frozen=True)
class Job:
    """`work(progress)` is done elsewhere, `then(result)` on the window's thread.

    `quiet` work shows neither busy pointer nor progress; `pool` work does not need the database.
    """

    title: Text
    work: Callable[[Progress], Any]
    then: Callable[[Any], None] = field(default=lambda result: None)
    failed: Callable[[BaseException], None] | None = None
    quiet: bool = False
    pool: bool = False


class Jobs(Protocol):
    """Whoever carries out jobs."""

    def start(self, job: Job) -> Progress:
        """Begin; returns at once (or, in tests, when it is done)."""


class _Runner(QObject):
    """One running job; its signals cross from the worker's thread to the window's."""

    progressed = Signal(int, int)
    done = Signal(object)

    def __init__(self, job: Job, parent: QObject) -> None:
        super().__init__(parent)
        self.job = job
        self.progress = Progress(self.progressed.emit)

    def run_in(self, executor: Executor) -> None:
        """Hand the work to a thread; `done` brings its future, with the result or the error."""
        executor.submit(self.job.work, self.progress).add_done_callback(self.done.emit)


class ThreadJobs(QObject):
    """The jobs of a window. `guard` is told of errors that a job does not handle itself.

    `started(title, progress)`, `moved(done, total)` and `ended()` drive the progress bar; they come only for work that
    takes longer than `PROGRESS_MS`.
    """

    started = Signal(object, object)
    moved = Signal(int, int)
    ended = Signal()

    def __init__(self, guard: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._guard = guard
        self._database: Executor = ThreadPoolExecutor(1, "database")
        self._pool: Executor = ThreadPoolExecutor(2, "work")
        self._running: list[_Runner] = []
        self._shown: _Runner | None = None

    def start(self, job: Job) -> Progress:
        """Begin a job; its `then` follows on this thread."""
        runner = _Runner(job, self)
        self._running.append(runner)
        queued = Qt.ConnectionType.QueuedConnection
        runner.done.connect(lambda future: self._finish(runner, future), queued)
        runner.progressed.connect(lambda done, total: self._move(runner, done, total), queued)
        if not job.quiet:
            QTimer.singleShot(BUSY_MS, runner, lambda: self._busy(runner))
            QTimer.singleShot(PROGRESS_MS, runner, lambda: self._show(runner))
        runner.run_in(self._pool if job.pool else self._database)
        return runner.progress

    def stop(self) -> None:
        """Cancel what runs and wait for it."""
        for runner in self._running:
            runner.progress.cancel()
        self._database.shutdown(cancel_futures=True)
        self._pool.shutdown(cancel_futures=True)

    @property
    def idle(self) -> bool:
        """Whether nothing runs."""
        return not self._running

    def _finish(self, runner: _Runner, future: Future[Any]) -> None:
        if runner not in self._running:
            return
        self._running.remove(runner)
        if self._shown is runner:
            self._shown = None
            self.ended.emit()
        self._settle_pointer()
        runner.deleteLater()
        _follow(runner.job, future, self._guard)

    def _busy(self, runner: _Runner) -> None:
        if runner in self._running and QGuiApplication.overrideCursor() is None:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

    def _settle_pointer(self) -> None:
        if not any(not runner.job.quiet for runner in self._running) and QGuiApplication.overrideCursor() is not None:
            QGuiApplication.restoreOverrideCursor()

    def _show(self, runner: _Runner) -> None:
        if runner in self._running and self._shown is None:
            self._shown = runner
            self.started.emit(runner.job.title, runner.progress)

    def _move(self, runner: _Runner, done: int, total: int) -> None:
        if self._shown is runner:
            self.moved.emit(done, total)


def _follow(job: Job, future: Future[Any], guard: Callable[[BaseException], None]) -> None:
    if future.cancelled():
        return
    error = future.exception()
    if error is None:
        job.then(future.result())
    else:
        (job.failed or guard)(error)


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


def _raise(error: BaseException) -> None:
    raise error
