"""One column of a board as a model: the leads in it, in their order."""

from array import array
from bisect import bisect_left
from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.services.board import id_of
from app.ui.board.cards import Card, Cards
from app.ui.tips import plain_tip

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_CARD = (
    Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren
)  # fmt: skip
#: Up to this many leads are looked for one by one.
_FEW = 8
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class ColumnModel(QAbstractListModel):
    """Ids by their places. The cards themselves lie in what all columns share.

    `renamed(id, title)` after a title was edited in place.
    """

    renamed = Signal(object, str)

    def __init__(self, cards: Cards, parent: QObject) -> None:
        super().__init__(parent)
        self._cards = cards
        self._places: array[int] = array("q")
        self.ids: array[int] = array("q")

    def show_places(self, places: "array[int]", ids: "array[int]") -> None:
        """The whole column anew: places, and who stands there. What is as it was stays untouched."""
        if places == self._places:
            return
        self.beginResetModel()
        self._places, self.ids = places, ids
        self.endResetModel()

    def put(self, place: int) -> None:
        """One lead more, where it belongs."""
        row = bisect_left(self._places, place)
        self.beginInsertRows(_TOP, row, row)
        self._places.insert(row, place)
        self.ids.insert(row, id_of(place))
        self.endInsertRows()

    def take(self, row: int) -> None:
        """One lead less."""
        self.beginRemoveRows(_TOP, row, row)
        del self._places[row], self.ids[row]
        self.endRemoveRows()

    def place_at(self, row: int) -> int:
        """The place of the lead in a row."""
        return self._places[row]

    def row_of(self, lead_id: int) -> int | None:
        """Where a lead stands, if it is in this column."""
        try:
            return self.ids.index(lead_id)
        except ValueError:
            return None

    def rows_of(self, ids: Collection[int]) -> list[int]:
        """Where those of these leads stand that are in this column, from top to bottom."""
        if len(ids) > _FEW:
            wanted = set(ids)
            return [row for row, lead_id in enumerate(self.ids) if lead_id in wanted]
        return sorted(row for row in map(self.row_of, ids) if row is not None)

    def id_at(self, row: int) -> int | None:
        """The lead in a row."""
        return self.ids[row] if 0 <= row < len(self.ids) else None

    def card(self, row: int) -> Card | None:
        """The card in a row; None while it cannot be read."""
        return self._cards.get(self.ids, row)

    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return _CARD if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _EDIT, _TIP, _SPOKEN) or not index.isValid():
            return None
        card = self.card(index.row())
        if card is None:
            return None
        if role == _SPOKEN:
            return card.spoken
        return plain_tip(card.tip) if role == _TIP else card.title

    def setData(self, index: _Index, value: Any, role: int = _EDIT) -> bool:
        """A title was edited in place; the verb that follows gives the card its new words."""
        lead_id, card = self.ids[index.row()], self.card(index.row())
        if role == _EDIT and card is not None and value != card.title:
            self.renamed.emit(lead_id, str(value))
        return True
