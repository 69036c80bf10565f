"""*Daten*: on this device, or at a team's server: whether it answers, and the way there and back."""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QRadioButton, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.core.roles import ROLE_LABELS
from app.core.settings import TEAM
from app.services import team_home
from app.services.team_home import Address, Found
from app.services.teamwork import Membership, is_open_to_others, open_team
from app.ui.forms.field import Note
from app.ui.jobs import Job, Progress
from app.ui.launch import Coming
from app.ui.settings.server_fields import ServerFields
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context

_WIDEST = 460


class DataPage(QWidget):
    """Whoever works with a team fetches once what may be seen; what is on this device stays as it is."""

    _moved = Signal(int, int)

    def __init__(self, context: "Context", reopen: Callable[[Coming], object] | None) -> None:
        """`reopen(coming)` opens the window anew on what the settings say; without it nothing can be exchanged."""
        super().__init__()
        self._context, self._reopen = context, reopen
        self._store = context.office.store
        self._running: Progress | None = None
        self._busy, self._round = False, 0
        self.here = QRadioButton(tr("On this device"))
        self.there = QRadioButton(tr("Team server (PostgreSQL)"))
        self.fields = ServerFields(context)
        self._about, self.note = Note(), Note()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self.test = Button(context.theme, tr("Test connection"))
        self.use = Button(context.theme, tr("Use"), ButtonKind.PRIMARY)
        self.cancel = Button(context.theme, tr("Cancel"), ButtonKind.LINK)
        self._lay_out()
        (self.there if self._store.shared else self.here).setChecked(True)
        self.here.toggled.connect(lambda _on: self._show())
        self.test.clicked.connect(self._test)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self._stop)
        self._moved.connect(self._move)
        self._show()

    def _lay_out(self) -> None:
        px, box = self._context.theme.px, QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for button in (self.test, self.use, self.cancel):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        for widget in (self.here, self.there, self._about, self.fields, self.fields.form.general, self.note,
                       self._progress):  # fmt: skip
            widget.setMaximumWidth(px(_WIDEST))
            box.addWidget(widget)
        box.addLayout(row)
        box.addStretch()

    def _show(self) -> None:
        """What can be done as things stand."""
        busy, there = self._busy, self.there.isChecked()
        about = tr("You work with the data on this device.")
        if self._store.shared:
            about = tr("You work with the data of the team. Those on this device stay as they are.")
        if self._context.settings.is_lent(TEAM):
            about += " " + tr("The environment variable TRICHTER_DATABASE named a team for this start: what is chosen "
                              "here holds until the program ends.")  # fmt: skip
        self._about.say(about)
        self.fields.setVisible(there)
        for widget in (self.here, self.there, self.fields, self.test):
            widget.setEnabled(not busy)
        self.test.setVisible(there)
        self.use.setVisible(self._reopen is not None and (there or self._store.shared))
        self.use.setEnabled(not busy)
        for part in (self._progress, self.cancel):
            part.setVisible(busy)

    # Testing

    def _test(self) -> None:
        address = self._read()
        if address is not None:
            self._begin(Text("Testing the connection"), lambda _progress: team_home.look(address), self._found)

    def _found(self, found: Found) -> None:
        self.note.say(
            tr("Connected as {name} ({role}); the server answers in {n} ms.", name=found.name,
               role=tr(ROLE_LABELS[found.role]), n=found.milliseconds),
            "good",
        )  # fmt: skip

    def _read(self) -> Address | None:
        """The address that stands there, unless something is wrong with it or nobody wants to be listened to."""
        read: list[Address] = []
        self.note.say("")
        if not self.fields.form.attempt(lambda: read.append(self.fields.address())):
            return None
        address = read[0]
        return address if not is_open_to_others(address) or self._wants_no_secrets() else None

    def _wants_no_secrets(self) -> bool:
        question = Text("Connect without encryption?")
        details = Text(
            "Whoever is on the way between this device and the server can read everything then, and change it. That is "
            "for a network that nobody else can get into."
        )
        return self._context.dialogs.ask(question, details, [Text("Connect without encryption")]) == 0

    # Using

    def _use(self) -> None:
        if self.here.isChecked():
            self._context.settings[TEAM] = False
            self._open(Coming())
            return
        address = self._read()
        if address is None:
            return
        mine, local = Membership(address), self._store.local
        folder = mine.folder(self._context.office.folder)

        def work(progress: Progress) -> Address:
            def tell(done: int, total: int) -> None:
                progress.report(done, total)
                self._moved.emit(done, total)

            with closing(open_team(folder, mine, origin="window", local=local, tell=tell)):
                progress.report(0, 0)
            return address

        self._begin(Text("Fetching the data of the team"), work, self._go)

    def _go(self, address: Address) -> None:
        try:
            self._context.settings.change(team_home.settings_of(address))
        except TrichterError as error:  # it would hold until the program ends only
            self.note.say(str(error), "error")
            return
        self._open(Coming(password=address.password, keep=self.fields.keep.wanted))

    def _open(self, coming: Coming) -> None:
        if self._reopen is not None:
            self._reopen(coming)

    # Work under way

    def _begin(self, title: Text, work: Callable[[Progress], Any], then: Callable[[Any], object]) -> None:
        """In a thread; one thing at a time. What was cancelled comes to nothing, however it ends."""
        self._round += 1
        this = self._round
        self._busy = True

        def done(result: Any) -> None:
            if self._is_over(this):
                then(result)

        def failed(error: BaseException) -> None:
            if not isinstance(error, TrichterError):
                self._is_over(this)
                raise error
            if self._is_over(this):
                self.fields.form.refuse(error)

        self._progress.setRange(0, 0)
        self._progress.setAccessibleName(str(title))
        self._running = self._context.jobs.start(Job(title, work, done, failed, quiet=True, pool=True, owner=self))
        self.destroyed.connect(self._running.cancel)
        self._show()

    def _is_over(self, this: int) -> bool:
        """What runs came to its end; False if it is not wanted any more."""
        if this != self._round:
            return False
        self._busy = False
        self._show()
        return True

    def _move(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self._round += 1
        self._busy = False
        self.note.say(tr("Cancelled. Nothing was changed."))
        self._show()
