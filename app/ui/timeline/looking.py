"""Looking at a file."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.services.files import StoredFile
from app.ui.timeline.handing import open_file
from app.ui.timeline.preview import PreviewDialog, can_show

if TYPE_CHECKING:
    from app.ui.context import Context


def look_at(context: "Context", file: StoredFile, window: QWidget) -> None:
    """A picture or a PDF is shown here, everything else by the program the system has for it."""
    if can_show(file):
        PreviewDialog(context, file, window).exec()
    else:
        open_file(context, file, window)
