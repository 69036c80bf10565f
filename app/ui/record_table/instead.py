"""What can stand in the place of the rows of a list."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPoint

from app.services.lead_list import ListQuery


class Instead(Protocol):
    """What can stand in the place of the rows: it shows the leads of the same query in another way."""

    def show_query(self, query: ListQuery, narrowed: bool) -> None:
        """Show what is asked for; `narrowed` if a filter leaves leads out."""

    def selected_ids(self) -> list[int]:
        """The leads chosen."""

    def go_to(self, lead_id: int) -> None:
        """Choose a lead."""

    def menu_place(self) -> QPoint:
        """Where a menu for the current lead opens on the screen."""

    def copy(self) -> None:
        """Put what is chosen into the clipboard."""

    def selectAll(self) -> None:
        """Choose everything."""

    def setFocus(self) -> None:
        """The keyboard goes to the leads."""

    def isVisible(self) -> bool:
        """Whether it is seen."""

    def hide(self) -> None:
        """Leave the place to the list again."""

    def tell_when_empty(
        self, message: str, icon: str = "funnel", label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """What stands there when there are no leads."""
