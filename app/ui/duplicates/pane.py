"""What comes of putting records into one: each field with the value of each, and what hangs on them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.core.money import Money
from app.services.merge_fields import FieldPreview, Value
from app.services.merging import MergePreview
from app.ui.forms.dialog import scrolled

if TYPE_CHECKING:
    from app.services.merge_links import Linked
    from app.ui.context import Context

_LONGEST = 200


class MergePane(QWidget):
    """Side by side; `stays(id)` and `chosen(key, id)` ask for another record to stay, another value to be taken."""

    stays = Signal(int)
    chosen = Signal(str, int)

    def __init__(self, context: "Context", options: Callable[[], Mapping[int, str]]) -> None:
        """`options` gives the names of the options of own fields."""
        super().__init__()
        self._context, self._options = context, options
        self._names: Mapping[int, str] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._inner: QWidget | None = None

    def show_preview(self, preview: MergePreview | None) -> None:
        """Show what comes of it; None for nothing. The keyboard stays where it was."""
        focused: QWidget | None = self.window().focusWidget()
        name = focused.objectName() if focused and self.isAncestorOf(focused) else ""
        if self._inner is not None:
            self._box.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
            self._inner = None
        if preview is None:
            return
        self._names = self._options()
        contents = QWidget()
        self._fill(contents, preview)
        self._inner = scrolled(contents)
        self._box.addWidget(self._inner)
        self._inner.show()  # the keyboard cannot go to what is not seen yet
        again = contents.findChild(QRadioButton, name) if name else None
        if isinstance(again, QRadioButton):
            again.setFocus()

    def _fill(self, contents: QWidget, preview: MergePreview) -> None:
        px = self._context.theme.px
        grid = QGridLayout(contents)
        grid.setContentsMargins(px(14), px(10), px(14), px(10))
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(6))
        order = sorted(preview.names)
        for column in range(1, len(order) + 1):
            grid.setColumnStretch(column, 1)
        self._head(grid, preview, order)
        for field in preview.fields:
            self._field(grid, field, preview, order)
        for each in preview.lists:
            self._row(grid, str(each.label), "\n".join(text for text, _ in each.items), len(order))
        counts = "\n".join(_count(linked) for linked in preview.linked)
        if counts:
            self._row(grid, tr("Goes along"), counts, len(order))
        grid.setRowStretch(grid.rowCount(), 1)

    def _head(self, grid: QGridLayout, preview: MergePreview, order: list[int]) -> None:
        grid.addWidget(self._label(tr("Stays"), "muted"), 0, 0)
        group = QButtonGroup(grid.parentWidget())
        for column, record in enumerate(order, 1):
            radio = self._radio(preview.names[record], f"stays:{record}", record == preview.winner)
            radio.setAccessibleName(tr("“{name}” stays", name=preview.names[record]))
            radio.clicked.connect(lambda _on=False, record=record: self.stays.emit(record))
            group.addButton(radio)
            grid.addWidget(radio, 0, column)

    def _field(self, grid: QGridLayout, field: FieldPreview, preview: MergePreview, order: list[int]) -> None:
        row, label = grid.rowCount(), str(field.label)
        grid.addWidget(self._label(label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        if not field.choosable:
            self._row(grid, "", self._words(field.result) or "–", len(order), row)
            return
        group = QButtonGroup(grid.parentWidget())
        for column, record in enumerate(order, 1):
            words = self._words(field.values.get(record))
            radio = self._radio(words or "–", f"{field.key}:{record}", record == field.source)
            radio.setAccessibleName(f"{label}: {words or '–'} ({preview.names[record]})")
            radio.clicked.connect(lambda _on=False, key=field.key, record=record: self.chosen.emit(key, record))
            group.addButton(radio)
            grid.addWidget(radio, row, column)

    def _row(self, grid: QGridLayout, label: str, words: str, columns: int, row: int | None = None) -> None:
        row = grid.rowCount() if row is None else row
        if label:
            grid.addWidget(self._label(label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._label(words), row, 1, 1, columns)

    def _label(self, words: str, kind: str = "") -> QLabel:
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
        label.setWordWrap(True)
        if kind:
            label.setProperty("kind", kind)
        return label

    def _radio(self, words: str, name: str, on: bool) -> QRadioButton:
        short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        radio = QRadioButton(short.replace("&", "&&"))
        radio.setObjectName(name)
        radio.setChecked(on)
        radio.setToolTip(words if short != words else "")
        return radio

    def _words(self, value: Value) -> str:
        """A value as it is read."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return tr("yes") if value else tr("no")
        if isinstance(value, tuple):
            return ", ".join(self._names.get(option, "") for option in value)
        if isinstance(value, int):
            return self._names.get(value, str(value))
        return str(self._context.formats.show(value)) if isinstance(value, date | Money | Decimal) else str(value)


def _count(linked: "Linked") -> str:
    """A sort of entries: how many there are afterwards, and what became of doubles."""
    words = f"{linked.name}: {linked.own + linked.moved}"
    if linked.dissolved:
        gone = ntr("{n} was there twice", "{n} were there twice", linked.dissolved)
        words = f"{words} ({gone})"
    return words
