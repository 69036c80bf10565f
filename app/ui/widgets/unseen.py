"""A label that is not seen, for those who hear the window."""

from PySide6.QtWidgets import QLabel, QWidget


def label_unseen(control: QWidget, words: str) -> QLabel:
    """Give a control without a label of its own one that only a screen reader finds.

    On Linux Qt calls a combo box by its value, whatever its accessible name is, and leaves the name to the label that
    it belongs to. To be found it has to have the same parent.
    """
    label = QLabel(words, control.parentWidget())
    label.hide()
    label.setBuddy(control)
    control.setAccessibleName(words)
    return label
