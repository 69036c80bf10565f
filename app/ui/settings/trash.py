"""*Papierkorb*: what was deleted, and the way back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.ui.context import Context


class TrashPage(QWidget):
    def __init__(self, context: "Context") -> None:
        super().__init__()
