"""What the window does with an open store: the commands, the badges, the detail panel, the status bar."""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence

from app.core.changes import ChangeSet
from app.core.i18n import Text, ntr, tr
from app.core.terms import CLOSED, Status
from app.services.leads import NextStep
from app.ui.bridge import Watch
from app.ui.commands import CONTEXT_MENU
from app.ui.detail.panel import DetailPanel
from app.ui.jobs import Job
from app.ui.lead_table.tab import LeadTab
from app.ui.widgets.tab_row import Badges

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow
    from app.ui.context import Context
    from app.ui.main_window import MainWindow, TabSpec

_MINUTE_MS = 60_000


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
        self._instead: list[int] | None = None
        self._panel = DetailPanel(context)
        self._panel.closed.connect(lambda: self._show_detail(False))
        self._panel.asked.connect(self.run)
        window.side.addWidget(self._panel)
        window.side.setMinimumWidth(context.theme.px(300))
        window.actions_["detail"].setChecked(self._remembered("detail", True))
        window.status.undone.connect(self.undo)
        context.bridge.changed.connect(self._on_change)
        self._watch = Watch(self._office.store.watch, parent=self)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(_MINUTE_MS)
        self._refresh_badges()

    def stop(self) -> None:
        """The store is about to be closed."""
        self._watch.stop()
        self._clock.stop()
        self._context.bridge.close()
        self.remember()
        self._window.side.removeWidget(self._panel)
        self._panel.deleteLater()

    # Tabs

    def tab_made(self, spec: "TabSpec", tab: Any) -> None:
        """A tab was built: give it its remembered columns and listen to it."""
        if not isinstance(tab, LeadTab):
            tab.opened.connect(self._open_window)
            return
        state = self._window.memory.value(f"tab/{spec.key}", "")
        if state:
            tab.restore_state(json.loads(str(state)))
        tab.selectionChanged.connect(self._on_selection)
        tab.asked.connect(self.run)
        tab.panel.menuRequested.connect(self._open_menu)
        tab.panel.opened.connect(lambda _id: self.run("open"))

    def tab_shown(self, spec: "TabSpec", tab: Any) -> None:
        """A tab came to the front."""
        self._window.side.setVisible(isinstance(tab, LeadTab) and self._window.actions_["detail"].isChecked())
        self._on_selection()

    def remember(self) -> None:
        """Keep columns and order of every tab that was shown."""
        for key, tab in self._window.built_tabs().items():
            if isinstance(tab, LeadTab):
                self._window.memory.setValue(f"tab/{key}", json.dumps(tab.save_state()))
        self._window.memory.setValue("window/detail", self._window.actions_["detail"].isChecked())

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
        return tab.selected_ids() if isinstance(tab, LeadTab) else []

    def _on_selection(self) -> None:
        ids = self.selected()
        rows = self._office.lists.rows(ids[:500])
        self._enable(rows)
        if self._window.actions_["detail"].isChecked():
            self._panel.show_leads(ids)

    def _enable(self, rows: "list[LeadRow]") -> None:
        states = {row.status for row in rows}
        some = bool(rows)
        self._window.actions_.enable(
            {
                "leads": some,
                "ideas": states == {Status.POTENTIAL},
                "active": states == {Status.ACTIVE},
                "open": some and states <= {Status.POTENTIAL, Status.ACTIVE},
                "closed": some and states <= set(CLOSED),
            }
        )

    def _open_menu(self, at: QPoint) -> None:
        menu = self._window.actions_.menu(CONTEXT_MENU, self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # What happened

    def _on_change(self, change: ChangeSet) -> None:
        words = {
            "do": str(change.label),
            "undo": tr("Undone: {what}", what=change.label),
            "redo": tr("Done again: {what}", what=change.label),
        }[change.kind]
        own = change.actor_id == self._office.store.actor_id
        shortcut = QKeySequence("Ctrl+Z").toString(QKeySequence.SequenceFormat.NativeText)
        self._window.status.say(words, undo=shortcut if own and change.kind != "undo" else "")
        self._refresh_badges()
        self._on_selection()

    def _refresh_badges(self) -> None:
        counts = self._office.lists.counts()
        number = self._context.formats.number
        alarm = number(counts.overdue) if counts.overdue else ""
        spoken = ntr("{n} overdue", "{n} overdue", counts.overdue) if counts.overdue else ""
        self._window.set_badges("potential", Badges(number(counts.potential)))
        self._window.set_badges("leads", Badges(number(counts.active), alarm, spoken))
        self._window.set_badges("closed", Badges(number(counts.closed)))
        history = self._office.history
        self._window.actions_.enable({"undo": history.next_undo() is not None, "redo": history.next_redo() is not None})

    def show_facts(self) -> None:
        """Last backup and where the data are, at the right of the status bar."""
        last = self._office.backups.last()
        backup = tr("No backup yet")
        if last is not None:
            moment = self._context.formats.instant(last.at, self._office.store.zone)
            backup = tr("Last backup: {moment}", moment=moment)
        self._window.status.show_facts(backup, tr("Local"))

    def _tick(self) -> None:
        today = self._office.store.today()
        if today != self._day:
            self._day = today
            self._office.rates.turn_of_day()
            self._refresh_badges()
            for tab in self._window.built_tabs().values():
                tab.turn_of_day()

    # Commands

    def run(self, id_: str) -> None:
        """Carry out a command by its id."""
        own = getattr(self, id_, None)
        if own is not None:
            own()
        else:
            self._hub(id_)

    def undo(self) -> None:
        """Take the last step back."""
        self._context.do(self._office.history.undo)

    def redo(self) -> None:
        """Bring it again."""
        self._context.do(self._office.history.redo)

    def new_lead(self) -> None:
        """The form for a new lead."""
        from app.ui.lead_form.dialog import new_lead

        lead_id = new_lead(self._context, self._window)
        if lead_id is not None:
            self._go_to(lead_id)

    def _go_to(self, lead_id: int) -> None:
        """Show a lead in the list it belongs to."""
        row = next(iter(self._office.lists.rows([lead_id])), None)
        if row is not None:
            key = {Status.POTENTIAL: "potential", Status.ACTIVE: "leads"}.get(row.status, "closed")
            self._window.go_to(key).panel.go_to(lead_id)

    def new_idea(self) -> None:
        """The line for a new idea."""
        self._window.go_to("potential").focus_entry()

    def filter(self) -> None:
        """The filter line of the list in front."""
        tab = self._window.current_tab()
        if isinstance(tab, LeadTab):
            tab.focus_filter()

    def open(self) -> None:
        """The first chosen lead in a window of its own."""
        for lead_id in self.selected()[:1]:
            self._open_window(lead_id)

    def _open_window(self, lead_id: int) -> None:
        from app.ui.detail.window import show_lead

        show_lead(self._context, lead_id, self.run_for, self._window)

    def edit(self) -> None:
        """The form for the first chosen lead."""
        from app.ui.lead_form.dialog import edit_lead

        for lead_id in self.selected()[:1]:
            self._context.do(partial(edit_lead, self._context, lead_id, self._window))

    def activate(self) -> None:
        """Turn the chosen ideas into active leads."""
        ids = self.selected()
        if self._context.do(lambda: self._office.leads.activate(ids)):
            self._go_to(ids[0])

    def deactivate(self) -> None:
        """Back to the ideas."""
        ids = self.selected()
        self._context.do(lambda: self._office.leads.deactivate(ids))

    def next_step(self) -> None:
        """Ask for the next step of the chosen leads."""
        from app.ui.steps.dialog import ask_step

        ids = self.selected()
        step = ask_step(self._context, ids, self._window)
        if step is not None:
            self._context.do(lambda: self._office.leads.set_next_step(ids, step))

    def finish_step(self) -> None:
        """Tick the step off, and ask for the one after it."""
        from app.ui.steps.dialog import ask_step

        ids = self.selected()
        if not self._context.do(lambda: self._office.leads.finish_step(ids)):
            return
        step: NextStep | None = ask_step(self._context, ids, self._window, fresh=True)
        if step is not None:
            self._context.do(lambda: self._office.leads.set_next_step(ids, step))

    def note(self) -> None:
        """Write a note in the detail panel."""
        self._show_detail(True)
        self._panel.focus_note()

    def won(self) -> None:
        """Close as won."""
        self._close(Status.WON)

    def lost(self) -> None:
        """Close as lost."""
        self._close(Status.LOST)

    def dropped(self) -> None:
        """Close as dropped."""
        self._close(Status.DROPPED)

    def _close(self, outcome: Status) -> None:
        from app.ui.closing.dialog import ClosingDialog

        ids = self.selected()
        if ids:
            ClosingDialog(self._context, ids, outcome, self._window).exec()

    def reopen(self) -> None:
        """Bring closed leads back."""
        ids = self.selected()
        self._context.do(lambda: self._office.leads.reopen(ids))

    def duplicate(self) -> None:
        """Copy the chosen leads."""
        ids = self.selected()
        self._context.do(lambda: self._office.leads.duplicate(ids))

    def delete(self) -> None:
        """Into the trash; Ctrl+Z brings them back."""
        ids = self.selected()
        self._context.do(lambda: self._office.leads.delete(ids))

    def detail(self) -> None:
        """Show or hide the detail panel."""
        self._show_detail(self._window.actions_["detail"].isChecked())

    def _show_detail(self, shown: bool) -> None:
        self._window.actions_["detail"].setChecked(shown)
        self._window.side.setVisible(shown)
        if shown:
            self._on_selection()

    def columns(self) -> None:
        """The menu to choose columns."""
        tab = self._window.current_tab()
        if isinstance(tab, LeadTab):
            header = tab.panel.view.header
            menu = header.column_menu(header)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(header.mapToGlobal(QPoint(0, header.height())))

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
        self._context.jobs.start(Job(Text("Backing up"), work, done))
