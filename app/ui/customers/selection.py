"""What the panel shows of several companies or people: how many, what they come to, and what can be done to them."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text, ntr, tr
from app.core.terms import Entity
from app.ui.jobs import Job
from app.ui.widgets.button import Button
from app.ui.widgets.chips import Flow
from app.ui.widgets.field_row import FieldGrid

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context

_VERBS = (("bulk_edit", "assign", "tags", "kinds"), ("archive", "unarchive", "delete"))
_CONCERNING = ("company", "person", "lead", "rate", "stage")


class RecordSelection(QWidget):
    """Several records. `asked(id)` asks for a command of the window, which says which of them there are."""

    asked = Signal(str)

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__()
        self._context, self._entity = context, entity
        self._ids: Sequence[int] = ()
        self._asked = 0
        self._pressed: Button | None = None
        self._title = QLabel()
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self._sums = FieldGrid(context.theme)
        self._keys = (("open_volume", tr("Volume of active leads")), ("won_volume", tr("Won")))
        for key, label in self._keys if entity is Entity.COMPANY else ():
            self._sums.add(key, label, editable=False)
        self._sums.setVisible(entity is Entity.COMPANY)
        head, self._buttons, px = QVBoxLayout(), QVBoxLayout(), context.theme.px
        context.theme.fit(
            head, lambda: head.setContentsMargins(px(18), px(18), px(14), px(8)),
            lambda: self._buttons.setContentsMargins(px(18), px(12), px(14), px(12)),
            lambda: self._buttons.setSpacing(px(14)),
        )  # fmt: skip
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
        for group in _VERBS:
            row = QWidget()
            flow = Flow(row)
            self._context.theme.fit(flow, partial(self._space, flow))
            self._buttons.addWidget(row)
            for id_ in group:
                if id_ != "kinds" or self._entity is Entity.COMPANY:
                    flow.addWidget(self._button(actions, id_))

    def _space(self, flow: Flow) -> None:
        flow.setSpacing(self._context.theme.px(7))

    def _button(self, actions: "Actions", id_: str) -> Button:
        action = actions[id_]
        button = Button(self._context.theme, action.text().replace("&", ""), small=True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keyboard stays in the list
        button.clicked.connect(partial(self._press, button, id_))
        button.setVisible(action.isEnabled())
        action.enabledChanged.connect(button.setVisible)
        return button

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen: below its button; None when none was pressed."""
        button = self._pressed
        return None if button is None else button.mapToGlobal(QPoint(0, button.height()))

    def _press(self, button: Button, id_: str) -> None:
        self._pressed = button
        try:
            self.asked.emit(id_)
        finally:
            self._pressed = None

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
