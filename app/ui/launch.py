"""What the window is given to begin with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.i18n import Text

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.core.settings import Settings
    from app.services.office import Office


@dataclass(frozen=True)
class Coming:
    """Who is to work in the window that is opened next: as at every start, unless `member` is there.

    That is who has shown already to be that person (`shown`), or who locked the window. `quietly`: who worked here last
    goes on unasked, unless there is a password to show. At a team's server it is the `password` that was typed (None:
    the one that is kept, if there is one), which is to be kept from then on or not.
    """

    member: int | None = None
    shown: bool = False
    quietly: bool = False
    password: str | None = field(default=None, repr=False)
    keep: bool = False


AT_START = Coming()


@dataclass(frozen=True)
class Launch:
    """What the window needs from outside to begin.

    `place`, in `folder` or the same, is what has one window. `zone()` is the time zone of the country, for
    what is said while no store is open. `held()` says whether another window may have the store open.
    `speak(language, country)` words everything anew and returns the formats.
    `open_office()` opens the store, making it if there is none; `furnish(office, name, initials, demo)` gives a new one
    its first member and perhaps demo data. `open_team(password, keep, tell)` opens the replica of a team instead, which
    has to be fetched the first time. `backup_folder()` is where backups go as the settings stand.
    `restore(file)` puts a backup in the place of the closed store and returns what to say. `begin_log()` begins the log
    and returns what the last start left of a hard crash, and what ends the log.
    `user` is as whom the command line asks to begin. `hidden`: it starts in the tray, as with the system.
    """

    folder: Path
    place: Path
    settings: "Settings"
    formats: "Formats"
    zone: Callable[[], tzinfo]
    has_store: Callable[[], bool]
    held: Callable[[], bool]
    speak: Callable[[str, str], "Formats"]
    open_office: Callable[[], "Office"]
    open_team: Callable[[str | None, bool, Callable[[int, int], object]], "Office"]
    backup_folder: Callable[[], Path]
    furnish: Callable[["Office", str, str, bool], None]
    restore: Callable[[Path], Text]
    begin_log: Callable[[], tuple[str | None, Callable[[], None]]]
    user: str | None = None
    hidden: bool = False
