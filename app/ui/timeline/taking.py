"""What is dropped or pasted: files from the desktop or a browser, and pictures such as a screenshot."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QMimeData
from PySide6.QtGui import QImage

from app.core.i18n import tr
from app.services.files import Upload


def uploads_of(data: QMimeData) -> list[Upload]:
    """The files that are dragged or in the clipboard, or the picture there; none where it is a text."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files:
        return [Upload.of(path) for path in files]
    if not _is_picture(data):
        return []
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return []
    return [Upload(tr("Picture") + ".png", as_png(image))]


def as_png(image: QImage) -> bytes:
    """A picture as a file."""
    buffer = QBuffer()  # over bytes of its own: others might go before it
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(buffer.data().data())


def brings_files(data: QMimeData) -> bool:
    """Whether letting go would bring files, without reading any."""
    return any(url.isLocalFile() for url in data.urls()) or _is_picture(data)


def _is_picture(data: QMimeData) -> bool:
    """A spreadsheet offers a picture of its cells beside their text; what a browser has beside it is its address."""
    return data.hasImage() and (data.hasUrls() or not data.hasText())
