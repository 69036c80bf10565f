"""Editing in the cells of a list of records."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.roles import Act
from app.ui.tables.editing import Editing

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.tables.cell_edit import Edit, Source
    from app.ui.tables.view import TableView


class _Permitted:
    """What can be edited in the cells, as far as it is allowed."""

    def __init__(self, context: "Context", source: "Source") -> None:
        self._context, self._source = context, source

    def edit_of(self, id_: int, key: str) -> "Edit | None":
        """The value of a column in the row of an id; None where it cannot be edited."""
        return None if self._refusal(key) else self._source.edit_of(id_, key)

    def why_not(self, id_: int, key: str) -> str:
        """Why it cannot."""
        return self._refusal(key) or self._source.why_not(id_, key)

    def _refusal(self, key: str) -> str:
        return self._context.allowed.why_not(Act.ASSIGN if key == "responsible" else Act.CHANGE)


class CellEditing(Editing):
    """Says what could not be saved. `editors` are made when somebody begins to edit."""

    def __init__(self, context: "Context", view: "TableView", editors: "Callable[[Context], Source]") -> None:
        super().__init__(view, context.theme, context.jobs, lambda: self._editors, self._give_back)
        self._context = context
        self.saved.connect(lambda edit, value: edit.warn(value, partial(context.notify, undo=True)))
        self._make_editors = editors
        self._tell: Callable[[Text], object] | None = None

    @cached_property
    def _editors(self) -> "Source":
        """What can be edited in the cells."""
        return _Permitted(self._context, self._make_editors(self._context))

    def give_up(self, tell: Callable[[Text], object]) -> None:
        """The window is about to go: what is typed into a cell is saved, or `tell` is given the reason why not."""
        self._tell = tell
        self.settle()

    def _give_back(self, words: Text) -> None:
        """What was typed into a cell could not be saved when it was left."""
        if self._tell is not None:
            self._tell(words)
            return

        def tell() -> None:
            raise InvalidInput(words)

        self._context.do(tell)
