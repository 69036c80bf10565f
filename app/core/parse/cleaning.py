"""The first look at what was typed: too long, empty, or made of signs that only look alike."""

import re
import unicodedata

from app.core.errors import InvalidInput
from app.core.i18n import Text

#: Nothing longer than this is looked at.
LONGEST = 80

# What keyboards, spreadsheets and web pages put in place of ' and -, and signs that nobody sees.
_SIGNS: dict[int, str | None] = {
    **{ord(sign): "'" for sign in "’‘`´′"},
    **{ord(sign): "-" for sign in "‐‑‒–—−"},
    **dict.fromkeys((0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))),
    ord("…"): "..",
}

# Control characters that are no white space, and halves of a surrogate pair: not every database takes them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """The text without characters that cannot be shown or stored, one kind of line end, no space around it."""
    if text.isprintable():  # most text, and an import has much of it
        return text.strip()
    return _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def one_line(text: str) -> str:
    """The printable text in one line, with single spaces."""
    return " ".join(printable(text).split())


def clean(text: str, field: str | None) -> str:
    """Lower case, with one kind of space, apostrophe and dash; refused when empty or too long to be meant."""
    if len(text) > LONGEST:
        raise InvalidInput(Text("This text is too long to be understood."), field=field)
    plain = unicodedata.normalize("NFC", text).translate(_SIGNS).casefold()
    words = " ".join(plain.split())
    if not words:
        raise InvalidInput(Text("Something is missing here."), field=field)
    return words
