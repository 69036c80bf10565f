"""A window that stays usable while a question is open elsewhere."""

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget


class Unblocked(QWidget):
    """A window that comes by itself must let itself be put off and closed, whatever the user is asked meanwhile.

    Qt blocks all windows but those that belong to the question, so it comes to belong to that.
    """

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowBlocked:
            QTimer.singleShot(0, self, self._come_free)
        return super().event(event)

    def _come_free(self) -> None:
        question = open_question()
        if question is None or _asks(self, question):
            return
        self.windowHandle().setTransientParent(question.windowHandle())
        if self.isVisible():  # what is blocked is told anew when a window is shown
            quiet = self.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.hide()
            self.show()
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, quiet)


def open_question() -> QWidget | None:
    """The dialog that has to be answered before anything else in the window."""
    return QApplication.activeModalWidget()


def _asks(window: QWidget, question: QWidget) -> bool:
    """Whether a question belongs to this window."""
    above = question.parentWidget()
    return above is not None and above.window() is window
