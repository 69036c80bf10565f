"""What the pinned libraries must be able to do; each of these was once broken."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

TIMES = 2000


class Sender(QObject):
    """Something that tells a truth and a nothing."""

    told = Signal(bool)
    named = Signal(object)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None cannot be used up any more")
def test_a_signal_keeps_the_references_of_true_and_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 gives one reference away with every emission, until the interpreter aborts."""
    sender = Sender()
    heard: list[object] = []
    sender.told.connect(heard.append)
    sender.named.connect(lambda thing: heard.append(str(thing)))
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(TIMES):
        sender.told.emit(True)
        sender.named.emit(None)
        sender.blockSignals(False)
    heard_all = len(heard)
    heard.clear()
    lost = before[0] - sys.getrefcount(True), before[1] - sys.getrefcount(None)
    assert heard_all == 2 * TIMES
    assert max(lost) < TIMES // 10
