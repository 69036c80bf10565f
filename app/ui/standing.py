"""Who works in the window and what they may see: said in the status bar, and followed when that becomes another."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import Text, tr
from app.core.roles import ROLE_LABELS, Role
from app.core.settings import LAST_USER
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.core.roles import Rights
    from app.services.office import Office
    from app.services.team import Colleague
    from app.ui.context import Context
    from app.ui.main_window import MainWindow

#: These see everything anyway; of the others it is said why there is less.
_PLAIN = (Role.OWNER, Role.FULL)


class Standing(QObject):
    """Lives as long as the store is open in the window. `hub("gone")` is told when the person is not in the team any
    more.
    """

    def __init__(self, window: "MainWindow", context: "Context", hub: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._context, self._hub = window, context, hub
        self._store = context.office.store
        self._rights = self._store.rights
        self._told = False
        context.bridge.changed.connect(self._on_change)

    def look(self) -> None:
        """Show who works here, and offer what can be done about it: nothing where there is one person alone."""
        office = self._context.office
        job = Job(Text("Looking who works here"), lambda _progress: _found(office), self._show, quiet=True, owner=self)
        self._context.jobs.start(job)
        self._follow(self._store.rights)

    def turn_of_day(self) -> None:
        """A day on which one stands in for somebody, or no longer: every view asks anew."""
        rights = self._store.rights
        if rights == self._rights:
            return
        label = Text("It is another day: you see other leads now.")
        self._store.feed.publish(
            ChangeSet(
                self._store.newest(), label, "do", self._store.origin, None, self._store.clock.now(), everything=True
            )
        )

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("member", "absence"):
            self.look()

    def _follow(self, rights: "Rights") -> None:
        """Who sees not even what is assigned to him- or herself is not there any more."""
        self._rights = rights
        if rights.whose is not None and rights.member not in rights.whose and not self._told:
            self._told = True
            QTimer.singleShot(0, self, lambda: self._hub("gone"))  # what told of it comes to its end first

    def _show(self, found: "tuple[Colleague | None, bool]") -> None:
        person, several = found
        has_password = person is not None and person.has_password
        self._window.actions_.enable({"colleagues": several, "password": has_password})
        self._window.status.show_who(_worded(person) if person is not None and (several or has_password) else "")
        settings = self._context.settings
        if person is not None and several and settings[LAST_USER] != person.name:  # the next start knows the name
            self._context.do(lambda: settings.change({LAST_USER: person.name}))


def _found(office: "Office") -> "tuple[Colleague | None, bool]":
    """Who works here, and whether others could."""
    from app.services.setup import several

    member = office.store.actor_id
    try:
        person = None if member is None else office.team.one(member)
    except NotFound:
        person = None
    return person, several(office.store)


def _worded(person: "Colleague") -> str:
    if person.role in _PLAIN:
        return person.name
    return tr("{name} · {role}", name=person.name, role=tr(ROLE_LABELS[person.role]))
