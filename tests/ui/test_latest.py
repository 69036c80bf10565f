"""One reading at a time, and only the last of what was asked is shown."""

import pytest
from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.ui.latest import Latest
from tests.ui.scripted import HeldJobs


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_what_is_asked_while_something_is_read_is_read_once_more(owner: QObject) -> None:
    jobs, shown, read = HeldJobs(), list[int](), list[int]()
    latest = Latest(jobs, owner, Text("Reading"))

    def work(number: int) -> int:
        read.append(number)
        return number

    for number in range(4):
        latest.ask(lambda number=number: work(number), shown.append)  # type: ignore[misc]
    assert len(jobs.jobs) == 1
    jobs.finish()
    assert (read, shown, latest.reading) == ([0, 3], [3], False)
    latest.ask(lambda: work(4), shown.append)
    jobs.finish()
    assert shown == [3, 4]


def test_what_is_wanted_no_more_is_not_shown(owner: QObject) -> None:
    jobs, shown = HeldJobs(), list[int]()
    latest = Latest(jobs, owner, Text("Reading"))
    latest.ask(lambda: 1, shown.append)
    latest.drop()
    jobs.finish()
    assert shown == []
    latest.ask(lambda: 2, shown.append)
    jobs.finish()
    assert shown == [2]


def test_after_an_error_it_goes_on(owner: QObject) -> None:
    jobs, shown = HeldJobs(), list[int]()
    told: list[BaseException] = []
    latest = Latest(jobs, owner, Text("Reading"), failed=told.append)
    latest.ask(lambda: 1, shown.append)
    latest.ask(lambda: 2, shown.append)
    job, _progress = jobs.jobs.pop(0)
    assert job.failed is not None
    job.failed(OSError("gone"))
    jobs.finish()
    assert (shown, len(told)) == ([2], 1)
