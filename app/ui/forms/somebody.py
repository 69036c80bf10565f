"""A field for a company or a person: those that are there are told apart, a new one is made in place."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.folding import search_key
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.services.somebody import LONGEST, Meant, Somebody
from app.ui.forms.field import Field
from app.ui.forms.names import NameEdit, new_words

if TYPE_CHECKING:
    from app.services.somebody import Somebodies

_OFFERED = 12


class Naming:
    """Whom a typed name stands for: who may be meant is offered with what tells them apart.

    Of several with one name nobody is guessed.
    """

    def __init__(self, known: "Somebodies", kinds: Sequence[Entity], field: str, value: Meant | None = None) -> None:
        """`kinds` are companies, people or both; `field` is what errors name; `value` is who stands there already."""
        self._known = known
        self.kinds = tuple(kinds)
        self._field = field
        self._offered: dict[str, Meant] = {}
        self._fixed: Meant | None = value
        self._last: tuple[str, list[Somebody]] = ("", [])

    def hold(self, value: Meant | None) -> None:
        """From now on the name of this one stands for that one, whoever else is called so."""
        self._fixed = value

    def meant(self, typed: str) -> Meant | None:
        """Who is meant; None for nobody. Raises InvalidInput for a name that several have, or that says too little."""
        return self._meant(_tidy(typed), lambda name: self._known.called(name, self.kinds))

    def made(self, typed: str) -> Meant | None:
        """Who is made by the name, as far as is known from those offered; None where that is nobody."""
        try:
            value = self._meant(_tidy(typed), self._called)
        except TrichterError:
            return None
        return value if value is not None and isinstance(value.who, str) else None

    def _meant(self, name: str, called: Callable[[str], list[Somebody]]) -> Meant | None:
        if not name:
            return None
        if self._fixed is not None and _tidy(self._fixed.name) == name:
            return self._fixed
        if name in self._offered and self._offered[name].name != name:  # else it may be typed, and mean another one
            return self._offered[name]
        if len(name) > LONGEST:
            raise InvalidInput(Text("“{name}…” is too long.", name=name[:30]), field=self._field)
        found = called(name)
        if len(found) == 1:
            return Meant(found[0].entity, found[0].id, found[0].name)
        if found:
            several = Text("Several are called “{name}”.", name=name)
            raise InvalidInput(several, Text("Choose one of the list."), self._field)
        if len(self.kinds) == 1:
            return Meant(self.kinds[0], name, name)
        new = Text("Nobody is called “{name}” yet.", name=name)
        raise InvalidInput(new, Text("Choose from the list whether it is a new company or a new person."), self._field)

    def offered(self, label: str) -> Meant | None:
        """Who was offered as this."""
        return self._offered.get(label)

    def choose(self, label: str) -> None:
        """One of those offered was taken: who has nothing but a name is meant by it, and no namesake."""
        meant = self.offered(label)
        if meant is not None and meant.name == label:
            self.hold(meant)

    def there(self, typed: str) -> list[str]:
        """Who is there and may be meant, each with what tells him or her from others."""
        labels: list[str] = []
        name = _tidy(typed)
        self._last = ("", [])
        for each in self._found(name):
            label = self._free(self._label(each), labels)
            self._offered[label] = Meant(each.entity, each.id, each.name)
            labels.append(label)
        return labels

    def offers(self, typed: str) -> list[str]:
        """The same, at the end as somebody new."""
        labels = self.there(typed)
        return labels + self._new(_tidy(typed), labels)

    def _new(self, name: str, labels: list[str]) -> list[str]:
        """Somebody new of each kind in which nobody is called so."""
        if not name or len(name) > LONGEST or name in labels:
            return []
        taken = {each.entity for each in self._called(name)}
        new = {_as_new(name, kind): Meant(kind, name, name) for kind in self.kinds if kind not in taken}
        self._offered.update(new)
        return list(new)

    def _found(self, name: str) -> list[Somebody]:
        """Who may be meant: whoever types is looked for once a key, however many want to know."""
        if self._last[0] != name:
            self._last = (name, self._known.find(name, self.kinds, _OFFERED))
        return self._last[1]

    def _called(self, name: str) -> list[Somebody]:
        """Of those who may be meant whoever is called exactly so; they come first."""
        key = search_key(name)
        return [each for each in self._found(name) if search_key(each.name) == key]

    def _label(self, each: Somebody) -> str:
        """The name with what tells it from others: a town, a company, else what it is where that may be either."""
        if each.entity is Entity.COMPANY and len(self.kinds) > 1:
            what = tr("Company")
            return f"{each.name} · {what}, {each.beside}" if each.beside else f"{each.name} · {what}"
        beside = each.beside or (tr("Person") if len(self.kinds) > 1 else "")
        return f"{each.name} · {beside}" if beside else each.name

    @staticmethod
    def _free(label: str, taken: list[str]) -> str:
        """The label, with a number where another one is the same."""
        number, free = 1, label
        while free in taken:
            number += 1
            free = f"{label} ({number})"
        return free


class SomebodyEdit(NameEdit):
    """Type a name: see `Naming`. `value()` is who is meant. `picked` comes when one of those offered was taken."""

    picked = Signal()

    def __init__(self, known: "Somebodies", kinds: Sequence[Entity], field: str, parent: QWidget | None = None) -> None:
        """As for `Naming`."""
        self._naming = Naming(known, kinds, field)
        super().__init__(self._naming.offers, parent)
        self._completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def set_value(self, value: Meant | None) -> None:
        """Show somebody, or nobody; the name then stands for that one, whoever else is called so."""
        self._naming.hold(value)
        self.setText(called(value))

    def value(self) -> Meant | None:
        """Who is meant; None for nobody. Raises InvalidInput for a name that several have, or that says too little."""
        return self._naming.meant(self.name())

    def is_new(self) -> bool:
        """Whether the name is that of somebody who is made by it, as far as is known from what is offered."""
        return self._naming.made(self.name()) is not None

    def follow(self, field: Field) -> None:
        """Let `field` say when the name is a new one, and on leaving why it says too little."""
        self.textChanged.connect(lambda: field.hint(self._new_words()))
        self.editingFinished.connect(lambda: self._judge(field))

    def _new_words(self) -> str:
        made = self._naming.made(self.name())
        if made is None:
            return ""
        return new_words(self.name()) if len(self._naming.kinds) == 1 else _as_new(made.name, made.entity)

    def _judge(self, field: Field) -> None:
        try:
            self.value()
        except TrichterError as error:
            field.refuse(error)

    def _take(self, label: str) -> None:
        """Of somebody new the name alone stays in the field; who has nothing but a name is meant, and no namesake."""
        meant = self._naming.offered(label)
        if meant is not None and (isinstance(meant.who, str) or meant.name == label):
            self.set_value(meant)
            self.textChanged.emit(self.text())  # what follows the field hears whom the name stands for now
        self.picked.emit()


def _tidy(typed: str) -> str:
    return " ".join(typed.split())


def _as_new(name: str, kind: Entity) -> str:
    return tr("“{name}” as a new company", name=name) if kind is Entity.COMPANY else (
        tr("“{name}” as a new person", name=name)
    )  # fmt: skip


def called(value: Meant | None) -> str:
    """The name; "" for nobody."""
    return "" if value is None else value.name


def as_new(value: Meant | None) -> str:
    """That somebody is new; "" for who is there."""
    return new_words(value.name) if value is not None and isinstance(value.who, str) else ""
