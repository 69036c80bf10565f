"""What is known of the company or person chosen in the list: how to reach them, their leads, and the timeline."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import ntr, tr
from app.core.terms import COMPANY_KIND_LABELS, REACH_LABELS, STATUS_LABELS, Entity, Status
from app.services.owners import Owner
from app.services.record_detail import CompanyDetail, LeadLine, PersonDetail, RecordDetail
from app.ui.forms.dialog import scrolled
from app.ui.timeline.panel import TimelinePanel

if TYPE_CHECKING:
    from app.services.reach import Place, Point
    from app.ui.context import Context

#: Leads of a record that are named; the sums are over all of them.
_NAMED = 8
#: Tables whose rows stand in what is shown.
_CONCERNING = ("company", "person", "company_person", "contact_point", "address", "company_tag", "person_tag", "tag",
               "lead", "lead_person", "step", "note", "member", "stage", "rate", "store_setting")  # fmt: skip


class CustomerPanel(QFrame):
    """Follows the list of companies or of people. `opened(id)` asks for a lead."""

    opened = Signal(object)

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self._context, self._entity = context, entity
        self._shown: RecordDetail | None = None
        self._title, self._sub, self._facts, self._leads = QLabel(), QLabel(), QLabel(), QLabel()
        self._timeline = TimelinePanel(context)
        self._hint = QLabel(
            tr("Select a company to see what is known of it.")
            if entity is Entity.COMPANY
            else tr("Select a person to see what is known of him or her.")
        )
        self._stack = QStackedWidget(self)
        self._lay_out()
        context.bridge.changed.connect(self._on_change)
        context.wording.changed.connect(self._reword)

    def _lay_out(self) -> None:
        px = self._context.theme.px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        head = QVBoxLayout()
        self._context.theme.fit(
            head, lambda: head.setContentsMargins(px(18), px(16), px(14), px(4)), lambda: head.setSpacing(px(8))
        )
        for label, kind in ((self._title, "title"), (self._sub, "muted"), (self._facts, ""), (self._leads, "")):
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            if kind:
                label.setProperty("kind", kind)
                label.setTextFormat(Qt.TextFormat.PlainText)
            head.addWidget(label)
        for label in (self._facts, self._leads):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._facts.setAccessibleName(tr("Phone, e-mail and web"))
        self._leads.setAccessibleName(tr("Leads"))
        self._leads.linkActivated.connect(lambda link: self.opened.emit(int(link)))
        box.addLayout(head)
        box.addWidget(self._timeline, 1)
        self._one = scrolled(inner)
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._one)
        self._stack.addWidget(self._hint)
        self._stack.setCurrentWidget(self._hint)

    def show_records(self, ids: Sequence[int]) -> None:
        """Show the record chosen; of none or several what the panel is for."""
        self._shown = None
        if len(ids) == 1:
            self._load(ids[0])
        if self._shown is None:
            self._stack.setCurrentWidget(self._hint)

    def _load(self, record_id: int) -> None:
        try:
            self._show(self._context.office.records.get(self._entity, record_id))
        except NotFound:
            self._shown = None
            self._stack.setCurrentWidget(self._hint)

    def _show(self, detail: RecordDetail) -> None:
        self._shown = detail
        self._title.setText(detail.name)
        self._sub.setText(" · ".join(part for part in self._about(detail) if part))
        self._sub.setVisible(bool(self._sub.text()))
        self._facts.setText("<br>".join(self._reach(detail)))
        self._facts.setVisible(bool(self._facts.text()))
        self._leads.setText("<br>".join(self._deals(detail)))
        self._leads.setVisible(bool(self._leads.text()))
        self._timeline.show_owner(Owner("company" if self._entity is Entity.COMPANY else "person", detail.id))
        self._stack.setCurrentWidget(self._one)

    def _about(self, detail: RecordDetail) -> Iterable[str]:
        match detail:
            case CompanyDetail():
                yield ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in detail.kinds)
                yield detail.industry
            case PersonDetail():
                works = (f"{each.name} ({each.role})" if each.role else each.name for each in detail.related)
                yield ", ".join(works)
        yield detail.user or ""
        yield ", ".join(detail.tags)
        if detail.last_on is not None:
            yield tr("Last contact {day}", day=detail.last_on)
        if detail.archived:
            yield tr("Archived")

    def _reach(self, detail: RecordDetail) -> Iterable[str]:
        """A line for each way to reach somebody, and for each person of a company."""
        for point in (*detail.phones, *detail.mails, *detail.webs):
            yield self._line(_label(point), point.value)
        for place in detail.addresses:
            yield self._line(_label(place), ", ".join(_address(place)))
        if isinstance(detail, CompanyDetail):
            for each in detail.related:
                yield self._line(each.role, " · ".join(part for part in (each.name, each.phone, each.mail) if part))

    def _deals(self, detail: RecordDetail) -> Iterable[str]:
        for each in detail.sums:
            count = ntr("{n} lead", "{n} leads", each.count)
            volume = self._context.wording.sum(each.volume)
            yield f"{escape(tr(STATUS_LABELS[each.status]))}: {escape(count)}, {escape(volume)}"
        yield from (self._lead(lead) for lead in detail.leads[:_NAMED])
        found = detail.recommendations
        if found.count:
            won = self._context.wording.sum(found.won_volume)
            led = ntr("{n} recommendation, {won} won ({volume})", "{n} recommendations, {won} won ({volume})",
                      found.count, won=found.won, volume=won)  # fmt: skip
            yield escape(led)

    def _lead(self, lead: LeadLine) -> str:
        colour = self._context.theme.colour("accent").name()
        stands = lead.stage if lead.status is Status.ACTIVE else None
        beside = escape(" · ".join(part for part in (stands or tr(STATUS_LABELS[lead.status]), lead.role) if part))
        return f"<a href='{lead.id}' style='color:{colour}'>{escape(lead.title)}</a> {self._faint(beside)}"

    def _line(self, label: str, value: str) -> str:
        return f"{escape(value)} {self._faint(escape(label))}"

    def _faint(self, words: str) -> str:
        return f"<span style='color:{self._context.theme.colour('muted').name()}'>{words}</span>"

    def _on_change(self, change: ChangeSet) -> None:
        if self._shown is not None and change.concerns(*_CONCERNING):
            self._load(self._shown.id)

    def _reword(self) -> None:
        if self._shown is not None:
            self._show(self._shown)


def _label(of: "Point | Place") -> str:
    """What a number or an address is for, as everybody or as somebody calls it."""
    return next((tr(words) for key, words in REACH_LABELS.items() if str(key) == of.label), of.label)


def _address(place: "Place") -> Iterable[str]:
    town = f"{place.postcode} {place.city}".strip()
    return (part.replace("\n", ", ") for part in (place.street, place.extra, town, place.region, place.country) if part)
