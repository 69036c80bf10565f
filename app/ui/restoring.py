"""The question before a backup takes the place of the present data, which says what is in it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.i18n import Plural, Text
from app.services.backup import Held
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context


def ask_restore(
    context: "Context",
    file: Path,
    restore: Callable[[Path], object],
    owner: QWidget,
    refused: Callable[[BaseException], None] | None = None,
) -> None:
    """Look into `file`, ask, and hand it to `restore`; what cannot be brought back goes to `refused` (the guard)."""

    def ask(found: Held) -> None:
        moment = context.formats.instant(found.at, context.office.store.zone)
        question = Plural(
            "Go back to the backup of {moment} with {n} lead?", "Go back to the backup of {moment} with {n} leads?",
            n=found.leads, moment=moment,
        )  # fmt: skip
        details = Text("Everything entered since then will be missing. The present data are kept beside it as a file.")
        if context.dialogs.ask(question, details, [Text("Restore")]) == 0:
            restore(file)

    job = Job(
        Text("Looking at the backup"),
        lambda _progress: context.office.backups.look_into(file),
        ask,
        refused,
        owner=owner,
    )
    context.jobs.start(job)
