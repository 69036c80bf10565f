"""Facts of a record as lines of label and value, to be read and copied."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

if TYPE_CHECKING:
    from app.ui.context import Context

_LABELS = 96


class Facts(QWidget):
    """A line for each of these keys, with its label; those without a value are not seen."""

    def __init__(self, context: "Context", labels: Mapping[str, str]) -> None:
        super().__init__()
        grid, px = QGridLayout(self), context.theme.px
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        context.theme.fit(
            grid, lambda: grid.setColumnMinimumWidth(0, px(_LABELS)), lambda: grid.setVerticalSpacing(px(6)),
            lambda: grid.setHorizontalSpacing(px(10)),
        )  # fmt: skip
        self._lines: dict[str, tuple[QLabel, QLabel]] = {}
        for row, (key, words) in enumerate(labels.items()):
            label, value = QLabel(words), QLabel()
            label.setProperty("kind", "muted")
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            value.setMinimumWidth(1)
            for each in (label, value):
                each.setWordWrap(True)
                each.setAlignment(Qt.AlignmentFlag.AlignTop)
                each.hide()
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            self._lines[key] = (label, value)

    def show_values(self, values: Mapping[str, Sequence[str]]) -> None:
        """The lines of each key; nothing for one that is left out."""
        for key, (label, value) in self._lines.items():
            lines = [line for line in values.get(key, ()) if line]
            value.setText("\n".join(lines))
            value.setAccessibleName(f"{label.text()}: {', '.join(lines)}")
            label.setVisible(bool(lines))
            value.setVisible(bool(lines))
