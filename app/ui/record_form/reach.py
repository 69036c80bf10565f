"""Telephone numbers, e-mail addresses and pages in a form: what each is for, and what it is."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.i18n import N_, Text, tr
from app.core.terms import REACH_LABELS, ReachLabel
from app.services.reach import Point, PointKind, checked_points, doubt
from app.ui.forms.label_box import LabelBox
from app.ui.forms.row_edits import Row, Rows, put

if TYPE_CHECKING:
    from app.ui.context import Context

_Label = ReachLabel
#: What such a thing is for, the usual first.
_OFFERED: dict[PointKind, tuple[ReachLabel, ...]] = {
    "phone": (_Label.WORK, _Label.CELL, _Label.WORK_CELL, _Label.MAIN, _Label.HOME, _Label.FAX, _Label.WORK_FAX,
              _Label.HOME_FAX, _Label.OTHER),
    "mail": (_Label.WORK, _Label.MAIN, _Label.HOME, _Label.BILLING, _Label.OTHER),
    "web": (_Label.WORK, _Label.MAIN, _Label.HOME, _Label.OTHER),
}  # fmt: skip
_ONE = {"phone": N_("Telephone"), "mail": N_("E-mail"), "web": N_("Web")}
_ADD = {
    "phone": N_("Add a telephone number"), "mail": N_("Add an e-mail address"), "web": N_("Add a web address"),
}  # fmt: skip
_SAMPLES = {"phone": N_("e.g. 0221 123456"), "mail": N_("e.g. name@company.com"), "web": N_("e.g. www.company.com")}
_LABEL_WIDTH = 136


class ReachRow(Row):
    """One of them. What is no number anybody could call is said, and kept."""

    def __init__(self, context: "Context", kind: PointKind) -> None:
        super().__init__(context.theme)
        self._kind, self._country = kind, context.office.store.facts.country
        self.label = LabelBox({label: REACH_LABELS[label] for label in _OFFERED[kind]})
        self.value = QLineEdit()
        self.value.setPlaceholderText(tr(_SAMPLES[kind]))
        theme = context.theme
        theme.fit(self.label, lambda: self.label.setFixedWidth(theme.px(_LABEL_WIDTH)))
        self.line = QHBoxLayout()
        self.line.setSpacing(theme.px(6))
        self.line.addWidget(self.label)
        self.line.addWidget(self.value, 1)
        self.line.addWidget(self.up)
        self.line.addWidget(self.remove)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addLayout(self.line)
        box.addWidget(self.note)
        self._take(self.value, self.label)
        self.label.set_value(_Label.WORK)
        self.value.editingFinished.connect(self._judge)

    def set_value(self, value: Point) -> None:
        self.label.set_value(value.label)
        put(self.value, value.value)

    def empty(self) -> bool:
        return not self.value.text().strip()

    def read(self) -> Point | None:
        """None for what only seems to be something."""
        return next(iter(checked_points([Point(self.label.value(), self.value.text())], f"{self._kind}s")), None)

    def state(self) -> object:
        return (self.label.value(), self.value.text())

    def controls(self, what: str) -> Sequence[tuple[QWidget, str]]:
        return ((self.value, what), (self.label, tr("{what}, what for", what=what)))

    def _on_edited(self) -> None:
        super()._on_edited()
        self.hint("")

    def _judge(self) -> None:
        self.hint(str(doubt(self._kind, self.value.text(), self._country) or ""), "warning")


class ReachRows(Rows[Point]):
    """All of a kind, the main one first."""

    def __init__(self, context: "Context", kind: PointKind) -> None:
        self.kind = kind
        super().__init__(context.theme, tr(_ONE[kind]), tr(_ADD[kind]), partial(ReachRow, context, kind))

    def typed(self) -> tuple[str, ...]:
        """What was typed so far, however it is meant."""
        rows: Sequence[Any] = self.rows
        return tuple(text for row in rows if (text := row.value.text().strip()))

    def _twice(self, values: Sequence[Point]) -> Collection[int]:
        known: dict[str, Point] = {}
        return [place for place, point in enumerate(values) if known.setdefault(point.value, point) is not point]

    def _words_twice(self, value: Point) -> Text:
        return Text("“{name}” stands here twice.", name=value.value)
