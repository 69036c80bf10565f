"""What a note or a file belongs to: a lead, a company or a person."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import Connection, select, text

from app.core.errors import NotFound
from app.core.i18n import Text
from app.models.guard import BY_NAME
from app.models.many import chunks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OwnerKind = Literal["lead", "company", "person"]


class Owner(NamedTuple):
    """A record by its kind and id."""

    kind: OwnerKind
    id: int

    @property
    def column(self) -> str:
        """The column of a note or file that refers to it."""
        return f"{self.kind}_id"


_GONE = {
    "lead": Text("A lead has been deleted in the meantime."),
    "company": Text("A company has been deleted in the meantime."),
    "person": Text("A person has been deleted in the meantime."),
}


def gone(kind: OwnerKind) -> NotFound:
    """What is raised for a record that is no longer there."""
    return NotFound(_GONE[kind], Text("Nothing was changed."))


def require(session: "Session", owners: Iterable[Owner], *, by_name: bool = False) -> None:
    """Raise NotFound unless all of these are there, none of them in the trash.

    Those that are only referred to need be known no more than `by_name`.
    """
    from app.models.schema import Company, Lead, Person

    wanted: dict[OwnerKind, set[int]] = {}
    for owner in owners:
        wanted.setdefault(owner.kind, set()).add(owner.id)
    tables: dict[OwnerKind, type[Lead | Company | Person]] = {
        "lead": Lead, "company": Company, "person": Person,
    }  # fmt: skip
    for kind, ids in wanted.items():
        table = tables[kind]
        for chunk in chunks(sorted(ids)):
            wanted_ids = select(table.id).where(table.id.in_(chunk), table.deleted_at.is_(None))
            there = session.scalars(wanted_ids, execution_options=BY_NAME if by_name else {})
            if len(there.all()) < len(chunk):
                raise gone(kind)


def title_of(connection: Connection, owner: Owner) -> str | None:
    """What a record is called; None where a reader does not see it."""
    found: str | None = connection.execute(text(_TITLES[owner.kind]), {"id": owner.id}).scalar()
    return found


def owner_of(row: object) -> Owner | None:
    """Whose a note or a file is; None for a file of a mail."""
    for kind in _KINDS:
        if (found := getattr(row, f"{kind}_id")) is not None:
            return Owner(kind, found)
    return None


_KINDS: Sequence[OwnerKind] = ("lead", "company", "person")
_TITLES = {
    "lead": "SELECT title FROM lead WHERE id = :id",
    "company": "SELECT name FROM company WHERE id = :id",
    "person": "SELECT name FROM person WHERE id = :id",
}
