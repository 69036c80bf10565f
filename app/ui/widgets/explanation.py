"""A small window that says how a figure is reckoned."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme

_WIDTH = 320


class Explanation(QFrame):
    """Opens below what it explains and closes with Escape or a click elsewhere."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self.setProperty("kind", "card")
        self._heading = QLabel()
        self._heading.setProperty("kind", "heading")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        question = QLabel(tr("How is this calculated?"))
        question.setProperty("kind", "small")
        box = QVBoxLayout(self)
        px = theme.px
        theme.fit(box, lambda: box.setContentsMargins(px(16), px(13), px(16), px(15)), lambda: box.setSpacing(px(4)))
        for label in (question, self._heading, self._text):
            box.addWidget(label)

    def explain(self, figure: str, definition: str, below: QWidget) -> None:
        """Show the definition of a figure below a widget."""
        self._heading.setText(figure)
        self._text.setText(definition)
        self._text.setFixedWidth(self._theme.px(_WIDTH))
        self.setAccessibleName(f"{figure}: {definition}")
        self.adjustSize()
        corner = below.mapToGlobal(QPoint(0, below.height() + 4))
        area = below.screen().availableGeometry()
        left = min(corner.x(), area.right() - self.width())
        top = min(corner.y(), area.bottom() - self.height())
        self.move(max(area.left(), left), max(area.top(), top))
        self.show()
        self.setFocus()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()
