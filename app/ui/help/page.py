"""Help: what the program is for and how one works with it, on one page."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.core.i18n import tr
from app.core.paths import resources_dir
from app.ui.forms.dialog import Dialog

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.theme import Theme


#: Room above headings by their level.
_ABOVE = {1: 4, 2: 14}


class HelpDialog(Dialog):
    """Shows the page of the language in use."""

    def __init__(
        self, context: "Context", parent: QWidget | None = None, keys: Mapping[str, str] | None = None
    ) -> None:
        """`keys` are those that hold instead of those the page speaks of, both as they are named; empty for none."""
        super().__init__(context.theme, tr("Help"), parent, heading=False)
        page = QTextBrowser()
        page.setAccessibleName(tr("Help"))
        page.setFrameShape(QTextBrowser.Shape.NoFrame)
        page.setMarkdown(with_keys(help_text(context.formats.language), keys or {}))
        _loosen(page, context.theme)
        self.body.addWidget(page, 1)
        self.add_close(self.add_bar())
        self.remember_size(context.settings, "help", 620, 680)
        page.setFocus()


def _loosen(page: QTextBrowser, theme: "Theme") -> None:
    """Room between paragraphs, and headings of the program's sizes: Markdown brings neither."""
    block = page.document().begin()
    while block.isValid():
        cursor, look, level = QTextCursor(block), block.blockFormat(), block.blockFormat().headingLevel()
        look.setTopMargin(theme.px(_ABOVE.get(level, 3)))
        look.setBottomMargin(theme.px(3))
        cursor.setBlockFormat(look)
        if level:
            letters = QTextCharFormat()
            letters.setFont(theme.font(17 if level == 1 else 14, 700))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(letters)
        block = block.next()


def with_keys(words: str, keys: Mapping[str, str]) -> str:
    """A text that speaks of the keys that hold."""
    if not keys:
        return words
    named = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    return re.sub(rf"(?<![\w+])(?:{named})(?![\w+])", lambda found: keys[found[0]] or tr("(no keys)"), words)


def help_text(language: str) -> str:
    """The page in Markdown; in English where there is none in this language."""
    folder = resources_dir() / "help"
    file = folder / f"{language}.md"
    return (file if file.is_file() else folder / "en.md").read_text(encoding="utf-8")
