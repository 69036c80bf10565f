"""The way back: what undo and redo would do stands in the menu and in the status bar, and why not where that is so."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.changes import ChangeSet
from app.core.i18n import Text, tr
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.jobs import Progress
    from app.ui.main_window import MainWindow

#: What is undone or redone next, and why not.
_Back = tuple[Text | None, Text | None]
_AFTER_FIRST_PAGE_MS = 150


class WayBack(QObject):
    """Undo and redo of a window, for as long as a store is open."""

    def __init__(self, window: "MainWindow", context: "Context", parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._context = window, context
        window.status.undone.connect(self.undo)
        context.allowed.changed.connect(self._ask)
        QTimer.singleShot(_AFTER_FIRST_PAGE_MS, self, self._ask)

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The commands by id."""
        return {"undo": self.undo, "redo": self.redo}

    def stop(self) -> None:
        """The store is about to be closed."""
        self._window.status.undone.disconnect(self.undo)

    def undo(self) -> None:
        """Take the last step back: in a job, since nobody knows beforehand how many leads it concerned."""
        self._go(Text("Undoing"), self._context.office.history.undo)

    def redo(self) -> None:
        """Bring it again."""
        self._go(Text("Doing it again"), self._context.office.history.redo)

    def _go(self, title: Text, verb: Callable[[], object]) -> None:
        self._context.jobs.start(Job(title, lambda _progress: verb(), writes=True, owner=self))

    def hear(self, change: ChangeSet, *, own: bool) -> None:
        """Something was written, by the person at work where it is `own`."""
        if own and change.kind != "undo":
            self._offer_undo(change.label)
        if own and change.kind == "do":
            self._offer_redo(None)
        elif own or change.everything:
            self._ask()

    def _ask(self) -> None:
        """In a thread: the first look loads what undoing needs, which takes its time."""
        office = self._context.office

        def work(_progress: "Progress") -> tuple[_Back, _Back]:
            history = office.history
            back, again = history.next_undo(), history.next_redo()
            return (back, back and history.why_not("undo")), (again, again and history.why_not("redo"))

        def done(found: tuple[_Back, _Back]) -> None:
            self._offer_undo(*found[0])
            self._offer_redo(*found[1])

        self._context.jobs.start(Job(Text("Looking for the last step"), work, done, quiet=True, owner=self))

    def _offer_undo(self, what: Text | None, why_not: Text | None = None) -> None:
        """In the menu and in the status bar, with what it takes back; in the menu alone where that is refused."""
        words = "" if what is None else tr("Undo: {what}", what=what)
        self._offer("undo", what, words, why_not)
        offered = words if why_not is None else ""
        keys = self._window.actions_.keys("undo")
        self._window.status.offer_undo(str(what) if offered else "", f"{offered} ({keys})" if offered else "")

    def _offer_redo(self, what: Text | None, why_not: Text | None = None) -> None:
        self._offer("redo", what, "" if what is None else tr("Redo: {what}", what=what), why_not)

    def _offer(self, id_: str, what: Text | None, words: str, why_not: Text | None) -> None:
        actions = self._window.actions_
        actions.enable({id_: what is not None})
        actions.refuse(id_, str(why_not or ""))
        actions.reword(id_, words)
