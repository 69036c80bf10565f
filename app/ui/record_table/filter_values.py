"""Fields for what a condition compares with: a choice of several, a range, a number of days, a span, a text."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text, tr
from app.services.filter_fields import Kind, Op, Unit, spec_of
from app.services.filter_names import many
from app.services.record_filter import LONGEST_TEXT, Condition, Value
from app.ui.forms.loose import LooseEdit
from app.ui.forms.tags import TagsEdit
from app.ui.record_table.bounds import bound_edit, bounded, ends
from app.ui.record_table.choice_menu import ChoiceMenu
from app.ui.record_table.facets import choices
from app.ui.record_table.filter_words import SPANS, FilterWords, span_words
from app.ui.tips import plain_tip
from app.ui.widgets.chips import Chip
from app.ui.widgets.own_undo import share_undo
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_MOST_DAYS = 100_000
#: The least width of a button and what of it is not for its text, before scaling.
_LEAST, _AROUND, _INDENT = 170, 60, 6


class ValueEdit(QWidget):
    """Nothing to fill in; the others build on it. `edited` whenever somebody changes it."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)

    def read(self) -> tuple[Value, ...]:
        """What was filled in. Raises InvalidInput in words for a person."""
        return ()

    def name(self, words: str) -> None:
        """What a screen reader calls it."""


