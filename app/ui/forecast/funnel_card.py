"""The card with the funnel: of which period, and how skipped stages count."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.forecast.funnel_chart import FunnelChart
from app.ui.forecast.info import InfoButton
from app.ui.forecast.picture import Picture, PictureButton, hand_painted, offer_menu
from app.ui.forecast.view_models import FunnelStep
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.ui.context import Context

_PICTURE = QSize(520, 360)
YEAR, ALL = "year", "all"


class FunnelCard(Card):
    """`asked` comes when another period or another way of counting was chosen."""

    asked = Signal()

    def __init__(self, context: "Context", modes: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`modes` are the ways of counting, key and label; the first is on."""
        theme = context.theme
        super().__init__(theme, parent)
        periods = ((YEAR, tr("12 months")), (ALL, tr("All time")))
        self.period = Switch(theme, periods, tr("Leads activated in"))
        self.mode = Switch(theme, modes, tr("How skipped stages count"))
        self._modes = dict(modes)
        self.chart = FunnelChart(theme)
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setProperty("kind", "small")
        self.export = PictureButton(context, self._as_picture)
        self._paper: Sequence[FunnelStep] = ()
        head = self.add_head(tr("Funnel"))
        head.addWidget(self.period)
        head.addWidget(InfoButton(theme, tr("Funnel"), "funnel", self))
        head.addWidget(self.export)
        offer_menu(self.chart, self.export)
        box = QVBoxLayout()
        px = theme.px
        theme.fit(box, lambda: box.setContentsMargins(px(16), 0, px(16), px(14)), lambda: box.setSpacing(px(10)))
        box.addWidget(self.mode, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.chart, 1)
        box.addWidget(self._summary)
        self.body.addLayout(box)
        for switch in (self.period, self.mode):
            switch.chosen.connect(self.asked)

    def keep_for_paper(self, steps: Sequence[FunnelStep]) -> None:
        """The same in the colours of paper, for pictures that leave the program."""
        self._paper = steps

    def _as_picture(self) -> Picture | None:
        if not self._paper:
            return None
        periods = {YEAR: tr("12 months"), ALL: tr("All time")}
        title = tr("Funnel · {period} · {mode}", period=periods[self.period.choice], mode=self._modes[self.mode.choice])
        return Picture(title, _PICTURE, hand_painted(FunnelChart(self._theme.paper), self._paper))

    def hasHeightForWidth(self) -> bool:
        """No: the wrapped line would make the page around it ask for the preferred height of everything at least."""
        return False

    def show_funnel(self, steps: Sequence[FunnelStep], summary: str) -> None:
        """Other figures; `summary` is the sentence below the drawing."""
        self.chart.show_parts(steps, tr("Funnel"))
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
