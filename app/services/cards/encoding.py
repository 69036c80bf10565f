"""Which characters the bytes of a card stand for: as the file, the card or the line says, else as they can be read."""

import codecs
import re

_CHARSET = re.compile(r"[\w.:-]{1,40}", re.ASCII)
#: Encodings of text, by Python's names; some of its codecs are compressors or take very long.
_CODECS = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|shift_jis\w*|euc_\w+|gbk|gb\w+|big5\w*|tis-620")
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def narrow(data: bytes) -> tuple[bytes, bool]:
    """The bytes with ASCII in single ones, and whether they were wider and are UTF-8 now."""
    encoding = next((name for mark, name in _WIDE if data.startswith(mark)), "")
    if not encoding and data[1:2] == data[3:4] == b"\0":
        encoding = "utf-16-le"
    if not encoding and data[0:1] == data[2:3] == b"\0":
        encoding = "utf-16-be"
    return (data.decode(encoding, "replace").encode(), True) if encoding else (data, False)


def decoded(raw: bytes, charset: str, wide: bool) -> str:
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
    return text if stray * 2 <= foreign else raw.decode("cp1252", "replace")


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
