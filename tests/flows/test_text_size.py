"""Another size of text: the frame follows, and comes back as it was."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QLayout, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.timeline.panel import TimelinePanel
from tests.flows.conftest import Open
from tests.flows.desk import Desk

_TABS = ("overview", "potential", "leads", "closed", "forecast")


def frame(desk: Desk, qtbot: QtBot) -> dict[str, Any]:
    """The margins and spacings of every tab, and the widths of the parts of the window."""
    found: dict[str, Any] = {}
    for key in _TABS:  # so that all are built
        desk.window.go_to(key)
    qtbot.wait(1)
    for key in _TABS:
        desk.window.go_to(key)
        layouts = desk.window.findChildren(QLayout)
        margins = [layout.contentsMargins() for layout in layouts]
        found[key] = sorted((m.left(), m.top(), m.right(), m.bottom()) for m in margins if not m.isNull())
        found[f"{key} spacing"] = sorted(layout.spacing() for layout in layouts)
    desk.window.go_to("leads")
    qtbot.wait(1)  # Qt lays out anew
    found["side"] = desk.window.side.width()
    found["status"] = desk.window.status.minimumHeight()
    return found


def test_text_made_smaller_again_leaves_no_trace(desk: Desk, theme: Theme, qtbot: QtBot) -> None:
    before = frame(desk, qtbot)
    theme.use(scale=200)
    large = frame(desk, qtbot)
    assert large["status"] == 2 * before["status"]
    assert (28, 28, 28, 28) in large["leads"]
    assert large["side"] > before["side"]
    theme.use(scale=100)
    assert frame(desk, qtbot) == before


def test_a_start_with_large_text_leaves_none_either(
    opening: Open, leads: dict[str, int], theme: Theme, qtbot: QtBot
) -> None:
    first = opening()
    before = frame(first, qtbot)
    first.window.close()
    theme.use(scale=200)
    desk = opening()
    theme.use(scale=100)
    assert frame(desk, qtbot) == before


@pytest.mark.parametrize("front", ["leads", "forecast"])
def test_the_panel_keeps_its_width_through_other_sizes_and_restarts(
    opening: Open, leads: dict[str, int], theme: Theme, qtbot: QtBot, front: str
) -> None:
    desk = opening()
    desk.window.splitter.setSizes([1040, 400])
    desk.window.splitter.splitterMoved.emit(1040, 1)  # as by the mouse
    width = desk.window.side.width()
    desk.window.go_to(front)  # beside the forecast the panel is not seen
    for scale in (200, 100):
        theme.use(scale=scale)
        desk.window.close()
        desk = opening()
    desk.window.go_to("leads")
    qtbot.wait(1)
    assert abs(desk.window.side.width() - width) <= 1


def test_with_large_text_the_history_of_a_lead_needs_no_wider_panel(
    desk: Desk, leads: dict[str, int], theme: Theme, qtbot: QtBot
) -> None:
    desk.choose(leads["Film Molkerei"])
    theme.use(scale=200)
    qtbot.wait(1)
    events = desk.detail.findChild(TimelinePanel)
    heading = next(label for label in events.findChildren(QLabel) if label.text() == "History")
    beside = desk.find(QPushButton, "Undo steps …").sizeHint().width()
    assert events.minimumSizeHint().width() < 2 * theme.px(18) + heading.sizeHint().width() + beside
