"""A card of the overview with a short list, and below it what can be done about what is chosen."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.i18n import Text
from app.ui.overview.parts import VerbBar, fill_page
from app.ui.tables.view import TableView
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.explanation import Explanation


class ListCard(Card):
    """However its buttons wrap, the list keeps its room: `least` is its height with one line of them, unscaled."""

    def __init__(self, theme: Theme, least: int, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._least = least
        self.explanation = Explanation(theme, self)
        self._bar = VerbBar(theme)

    def _fill(self, title: str, beside: QWidget, ask: str, explained: str | Text, view: TableView) -> None:
        """The head with what stands `beside` the title and what is `explained` there, the list, the buttons."""
        head = self.add_head(title)
        head.addWidget(beside)
        info = Button(self._theme, "", ButtonKind.MINI, icon="info", name=ask)
        info.clicked.connect(lambda: self.explanation.explain(title, str(explained), info))
        head.addWidget(info)
        self._theme.fit(self, self._keep_rows_seen)
        self.body.addWidget(view, 1)
        fill_page(view)
        self.body.addWidget(self._bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_rows_seen()

    def _keep_rows_seen(self) -> None:
        """Buttons in several lines leave the list the room it has."""
        self.setMinimumHeight(self._theme.px(self._least) + self._bar.more_lines(self.width()))

    def hasHeightForWidth(self) -> bool:
        """No: the buttons that wrap would make the page ask for the preferred height of everything at least."""
        return False
