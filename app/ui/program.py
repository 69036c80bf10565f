"""Qt's own object of the program, which is told when the system wants it to end."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


class Program(QApplication):
    """`ending` comes when somebody logs out or ends the program by its menu on macOS.

    Qt would only close the windows that are seen, and end at once: whoever hears it ends the program in order.
    """

    ending = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.ending.emit()
            return True
        return super().event(event)
