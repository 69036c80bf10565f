"""Other people's code on other people's data may raise anything: the one place that makes a value out of that.

For readers of foreign files (optional parts of them), the keyrings of systems, and the child process, which tells the
program what was raised. Whatever our own code raises is a mistake and belongs into the report window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.core.errors import TrichterError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Failure:
    """In place of a result: what was raised."""

    error: Exception

    @property
    def memory(self) -> bool:
        """Whether there was not enough memory."""
        return isinstance(self.error, MemoryError)

    @property
    def depth(self) -> bool:
        """Whether things were nested too deeply."""
        return isinstance(self.error, RecursionError)


def attempt(work: Callable[[], Result]) -> Result | Failure:
    """The result of `work`, or what it raised. What can be said in a sentence already (`TrichterError`) goes on."""
    try:
        return work()
    except TrichterError:
        raise
    except Exception as error:
        return Failure(error)
