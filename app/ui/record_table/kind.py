"""What tells a list of one kind of records from those of others: all that the panel around it has to be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.i18n import Plural
from app.core.terms import Entity
from app.services.record_filter import Condition
from app.ui.record_table.facets import Chips, Facet
from app.ui.record_table.grouping import Groupings

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.record_list import RecordList
    from app.ui.context import Context
    from app.ui.tables.cell_edit import Source


@dataclass(frozen=True)
class ListKind:
    """One kind of records as lists show them.

    `lists` reads them, `editors` says what can be edited in the cells and is asked when somebody begins to. `facets`
    are the chips there may be, `chips` those of each list by its key; `fresh` is a condition to begin with. The tables
    of `concerning` are those whose changes can reach a row or the order; one of `wholly` can reach many rows at once.
    `counted`, `fitting`, `copied` and `exported` word a number of records, `choose` offers to select those of a group.
    Of what is `written_whole` a file has all columns, those that the list does not show behind the others.
    """

    entity: Entity
    lists: "Callable[[Context], RecordList[Any, Any, Any]]"
    editors: "Callable[[Context], Source]"
    facets: Mapping[str, Facet]
    chips: Mapping[str, Chips]
    fresh: Condition
    groupings: Groupings
    concerning: tuple[str, ...]
    wholly: tuple[str, ...]
    counted: Callable[[int], str]
    fitting: Callable[[int], str]
    copied: Callable[[int], Plural]
    exported: "Callable[[int, Path], Plural]"
    choose: str
    written_whole: bool = False
