"""The photo within a card, in the three ways versions write it. A picture elsewhere is never fetched."""

import binascii
import re
from urllib.parse import unquote_to_bytes

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.cards.card import Photo
from app.services.cards.lines import Line

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
#: More than this is no base64 with a few signs that an address cannot have.
_MOST_PERCENT = 10_000
_SPACE = re.compile(r"\s+")
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]{1,20}:|www\.)", re.IGNORECASE)
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"),
)  # fmt: skip


def photo_of(line: Line) -> Photo | None:
    """The picture of a PHOTO, None where only its address is given. Raises InvalidInput where it cannot be read."""
    value = line.value.strip()
    if value[:5].lower() == "data:":
        head, _, packed = value[5:].partition(",")
        if packed.count("%") > _MOST_PERCENT:
            raise _unreadable()
        if head.rstrip("\\").lower().endswith(";base64"):
            return _picture(_unpacked(unquote_to_bytes(packed).decode("latin-1")))
        return _picture(unquote_to_bytes(packed))
    if line.has("VALUE", "uri", "url", "cid", "content-id") or _ELSEWHERE.match(value):
        return None
    return _picture(_unpacked(value))


def _unpacked(text: str) -> bytes:
    packed = _SPACE.sub("", text)
    if not _BASE64.fullmatch(packed):
        raise _unreadable()
    bare = packed.rstrip("=")
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise _unreadable() from None


def mime_of(data: bytes) -> str:
    """What kind of picture it is, by its first bytes; '' for none that is known."""
    mime = next((kind for start, kind in _STARTS if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        mime = "image/webp"
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        mime = "image/heic"
    return mime


def _picture(data: bytes) -> Photo:
    mime = mime_of(data)
    if not mime:
        raise _unreadable()
    return Photo(data, mime)


def _unreadable() -> InvalidInput:
    return InvalidInput(Text("The photo cannot be read; the rest of the card was taken."))
