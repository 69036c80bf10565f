"""Rows as a table for other programs: text with tabs, and HTML, which spreadsheets and mails both take.

Figures are written as a spreadsheet of the country reads them as numbers; in HTML their value stands beside them for
the programs that look for it. A text that a spreadsheet would take for a formula gets a leading apostrophe, in the
manner of the CSV export, which the import takes back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import QMimeData

from app.core.i18n import tr
from app.services.csv_format import guarded
from app.ui.tables.columns import Column, Figure, cell_of
from app.ui.tables.groups import GroupLine
from app.ui.tables.model import WindowedModel

#: More rows than this are copied as text alone: as HTML they would be a hundred megabytes.
HTML_MOST = 5000
_NBSP = "\u00a0\u202f"
_PLAIN = str.maketrans(dict.fromkeys(_NBSP + "\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029", " ") | {"\0": None})
#: How spreadsheets are told that a cell is no formula and no day; the attributes are those of Excel and LibreOffice.
_AS_TEXT = "mso-number-format:'\\@'"
_EXCEL = "urn:schemas-microsoft-com:office:excel"


@dataclass(frozen=True)
class Table:
    """Titles, and rows of texts and figures."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str | Figure]]


@dataclass(frozen=True)
class Worded:
    """A table in both ways; of very many rows there is no HTML."""

    text: str
    html: str
    count: int


def table_of(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> Table:
    """These rows in these columns. On any thread."""
    titles: list[str] = []
    asked: list[Callable[[Any], str | Figure]] = []
    for column in columns:
        if column.copied:
            titles += [tr(title) for title, _ in column.copied]
            asked += [value for _, value in column.copied]
        else:
            titles.append(tr(column.title))
            asked.append(_spoken(column))
    return Table(titles, [[value(row) for value in asked] for row in rows])


def _spoken(column: Column[Any]) -> Callable[[Any], str]:
    return lambda row: cell_of(column, row).spoken


def table_of_groups(columns: Sequence[Column[Any]], lines: Sequence[GroupLine]) -> Table:
    """The rows of groups: their names, how many are in them, and the sums below these columns."""
    summed = [column for column in columns if any(column.key in line.sums for line in lines)]
    titles = [tr("Group"), tr("Count"), *(tr(column.title) for column in summed)]
    return Table(
        titles, [[line.label.text, line.count, *(line.sums[column.key] for column in summed)] for line in lines]
    )


def copied_rows(model: WindowedModel[Any], columns: Sequence[Column[Any]], rows: Sequence[int]) -> QMimeData:
    """For the clipboard these rows of a table in these columns: of leads those alone, else the groups."""
    leads = [data for row in rows if model.id_at(row) is not None and (data := model.row_data(row)) is not None]
    if leads:
        return mime_of(worded(table_of(columns, leads)))
    numbers = [number for row in rows if (number := model.group_at(row)) is not None]
    return mime_of(worded(table_of_groups(columns, [model.group_look(number).line for number in numbers])))


def worded(table: Table) -> Worded:
    """What goes into the clipboard. On any thread: of many rows it takes its time."""
    html = as_html(table) if len(table.rows) <= HTML_MOST else ""
    return Worded(as_text(table), html, len(table.rows))


def mime_of(found: Worded) -> QMimeData:
    """For the clipboard: both ways at once, and each program takes the one it likes better."""
    data = QMimeData()
    data.setText(found.text)
    if found.html:
        data.setHtml(found.html)
    return data


def as_text(table: Table, *, head: bool = True) -> str:
    """A line per row, cells separated by tabs; the first one has the titles, if there is to be a `head`."""
    titles = [table.titles] if head else []
    return "\n".join(["\t".join(map(_plain, row)) for row in (*titles, *table.rows)])


def _plain(cell: str | Figure) -> str:
    if isinstance(cell, Figure):
        return cell.text.translate(_PLAIN)
    text = _safe(cell)
    # a quote that is opened and never closed would swallow the rows after it
    return '"' + text.replace('"', '""') + '"' if text.startswith('"') else text


def _safe(text: str) -> str:
    """A text on one line that is no formula."""
    return guarded(text.translate(_PLAIN).strip())


def as_html(table: Table) -> str:
    """A table with a head, in the plainest HTML: each program brings its own looks."""
    head = "".join(f'<th align="left">{escape(title)}</th>' for title in table.titles)
    body = "".join(f"<tr>{''.join(map(_marked_up, row))}</tr>\n" for row in table.rows)
    return (
        f'<html xmlns:x="{_EXCEL}"><head><meta charset="utf-8"></head><body><table border="1" cellspacing="0" '
        f'cellpadding="4" style="border-collapse:collapse">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>'
        "</table></body></html>"
    )


def _marked_up(cell: str | Figure) -> str:
    if isinstance(cell, Figure):
        shown = escape(cell.text.translate(_PLAIN))
        return f'<td align="right" sdval="{cell.value}" x:num="{cell.value}">{shown}</td>'
    return f'<td style="{_AS_TEXT}">{escape(_safe(cell))}</td>'
