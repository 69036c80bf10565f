"""Who works for a company, or for which companies somebody works: opened, added, changed and removed in the panel."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.core.terms import Entity
from app.services.affiliations import Who
from app.services.record_detail import RecordDetail, Related
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.somebody import SomebodyEdit
from app.ui.jobs import Job
from app.ui.reach import copy, follow, target
from app.ui.widgets.link_lines import Link, LinkLine, LinkLines
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.services.companies import Companies
    from app.services.people import People
    from app.ui.context import Context

#: So many stand there at first.
_FEW = 8


class RelatedRows(QWidget):
    """The people of a company or the companies of a person. `recordOpened(entity, id)` asks for one of them."""

    recordOpened = Signal(object, object)

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__()
        self._context, self._entity = context, entity
        company = entity is Entity.COMPANY
        self._other = Entity.PERSON if company else Entity.COMPANY
        self._open_words = tr("Open the person") if company else tr("Open the company")
        self._detail: RecordDetail | None = None
        heading = QLabel(tr("People") if company else tr("Companies"))
        heading.setProperty("kind", "heading")
        self.lines = LinkLines(context.theme, heading.text(), _FEW)
        add = tr("Add person …") if company else tr("Add company …")
        self.add = LinkLine(context.theme)
        self._add_words = add
        context.allowed.changed.connect(self._permit)
        self._permit()
        self.lines.add_below(self.add)
        box, px = QVBoxLayout(self), context.theme.px
        context.theme.fit(
            box,
            lambda: box.setContentsMargins(px(12), px(11), px(12), px(9)),
            lambda: box.setSpacing(px(4)),
            lambda: heading.setIndent(px(6)),
        )
        box.addWidget(heading)
        box.addWidget(self.lines)

    def _permit(self) -> None:
        self.add.show_link(Link(f"+ {self._add_words}", act=self._context.deed(Act.CHANGE, self.ask)), "")
        self.add.setAccessibleName(self._add_words)

    @property
    def _verbs(self) -> "Companies | People":
        office = self._context.office
        return office.companies if self._entity is Entity.COMPANY else office.people

    def show_record(self, detail: RecordDetail) -> None:
        """Those of this record."""
        same, self._detail = self._detail is not None and self._detail.id == detail.id, detail
        self.lines.show_links([self._link(each) for each in detail.related], same=same)

    def _link(self, each: Related) -> Link:
        opened = partial(self.recordOpened.emit, self._other, each.id)
        offers: list[tuple[str, Callable[[], object]]] = [(self._open_words, opened)]
        call, letter = target("phone", each.phone), target("mail", each.mail)
        if call is not None:
            offers.append((tr("Call {number}", number=each.phone), partial(follow, self._context, call)))
        if letter is not None:
            offers.append((tr("Write to {address}", address=each.mail), partial(follow, self._context, letter)))
        change = self._context.deed(Act.CHANGE, partial(self.ask, each))
        remove = self._context.deed(Act.CHANGE, partial(self._remove, each))
        offers += [
            (tr("Copy"), partial(copy, self._context, each.name)),
            (tr("Change role …"), change),
            (tr("Remove from here"), remove),
        ]
        notes = " · ".join(part for part in (each.role, each.phone, each.mail) if part)
        return Link(each.name, notes, opened, offers, edit=change)

    def ask(self, known: Related | None = None) -> None:
        """Ask who is to be added, or what somebody `known` is there."""
        if self._detail is not None:
            RelatedDialog(self._context, self._entity, self._detail, known, self.window()).exec()

    def _remove(self, each: Related) -> None:
        if self._detail is not None:
            record, verbs = self._detail.id, self._verbs
            work = lambda _progress: verbs.unlink([record], each.id)  # noqa: E731 - one expression for one thread
            self._context.jobs.write(Job(Text("Saving"), work, owner=self))


class RelatedDialog(Dialog):
    """Asks for somebody and a role; who is not there yet is created. Of somebody `known` only the role."""

    def __init__(
        self, context: "Context", entity: Entity, detail: RecordDetail, known: Related | None, parent: QWidget | None
    ) -> None:
        company = entity is Entity.COMPANY
        words = (tr("Add person"), tr("Person")) if company else (tr("Add company"), tr("Company"))
        super().__init__(context.theme, tr("Change role") if known else words[0], parent)
        self._context, self._entity, self._record, self._known = context, entity, detail.id, known
        self._form = Form()
        about = QLabel(tr("{name} at {company}", name=known.name if company else detail.name,
                          company=detail.name if company else known.name) if known else detail.name)  # fmt: skip
        about.setProperty("kind", "muted")
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        self.body.addWidget(about)
        self._other = Entity.PERSON if company else Entity.COMPANY
        self.who = SomebodyEdit(context.office.somebodies, (self._other,), self._other)
        field = Field(words[1], self.who)
        self.who.follow(field)
        self.body.addWidget(self._form.add(self._other, field))
        field.setVisible(known is None)
        self.role = QLineEdit("" if known is None else known.role)
        self.role.setPlaceholderText(tr("Managing director"))
        share_undo(self.role)
        self.body.addWidget(self._form.add("role", Field(tr("Role"), self.role)))
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        (self.role if known else self.who).setFocus()
        self.resize(context.theme.px(420), context.theme.px(260))

    def _who(self) -> Who:
        """Whom it is about. Raises InvalidInput."""
        if self._known is not None:
            return self._known.id
        meant = self.who.value()
        if meant is None:
            raise InvalidInput(Text("Please enter a name."), field=self._other)
        return meant.who

    def _done(self) -> None:
        read = self._form.read({"who": self._who})
        if read is None:
            return
        who, role, office, record = read["who"], self.role.text(), self._context.office, self._record
        verbs: Companies | People = office.companies if self._entity is Entity.COMPANY else office.people
        work = lambda _progress: verbs.link([record], who, role)  # noqa: E731 - one expression for one thread
        self.carry_out(
            self._context.jobs, Job(Text("Saving"), work, lambda _done: self.accept(), self._form.take, owner=self)
        )
