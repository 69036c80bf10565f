"""Who is asked at the start who works here, and how long to wait after wrong passwords."""

from pathlib import Path

import pytest

from app.models.store import Store
from app.services.arrival import Arrival, Patience, arrival
from app.services.office import Office
from tests.stores import add_member

PASSWORD = "Fünf Affen im Baum"


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office.of(store, tmp_path / "backups")


@pytest.fixture
def ben(store: Store) -> int:
    return add_member(store, "Ben Krug", "BK")


def names(found: Arrival | None) -> list[str]:
    assert found is not None
    return [one.name for one in found.people]


def test_one_person_alone_is_never_asked(office: Office) -> None:
    office.team.set_password(1, PASSWORD)
    for ask in (True, False):
        assert arrival(office, "Anna Kern", ask=ask) is None
    assert office.store.actor_id == 1


def test_of_several_one_is_chosen_and_the_last_one_is_proposed(office: Office, ben: int) -> None:
    found = arrival(office, "Ben Krug")
    assert names(found) == ["Anna Kern", "Ben Krug"]
    assert found is not None
    assert found.proposed == ben


@pytest.mark.parametrize("called", ["", "  ", "Cora Lenz", "Anna", "%", "'; DROP TABLE member;--", "\0"])
def test_who_is_not_there_is_not_proposed_and_nobody_comes_in_unasked(office: Office, ben: int, called: str) -> None:
    for ask in (True, False):
        found = arrival(office, called, ask=ask)
        assert found is not None
        assert found.proposed is None


@pytest.mark.parametrize("called", ["Ben Krug", "ben krug", "BK"])
def test_who_worked_here_last_comes_in_where_that_is_not_asked(office: Office, ben: int, called: str) -> None:
    assert arrival(office, called, ask=False) is None
    assert office.store.actor_id == ben


def test_nobody_with_a_password_comes_in_unasked(office: Office, ben: int) -> None:
    office.store.actor_id = ben
    office.team.set_password(ben, PASSWORD)
    office.store.actor_id = 1
    found = arrival(office, "Ben Krug", ask=False)
    assert found is not None
    assert found.proposed == ben
    assert office.store.actor_id == 1


def test_who_was_deleted_is_not_offered(office: Office, ben: int) -> None:
    cora = add_member(office.store, "Cora Lenz", "CL")
    office.catalogue.delete("member", cora)
    assert names(arrival(office, "Cora Lenz", ask=False)) == ["Anna Kern", "Ben Krug"]


def test_who_locked_the_window_is_asked_even_alone(office: Office) -> None:
    office.team.set_password(1, PASSWORD)
    found = arrival(office, back=1)
    assert names(found) == ["Anna Kern"]
    assert found is not None
    assert found.proposed == 1


def test_who_is_left_alone_without_a_password_comes_in(office: Office, ben: int) -> None:
    office.catalogue.delete("member", ben)
    office.store.actor_id = ben
    assert arrival(office, back=ben) is None
    assert office.store.actor_id == 1


def test_after_the_third_wrong_password_each_further_one_takes_longer() -> None:
    now = [100.0]
    patience = Patience(lambda: now[0])
    waits = []
    for _ in range(9):
        patience.failed()
        waits.append(patience.left)
        now[0] += patience.left
        assert patience.left == 0
    assert waits == [0, 0, 0, 2, 4, 8, 16, 30, 30]


def test_the_right_password_makes_all_be_forgotten() -> None:
    patience = Patience(lambda: 5.0)
    for _ in range(6):
        patience.failed()
    assert patience.left == 8
    patience.held()
    assert patience.left == 0
    patience.failed()
    assert patience.left == 0


def test_the_clock_of_the_program_is_looked_at() -> None:
    patience = Patience()
    for _ in range(4):
        patience.failed()
    assert 0 < patience.left <= 2
