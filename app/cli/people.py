"""Whom `--user` names."""

from typing import TYPE_CHECKING

from app.core.folding import sort_key
from app.services.catalogue import Catalogue

if TYPE_CHECKING:
    from app.models.store import Store


def member_named(store: "Store", name: str) -> int | None:
    """The id of the member with this name or these initials; None if it is nobody."""
    key = sort_key(name)
    members = Catalogue(store).all("member")
    return next((each.id for each in members if key in (sort_key(each.name), sort_key(each.detail))), None)
