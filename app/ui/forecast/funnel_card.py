"""The card with the funnel: of which period, and how skipped stages count."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.forecast.funnel_chart import FunnelChart
from app.ui.forecast.view_models import FunnelStep
from app.ui.theme import Theme
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Switch

YEAR, ALL = "year", "all"


class FunnelCard(Card):
    """`asked` comes when another period or another way of counting was chosen."""

    asked = Signal()

    def __init__(self, theme: Theme, modes: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`modes` are the ways of counting, key and label; the first is on."""
        super().__init__(theme, parent)
        periods = ((YEAR, tr("12 months")), (ALL, tr("All time")))
        self.period = Switch(theme, periods, tr("Leads activated in"))
        self.mode = Switch(theme, modes, tr("How skipped stages count"))
        self.chart = FunnelChart(theme)
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setProperty("kind", "small")
        self.add_head(tr("Funnel")).addWidget(self.period)
        box = QVBoxLayout()
        px = theme.px
        theme.fit(box, lambda: box.setContentsMargins(px(16), 0, px(16), px(14)), lambda: box.setSpacing(px(10)))
        box.addWidget(self.mode)
        box.addWidget(self.chart, 1)
        box.addWidget(self._summary)
        self.body.addLayout(box)
        for switch in (self.period, self.mode):
            switch.chosen.connect(self.asked)

    def hasHeightForWidth(self) -> bool:
        """No: the wrapped line would make the page around it ask for the preferred height of everything at least."""
        return False

    def show_funnel(self, steps: Sequence[FunnelStep], summary: str) -> None:
        """Other figures; `summary` is the sentence below the drawing."""
        self.chart.show_steps(steps, tr("Funnel"))
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
