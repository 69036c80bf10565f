"""The photo of somebody, round; the initials where there is none. Pictures are chosen, pasted, dropped and removed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QMimeData, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text, tr
from app.core.initials import monogram
from app.services.contents import Source, read, size_of
from app.services.photos import not_a_picture
from app.ui.jobs import Job
from app.ui.timeline.handing import tell
from app.ui.timeline.preview import read_picture
from app.ui.timeline.taking import as_png, brings_files, uploads_of
from app.ui.tips import plain_tip

if TYPE_CHECKING:
    from app.ui.context import Context

_SIZE = 56
#: What a camera makes is kept no larger than this, in pixels; a small file stays as it is.
_LARGEST, _SMALL_FILE = 1024, 300_000
#: A file of more bytes is not even read.
_MOST_READ = 50 << 20
_QUALITY = 88
_PICTURES = ((Text("Pictures"), "*.png *.jpg *.jpeg *.gif *.webp *.bmp"), (Text("All files"), "*"))
_KEPT = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")


@dataclass(frozen=True)
class Portrayed:
    """Whose photo it is: `photo` is None without one, else changes with it. The verbs may run in a thread.

    `locked` says why the photo cannot be changed; "" where it can.
    """

    id: int
    name: str
    photo: int | None
    read: Callable[[], bytes | None]
    give: Callable[[bytes], object]
    remove: Callable[[], object]
    locked: str = ""


class Portrait(QAbstractButton):
    """Shows somebody and lets a picture be given; a press opens the menu, Ctrl+V pastes, Delete removes."""

    def __init__(self, context: "Context", refuse: Callable[[TrichterError], object] | None = None) -> None:
        """`refuse` hears why a picture is not taken, instead of the window."""
        super().__init__()
        self._context, self._refuse = context, refuse
        self._whose: Portrayed | None = None
        self._image: QImage | None = None
        self._hot = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.open_menu(self.mapToGlobal(QPoint(0, self.height()))))
        context.theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = self._context.theme.px(_SIZE)
        return QSize(side, side)

    @property
    def has_picture(self) -> bool:
        """Whether a photo is seen, and not the initials."""
        return self._image is not None

    def show_of(self, whose: Portrayed) -> None:
        """The photo of this one; it is read in a thread, and until then the initials stand there."""
        before, self._whose = self._whose, whose
        self.setAccessibleName(tr("Photo of {name}", name=whose.name))
        self.setToolTip(plain_tip(whose.locked) or tr("Photo: choose, paste or drop a picture"))
        self.setAccessibleDescription(whose.locked)
        self.setEnabled(not whose.locked)
        self.setAcceptDrops(not whose.locked)
        if before is None or (before.id, before.photo) != (whose.id, whose.photo):
            self._image = None
            if whose.photo is not None:
                self._read(whose)
        self.update()

    def _read(self, whose: Portrayed) -> None:
        side = round(self.sizeHint().width() * self.devicePixelRatioF())

        def done(image: QImage | None) -> None:
            now = self._whose
            if now is not None and (now.id, now.photo) == (whose.id, whose.photo):
                self._image = image
                self.update()

        def failed(error: BaseException) -> None:
            if not isinstance(error, TrichterError):  # one that is gone or damaged shows the initials
                raise error

        def work(_progress: object) -> QImage | None:
            data = whose.read()
            image = None if data is None else read_picture(data, 4 * side, 4 * side)
            return None if image is None else _square(image, side)

        self._context.jobs.start(Job(Text("Reading"), work, done, failed, quiet=True, pool=True, owner=self))

    # Doing

    def open_menu(self, place: QPoint) -> None:
        """What can be done with the photo; `place` is on the screen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Choose picture …")).triggered.connect(self.choose)
        paste = menu.addAction(tr("Paste picture"))
        paste.triggered.connect(self.paste)
        paste.setEnabled(brings_files(QGuiApplication.clipboard().mimeData()))
        remove = menu.addAction(tr("Remove photo"))
        remove.triggered.connect(self.remove)
        remove.setEnabled(self._whose is not None and self._whose.photo is not None)
        menu.popup(place)

    def choose(self) -> None:
        """Ask for a file."""
        path = self._context.dialogs.open_file(Text("Choose picture"), _PICTURES)
        if path is not None:
            self.take(path)

    def paste(self) -> None:
        """Take the picture in the clipboard."""
        self._take_from(QGuiApplication.clipboard().mimeData())

    def remove(self) -> None:
        """Have no photo."""
        whose = self._whose
        if whose is not None and whose.photo is not None and not whose.locked:
            work = lambda _progress: whose.remove()  # noqa: E731 - one expression for one thread
            self._context.jobs.write(Job(Text("Saving"), work, failed=self._tell, owner=self))

    def take(self, source: Source) -> None:
        """Let this picture be the photo; what is none is refused with a sentence."""
        whose = self._whose
        if whose is None or whose.locked:
            return

        def write(data: bytes) -> None:
            work = lambda _progress: whose.give(data)  # noqa: E731 - one expression for one thread
            self._context.jobs.write(Job(Text("Saving"), work, failed=self._tell, owner=self))

        job = Job(Text("Reading"), lambda _progress: fitting(source), write, self._tell, pool=True, owner=self)
        self._context.jobs.start(job)

    def _tell(self, error: BaseException) -> None:
        if self._refuse is not None and isinstance(error, TrichterError):
            self._refuse(error)
        else:
            tell(self._context, error)

    def _take_from(self, data: QMimeData) -> None:
        for upload in uploads_of(data)[:1]:
            self.take(upload.source)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Paste and Delete are meant for the photo while the keyboard is on it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _meant(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._warm(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._warm(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._warm(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._take_from(event.mimeData())

    def _warm(self, hot: bool) -> None:
        self._hot = hot
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._context.theme
        circle = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            round_path = QPainterPath()
            round_path.addEllipse(circle)
            painter.fillPath(round_path, theme.colour("accent_background"))
            if self._image is not None:
                painter.setClipPath(round_path)
                painter.drawImage(circle, self._image)
                painter.setClipping(False)
            elif self._whose is not None:
                painter.setFont(theme.font(18, 600))
                painter.setPen(theme.colour("accent"))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, monogram(self._whose.name))
            if self.hasFocus() or self._hot or self.underMouse():
                edge: QColor = theme.colour("border" if not (self.hasFocus() or self._hot) else "accent")
                painter.setPen(QPen(edge, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(circle)


def fitting(source: Source) -> bytes:
    """A picture from outside as it is kept: unpacked within measure, a large one made smaller, without what a camera
    writes beside it. Raises InvalidInput for what is no picture, StorageError.
    """
    if size_of(source) > _MOST_READ:
        raise InvalidInput(Text("The picture is larger than {n} MB.", n=_MOST_READ >> 20), field="photo")
    data = read(source)
    image = read_picture(data, _LARGEST, _LARGEST)
    if image is None:
        raise not_a_picture()
    if len(data) <= _SMALL_FILE and data.startswith(_KEPT):
        return data
    return as_png(image) if image.hasAlphaChannel() else _as_jpeg(image)


def _as_jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]
    buffer.close()
    return bytes(buffer.data().data())


def _square(image: QImage, side: int) -> QImage:
    """The middle of a picture."""
    whole = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    return whole.copy((whole.width() - side) // 2, (whole.height() - side) // 2, side, side)


def _meant(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Paste) or event.key() == Qt.Key.Key_Delete
