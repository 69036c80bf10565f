"""Postal addresses in a form, each a small card of its parts."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.folding import search_key
from app.core.i18n import tr
from app.core.place import Place
from app.core.terms import REACH_LABELS, ReachLabel
from app.services.reach import checked_places
from app.ui.forms.field import Field
from app.ui.forms.label_box import LabelBox
from app.ui.forms.names import Find, NameEdit
from app.ui.forms.row_edits import Row, Rows, put

if TYPE_CHECKING:
    from app.ui.context import Context

_OFFERED = (ReachLabel.WORK, ReachLabel.MAIN, ReachLabel.BILLING, ReachLabel.HOME, ReachLabel.OTHER)
_LABEL_WIDTH = 136
_LINES = 2
#: What a field of several lines has around these.
_FRAME = 6
#: A postal code is short, a town is not.
_NARROW, _WIDE = 2, 3


class Lines(QPlainTextEdit):
    """A few lines of text. What was set and not touched comes back to the letter: Qt changes some spaces."""

    def __init__(self, context: "Context", lines: int) -> None:
        super().__init__()
        self._set = self._shown = ""
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme = context.theme
        theme.fit(self, lambda: self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + theme.px(16) + _FRAME))

    def set_value(self, words: str) -> None:
        """Show these words."""
        self.setPlainText(words)
        self._set, self._shown = words, self.toPlainText()

    def value(self) -> str:
        """What was typed."""
        typed = self.toPlainText()
        return self._set if typed == self._shown else typed


class PlaceRow(Row):
    """One address."""

    def __init__(self, context: "Context", find: Find) -> None:
        super().__init__(context.theme)
        self._shown_country, self._country = "", ""
        self.label = LabelBox({label: REACH_LABELS[label] for label in _OFFERED})
        self.street, self.extra = Lines(context, _LINES), Lines(context, _LINES)
        self.postcode, self.city, self.region = QLineEdit(), QLineEdit(), QLineEdit()
        self.country = NameEdit(find)
        self.country.setPlaceholderText(_name(context.office.store.facts.country, ""))
        self._take(self.street, self.label, self.extra, self.postcode, self.city, self.region, self.country)
        self._lay_out(context)
        self.label.set_value(ReachLabel.WORK)

    def _lay_out(self, context: "Context") -> None:
        theme, px = context.theme, context.theme.px
        theme.fit(self.label, lambda: self.label.setFixedWidth(px(_LABEL_WIDTH)))
        head = QHBoxLayout()
        head.setSpacing(px(6))
        head.addWidget(self.label)
        head.addStretch()
        head.addWidget(self.up)
        head.addWidget(self.remove)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(8))
        fields = (
            (tr("Street and number"), self.street), (tr("Addition"), self.extra),
            (tr("Postal code"), self.postcode), (tr("Town"), self.city),
            (tr("Region"), self.region), (tr("Country"), self.country),
        )  # fmt: skip
        self._names: list[tuple[QWidget, str]] = []
        for place, (label, control) in enumerate(fields):
            self._names.append((control, label))
            grid.addWidget(Field(label, control), place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, _NARROW)
        grid.setColumnStretch(1, _WIDE)
        frame = QFrame()
        frame.setProperty("kind", "bubble")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(px(12), px(10), px(12), px(12))
        inside.setSpacing(px(8))
        inside.addLayout(head)
        inside.addLayout(grid)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addWidget(frame)
        box.addWidget(self.note)

    def set_value(self, value: Place) -> None:
        self.label.set_value(value.label)
        self.street.set_value(value.street)
        self.extra.set_value(value.extra)
        for edit, text in self._lines(value):
            put(edit, text)
        self._shown_country, self._country = _name(value.country), value.country
        put(self.country, self._shown_country)

    def empty(self) -> bool:
        return self._place(self.country.text().strip()).empty

    def read(self) -> Place | None:
        return next(iter(checked_places([self._place(self._code())])), None)

    def state(self) -> object:
        return self._place(self.country.text())

    def controls(self, what: str) -> Sequence[tuple[QWidget, str]]:
        parts = ((control, tr("{part}: {what}", part=part, what=what)) for control, part in self._names)
        return ((self.label, tr("{what}, what for", what=what)), *parts)

    def _lines(self, place: Place) -> tuple[tuple[QLineEdit, str], ...]:
        return ((self.postcode, place.postcode), (self.city, place.city), (self.region, place.region))

    def _place(self, country: str) -> Place:
        """What stands there, tidied at its ends: an address of spaces is none."""
        return Place(
            self.label.value(), self.street.value().strip(), self.extra.value().strip(), self.postcode.text().strip(),
            self.city.text().strip(), self.region.text().strip(), country,
        )  # fmt: skip

    def _code(self) -> str:
        """The country by its two letters; one that nobody knows is kept as it was typed."""
        from app.services.contact_files.countries import country_code

        typed = self.country.text()
        if typed == self._shown_country:
            return self._country
        return country_code(typed) if typed.strip() else ""


class PlaceRows(Rows[Place]):
    """All addresses, the main one first."""

    def __init__(self, context: "Context", *, spare: bool) -> None:
        make = partial(PlaceRow, context, _finder())
        super().__init__(context.theme, tr("Address"), tr("Add an address"), make, spare=spare)

    def first(self) -> Place:
        """What stands in the first one so far."""
        rows: Sequence[Any] = self.rows
        return next((Place(postcode=row.postcode.text(), city=row.city.text()) for row in rows), Place())


def _finder() -> Callable[[str], list[str]]:
    """Finds countries by a part of their name, those that begin with it first."""
    names: list[str] = []

    def find(typed: str) -> list[str]:
        from app.services.contact_files.countries import country_names

        if not names:
            names.extend(country_names())
        key = search_key(typed)
        fitting = [name for name in names if key and key in search_key(name)]
        return sorted(fitting, key=lambda name: not search_key(name).startswith(key))[:12]

    return find


def _name(code: str, otherwise: str | None = None) -> str:
    """The name of a country; asked for only where there is one, since nobody waits for all the names in vain.

    A code of no country, such as that of a store used everywhere, stays as it is if nothing is said `otherwise`.
    """
    from app.services.contact_files.countries import country_name

    name = country_name(code) if code else ""
    return otherwise if otherwise is not None and name == code else name
