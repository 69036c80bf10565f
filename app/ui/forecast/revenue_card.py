"""The card with the revenue chart: its title, the choice of months, the legend, and the chart once it is loaded."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from app.core.format import Formats
from app.core.i18n import tr
from app.ui.forecast.legend import Legend
from app.ui.forecast.span import Span, SpanPicker
from app.ui.forecast.view_models import Bar
from app.ui.theme import Theme
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.forecast.charts import RevenueChart

_LEAST_HEIGHT = 210


class RevenueCard(Card):
    """Says so while the chart is not there yet (what draws it loads for half a second) and where nothing is drawn."""

    spanChosen = Signal(object)

    def __init__(self, theme: Theme, formats: Formats, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._theme = theme
        self._formats = formats
        self._bars: Sequence[Bar] = ()
        self._currency = ""
        self.chart: RevenueChart | None = None
        self.picker = SpanPicker(theme, formats, today)
        self.picker.chosen.connect(self.spanChosen)
        self._legend = Legend(theme)
        self._outside = QLabel()
        self._outside.setProperty("kind", "small")
        self._room = QStackedWidget()
        theme.fit(self._room, lambda: self._room.setMinimumHeight(theme.px(_LEAST_HEIGHT)))
        self._instead = QLabel()
        self._instead.setProperty("kind", "muted")
        self._instead.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._room.addWidget(self._instead)
        self.add_head(tr("Revenue forecast")).addWidget(self.picker)
        below = QHBoxLayout()
        theme.fit(
            below,
            lambda: below.setSpacing(theme.px(16)),
            lambda: below.setContentsMargins(theme.px(16), 0, theme.px(16), 0),
        )
        below.addWidget(self._legend, 1)
        below.addWidget(self._outside)
        self.body.addLayout(below)
        self.body.addWidget(self._room, 1)

    def show_bars(self, bars: Sequence[Bar], currency: str, outside: str) -> None:
        """Other figures; `outside` names in words what lies before and after the months shown."""
        self._bars, self._currency = bars, currency
        self._legend.show_moved(any(bar.moved for bar in bars))
        self._outside.setText(outside)
        self._draw()

    def put_chart(self, chart: "RevenueChart") -> None:
        """The chart is loaded."""
        self.chart = chart
        self._room.addWidget(chart)
        self._draw()

    def _draw(self) -> None:
        if self.chart is None or not any(bar.total or bar.unweighted for bar in self._bars):
            waiting = self.chart is None
            self._instead.setText(
                tr("The chart is being loaded …") if waiting else tr("No revenue is expected in these months.")
            )
            self._room.setCurrentWidget(self._instead)
            return
        span: Span = self.picker.span
        name = tr("Revenue forecast {months}", months=self._formats.period(span.first, span.last))
        self.chart.show_bars(self._bars, self._currency, name)
        self._room.setCurrentWidget(self.chart)
