"""Icons: one-colour SVG files, tinted for the theme in use."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

# Qt takes the next larger one; these cover 16, 20 and 24 pixels on plain, 150 % and 200 % screens.
_SIZES = (16, 20, 24, 32, 40, 48)


class Icons:
    """The icons of a folder. What was drawn once is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._icons: dict[tuple[str, str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._shapes: dict[tuple[str, int, float], QPixmap] = {}
        self._renderer = lru_cache(maxsize=1)(self._read)  # one icon is drawn in all its sizes, then the next

    def icon(self, name: str, colour: QColor, disabled: QColor) -> QIcon:
        """The icon of the file `name`.svg in `colour`, and in `disabled` where a control is not enabled."""
        key = (name, colour.name(), disabled.name())
        if key not in self._icons:
            icon = QIcon()
            for size in _SIZES:
                icon.addPixmap(self.pixmap(name, colour, size, 1.0), QIcon.Mode.Normal)
                icon.addPixmap(self.pixmap(name, disabled, size, 1.0), QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]

    def pixmap(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        """The icon `size` pixels wide, sharp on a device with `ratio` dots per pixel."""
        key = (name, colour.name(), size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = _tinted(self._shape(name, size, ratio), colour)
        return self._pixmaps[key]

    def _shape(self, name: str, size: int, ratio: float) -> QPixmap:
        """Of no colour yet: to draw it takes far longer than to tint it."""
        key = (name, size, ratio)
        if key not in self._shapes:
            self._shapes[key] = _drawn(self._renderer(name), size, ratio)
        return self._shapes[key]

    def _read(self, name: str) -> QSvgRenderer:
        return QSvgRenderer(QByteArray((self.folder / f"{name}.svg").read_bytes()))


def _drawn(renderer: QSvgRenderer, size: int, ratio: float) -> QPixmap:
    dots = round(size * ratio)
    pixmap = QPixmap(QSize(dots, dots))
    pixmap.fill(QColor.fromRgbF(0, 0, 0, 0))
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(0, 0, dots, dots))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _tinted(shape: QPixmap, colour: QColor) -> QPixmap:
    pixmap = QPixmap(shape)
    with QPainter(pixmap) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), colour)
    return pixmap
