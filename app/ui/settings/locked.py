"""A page of the settings that somebody may only read: a banner above it says why, and nothing on it can be changed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.roles import Act
from app.ui.forms.rows_view import RowsView

if TYPE_CHECKING:
    from app.ui.context import Context

#: A property of controls that only choose what is shown: they can be used in any case.
LOOKS = "looks"


class Lock(QObject):
    """Keeps a page read-only as long as the act is not allowed. It belongs to the page, which has a column of rows."""

    def __init__(self, context: "Context", act: Act, page: QWidget) -> None:
        super().__init__(page)
        self._allowed, self._act, self._page = context.allowed, act, page
        self.banner = Banner(context)
        column = page.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.banner)
        self._allowed.keep(act, *_controls(page))
        self._allowed.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        refusal = self._allowed.refusal(self._act)
        self.banner.say("" if refusal is None else str(refusal))
        for view in self._page.findChildren(RowsView):
            view.restrict("" if refusal is None else str(refusal.title))


class Banner(QFrame):
    """Why something on a page cannot be changed, where it is read first."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        px, sign, row = context.theme.px, QLabel(), QHBoxLayout(self)
        self._words = QLabel()
        self._words.setWordWrap(True)
        row.addWidget(sign)
        row.addWidget(self._words, 1)
        context.theme.fit(
            self,
            lambda: row.setContentsMargins(px(12), px(9), px(12), px(9)),
            lambda: row.setSpacing(px(10)),
            lambda: sign.setPixmap(context.theme.pixmap("lock", "warning", 16, sign.devicePixelRatioF())),
        )
        self.say("")

    @property
    def said(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Show this sentence; without one it takes no room."""
        self._words.setText(words)
        self.setVisible(bool(words))


def _controls(within: QWidget) -> Iterator[QWidget]:
    """What changes something: as large parts as hold nothing that one only looks at."""
    for child in within.children():
        if not isinstance(child, QWidget) or isinstance(child, RowsView) or child.property(LOOKS):
            continue
        if child.property("kind") == "banner" or type(child) is QLabel:
            continue
        inner = child.findChildren(QWidget)
        if any(isinstance(each, RowsView) or each.property(LOOKS) for each in inner):
            yield from _controls(child)
        elif not child.isWindow():
            yield child
