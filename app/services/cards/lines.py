"""The content lines of vCards: from bytes to names, parameters and values, however they were folded and encoded.

The syntax is RFC 6350 (4.0), RFC 2426 (3.0) and the older 2.1, with what programs make of them: lines that end in CR,
LF or CR CR LF, base64 that is not indented, quoted-printable in any version, bytes of two encodings in one file.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.services.cards.encoding import decoded, narrow

#: In bytes: a line of text, one with a picture in it, and what stands before the colon.
LONGEST_TEXT = 1 << 18
LONGEST_DATA = 1 << 23
#: Of a card; what follows is not even looked at.
MOST_LINES_OF_CARD = 3000
_LONGEST_HEAD = 1 << 13
_MOST_PARTS = 500

_HEAD = re.compile(rb'(?:([\w-]{1,60})\.)?([\w-]{1,60})\s*((?:;[^":;]*+(?:"[^"]*+"[^":;]*+)*+)*+):')
_TORN_HEAD = re.compile(rb"(?:([\w-]{1,60})\.)?([\w-]{1,60})\s*((?:;[^:]*+)?):")  # a quote that is never closed
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*"|")*+)')
_LISTED = re.compile(r'((?:[^",]|"[^"]*"|")*+)(?:,|$)')
_MARK = re.compile(rb"(?:\xef\xbb\xbf)?(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
_QUOTED = re.compile(rb"QUOTED-PRINTABLE", re.IGNORECASE)
_BASE64 = re.compile(rb";(?:ENCODING=)?(?:BASE64|B)(?:;|$)", re.IGNORECASE)
_BASE64_ONLY = re.compile(rb"[A-Za-z0-9+/=\s]+")
_INLINE = re.compile(rb";base64\\?,", re.IGNORECASE)
#: Properties whose base64 is no text.
_BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})

#: What 2.1 writes without a name.
_BARE = {
    "QUOTED-PRINTABLE": "ENCODING", "BASE64": "ENCODING", "B": "ENCODING", "8BIT": "ENCODING", "7BIT": "ENCODING",
    "URL": "VALUE", "URI": "VALUE", "CID": "VALUE", "CONTENT-ID": "VALUE", "INLINE": "VALUE",
}  # fmt: skip

_ESCAPED = re.compile(r'\\([nN,;:"\\])')
_ESCAPED_OLD = re.compile(r"\\([,;:])")
#: A path of Windows in a 2.1 card, which escapes no backslash: \neu in it is no line end.
_PATH = re.compile(r"[A-Za-z]:\\|\\\\")


@dataclass(frozen=True, slots=True)
class Line:
    """A content line. `name` is in capitals, or empty for a line that is no property; `value` is still escaped.

    `fault` says why the line, and with it its card, is refused.
    """

    number: int
    name: str
    value: str
    group: str
    params: Mapping[str, tuple[str, ...]]
    old: bool = False
    fault: Text | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """The TYPE parameters in lower case."""
        return tuple(kind.lower() for kind in self.params.get("TYPE", ()))

    def has(self, param: str, *values: str) -> bool:
        """Whether the parameter has one of the values, which are in lower case."""
        return any(value.lower() in values for value in self.params.get(param, ()))

    @property
    def text(self) -> str:
        """The value as text, which may have several lines."""
        return printable(self._plain(self.value))

    @property
    def word(self) -> str:
        """The value as text in one line."""
        return one_line(self._plain(self.value))

    def parts(self, separator: str = ";") -> list[str]:
        """The value as the texts between unescaped separators. Raises InvalidInput where they are far too many."""
        return [printable(self._plain(part)) for part in split(self.value, separator)]

    def listed(self) -> list[list[str]]:
        """The parts, each as a list of words: where commas separate, as they do since 3.0."""
        return [
            [one_line(self._plain(word)) for word in ([part] if self.old else split(part, ","))]
            for part in split(self.value, ";")
        ]

    def _plain(self, text: str) -> str:
        if "\\" not in text:
            return text
        escaped = _ESCAPED_OLD if self.old and _PATH.search(text) else _ESCAPED
        return escaped.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def split(value: str, separator: str) -> list[str]:
    """The parts between separators that no backslash stands before. Raises InvalidInput where they are far too many."""
    if value.count(separator) > _MOST_PARTS:
        raise InvalidInput(Text("A line of the card has far too many parts."))
    if "\\" not in value:
        return value.split(separator)
    parts, start = [], 0
    for found in re.finditer(rf"\\.|{separator}", value, re.DOTALL):
        if found[0] == separator:
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def content_lines(data: bytes) -> Iterator[Line]:
    """The content lines of a file of cards; BEGIN and END of cards are among them."""
    plain, wide = narrow(data)
    count = 0
    for number, raw, old in _unfolded(plain.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        if mark := _MARK.fullmatch(raw):
            count = 0
            yield Line(number, mark[1].decode().upper(), "VCARD", "", {})
            continue
        count += 1
        if count <= MOST_LINES_OF_CARD:
            yield _line(number, raw, old, wide)
        elif count == MOST_LINES_OF_CARD + 1:
            yield Line(number, "", "", "", {}, old, Text("The card has too many lines."))


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Whole lines with the number of their first one, and whether their card is of version 2.1."""
    start, pieces, kind, old = 0, list[bytes](), "", False
    for number, raw in enumerate(data.split(b"\n"), 1):
        more = _continued(pieces, raw, kind, old) if pieces else None
        if more is not None:
            pieces.append(more)
            continue
        if not raw:
            continue
        if pieces:
            yield start, b"".join(pieces), old
        start, pieces, kind = number, [raw], _kind(raw)
        old = kind == "2.1" or (old and kind != "version")
    if pieces:
        yield start, b"".join(pieces), old


