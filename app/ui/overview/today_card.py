"""The list of what needs somebody today, with what can be done about it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import N_, ntr, tr
from app.services.today import TODAY_METRICS, TodayList, Why
from app.ui.overview.columns import today_columns
from app.ui.overview.parts import VerbBar, copy_leads, fill_page
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Chip, Flow
from app.ui.widgets.explanation import Explanation

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow
    from app.ui.actions import Actions
    from app.ui.context import Context

#: What can be done about a row, in this order: command, label, kind and icon of its button.
_VERBS = (
    ("finish_step", N_("Finished"), ButtonKind.PRIMARY, "check"),
    ("snooze", N_("Later"), ButtonKind.PLAIN, "clock"),
    ("next_step", N_("Next step"), ButtonKind.PLAIN, "calendar"),
    ("open", N_("Open lead"), ButtonKind.PLAIN, "edit"),
)
_CHIPS: tuple[tuple[Why | None, str], ...] = (
    (None, N_("All")), (Why.OVERDUE, N_("Overdue")), (Why.TODAY, N_("Due today")), (Why.IDLE, N_("Idle")),
    (Why.NO_STEP, N_("No next step")),
)  # fmt: skip
#: Head, chips, buttons and some rows.
_LEAST = 300


class TodayCard(Card):
    """`asked(id)` asks for a command on what is chosen, `opened(id)` for a lead, `snoozeAsked` for the ways to wait."""

    asked = Signal(str)
    opened = Signal(object)
    menuRequested = Signal(QPoint)
    selectionChanged = Signal()

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._list = TodayList()
        self._shown = TodayList()
        self._row = -1  # where the keyboard was before a change; -1 when that does not matter
        self._finished: int | None = None  # the lead whose step was just finished: one goes on to the next
        self._chosen: list[int] = []
        self._actions: Actions | None = None
        columns = today_columns(context.wording, context.formats, self._why)
        self.model: WindowedModel[LeadRow] = WindowedModel(columns, context.office.lists.rows, parent=self)
        self.view = TableView(context.theme, self.model, tr("What needs you today"))
        self.explanation = Explanation(context.theme, self)
        self._sum = QLabel()
        self._sum.setProperty("kind", "small")
        self._chips: dict[Why | None, Chip] = {}
        self._group = QButtonGroup(self)
        self._bar = VerbBar(context.theme)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        px, theme = self._context.theme.px, self._context.theme
        head = self.add_head(tr("What needs you today"))
        head.addWidget(self._sum)
        info = Button(theme, "", ButtonKind.MINI, icon="info", name=tr("How the value at risk is calculated"))
        info.clicked.connect(lambda: self._explain(info))
        head.addWidget(info)
        above = QVBoxLayout()
        theme.fit(above, lambda: above.setContentsMargins(px(16), 0, px(16), px(9)))
        chips = Flow()
        theme.fit(self, lambda: chips.setSpacing(px(7)), lambda: self.setMinimumHeight(px(_LEAST)))
        for why, label in _CHIPS:
            chip = Chip(theme, tr(label))
            chip.clicked.connect(self._show)
            self._chips[why] = chip
            self._group.addButton(chip)
            chips.addWidget(chip)
        self._chips[None].setChecked(True)
        above.addLayout(chips)
        self.body.addLayout(above)
        self.body.addWidget(self.view, 1)
        fill_page(self.view)
        for id_, label, kind, icon in _VERBS:
            self._bar.add(id_, tr(label), kind, icon)
        self.body.addWidget(self._bar)

    def _connect(self) -> None:
        self._bar.asked.connect(self.asked)
        self.view.selectedIdsChanged.connect(self._on_selection)
        self.view.currentIdChanged.connect(lambda _id: self._on_selection())
        self.view.opened.connect(self.opened)
        self.view.menuRequested.connect(self.menuRequested)
        self.view.manyCopied.connect(partial(copy_leads, self._context, self.view))
        self._context.wording.changed.connect(self.model.refresh_all)

    def hasHeightForWidth(self) -> bool:
        """No: the buttons that wrap would make the page ask for the preferred height of everything at least."""
        return False

    # What is shown

    @property
    def found(self) -> TodayList:
        """All that needs somebody, whatever the list is narrowed to."""
        return self._list

    def _why(self, lead_id: int) -> Why | None:
        return self._shown.why(lead_id)

    def show_list(self, found: TodayList, *, more: bool = False) -> None:
        """Other leads, or other reasons; with `more` they are the first page."""
        self._list = found
        if not more:
            self._count(found)
        self._show(more=more)

    def _count(self, found: TodayList) -> None:
        number, counts = self._context.formats.number, found.counts()
        for why, label in _CHIPS:
            n = len(found.ids) if why is None else counts[why]
            self._chips[why].setText(f"{tr(label)}  {number(n)}")
            self._chips[why].setVisible(n > 0)
        self._chips[None].setVisible(bool(found.ids))
        if any(chip.isChecked() and chip.isHidden() for chip in self._chips.values()):
            self._chips[None].setChecked(True)
        amount = self._context.wording.sum(found.value)
        words = tr("{amount} weighted at risk", amount=amount) if found.ids else ""
        if found.without_rate:
            without = ntr("{n} without a rate", "{n} without a rate", found.without_rate)
            words = f"{words} · {without}"
        self._sum.setText(words)

    def _show(self, *, more: bool = False) -> None:
        why = next(why for why, chip in self._chips.items() if chip.isChecked())
        before, self._shown = self._shown, self._list.only(why)
        changed = [lead_id for lead_id in self.model.ids if before.why(lead_id) != self._shown.why(lead_id)]
        self.model.refresh_rows(changed)
        self.model.set_ids(self._shown.ids, more=more)
        if not more:
            self._go_on()

    def _go_on(self) -> None:
        """After what was done: to the next row, or to the one that took the place of a row that is gone."""
        row, finished = self._row, self._finished
        self._row, self._finished = -1, None
        rows = self.model.rowCount()
        if not rows:
            return
        if self.view.current_id() is None:
            self.view.selectRow(min(max(row, 0), rows - 1))
        elif finished is not None and finished == self.view.current_id():
            self.view.selectRow(min(self.view.currentIndex().row() + 1, rows - 1))

    def hear(self, change: ChangeSet) -> None:
        """Something was written: the rows it touched are read anew; the list itself follows."""
        if change.everything or change.concerns("stage", "member", "company", "rate", "store_setting"):
            self.model.refresh_all()
        else:
            self.model.refresh_rows(change.touched)
        self._row = self.view.currentIndex().row()
        current = self.view.current_id()
        done = {row.lead_id for row in change.rows if row.table == "step" and row.after.get("done_at")}
        if change.kind == "do" and current in done:
            self._finished = current

    def leave(self) -> None:
        """The rows chosen are about to go for a while: the one that takes their place is chosen then."""
        self._row = self.view.currentIndex().row()

    def tell_when_empty(self, message: str, icon: str, label: str, action: Callable[[], object] | None) -> None:
        """What stands in place of the rows when there is nothing to do."""
        self.view.tell_when_empty(message, icon, label, action)

    def offer(self, actions: "Actions") -> None:
        """The window's commands that the buttons stand for: their keys are shown, and whether they are possible."""
        self._actions = actions
        for id_ in self._bar.buttons:
            actions[id_].changed.connect(self._reword)
        self._reword()

    def _reword(self) -> None:
        assert self._actions is not None
        for id_, label, _kind, _icon in _VERBS:
            keys = tr("Enter") if id_ == "open" else self._actions.keys(id_)
            self._bar.buttons[id_].setText(f"{tr(label)}  {keys}" if keys else tr(label))
            why, button = self._actions.refusal(id_), self._bar.buttons[id_]
            button.setEnabled(self._actions[id_].isEnabled())
            button.setToolTip(why)
            button.setAccessibleDescription(why)

    # What is chosen

    def selected_ids(self) -> list[int]:
        """The rows chosen, in their order."""
        return self.view.selected_ids()

    def menu_place(self) -> QPoint | None:
        """Below the button that was pressed; None when none was."""
        return self._bar.menu_place()

    def _on_selection(self) -> None:
        before, self._chosen = self._chosen, self.selected_ids()
        if self._chosen != before:
            self.selectionChanged.emit()

    def _explain(self, below: QWidget) -> None:
        metric = TODAY_METRICS["at_risk"]
        self.explanation.explain(str(metric.label), str(metric.definition), below)
