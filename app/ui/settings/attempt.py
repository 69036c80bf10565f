"""Carrying out what a card of the settings asks for: what is refused is said right there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context


def attempt(
    context: "Context",
    owner: QWidget,
    verb: Callable[[], Any],
    say: Callable[[TrichterError | None], object],
    then: Callable[[Any], object] = lambda _result: None,
) -> bool:
    """Carry out a verb for `owner`; `say` hears what it refuses, or None. Whether nothing is refused so far."""
    refused: list[TrichterError] = []

    def done(result: Any) -> None:
        say(None)
        then(result)

    def failed(error: BaseException) -> None:
        if not isinstance(error, TrichterError):
            raise error
        refused.append(error)
        say(error)

    context.jobs.write(Job(Text("Saving"), lambda _progress: verb(), done, failed, owner=owner))
    return not refused
