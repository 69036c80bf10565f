"""Own fields edited in the cells of a list."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from app.core.i18n import tr
from app.services.own_fields import OwnField
from app.services.own_kinds import CHOSEN, OwnKind
from app.services.own_values import OwnValue
from app.ui.own.words import OwnWords, offered
from app.ui.tables.cell_edit import Edit

if TYPE_CHECKING:
    from app.ui.context import Context

_FIGURES = (OwnKind.NUMBER, OwnKind.AMOUNT)


def own_edit(
    context: "Context", field: OwnField, value: OwnValue, title: str, now: Callable[[], Any],
    save: Callable[[Any], object],
) -> Edit | None:  # fmt: skip
    """The value of a field of the record called `title`; None for a text of several lines, which no cell shows."""
    if isinstance(value, str) and "\n" in value:
        return None
    words = OwnWords(context)
    show = partial(words.typed, field)

    def told(value: Any) -> str:
        return words.shown(field, value) or tr("nothing")

    listed = field.kind in (*CHOSEN, OwnKind.FLAG)
    return Edit(
        field.name, title, value, show, lambda typed: words.read(field, typed, value), now, save, told,
        find=partial(offered, field) if listed else None, closed=field.kind in (OwnKind.CHOICE, OwnKind.FLAG),
        several=field.kind is OwnKind.CHOICES, right=field.kind in _FIGURES, hint=words.hint(field),
    )  # fmt: skip
