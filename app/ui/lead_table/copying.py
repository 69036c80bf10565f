"""Copying so many leads that reading them takes a while."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.core.i18n import Plural, Text
from app.ui.jobs import Job, Progress
from app.ui.tables.copying import Table, mime_of, table_of

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow
    from app.ui.context import Context
    from app.ui.lead_table.columns import LeadColumn

#: Rows read at once.
_BATCH = 1000


def copy_many(context: "Context", columns: "Sequence[LeadColumn]", ids: Sequence[int], owner: QObject) -> None:
    """Put these leads into the clipboard as a table of these columns, read in a thread, and say so."""
    lists = context.office.lists

    def work(progress: Progress) -> Table:
        found: list[LeadRow] = []
        for start in range(0, len(ids), _BATCH):
            progress.report(start, len(ids))
            found += lists.rows(ids[start : start + _BATCH])
        return table_of(columns, found)

    def done(table: Table) -> None:
        QGuiApplication.clipboard().setMimeData(mime_of(table))
        context.notify(Plural("{n} lead copied", "{n} leads copied", n=len(table.rows)))

    context.jobs.start(Job(Text("Copying"), work, done, owner=owner))
