"""The detail panel: what is known of the lead chosen in the list, editable in its place."""

from collections.abc import Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import tr
from app.core.roles import Act
from app.core.terms import CLOSED, Entity, Status
from app.services.lead_detail import LeadDetail
from app.services.owners import Owner
from app.ui.detail.fields import DetailFields
from app.ui.detail.gate import GateBox
from app.ui.detail.people import PeopleBox
from app.ui.detail.selection import SelectionPage
from app.ui.detail.stage_bar import StageBar
from app.ui.forms.dialog import scrolled
from app.ui.timeline.panel import TimelinePanel
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow
from app.ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context


_ENDS = ("won", "lost", "dropped")
#: Tables whose rows a lead names.
_NAMED = ("stage", "member", "company", "person", "source", "reason", "tag", "rate", "store_setting",
          "stage_check", "lead_person", "absence")  # fmt: skip


class DetailPanel(SidePanel):
    """Follows a selection. `asked(id)` asks for a command of the window, `closed` to be hidden, `left` is Esc.

    `recordAsked(entity, id)` asks for a company or person.
    """

    asked = Signal(str)
    recordAsked = Signal(object, int)
    closed = Signal()

    def __init__(self, context: "Context", *, closable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._details = context.details
        self._ids: Sequence[int] = ()
        self._shown: LeadDetail | None = None
        self._title = QLabel()
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._sub = QLabel()
        self._sub.setProperty("kind", "muted")
        self._sub.setWordWrap(True)
        self._sub.setMinimumWidth(1)
        self._sub.setTextFormat(Qt.TextFormat.RichText)
        self._sub.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)  # the keyboard: by the fields
        self._sub.linkActivated.connect(self._open)
        self._stages = StageBar(context)
        self._gate = GateBox(context)
        self._people = PeopleBox(context)
        self._fields = DetailFields(context)
        self._buttons: dict[str, Button] = {}
        self._hint = QLabel(tr("Select a lead to see what is known of it."))
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        context.theme.fit(self._hint, lambda: self._hint.setMargin(context.theme.px(18)))
        self._stack = QStackedWidget(self)
        self._offered: Actions | None = None
        self._lay_out(closable)
        self._fields.stepAsked.connect(lambda: self.asked.emit("next_step"))
        self._fields.recordAsked.connect(self.recordAsked)
        self._people.recordAsked.connect(self.recordAsked)
        context.wording.changed.connect(self._reword)
        context.bridge.changed.connect(self._on_change)
        self.show_leads(())

    def _lay_out(self, closable: bool) -> None:
        """From the outside in: whatever moves to another parent is styled anew with all it holds."""
        px = self._context.theme.px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._inner = inner = QWidget()
        self._one = scrolled(inner)
        self._stack.addWidget(self._one)
        self._stack.addWidget(self._hint)
        self._box = box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = QVBoxLayout()
        box.addLayout(head)
        self._context.theme.fit(
            head, lambda: head.setContentsMargins(px(18), px(16), px(14), px(12)), lambda: head.setSpacing(px(4))
        )
        first = QHBoxLayout()
        first.addWidget(self._title, 1, Qt.AlignmentFlag.AlignTop)
        edit = Button(self._context.theme, "", ButtonKind.FLAT, icon="edit", name=tr("Edit …"))
        edit.clicked.connect(lambda: self.asked.emit("edit"))
        self._context.allowed.keep(Act.CHANGE, edit)
        first.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        if closable:
            close = Button(self._context.theme, "", ButtonKind.FLAT, icon="close", name=tr("Close the panel"))
            close.clicked.connect(self.closed)
            first.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(first)
        head.addWidget(self._sub)
        head.addSpacing(px(6))
        head.addWidget(self._stages)
        head.addSpacing(px(4))
        head.addWidget(self._verbs())
        box.addWidget(self._gate)
        box.addWidget(_line())
        box.addWidget(self._fields)
        box.addWidget(_line())
        box.addWidget(self._people)
        box.addWidget(_line())

    @cached_property
    def _timeline(self) -> TimelinePanel:
        """What stands below all else, made when it is needed for the first time."""
        made = TimelinePanel(self._context, self._inner)
        self._box.addWidget(made, 1)
        return made

    def complete(self) -> None:
        """Make the timeline, too, before a lead is shown: each takes as long as several repaints."""
        assert self._timeline is not None

    @cached_property
    def _many(self) -> SelectionPage:
        """The page for several leads, made when there are some for the first time."""
        page = SelectionPage(self._context)
        page.asked.connect(self.asked)
        if self._offered is not None:
            page.offer(self._offered)
        self._several = scrolled(page)
        self._stack.addWidget(self._several)
        return page

    def _verbs(self) -> QWidget:
        """What leads on has a line of its own, the ways to end share one."""
        px = self._context.theme.px
        box, ends = QWidget(), QWidget()
        column, row = QVBoxLayout(box), Flow(ends)
        column.setContentsMargins(0, 0, 0, 0)
        self._context.theme.fit(box, lambda: column.setSpacing(px(7)), lambda: row.setSpacing(px(7)))
        verbs = (
            ("activate", tr("Activate"), ButtonKind.PRIMARY, "play"),
            ("won", tr("Won"), ButtonKind.WON, "check"),
            ("lost", tr("Lost"), ButtonKind.LOST, ""),
            ("dropped", tr("Dropped"), ButtonKind.PLAIN, ""),
            ("reopen", tr("Open again"), ButtonKind.PLAIN, "undo"),
        )
        for id_, label, kind, icon in verbs:
            button = Button(self._context.theme, label, kind, icon=icon, small=id_ in _ENDS)
            button.clicked.connect(lambda _on=False, id_=id_: self.asked.emit(id_))
            self._context.allowed.keep(Act.CHANGE, button)
            self._buttons[id_] = button
            (row if id_ in _ENDS else column).addWidget(button)
        column.insertWidget(1, ends)
        return box

    @property
    def shown_id(self) -> int | None:
        """The id of the lead shown."""
        return self._shown.row.id if self._shown else None

    @property
    def title(self) -> str:
        """The title of the lead shown; empty for none."""
        return self._shown.row.title if self._shown else ""

    def show_leads(self, ids: Sequence[int]) -> None:
        """Show the lead chosen; of several what they sum up to, of none what the panel is for."""
        if self._shown is not None and tuple(ids) != (self._shown.row.id,):
            self._fields.leave()
            self._people.leave()
        self._ids = tuple(ids)
        if len(ids) == 1:
            if self.shown_id != ids[0]:  # what changes of the one that is shown is told by the feed
                self._load(ids[0])
            return
        self._shown = None
        if ids:
            self._many.show_leads(self._ids)
            self._stack.setCurrentWidget(self._several)
        else:
            self._stack.setCurrentWidget(self._hint)

    def offer(self, actions: "Actions") -> None:
        """The commands that are offered for several leads."""
        self._offered = actions

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen; None when it was not asked for here."""
        return self._many.menu_place() if len(self._ids) > 1 else None

    def _to_note(self) -> None:
        self._timeline.focus_note()

    def _to_values(self) -> bool:
        if self._shown is not None:
            self._fields.focus_first()
        return self._shown is not None

    def _load(self, lead_id: int, after: ChangeSet | None = None) -> None:
        try:
            detail = self._details.get(lead_id, events=0) if after is None else self._details.after(after, lead_id)
        except NotFound:
            self.show_leads(())
            return
        self._show(detail)

    def _show(self, detail: LeadDetail) -> None:
        if self.shown_id != detail.row.id:
            self._one.verticalScrollBar().setValue(0)
        self._shown = detail
        row = detail.row
        self._title.setText(row.title)
        since = "" if row.activated_on is None else tr("Lead since {day}", day=row.activated_on)
        parts = (
            self._link(Entity.COMPANY, row.company_id, row.company),
            self._link(Entity.PERSON, row.person_id, row.person),
            escape(since),
        )
        self._sub.setText(" · ".join(part for part in parts if part))
        self._sub.setAccessibleName(" · ".join(part for part in (row.company, row.person, since) if part))
        self._sub.setVisible(bool(self._sub.text()))
        self._stages.setVisible(row.status == Status.ACTIVE)
        self._stages.show_lead(detail)
        self._gate.show_lead(detail)
        self._fields.show_lead(detail)
        self._people.show_lead(detail)
        self._timeline.show_owner(Owner("lead", row.id))
        closed = row.status in CLOSED
        for id_, button in self._buttons.items():
            button.setVisible({"activate": row.status == Status.POTENTIAL, "reopen": closed}.get(id_, not closed))
        self._stack.setCurrentIndex(0)

    def _link(self, entity: Entity, id_: int | None, name: str | None) -> str:
        """A name that leads to the record."""
        if id_ is None or not name:
            return ""
        colour = self._context.theme.colour("muted").name()
        return f"<a href='{entity.value}:{id_}' style='color:{colour}'>{escape(name)}</a>"

    def _open(self, link: str) -> None:
        entity, _, id_ = link.partition(":")
        self.recordAsked.emit(Entity(entity), int(id_))

    def _on_change(self, change: ChangeSet) -> None:
        if self.shown_id in change.touched or change.concerns(*_NAMED):
            self._reload(change)

    def _reload(self, change: ChangeSet) -> None:
        if self._shown is not None:
            self._load(self._shown.row.id, change)

    def _reword(self) -> None:
        """The same facts on another day or in other colours."""
        if self._shown is not None:
            self._show(self._shown)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "hairline")
    line.setFixedHeight(1)
    return line
