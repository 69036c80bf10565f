"""Pasting a table as new leads: first one sees what they would be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.core.i18n import tr
from app.core.terms import Status
from app.services.importing.pasted import PastedTable, check_pasted, read_pasted
from app.services.importing.result import ImportResult
from app.ui.importing.dialog import ImportDialog
from app.ui.importing.drop import dropped_file

if TYPE_CHECKING:
    from app.ui.context import Context

#: Up to so many rows are undone as they were done; before more of them there is a backup, as before every import.
_FEW = 500


def paste_leads(context: "Context", status: Status, parent: QWidget | None) -> None:
    """Ask what to do with the clipboard; `status` is that of leads of which it says nothing. A file is imported."""
    data = QGuiApplication.clipboard().mimeData()
    path = dropped_file(data)
    if path is not None:
        ImportDialog(context, parent, path).exec()
        return
    text, html = _texts(data)
    if context.do(lambda: check_pasted(text, html)):
        PasteDialog(context, text, html, status, parent).exec()


def _texts(data: QMimeData) -> tuple[str, str]:
    return data.text() if data.hasText() else "", data.html() if data.hasHtml() else ""


def _as_counted(result: ImportResult) -> ImportResult:
    """Rows as somebody counts them who pasted no titles."""
    refused = tuple(replace(each, row=each.row - 1) for each in result.refused)
    return replace(result, refused=refused, detected=replace(result.detected, header_row=None))


class PasteDialog(ImportDialog):
    """The import of what is in the clipboard."""

    def __init__(self, context: "Context", text: str, html: str, status: Status, parent: QWidget | None = None) -> None:
        self._pasted = (text, html, status)
        self._read: PastedTable | None = None
        super().__init__(context, parent, Path(tr("Clipboard")))
        self.setWindowTitle(tr("Paste leads"))
        self.heading.setText(tr("Paste leads"))
        self.setAcceptDrops(False)

    def table(self) -> PastedTable:
        """On the thread that looks at it: much text takes its time."""
        if self._read is None:
            self._read = read_pasted(*self._pasted)
        return self._read

    def back_up(self) -> None:
        if len(self.table()) > _FEW:
            super().back_up()

    def _end(self, this: int, then: Callable[[ImportResult], None], result: ImportResult) -> None:
        super()._end(this, then, result if self.table().titled else _as_counted(result))

    def _imported(self, result: ImportResult) -> None:
        super()._imported(result)
        if not result.refused and not result.notes:  # there is nothing to be read: the list shows them
            self.accept()

    def _enable(self, *, busy: bool) -> None:
        super()._enable(busy=busy)
        self._other.hide()
        self._stack.setVisible(self._stack.currentWidget() is not self._drop)  # it asks for a file
