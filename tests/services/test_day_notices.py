"""Dates that remind: whom, when, once; truth tables with absence, opt-out, opt-in, and years that have no 29th."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.schema import Company, Person
from app.models.store import Store
from app.services.day_notices import latest, next_on, occurrence
from app.services.leads import Leads
from app.services.notice_choice import NoticeChoices
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, set_values
from app.services.reminders import Reminder, Reminders
from tests.services.seen import everything, steps, values
from tests.stores import TODAY, ZONE, add_company, add_member


def _at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


class Desk:
    """A store in which Anna (1) and Ben work, a company of each and one of nobody, and a date that reminds."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.fields, self.choices = OwnFields(store), NoticeChoices(store)
        self.ben = add_member(store, "Ben Roth", "BR")
        self.field = self.fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential", notify=True)
        self.of = {name: self.company(name, user) for name, user in (("Anna", 1), ("Ben", self.ben), ("keiner", None))}
        self.reminders: dict[int | None, Reminders] = {}

    def company(self, name: str, user_id: int | None) -> int:
        """A company, and who is responsible for it."""
        made = add_company(self.store, name)
        with self.store.write(Text("Changed")) as session:
            session.get_one(Company, made).user_id = user_id
        return made

    def put(self, name: str, day: OwnValue) -> None:
        """The date of a company; None for none."""
        with self.store.write(Text("Changed")) as session:
            set_values(session, Entity.COMPANY, [self.of[name]], {self.field: day})

    def person(self, name: str, birthday: date | None, user_id: int | None = 1) -> int:
        """A contact."""
        with self.store.write(Text("Person")) as session:
            person = Person(
                name=name, sort_key=name, search_key=name, created_at=self.clock.now(), user_id=user_id,
                birthday=None if birthday is None else day_number(birthday),
            )  # fmt: skip
            session.add(person)
            session.flush()
            return person.id

    def begin(self) -> None:
        """The program is used for the first time, by both."""
        for user in (1, self.ben):
            self.store.actor_id = user
            self.reminders[user] = Reminders(self.store)
            self.reminders[user].begin()
        self.store.actor_id = 1

    def look(self, now: datetime, user: int = 1, *, restarted: bool = False) -> list[Reminder]:
        """What a member is shown at a moment."""
        self.store.actor_id = user
        if restarted:
            self.reminders[user] = Reminders(self.store)
        self.clock.instant = now
        found = self.reminders[user].look(now)
        if found:
            self.reminders[user].shown(found, now)
        return found


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    """Two members, three companies, one date."""
    clock.instant = _at(TODAY, 8)
    made = Desk(store, clock)
    made.begin()
    return made


def _titles(found: list[Reminder]) -> list[str]:
    return sorted(each.title for each in found)


def test_a_date_reminds_on_its_day_at_the_time_once(desk: Desk) -> None:
    day = TODAY + timedelta(days=3)
    desk.put("Anna", day)
    assert desk.look(_at(day, 8, 59)) == []
    (one,) = desk.look(_at(day, 9, 1))
    assert (one.title, one.text, one.on, one.source, one.entity, one.due) == (
        "Anna", "Leadpotential", day, "field", Entity.COMPANY, _at(day),
    )  # fmt: skip
    assert one.lead_id == desk.of["Anna"]
    assert desk.look(_at(day, 9, 2)) == []
    assert desk.look(_at(day, 23)) == []
    assert desk.look(_at(day + timedelta(days=1), 10), restarted=True) == []


@pytest.mark.parametrize(
    ("anna", "ben", "of_anna", "of_ben"),
    [
        (None, None, ["Anna", "keiner"], ["Ben", "keiner"]),  # whose record it is; nobody's is everybody's
        (False, None, [], ["Ben", "keiner"]),  # opted out
        (None, True, ["Anna", "keiner"], ["Anna", "Ben", "keiner"]),  # chose those of all
        (True, False, ["Anna", "Ben", "keiner"], []),
    ],
    ids=range(4),
)
def test_whom(desk: Desk, anna: bool | None, ben: bool | None, of_anna: list[str], of_ben: list[str]) -> None:
    day = TODAY + timedelta(days=1)
    for name in desk.of:
        desk.put(name, day)
    desk.choices.choose(1, desk.field, anna)
    desk.choices.choose(desk.ben, desk.field, ben)
    assert _titles(desk.look(_at(day, 9, 5))) == of_anna
    assert _titles(desk.look(_at(day, 9, 5), desk.ben)) == of_ben


