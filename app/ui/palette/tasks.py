"""Opens the palette of a window, and remembers what was used."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.terms import Entity
from app.services.owners import Owner
from app.ui.palette.groups import NOTE_KEY
from app.ui.palette.recent import LEAD, Recent

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.lead_tasks import LeadTasks
    from app.ui.main_window import MainWindow
    from app.ui.palette.sheet import Palette


class PaletteTasks:
    """For a window with an open store; `stop` before that is closed."""

    def __init__(self, window: "MainWindow", context: "Context", leads: "LeadTasks") -> None:
        self._window = window
        self._context = context
        self._leads = leads
        self._recent = Recent(window.memory)
        leads.listen(lambda lead_id: self._recent.note(f"{LEAD}{lead_id}"))

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The commands by id."""
        return {"palette": self._show}

    def _show(self) -> None:
        self.palette.show_up()

    def stop(self) -> None:
        """The palette knows leads of the store that is about to be closed."""
        if "palette" in self.__dict__:
            self.palette.leave()
            self.palette.deleteLater()

    @cached_property
    def palette(self) -> "Palette":
        """Made when it is first asked for."""
        from app.ui.palette.sheet import Deeds, Palette

        run = lambda id_: self._window.actions_[id_].trigger()  # noqa: E731 - as its menu entry does
        open_, refuse = self._window.open_record, self._window.tell_error
        deeds = Deeds(run, self._open, open_, self._leads.new_called, self._see, refuse)
        return Palette(self._context, self._window.actions_, self._recent, deeds, self._window)

    def _see(self, about: tuple[Entity, int], kind: str, id_: int) -> None:
        """A note or a file was found: it is shown in the timelines of its record, beside the list or in a window."""
        from app.ui.timeline.panel import TimelinePanel

        entity, record_id = about
        panel = self._window.actions_["detail"]
        if not panel.isChecked():
            panel.trigger()
        note_id, file_id = (id_, 0) if kind == NOTE_KEY else (0, id_)
        for timeline in self._window.findChildren(TimelinePanel):
            timeline.see(Owner(entity.value, record_id), note_id=note_id, file_id=file_id)

    def _open(self, lead_id: int, apart: bool) -> None:
        if apart:
            self._leads.open_window(lead_id, self._window.run_for)
        else:
            self._leads.go_to(lead_id)
