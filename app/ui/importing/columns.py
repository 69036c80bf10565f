"""Which column of the file is which field: a line for each column, to be changed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from app.core.i18n import N_, language, tr
from app.services.csv_format import COLUMNS
from app.ui.tips import plain_tip

if TYPE_CHECKING:
    from app.ui.theme import Theme

NOT_IMPORTED = "-"
#: Fields that our own format has no column for.
_OTHERS = (("product", N_("Product")), ("note", N_("Note")), ("remark", N_("Remark")))


def fields() -> list[tuple[str, str]]:
    """Field and its name in the language in use, in the order of our own format."""
    place = 1 if language() == "de" else 2
    return [*((column[0], column[place]) for column in COLUMNS), *((field, tr(label)) for field, label in _OTHERS)]


class ColumnTable(QWidget):
    """Shows the columns; `changed(column, field)` says what the user wants of one ("-": not imported)."""

    changed = Signal(str, str)

    def __init__(self, theme: "Theme", own: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        """`own` are the keys and names of own fields."""
        super().__init__(parent)
        self._theme = theme
        self._fields = [*fields(), *own]
        self._combos: dict[str, QComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(12))
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(7))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    @property
    def combos(self) -> Mapping[str, QComboBox]:
        """The control of each column."""
        return self._combos

    def show_columns(self, columns: Mapping[str, str | None]) -> None:
        """Show which column is which field; the lines are made anew only for another file."""
        if list(columns) != list(self._combos):
            self._build(columns)
        for column, field in columns.items():
            combo = self._combos[column]
            combo.blockSignals(True)
            combo.setCurrentIndex(combo.findData(field or NOT_IMPORTED))
            combo.blockSignals(False)

    def _build(self, columns: Mapping[str, str | None]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._combos = {}
        for row, column in enumerate(columns):
            shown = column if len(column) <= 60 else f"{column[:59]}…"
            label = QLabel(shown)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setToolTip(plain_tip(column))
            combo = self._combos[column] = self._make(column)
            combo.setAccessibleName(shown)
            label.setBuddy(combo)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(combo, row, 1)

    def _make(self, column: str) -> QComboBox:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign] # the wheel scrolls the list
        combo.addItem(tr("do not import"), NOT_IMPORTED)
        for field, label in self._fields:
            combo.addItem(label, field)
        combo.activated.connect(lambda _row: self.changed.emit(column, combo.currentData()))
        return combo
