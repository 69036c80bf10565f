"""One tree of what can go wrong and be said in a sentence.

Whatever is not a `TrichterError` is a mistake of ours and ends in the report window.
"""

from app.core.i18n import Text


class TrichterError(Exception):
    """Something the user can understand: `title` says what happened, `hint` what to do, `field` where."""

    def __init__(self, title: Text, hint: Text | None = None, field: str | None = None) -> None:
        super().__init__(title.message)
        self.title = title
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return f"{self.title} {self.hint}" if self.hint else str(self.title)


class InvalidInput(TrichterError):
    """What was typed or imported makes no sense; `field` names where."""


class NotFound(TrichterError):
    """The thing is gone: deleted elsewhere, or never was."""


class Conflict(TrichterError):
    """Someone else changed the same value since."""


class NotAllowed(TrichterError):
    """The person has no right to do this."""


class Cancelled(TrichterError):
    """The user stopped a long piece of work; nothing of it was kept."""


class StorageError(TrichterError):
    """The data could not be read or written; nothing was half-done."""


class DiskFull(StorageError):
    """No room left."""


class ReadOnly(StorageError):
    """The folder or file may not be written."""


class Locked(StorageError):
    """Another program holds the data."""


class Unreachable(StorageError):
    """The team's server does not answer; what was read from it before can still be read."""


class Outdated(StorageError):
    """What was fetched from the team's server serves no more, and is to be fetched anew."""


class Damaged(StorageError):
    """The file is not what it should be; it is kept as it is."""


class NewerStore(StorageError):
    """The data was written by a newer version of the program."""
