"""Qt's own object of the program, which is told when the system wants it to end."""

import signal
import socket

from PySide6.QtCore import QEvent, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication, QDialog


class Program(QApplication):
    """`ending` comes when somebody logs out, ends the program by its menu on macOS, or sends it the signal to end.

    Qt would only close the windows that are seen, and end at once: whoever hears it ends the program in order.
    """

    ending = Signal()

    def hear_signals(self) -> None:
        """From now on the system's signal to end is an event like others.

        Python would call what handles it at the next line it comes to, which may be amid the painting of a window that
        is then gone; or at no line at all, while Qt waits by itself in one of its own dialogs.
        """
        self._hears, self._tells = socket.socketpair()
        for end in (self._hears, self._tells):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._hears.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)
        self._woken_before = signal.set_wakeup_fd(self._tells.fileno(), warn_on_full_buffer=False)
        self._handled_before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)

    def hear_no_more(self) -> None:
        """Signals are again what they were before."""
        signal.signal(signal.SIGTERM, self._handled_before)
        signal.set_wakeup_fd(self._woken_before)
        self._notifier.setEnabled(False)
        for end in (self._hears, self._tells):
            end.close()

    def _hear(self) -> None:
        if signal.SIGTERM in self._hears.recv(64):
            self.ending.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.ending.emit()
            return True
        return super().event(event)


def close_all() -> None:
    """Close every window, and dialogs without what they ask of whoever leaves them: nobody may be there to answer."""
    leave_dialogs()
    QApplication.closeAllWindows()


def leave_dialogs() -> None:
    """Close every dialog without what it asks of whoever leaves it."""
    while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
        dialog.done(QDialog.DialogCode.Rejected)
