"""Work elsewhere comes back to the window's thread, in order, and can be stopped."""

import gc
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.core.errors import Cancelled, DiskFull
from app.core.i18n import Text
from app.ui.jobs import AT_ONCE, InlineJobs, Job, Progress, ThreadJobs

OWNER = QObject()
job = partial(Job, Text("Import"), owner=OWNER)


class Told:
    """Errors the guard was handed, with the threads they came on."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self.on_main: list[bool] = []

    def handle(self, error: BaseException) -> None:
        self.errors.append(error)
        self.on_main.append(threading.current_thread() is threading.main_thread())


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def jobs(told: Told, qtbot: QtBot) -> Iterator[ThreadJobs]:
    jobs = ThreadJobs(told.handle)
    yield jobs
    jobs.stop()


def test_results_come_back_on_the_main_thread(jobs: ThreadJobs, qtbot: QtBot) -> None:
    came: list[tuple[object, bool]] = []
    main = QThread.currentThread()

    def work(progress: Progress) -> bool:
        return threading.current_thread() is threading.main_thread()

    jobs.start(job(work, lambda result: came.append((result, QThread.currentThread() == main))))
    assert came == []
    qtbot.waitUntil(lambda: came == [(False, True)])
    assert jobs.idle


def test_work_on_the_database_is_done_in_order(jobs: ThreadJobs, qtbot: QtBot) -> None:
    done: list[int] = []
    numbers = iter(range(20))
    for _ in range(20):
        jobs.start(job(lambda progress: next(numbers), done.append, quiet=True))
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == list(range(20))


def test_other_work_does_not_wait_for_the_database(jobs: ThreadJobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    done: list[str] = []
    jobs.start(job(lambda progress: gate.wait(5), lambda result: done.append("database"), quiet=True))
    jobs.start(job(lambda progress: None, lambda result: done.append("pool"), quiet=True, pool=True))
    qtbot.waitUntil(lambda: done == ["pool"])
    gate.set()
    qtbot.waitUntil(lambda: done == ["pool", "database"])


def test_an_error_meets_the_guard_on_the_main_thread(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    def work(progress: Progress) -> None:
        raise DiskFull(Text("The disk is full."))

    jobs.start(job(work, lambda result: pytest.fail("there is no result")))
    qtbot.waitUntil(lambda: bool(told.errors))
    assert isinstance(told.errors[0], DiskFull)
    assert told.on_main == [True]


def test_a_job_may_handle_its_own_error(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    failed: list[BaseException] = []
    jobs.start(job(lambda progress: 1 / 0, failed=failed.append))
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert told.errors == []


def test_a_job_stops_at_its_next_report(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    started = threading.Event()

    def work(progress: Progress) -> None:
        for step in range(1_000_000):
            progress.report(step, 0)
            started.set()

    progress = jobs.start(job(work, lambda result: pytest.fail("it was stopped"), quiet=True))
    started.wait(5)
    progress.cancel()
    qtbot.waitUntil(lambda: bool(told.errors))
    assert isinstance(told.errors[0], Cancelled)


def test_long_work_is_shown_and_short_work_is_not(jobs: ThreadJobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    moved: list[tuple[int, int]] = []
    jobs.moved.connect(lambda done, total: moved.append((done, total)))

    def work(progress: Progress) -> None:
        gate.wait(5)
        progress.report(3, 10)

    with qtbot.assertNotEmitted(jobs.started):
        done: list[None] = []
        jobs.start(job(lambda progress: None, done.append))
        qtbot.waitUntil(lambda: len(done) == 1)
    with qtbot.waitSignal(jobs.started):
        jobs.start(job(work))
    assert QGuiApplication.overrideCursor() is not None
    with qtbot.waitSignal(jobs.ended):
        gate.set()
    assert moved == [(3, 10)]
    assert QGuiApplication.overrideCursor() is None


def test_stopping_waits_for_what_runs(told: Told, qtbot: QtBot) -> None:
    jobs = ThreadJobs(told.handle)
    ended = threading.Event()

    def work(progress: Progress) -> None:
        while not progress.cancelled:
            threading.Event().wait(0.001)
        ended.set()

    jobs.start(job(work, lambda result: pytest.fail("nobody waits for it any more"), quiet=True))
    jobs.stop()
    assert ended.is_set()
    assert jobs.idle
    jobs.start(job(lambda progress: pytest.fail("nobody waits for it"), quiet=True))
    assert jobs.idle


def test_what_comes_after_the_window_closed_harms_nobody(told: Told, qtbot: QtBot) -> None:
    for _ in range(20):
        jobs = ThreadJobs(told.handle)
        for _ in range(5):
            jobs.start(job(lambda progress: progress.report(1, 2), quiet=True))
        jobs.stop()
        with qtbot.waitSignal(jobs.destroyed):
            jobs.deleteLater()
    assert all(isinstance(error, Cancelled) for error in told.errors)


def test_a_few_are_changed_before_anything_else_happens(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    done: list[object] = []
    jobs.write(job(_on_main, done.append))
    assert done == [True]
    jobs.write(job(_full, done.append))
    jobs.write(job(_full, done.append, failed=done.append))
    assert [type(error) for error in told.errors] == [DiskFull]
    assert type(done[1]) is DiskFull


def test_many_are_changed_elsewhere(jobs: ThreadJobs, qtbot: QtBot) -> None:
    done: list[object] = []
    jobs.write(job(_on_main, done.append), leads=AT_ONCE + 1)
    assert done == []
    assert jobs.writing
    qtbot.waitUntil(lambda: done == [False])
    assert not jobs.writing


def test_nobody_waits_for_what_is_being_written(jobs: ThreadJobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    done: list[str] = []
    jobs.start(job(lambda progress: gate.wait(5), lambda result: done.append("first"), quiet=True, writes=True))
    names = iter(("second", "third"))
    for _ in range(2):
        jobs.write(job(lambda progress: next(names), done.append, quiet=True))
    assert done == []
    gate.set()
    qtbot.waitUntil(lambda: done == ["first", "second", "third"])


def test_the_collector_rests_while_a_job_writes(jobs: ThreadJobs, qtbot: QtBot) -> None:
    seen: list[bool] = []
    jobs.start(job(lambda progress: gc.isenabled(), seen.append, quiet=True, writes=True))
    jobs.start(job(lambda progress: gc.isenabled(), seen.append, quiet=True))
    qtbot.waitUntil(lambda: seen == [False, True])


def test_what_waits_to_be_written_is_written_at_the_end(told: Told, qtbot: QtBot) -> None:
    jobs = ThreadJobs(told.handle)
    written: list[str] = []

    def import_(progress: Progress) -> None:
        while not progress.cancelled:
            threading.Event().wait(0.001)

    jobs.start(job(import_, quiet=True, writes=True))
    jobs.start(job(lambda progress: written.append("a look at the data"), quiet=True))
    jobs.write(job(lambda progress: written.append("typed meanwhile"), quiet=True))
    jobs.stop()
    assert written == ["typed meanwhile"]


def _on_main(progress: Progress) -> bool:
    return threading.current_thread() is threading.main_thread()


def _full(progress: Progress) -> None:
    raise DiskFull(Text("The disk is full."))


def test_counts_may_be_large(jobs: ThreadJobs, qtbot: QtBot) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> None:
        gate.wait(5)
        progress.report(2**31 - 2, 2**31 - 1)

    with qtbot.waitSignal(jobs.started):
        jobs.start(job(work))
    with qtbot.waitSignal(jobs.moved) as told:
        gate.set()
    assert told.args == [2**31 - 2, 2**31 - 1]


def test_a_result_for_somebody_who_is_gone_is_dropped(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    gone, gate, came = QObject(), threading.Event(), list[object]()
    jobs.start(job(lambda progress: gate.wait(5), came.append, owner=gone))
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert (came, told.errors) == ([], [])


def test_an_error_for_somebody_who_is_gone_meets_the_guard(jobs: ThreadJobs, told: Told, qtbot: QtBot) -> None:
    gone, gate, came = QObject(), threading.Event(), list[object]()
    jobs.start(job(lambda progress: gate.wait(5) and 1 / 0, failed=came.append, owner=gone))
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: bool(told.errors))
    assert came == []


def test_inline_work_is_done_at_once(told: Told) -> None:
    jobs = InlineJobs(told.handle)
    done: list[int] = []
    jobs.start(job(lambda progress: 7, done.append))
    assert done == [7]
    jobs.start(job(lambda progress: 1 / 0))
    assert isinstance(told.errors[0], ZeroDivisionError)


def test_inline_errors_without_a_guard_come_through() -> None:
    with pytest.raises(ZeroDivisionError):
        InlineJobs().start(job(lambda progress: 1 / 0))
