"""The window's line to a team's server: watched on a thread, said in the status bar, tried again while it is cut."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.clock import monotonic
from app.core.errors import TrichterError
from app.core.i18n import Text, ntr, tr
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.main_window import MainWindow

_LOOK_MS = 250
#: A server that has not answered a look for so long is away, whatever its machine says.
_FROZEN_SECONDS = 15
#: So often it is noted, for a start without the server, of when the replica is.
_NOTED_SECONDS = 60


class TeamLine(QObject):
    """Lives as long as the replica is open in the window.

    What others do comes through the feed. How long the server is left alone when it does not answer the store knows.
    """

    def __init__(self, window: "MainWindow", context: "Context", parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._context, self._store = window, context, context.office.store
        self._memory, self._key = window.memory, f"team/{self._store.path.parent.name}"
        self._looking = self._blind = False
        self._began = 0.0
        self._away = self._store.away
        self._reason: TrichterError | None = None
        self._at = self._remembered() if self._away else self._store.clock.now()
        self._noted: datetime | None = None
        window.status.place.clicked.connect(self.tell_more)
        context.outgoing.changed.connect(self._show)
        window.actions_.enable({"team": True})
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)
        self._show()

    def stop(self) -> None:
        """The store is about to be closed."""
        self._timer.stop()
        self._note()
        self._window.status.place.clicked.disconnect(self.tell_more)
        self._context.outgoing.changed.disconnect(self._show)
        self._window.actions_.enable({"team": False})
        self._window.status.show_place("")

    def connect_now(self) -> None:
        """Ask the server again, however short a time ago that was."""
        self._store.ask_now()
        self._look()

    def tell_more(self) -> None:
        """How it stands, and what can be done about it."""
        if self._away:
            self._tell_away()
        elif self._context.outgoing.waiting():
            self._window.actions_["outbox"].trigger()
        else:
            self._context.dialogs.tell(
                Text("The window is connected with the team's server."),
                Text("What you change is there for everybody at once, and what others change is seen here."),
            )

    def _tell_away(self) -> None:
        reason = self._reason.title if self._reason else Text("The team's server cannot be reached.")
        details = Text(
            "You see the data as of {moment}. Notes and steps that you write are kept on this device, and entered when "
            "the connection is back; everything else can be changed only then. It is tried again and again.",
            moment=self._moment(),
        )  # fmt: skip
        answers = [Text("Connect now"), Text("Show what waits")][: 1 + bool(self._context.outgoing.waiting())]
        answer = self._context.dialogs.ask(reason, details, answers, cancel=Text("Close"))
        if answer == 0:
            self.connect_now()
        elif answer == 1:
            self._window.actions_["outbox"].trigger()

    # Looking

    def _look(self) -> None:
        if self._looking:
            if monotonic() - self._began > _FROZEN_SECONDS:
                self._began = monotonic()
                self._store.cut()
            return
        self._looking, self._began = True, monotonic()
        work = lambda _progress: self._store.watch()  # noqa: E731 - one expression for one thread
        title = Text("Looking what the others do")
        self._context.jobs.start(Job(title, work, self._held, self._failed, quiet=True, pool=True, owner=self))

    def _held(self, _news: bool) -> None:
        self._looking = self._blind = False
        if not self._store.away:
            self._reason = None
            self._at = self._store.clock.now()
            if self._noted is None or (self._at - self._noted).total_seconds() > _NOTED_SECONDS:
                self._note()
            if self._context.outgoing.is_ready:
                self._context.outgoing.send()
        self._follow()

    def _failed(self, error: BaseException) -> None:
        self._looking = False
        if not isinstance(error, TrichterError):
            raise error
        if self._store.away:
            self._reason = error
            self._follow()
        elif not self._blind:  # it is tried again and again, and told once
            self._blind = True
            raise error

    def _follow(self) -> None:
        if self._store.away == self._away:
            return
        self._away = self._store.away
        self._context.allowed.look()
        self._show()
        if self._away:
            self._note()
        else:
            self._window.tell(tr("The team's server can be reached again."))

    # Saying

    def _show(self) -> None:
        words, waiting = tr("Team server"), self._context.outgoing.waiting()
        if self._away:
            words = tr("Team server out of reach: as of {moment}", moment=self._moment())
        if waiting:
            words += " · " + ntr("{n} entry waits", "{n} entries wait", len(waiting))
        self._window.status.show_place(words, warning=self._away or bool(waiting))

    def _moment(self) -> str:
        return self._context.formats.instant(self._at, self._store.zone)

    def _note(self) -> None:
        self._noted = self._at
        self._memory.setValue(self._key, self._at.isoformat())

    def _remembered(self) -> datetime:
        """When the window was connected last; where nobody noted that, when the replica was brought forward."""
        from app.services.teamwork import followed

        try:
            return datetime.fromisoformat(str(self._memory.value(self._key, "")))
        except ValueError:
            return followed(self._store) or self._store.clock.now()