def _kind(raw: bytes) -> str:
    """What decides how this line and those after it go on."""
    head, _, value = raw[:_LONGEST_HEAD].partition(b":")
    if head.upper() == b"VERSION":
        return "2.1" if value.strip() == b"2.1" else "version"
    if _QUOTED.search(head):
        return "quoted"
    return "base64" if _BASE64.search(head) else ""


def _continued(pieces: list[bytes], raw: bytes, kind: str, old: bool) -> bytes | None:
    """What a line adds to the one before, None if it begins a new one. Takes the sign of a soft break away."""
    if _MARK.fullmatch(raw):
        return None
    if kind == "quoted" and pieces[-1].rstrip()[-1:] == b"=":
        pieces[-1] = pieces[-1].rstrip()[:-1]
        return raw
    if raw[:1] in (b" ", b"\t"):
        return raw if old else raw[1:]  # 2.1 breaks a line before a space that is part of the text
    if kind == "base64" and (not raw or _BASE64_ONLY.fullmatch(raw)):
        return raw
    return None


def _line(number: int, raw: bytes, old: bool, wide: bool) -> Line:
    start = raw[:_LONGEST_HEAD]
    found = _HEAD.match(start) or _TORN_HEAD.match(start)
    if found is None:
        text = decoded(start, "", wide)
        return Line(number, "", text, "", {}, old, _fault(text, too_long=len(raw) > _LONGEST_HEAD))
    head = _head(found[1] or b"", found[2], found[3], wide)
    body = raw[found.end() :]
    is_data = head.packed or _INLINE.search(body[:200]) is not None
    too_long = len(body) > (LONGEST_DATA if is_data else LONGEST_TEXT)
    text = "" if too_long else _value(head, body, wide)
    return Line(number, head.name, text, head.group, head.params, old, _fault(text, too_long=too_long))


class _Head(NamedTuple):
    """What stands before the colon, and the encoding it tells."""

    group: str
    name: str
    params: Mapping[str, tuple[str, ...]]
    charset: str
    packed: bool
    quoted: bool


@lru_cache(maxsize=500)  # the cards of a file have the same few heads
def _head(group: bytes, name: bytes, params: bytes, wide: bool) -> _Head:
    found = _params(decoded(params, "", wide))
    encodings = {encoding.lower() for encoding in found.get("ENCODING", ())}
    return _Head(
        group.decode().lower(),
        name.decode().upper(),
        found,
        next(iter(found.get("CHARSET", ())), ""),
        not encodings.isdisjoint(("base64", "b")),
        not encodings.isdisjoint(("quoted-printable", "q")),
    )


def _value(head: _Head, body: bytes, wide: bool) -> str:
    if head.quoted:
        body, wide = binascii.a2b_qp(body), False
    elif head.packed and head.name not in _BINARY:
        try:
            body, wide = binascii.a2b_base64(body), False
        except binascii.Error:
            return ""
    return decoded(body, head.charset, wide)


def _fault(text: str, *, too_long: bool) -> Text | None:
    if too_long:
        return Text("A line of the card is too long.")
    return Text("The card has bytes in it that are no text.") if "\0" in text else None


def _params(text: str) -> dict[str, tuple[str, ...]]:
    """;TYPE="work,voice";PREF as {"TYPE": ("work", "voice", "PREF")}."""
    params: dict[str, tuple[str, ...]] = {}
    for found in _PARAMETER.finditer(text):
        key, equals, value = found[1].strip().partition("=")
        name = key.strip().upper() if equals else _BARE.get(key.upper(), "TYPE")
        values = [item.strip().strip('"') for item in _LISTED.findall(value if equals else key)]
        if name == "TYPE":
            values = [word.strip() for item in values for word in item.split(",")]
        params[name] = (*params.get(name, ()), *(item for item in values if item))
    return params
