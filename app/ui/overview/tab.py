"""The tab *Übersicht*: what needs somebody today, where one stands, and what has happened since yesterday.

The list comes first: its first page is asked for and painted at once, the rest and all figures follow from threads.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.core.settings import ENOUGH_YOUNG
from app.core.terms import Entity
from app.services.owners import Owner
from app.services.recent import Happening
from app.services.today import TodayList
from app.ui.jobs import Job
from app.ui.overview.idle_card import IdleCard
from app.ui.overview.reading import Surroundings, read_surroundings
from app.ui.overview.recent_card import RecentCard
from app.ui.overview.record_card import RecordCard
from app.ui.overview.steps_card import StepsCard
from app.ui.overview.today_card import TodayCard
from app.ui.overview.touch_card import TouchCard
from app.ui.overview.wording import OverviewWords
from app.ui.tables.view import TableView
from app.ui.widgets.choice_chip import ChoiceChip
from app.ui.widgets.figure_cards import FigureCards

if TYPE_CHECKING:
    from app.services.rhythm import OverdueRhythm
    from app.ui.actions import Actions
    from app.ui.context import Context
    from app.ui.lead_table.behind import Figure

#: Tables whose changes can reach something here.
_CONCERNING = ("lead", "step", "stage", "goal", "company", "member", "rate", "store_setting", "person", "note",
               "note_person", "company_person", "tag", "company_tag", "person_tag")  # fmt: skip
#: Changes that follow each other quickly are answered once.
_SETTLE_MS = 60
#: How often it is looked whether a step was put off elsewhere, or has come back.
_LOOK_MS = 30_000
#: Rows asked for before all the others: more than any screen shows.
_FIRST = 80
#: Below the first width (before scaling) everything stands below each other, from the second on in three columns.
_NARROW, _WIDE = 940, 1840
#: The list is no wider than this: a line that is longer is not read but searched.
_WIDEST = 2400
#: From so many rows on a card beside the list gets no more of the room.
_TALL = 5
_ALL, _ME = "all", "me"


class OverviewTab(QWidget):
    """`opened(id)` asks to open a lead, `recordOpened(entity, id)` a company or person, `asked(command)` for a command
    of the window on `selected_ids`, `recordAsked(command, entity, id)` for one on a company.
    """

    opened = Signal(object)
    recordOpened = Signal(object, int)
    recordAsked = Signal(str, object, int)
    asked = Signal(str)
    selectionChanged = Signal()
    menuRequested = Signal(QPoint)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._asked = self._asked_beside = 0
        self._begun = False
        self._decided = False  # whether somebody chose whose leads are shown
        self._stale = True
        self._beside: Surroundings | None = None
        self._words = OverviewWords(context, lambda key: partial(self._look_behind, key))
        self._day = QLabel()
        self._day.setProperty("kind", "title")
        self._who = ChoiceChip(context.theme, tr("Responsible"), self._people)
        self.cards = FigureCards(context.theme)
        self.today = TodayCard(context)
        self.idle = IdleCard(context, partial(self._look_behind, "idle"))
        self.touch = TouchCard(context)
        self.steps = StepsCard(context)
        self.recent = RecentCard(context)
        self._front: TodayCard | IdleCard | RecordCard = self.today
        self._lay_out()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._look = QTimer(self)
        self._look.start(_LOOK_MS)
        self._connect()

    # Building

    def _lay_out(self) -> None:
        """From the outside in: whatever moves to another parent is styled anew with all it holds."""
        theme, px = self._context.theme, self._context.theme.px
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        whole.addWidget(scroll)
        content = QWidget()
        theme.fit(content, lambda: content.setMaximumWidth(px(_WIDEST)))
        scroll.setWidget(content)
        box = QVBoxLayout(content)
        theme.fit(
            box, lambda: box.setContentsMargins(px(14), px(12), px(14), px(14)), lambda: box.setSpacing(px(11))
        )  # fmt: skip
        head = QHBoxLayout()
        head.addWidget(self._day)
        head.addStretch()
        head.addWidget(self._who)
        box.addLayout(head)
        self._box = box
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside_it = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        box.addWidget(self.cards)
        box.addLayout(self._columns, 1)
        self._columns.addWidget(self.today, 5)
        self._columns.addLayout(self._beside_it, 3)
        self._beside_it.addWidget(self.idle, 1)
        self._below = below = QVBoxLayout()
        self._beside_it.addLayout(below, 2)
        below.addWidget(self.steps, 1)
        below.addWidget(self.touch, 1)
        below.addWidget(self.recent, 1)
        theme.fit(
            self, lambda: self._columns.setSpacing(px(11)), lambda: self._beside_it.setSpacing(px(11)),
            lambda: below.setSpacing(px(11)), self._arrange,
        )  # fmt: skip

    def _connect(self) -> None:
        self._settle.timeout.connect(self._ask_beside)
        self._look.timeout.connect(self.look_again)
        self._who.chosen.connect(lambda _choice: self._choose())
        for card in (self.today, self.idle):
            card.asked.connect(partial(self._ask_for, card))
            card.opened.connect(self.opened)
            card.menuRequested.connect(partial(self._open_menu, card))
            card.selectionChanged.connect(partial(self._on_selection, card))
        for each in (self.today, self.idle, self.touch, self.steps):
            each.view.installEventFilter(self)
        for records in (self.touch, self.steps):
            records.opened.connect(self.recordOpened)
        self.steps.commanded.connect(self.recordAsked)
        self.touch.called.connect(self._log_call)
        self.recent.chosen.connect(self._open_happening)
        self._context.bridge.changed.connect(self._on_change)
        self._context.bridge.reminded.connect(self.look_again)
        self._context.wording.changed.connect(self._reword)
        stop = self._context.settings.listen(ENOUGH_YOUNG, lambda _value: self._reword())
        self.destroyed.connect(stop)
        self._reword()

    # What the window asks

    def activate(self) -> None:
        """The tab comes to the front."""
        if not self._begun:
            self._begun = True
            if not self._decided:
                self._who.choose(self._usual())
            QTimer.singleShot(0, self, self._begin)  # the building took a turn of the event loop already
        elif self._stale:
            self._ask()
        self.today.view.setFocus()

    def _begin(self) -> None:
        """Hidden by now, as when the window is closed at once, there is nothing to show until it is seen."""
        if self.isVisible():
            self._show_first()

    def refresh(self) -> None:
        """Ask for everything anew."""
        self._show_first()

    def turn_of_day(self) -> None:
        """What was due tomorrow is due today."""
        self._reword()
        self._ask_soon()

    def offer(self, actions: "Actions") -> None:
        """The commands of the window that the buttons stand for."""
        self.today.offer(actions)

    @property
    def panel(self) -> TodayCard | IdleCard | RecordCard:
        """The list that commands are meant for; in that of customers no leads are chosen."""
        return self._front

    @property
    def front(self) -> TableView:
        """The table of that list."""
        return self._front.view

    def menu_place(self) -> QPoint | None:
        """Below the button that was pressed; None when none was."""
        return self.today.menu_place()

    def selected_ids(self) -> list[int]:
        """The leads chosen in the list that the keyboard was in last."""
        return self._front.selected_ids()

    def save_state(self) -> dict[str, Any]:
        """What is remembered of the tab: whose leads are shown, where somebody chose that."""
        return {"person": self._who.choice or _ALL} if self._decided else {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save_state`; before the first `activate`. A person who is gone is forgotten."""
        person = state.get("person")
        self._decided = person == _ALL or (isinstance(person, int | str) and self._who.choose(person))

    # Whose leads

    def _people(self) -> Sequence[tuple[Any, str]]:
        me, members = self._context.office.store.actor_id, self._context.allowed.people()
        mine = [(_ME, tr("myself"))] if any(entry.id == me for entry in members) else []
        return [*mine, *((entry.id, entry.name) for entry in members if entry.id != me)]

    def _usual(self) -> str | None:
        """Who works here sees the own leads, as soon as there are any; with those of whom one stands in for."""
        me, whose = self._context.office.store.actor_id, self._context.allowed.rights.whose
        if whose is not None and len(whose) > 1:
            return None  # all that are seen are one's own business
        return _ME if me is not None and self._context.office.today.concerns(me) else None

    @property
    def user_id(self) -> int | None:
        """Whose leads are shown; None for all."""
        choice = self._who.choice
        return self._context.office.store.actor_id if choice == _ME else choice

    # What is asked for

    def _show_first(self) -> None:
        """The first page at once; the rest and what stands beside it follow."""
        self.today.show_list(self._context.office.today.first(self.user_id, _FIRST), more=True)
        self.today.view.viewport().repaint()  # before a thread begins, which would take the interpreter away from it
        self._ask()

    def _ask(self) -> None:
        """Ask for the list and all figures anew; what is shown stays until they are there."""
        self._stale = False
        self._ask_list()
        self._ask_beside()

    def _ask_list(self, *, patient: bool = False) -> None:
        self._asked += 1
        asked, read, user_id = self._asked, self._context.office.today.all, self.user_id
        work = lambda _progress: read(user_id)  # noqa: E731 - one expression for one thread
        then = partial(self._take_list, asked)
        job = Job(Text("Looking for what is due"), work, then, quiet=True, pool=True, patient=patient, owner=self)
        self._context.jobs.start(job)

    def _ask_beside(self) -> None:
        self._asked_beside += 1
        asked, office, user_id = self._asked_beside, self._context.office, self.user_id
        work = lambda _progress: read_surroundings(office, user_id)  # noqa: E731 - one expression for one thread
        then = partial(self._take_surroundings, asked)
        self._context.jobs.start(Job(Text("Counting"), work, then, quiet=True, patient=True, owner=self))

    def _take_list(self, asked: int, found: TodayList) -> None:
        if asked == self._asked:
            self._say_empty()
            self.today.show_list(found)

    def _take_surroundings(self, asked: int, found: Surroundings) -> None:
        if asked == self._asked_beside:
            self._beside = found
            self._show_surroundings(found)

    def _show_surroundings(self, found: Surroundings) -> None:
        self.cards.show_figures(self._words.figures(found))
        self.idle.show_leads(found.idle, found.figures.idle)
        if not found.idle and self.idle.view.hasFocus():  # the last one was dealt with
            self.today.view.setFocus()
        beside = ((self.touch, found.touch.rows), (self.steps, found.steps.rows))
        if any(not rows and card.view.hasFocus() for card, rows in beside):
            self.today.view.setFocus()
        self.touch.show_overdue(found.touch)
        self.steps.show_steps(found.steps)
        self.recent.show_happenings(found.recent)
        self._share_out()
        self._say_empty()

    def _say_empty(self) -> None:
        allowed = self._context.allowed
        new = (lambda: self.asked.emit("new_lead")) if allowed.may(Act.CHANGE) else None
        if self._beside is not None and not self._beside.leads:
            words = tr("As soon as there are leads, this page shows which of them need you today.")
            if not allowed.rights.sees_all:
                words = tr("As soon as leads are assigned to you, this page shows which of them need you today.")
            self.today.tell_when_empty(words, "funnel", tr("New lead"), new)
        elif self.user_id is not None and len(allowed.people()) > 1:
            others = tr("Show everybody's leads") if allowed.rights.sees_all else tr("Show all leads")
            self.today.tell_when_empty(tr("Everything is done for today."), "check", others, self._show_all)
        else:
            self.today.tell_when_empty(tr("Everything is done for today."), "check", tr("New lead"), new)

    def _show_all(self) -> None:
        self._who.clear()
        self._choose()

    def _choose(self) -> None:
        self._decided = True
        self.refresh()

    def _on_change(self, change: ChangeSet) -> None:
        if not change.touched and not change.concerns(*_CONCERNING):
            return
        self.today.hear(change)
        self.idle.hear(change)
        self.touch.hear(change)
        self.steps.hear(change)
        self._ask_soon()

    def _ask_soon(self) -> None:
        """The list at once when it is seen, the figures after the last of several changes; else when it is shown."""
        self._stale = not self.isVisible()
        if not self._stale:
            self._ask_list(patient=True)
            self._settle.start()

    def look_again(self, _leads: object = None) -> None:
        """Steps were put off, or one may have come back."""
        if self.isVisible():
            self.today.leave()
            self._ask_list()
            self._settle.start()
        else:
            self._stale = True

    def _reword(self) -> None:
        """Another day, theme or setting: the words and colours of what is shown."""
        day, formats = self._context.office.store.today(), self._context.formats
        self._day.setText(f"{QLocale(formats.language).dayName(day.isoweekday())}, {formats.day(day)}")
        if self._beside is not None:
            self._show_surroundings(self._beside)

    # What is done

    def _on_selection(self, card: TodayCard | IdleCard) -> None:
        """The commands are meant for the list in which something was chosen last."""
        if card.view.hasFocus() or card is self._front:
            self._front = card
            self.selectionChanged.emit()

    def _come_to(self, card: TodayCard | IdleCard | RecordCard) -> None:
        """The commands are meant for this list from now on."""
        if card is not self._front:
            self._front = card
            self.selectionChanged.emit()

    def _ask_for(self, card: TodayCard | IdleCard, command: str) -> None:
        self._come_to(card)
        self.asked.emit(command)

    def _open_menu(self, card: TodayCard | IdleCard, at: QPoint) -> None:
        self._come_to(card)
        self.menuRequested.emit(at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list that the keyboard comes to is the one that commands are meant for."""
        if event.type() == QEvent.Type.FocusIn:
            cards = (self.today, self.idle, self.touch, self.steps)
            self._come_to(next(card for card in cards if card.view is watched))
        return super().eventFilter(watched, event)

    def _log_call(self, row: "OverdueRhythm") -> None:
        from app.ui.timeline.editing import WriteDialog

        owner = Owner("company" if row.entity is Entity.COMPANY else "person", row.id)
        WriteDialog(self._context, owner, row.name, self.window()).exec()

    def _open_happening(self, happening: Happening) -> None:
        if len(happening.lead_ids) == 1:
            self.opened.emit(happening.lead_ids[0])
            return
        from app.ui.overview.behind import figure_of_step

        self._show_behind(figure_of_step(happening))

    def _look_behind(self, key: str) -> None:
        from app.ui.overview.behind import figure_of

        self._show_behind(figure_of(key, self._context.office, self.user_id))

    def _show_behind(self, figure: "Figure") -> None:
        from app.ui.lead_table.behind import show_behind

        show_behind(self._context, figure, self.opened.emit, self)

    # Room

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and self._begun:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        direction, px, width = QBoxLayout.Direction, self._context.theme.px, self.width()
        narrow, wide = width < px(_NARROW), width >= px(_WIDE)
        self._columns.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        if narrow != (self._columns.indexOf(self.cards) >= 0):  # there is room for one thing: then the list comes first
            (self._columns.insertWidget if narrow else self._box.insertWidget)(1, self.cards)
        self._beside_it.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._columns.setStretchFactor(self.today, 1 if wide else 5)
        self._columns.setStretchFactor(self._beside_it, 1 if wide else 3)
        self._share_out()

    def _share_out(self) -> None:
        """The cards below each other have room by how much stands in them."""
        cards = (self.idle, self.touch, self.recent, self.steps)
        idle, touch, recent, steps = (1 + min(card.model.rowCount(), _TALL) for card in cards)
        self._below.setStretchFactor(self.touch, touch)
        self._below.setStretchFactor(self.steps, steps)
        self._below.setStretchFactor(self.recent, recent)
        across = self._beside_it.direction() == QBoxLayout.Direction.LeftToRight
        self._beside_it.setStretchFactor(self.idle, 1 if across else idle)
        self._beside_it.setStretchFactor(self._below, 1 if across else touch + recent + steps - 1)
