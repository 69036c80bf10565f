"""The small button that says how the figures of a card are reckoned."""

from PySide6.QtWidgets import QWidget

from app.core.i18n import tr
from app.services.metric_words import METRICS
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.explanation import Explanation


class InfoButton(Button):
    """Opens the definition of a metric below itself."""

    def __init__(self, theme: Theme, title: str, metric: str, parent: QWidget) -> None:
        """`title` is what the card is called."""
        super().__init__(
            theme, "", ButtonKind.MINI, icon="info", name=tr("How {figure} is calculated", figure=title), parent=parent
        )
        self.explanation = Explanation(theme, parent)
        definition = str(METRICS[metric].definition)
        self.clicked.connect(lambda: self.explanation.explain(title, definition, self))
