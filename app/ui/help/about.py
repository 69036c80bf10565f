"""What this program is: version, licence, where the data are, what it is built on."""

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.services.about import about
from app.ui.forms.dialog import Dialog
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context


class AboutDialog(Dialog):
    """About Trichter; what it says can be copied."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("About Trichter"), parent, heading=False)
        self._facts = about(context.office.store)
        self.body.addLayout(self._greeting())
        self.body.addWidget(self._table())
        self.body.addStretch()
        bar = self.add_bar()
        for label, action in ((tr("Open data folder"), self._open_folder), (tr("Copy"), self._copy)):
            button = Button(context.theme, label)
            button.setAutoDefault(False)
            button.clicked.connect(action)
            bar.addWidget(button)
        self.add_close(bar).setFocus()
        self.resize(context.theme.px(520), self.sizeHint().height())

    def _greeting(self) -> QHBoxLayout:
        px = self.theme.px
        row, words = QHBoxLayout(), QVBoxLayout()
        sign = QLabel()
        sign.setPixmap(self.theme.app_icon().pixmap(QSize(px(56), px(56)), self.devicePixelRatioF()))
        name = QLabel("Trichter")
        name.setProperty("kind", "hero")
        about_it = QLabel(tr("The sales funnel of a small agency, on its own desk"))
        about_it.setProperty("kind", "muted")
        about_it.setWordWrap(True)
        words.setSpacing(px(4))
        words.addWidget(name)
        words.addWidget(about_it)
        words.addStretch()
        row.setSpacing(px(16))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def lines(self) -> list[tuple[str, str]]:
        """Label and value of everything that is said."""
        return [
            (tr("Version"), self._facts.version),
            (tr("Licence"), tr("MIT: free to use, change and pass on")),
            (tr("Data folder"), str(self._facts.folder)),
            ("Qt", qVersion()),
            ("SQLite", self._facts.sqlite),
            ("Python", platform.python_version()),
            (tr("System"), f"{platform.system()} {platform.release()}"),
        ]

    def _table(self) -> QWidget:
        px = self.theme.px
        card = Card(self.theme)
        grid = QGridLayout()
        grid.setContentsMargins(px(16), px(13), px(16), px(14))
        grid.setHorizontalSpacing(px(18))
        grid.setVerticalSpacing(px(7))
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(self.lines()):
            name, shown = QLabel(label), _shown(value)
            name.setProperty("kind", "muted")
            name.setBuddy(shown)
            shown.setAccessibleName(f"{label}: {value}")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(shown, row, 1)
        card.body.addLayout(grid)
        return card

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{label}: {value}" for label, value in self.lines()))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._facts.folder)))


def _shown(value: str) -> QWidget:
    """A value that can be selected; a path, which cannot be wrapped, in a line that scrolls."""
    if "/" in value or "\\" in value:
        line = QLineEdit(value)
        line.setReadOnly(True)
        line.setCursorPosition(0)
        return line
    label = QLabel(value)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
