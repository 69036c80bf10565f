"""A name that leads to a record."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.tips import plain_tip
from app.ui.widgets.button import Button, ButtonKind

_PADDING = 2
#: Nobody listens to more of a name.
LONGEST_SPOKEN = 200


class NameLink(Button):
    """Elided to the room it has, and told whole by the pointer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", ButtonKind.LINK)
        self._name = ""
        self.setProperty("align", "left")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str) -> None:
        """The name, whole."""
        self._name = name
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(tr("Open {name}", name=name[:LONGEST_SPOKEN])))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 2 * self._theme.px(_PADDING)
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room).replace("&", "&&"))
