"""A company and a person with all that hangs on them, in a constant number of statements; rhythms; recommenders."""

from datetime import date, timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.money import Money
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Size, Status
from app.models.schema import Note, NotePerson, Tag
from app.models.store import Store
from app.services.companies import Companies
from app.services.lead_fields import NextStep, Recommender
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.people import People
from app.services.reach import Point
from app.services.recommenders import Recommendations, Recommenders
from app.services.record_detail import ComingDay, CompanyDetail, RecordDetails, StateSum
from app.services.rhythm import OverdueRhythms, Rhythms, RhythmState
from tests.models.edits import rows
from tests.services.seen import statements
from tests.stores import TODAY, add_lead, add_rate, add_step

DAY = timedelta(days=1)


def _company(store: Store) -> int:
    return Companies(store).create(
        name="Sonnenkorn", number="7", kinds=[CompanyKind.SUPPLIER, CompanyKind.CUSTOMER], industry="Gastro",
        size=Size.FEW, user_id=1, tags=["B", "A"], info="Gut", phones=[Point("main", "0221 1"), Point("", "0221 2")],
        mails=[Point("", "a@b.de")], webs=[Point("", "b.de")], addresses=[Place("main", "Weg 1", "", "5", "Köln")],
        people=[("Jonas Weiß", ""), ("Mara Korn", "Chefin")],
    )  # fmt: skip


def test_a_company_is_read_with_all_that_is_known_of_it(store: Store) -> None:
    company = _company(store)
    People(store).edit([2], phones=[Point("cell", "0171 2345678"), Point("", "5")], mails=[Point("", "m@b.de")])
    detail = RecordDetails(store).company(company)
    assert (detail.name, detail.number, detail.industry, detail.size) == ("Sonnenkorn", "7", "Gastro", Size.FEW)
    assert detail.kinds == (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER)
    assert detail.phones == (Point("main", "0221 1"), Point("", "0221 2"))
    assert (detail.mails, detail.webs) == ((Point("", "a@b.de"),), (Point("", "b.de"),))
    assert detail.addresses == (Place("main", "Weg 1", "", "5", "Köln"),)
    assert [(each.name, each.role, each.phone, each.mail) for each in detail.related] == [
        ("Mara Korn", "Chefin", "0171 2345678", "m@b.de"), ("Jonas Weiß", "", "", ""),
    ]  # fmt: skip
    assert (detail.user, detail.tags, detail.info, detail.archived) == ("Anna Kern", ("A", "B"), "Gut", False)
    assert (detail.leads, detail.sums, detail.steps, detail.last_on) == ((), (), (), None)
    assert detail.created_on == TODAY


def test_leads_stand_with_sums_by_state_in_the_base_currency(store: Store) -> None:
    company = _company(store)
    add_rate(store, "CHF", TODAY - 100 * DAY, "0.5")
    for amount, status, currency in (
        (1000, Status.ACTIVE, "EUR"), (500, Status.ACTIVE, "CHF"), (9, Status.ACTIVE, "JPY"), (70, Status.WON, "EUR"),
        (30, Status.WON, "EUR"), (5, Status.LOST, "EUR"), (4, Status.POTENTIAL, "EUR"),
    ):  # fmt: skip
        add_lead(store, f"{status} {amount}", amount=amount, status=status, currency=currency, company_id=company)
    gone = add_lead(store, "weg", company_id=company)
    Leads(store).delete([gone])
    detail = RecordDetails(store).company(company)
    assert detail.sums == (
        StateSum(Status.ACTIVE, 3, 125_000, 1250, 1), StateSum(Status.POTENTIAL, 1, 400, 0, 0),
        StateSum(Status.WON, 2, 10_000, 0, 0), StateSum(Status.LOST, 1, 500, 0, 0),
    )  # fmt: skip
    assert [lead.status for lead in detail.leads] == ["active"] * 3 + ["potential"] + ["lost", "won", "won"]
    assert {lead.total for lead in detail.leads if lead.status == Status.ACTIVE} == {100_000, 25_000, None}


def test_a_person_has_leads_as_contact_and_in_a_role_and_open_steps(store: Store) -> None:
    leads = Leads(store)
    first = leads.create(Status.ACTIVE, title="Als Kontakt", person="Anna Kern")
    second = leads.create(Status.ACTIVE, title="Mit Rolle", person="Ben Roth")
    closed = leads.create(Status.ACTIVE, title="Zu", person="Anna Kern")
    leads.set_people([second], [("Anna Kern", "Einkauf")])
    leads.set_next_step([second], NextStep(TODAY + DAY, "Anrufen", 600))
    leads.set_next_step([first], NextStep(TODAY + 9 * DAY, "Mail"))
    leads.set_next_step([closed], NextStep(TODAY, "Nie mehr"))
    leads.close([closed], Status.WON)
    detail = RecordDetails(store).person(1)
    assert {(lead.title, lead.role) for lead in detail.leads} == {
        ("Als Kontakt", ""),
        ("Mit Rolle", "Einkauf"),
        ("Zu", ""),
    }
    assert [(step.text, step.lead, step.lead_id, step.time) for step in detail.steps] == [
        ("Anrufen", "Mit Rolle", second, 600), ("Mail", "Als Kontakt", first, None),
    ]  # fmt: skip


