"""Whose value is to stand where two people changed the same one: asked in a form, told where a value stands."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.services.crossing_words import ToldCrossing, told
from app.services.crossings import Crossed

if TYPE_CHECKING:
    from app.ui.context import Context


def ask_whose(context: "Context", crossed: "Crossed") -> bool | None:
    """Whether the user's own values are to stand; False for those of the others, None for neither yet."""
    lines = [line for each in told(context.office.store, crossed) for line in _lines(context, each)]
    answers = [Text("Save mine"), Text("Keep the others'")]
    answer = context.dialogs.ask(crossed.title, Text("{value}", value="\n".join(lines)), answers)
    return None if answer is None else answer == 0


class Seen:
    """Values that are edited where they stand: whoever saves one is told first what others made of it since."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._since: dict[str, int] = {}

    def begin(self, key: str, step: int) -> None:
        """A value is about to be edited that was read after this step of the history."""
        self._since[key] = step

    def saving(self, key: str, verb: Callable[[int], object]) -> Callable[[], object]:
        """What carries out `verb(since)`, and raises InvalidInput once where somebody else changed the same."""

        def save() -> None:
            try:
                verb(self._since[key])
            except Crossed as crossed:
                self._since[key] = crossed.newest
                theirs = [_theirs(self._context, each) for each in told(self._context.office.store, crossed)]
                words = Text("{value}", value="; ".join(theirs) + ".")
                raise InvalidInput(words, Text("Save once more to replace it.")) from crossed

        return save


def _lines(context: "Context", crossing: ToldCrossing) -> list[str]:
    return [_theirs(context, crossing), tr("You: {change}", change="; ".join(map(str, crossing.mine)))]


def _theirs(context: "Context", crossing: ToldCrossing) -> str:
    when = "" if crossing.at is None else context.formats.instant(crossing.at, context.office.store.zone)
    who = ", ".join(part for part in (crossing.actor, when) if part) or tr("Somebody else")
    return f"{who}: {'; '.join(map(str, crossing.theirs))}"
