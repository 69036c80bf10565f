"""Shows the keys of a command; pressed, it takes the next keys as the new ones."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

_HELD = (
    Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown,
    Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R,
)  # fmt: skip


class KeyButton(Button):
    """`begun` when it waits for keys, `recorded(QKeySequence)` when they were pressed; Esc leaves everything as it was.

    Del takes the keys away (`cleared`), Backspace brings back those the command came with (`reset`).
    """

    begun = Signal()
    recorded = Signal(QKeySequence)
    cleared = Signal()
    reset = Signal()
    _recording = False  # asked for by the first event, before there is an object

    def __init__(self, theme: Theme, command: str) -> None:
        super().__init__(theme, "", ButtonKind.KEYS)
        self._command = command
        self._keys = ""
        self.setAutoDefault(False)
        self.setToolTip(tr("Change the keys"))
        self.clicked.connect(self.record)
        self.show_keys("")

    def show_keys(self, keys: str) -> None:
        """The keys that hold; empty for none."""
        self._keys = keys
        self._record(False)

    def record(self) -> None:
        """The next keys are taken."""
        self.setFocus()
        self._record(True)
        self.begun.emit()

    @property
    def recording(self) -> bool:
        """Whether the next keys are taken."""
        return self._recording

    def _record(self, on: bool) -> None:
        self._recording = on
        words = tr("Press the keys …") if on else self._keys or "–"
        self.setText(words)
        spoken = words if on or self._keys else tr("no keys")
        self.setAccessibleName(f"{self._command}: {spoken}")
        self.setProperty("recording", "true" if on else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def event(self, event: QEvent) -> bool:
        """While recording no shortcut of the dialog has a key, nor does Tab go on."""
        if self._recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.cleared.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self.reset.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Change the keys")).triggered.connect(self.record)
        menu.addAction(tr("Remove the keys")).triggered.connect(self.cleared)
        menu.addAction(tr("Reset the keys")).triggered.connect(self.reset)
        menu.popup(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._recording:
            self._record(False)

    def _press(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _HELD:
            return
        self._record(False)
        if key == Qt.Key.Key_Escape and modifiers == Qt.KeyboardModifier.NoModifier:
            return
        typed = event.text()
        if typed and typed.isprintable() and not typed.isalnum() and not typed.isspace():
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier  # Shift is in the sign already, as in ! or *
        self.recorded.emit(QKeySequence(modifiers.value | key.value))
