"""What is known of the company or person chosen in the list: how to reach them, their leads, and the timeline."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import ntr, tr
from app.core.terms import (
    COMPANY_KIND_LABELS,
    REACH_LABELS,
    SIZE_LABELS,
    STATUS_LABELS,
    Entity,
    ReachLabel,
    Status,
)
from app.services.owners import Owner
from app.services.record_detail import CompanyDetail, LeadLine, PersonDetail, RecordDetail, Related, StateSum
from app.services.touch_terms import TOUCH_LABELS
from app.ui.customers.columns import born
from app.ui.customers.facts import Facts
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
        self._title, self._sub, self._leads = QLabel(), QLabel(), QLabel()
        self._facts = Facts(context, {
            "phones": tr("Phone"), "mails": tr("E-mail"), "webs": tr("Web"), "addresses": tr("Address"),
            "related": tr("People") if entity is Entity.COMPANY else tr("Company"), "birthday": tr("Birthday"),
            "user": tr("Responsible"), "tags": tr("Tags"), "last": tr("Last contact"), "rhythm": tr("Keep in touch"),
            "sums": tr("Leads"), "recommended": tr("Recommendations"), "info": tr("Info"),
        })  # fmt: skip
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
        for label, kind in ((self._title, "title"), (self._sub, "muted")):
            _wrapped(label)
            label.setProperty("kind", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            head.addWidget(label)
        head.addWidget(self._facts)
        head.addWidget(_wrapped(self._leads))
        self._leads.setTextFormat(Qt.TextFormat.RichText)
        self._leads.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
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
        self._facts.show_values(self._values(detail))
        self._leads.setText("<br>".join(self._lead(lead) for lead in detail.leads[:_NAMED]))
        self._leads.setVisible(bool(self._leads.text()))
        self._timeline.show_owner(Owner("company" if self._entity is Entity.COMPANY else "person", detail.id))
        self._stack.setCurrentWidget(self._one)

    def _about(self, detail: RecordDetail) -> Iterable[str]:
        if isinstance(detail, CompanyDetail):
            yield ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in detail.kinds)
            yield detail.industry
            yield tr(SIZE_LABELS[detail.size]) if detail.size else ""
            yield detail.number
        yield tr("Archived") if detail.archived else ""

    def _values(self, detail: RecordDetail) -> dict[str, Sequence[str]]:
        """What is known, in lines; nothing for what is not."""
        wording, today = self._context.wording, self._context.office.store.today()
        values: dict[str, Sequence[str]] = {
            "phones": [_labelled(each.value, each) for each in detail.phones],
            "mails": [_labelled(each.value, each) for each in detail.mails],
            "webs": [_labelled(each.value, each) for each in detail.webs],
            "addresses": [_labelled(", ".join(_address(each)), each) for each in detail.addresses],
            "related": [_of_related(each) for each in detail.related],
            "user": [detail.user] if detail.user else (),
            "tags": [", ".join(detail.tags)] if detail.tags else (),
            "last": [wording.day(detail.last_on)] if detail.last_on else (),
            "sums": [self._sum(each) for each in detail.sums],
            "recommended": self._recommended(detail),
            "info": detail.info.splitlines(),
        }
        if detail.rhythm is not None:
            values["rhythm"] = [tr(TOUCH_LABELS[detail.rhythm.state(today)])]
        if isinstance(detail, PersonDetail) and detail.birthday is not None:
            values["birthday"] = [born(wording, detail.birthday)]
        return values

    def _sum(self, each: StateSum) -> str:
        count, volume = ntr("{n} lead", "{n} leads", each.count), self._context.wording.sum(each.volume)
        return f"{tr(STATUS_LABELS[each.status])}: {count}, {volume}"

    def _recommended(self, detail: RecordDetail) -> Sequence[str]:
        found = detail.recommendations
        if not found.count:
            return ()
        won = self._context.wording.sum(found.won_volume)
        return [
            ntr("{n} recommendation, {won} won ({volume})", "{n} recommendations, {won} won ({volume})",
                found.count, won=found.won, volume=won),
        ]  # fmt: skip

    def _lead(self, lead: LeadLine) -> str:
        colour = self._context.theme.colour("accent").name()
        stands = lead.stage if lead.status is Status.ACTIVE else None
        beside = escape(" · ".join(part for part in (stands or tr(STATUS_LABELS[lead.status]), lead.role) if part))
        return f"<a href='{lead.id}' style='color:{colour}'>{escape(lead.title)}</a> {self._faint(beside)}"

    def _faint(self, words: str) -> str:
        return f"<span style='color:{self._context.theme.colour('muted').name()}'>{words}</span>"

    def _on_change(self, change: ChangeSet) -> None:
        if self._shown is not None and change.concerns(*_CONCERNING):
            self._load(self._shown.id)

    def _reword(self) -> None:
        if self._shown is not None:
            self._show(self._shown)


def _wrapped(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label


def _labelled(value: str, of: "Point | Place") -> str:
    """With what it is for, as everybody or as somebody calls it; the main one needs no word."""
    label = next((tr(words) for key, words in REACH_LABELS.items() if str(key) == of.label), of.label)
    return value if of.label in ("", ReachLabel.MAIN) else f"{value} ({label})"


def _of_related(each: Related) -> str:
    name = f"{each.name} ({each.role})" if each.role else each.name
    return " · ".join(part for part in (name, each.phone, each.mail) if part)


def _address(place: "Place") -> Iterable[str]:
    town = f"{place.postcode} {place.city}".strip()
    return (part.replace("\n", ", ") for part in (place.street, place.extra, town, place.region, place.country) if part)
