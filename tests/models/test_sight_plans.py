"""How the database finds its way for somebody who sees only some leads, and that nobody else pays for it.

Without statistics, as here, the plan of a statement is the same whatever the number of rows.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import event

from app.core.i18n import Text
from app.core.roles import Role
from app.core.terms import Status
from app.models.schema import User
from app.models.store import Store
from app.services.company_list import CompanyQuery
from app.services.history_log import HistoryLog, LogQuery
from app.services.lead_detail import LeadDetails
from app.services.lead_query import ListQuery
from app.services.office import Office
from app.services.owners import Owner
from app.services.person_list import PersonQuery
from app.services.timeline import Timelines
from tests.stores import add_company, add_lead, add_member

BEN = 2
_ACTIVE = ListQuery((Status.ACTIVE,), sort="weighted")

Work = Callable[[Office], Any]
WORKS: dict[str, Work] = {
    "list": lambda office: office.lists.ids(_ACTIVE),
    "rows": lambda office: office.lists.rows([1, 2]),
    "sums": lambda office: office.lists.sums(_ACTIVE),
    "companies": lambda office: office.company_list.rows(office.company_list.ids(CompanyQuery())),
    "people": lambda office: office.person_list.rows(office.person_list.ids(PersonQuery())),
    "forecast": lambda office: office.forecast.months(),
    "funnel": lambda office: office.funnel.read(),
    "today": lambda office: office.today.all(None),
    "lead": lambda office: LeadDetails(office.store).get(2),
    "company": lambda office: office.records.company(2),
    "timeline of a lead": lambda office: Timelines(office.store).page(Owner("lead", 2)),
    "timeline of a company": lambda office: Timelines(office.store).page(Owner("company", 2)),
    "history": lambda office: HistoryLog(office.store).rows(HistoryLog(office.store).first_ids(LogQuery(), 50)),
    "history of a lead": lambda office: HistoryLog(office.store).ids(LogQuery(lead_id=2)),
    "history by words": lambda office: HistoryLog(office.store).first_ids(LogQuery(text="Bens"), 50),
    "undo": lambda office: office.history.next_undo(),
    "redo": lambda office: office.history.next_redo(),
}
#: Of these there may be very many.
_LARGE = re.compile(r"^SCAN (?:main\.)?(lead|company|person|change|change_set|note|search_doc|attachment|step)\b")

#: The list is gone through in place of being looked into.
_TRIED = re.compile(r"SCAN seen_|main\.(lead|company|person) USING .* AND rowid=|ix_lead_user_id")


@pytest.fixture
def office(store: Store) -> Office:
    """A lead each of Anna (1) and Ben (2), who sees only some leads."""
    add_member(store, "Ben Roth", "BR")
    for title, owner in (("Annas", 1), ("Bens", BEN)):
        add_lead(store, title, user_id=owner, company_id=add_company(store, f"Firma {title}"))
    with store.write(Text("Role")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
    return Office.of(store, store.path.parent / "backups")


@contextmanager
def _statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, binds: Any, *_more: Any) -> None:
        found.append((statement, binds))

    event.listen(store._reading, "before_cursor_execute", heard)
    yield found
    event.remove(store._reading, "before_cursor_execute", heard)


def _plans(office: Office, work: Work) -> list[tuple[int, str]]:
    """Every line of the plans of what a piece of work asks, with how deep in correlated questions it stands."""
    work(office)
    with _statements(office.store) as asked:
        work(office)
    lines = []
    with office.store.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for statement, binds in asked:
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            depth: dict[int, int] = {0: 0}
            for number, parent, _unused, told in driver.execute(f"EXPLAIN QUERY PLAN {statement}", binds):
                depth[number] = depth.get(parent, 0) + told.startswith("CORRELATED")
                lines.append((depth[number], told))
    return lines


@pytest.mark.parametrize("work", WORKS)
def test_nothing_large_is_looked_through_for_each_row(office: Office, work: str) -> None:
    office.store.actor_id = BEN
    plans = _plans(office, WORKS[work])
    assert plans
    assert [told for depth, told in plans if depth and _LARGE.match(told)] == []


@pytest.mark.parametrize("work", WORKS)
def test_the_lists_are_looked_into_by_their_keys(office: Office, work: str) -> None:
    """Else each of one's leads would be tried for each row of something else."""
    office.store.actor_id = BEN
    assert [told for _depth, told in _plans(office, WORKS[work]) if _TRIED.search(told)] == []


def test_the_indexes_that_cover_a_question_cover_it_for_a_few_leads_too(office: Office) -> None:
    for actor in (1, BEN):
        office.store.actor_id = actor
        told = [told for _depth, told in _plans(office, lambda office: office.lists.sums(_ACTIVE))]
        assert any("USING COVERING INDEX ix_lead_" in line for line in told), told


@pytest.mark.parametrize("work", WORKS)
def test_who_sees_everything_does_not_pay_for_it(office: Office, work: str) -> None:
    """One statement less than before would be as strange as one more."""
    with _statements(office.store) as asked:
        WORKS[work](office)
        alone = len(asked)
        office.store.actor_id = BEN
        WORKS[work](office)
        office.store.actor_id = 1
        WORKS[work](office)
        asked.clear()
        WORKS[work](office)
    assert len(asked) <= alone
    assert not any("seen_" in statement or "data_version" in statement for statement, _binds in asked)
    assert not any("seen_" in told for _depth, told in _plans(office, WORKS[work]))


@contextmanager
def _compiled(store: Store) -> Iterator[list[int]]:
    """Of each question that SQLite compiles something: it asks then what is allowed."""
    found: list[int] = []

    def heard(action: int, *_more: Any) -> int:
        if action == sqlite.SQLITE_SELECT:
            found.append(action)
        return int(sqlite.SQLITE_OK)

    with store.read() as connection:
        driver = connection.connection.driver_connection
    assert driver is not None
    driver.set_authorizer(heard)
    yield found
    driver.set_authorizer(None)


@pytest.mark.parametrize("actor", [1, BEN])
@pytest.mark.parametrize("work", WORKS)
def test_what_is_asked_again_is_not_compiled_again(office: Office, work: str, actor: int) -> None:
    """With all that the views say that takes longer than the answer."""
    office.store.actor_id = actor
    with _compiled(office.store) as compiled:
        WORKS[work](office)
        assert compiled
        compiled.clear()
        WORKS[work](office)
    assert compiled == []


def test_what_is_seen_is_listed_once_after_a_change(office: Office) -> None:
    """Not by each of the connections that there are, as long as one is enough."""
    office.store.actor_id = BEN
    with office.store.read(), office.store.read(), office.store.read():
        pass
    add_lead(office.store, "Bens zweiter", user_id=BEN)
    with _statements(office.store) as asked:
        for _ in range(4):
            office.lists.ids(_ACTIVE)
    assert sum(statement.startswith("INSERT INTO temp.seen_lead") for statement, _binds in asked) == 1
