"""Taking a step back where the history of a lead is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.errors import NotFound, TrichterError
from app.core.i18n import Text
from app.services.history_steps import StepRefused, Steps
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.ui.context import Context
    from app.ui.jobs import Progress


def show_history(context: "Context", lead_id: int, window: QWidget, step: int | None = None) -> None:
    """Everything that was done to a lead; with `step` at this one."""
    from app.ui.history.dialog import HistoryDialog

    HistoryDialog(context, window, lead_id, step or None).exec()


def take_back(context: "Context", step: int, window: QWidget) -> None:
    """Undo this step with what belongs to it; where something was changed since, that is shown."""
    steps = Steps(context.office.store)

    def work(_progress: "Progress") -> "ChangeSet":
        row = steps.log.row_of(step)
        if row is None:
            raise NotFound(Text("This step is no longer there."))
        return steps.take_back(row)

    job = Job(Text("Undoing"), work, failed=_telling(context, window), writes=True, owner=window)
    context.jobs.start(job)


def _telling(context: "Context", window: QWidget) -> Callable[[BaseException], None]:
    def tell(error: BaseException) -> None:
        from app.ui.history.refused import RefusedDialog

        if isinstance(error, StepRefused):
            RefusedDialog(context, error, window).exec()
        elif isinstance(error, TrichterError):
            context.notify(Text("{words}", words=str(error)))
        else:
            raise error

    return tell
