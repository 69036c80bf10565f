"""What every command is given."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import Clock
from app.core.format import Formats

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True)
class Desk:
    """Where the data lie, how things are worded, and how a store is opened.

    `open` opens the store of a folder, making one with the usual stages if there is none; `exists` tells before.
    """

    folder: Path
    backup_folder: Path
    formats: Formats
    clock: Clock
    user: str | None
    exists: Callable[[Path], bool]
    open: Callable[[Path], "Store"]

    @contextmanager
    def reading(self) -> Iterator["Store"]:
        """The store, for a command that only reads. A folder without data answers like an empty store, and stays empty.

        Raises NotFound when `--user` names nobody.
        """
        if self.exists(self.folder):
            with self._opened(self.folder) as store:
                self._choose(store, make=False)
                yield store
            return
        with tempfile.TemporaryDirectory(prefix="trichter-") as place, self._opened(Path(place)) as store:
            yield store

    @contextmanager
    def writing(self) -> Iterator["Store"]:
        """The store, for a command that changes it; made if there is none, like the member that `--user` names."""
        with self._opened(self.folder) as store:
            self._choose(store, make=True)
            yield store

    @contextmanager
    def _opened(self, folder: Path) -> Iterator["Store"]:
        store = self.open(folder)
        try:
            yield store
        finally:
            store.close()

    def _choose(self, store: "Store", *, make: bool) -> None:
        if self.user is not None:
            from app.cli.people import member_named

            store.actor_id = member_named(store, self.user, make=make)
