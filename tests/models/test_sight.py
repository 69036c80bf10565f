"""Whoever sees only some leads sees no more of what was done and of what is kept beside them, whatever went wrong."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.roles import Role
from app.models.conditions import SEVERAL
from app.models.memory import Attachment, Content, Mail, Note
from app.models.schema import Absence, Company, CompanyPerson, Lead, User
from app.models.store import Store
from tests.stores import TODAY, add_company, add_lead, add_member, add_person, reopened

ANNA, BEN = 1, 2


@pytest.fixture
def shared(store: Store) -> Store:
    """A lead of Anna's (1) and one of Ben's (2), each at a company of its own; Ben sees only some leads."""
    add_member(store, "Ben Roth", "BR")
    with store.write(Text("Roles")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
    for title, owner in (("Annas", ANNA), ("Bens", BEN)):
        add_lead(store, title, user_id=owner, company_id=add_company(store, f"Firma {title}"))
    return store


def _column(store: Store, statement: str) -> list[object]:
    with store.read() as connection:
        return list(connection.execute(text(statement)).scalars())


def test_an_error_while_reading_leaves_nothing_open(shared: Store) -> None:
    """The views are laid in a transaction: what an error takes back must not be taken for there."""
    shared.actor_id = BEN
    for _ in range(3):
        with pytest.raises(NotFound), shared.read():
            raise NotFound(Text("x"))
        assert _column(shared, "SELECT title FROM lead") == ["Bens"]
    with shared.write(Text("x")) as session:
        session.add(Lead(title="Neu", user_id=BEN, status="potential", currency="EUR", created_at=shared.clock.now()))
    with pytest.raises(NotFound), shared.read():
        raise NotFound(Text("x"))  # within it the new lead was listed
    assert _column(shared, "SELECT lead_id FROM change WHERE lead_id IS NOT NULL ORDER BY id DESC LIMIT 1") == [3]


def test_what_is_seen_follows_what_is_written_at_once(shared: Store) -> None:
    shared.actor_id = BEN
    assert _column(shared, "SELECT name FROM company") == ["Firma Bens"]
    with shared.write(Text("x")) as session:
        session.get_one(Lead, 2).company_id = 1
    assert _column(shared, "SELECT name FROM company") == ["Firma Annas"]
    assert _column(shared, "SELECT name FROM company_name ORDER BY id") == ["Firma Annas", "Firma Bens"]


def test_a_consistent_view_lists_what_it_shows(shared: Store) -> None:
    """What others write meanwhile is in the lists of the next reader, not in those of this one."""
    shared.actor_id = BEN
    with shared.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM company")).scalar() == 1
        with shared.write(Text("x")) as session:
            session.get_one(Lead, 2).company_id = None
        assert connection.execute(text("SELECT name FROM company")).scalar() == "Firma Bens"
    assert _column(shared, "SELECT name FROM company") == []


def test_own_steps_with_what_is_no_longer_seen_do_not_name_it(shared: Store) -> None:
    shared.actor_id = BEN
    with shared.write(Text("Bens renamed")) as session:
        session.get_one(Lead, 2).title = "Geheim"
    newest = f"SELECT label_msgid FROM change_set WHERE id = {shared.newest()}"
    assert _column(shared, newest) == ["Bens renamed"]
    shared.actor_id = ANNA
    with shared.write(Text("Handed over")) as session:
        session.get_one(Lead, 2).user_id = ANNA
    shared.actor_id = BEN
    assert _column(shared, newest) == [SEVERAL]
    assert _column(shared, "SELECT id FROM change_set WHERE label_msgid = 'Handed over'") == []


def test_files_of_mails_stand_in_the_history_of_who_sees_the_mail(shared: Store) -> None:
    now = shared.clock.now()
    for lead in (1, 2):
        with shared.write(Text("E-mail added")) as session:
            content = Content(hash=str(lead), size=0, at=now)
            mail = Mail(identity=str(lead), subject="x", people="[]", text="")
            session.add_all([content, mail])
            session.flush()
            session.add(Note(lead_id=lead, at=now, kind="mail", mail_id=mail.id, text=""))
            session.add(Attachment(mail_id=mail.id, content_id=content.id, at=now, name="x", mime=""))
    shared.actor_id = BEN
    assert _column(shared, "SELECT row_id FROM change WHERE table_name = 'attachment'") == [2]
    assert _column(shared, "SELECT count(*) FROM change_set WHERE label_msgid = 'E-mail added'") == [1]
    assert _column(shared, "SELECT id FROM content") == [2]


def test_for_whom_else_somebody_works_is_not_to_be_found(shared: Store) -> None:
    person = add_person(shared, "Petra Beides")
    with shared.write(Text("Works for both")) as session:
        session.get_one(Lead, 2).person_id = person
        for company in (1, 2):
            session.add(CompanyPerson(company_id=company, person_id=person, role=f"Rolle{company}", position=company))
    words = "SELECT folded FROM search_doc WHERE entity = 'person'"
    assert "rolle1" in str(_column(shared, words))
    shared.actor_id = BEN
    (folded,) = _column(shared, words)
    assert "firma bens rolle2" in str(folded)
    assert "annas" not in str(folded)
    assert "rolle1" not in str(folded)
    assert _column(shared, "SELECT folded FROM partial_doc") == [folded]


def _in_another_window(folder: Path, clock: FixedClock, work: Callable[[Session], None]) -> None:
    with closing(reopened(folder, clock)) as other, other.write(Text("Elsewhere")) as session:
        work(session)


def test_what_others_take_away_is_told_though_no_step_tells_it(shared: Store, folder: Path, clock: FixedClock) -> None:
    heard: list[ChangeSet] = []
    shared.actor_id = BEN
    shared.feed.subscribe(heard.append)
    assert not shared.watch()
    _in_another_window(folder, clock, lambda session: setattr(session.get_one(Lead, 1), "title", "Anders"))
    assert not shared.watch()  # none of his business
    _in_another_window(folder, clock, lambda session: setattr(session.get_one(Lead, 2), "user_id", ANNA))
    assert shared.watch()
    assert [(change.everything, str(change.label)) for change in heard] == [(True, SEVERAL)]
    assert _column(shared, "SELECT title FROM lead") == []
    assert not shared.watch()


def test_who_comes_to_stand_in_for_somebody_is_told(shared: Store, folder: Path, clock: FixedClock) -> None:
    heard: list[ChangeSet] = []
    shared.actor_id = BEN
    shared.feed.subscribe(heard.append)
    shared.watch()
    today = day_number(TODAY)
    away = {"user_id": ANNA, "first_on": today, "last_on": today, "kind": "holiday", "deputy_id": BEN}
    _in_another_window(folder, clock, lambda session: session.add(Absence(**away)))
    assert shared.watch()
    assert heard[-1].everything
    assert _column(shared, "SELECT title FROM lead ORDER BY id") == ["Annas", "Bens"]


def test_own_work_is_not_told_a_second_time(shared: Store) -> None:
    shared.actor_id = BEN
    shared.watch()
    with shared.write(Text("x")) as session:
        session.add(Lead(title="Neu", user_id=BEN, status="potential", currency="EUR", created_at=shared.clock.now()))
    assert not shared.watch()


def test_what_is_in_the_trash_is_as_foreign_as_before(shared: Store) -> None:
    with shared.write(Text("Deleted")) as session:
        for company in (1, 2):
            session.get_one(Company, company).deleted_at = shared.clock.now()
    shared.actor_id = BEN
    assert _column(shared, "SELECT name FROM trashed_company") == ["Firma Bens"]
    assert _column(shared, "SELECT name FROM company_name") == []
