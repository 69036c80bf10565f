"""The columns of a list without a mouse: which there are, in which order, how wide, and by which rows are sorted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.forms.dialog import Dialog
from app.ui.keys import named
from app.ui.tables.header import Header
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context

_STEP = 10
_HEIGHT = 28
_INDEX = Qt.ItemDataRole.UserRole


class ArrangeDialog(Dialog):
    """Everything is seen in the list at once; there is nothing to save."""

    def __init__(self, context: "Context", header: Header, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Columns"), parent)
        self._header = header
        self._filling = False
        self._list = QListWidget()
        self._list.setProperty("kind", "side")
        self._list.setAccessibleName(tr("Columns"))
        self._list.itemChanged.connect(self._show)
        row = QHBoxLayout()
        row.setSpacing(context.theme.px(14))
        row.addWidget(self._list, 1)
        row.addLayout(self._verbs())
        self.body.addLayout(row, 1)
        self.add_close(self.add_bar())
        self._fill(0)
        self.remember_size(context.settings, "columns", 520, 560)
        self._list.setFocus()

    def _verbs(self) -> QVBoxLayout:
        column = QVBoxLayout()
        for label, keys, act in (
            (tr("Move up"), "Alt+Up", lambda: self._move(-1)),
            (tr("Move down"), "Alt+Down", lambda: self._move(1)),
            (tr("Wider"), "Alt+Right", lambda: self._header.widen(self._chosen(), _STEP)),
            (tr("Narrower"), "Alt+Left", lambda: self._header.widen(self._chosen(), -_STEP)),
            (tr("Sort by it"), "Alt+Return", self._sort),
            (tr("Reset columns"), "", self._begin_anew),
        ):
            button = Button(self.theme, label)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, act=act: act())
            if keys:
                QShortcut(QKeySequence(keys), self, act)
                button.setToolTip(named(keys))
            column.addWidget(button)
        column.addStretch()
        return column

    def _chosen(self) -> int:
        """The column the keyboard is on."""
        return int(self._list.currentItem().data(_INDEX))

    def _fill(self, row: int) -> None:
        self._filling = True
        self._list.clear()
        for index in self._header.order():
            item = QListWidgetItem(self._header.worded(index))
            item.setData(_INDEX, index)
            item.setSizeHint(QSize(0, self.theme.px(_HEIGHT)))
            item.setCheckState(
                Qt.CheckState.Unchecked if self._header.isSectionHidden(index) else Qt.CheckState.Checked
            )
            self._list.addItem(item)
        self._list.setCurrentRow(row)
        self._filling = False

    def _show(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        self._header.set_shown(int(item.data(_INDEX)), item.checkState() == Qt.CheckState.Checked)
        self._fill(self._list.row(item))

    def _move(self, places: int) -> None:
        row = self._list.currentRow()
        if 0 <= row + places < self._list.count():
            self._header.moveSection(row, row + places)
            self._fill(row + places)

    def _sort(self) -> None:
        self._header.sort_by(self._chosen())
        self._fill(self._list.currentRow())

    def _begin_anew(self) -> None:
        self._header.begin_anew()
        self._fill(0)
