"""Own fields as columns and groups of a list, made anew when the fields are others."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.core.changes import ChangeSet
from app.core.format import Formats
from app.core.i18n import N_, tr
from app.core.terms import Entity
from app.services.own_fields import OwnField
from app.services.own_kinds import ANSWERS, GROUPING, OwnKind, parts_of
from app.ui.own.words import OwnWords
from app.ui.record_table.grouping import Grouping
from app.ui.tables.columns import Column, Kind
from app.ui.tables.recolumn import use_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.ui.context import Context
    from app.ui.record_table.kind import ListKind
    from app.ui.tables.model import WindowedModel
    from app.ui.tables.view import TableView

_FIGURES = (OwnKind.NUMBER, OwnKind.AMOUNT)
_WIDE, _NARROW = 150, 110


def own_columns(context: "Context", entity: Entity) -> "tuple[Column[Any], ...]":
    """A column for each own field that is to be shown in the list."""
    words = OwnWords(context)
    fields = context.office.own_fields.of(entity)
    return tuple(_column(words, field) for field in fields if field.in_list)


def _column(words: OwnWords, field: OwnField) -> "Column[Any]":
    kind = Kind.NUMBER if field.kind in _FIGURES else Kind.TEXT
    wide = _WIDE if kind is Kind.TEXT and field.kind not in (OwnKind.DAY, OwnKind.FLAG) else _NARROW
    return Column(field.key, field.name, partial(_shown, words, field), kind, wide, sort=field.key)


def _shown(words: OwnWords, field: OwnField, row: Any) -> str:
    return words.shown(field, row.own.get(field.id))


class OwnColumns(QObject):
    """Keeps the columns and groups of one list right: those that are built in, and those of own fields."""

    def __init__(
        self, context: "Context", kind: "ListKind", built_in: "Sequence[Column[Any]]",
        table: "Callable[[], tuple[TableView, WindowedModel[Any]]]", parent: QObject,
    ) -> None:  # fmt: skip
        """`table` is asked for the list and its rows once they are other columns."""
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._built_in = built_in
        self._table = table
        self._fields = context.office.own_fields.of(kind.entity)
        context.bridge.changed.connect(self._on_change)

    def all(self) -> "Sequence[Column[Any]]":
        """The columns there are now."""
        return (*self._built_in, *own_columns(self._context, self._kind.entity))

    def _on_change(self, change: ChangeSet) -> None:
        if not change.concerns("field", "field_option"):
            return
        fields = self._context.office.own_fields.of(self._kind.entity)
        if fields != self._fields:
            self._fields = fields
            take_groupings(self._kind, fields)
            view, model = self._table()
            use_columns(view, model, self.all())
            model.refresh_all()


def with_groupings(context: "Context", kind: "ListKind") -> "ListKind":
    """A kind of list of its own, which can be grouped by own fields too."""
    own = replace(kind, groupings=replace(kind.groupings, by=dict(kind.groupings.by)))
    take_groupings(own, context.office.own_fields.of(kind.entity))
    return own


def take_groupings(kind: "ListKind", fields: "Sequence[OwnField]") -> None:
    """Offer these fields to group by, and no others. (The mapping of a list's own kind is made for that.)"""
    by = kind.groupings.by
    assert isinstance(by, dict)
    for key in [key for key in by if parts_of(key) is not None]:
        del by[key]
    by.update({field.key: _grouping(field) for field in fields if field.kind in GROUPING})


def _grouping(field: OwnField) -> Grouping:
    word = _answer if field.kind is OwnKind.FLAG else _month if field.kind is OwnKind.DAY else None
    return Grouping(field.name, N_("not given"), field.key, word)


def _answer(_formats: Formats, key: str) -> str:
    return tr(ANSWERS[key])


def _month(formats: Formats, key: int) -> str:
    return formats.month(key)
