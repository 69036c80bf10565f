"""What somebody with few rights sees and may write, at the gate that all services go through."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.i18n import Text
from app.core.roles import EVERYTHING, Act, Role
from app.models.guard import BY_NAME
from app.models.memory import Note, NotePerson
from app.models.opening import open_store
from app.models.schema import Absence, Company, Lead, Person, Stage, Tag, User
from app.models.store import Store
from app.models.visibility import SEVERAL
from tests.stores import TODAY, ZONE, add_company, add_lead, add_member, add_person

ANNA, BEN, CARLA = 1, 2, 3


@pytest.fixture
def shared(store: Store) -> Store:
    """A lead each of Anna (1), Ben (2) and nobody (3), each at a company of its own; Ben sees only some leads."""
    add_member(store, "Ben Roth", "BR")
    add_member(store, "Carla Sand", "CS")
    for title, owner in (("Annas", ANNA), ("Bens", BEN), ("Niemands", None)):
        add_lead(store, title, user_id=owner, company_id=add_company(store, f"Firma {title}"))
    with store.write(Text("Roles")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
        session.get_one(User, CARLA).role = Role.READER
        session.add_all(Note(lead_id=lead, user_id=1, at=store.clock.now(), text=f"zu {lead}") for lead in (1, 2, 3))
    return store


def _titles(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(text("SELECT title FROM lead ORDER BY id")).scalars())


def _column(store: Store, statement: str) -> list[object]:
    with store.read() as connection:
        return list(connection.execute(text(statement)).scalars())


def test_only_what_is_assigned_is_seen_with_all_that_hangs_on_it(shared: Store) -> None:
    shared.actor_id = BEN
    assert _titles(shared) == ["Bens"]
    assert _column(shared, "SELECT text FROM note") == ["zu 2"]
    assert _column(shared, "SELECT name FROM company") == ["Firma Bens"]
    assert len(_column(shared, "SELECT name FROM company_name")) == 3
    assert set(_column(shared, "SELECT lead_id FROM change WHERE lead_id IS NOT NULL")) == {2}
    assert _column(shared, "SELECT DISTINCT row_id FROM search_doc WHERE entity = 'lead'") == [2]
    shared.actor_id = ANNA
    assert _titles(shared) == ["Annas", "Bens", "Niemands"]


def test_steps_that_touched_more_do_not_say_what(shared: Store) -> None:
    shared.actor_id = BEN
    assert _column(shared, "SELECT label_msgid FROM change_set ORDER BY id DESC LIMIT 1") == [SEVERAL]


def test_a_deputy_sees_the_leads_of_who_is_away_and_only_meanwhile(shared: Store) -> None:
    today = day_number(TODAY)
    with shared.write(Text("Away")) as session:
        session.get_one(User, ANNA).deputy_id = BEN
        session.add(Absence(user_id=ANNA, first_on=today, last_on=today, kind="holiday"))
    shared.actor_id = BEN
    assert _titles(shared) == ["Annas", "Bens"]
    with shared.write(Text("Note")) as session:
        session.get_one(Lead, 1).info = "am Apparat"
    clock = shared.clock
    clock.instant += timedelta(days=1)  # type: ignore[attr-defined]
    assert _titles(shared) == ["Bens"]


def test_a_report_of_another_day_lends_nobody_the_rights_of_that_day(shared: Store, folder: Path) -> None:
    day = date(2001, 5, 7)
    with shared.write(Text("Away")) as session:
        session.add(
            Absence(user_id=ANNA, first_on=day_number(day), last_on=day_number(day), kind="other", deputy_id=BEN)
        )
    other = open_store(folder, origin="test", clock=FixedClock.at(day, ZONE))
    other.actor_id, other.given_day = BEN, day
    assert _titles(other) == ["Bens"]
    other.close()


def test_others_leads_are_not_there_to_be_written(shared: Store) -> None:
    shared.actor_id = BEN
    with pytest.raises(NotFound), shared.write(Text("x")) as session:
        session.get_one(Lead, 1).title = "Meins"
    with pytest.raises(NotFound), shared.write(Text("x")) as session:
        session.get_one(Note, 1).text = "Meins"
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.add(Note(lead_id=3, user_id=BEN, at=shared.clock.now(), text="untergeschoben"))
    with pytest.raises(NotFound), shared.write(Text("x")) as session:
        session.get_one(Company, 1).info = "fremd"
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Company, 1, execution_options=BY_NAME).info = "fremd"
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Company, 1, execution_options=BY_NAME).user_id = BEN


def test_what_is_not_seen_is_not_found_by_any_query_of_a_verb(shared: Store) -> None:
    shared.actor_id = BEN
    with shared.write(Text("x")) as session:
        assert [lead.id for lead in session.scalars(select(Lead))] == [2]
        assert list(session.scalars(select(Lead.id).order_by(Lead.id))) == [2]
        assert [note.lead_id for note in session.query(Note)] == [2]
        assert session.get(Lead, 1) is None
        assert session.get(Lead, 2) is not None
        assert session.scalars(select(Company.name)).all() == ["Firma Bens"]
        assert len(session.scalars(select(Company), execution_options=BY_NAME).all()) == 3
        assert session.execute(select(Note.id, Lead.title).join(Lead, Lead.id == Note.lead_id)).all() == [(2, "Bens")]


def test_who_makes_a_customer_that_he_would_not_see_is_responsible_for_it(shared: Store) -> None:
    shared.actor_id = BEN
    with shared.write(Text("x")) as session:
        company = Company(name="Neu", sort_key="neu", search_key="neu", created_at=shared.clock.now())
        person = Person(name="Neu", sort_key="neu", search_key="neu", created_at=shared.clock.now())
        session.add_all([company, person])
        session.flush()
        session.get_one(Lead, 2).company_id = company.id
    assert _column(shared, "SELECT user_id FROM company WHERE name = 'Neu'") == [None]
    assert _column(shared, "SELECT user_id FROM person WHERE name = 'Neu'") == [BEN]
    shared.undo()
    assert _column(shared, "SELECT name FROM company UNION SELECT name FROM person") == ["Firma Bens"]


def test_a_step_is_measured_by_what_somebody_may_when_it_is_written(shared: Store) -> None:
    shared.actor_id = BEN
    assert not shared.rights.may(Act.LISTS)
    shared._rights = (BEN, day_number(TODAY), EVERYTHING)  # as this process last saw it
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Stage, 1).name = "Anders"


def test_no_conflict_tells_of_values_that_are_not_seen(shared: Store) -> None:
    shared.actor_id = BEN
    with shared.write(Text("x")) as session:
        session.get_one(Lead, 2).title = "Von Ben"
    step = shared.newest()
    shared.actor_id = ANNA
    with shared.write(Text("x")) as session:
        lead = session.get_one(Lead, 2)
        lead.title, lead.user_id = "Geheim", ANNA
    shared.actor_id = BEN
    with pytest.raises(NotAllowed):
        shared.undo()
    with pytest.raises(NotAllowed):
        shared.obstacles("undo", step)


def test_leads_are_made_for_oneself_and_given_to_nobody(shared: Store) -> None:
    shared.actor_id = BEN
    lead = {"status": "potential", "amount_minor": 1, "currency": "EUR", "created_at": shared.clock.now()}
    for owner in (ANNA, None):
        with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
            session.add(Lead(title="Neu", user_id=owner, **lead))
    with shared.write(Text("x")) as session:
        session.add(Lead(title="Neu", user_id=BEN, **lead))
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Lead, 2).user_id = ANNA
    assert _titles(shared) == ["Bens", "Neu"]


def test_lists_of_all_are_changed_by_those_who_may(shared: Store) -> None:
    shared.actor_id = BEN
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Stage, 1).name = "Anders"
    with shared.write(Text("x")) as session:
        session.add(Tag(name="Neu", sort_key="neu"))
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Tag, 1).name = "Anders"
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(User, BEN).role = Role.OWNER
    with shared.write(Text("x")) as session:
        session.get_one(User, BEN).email = "ben@agentur.example"
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(User, ANNA).email = "ben@agentur.example"


@pytest.mark.parametrize("actor", [BEN, CARLA])
def test_everybody_says_who_stands_in_and_when_he_or_she_is_away(shared: Store, actor: int) -> None:
    today = day_number(TODAY)
    shared.actor_id = actor
    with shared.write(Text("x"), personal=True) as session:
        session.get_one(User, actor).deputy_id = ANNA
        session.add(Absence(user_id=actor, first_on=today, last_on=today, kind="holiday"))
    with shared.write(Text("x"), personal=True) as session:
        session.get_one(Absence, 1).deputy_id = ANNA
    with pytest.raises(NotAllowed), shared.write(Text("x"), personal=True) as session:
        session.get_one(Absence, 1).user_id = ANNA
    with pytest.raises(NotAllowed), shared.write(Text("x"), personal=True) as session:
        session.get_one(User, ANNA).deputy_id = actor
    with pytest.raises(NotAllowed), shared.write(Text("x"), personal=True) as session:
        session.add(Absence(user_id=ANNA, first_on=today, last_on=today, kind="holiday"))
    with shared.write(Text("x"), personal=True) as session:
        session.delete(session.get_one(Absence, 1))


def test_a_reader_sees_all_and_changes_nothing(shared: Store) -> None:
    shared.actor_id = CARLA
    assert len(_titles(shared)) == 3
    with pytest.raises(NotAllowed), shared.write(Text("x")) as session:
        session.get_one(Lead, 1).title = "Meins"
    with shared.write(Text("x"), personal=True) as session:
        session.get_one(User, CARLA).notice_time = 600


def test_nobody_undoes_what_he_may_not_do(shared: Store) -> None:
    with shared.write(Text("x")) as session:
        session.get_one(Lead, 1).title = "Anders"
    last = shared.newest()
    shared.actor_id = BEN
    with pytest.raises(NotAllowed):
        shared.undo(last)
    shared.actor_id = ANNA
    assert _titles(shared)[0] == "Anders"


def test_somebody_remains_an_owner(shared: Store) -> None:
    with pytest.raises(InvalidInput), shared.write(Text("x")) as session:
        session.get_one(User, ANNA).role = Role.FULL
    with pytest.raises(InvalidInput), shared.write(Text("x")) as session:
        session.get_one(User, ANNA).deleted_at = shared.clock.now()


def test_who_is_gone_sees_nothing(shared: Store) -> None:
    with shared.write(Text("x")) as session:
        session.get_one(User, BEN).deleted_at = shared.clock.now()
    shared.actor_id = BEN
    assert _titles(shared) == []


def test_other_rights_are_told_to_all_views(shared: Store) -> None:
    heard: list[bool] = []
    shared.actor_id = BEN
    _titles(shared)
    shared.feed.subscribe(lambda change: heard.append(change.everything))
    with shared.write(Text("x")) as session:
        session.get_one(Lead, 2).info = "x"
    shared.actor_id = ANNA
    _titles(shared)
    with shared.write(Text("x")) as session:
        session.get_one(User, BEN).role = Role.FULL
    assert heard == [False, False]
    shared._rights = (BEN, day_number(TODAY), shared.rights)  # as if Ben sat here when his role was changed
    shared.actor_id = BEN
    assert len(_titles(shared)) == 3


def test_people_of_the_customers_that_are_seen_are_seen(shared: Store) -> None:
    add_person(shared, "Petra Fremd")
    shared.actor_id = BEN
    assert _column(shared, "SELECT name FROM person") == []
    assert _column(shared, "SELECT name FROM person_name") == ["Petra Fremd"]


def test_a_customer_that_others_use_by_now_keeps_nobody_from_undoing(shared: Store) -> None:
    shared.actor_id = BEN
    lead = {"status": "potential", "amount_minor": 1, "currency": "EUR", "created_at": shared.clock.now()}
    with shared.write(Text("x")) as session:
        company = Company(name="Neu", sort_key="neu", search_key="neu", created_at=shared.clock.now())
        session.add(company)
        session.flush()
        session.add(Lead(title="Neu", user_id=BEN, company_id=company.id, **lead))
    shared.actor_id = ANNA
    with shared.write(Text("x")) as session:
        session.get_one(Lead, 1).company_id = company.id
    shared.actor_id = BEN
    assert shared.undo() is not None
    assert _titles(shared) == ["Bens"]
    shared.actor_id = ANNA
    assert "Neu" in _column(shared, "SELECT name FROM company")


def test_who_took_part_in_what_is_not_seen_stays_when_an_own_customer_is_taken_back(shared: Store) -> None:
    with shared.write(Text("x")) as session:
        session.get_one(User, BEN).role = Role.FULL
    shared.actor_id = BEN
    with shared.write(Text("x")) as session:
        keys = {"sort_key": "neu", "search_key": "neu"}
        person = Person(name="Neu", created_at=shared.clock.now(), user_id=BEN, **keys)
        session.add(person)
        session.flush()
        session.add(NotePerson(note_id=1, person_id=person.id))
    step = shared.newest()
    shared.actor_id = ANNA
    with shared.write(Text("x")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
    shared.actor_id, shared._rights = BEN, None  # as after a look at what others changed
    with pytest.raises(NotAllowed):
        shared.undo(step)
