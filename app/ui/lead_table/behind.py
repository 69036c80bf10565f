"""The leads behind a figure: a window with their list, whose count and sums are the figure.

    show_behind(context, Figure(tr("Idle leads"), definition, lambda: Found(ids)), opened, parent)

Whatever shows a figure opens it this way. The list follows the data as long as it is open.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import N_, Text, ntr, tr
from app.core.money import Money
from app.core.terms import Status
from app.services.lead_list import LeadRow, ListQuery, Totals
from app.ui.forms.dialog import Dialog
from app.ui.jobs import Job
from app.ui.lead_table.columns import LeadColumn, active_columns, closed_columns
from app.ui.lead_table.kind import exported
from app.ui.record_table.copying import copy_shown
from app.ui.record_table.exporting import export_rows
from app.ui.record_table.footer import Footer
from app.ui.tables.columns import Column, Kind, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.explanation import Explanation
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context

_SETTLE_MS = 80
#: More columns of amounts than this need a wider window, which is remembered as one.
_MANY = 2
#: The amounts of a figure are columns of these names.
_AMOUNT = "amount:"
#: Columns shown for every figure; of the others those a figure names.
_SHOWN = ("title", "company", "state", "period", "responsible")


@dataclass(frozen=True)
class Found:
    """The leads in the order to show them first.

    For each of the figure's amounts what a lead adds to it, in minor units of the base currency; one that is not named
    adds nothing. `figure` is how the figure reads now, where that is not one of the sums.
    """

    ids: Sequence[int]
    amounts: tuple[Mapping[int, int], ...] = ()
    figure: str = ""

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """What the amounts come to: to the cent the figure."""
        return tuple(sum(amount.values()) for amount in self.amounts)


@dataclass(frozen=True)
class Figure:
    """A figure that can be looked behind.

    `read` gives its leads, on another thread and anew after every change. `amounts` are the titles (marked with N_) of
    what is shared out among them; without any the list shows what the leads are worth. `columns` are keys of further
    columns that tell why a lead belongs here.
    """

    title: str
    definition: str
    read: Callable[[], Found]
    amounts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class BehindWindow(Dialog):
    """The list. `opened(id)` for Enter and double click, `shown` after it was read."""

    opened = Signal(object)
    shown = Signal()

    def __init__(self, context: "Context", figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, figure.title, parent)
        self.finished.connect(self.deleteLater)
        self._context = context
        self.figure = figure
        self.found = Found(())
        self._asked = 0
        self._order: tuple[str, bool] | None = None
        columns = _columns(context.wording, figure, self._amount)
        self.model: WindowedModel[LeadRow] = WindowedModel(columns, context.office.lists.rows, parent=self)
        self.view = TableView(context.theme, self.model, figure.title)
        self.footer = Footer(context.theme)
        self.explanation = Explanation(context.theme, self)
        self._figure = QLabel()
        self._figure.setProperty("kind", "heading")
        self._why = Button(context.theme, tr("How is this calculated?"), ButtonKind.LINK)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE_MS)
        self._lay_out()
        self._connect()
        many = len(figure.amounts) > _MANY  # beside so many the titles would have no room
        self.remember_size(context.settings, "behind_wide" if many else "behind", 1240 if many else 980, 600)
        self.refresh()

    def _lay_out(self) -> None:
        card = Card(self.theme)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self.footer)
        self.body.addWidget(self._figure)
        self.body.addWidget(card, 1)
        self.view.tell_when_empty(tr("There are no leads behind this figure."))
        bar = self.add_bar()
        self._why.setAutoDefault(False)
        bar.addWidget(self._why)
        for label, icon, act in (
            (tr("Export …"), "download", self.export),
            (tr("Open lead"), "edit", self._open),
        ):
            button = Button(self.theme, label, icon=icon)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            bar.addWidget(button)
        self.add_close(bar, default=False)

    def _connect(self) -> None:
        self._later.timeout.connect(self.refresh)
        self._why.clicked.connect(
            lambda: self.explanation.explain(self.figure.title, self.figure.definition, self._why)
        )
        self.view.opened.connect(self.opened)
        self.view.menuRequested.connect(self._open_menu)
        self.view.manyCopied.connect(partial(copy_shown, self._context, self.view))
        self.model.sortRequested.connect(self._on_sort)
        self._context.bridge.changed.connect(self._on_change)
        self._context.wording.changed.connect(self.model.refresh_all)
        self.view.setFocus()

    # What is shown

    def refresh(self) -> None:
        """Ask for the leads anew; those shown stay until they are there."""
        self._asked += 1
        asked, figure, lists, order = self._asked, self.figure, self._context.office.lists, self._order

        def work(_progress: object) -> tuple[Found, Sequence[int], Totals]:
            found = figure.read()
            return found, _sorted(found, order, lists.ids), lists.totals_of(found.ids)

        def done(answer: tuple[Found, Sequence[int], Totals]) -> None:
            if asked == self._asked:
                self._show(*answer)

        first = not self.found.ids  # whoever waits is told; afterwards the list only follows
        job = Job(Text("Looking for the leads"), work, done, quiet=not first, pool=True, owner=self)
        self._context.jobs.start(job)

    def _show(self, found: Found, ids: Sequence[int], totals: Totals) -> None:
        self.found = found
        self.model.refresh_all()
        self.model.set_ids(ids)
        if self.view.current_id() is None and len(ids):
            self.view.selectRow(0)
        self._figure.setText(found.figure)
        self._figure.setVisible(bool(found.figure))
        without = totals.without_rate
        remark = ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", without) if without else ""
        self.footer.show_figures(self._sums(found, totals), remark)
        self.shown.emit()

    def _sums(self, found: Found, totals: Totals) -> list[tuple[str, str]]:
        count = ("", ntr("{n} lead", "{n} leads", len(found.ids)))
        if self.figure.amounts:
            pairs = zip(self.figure.amounts, found.sums, strict=True)
            return [count, *((tr(title), self._money(minor)) for title, minor in pairs)]
        return [count, (tr("Volume"), self._money(totals.volume)), (tr("Weighted"), self._money(totals.weighted))]

    def _money(self, minor: int) -> str:
        return self._context.formats.money(Money(minor, self._context.office.store.facts.base_currency))

    def _amount(self, place: int, row: LeadRow) -> int:
        return self.found.amounts[place].get(row.id, 0)

    def _on_sort(self, key: str, descending: bool) -> None:
        self._order = (key, descending)
        self.refresh()

    def _on_change(self, change: ChangeSet) -> None:
        if change.touched or change.everything or change.concerns("lead", "step", "stage", "rate", "store_setting"):
            self._later.start()

    # What can be done

    def _open(self) -> None:
        lead_id = self.view.current_id()
        if lead_id is not None:
            self.opened.emit(lead_id)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Open lead"), self._open)
        menu.addAction(tr("Copy"), self.view.copy)
        menu.addAction(tr("Select all"), self.view.selectAll)
        menu.addSeparator()
        menu.addAction(tr("Export …"), self.export)
        menu.popup(at)

    def export(self) -> None:
        """Write the list as it is shown, all its rows, to a file."""
        columns = [self.model.columns[place] for place in self.view.header.order() if self._is_shown(place)]
        title, rows = Text("Export the leads"), self._context.office.lists.rows
        export_rows(self._context, title, self.figure.title, columns, self.model.ids, rows, exported, self)

    def _is_shown(self, place: int) -> bool:
        return not self.view.header.isSectionHidden(place)


def show_behind(
    context: "Context", figure: Figure, opened: Callable[[int], object], parent: QWidget | None
) -> BehindWindow:
    """Open the leads behind a figure in a window of their own; `opened(id)` is asked to show one of them."""
    window = BehindWindow(context, figure, None if parent is None else parent.window())
    window.opened.connect(opened)
    window.show()
    return window


def _columns(wording: Wording, figure: Figure, amount: Callable[[int, LeadRow], int]) -> tuple[LeadColumn, ...]:
    """The columns of the lists of leads, with the amounts of the figure after the first of them."""
    known = {column.key: column for column in (*closed_columns(wording), *active_columns(wording))}
    known["state"] = _state(wording)
    for key in ("stage", "status"):
        known.pop(key)
    worth = () if figure.amounts else ("volume", "weighted")
    first = (*_SHOWN[:3], *worth, *figure.columns, *_SHOWN[3:])
    amounts = [_amounts(wording, place, title, amount) for place, title in enumerate(figure.amounts)]
    shown = [replace(known[key], visible=True) for key in dict.fromkeys(first)]
    rest = [replace(column, visible=False) for key, column in known.items() if key not in first]
    return (*shown[:3], *amounts, *shown[3:], *rest)


def _state(wording: Wording) -> LeadColumn:
    """The stage of a lead that runs, else how it ended."""
    return Column(
        "state", N_("Status"), lambda row: wording.stage(row) if _runs(row) else wording.outcome(row), Kind.PILL,
        190, sort="status", fill=lambda row: wording.stage_colour(row.stage_id) if _runs(row) else "",
        tone=wording.outcome_tone,
    )  # fmt: skip


def _runs(row: LeadRow) -> bool:
    return row.status == Status.ACTIVE


def _amounts(wording: Wording, place: int, title: str, amount: Callable[[int, LeadRow], int]) -> LeadColumn:
    return Column(
        f"{_AMOUNT}{place}", title, lambda row: wording.exact(amount(place, row)), Kind.NUMBER, 116,
        Weight.STRONG if place == 0 else Weight.NORMAL, sort=f"{_AMOUNT}{place}",
        short=lambda row: wording.base_short(amount(place, row)),
        copied=((title, lambda row: wording.copied(amount(place, row))),),
    )  # fmt: skip


def _sorted(found: Found, order: tuple[str, bool] | None, ids: Callable[[ListQuery], Sequence[int]]) -> Sequence[int]:
    """The leads in an order chosen by a column; without one as they were found."""
    if order is None:
        return found.ids
    key, descending = order
    if key.startswith(_AMOUNT):
        worth = found.amounts[int(key.removeprefix(_AMOUNT))]
        return sorted(found.ids, key=lambda lead_id: (worth.get(lead_id, 0), lead_id), reverse=descending)
    wanted = set(found.ids)
    return [lead_id for lead_id in ids(ListQuery(sort=key, descending=descending)) if lead_id in wanted]
