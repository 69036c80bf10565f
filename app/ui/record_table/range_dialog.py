"""The question for the bounds of a chip: from, up to, or both."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.i18n import tr
from app.services.record_filter import Condition
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.record_table.bounds import bound_edit, bounded, ends
from app.ui.record_table.filter_words import label

if TYPE_CHECKING:
    from app.ui.context import Context


class RangeDialog(Dialog):
    """Asks for them; `condition` is the answer once it was accepted."""

    def __init__(self, context: "Context", field: str, before: Condition | None, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, label(context, field), parent)
        self._field = field
        self.condition: Condition | None = None
        self._form = Form()
        self._first = bound_edit(context, field, "first")
        self._last = bound_edit(context, field, "last")
        row = QHBoxLayout()
        row.setSpacing(context.theme.px(12))
        for name, words, edit in (("first", tr("From"), self._first), ("last", tr("Up to"), self._last)):
            shown = self._form.add(name, Field(words, edit))
            edit.follow(shown)
            row.addWidget(shown, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Apply")).clicked.connect(self._done)
        for edit, value in zip((self._first, self._last), ends(before), strict=True):
            edit.set_value(value)
        self._first.setFocus()
        self.resize(context.theme.px(420), context.theme.px(210))

    def _done(self) -> None:
        def read() -> None:
            self.condition = bounded(self._field, self._first.value(), self._last.value())

        if self._form.attempt(read):
            self.accept()


def ask_range(context: "Context", field: str, before: Condition | None, parent: QWidget) -> Condition | None:
    """Ask for the bounds of a field; None when the question was closed."""
    dialog = RangeDialog(context, field, before, parent)
    return dialog.condition if dialog.exec() else None
