"""The figures of the chart as a table: for those who prefer reading, for screen readers, and to move leads in time.

A line unfolds to what it consists of: its leads, each with what it adds, or the parts of a split. A lead is dragged to
another month, or moved there with Alt and the arrow keys.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from app.core.format import Formats
from app.core.i18n import N_, tr
from app.core.money import Money
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.forecast import Scope, Share
    from app.services.lead_list import LeadRow
    from app.services.spans import Bucket

#: An id is the place of a line times this, and what stands in it: 0 for the line itself, else a lead or a part.
_CHILD = 1 << 40
_INDENT = "\u2003\u2003"
_FOLDED, _UNFOLDED = "▸ ", "▾ "
_FOLD_ROOM = 30
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True)
class PartLine:
    """What a line has of one part of a split."""

    label: str
    scope: "Scope"
    amounts: tuple[int, int, int]


@dataclass(frozen=True)
class MonthRow:
    """One line, amounts in minor units: secured, weighted, unweighted. The `total` line stands out.

    `month` is where a lead dropped on it begins: a month number, None for no period at all; `takes` says whether it can
    be dropped there. Without `parts` the line unfolds to its leads.
    """

    label: str
    amounts: tuple[int, int, int]
    bucket: "Bucket"
    total: bool = False
    goal: int | None = None
    month: int | None = None
    takes: bool = False
    parts: tuple[PartLine, ...] = ()


@dataclass(frozen=True)
class _Cell:
    """A row as it is drawn: its place among the ids, words and amounts."""

    id: int
    label: str
    spoken: str
    amounts: tuple[int, int, int]
    goal: int | None
    tone: Tone | None


class MonthTable(TableView):
    """Months, what belongs to none of them, and the sum of it all.

    `figureOpened(row, part)` asks for the leads behind a line or a part of it, `leadOpened(id)` for a lead; `unfolded(
    bucket)` for the leads of a line that is unfolded but has none yet, which `show_leads` then shows; `moveAsked(ids,
    month, seen)` to let leads that are seen in one month begin in another.
    """

    figureOpened = Signal(object, object)
    leadOpened = Signal(object)
    unfolded = Signal(object)
    moveAsked = Signal(list, object, object)

    def __init__(
        self,
        theme: Theme,
        formats: Formats,
        rows_of: "Callable[[Sequence[int]], Sequence[LeadRow]]",
        parent: QWidget | None = None,
    ) -> None:
        """`rows_of` gives the rows of some leads."""
        self._formats = formats
        self._rows_of = rows_of
        self._lines: Sequence[MonthRow] = ()
        self._currency = ""
        self._spread: set[Bucket] = set()
        self._shares: dict[Bucket, dict[int, Share]] = {}
        #: Whether leads may be carried to other months.
        self.may_move: Callable[[], bool] = lambda: True
        self._pressed: QPoint | None = None
        self._over: int | None = None
        self._dragging = False
        self._model: WindowedModel[_Cell] = WindowedModel(self._columns(), self.cells)
        super().__init__(theme, self._model, tr("Revenue by month"), parent)
        self._model.setParent(self)
        self._header.set_shown(self._place_of("goal"), False)
        self.opened.connect(self._on_opened)

    # What is shown

    def show_rows(
        self, rows: Sequence[MonthRow], currency: str, shares: "Mapping[Bucket, Sequence[Share]] | None" = None
    ) -> None:
        """Other figures; the selection stays, and so does what is unfolded: leads that `shares` lack are asked for."""
        leads, current = self.chosen_leads(), self.current_id()
        self._lines, self._currency = tuple(rows), currency
        self._shares = {bucket: _by_lead(found) for bucket, found in (shares or {}).items()}
        self._spread &= {row.bucket for row in rows if not row.total or row.parts}
        self._header.set_shown(self._place_of("goal"), any(row.goal is not None for row in rows))
        self._show_ids()
        if current is not None and self.current_id() is None:
            self._go_on(current // _CHILD, leads)
        for bucket in self.unfolded_buckets - self._shares.keys():
            self.unfolded.emit(bucket)

    def show_leads(self, bucket: "Bucket", shares: "Sequence[Share]") -> None:
        """The leads of a line, unless it was folded again meanwhile."""
        if bucket in self._spread:
            self._shares[bucket] = _by_lead(shares)
            self._show_ids()

    def unfold(self, bucket: "Bucket") -> None:
        """Show what a line consists of, at the next showing at the latest."""
        self._spread.add(bucket)

    @property
    def unfolded_buckets(self) -> "frozenset[Bucket]":
        """The lines whose leads are to be shown; the total unfolds to parts alone."""
        return frozenset(each for each in self._spread if each != "total" and not self._has_parts(each))

    def texts(self) -> list[list[str]]:
        """What every cell says, row by row."""
        columns = [place for place in range(self._model.columnCount()) if not self._header.isSectionHidden(place)]
        rows = range(self._model.rowCount())
        return [[self._text(row, column) for column in columns] for row in rows]

    def _text(self, row: int, column: int) -> str:
        words = self._model.cell(row, column).text
        return words.removeprefix(_FOLDED).removeprefix(_UNFOLDED).strip()

    def _place_of(self, key: str) -> int:
        return [column.key for column in self._model.columns].index(key)

    def _has_parts(self, bucket: "Bucket") -> bool:
        return any(line.bucket == bucket and line.parts for line in self._lines)

    def _show_ids(self) -> None:
        ids: list[int] = []
        for place, line in enumerate(self._lines):
            ids.append(place * _CHILD)
            if line.bucket in self._spread:
                children = range(1, len(line.parts) + 1) if line.parts else self._shares.get(line.bucket, ())
                ids += [place * _CHILD + child for child in children]
        self._model.refresh_all()
        self._model.set_ids(ids)

    def _go_on(self, place: int, leads: Sequence[int]) -> None:
        """Leads that went to another month are gone on with there, or at the line they were in."""
        wanted = set(leads)
        there = [id_ for id_ in self._model.ids if id_ % _CHILD in wanted and not self._line(id_).parts]
        nearest = min((id_ // _CHILD for id_ in there), key=lambda each: abs(each - place), default=None)
        if nearest is None:
            self.select_id(min(place, len(self._lines) - 1) * _CHILD)
        else:
            self.select_ids([id_ for id_ in there if id_ // _CHILD == nearest])

    def cells(self, ids: Sequence[int]) -> list[_Cell]:
        """Rows as they are drawn and copied. On any thread."""
        leads = [id_ % _CHILD for id_ in ids if id_ % _CHILD and not self._line(id_).parts]
        known = {row.id: row for row in self._rows_of(leads)} if leads else {}
        return [cell for id_ in ids if (cell := self._cell_of(id_, known)) is not None]

    def _line(self, id_: int) -> MonthRow:
        return self._lines[id_ // _CHILD]

    def _cell_of(self, id_: int, leads: "Mapping[int, LeadRow]") -> _Cell | None:
        line, child = self._line(id_), id_ % _CHILD
        if not child:
            sign = "" if line.total else _UNFOLDED if line.bucket in self._spread else _FOLDED
            return _Cell(id_, sign + line.label, line.label, line.amounts, line.goal, Tone.STRONG)
        if line.parts:
            part = line.parts[child - 1]
            return _Cell(id_, _INDENT + part.label, part.label, part.amounts, None, None)
        row, share = leads.get(child), self._shares[line.bucket].get(child)
        if row is None or share is None:
            return None
        period = ""
        if row.period_first is not None and row.period_last is not None:
            period = f" · {self._formats.period(row.period_first, row.period_last)}"
        title = f"{row.title}{period}"
        return _Cell(id_, _INDENT + title, title, (share.sums[0], share.sums[1], share.sums[2]), None, None)

    def _columns(self) -> list[Column[_Cell]]:
        return [
            Column("month", N_("Month"), lambda row: row.label, width=150, flex=3, tone=lambda row: row.tone,
                   spoken=lambda row: row.spoken),
            self._amounts("secured", N_("Secured"), lambda row: row.amounts[0]),
            self._amounts("weighted", N_("Weighted"), lambda row: row.amounts[1]),
            self._amounts("sum", N_("Sum"), lambda row: row.amounts[0] + row.amounts[1], Weight.STRONG),
            self._amounts("unweighted", N_("Unweighted"), lambda row: row.amounts[2], Weight.MUTED),
            self._amounts("goal", N_("Goal"), lambda row: row.goal, Weight.MUTED),
        ]  # fmt: skip

    def _amounts(
        self, key: str, title: str, amount: Callable[[_Cell], int | None], weight: Weight = Weight.NORMAL
    ) -> Column[_Cell]:
        def worded(row: _Cell) -> str:
            minor = amount(row)
            return "" if minor is None else self._formats.money(Money(minor, self._currency))

        def short(row: _Cell) -> Sequence[str]:
            money = Money(amount(row) or 0, self._currency)
            return (self._formats.whole(money), self._formats.brief(money), self._formats.brief(money, bare=True))

        return Column(key, title, worded, Kind.NUMBER, width=112, flex=1, weight=weight, short=short,
                      tone=lambda row: row.tone if self._line(row.id).total else None)  # fmt: skip

    # Unfolding and opening

    def toggle(self, row: int) -> None:
        """Unfold a line, or fold it."""
        id_ = self._model.id_at(row)
        if id_ is None or id_ % _CHILD:
            return
        line = self._line(id_)
        if line.bucket in self._spread:
            self._spread.discard(line.bucket)
            self._show_ids()
        elif line.parts or not line.total:
            self._spread.add(line.bucket)
            self._show_ids()
            if not line.parts:
                self.unfolded.emit(line.bucket)

    def _on_opened(self, id_: Any) -> None:
        line, child = self._line(id_), id_ % _CHILD
        if child and not line.parts:
            self.leadOpened.emit(child)
        else:
            self.figureOpened.emit(line, line.parts[child - 1] if child else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = Qt.Key(event.key()), event.modifiers() & Qt.KeyboardModifier.AltModifier
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in ways and alt:
            self.move_by(ways[key])
        elif key in ways:
            self._fold(unfold=key == Qt.Key.Key_Right)
        elif key in _OPENING and self.current_id() is not None:
            self._on_opened(self.current_id())
        else:
            super().keyPressEvent(event)

    def _fold(self, *, unfold: bool) -> None:
        """As in a tree: to the right unfolds, to the left folds, and from a child goes to its line."""
        id_ = self.current_id()
        if id_ is None:
            return
        if id_ % _CHILD and not unfold:
            self.select_id(id_ - id_ % _CHILD)
        elif not id_ % _CHILD and (self._line(id_).bucket in self._spread) != unfold:
            self.toggle(self.currentIndex().row())

    # Moving leads

    def chosen_leads(self) -> list[int]:
        """The leads chosen, where all rows chosen are leads of one line."""
        ids = self.selected_ids()
        same = len({id_ // _CHILD for id_ in ids}) == 1
        if not same or any(not id_ % _CHILD or self._line(id_).parts for id_ in ids):
            return []
        return [id_ % _CHILD for id_ in ids]

    def move_by(self, lines: int) -> None:
        """Let the leads chosen begin a line further down, or up; where there is none nothing happens."""
        leads = self.chosen_leads()
        if leads:
            self.move_to(self.selected_ids()[0] // _CHILD + lines)

    def move_to(self, place: int) -> None:
        """Let the leads chosen begin in the months of another line."""
        leads, lines = self.chosen_leads(), self._lines
        if not leads or not 0 <= place < len(lines) or not lines[place].takes:
            return
        source = lines[self.selected_ids()[0] // _CHILD]
        if source.bucket != lines[place].bucket:
            self._spread.add(lines[place].bucket)
            self.moveAsked.emit(leads, lines[place].month, source.month if source.takes else None)

    def targets(self) -> list[tuple[int, str]]:
        """The lines on which leads can be dropped, with their names."""
        return [(place, line.label) for place, line in enumerate(self._lines) if line.takes]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self.rowAt(point.y())
        id_ = self._model.id_at(row)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and id_ is not None and not id_ % _CHILD and 0 <= point.x() < self._theme.px(_FOLD_ROOM):
            self.selectRow(row)
            self.toggle(row)
            return
        lead = id_ is not None and id_ % _CHILD and not self._line(id_).parts
        if not (left and lead and id_ in self.selected_ids() and not event.modifiers()):  # else several would be let go
            super().mousePressEvent(event)
        self._pressed = point if left and lead else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        point = event.position().toPoint()
        if not self._dragging and (point - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = bool(self.chosen_leads()) and self.may_move()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self._drag_over(point)

    def _drag_over(self, point: QPoint) -> None:
        """Mark the line below the pointer; at the edge the table scrolls on."""
        bar, edge = self.verticalScrollBar(), self._theme.row_height // 2
        if point.y() < edge or point.y() > self.viewport().height() - edge:
            bar.setValue(bar.value() + (-bar.singleStep() if point.y() < edge else bar.singleStep()))
        id_ = self._model.id_at(self.rowAt(point.y()))
        place = None if id_ is None else id_ // _CHILD
        self._over = place if place is not None and self._lines[place].takes else None
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        over, dragged = self._over, self._dragging
        self._end_drag()
        if dragged and over is not None:
            self.move_to(over)
        elif not dragged:
            super().mouseReleaseEvent(event)

    def _end_drag(self) -> None:
        self._pressed, self._over, self._dragging = None, None, False
        self.viewport().unsetCursor()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._over is None:
            return
        row = self._model.row_of(self._over * _CHILD)
        if row is not None:
            with QPainter(self.viewport()) as painter:
                painter.setPen(QPen(self._theme.colour("accent"), 2))
                top, height = self.rowViewportPosition(row), self._theme.row_height
                painter.drawRect(1, top + 1, self.viewport().width() - 2, height - 2)


def _by_lead(shares: "Sequence[Share]") -> "dict[int, Share]":
    return {share.lead_id: share for share in shares}
