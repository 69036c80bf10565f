"""What is shown when the program made a mistake: sorry, what happened technically, and a way to copy it."""

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from app import __version__
from app.core.i18n import tr
from app.ui.forms.dialog import Dialog
from app.ui.theme import Theme


class ReportDialog(Dialog):
    """The report window. The text holds places in the code and versions, nothing of what anybody entered."""

    def __init__(self, theme: Theme, words: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Something went wrong"), parent)
        apology = QLabel(
            tr(
                "Trichter made a mistake. What was not saved yet was taken back; your data are unharmed. "
                "This report says where it happened and contains nothing you entered."
            )
        )
        apology.setWordWrap(True)
        self._text = QPlainTextEdit(f"{_versions()}\n{words}")
        self._text.setReadOnly(True)
        self._text.setAccessibleName(tr("Report"))
        self.body.addWidget(apology)
        self.body.addWidget(self._text, 1)
        copy = self.add_buttons(tr("Copy report"), cancel=tr("Close"))
        assert copy is not None
        copy.clicked.connect(self._copy)
        self.resize(theme.px(620), theme.px(420))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())


def _versions() -> str:
    return f"Trichter {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}"
