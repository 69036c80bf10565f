"""Help: what the program is for and how one works with it, on one page."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTextBrowser, QWidget

from app.core.i18n import tr
from app.core.paths import resources_dir
from app.ui.forms.dialog import Dialog
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context


class HelpDialog(Dialog):
    """Shows the page of the language in use."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Help"), parent, heading=False)
        page = QTextBrowser()
        page.setAccessibleName(tr("Help"))
        page.setFrameShape(QTextBrowser.Shape.NoFrame)
        page.setMarkdown(help_text(context.formats.language))
        self.body.addWidget(page, 1)
        bar = self.add_bar()
        bar.addStretch()
        close = Button(context.theme, tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bar.addWidget(close)
        self.remember_size(context.settings, "help", 620, 680)
        page.setFocus()


def help_text(language: str) -> str:
    """The page in Markdown; in English where there is none in this language."""
    folder = resources_dir() / "help"
    file = folder / f"{language}.md"
    return (file if file.is_file() else folder / "en.md").read_text(encoding="utf-8")
