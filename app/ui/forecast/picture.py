"""Charts as pictures: PNG, SVG or in the clipboard, on white and with a title, whatever the window looks like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import Text, tr
from app.ui.forecast.legend import paint_key
from app.ui.forecast.view_models import LegendKey
from app.ui.jobs import Job
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.forecast.pick_chart import PickChart

_EDGE = 24
_SQUARE = 11
_LINE = 22
#: Dots per pixel: a picture is to be sharp in print too.
_SHARPNESS = 2


@dataclass(frozen=True)
class Picture:
    """A title, what the colours mean, and who paints the chart into a rectangle of `size`."""

    title: str
    size: QSize
    draw: Callable[[QPainter, QRectF], None]
    legend: Sequence[LegendKey] = ()


def paint(picture: Picture, painter: QPainter, theme: Theme) -> None:
    """Paint all of it, from the left upper corner, in the size of `whole`."""
    size, head = whole(picture, theme), _head(picture, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, size.width(), size.height()), theme.colour("surface"))
    painter.setFont(theme.font(15, 700))
    painter.setPen(theme.colour("text"))
    painter.drawText(QPointF(_EDGE, _EDGE + painter.fontMetrics().ascent()), picture.title)
    for key, place in zip(picture.legend, _places(picture, theme), strict=True):
        paint_key(painter, theme, key.look, QRectF(place.x(), place.y(), _SQUARE, _SQUARE))
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(place.x() + _SQUARE + 6, place.y() + _SQUARE - 1), key.label)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)  # a chart draws frames with whatever it finds
    painter.setPen(Qt.PenStyle.NoPen)
    picture.draw(painter, QRectF(_EDGE, head, picture.size.width(), picture.size.height()))
    painter.restore()


def whole(picture: Picture, theme: Theme) -> QSize:
    """How large it is with title, legend and margin."""
    return QSize(picture.size.width() + 2 * _EDGE, picture.size.height() + round(_head(picture, theme)) + _EDGE)


def _head(picture: Picture, theme: Theme) -> float:
    """The height above the chart."""
    places = _places(picture, theme)
    return (places[-1].y() + _LINE) if places else _EDGE + QFontMetricsF(theme.font(15, 700)).height() + 10


def _places(picture: Picture, theme: Theme) -> list[QPointF]:
    """Where the keys of the legend stand, line by line."""
    metrics = QFontMetricsF(theme.font(12))
    x, y = float(_EDGE), _EDGE + QFontMetricsF(theme.font(15, 700)).height() + 10
    places = []
    for key in picture.legend:
        width = metrics.horizontalAdvance(key.label) + _SQUARE + 6
        if x > _EDGE and x + width > picture.size.width() + _EDGE:
            x, y = float(_EDGE), y + _LINE
        places.append(QPointF(x, y))
        x += width + 18
    return places


def as_image(picture: Picture, theme: Theme) -> QImage:
    """The picture in dots."""
    size = whole(picture, theme)
    image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    with QPainter(image) as painter:
        paint(picture, painter, theme)
    return image


def as_png(picture: Picture, theme: Theme) -> bytes:
    """The picture as a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    as_image(picture, theme).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def as_svg(picture: Picture, theme: Theme) -> bytes:
    """The picture as an SVG file: lines and letters, not dots."""
    from PySide6.QtSvg import QSvgGenerator

    size, as_dots = whole(picture, theme), QImage(1, 1, QImage.Format.Format_RGB32)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setResolution(as_dots.logicalDpiX())  # else the labels of axes, which were recorded, come smaller
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(picture.title)
    with QPainter(generator) as painter:
        paint(picture, painter, theme)
    return bytes(data.data())


class PictureButton(Button):
    """Saves or copies the chart beside it; `make` gives the picture, None where there is nothing to see yet."""

    def __init__(self, context: "Context", make: Callable[[], Picture | None], parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme, "", ButtonKind.FLAT, icon="download", name=tr("Chart as a picture"), parent=parent
        )
        self._context = context
        self._make = make
        self.setMenu(self.menu_for(self))

    def menu_for(self, parent: QWidget) -> QMenu:
        """What can be done, for the button and for the context menu of the chart."""
        menu = QMenu(parent)
        menu.addAction(tr("Save as PNG …"), partial(self.save, "png"))
        menu.addAction(tr("Save as SVG …"), partial(self.save, "svg"))
        menu.addAction(tr("Copy as a picture"), self.copy)
        return menu

    def save(self, kind: str) -> None:
        """Ask for a file and write the picture to it."""
        from app.services.exporting.picture_file import write_picture

        picture = self._make()
        if picture is None:
            return
        name = "".join(character for character in picture.title if character not in '\\/:*?"<>|')
        filters = ((Text("Pictures"), f"*.{kind}"), (Text("All files"), "*"))
        target = self._context.dialogs.save_file(Text("Save the chart"), f"{name}.{kind}", filters)
        if target is None:
            return
        paper = self._context.theme.paper
        data = as_png(picture, paper) if kind == "png" else as_svg(picture, paper)

        def done(file: Path) -> None:
            self._context.notify(Text("Chart saved as {file}", file=file.name))

        def work(_progress: object) -> Path:
            write_picture(target, data)
            return target

        self._context.jobs.start(Job(Text("Exporting"), work, done, owner=self))

    def copy(self) -> None:
        """Put the picture into the clipboard."""
        picture = self._make()
        if picture is not None:
            QGuiApplication.clipboard().setImage(as_image(picture, self._context.theme.paper))
            self._context.notify(Text("Chart copied"))


def hand_painted(chart: "PickChart[Any]", parts: Sequence[Any]) -> Callable[[QPainter, QRectF], None]:
    """How a chart made for it paints these parts; it goes once that is done."""

    def draw(painter: QPainter, target: QRectF) -> None:
        chart.resize(target.size().toSize())
        chart.show_parts(parts, "")
        painter.translate(target.topLeft())
        chart.draw(painter)
        chart.deleteLater()

    return draw


def offer_menu(chart: QWidget, button: PictureButton) -> None:
    """What the button does, in the context menu of the chart too."""

    def open_menu(at: QPoint) -> None:
        menu = button.menu_for(chart)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(chart.mapToGlobal(at))

    chart.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    chart.customContextMenuRequested.connect(open_menu)
