"""Words for every layer, without Qt: gettext catalogues with English source text.

Below the ui a text is only *marked* (`Text`, `Plural`, `N_`) and translated when shown, so what is stored in the
history stays free of any language. `tr` and `ntr` translate at once and belong where something is shown.

The chosen language is the one thing in the program that is process-wide: gettext is used that way everywhere, and
passing a translator to every label would bury the code. Only `use` changes it.
"""

import gettext
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.core.money import Money

DOMAIN = "trichter"
LANGUAGES = ("de", "en")


class _Current:
    language = "en"
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    show: Callable[[object], str] = str
    swiss = False


def use(language: str, folder: Path, show: Callable[[object], str] = str, *, swiss: bool = False) -> None:
    """Translate to `language` ('de', 'en' or 'xx', the pseudo-locale) from now on.

    `folder` holds LANG/LC_MESSAGES/trichter.mo; a language without a catalogue falls back to the English source.
    `show` words dates, amounts and percentages that stand inside a text (see `app.core.format.Formats.show`).
    `swiss` writes ss for ß, in the program's words only: what users typed keeps its spelling.
    """
    _Current.language = language
    _Current.show = show
    _Current.swiss = swiss
    if language == "xx":
        _Current.catalogue = _Pseudo()
    else:
        _Current.catalogue = gettext.translation(DOMAIN, folder, [language], fallback=True)


def language() -> str:
    """The language in use: 'de', 'en' or 'xx'."""
    return _Current.language


#: As long as a German word that is no compound, so that long texts can still be wrapped.
_PSEUDO_WORD = 9


class _Pseudo(gettext.NullTranslations):
    """Text that is 40 % longer, to find labels that would be cut off."""

    def gettext(self, message: str) -> str:
        tail = "~" * (len(message) * 2 // 5)
        words = (tail[start : start + _PSEUDO_WORD] for start in range(0, len(tail), _PSEUDO_WORD))
        return " ".join((message, *words))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def N_(message: str) -> str:  # gettext's own name for "mark, do not translate"
    """Mark a text for the catalogue and give it back as it is."""
    return message


def tr(message: str, **args: object) -> str:
    """The text in the language in use; `{name}` places are filled from `args`."""
    # gettext answers '' with the header of the catalogue
    return _fill(_Current.catalogue.gettext(message), args) if message else ""


def ntr(singular: str, plural: str, n: int, **args: object) -> str:
    """Like `tr`, for a text that counts `n` things."""
    return _fill(_Current.catalogue.ngettext(singular, plural, n), {"n": n, **args})


def _fill(message: str, args: Mapping[str, object]) -> str:
    if _Current.swiss:
        message = message.replace("ß", "ss")
    if not args:
        return message
    return message.format(**{name: _Current.show(value) for name, value in args.items()})


@dataclass(frozen=True, init=False)
class Text:
    """A marked text with its arguments; `str()` words it in the language in use.

    Arguments are str, int, date, Money, Percent, Text or None; anything else has no place in the history.
    """

    message: str
    args: Mapping[str, Any]

    def __init__(self, message: str, **args: Any) -> None:
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "args", args)

    def __str__(self) -> str:
        return tr(self.message, **self.args)

    def __hash__(self) -> int:
        return hash((self.message, dump_args(self.args)))


@dataclass(frozen=True, init=False)
class Plural(Text):
    """A marked text that counts: `Plural("{n} lead", "{n} leads", n=3)`."""

    plural: str

    def __init__(self, message: str, plural: str, *, n: int, **args: Any) -> None:
        super().__init__(message, n=n, **args)
        object.__setattr__(self, "plural", plural)

    def __str__(self) -> str:
        return ntr(self.message, self.plural, **self.args)

    def __hash__(self) -> int:
        return hash((self.message, self.plural, dump_args(self.args)))


@dataclass(frozen=True)
class Percent:
    """A probability in half percents (0 to 200), as an argument of a text."""

    halves: int


# Between the two forms of a counting text when it is stored; gettext's own files use NUL, which PostgreSQL refuses.
_FORMS = "\x1f"


def dump_message(text: Text) -> str:
    """The message as it is stored beside its arguments."""
    return text.message + _FORMS + text.plural if isinstance(text, Plural) else text.message


def dump_args(args: Mapping[str, Any]) -> str:
    """Arguments as JSON, each kind tagged so that `load_text` finds it again."""
    return json.dumps({name: _tagged(value) for name, value in args.items()}, ensure_ascii=False)


def load_text(message: str, args: str) -> Text:
    """The inverse of `dump_message` and `dump_args`."""
    values = {name: _untagged(value) for name, value in json.loads(args).items()}
    singular, _, plural = message.partition(_FORMS)
    return Plural(singular, plural, **values) if plural else Text(singular, **values)


def _tagged(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case date() if not isinstance(value, datetime):  # a moment would lose its time and zone
            return {"day": value.isoformat()}
        case Money():
            return {"money": [value.minor, value.currency]}
        case Percent():
            return {"percent": value.halves}
        case Text():
            return {"text": [dump_message(value), dump_args(value.args)]}
    raise TypeError(f"no place in a stored text: {value!r}")


def _untagged(value: Any) -> Any:
    match value:
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"money": [int(minor), str(currency)]}:
            return Money(minor, currency)
        case {"percent": int(halves)}:
            return Percent(halves)
        case {"text": [str(message), str(args)]}:
            return load_text(message, args)
    return value
