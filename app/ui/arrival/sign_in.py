"""Signing in at a team's server: user name and password, where they are not known or not the right ones."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text, tr
from app.core.settings import TEAM, TEAM_DATABASE, TEAM_HOST, TEAM_USER
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form, Note
from app.ui.jobs import Job
from app.ui.launch import Coming
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.ui.jobs import Jobs
    from app.ui.main_window import MainWindow
    from app.ui.theme import Theme

_WIDTH, _LONGEST = 392, 1000


class SignInDialog(Dialog):
    """Accepted with who wants to come in; or with `here` where somebody would rather work on this device."""

    def __init__(
        self,
        theme: "Theme",
        settings: "Settings",
        jobs: "Jobs",
        error: TrichterError | None,
        parent: QWidget | None,
    ) -> None:
        """`error` is why one did not come in: it is said at the password, which is what can be changed about it."""
        super().__init__(theme, tr("Sign in at the team server"), parent)
        self.setObjectName("sign_in")
        self.here = False
        self.user, self.password = QLineEdit(settings[TEAM_USER]), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(_LONGEST)
        self.keep = KeepBox(jobs)
        self._form = Form()
        where = Note("muted")
        where.say(f"{settings[TEAM_HOST]} · {settings[TEAM_DATABASE]}")
        where.setMinimumWidth(theme.px(_WIDTH))  # one of the dialog's own would not let it grow with its buttons
        self.body.addWidget(where)
        self.body.addWidget(self._form.add("user", Field(tr("User name"), self.user)))
        self.body.addWidget(self._form.add("password", Field(tr("Password"), self.password)))
        self.body.addWidget(self.keep)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        instead = Button(theme, tr("Work on this device"))
        instead.setAutoDefault(False)
        instead.clicked.connect(self._stay_here)
        self.add_buttons(tr("Sign in"), left=[instead]).clicked.connect(self._go)
        self.password.setFocus()
        if error is not None:
            field = error.field if error.field in ("user", "password") else "password"
            self._form.refuse(InvalidInput(error.title, error.hint, field))

    @property
    def said(self) -> str:
        """What stands at the password."""
        return self._form["password"].said

    def _go(self) -> None:
        if self._form.attempt(self._look):
            self.accept()

    def _look(self) -> None:
        if not self.user.text().strip():
            raise InvalidInput(Text("Which user name is it?"), field="user")

    def _stay_here(self) -> None:
        self.here = True
        self.accept()


class KeepBox(QWidget):
    """Whether the system's keyring is to keep a password; where there is none it says what that means."""

    def __init__(self, jobs: "Jobs") -> None:
        super().__init__()
        from app.services.team_keys import usable

        self.box, self._note = QCheckBox(tr("Remember it in the system's keyring")), Note()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.box)
        column.addWidget(self._note)
        job = Job(
            Text("Looking for the keyring"), lambda _progress: usable(), self._show, quiet=True, pool=True, owner=self
        )
        jobs.start(job)

    def _show(self, there: bool) -> None:
        self.box.setEnabled(there)
        self.box.setChecked(there)
        if not there:
            self._note.say(tr("This system has no keyring that works: the password is asked for at each start."))

    @property
    def wanted(self) -> bool:
        """Whether it is to be kept."""
        return self.box.isEnabled() and self.box.isChecked()


def ask_team(
    window: "MainWindow", settings: "Settings", jobs: "Jobs", come_in: Callable[[Coming], object],
    leave: Callable[[], object] = lambda: None, error: TrichterError | None = None,
) -> None:  # fmt: skip
    """Ask who wants to come in, and note that in the settings; `leave` is called if nobody does."""
    dialog = SignInDialog(window.theme, settings, jobs, error, window)

    def finish(result: int) -> None:
        dialog.deleteLater()
        if result != QDialog.DialogCode.Accepted:
            leave()
        elif dialog.here:
            settings[TEAM] = False
            come_in(Coming())
        else:
            settings[TEAM_USER] = dialog.user.text().strip()
            come_in(Coming(password=dialog.password.text(), keep=dialog.keep.wanted))

    dialog.finished.connect(finish)
    dialog.open()
