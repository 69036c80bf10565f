"""Once a week the state of all leads is stored, on a thread; nobody notices."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors import Unreachable
from app.core.i18n import Text
from app.core.roles import Act
from app.services.snapshots import Snapshots
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context


def take_snapshot(context: "Context", owner: QObject) -> None:
    """At the start and when a day turned: the first time in a week it is done, for a team by somebody who sees all."""
    store = context.office.store
    if store.shared and (store.away or not store.rights.may(Act.LISTS)):
        return
    snapshots = Snapshots(context.office.store)
    work = lambda _progress: snapshots.take_if_due()  # noqa: E731 - one expression for one thread
    title = Text("Storing the state of the week")
    context.jobs.start(Job(title, work, failed=unless_away, quiet=True, writes=True, owner=owner))


def unless_away(error: BaseException) -> None:
    """What the program does by itself can wait for the team's server; anything else is told."""
    if not isinstance(error, Unreachable):
        raise error
