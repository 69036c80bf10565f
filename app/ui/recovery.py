"""What is offered when the data cannot be opened: the reason, a backup, or leaving everything as it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.errors import Damaged, NewerStore, TrichterError
from app.core.i18n import Text
from app.core.settings import TEAM
from app.services.backup import newest_good
from app.ui.dialogs import QtDialogs
from app.ui.launch import AT_START, Coming

if TYPE_CHECKING:
    from app.ui.jobs import Jobs
    from app.ui.launch import Launch
    from app.ui.main_window import MainWindow


def find_way_on(
    window: "MainWindow", error: TrichterError, launch: "Launch", jobs: "Jobs", go: Callable[[Coming], object]
) -> None:
    """The data cannot be opened: it goes on as who signs in at a team's server, or with a backup, else not at all."""
    if launch.settings[TEAM]:
        from app.ui.arrival.sign_in import ask_team

        ask_team(window, launch.settings, jobs, go, window.close, error)
    elif offer_recovery(window, error, launch):
        go(AT_START)
    else:
        window.close()


def offer_recovery(parent: QWidget, error: TrichterError, launch: "Launch") -> bool:
    """Say why the data could not be opened; whether a backup was put in their place."""
    dialogs = QtDialogs(parent)
    if not isinstance(error, Damaged | NewerStore):
        dialogs.tell(error.title, error.hint)
        return False
    newest = newest_good(launch.backup_folder())
    answers = [Text("Choose a backup …")]
    if newest is not None:
        moment = launch.formats.instant(newest.at, launch.zone())
        answers.insert(0, Text("Restore the backup of {moment}", moment=moment))
    details = Text("{hint} The data lie in {folder}.", hint=error.hint or "", folder=str(launch.folder))
    chosen = dialogs.ask(error.title, details, answers, cancel=Text("Quit"))  # there is nothing to show without them
    if chosen is None:
        return False
    file = newest.path if newest is not None and chosen == 0 else None
    if file is None:
        filters = [(Text("Backups"), "*.db"), (Text("All files"), "*")]
        file = dialogs.open_file(Text("Restore a backup"), filters, launch.backup_folder())
    if file is None:
        return False
    try:
        dialogs.tell(launch.restore(file))
    except TrichterError as refused:
        dialogs.tell(refused.title, refused.hint)
        return False
    return True
