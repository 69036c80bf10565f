"""Looking at a picture or a PDF without another program."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QImageReader, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStyle, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text, tr
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.jobs import Job
from app.ui.timeline.handing import open_file, save_as
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.files import StoredFile
    from app.ui.context import Context
    from app.ui.jobs import Progress

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp")
_FORMATS = (b"png", b"jpeg", b"jpg", b"gif", b"bmp", b"webp")
_PDF = "application/pdf"
#: A picture of more pixels is not unpacked: a small file can hold gigabytes of one colour.
_MOST_PIXELS = 100_000_000
_LARGEST = 2400
#: After so many milliseconds without another size what is shown is made to fit.
_SETTLED = 150


def can_show(file: "StoredFile") -> bool:
    """Whether a file is shown here."""
    return file.mime == _PDF or file.mime in _PICTURES


def read_picture(data: bytes, width: int, height: int) -> QImage | None:
    """A picture from outside, no larger than this frame; None where it is none, or one beyond measure."""
    store = QByteArray(data)
    buffer = QBuffer(store)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in _FORMATS:
        return None
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > _MOST_PIXELS:
        return None
    if size.width() > width or size.height() > height:
        reader.setScaledSize(size.scaled(QSize(width, height), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


class PreviewDialog(Dialog):
    """A picture, or a PDF page by page."""

    def __init__(self, context: "Context", file: "StoredFile", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, file.name, parent)
        self._context = context
        self._file = file
        self._page, self._pages = 0, 1
        self._data = b""
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(file.name)
        self.said = QLabel(tr("Reading …"))
        self.said.setProperty("kind", "muted")
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = scrolled(self.picture, focus=True)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.said)
        bar = self.add_bar()
        theme = context.theme
        self._before = Button(theme, "", ButtonKind.FLAT, icon="chevron-left", name=tr("Page before"))
        self._after = Button(theme, "", ButtonKind.FLAT, icon="chevron-right", name=tr("Next page"))
        self._number = QLabel()
        self._number.setProperty("kind", "muted")
        self._before.clicked.connect(lambda: self._turn(-1))
        self._after.clicked.connect(lambda: self._turn(1))
        other, save = Button(theme, tr("Open with another program")), Button(theme, tr("Save as …"))
        other.clicked.connect(lambda: open_file(context, file, self))
        save.clicked.connect(lambda: save_as(context, file, self))
        for widget in (self._before, self._number, self._after, other, save):
            if isinstance(widget, Button):
                widget.setAutoDefault(False)
            bar.addWidget(widget)
        self.add_close(bar)
        self.remember_size(context.settings, "preview", 820, 720)
        self._show_number()
        self._reading: Progress | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self._read)
        self.finished.connect(lambda _result: self._leave())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._reading is None:
            self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._reading is not None:
            self._timer.start()

    def _leave(self) -> None:
        self._timer.stop()
        if self._reading is not None:
            self._reading.cancel()

    def _turn(self, by: int) -> None:
        if 0 <= self._page + by < self._pages:
            self._page += by
            self._show_number()
            self._read()

    def _show_number(self) -> None:
        paged = self._file.mime == _PDF and self._pages > 1
        for widget in (self._before, self._number, self._after):
            widget.setVisible(paged)
        self._number.setText(tr("Page {n} of {all}", n=self._page + 1, all=self._pages))
        self._before.setEnabled(self._page > 0)
        self._after.setEnabled(self._page < self._pages - 1)

    def _frame(self) -> tuple[int, int]:
        """The pixels there are: a picture is seen as a whole, a page as wide as there is room."""
        room, ratio = self.area.maximumViewportSize(), self.devicePixelRatioF()
        if self._file.mime != _PDF:
            return min(int(room.width() * ratio), _LARGEST), min(int(room.height() * ratio), _LARGEST)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return min(int((room.width() - bar) * ratio), _LARGEST), _LARGEST

    def _read(self) -> None:
        """In a thread: a PDF is read in a process of its own, a picture takes its time."""
        if self._reading is not None:
            self._reading.cancel()
        files, file, page, known = self._context.office.files, self._file, self._page, self._data
        frame = self._frame()

        def work(progress: "Progress") -> tuple[bytes, int, int, QImage]:
            data = known or files.bytes_of(file.id)
            if file.mime != _PDF:
                image = read_picture(data, *frame)
                if image is None:
                    raise InvalidInput(Text("This is no picture that can be shown here."))
                return data, page, 1, image
            from app.services.foreign.pdf_files import pdf_picture

            found = pdf_picture(data, page, *frame, lambda: progress.cancelled)
            image = QImage(found.pixels, found.width, found.height, found.stride, QImage.Format.Format_RGB32)
            return data, page, found.pages, image.copy()  # the bytes go, the picture stays

        job = Job(Text("Reading"), work, self._show, failed=self._refuse, quiet=True, pool=True, owner=self)
        self._reading = self._context.jobs.start(job)

    def _show(self, found: tuple[bytes, int, int, QImage]) -> None:
        self._data, page, self._pages, image = found
        if page != self._page:  # turned on meanwhile
            return
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(QPixmap.fromImage(image))
        self.said.hide()
        self._show_number()

    def _refuse(self, error: BaseException) -> None:
        from app.core.errors import Cancelled

        if not isinstance(error, TrichterError):
            raise error
        if not isinstance(error, Cancelled):
            self.picture.clear()
            self.said.setText(str(error))
            self.said.show()
