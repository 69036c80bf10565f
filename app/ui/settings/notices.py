"""*Mein Profil → Benachrichtigungen*: of which dates one is reminded, at what time of day, in one window or singly."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import N_, Text, ntr, tr
from app.core.terms import Entity
from app.services.notice_choice import NoticeChoices, NoticeField
from app.ui.forms.field import Field, Note
from app.ui.jobs import Job
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.context import Context

_QUARTER = 15
_OF = {Entity.LEAD: N_("Leads"), Entity.COMPANY: N_("Companies"), Entity.PERSON: N_("People")}
#: What can be chosen of a date.
_CHOICES: tuple[tuple[bool | None, str], ...] = (
    (None, N_("where I am responsible")), (True, N_("of all")), (False, N_("never")),
)  # fmt: skip


class NoticesPage(QWidget):
    """What the member who works here chose."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._choices = NoticeChoices(context.office.store)
        self._note, self._problem = Note(), Note("error")
        self.time = ChoiceBox(long=True)
        self.time.setAccessibleName(tr("Time of day"))
        for minutes in range(0, 24 * 60, _QUARTER):
            self.time.addItem(context.formats.time(minutes), minutes)
        self.together = QCheckBox(tr("All dates of a day in one window"))
        self._rows = QVBoxLayout()
        self._lines: list[QWidget] = []
        self.fields: dict[int, ChoiceBox] = {}
        self._shown: tuple[NoticeField, ...] | None = None
        self._lay_out()
        self.time.activated.connect(lambda _row: self._set_time())
        self.together.clicked.connect(self._set_together)
        context.bridge.changed.connect(self._on_change)
        self.refresh()

    def _lay_out(self) -> None:
        px = self._context.theme.px
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        self._note.say(tr("Dates in own fields and birthdays can remind. Which of them do so, and how many days ahead,"
                          " is set under Own fields; here you choose what you want to hear of."))  # fmt: skip
        box.addWidget(self._note)
        box.addWidget(Field(tr("Time of day"), self.time))
        box.addWidget(self.together)
        self._rows.setSpacing(px(9))
        box.addLayout(self._rows)
        box.addWidget(self._problem)
        box.addStretch()

    def refresh(self) -> None:
        """Show what is chosen now."""
        user = self._context.office.store.actor_id
        try:
            chosen = None if user is None else self._choices.of(user)
        except NotFound:
            chosen = None
        self.setEnabled(chosen is not None)
        if chosen is None:
            self._problem.say(tr("Nobody of the agency is chosen to work here."), "error")
            return
        self._problem.say("", "error")
        if self.time.findData(chosen.time) < 0:
            self.time.addItem(self._context.formats.time(chosen.time), chosen.time)
        self.time.setCurrentIndex(self.time.findData(chosen.time))
        self.together.setChecked(chosen.together)
        if chosen.fields != self._shown:
            self._shown = chosen.fields
            self._offer(chosen.fields)

    def _offer(self, fields: tuple[NoticeField, ...]) -> None:
        for line in self._lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines, self.fields = [], {}
        if not fields:
            self._add(_words(tr("No date reminds yet.")))
        for field in fields:
            box = self.fields[field.id] = ChoiceBox()
            for wanted, label in _CHOICES:
                box.addItem(tr(label), wanted)
            box.setCurrentIndex([wanted for wanted, _label in _CHOICES].index(field.wanted))
            box.activated.connect(partial(self._choose, field.id))
            words = _words(_label_of(field))
            words.setBuddy(box)
            box.setAccessibleName(words.text())
            self._add(words)
            self._add(box)

    def _add(self, line: QWidget) -> None:
        self._lines.append(line)
        self._rows.addWidget(line)

    def _choose(self, field_id: int, row: int) -> None:
        self._do(lambda user: self._choices.choose(user, field_id, _CHOICES[row][0]))

    def _set_time(self) -> None:
        minutes = self.time.currentData()
        self._do(lambda user: self._choices.set_time(user, minutes))

    def _set_together(self, on: bool) -> None:
        self._do(lambda user: self._choices.set_together(user, on))

    def _do(self, verb: "Callable[[int], object]") -> None:
        user = self._context.office.store.actor_id
        if user is not None:
            job = Job(Text("Saving"), lambda _progress: verb(user), failed=self._refused, owner=self)
            self._context.jobs.write(job)

    def _refused(self, error: BaseException) -> None:
        self._shown = None
        self.refresh()
        self._problem.say(str(error), "error")

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("field", "field_notice", "member"):
            self.refresh()


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _label_of(field: NoticeField) -> str:
    ahead = ntr("{n} day ahead", "{n} days ahead", field.days) if field.days else tr("on the day")
    if field.is_birthday:
        return tr("Birthdays of contacts, {ahead}", ahead=ahead)
    return tr("{entity}: {field}, {ahead}", entity=tr(_OF[field.entity]), field=field.name, ahead=ahead)
