"""The content lines of vCards: from bytes to names, parameters and values, however they were folded and encoded.

The syntax is RFC 6350 (4.0), RFC 2426 (3.0) and the older 2.1, with what programs make of them: lines that end in CR,
LF or CR CR LF, base64 that is not indented, quoted-printable in any version, bytes of two encodings in one file.
"""

import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable

#: In bytes: a line of text, one with a picture in it, and what stands before the colon.
LONGEST_TEXT = 1 << 18
LONGEST_DATA = 1 << 24
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

_CHARSET = re.compile(r"[\w.:-]{1,40}", re.ASCII)
#: Encodings of text, by Python's names; some of its codecs are compressors or take very long.
_CODECS = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|shift_jis\w*|euc_\w+|gbk|gb\w+|big5\w*|tis-620")
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


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
    parts, start = [], 0
    for found in re.finditer(rf"\\.|{separator}", value, re.DOTALL):
        if found[0] == separator:
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def content_lines(data: bytes) -> Iterator[Line]:
    """The content lines of a file of cards; BEGIN and END of cards are among them."""
    plain, wide = _narrow(data)
    for number, raw, old in _unfolded(plain.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        yield _line(number, raw, old, wide)


def _narrow(data: bytes) -> tuple[bytes, bool]:
    """The bytes with ASCII in single ones, and whether they were wider and are UTF-8 now."""
    encoding = next((name for mark, name in _WIDE if data.startswith(mark)), "")
    if not encoding and data[1:2] == data[3:4] == b"\0":
        encoding = "utf-16-le"
    if not encoding and data[0:1] == data[2:3] == b"\0":
        encoding = "utf-16-be"
    return (data.decode(encoding, "replace").encode(), True) if encoding else (data, False)


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
    if mark := _MARK.fullmatch(raw):
        return Line(number, mark[1].decode().upper(), "VCARD", "", {})
    start = raw[:_LONGEST_HEAD]
    head = _HEAD.match(start) or _TORN_HEAD.match(start)
    if head is None:
        text = _decoded(raw[:_LONGEST_HEAD], "", wide)
        return Line(number, "", text, "", {}, old, _fault(text, too_long=len(raw) > _LONGEST_HEAD))
    name, params = head[2].decode().upper(), _params(_decoded(head[3], "", wide))
    line = Line(number, name, "", (head[1] or b"").decode().lower(), params, old)
    body = raw[head.end() :]
    packed = line.has("ENCODING", "base64", "b")
    is_data = packed or _INLINE.search(body[:200]) is not None
    text = "" if len(body) > (LONGEST_DATA if is_data else LONGEST_TEXT) else _value(line, body, wide)
    fault = _fault(text, too_long=not text and len(body) > LONGEST_TEXT)
    return Line(number, name, text, line.group, params, old, fault)


def _value(line: Line, body: bytes, wide: bool) -> str:
    if line.has("ENCODING", "quoted-printable", "q"):
        body, wide = binascii.a2b_qp(body), False
    elif line.has("ENCODING", "base64", "b") and line.name not in _BINARY:
        try:
            body, wide = binascii.a2b_base64(body), False
        except binascii.Error:
            return ""
    return _decoded(body, next(iter(line.params.get("CHARSET", ())), ""), wide)


def _fault(text: str, *, too_long: bool) -> Text | None:
    if too_long:
        return Text("A line of the card is too long.")
    return Text("The card has bytes in it that are no text.") if "\0" in text else None


def _decoded(raw: bytes, charset: str, wide: bool) -> str:
    """The text, as the card says it is encoded, else as UTF-8, else as Windows writes it."""
    if raw.isascii():
        return raw.decode("ascii")
    encoding = "utf-8" if wide else _codec(charset)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    # cut in the middle of a character, or never UTF-8
    stray, foreign = text.count("\ufffd"), sum(not sign.isascii() for sign in text)
    return text if stray * 3 <= foreign else raw.decode("cp1252", "replace")


def _codec(charset: str) -> str:
    if not _CHARSET.fullmatch(charset):
        return "utf-8"
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    if name in ("iso8859-1", "ascii"):
        return "cp1252"  # whoever says Latin 1 means this
    return name if _CODECS.fullmatch(name) else "utf-8"


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
