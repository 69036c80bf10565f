"""A field that completes names from the store and can make a new one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme

_ID = int(Qt.ItemDataRole.UserRole)
_NAME = _ID + 1
_MOST = 12

Choices = Sequence[tuple[int, str]]


class CompleterCombo(QLineEdit):
    """Type part of a name, pick it, or take the last entry to create it.

    `query(text)` gives the pairs of id and name that fit, best first; it is asked at every keystroke. `chosen` is the
    id picked, None while the text is no known name; `creates` tells whether that text is meant as a new one.
    """

    picked = Signal(object, str)  # the id, or None for a new name; and the name

    def __init__(
        self,
        theme: Theme,
        label: str,
        query: Callable[[str], Choices],
        *,
        create: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._query = query
        self._create = create
        self._chosen: int | None = None
        self.setAccessibleName(label)
        self._choices = QStandardItemModel(self)
        completer = QCompleter(self._choices, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST)
        completer.setCompletionRole(_NAME)  # what is put into the field, which is not what the last entry says
        completer.activated.connect(self._on_pick)
        self._popup = QListView()
        self._popup.setProperty("kind", "popup")
        self._popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        completer.setPopup(self._popup)
        self.setCompleter(completer)
        self.textEdited.connect(self._on_type)

    @property
    def chosen(self) -> int | None:
        """The id of the name in the field; None for a new name or an empty field."""
        return self._chosen

    @property
    def creates(self) -> bool:
        """Whether the field holds a name that does not exist yet."""
        return self._create and self._chosen is None and bool(self.text().strip())

    def set_choice(self, id_: int | None, name: str) -> None:
        """Show a choice without telling anyone."""
        self._chosen = id_
        self.setText(name)

    def _on_type(self, typed: str) -> None:
        typed = typed.strip()
        found = list(self._query(typed))[:_MOST] if typed else []
        same = [id_ for id_, name in found if name.casefold() == typed.casefold()]
        # Two of the same name are told apart only by picking one.
        self._chosen = same[0] if len(same) == 1 else None
        self._choices.clear()
        for id_, name in found:
            self._add(name, name, id_)
        if self._create and typed and not same:
            self._add(tr("Create “{name}”", name=typed), typed, None)

    def _add(self, shown: str, name: str, id_: int | None) -> None:
        item = QStandardItem(shown)
        item.setData(name, _NAME)
        item.setData(id_, _ID)
        self._choices.appendRow(item)

    def _on_pick(self, name: str) -> None:
        self._chosen = self._popup.currentIndex().data(_ID)
        self.setText(name)
        self.picked.emit(self._chosen, name)