def test_the_last_contact_is_a_note_or_a_finished_step_whichever_came_last(store: Store, clock: FixedClock) -> None:
    company, leads, details = _company(store), Leads(store), RecordDetails(store)
    lead = leads.create(Status.ACTIVE, title="A", company="Sonnenkorn", person="Mara Korn")
    assert details.company(company).last_on is None
    leads.note([lead], "Angerufen")
    clock.instant += 3 * DAY
    assert details.company(company).last_on == details.person(2).last_on == TODAY
    add_step(store, lead, TODAY, done=True)
    assert details.company(company).last_on == details.person(2).last_on == TODAY + 3 * DAY
    assert details.person(1).last_on is None
    clock.instant += 4 * DAY
    with store.write(Text("Note")) as session:
        session.add(note := Note(company_id=company, user_id=1, at=clock.now(), text="Treffen", kind="meeting"))
        session.flush()
        session.add(NotePerson(note_id=note.id, person_id=1))
    assert details.company(company).last_on == details.person(1).last_on == TODAY + 7 * DAY
    leads.delete([lead])
    assert details.person(2).last_on is None


def test_dates_that_remind_stand_with_the_next_day_on_which_they_come(store: Store) -> None:
    fields, companies, company = OwnFields(store), Companies(store), _company(store)
    once, yearly, early, quiet = (
        fields.create(Entity.COMPANY, OwnKind.DAY, name, notify=notify, notify_days=ahead, yearly=each_year)
        for name, notify, ahead, each_year in (
            ("Einmal", True, 0, False), ("Jährlich", True, 0, True), ("Vertrag", True, 30, True),
            ("Still", False, 0, False),
        )
    )  # fmt: skip
    days = {once: TODAY, yearly: TODAY - 400 * DAY, early: date(TODAY.year - 3, 12, 31), quiet: TODAY + DAY}
    companies.edit([company], own=days)
    end = date(TODAY.year, 12, 31)
    again = (TODAY - 400 * DAY).replace(year=TODAY.year + 1)
    detail = RecordDetails(store).company(company)
    assert set(detail.days) == {
        ComingDay(TODAY, TODAY, "Einmal"), ComingDay(end, end - 30 * DAY, "Vertrag"),
        ComingDay(again, again, "Jährlich"),
    }  # fmt: skip
    assert [day.on for day in detail.days] == sorted(day.on for day in detail.days)
    companies.edit([company], own={once: TODAY - DAY, yearly: None, early: None})
    assert RecordDetails(store).company(company).days == ()
    companies.edit([company], own={once: TODAY})
    companies.archive([company])
    assert RecordDetails(store).company(company).days == ()
    People(store).edit([1], birthday=date(1980, 2, 29))
    assert RecordDetails(store).person(1).days == ()
    fields.set_birthday(True, 1)
    (birthday,) = RecordDetails(store).person(1).days
    assert (birthday.on >= TODAY, birthday.field, birthday.on.month) == (True, "", 2)


def test_reading_takes_as_many_statements_however_much_there_is(store: Store) -> None:
    company, details, leads = _company(store), RecordDetails(store), Leads(store)
    few = statements(store, lambda: details.company(company))
    few_of_person = statements(store, lambda: details.person(1))
    for n in range(12):
        lead = leads.create(
            Status.ACTIVE, title=f"A {n}", company="Sonnenkorn", person="Jonas Weiß", source="X",
            recommender=Recommender("person", f"Wer {n % 3}"), next_step=NextStep(TODAY),
        )  # fmt: skip
        leads.set_people([lead], [(f"Wer {n}", "Rolle")])
    assert statements(store, lambda: details.company(company)) == few < 15
    assert statements(store, lambda: details.person(1)) == few_of_person < 15


def test_what_is_gone_is_not_found_until_it_is_restored(store: Store) -> None:
    company, details = _company(store), RecordDetails(store)
    Companies(store).delete([company])
    People(store).delete([1])
    for read in (lambda: details.company(company), lambda: details.person(1), lambda: details.person(99)):
        with pytest.raises(NotFound):
            read()
    Companies(store).restore([company])
    assert [each.name for each in details.company(company).related] == ["Mara Korn"]
    assert isinstance(details.get(Entity.COMPANY, company), CompanyDetail)


