"""The verbs of companies and people."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from app.models.store import Store
from app.services.bulk_plan import Put
from app.services.bulk_records import CompanyBulk, PersonBulk, RecordChange
from app.services.catalogue import Catalogue
from app.services.companies import Companies
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import plan_cards
from app.services.duplicates import Duplicates
from app.services.leads import NextStep
from app.services.merging import Merging
from app.services.people import People
from app.services.reach import Owner, Point
from app.services.record_verbs import RecordVerbs
from app.services.trash import Item, Trash
from tests.services.access.rules import (
    ANYBODY,
    BULK,
    CUSTOMERS,
    GIVE,
    LISTS,
    MAKE,
    MAKE_IT,
    OTHERS,
    OWN,
    TIE,
    UNTIE,
    WORK,
    Rule,
)
from tests.services.access.verbs import Act, Verb, a_colleague
from tests.services.access.world import WORDS, ZOE, World
from tests.services.cards.examples import generated
from tests.stores import TODAY

_STEP = NextStep(TODAY, "Anrufen")
_PHOTO = b"\xff\xd8\xff\x01"


def verbs_of(store: Store, kind: Owner) -> Companies | People:
    """The verbs of these records."""
    return Companies(store) if kind == "company" else People(store)


_OfEither = Callable[[Any, World, list[int]], object]


def _both(name: str, act: _OfEither, rule: Rule = WORK, how: str = "") -> Iterator[Verb]:
    """For companies and for people, each through a lead and through who is responsible."""
    for kind in ("company", "person"):
        cls = "Companies" if kind == "company" else "People"
        module = "companies" if kind == "company" else "people"
        for through in ("shared", "own"):
            second = "" if name == "edit_seen" else f"{kind} own2"
            yield Verb(module, f"{cls}.{name}", rule, _made(act, kind), f"{kind} {through}", second, how)


def _made(act: _OfEither, kind: Owner) -> Act:
    return lambda store, world, ids: act(verbs_of(store, kind), world, ids)


def _edit(verbs: Any, world: World, ids: list[int], **fields: Any) -> None:
    verbs.edit(ids, **fields)


def _own_field(verbs: Any, world: World, ids: list[int]) -> None:
    verbs.edit(ids, own={world.fields[verbs.owner]: "rot"})


def _seen(verbs: RecordVerbs, world: World, ids: list[int]) -> None:
    verbs.edit_seen(ids[0], {"phones": ()}, {"phones": [Point("", "0221 1")], "info": "neu"})


def _restore(verbs: RecordVerbs, world: World, ids: list[int]) -> None:
    verbs.restore(ids)


def _from_trash(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    Trash(store).restore([Item(kind, id_) for id_ in ids])


def _bulk(kind: Owner, change: RecordChange, store: Store, world: World, ids: list[int]) -> None:
    (CompanyBulk if kind == "company" else PersonBulk)(store).apply(ids, change)


def _bulk_give(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    _bulk(kind, RecordChange(user_id=Put(a_colleague(store))), store, world, ids)


def _create(kind: Owner, fields: dict[str, Any], store: Store, world: World, ids: list[int]) -> None:
    given = {key: value for key, value in fields.items() if key != "user_id"}
    if "user_id" in fields:
        given["user_id"] = ids[0]
    if kind == "company":
        Companies(store).create(name="Neu", **given)
    else:
        People(store).create(given="Nele", family="Neu", **given)


def _merge(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    other = world.of(ZOE, f"{kind} own2")
    Merging(store).merge(kind, [ids[0], other], ids[0])


def _merge_own(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    assert store.actor_id is not None
    Merging(store).merge(kind, [ids[0], world.of(store.actor_id, f"{kind} own2")], ids[0])


def _rename(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    Catalogue(store).rename(kind, ids[0], "Neu Benannt")


def _remove(kind: Owner, store: Store, world: World, ids: list[int]) -> None:
    Catalogue(store).delete(kind, ids[0])


def _import(store: Store, world: World, ids: list[int]) -> None:
    import_cards(store, plan_cards(store, generated(random.Random(1), 2)))


def _with(name: str, which: str, act: Act, rule: Rule = WORK, how: str = "", *, back: bool = True) -> Verb:
    module, cls = ("companies", "Companies") if which.startswith("company") else ("people", "People")
    second = f"{which.split(maxsplit=1)[0]} own2"
    return Verb(module, f"{cls}.{name}", rule, act, which, second, how, back=back)


def _mine(store: Store, world: World, which: str) -> int:
    assert store.actor_id is not None
    return world.of(store.actor_id, which)


_ENTITIES: tuple[Owner, ...] = ("company", "person")

_OF_BOTH: tuple[Verb, ...] = (
    *_both("edit", partial(_edit, info="neu", tags=["neu"], mails=[Point("", "neu@example.com")], touch_target=30)),
    *_both("edit", _own_field, how="own field"),
    *_both("edit", lambda v, w, ids: v.edit(ids, user_id=a_colleague(v._store)), GIVE, "somebody responsible"),
    *_both("edit_seen", _seen),
    *_both("archive", lambda v, w, ids: v.archive(ids)),
    *_both("tag", lambda v, w, ids: v.tag(ids, add=["neu"])),
    *_both("assign", lambda v, w, ids: v.assign(ids, a_colleague(v._store)), GIVE),
    *_both("delete", lambda v, w, ids: v.delete(ids)),
)


def _unarchive(verbs: RecordVerbs, world: World, ids: list[int]) -> None:
    verbs.unarchive(ids)


_SINGLE: tuple[Verb, ...] = tuple(
    verb
    for kind in _ENTITIES
    for module, cls in [("companies", "Companies") if kind == "company" else ("people", "People")]
    for verb in (
        Verb(module, f"{cls}.create", MAKE, partial(_create, kind, {"user_id": 0}), "member", whose=(OWN, OTHERS)),
        Verb(module, f"{cls}.create", MAKE_IT, partial(_create, kind, {"user_id": 0}), "member", back=False,
             how="without ways back"),
        Verb(module, f"{cls}.create", ANYBODY, partial(_create, kind, {"tags": ["neu"]}), how="for nobody",
             back=False),
        Verb(module, f"{cls}.restore", WORK, _made(_restore, kind), f"{kind} trashed"),
        Verb(module, f"{cls}.unarchive", WORK, _made(_unarchive, kind), f"{kind} archived"),
        Verb("trash", "Trash.restore", WORK, partial(_from_trash, kind), f"{kind} trashed", how=kind),
        Verb("bulk_records", f"{'Company' if kind == 'company' else 'Person'}Bulk.apply", BULK,
             partial(_bulk, kind, RecordChange(add_tags=("neu",), archived=Put(True))), f"{kind} own", f"{kind} own2"),
        Verb("bulk_records", f"{'Company' if kind == 'company' else 'Person'}Bulk.apply", LISTS,
             partial(_bulk_give, kind), f"{kind} own", f"{kind} own2", "responsible"),
        Verb("merging", "Merging.merge", CUSTOMERS, partial(_merge, kind), f"{kind} own", how=kind, whose=(OWN,)),
        Verb("merging", "Merging.merge", CUSTOMERS, partial(_merge_own, kind), f"{kind} shared", how=f"own {kind}",
             whose=(OWN,)),
        Verb("catalogue", "Catalogue.rename", WORK, partial(_rename, kind), f"{kind} own", how=kind),
        Verb("catalogue", "Catalogue.delete", WORK, partial(_remove, kind), f"{kind} shared", how=kind),
    )
)  # fmt: skip

CUSTOMER_VERBS: tuple[Verb, ...] = (
    *_OF_BOTH,
    *_SINGLE,
    _with("link", "company own", lambda s, w, ids: Companies(s).link(ids, f"{WORDS[ZOE]} own", "Rat"),
          how="somebody known by name"),
    _with("link", "company shared", lambda s, w, ids: Companies(s).link(ids, "Nele Neu")),
    _with("unlink", "company own",
          lambda s, w, ids: Companies(s).unlink(ids, w.beside("company own", ids[-1], "person own"))),
    _with("link", "person own", lambda s, w, ids: People(s).link(ids, _mine(s, w, "company own2")), back=False),
    Verb("people", "People.link", TIE, lambda s, w, ids: People(s).link([_mine(s, w, "person own")], ids[0], "Rat"),
         "company own", how="to somebody's company"),
    Verb("people", "People.unlink", UNTIE, lambda s, w, ids: People(s).unlink([_mine(s, w, "person own")], ids[0]),
         "company tied", how="from somebody's company"),
    _with("unlink", "person shared",
          lambda s, w, ids: People(s).unlink(ids, w.beside("person shared", ids[-1], "company shared"))),
    _with("set_next_step", "company own", lambda s, w, ids: Companies(s).set_next_step(ids, _STEP)),
    _with("set_next_step", "company shared", lambda s, w, ids: Companies(s).set_next_step(ids, _STEP)),
    _with("finish_step", "company own", lambda s, w, ids: Companies(s).finish_step(ids, _STEP)),
    _with("clear_next_step", "company shared", lambda s, w, ids: Companies(s).clear_next_step(ids)),
    _with("set_photo", "person own", lambda s, w, ids: People(s).set_photo(ids, _PHOTO)),
    _with("remove_photo", "person shared", lambda s, w, ids: People(s).remove_photo(ids)),
    Verb("contact_files.importing", "import_cards", CUSTOMERS, _import),
    Verb("duplicates", "Duplicates.keep_apart", LISTS,
         lambda s, w, ids: Duplicates(s).keep_apart("company", [ids[0], w.of(ZOE, "company own2")]), "company own"),
)  # fmt: skip
