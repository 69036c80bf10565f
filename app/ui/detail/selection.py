"""What the detail panel shows of several leads: how many, what they sum up to, and what can be done to them all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text, ntr, tr
from app.ui.jobs import Job
from app.ui.widgets.button import ButtonKind
from app.ui.widgets.field_row import FieldGrid
from app.ui.widgets.verb_buttons import VerbButtons

if TYPE_CHECKING:
    from app.services.lead_list import Totals
    from app.ui.actions import Actions
    from app.ui.context import Context

#: The commands offered, as they follow: what goes on with the leads, and how they end.
_VERBS = (
    ("activate", "bulk_edit", "move", "next_step", "finish_step", "assign", "tags", "deactivate"),
    ("won", "lost", "dropped", "reopen", "delete"),
)
_KINDS = {"activate": ButtonKind.PRIMARY, "won": ButtonKind.WON, "lost": ButtonKind.LOST}


class SelectionPage(QWidget):
    """Several leads. `asked(id)` asks for a command of the window, which says which of them there are."""

    asked = Signal(str)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._ids: Sequence[int] = ()
        self._asked = 0
        self._title = QLabel()
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self._sums = FieldGrid(context.theme)
        for key, label in (("volume", tr("Volume")), ("weighted", tr("Weighted")), ("overdue", tr("Overdue"))):
            self._sums.add(key, label, editable=False)
        self._buttons = VerbButtons(context.theme)
        self._buttons.asked.connect(self.asked)
        px = context.theme.px
        head = QVBoxLayout()
        context.theme.fit(head, lambda: head.setContentsMargins(px(18), px(18), px(14), px(8)))
        head.addWidget(self._title)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._sums)
        line = QFrame()
        line.setProperty("kind", "hairline")
        line.setFixedHeight(1)
        box.addWidget(line)
        box.addLayout(self._buttons)
        box.addStretch()
        context.bridge.changed.connect(self._on_change)

    def offer(self, actions: "Actions") -> None:
        """Offer these commands, each as long as it can be carried out."""
        self._buttons.offer(actions, _VERBS, _KINDS)

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen: below its button; None when none was pressed."""
        return self._buttons.menu_place()

    def show_leads(self, ids: Sequence[int]) -> None:
        """Sum these up, in a thread: they may be all there are."""
        self._ids = ids
        self._title.setText(ntr("{n} lead selected", "{n} leads selected", len(ids)))
        for key in ("volume", "weighted", "overdue"):
            self._sums[key].show_value("")
        self._ask()

    def _ask(self) -> None:
        self._asked += 1
        asked, ids, lists = self._asked, self._ids, self._context.office.lists

        def done(totals: "Totals") -> None:
            if asked == self._asked:
                self._show(totals)

        work = lambda _progress: lists.totals_of(ids)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Counting"), work, done, quiet=True, owner=self))

    def _show(self, totals: "Totals") -> None:
        wording = self._context.wording
        without = ""
        if totals.without_rate:
            without = ntr("{n} without a rate", "{n} without a rate", totals.without_rate)
        self._sums["volume"].show_value(wording.sum(totals.volume), note=without, strong=True)
        self._sums["weighted"].show_value(wording.sum(totals.weighted))
        overdue = self._context.formats.number(totals.overdue)
        self._sums["overdue"].show_value(overdue, tone="lost" if totals.overdue else "")
        self._sums.set_row_visible("overdue", bool(totals.overdue))

    def _on_change(self, change: ChangeSet) -> None:
        if self.isVisible() and (change.everything or not change.touched.isdisjoint(self._ids)):
            self._ask()
