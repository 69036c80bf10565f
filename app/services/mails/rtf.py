"""The text in RTF, which Outlook keeps packed in its own way, and the HTML that it may hide in there."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from app.services.mails.charsets import decoded

#: What a packed text may refer to before there is anything of its own ([MS-OXRTFCP], 2.1.3.1).
_BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_HEADER = 16
_MOST = 16 << 20

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([\r\n]+)|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"objdata", b"header", b"footer", b"headerl",
    b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"themedata", b"datastore", b"fldinst", b"bkmkstart",
    b"bkmkend", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"xmlnstbl", b"latentstyles",
})  # fmt: skip
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—",
    b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "\u2011", b"-": "", b"\r": "\n", b"\n": "\n", b"\\": "\\", b"{": "{", b"}": "}"}


class Unpacked(NamedTuple):
    """Text of an RTF document, and the HTML it was made of, if it says so."""

    text: str
    html: str | None


def unpacked(data: bytes) -> bytes:
    """RTF as it was before Outlook packed it; b'' for what is not packed so."""
    kind, size = data[8:12], min(int.from_bytes(data[4:8], "little"), _MOST)
    if kind == b"MELA":
        return data[_HEADER : _HEADER + size]
    return _inflated(data, size) if kind == b"LZFu" else b""


def _inflated(data: bytes, size: int) -> bytes:
    found = bytearray(_BEFORE)
    place, end = _HEADER, len(data)
    most = size + len(_BEFORE)
    while place < end and len(found) < most:
        flags, place = data[place], place + 1
        for bit in range(8):
            if not flags >> bit & 1:
                found += data[place : place + 1]
                place += 1
                continue
            pair = int.from_bytes(data[place : place + 2], "big")
            place += 2
            # the window is a ring; its place is told, not the distance
            back = (len(found) - (pair >> 4)) % _WINDOW or _WINDOW
            if place > end or (pair >> 4) == len(found) % _WINDOW or back > len(found):
                return bytes(found[len(_BEFORE) : most])
            for _ in range((pair & 15) + 2):
                found.append(found[-back])
    return bytes(found[len(_BEFORE) : most])


@dataclass
class _Group:
    """What holds within one pair of braces."""

    silent: bool = False
    fallback: int = 1
    tag: bool = False
    hidden: bool = False


@dataclass
class _State:
    """The document as far as it is read."""

    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    octets: bytearray = field(default_factory=bytearray)
    charset: str = "cp1252"
    html: bool = False
    star: bool = False
    skip: int = 0

    def add(self, text: str) -> None:
        self.flush()
        if not self.group.silent and not self.group.hidden:
            self.pieces.append(text)

    def flush(self) -> None:
        """Bytes that follow each other are one text: a letter may be two of them."""
        if self.octets:
            octets, self.octets = bytes(self.octets), bytearray()
            if not self.group.silent and not self.group.hidden:
                self.pieces.append(decoded(octets, self.charset))


def read(data: bytes) -> Unpacked:
    """What an RTF document says, without its looks."""
    state = _State()
    for token in _TOKEN.finditer(data):
        word, number, octet, symbol, brace, end, plain = token.groups()
        if brace:
            _brace(state, brace)
        elif word:
            _word(state, word.lower(), int(number) if number else None)
        elif octet or plain:
            _letters(state, bytes.fromhex(octet.decode()) if octet else plain)
        elif symbol == b"*":
            state.star = True
        elif symbol and not end:
            state.add(_SYMBOLS.get(symbol, ""))
    state.flush()
    text = _whole("".join(state.pieces)).strip()
    return Unpacked("", text) if state.html else Unpacked(text, None)


def _whole(text: str) -> str:
    """With the signs whole that RTF writes in two halves, such as emoji; a half by itself is left out."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _letters(state: _State, data: bytes) -> None:
    skipped = min(state.skip, len(data))
    state.skip -= skipped
    state.octets += data[skipped:]


def _brace(state: _State, brace: bytes) -> None:
    state.flush()
    state.star, state.skip = False, 0
    if brace == b"{":
        state.outer.append(state.group)
        state.group = _Group(state.group.silent, state.group.fallback, state.group.tag, state.group.hidden)
    elif state.outer:
        state.group = state.outer.pop()


def _word(state: _State, word: bytes, number: int | None) -> None:
    star, state.star = state.star, False
    if word == b"u" and number is not None:
        state.add(chr(number % 0x10000))
        state.skip = state.group.fallback
        return
    state.flush()
    if word == b"htmltag":
        state.group.tag, state.group.silent, state.group.hidden = True, False, False
    elif word == b"htmlrtf":
        state.group.hidden = number != 0
    elif star or word in _SILENT:
        state.group.silent = True
    elif word == b"fromhtml":
        state.html = True
    elif word == b"ansicpg" and number:
        state.charset = f"cp{number}" if number != 65001 else "utf-8"
    elif word == b"uc" and number is not None:
        state.group.fallback = min(max(number, 0), 10)
    elif word in _SIGNS:
        state.add(_SIGNS[word])
