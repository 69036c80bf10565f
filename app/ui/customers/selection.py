"""What the panel shows of several companies or people: how many, what they come to, and what can be done to them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text, ntr, tr
from app.core.terms import Entity
from app.ui.jobs import Job
from app.ui.widgets.field_row import FieldGrid
from app.ui.widgets.verb_buttons import VerbButtons

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context

_VERBS = (
    ("bulk_edit", "assign", "tags", "kinds", "merge"), ("export_chosen", "export_cards"),
    ("archive", "unarchive", "delete"),
)  # fmt: skip
_CONCERNING = ("company", "person", "lead", "rate", "stage")


class RecordSelection(QWidget):
    """Several records. `asked(id)` asks for a command of the window, which says which of them there are."""

    asked = Signal(str)

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__()
        self._context, self._entity = context, entity
        self._ids: Sequence[int] = ()
        self._asked = 0
        self._title = QLabel()
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self._sums = FieldGrid(context.theme)
        self._keys = (("open_volume", tr("Volume of active leads")), ("won_volume", tr("Won")))
        for key, label in self._keys if entity is Entity.COMPANY else ():
            self._sums.add(key, label, editable=False)
        self._sums.setVisible(entity is Entity.COMPANY)
        self._buttons = VerbButtons(context.theme)
        self._buttons.asked.connect(self.asked)
        head, px = QVBoxLayout(), context.theme.px
        context.theme.fit(head, lambda: head.setContentsMargins(px(18), px(18), px(14), px(8)))
        head.addWidget(self._title)
        line = QFrame()
        line.setProperty("kind", "hairline")
        line.setFixedHeight(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._sums)
        box.addWidget(line)
        box.addLayout(self._buttons)
        box.addStretch()
        context.bridge.changed.connect(self._on_change)

    def offer(self, actions: "Actions") -> None:
        """Offer these commands, each as long as it can be carried out."""
        company = self._entity is Entity.COMPANY
        verbs = [[id_ for id_ in group if company or id_ != "kinds"] for group in _VERBS]
        self._buttons.offer(actions, verbs)

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen: below its button; None when none was pressed."""
        return self._buttons.menu_place()

    def show_records(self, ids: Sequence[int]) -> None:
        """Sum these up, in a thread: they may be all there are."""
        self._ids = ids
        n = len(ids)
        company = self._entity is Entity.COMPANY
        self._title.setText(
            ntr("{n} company selected", "{n} companies selected", n)
            if company
            else ntr("{n} person selected", "{n} people selected", n)
        )
        if company:
            for key, _label in self._keys:
                self._sums[key].show_value("")
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        asked, ids, lists = self._asked, self._ids, self._context.office.company_list

        def done(totals: Any) -> None:
            if asked == self._asked:
                without = totals.without_rate
                note = ntr("{n} without a rate", "{n} without a rate", without) if without else ""
                for key, _label in self._keys:
                    shown = self._context.wording.sum(getattr(totals, key))
                    self._sums[key].show_value(shown, note=note if key == "open_volume" else "", strong=not note)

        work = lambda _progress: lists.totals_of(ids)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Counting"), work, done, quiet=True, owner=self))

    def _on_change(self, change: ChangeSet) -> None:
        if self._entity is Entity.COMPANY and self.isVisible() and change.concerns(*_CONCERNING):
            self._ask()
