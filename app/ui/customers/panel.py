"""What is known of the company or person chosen in the list: how to reach them, facts, leads, and the timeline."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import tr
from app.core.roles import Act
from app.core.terms import COMPANY_KIND_LABELS, SALUTATION_LABELS, Entity, Salutation
from app.services.owners import Owner
from app.services.record_detail import CompanyDetail, PersonDetail, RecordDetail
from app.ui.customers.fields import RecordFields
from app.ui.customers.leads import LeadRows
from app.ui.customers.portrait import PersonPortrait
from app.ui.customers.related import RelatedRows
from app.ui.customers.selection import RecordSelection
from app.ui.forms.dialog import scrolled, window_state
from app.ui.own.rows import OwnRows, Save
from app.ui.timeline.panel import TimelinePanel
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.field_row import see
from app.ui.widgets.link_lines import Link, LinkLine
from app.ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context

#: Tables whose rows stand in what is shown.
_CONCERNING = ("company", "person", "company_person", "contact_point", "address", "company_tag", "person_tag", "tag",
               "lead", "lead_person", "step", "note", "note_person", "member", "stage", "rate", "store_setting",
               "field", "field_option", "field_value")  # fmt: skip


class CustomerPanel(SidePanel):
    """Follows a selection of companies or of people.

    `asked(id)` asks for a command of the window, `opened(id)` for a lead, `recordOpened(entity, id)` for another
    record, `listAsked(entity, id, status)` for the list of its leads in a state; `closed` to be hidden, `left` is Esc.
    """

    asked = Signal(str)
    opened = Signal(object)
    recordOpened = Signal(object, object)
    listAsked = Signal(object, object, object)
    closed = Signal()

    def __init__(
        self, context: "Context", entity: Entity, *, closable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._entity = context, entity
        self._ids: Sequence[int] = ()
        self._shown: RecordDetail | None = None
        self._offered: Actions | None = None
        self._title, self._sub = QLabel(), QLabel()
        self.portrait = PersonPortrait(context) if entity is Entity.PERSON else None
        self.fields = RecordFields(context, entity)
        verbs = context.office.companies if entity is Entity.COMPANY else context.office.people
        save: Save = lambda record, own, since: verbs.edit_seen(record, {}, {"own": own}, since)  # noqa: E731
        self.own = OwnRows(context, entity, save)
        self.related = RelatedRows(context, entity)
        self.leads = LeadRows(context)
        self._timeline = TimelinePanel(context)
        self._hint = QLabel(
            tr("Select a company to see what is known of it.")
            if entity is Entity.COMPANY
            else tr("Select a person to see what is known of him or her.")
        )
        self.more = LinkLine(context.theme)
        self._stack = QStackedWidget(self)
        self._lay_out(closable)
        self._fold(window_state(context.settings).value(self._memory) != "true")
        self._connect()

    def _lay_out(self, closable: bool) -> None:
        """From the outside in: whatever moves to another parent is styled anew with all it holds."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        inner = QWidget()
        self._one = scrolled(inner)
        self._stack.addWidget(self._one)
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._context.theme.fit(self._hint, lambda: self._hint.setMargin(self._context.theme.px(18)))
        self._stack.addWidget(self._hint)
        self._stack.setCurrentWidget(self._hint)
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head(closable))
        box.addWidget(_line())
        box.addWidget(self.fields)
        box.addWidget(self.own)
        box.addLayout(self._more_line())
        for section in (self.related, self.leads, self._timeline):
            box.addWidget(_line())
            box.addWidget(section, 1 if section is self._timeline else 0)

    def _more_line(self) -> QHBoxLayout:
        line, px = QHBoxLayout(), self._context.theme.px
        self._context.theme.fit(self.more, lambda: line.setContentsMargins(px(12), 0, px(12), px(8)))
        line.addWidget(self.more)
        return line

    def _head(self, closable: bool) -> QWidget:
        head, names, px = QWidget(), QVBoxLayout(), self._context.theme.px
        row = QHBoxLayout(head)
        self._context.theme.fit(
            head, lambda: row.setContentsMargins(px(18), px(16), px(14), px(12)), lambda: row.setSpacing(px(12)),
            lambda: names.setSpacing(px(4)),
        )  # fmt: skip
        if self.portrait is not None:
            row.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        for label, kind in ((self._title, "title"), (self._sub, "muted")):
            label.setWordWrap(True)
            label.setProperty("kind", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            names.addWidget(label)
        self._sub.setMinimumWidth(1)
        names.addStretch()
        row.addLayout(names, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        edit = Button(self._context.theme, "", ButtonKind.FLAT, icon="edit", name=tr("Edit …"))
        edit.clicked.connect(lambda: self.asked.emit("edit"))
        self._context.allowed.keep(Act.CHANGE, edit)
        buttons.addWidget(edit)
        if closable:
            close = Button(self._context.theme, "", ButtonKind.FLAT, icon="close", name=tr("Close the panel"))
            close.clicked.connect(self.closed)
            buttons.addWidget(close)
        row.addLayout(buttons)
        row.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        return head

    def _connect(self) -> None:
        self.fields.asked.connect(self.asked)
        self.fields.leadOpened.connect(self.opened)
        self.leads.asked.connect(self.asked)
        self.leads.leadOpened.connect(self.opened)
        self.leads.listAsked.connect(self._ask_list)
        self.related.recordOpened.connect(self.recordOpened)
        self._context.bridge.changed.connect(self._on_change)
        self._context.wording.changed.connect(self._reword)

    @property
    def _memory(self) -> str:
        """Under which name it is remembered whether all fields are shown."""
        return f"panel/{self._entity}/all_fields"

    @property
    def folded(self) -> bool:
        """Whether fields that say nothing are not shown."""
        return self._folded

    def _switch_fold(self) -> None:
        self._fold(not self._folded)
        window_state(self._context.settings).setValue(self._memory, "false" if self._folded else "true")
        self._see_focus()

    def _fold(self, folded: bool) -> None:
        self._folded = folded
        self.fields.fold(folded)
        self.own.fold(folded)
        words = tr("More fields …") if folded else tr("Fewer fields")
        self.more.show_link(Link(words, act=self._switch_fold), "")

    @cached_property
    def _many(self) -> RecordSelection:
        """The page for several records, made when there are some for the first time."""
        page = RecordSelection(self._context, self._entity)
        page.asked.connect(self.asked)
        if self._offered is not None:
            page.offer(self._offered)
        self._several = scrolled(page)
        self._stack.addWidget(self._several)
        return page

    @property
    def shown_id(self) -> int | None:
        """The id of the record shown."""
        return self._shown.id if self._shown else None

    @property
    def title(self) -> str:
        """What the record shown is called; empty for none."""
        return self._shown.name if self._shown else ""

    def offer(self, actions: "Actions") -> None:
        """The commands that are offered for several records."""
        self._offered = actions

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen; None when it was not asked for here."""
        return self._many.menu_place() if len(self._ids) > 1 else None

    def show_records(self, ids: Sequence[int]) -> None:
        """Show the record chosen; of several what they sum up to, of none what the panel is for."""
        if self._shown is not None and tuple(ids) != (self._shown.id,):
            self.fields.leave()
            self.own.leave()
        self._ids = tuple(ids)
        if len(ids) == 1:
            self._load(ids[0])
            return
        self._shown = None
        if ids:
            self._many.show_records(self._ids)
            self._stack.setCurrentWidget(self._several)
        else:
            self._stack.setCurrentWidget(self._hint)

    def _to_note(self) -> None:
        self._timeline.focus_note()

    def _to_values(self) -> bool:
        if self._shown is not None:
            self.fields.focus_first()
        return self._shown is not None

    def _load(self, record_id: int, after: ChangeSet | None = None) -> None:
        records = self._context.office.records
        try:
            detail = (
                records.get(self._entity, record_id)
                if after is None
                else records.after(after, self._entity, record_id)
            )  # fmt: skip
        except NotFound:
            self.show_records(())
            return
        self._show(detail)

    def _show(self, detail: RecordDetail) -> None:
        if self.shown_id != detail.id:
            self._one.verticalScrollBar().setValue(0)
        self._shown = detail
        self._title.setText(detail.name)
        self._sub.setText(" · ".join(part for part in self._about(detail) if part))
        self._sub.setVisible(bool(self._sub.text()))
        if self.portrait is not None and isinstance(detail, PersonDetail):
            self.portrait.show_person(detail)
        for part in (self.fields, self.related, self.leads):
            part.show_record(detail)
        self.own.show_record(detail.id, detail.own, detail.step)
        see(self.more, self.fields.empty or self.own.empty)
        self._timeline.show_owner(Owner("company" if self._entity is Entity.COMPANY else "person", detail.id))
        self._stack.setCurrentWidget(self._one)

    def _about(self, detail: RecordDetail) -> Iterable[str]:
        if isinstance(detail, CompanyDetail):
            yield ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in detail.kinds)
        elif isinstance(detail, PersonDetail):
            known = detail.salutation in tuple(Salutation)
            spoken = tr(SALUTATION_LABELS[Salutation(detail.salutation)]) if known else detail.salutation
            yield " ".join(part for part in (spoken, detail.prefix) if part)
            for each in detail.related[:1]:
                yield f"{each.role}, {each.name}" if each.role else each.name
        yield tr("Archived") if detail.archived else ""

    def _ask_list(self, status: object) -> None:
        if self._shown is not None:
            self.listAsked.emit(self._entity, self._shown.id, status)

    def _on_change(self, change: ChangeSet) -> None:
        if self._shown is not None and change.concerns(*_CONCERNING):
            self._load(self._shown.id, change)

    def _reword(self) -> None:
        """The same facts on another day or in other colours."""
        if self._shown is not None:
            self._show(self._shown)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "hairline")
    line.setFixedHeight(1)
    return line
