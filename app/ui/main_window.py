"""The window: menus, tabs, the list in front, the detail panel beside it, the status bar.

Its frame is built and painted before the store is open, so nothing here may import the services; `attach` hands over
the context, and each tab is built when it is first shown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.i18n import N_, tr
from app.core.settings import SHORTCUTS
from app.core.terms import Entity
from app.ui import key_map
from app.ui.actions import SEPARATOR, Actions
from app.ui.commands import COMMANDS
from app.ui.forms.dialog import TITLE_BAR
from app.ui.keys import takes_away
from app.ui.status_bar import StatusBar
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.focus import move_focus
from app.ui.widgets.tab_row import Badges, TabRow
from app.ui.widgets.top_bar import SearchField, TopBar

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.lead_table.lists import LeadTab
    from app.ui.widgets.toast import Toast


@dataclass(frozen=True)
class TabSpec:
    """A tab: its label and the class that is built when it is first shown; `has_leads` if it is a list of leads,
    `has_list` if it is one of other records.
    """

    key: str
    label: str
    module: str
    name: str
    has_leads: bool = True
    has_list: bool = False


TABS = (
    TabSpec("overview", N_("Overview"), "app.ui.overview.tab", "OverviewTab", has_leads=False),
    TabSpec("potential", N_("Contact potential"), "app.ui.potential.tab", "PotentialTab"),
    TabSpec("leads", N_("Leads"), "app.ui.leads.tab", "LeadsTab"),
    TabSpec("closed", N_("Closed"), "app.ui.closed.tab", "ClosedTab"),
    TabSpec("customers", N_("Customers"), "app.ui.customers.tab", "CustomersTab", has_leads=False, has_list=True),
    TabSpec("forecast", N_("Forecast"), "app.ui.forecast.tab", "ForecastTab", has_leads=False),
)
#: What is in front at the first start, and where there are no leads yet.
_FIRST, _WITHOUT_LEADS = "overview", "leads"
_FIRST_SIZE = (1440, 860)
_UNSEEN_MS = 400
_SIDE = 340  # before scaling
_WIDTH = re.compile("[0-9]{1,5}")
#: The largest share of the window that the detail panel takes by itself: with large text the list needs room too.
_SIDE_SHARE = 0.38
#: What commands need that only an open store has.
_NEEDS = (
    "lists", "list", "table", "rows", "chosen", "present", "archived", "customers", "companies",
    "person", "one", "several", "leads", "ideas", "active", "open", "closed", "undo", "redo", "colleagues", "password",
    "team",
)  # fmt: skip


class Tasks(Protocol):
    """Whoever carries out the commands of a window with an open store."""

    def run(self, id_: str) -> None:
        """Carry out a command."""

    def run_for(self, id_: str, lead_id: int) -> None:
        """Carry out a command for one lead, whatever is chosen."""

    def tab_made(self, spec: TabSpec, tab: Any) -> None:
        """A tab was built."""

    def tab_shown(self, spec: TabSpec, tab: Any) -> None:
        """A tab came to the front."""


class MainWindow(QMainWindow):
    """The window. `closing` comes before it closes."""

    closing = Signal()
    painted = Signal()  # once: the frame is there

    def __init__(self, theme: Theme, memory: QSettings) -> None:
        super().__init__()
        self.theme = theme
        self.memory = memory
        self._tabs: dict[str, QWidget] = {}
        self._leaving: list[QWidget] = []  # until Qt deleted them: a collection on another thread must not do that
        self._tasks: Tasks | None = None
        self._toast: Toast | None = None
        self._unheard: Callable[[], None] = lambda: None
        self._undecided = False  # nobody was ever at a tab
        self._was_painted = False
        #: Asked when it is closed: True hides it, None leaves it as it is, False lets it go.
        self.stays: Callable[[], bool | None] = lambda: False
        self.setWindowTitle("Trichter")
        self.setObjectName("main")
        tabs = {f"tab:{spec.key}": partial(self._go, spec.key) for spec in TABS}
        self.actions_ = Actions(COMMANDS, self, {spec.id: self._runner(spec.id) for spec in COMMANDS} | tabs)
        self.actions_.enable(dict.fromkeys(_NEEDS, False))
        self.actions_.refused.connect(self.tell_error)
        self.tab_row = TabRow(theme)
        self.stack = QStackedWidget()
        self.side = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.status = StatusBar(theme)
        self._build()
        self._restore()

        #: Shows a company or person of that id; the tab that has them sets it.
        self.show_record: Callable[[Entity, int], object] | None = None

    def _build(self) -> None:
        self.actions_.fill(self.menuBar())
        for spec in TABS:
            self.tab_row.addTab(tr(spec.label))
            self.stack.addWidget(QWidget())
        self.tab_row.currentChanged.connect(self._show)
        self.status.who.setMenu(self.actions_.menu(("profile", SEPARATOR, "switch_user", "lock"), self))
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(self.side)
        self.stack.lower()  # a splitter puts what comes later before it, and Tab would go there first
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._top_bar())
        box.addWidget(self.splitter, 1)
        box.addWidget(self.status)
        self.setCentralWidget(body)

    def _top_bar(self) -> QWidget:
        search = SearchField(self.theme)
        search.clicked.connect(self.actions_["palette"].trigger)
        self.actions_["palette"].changed.connect(lambda: search.show_keys(self.actions_.keys("palette")))
        search.show_keys(self.actions_.keys("palette"))
        new = Button(self.theme, tr("New lead"), ButtonKind.PRIMARY, icon="plus")
        new.clicked.connect(self.actions_["new_lead"].trigger)
        self.actions_.follow("new_lead", new)
        return TopBar(self.theme, self.tab_row, search, new)

    def _runner(self, id_: str) -> Callable[[], object]:
        def run() -> None:
            if self._tasks is not None:
                self._tasks.run(id_)

        return run

    def _use_keys(self, kept: str) -> None:
        self.actions_.use_keys(key_map.read(kept, self.actions_.specs))

    def _go(self, key: str) -> None:
        self.tab_row.setCurrentIndex(_index(key))

    # With a store

    def attach(self, context: "Context", tasks: Tasks) -> None:
        """The store is open: show the tab in front. After `detach` another one may come."""
        self._context = context
        self._tasks = tasks
        self._permit()
        context.allowed.changed.connect(self._permit)
        self._forget_left()
        self._use_keys(context.settings[SHORTCUTS])
        self._unheard = context.settings.listen(SHORTCUTS, self._use_keys)
        if self._undecided:
            self._undecided = False
            if context.office.lists.is_empty():
                self._go(_WITHOUT_LEADS)
        self._show(self.tab_row.currentIndex())

    def detach(self) -> None:
        """The store is about to be closed: nothing is left that could ask it for anything."""
        self._tasks = None
        self._unheard()
        self._context.allowed.changed.disconnect(self._permit)
        self.actions_.permit(lambda _act: "")
        self.actions_.enable(dict.fromkeys(_NEEDS, False))
        for id_ in ("undo", "redo"):  # it may be somebody else who comes next
            self.actions_.reword(id_, "")
            self.actions_.refuse(id_, "")
        self.status.offer_undo("")
        self.status.clear()
        self.status.show_who("")
        if self._toast is not None:
            self._toast.hide()
        self.stack.hide()  # else every tab would be shown in turn when the one before it goes
        for position, spec in enumerate(TABS):
            self.set_badges(spec.key, Badges())
            self._put(position, QWidget())
        self.stack.show()
        self._tabs.clear()

    def _permit(self) -> None:
        """The commands the person at work may not give are disabled, with the reason."""
        self.actions_.permit(self._context.allowed.why_not)

    @property
    def attached(self) -> bool:
        """Whether a store is open."""
        return self._tasks is not None

    def run_for(self, id_: str, lead_id: int) -> None:
        """Carry out a command for one lead, whatever is chosen in the list."""
        if self._tasks is not None:
            self._tasks.run_for(id_, lead_id)

    @property
    def front(self) -> TabSpec:
        """The tab in front, whether it was built already or not."""
        return TABS[self.tab_row.currentIndex()]

    def current_tab(self) -> Any:
        """The tab in front; None before there is a store."""
        return self._tabs.get(TABS[self.tab_row.currentIndex()].key)

    def lead_tab(self) -> "LeadTab | None":
        """The tab in front if it is a list of leads; None before there is a store."""
        return self.current_tab() if self.front.has_leads else None

    def list_tab(self) -> Any:
        """The tab in front if it is a list of any records; None before there is a store."""
        return self.current_tab() if self.front.has_leads or self.front.has_list else None

    def built_list_tabs(self) -> "list[Any]":
        """The lists that were shown already, each with its `panel`."""
        customers = self._tabs.get("customers")
        others = [] if customers is None else list(customers.lists.values())  # type: ignore[attr-defined]
        return [*self.built_lead_tabs(), *others]

    def built_lead_tabs(self) -> "list[LeadTab]":
        """The lists of leads that were shown already."""
        return [self._tabs[spec.key] for spec in TABS if spec.has_leads and spec.key in self._tabs]  # type: ignore[misc]

    def built_tabs(self) -> Mapping[str, Any]:
        """The tabs that were shown already, by key."""
        return self._tabs

    def go_to(self, key: str) -> Any:
        """Bring a tab to the front and return it."""
        self.tab_row.setCurrentIndex(_index(key))
        return self._tabs[key]

    def open_record(self, entity: Entity, record_id: int) -> bool:
        """Show a company or person; whether there is a tab that can (which says so by `show_record`)."""
        if self.show_record is None:
            return False
        self.show_record(entity, record_id)
        return True

    def go_to_today(self) -> None:
        """Bring what is due today to the front."""
        self.go_to("overview")

    def set_badges(self, key: str, badges: Badges) -> None:
        """Counts beside a tab's label."""
        self.tab_row.set_badges(_index(key), badges)

    def tell(self, words: str) -> None:
        """Say something in a sentence that may be missed at the bottom."""
        self._tell(words, error=False)

    def tell_error(self, words: str) -> None:
        """Say in a sentence why something was not done."""
        self._tell(words, error=True)

    def _tell(self, words: str, *, error: bool) -> None:
        from app.ui.widgets.toast import Toast

        if self._toast is None:
            self._toast = Toast(self.theme, self)
        self._toast.tell(words, error=error)

    def _show(self, position: int) -> None:
        if self._toast is not None:  # before anything is said of what one leaves
            self._toast.hide()
        spec = TABS[position]
        if self._tasks is None:
            return
        if spec.key not in self._tabs:
            self._tabs[spec.key] = self._make(spec, position)
        self.stack.setCurrentIndex(position)
        tab = self._tabs[spec.key]
        tab.activate()  # type: ignore[attr-defined]
        self._tasks.tab_shown(spec, tab)

    def _make(self, spec: TabSpec, position: int) -> QWidget:
        made: QWidget = getattr(import_module(spec.module), spec.name)(self._context)
        self._put(position, made)
        assert self._tasks is not None
        self._tasks.tab_made(spec, made)
        return made

    def _put(self, position: int, widget: QWidget) -> None:
        old = self.stack.widget(position)
        if old is not None:
            self.stack.removeWidget(old)
            old.hide()
            old.setParent(None)  # else Python holds on to what was in a stack, and with it to window and store
            old.deleteLater()
            self._leaving.append(old)
        self.stack.insertWidget(position, widget)

    def _forget_left(self) -> None:
        """What was taken out of the stack is gone before anything new hears of anything."""
        for widget in filter(isValid, self._leaving):
            QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)
        self._leaving.clear()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through what is seen, from top to bottom. From a button that went while one was on it, to the list."""
        focused = self.focusWidget()
        if isinstance(focused, Button) and not (focused.isVisible() and focused.isEnabled()):
            tab = self.current_tab()
            if tab is not None and tab.front.isVisible():
                tab.front.setFocus()
                return True
        return move_focus(self, forward)

    def event(self, event: QEvent) -> bool:
        """Delete is for the rows or cards one is in. At a value, a chip or a button it must not delete the lead."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and takes_away(event)
            and not isinstance(self.focusWidget(), QAbstractItemView)
        ):
            event.accept()
            return True
        return super().event(event)

    # What is remembered

    def _restore(self) -> None:
        geometry, side = self.memory.value("window/geometry"), self.memory.value("window/side")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(QSize(*_FIRST_SIZE).boundedTo(self.screen().availableSize() - QSize(0, TITLE_BAR)))
        self._side = int(side) if _WIDTH.fullmatch(str(side)) else _SIDE
        self._scale = self.theme.scale
        self.splitter.splitterMoved.connect(self._keep_side)
        self.theme.changed.connect(self._rescale)
        front = str(self.memory.value("window/tab", _FIRST))
        self._undecided = not self.memory.contains("window/tab")
        self.tab_row.setCurrentIndex(_index(front if front in {spec.key for spec in TABS} else _FIRST))

    def _split(self) -> None:
        """Give the detail panel the room it wants, as far as the list can do without."""
        share = round(self.width() * _SIDE_SHARE)
        # what somebody chose may be more, but where it was chosen the window may have been far wider
        most = share if self._side == _SIDE else min(max(share, self._side), self.width() - share)
        side = min(self.theme.px(self._side), most)
        self.splitter.setSizes([self.width() - side, side])

    def _rescale(self) -> None:
        """Text of another size: the panel grows with what is in it."""
        before, self._scale = self._scale, self.theme.scale
        if before != self._scale:
            self._split()

    def _keep_side(self) -> None:
        """Somebody moved the edge of the panel."""
        self._side = round(self.side.width() * 100 / self.theme.scale)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._split()  # not before: by then the window has its size
        QTimer.singleShot(_UNSEEN_MS, self, self._tell_painted)  # started minimised: nothing is painted

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            QTimer.singleShot(0, self, self._tell_painted)

    def _tell_painted(self) -> None:
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def begin_hidden(self) -> None:
        """Instead of being shown: all goes on as if it had been painted."""
        QTimer.singleShot(0, self, self._tell_painted)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.memory.setValue("window/geometry", self.saveGeometry())
        self.memory.setValue("window/side", self._side)
        self.memory.setValue("window/tab", TABS[self.tab_row.currentIndex()].key)
        stays = self.stays()
        if stays is False:
            self.closing.emit()
            super().closeEvent(event)
            return
        event.ignore()
        if stays:
            self.hide()


def _index(key: str) -> int:
    return next(i for i, spec in enumerate(TABS) if spec.key == key)
