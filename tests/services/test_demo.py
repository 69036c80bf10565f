"""Demo data: the life of an agency that looks real, adds up, and is the same on every machine."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.calendar import day_number, month_number
from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import InvalidInput, Locked, NotAllowed
from app.core.roles import Role
from app.core.terms import CLOSED, Budget, CompanyKind, Entity, Status
from app.models.opening import create_store
from app.models.store import Store
from app.services import demo, setup
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.duplicates import Duplicates
from app.services.files import Files
from app.services.goals import Goals
from app.services.history import History
from app.services.lead_detail import LeadDetails
from app.services.lead_list import LeadList, LeadRow, ListQuery
from app.services.leads import Leads
from app.services.mail_files import MailFiles
from app.services.own_fields import OwnFields
from app.services.record_detail import CompanyDetail, PersonDetail, RecordDetails
from app.services.rhythm import RhythmState
from app.services.team import Team
from tests.services.seen import everything, steps, value, values
from tests.stores import TODAY, ZONE, add_lead, reopened

_THIS_MONTH = month_number(TODAY)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with demo data that nobody changes."""
    store = create_store(tmp_path_factory.mktemp("demo"), origin="test", clock=FixedClock.at(TODAY, ZONE))
    setup.seed(store)
    demo.fill(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def rows(filled: Store) -> list[LeadRow]:
    lists = LeadList(filled)
    return lists.rows(lists.ids(ListQuery()))


def test_leads_in_all_states(rows: list[LeadRow]) -> None:
    states = Counter(row.status for row in rows)
    assert states[Status.POTENTIAL] == 14
    assert states[Status.ACTIVE] == 16
    assert all(states[status] >= 5 for status in CLOSED)
    assert sum(states[status] for status in CLOSED) >= 31
    assert {row.stage for row in rows if row.status == Status.ACTIVE} == {
        "First contact", "Presentation", "Offer", "Negotiation", "Verbal commitment"
    }  # fmt: skip


def test_three_of_four_persons_share_the_work(filled: Store, rows: list[LeadRow]) -> None:
    assert [(member.name, member.detail) for member in Catalogue(filled).all("member")] == [
        ("Anna Kern", "AK"), ("Jana Voss", "JV"), ("Lukas Maurer", "LM"), ("Sophie Berger", "SB")
    ]  # fmt: skip
    assert min(Counter(row.initials for row in rows).values()) > 15


def test_the_team_shows_what_roles_deputies_and_hours_are_for(filled: Store) -> None:
    team = Team(filled)
    anna, jana, lukas, sophie = team.people(counted=True)
    assert [each.role for each in (anna, lukas, sophie, jana)] == [Role.OWNER, Role.FULL, Role.LIMITED, Role.READER]
    assert (anna.deputy_id, lukas.deputy_id, sophie.deputy_id, jana.deputy_id) == (lukas.id, anna.id, lukas.id, None)
    assert all(each.email.endswith("@agentur.example") for each in (anna, lukas, sophie, jana))
    (holiday,) = team.absences(lukas.id)
    assert (holiday.first, holiday.last, holiday.deputy_id) == (date(2026, 11, 30), date(2026, 12, 4), sophie.id)
    assert [sum(week.minutes) for week in team.weeks(sophie.id)] == [1890, 2400]
    assert not any(each.has_password for each in (anna, lukas, sophie, jana))
    filled.actor_id = sophie.id
    assert LeadList(filled).totals(ListQuery()).count == sophie.leads
    filled.actor_id = anna.id


def test_whoever_sees_only_some_leads_does_not_take_the_store_for_an_empty_one(store: Store) -> None:
    add_lead(store)
    store.actor_id = Team(store).add("Ben Roth", Role.LIMITED)
    with pytest.raises(NotAllowed):
        demo.fill(store)


def test_roles_of_those_who_were_there_stay(store: Store) -> None:
    team = Team(store)
    team.set_role(team.add("Lukas Maurer"), Role.OWNER)
    team.set_role(1, Role.READER)
    store.actor_id = None
    demo.fill(store)
    roles = {each.name: each.role for each in team.people()}
    assert (roles["Anna Kern"], roles["Lukas Maurer"]) == (Role.READER, Role.OWNER)


def test_active_leads_of_every_kind(rows: list[LeadRow]) -> None:
    active = [row for row in rows if row.status == Status.ACTIVE]
    steps = [row.next_step_on for row in active]
    assert sum(day is not None and day < TODAY for day in steps) == 2
    assert sum(day == TODAY for day in steps) == 1
    assert steps.count(None) == 1
    assert sum(day is not None and day > TODAY for day in steps) == 12
    assert Counter(row.budget for row in active)[Budget.MONTHLY] == 1
    assert [row.amount.currency for row in active if row.amount.currency != "EUR"] == ["CHF"]
    assert [row.title for row in active if row.idle] == ["Newsletter-Automation"]
    assert sum(row.own_probability for row in active) == 1
    assert all(row.total is not None for row in rows)
    assert all(9_600_00 <= (row.total or 0) <= 88_000_00 for row in active)
    assert any(row.period_first is None for row in active)
    assert any(row.period_last is not None and row.period_last < _THIS_MONTH for row in active)


def test_what_was_won_fills_the_months_around(rows: list[LeadRow]) -> None:
    won = [row for row in rows if row.status == Status.WON]
    months = Counter[int]()
    for row in won:
        if row.period_first is not None and row.period_last is not None:
            months.update(range(row.period_first, row.period_last + 1))
    assert all(months[_THIS_MONTH + ahead] for ahead in range(13))
    assert all(months[_THIS_MONTH - ago] for ago in range(9))
    assert any(row.period_first is None for row in won)


def test_two_years_of_closing_with_reasons(filled: Store, rows: list[LeadRow]) -> None:
    closed = [row for row in rows if row.closed_on is not None and row.activated_on is not None]
    cycles = [(row.closed_on - row.activated_on).days for row in closed if row.closed_on and row.activated_on]
    assert all(0 < days < 110 for days in cycles)
    assert {row.closed_on.year for row in closed if row.closed_on} == {2024, 2025, 2026}
    assert all(row.reason and row.stage for row in closed)
    assert all(row.next_step_on is None for row in closed)
    last_year = Counter(row.status for row in closed if row.closed_on and (TODAY - row.closed_on).days <= 365)
    assert 0.3 < last_year[Status.WON] / (last_year[Status.WON] + last_year[Status.LOST]) < 0.5
    assert {reason.detail for reason in Catalogue(filled).all("reason")} == {"won", "lost", "dropped"}


def test_nothing_happens_in_the_future_or_out_of_order(filled: Store) -> None:
    today = day_number(TODAY)
    assert value(filled, f"SELECT count(*) FROM lead WHERE activated_on > {today} OR closed_on > {today}") == 0
    moments = [row[0] for row in values(filled, "SELECT at FROM change_set WHERE id > 1 ORDER BY id")]
    assert moments == sorted(moments)
    assert value(filled, "SELECT max(on_day) FROM change_set") == today
    weekends = "SELECT count(*) FROM stage_entry WHERE (entered_on + 3) % 7 > 4"  # 1970-01-01 was a Thursday
    assert value(filled, weekends) == 0


def test_the_store_is_sound_and_nothing_of_it_can_be_undone(filled: Store) -> None:
    assert check(filled).problems == ()
    assert (History(filled).next_undo(), filled.undo()) == (None, None)
    assert filled.actor_id == 1


def test_what_was_counted_is_counted_once(filled: Store) -> None:
    """Two counters of one table would let a new row have the number of an old one."""
    counted = Counter(row[0] for row in values(filled, "SELECT name FROM sqlite_sequence"))
    assert set(counted.values()) == {1}


def test_a_lead_has_lived(filled: Store, rows: list[LeadRow]) -> None:
    lead = next(row for row in rows if row.title == "Website-Relaunch")
    detail = LeadDetails(filled).get(lead.id)
    assert (lead.company, lead.stage, lead.weighted, lead.initials) == (
        "Metzgerei Eckhof", "Negotiation", 28_800_00, "AK"
    )  # fmt: skip
    assert [stage.entered for stage in detail.progress] == [True, True, True, True, False]
    assert value(filled, f"SELECT count(done_at) FROM step WHERE lead_id = {lead.id}") == 3
    assert {event.kind for event in detail.events} == {"note", "stage", "status", "step", "change"}
    assert detail.events[0].at < filled.clock.now() - timedelta(days=7)


def test_nobody_hears_of_the_steps_but_everybody_of_the_end(store: Store) -> None:
    heard: list[ChangeSet] = []
    told: list[tuple[int, int]] = []
    store.feed.subscribe(heard.append)
    clock, feed, actor = store.clock, store.feed, store.actor_id
    demo.fill(store, lambda done, total: told.append((done, total)))
    assert (store.clock, store.feed, store.actor_id) == (clock, feed, actor)
    assert len(Catalogue(store).all("member")) == 4  # Anna Kern was there already
    assert [(str(change.label), change.everything) for change in heard] == [("Demo data", True)]
    assert told == [(done + 1, len(told)) for done in range(len(told))]
    assert not store.watch()
    Leads(store).note([1], "Danach")
    assert [str(change.label) for change in heard[1:]] == ["Note on “Corporate Website”"]
    assert store.undo() is not None
    assert store.undo() is None


def test_only_an_empty_store_is_filled(store: Store) -> None:
    add_lead(store)
    count = value(store, "SELECT count(*) FROM change_set")
    with pytest.raises(InvalidInput):
        demo.fill(store)
    assert value(store, "SELECT count(*) FROM change_set") == count


def test_when_it_fails_nothing_of_it_is_there(store: Store) -> None:
    before, count = everything(store), steps(store)

    def stop(done: int, total: int) -> None:
        if done == total - 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.fill(store, stop)
    assert (everything(store), steps(store)) == (before, count)
    demo.fill(store)
    assert check(store).ok


def test_what_others_enter_meanwhile_is_not_lost(store: Store, folder: Path) -> None:
    other = reopened(folder)

    def disturb(done: int, total: int) -> None:
        if done == 5:
            add_lead(other, "Mine")

    try:
        with pytest.raises(Locked):
            demo.fill(store, disturb)
    finally:
        other.close()
    assert values(store, "SELECT title FROM lead") == [("Mine",)]
    assert check(store).ok


@pytest.mark.parametrize(
    ("day", "zone", "currency"),
    [
        (date(2028, 2, 29), "Pacific/Auckland", "CHF"),
        (date(2026, 3, 29), "Europe/Berlin", "EUR"),  # a Sunday, and the clocks go forward
    ],
    ids=str,
)
def test_on_any_day_anywhere(tmp_path: Path, day: date, zone: str, currency: str) -> None:
    clock = FixedClock.at(day, ZoneInfo(zone), hour=0)
    store = create_store(tmp_path, origin="test", base_currency=currency, time_zone=zone, clock=clock)
    try:
        demo.fill(store)
        assert check(store).ok
        assert value(store, "SELECT count(*) FROM stage") == 5
        assert (
            value(store, f"SELECT count(*) FROM lead WHERE status = 'active' AND next_step_on = {day_number(day)}") == 1
        )
        assert value(store, "SELECT count(*) FROM lead WHERE total_base IS NULL") == 0
        assert value(store, "SELECT count(DISTINCT currency) FROM lead") == 2
    finally:
        store.close()


def test_the_team_and_one_person_have_goals_that_change(filled: Store) -> None:
    goals = Goals(filled).all()
    assert {goal.person for goal in goals} == {None, "Anna Kern"}
    this_year = goals[0].valid_from - 12
    assert Goals(filled).of(this_year, this_year + 11) != Goals(filled).of(this_year - 12, this_year - 1)


# --- whom the agency knows -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def companies(filled: Store) -> list[CompanyDetail]:
    details = RecordDetails(filled)
    found = [details.get(Entity.COMPANY, row[0]) for row in values(filled, "SELECT id FROM company ORDER BY id")]
    return [detail for detail in found if isinstance(detail, CompanyDetail)]


def test_every_company_can_be_reached(companies: list[CompanyDetail]) -> None:
    assert len(companies) == 39
    for each in companies:
        known = (each.kinds, each.industry, each.size, each.user, each.related)
        reached = (each.phones, each.mails, each.webs, each.addresses[0].city)
        assert all((*known, *reached)), each.name
    assert {each.addresses[0].country for each in companies} == {"", "AT", "CH"}


def test_who_bought_is_a_customer_and_has_a_number(filled: Store, companies: list[CompanyDetail]) -> None:
    buyers = {row[0] for row in values(filled, "SELECT company_id FROM lead WHERE status = 'won'")}
    customers = {each.id: each for each in companies if CompanyKind.CUSTOMER in each.kinds}
    assert buyers <= customers.keys()
    numbers = [each.number for each in companies if each.number]
    assert len(set(numbers)) == len(numbers) > 15
    assert all(each.number for each in customers.values())


def test_every_person_has_a_role_and_can_be_reached(filled: Store) -> None:
    details = RecordDetails(filled)
    people = [details.get(Entity.PERSON, row[0]) for row in values(filled, "SELECT id FROM person")]
    assert len(people) == 53
    for each in people:
        assert isinstance(each, PersonDetail)
        known = (each.salutation, each.user, each.phones or each.mails, each.related[0].role)
        assert all(known), each.name
    days = [each.birthday for each in people if isinstance(each, PersonDetail) and each.birthday is not None]
    assert len(days) >= 10
    assert sum(0 < (day.replace(year=TODAY.year) - TODAY).days <= 14 for day in days) == 1


def test_some_are_to_be_heard_of_again(filled: Store, companies: list[CompanyDetail]) -> None:
    kept = {each.name: each.rhythm for each in companies if each.rhythm is not None}
    states = {name: rhythm.state(TODAY) for name, rhythm in kept.items()}
    assert {name for name, state in states.items() if state is RhythmState.OVERDUE} == {
        "Gärtnerei Blattwerk", "Möbelhaus Seidl"
    }  # fmt: skip
    assert {name for name, state in states.items() if state is RhythmState.DUE} == {"Genossenschaftsbank Tal"}
    assert {rhythm.tag for rhythm in kept.values()} == {"", "A-Kunde"}


def test_own_fields_have_values(filled: Store, companies: list[CompanyDetail]) -> None:
    worth, potential, end, pitch = OwnFields(filled).all()
    assert [each.name for each in (worth, potential, end, pitch)] == [
        "Kundenwert", "Leadpotenzial ab", "Vertragsende", "Pitch"
    ]  # fmt: skip
    assert potential.notify
    own = [each.own for each in companies]
    assert {worth.names[told] for each in own if isinstance(told := each.get(worth.id), int)} == {"A", "B", "C"}
    for field in (potential, end):
        days = [day for each in own if isinstance(day := each.get(field.id), date)]
        assert len(days) >= 5
        assert min(days) > TODAY
    assert value(filled, f"SELECT count(*) FROM field_value WHERE field_id = {pitch.id} AND number = 1") == 7


def test_what_was_talked_about_and_written(filled: Store) -> None:
    kinds = Counter(row[0] for row in values(filled, "SELECT kind FROM note"))
    assert kinds.keys() == {"note", "call", "meeting", "mail"}
    assert value(filled, "SELECT count(*) FROM note WHERE markdown") == 5
    assert value(filled, "SELECT count(*) FROM note_person") >= 8
    (mail,) = values(filled, "SELECT id FROM mail")
    assert MailFiles(filled).stranger(mail[0]) is None  # she is in the address book
    read = MailFiles(filled).read(mail[0])
    assert read.subject == "Unterlagen für den Vorstand"
    assert [part.name for part in read.attachments] == ["Briefing Becher und Butter.pdf"]


def test_files_can_be_opened(filled: Store) -> None:
    import pypdfium2

    (file,) = values(filled, "SELECT id FROM attachment WHERE mail_id IS NULL")
    pdf = pypdfium2.PdfDocument(Files(filled).bytes_of(file[0]))
    try:
        words = pdf[0].get_textpage().get_text_range()
        assert words.splitlines()[1] == "Metzgerei Eckhof, Mühlengasse 4, 50667 Köln"
        assert "18.000 €" in words
    finally:
        pdf.close()


def test_one_company_is_there_twice(filled: Store) -> None:
    (twins,) = Duplicates(filled).find_all("company")
    assert set(twins.names.values()) == {"Brauerei Lindenhof", "Brauerei Lindenhof GmbH"}
