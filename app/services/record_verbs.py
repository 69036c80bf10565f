"""What the verbs of companies and of people have in common: one write over one or many records, in words of their own.

Verbs take the ids of one or many records and hold for all of them or for none. They raise NotFound for a record that is
gone, and InvalidInput with the field's name for what makes no sense.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import select, text

from app.core.errors import NotFound
from app.core.folding import sort_key
from app.core.i18n import Plural, Text
from app.models.many import chunks
from app.services import meanwhile, record_fields
from app.services.crossings import refuse_crossings
from app.services.own_fields import names_of
from app.services.reach import Owner

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store

Change = Callable[["Session", Sequence[Any]], None]


@dataclass(frozen=True)
class Words:
    """What the steps with several records are called, and that one is gone."""

    changed: Callable[[int, Text], Plural]
    tagged: Callable[[int], Plural]
    archived: Callable[[int], Plural]
    unarchived: Callable[[int], Plural]
    deleted: Callable[[int], Plural]
    restored: Callable[[int], Plural]
    linked: Callable[[int], Plural]
    gone: Text
    not_trashed: Text


class RecordVerbs:
    """Changes the companies or the people of a store."""

    owner: ClassVar[Owner]
    words: ClassVar[Words]
    labels: ClassVar[Mapping[str, str]]

    def __init__(self, store: "Store") -> None:
        self._store = store

    def archive(self, ids: Sequence[int]) -> None:
        """Take records off the usual lists; they keep all they have."""
        now = self._store.clock.now()

        def change(session: "Session", records: Sequence[Any]) -> None:
            for record in records:
                record.archived_at = record.archived_at or now

        self._each(ids, Text("“{name}” archived"), self.words.archived(len(ids)), change)

    def unarchive(self, ids: Sequence[int]) -> None:
        """Bring records back to the usual lists."""

        def change(session: "Session", records: Sequence[Any]) -> None:
            record_fields.put(records, archived_at=None)

        self._each(ids, Text("“{name}” is no longer archived"), self.words.unarchived(len(ids)), change)

    def tag(self, ids: Sequence[int], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add and remove tags by name; an unknown one is made."""
        added, gone = tuple(add), {sort_key(name) for name in remove}

        def change(session: "Session", records: Sequence[Any]) -> None:
            present = record_fields.tags_of(session, self.owner, records)
            wanted = [
                (record, (*(name for name in present[record.id] if sort_key(name) not in gone), *added))
                for record in records
            ]
            record_fields.set_tags(session, self._store, self.owner, wanted)

        self._each(ids, Text("Tags of “{name}” changed"), self.words.tagged(len(ids)), change)

    def assign(self, ids: Sequence[int], user_id: int | None) -> None:
        """Make a member responsible, or nobody."""
        self._edit(ids, {"user_id": user_id})

    def delete(self, ids: Sequence[int]) -> None:
        """Put records into the trash, from where they come back for 30 days. Their leads stay."""
        now = self._store.clock.now()

        def change(session: "Session", records: Sequence[Any]) -> None:
            record_fields.put(records, deleted_at=now)

        self._each(ids, Text("“{name}” deleted"), self.words.deleted(len(ids)), change)

    def restore(self, ids: Sequence[int]) -> None:
        """Bring records back from the trash with all that hangs on them."""

        def change(session: "Session", records: Sequence[Any]) -> None:
            record_fields.put(records, deleted_at=None)

        self._each(ids, Text("“{name}” restored"), self.words.restored(len(ids)), change, trashed=True)

    def edit_seen(
        self, record_id: int, seen: Mapping[str, Sequence[Any]], fields: Mapping[str, Any], since: int | None = None
    ) -> None:
        """As `edit` for one record of which somebody had `seen` these lists: what others did to them since stays.

        Raises Crossed for a single value that was changed by a step after `since` as well.
        """
        self._edit([record_id], fields, seen, since)

    def _edit(
        self,
        ids: Sequence[int],
        fields: Mapping[str, Any],
        seen: Mapping[str, Sequence[Any]] | None = None,
        since: int | None = None,
    ) -> None:
        """Change fields; those not named stay."""
        if not fields:
            return
        with self._store.read() as connection:
            own = names_of(connection, fields.get("own", ()))
        named = record_fields.words(self.labels, fields, own)

        def change(session: "Session", records: Sequence[Any]) -> None:
            wanted = meanwhile.kept(session.connection(), self.owner, ids[0], fields, seen) if seen else fields
            self._set(session, records, wanted)
            for record in records:
                record_fields.check(record)
            if since is not None:
                refuse_crossings(session, self.owner, ids[0], fields, since)

        one = Text("“{name}” changed: {fields}", fields=named)
        self._each(ids, one, self.words.changed(len(ids), named), change)

    def _set(self, session: "Session", records: Sequence[Any], fields: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def _create(self, label: Text, record: Any, fields: Mapping[str, Any], late: Sequence[str]) -> int:
        """A new record of these fields; those that are `late` are set once it is there. Returns its id."""
        with self._store.write(label) as session:
            own = {name: value for name, value in fields.items() if name not in late}
            with session.no_autoflush:
                self._set(session, [record], own)
            record_fields.check(record)
            session.add(record)
            session.flush()
            self._set(session, [record], {name: value for name, value in fields.items() if name in late})
            session.flush()
            return int(record.id)

    def _each(self, ids: Sequence[int], one: Text, many: Plural, change: Change, *, trashed: bool = False) -> None:
        """One write over all of them; `one` gets the name of a single one."""
        ids = list(dict.fromkeys(ids))
        if not ids:
            return
        with self._store.write(self._label(ids, one, many)) as session:
            change(session, self.load(session, ids, trashed=trashed))

    def _label(self, ids: Sequence[int], one: Text, many: Plural) -> Text:
        if len(ids) != 1:
            return Plural(many.message, many.plural, **{**many.args, "n": len(ids)})
        names = f"SELECT name FROM {self.owner} WHERE id = :id UNION ALL SELECT name FROM trashed_{self.owner}"
        with self._store.read() as connection:
            name = connection.execute(text(f"{names} WHERE id = :id"), {"id": ids[0]}).scalar()
        return Text(one.message, **one.args, name=name or "")

    def load(self, session: "Session", ids: Sequence[int], *, trashed: bool = False) -> list[Any]:
        """These records in their order. Raises NotFound unless all are there (or, on request, in the trash)."""
        from app.models.schema import Company, Person

        table: Any = Company if self.owner == "company" else Person
        found: dict[int, Any] = {}
        for chunk in chunks(ids):
            found.update((record.id, record) for record in session.scalars(select(table).where(table.id.in_(chunk))))
        records = [found[record_id] for record_id in ids if record_id in found]
        if len(records) < len(ids) or any((record.deleted_at is not None) != trashed for record in records):
            raise NotFound(self.words.not_trashed if trashed else self.words.gone, Text("Nothing was changed."))
        return records


#: What is set once the record has an id: rows of their own.
LATE = ("phones", "mails", "webs", "addresses", "tags", "own")
