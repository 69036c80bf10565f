"""Hearing that somebody of the team has written: a connection of its own that listens, else a look now and then."""

from time import monotonic
from typing import TYPE_CHECKING

from app.core.errors import TrichterError
from app.models.server.failures import answered
from app.models.server.link import Address, connected, cut
from app.models.server.schema import CHANNEL
from app.models.server.words import Row, run

if TYPE_CHECKING:
    from psycopg import Connection

#: Without a word from the server it is asked after this time all the same: a message may have got lost with the link.
_SECONDS = 10.0


#: A server that is away is asked for again after this time, each time twice as long, up to the other one.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
#: Long ago, but not as if it had never been missed.
_NOW = 0.0


class Ear:
    """Says whether there may be something new. Used by the thread that watches."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: Connection[Row] | None = None
        self._asked = float("-inf")
        self._again = float("-inf")
        self._wait = _FIRST_WAIT

    def heard(self) -> bool:
        """Whether to look now: somebody wrote, the link was made anew, or it is long since.

        Raises Unreachable when the server was asked in vain, NotAllowed when it lets the person in no more; until it is
        time to ask again there is nothing to hear.
        """
        if monotonic() < self._again:
            return False
        try:
            found = self._hear()
        except TrichterError:
            self.missed()
            raise
        self._wait, self._again = _FIRST_WAIT, float("-inf")
        return found

    def missed(self) -> None:
        """The server did not answer: wait before it is asked again."""
        self._again = monotonic() + self._wait
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
        self.close()

    def ask_now(self) -> None:
        """Do not wait any longer before the server is asked again."""
        if self.away:
            self._again, self._wait = _NOW, _FIRST_WAIT

    @property
    def away(self) -> bool:
        """Whether the server did not answer when it was asked last."""
        return self._again > float("-inf")

    def close(self) -> None:
        """Listen no more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def cut(self) -> None:
        """Let nobody wait any longer for an answer. From any thread."""
        cut(self._connection)

    def _hear(self) -> bool:
        if self._connection is None or self._connection.closed:
            self._listen()
            return self._note()
        with answered():
            some = [notice.channel for notice in self._connection.notifies(timeout=0)]
        return self._note() if some or monotonic() - self._asked > _SECONDS else False

    def _listen(self) -> None:
        self._connection = connected(self._address)
        with answered():
            run(self._connection, f"LISTEN {CHANNEL}")

    def _note(self) -> bool:
        self._asked = monotonic()
        return True
