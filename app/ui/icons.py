"""Icons: one-colour SVG files, tinted for the theme in use."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

# Qt takes the next larger one; these cover 16, 20 and 24 pixels on plain, 150 % and 200 % screens.
_SIZES = (16, 20, 24, 32, 40, 48)
_TINT = "currentColor"


class Icons:
    """The icons of a folder. What was drawn once is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._icons: dict[tuple[str, str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

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
            self._pixmaps[key] = _render(_source(self.folder / f"{name}.svg"), colour, size, ratio)
        return self._pixmaps[key]


@lru_cache(maxsize=256)
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _render(source: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(source.replace(_TINT, colour.name()).encode()))
    dots = round(size * ratio)
    pixmap = QPixmap(QSize(dots, dots))
    pixmap.fill(QColor.fromRgbF(0, 0, 0, 0))
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(0, 0, dots, dots))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
