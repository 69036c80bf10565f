"""Bytes of mails as text, whatever they are called."""

import codecs
import re

_LATIN = "cp1252"
# What mails call by the name of a smaller set, or by one that Python does not know; None: look at the bytes.
_MEANT = {
    "": None, "ascii": None, "us-ascii": None, "ansi_x3.4-1968": None, "7bit": None, "8bit": None, "binary": None,
    "default": None, "unknown": None, "unknown-8bit": None, "x-unknown": None, "utf8": "utf-8", "unicode-1-1-utf-8":
    "utf-8", "unicode-1-1-utf-7": "utf-7", "iso-8859-1": _LATIN, "iso8859-1": _LATIN, "iso_8859-1": _LATIN,
    "latin1": _LATIN, "latin-1": _LATIN, "l1": _LATIN, "windows-1252": _LATIN, "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030",
    "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "iso-2022-jp": "iso2022_jp_ext", "big5": "cp950",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman",
}  # fmt: skip
#: Codecs that are no character sets, or would take their time.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
#: In place of what is no letter; and how many right ones each of these needs, that they count as flaws.
_FLAW, _FEW = "\ufffd", 10
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES = re.compile("\r\n?|\u2028|\u2029|\x85")


def decoded(data: bytes, *charsets: str | None) -> str:
    """The text, by the first of the character sets that fits, else by what the bytes look like."""
    known = [codec for charset in charsets if (codec := _codec(charset or "")) is not None]
    for codec in (*known, "utf-8"):
        if (text := _strictly(data, codec)) is not None:
            return text
    text = data.decode("utf-8", "replace")
    flaws = text.count(_FLAW)
    if flaws * _FEW < len(text) - sum(map(text.count, map(chr, range(128)))):  # cut off, or patched together
        return text
    return data.decode(next((codec for codec in known if codec != "utf-8"), _LATIN), "replace")


def _codec(charset: str) -> str | None:
    """The codec for what a mail calls its character set; None where that says nothing."""
    name = charset.strip(" \t'\"").lower()
    codec = _MEANT.get(name, name)
    try:
        found = codecs.lookup(codec).name if codec else ""
        b"x".decode(found or "utf-8", "replace")
    except (LookupError, ValueError):
        return None
    return codec if found and found.replace("-", "_") not in _REFUSED else None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except ValueError:
        return None


def clean(text: str) -> str:
    """With plain line ends and without what neither a database nor a reader wants: NUL, controls, half surrogates."""
    return _UNSEEN.sub("", _LINES.sub("\n", text))


def one_line(text: str) -> str:
    """The same for what stands in one line; marks that turn the direction of reading cannot disguise a sender."""
    return " ".join(_TURNING.sub("", clean(text)).split())
