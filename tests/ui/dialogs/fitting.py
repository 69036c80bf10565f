"""Whether every word of a window can be read: nothing is cut off, whatever the language and the size of the text."""

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget

from app.ui.widgets.button import Button

#: Rounding of fractions of pixels, between a layout and a size hint.
_SLACK = 2


def cut_off(window: QWidget) -> list[str]:
    """The texts of labels and buttons that do not fit into their widgets."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and button.text()]
    return [
        *(f"label {label.text()!r} in {label.size().toTuple()}" for label in labels if not _fits(label)),
        *(f"button {button.text()!r} in {button.size().toTuple()}" for button in buttons if not _holds(button)),
    ]


def _fits(label: QLabel) -> bool:
    metrics = label.fontMetrics()
    if not label.wordWrap():
        return label.width() + _SLACK >= label.sizeHint().width() and label.height() + _SLACK >= metrics.height()
    widest = max((metrics.horizontalAdvance(word) for word in re.split(r"[ \n]+", _seen(label))), default=0)
    room = label.contentsRect().width()
    return room + _SLACK >= widest and label.height() + _SLACK >= label.heightForWidth(label.width())


def _seen(label: QLabel) -> str:
    """The words without their markup."""
    rich = label.textFormat() == Qt.TextFormat.RichText
    return QTextDocumentFragment.fromHtml(label.text()).toPlainText() if rich else label.text()


def _holds(button: QAbstractButton) -> bool:
    needed = button.minimumSizeHint()
    if button.hasHeightForWidth():
        return button.height() + _SLACK >= button.heightForWidth(button.width())
    width = button.least_width() if isinstance(button, Button) else needed.width()  # some have short words, too
    return button.width() + _SLACK >= width and button.height() + _SLACK >= needed.height()


def nameless(window: QWidget) -> list[str]:
    """Controls that a screen reader would announce without a name, or with another one than what is seen."""
    return [f"{type(widget).__name__} {widget.objectName()}" for widget in _controls(window) if not _named(widget)]


def _controls(window: QWidget) -> Iterator[QWidget]:
    for kind in (QAbstractButton, QLineEdit, QPlainTextEdit):
        for widget in window.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_"):
                yield widget


def _named(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton) and widget.text():
        seen = widget.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        if seen == "–":  # stands for nothing: the name alone says more
            return bool(widget.accessibleName())
        return widget.accessibleName() in ("", seen) or seen.rstrip("…") in widget.accessibleName()
    above = widget.parentWidget()  # the line of an editable combo box is named by the box
    return bool(widget.accessibleName() or (above is not None and above.accessibleName()))
