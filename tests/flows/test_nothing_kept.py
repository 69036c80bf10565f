"""A program that runs for weeks keeps nothing of a window that was closed, with all that was shown in it."""

from pytestqt.qtbot import QtBot

from app.ui.main_window import TABS
from tests.flows.conftest import Open
from tests.ui.kept import left_by

#: More than the longest wait of what a window puts off: until then Qt itself holds on to it.
_PUT_OFF_MS = 500


def test_a_window_leaves_nothing_behind(opening: Open, leads: dict[str, int], qtbot: QtBot) -> None:
    def open_and_close() -> None:
        desk = opening()
        for spec in TABS:
            desk.window.go_to(spec.key)
        qtbot.wait(_PUT_OFF_MS)
        desk.leave()

    assert left_by(open_and_close) == {}
