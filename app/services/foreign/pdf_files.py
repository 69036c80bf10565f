"""PDFs from outside: number of pages, text, and pages as pictures. Read in the child process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.services.foreign.reader import never, read


@dataclass(frozen=True)
class PdfText:
    """Text of the pages, parted by form feeds, for search; `whole` if nothing of it was left out."""

    pages: int
    text: str
    whole: bool


@dataclass(frozen=True)
class PdfPicture:
    """One page: rows of `stride` bytes, each pixel blue, green, red and an unused byte (QImage.Format_RGB32)."""

    pages: int
    width: int
    height: int
    stride: int
    pixels: bytes


def pdf_text(source: Path | bytes, cancelled: Callable[[], bool] = never) -> PdfText:
    """Pages and text of a PDF. Raises what `app.services.foreign.reader.read` does."""
    values = read("pdf", source, cancelled=cancelled).values
    return PdfText(values["pages"], values["text"], values["whole"])


def pdf_picture(
    source: Path | bytes, page: int, width: int, height: int, cancelled: Callable[[], bool] = never
) -> PdfPicture:
    """The page (from 0) as large as it fits into `width` by `height`, at most 3000 by 3000 pixels; raises likewise."""
    arguments = {"page": page, "width": width, "height": height}
    values, parts = read("pdf", source, arguments, cancelled=cancelled)
    return PdfPicture(values["pages"], values["width"], values["height"], values["stride"], parts[0])
