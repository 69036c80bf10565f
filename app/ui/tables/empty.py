"""What a table says when there is nothing in it: what belongs here, and the one next step."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.theme import Theme


class EmptyState(QWidget):
    """An icon, a sentence and, where there is a next step, a button for it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = "funnel"
        self._action: Callable[[], object] | None = None
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message = QLabel()
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setProperty("kind", "muted")
        self._button = QPushButton()
        self._button.clicked.connect(self._run)
        box = QVBoxLayout(self)
        box.addStretch(2)
        box.addWidget(self._icon)
        box.addWidget(self._message)
        box.addSpacing(theme.px(6))
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)
        theme.changed.connect(self._restyle)
        self._restyle()

    def tell(self, message: str, icon: str, label: str, action: Callable[[], object] | None) -> None:
        """What to say; without an action there is no button."""
        self._message.setText(message)
        self._icon_name = icon
        self._action = action
        self._button.setText(label)
        self._button.setVisible(action is not None)
        self._restyle()

    def _run(self) -> None:
        if self._action is not None:
            self._action()

    def _restyle(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "faint", 36, self.devicePixelRatioF()))
