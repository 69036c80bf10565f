"""Tags as small chips that go away when clicked, and a field for more."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.folding import sort_key
from app.core.i18n import tr
from app.ui.forms.names import EntryEdit, Find
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow


class TagsEdit(QWidget):
    """The tags of a record. Enter or a comma adds what was typed, Backspace in the empty field removes the last."""

    edited = Signal()

    def __init__(self, theme: Theme, find: Find, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, Button] = {}
        self.edit = EntryEdit(find)
        self.edit.setPlaceholderText(tr("Add a tag"))
        self.edit.entered.connect(self._on_entered)
        self.edit.emptied.connect(self._on_emptied)
        self.setFocusProxy(self.edit)
        self._row = QWidget()
        self._flow = Flow(self._row, theme.px(6))
        self._row.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(6))
        box.addWidget(self._row)
        box.addWidget(self.edit)

    def setAccessibleName(self, name: str) -> None:
        """The field is what has the focus, so it is what is called so."""
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def names(self) -> list[str]:
        """The tags, together with what was typed and not yet entered."""
        typed = self.edit.name()
        known = {sort_key(name) for name in self._chips}
        return [*self._chips, *([typed] if typed and sort_key(typed) not in known else [])]

    def set_names(self, names: Iterable[str]) -> None:
        """Show these tags."""
        for name in list(self._chips):
            self._remove(name)
        for name in names:
            self._add(name)

    def _on_entered(self, name: str) -> None:
        if sort_key(name) not in {sort_key(known) for known in self._chips}:
            self._add(name)
            self.edited.emit()

    def _on_emptied(self) -> None:
        if self._chips:
            self._drop(next(reversed(self._chips)))

    def _add(self, name: str) -> None:
        shown = name if len(name) <= 40 else f"{name[:39]}…"
        chip = Button(self._theme, shown.replace("&", "&&"), ButtonKind.CHIP, icon="close", name=name)
        chip.setAccessibleDescription(tr("Remove this tag"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the name
        chip.setAutoDefault(False)
        chip.clicked.connect(lambda: self._drop(name))
        chip.installEventFilter(self)
        self._chips[name] = chip
        self._flow.addWidget(chip)
        self._row.show()
        self._row.updateGeometry()

    def _drop(self, name: str) -> None:
        self._remove(name)
        self.edit.setFocus()
        self.edited.emit()

    def _remove(self, name: str) -> None:
        chip = self._chips.pop(name)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._row.setVisible(bool(self._chips))
        self._row.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete and Backspace on a chip remove it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            name = next((name for name, chip in self._chips.items() if chip is watched), None)
            if name is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self._drop(name)
                return True
        return super().eventFilter(watched, event)
