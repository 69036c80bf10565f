"""What every command is given."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.signing import SignIn
from app.core.clock import Clock
from app.core.errors import Damaged, InvalidInput, NewerStore, NotAllowed, NotFound, StorageError
from app.core.format import Formats
from app.core.i18n import Text
from app.models import place

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.teamwork import Membership


@dataclass(frozen=True)
class Desk:
    """Where the data lie, how things are worded, and how a store is opened.

    `open` opens the store of a folder for whom `--user` names, else for who worked there last, making one with the
    usual stages if there is none; `exists` tells before. `day_at` is the minute of the day at which steps
    without a time remind. `team` is set where the data are a replica of a team's server. `facts` are what a new store
    or team begins with. `sign_in` asks whoever has a password for it.
    """

    folder: Path
    backup_folder: Path
    formats: Formats
    clock: Clock
    user: str | None
    exists: Callable[[Path], bool]
    open: Callable[[Path], "Store"]
    day_at: int
    team: "Membership | None" = None
    facts: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn = field(default_factory=SignIn)

    @contextmanager
    def reading(self) -> Iterator["Store"]:
        """The store, for a command that only reads. A folder without data answers like an empty store, and stays empty.

        Raises NotFound when `--user` names nobody, NotAllowed without the password of who has one, StorageError.
        """
        if self.exists(self.folder):
            with self._own() as store:
                self._refuse_newcomer(store)
                self._look_who_it_is(store)
                if self.team is not None:
                    from app.cli.membership import tell_missed

                    tell_missed(self.team, store, self.formats)
                yield store
            return
        with tempfile.TemporaryDirectory(prefix="trichter-") as place, self._opened(Path(place)) as store:
            self._refuse_newcomer(store)
            yield store

    @contextmanager
    def writing(self) -> Iterator["Store"]:
        """The store, for a command that changes it; made if there is none.

        Whom `--user` names the command makes with what it writes (`newcomer`), so that a failed one leaves nobody.
        Raises InvalidInput for a name that nobody can bear, NotAllowed without the password of who has one, Unreachable
        where the data are a team's and its server does not answer.
        """
        if self.user is not None:
            from app.services.catalogue import checked_name

            checked_name("member", self.user)
        self.warn()
        with self._own() as store:
            if self.team is not None and self.team.missed is not None:
                raise self.team.missed
            self._look_who_it_is(store)
            yield store

    def warn(self) -> None:
        """Say on standard error what must be known before anything is written: that the data lie on a network drive."""
        from app.services.lock import drive_warning

        if (warning := drive_warning(self.folder)) is not None:
            print(warning, file=sys.stderr)

    def newcomer(self, store: "Store") -> str | None:
        """The name that `--user` gives, if nobody bears it yet."""
        from app.cli.people import member_named

        return self.user if self.user is not None and member_named(store, self.user) is None else None

    def _refuse_newcomer(self, store: "Store") -> None:
        if (name := self.newcomer(store)) is not None:
            raise NotFound(Text("There is nobody called “{name}”.", name=name))

    def check_folder(self) -> None:
        """Raises InvalidInput where the data folder is none."""
        if self.folder.exists() and not self.folder.is_dir():
            raise InvalidInput(
                Text("“{path}” is a file, not a folder of data.", path=str(self.folder)),
                Text("Please give --data a folder."),
            )

    def renew(self) -> None:
        """Fetch the replica of a team anew if there is one: the truth is on the server. Raises Locked, Unreachable."""
        from app.cli.membership import ask_for_password, fetching
        from app.services.teamwork import renew

        if self.team is None or not place.exists(self.folder):
            return
        try:
            renew(self.folder, self.team, tell=fetching(self.folder))
        except NotAllowed as error:
            ask_for_password(self.team, error)
            renew(self.folder, self.team, tell=fetching(self.folder))

    def _look_who_it_is(self, store: "Store") -> None:
        """A team's server has done that; else whoever has a password shows it."""
        if self.team is None:
            self.sign_in.check(store)

    @contextmanager
    def _own(self) -> Iterator["Store"]:
        """The store of the data folder; if it turns out to be damaged or newer, it and its newest backup are named."""
        try:
            with self._opened(self.folder) as store:
                yield store
        except (Damaged, NewerStore) as error:
            raise self._with_way_back(error) from error

    def _with_way_back(self, error: StorageError) -> StorageError:
        from app.models.place import store_file
        from app.services.backup import newest_good

        if self.team is not None:
            return type(error)(
                error.title, Text("The copy of the team's data is fetched anew by: trichter check --repair")
            )
        told = {"hint": error.hint or "", "file": str(store_file(self.folder))}
        newest = newest_good(self.backup_folder)
        if newest is None:
            folder = str(self.backup_folder)
            hint = Text("{hint} The file is {file}. There is no good backup in {folder}.", folder=folder, **told)
        else:
            backup = str(newest.path)
            hint = Text(
                "{hint} The file is {file}. The newest good backup, for “restore”: {backup}", backup=backup, **told
            )
        return type(error)(error.title, hint)

    @contextmanager
    def _opened(self, folder: Path) -> Iterator["Store"]:
        store = self._open(folder)
        try:
            yield store
        finally:
            store.close()

    def _open(self, folder: Path) -> "Store":
        if self.team is None:
            return self.open(folder)
        from app.cli.membership import ask_for_password

        try:
            return self.open(folder)
        except NotAllowed as error:
            ask_for_password(self.team, error)
        return self.open(folder)
