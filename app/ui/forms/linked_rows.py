"""Rows of somebody and as what: typed, taken away, and one more when it is asked for."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.services.somebody import Meant
from app.ui.forms.somebody import SomebodyEdit
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.affiliations import InRole
    from app.services.somebody import Somebodies

_NAME, _ROLE = 6, 5


class LinkedRows(QWidget):
    """`value()` is who stands in the rows, each with a role; a row with nothing in it is none."""

    def __init__(
        self, theme: Theme, known: "Somebodies", kinds: Sequence[Entity], field: str,
        role_edit: Callable[[], QLineEdit], add: str,
    ) -> None:  # fmt: skip
        """`field` is what errors name, `role_edit` makes the line for a role, `add` asks for one more row."""
        super().__init__()
        self._theme, self._known, self._kinds, self._field, self._role_edit = theme, known, kinds, field, role_edit
        self._rows: list[_Row] = []
        self._list = QWidget()
        self._box = QVBoxLayout(self._list)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._add = Button(theme, add, ButtonKind.LINK)
        self._add.clicked.connect(self._ask)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        theme.fit(self, lambda: self._box.setSpacing(theme.px(6)), lambda: box.setSpacing(theme.px(4)))
        box.addWidget(self._list)
        box.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self._add)
        self._list.hide()

    def set_rows(self, rows: Iterable[tuple[Meant, str]]) -> None:
        """Show these instead of what was there."""
        for row in list(self._rows):
            self._take_away(row)
        for meant, role in rows:
            row = self._one_more()
            row.name.set_value(meant)
            row.role.setText(role)

    def value(self) -> "tuple[InRole, ...]":
        """Who, and as what, in their order. Raises InvalidInput; the keyboard then goes to the row that is meant."""
        found: dict[int | str, str] = {}
        for row in self._rows:
            self.setFocusProxy(row.name)
            meant, role = row.name.value(), " ".join(row.role.text().split())
            if meant is None and role:
                raise InvalidInput(Text("Please enter a name."), field=self._field)
            if meant is None:
                continue
            if meant.who in found:
                raise InvalidInput(Text("{name} is here already.", name=meant.name), field=self._field)
            found[meant.who] = role
        self.setFocusProxy(self._add)
        return tuple(found.items())

    def _ask(self) -> None:
        self._one_more().name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _one_more(self) -> "_Row":
        row = _Row(self._theme, SomebodyEdit(self._known, self._kinds, self._field), self._role_edit())
        row.remove.clicked.connect(partial(self._take_away, row))
        self._rows.append(row)
        self._box.addWidget(row)
        self._list.show()
        row.show()  # at once, not with the next turn
        return row

    def _take_away(self, row: "_Row") -> None:
        place = self._rows.index(row)
        self._rows.remove(row)
        had = row.isAncestorOf(self.window().focusWidget())
        self.setFocusProxy(self._add)
        self._box.removeWidget(row)
        row.hide()
        row.setParent(None)  # what is left is all there is in the form
        row.deleteLater()
        self._list.setVisible(bool(self._rows))
        if had:
            (self._rows[min(place, len(self._rows) - 1)].remove if self._rows else self._add).setFocus()


class _Row(QWidget):
    def __init__(self, theme: Theme, name: SomebodyEdit, role: QLineEdit) -> None:
        super().__init__()
        self.name, self.role = name, role
        name.setAccessibleName(tr("Name"))
        name.setPlaceholderText(tr("Name"))
        self.remove = Button(theme, "", ButtonKind.MINI, icon="close", name=tr("Remove"))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        theme.fit(self, lambda: box.setSpacing(theme.px(6)))
        box.addWidget(name, _NAME)
        box.addWidget(role, _ROLE)
        box.addWidget(self.remove)
