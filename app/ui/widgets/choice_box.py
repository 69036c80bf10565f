"""A list to choose from, for a choice that counts at once."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

_Key = Qt.Key
_ALWAYS = (_Key.Key_Up, _Key.Key_Down, _Key.Key_PageUp, _Key.Key_PageDown)
#: What a field to type into needs itself.
_UNLESS_TYPED = (_Key.Key_Home, _Key.Key_End, _Key.Key_Return, _Key.Key_Enter)


class ChoiceBox(QComboBox):
    """Keys open the list, and choose in there.

    While it is closed Qt chooses the next entry with every arrow key, every letter and every turn of the wheel: what
    only lies on the way would be stored, and could close the list before one is where one wants to be.
    """

    def __init__(self, *, long: bool = False) -> None:
        """A `long` list drops below the box, some of its entries at a time; others lie over it as a whole."""
        super().__init__()
        if long:
            self.setProperty("long", "true")
            self.setItemDelegate(QStyledItemDelegate(self))  # the only one that minds how high the theme wants an entry

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, letter = Qt.Key(event.key()), event.text()
        typed = letter.isprintable() and letter.strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in _ALWAYS or (key in _UNLESS_TYPED and not self.isEditable()):
            self.showPopup()
        elif typed and not self.isEditable():
            self.showPopup()
            self.view().keyboardSearch(letter)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
