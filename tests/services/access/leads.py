"""The verbs of leads, and of what is written on them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put
from app.services.leads import Ending, Leads, NextStep
from app.services.quick_add import QuickAdd
from app.services.trash import Item, Trash
from tests.services.access.rules import BULK, DEPUTISED, GIVE, LISTS, MAKE, OTHERS, OWN, UNASSIGNED, WORK, Rule
from tests.services.access.verbs import Act, Verb, a_colleague
from tests.services.access.world import WORDS, ZOE, World
from tests.stores import TODAY

_STEP = NextStep(TODAY, "Anrufen")


def _on(name: str, which: str, act: Act, rule: Rule = WORK, how: str = "", *, back: bool = True) -> Verb:
    return Verb("leads", f"Leads.{name}", rule, act, which, f"{which}2", how, back=back)


def _edit(store: Store, world: World, ids: list[int], **fields: Any) -> None:
    Leads(store).edit(ids, **fields)


def _seen_edit(store: Store, world: World, ids: list[int]) -> None:
    Leads(store).edit_seen(ids[0], {"tags": ()}, {"tags": ["neu"], "info": "neu"}, store.newest())


def _create(store: Store, world: World, ids: Sequence[int | None]) -> None:
    Leads(store).create(
        Status.ACTIVE, title="Neu", company=f"Neu {ids}", person=f"Nele {ids}", tags=["neu"], user_id=ids[0]
    )


def _for_oneself(store: Store, world: World, ids: list[int]) -> None:
    Leads(store).create(title="Neu", company=f"{WORDS[ZOE]} own", next_step=_STEP)


def _with_source(store: Store, world: World, ids: list[int]) -> None:
    Leads(store).create(title="Neu", source="Ganz neu")


def _quick(store: Store, world: World, ids: list[int]) -> None:
    quick = QuickAdd(store)
    quick.create(quick.understand("Relaunch 20k #neu"), active=True)


def _quick_for(store: Store, world: World, ids: list[int]) -> None:
    quick = QuickAdd(store)
    quick.create(quick.understand("Relaunch 20k @ZA"), active=True)


def _bulk(change: BulkChange, store: Store, world: World, ids: list[int]) -> None:
    LeadBulk(store).apply(ids, change)


def _bulk_give(store: Store, world: World, ids: list[int]) -> None:
    _bulk(BulkChange(user_id=Put(a_colleague(store))), store, world, ids)


def _restore(store: Store, world: World, ids: list[int]) -> None:
    Trash(store).restore([Item("lead", id_) for id_ in ids])


LEADS: tuple[Verb, ...] = (
    Verb("leads", "Leads.create", MAKE, _create, "member", whose=(OWN, OTHERS, UNASSIGNED)),
    Verb("leads", "Leads.create", MAKE, _create, "member", how="without ways back", back=False),
    Verb("leads", "Leads.create", MAKE, _for_oneself, how="at a company known by name"),
    Verb("leads", "Leads.create", LISTS, _with_source, how="with a new source"),
    Verb("quick_add", "QuickAdd.create", MAKE, _quick),
    Verb("quick_add", "QuickAdd.create", LISTS, _quick_for, how="for somebody else"),
    _on("edit", "open", partial(_edit, title="Neu", info="neu", amount=Money(1, "EUR"), tags=["neu"])),
    _on("edit", "open", lambda s, w, i: Leads(s).edit(i, company=f"N {i}", person=f"Nele {i}"), how="new names"),
    _on("edit", "open", partial(_edit, next_step=_STEP, stage_id=3), how="step and stage"),
    _on("edit", "open", lambda s, w, ids: Leads(s).edit(ids, user_id=a_colleague(s)), GIVE, "somebody responsible"),
    _on("edit", "open", lambda s, w, ids: Leads(s).edit(ids, source=f"Neu {ids}"), GIVE, "a new source"),
    _on("edit", "closed", lambda s, w, ids: Leads(s).edit(ids, reason=f"Neu {ids}"), GIVE, "a new reason"),
    _on("edit", "open", lambda s, w, ids: Leads(s).edit(ids, own={w.fields["lead"]: "rot"}), how="own field"),
    Verb("leads", "Leads.edit_seen", WORK, _seen_edit, "open"),
    _on("activate", "idea", lambda s, w, ids: Leads(s).activate(ids, 1, next_step=_STEP)),
    _on("deactivate", "open", lambda s, w, ids: Leads(s).deactivate(ids)),
    _on("move", "open", lambda s, w, ids: Leads(s).move(ids, 3)),
    _on("check_off", "open", lambda s, w, ids: Leads(s).check_off(ids, w.point)),
    _on("set_next_step", "open", lambda s, w, ids: Leads(s).set_next_step(ids, NextStep(TODAY, "Mailen"))),
    _on("finish_step", "open", lambda s, w, ids: Leads(s).finish_step(ids, _STEP)),
    _on("finish_step", "open", lambda s, w, ids: Leads(s).finish_step(ids, Ending(Status.WON)), how="and close"),
    _on("clear_next_step", "open", lambda s, w, ids: Leads(s).clear_next_step(ids)),
    _on("note", "open", lambda s, w, ids: Leads(s).note(ids, "Notiz")),
    _on("close", "open", lambda s, w, ids: Leads(s).close(ids, Status.LOST, reason="Preis", remark="neu")),
    _on("close", "open", lambda s, w, ids: Leads(s).close(ids, Status.LOST, reason=f"Neu {ids}"), GIVE,
        "with a new reason"),
    _on("reopen", "closed", lambda s, w, ids: Leads(s).reopen(ids)),
    _on("duplicate", "open", lambda s, w, ids: Leads(s).duplicate(ids), back=False),
    Verb("leads", "Leads.duplicate", WORK, lambda s, w, ids: Leads(s).duplicate(ids), "idea", "", "an idea",
         (OWN, OTHERS, UNASSIGNED)),
    _on("assign", "open", lambda s, w, ids: Leads(s).assign(ids, a_colleague(s)), GIVE),
    Verb("leads", "Leads.assign", GIVE, lambda s, w, ids: Leads(s).assign(ids, None), "open", "open2", "to nobody",
         (OWN, DEPUTISED, OTHERS)),
    _on("move_period", "open", lambda s, w, ids: Leads(s).move_period(ids, 24_320)),
    _on("tag", "open", lambda s, w, ids: Leads(s).tag(ids, add=["neu", "wichtig"])),
    _on("set_people", "open", lambda s, w, ids: Leads(s).set_people(ids, [(f"Nele {ids}", "Rat")])),
    _on("delete", "open", lambda s, w, ids: Leads(s).delete(ids)),
    _on("restore", "gone", lambda s, w, ids: Leads(s).restore(ids)),
    Verb("trash", "Trash.restore", WORK, _restore, "gone", "gone2"),
    Verb("bulk_leads", "LeadBulk.apply", BULK, partial(_bulk, BulkChange(stage_id=3, amount=Put(Money(5, "EUR")))),
         "open", "open2"),
    Verb("bulk_leads", "LeadBulk.apply", LISTS, _bulk_give, "open", "open2", "somebody responsible"),
)  # fmt: skip