class ListEdit(ValueEdit):
    """Some of a short list: a button with a menu that stays open."""

    def __init__(self, context: "Context", field: str, values: Sequence[Value]) -> None:
        super().__init__()
        self._context = context
        self._field = field
        self._values = list(values)
        self._button = Chip(context.theme, "")
        self._button.setCheckable(False)
        self._button.setAutoDefault(False)
        self._button.setProperty("tall", "true")
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button.setMinimumWidth(context.theme.px(_LEAST))
        self._menu = ChoiceMenu(self._button, several=True)
        self._menu.aboutToShow.connect(self._fill)
        self._menu.added.connect(self._on_added)
        self._menu.triggered.connect(self._on_added)
        self._button.set_menu(self._menu)
        self._indent()
        self._label = self._chosen = ""
        self.row.addWidget(self._button, 1)
        self.setFocusProxy(self._button)
        self._say()

    def read(self) -> tuple[Value, ...]:
        if not self._values:
            raise InvalidInput(Text("Please choose at least one."))
        return tuple(self._values)

    def name(self, words: str) -> None:
        self._label = words
        self._say()

    def _indent(self) -> None:
        """The style leaves out the padding of a button with a menu whose text begins at the left: room of an icon."""
        blank = QPixmap(1, 1)
        blank.fill(QColor.fromRgbF(0, 0, 0, 0))
        self._button.setIcon(QIcon(blank))
        self._button.setIconSize(QSize(self._context.theme.px(_INDENT), 1))

    def _fill(self) -> None:
        self._menu.clear()
        for value, name in choices(self._context, self._field):
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in self._values)
            action.setData((value,))

    def _on_added(self, action: QAction) -> None:
        (value,) = action.data()
        if action.isChecked() and value not in self._values:
            self._values.append(value)
        elif not action.isChecked() and value in self._values:
            self._values.remove(value)
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        chosen = tr("choose …")
        if self._values:
            asked = Condition(self._field, Op.IS, tuple(self._values))
            chosen = FilterWords(self._context, asked).choice(asked, whole=True)
        self._chosen = chosen
        self._button.setToolTip(plain_tip(chosen))
        self._button.setAccessibleName(tr("{label}: {choice}", label=self._label, choice=chosen))
        self._fit()

    def _fit(self) -> None:
        """As much of it as there is room for; the tip says all."""
        room = self._button.width() - self._context.theme.px(_AROUND)
        shown = self._button.fontMetrics().elidedText(self._chosen, Qt.TextElideMode.ElideRight, room)
        self._button.setText(shown.replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class NamesEdit(ValueEdit):
    """Companies or contacts: too many for a menu, so one types and is offered what fits."""

    def __init__(self, context: "Context", field: str, values: Sequence[Value]) -> None:
        super().__init__()
        self._catalogue = context.office.catalogue
        self._kind: Literal["company", "person"] = "company" if spec_of(field).table == "company" else "person"
        self._known: dict[str, list[Value]] = {}
        words = FilterWords(context, Condition(field, Op.IS, tuple(values)) if values else None)
        for value in values:
            self._known.setdefault(words.value(field, value), []).append(value)
        self._edit = TagsEdit(context.theme, self._find)
        self._edit.edit.setPlaceholderText(tr("Type a name"))
        self._edit.set_names(self._known)
        self._edit.edited.connect(self.edited)
        self._edit.edit.textChanged.connect(lambda _new: self.edited.emit())
        self.row.addWidget(self._edit, 1)
        self.setFocusProxy(self._edit)

    def read(self) -> tuple[Value, ...]:
        values = [value for name in self._edit.names() for value in self._ids(name)]
        if not values:
            raise InvalidInput(Text("Please choose at least one."))
        return tuple(dict.fromkeys(values))

    def name(self, words: str) -> None:
        self._edit.setAccessibleName(words)

    def _find(self, typed: str) -> list[str]:
        return [entry.name for entry in self._catalogue.complete(self._kind, typed)]

    def _ids(self, name: str) -> list[Value]:
        if name in self._known:
            return self._known[name]
        found = [e.id for e in self._catalogue.complete(self._kind, name, 50) if sort_key(e.name) == sort_key(name)]
        if not found:
            raise InvalidInput(Text("There is no “{name}”.", name=name))
        return [*found]


class RangeEdit(ValueEdit):
    """From, up to, or both."""

    def __init__(self, context: "Context", field: str, op: Op, before: Condition | None) -> None:
        super().__init__()
        self._field = field
        self._edits = {}
        places = {Op.FROM: ("first",), Op.TO: ("last",), Op.BETWEEN: ("first", "last")}[op]
        first, last = ends(before)
        for place in places:
            edit = self._edits[place] = bound_edit(context, field, place)
            edit.set_value(first if place == "first" else last)
            edit.textChanged.connect(lambda _new: self.edited.emit())
            if place == "last" and len(places) == 2:
                self.row.addWidget(QLabel(tr("to")))
            self.row.addWidget(edit, 1)
        self.setFocusProxy(self._edits[places[0]])

    def read(self) -> tuple[Value, ...]:
        found = [edit.required(place) for place, edit in self._edits.items()]
        if len(found) == 2:
            return bounded(self._field, found[0], found[1]).values
        return tuple(found)

    def name(self, words: str) -> None:
        labels = {"first": tr("{label}, from", label=words), "last": tr("{label}, up to", label=words)}
        for place, edit in self._edits.items():
            edit.setAccessibleName(labels[place])


class DaysEdit(ValueEdit):
    """A number of days."""

    def __init__(self, values: Sequence[Value]) -> None:
        super().__init__()
        self._edit = LooseEdit[int](_days, str)
        self._edit.set_value(values[0] if values and isinstance(values[0], int) else 7)
        self._edit.textChanged.connect(lambda _new: self.edited.emit())
        self.row.addWidget(self._edit, 1)
        self.row.addWidget(QLabel(tr("days")))
        self.setFocusProxy(self._edit)

    def read(self) -> tuple[Value, ...]:
        return (self._edit.required("days"),)

    def name(self, words: str) -> None:
        self._edit.setAccessibleName(tr("{label}, days", label=words))


def _days(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed[:7]) > _MOST_DAYS:
        raise InvalidInput(Text("“{text}” is not a number of days.", text=typed[:40]), field="days")
    return int(typed)


class SpanEdit(ValueEdit):
    """This month, the next quarter, last year; one further away stays as it was."""

    def __init__(self, values: Sequence[Value]) -> None:
        super().__init__()
        spans: list[tuple[str, int]] = [(str(unit), away) for unit, away in SPANS]
        match values:
            case (str(unit), int(away)) if (unit, away) not in spans:
                spans.append((unit, away))
        self._spans = spans
        self._combo = QComboBox()
        self._combo.addItems([span_words(Unit(unit), away) for unit, away in spans])
        self._combo.setCurrentIndex(spans.index(tuple(values)) if tuple(values) in spans else 1)  # type: ignore[arg-type]
        self._combo.currentIndexChanged.connect(lambda _new: self.edited.emit())
        self.row.addWidget(self._combo, 1)
        self.setFocusProxy(self._combo)

    def read(self) -> tuple[Value, ...]:
        return self._spans[self._combo.currentIndex()]

    def name(self, words: str) -> None:
        label_unseen(self._combo, words)


class TextEdit(ValueEdit):
    """Some words."""

    def __init__(self, values: Sequence[Value]) -> None:
        super().__init__()
        self._edit = QLineEdit(str(values[0]) if values else "")
        self._edit.setMaxLength(LONGEST_TEXT)
        share_undo(self._edit)
        self._edit.textChanged.connect(lambda _new: self.edited.emit())
        self.row.addWidget(self._edit, 1)
        self.setFocusProxy(self._edit)

    def read(self) -> tuple[Value, ...]:
        if not self._edit.text().strip():
            raise InvalidInput(Text("Please fill this in."))
        return (self._edit.text().strip(),)

    def name(self, words: str) -> None:
        self._edit.setAccessibleName(words)


def value_edit(context: "Context", field: str, op: Op, before: Condition | None) -> ValueEdit:
    """The field for what is asked; what stood there `before` is kept as far as it fits."""
    values = before.values if before is not None and before.field == field else ()
    if op in (Op.FROM, Op.TO, Op.BETWEEN):
        return RangeEdit(context, field, op, before if values else None)
    same = values if before is not None and _alike(before.op, op) else ()
    makers: dict[Op, Callable[[], ValueEdit]] = {
        Op.PAST: partial(DaysEdit, same), Op.COMING: partial(DaysEdit, same), Op.IN: partial(SpanEdit, same),
        Op.CONTAINS: partial(TextEdit, same), Op.LACKS: partial(TextEdit, same),
    }  # fmt: skip
    if op in makers:
        return makers[op]()
    if spec_of(field).kind not in (Kind.CHOICE, Kind.TAG):
        return ValueEdit()
    return NamesEdit(context, field, same) if many(field) else ListEdit(context, field, same)


_ALIKE = ({Op.IS, Op.IS_NOT}, {Op.PAST, Op.COMING}, {Op.CONTAINS, Op.LACKS})


def _alike(one: Op, other: Op) -> bool:
    return one is other or any({one, other} <= both for both in _ALIKE)
