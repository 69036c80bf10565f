"""Giving somebody a password, another one, or none."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Text, ntr, tr
from app.services.passwords import SHORTEST
from app.services.team import Colleague
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form, Note
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context

_WIDTH = 420


class PasswordDialog(Dialog):
    """Asks for what is needed; `changed` when it was done. Nobody can undo it, and no password is shown."""

    changed = Signal()

    def __init__(
        self, context: "Context", member: Colleague, parent: QWidget | None = None, *, own: bool, remove: bool = False
    ) -> None:
        """`own`: the person at work, who has to know the current one. `remove`: there is to be none."""
        title = _title(member, remove=remove)
        super().__init__(context.theme, title, parent)
        self._context, self._member, self._remove = context, member, remove
        self._form = Form()
        self.current, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        note = Note("muted")
        note.say(self._explained())
        self.body.addWidget(note)
        if own and member.has_password:
            self._add("current", tr("Current password"), self.current)
        if not remove:
            rule = ntr("At least {n} character.", "At least {n} characters.", SHORTEST)
            self._add("password", tr("New password"), self.new, rule)
            self._add("again", tr("New password again"), self.again)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        do = self.add_buttons(tr("Remove password") if remove else tr("Set password"))
        do.clicked.connect(self.save)
        self.setMinimumWidth(context.theme.px(_WIDTH))

    def _explained(self) -> str:
        if self._remove:
            return tr("Then the program no longer asks for a password when somebody begins to work as “{name}”.",
                      name=self._member.name)  # fmt: skip
        return tr("The program asks for it when somebody begins to work as “{name}”. It cannot be read anywhere: who"
                  " forgets it gets a new one from an owner.", name=self._member.name)  # fmt: skip

    def _add(self, name: str, label: str, edit: QLineEdit, tip: str = "") -> None:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self._form.add(name, Field(label, edit, tip=tip)))

    def save(self) -> None:
        """Do it, or say in its field what is wrong."""
        new = None if self._remove else self.new.text()
        if not self._form.attempt(lambda: self._same(new)):
            return
        team, member, current = self._context.office.team, self._member.id, self.current.text() or None

        def done(_none: object) -> None:
            self.accept()
            self.changed.emit()

        work = lambda _progress: team.set_password(member, new, current)  # noqa: E731 - one expression for one thread
        self.carry_out(self._context.jobs, Job(Text("Saving"), work, done, self._form.take, owner=self))

    def _same(self, new: str | None) -> None:
        if new is not None and new != self.again.text():
            raise InvalidInput(Text("This is not the same password as above."), field="again")


def _title(member: Colleague, *, remove: bool) -> str:
    if remove:
        return tr("Remove the password of “{name}”", name=member.name)
    return tr("Password of “{name}”", name=member.name)
