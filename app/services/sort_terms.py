"""What a list can be sorted by: the SQL over a record, and what is joined for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sort:
    """What a list can be sorted by: expressions, all of them sorted the same way, and the tables to join for them.

    A change of these `columns` of a record, and of any row of these `tables`, can give it another place; whoever keeps
    an order asks. `unaided` are orders by many different words that no index has: every record is looked at before the
    first is known. A `reversed` one goes against its column: a day earlier is an older lead. In a
    `distinct` one hardly two are alike. `filled` is the same order of those alone that have a value: they come first,
    and a page of them is found without a look at all the others.
    """

    expressions: tuple[str, ...]
    join: str = ""
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    unaided: bool = False
    reversed: bool = False
    distinct: bool = False
    filled: "Sort | None" = None

    @property
    def then_by_name(self) -> bool:
        """Whether those that are alike stand by their names: where all are looked at anyway, and many are alike."""
        return self.unaided and not self.distinct
