"""What a server answers when it refuses, told by its code and never by its words, as errors a person can read."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import DiskFull, Locked, NotAllowed, ReadOnly, TrichterError, Unreachable
from app.core.i18n import Text

_UNCHANGED = Text("Nothing was changed.")
_AWAY = Text("The team's server cannot be reached.")
_KEPT = Text("Nothing was changed. What was read before can still be read.")
#: By the code of the error, or the class it belongs to.
_KINDS: dict[str, tuple[type[TrichterError], Text, Text]] = {
    "08": (Unreachable, _AWAY, _KEPT),
    "57P": (Unreachable, _AWAY, _KEPT),  # it is being stopped, or ended this connection
    "57014": (Unreachable, Text("The team's server did not answer in time."), _KEPT),
    "25P03": (Unreachable, Text("The team's server did not answer in time."), _KEPT),
    "53100": (DiskFull, Text("The disk of the team's server is full."), _UNCHANGED),
    "53": (Unreachable, Text("The team's server has no room for another connection."), _KEPT),
    "55P03": (Locked, Text("Somebody else of the team is writing for a long time."), Text("Please try again.")),
    "40": (Locked, Text("Somebody else of the team was writing at the same moment."), Text("Please try again.")),
    "42501": (NotAllowed, Text("You may not do this."), _UNCHANGED),
    "25006": (ReadOnly, Text("The team's server only lets itself be read at the moment."), _UNCHANGED),
    "28000": (NotAllowed, Text("The team's server does not let this user name in, or not in this way."), _UNCHANGED),
    "28": (NotAllowed, Text("The team's server does not know this user name with this password."), _UNCHANGED),
    "3D000": (Unreachable, Text("The team's server has no such database."), _UNCHANGED),
}


def server_error(error: BaseException) -> TrichterError | None:
    """What an error of psycopg means, or None if it is a mistake of ours."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    code = error.sqlstate
    if code is None:  # it did not come to an answer of the server
        gone = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
        return Unreachable(_AWAY, _KEPT) if gone else None
    return by_code(code)


def by_code(code: str) -> TrichterError | None:
    """What a code of PostgreSQL means, or None for one that comes of a mistake of ours."""
    for length in (5, 3, 2):
        if code[:length] in _KINDS:
            kind, title, hint = _KINDS[code[:length]]
            return kind(title, hint)
    return None


@contextmanager
def answered() -> Iterator[None]:
    """Within it, errors of the server become errors of `app.core.errors`."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        known = server_error(error)
        if known is None:
            raise
        raise known from error
