"""The first look at what was typed: too long, empty, or made of signs that only look alike."""

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


def clean(text: str, field: str | None) -> str:
    """Lower case, with one kind of space, apostrophe and dash; refused when empty or too long to be meant."""
    if len(text) > LONGEST:
        raise InvalidInput(Text("This text is too long to be understood."), field=field)
    plain = unicodedata.normalize("NFC", text).translate(_SIGNS).casefold()
    words = " ".join(plain.split())
    if not words:
        raise InvalidInput(Text("Something is missing here."), field=field)
    return words
