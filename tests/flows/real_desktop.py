"""A virtual desktop with a window manager and a tray, and a program that is driven on it.

Run as a script (by `test_real_tray`) it drives the program and says as JSON what happened.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.bootstrap import Options, launch_of, surroundings
from app.core.clock import FixedClock, monotonic
from app.core.settings import KEEP_IN_TRAY
from app.services.history import History
from app.services.office import Office
from app.ui.application import Application
from app.ui.reminders.keeper import Keeper
from app.ui.reminders.popup import Popup
from tests.stores import TODAY, ZONE

_PATIENCE_S = 20
NEEDED = ("Xvfb", "openbox", "trayer", "xdotool")


def available() -> bool:
    """Whether this machine can have a virtual desktop."""
    return sys.platform.startswith("linux") and all(shutil.which(name) for name in NEEDED)


@contextmanager
def desktop(log: Path) -> Iterator[dict[str, str]]:
    """A desktop of its own; gives the variables with which programs find it."""
    with ExitStack() as running:
        read, write = os.pipe()
        server = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        running.enter_context(_process(server, dict(os.environ), log, keep=(write,)))
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        around = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": ""}
        for command in (["openbox"], ["trayer", "--edge", "top", "--align", "left", "--height", "24"]):
            running.enter_context(_process(command, around, log))
        yield around


@contextmanager
def _process(command: list[str], around: dict[str, str], log: Path, keep: tuple[int, ...] = ()) -> Iterator[None]:
    with log.open("a") as said:
        process = subprocess.Popen(command, env=around, stdout=said, stderr=said, pass_fds=keep)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


class Driver:
    """Sits before a running program on that desktop; `seen` is what was there."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock.at(TODAY, ZONE)
        around = surroundings(Options(data=folder, language="en"))
        around.settings[KEEP_IN_TRAY] = True
        self._launch = launch_of(around)
        launch = replace(self._launch, open_office=self._open, begin_log=lambda: (None, lambda: None))
        self.program = Application(launch)
        self.seen: dict[str, Any] = {}

    def _open(self) -> Office:
        office = self._launch.open_office()
        office.store.clock = self.clock
        return office

    def run(self) -> dict[str, Any]:
        """A reminder comes, is put off, comes again, is done."""
        self.begin()
        self.first_reminder()
        self.put_off()
        self.second_reminder()
        self.finish()
        self.end()
        return self.seen

    def begin(self) -> None:
        """Until the window is in front and the sign has its place in the tray."""
        self.program.begin()
        wait(lambda: self.program._background is not None and self.program._background.keeper, "an open store")
        assert self.program._background is not None
        assert self.program._window is not None
        self.window, self.background = self.program._window, self.program._background
        wait(lambda: self.background.tray is not None, "a tray")
        assert self.background.tray is not None
        self.icon = self.background.tray._icon
        wait(lambda: self.icon.geometry().width() > 0, "a place in the tray")
        self.seen["in the tray"] = self.icon.geometry().height() > 0
        wait(self.window.isActiveWindow, "the window in front")

    @property
    def keeper(self) -> Keeper:
        """Who keeps the reminders."""
        assert self.background.keeper is not None
        return self.background.keeper

    def come(self, minutes: int) -> Popup:
        """Time goes by, and a reminder comes up."""
        self.clock.instant += timedelta(minutes=minutes)
        wait(self._popped_up, "a pop-up")
        QTest.qWait(300)
        return self.keeper.popups[0]

    def first_reminder(self) -> None:
        """It comes while somebody works, who is not disturbed."""
        list_ = self.window.current_tab().panel.view
        list_.setFocus()
        popup = self.come(2)
        place = popup.screen().availableGeometry()
        self.seen["kept the keyboard"] = self.window.isActiveWindow() and list_.hasFocus()
        self.seen["in the corner"] = place.contains(popup.geometry()) and popup.geometry().right() > place.right() - 40

    def put_off(self) -> None:
        """The window is closed; on request the keyboard goes to the pop-up, and an hour is chosen with it."""
        self.window.close()
        self.seen["hidden"] = not self.window.isVisible()
        (popup,) = self.keeper.popups
        self.keeper.show_waiting()
        wait(popup.isActiveWindow, "the keyboard on request")
        QTest.keyClick(popup.card.done, Qt.Key.Key_Tab)
        QTest.keyClick(popup.card.later, Qt.Key.Key_Space)
        wait(QApplication.activePopupWidget, "the menu")
        menu = QApplication.activePopupWidget()
        assert menu is not None
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        wait(lambda: not self.keeper.popups, "put off")
        wait(self._is_written, "it is written down")  # a clock that jumps meanwhile would be ahead of the hour chosen
        self.clock.instant += timedelta(minutes=59)
        self.keeper.look()
        QTest.qWait(300)
        self.seen["early"] = len(self.keeper.popups)

    def _is_written(self) -> bool:
        with self.keeper._context.office.store.read() as connection:
            found = connection.exec_driver_sql("SELECT 1 FROM reminder_state WHERE snoozed_until IS NOT NULL").first()
        return found is not None

    def _popped_up(self) -> bool:
        """As a tick does: one look alone may come while the one before it is still at work."""
        if not self.keeper.popups:
            self.keeper.look()
        return bool(self.keeper.popups) and self.keeper.popups[0].isVisible()

    def second_reminder(self) -> None:
        """It comes again while the window is hidden; a click into the tray brings that back."""
        self.come(1)
        self.seen["still hidden"] = not self.window.isVisible()
        where = map(str, self.icon.geometry().center().toTuple())
        subprocess.run(["xdotool", "mousemove", *where, "click", "1"], check=True)
        wait(self.window.isVisible, "the window, by a click into the tray")

    def finish(self) -> None:
        """The step is done; what is asked then is answered."""
        self.clock.instant += timedelta(minutes=1)

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QDialog)
            QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

        QTimer.singleShot(500, self.program, answer)
        QTest.mouseClick(self.keeper.popups[0].card.done, Qt.MouseButton.LeftButton)
        wait(lambda: not self.keeper.popups, "finished")
        assert self.program._office is not None
        events = History(self.program._office.store).of_lead(1)
        self.seen["history"] = [str(event.words) for event in events][:4]

    def end(self) -> None:
        """Out of the tray, for good."""
        over: list[bool] = []
        self.program.ended.connect(lambda: over.append(True))
        self.program._quit()
        wait(lambda: over, "the end")
        self.program._jobs.stop()


def wait(until: Callable[[], object], what: str) -> None:
    """Let the program go on until something holds."""
    begun = monotonic()
    while not until():
        if monotonic() - begun > _PATIENCE_S:
            raise TimeoutError(what)
        QTest.qWait(20)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(Driver(Path(sys.argv[1])).run()))
