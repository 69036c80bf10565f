"""The field onto which a file is dropped, or that opens the choice of one."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind


class DropField(QWidget):
    """Says what can be imported; `chosen` comes from its button."""

    chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hot = False
        centre = Qt.AlignmentFlag.AlignCenter
        sign, words, kinds = QLabel(), QLabel(tr("Drop a list of leads here")), QLabel()
        sign.setPixmap(theme.pixmap("download", "accent", 36, self.devicePixelRatioF()))
        words.setProperty("kind", "heading")
        kinds.setText(tr("CSV or XLSX, from a spreadsheet, from another program or from Trichter itself."))
        kinds.setProperty("kind", "muted")
        self.button = Button(theme, tr("Choose file …"), ButtonKind.PRIMARY)
        self.button.clicked.connect(self.chosen)
        box = QVBoxLayout(self)
        box.setSpacing(theme.px(8))
        box.addStretch()
        for label in (sign, words, kinds):
            label.setAlignment(centre)
            label.setWordWrap(label is not sign)
            box.addWidget(label)
        box.addSpacing(theme.px(6))
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("accent" if self.hot else "border"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(self._theme.colour("accent_background" if self.hot else "surface"))
            radius = self._theme.px(12)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def warm(self, hot: bool) -> None:
        """Show that letting go here would do it."""
        self.hot = hot
        self.update()


def dropped_file(data: QMimeData) -> Path | None:
    """The one local file that is dragged; None for anything else."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and not files[0].is_dir() else None
