"""The card with the ages of the open leads."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.forecast.age_chart import AgeChart
from app.ui.forecast.info import InfoButton
from app.ui.forecast.picture import Picture, PictureButton, hand_painted, offer_menu
from app.ui.forecast.view_models import AgeBar
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

_PICTURE = QSize(520, 240)


class AgeCard(Card):
    """Bars by class of age, and how they are counted."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        theme, px = context.theme, context.theme.px
        super().__init__(theme, parent)
        self._paper: Sequence[AgeBar] = ()
        self._title = tr("Age of the active leads")
        self.chart = AgeChart(theme)
        self.export = PictureButton(context, self._as_picture)
        head = self.add_head(self._title)
        head.addWidget(InfoButton(theme, self._title, "ages", self))
        head.addWidget(self.export)
        offer_menu(self.chart, self.export)
        box = QVBoxLayout()
        theme.fit(box, lambda: box.setContentsMargins(px(16), px(4), px(16), px(12)))
        box.addWidget(self.chart, 1)
        self.body.addLayout(box, 1)

    def show_bars(self, bars: Sequence[AgeBar], paper: Sequence[AgeBar]) -> None:
        """Other figures; `paper` has them in the colours of a picture that leaves the program."""
        self._paper = paper
        self.chart.show_parts(bars, self._title)

    def _as_picture(self) -> Picture | None:
        if not self._paper:
            return None
        return Picture(self._title, _PICTURE, hand_painted(AgeChart(self._theme.paper), self._paper))
