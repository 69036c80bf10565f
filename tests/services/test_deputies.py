"""Whoever sees only some leads and stands in for somebody works with both's, for as long as the absence lasts."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import Conflict, NotAllowed, NotFound
from app.core.i18n import Text
from app.core.roles import NOT_YOURS, Role
from app.core.terms import Status
from app.models.schema import Absence, Lead, User
from app.models.store import Store
from app.services.company_list import CompanyList, CompanyQuery
from app.services.history import History
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads, NextStep
from app.services.quick_add import QuickAdd
from tests.services.access.customers import CUSTOMER_VERBS
from tests.services.access.leads import LEADS
from tests.services.access.papers import PAPERS
from tests.services.access.rules import DEPUTISED, HOLDS, LIMITED, UNTIE
from tests.services.access.verbs import Verb
from tests.services.access.world import BEN, DORA, WORDS, ZOE, World, fill
from tests.stores import TODAY, ZONE, Stock, reopened

#: What is done to records of the one who is away, and seen by the deputy only meanwhile. A copy is the deputy's own.
WORK = [
    verb for verb in (*LEADS, *CUSTOMER_VERBS, *PAPERS)
    if verb.which and verb.which != "member" and verb.back and DEPUTISED in verb.whose
    and verb.rule.says(LIMITED, DEPUTISED) is HOLDS and verb.name != "Leads.duplicate"
]  # fmt: skip


@pytest.fixture
def filled(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, World]]:
    """The agency, at which Ben works."""
    folder = tmp_path_factory.mktemp("agency") / "data"
    (world,) = stock.copy((fill,), folder)
    store = reopened(folder, FixedClock.at(TODAY, ZONE))
    store.actor_id = BEN
    yield store, world
    store.close()


def _on_day(store: Store, days: int) -> None:
    """So many days from now; Dora is away today and the nine days after it."""
    store.stand_at(FixedClock.at(TODAY + timedelta(days=days), ZONE))


def _rows(store: Store, table: str) -> list[tuple[object, ...]]:
    with store.maintenance() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")]


def _owner(store: Store, lead: int) -> int | None:
    with store.maintenance() as connection:
        found: int | None = connection.exec_driver_sql("SELECT user_id FROM lead WHERE id = ?", (lead,)).scalar()
    return found


def _leads(store: Store) -> set[int]:
    return set(LeadList(store).ids(ListQuery()))


def _named(verb: Verb) -> str:
    return f"{verb.name} {verb.which} {verb.how}".strip().replace(" ", "-")


@pytest.mark.parametrize("verb", WORK, ids=_named)
def test_what_was_done_meanwhile_is_not_taken_back_after_it(filled: tuple[Store, World], verb: Verb) -> None:
    store, world = filled
    verb.act(store, world, [world.of(DORA, verb.which)])
    done = store.newest()
    _on_day(store, 10)
    before = _rows(store, "change_set")
    with pytest.raises(NotAllowed) as refused:
        store.undo()
    assert WORDS[DORA] not in f"{refused.value} {vars(refused.value)}"
    assert _rows(store, "change_set") == before
    _on_day(store, 9)
    assert store.undo() is not None
    _on_day(store, 10)
    with pytest.raises(NotAllowed):
        store.redo()
    _on_day(store, 9)
    assert store.redo() is not None
    assert store.newest() == done + 2


@pytest.mark.parametrize("verb", WORK, ids=_named)
def test_it_begins_and_ends_with_the_absence(filled: tuple[Store, World], verb: Verb) -> None:
    store, world = filled
    for days in (-1, 10):
        _on_day(store, days)
        before = _rows(store, "change_set")
        with pytest.raises((NotFound, NotAllowed, Conflict)) if verb.rule is not UNTIE else nullcontext():
            verb.act(store, world, [world.of(DORA, verb.which)])
        assert _rows(store, "change_set") == before


def test_a_copy_is_the_deputys_own_and_the_original_stays_whose_it_was(filled: tuple[Store, World]) -> None:
    store, world = filled
    original = world.of(DORA, "open")
    (copy,) = Leads(store).duplicate([original])
    assert (_owner(store, copy), _owner(store, original)) == (BEN, DORA)
    _on_day(store, 10)
    assert copy in _leads(store)
    assert original not in _leads(store)
    assert History(store).of_lead(original) == []
    Leads(store).edit([copy], title="Meine")
    with pytest.raises(NotFound):
        Leads(store).edit([original], title="Meine")


def test_with_the_copy_goes_what_was_seen_through_it(filled: tuple[Store, World]) -> None:
    """The copy is about a customer of the one who is away: that one is seen for as long as the copy is there."""
    store, world = filled
    company = world.of(DORA, "company shared")
    Leads(store).duplicate([world.of(DORA, "open")])
    _on_day(store, 10)
    assert company in CompanyList(store).ids(CompanyQuery())
    assert store.undo() is not None
    assert company not in CompanyList(store).ids(CompanyQuery())


def test_several_are_copied_at_once_each_by_the_same_rule(filled: tuple[Store, World]) -> None:
    store, world = filled
    copies = Leads(store).duplicate([world.of(BEN, "open"), world.of(DORA, "open"), world.of(DORA, "closed")])
    assert [_owner(store, copy) for copy in copies] == [BEN] * 3
    before = _leads(store)
    with pytest.raises(NotFound):
        Leads(store).duplicate([world.of(DORA, "open"), world.of(ZOE, "open")])
    assert _leads(store) == before


def test_a_new_lead_is_the_deputys_and_no_one_elses(filled: tuple[Store, World]) -> None:
    store, _world = filled
    made = Leads(store).create(Status.ACTIVE, title="Neu", company="Neu")
    assert _owner(store, made) == BEN
    for member in (DORA, None):
        with pytest.raises(NotAllowed):
            Leads(store).create(Status.ACTIVE, title="Neu", user_id=member)
    quick = QuickAdd(store)
    with pytest.raises(NotAllowed):
        quick.create(quick.understand("Relaunch 20k @DF"), active=True)


def test_a_next_step_stays_with_whose_lead_it_is(filled: tuple[Store, World]) -> None:
    """So it reminds the deputy today, and the one who comes back after that."""
    store, world = filled
    lead = world.of(DORA, "open")
    Leads(store).set_next_step([lead], NextStep(TODAY, "Rückruf"))
    with store.read() as connection:
        asked = "SELECT user_id FROM step WHERE lead_id = ? AND done_at IS NULL"
        assert connection.exec_driver_sql(asked, (lead,)).scalars().all() == [DORA]


@pytest.mark.parametrize("role", [Role.LIMITED, Role.FULL, Role.READER])
def test_nobody_stands_in_for_whom_the_one_stands_in_for_who_is_away(filled: tuple[Store, World], role: Role) -> None:
    """Zoe's deputy is Dora, whose deputy is Ben: Zoe's leads are not Ben's because both are away."""
    store, world = filled
    actor, store.actor_id = store.actor_id, None
    with store.write(Text("Deputy")) as session:
        session.get_one(User, ZOE).deputy_id = DORA
        session.get_one(User, DORA).role = role
    store.actor_id = actor
    assert store.rights.whose == frozenset({BEN, DORA})
    assert world.of(ZOE, "open") not in _leads(store)


def test_the_deputy_of_one_absence_takes_the_place_of_the_usual_one(filled: tuple[Store, World]) -> None:
    store, world = filled
    actor, store.actor_id = store.actor_id, None
    with store.write(Text("Somebody else")) as session:
        session.query(Absence).filter_by(user_id=DORA).one().deputy_id = ZOE
    store.actor_id = actor
    assert store.rights.whose == frozenset({BEN})
    with pytest.raises(NotFound):
        Leads(store).duplicate([world.of(DORA, "open")])


def test_a_lead_given_away_meanwhile_is_the_deputys_no_more(filled: tuple[Store, World]) -> None:
    store, world = filled
    lead = world.of(DORA, "open")
    act: Callable[[], object] = lambda: Leads(store).note([lead], "Notiz")  # noqa: E731 - done twice
    act()
    store.actor_id = None
    with store.write(Text("Given")) as session:
        session.get_one(Lead, lead).user_id = ZOE
    store.actor_id = BEN
    with pytest.raises(NotFound):
        act()
    with pytest.raises(NotAllowed) as refused:
        store.undo()
    assert refused.value.title == NOT_YOURS
