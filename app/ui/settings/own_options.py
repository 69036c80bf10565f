"""The options of a choice: renamed in place, dragged into another order, added and deleted."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.services.own_fields import OwnField, OwnOption
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.tables.empty import InPlaceOfRows
from app.ui.widgets.button import Button
from app.ui.widgets.own_undo import empty, share_undo

if TYPE_CHECKING:
    from app.ui.context import Context

_ROWS = 5


class OptionsEdit(QWidget):
    """Shows what a choice offers; `asked(verb, refused)` says what is wanted of it."""

    asked = Signal(object, object)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._fields = context.office.own_fields
        self._field: OwnField | None = None
        rename = self._fields.rename_option
        columns: list[RowColumn[OwnOption]] = [
            RowColumn(tr("Options"), lambda row: row.name, lambda row, typed: rename(row.id, typed), stretch=True)
        ]
        self.model: RowsModel[OwnOption] = RowsModel(context.theme, columns, self, self._change)
        self.view = RowsView(context.theme, self.model, tr("Options"), movable=True)
        self._none = InPlaceOfRows(context.theme, self.view)
        self.entry = QLineEdit()
        self.entry.setPlaceholderText(tr("New option"))
        self.entry.setAccessibleName(tr("New option"))
        share_undo(self.entry)
        context.theme.fit(self.view, lambda: self.view.setFixedHeight(context.theme.row_height * _ROWS))
        self._none.tell(tr("Nothing to choose from yet."), "list", tr("New option"), self.entry.setFocus)
        self._lay_out(context)
        self.view.moved.connect(self._on_moved)
        self.view.deleted.connect(self._delete)
        self.entry.returnPressed.connect(self._add)

    def _lay_out(self, context: "Context") -> None:
        theme = context.theme
        add, remove = Button(theme, tr("Add"), icon="plus"), Button(theme, tr("Delete"), icon="trash")
        add.clicked.connect(self._add)
        remove.clicked.connect(lambda: self._delete(self.view.current().id if self.view.current() else 0))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.entry, 1)
        for button in (add, remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addWidget(self.view)
        box.addLayout(row)

    def show_field(self, field: OwnField) -> None:
        """The options of this field; what is being typed for the same ones stays."""
        same = self._field is not None and self._field.id == field.id and self._field.options == field.options
        self._field = field
        if not same and not self.view.editing:
            self.model.show_rows(field.offered)
            self._none.show_for(not field.offered)

    def _change(self, _row: OwnOption, verb: Callable[[], object]) -> bool:
        self.asked.emit(verb, None)
        return True

    def _add(self) -> None:
        field, name = self._field, self.entry.text()
        if field is not None and name.strip():
            empty(self.entry)
            again = lambda: self.entry.setText(self.entry.text() or name)  # noqa: E731 - what was refused stays
            self.asked.emit(partial(self._fields.add_option, field.id, name), again)

    def _delete(self, option_id: int) -> None:
        if option_id:
            self.asked.emit(partial(self._fields.delete_option, option_id), None)

    def _on_moved(self, option_id: int, place: int) -> None:
        ids = [row.id for row in self.model.rows if row.id != option_id]
        ids.insert(place, option_id)
        if self._field is not None:
            self.asked.emit(partial(self._fields.reorder_options, self._field.id, ids), None)
