"""The card with the revenue chart: which months, whose, split by what; the legend, and the chart once it is loaded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from app.core.i18n import N_, tr
from app.ui.forecast.flow_row import FlowRow
from app.ui.forecast.info import InfoButton
from app.ui.forecast.legend import Legend
from app.ui.forecast.picture import Picture, PictureButton, offer_menu
from app.ui.forecast.span import SpanPicker
from app.ui.forecast.view_models import LegendKey, RevenuePicture
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Chip, Switch
from app.ui.widgets.choice_chip import ChoiceChip

if TYPE_CHECKING:
    from app.services.forecast import By
    from app.ui.context import Context
    from app.ui.forecast.charts import RevenueChart

_LEAST_HEIGHT = 210
#: Before scaling: how narrow the card may be, and from which width on there is room for every control.
_LEAST_WIDTH, _ROOMY = 460, 740
_PICTURE = QSize(1040, 430)
MONTHS, QUARTERS = "months", "quarters"
#: By what the bars can be split, as the service calls it and in words.
SPLITS: "tuple[tuple[By, str], ...]" = (
    ("stage", N_("Stage")), ("category", N_("Forecast category")), ("person", N_("Responsible")),
    ("source", N_("Source")), ("company", N_("Company")),
)  # fmt: skip


class RevenueCard(Card):
    """Says so while the chart is not there yet (what draws it loads for half a second) and where nothing is drawn.

    `asked` comes when other months, another person or split was chosen, `opened(bar, part)` for the leads behind a bar.
    """

    asked = Signal()
    opened = Signal(object, object)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        theme = context.theme
        super().__init__(theme, parent)
        self._context = context
        self._picture = RevenuePicture((), "", "")
        self._paper: tuple[RevenuePicture, Sequence[LegendKey]] = (self._picture, ())
        self.chart: RevenueChart | None = None
        self.picker = SpanPicker(theme, context.formats, context.office.store.today())
        self.grain = Switch(theme, ((MONTHS, tr("Months")), (QUARTERS, tr("Quarters"))), tr("Bars"))
        splits = lambda: [(by, tr(label)) for by, label in SPLITS]  # noqa: E731 - asked when the menu opens
        self.split = ChoiceChip(theme, tr("Split by"), splits, tr("not split"))
        self.person = ChoiceChip(theme, tr("Responsible"), self._people)
        self.gross = Chip(theme, tr("Unweighted"))
        self.export = PictureButton(context, self._as_picture)
        self._legend = Legend(theme)
        self._outside = QLabel()
        self._outside.setProperty("kind", "small")
        self._room = QStackedWidget()
        self._instead = QLabel()
        self._instead.setProperty("kind", "muted")
        self._instead.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._room.addWidget(self._instead)
        self._lay_out()
        choices = (self.picker.chosen, self.grain.chosen, self.split.chosen, self.person.chosen, self.gross.clicked)
        for chosen in choices:
            chosen.connect(lambda _value: self.asked.emit())

    def _lay_out(self) -> None:
        theme, px = self._theme, self._theme.px
        theme.fit(self._room, lambda: self._room.setMinimumHeight(px(_LEAST_HEIGHT)))
        head = self.add_head(tr("Revenue forecast"))
        head.addWidget(self.picker)
        head.addWidget(InfoButton(theme, tr("Revenue forecast"), "month", self))
        head.addWidget(self.export)
        choices = QHBoxLayout()
        theme.fit(choices, lambda: choices.setContentsMargins(px(16), 0, px(16), px(6)))
        row = FlowRow(theme, 7)
        for control in (self.grain, self.split, self.person, self.gross):
            row.flow.addWidget(control)
        choices.addWidget(row)
        below = QHBoxLayout()
        theme.fit(below, lambda: below.setSpacing(px(16)), lambda: below.setContentsMargins(px(16), px(2), px(16), 0))
        below.addWidget(self._legend, 1)
        below.addWidget(self._outside, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(choices)
        self.body.addLayout(below)
        self.body.addWidget(self._room, 1)

    def save_state(self) -> dict[str, Any]:
        """What is chosen, as plain data."""
        return {
            "bars": self.grain.choice, "split": self.split.choice, "person": self.person.choice,
            "gross": self.gross.isChecked(),
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """The inverse of `save_state`; what is gone meanwhile (a person who left) is forgotten."""
        self.grain.choose(str(state.get("bars", "")))
        for chip, key in ((self.split, "split"), (self.person, "person")):
            choice = state.get(key)
            if isinstance(choice, int | str):
                chip.choose(choice)
        self.gross.setChecked(state.get("gross") is True)

    def minimumSizeHint(self) -> QSize:
        """Narrower than all its controls beside each other: some of them go then."""
        return QSize(self._theme.px(_LEAST_WIDTH), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.picker.set_brief(self.width() < self._theme.px(_ROOMY))

    def _people(self) -> list[tuple[int, str]]:
        return [(entry.id, entry.name) for entry in self._context.allowed.people()]

    def show_picture(self, picture: RevenuePicture, legend: Sequence[LegendKey], outside: str) -> None:
        """Other figures; `outside` names in words what lies before and after the months shown."""
        self._picture = picture
        self._legend.show_keys(legend)
        self._outside.setText(outside)
        self._draw()

    def keep_for_paper(self, picture: RevenuePicture, legend: Sequence[LegendKey]) -> None:
        """The same in the colours of paper, for pictures that leave the program."""
        self._paper = (picture, legend)

    def put_chart(self, chart: "RevenueChart") -> None:
        """The chart is loaded."""
        self.chart = chart
        chart.opened.connect(self.opened)
        offer_menu(chart, self.export)
        self._room.addWidget(chart)
        self._draw()

    def _drawn(self) -> bool:
        return self.chart is not None and any(bar.total or bar.unweighted for bar in self._picture.bars)

    def _draw(self) -> None:
        self.export.setEnabled(self._drawn())
        if self.chart is None or not self._drawn():
            waiting = self.chart is None
            self._instead.setText(
                tr("The chart is being loaded …") if waiting else tr("No revenue is expected in these months.")
            )
            self._room.setCurrentWidget(self._instead)
            return
        self.chart.show_bars(self._picture)
        self._room.setCurrentWidget(self.chart)

    def _as_picture(self) -> Picture | None:
        """The chart on paper: another one is made for it, and goes once it is painted."""
        if self.chart is None or not self._drawn():
            return None
        picture, legend = self._paper
        kind, paper, formats = type(self.chart), self._theme.paper, self._context.formats

        def draw(painter: QPainter, target: QRectF) -> None:
            chart = kind(paper, formats)
            chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            chart.resize(target.size().toSize())
            chart.show()
            chart.show_bars(picture)
            chart.draw(painter, target)
            chart.hide()
            chart.deleteLater()

        return Picture(picture.name, _PICTURE, draw, legend)
