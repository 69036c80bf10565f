"""Where the hand-over sheet of a lead is to be kept, and its making."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.file_names import safe_name
from app.core.i18n import Text, tr
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.jobs import Progress

_FORMATS = ((Text("PDF documents"), "*.pdf"), (Text("All files"), "*"))


def save_sheet(context: "Context", lead_id: int, owner: QWidget) -> None:
    """Ask for a file and write the sheet of a lead to it."""
    title = next((row.title for row in context.office.lists.rows([lead_id])), "")
    name = safe_name(tr("Hand-over sheet {title}", title=title)[:120].strip() + ".pdf", "Trichter.pdf")
    target = context.dialogs.save_file(Text("Hand-over sheet"), name, _FORMATS)
    if target is None:
        return

    def work(progress: "Progress") -> None:
        from app.services.exporting.sheet import write_sheet

        write_sheet(context.office.store, lead_id, target, context.formats, progress.report)

    done = Text("The hand-over sheet is in {file}.", file=target.name)
    context.jobs.start(Job(Text("Making the hand-over sheet"), work, lambda _none: context.notify(done), owner=owner))
