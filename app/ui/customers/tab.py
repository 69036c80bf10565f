"""Companies and people, one list at a time; the switch at the head says which."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.core.roles import Act
from app.core.terms import Entity
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.customers.lists import CompaniesList, PeopleList
from app.ui.customers.panel import CustomerPanel
from app.ui.record_table.panel import RecordPanel
from app.ui.record_table.tab import RecordTab
from app.ui.tables.staying import StayInSight
from app.ui.widgets.button import Button
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context
    from app.ui.record_table.group_chip import GroupChip
    from app.ui.record_table.instead import Instead
    from app.ui.record_table.views_chip import ViewsChip
    from app.ui.tables.view import TableView

#: How wide the panel is, and what the list needs beside it; with large text the list needs room too.
_SIDE, _LIST_LEAST = 340, 640
_SIDE_SHARE = 0.38


class CustomersTab(QWidget):
    """The tab *Kunden*. `recordsChanged` after other records were chosen, or the other list came to the front."""

    recordsChanged = Signal()
    asked = Signal(str)  # for a command of the window
    opened = Signal(object)  # the id of a lead
    listAsked = Signal(object, object, object)  # entity, id, state: the list of the leads of a record
    closed = Signal()  # the panel is to be hidden

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self.context = context
        self._wanted = True
        self._offered: Actions | None = None
        self._lists: dict[Entity, RecordTab] = {
            Entity.COMPANY: CompaniesList(context),
            Entity.PERSON: PeopleList(context),
        }
        self.entity = Entity.COMPANY
        self._stack = QStackedWidget()
        self._switches: dict[Entity, Switch] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._stack)
        self._panels: dict[Entity, CustomerPanel] = {}
        self._side = QStackedWidget()
        self._side.hide()
        self._splitter.addWidget(self._side)
        self._stack.lower()  # a splitter puts what comes later before it, and Tab would go there first
        self._splitter.setStretchFactor(0, 1)
        box.addWidget(self._splitter)
        for entity, each in self._lists.items():
            self._stack.addWidget(each)
            each.show_head(False)  # an empty one would take the room of its spacing
            each.selectionChanged.connect(self.recordsChanged)
            each.selectionChanged.connect(self._follow)
            each.asked.connect(self.asked)
            StayInSight(each.panel.view)  # the panel beside it takes room of its chips, these then of the rows
            self._add_switch(entity, each)

    def _add_switch(self, entity: Entity, tab: RecordTab) -> None:
        """Each list has the switch in its own line of chips, so that it stands where the eye is."""
        choices = [(str(Entity.COMPANY), tr("Companies")), (str(Entity.PERSON), tr("People"))]
        switch = self._switches[entity] = Switch(self.context.theme, choices, tr("Customers"))
        switch.choose(str(entity))
        switch.chosen.connect(lambda key: self.show_list(Entity(key)))
        tab.panel.bar.insert_widget(0, switch)
        switch.lower()  # Tab comes to it before the filter, as it stands
        command, label = ("new_company", tr("New company")) if entity is Entity.COMPANY else (
            "new_person", tr("New person")
        )  # fmt: skip
        new = Button(self.context.theme, label, icon="plus", small=True)
        new.clicked.connect(lambda: self.asked.emit(command))
        new.setToolTip(label)
        new.say_shortly("")
        self.context.allowed.keep(Act.CHANGE, new)
        tab.panel.bar.addWidget(new)
        tab.panel.bar.let_yield(new, new.least_width, 3)
        tab.panel.bar.setAlignment(new, Qt.AlignmentFlag.AlignRight)

    def show_list(self, entity: Entity) -> RecordTab:
        """Bring the companies or the people to the front."""
        if self.entity is not entity:
            self.shown.panel.editing.settle()
            self.entity = entity
            self._stack.setCurrentWidget(self.shown)
            self.shown.activate()
            self._follow()
            self.recordsChanged.emit()
        for each, switch in self._switches.items():
            switch.choose(str(each))
        return self.shown

    def _follow(self) -> None:
        """Show what is known of the record chosen; the panel is made when there is something to show in it."""
        ids = self.record_ids()
        panel = self._panels.get(self.entity)
        if panel is None and ids and self._wanted:
            panel = self._panels[self.entity] = self._make_panel()
        if panel is not None:
            panel.show_records(ids if self._wanted else ())  # where nobody sees it there is nothing to keep right
            self._side.setCurrentWidget(panel)
        self._make_room()

    def _make_panel(self) -> CustomerPanel:
        panel = CustomerPanel(self.context, self.entity)
        panel.asked.connect(self.asked)
        panel.opened.connect(self.opened)
        panel.recordOpened.connect(self.go_to)
        panel.listAsked.connect(self.listAsked)
        panel.closed.connect(self.closed)
        panel.left.connect(self._back_to_list)
        if self._offered is not None:
            panel.offer(self._offered)
        self._side.addWidget(panel)
        return panel

    def _back_to_list(self) -> None:
        self.front.setFocus()

    def offer(self, actions: "Actions") -> None:
        """The commands that are offered for several records."""
        self._offered = actions

    def show_panel(self, wanted: bool) -> None:
        """Show or hide the panel beside the lists."""
        if self._wanted != wanted:
            self._wanted = wanted
            self._follow()

    @property
    def detail(self) -> CustomerPanel | None:
        """The panel of the list in front; None before there was anything to show in it."""
        return self._panels.get(self.entity)

    def menu_place(self) -> QPoint | None:
        """Below the button of the panel that was pressed; None when none was."""
        return None if self.detail is None else self.detail.menu_place()

    def _make_room(self) -> None:
        """The panel stands beside the list where both have room."""
        fits = self._wanted and self.width() >= _LIST_LEAST + _SIDE and self.entity in self._panels
        if fits and self._side.isHidden():
            side = min(self.context.theme.px(_SIDE), round(self.width() * _SIDE_SHARE))
            self._splitter.setSizes([self.width() - side, side])
        self._side.setVisible(fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def go_to(self, entity: Entity, record_id: int) -> None:
        """Select a company or person, in the archive too."""
        tab = self.show_list(entity)
        panel = tab.panel
        row = next(iter(panel.kind.lists(self.context).rows([record_id])), None)
        if row is not None and row.archived and record_id not in panel.model.ids:
            panel.ask(filter=Condition(f"{entity}.archived", Op.YES))
        panel.go_to(record_id)

    @property
    def shown(self) -> RecordTab:
        """The list in front."""
        return self._lists[self.entity]

    @property
    def lists(self) -> Mapping[Entity, RecordTab]:
        """Both of them."""
        return self._lists

    def record_ids(self) -> list[int]:
        """The records chosen in the list in front."""
        return self.shown.selected_ids()

    # What the window asks of a tab with a list

    @property
    def panel(self) -> "RecordPanel[Any]":
        """The list in front, with all that stands around it."""
        return self.shown.panel

    @property
    def views(self) -> "ViewsChip":
        """The views of the list in front."""
        return self.shown.views

    @property
    def group_chip(self) -> "GroupChip":
        """By what the list in front is grouped."""
        return self.shown.group_chip

    @property
    def front(self) -> "Instead | TableView":
        """What shows the records."""
        return self.shown.front

    def focus_filter(self) -> None:
        """Let the user type what to look for."""
        self.shown.focus_filter()

    def edit_filter(self) -> None:
        """Put a filter together in the editor."""
        self.shown.edit_filter()

    def activate(self) -> None:
        """The tab comes to the front."""
        self.shown.activate()

    def refresh(self) -> None:
        """Ask for everything anew."""
        self.shown.refresh()

    def turn_of_day(self) -> None:
        """A new day: other birthdays, other rhythms."""
        for each in self._lists.values():
            if each is self.shown or len(each.panel.model.ids):
                each.turn_of_day()

    def save_state(self) -> dict[str, Any]:
        """What is remembered of both lists, and which was in front."""
        kept: dict[str, Any] = {str(entity): each.save_state() for entity, each in self._lists.items()}
        return {**kept, "shown": str(self.entity)}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save_state`."""
        for entity, each in self._lists.items():
            kept = state.get(str(entity))
            if isinstance(kept, dict):
                each.restore_state(kept)
        if state.get("shown") == str(Entity.PERSON):
            self.entity = Entity.PERSON
            self._stack.setCurrentWidget(self.shown)
