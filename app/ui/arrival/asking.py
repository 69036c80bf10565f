"""Asks who is working, above the window: at once where it is seen, else when somebody wants to see it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from app.core.settings import ASK_WHO, LAST_USER
from app.ui.arrival.dialog import ArrivalDialog
from app.ui.arrival.seen import Seen, is_seen

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.services.arrival import Arrival, Patience
    from app.services.office import Office
    from app.ui.jobs import Jobs
    from app.ui.main_window import MainWindow


class Asking(QObject):
    """One question, above a window. `decided(member)` tells who has shown to be that, `left` that nobody has.

    The settings remember who it was.
    """

    decided = Signal(int)
    left = Signal()

    def __init__(
        self, window: "MainWindow", office: "Office", arrival: "Arrival", settings: "Settings", jobs: "Jobs",
        patience: "Patience", at_work: int | None = None,
    ) -> None:  # fmt: skip
        """`at_work` is who works in the window already, and goes on if the question is left."""
        super().__init__(window)
        self._window, self._arrival, self._settings = window, arrival, settings
        self._office, self._jobs, self._patience, self._at_work = office, jobs, patience, at_work
        self.dialog: ArrivalDialog | None = None

    def begin(self) -> None:
        """Ask, or wait until the window is seen."""
        self._seen = Seen(self._window, self._look, self)
        if is_seen(self._window):
            self._ask()

    def _look(self) -> None:
        """The window was brought forward: the question is what is to be answered there."""
        if self.dialog is None:
            self._ask()
        else:
            self.dialog.raise_()
            self.dialog.activateWindow()

    def _ask(self) -> None:
        arrival = self._arrival
        self.dialog = dialog = ArrivalDialog(
            self._window.theme, arrival.people, arrival.proposed, self._office.team.is_password, self._jobs,
            self._patience, self._window, at_work=self._at_work,
        )  # fmt: skip
        dialog.finished.connect(self._finish)
        dialog.open()

    def _finish(self, result: int) -> None:
        dialog = self.dialog
        assert dialog is not None
        self._window.removeEventFilter(self._seen)
        dialog.deleteLater()
        self.deleteLater()
        if result != QDialog.DialogCode.Accepted or dialog.chosen is None:
            self.left.emit()
            return
        try:
            self._remember(dialog.chosen, dialog.asks_again)
        finally:  # what cannot be written holds all the same, and is told
            self.decided.emit(dialog.chosen)

    def _remember(self, member: int, asks_again: bool) -> None:
        name = next(one.name for one in self._arrival.people if one.id == member)
        values: dict[object, object] = {LAST_USER: name}
        if not asks_again:
            values[ASK_WHO] = False
        self._settings.change(values)  # type: ignore[arg-type]
