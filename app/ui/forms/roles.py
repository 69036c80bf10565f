"""Names with a role each: who works for a company, or where somebody works."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.folding import search_key
from app.core.i18n import Text, tr
from app.ui.forms.names import Find, NameEdit, new_words
from app.ui.forms.row_edits import Row, Rows, put

if TYPE_CHECKING:
    from app.ui.theme import Theme


@dataclass(frozen=True)
class Named:
    """Somebody or some company by name, and as what; the `id` of one that is there and was not renamed here."""

    name: str
    role: str = ""
    id: int | None = None

    @property
    def who(self) -> int | str:
        """The id, which is surer than the name."""
        return self.name if self.id is None else self.id


@dataclass(frozen=True)
class RoleWords:
    """`one` of them, how the button that adds one is called, and what stands in an empty field for a name."""

    one: str
    add: str
    sample: str


class RoleRow(Row):
    """A name, completed from those that are there, and a role."""

    def __init__(self, theme: "Theme", find: Find, words: RoleWords, check: Callable[[str, str], object]) -> None:
        super().__init__(theme)
        self._check = check
        self._known = Named("")
        self.name = NameEdit(find)
        self.name.setPlaceholderText(words.sample)
        self.role = QLineEdit()
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

    def set_value(self, value: Named) -> None:
        self._known = value
        put(self.name, value.name)
        put(self.role, value.role)

    def empty(self) -> bool:
        return not (self.name.text().strip() or self.role.text().strip())

    def read(self) -> Named:
        """Who it is, and as what. Raises InvalidInput."""
        self._check(self.name.text(), self.role.text())
        return Named(self.name.name(), " ".join(self.role.text().split()), self._id())

    def state(self) -> object:
        return (self.name.text(), self.role.text())

    def controls(self, what: str) -> Sequence[tuple[QWidget, str]]:
        return ((self.name, what), (self.role, tr("Role: {what}", what=what)))

    def _id(self) -> int | None:
        return self._known.id if self.name.text() == self._known.name else None

    def _say_if_new(self) -> None:
        new = self._id() is None and self.name.is_new()
        self.hint(new_words(self.name.name()) if new else "")


class RoleRows(Rows[Named]):
    """Names with their roles."""

    def __init__(
        self, theme: "Theme", find: Find, words: RoleWords, check: Callable[[str, str], object], *, movable: bool
    ) -> None:
        """`find` completes a name, `check(name, role)` raises InvalidInput for what cannot be one."""
        make = partial(RoleRow, theme, find, words, check)
        super().__init__(theme, words.one, words.add, make, movable=movable)

    def names(self) -> tuple[str, ...]:
        """The names typed so far."""
        return tuple(row.name.name() for row in self.rows if isinstance(row, RoleRow) and row.name.name())

    def _twice(self, values: Sequence[Named]) -> Collection[int]:
        """A name typed anew that is there already; two that are known may have the same."""
        known = {search_key(each.name) for each in values if each.id is not None}
        twice: list[int] = []
        for place, each in enumerate(values):
            if each.id is None:
                key = search_key(each.name)
                if key in known:
                    twice.append(place)
                known.add(key)
        return twice

    def _words_twice(self, value: Named) -> Text:
        return Text("“{name}” stands here twice.", name=value.name)
