"""What is said of companies and of people in SQL over their table: how to reach them, where they are, their orders."""

import json
from collections.abc import Sequence
from typing import Literal

from app.core.folding import sort_key
from app.core.place import NOWHERE, Place
from app.core.terms import Entity
from app.services.group_terms import GroupTerms, Key
from app.services.last_contact import CONTACT_TABLES, last_contacts
from app.services.sort_terms import Sort
from app.services.touch_terms import RHYTHM_TABLES, due

PointKind = Literal["phone", "mail", "web"]

#: Between the parts of a text that is taken apart again.
BETWEEN = "\x1f"


def point(entity: Entity, kind: PointKind, column: str = "value") -> str:
    """The main number or address of a kind; NULL for none."""
    return (
        f"(SELECT reach.{column} FROM contact_point reach WHERE reach.{entity}_id = {entity}.id"
        f" AND reach.kind = '{kind}' ORDER BY reach.position, reach.id LIMIT 1)"
    )


def points(entity: Entity, kind: PointKind) -> str:
    """All numbers or addresses of a kind, as they were typed and as they are compared; NULL for none."""
    return (
        f"(SELECT string_agg(lower(reach.value) || ' ' || reach.key, char(31)) FROM contact_point reach"
        f" WHERE reach.{entity}_id = {entity}.id AND reach.kind = '{kind}')"
    )


def place(entity: Entity, column: str) -> str:
    """A part of the main address; NULL where it is empty."""
    return (
        f"(SELECT NULLIF(place.{column}, '') FROM address place WHERE place.{entity}_id = {entity}.id"
        " ORDER BY place.position, place.id LIMIT 1)"
    )


_PARTS = ("street", "extra", "postcode", "city", "region", "country")


def address(entity: Entity) -> str:
    """The main address as JSON, for `place_of`; NULL for none."""
    return (
        f"(SELECT json_array({', '.join(_PARTS)}) FROM address place WHERE place.{entity}_id = {entity}.id"
        " ORDER BY place.position, place.id LIMIT 1)"
    )


def place_of(told: str | None) -> Place:
    """What `address` says; an empty place for none."""
    return Place(**dict(zip(_PARTS, json.loads(told), strict=True))) if told else NOWHERE


def tags(entity: Entity) -> str:
    """The names of the tags, one after the other."""
    return (
        f"(SELECT string_agg(tag.name, char(31) ORDER BY tag.sort_key, tag.id) FROM {entity}_tag carried"
        f" JOIN tag ON tag.id = carried.tag_id WHERE carried.{entity}_id = {entity}.id)"
    )


def split(joined: str | None) -> tuple[str, ...]:
    """The parts of a text that was put together with `BETWEEN`."""
    return tuple(joined.split(BETWEEN)) if joined else ()


def valued(entity: Entity, values: str) -> str:
    """A join of what is reckoned once for all records, `owner` and `value` of each that has one."""
    return f"LEFT JOIN ({values}) valued ON valued.owner = {entity}.id"


def common_sorts(entity: Entity) -> dict[str, Sort]:
    """The orders that companies and people both have."""
    reach = ("contact_point",)
    contacts = valued(entity, last_contacts(entity))
    return {
        "name": Sort((f"{entity}.sort_key",), columns=("name", "sort_key")),
        "responsible": Sort(("member.sort_key",), f"LEFT JOIN member ON member.id = {entity}.user_id", ("user_id",),
                            ("member",), unaided=True),
        "phone": Sort((point(entity, "phone", "key"),), tables=reach, unaided=True),
        "mail": Sort((point(entity, "mail", "key"),), tables=reach, unaided=True),
        "web": Sort((point(entity, "web", "key"),), tables=reach, unaided=True),
        "city": Sort((place(entity, "sort_key"),), tables=("address",), unaided=True),
        "created": Sort((f"{entity}.created_at",), columns=("created_at",), unaided=True, distinct=True),
        "last_contact": Sort(("valued.value",), contacts, tables=CONTACT_TABLES, unaided=True),
        "rhythm": Sort((due(entity),), contacts, ("touch_target", "touch_latest", "created_at"),
                       RHYTHM_TABLES, unaided=True),
        "archived": Sort((f"{entity}.archived_at",), columns=("archived_at",), unaided=True),
    }  # fmt: skip


def worded_group(sql: str, tables: tuple[str, ...], column: str = "") -> GroupTerms:
    """Groups by what is only a word: it is the name and the key at once."""
    return GroupTerms(column, key=str, order=_alphabetic, sql=sql, tables=tables)


def _alphabetic(key: Key) -> str:
    return sort_key(str(key))


def ranked(column: str, words: Sequence[str]) -> str:
    """The place of a word among these; NULL for another."""
    return f"CASE {column} " + " ".join(f"WHEN '{word}' THEN {n}" for n, word in enumerate(words)) + " END"