def test_an_empty_date_reminds_nobody(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    desk.put("Anna", day)
    desk.put("Anna", None)
    assert desk.look(_at(day, 12)) == []


def test_three_dues_while_it_was_closed_are_shown_once(desk: Desk) -> None:
    for number, name in enumerate(("Anna", "keiner")):
        desk.put(name, TODAY + timedelta(days=2 + number))
    more = desk.company("Weitere", 1)
    with desk.store.write(Text("Changed")) as session:
        set_values(session, Entity.COMPANY, [more], {desk.field: TODAY + timedelta(days=6)})
    later = _at(TODAY + timedelta(days=20), 14)
    assert _titles(desk.look(later, restarted=True)) == ["Anna", "Weitere", "keiner"]
    assert desk.look(later + timedelta(minutes=1), restarted=True) == []


def test_so_many_days_ahead(desk: Desk) -> None:
    desk.fields.edit(desk.field, notify_days=7)
    day = TODAY + timedelta(days=10)
    desk.put("Anna", day)
    assert desk.look(_at(day - timedelta(days=7), 8, 30)) == []
    (one,) = desk.look(_at(day - timedelta(days=7), 9))
    assert (one.on, one.due) == (day, _at(day - timedelta(days=7)))
    assert desk.look(_at(day, 9, 30)) == []


def test_the_time_of_day_is_the_members_own(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    for name in desk.of:
        desk.put(name, day)
    desk.choices.set_time(desk.ben, 16 * 60 + 30)
    assert _titles(desk.look(_at(day, 9))) == ["Anna", "keiner"]
    assert desk.look(_at(day, 16, 29), desk.ben) == []
    assert _titles(desk.look(_at(day, 16, 30), desk.ben)) == ["Ben", "keiner"]


def test_each_year_anew_if_it_is_meant_so(desk: Desk) -> None:
    first = TODAY + timedelta(days=1)
    desk.put("Anna", first)
    assert len(desk.look(_at(first, 9))) == 1
    again = first.replace(year=first.year + 1)
    assert desk.look(_at(again, 9)) == []
    desk.fields.edit(desk.field, yearly=True)
    again = first.replace(year=first.year + 2)
    desk.look(_at(again - timedelta(days=300), 9))
    (one,) = desk.look(_at(again, 9))
    assert one.on == again
    assert desk.look(_at(again, 10), restarted=True) == []


def test_a_yearly_date_does_not_come_before_it_is(desk: Desk) -> None:
    desk.fields.edit(desk.field, yearly=True)
    desk.put("Anna", (TODAY + timedelta(days=1)).replace(year=TODAY.year + 3))
    assert desk.look(_at(TODAY + timedelta(days=1), 9)) == []


def test_a_long_absence_tells_a_yearly_date_once(desk: Desk) -> None:
    desk.fields.edit(desk.field, yearly=True)
    desk.put("Anna", TODAY + timedelta(days=1))
    (one,) = desk.look(_at(TODAY.replace(year=TODAY.year + 4) + timedelta(days=40), 9), restarted=True)
    assert one.on == (TODAY + timedelta(days=1)).replace(year=TODAY.year + 4)


def test_a_date_that_is_moved_reminds_anew_and_only_then(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    desk.put("Anna", day)
    (shown,) = desk.look(_at(day, 9))
    desk.put("Anna", day + timedelta(days=5))
    assert desk.reminders[1].standing([shown]) == set()
    assert desk.look(_at(day + timedelta(days=4), 12)) == []
    assert len(desk.look(_at(day + timedelta(days=5), 9))) == 1


def test_what_is_written_down_after_its_moment_reminds_nobody(desk: Desk) -> None:
    desk.look(_at(TODAY, 15))
    desk.put("Anna", TODAY)
    assert desk.look(_at(TODAY, 15, 1)) == []


def test_later(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    desk.put("Anna", day)
    found = desk.look(_at(day, 9))
    until = _at(day + timedelta(days=2), 11)
    desk.reminders[1].snooze(found, until)
    assert desk.reminders[1].standing(found) == set()
    assert desk.look(_at(day + timedelta(days=2), 10, 59)) == []
    (again,) = desk.look(_at(day + timedelta(days=2), 11, 1), restarted=True)
    assert (again.title, again.on, again.due) == ("Anna", day, until)
    assert desk.look(_at(day + timedelta(days=2), 11, 2)) == []


def test_what_was_put_off_and_emptied_or_opted_out_does_not_come(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    for name in ("Anna", "keiner"):
        desk.put(name, day)
    found = desk.look(_at(day, 9))
    desk.reminders[1].snooze(found, _at(day, 11))
    desk.put("Anna", None)
    assert _titles(desk.look(_at(day, 11))) == ["keiner"]
    desk.reminders[1].snooze([each for each in found if each.title == "keiner"], _at(day, 13))
    desk.choices.choose(1, desk.field, False)
    assert desk.look(_at(day, 13)) == []


def test_what_is_off_deleted_archived_or_in_the_trash_reminds_nobody(desk: Desk) -> None:
    day = TODAY + timedelta(days=1)
    for name in desk.of:
        desk.put(name, day)
    with desk.store.write(Text("Changed")) as session:
        session.get_one(Company, desk.of["Anna"]).archived_at = desk.clock.now()
        session.get_one(Company, desk.of["keiner"]).deleted_at = desk.clock.now()
    desk.choices.choose(1, desk.field, True)
    assert _titles(desk.look(_at(day, 9))) == ["Ben"]
    desk.put("Ben", day + timedelta(days=1))
    desk.fields.edit(desk.field, notify=False)
    assert desk.look(_at(day + timedelta(days=1), 9)) == []
    desk.put("Ben", day + timedelta(days=2))
    desk.fields.edit(desk.field, notify=True)
    desk.fields.delete(desk.field)
    assert desk.look(_at(day + timedelta(days=2), 9)) == []


def test_birthdays(desk: Desk) -> None:
    day = TODAY + timedelta(days=5)
    desk.person("Eva", day.replace(year=1980))
    desk.person("ohne Jahr", day.replace(year=1604))
    desk.person("Bens", day.replace(year=1990), desk.ben)
    desk.person("keiner", None)
    desk.look(_at(TODAY, 10))
    assert desk.look(_at(day - timedelta(days=2), 9)) == []  # nobody switched it on
    desk.fields.set_birthday(True, 1)
    found = desk.look(_at(day - timedelta(days=1), 9))
    assert _titles(found) == ["Eva", "ohne Jahr"]
    assert {(each.source, each.entity, each.on, each.text) for each in found} == {("birthday", Entity.PERSON, day, "")}
    assert _titles(desk.look(_at(day - timedelta(days=1), 9), desk.ben)) == ["Bens"]
    assert desk.look(_at(day, 12)) == []


def test_leads_remind_too_and_steps_beside_them(desk: Desk) -> None:
    made = desk.fields.create(Entity.LEAD, OwnKind.DAY, "Pitch", notify=True)
    day = TODAY + timedelta(days=1)
    Leads(desk.store).create(title="Relaunch", own={made: day}, company="Müller")
    (one,) = desk.look(_at(day, 9))
    assert (one.title, one.company, one.entity, one.dated) == ("Relaunch", "Müller", Entity.LEAD, True)


@pytest.mark.parametrize(
    ("first", "year", "wanted"),
    [
        (date(2024, 2, 29), 2027, date(2027, 2, 28)), (date(2024, 2, 29), 2028, date(2028, 2, 29)),
        (date(1904, 2, 29), 2100, date(2100, 2, 28)), (date(2024, 2, 28), 2028, date(2028, 2, 28)),
        (date(1604, 12, 31), 2026, date(2026, 12, 31)),
    ],
    ids=range(5),
)  # fmt: skip
def test_the_day_on_which_a_date_comes_again(first: date, year: int, wanted: date) -> None:
    assert occurrence(first, year) == wanted


@pytest.mark.parametrize("year", [2027, 2028])
def test_the_29th_of_february_reminds_each_year(desk: Desk, year: int) -> None:
    desk.fields.edit(desk.field, yearly=True)
    desk.put("Anna", date(2024, 2, 29))
    wanted = date(year, 2, 29 if year == 2028 else 28)
    desk.look(_at(wanted - timedelta(days=3), 12))
    desk.look(_at(wanted - timedelta(days=1), 12))
    (one,) = desk.look(_at(wanted, 9))
    assert one.on == wanted
    assert desk.look(_at(wanted + timedelta(days=1), 12)) == []


@pytest.mark.parametrize("ahead", [0, 1, 30, 365, 400])
@pytest.mark.parametrize("first", [date(2020, 1, 1), date(2020, 2, 29), date(2020, 12, 31)])
def test_the_last_day_is_the_last_whose_reminder_has_come(first: date, ahead: int) -> None:
    for away in range(0, 900, 13):
        last = day_number(date(2026, 1, 1)) + away
        found = latest(day_number(first), ahead, True, last)
        coming = [day_number(occurrence(first, year)) for year in range(first.year, 2032)]
        assert found == max(day for day in coming if day - ahead <= last)


def test_choices_are_steps_that_can_be_undone(desk: Desk) -> None:
    verbs: list[Callable[[], None]] = [
        lambda: desk.choices.set_time(1, 600), lambda: desk.choices.set_together(1, False),
        lambda: desk.choices.choose(1, desk.field, False),
    ]  # fmt: skip
    for verb in verbs:
        before, count = everything(desk.store), steps(desk.store)
        verb()
        after = everything(desk.store)
        assert after != before
        assert steps(desk.store) == count + 1
        desk.store.undo()
        assert everything(desk.store) == before
        desk.store.redo()
        assert everything(desk.store) == after
    chosen = desk.choices.of(1)
    assert (chosen.time, chosen.together, [field.wanted for field in chosen.fields]) == (600, False, [False])
    desk.choices.choose(1, desk.field, None)
    assert values(desk.store, "SELECT * FROM field_notice") == []


def test_choices_that_make_no_sense(desk: Desk) -> None:
    quiet = desk.fields.create(Entity.LEAD, OwnKind.DAY, "Still")
    with pytest.raises(InvalidInput):
        desk.choices.set_time(1, 24 * 60)
    with pytest.raises(InvalidInput):
        desk.choices.choose(1, quiet, True)
    with pytest.raises(NotFound):
        desk.choices.choose(1, 999, True)
    with pytest.raises(NotFound):
        desk.choices.of(999)
    assert [field.name for field in desk.choices.of(desk.ben).fields] == ["Leadpotential"]


@pytest.mark.parametrize(
    ("first", "yearly", "today", "expected"),
    [
        (date(2026, 3, 15), False, date(2026, 3, 14), date(2026, 3, 15)),
        (date(2026, 3, 15), False, date(2026, 3, 15), date(2026, 3, 15)),
        (date(2026, 3, 15), False, date(2026, 3, 16), None),
        (date(2026, 3, 15), True, date(2026, 3, 16), date(2027, 3, 15)),
        (date(2030, 3, 15), True, date(2026, 3, 16), date(2030, 3, 15)),
        (date(2024, 2, 29), True, date(2026, 1, 1), date(2026, 2, 28)),
        (date(2024, 2, 29), True, date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_when_a_date_comes_next(first: date, yearly: bool, today: date, expected: date | None) -> None:
    assert next_on(first, yearly, today) == expected
