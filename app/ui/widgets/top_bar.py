"""The bar at the top of the window: tabs, the field that opens the palette, and the button for a new lead."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

#: Before scaling: how wide the field is where there is room, and with its sign alone.
_WIDE, _NARROW = 250, 40
_KEYS_FROM = 170


class SearchField(Button):
    """Looks like a field one types into; pressed, it opens the palette. Where there is little room its sign stays."""

    def __init__(self, theme: Theme) -> None:
        self._label = tr("Search or command …")
        super().__init__(theme, "", ButtonKind.SEARCH, icon="search", name=self._label)
        self._keys = QLabel()
        self._keys.setProperty("kind", "keys")
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        theme.fit(row, lambda: row.setContentsMargins(0, 0, theme.px(8), 0))
        row.addStretch()
        row.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_keys(self, keys: str) -> None:
        """The keys that open the palette."""
        self._keys.setText(keys)
        self._keys.setAccessibleName(keys)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        px = self._theme.px
        shown = self.width() >= px(_KEYS_FROM) and bool(self._keys.text())
        self._keys.setVisible(shown)
        room = self.width() - px(44) - (self._keys.sizeHint().width() if shown else 0)
        words = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room)
        self.setText(words if room > px(40) else "")


class TopBar(QFrame):
    """The tabs have the room they need; of what is left the field takes its width, at least that of its sign."""

    def __init__(self, theme: Theme, tabs: QWidget, field: SearchField, button: Button) -> None:
        super().__init__()
        self._label = button.text()
        button.setAccessibleName(self._label)
        self._theme = theme
        self._tabs, self._field, self._button = tabs, field, button
        self.setProperty("kind", "bar")
        row = QHBoxLayout(self)
        px = theme.px
        theme.fit(row, lambda: row.setContentsMargins(px(14), 0, px(14), 0), lambda: row.setSpacing(px(10)))
        row.addWidget(tabs, 1)
        row.addWidget(field)
        row.addWidget(button)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """Where the tabs would not fit, the button makes do with its sign as well."""
        px = self._theme.px
        room = self.width() - self._tabs.sizeHint().width() - px(28 + 20)
        whole = self._whole
        told = room >= whole + px(_NARROW)
        self._button.setText(self._label if told else "")
        self._button.setToolTip("" if told else self._label)
        button = whole if self._button.text() else self._button.sizeHint().width()
        self._field.setFixedWidth(max(px(_NARROW), min(px(_WIDE), room - button)))

    @property
    def _whole(self) -> int:
        """How wide the button is with its words."""
        shown = self._button.text()
        return self._button.sizeHint().width() + (
            0 if shown else self._button.fontMetrics().horizontalAdvance(self._label) + self._theme.px(4)
        )
