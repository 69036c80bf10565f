"""Pictures as files, good ones and such as want to do harm."""

import struct
import zlib

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QImage


def picture(width: int = 60, height: int = 40, form: str = "PNG", *, clear: bool = False) -> bytes:
    """A picture of one colour."""
    image = QImage(width, height, QImage.Format.Format_ARGB32 if clear else QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 0, 0) if clear else QColor(20, 120, 200))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that says it is gigabytes of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(9999))) + _chunk(b"IEND")


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
