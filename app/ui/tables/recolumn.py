"""Other columns for a table that is shown."""

from collections.abc import Sequence
from typing import Any

from app.ui.tables.columns import Column
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView


def use_columns(view: TableView, model: WindowedModel[Any], columns: Sequence[Column[Any]]) -> None:
    """Show these columns from now on; those that stay keep their order, width and whether they are shown."""
    state = view.save_state()
    model.use_columns(columns, view.header.use_columns)
    view.restyle()
    view.header.restore(state)
