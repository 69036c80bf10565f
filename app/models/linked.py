"""What a store needs of the team's server it is a replica of (`app.models.server`), which it does not know itself."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.models.recording import Home


#: Under which key of `store_setting` a replica keeps how far it has followed; no other store has it.
SEEN = "team:seen"
#: Under which one it keeps when it was last known to have everything.
FOLLOWED = "team:followed"
#: How those keys begin under which it keeps what waits for the server.
OUTBOX = "team:outbox:"


class Team(Protocol):
    """The team's side of every write."""

    def attach(self, store: "Home") -> None:
        """From now on the writing transactions of this store are turns."""

    def apart(self) -> AbstractContextManager[Any]:
        """Within it writing transactions are none: what they write belongs to this file alone."""

    def settle(self) -> None:
        """A write is over: what was begun on the server and did not come to its end is taken back."""

    def news(self) -> "Iterable[ChangeSet]":
        """What others did, as the last turn found it; told once."""

    def heard(self) -> bool:
        """Whether somebody may have written since the last look. Raises Unreachable."""

    def follow(self) -> bool:
        """Catch up without writing; whether there was anything. For whoever holds the store's writer."""

    @property
    def away(self) -> bool:
        """Whether the server did not answer when it was asked last."""

    def ask_now(self) -> None:
        """Do not wait any longer before a server that was away is asked again."""

    def missed(self) -> None:
        """The server did not answer somebody else who asked it on this device."""

    def cut(self) -> None:
        """Let nobody wait any longer for an answer of the server. From any thread."""

    def give_up(self) -> None:
        """A turn that is not wanted any more does not wait in line any longer. From any thread."""

    def close(self) -> None:
        """Give back the connections."""
