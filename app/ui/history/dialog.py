"""Who changed what: every step of everybody, narrowed as one likes, and beside it what the chosen one changed."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QSplitter, QWidget

from app.core.errors import TrichterError
from app.core.i18n import N_, Text, tr
from app.core.roles import Act
from app.services.history_log import LogQuery, LogRow
from app.services.history_steps import StepDetail, StepRefused, Steps
from app.ui.allowed import offer
from app.ui.forms.dialog import Dialog, window_state
from app.ui.forms.field import Note
from app.ui.history.columns import log_columns
from app.ui.history.pane import StepPane
from app.ui.jobs import Job
from app.ui.record_table.copying import copy_shown
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Chip, Flow
from app.ui.widgets.choice_chip import ChoiceChip
from app.ui.widgets.filter_edit import FilterEdit
from app.ui.widgets.focus import move_focus
from app.ui.wording import happened

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.ui.context import Context

_FIRST = 80
#: Typing goes on; the database is asked when it rests.
_REST_MS = 150
_COLUMNS = "history/columns"
_PERIODS = (("0", N_("today")), ("6", N_("last 7 days")), ("29", N_("last 30 days")), ("364", N_("last 12 months")))
_SORTS = (("do", N_("done")), ("undo", N_("undone")), ("redo", N_("done again")), ("import", N_("imports")))


class HistoryDialog(Dialog):
    """With `lead` it begins with the steps of that one, with `step` at this one."""

    def __init__(
        self, context: "Context", parent: QWidget | None = None, lead: int | None = None, step: int | None = None
    ) -> None:
        super().__init__(context.theme, tr("Who changed what?"), parent)
        self._context = context
        self._steps = Steps(context.office.store)
        self._query = LogQuery(lead_id=lead)
        self._begin_at = step
        self._asked = self._looked = 0
        self._row: LogRow | None = None
        self._refused: StepRefused | None = None
        self.model: WindowedModel[LogRow] = WindowedModel(log_columns(context), self._steps.log.rows, parent=self)
        self.view = TableView(context.theme, self.model, tr("History"))
        self.pane = StepPane(context)
        self.note = Note("muted")
        self._filter = FilterEdit(context.theme, tr("Filter …"))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._build(lead)
        self._connect()
        self.remember_size(context.settings, "history", 1200, 700)
        self.view.setFocus()
        self._ask()

    def _build(self, lead: int | None) -> None:
        theme, px = self.theme, self.theme.px
        line = QWidget()
        bar = Flow(line)
        theme.fit(self._filter, lambda: self._filter.setFixedWidth(min(px(240), 360)))
        bar.addWidget(self._filter)
        for chip in self._chips(lead):
            bar.addWidget(chip)
        card = Card(theme)
        card.body.addWidget(self.view, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(card)
        split.addWidget(self.pane)
        card.lower()  # a splitter puts what comes later before it, and Tab would go there first
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        split.setProperty("kind", "gap")
        split.setHandleWidth(px(10))
        theme.fit(split, lambda: split.setSizes([px(820), px(320)]))
        self.body.addWidget(line)
        self.body.addWidget(split, 1)
        row = self.add_bar()
        row.addWidget(self.note, 1)
        self.add_close(row, default=False)
        self.view.tell_when_empty(tr("No step fits the filter."), "search")
        kept = window_state(self._context.settings).value(_COLUMNS)
        if isinstance(kept, str) and kept.startswith("{"):
            self.view.restore_state(_state(kept))

    def _chips(self, lead: int | None) -> list[QWidget]:
        """What narrows the list."""
        theme, catalogue = self.theme, self._context.office.catalogue
        people = ChoiceChip(theme, tr("Person"), lambda: [(each.id, each.name) for each in catalogue.all("member")])
        people.chosen.connect(lambda user: self._narrow(user_id=user))
        period = ChoiceChip(theme, tr("Period"), lambda: [(days, tr(name)) for days, name in _PERIODS])
        period.chosen.connect(lambda days: self._narrow(first=self._since(days)))
        sort = ChoiceChip(theme, tr("Kind"), lambda: [(key, tr(name)) for key, name in _SORTS])
        sort.chosen.connect(lambda key: self._narrow(sort=key or ""))
        chips: list[QWidget] = [people, period, sort]
        found = self._context.office.lists.rows([lead]) if lead is not None else []
        if found:
            only = Chip(theme, tr("Only “{title}”", title=_short(found[0].title)).replace("&", "&&"))
            only.setChecked(True)
            only.toggled.connect(lambda on: self._narrow(lead_id=lead if on else None))
            chips.append(only)
        return chips

    def _connect(self) -> None:
        self._filter.textChanged.connect(lambda _text: self._rest.start())
        self._rest.timeout.connect(lambda: self._narrow(text=self._filter.text().strip()))
        self.view.currentIdChanged.connect(self._look)
        self.view.layoutEdited.connect(self._keep_columns)
        self.view.opened.connect(lambda _id: self.pane.button.setFocus())
        self.view.menuRequested.connect(self._open_menu)
        self.view.manyCopied.connect(lambda ids: copy_shown(self._context, self.view, ids, self._steps.log.rows))
        self.pane.asked.connect(self._take_back)
        self._context.allowed.keep(Act.CHANGE, self.pane.button)
        self._context.bridge.changed.connect(self._on_change)

    # The list

    def _narrow(self, **asked: Any) -> None:
        query = replace(self._query, **asked)
        if query != self._query:
            self._query = query
            self._ask()

    def _since(self, days: str | None) -> date | None:
        return None if days is None else self._context.office.store.today() - timedelta(days=int(days))

    def _ask(self) -> None:
        """The first rows, then all of them; a thread looks, since nobody knows how long that takes."""
        self._asked += 1
        asked, query, log = self._asked, self._query, self._steps.log

        def rest(ids: Sequence[int]) -> None:
            if asked == self._asked:
                self._show(ids, more=False)

        def first(ids: Sequence[int]) -> None:
            if asked == self._asked:
                self._show(ids, more=len(ids) == _FIRST)
                if len(ids) == _FIRST:
                    self._start(lambda _progress: log.ids(query), rest)

        self._start(lambda _progress: log.first_ids(query, _FIRST), first)

    def _start(self, work: Any, then: Any) -> None:
        self._context.jobs.start(Job(Text("Reading the history"), work, then, quiet=True, pool=True, owner=self))

    def _show(self, ids: Sequence[int], *, more: bool) -> None:
        self.model.set_ids(ids, more=more)
        if self._begin_at is not None and self.view.select_id(self._begin_at):
            self._begin_at = None
        elif not more and self.view.current_id() is None and len(ids):
            self.view.selectRow(0)
        if not len(ids):
            self._row = None
            self.pane.clear()

    def _on_change(self, change: "ChangeSet") -> None:
        """Steps were added, and others may be undone by them."""
        self.note.say(happened(change))
        self.model.refresh_all()
        self._ask()
        self._look(self.view.current_id())

    def _keep_columns(self) -> None:
        window_state(self._context.settings).setValue(_COLUMNS, json.dumps(self.view.save_state()))

    # The step

    def _look(self, step: int | None) -> None:
        """Show the one the keyboard is on: what the list knows at once, the rest from a thread."""
        place = None if step is None else self.model.row_of(step)
        self._row = None if place is None else self.model.row_data(place)
        self._refused = None
        self._looked += 1
        if self._row is None:
            self.pane.clear()
            return
        row, looked = self._row, self._looked
        self.pane.show_row(row)

        def done(detail: StepDetail) -> None:
            if looked == self._looked:
                self._refused = detail.refused
                self.pane.show_detail(detail)

        self._start(lambda _progress: self._steps.detail(row), done)

    def _take_back(self) -> None:
        row = self._row
        if row is None:
            return
        if self._refused is not None:
            self._tell_refused(self._refused)
            return
        work = lambda _progress: self._steps.take_back(row)  # noqa: E731 - one expression for one thread
        job = Job(Text("Undoing"), work, failed=self._not_taken_back, writes=True, owner=self)
        self.view.setFocus()  # else the keyboard would go on to the button that closes the window
        self.pane.button.setEnabled(False)
        self._context.jobs.start(job)

    def _open_menu(self, at: QPoint) -> None:
        """What the button does is offered at once: whether it can be done is said when it is tried."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offer(menu, self.pane.button.text(), self._context.deed(Act.CHANGE, self._take_back))
        menu.addAction(tr("Copy"), self.view.copy)
        menu.popup(at)

    def _tell_refused(self, refused: StepRefused) -> None:
        from app.ui.history.refused import RefusedDialog

        RefusedDialog(self._context, refused, self).exec()

    def _not_taken_back(self, error: BaseException) -> None:
        self._look(self.view.current_id())
        if isinstance(error, StepRefused):
            self._tell_refused(error)
        elif isinstance(error, TrichterError):
            self.note.say(str(error), "error")
        else:
            raise error

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through what is seen, from top to bottom."""
        return move_focus(self, forward)


def _short(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39]}…"


def _state(kept: str) -> dict[str, Any]:
    try:
        state = json.loads(kept)
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}
