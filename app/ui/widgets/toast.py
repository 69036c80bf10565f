"""A message at the bottom of the window that goes away by itself, with at most one thing to do about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

_SECONDS = 8
_ERROR_SECONDS = 15
_WIDEST = 620
#: Room below it: the status bar, and the sums at the foot of a list.
_MARGIN = 92


class Toast(QFrame):
    """One message at a time; a newer one takes its place. It waits while the pointer or the focus is on it.

    Esc, a click on it and its button end it before its time.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self._action: Callable[[], object] | None = None
        self.setProperty("kind", "toast")
        self._icon = QLabel()
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = Button(theme, "", ButtonKind.LINK)
        self._button.clicked.connect(self._run)
        close = Button(theme, "", ButtonKind.FLAT, icon="close", name=tr("Dismiss"))
        close.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        theme.fit(row, lambda: row.setContentsMargins(theme.px(14), theme.px(9), theme.px(8), theme.px(9)))
        for widget in (self._icon, self._label, self._button, close):
            row.addWidget(widget, 1 if widget is self._label else 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.hide)
        parent.installEventFilter(self)
        self.hide()

    def tell(
        self, message: str, *, error: bool = False, label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show a message for some seconds: an error, which may say what to do, for longer."""
        token = "lost" if error else "accent"
        self._icon.setPixmap(self._theme.pixmap("warning" if error else "info", token, 18, self.devicePixelRatioF()))
        self._label.setText(message)
        self._action = action
        self._button.setText(label)
        self._button.setVisible(action is not None)
        self.setAccessibleName(message)
        self._settle()
        self.show()
        self.raise_()
        self._timer.start((_ERROR_SECONDS if error else _SECONDS) * 1000)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def message(self) -> str:
        """What it says, or said last."""
        return self._label.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def _run(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _expire(self) -> None:
        if self.underMouse() or self.isAncestorOf(self.window().focusWidget()):
            self._timer.start()
        else:
            self.hide()

    def _settle(self) -> None:
        """To the middle of the lower edge, as wide as the text needs and the window allows."""
        px = self._theme.px
        widest = min(px(_WIDEST), self._parent.width() - 2 * px(16))
        text = self._label.fontMetrics().horizontalAdvance(self._label.text())
        others = self.sizeHint().width() - self._label.sizeHint().width()
        width = max(px(240), min(widest, text + others + px(24)))
        height = max(self._row.totalHeightForWidth(width), self.minimumSizeHint().height())
        self.resize(width, height)
        self.move((self._parent.width() - width) // 2, self._parent.height() - height - px(_MARGIN))
