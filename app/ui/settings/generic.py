"""A page made from the declarations of its settings: every change holds at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import TrichterError
from app.core.folding import search_key
from app.core.i18n import Text, tr
from app.core.settings import BACKUP_FOLDER, SETTINGS, TEXT_SCALE, Page, Setting
from app.ui.forms.field import Field, Note
from app.ui.widgets.button import Button
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from app.ui.context import Context

_WIDEST = 420
_FOLDERS = (BACKUP_FOLDER,)
_BIG_STEPS = {TEXT_SCALE.key: 10}


def shown_settings(page: Page) -> list[Setting[Any]]:
    """The settings of a page that the user sees."""
    return [setting for setting in SETTINGS if setting.page == page and setting.shown]


def words_of(setting: Setting[Any]) -> str:
    """What a search looks through."""
    return search_key(" ".join((tr(setting.label), tr(setting.help), *(tr(label) for _, label in setting.choices))))


class GenericPage(QWidget):
    """The settings of one page, one below the other; `below` is a layout for what else belongs to the page."""

    def __init__(self, context: "Context", settings: Sequence[Setting[Any]]) -> None:
        super().__init__()
        self._context = context
        self._rows = {setting: _Row(context, setting) for setting in settings}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(context.theme.px(18))
        for row in self._rows.values():
            row.setMaximumWidth(context.theme.px(_WIDEST))
            box.addWidget(row)
        self.below = QVBoxLayout()
        box.addLayout(self.below)
        box.addStretch()

    def row(self, setting: Setting[Any]) -> "_Row":
        """The row of a setting."""
        return self._rows[setting]

    def narrow(self, words: Sequence[str]) -> None:
        """Show only what has all these words (folded); everything when nothing has."""
        fitting = [setting for setting in self._rows if all(word in words_of(setting) for word in words)]
        for setting, row in self._rows.items():
            row.setVisible(setting in fitting or not fitting)


class _Row(QWidget):
    """One setting: its control and what it is for, or why a value was refused."""

    def __init__(self, context: "Context", setting: Setting[Any]) -> None:
        super().__init__()
        self._context = context
        self._setting = setting
        self._silent = False
        self.control, self._show = self._make()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._note: Note | None = None
        self._field: Field | None = None
        if isinstance(self.control, QCheckBox):
            self._note = Note()
            self._note.say(tr(setting.help))
            box.setSpacing(3)
            box.addWidget(self.control)
            box.addWidget(self._note)
            self.control.setAccessibleDescription(tr(setting.help))
        else:
            self._field = Field(tr(setting.label), self._framed(), tip=tr(setting.help))
            self.control.setAccessibleName(tr(setting.label))
            box.addWidget(self._field)
        self.refresh()
        stop = context.settings.listen(setting, lambda _value: self.refresh())
        self.destroyed.connect(stop)

    def disable(self, reason: str) -> None:
        """It cannot be changed here, and says why."""
        self.control.setEnabled(False)
        self.control.setAccessibleDescription(reason)
        if self._note is not None:
            self._note.say(reason)
        elif self._field is not None:
            self._field.hint(reason)

    def refresh(self) -> None:
        """Show the value that holds."""
        self._silent = True
        self._show(self._context.settings[self._setting])
        self._silent = False

    def _framed(self) -> QWidget:
        """The control; a folder gets a button to choose it."""
        if self._setting not in _FOLDERS:
            return self.control
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        choose = Button(self._context.theme, tr("Choose …"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        row.addWidget(self.control, 1)
        row.addWidget(choose)
        frame.setFocusProxy(self.control)
        return frame

    def _make(self) -> tuple[QWidget, Callable[[Any], None]]:
        setting = self._setting
        if setting.choices:
            return self._make_choice()
        if isinstance(setting.default, bool):
            check = QCheckBox(tr(setting.label))
            check.toggled.connect(self._change)
            return check, check.setChecked
        if isinstance(setting.default, int):
            return self._make_number()
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._change(line.text().strip()))
        return line, line.setText

    def _make_choice(self) -> tuple[QWidget, Callable[[Any], None]]:
        combo = ChoiceBox()
        for value, label in self._setting.choices:
            combo.addItem(tr(label), value)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(lambda _row: self._change(combo.currentData()))
        return combo, lambda value: combo.setCurrentIndex(combo.findData(value))

    def _make_number(self) -> tuple[QWidget, Callable[[Any], None]]:
        setting, spin = self._setting, QSpinBox()
        spin.setRange(setting.minimum or 0, setting.maximum or 1_000_000)
        spin.setSingleStep(_BIG_STEPS.get(setting.key, 1))
        spin.setKeyboardTracking(False)  # 1 on the way to 120 is no value
        spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel scrolls the page
        spin.lineEdit().setTextMargins(self._context.theme.px(8), 0, 0, 0)  # a style sheet does not reach it
        if setting.unit:
            spin.setSuffix(" " + tr(setting.unit))
        spin.valueChanged.connect(self._change)
        return spin, spin.setValue

    def _change(self, value: object) -> None:
        if self._silent or value == self._context.settings[self._setting]:
            return
        try:
            self._context.settings.change({self._setting: value})
        except TrichterError as error:
            self._refuse(error)
            return
        if self._field is not None:
            self._field.hint("")
        elif self._note is not None:
            self._note.say(tr(self._setting.help))

    def _refuse(self, error: TrichterError) -> None:
        if self._field is not None:
            self._field.refuse(error)
        elif self._note is not None:
            self._note.say(str(error), "error")

    def _choose_folder(self) -> None:
        now = self._context.settings[self._setting]
        start = Path(now) if now else self._context.office.store.path.parent
        chosen = self._context.dialogs.choose_folder(Text(self._setting.label), start)
        if chosen is not None:
            self._change(str(chosen))
