"""The window's one way to write something down whether the team's server is there or not."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.clock import monotonic
from app.core.errors import TrichterError
from app.core.i18n import Plural, Text
from app.ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from app.services.office import Office
    from app.services.outbox import Deed, Sent, Waiting
    from app.services.owners import Owner
    from app.ui.dialogs import Dialogs

#: So long it is waited after what waits could not be entered.
_PAUSE_SECONDS = 10


class Outgoing(QObject):
    """Knows what waits for the server; `changed` comes when that is something else by now."""

    changed = Signal()

    def __init__(self, office: "Office", jobs: "Jobs", dialogs: "Dialogs", notify: Callable[["Text"], object]) -> None:
        """`notify` says something (`app.ui.context`)."""
        super().__init__()
        self._box, self._jobs, self._dialogs, self._notify = office.outbox, jobs, dialogs, notify
        self._sending, self._again = False, 0.0
        self._waiting: list[Waiting] | None = None

    def waiting(self, owner: "Owner | None" = None) -> "list[Waiting]":
        """What waits, the oldest first; all of it, or what is about this record."""
        if self._waiting is None:
            self._waiting = self._box.waiting()
        return [e for e in self._waiting if owner is None or (owner.kind == e.deed.kind and owner.id in e.deed.ids)]

    @property
    def is_ready(self) -> bool:
        """Whether anything waits that the server did not refuse yet, and was not tried in vain just now."""
        return monotonic() >= self._again and any(entry.refused is None for entry in self.waiting())

    def do(
        self, deed: "Deed", *, then: Callable[[], object] = lambda: None,
        failed: Callable[[BaseException], None] | None = None, owner: QObject,
    ) -> None:  # fmt: skip
        """Do it, or keep it until the server is back, which is said; `then` follows in both cases."""
        self._jobs.write(self.job(deed, then, failed, owner=owner), leads=len(deed.ids))

    def job(
        self, deed: "Deed", then: Callable[[], object], failed: Callable[[BaseException], None] | None, *,
        owner: QObject,
    ) -> Job:  # fmt: skip
        """The same as a job, for a form that sees to itself while it is carried out."""
        title = Plural("Changing {n} record", "Changing {n} records", n=len(deed.ids))
        work = lambda _progress: self._box.do(deed)  # noqa: E731 - one expression for one thread
        return Job(title, work, partial(self._done, then), failed, owner=owner)

    def _done(self, then: Callable[[], object], kept: "list[Waiting]") -> None:
        if kept:
            self._look()
            self._notify(Text("Kept on this device until the team's server is back."))
        then()

    def send(self, *, again: bool = False) -> None:
        """Enter what waits, in a thread, and say how that went; what was refused only where it is wanted `again`."""
        if self._sending or not self.waiting():
            return
        self._sending = True
        work = lambda _progress: self._box.send(again=again)  # noqa: E731 - one expression for one thread
        title = Text("Entering what was noted on the road")
        self._jobs.start(Job(title, work, self._sent, self._stopped, quiet=True, writes=True, owner=self))

    def discard(self, entry: "Waiting") -> None:
        """Let an entry go, if that is meant."""
        details = Text("It was not entered, and stands nowhere else.")
        if self._dialogs.ask(Text("Discard this entry?"), details, [Text("Discard")]) == 0:
            work = lambda _progress: self._box.discard(entry.uid)  # noqa: E731 - one expression for one thread
            job = Job(Text("Saving"), work, lambda _none: self._look(), writes=True, owner=self)
            self._jobs.start(job)

    def _sent(self, sent: "Sent") -> None:
        self._sending = False
        self._look()
        if not sent.entered and not sent.refused:  # another program was quicker
            return
        words: Text = Plural("{n} waiting entry was entered.", "{n} waiting entries were entered.", n=sent.entered)
        if sent.refused:
            refused = Plural("{n} entry could not be entered.", "{n} entries could not be entered.", n=sent.refused)
            words = Text("{done} {refused}", done=words, refused=refused) if sent.entered else refused
        self._notify(words)

    def _stopped(self, error: BaseException) -> None:
        """The server went away again: the rest goes on waiting, and is tried when it is back, not at once."""
        self._sending, self._again = False, monotonic() + _PAUSE_SECONDS
        self._look()
        if not isinstance(error, TrichterError):
            raise error

    def _look(self) -> None:
        self._waiting = None
        self.changed.emit()
