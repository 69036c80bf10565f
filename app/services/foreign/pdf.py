"""Pages of a PDF as pictures. Runs in the child process."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.child.wire import Message

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PIXELS = 3000

_UNCHANGED = Text("Nothing was changed.")


def read_pdf(data: bytes, arguments: Mapping[str, Any]) -> Message:
    """The number of pages and the picture of one `page` (from 0) within a frame."""
    return _picture(_open(data), arguments["page"], arguments["width"], arguments["height"])


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
