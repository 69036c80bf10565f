"""The tab *Prognose*: figures, revenue by month as chart and table, the funnel, and what needs a look."""

from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.collector import collector_paused
from app.core.i18n import N_, Plural, Text, tr
from app.core.roles import Act
from app.core.settings import ENOUGH_YOUNG
from app.ui.allowed import offer
from app.ui.forecast.age_card import AgeCard
from app.ui.forecast.attention import AttentionCard
from app.ui.forecast.behind import FiguresBehind
from app.ui.forecast.funnel_card import ALL, FunnelCard
from app.ui.forecast.month_table import MonthRow, MonthTable, PartLine
from app.ui.forecast.reading import Answer, Question, leads_of, read
from app.ui.forecast.recommenders import RecommendersCard
from app.ui.forecast.revenue_card import QUARTERS, RevenueCard
from app.ui.forecast.view_models import Bar, FunnelStep
from app.ui.forecast.wording import ForecastWords
from app.ui.jobs import Job
from app.ui.lead_table.behind import show_behind
from app.ui.record_table.copying import copy_shown
from app.ui.tables.empty import EmptyState
from app.ui.widgets.card import Card
from app.ui.widgets.figure_cards import FigureCards
from app.ui.widgets.focus import keep_in_view

if TYPE_CHECKING:
    from app.services.forecast import Share
    from app.services.spans import Bucket
    from app.ui.context import Context
    from app.ui.lead_table.behind import Figure as BehindFigure

#: Tables whose changes can reach a figure here.
_CONCERNING = ("lead", "stage", "stage_entry", "rate", "goal", "member", "source", "company", "person",
               "store_setting")  # fmt: skip
#: How skipped stages count, as the service calls it and in words.
MODES = (("passed", N_("All stages")), ("touched", N_("Touched only")))
#: Changes that follow each other quickly are answered once.
_SETTLE_MS = 40
#: Below this width (before scaling) the columns stand below each other.
_NARROW = 1060
_LEAST_LIST = 150
_EDGE, _GAP = 14, 11


