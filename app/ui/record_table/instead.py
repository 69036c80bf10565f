"""What can stand in the place of the rows of a list."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QPoint


class Instead(Protocol):
    """What can stand in the place of the rows: it shows the records of the same query in another way."""

    def show_query(self, query: Any, narrowed: bool) -> None:
        """Show what is asked for; `narrowed` if a filter leaves any out."""

    def selected_ids(self) -> list[int]:
        """The records chosen."""

    def go_to(self, row_id: int, /) -> None:
        """Choose a record."""

    def menu_place(self) -> QPoint:
        """Where a menu for the current record opens on the screen."""

    def copy(self) -> None:
        """Put what is chosen into the clipboard."""

    def selectAll(self) -> None:
        """Choose everything."""

    def setFocus(self) -> None:
        """The keyboard goes to the records."""

    def isVisible(self) -> bool:
        """Whether it is seen."""

    def hide(self) -> None:
        """Leave the place to the list again."""

    def tell_when_empty(
        self, message: str, icon: str = "funnel", label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """What stands there when there are none."""
