"""Whom `--user` names."""

from typing import TYPE_CHECKING

from app.core.errors import NotFound
from app.core.folding import sort_key
from app.core.i18n import Text
from app.services.catalogue import Catalogue

if TYPE_CHECKING:
    from app.models.store import Store


def member_named(store: "Store", name: str, *, make: bool) -> int:
    """The id of the member with this name or these initials; made on request. Raises NotFound, InvalidInput."""
    catalogue = Catalogue(store)
    key = sort_key(name)
    for entry in catalogue.all("member"):
        if key in (sort_key(entry.name), sort_key(entry.detail)):
            return entry.id
    if make:
        return catalogue.create("member", name)
    raise NotFound(Text("There is nobody called “{name}”.", name=name))
