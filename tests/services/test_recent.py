"""What has happened since yesterday, in kinds and words."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.bootstrap import speak
from app.core.clock import FixedClock
from app.core.money import Money
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.leads import Ending, Leads, NextStep
from app.services.recent import News, Recent, yesterday
from tests.services.importing.files import import_text
from tests.services.seen import statements
from tests.stores import TODAY, ZONE, add_lead, add_member

DAY = timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@pytest.fixture(autouse=True)
def british() -> None:
    """Amounts as they are written in Britain."""
    speak("en", "GB")


def _told(store: Store, user: int | None = None) -> list[tuple[News, str, str]]:
    return [(each.news, each.title, str(each.words or "")) for each in Recent(store).since(TODAY, user)]


def _before(store: Store, clock: FixedClock, title: str = "Relaunch", status: Status = Status.ACTIVE) -> int:
    """A lead that was there long before."""
    now, clock.instant = clock.instant, FixedClock.at(TODAY - 30 * DAY, ZONE).instant
    lead = add_lead(store, title, status=status, amount=1_000)
    clock.instant = now
    return lead


KINDS: list[tuple[Status, Callable[[Leads, int], object], News | None, str]] = [
    (Status.ACTIVE, lambda v, lead: v.close([lead], Status.WON), News.WON, ""),
    (Status.ACTIVE, lambda v, lead: v.close([lead], Status.LOST, reason="Preis"), News.LOST, ""),
    (Status.POTENTIAL, lambda v, lead: v.close([lead], Status.DROPPED), News.DROPPED, ""),
    (Status.LOST, lambda v, lead: v.reopen([lead]), News.REOPENED, ""),
    (Status.POTENTIAL, lambda v, lead: v.activate([lead]), News.NEW, ""),
    (Status.ACTIVE, lambda v, lead: v.deactivate([lead]), News.BACK, ""),
    (Status.ACTIVE, lambda v, lead: v.move([lead], 3), News.MOVED, "Erstkontakt → Angebot"),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], stage_id=2, info="x"), News.MOVED, "Erstkontakt → Vorstellung"),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], amount=Money(7_000, "EUR")), News.VALUE, "€1,000 → €70"),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], amount=Money(7_000, "CHF")), News.VALUE, "€1,000 → CHF 70"),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], probability=100), News.VALUE, ""),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], budget=Budget.MONTHLY, period=(24_323, 24_324)), News.VALUE, ""),
    (Status.ACTIVE, lambda v, lead: v.edit([lead], title="Anders", info="Neu"), None, ""),
    (Status.ACTIVE, lambda v, lead: v.set_next_step([lead], NextStep(TODAY)), None, ""),
    (Status.ACTIVE, lambda v, lead: v.note([lead], "Telefonat"), None, ""),
    (Status.ACTIVE, lambda v, lead: v.delete([lead]), None, ""),
]


@pytest.mark.parametrize(("status", "verb", "news", "words"), KINDS, ids=range(len(KINDS)))
def test_what_kind_of_news_it_is(
    store: Store, leads: Leads, clock: FixedClock, status: Status, verb: Callable[[Leads, int], object],
    news: News | None, words: str,
) -> None:  # fmt: skip
    lead = _before(store, clock, status=status)
    verb(leads, lead)
    found = Recent(store).since(TODAY)
    assert [each.news for each in found] == ([] if news is None else [news])
    if news is not None:
        assert (found[0].title, found[0].actor, found[0].initials) == ("Relaunch", "Anna Kern", "AK")
        assert (found[0].lead_ids, found[0].at) == ((lead,), clock.instant)
        assert _plain(str(found[0].words or "")) == words


def _plain(words: str) -> str:
    return words.replace(".00", "").replace("\N{NO-BREAK SPACE}", " ")


def test_new_leads_and_ideas(store: Store, leads: Leads) -> None:
    idea = leads.create(title="Idee")
    lead = leads.create(Status.ACTIVE, title="Lead")
    found = Recent(store).since(TODAY)
    assert [(each.news, each.title, each.lead_ids) for each in found] == [
        (News.NEW, "Lead", (lead,)), (News.NEW, "Idee", (idea,))
    ]  # fmt: skip


def test_a_probability_that_was_set_before(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = _before(store, clock)
    leads.edit([lead], probability=60)
    leads.edit([lead], probability=120)
    assert "30" in _told(store)[0][2]
    assert "60" in _told(store)[0][2]


def test_each_change_of_value_tells_its_own_amounts(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = _before(store, clock)
    for amount in (Money(200_000, "EUR"), Money(300_000, "CHF"), Money(400_000, "CHF")):
        leads.edit([lead], amount=amount)
    assert [_plain(words) for _, _, words in _told(store)] == [
        "CHF 3,000 → CHF 4,000", "€2,000 → CHF 3,000", "€1,000 → €2,000"
    ]  # fmt: skip


def test_a_change_of_many_values_is_gone_back_over_for_each_lead(store: Store, leads: Leads, clock: FixedClock) -> None:
    ids = [_before(store, clock, f"Lead {number}") for number in range(3)]
    for lead in ids:
        leads.edit([lead], amount=Money(200_000, "EUR"))
    leads.edit(ids, amount=Money(300_000, "CHF"))
    leads.edit([ids[-1]], amount=Money(400_000, "CHF"))
    assert [_plain(words) for _, title, words in _told(store) if title] == [
        "CHF 3,000 → CHF 4,000", *3 * ["€1,000 → €2,000"]
    ]  # fmt: skip


def test_an_amount_keeps_its_currency_whatever_changed_it_since(
    store: Store, leads: Leads, clock: FixedClock, tmp_path: Path
) -> None:
    """Told by another lead, by an import, or taken back since."""
    other, lead = _before(store, clock), _before(store, clock, "Film")
    leads.edit([lead], amount=Money(200_000, "EUR"))
    leads.edit([other, lead], amount=Money(300_000, "CHF"))
    leads.edit([lead], amount=Money(400_000, "CHF"))
    leads.edit([lead], external_number="A-7")
    import_text(store, tmp_path, "Nummer;Name;Volumen\nA-7;Film;500 USD\n")
    leads.edit([lead], amount=Money(600_000, "USD"))
    leads.edit([lead], amount=Money(700_000, "EUR"))
    store.undo()
    assert [_plain(words) for news, _, words in _told(store) if news is News.VALUE] == [
        "US$500 → US$6,000", "CHF 3,000 → CHF 4,000", "2 leads changed: Volume", "€1,000 → €2,000"
    ]  # fmt: skip


def test_many_leads_are_one_line(store: Store, leads: Leads, clock: FixedClock) -> None:
    ids = [_before(store, clock, f"Lead {number}") for number in range(4)]
    leads.move(ids, 3)
    (found,) = Recent(store).since(TODAY)
    assert (found.news, found.title, str(found.words)) == (News.MOVED, "", "4 leads moved to Angebot")
    assert sorted(found.lead_ids) == ids
    leads.delete(ids[:3])
    (found,) = Recent(store).since(TODAY)
    assert (found.title, found.lead_ids) == ("Lead 3", (ids[3],))


def test_what_was_undone_did_not_happen(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = _before(store, clock)
    leads.close([lead], Status.WON)
    store.undo()
    assert _told(store) == []
    store.redo()
    assert [news for news, _, _ in _told(store)] == [News.WON]


def test_from_the_beginning_of_yesterday_on(store: Store, leads: Leads, clock: FixedClock) -> None:
    for days, title in ((2, "vorgestern"), (1, "gestern"), (0, "heute")):
        clock.instant = FixedClock.at(TODAY - days * DAY, ZONE).instant
        leads.create(title=title)
    assert [each.title for each in Recent(store).since(yesterday(TODAY))] == ["heute", "gestern"]


def test_of_one_persons_leads_whoever_did_it(store: Store, leads: Leads) -> None:
    other = add_member(store, "Lukas Maurer", "LM")
    mine, theirs = (leads.create(title=title, user_id=user) for title, user in (("meiner", 1), ("anderer", other)))
    store.actor_id = other
    leads.close([mine], Status.LOST)
    told = [(each.title, each.initials) for each in Recent(store).since(TODAY, 1)]
    assert told == [("meiner", "LM"), ("meiner", "AK")]
    assert [each.lead_ids for each in Recent(store).since(TODAY, other)] == [(theirs,)]


def test_finishing_the_last_step_by_closing_is_a_close(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = _before(store, clock)
    leads.set_next_step([lead], NextStep(TODAY))
    leads.finish_step([lead], Ending(Status.WON))
    assert [news for news, _, _ in _told(store)] == [News.WON]


def test_an_import_is_one_line(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Status\nEins;aktiv\nZwei;aktiv\n")
    (found,) = Recent(store).since(TODAY)
    assert (found.news, found.title, found.lead_ids) == (News.IMPORTED, "", ())
    assert "2" in str(found.words)
    assert Recent(store).since(TODAY, 1) == []


def test_the_newest_and_no_more_than_wanted_in_as_many_statements(store: Store, leads: Leads) -> None:
    leads.create(title="0")
    few = statements(store, lambda: Recent(store).since(TODAY))
    for number in range(1, 12):
        leads.create(title=str(number))
    assert [each.title for each in Recent(store).since(TODAY, limit=2)] == ["11", "10"]
    assert statements(store, lambda: Recent(store).since(TODAY)) == few
