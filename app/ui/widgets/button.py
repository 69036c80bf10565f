"""Push buttons in the kinds the style sheet knows, with an icon that follows the theme."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QWidget

from app.ui.theme import Theme


class ButtonKind(StrEnum):
    """How much a button stands out; the values are known to the style sheet."""

    PLAIN = ""
    PRIMARY = "primary"
    WON = "won"
    LOST = "lost"
    CHIP = "chip"
    FLAT = "flat"
    MINI = "mini"  # a bare icon within a line of text
    LINK = "link"
    KEYS = "keys"  # keys as they stand on a keyboard
    SEARCH = "search"  # looks like a field one types into


_ICON_TOKENS = {ButtonKind.PRIMARY: "on_accent", ButtonKind.WON: "won", ButtonKind.LOST: "lost"}


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A push button. Without a text it shows only its icon and needs `name`, which also becomes its tool tip.

    Enter presses the button that has the keyboard; Qt does so only in dialogs, and not for every one there.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: ButtonKind = ButtonKind.PLAIN,
        *,
        icon: str = "",
        name: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon
        self._short: str | None = None
        self._token = _ICON_TOKENS.get(kind, "muted")
        self.setProperty("kind", kind.value)
        self.setProperty("small", "true" if small else "false")
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)
        theme.changed.connect(self._restyle)
        self._restyle()

    def say_shortly(self, short: str | None) -> None:
        """What stands on it where its words have no room ("" for the icon alone); None for its words even there."""
        if short != self._short:
            self._short = short
            self.updateGeometry()  # a row it stands in may have to be laid out anew
            self.update()

    def least_width(self) -> int:
        """How wide it is with the short words."""
        if self._short is None:
            return self.sizeHint().width()
        metrics = self.fontMetrics()
        spared = metrics.horizontalAdvance(self.text().replace("&&", "&")) - metrics.horizontalAdvance(self._short)
        return self.sizeHint().width() - max(0, spared)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._short is None or self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self._short.replace("&", "&&")
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.click()
        else:
            super().keyPressEvent(event)

    @property
    def shown_icon(self) -> str:
        """The name of its icon; "" for none."""
        return self._icon_name

    def show_icon(self, icon: str) -> None:
        """Another icon from now on."""
        if icon != self._icon_name:
            self._icon_name = icon
            self._restyle()

    def _restyle(self) -> None:
        if self._icon_name:
            size = self._theme.px(16)
            self.setIcon(self._theme.icon(self._icon_name, self._token))
            self.setIconSize(QSize(size, size))

    def setMenu(self, menu: QMenu) -> None:
        super().setMenu(menu)
        menu.aboutToHide.connect(self._look_left)

    def _look_left(self) -> None:
        """While its menu was open nobody told that the pointer went: it would look pointed at until it is again."""
        if not self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            self.update()
