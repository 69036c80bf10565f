"""Saved views: how a list is looked at, kept under a name for oneself or for all.

A view holds what the list says of itself: its columns, order, filter, text, grouping. It is a way of asking, never an
answer: who may not see a lead does not see it in anybody's view. So `definition` is kept as it is given, and read with
care: what is damaged or foreign in it is left out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.core.roles import Act
from app.core.terms import CLOSED, Entity, Status
from app.services import record_filter
from app.services.company_list import CompanyQuery
from app.services.filter_names import Gone, names_of, without_gone
from app.services.lead_query import ListQuery
from app.services.person_list import PersonQuery
from app.services.record_query import RecordQuery

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import SavedView
    from app.models.store import Store

#: What each list shows before anybody narrows it, by its key.
LISTS: Mapping[str, RecordQuery] = {
    "potential": ListQuery((Status.POTENTIAL,), sort="created"),
    "leads": ListQuery((Status.ACTIVE,), sort="weighted"),
    "closed": ListQuery(CLOSED, sort="closed"),
    "companies": CompanyQuery(),
    "people": PersonQuery(),
}
LONGEST = 100
#: More than any list says of itself.
_LARGEST = 50_000


@dataclass(frozen=True)
class ViewInfo:
    """A saved view as it is offered. `shared` is for all; `damaged` when nothing could be read of what it holds."""

    id: int
    list: str
    name: str
    shared: bool
    definition: Mapping[str, Any]
    damaged: bool = False


class SavedViews:
    """Reads and keeps the views of a store: those for all, and those of the person at work."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self, list_: str | None = None) -> tuple[ViewInfo, ...]:
        """The views of a list (or of every list) in their order."""
        with self._store.read() as connection:
            rows = connection.execute(text(_ALL), {"user": self._store.actor_id, "list": list_}).all()
        return tuple(_info(row) for row in rows)

    def get(self, view_id: int) -> ViewInfo | None:
        """One view; None when it is gone or not for this person."""
        return next((view for view in self.all() if view.id == view_id), None)

    def create(self, list_: str, name: str, definition: Mapping[str, Any], *, shared: bool = False) -> int:
        """Keep how a list is looked at; returns the id. Raises InvalidInput, NotAllowed."""
        from app.models.schema import SavedView

        self._demand(shared)
        _base(list_)
        owner, name = self._owner(shared), self._checked(name, list_, None)
        places = [position for _, position in self._places(list_)]
        with self._store.write(Text("View “{name}” saved", name=name), personal=True) as session:
            view = SavedView(
                list=list_, name=name, user_id=owner, definition=_written(definition),
                position=max(places, default=-1) + 1,
            )  # fmt: skip
            session.add(view)
            session.flush()
            return view.id

    def rename(self, view_id: int, name: str) -> None:
        """Give a view another name. Raises InvalidInput, NotFound, NotAllowed."""
        known = self._open(view_id)
        name = self._checked(name, known.list, view_id)
        with self._store.write(Text("View “{name}” renamed", name=name), personal=True) as session:
            self._row(session, view_id).name = name

    def overwrite(self, view_id: int, definition: Mapping[str, Any]) -> None:
        """Let a view be how the list is looked at now. Raises InvalidInput, NotFound, NotAllowed."""
        known = self._open(view_id)
        with self._store.write(Text("View “{name}” saved", name=known.name), personal=True) as session:
            self._row(session, view_id).definition = _written(definition)

    def share(self, view_id: int, *, shared: bool) -> None:
        """Let all have a view, or only oneself. Raises InvalidInput, NotFound, NotAllowed."""
        self._demand(True)
        known, owner = self._known(view_id), self._owner(shared)
        label = Text("View “{name}” is for all now", name=known.name)
        if not shared:
            label = Text("View “{name}” is only for {member} now", name=known.name, member=self._member())
        with self._store.write(label, personal=True) as session:
            self._row(session, view_id).user_id = owner

    def delete(self, view_id: int) -> None:
        """Take a view away. Raises NotFound, NotAllowed."""
        known = self._open(view_id)
        with self._store.write(Text("View “{name}” deleted", name=known.name), personal=True) as session:
            self._row(session, view_id).deleted_at = self._store.clock.now()

    def reorder(self, list_: str, ids: Sequence[int]) -> None:
        """Put the views of a list into this order; those of others keep their places.

        Raises InvalidInput, NotAllowed where one for all would get another place.
        """
        places, views = dict(self._places(list_)), {view.id: view for view in self.all(list_)}
        if sorted(ids) != sorted(views):
            raise InvalidInput(Text("The views have changed in the meantime. Please try again."))
        with self._store.write(Text("Views reordered"), personal=True) as session:
            for position, view_id in zip(sorted(places[i] for i in ids), ids, strict=True):
                self._demand(views[view_id].shared and places[view_id] != position)
                self._row(session, view_id).position = position

    # Reading what a view holds

    def named(self, name: str, list_: str | None = None) -> ViewInfo:
        """The view with this name, of this list or of any list of leads.

        Raises NotFound, InvalidInput when several have it.
        """
        views = [view for view in self.all(list_) if list_ is not None or _is_of_leads(view.list)]
        found = [view for view in views if sort_key(view.name) == sort_key(name)]
        if not found:
            raise NotFound(Text("There is no view “{name}”.", name=name), field="view")
        if len(found) > 1:
            lists = ", ".join(view.list for view in found)
            raise InvalidInput(
                Text("Several lists have a view “{name}”: {lists}.", name=name, lists=lists), field="view"
            )
        return found[0]

    def query(self, view: ViewInfo) -> tuple[RecordQuery, tuple[Gone, ...]]:
        """What a view asks for, and what of it is gone by now.

        Raises InvalidInput for a filter that is damaged or of other records, and for a list that is none.
        """
        base, definition = _base(view.list), view.definition
        tree: record_filter.Filter | None = None
        gone: tuple[Gone, ...] = ()
        if (kept := definition.get("filter")) is not None:
            tree = record_filter.read(kept)
            record_filter.expect_of(tree, base.terms.entity)
            tree, gone = self.living(tree)
        sort, descending = base.sort, base.descending
        match definition.get("sort"):
            case [str(key), bool(way)] if base.terms.sorts_by(key):
                sort, descending = key, way
        words = definition.get("text")
        typed = words if isinstance(words, str) else ""
        return replace(base, text=typed, filter=tree, sort=sort, descending=descending), gone

    def living(self, tree: record_filter.Filter) -> tuple[record_filter.Filter | None, tuple[Gone, ...]]:
        """A filter without what was deleted, and what that was."""
        return without_gone(tree, names_of(self._store, tree))

    def _owner(self, shared: bool) -> int | None:
        if not shared and self._store.actor_id is None:
            raise InvalidInput(Text("Without a person at work a view can only be for all."), field="shared")
        return None if shared else self._store.actor_id

    def _member(self) -> str:
        with self._store.read() as connection:
            found = connection.execute(text("SELECT name FROM member WHERE id = :id"), {"id": self._store.actor_id})
            return str(found.scalar() or "")

    def _demand(self, shared: bool) -> None:
        """What all look through is not everybody's to change."""
        if shared:
            self._store.rights.demand(Act.LISTS)

    def _open(self, view_id: int) -> ViewInfo:
        """A view that is to be changed. Raises NotFound, NotAllowed."""
        found = self._known(view_id)
        self._demand(found.shared)
        return found

    def _known(self, view_id: int) -> ViewInfo:
        found = self.get(view_id)
        if found is None:
            raise _gone()
        return found

    def _row(self, session: "Session", view_id: int) -> "SavedView":
        from app.models.schema import SavedView

        view = session.get(SavedView, view_id)
        if view is None or view.deleted_at is not None:
            raise _gone()
        if view.user_id is not None and view.user_id != self._store.actor_id:
            raise NotAllowed(Text("This view belongs to somebody else."))
        return view

    def _places(self, list_: str) -> list[tuple[int, int]]:
        """Ids and places of all views of a list, also of those of others."""
        with self._store.read() as connection:
            rows = connection.execute(text("SELECT id, position FROM saved_view WHERE list = :list"), {"list": list_})
            return [(row.id, row.position) for row in rows]

    def _checked(self, name: str, list_: str, view_id: int | None) -> str:
        name = one_line(name)
        if not name or len(name) > LONGEST:
            raise InvalidInput(Text("A view needs a name of at most {n} characters.", n=LONGEST), field="name")
        if any(sort_key(view.name) == sort_key(name) and view.id != view_id for view in self.all(list_)):
            raise InvalidInput(Text("There already is a view “{name}”.", name=name), field="name")
        return name


_ALL = """
SELECT id, list, name, user_id, definition FROM saved_view
WHERE (user_id IS NULL OR user_id = :user) AND (:list IS NULL OR list = :list)
ORDER BY list, position, id
"""


def _is_of_leads(list_: str) -> bool:
    found = LISTS.get(list_)
    return found is None or found.terms.entity is Entity.LEAD


def _base(list_: str) -> RecordQuery:
    found = LISTS.get(list_)
    if found is None:
        raise InvalidInput(Text("There is no list “{name}”.", name=list_[:40]))
    return found


def _info(row: Any) -> ViewInfo:
    try:
        found = json.loads(row.definition)
    except (ValueError, RecursionError):
        found = None
    definition = found if isinstance(found, dict) else {}
    return ViewInfo(row.id, row.list, row.name, row.user_id is None, definition, not isinstance(found, dict))


def _written(definition: Mapping[str, Any]) -> str:
    written = printable(json.dumps(definition, ensure_ascii=False, sort_keys=True))
    if len(written) > _LARGEST:
        raise InvalidInput(Text("This view holds too much to be saved."))
    return written


def _gone() -> NotFound:
    return NotFound(Text("This view has been deleted in the meantime."))
