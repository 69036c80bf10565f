"""Lists written to files as they are shown, row for row in their columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.core.i18n import Plural, Text
from app.ui.jobs import Job
from app.ui.tables.copying import table_of

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.jobs import Progress
    from app.ui.record_table.panel import RecordPanel
    from app.ui.tables.columns import Column

_PAGE = 1000
_FILES = ((Text("Lists"), "*.csv"), (Text("All files"), "*"))
_NO_NAME = dict.fromkeys(map(ord, '\\/:*?"<>|'))


def export_rows(
    context: "Context",
    title: Text,
    name: str,
    columns: "Sequence[Column[Any]]",
    ids: Sequence[int],
    read: Callable[[Sequence[int]], Iterable[Any]],
    told: Callable[[int, Path], Plural],
    owner: QObject,
) -> None:
    """Ask for a file, `name` proposed, and write to it what `read` gives of these ids, in these columns.

    `told` words how many came to where.
    """
    target = context.dialogs.save_file(title, f"{name.translate(_NO_NAME)}.csv", _FILES)
    if target is None:
        return

    def cells(progress: "Progress") -> Iterator[list[str]]:
        for start in range(0, len(ids), _PAGE):
            progress.report(start, len(ids))
            for row in table_of(columns, read(ids[start : start + _PAGE])).rows:
                yield [cell if isinstance(cell, str) else cell.text for cell in row]

    def work(progress: "Progress") -> int:
        from app.services.exporting.table_file import write_table

        return write_table(target, list(table_of(columns, ()).titles), cells(progress))

    context.jobs.start(Job(Text("Exporting"), work, lambda count: context.notify(told(count, target)), owner=owner))


def export_list(context: "Context", panel: "RecordPanel[Any]", name: str, ids: Sequence[int] | None = None) -> None:
    """Write a list as it is shown, or only these of its records; its other columns come behind, if that is its kind."""
    listed = list(panel.model.ids) if ids is None else list(ids)
    kind = panel.kind
    day = context.office.store.today().isoformat()
    read = kind.lists(context).rows
    columns = panel.shown_columns()
    if kind.written_whole:
        shown = {column.key for column in columns}
        columns += [column for column in panel.view.columns if column.key not in shown]
    export_rows(context, Text("Export the list"), f"{name} {day}", columns, listed, read, kind.exported, panel)
