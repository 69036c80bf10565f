"""Texts with bold, lists and links, which never load anything: no picture from the network, none from the disk."""

import re
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from app.ui.reach import OPENED
from app.ui.timeline.markdown import is_formed, written

_MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
#: What makes a pasted text Markdown: emphasis, links, headings, lists.
_LOOKS_LIKE = re.compile(
    r"\*\*\S[^\n]*?\*\*|__\S[^\n]*?__|\[[^\]\n]+\]\([^)\s]+\)|^ {0,3}(?:#{1,6}|[-*+]|\d{1,3}[.)])\s+\S", re.MULTILINE
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PICTURES = re.compile(r"!\[[^\]]*\]\([^)]*\)")


class SafeDocument(QTextDocument):
    """Whatever a text asks for, it gets an empty picture."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Not even asked for by Qt where this gives something valid: it would look on the disk."""
        return nothing()


def nothing() -> QImage:
    """A picture of which nothing is seen."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(0)
    return image


def show(document: QTextDocument, text: str, *, markdown: bool) -> None:
    """Put a text as it is stored into a document."""
    if markdown:
        document.setMarkdown(_PICTURES.sub("", text), _MARKDOWN)
        calm(document)
    else:
        document.setPlainText(text)


def calm(document: QTextDocument) -> None:
    """A heading is a bold line: at Qt's size a pasted page would shout from between the entries."""
    form, block = QTextCharFormat(), document.begin()
    form.setProperty(QTextFormat.Property.FontSizeAdjustment, 0)
    while block.isValid():
        if block.blockFormat().headingLevel():
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(form)
        block = block.next()


def stored(document: QTextDocument) -> tuple[str, bool]:
    """The text to be stored, and whether it is Markdown: a text without any form stays as it was typed."""
    return (written(document), True) if is_formed(document) else (document.toPlainText(), False)


def as_markdown(html: str) -> str:
    """What can be kept of HTML from elsewhere: its text with bold, lists and links."""
    document = SafeDocument()
    document.setHtml(html)
    return written(document)


def looks_like_markdown(text: str) -> bool:
    """Whether a text was written with marks."""
    return _LOOKS_LIKE.search(text) is not None


def address_of(typed: str) -> str | None:
    """What somebody typed as an address that can be opened; None where it is none."""
    words = typed.strip()
    if not words or any(sign.isspace() for sign in words):
        return None
    if _MAIL.fullmatch(words):
        return f"mailto:{words}"
    if "://" not in words and not words.lower().startswith(("mailto:", "tel:")):
        words = f"https://{words}" if "." in words else ""
    url = QUrl(words, QUrl.ParsingMode.StrictMode)
    return words if words and url.isValid() and url.scheme().lower() in OPENED else None
