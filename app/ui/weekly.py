"""Once a week the state of all leads is stored, on a thread; nobody notices."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.services.snapshots import Snapshots
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context


def take_snapshot(context: "Context", owner: QObject) -> None:
    """At the start and when a day turned: the first time in a week it is done."""
    snapshots = Snapshots(context.office.store)
    work = lambda _progress: snapshots.take_if_due()  # noqa: E731 - one expression for one thread
    context.jobs.start(Job(Text("Storing the state of the week"), work, quiet=True, writes=True, owner=owner))
