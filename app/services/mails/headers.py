"""The headers of mails: encoded words, parameters, identifiers, days. Mails break every rule there is for them."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from app.services.mails.charsets import decoded, one_line

#: What is longer is cut: nothing of it can be meant for people.
_MOST = 1_000_000
_MOST_LINE = 2000
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?((?:[^?]|\?(?!=)){0,2000})\?=")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_SEGMENT = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_ID = re.compile(r"<\s*([^<>\s]{1,998})\s*>")
_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


class Headers:
    """The headers of a mail or of one of its parts; of several with one name the first counts."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._raw: dict[str, str] = {}
        self._charset = ""
        for name, value in items:
            self._raw.setdefault(name.strip().lower(), value)
        # letters that nobody encoded are most often of the set that the text is in
        self._charset = self.value("content-type")[1].get("charset", "")

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def raw(self, name: str) -> str:
        """The value in one line, encoded words as they are; '' if there is none."""
        value = self._raw.get(name, "")[:_MOST]
        octets = value.encode("utf-8", "surrogateescape")  # so the parser keeps bytes that are not ASCII
        return _FOLD.sub(" ", decoded(octets, "utf-8", self._charset)).strip()

    def text(self, name: str) -> str:
        """The value as people read it."""
        return one_line(without_words(self.raw(name)[: _MOST_LINE * 10]))[:_MOST_LINE]

    def identifier(self, name: str) -> str | None:
        """The first identifier of a mail that the value names."""
        raw = self.raw(name)[:_MOST_LINE]
        found = _ID.search(raw)
        words = raw.strip(" <>").split()
        return one_line(found[1] if found else words[0] if words else "") or None

    def moment(self, name: str) -> datetime | None:
        """The moment in UTC; None for what is none."""
        return moment(self.raw(name)[:200])

    def value(self, name: str) -> tuple[str, dict[str, str]]:
        """A value with parameters: the value in lower case, and the parameters as people read them."""
        raw = self.raw(name)[:20_000]
        return raw.partition(";")[0].strip().lower(), _parameters(raw)


def without_words(text: str) -> str:
    """The text with its encoded words (RFC 2047) decoded, also those that are not quite by the rule."""
    pieces: list[str] = []
    charset, run, end = "", b"", 0
    for word in _WORD.finditer(text):
        name = word[1].partition("*")[0].lower()
        gap = text[end : word.start()]
        if run and (gap.strip() or name != charset):
            pieces.append(decoded(run, charset))
            run = b""
        if not end or gap.strip():
            pieces.append(gap)
        # a letter may begin in one word and end in the next
        charset, run, end = name, run + _octets(word[2], word[3]), word.end()
    if run:
        pieces.append(decoded(run, charset))
    return "".join((*pieces, text[end:]))


def _octets(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return from_base64(data) if kind in "bB" else quopri.decodestring(data.replace(b"_", b"=20"))


def from_base64(data: bytes) -> bytes:
    """The bytes in base64, whatever stands between the signs or is missing at the end."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        signs = _BASE64.sub(b"", data)
    if len(signs) % 4 == 1:
        signs = signs[:-1]
    try:
        return base64.b64decode(signs + b"=" * (-len(signs) % 4))
    except binascii.Error:
        return data


def _parameters(raw: str) -> dict[str, str]:
    """Parameters by name; those in several pieces or with a character set (RFC 2231) put together."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(raw):
        quoted = match[2]
        value = match[3].strip() if quoted is None else re.sub(r'\\(["\\])', r"\1", quoted)
        segment = _SEGMENT.fullmatch(match[1].lower())
        if segment is None or segment[2] is segment[3] is None:
            found.setdefault(match[1].lower(), one_line(without_words(value)))
        else:
            pieces.setdefault(segment[1], {}).setdefault(int(segment[2] or 0), (value, segment[3] is not None))
    return found | {name: one_line(_joined(some)) for name, some in pieces.items()}


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """The value of a parameter in pieces; the first names the character set: `utf-8'de'Gr%C3%BC%C3%9Fe`."""
    charset, data = "", b""
    for place, number in enumerate(sorted(pieces)):
        value, extended = pieces[number]
        if extended and place == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if extended else value.encode()
    return decoded(data, charset)


def moment(text: str) -> datetime | None:
    """The moment a date names, in UTC; one without a zone is taken for UTC. None for what is no date."""
    try:
        parts = parsedate_tz(text)
        if parts is None:
            found = datetime.fromisoformat(text.strip())
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        else:
            found = datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):  # the parser guesses, and stumbles
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
