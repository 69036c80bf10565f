"""Which characters the bytes of a text file stand for."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Umlauts and ß beside a letter. cp1252 has signs of punctuation where the Mac has umlauts, and the other way round.
_WINDOWS = re.compile(rb"[A-Za-z][\xe4\xf6\xfc\xdf\xe9\xe8]|[\xc4\xd6\xdc][A-Za-z]")
_MAC = re.compile(rb"[A-Za-z][\x8a\x9a\x9f\xa7\x8e\x8f]|[\x80\x85\x86][A-Za-z]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


#: Bytes that are no UTF-8, as the error handler `surrogateescape` shows them.
STRAY = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[^\x00-\x7f]")


class Encoding(NamedTuple):
    """An encoding by its name. `damaged`: a few bytes of the file do not belong to it."""

    name: str
    damaged: bool = False


def detect(path: Path, cancelled: Callable[[], bool]) -> Encoding:
    """The encoding of a text file. Raises InvalidInput for a file that is no text."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    if not start.strip():
        raise InvalidInput(Text("The file is empty."))
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    found = marked or _wide(start)
    if found is None and _binary(start):
        raise InvalidInput(Text("This file is not a table."), Text("Choose a CSV or XLSX file."))
    name = found or "utf-8"
    if _decodes(path, name, cancelled):
        return Encoding(name)
    if name in ("utf-8", "utf-8-sig") and _nearly_utf8(path, cancelled):
        return Encoding(name, damaged=True)
    if found:
        raise InvalidInput(Text("The file is damaged: its text cannot be read as {encoding}.", encoding=found))
    return Encoding(_eight_bit(path))


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark shows in every other byte of plain text being zero."""
    sample = start[: 4096 & ~1]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else None


def _binary(start: bytes) -> bool:
    control = sum(start.count(byte) for byte in range(32) if byte not in (0, 9, 10, 12, 13, 26))
    return control > len(start) * 0.02 or start.count(0) > len(start) * 0.2


def _decodes(path: Path, encoding: str, cancelled: Callable[[], bool]) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if cancelled():
                    raise Cancelled(Text("The import was cancelled."))
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(path: Path, cancelled: Callable[[], bool]) -> bool:
    """Whether most of what is beyond ASCII is UTF-8: by chance two bytes of another encoding hardly ever are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = stray = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if cancelled():
                raise Cancelled(Text("The import was cancelled."))
            text = decoder.decode(chunk)
            stray += len(STRAY.findall(text))
            good += len(_FOREIGN.findall(text))
    return good > 2 * stray  # each stray one is beyond ASCII as well


def _eight_bit(path: Path) -> str:
    windows = mac = undefined = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            windows += len(_WINDOWS.findall(chunk))
            mac += len(_MAC.findall(chunk))
            undefined += len(_UNDEFINED.findall(chunk))
    # what cp1252 does not define cannot have been written in it
    return "mac_roman" if mac > windows or undefined else "cp1252"
