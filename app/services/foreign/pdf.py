"""Pages of a PDF as pictures and as text. Runs in the child process."""

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.foreign.wire import Message

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PIXELS = 3000
#: Most text that is taken, and how long that may go on: search does not need the rest, and a preview must not wait.
_MOST_TEXT = 1_000_000
_SECONDS = 6.0

_UNCHANGED = Text("Nothing was changed.")


def read_pdf(data: bytes, arguments: Mapping[str, Any]) -> Message:
    """The number of pages and, as asked for, their text or the picture of one `page` (from 0) within a frame."""
    document = _open(data)
    if (page := arguments.get("page")) is None:
        return _text(document)
    return _picture(document, page, arguments["width"], arguments["height"])


def _open(data: bytes) -> "PdfDocument":
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        codes = (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        raise _protected() if error.err_code in codes else _damaged() from error
    if len(document) < 1:
        raise _damaged()
    return document


def _protected() -> InvalidInput:
    return InvalidInput(Text("The PDF is protected by a password."), _UNCHANGED)


def _damaged() -> InvalidInput:
    return InvalidInput(Text("The file is no PDF, or it is damaged."), _UNCHANGED)


def _text(document: "PdfDocument") -> Message:
    """The text of the pages, `whole` if nothing was left out."""
    import pypdfium2

    until = time.monotonic() + _SECONDS
    pages, length, whole = [], 0, True
    for number in range(len(document)):
        if length > _MOST_TEXT or time.monotonic() > until:
            whole = False
            break
        try:
            page = document[number]
            found = page.get_textpage().get_text_bounded()
            page.close()
        except pypdfium2.PdfiumError:  # one page that is damaged; the others are worth to be found
            whole = False
            continue
        pages.append(found.replace("\r\n", "\n").replace("\0", ""))
        length += len(found)
    text = "\f".join(pages)
    return Message({"pages": len(document), "text": text[:_MOST_TEXT], "whole": whole and len(text) <= _MOST_TEXT})


def _picture(document: "PdfDocument", number: int, width: int, height: int) -> Message:
    """The page as large as it fits into the frame: blue, green, red and an empty byte for each pixel."""
    import pypdfium2

    if not 0 <= number < len(document):
        raise InvalidInput(Text("The PDF has no page {n}.", n=number + 1), _UNCHANGED)
    try:
        page = document[number]
        size = page.get_size()
        if not all(math.isfinite(length) and length > 0 for length in size):
            raise _damaged()
        frame = [min(max(pixels, 1), _MOST_PIXELS) for pixels in (width, height)]
        # the picture is rounded up, and a hair line of a page would be wider than its frame
        scale = min((pixels - 0.01) / length for pixels, length in zip(frame, size, strict=True))
        bitmap = page.render(scale=scale, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRx)
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    values = {"pages": len(document), "width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
    return Message(values, (bytes(bitmap.buffer),))