class ForecastTab(QWidget):
    """Figures are asked for in a thread when the tab comes to the front, and after changes while it is there.

    `opened(id)` asks to open a lead, `asked(command)` for a command of the window, `recordAsked(entity, id)` for a
    company or person.
    """

    opened = Signal(object)
    asked = Signal(str)
    recordAsked = Signal(object, int)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._asked = 0
        self._stale = True
        self._loading = False
        self._answer: Answer | None = None
        self._wording = context.wording
        self._words = ForecastWords(context, self._wording)
        theme = context.theme
        self._paper_words = ForecastWords(context, self._wording, theme.paper)
        self._behind = FiguresBehind(context)
        self.cards = FigureCards(theme)
        self.revenue = RevenueCard(context)
        self.table = MonthTable(theme, context.formats, context.office.lists.rows)
        self.funnel = FunnelCard(context, [(mode, tr(label)) for mode, label in MODES])
        self.ages = AgeCard(context)
        self.attention = AttentionCard(theme, context.office.lists, self._wording)
        self.recommenders = RecommendersCard(context)
        self._total = QLabel()
        self._total.setProperty("kind", "small")
        self._empty = EmptyState(theme)
        self._pages = QStackedWidget()
        self._lay_out()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._connect()

    # What the window asks

    def activate(self) -> None:
        """The tab comes to the front."""
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Ask for everything anew."""
        self._stale = False
        self._asked += 1
        asked, office, question = self._asked, self._context.office, self._question()
        work = lambda _progress: read(office, question)  # noqa: E731 - one expression for one thread
        then = partial(self._take, asked)
        job = Job(Text("Calculating the forecast"), work, then, quiet=True, pool=True, owner=self)
        self._context.jobs.start(job)  # a split of many leads takes seconds, for which no list has to wait

    def turn_of_day(self) -> None:
        """A new day has begun: the coming months and today's rates are others."""
        self.revenue.picker.set_today(self._context.office.store.today())
        self._refresh_soon()

    def save_state(self) -> dict[str, Any]:
        """What is remembered of the tab: whose forecast it is, split by what, in which bars."""
        return {**self.revenue.save_state(), "mode": self.funnel.mode.choice, "period": self.funnel.period.choice}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The inverse of `save_state`; before the first `activate`. What is gone meanwhile is forgotten."""
        self.revenue.restore_state(state)
        self.funnel.mode.choose(str(state.get("mode", "")))
        self.funnel.period.choose(str(state.get("period", "")))
        if self.revenue.split.choice is not None:
            self.table.unfold("total")

    @property
    def shows_empty(self) -> bool:
        """Whether it says that there are no leads yet."""
        return self._pages.currentWidget() is self._empty

    @property
    def front(self) -> MonthTable:
        """The table below the chart."""
        return self.table

    # Building

    def _lay_out(self) -> None:
        """From the outside in: whatever moves to another parent is styled anew with all it holds."""
        px = self._context.theme.px
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        scroll = QScrollArea(self._pages)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self._empty)
        content = QWidget()
        scroll.setWidget(content)
        box = QVBoxLayout(content)
        self._context.theme.fit(
            box, lambda: box.setContentsMargins(*4 * (px(_EDGE),)), lambda: box.setSpacing(px(_GAP))
        )
        box.addWidget(self.cards)
        self._charts = _Filling()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._charts)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._context.theme.fit(self._columns, lambda: self._columns.setSpacing(px(11)))
        box.addWidget(self._charts, 1)
        self._columns.addLayout(self._left_column(), 5)
        self._columns.addLayout(self._right_column(), 2)
        box.addWidget(self.recommenders)

    def _left_column(self) -> QVBoxLayout:
        px = self._context.theme.px
        numbers = Card(self._context.theme)
        numbers.add_head(tr("Revenue by month")).addWidget(self._total)
        numbers.body.addWidget(self.table, 1)
        self._context.theme.fit(numbers, lambda: numbers.setMinimumHeight(px(_LEAST_LIST)))
        column = QVBoxLayout()
        self._context.theme.fit(column, lambda: column.setSpacing(px(11)))
        column.addWidget(self.revenue, 3)
        column.addWidget(numbers, 2)
        return column

    def _right_column(self) -> QVBoxLayout:
        px = self._context.theme.px
        column = QVBoxLayout()
        self._context.theme.fit(column, lambda: column.setSpacing(px(11)))
        column.addWidget(self.funnel, 4)
        column.addWidget(self.ages, 2)
        column.addWidget(self.attention, 2)
        return column

    def _connect(self) -> None:
        self._settle.timeout.connect(self.refresh)
        self.revenue.asked.connect(self._on_asked)
        self.funnel.asked.connect(self.refresh)
        self.revenue.opened.connect(self._open_bar)
        self.funnel.chart.opened.connect(self._open_step)
        self.ages.chart.opened.connect(lambda bar: self._look_behind(self._behind.age(bar)))
        self.table.figureOpened.connect(self._open_line)
        self.table.leadOpened.connect(self.opened)
        self.table.unfolded.connect(self._unfold)
        self.table.moveAsked.connect(self._move)
        self.table.may_move = partial(self._context.allowed.may, Act.CHANGE)
        keep_in_view(self.table)
        self.table.menuRequested.connect(self._open_menu)
        self.table.manyCopied.connect(lambda ids: copy_shown(self._context, self.table, ids, self.table.cells))
        self.recommenders.recordAsked.connect(self.recordAsked)
        self.recommenders.leadsAsked.connect(lambda row: self._look_behind(self._behind.recommended(row)))
        self.attention.opened.connect(self.opened)
        self.attention.view.manyCopied.connect(partial(copy_shown, self._context, self.attention.view))
        self._context.bridge.changed.connect(self._on_change)
        self._wording.changed.connect(self._restyle)
        stop = self._context.settings.listen(ENOUGH_YOUNG, lambda _value: self._refresh_soon())
        self.destroyed.connect(stop)
        self._restyle()

    # What comes in

    def _question(self) -> Question:
        return Question(
            span=self.revenue.picker.span,
            today=self._context.office.store.today(),
            all_time=self.funnel.period.choice == ALL,
            mode="touched" if self.funnel.mode.choice == "touched" else "passed",
            user_id=self.revenue.person.choice,
            by=self.revenue.split.choice,
            quarters=self.revenue.grain.choice == QUARTERS,
            unfolded=self.table.unfolded_buckets,
        )

    def _take(self, asked: int, answer: Answer) -> None:
        """Show an answer, unless something else was asked meanwhile."""
        if asked != self._asked:
            return
        self._answer = answer
        self._show(answer)
        if answer.leads:
            self._load_chart()

    def _show(self, answer: Answer) -> None:
        self._pages.setCurrentIndex(1 if answer.leads == 0 else 0)
        words = self._words
        self.cards.show_figures(words.figures(answer, self._open_card))
        gross, paper = self.revenue.gross.isChecked(), self._paper_words
        self.revenue.show_picture(words.picture(answer, gross=gross), words.legend(answer, gross=gross),
                                  words.outside(answer))  # fmt: skip
        self.revenue.keep_for_paper(paper.picture(answer, gross=gross), paper.legend(answer, gross=gross))
        self.table.show_rows(words.rows(answer), answer.forecast.currency, answer.shares)
        self._total.setText(words.total(answer))
        self.funnel.show_funnel(words.steps(answer), words.funnel_summary(answer))
        self.funnel.keep_for_paper(paper.steps(answer))
        self.ages.show_bars(words.ages(answer), paper.ages(answer))
        self.recommenders.show_rows(answer.best)
        self.attention.show_noted(words.noted(answer))

    # What is behind a figure, and moving leads

    def _look_behind(self, figure: "BehindFigure") -> None:
        show_behind(self._context, figure, self.opened.emit, self)

    def _open_card(self, key: str, label: str) -> None:
        if key == "goal" and self._answer is not None and self._answer.attainment is None:
            self.asked.emit("goals")
        else:
            self._look_behind(self._behind.card(key, label, self._question()))

    def _open_bar(self, bar: Bar, part: str | None) -> None:
        """A bar, or what of it belongs to the part that was clicked."""
        question, answer = self._question(), self._answer
        if answer is None:
            return
        scope = None if part is None else self._words.scope_of(answer, part)
        title = bar.name if part is None else tr("{figure} · {part}", figure=bar.name, part=part)
        self._look_behind(self._behind.bucket(title, bar.bucket, question, scope))

    def _open_line(self, row: MonthRow, part: PartLine | None) -> None:
        self._look_behind(self._behind.line(row, part, self._question()))

    def _open_step(self, step: FunnelStep) -> None:
        question = self._question()
        self._look_behind(self._behind.step(step, question.mode, question.cohort))

    def _unfold(self, bucket: "Bucket") -> None:
        """The leads of a line, read beside everything else. A later question asks for them itself."""
        office, question, asked = self._context.office, self._question(), self._asked

        def done(shares: "tuple[Share, ...]") -> None:
            if asked == self._asked:
                self.table.show_leads(bucket, shares)

        work = lambda _progress: leads_of(office, question, bucket)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Looking for the leads"), work, done, quiet=True, owner=self))

    def _move(self, ids: list[int], month: int | None, seen: int | None) -> None:
        """Leads were carried to another line."""
        if not self._context.permits(Act.CHANGE):
            return
        leads = self._context.office.leads
        title = Plural("Changing {n} lead", "Changing {n} leads", n=len(ids))
        work = lambda _progress: leads.move_period(ids, month, seen=seen)  # noqa: E731 - one expression for one thread
        self._context.jobs.write(Job(title, work, owner=self), leads=len(ids))

    def _open_menu(self, at: QPoint) -> None:
        """What can be done with the line the keyboard is on, or the leads chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        leads = self.table.chosen_leads()
        if len(leads) == 1:
            menu.addAction(tr("Open lead"), partial(self.opened.emit, leads[0]))
        elif not leads and self.table.current_id() is not None:
            menu.addAction(tr("Show the leads behind it"), partial(self.table.opened.emit, self.table.current_id()))
        if leads:
            months = menu.addMenu(tr("Move to another month"))
            for place, label in self.table.targets():
                offer(months, label, self._context.deed(Act.CHANGE, partial(self.table.move_to, place)))
        menu.addAction(tr("Copy"), self.table.copy)
        menu.popup(at)

    def _on_asked(self) -> None:
        """Another split: what there is of it all is seen at once."""
        if self.revenue.split.choice is not None:
            self.table.unfold("total")
        self.refresh()

    def _load_chart(self) -> None:
        """Load what draws the chart, after the figures are shown. In a thread: it would stop the window for long."""
        if self._loading:
            return
        self._loading = True
        text, failed = Text("Loading the chart"), self._not_loaded
        self._context.jobs.start(Job(text, _charts, self._put_chart, failed, quiet=True, pool=True, owner=self))

    def _not_loaded(self, error: BaseException) -> None:
        """The next answer tries again."""
        self._loading = False
        raise error

    def _put_chart(self, charts: ModuleType) -> None:
        self.revenue.put_chart(charts.RevenueChart(self._context.theme, self._context.formats))

    def _on_change(self, change: ChangeSet) -> None:
        if change.touched or change.concerns(*_CONCERNING):
            self._refresh_soon()

    def _refresh_soon(self) -> None:
        """At once when it is seen, otherwise when it is next shown."""
        self._stale = True
        if self.isVisible():
            self._settle.start()

    def _restyle(self) -> None:
        new = (lambda: self.asked.emit("new_lead")) if self._context.allowed.may(Act.CHANGE) else None
        self._empty.tell(
            tr("As soon as there are leads, this page shows what revenue to expect when, and how leads come through "
               "the funnel."), "chart", tr("New lead"), new,
        )  # fmt: skip
        if self._answer is not None:
            self._show(self._answer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = self._context.theme.px
        self._charts.fill(self.height() - self.cards.height() - 2 * px(_EDGE) - px(_GAP))
        direction = QBoxLayout.Direction
        narrow = self.width() < self._context.theme.px(_NARROW)
        self._columns.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)


class _Filling(QWidget):
    """As high as the room in the window, and not lower than what it holds needs; what follows is scrolled to."""

    _room = 0

    def fill(self, room: int) -> None:
        """There is so much room now."""
        if room != self._room:
            self._room = room
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._room))


def _charts(_progress: object) -> ModuleType:
    """The module of the chart. Collecting garbage among everything it defines would stop the window meanwhile."""
    with collector_paused():
        return import_module("app.ui.forecast.charts")
