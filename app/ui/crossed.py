"""The question whose value is to stand where two people changed the same one."""

from typing import TYPE_CHECKING

from app.core.i18n import Text, tr
from app.services.crossing_words import ToldCrossing, told

if TYPE_CHECKING:
    from app.services.crossings import Crossed
    from app.ui.context import Context


def ask_whose(context: "Context", crossed: "Crossed") -> bool | None:
    """Whether the user's own values are to stand; False for those of the others, None for neither yet."""
    lines = [line for each in told(context.office.store, crossed) for line in _lines(context, each)]
    answers = [Text("Save mine"), Text("Keep the others'")]
    answer = context.dialogs.ask(crossed.title, Text("{value}", value="\n".join(lines)), answers)
    return None if answer is None else answer == 0


def _lines(context: "Context", crossing: ToldCrossing) -> list[str]:
    when = "" if crossing.at is None else context.formats.instant(crossing.at, context.office.store.zone)
    who = ", ".join(part for part in (crossing.actor, when) if part) or tr("Somebody else")
    theirs, mine = ("; ".join(map(str, lines)) for lines in (crossing.theirs, crossing.mine))
    return [f"{who}: {theirs}", tr("You: {change}", change=mine)]
