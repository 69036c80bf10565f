"""The entries that are shown, as a list view asks for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.timeline.wording import Said, said

if TYPE_CHECKING:
    from app.services.timeline import Entry, Key
    from app.ui.context import Context

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
ENTRY = _Role.UserRole + 1
SAID = _Role.UserRole + 2


class TimelineModel(QAbstractListModel):
    """Entries in the order in which they are read."""

    def __init__(self, context: "Context", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.entries: list[Entry] = []
        self._said: dict[int, Said] = {}

    def show(self, entries: Sequence["Entry"]) -> None:
        """Show these instead. Those that are there already stay the same objects, so that nothing of them is laid out
        again, and mostly a few come on top.
        """
        known = {entry.key: entry for entry in self.entries}
        new = [there if (there := known.get(entry.key)) == entry and there is not None else entry for entry in entries]
        on_top = next((row for row, entry in enumerate(new) if self.entries and entry is self.entries[0]), 0)
        if new[on_top : on_top + len(self.entries)] == self.entries and on_top + len(self.entries) == len(new):
            if on_top:
                self.beginInsertRows(QModelIndex(), 0, on_top - 1)
                self.entries[:0] = new[:on_top]
                self.endInsertRows()
            return
        self.beginResetModel()
        self.entries = new
        kept = {id(entry) for entry in new}
        self._said = {key: words for key, words in self._said.items() if key in kept}
        self.endResetModel()

    def add(self, entries: Sequence["Entry"]) -> None:
        """Show these below."""
        if entries:
            self.beginInsertRows(QModelIndex(), len(self.entries), len(self.entries) + len(entries) - 1)
            self.entries += entries
            self.endInsertRows()

    def reword(self) -> None:
        """The same in another language or form."""
        self.beginResetModel()
        self._said.clear()
        self.endResetModel()

    def row_of(self, key: "Key") -> int | None:
        """Where the entry of this key stands."""
        return next((row for row, entry in enumerate(self.entries) if entry.key == key), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == SAID:
            return self.said(entry)
        if role in (_Role.AccessibleTextRole, _Role.DisplayRole):
            return self.said(entry).aloud
        return None

    def said(self, entry: "Entry") -> Said:
        """An entry in words; those shown once are kept."""
        found = self._said.get(id(entry))
        if found is None:
            found = self._said[id(entry)] = said(self._context, entry)
        return found
