"""What records of a kind are listed by: the orders and groups there are, and the SQL that makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.terms import Entity
from app.services.own_terms import own_group, own_sort

if TYPE_CHECKING:
    from app.services.group_terms import GroupTerms
    from app.services.matching import Named
    from app.services.sort_terms import Sort


@dataclass(frozen=True)
class ListTerms:
    """What records of a kind are listed by.

    `narrowing` are the columns that decide whether one belongs in a list at all. `sums` are what the records of a group
    come to, beside their number, by name, and `summed` what is joined for them. `named` are the names that are searched
    beside the search document; a row of the tables of `spread` stands in the documents of many records. `alike` is
    what those are ordered by that an order has no difference for.
    """

    entity: Entity
    sorts: "Mapping[str, Sort]"
    groups: "Mapping[str, GroupTerms]"
    narrowing: frozenset[str]
    sums: Mapping[str, str]
    summed: str = ""
    named: "tuple[Named, ...]" = ()
    spread: tuple[str, ...] = ()
    alike: str = ""

    def sort_of(self, key: str) -> "Sort":
        """How the order with this key is made, by an own field too. Raises KeyError for one there is not."""
        if key in self.sorts:
            return self.sorts[key]
        return own_sort(self.entity, key)

    def group_of(self, key: str) -> "GroupTerms":
        """How the groups with this key are made. Raises KeyError for none."""
        if key in self.groups:
            return self.groups[key]
        return own_group(self.entity, key)

    def sorts_by(self, key: str) -> bool:
        """Whether there is an order with this key."""
        try:
            self.sort_of(key)
        except KeyError:
            return False
        return True
