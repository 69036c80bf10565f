"""A text with bold, lists and links as Markdown that is read again as it was.

Qt's own writer leaves some marks unescaped and breaks long lines.
"""

import re
from collections.abc import Iterator

from PySide6.QtGui import (
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextList,
    QTextListFormat,
)  # fmt: skip

_MARKS = re.compile(r"([\\`*_\[\]<>~|&])")
#: Would begin a heading, a list or a quotation.
_BEGINS = re.compile(r"^(\s*)([#+\->=]|\d+(?=[.)]))")
_LINE = "\u2028"
_PICTURE = "\ufffc"
_INDENT = "    "
_Style = QTextListFormat.Style
_NUMBERED = (
    _Style.ListDecimal,
    _Style.ListLowerAlpha,
    _Style.ListUpperAlpha,
    _Style.ListLowerRoman,
    _Style.ListUpperRoman,
)


def is_formed(document: QTextDocument) -> bool:
    """Whether there is anything in it that a plain text cannot say."""
    return any(
        _list_of(block) is not None
        or block.blockFormat().headingLevel()
        or _quoted(block)
        or any(map(_marked, _fragments(block)))
        for block in _blocks(document)
    )


def written(document: QTextDocument) -> str:
    """The document as Markdown."""
    lines: list[str] = []
    listed = False
    for block in _blocks(document):
        in_list = _list_of(block) is not None
        bold = not block.blockFormat().headingLevel()  # a heading is bold by itself
        text = "".join(_piece(fragment, bold=bold) for fragment in _fragments(block))
        if lines and not (listed and in_list):
            lines.append("")
        lines.append(f"{_prefix(block)}{_BEGINS.sub(_escaped, text)}")
        listed = in_list
    return "\n".join(lines).strip("\n")


def _escaped(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _prefix(block: QTextBlock) -> str:
    form = block.blockFormat()
    if form.headingLevel():
        return "#" * form.headingLevel() + " "
    if _quoted(block):
        return "> "
    if (points := _list_of(block)) is None:
        return ""
    form_of_list = points.format()
    mark = "1. " if form_of_list.style() in _NUMBERED else "- "
    return _INDENT * (max(form_of_list.indent(), 1) - 1) + mark


def _list_of(block: QTextBlock) -> QTextList | None:
    """None for a line that is no point of a list, whatever Qt's types say."""
    return block.textList()


def _piece(fragment: QTextFragment, *, bold: bool) -> str:
    """A run of one form: the marks stand right at its words."""
    text, form = fragment.text().replace(_PICTURE, ""), fragment.charFormat()
    words = text.strip(f" {_LINE}")
    if not words:
        return text.replace(_LINE, "  \n")
    before, after = text[: text.index(words)], text[text.index(words) + len(words) :]
    inner = _MARKS.sub(r"\\\1", words)
    for mark in _marks(form) if bold else ():
        inner = f"{mark}{inner}{mark}"
    if form.isAnchor():
        inner = f"[{inner}](<{_address(form.anchorHref())}>)"
    return f"{before}{inner}{after}".replace(_LINE, "  \n")


def _marks(form: QTextCharFormat) -> Iterator[str]:
    if form.fontStrikeOut():
        yield "~~"
    if form.fontItalic():
        yield "*"
    if _bold(form):
        yield "**"


def _address(link: str) -> str:
    return re.sub(r"[<>\s\\]", lambda sign: f"%{ord(sign[0]):02X}", link)


def _bold(form: QTextCharFormat) -> bool:
    return form.hasProperty(QTextFormat.Property.FontWeight) and form.fontWeight() > 500


def _marked(fragment: QTextFragment) -> bool:
    form = fragment.charFormat()
    return form.isAnchor() or any(_marks(form))


def _quoted(block: QTextBlock) -> bool:
    return block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel) > 0


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    pieces = block.begin()
    while not pieces.atEnd():
        yield pieces.fragment()
        pieces += 1
