"""The sign in the tray: how many steps wait, and a menu for what is wanted without the window."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.core.i18n import N_, ntr, tr
from app.ui.theme import Theme, text_on

#: Panels are this high, on plain and on dense screens.
_SIZES = (16, 22, 24, 32, 44, 48, 64)
#: The command of each entry; a line is "".
_ENTRIES = (
    ("open", N_("Open Trichter")), ("new_lead", N_("New lead …")), ("today", N_("What is due today")), ("", ""),
    ("pause", N_("No reminders for 1 hour")), ("resume", N_("Remind me again")), ("", ""),
    ("switch_user", N_("Switch user …")), ("quit", N_("Quit")),
)  # fmt: skip
_MOST = 9


def tray_available() -> bool:
    """Whether the desktop has a tray now; some get theirs only a while after the start."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """The sign. `asked(command)` says what is wanted: open, new_lead, today, pause, resume, switch_user or quit."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = 0
        self._is_waiting = False
        self._icon = QSystemTrayIcon(self)
        self._menu = QMenu()
        self._actions = {}
        for command, _label in _ENTRIES:
            if not command:
                self._menu.addSeparator()
                continue
            action = self._menu.addAction("")
            action.triggered.connect(lambda _on=False, command=command: self.asked.emit(command))
            self._actions[command] = action
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(lambda: self.asked.emit("open"))  # which one it was about nobody says
        theme.changed.connect(self._draw)
        self.set_paused(False)
        self.offer_switch(False)
        self.reword()
        self._icon.show()

    @property
    def menu(self) -> QMenu:
        """What a right click opens."""
        return self._menu

    @property
    def words(self) -> str:
        """What it says when one points at it."""
        return self._icon.toolTip()

    def reword(self) -> None:
        """Another language: the sign outlives the windows, which are built anew."""
        for command, label in _ENTRIES:
            if command:
                self._actions[command].setText(tr(label))
        self._draw()

    def set_count(self, count: int) -> None:
        """So many steps have come and are still to be done."""
        if count != self._count:
            self._count = count
            self._draw()

    def set_paused(self, paused: bool) -> None:
        """The menu offers to pause, or to go on."""
        self._actions["pause"].setVisible(not paused)
        self._actions["resume"].setVisible(paused)

    def set_open(self, is_open: bool) -> None:
        """Without an open store only the window can be brought back, and the program be ended."""
        for command in ("new_lead", "today", "pause", "resume", "switch_user"):
            self._actions[command].setEnabled(is_open)

    def offer_switch(self, offered: bool) -> None:
        """Whether there is somebody else who could work here."""
        self._actions["switch_user"].setVisible(offered)

    def set_waiting(self, waiting: bool) -> None:
        """Nobody has said yet who works here, so nobody can be reminded."""
        if waiting != self._is_waiting:
            self._is_waiting = waiting
            self._draw()

    def bar_new(self, why: str) -> None:
        """New leads may not be made, and why; with an empty reason they may."""
        entry = self._actions["new_lead"]
        self._menu.setToolTipsVisible(True)
        entry.setEnabled(not why)
        entry.setToolTip(why)

    def tell(self, title: str, words: str) -> None:
        """A message by the desktop, beside our own windows."""
        self._icon.showMessage(title, words, self._theme.app_icon())

    def end(self) -> None:
        """Take it away."""
        self._icon.hide()
        self._menu.deleteLater()
        self.deleteLater()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.asked.emit("open")

    def _draw(self) -> None:
        self._icon.setIcon(badged(self._theme, self._count))
        waiting = ntr("{n} step is waiting", "{n} steps are waiting", self._count) if self._count else ""
        unknown = tr("Nobody has said yet who is working: until then nothing reminds.") if self._is_waiting else ""
        self._icon.setToolTip("\n".join(part for part in ("Trichter", unknown, waiting) if part))


def badged(theme: Theme, count: int) -> QIcon:
    """The sign of the program, in its own colours on light and dark panels, with the count in its corner."""
    icon, plain = QIcon(), theme.app_icon()
    for size in _SIZES:
        pixmap = QPixmap(plain.pixmap(size, size))
        pixmap.setDevicePixelRatio(1)
        if count:
            with QPainter(pixmap) as painter:
                _paint_badge(painter, theme, pixmap.width(), str(count) if count <= _MOST else f"{_MOST}+")
        icon.addPixmap(pixmap)
    return icon


def _paint_badge(painter: QPainter, theme: Theme, size: int, words: str) -> None:
    high, colour = size * 0.62, theme.tokens.lost
    wide = high if len(words) == 1 else size * 0.86
    place = QRectF(size - wide, size - high, wide, high)
    font = theme.font(13, 700)
    font.setPixelSize(max(7, round(high * 0.82)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawRoundedRect(place, high / 2, high / 2)
    painter.setPen(theme.colour(text_on(colour)))
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
