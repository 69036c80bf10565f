"""A row of figures, each with its definition and, where there is one, a way to the leads behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.explanation import Explanation
from app.ui.widgets.stat_card import StatCard, Verdict, level


@dataclass(frozen=True)
class Figure:
    """One card: a large value, a line below it, the exact value where that one is rounded, and how it is reckoned.

    With `behind` a press on the card shows the leads that the figure is made of; `verdict` tells where the line below
    is good or bad news.
    """

    label: str
    value: str
    sub: str
    tip: str
    definition: str
    behind: Callable[[], object] | None = None
    verdict: Verdict | None = None


#: Least width of a card, before scaling.
_LEAST = 176


class CardLine(QWidget):
    """Cards beside each other on one line, whatever the room."""

    def __init__(self, theme: Theme, cards: Sequence[StatCard]) -> None:
        super().__init__()
        self._cards = cards
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        theme.fit(row, lambda: row.setSpacing(theme.px(11)))
        for card in cards:
            row.addWidget(card, 1)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            level(self._cards)
        return done


class FigureCards(QWidget):
    """As many cards as there are figures, beside each other as far as there is room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._figures: Sequence[Figure] = ()
        self._cards: list[StatCard] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        theme.fit(self._grid, lambda: self._grid.setSpacing(theme.px(11)))
        self.explanation = Explanation(theme, self)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Other values; the cards themselves are made once."""
        self._figures = figures
        if [figure.label for figure in figures] != [card.accessibleDescription() for card in self._cards]:
            self._make_cards()
        for card, figure in zip(self._cards, figures, strict=True):
            card.show_figure(figure.value, figure.sub, figure.tip, figure.verdict)
        self._arrange()

    @property
    def figures(self) -> Sequence[Figure]:
        """What is shown."""
        return self._figures

    def explain(self, index: int) -> None:
        """Say how a figure is reckoned."""
        figure = self._figures[index]
        self.explanation.explain(figure.label, figure.definition, self._cards[index])

    def _look_behind(self, index: int) -> None:
        look = self._figures[index].behind
        if look is not None:
            look()

    def hasHeightForWidth(self) -> bool:
        """No: a page with such a part asks for the preferred height of everything. The height is set instead."""
        return False

    def _settle(self) -> None:
        """As high as the words in the cards are at this width, the values of a line beside each other."""
        self._level()
        height = self._grid.totalHeightForWidth(self.width())
        if height > 0 and height != self.minimumHeight():  # negative before anything asks for one
            self.setFixedHeight(height)

    def _level(self) -> None:
        columns = self._columns or 1
        for start in range(0, len(self._cards), columns):
            level(self._cards[start : start + columns])

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._settle()
        return done

    def minimumSizeHint(self) -> QSize:
        """As narrow as one card: the others go below it."""
        return QSize(self._widest(), self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._settle()

    def _widest(self) -> int:
        """The room the widest card needs."""
        return max((card.minimumSizeHint().width() for card in self._cards), default=0) or self._theme.px(_LEAST)

    def _make_cards(self) -> None:
        """Anew when a label changed (another year): a card keeps its label."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.deleteLater()
        self._cards = [
            StatCard(self._theme, figure.label, info=True, behind=figure.behind is not None) for figure in self._figures
        ]
        for index, (card, figure) in enumerate(zip(self._cards, self._figures, strict=True)):
            card.setAccessibleDescription(figure.label)
            card.infoRequested.connect(partial(self.explain, index))
            card.behindRequested.connect(partial(self._look_behind, index))
        self._columns = 0

    def _arrange(self) -> None:
        if not self._cards:
            return
        gap = self._grid.spacing()
        most = max(1, min(len(self._cards), (self.width() + gap) // (self._widest() + gap)))
        lines = ceil(len(self._cards) / most)
        columns = ceil(len(self._cards) / lines)  # as many in each line, so that none stands alone
        if columns == self._columns:
            return
        for column in range(len(self._cards)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // columns, index % columns)
        self._columns = columns
