"""The values of own fields as they are shown, and as they are typed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core import parse
from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.format import NBSP
from app.core.i18n import N_, Text, tr
from app.core.money import Money
from app.services.csv_format import joined_tags, split_tags
from app.services.own_fields import OwnField
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, tidy

if TYPE_CHECKING:
    from app.ui.context import Context

#: What stands for yes and no, beside what they are called.
_YES, _NO = ("yes", "ja", "true", "wahr", "1", "x", "y", "j"), ("no", "nein", "false", "falsch", "0", "n")
_HINTS = {
    OwnKind.AMOUNT: "25k", OwnKind.DAY: N_("31.12., mo, +2w"), OwnKind.LINK: "www.example.com",
    OwnKind.FLAG: N_("yes or no"),
}  # fmt: skip


class OwnWords:
    """Shows and understands values in the manner of the country."""

    def __init__(self, context: "Context") -> None:
        self._context = context

    def shown(self, field: OwnField, value: OwnValue) -> str:
        """A value in words; nothing for None."""
        match value:
            case bool():
                return tr("yes") if value else tr("no")
            case int():
                return field.names.get(value, "")
            case tuple():
                return ", ".join(field.names.get(option, "") for option in value)
            case str():
                return value
        return self._figure(field, value)

    def typed(self, field: OwnField, value: OwnValue) -> str:
        """A value in words that `read` takes again."""
        if isinstance(value, tuple):
            return joined_tags(field.names.get(option, "") for option in value)
        return self.shown(field, value)

    def _figure(self, field: OwnField, value: Decimal | Money | date | None) -> str:
        formats = self._context.formats
        unit = f"{NBSP}{field.unit}" if isinstance(value, Decimal) and field.unit else ""
        return formats.money(value) if isinstance(value, Money) else formats.show(value) + unit

    def hint(self, field: OwnField) -> str:
        """What stands in the empty field."""
        return tr(_HINTS[field.kind]) if field.kind in _HINTS else ""

    def read(self, field: OwnField, typed: str, before: OwnValue = None) -> OwnValue:
        """A value as somebody typed it; None for nothing. An amount is in the currency it was in `before`.

        Raises InvalidInput in words for a person.
        """
        words = typed.strip()
        if not words:
            return None
        if field.kind in (OwnKind.NUMBER, OwnKind.AMOUNT, OwnKind.DAY):
            return self._understood(field, words, before)
        match field.kind:
            case OwnKind.FLAG:
                return _answer(words, field.key)
            case OwnKind.CHOICE:
                return option_named(field, words)
            case OwnKind.CHOICES:
                return tidy(field, tuple(option_named(field, name) for name in split_tags(words)))
        return tidy(field, words)

    def _understood(self, field: OwnField, words: str, before: OwnValue) -> Decimal | Money | date:
        store = self._context.office.store
        if field.kind is OwnKind.NUMBER:
            return parse.number(words, unit=field.unit, field=field.key)
        if field.kind is OwnKind.DAY:
            return parse.day(words, store.today(), field=field.key)
        currency = before.currency if isinstance(before, Money) else store.facts.base_currency
        return parse.amount(words, currency, field=field.key)


def _answer(words: str, key: str) -> bool:
    typed = sort_key(words)
    if typed in (*_YES, sort_key(tr("yes"))):
        return True
    if typed in (*_NO, sort_key(tr("no"))):
        return False
    raise InvalidInput(Text("“{text}” is neither yes nor no.", text=words[:40]), field=key)


def option_named(field: OwnField, typed: str) -> int:
    """The option of that name, or the only one that begins so. Raises InvalidInput."""
    wanted = sort_key(typed)
    fitting = [option.id for option in field.offered if sort_key(option.name) == wanted]
    fitting = fitting or [option.id for option in field.offered if sort_key(option.name).startswith(wanted)]
    if len(fitting) != 1:
        known = ", ".join(option.name for option in field.offered[:20])
        why = Text("“{text}” is not among what “{field}” offers.", text=typed[:40], field=field.name)
        raise InvalidInput(why, Text("Choose one of: {names}.", names=known), field.key)
    return fitting[0]


def offered(field: OwnField, typed: str) -> list[str]:
    """What can be chosen, as far as it fits to what was typed."""
    names = [tr("yes"), tr("no")] if field.kind is OwnKind.FLAG else [option.name for option in field.offered]
    key = sort_key(typed)
    fitting = [name for name in names if key in sort_key(name)]
    return sorted(fitting, key=lambda name: not sort_key(name).startswith(key))
