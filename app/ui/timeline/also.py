"""Putting an e-mail that is here on a second lead."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.services.mail_files import Placed
from app.services.owners import Owner
from app.services.palette import EVERY_LEAD
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.names import NameEdit
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow
    from app.services.timeline import Entry
    from app.ui.context import Context

_OFFERED = 12
#: While somebody types nothing is looked for, in milliseconds.
_PATIENCE = 150


class LeadEdit(NameEdit):
    """Type what a lead is called; those that fit are offered, each with its company."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(self._known, parent)
        self._context = context
        self._offered: dict[str, int] = {}
        self._labels: list[str] = []
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._look)
        self.textEdited.connect(lambda _typed: self._timer.start())

    def lead(self) -> int:
        """The lead that was chosen. Raises InvalidInput where none was."""
        label = self.name()
        if label not in self._offered:
            raise InvalidInput(Text("Choose one of the leads that are offered."), field="lead")
        return self._offered[label]

    def _known(self, _typed: str) -> list[str]:
        return self._labels

    def _look(self) -> None:
        """On another thread: of many leads it takes a moment."""
        lists, typed = self._context.office.lists, self.name()
        if not typed or typed in self._offered:
            return
        query = replace(EVERY_LEAD, text=typed)
        work = lambda _progress: lists.rows(lists.first_ids(query, _OFFERED))  # noqa: E731 - for one thread
        then = lambda rows: self._offer(typed, rows)  # noqa: E731 - one expression
        self._context.jobs.start(Job(Text("Reading the list"), work, then, quiet=True, pool=True, owner=self))

    def _offer(self, typed: str, rows: "Sequence[LeadRow]") -> None:
        if typed != self.name():
            return
        self._labels = []
        for row in rows:
            label = self._free(" ".join(" · ".join(filter(None, (row.title, row.company))).split()))
            self._offered[label] = row.id
            self._labels.append(label)
        self.offer(typed)

    def _free(self, label: str) -> str:
        number, free = 1, label
        while free in self._labels:
            number += 1
            free = f"{label} ({number})"
        return free


class AlsoDialog(Dialog):
    """Asks for the lead and puts the mail there."""

    def __init__(self, context: "Context", entry: "Entry", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("E-mail also on another lead"), parent)
        self._context = context
        self._mail_id = entry.mail_id
        self.lead = LeadEdit(context)
        self._form = Form()
        self.body.addWidget(self._form.add("lead", Field(tr("Lead"), self.lead)))
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Put it there")).clicked.connect(self._done)
        self.resize(context.theme.px(460), context.theme.px(200))
        self.make_room()
        self.lead.setFocus()

    def _done(self) -> None:
        found: list[int] = []
        if not self._form.attempt(lambda: found.append(self.lead.lead())):
            return
        mails, mail, on = self._context.office.mail_files, self._mail_id, Owner("lead", found[0])
        work = lambda _progress: mails.put_also(mail, on)  # noqa: E731 - one expression for one thread
        self.carry_out(self._context.jobs, Job(Text("Saving"), work, self._put, failed=self._form.take, owner=self))

    def _put(self, placed: Placed) -> None:
        if not placed.note_ids:
            self._context.notify(placed.words)
        self.accept()
