"""Opens the palette of a window, and remembers what was used."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

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
        deeds = Deeds(run, self._open, self._window.open_record, self._leads.new_called)
        return Palette(self._context, self._window.actions_, self._recent, deeds, self._window)

    def _open(self, lead_id: int, apart: bool) -> None:
        if apart:
            self._leads.open_window(lead_id, self._window.run_for)
        else:
            self._leads.go_to(lead_id)
