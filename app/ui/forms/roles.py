"""Names with a role each: who works for a company, where somebody works, or who has a say in a deal."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.folding import search_key
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.services.somebody import Meant
from app.ui.forms.names import new_words
from app.ui.forms.row_edits import Row, Rows, put
from app.ui.forms.somebody import SomebodyEdit

if TYPE_CHECKING:
    from app.services.affiliations import InRole
    from app.services.somebody import Somebodies
    from app.ui.theme import Theme


@dataclass(frozen=True)
class InRow:
    """Who is meant, and as what."""

    meant: Meant
    role: str = ""


@dataclass(frozen=True)
class RoleWords:
    """`one` of them, how the button that adds one is called, and what stands in an empty field for a name."""

    one: str
    add: str
    sample: str


class RoleRow(Row):
    """Somebody, told apart from others of that name or made in place, and a role."""

    def __init__(
        self, theme: "Theme", known: "Somebodies", kind: Entity, field: str, words: RoleWords,
        role_edit: Callable[[], QLineEdit],
    ) -> None:  # fmt: skip
        super().__init__(theme)
        self._kind, self._field = kind, field
        self.name = SomebodyEdit(known, (kind,), field)
        self.name.setPlaceholderText(words.sample)
        self.role = role_edit()
        self.role.setPlaceholderText(tr("Role"))
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        line.addWidget(self.name, 3)
        line.addWidget(self.role, 2)
        line.addWidget(self.up)
        line.addWidget(self.remove)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addLayout(line)
        box.addWidget(self.note)
        self._take(self.name, self.role)
        self.name.textChanged.connect(lambda _text: self._say_if_new())
        self.name.editingFinished.connect(self._judge)

    def set_value(self, value: InRow) -> None:
        self.name.blockSignals(True)  # who it is need not be looked for
        self.name.set_value(value.meant)
        self.name.blockSignals(False)
        self.name.setCursorPosition(0)
        put(self.role, value.role)

    def empty(self) -> bool:
        return not (self.name.text().strip() or self.role.text().strip())

    def read(self) -> InRow:
        """Who it is, and as what. Raises InvalidInput."""
        from app.services.affiliations import checked_role
        from app.services.catalogue import checked_name

        checked_name("company" if self._kind is Entity.COMPANY else "person", self.name.text())
        meant = self.name.value()
        assert meant is not None, "there is a name"
        return InRow(meant, checked_role(self.role.text(), self._field))

    def state(self) -> object:
        return (self.name.text(), self.role.text())

    def controls(self, what: str) -> Sequence[tuple[QWidget, str]]:
        return ((self.name, what), (self.role, tr("Role: {what}", what=what)))

    def called(self) -> str:
        """The name so far, without what tells it from others."""
        try:
            meant = self.name.value()
        except TrichterError:
            meant = None
        return self.name.name() if meant is None else meant.name

    def _say_if_new(self) -> None:
        self.hint(new_words(self.name.name()) if self.name.is_new() else "")

    def _judge(self) -> None:
        """On leaving: whether it says too little."""
        try:
            self.name.value()
        except TrichterError as error:
            self.refuse(str(error))


class RoleRows(Rows[InRow]):
    """Companies or people, each with a role."""

    def __init__(
        self, theme: "Theme", known: "Somebodies", kind: Entity, field: str, words: RoleWords, *,
        spare: bool = True, movable: bool = False, role_edit: Callable[[], QLineEdit] = QLineEdit,
    ) -> None:  # fmt: skip
        """`field` is what errors name, `role_edit` makes the line for a role."""
        make = partial(RoleRow, theme, known, kind, field, words, role_edit)
        super().__init__(theme, words.one, words.add, make, spare=spare, movable=movable)

    def names(self) -> tuple[str, ...]:
        """The names typed so far."""
        return tuple(row.called() for row in self.rows if isinstance(row, RoleRow) and row.name.name())

    def in_roles(self, field: str) -> "list[InRole]":
        """Who, and as what, in their order. Raises InvalidInput."""
        return [(each.meant.who, each.role) for each in self.values(field)]

    def _twice(self, values: Sequence[InRow]) -> Collection[int]:
        known: set[int | str] = set()
        twice: list[int] = []
        for place, each in enumerate(values):
            who = each.meant.who
            key = search_key(who) if isinstance(who, str) else who
            if key in known:
                twice.append(place)
            known.add(key)
        return twice

    def _words_twice(self, value: InRow) -> Text:
        return Text("“{name}” stands here twice.", name=value.meant.name)
