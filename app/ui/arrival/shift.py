"""Who works in the window of the program, one after the other: asked, exchanged, kept out while somebody is away."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.services.arrival import Arrival, Patience
from app.ui.arrival.asking import Asking
from app.ui.arrival.seen import once_seen
from app.ui.jobs import Job
from app.ui.launch import Coming
from app.ui.opening import load_afterwards
from app.ui.program import leave_dialogs

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.services.office import Office
    from app.services.team import Colleague
    from app.ui.background import Background
    from app.ui.context import Context
    from app.ui.jobs import Jobs
    from app.ui.main_window import MainWindow


class Shift(QObject):
    """One for the program. `reopen(coming)` closes the store, and opens it anew with nothing left of who was there."""

    def __init__(
        self, settings: "Settings", reopen: Callable[[Coming], object], behind: "Callable[[], Background]",
        parent: QObject,
    ) -> None:  # fmt: skip
        """`behind()` is what goes on beside the window, made when it is first asked for."""
        super().__init__(parent)
        self._settings = settings
        self._reopen, self._behind = reopen, behind
        self._patience = Patience()

    def ask(
        self, window: "MainWindow", office: "Office", arrival: Arrival, jobs: "Jobs", come_in: Callable[[], object]
    ) -> None:
        """Ask before anything is read for a window, which closes if nobody comes. Meanwhile the tray says why nothing
        reminds.
        """

        def decided(member: int) -> None:
            office.store.actor_id = member
            come_in()

        asking = Asking(window, office, arrival, self._settings, jobs, self._patience)
        asking.decided.connect(decided)
        asking.left.connect(window.close)
        asking.begin()
        self._wait(window, jobs, asking)

    def once_seen(self, window: "MainWindow", jobs: "Jobs", do: Callable[[], object]) -> None:
        """Do what has to be answered in a window as soon as it is seen. Until then the tray says that it waits."""
        waiting = once_seen(window, do)
        if waiting is not None:
            self._wait(window, jobs, waiting)

    def _wait(self, window: "MainWindow", jobs: "Jobs", owner: QObject) -> None:
        wait = lambda _modules: self._behind().wait(window)  # noqa: E731 - one expression
        jobs.start(Job(Text("Opening the data"), load_afterwards, wait, quiet=True, pool=True, owner=owner))

    def run(self, id_: str, window: "MainWindow", context: "Context") -> None:
        """Carry out a command by its id."""
        {"switch_user": self._switch, "lock": self._lock, "gone": self._part}[id_](window, context)

    def _switch(self, window: "MainWindow", context: "Context") -> None:
        office, at_work = context.office, context.office.store.actor_id
        if office.store.shared:
            self._sign_in(window, context)
            return

        def decided(member: int) -> None:
            if member != at_work:
                self._reopen(Coming(member, shown=True))

        def ask(people: "list[Colleague]") -> None:
            other = next((one.id for one in people if one.id != at_work), None)
            arrival = Arrival(tuple(people), other)
            asking = Asking(window, office, arrival, self._settings, context.jobs, self._patience, at_work)
            asking.decided.connect(decided)
            asking.begin()

        job = Job(Text("Looking who works here"), lambda _progress: office.team.people(), ask, owner=window)
        context.jobs.start(job)

    def _sign_in(self, window: "MainWindow", context: "Context") -> None:
        """At a team's server it is another login."""
        from app.ui.arrival.sign_in import ask_team

        ask_team(window, self._settings, context.jobs, self._reopen)

    def _lock(self, _window: "MainWindow", context: "Context") -> None:
        self._reopen(Coming(context.office.store.actor_id))

    def _part(self, _window: "MainWindow", context: "Context") -> None:
        """Somebody took the person at work out of the team."""
        context.dialogs.tell(
            Text("You are no longer in the team."),
            Text("Somebody has taken you out of it, so nothing more can be saved here. What you saved before is safe."),
        )
        leave_dialogs()
        self._reopen(Coming(context.office.store.actor_id))
