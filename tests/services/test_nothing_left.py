"""What was in a store and goes through the trash leaves nothing: no row of anything hangs on what is no more."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.terms import Entity
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.files import Files
from app.services.leads import Leads, NextStep
from app.services.notes import Notes
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.people import People
from app.services.reminders import Reminders
from app.services.trash import KEPT, Trash
from tests.models.test_sequences import Player, _begin
from tests.stores import TODAY

#: What is left of records that are gone: the books, which say how it was, and the lists records drew from.
_STAY = frozenset({
    "absence", "alembic_version", "change", "change_set", "field", "field_notice", "field_option", "goal", "import_row",
    "import_run", "lead_snapshot", "member", "rate", "reason", "saved_view", "search_fts", "search_fts_config",
    "search_fts_data", "search_fts_docsize", "search_fts_idx", "snapshot", "source", "sqlite_sequence", "stage",
    "stage_check", "store_setting", "tag", "working_week",
})  # fmt: skip


def _lived_in(store: Store, clock: FixedClock, seed: int) -> None:
    """A store in which much was done and reminded of: also of what was taken back or emptied afterwards."""
    _begin(store)
    fields, reminders = OwnFields(store), Reminders(store)
    fields.set_birthday(True)
    dates = {each: fields.create(each, OwnKind.DAY, "Leadpotential", notify=True) for each in list(Entity)[:3]}
    reminders.begin()
    company = Companies(store).create(name="Kranich", own={dates[Entity.COMPANY]: TODAY + timedelta(days=1)})
    People(store).create(name="Anna Kern", birthday=date(1980, 11, 25), own={dates[Entity.PERSON]: TODAY})
    lead = Leads(store).create(title="Relaunch", own={dates[Entity.LEAD]: TODAY + timedelta(days=1)})
    Leads(store).set_next_step([lead], NextStep(TODAY + timedelta(days=1)))
    clock.instant += timedelta(days=1, hours=1)
    _remind(store, reminders)
    Leads(store).clear_next_step([lead])
    Companies(store).edit([company], own={dates[Entity.COMPANY]: None})
    player = Player(store, clock, random.Random(seed))
    for _ in range(120):
        player.act()
        _remind(store, reminders)
        if player.chance.random() < 0.1:
            store.undo()


def _remind(store: Store, reminders: Reminders) -> None:
    now = store.clock.now()
    reminders.shown(reminders.look(now), now)


def _delete_all(store: Store) -> None:
    verbs: dict[str, Callable[[list[int]], object]] = {
        "attachment": Files(store).delete, "note": Notes(store).delete, "lead": Leads(store).delete,
        "company": Companies(store).delete, "person": People(store).delete,
    }  # fmt: skip
    for table, delete in verbs.items():
        with store.read() as connection:
            ids = list(connection.execute(text(f"SELECT id FROM {table}")).scalars())
        if ids:
            delete(ids)


def _left(store: Store) -> dict[str, list[Any]]:
    with store.maintenance() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        rows = {name: [*map(tuple, connection.execute(text(f"SELECT * FROM {name}")))] for name in {*names} - _STAY}
        portraits = set(connection.execute(text("SELECT photo_id FROM member")).scalars())
    rows["content"] = [row for row in rows["content"] if row[0] not in portraits]
    rows["chunk"] = [row for row in rows["chunk"] if row[1] not in portraits]
    rows["reminder_state"] = [row for row in rows["reminder_state"] if "beginning" not in row]  # since when to remind
    return {name: found for name, found in rows.items() if found}


@pytest.mark.parametrize("seed", range(3))
def test_an_emptied_trash_leaves_no_row_of_anything(store: Store, clock: FixedClock, seed: int) -> None:
    _lived_in(store, clock, seed)
    sources = {row[1] for row in _reminded(store)}
    assert sources == {"step", "field", "birthday"}
    _delete_all(store)
    assert Trash(store).empty() > 0
    assert _left(store) == {}
    assert check(store).ok


def _reminded(store: Store) -> list[Any]:
    with store.maintenance() as connection:
        return list(connection.execute(text("SELECT id, source FROM reminder_state WHERE source <> 'beginning'")))


def test_what_can_be_brought_back_keeps_what_was_reminded_of(store: Store, clock: FixedClock) -> None:
    """The trash is purged of an old lead; a date that was emptied just now comes back, and reminds no second time."""
    fields, reminders = OwnFields(store), Reminders(store)
    field = fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential", notify=True)
    reminders.begin()
    old = Leads(store).create(title="Relaunch")
    Leads(store).delete([old])
    clock.instant += KEPT
    company = Companies(store).create(name="Kranich", own={field: store.today() + timedelta(days=1)})
    clock.instant += timedelta(days=1, hours=1)
    _remind(store, reminders)
    assert len(_reminded(store)) == 1
    Companies(store).edit([company], own={field: None})
    assert Trash(store).purge() == 1
    assert len(_reminded(store)) == 1
    store.undo()
    assert reminders.look(store.clock.now()) == []
