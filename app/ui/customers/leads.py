"""The leads of a company or a person in the panel: what they come to by state, the first of them, and a new one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.core.roles import Act
from app.core.terms import STATUS_LABELS, Status
from app.services.record_detail import LeadLine, RecordDetail, StateSum
from app.ui.reach import copy
from app.ui.widgets.button import Button
from app.ui.widgets.chips import Flow
from app.ui.widgets.field_row import see
from app.ui.widgets.link_lines import Link, LinkLine, LinkLines

if TYPE_CHECKING:
    from app.ui.context import Context

#: Leads of a record that are named; the sums are over all of them.
_NAMED = 8


class LeadRows(QWidget):
    """`leadOpened(id)` asks for a lead, `listAsked(status)` for the list of those in a state, `asked(id)` for a
    command.
    """

    leadOpened = Signal(object)
    listAsked = Signal(object)
    asked = Signal(str)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._first: Status | None = None
        heading = QLabel(tr("Leads"))
        heading.setProperty("kind", "heading")
        self.new = Button(context.theme, tr("New lead"), icon="plus", small=True)
        self.new.clicked.connect(lambda: self.asked.emit("record_lead"))
        context.allowed.keep(Act.CHANGE, self.new)
        self.sums = LinkLines(context.theme, tr("Leads by state"))
        self.lines = LinkLines(context.theme, tr("Lead"), _NAMED)
        self.all = LinkLine(context.theme)
        head = Flow()
        head.addWidget(heading)
        head.addWidget(self.new)
        head.setAlignment(self.new, Qt.AlignmentFlag.AlignRight)
        box, px = QVBoxLayout(self), context.theme.px
        context.theme.fit(
            box,
            lambda: box.setContentsMargins(px(12), px(11), px(12), px(9)),
            lambda: box.setSpacing(px(4)),
            lambda: heading.setIndent(px(6)),
        )
        box.addLayout(head)
        box.addWidget(self.sums)
        box.addWidget(self.lines)
        box.addWidget(self.all)

    def show_record(self, detail: RecordDetail) -> None:
        """Those of this record."""
        count = sum(each.count for each in detail.sums)
        self._first = detail.sums[0].status if detail.sums else None
        self.sums.show_links([self._of_sum(each) for each in detail.sums])
        self.lines.show_links([self._of_lead(each) for each in detail.leads[:_NAMED]])
        words = ntr("Show {n} lead in the list", "Show all {n} leads in the list", count)
        self.all.show_link(Link(words, act=self._show_all), "")
        for widget, seen in ((self.sums, count > 1), (self.lines, count > 0), (self.all, count > 0)):
            see(widget, seen)

    def _of_sum(self, each: StateSum) -> Link:
        words = ntr("{n} lead", "{n} leads", each.count)
        notes = [self._context.wording.sum(each.volume)]
        if each.without_rate:
            notes.append(ntr("{n} without a rate", "{n} without a rate", each.without_rate))
        act = partial(self.listAsked.emit, each.status)
        offers = ((tr("Show in the list"), act),)
        return Link(f"{tr(STATUS_LABELS[each.status])}: {words}", " · ".join(notes), act, offers)

    def _of_lead(self, lead: LeadLine) -> Link:
        wording = self._context.wording
        stands = lead.stage if lead.status is Status.ACTIVE else None
        closed = wording.day(lead.closed_on) if lead.closed_on is not None else ""
        parts = (stands or tr(STATUS_LABELS[lead.status]), closed, lead.role, wording.base(lead.total))
        act = partial(self.leadOpened.emit, lead.id)
        offers = ((tr("Open the lead"), act), (tr("Copy"), partial(copy, self._context, lead.title)))
        return Link(lead.title, " · ".join(part for part in parts if part), act, offers)

    def _show_all(self) -> None:
        if self._first is not None:
            self.listAsked.emit(self._first)
