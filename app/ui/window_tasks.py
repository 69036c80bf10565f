"""What the window does with an open store: the commands, the badges, the detail panel, the status bar."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer

from app.core.changes import ChangeSet
from app.core.i18n import Text, ntr, tr
from app.core.terms import CLOSED, Entity, Status
from app.services.lead_list import ListQuery
from app.ui.commands import CONTEXT_MENU, EMPTY_MENU, EMPTY_RECORD_MENU, RECORD_MENU, TODAY_MENU
from app.ui.jobs import Job
from app.ui.lead_tasks import LeadTasks
from app.ui.palette.tasks import PaletteTasks
from app.ui.record_tasks import RecordTasks
from app.ui.side_detail import NEXT_TURN_MS, SideDetail
from app.ui.standing import Standing
from app.ui.view_tasks import ViewTasks
from app.ui.watching import begin_watch
from app.ui.way_back import WayBack
from app.ui.weekly import take_snapshot
from app.ui.widgets.tab_row import Badges

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from app.services.lead_list import LeadRow, TabCounts
    from app.services.owners import Owner
    from app.ui.context import Context
    from app.ui.detail.panel import DetailPanel
    from app.ui.main_window import MainWindow, TabSpec

_MINUTE_MS = 60_000
_SIDE_LEAST = 240
#: Of more leads than this nobody looks at the states before a command does.
_LOOKED_AT = 500
#: Commands that go well with typing into a cell; before all others that is saved.
_BESIDE_TYPING = ("copy", "select_all", "help", "shortcuts", "about")
#: Commands in which a password may have been set: that is no step of which one hears.
_ABOUT_PEOPLE = ("settings", "profile")
#: What the badges count depends on the same as this order.
_BADGES = ListQuery(sort="next_step")


class WindowTasks(QObject):
    """Carries out the commands of a window. One object per open store."""

    def __init__(self, window: "MainWindow", context: "Context", hub: Callable[[str], object]) -> None:
        """`hub` carries out what concerns the whole program (quit, restore, settings), by the command's id."""
        super().__init__(window)
        self._window = window
        self._context = context
        self._office = context.office
        self._hub = hub
        self._day = context.office.store.today()
        self._not_turned: date | None = None
        self._instead: list[int] | None = None
        self._leads = LeadTasks(window, context, self.selected, self._menu_place)
        open_lead = lambda lead_id: self._leads.open_window(lead_id, self.run_for)  # noqa: E731 - one expression
        self._records = RecordTasks(window, context, self._leads, self._show_detail, open_lead)
        self._meant = self._records.instead()
        window.show_record = self._records.open_record
        self._views = ViewTasks(window, context)
        self._beside = SideDetail(context, window.side, self._connect_panel, self)
        self._palette = PaletteTasks(window, context, self._leads)
        self._way_back = WayBack(window, context, self)
        self._commands: dict[str, Callable[[], object]] = {
            **self._leads.commands(), **self._records.commands(), **self._views.commands(), **self._palette.commands(),
            **self._way_back.commands(), "new_idea": self.new_idea, "note": self.note,
            "outbox": self.outbox, "detail": self.detail, "refresh": self.refresh, "backup": self.backup,
        }  # fmt: skip
        window.side.setMinimumWidth(_SIDE_LEAST)  # not more with larger text: what does not fit scrolls
        window.actions_["detail"].setChecked(self._remembered("detail", True))
        context.bridge.changed.connect(self._on_change)
        self._watch = begin_watch(window, context, self)
        self._standing = Standing(window, context, hub, self)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(_MINUTE_MS)
        QTimer.singleShot(NEXT_TURN_MS, self, self._go_on)

    def _go_on(self) -> None:
        """The first page is painted: what stands around it follows."""
        self._refresh_badges()
        self._standing.look()
        self._beside.load(self._on_selection)

    def _connect_panel(self, panel: "DetailPanel") -> None:
        panel.closed.connect(lambda: self._show_detail(False))
        panel.asked.connect(self.run)
        panel.left.connect(self._back_to_list)
        panel.recordAsked.connect(self._window.open_record)
        panel.offer(self._window.actions_)

    def _menu_place(self) -> QPoint | None:
        """Below the button of the panel, or of the tab, that was pressed; None when none was."""
        place = getattr(self._window.current_tab(), "menu_place", None)
        if place is not None:
            return place()  # type: ignore[no-any-return]
        return self._beside.panel.menu_place() if self._beside.made else None

    def stop(self) -> None:
        """The store is about to be closed: until another one is open the window is blank and does nothing."""
        self._window.show_record = None
        for tab in self._window.built_list_tabs():
            tab.panel.editing.give_up(self._context.dialogs.tell)
        self._way_back.stop()
        self._watch.stop()
        self._views.stop()
        self._palette.stop()
        self._clock.stop()
        self._beside.stop()
        self._context.bridge.close()
        self.remember()
        self._window.detach()
        self._leads.close_windows()
        self._records.close_windows()
        self._beside.remove()
        self.deleteLater()  # and with it the watch, the clock, and what is connected to it
        self._context.bridge.deleteLater()  # last: what comes for the others until they are gone needs its words still

    def outbox(self) -> None:
        """What waits for the team's server."""
        from app.ui.outbox import OutboxDialog

        OutboxDialog(self._context, self._open_owner, self._window).exec()

    def _open_owner(self, owner: "Owner") -> None:
        if owner.kind == "lead":
            self._leads.open_window(owner.id, self.run_for)
        else:
            self._records.open_record(Entity(owner.kind), owner.id)

    def lead_windows(self) -> "dict[int, QByteArray]":
        """The leads that have windows of their own, and where these stand."""
        from app.ui.detail.window import places

        return places(self._window)

    def open_again(self, windows: "Mapping[int, QByteArray]") -> None:
        """Give these leads their windows back."""
        for lead_id, place in windows.items():
            self._leads.open_window(lead_id, self.run_for, place)

    @property
    def records(self) -> RecordTasks:
        """What is done with companies and people."""
        return self._records

    # Tabs

    def tab_made(self, spec: "TabSpec", tab: Any) -> None:
        """A tab was built: give it its remembered columns and filters and listen to it."""
        tab.opened.connect(lambda lead_id: self._leads.open_window(lead_id, self.run_for))
        tab.asked.connect(self.run)
        if spec.key == "forecast":
            tab.recordAsked.connect(self._window.open_record)
        state = self._kept(spec.key)
        if state:
            tab.restore_state(state)
        if spec.has_list:
            self._listen_to_lists(tab)
        if not _has_selection(tab):
            return
        tab.selectionChanged.connect(self._on_selection)
        if not spec.has_leads:
            tab.offer(self._window.actions_)
            tab.recordOpened.connect(self._window.open_record)
            tab.recordAsked.connect(self._records.run_for)
            tab.menuRequested.connect(partial(self._open_menu, ids=TODAY_MENU))
            return
        tab.panel.menuRequested.connect(self._open_menu)
        tab.panel.emptyMenuRequested.connect(lambda at: self._open_menu(at, EMPTY_MENU))
        tab.panel.opened.connect(lambda _id: self.run("open"))
        tab.panel.editAsked.connect(self._edit_values)

    def _listen_to_lists(self, tab: Any) -> None:
        tab.show_panel(self._window.actions_["detail"].isChecked())
        tab.recordsChanged.connect(self._records.mark)
        tab.listAsked.connect(self._records.list_leads)
        tab.closed.connect(lambda: self._show_detail(False))
        tab.offer(self._window.actions_)
        for each in tab.lists.values():
            each.panel.menuRequested.connect(lambda at: self._open_menu(at, RECORD_MENU))
            each.panel.emptyMenuRequested.connect(lambda at: self._open_menu(at, EMPTY_RECORD_MENU))
            each.panel.opened.connect(lambda _id: self.run("open"))

    def tab_shown(self, spec: "TabSpec", tab: Any) -> None:
        """A tab came to the front: the panel stands beside lists of leads, and some commands are meant for them."""
        self._window.actions_.enable({"list": spec.has_leads, "lists": spec.has_leads or spec.has_list, "table": True})
        self._views.mark_board()
        self._show_detail(self._window.actions_["detail"].isChecked())

    def remember(self) -> None:
        """Keep columns, order and filters of every tab that was shown."""
        for key, tab in self._window.built_tabs().items():
            self._window.memory.setValue(f"tab/{key}", json.dumps(tab.save_state()))
        self._window.memory.setValue("window/detail", self._window.actions_["detail"].isChecked())

    def _kept(self, key: str) -> dict[str, Any]:
        """What was remembered of a tab; nothing where it cannot be read."""
        try:
            state = json.loads(str(self._window.memory.value(f"tab/{key}", "")))
        except (ValueError, RecursionError):
            return {}
        return state if isinstance(state, dict) else {}

    def _remembered(self, key: str, default: bool) -> bool:
        return bool(self._window.memory.value(f"window/{key}", default, type=bool))

    # Selection

    @property
    def context(self) -> "Context":
        """What this window works with."""
        return self._context

    def run_for(self, id_: str, lead_id: int) -> None:
        """Carry out a command for one lead, whatever is chosen in the list."""
        self._instead = [lead_id]
        try:
            self.run(id_)
        finally:
            self._instead = None

    def selected(self) -> list[int]:
        """The leads chosen in the tab in front."""
        if self._instead is not None:
            return self._instead
        tab = self._window.current_tab()
        return list(tab.selected_ids()) if _has_selection(tab) else []

    def _on_selection(self) -> None:
        ids = self.selected()
        self._enable(self._office.lists.rows(ids[:_LOOKED_AT]))
        self._records.mark()
        if self._beside.made:
            seen = self._window.actions_["detail"].isChecked() and self._window.lead_tab() is not None
            self._beside.panel.show_leads(ids if seen else ())  # where nobody sees it there is nothing to keep right

    def _enable(self, rows: "list[LeadRow]") -> None:
        states = {row.status for row in rows}
        some = bool(rows)
        self._window.actions_.enable(
            {
                "leads": some,
                "chosen": some,
                "ideas": states == {Status.POTENTIAL},
                "active": states == {Status.ACTIVE},
                "open": some and states <= {Status.POTENTIAL, Status.ACTIVE},
                "closed": some and states <= set(CLOSED),
            }
        )

    def _open_menu(self, at: QPoint, ids: Sequence[str] = CONTEXT_MENU) -> None:
        menu = self._window.actions_.menu(ids, self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # What happened

    def _on_change(self, change: ChangeSet) -> None:
        own = change.actor_id == self._office.store.actor_id
        self._way_back.hear(change, own=own)
        self._window.status.say(self._context.wording.happened(change), undo=own and change.kind != "undo")
        if _BADGES.reordered_by(change):  # leads came, went or have another state
            self._refresh_badges()
            self._enable(self._office.lists.rows(self.selected()[:_LOOKED_AT]))
        if change.concerns("company", "person"):
            self._refresh_badges()
            self._records.mark()
        if change.everything:  # an import makes a backup first
            self.show_facts()

    def _refresh_badges(self) -> None:
        """Count anew, in a thread: of many leads that takes longer than a repaint."""
        office = self._office
        work = lambda _progress: (office.lists.counts(), office.company_list.live())  # noqa: E731
        job = Job(Text("Counting"), work, self._show_badges, quiet=True, patient=True, owner=self)
        self._context.jobs.start(job)

    def _show_badges(self, found: "tuple[TabCounts, int]") -> None:
        counts, companies = found
        number = self._context.formats.number
        alarm = number(counts.overdue) if counts.overdue else ""
        spoken = ntr("{n} overdue", "{n} overdue", counts.overdue) if counts.overdue else ""
        self._window.set_badges("potential", Badges(number(counts.potential)))
        self._window.set_badges("leads", Badges(number(counts.active), alarm, spoken))
        self._window.set_badges("customers", Badges(number(companies)))
        self._window.set_badges("closed", Badges(number(counts.closed)))

    def show_facts(self) -> None:
        """Last backup and where the data are, at the right of the status bar; of a team's its line tells."""
        if self._office.store.shared:
            self._window.status.show_facts()
            return
        last = self._office.backups.last()
        backup = tr("No backup yet")
        if last is not None:
            moment = self._context.formats.instant(last.at, self._office.store.zone)
            backup = tr("Last backup: {moment}", moment=moment)
        self._window.status.show_facts(backup, tr("Local"))

    def _tick(self) -> None:
        today = self._office.store.today()
        if today == self._day:
            return

        def turned(_changed: int) -> None:
            self._day = today
            self._context.allowed.look()  # who stands in for whom is said by the day
            self._context.wording.refresh()
            self._refresh_badges()
            take_snapshot(self._context, self)
            for tab in self._window.built_tabs().values():
                tab.turn_of_day()
            self._standing.turn_of_day()

        def failed(error: BaseException) -> None:
            known, self._not_turned = self._not_turned, today
            if known != today:  # it is tried again every minute, and told once
                raise error

        title = Text("A new day begins")
        work = lambda _progress: self._office.rates.turn_of_day()  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(title, work, turned, failed, quiet=True, writes=True, owner=self))

    # Commands

    def run(self, id_: str) -> None:
        """Carry out a command by its id; what is being typed into a cell is saved before."""
        if id_ not in _BESIDE_TYPING and not self._saved_typing():
            return
        meant = self._meant if self._instead is None and self._records.tab is not None else {}
        own = meant.get(id_) or self._commands.get(id_)
        if own is not None:
            own()
        else:
            self._hub(id_)
            if id_ in _ABOUT_PEOPLE:
                self._standing.look()

    def _saved_typing(self) -> bool:
        tab = self._window.list_tab()
        return tab is None or tab.panel.editing.hold()

    def new_idea(self) -> None:
        """The line for a new idea."""
        self._window.go_to("potential").focus_entry()

    def note(self) -> None:
        """Write a note in the detail panel, which stands beside a list."""
        if self._window.lead_tab() is None:
            self._leads.go_to(self.selected()[0])
        self._show_detail(True)
        self._beside.panel.focus_note()

    def detail(self) -> None:
        """Show or hide the detail panel."""
        self._show_detail(self._window.actions_["detail"].isChecked())

    def _show_detail(self, shown: bool) -> None:
        """Keep whether the panel is wanted; it is seen beside a list alone."""
        self._window.actions_["detail"].setChecked(shown)
        self._window.side.setVisible(shown and self._window.lead_tab() is not None)
        if (customers := self._records.tab) is not None:
            customers.show_panel(shown)
        self._on_selection()

    def _edit_values(self) -> None:
        self._show_detail(True)
        self._beside.panel.focus_values()

    def _back_to_list(self) -> None:
        tab = self._window.lead_tab()
        if tab is not None:
            tab.front.setFocus()

    def refresh(self) -> None:
        """Ask for everything anew."""
        tab = self._window.current_tab()
        if tab is not None:
            tab.refresh()

    def backup(self) -> None:
        """A verified copy, now."""
        from app.services.backup import Reason

        def done(path: Any) -> None:
            self.show_facts()
            self._window.status.say(Text("Backed up as {name}", name=path.name))

        work = lambda _progress: self._office.backups.make(Reason.MANUAL)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Backing up"), work, done, writes=True, owner=self))


def _has_selection(tab: Any) -> bool:
    """Whether leads can be chosen on a tab: in a list, or on the overview."""
    return hasattr(tab, "selected_ids")
