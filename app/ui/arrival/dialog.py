"""The question who is working: people to choose from, and a password where the one who is chosen has one."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Plural, Text, tr
from app.core.roles import Role
from app.ui.arrival.people import PeopleList
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.jobs import Job
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.arrival import Patience
    from app.services.team import Colleague
    from app.ui.jobs import Jobs, Progress

_WIDE, _LONGEST = 400, 1000
_TICK_MS = 250
_WRONG = Text("This password is not right.")
_FORGOTTEN = Text("If it is forgotten, an owner can set a new one in the settings under “Team”.")
_Key = Qt.Key
#: In the field for the password these still go through the people.
_THROUGH = frozenset({_Key.Key_Up, _Key.Key_Down, _Key.Key_PageUp, _Key.Key_PageDown})


class ArrivalDialog(Dialog):
    """Accepted with who was `chosen`, who has shown to be that; `asks_again` unless it is not to be asked any more."""

    def __init__(
        self,
        theme: Theme,
        people: "Sequence[Colleague]",
        proposed: int | None,
        is_password: Callable[[int, str], bool],
        jobs: "Jobs",
        patience: "Patience",
        parent: QWidget | None = None,
        *,
        at_work: int | None = None,
    ) -> None:
        """`is_password(member, typed)` takes its time, and is called in a job.

        Of who is `at_work` no password is asked, and whoever leaves the question leaves them at it; without anybody
        that ends the program.
        """
        super().__init__(theme, tr("Who is working?"), parent)
        self.setObjectName("arrival")
        self.setWindowIcon(theme.app_icon())
        self.chosen: int | None = None
        self._people = {one.id: one for one in people}
        self._is_password, self._jobs, self._patience = is_password, jobs, patience
        self._at_work = at_work
        self._checking = False
        self.list = PeopleList(theme, people, at_work=at_work)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(_LONGEST)
        self.password.installEventFilter(self)
        self.once = QCheckBox(tr("Do not ask again on this device"))
        self._form = Form()
        self._below = QStackedWidget()
        self._waiting = QTimer(self)
        self._waiting.setInterval(_TICK_MS)
        self._waiting.timeout.connect(self._wait)
        self._lay_out(at_work is None)
        self.list.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.list.taken.connect(self._go)
        self.list.clicked.connect(lambda _index: self._to_control())
        self.list.choose(proposed)
        self._show_chosen()
        self.resize(theme.px(_WIDE), self.sizeHint().height())

    @property
    def asks_again(self) -> bool:
        """Whether the next start is to ask as well."""
        return not (self.once.isChecked() and self._below.currentWidget() is self._straight)

    # Building

    def _lay_out(self, leaves: bool) -> None:
        self.body.addWidget(self.list)
        self._field = self._form.add("password", Field(tr("Password"), self.password))
        self._straight, self._nothing = QWidget(), QWidget()
        box = QVBoxLayout(self._straight)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.once)
        box.addStretch()
        for page in (self._field, self._straight, self._nothing):
            self._below.addWidget(page)
        self.body.addWidget(self._below)
        self.body.addWidget(self._form.general)
        self._leaves = leaves
        self._button = self.add_buttons(tr("Continue"), cancel=tr("Quit") if leaves else "")
        self._button.clicked.connect(self._go)

    # Choosing

    @property
    def _person(self) -> "Colleague | None":
        member = self.list.chosen
        return None if member is None else self._people[member]

    @property
    def _is_asked(self) -> bool:
        """Whether who is chosen has to show to be that."""
        person = self._person
        return person is not None and person.has_password and person.id != self._at_work

    def _show_chosen(self) -> None:
        """The field for the password, or what else can be said, and the keyboard where it is needed."""
        focused: QWidget | None = self.focusWidget()
        was_in = focused is None or self._below.isAncestorOf(focused)
        self.password.clear()
        self._form.settle()
        person = self._person
        if self._is_asked and person is not None:
            self._field.relabel(tr("Password of {name}", name=person.name))
            self._below.setCurrentWidget(self._field)
            self._wait()
        else:
            self._stop_waiting()
            self._below.setCurrentWidget(self._straight if self._leaves else self._nothing)
        if was_in or self._is_asked:
            self._to_control()

    def _to_control(self) -> None:
        (self.password if self._is_asked else self.list).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.password and isinstance(event, QKeyEvent) and event.key() in _THROUGH:
            if event.type() == QEvent.Type.KeyPress:
                QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)

    # Going on

    def _go(self) -> None:
        person = self._person
        if person is None or self._checking or not self._button.isEnabled():
            return
        if not self._is_asked:
            self._come_in(person.id)
        elif not self.password.text():
            self._form.attempt(_refuse_nothing)
        else:
            self._check(person.id, self.password.text())

    def _check(self, member: int, typed: str) -> None:
        def work(_progress: "Progress") -> bool:
            return self._is_password(member, typed)

        def done(right: bool) -> None:
            self._checking = False
            meant = member == self.list.chosen  # else somebody else was chosen meanwhile
            if right:
                self._patience.held()
                if meant:
                    self._come_in(member)
                return
            self._patience.failed()
            if meant:
                self._refuse()

        def failed(error: BaseException) -> None:
            self._checking = False
            self._form.take(error)

        self._checking = True
        job = Job(Text("Checking the password"), work, done, failed, pool=True, owner=self)
        self._jobs.start(job)

    def _come_in(self, member: int) -> None:
        self.chosen = member
        self.accept()

    def _wrong(self) -> InvalidInput:
        """What is said of a password that is not right, and the way out where there is one."""
        others = (one for one in self._people.values() if one.id != self.list.chosen)
        helped = any(one.role is Role.OWNER for one in others)
        return InvalidInput(_WRONG, _FORGOTTEN if helped else None, field="password")

    def _refuse(self) -> None:
        self._form.refuse(self._wrong())
        self.password.selectAll()
        self._wait()

    # After several wrong ones

    def _wait(self) -> None:
        """Nobody may try again before the time is over; meanwhile everything else goes on."""
        left = ceil(self._patience.left)
        if not left:
            self._stop_waiting()
            return
        self._button.setEnabled(False)
        words = Plural(
            "This password is not right. You can try again in {n} second.",
            "This password is not right. You can try again in {n} seconds.", n=left,
        )  # fmt: skip
        if self._field.said != str(words):
            self._field.refuse(InvalidInput(words))
        if not self._waiting.isActive():
            self._waiting.start()

    def _stop_waiting(self) -> None:
        if self._waiting.isActive() and self._field.refused:
            self._field.refuse(self._wrong())
        self._waiting.stop()
        self._button.setEnabled(True)


def _refuse_nothing() -> None:
    raise InvalidInput(Text("Please enter the password."), field="password")