# Rhythms


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "fine"), (29, "fine"), (30, "due"), (60, "due"), (61, "overdue"), (400, "overdue")],
)
def test_a_rhythm_is_due_and_then_overdue(store: Store, clock: FixedClock, days: int, state: str) -> None:
    companies, details = Companies(store), RecordDetails(store)
    company = companies.create(name="A", touch_target=30, touch_latest=60)
    clock.instant += days * DAY
    rhythm = details.company(company).rhythm
    assert rhythm is not None
    assert rhythm.state(store.today()) == state
    found = details.overdue_rhythms()
    assert [row.state for row in found.rows] == ([] if state == "fine" else [state])
    assert (found.due, found.late) == (state != "fine", state == "overdue")
    companies.archive([company])
    assert details.overdue_rhythms() == OverdueRhythms([])


def test_without_a_rhythm_of_its_own_the_shortest_of_its_tags_counts(store: Store) -> None:
    companies = Companies(store)
    company = companies.create(name="A", tags=["VIP", "Alt", "Ohne"])
    with store.write(Text("Tags")) as session:
        for tag in session.query(Tag):
            tag.touch_target, tag.touch_latest = {"VIP": (20, None), "Alt": (90, 99), "Ohne": (None, None)}[tag.name]
    rhythm = RecordDetails(store).company(company).rhythm
    assert rhythm is not None
    assert (rhythm.target, rhythm.latest, rhythm.tag) == (20, 40, "VIP")
    (due,) = RecordDetails(store).overdue_rhythms(TODAY + 20 * DAY).rows
    assert (due.rhythm, due.state) == (rhythm, RhythmState.DUE)
    companies.edit([company], touch_target=365)
    rhythm = RecordDetails(store).company(company).rhythm
    assert rhythm is not None
    assert (rhythm.target, rhythm.latest, rhythm.tag) == (365, 730, "")
    assert RecordDetails(store).overdue_rhythms(TODAY + 200 * DAY).rows == []


def test_the_worst_stand_first_and_any_contact_resets_a_rhythm(store: Store, clock: FixedClock) -> None:
    companies, people, details = Companies(store), People(store), RecordDetails(store)
    companies.create(name="Jährlich", touch_target=365, touch_latest=400)
    companies.create(name="Monatlich", touch_target=30, touch_latest=40, user_id=1)
    people.create(family="Zweimonatlich", touch_target=60, touch_latest=70)
    lead = Leads(store).create(title="A", company="Monatlich")
    clock.instant += 100 * DAY
    assert [(row.entity, row.name, row.user, row.last_on) for row in details.overdue_rhythms().rows] == [
        ("company", "Monatlich", "Anna Kern", None), ("person", "Zweimonatlich", None, None),
    ]  # fmt: skip
    few = statements(store, details.overdue_rhythms)
    Leads(store).note([lead], "Angerufen")
    assert [row.name for row in details.overdue_rhythms().rows] == ["Zweimonatlich"]
    for n in range(20):
        companies.create(name=f"Firma {n}", touch_target=1)
    clock.instant += 10 * DAY
    assert len(details.overdue_rhythms().rows) == 21
    assert len(Rhythms(store).overdue(limit=5).rows) == 5
    assert (Rhythms(store).overdue(limit=5).due, details.overdue_rhythms(user_id=1).due) == (21, 0)
    assert statements(store, details.overdue_rhythms) == few


# Recommendations


def test_recommendations_stand_with_what_became_of_them_and_the_best_recommender_first(store: Store) -> None:
    company, leads = _company(store), Leads(store)
    by_firm, by_mara = Recommender("company", company), Recommender("person", "Mara Korn")
    won = leads.create(
        Status.ACTIVE, title="Gewonnen", source="Empfehlung", recommender=by_mara, amount=Money.of(900, "EUR")
    )
    leads.close([won], Status.WON)
    lost = leads.create(Status.ACTIVE, title="Verloren", source="Empfehlung", recommender=by_mara)
    leads.close([lost], Status.LOST)
    leads.create(Status.ACTIVE, title="Offen", source="Empfehlung", recommender=by_firm, amount=Money.of(5, "EUR"))
    detail = RecordDetails(store).person(2)
    assert [lead.title for lead in detail.recommended] == ["Verloren", "Gewonnen"]
    assert detail.recommendations == Recommendations(2, 1, 90_000)
    assert RecordDetails(store).company(company).recommendations == Recommendations(1, 0, 0, 500)
    best = Recommenders(store).best()
    assert [(row.entity, row.name, row.what) for row in best] == [
        ("person", "Mara Korn", Recommendations(2, 1, 90_000)),
        ("company", "Sonnenkorn", Recommendations(1, 0, 0, 500)),
    ]  # fmt: skip
    leads.delete([won])
    assert Recommenders(store).best()[0].name == "Sonnenkorn"  # one each, but of this one something may come
    assert rows(store, "SELECT count(*) FROM lead")[0][0] == 2
