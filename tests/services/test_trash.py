"""The trash: who put what there, back with everything for thirty days, then gone without a trace but the history."""

from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import DiskFull, NotFound
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.models.undo import UndoConflict
from app.services.check import check
from app.services.leads import Leads, NextStep
from app.services.trash import Item, Trash
from tests.services.seen import everything, statements, steps, told, value, values
from tests.stores import TODAY, add_lead, add_member

MONTH = timedelta(days=30)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@pytest.fixture
def trash(store: Store) -> Trash:
    return Trash(store)


def _lead(lead: int) -> Item:
    return Item("lead", lead)


def _whole(leads: Leads, title: str) -> int:
    lead = leads.create(Status.ACTIVE, title=title, company="Eckhof", person="Martha", tags=["Web"],
                        amount=Money.of(10, "EUR"), next_step=NextStep(TODAY), source="Messe")  # fmt: skip
    leads.finish_step([lead], NextStep(TODAY))
    leads.note([lead], "Notiz")
    return lead


def test_what_lies_in_the_trash(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    first, second = _whole(leads, "Erster"), add_lead(store, "Zweiter", status=Status.LOST)
    add_lead(store, "Bleibt")
    assert trash.all() == []
    leads.delete([first])
    store.actor_id = add_member(store, "Lukas Maurer", "LM")
    clock.instant += timedelta(hours=20)
    leads.delete([second])
    later, earlier = trash.all()
    assert (later.item, later.title, later.belongs_to, later.by) == (_lead(second), "Zweiter", None, "Lukas Maurer")
    assert (earlier.id, earlier.belongs_to, earlier.by, earlier.until) == (first, "Eckhof", "Anna Kern", TODAY + MONTH)
    assert later.deleted_at == clock.now()
    assert trash.all(limit=1) == [later]
    assert statements(store, trash.all) == 1


def test_deleted_restored_and_deleted_by_somebody_else(store: Store, leads: Leads, trash: Trash) -> None:
    lead = add_lead(store)
    leads.delete([lead])
    trash.restore([_lead(lead)])
    assert trash.all() == []
    store.actor_id = add_member(store, "Lukas Maurer", "LM")
    leads.delete([lead])
    assert [entry.by for entry in trash.all()] == ["Lukas Maurer"]


def test_restored_with_all_that_hangs_on_it(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    lead = _whole(leads, "Relaunch")
    before = everything(store)
    leads.delete([lead])
    clock.instant += MONTH
    assert trash.purge() == 0
    clock.instant -= MONTH
    trash.restore([_lead(lead)])
    assert everything(store) == before
    with pytest.raises(NotFound):
        trash.restore([_lead(lead)])


def test_after_thirty_days_nothing_is_left_but_the_history(
    store: Store, leads: Leads, trash: Trash, clock: FixedClock
) -> None:
    stays, young = _whole(leads, "Bleibt"), _whole(leads, "Jung")
    old = [_whole(leads, f"Alt {number}") for number in range(3)]
    leads.delete(old)
    clock.instant += timedelta(days=1)
    leads.delete([young])
    clock.instant += MONTH - timedelta(hours=23)
    count, lines = steps(store), value(store, f"SELECT count(*) FROM change WHERE lead_id IN {tuple(old)}")
    assert told(store, trash.purge) == []
    assert trash.purge() == 0
    assert steps(store) == count
    assert value(store, f"SELECT count(*) FROM change WHERE lead_id IN {tuple(old)}") == lines > 0
    assert [entry.id for entry in trash.all()] == [young]
    for table in ("note", "step", "stage_entry", "lead_tag"):
        assert {row[0] for row in values(store, f"SELECT lead_id FROM {table}")} == {stays, young}
    assert values(store, "SELECT row_id FROM search_doc WHERE entity = 'lead'") == [(stays,)]
    assert {row[0] for row in values(store, "SELECT lead_id FROM search_doc WHERE entity = 'note'")} == {stays, young}
    assert value(store, "SELECT count(*) FROM company") == 1
    assert check(store).ok
    with pytest.raises(NotFound):
        trash.restore([_lead(each) for each in old])


def test_what_was_purged_is_neither_undone_nor_its_number_used_again(
    store: Store, leads: Leads, trash: Trash, clock: FixedClock
) -> None:
    lead = add_lead(store)
    leads.delete([lead])
    clock.instant += MONTH + timedelta(minutes=1)
    leads.create(title="Später")
    assert trash.purge() == 1
    assert store.undo() is not None  # what was done since
    assert store.undo() is None
    assert leads.create(title="Neu") > lead + 1


def test_without_a_purge_the_horizon_stays(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    leads.create(title="Alt")
    clock.instant += 2 * MONTH
    assert trash.purge() == 0
    assert store.undo() is not None


def test_a_backup_is_made_before_anything_is_gone_for_good(store: Store, leads: Leads, clock: FixedClock) -> None:
    seen: list[int] = []
    trash = Trash(store, lambda: seen.append(len(Trash(store).all())))
    leads.delete([add_lead(store), add_lead(store)])
    assert trash.purge() == 0
    assert seen == []
    clock.instant += MONTH + timedelta(minutes=1)
    assert trash.purge() == 2
    assert seen == [2]


def test_without_its_backup_the_trash_stays(store: Store, leads: Leads, clock: FixedClock) -> None:
    def fail() -> None:
        raise DiskFull(Text("The disk is full."))

    leads.delete([add_lead(store)])
    clock.instant += MONTH + timedelta(minutes=1)
    with pytest.raises(DiskFull):
        Trash(store, fail).purge()
    assert len(Trash(store).all()) == 1


def test_a_given_day_empties_nothing(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    """`--today 2030-01-01` for a look at the future must not cost what was deleted yesterday."""
    leads.delete([add_lead(store)])
    clock.instant += timedelta(days=1000)
    store.given_day = store.today()
    assert trash.purge() == 0
    assert len(trash.all()) == 1
    store.given_day = None
    assert trash.purge() == 1


def test_a_purged_lead_cannot_be_brought_back_by_number(
    store: Store, leads: Leads, trash: Trash, clock: FixedClock
) -> None:
    lead = add_lead(store)
    leads.delete([lead])
    deletion = value(store, "SELECT max(id) FROM change_set")
    clock.instant += MONTH + timedelta(minutes=1)
    trash.purge()
    with store.maintenance() as connection:
        connection.exec_driver_sql("DELETE FROM store_setting WHERE key = 'undo_horizon'")
    before = everything(store)
    with pytest.raises(UndoConflict):
        store.undo(deletion)
    assert everything(store) == before


def test_many_at_once(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    ids = [add_lead(store, f"Lead {number}") for number in range(5)]
    while len(ids) < 1200:
        ids += leads.duplicate(ids)
    leads.delete(ids)
    assert len(trash.all(limit=100)) == 100
    clock.instant += MONTH + timedelta(minutes=1)
    assert trash.purge() == len(ids)
    assert value(store, "SELECT count(*) FROM lead") == 0


def test_what_was_purged_is_in_the_index_no_longer(store: Store, leads: Leads, trash: Trash, clock: FixedClock) -> None:
    words = {"uhrwerk", "ifferblatt"}
    lead = leads.create(title="Quarzuhrwerk")
    leads.edit([lead], title="Zifferblatt")
    leads.delete([lead])
    assert _indexed(store, words) == words
    clock.instant += MONTH + timedelta(minutes=1)
    trash.purge()
    assert not _indexed(store, words)


def _indexed(store: Store, words: set[str]) -> set[str]:
    with store.bare() as connection:
        blocks = connection.execute("SELECT block FROM search_fts_data").fetchall()
    return {word for word in words for block in blocks if word.encode() in block[0]}
