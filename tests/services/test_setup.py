"""What a new store begins with, and whose steps are recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.roles import Role
from app.core.terms import Status
from app.models.memory import ContactPoint
from app.models.opening import create_store, open_store
from app.models.store import Store
from app.services import setup
from app.services.catalogue import Catalogue
from app.services.history import History
from app.services.stages import Stages
from app.services.team import Team
from tests.services.seen import steps, value
from tests.stores import TODAY, ZONE, add_company, add_member


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Store]:
    store = create_store(tmp_path, origin="test", clock=FixedClock.at(TODAY, ZONE))
    yield store
    store.close()


def test_stages_sources_and_reasons(new: Store) -> None:
    setup.seed(new)
    assert [(stage.name, stage.probability) for stage in Stages(new).all()] == [
        ("First contact", 2), ("Presentation", 20), ("Offer", 60), ("Negotiation", 120), ("Verbal commitment", 180)
    ]  # fmt: skip
    catalogue = Catalogue(new)
    assert len(catalogue.all("source")) == 6
    assert all(catalogue.reasons(outcome) for outcome in (Status.WON, Status.LOST, Status.DROPPED))
    assert steps(new) == 1
    assert value(new, "SELECT label_msgid FROM change_set") == "New store"
    assert (History(new).next_undo(), new.undo()) == (None, None)


def test_a_first_member_is_not_undone_by_its_owner(new: Store) -> None:
    setup.seed(new)
    assert setup.choose_actor(new) is None
    member = setup.add_member(new, "  Anna   Kern ")
    assert new.actor_id == member
    assert Catalogue(new).all("member")[0].name == "Anna Kern"
    assert new.undo() is None


def test_whose_steps_are_recorded_is_found_without_counting_leads(store: Store) -> None:
    add_member(store, "Lukas Maurer", "LM")
    assert [setup.choose_actor(store, name) for name in ("lukas MAURER", "lm", "", "Niemand")] == [2, 2, 1, 1]
    asked: list[str] = []
    with store.read() as connection:
        engine = connection.engine
    listener = lambda _c, _cursor, statement, *_: asked.append(statement)  # noqa: E731 - to be taken off again
    event.listen(engine, "before_cursor_execute", listener)
    setup.choose_actor(store)
    event.remove(engine, "before_cursor_execute", listener)
    assert asked
    assert not any("lead" in statement for statement in asked)


def test_a_member_of_that_name_is_taken(store: Store) -> None:
    store.actor_id = add_member(store, "Lukas Maurer", "LM")
    count = steps(store)
    assert setup.add_member(store, "anna KERN") == 1
    assert steps(store) == count
    assert store.actor_id == 1
    for nobody in ("", "  "):
        with pytest.raises(InvalidInput) as error:
            setup.add_member(store, nobody)
        assert error.value.field == "name"


@pytest.mark.parametrize(
    ("asked", "found"), [("Lukas Maurer", 2), ("lm", 2), ("Anna Kern", 1), (None, 1), ("", 1), ("Nobody", 1)]
)
def test_whose_steps_are_recorded(store: Store, asked: str | None, found: int) -> None:
    add_member(store, "Lukas Maurer", "LM")
    add_member(store, "Aaron Abel", "AA")
    store.actor_id = None
    assert setup.choose_actor(store, asked) == found
    assert store.actor_id == found


def test_a_deleted_member_records_nothing_more(store: Store) -> None:
    lukas = add_member(store, "Lukas Maurer", "LM")
    Team(store).set_role(lukas, Role.OWNER)
    store.actor_id = lukas
    Catalogue(store).delete("member", 1)
    assert setup.choose_actor(store, "Anna Kern") == 2


def test_a_store_that_was_made_for_no_country_reads_its_numbers_as_german_ones(tmp_path: Path) -> None:
    clock = FixedClock.at(TODAY, ZONE)
    made = create_store(tmp_path, origin="test", country="INT", clock=clock)
    company = add_company(made, "Nordlicht GmbH")
    with made.write(Text("Number added")) as session:
        session.add(ContactPoint(company_id=company, kind="phone", label="", value="0221 123456", key="0221123456",
                                 position=0))  # fmt: skip
    made.close()
    opened = open_store(tmp_path, origin="test", clock=clock)
    assert opened.facts.country == "DE", "also where nothing can be written"
    assert setup.settle_country(opened) == 1
    assert value(opened, "SELECT key FROM contact_point") == "+49221123456"
    assert value(opened, "SELECT value FROM store_setting WHERE key = 'country'") == "DE"
    assert (opened.undo(), setup.settle_country(opened)) == (None, 0)
    opened.close()
