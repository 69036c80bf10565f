"""Help: what the program is for and how one works with it, on one page.

A heading ends with `{#topic}` where help can be asked for about what stands below it.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.core.i18n import tr
from app.core.paths import resources_dir
from app.ui.forms.dialog import Dialog
from app.ui.help.operators import operator_tables

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.theme import Theme


#: Room above headings by their level, and how large they are.
_ABOVE = {1: 4, 2: 14, 3: 9}
_SIZES = {1: 17, 2: 14}
#: Behind a heading: what one may ask for help about.
_TOPIC = re.compile(r"^#+ (?P<heading>.+?) \{#(?P<topic>\w+)\}$", re.M)
#: A line in whose place the words stand that filters are typed as.
_OPERATORS = "{operators}"


class HelpDialog(Dialog):
    """Shows the page of the language in use."""

    def __init__(
        self,
        context: "Context",
        parent: QWidget | None = None,
        keys: Mapping[str, str] | None = None,
        topic: str = "",
    ) -> None:
        """`keys` are those that hold instead of those the page speaks of, both as they are named; empty for none.

        The page is opened where it speaks of a `topic`.
        """
        super().__init__(context.theme, tr("Help"), parent, heading=False)
        page = QTextBrowser()
        page.setAccessibleName(tr("Help"))
        page.setFrameShape(QTextBrowser.Shape.NoFrame)
        words = with_keys(help_text(context.formats.language), keys or {})
        page.setMarkdown(_TOPIC.sub(lambda found: found[0].partition(" {#")[0], words))
        _loosen(page, context.theme)
        self.body.addWidget(page, 1)
        self.add_close(self.add_bar())
        self.remember_size(context.settings, "help", 620, 680)
        page.setFocus()
        heading = next((found["heading"] for found in _TOPIC.finditer(words) if found["topic"] == topic), "")
        if heading:
            QTimer.singleShot(0, page, lambda: _go_to(page, heading))  # there is no room to scroll in before


def _go_to(page: QTextBrowser, heading: str) -> None:
    """Bring a heading to the top."""
    block = page.document().begin()
    while block.isValid() and not (block.blockFormat().headingLevel() and block.text() == heading):
        block = block.next()
    if block.isValid():
        page.setTextCursor(QTextCursor(block))
        top = page.document().documentLayout().blockBoundingRect(block).top()
        page.verticalScrollBar().setValue(round(top))


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
            letters.setFont(theme.font(_SIZES.get(level, 13), 700))
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
    words = (file if file.is_file() else folder / "en.md").read_text(encoding="utf-8")
    return words.replace(_OPERATORS, operator_tables())
