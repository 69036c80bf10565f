"""The commands on the leads that are chosen: what to ask before, which verb, and where to go after."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.core.errors import NotFound
from app.core.i18n import Plural, Text, tr
from app.core.terms import Entity, Status
from app.services.outbox import finished, next_step
from app.ui.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from app.ui.context import Context
    from app.ui.lead_form.start import Start
    from app.ui.main_window import MainWindow

#: Of more leads than this nobody looks at what there is of them before a command does.
_LOOKED_AT = 200


class LeadTasks:
    """Carries them out for a window. Every verb is one step to undo, for one lead or for many."""

    def __init__(
        self,
        window: "MainWindow",
        context: "Context",
        selected: Callable[[], list[int]],
        place: "Callable[[], QPoint | None]",
    ) -> None:
        """`selected` gives the leads that a command is meant for, `place` where a button stands that asked for it."""
        self._window = window
        self._context = context
        self._leads = context.office.leads
        self._selected = selected
        self._place = place
        self._opened: Callable[[int], object] = lambda _lead_id: None

    def listen(self, opened: Callable[[int], object]) -> None:
        """Tell which lead was opened or gone to."""
        self._opened = opened

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The commands by id."""
        return {
            "new_lead": self.new, "open": self._open, "edit": self._edit,
            "bulk_edit": self._edit_several, "activate": self._activate,
            "deactivate": lambda: self._verb(self._leads.deactivate), "move": self._move, "assign": self._assign,
            "tags": self._tags, "next_step": self._next_step, "finish_step": self._finish_step, "snooze": self._snooze,
            "won": lambda: self._close(Status.WON), "lost": lambda: self._close(Status.LOST),
            "dropped": lambda: self._close(Status.DROPPED), "reopen": lambda: self._verb(self._leads.reopen),
            "duplicate": lambda: self._verb(self._leads.duplicate, lambda made: self.go_to(made[0])),
            "delete": lambda: self._verb(self._leads.delete), "lead_history": self._history, "sheet": self._sheet,
        }  # fmt: skip

    def open_window(self, lead_id: int, ask: Callable[[str, int], None], place: "QByteArray | None" = None) -> None:
        """A lead in a window of its own; `ask(command, lead)` carries out what its buttons stand for."""
        from app.ui.detail.window import show_lead

        if self._are_there([lead_id]):
            self._opened(lead_id)
            window = show_lead(self._context, lead_id, ask, self._window, self._open_record)
            if place is not None:
                window.restoreGeometry(place)

    def _open_record(self, entity: Entity, record_id: int) -> None:
        """A company or person named in a window of its own: the main one shows it, and comes to the front."""
        if self._window.open_record(entity, record_id):
            self._window.activateWindow()

    def close_windows(self) -> None:
        """No lead stays open in a window of its own, nor do the leads behind a figure."""
        from app.ui.detail.window import LeadWindow
        from app.ui.lead_table.behind import BehindWindow

        for window in (*self._window.findChildren(LeadWindow), *self._window.findChildren(BehindWindow)):
            window.close()

    def go_to(self, lead_id: int) -> None:
        """Show a lead in the list it belongs to."""
        row = next(iter(self._context.office.lists.rows([lead_id])), None)
        if row is not None:
            self._opened(lead_id)
            key = {Status.POTENTIAL: "potential", Status.ACTIVE: "leads"}.get(row.status, "closed")
            self._window.go_to(key).panel.go_to(lead_id)

    def _verb(
        self,
        verb: Callable[[Sequence[int]], object],
        then: Callable[[Any], object] = lambda _done: None,
        ids: Sequence[int] | None = None,
    ) -> None:
        """Do something to the chosen leads; `then` follows if it held, with what the verb returned.

        After a question `ids` are those it was asked about: others may be chosen by then.
        """
        ids = self._selected() if ids is None else ids
        if ids:
            title = Plural("Changing {n} lead", "Changing {n} leads", n=len(ids))
            job = Job(title, lambda _progress: verb(ids), then, owner=self._window)
            self._context.jobs.write(job, leads=len(ids))

    def _asked_about(self) -> list[int]:
        """The chosen leads, for a question about them; none when one is gone by now, which is said as a verb says it.

        What another process deleted may still be shown for a moment.
        """
        ids = self._selected()
        return ids if self._are_there(ids) else []

    def _are_there(self, ids: Sequence[int]) -> bool:
        def look() -> None:
            some = ids[:_LOOKED_AT]
            if len(self._context.office.lists.rows(some)) < len(some):
                raise NotFound(Text("A lead has been deleted in the meantime."))

        return self._context.do(look)

    def new_called(self, title: str) -> None:
        """Ask for a new lead that is called so."""
        from app.ui.lead_form.start import Start

        self.new(Start(title=title))

    def new(self, start: "Start | None" = None) -> None:
        """Ask for a new lead that begins so, and go to it."""
        from app.ui.lead_form.dialog import new_lead

        lead_id = new_lead(self._context, self._window, start=start)
        if lead_id is not None:
            self.go_to(lead_id)

    def _open(self) -> None:
        for lead_id in self._selected()[:1]:
            self.open_window(lead_id, self._window.run_for)

    def _edit(self) -> None:
        from app.ui.lead_form.dialog import edit_lead

        for lead_id in self._selected()[:1]:
            self._context.do(partial(edit_lead, self._context, lead_id, self._window))

    def _edit_several(self) -> None:
        from app.ui.bulk.dialog import edit_several

        edit_several(self._context, self._asked_about(), self._window)

    def _history(self) -> None:
        for lead_id in self._asked_about()[:1]:
            self.show_history(lead_id)

    def _sheet(self) -> None:
        from app.ui.sheet import save_sheet

        for lead_id in self._asked_about()[:1]:
            save_sheet(self._context, lead_id, self._window)

    def show_history(self, lead_id: int, step: int | None = None) -> None:
        """What was done to a lead, and the way back; with `step` at this one."""
        from app.ui.history.dialog import HistoryDialog

        HistoryDialog(self._context, self._window, lead_id, step).exec()

    def _activate(self) -> None:
        ids = self._selected()
        self._verb(self._leads.activate, lambda _done: self.go_to(ids[0]))

    def _move(self) -> None:
        ids = self._asked_about()
        if not ids:
            return
        menu = QMenu(tr("Move to stage"), self._window)
        for stage in self._context.office.stages.all(retired=False):
            verb = partial(self._leads.move, stage_id=stage.id)
            words = f"{stage.name} · {self._context.formats.percent(stage.probability)}".replace("&", "&&")
            menu.addAction(words).triggered.connect(lambda _on=False, verb=verb: self._verb(verb, ids=ids))
        self._pop_up(menu)

    def _assign(self) -> None:
        ids = self._asked_about()
        if not ids:
            return
        menu = QMenu(tr("Responsible"), self._window)
        people = [(entry.id, entry.name) for entry in self._context.office.catalogue.all("member")]
        for user_id, name in (*people, (None, tr("nobody"))):
            verb = partial(self._leads.assign, user_id=user_id)
            action = menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, verb=verb: self._verb(verb, ids=ids))
        self._pop_up(menu)

    def _pop_up(self, menu: QMenu) -> None:
        """Below the button that was pressed, else below the row the keyboard is on, wherever the mouse lies."""
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._menu_at())

    def _menu_at(self) -> QPoint:
        """Where a menu for the chosen leads opens."""
        at = self._place()
        place: QPoint = self._window.current_tab().front.menu_place() if at is None else at
        return place

    def _tags(self) -> None:
        from app.ui.tagging.dialog import ask_tags

        ids = self._asked_about()
        answer = ask_tags(self._context, ids, self._window)
        if answer is not None:
            self._verb(partial(self._leads.tag, add=answer.add, remove=answer.remove), ids=ids)

    def _next_step(self) -> None:
        from app.ui.steps.dialog import ask_step

        ids = self._asked_about()
        step = ask_step(self._context, ids, self._window)
        if step is not None:
            self._context.outgoing.do(next_step("lead", ids, step), owner=self._window)

    def _finish_step(self) -> None:
        """The next step is asked for first, so that ticking off and going on are one step to undo."""
        from app.ui.steps.dialog import ask_following

        ids = self._asked_about()
        if not ids:
            return
        if any(row.next_step_on is None for row in self._context.office.lists.rows(ids[:_LOOKED_AT])):
            self._verb(self._leads.finish_step, ids=ids)  # says which lead has none
            return
        following = ask_following(self._context, ids, self._window)
        if following is not None and following.outcome is not None:
            self._close(following.outcome, finishing=ids)
        elif following is not None:
            deed = finished("lead", ids, following.step, series=following.series)
            self._context.outgoing.do(deed, owner=self._window)

    def _snooze(self) -> None:
        from app.ui.snoozing import ask_until

        ids = self._asked_about()
        if ids:
            ask_until(self._context, ids, self._menu_at(), self._window)

    def _close(self, outcome: Status, finishing: Sequence[int] = ()) -> None:
        """Ask how the chosen leads end, or those of which a step is finished by that."""
        from app.ui.closing.dialog import ClosingDialog

        ids = finishing or self._asked_about()
        if ids:
            ClosingDialog(self._context, ids, outcome, self._window, finishing=bool(finishing)).exec()
