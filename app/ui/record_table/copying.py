"""Copying so many rows that reading them takes a while."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.core.collector import collector_paused
from app.core.i18n import Plural, Text
from app.ui.jobs import Job, Progress
from app.ui.tables.copying import HTML_MOST, Table, Worded, as_text, mime_of, table_of, table_of_groups, worded
from app.ui.tables.groups import GroupLine

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.tables.columns import Column
    from app.ui.tables.view import TableView

Read = Callable[[Sequence[int]], Iterable[Any]]
Told = Callable[[int], Plural]

#: Rows read at once.
_BATCH = 1000


def copy_many(
    context: "Context",
    columns: "Sequence[Column[Any]]",
    ids: Sequence[int],
    owner: QObject,
    read: Read | None = None,
    told: Told | None = None,
) -> None:
    """Put these leads (or what `read` gives) into the clipboard as a table of these columns, read in a thread, and say
    so, as `told` words it.
    """
    rows = read or context.office.lists.rows

    def work(progress: Progress) -> Worded:
        parts: list[Table] = []
        texts: list[str] = []
        with collector_paused():
            for start in range(0, len(ids), _BATCH):
                progress.report(start, len(ids))
                part = table_of(columns, rows(ids[start : start + _BATCH]))
                if len(ids) <= HTML_MOST:
                    parts.append(part)
                else:  # the text alone is kept, and the rows are let go
                    texts.append(as_text(part, head=not start))
            if texts:
                return Worded("\n".join(texts), "", len(ids))
            return worded(Table(parts[0].titles, [row for part in parts for row in part.rows]))

    def done(found: Worded) -> None:
        QGuiApplication.clipboard().setMimeData(mime_of(found))
        context.notify((told or (_leads_copied if read is None else _rows_copied))(found.count))

    context.jobs.start(Job(Text("Copying"), work, done, owner=owner))


def _leads_copied(n: int) -> Plural:
    return Plural("{n} lead copied", "{n} leads copied", n=n)


def _rows_copied(n: int) -> Plural:
    return Plural("{n} row copied", "{n} rows copied", n=n)


def copy_shown(context: "Context", view: "TableView", ids: Sequence[int], read: Read | None = None) -> None:
    """The same in the columns that a table shows."""
    copy_many(context, [view.columns[i] for i in view.shown_columns()], ids, view, read)


def copy_groups(
    context: "Context", columns: "Sequence[Column[Any]]", lines: Callable[[], Sequence[GroupLine]], owner: QObject
) -> None:
    """Put groups into the clipboard with their sums; `lines` words them, in a thread."""
    work = lambda _progress: worded(table_of_groups(columns, lines()))  # noqa: E731 - one expression for one thread
    done = lambda found: QGuiApplication.clipboard().setMimeData(mime_of(found))  # noqa: E731
    context.jobs.start(Job(Text("Copying"), work, done, owner=owner))
