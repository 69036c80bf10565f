"""Handing files out: to another program, or to a disk."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text
from app.services.files import StoredFile, clean_name
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.jobs import Progress


def open_file(context: "Context", file: StoredFile, owner: QWidget) -> None:
    """A read-only copy in the program the system has for it; what could be run is refused with a sentence."""
    opened = context.office.opened

    def work(progress: "Progress") -> Path:
        return opened.copy(file.id, lambda done, total: progress.report(done >> 10, total >> 10))

    def then(path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            context.notify(Text("No program was found that opens “{name}”.", name=file.name))

    failed = partial(tell, context)
    context.jobs.start(Job(Text("Opening"), work, then, failed=failed, pool=True, owner=owner))


def save_as(context: "Context", file: StoredFile, owner: QWidget) -> None:
    """Write a file where somebody chooses."""
    chosen = context.dialogs.save_file(Text("Save as"), clean_name(file.name), [(Text("All files"), "*")])
    if chosen is None:
        return
    target, files = chosen, context.office.files

    def work(progress: "Progress") -> None:
        files.save_as(file.id, target, lambda done, total: progress.report(done >> 10, total >> 10))

    then = lambda _done: context.notify(Text("Saved as {name}", name=target.name))  # noqa: E731
    failed = partial(tell, context)
    context.jobs.start(Job(Text("Saving"), work, then, failed=failed, pool=True, owner=owner))


def tell(context: "Context", error: BaseException) -> None:
    """Say what was refused; a mistake of ours goes on to the guard."""
    if not isinstance(error, TrichterError):
        raise error
    context.notify(Text("{words}", words=str(error)))
