"""PDFs from outside: number of pages, and pages as pictures. Read in the child process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.services.foreign.reader import never, read


@dataclass(frozen=True)
class PdfPicture:
    """One page: rows of `stride` bytes, each pixel blue, green, red and an unused byte (QImage.Format_RGB32)."""

    pages: int
    width: int
    height: int
    stride: int
    pixels: bytes


def pdf_picture(
    source: Path | bytes, page: int, width: int, height: int, cancelled: Callable[[], bool] = never
) -> PdfPicture:
    """The page (from 0) as large as it fits into `width` by `height`, at most 3000 by 3000 pixels.

    Raises what `app.services.foreign.reader.read` does.
    """
    arguments = {"page": page, "width": width, "height": height}
    values, parts = read("pdf", source, arguments, cancelled=cancelled)
    return PdfPicture(values["pages"], values["width"], values["height"], values["stride"], parts[0])
