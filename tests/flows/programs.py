"""Programs that a test starts, each ended after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from tests.flows.test_application import Program


@contextmanager
def ended_after(end: "Callable[[Program, QtBot], object]", qtbot: QtBot) -> "Iterator[list[Program]]":
    """A list for the programs that are started; afterwards each is ended by `end` and gone, with nothing to report."""
    running: list[Program] = []
    spoken = QLocale()
    yield running
    for program in running:
        end(program, qtbot)
        assert not program.reports, program.reports[0]
        program.window.deleteLater()
        program.application.deleteLater()
    QLocale.setDefault(spoken)
    qtbot.wait(0)
