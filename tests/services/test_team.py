"""The people of the agency: roles, deputies, absences, working hours."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.roles import Role
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.team import AbsenceKind, Team
from tests.models.edits import value
from tests.stores import TODAY, add_lead

ANNA = 1
DAY = timedelta(days=1)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
HOLIDAY, SICK = AbsenceKind.HOLIDAY, AbsenceKind.SICK


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


@pytest.fixture
def ben(team: Team) -> int:
    return team.add("Ben Roth", Role.LIMITED)


def _label(store: Store) -> str:
    from app.models.recording import undoable

    with store.read() as connection:
        return str(undoable(connection, store.actor_id))


def test_the_team_is_listed_by_name_with_what_each_may_do(store: Store, team: Team, ben: int) -> None:
    add_lead(store, user_id=ben)
    add_lead(store, user_id=ben)
    anna, other = team.people(counted=True)
    assert (anna.name, anna.initials, anna.role, anna.leads) == ("Anna Kern", "AK", Role.OWNER, 0)
    assert (other.id, other.name, other.role, other.leads) == (ben, "Ben Roth", Role.LIMITED, 2)
    assert (other.email, other.photo_id, other.deputy_id, other.has_password, other.away) == (
        "",
        None,
        None,
        False,
        None,
    )
    assert team.people()[1].leads == 0
    assert team.one(ben).name == "Ben Roth"


def test_nobody_is_there_twice_and_nobody_without_a_name(team: Team, ben: int) -> None:
    for name in ("Ben Roth", "ben roth", "", "  \n", "x" * 201):
        with pytest.raises(InvalidInput):
            team.add(name)
    assert [each.name for each in team.people()] == ["Anna Kern", "Ben Roth"]


def test_the_first_one_decides_who_may_do_what(store: Store, team: Team) -> None:
    with store.maintenance() as connection:
        connection.execute(text("UPDATE member SET deleted_at = 1"))
    store.actor_id = None
    first = Catalogue(store).create("member", "Carla Sand")
    second = Catalogue(store).create("member", "Dora Sand")
    assert [team.one(each).role for each in (first, second)] == [Role.OWNER, Role.FULL]


def test_the_first_one_is_an_owner_whatever_is_asked(store: Store, team: Team) -> None:
    with store.maintenance() as connection:
        connection.execute(text("UPDATE member SET deleted_at = 1"))
    store.actor_id = None
    assert team.one(team.add("Carla Sand", Role.READER)).role is Role.OWNER


def test_a_role_is_given_by_an_owner_and_taken_back_with_the_step(store: Store, team: Team, ben: int) -> None:
    team.set_role(ben, Role.READER)
    assert team.one(ben).role is Role.READER
    assert _label(store) == "“Ben Roth” is now: Read only"
    store.undo()
    assert team.one(ben).role is Role.LIMITED
    store.actor_id = team.add("Carla Sand")
    acts: list[Callable[[], object]] = [
        lambda: team.set_role(ben, Role.FULL),
        lambda: team.add("Dora Sand", Role.OWNER),
        lambda: Catalogue(store).delete("member", ben),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert team.add("Dora Sand", Role.READER)


def test_an_owner_remains(team: Team, ben: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        team.set_role(ANNA, Role.FULL)
    assert refused.value.field == "role"
    team.set_role(ben, Role.OWNER)
    team.set_role(ANNA, Role.FULL)
    assert team.one(ANNA).role is Role.FULL


def test_an_address_is_one(team: Team) -> None:
    team.set_email(ANNA, "  anna@agentur.example ")
    assert team.one(ANNA).email == "anna@agentur.example"
    for wrong in (
        "anna",
        "anna@",
        "@agentur.example",
        "a b@agentur.example",
        "a@b",
        "a@b.de,c@d.de",
        f"{'x' * 200}@b.de",
    ):
        with pytest.raises(InvalidInput) as refused:
            team.set_email(ANNA, wrong)
        assert refused.value.field == "email"
    team.set_email(ANNA, "")
    assert team.one(ANNA).email == ""


def test_a_deputy_is_somebody_else_who_is_there(store: Store, team: Team, ben: int) -> None:
    team.set_deputy(ANNA, ben)
    assert team.one(ANNA).deputy_id == ben
    gone = team.add("Carla Sand")
    Catalogue(store).delete("member", gone)
    for wrong in (ANNA, gone, 99):
        with pytest.raises(InvalidInput) as refused:
            team.set_deputy(ANNA, wrong)
        assert refused.value.field == "deputy_id"
    team.set_deputy(ANNA, None)
    assert team.one(ANNA).deputy_id is None


def test_who_leaves_is_nobodys_deputy_and_keeps_what_was_his(store: Store, team: Team, ben: int) -> None:
    lead, carla = add_lead(store, user_id=ben), team.add("Carla Sand", Role.OWNER)
    team.set_deputy(ANNA, ben)
    team.set_password(ben, "geheim und lang")
    over = team.add_absence(ANNA, TODAY - 9 * DAY, TODAY - 8 * DAY, HOLIDAY, deputy_id=ben)
    coming = team.add_absence(ANNA, TODAY, TODAY + DAY, HOLIDAY, deputy_id=ben)
    Catalogue(store).delete("member", ben)
    assert [each.name for each in team.people()] == ["Anna Kern", "Carla Sand"]
    assert team.one(ANNA).deputy_id is None
    assert {each.id: each.deputy_id for each in team.absences(ANNA)} == {over: ben, coming: None}
    assert value(store, "user_id", lead) == ben
    assert not team.is_password(ben, "geheim und lang")
    store.undo()
    assert team.one(ANNA).deputy_id == ben
    assert {each.id: each.deputy_id for each in team.absences(ANNA)} == {over: ben, coming: ben}
    assert not team.one(ben).has_password, "it does not come back"
    store.actor_id = carla
    Catalogue(store).delete("member", ANNA)
    with pytest.raises(InvalidInput):
        Catalogue(store).delete("member", carla)
    store.actor_id = ben
    with pytest.raises(NotAllowed):
        Catalogue(store).delete("member", carla)


def test_the_last_owner_does_not_leave(store: Store, team: Team) -> None:
    store.actor_id = None
    team.add("Carla Sand")
    with pytest.raises(InvalidInput) as refused:
        Catalogue(store).delete("member", ANNA)
    assert "owner" in str(refused.value)


def test_a_photo_is_kept_and_taken_away(store: Store, team: Team, clock: FixedClock) -> None:
    assert team.photo(ANNA) is None
    team.set_photo(ANNA, PICTURE)
    assert team.photo(ANNA) == PICTURE
    with pytest.raises(InvalidInput):
        team.set_photo(ANNA, b"%PDF-1.7")
    clock.instant += timedelta(minutes=1)
    team.set_photo(ANNA, None)
    assert team.photo(ANNA) is None
    store.undo()
    assert team.photo(ANNA) == PICTURE


def test_absences_come_latest_first_and_the_one_of_today_shows(team: Team, ben: int, clock: FixedClock) -> None:
    later = team.add_absence(ben, TODAY + 10 * DAY, TODAY + 12 * DAY, SICK, half=True, deputy_id=ANNA)
    now = team.add_absence(ben, TODAY - DAY, TODAY + DAY, HOLIDAY)
    assert [each.id for each in team.absences(ben)] == [later, now]
    shown = team.absences(ben)[0]
    assert (shown.member_id, shown.first, shown.last) == (ben, TODAY + 10 * DAY, TODAY + 12 * DAY)
    assert (shown.kind, shown.half, shown.deputy_id) == (SICK, True, ANNA)
    away = team.one(ben).away
    assert away is not None
    assert (away.id, away.last) == (now, TODAY + DAY)
    clock.instant += 2 * DAY
    assert team.one(ben).away is None


def test_somebody_is_away_once_at_a_time_and_never_beyond_measure(team: Team, ben: int) -> None:
    there = team.add_absence(ben, TODAY, TODAY + 4 * DAY, HOLIDAY)
    spans = [
        (TODAY + 4 * DAY, TODAY + 9 * DAY), (TODAY - DAY, TODAY), (TODAY + DAY, TODAY + DAY),
        (TODAY - DAY, TODAY + 9 * DAY), (TODAY + 9 * DAY, TODAY + 8 * DAY), (date.min, date.max),
        (date(1899, 12, 31), date(1900, 1, 1)), (TODAY + 9 * DAY, TODAY + 2000 * DAY),
    ]  # fmt: skip
    for first, last in spans:
        with pytest.raises(InvalidInput) as refused:
            team.add_absence(ben, first, last, HOLIDAY)
        assert refused.value.field in ("first", "last")
    assert "2026" in str(_refused_overlap(team, ben))
    team.add_absence(ANNA, TODAY, TODAY, HOLIDAY)
    next_to = team.add_absence(ben, TODAY + 5 * DAY, TODAY + 5 * DAY, HOLIDAY)
    team.change_absence(there, TODAY, TODAY + 2 * DAY, SICK)
    with pytest.raises(InvalidInput):
        team.change_absence(next_to, TODAY + 2 * DAY, TODAY + 5 * DAY, HOLIDAY)
    assert [(each.first, each.last) for each in team.absences(ben)] == [
        (TODAY + 5 * DAY, TODAY + 5 * DAY), (TODAY, TODAY + 2 * DAY)
    ]  # fmt: skip


def _refused_overlap(team: Team, member: int) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        team.add_absence(member, TODAY, TODAY, SICK)
    return refused.value


def test_an_absence_is_taken_away_and_comes_back(store: Store, team: Team, ben: int) -> None:
    absence = team.add_absence(ben, TODAY, TODAY, HOLIDAY)
    team.remove_absence(absence)
    assert team.absences(ben) == []
    with pytest.raises(NotFound):
        team.remove_absence(absence)
    with pytest.raises(NotFound):
        team.change_absence(absence, TODAY, TODAY, SICK)
    store.undo()
    assert [each.id for each in team.absences(ben)] == [absence]


def test_working_hours_hold_from_a_day_on(store: Store, team: Team, ben: int) -> None:
    full, part = (480, 480, 480, 480, 480, 0, 0), (480, 480, 240, 0, 0, 0, 0)
    first = team.set_week(ben, TODAY - 100 * DAY, full)
    second = team.set_week(ben, TODAY, full)
    assert team.set_week(ben, TODAY, part) == second
    assert [(each.id, each.valid_from, each.minutes) for each in team.weeks(ben)] == [
        (second, TODAY, part), (first, TODAY - 100 * DAY, full)
    ]  # fmt: skip
    team.remove_week(second)
    assert [each.id for each in team.weeks(ben)] == [first]
    with pytest.raises(NotFound):
        team.remove_week(second)
    store.undo()
    assert [each.minutes for each in team.weeks(ben)] == [part, full]


@pytest.mark.parametrize("minutes", [[480] * 6, [480] * 8, [], [1441, *[0] * 6], [-1, *[0] * 6]])
def test_no_week_has_such_hours(team: Team, ben: int, minutes: list[int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        team.set_week(ben, TODAY, minutes)
    assert refused.value.field == "minutes"
    with pytest.raises(InvalidInput):
        team.set_week(ben, date.max, [0] * 7)
    assert team.weeks(ben) == []


def test_nobody_who_is_gone_is_asked_for_or_changed(team: Team) -> None:
    acts: list[Callable[[], object]] = [
        lambda: team.one(99), lambda: team.photo(99), lambda: team.absences(99), lambda: team.weeks(99),
        lambda: team.set_role(99, Role.FULL), lambda: team.set_email(99, ""), lambda: team.set_deputy(99, None),
        lambda: team.set_photo(99, None), lambda: team.add_absence(99, TODAY, TODAY, HOLIDAY),
        lambda: team.set_week(99, TODAY, [0] * 7), lambda: team.set_password(99, "geheim und lang"),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("role", [Role.LIMITED, Role.READER])
def test_everybody_keeps_his_or_her_own_profile(store: Store, team: Team, ben: int, role: Role) -> None:
    team.set_role(ben, role)
    store.actor_id = ben
    team.set_email(ben, "ben@agentur.example")
    team.set_photo(ben, PICTURE)
    team.set_deputy(ben, ANNA)
    absence = team.add_absence(ben, TODAY, TODAY + DAY, HOLIDAY)
    team.change_absence(absence, TODAY, TODAY, SICK, deputy_id=ANNA)
    me = team.one(ben)
    assert (me.email, me.deputy_id, team.photo(ben)) == ("ben@agentur.example", ANNA, PICTURE)
    assert me.away is not None
    team.remove_absence(absence)
    store.undo()
    assert [(away.kind, away.last) for away in team.absences(ben)] == [(SICK, TODAY)]
    for other in (
        lambda: team.set_email(ANNA, "x@agentur.example"), lambda: team.set_photo(ANNA, PICTURE),
        lambda: team.set_deputy(ANNA, ben), lambda: team.add_absence(ANNA, TODAY, TODAY, HOLIDAY),
        lambda: team.set_week(ben, TODAY, [480] * 7),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            other()


@pytest.mark.parametrize(
    "typed", ["\udcff\ud800", "a\0b", "\u202e\u200b", "\x1b[2J", "🙂" * 100, "'; DROP TABLE member; --"]
)
def test_whatever_is_typed_the_store_is_sound(store: Store, team: Team, typed: str) -> None:
    with suppress(InvalidInput):
        member = team.add(f"Ben {typed}")
        assert team.one(member).name.startswith("Ben")
        team.set_role(member, Role.OWNER)
    with suppress(InvalidInput):
        team.set_email(ANNA, f"anna{typed}@agentur.example")
    with suppress(InvalidInput):
        team.set_photo(ANNA, PICTURE + typed.encode(errors="surrogatepass"))
    team.set_password(ANNA, f"geheim {typed}")
    assert team.is_password(ANNA, f"geheim {typed}")
    assert check(store).ok
    while store.undo() is not None:
        pass
    assert check(store).ok
