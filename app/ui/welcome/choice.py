"""A card that can be chosen: an icon, a few words, and what they mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme

_RADIUS = 10


class ChoiceCard(QAbstractButton):
    """One of several cards, exclusive among its siblings; arrow keys go to the next."""

    def __init__(self, theme: Theme, icon: str, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._sign, self._title, self._words = QLabel(), QLabel(title), QLabel(words)
        self._title.setProperty("kind", "heading")
        self._words.setProperty("kind", "muted")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        box = QVBoxLayout(self)
        edge = theme.px(16)
        box.setContentsMargins(edge, edge, edge, edge)
        box.setSpacing(theme.px(6))
        for label in (self._sign, self._title, self._words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setWordWrap(label is not self._sign)
            box.addWidget(label)
        box.addStretch()
        self.toggled.connect(lambda _on: self._restyle())
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        return self._inside().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._inside().minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._inside().heightForWidth(width)

    def _inside(self) -> QVBoxLayout:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        return layout

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        strong = self.isChecked() or self.hasFocus()
        width = 2.0 if strong else 1.0
        fill = "accent_background" if self.isChecked() else "hover" if self.underMouse() else "surface"
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent" if strong else "border"), width))
            painter.setBrush(theme.colour(fill))
            radius = theme.px(_RADIUS)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
            if self.hasFocus() and self.isChecked():  # the focus is seen on the chosen card too
                painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DotLine))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), radius - 2, radius - 2)

    def _restyle(self) -> None:
        token = "accent" if self.isChecked() else "muted"
        self._sign.setPixmap(self._theme.pixmap(self._icon, token, 24, self.devicePixelRatioF()))
        self.update()
