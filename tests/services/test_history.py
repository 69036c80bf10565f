"""What happened to a lead, in plain words of both languages, under the names of then."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from app.core import i18n
from app.core.clock import FixedClock
from app.core.format import Formats
from app.core.money import Money
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.history import History
from app.services.leads import Leads, NextStep
from app.services.rates import Rates
from app.services.stages import Stages
from tests.services.importing.files import import_text
from tests.services.seen import statements
from tests.stores import TODAY, add_lead, add_member, month

DAY = timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


def words(store: Store, lead_id: int = 1) -> list[str]:
    """The events of a lead, the oldest first."""
    return [str(event.words) for event in reversed(History(store).of_lead(lead_id))]


def _life(store: Store, clock: FixedClock) -> None:
    leads = Leads(store)
    leads.create(title="Relaunch", amount=Money.of(48_000, "EUR"))
    verbs: tuple[Callable[[], object], ...] = (
        lambda: leads.activate([1], on=TODAY),
        lambda: leads.set_next_step([1], NextStep(TODAY + DAY, "Anrufen")),
        lambda: leads.set_next_step([1], NextStep(TODAY + 2 * DAY, "Anrufen")),
        lambda: leads.finish_step([1]),
        lambda: leads.move([1], 3),
        lambda: leads.edit([1], amount=Money.of(50_000, "EUR")),
        lambda: leads.edit([1], probability=65),
        lambda: leads.edit([1], budget=Budget.MONTHLY, period=(month("2027-01"), month("2027-04"))),
        lambda: leads.edit([1], company="Metzgerei Eckhof"),
        lambda: leads.edit([1], info="Neu"),
        lambda: leads.tag([1], add=["Web"]),
        lambda: leads.note([1], "Telefonat: {Budget} bestätigt"),
        lambda: leads.close([1], Status.LOST, on=TODAY, reason="Zu teuer", remark="Andere sind billiger"),
        lambda: leads.delete([1]),
        lambda: leads.restore([1]),
    )
    for verb in verbs:
        clock.instant += timedelta(minutes=1)
        verb()


ENGLISH = [
    ["Lead created"],
    ["Status Contact potential → Active", "Stage: Erstkontakt", "Active since: 2026-11-24"],
    ["Next step 2026-11-25: Anrufen"],
    ["Next step moved from 2026-11-25 to 2026-11-26"],
    ["Step “Anrufen” finished"],
    ["Stage Erstkontakt → Angebot"],
    ["Volume Money(minor=4800000, currency='EUR') → Money(minor=5000000, currency='EUR')"],
    ["Probability: Percent(halves=65)"],
    ["Budget kind one-off → monthly", "Service period from: 2027-01-01", "Service period to: 2027-04-30"],
    ["Company: Metzgerei Eckhof"],
    ["Info changed"],
    ["Tag “Web” added"],
    ["Telefonat: {Budget} bestätigt"],
    ["Status Active → Lost", "Closed on: 2026-11-24", "Reason: Zu teuer", "Remark: Andere sind billiger"],
    ["Deleted"],
    ["Restored"],
]


def test_every_kind_of_change_in_words(store: Store, clock: FixedClock) -> None:
    _life(store, clock)
    found = History(store).of_lead(1)
    by_step: dict[int, set[str]] = {}
    for event in reversed(found):
        by_step.setdefault(event.change_set_id, set()).add(str(event.words))
    assert list(by_step.values()) == [set(lines) for lines in ENGLISH]
    assert {event.actor for event in found} == {"Anna Kern"}
    assert [event.at for event in found] == sorted((event.at for event in found), reverse=True)
    assert {event.kind for event in found} == {"note", "stage", "status", "step", "change"}


GERMAN = {
    "Lead created": "Lead angelegt",
    "Status": "Status",
    "Contact potential": "Kontaktpotenzial",
    "Active": "Aktiv",
    "Lost": "Verloren",
    "Stage": "Stufe",
    "Volume": "Leadvolumen",
    "Probability": "Wahrscheinlichkeit",
    "Active since": "Aktiv seit",
    "Next step {day}: {words}": "Nächster Schritt {day}: {words}",
    "{field} {old} → {new}": "{field} {old} → {new}",
    "{field}: {new}": "{field}: {new}",
}


@pytest.fixture
def german(tmp_path: Path) -> None:
    """A small German catalogue, in use."""
    catalogue = Catalog(locale="de")
    for english, words in GERMAN.items():
        catalogue.add(english, words)
    folder = tmp_path / "i18n" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "trichter.mo").open("wb") as file:
        write_mo(file, catalogue)
    i18n.use("de", tmp_path / "i18n", Formats("de", "DE").show)


def test_the_same_history_in_german(store: Store, clock: FixedClock, german: None) -> None:
    _life(store, clock)
    found = {text.replace("\u00a0", " ") for text in words(store)}
    assert found >= {
        "Lead angelegt", "Status Kontaktpotenzial → Aktiv", "Stufe: Erstkontakt", "Stufe Erstkontakt → Angebot",
        "Leadvolumen 48.000 € → 50.000 €", "Wahrscheinlichkeit: 32,5 %", "Status Aktiv → Verloren",
        "Nächster Schritt 25.11.2026: Anrufen", "Aktiv seit: 24.11.2026", "Telefonat: {Budget} bestätigt",
    }  # fmt: skip


def test_a_stage_goes_under_the_name_it_had(store: Store, leads: Leads) -> None:
    stages = Stages(store)
    add_lead(store)
    leads.move([1], 3)
    stages.edit(3, name="Offerte")
    leads.move([1], 4)
    stages.edit(3, name="Kostenvoranschlag")
    leads.move([1], 3)
    store.undo()
    store.undo()  # the second renaming
    leads.move([1], 2)
    leads.move([1], 3)
    stages.delete(3, 1)
    assert words(store)[2:] == [
        "Stage Erstkontakt → Angebot", "Stage Offerte → Verhandlungen", "Stage Verhandlungen → Vorstellung",
        "Stage Vorstellung → Offerte", "Stage Offerte → Erstkontakt",
    ]  # fmt: skip


def test_while_a_renaming_was_to_be_undone_its_name_held(store: Store, leads: Leads) -> None:
    catalogue = Catalogue(store)
    add_lead(store)
    other = add_member(store, "Lukas Maurer", "LM")
    catalogue.create("source", "Messe")
    catalogue.rename("source", 1, "Fachmesse")
    store.actor_id = other
    leads.edit([1], source="Fachmesse")
    store.actor_id = 1
    store.undo()
    assert words(store)[-1] == "Source: Fachmesse"
    store.redo()
    catalogue.rename("source", 1, "Kongress")
    assert words(store)[-1] == "Source: Fachmesse"
    assert History(store).of_lead(1)[0].actor == "Lukas Maurer"


def test_what_was_undone_is_not_shown_and_what_came_back_is(store: Store, leads: Leads) -> None:
    add_lead(store)
    leads.note([1], "Erste")
    leads.note([1], "Zweite")
    before = words(store)
    store.undo()
    assert words(store) == before[:-1]
    store.redo()
    assert words(store) == before
    store.undo()
    leads.note([1], "Dritte")
    assert words(store) == [*before[:-1], "Dritte"]


def test_amounts_are_told_in_the_currency_of_then(store: Store, leads: Leads) -> None:
    leads.create(title="x", amount=Money(100, "EUR"))
    for amount in (Money(200, "EUR"), Money(200, "CHF"), Money(300, "CHF")):
        leads.edit([1], amount=amount)
    changes = [event.words.args for event in reversed(History(store).of_lead(1)) if event.kind == "change"]
    assert [(args["old"], args["new"]) for args in changes] == [
        (Money(100, "EUR"), Money(200, "EUR")), (Money(200, "EUR"), Money(200, "CHF")),
        (Money(200, "CHF"), Money(300, "CHF")),
    ]  # fmt: skip


def test_only_the_latest_on_request_and_nothing_of_others(store: Store, leads: Leads) -> None:
    add_lead(store)
    add_lead(store, "Anderer")
    for number in range(6):
        leads.note([1], f"Notiz {number}")
    leads.note([2], "Fremde Notiz")
    assert [str(event.words) for event in History(store).of_lead(1, limit=2)] == ["Notiz 5", "Notiz 4"]
    assert History(store).of_lead(99) == []
    leads.delete([1])
    assert History(store).of_lead(1) == []


CHANGED = (
    "Externe Nummer;Name;Status;Akquise-Stufe;Volumen;Nächster Schritt am;Schlagworte\n"
    "N1;Relaunch;Aktiv;Angebot;250;2026-12-01;Web\n"
)


def test_what_an_import_changed_is_told_like_any_change(store: Store, leads: Leads, tmp_path: Path) -> None:
    leads.create(Status.ACTIVE, title="Relaunch", amount=Money.of(100, "EUR"), external_number="N1")
    leads.set_next_step([1], NextStep(TODAY))
    before = words(store)
    import_text(store, tmp_path, CHANGED)
    leads.edit([1], amount=Money.of(300, "EUR"))
    leads.tag([1], remove=["Web"])

    since = [str(event.words) for event in History(store).of_lead(1)][: -len(before)]
    assert sorted(since[2:-1]) == [
        "Next step moved from 2026-11-24 to 2026-12-01", "Stage Erstkontakt → Angebot", "Tag “Web” added",
        "Volume Money(minor=10000, currency='EUR') → Money(minor=25000, currency='EUR')",
    ]  # fmt: skip
    assert since[:2] == [
        "Tag “Web” removed", "Volume Money(minor=25000, currency='EUR') → Money(minor=30000, currency='EUR')",
    ]  # fmt: skip
    assert since[-1] == "Imported from “leads.csv”"
    (moved,) = [event for event in History(store).of_lead(1) if str(event.words).startswith("Stage Erst")]
    assert (moved.kind, moved.actor, moved.at) == ("stage", "Anna Kern", store.clock.now())


def test_an_import_that_was_taken_back_is_not_told(store: Store, leads: Leads, tmp_path: Path) -> None:
    leads.create(Status.ACTIVE, title="Relaunch", external_number="N1")
    before = words(store)
    import_text(store, tmp_path, CHANGED)
    after = words(store)
    store.undo()
    assert words(store) == before
    store.redo()
    assert words(store) == after


def test_as_many_statements_however_much_there_is(store: Store, clock: FixedClock, leads: Leads) -> None:
    add_lead(store)
    few = statements(store, lambda: History(store).of_lead(1))
    for number in range(30):
        leads.edit([1], company=f"Firma {number}", source=f"Quelle {number}", user_id=None if number % 2 else 1)
        leads.note([1], f"Notiz {number}")
        Catalogue(store).rename("source", 1, f"Umbenannt {number}")
    assert statements(store, lambda: History(store).of_lead(1)) == few <= 8


def test_what_comes_next_in_either_direction(store: Store, leads: Leads) -> None:
    history = History(store)
    store.close_undo_horizon()
    assert (history.next_undo(), history.undo(), history.next_redo(), history.redo()) == (None, None, None, None)
    leads.create(title="Relaunch")
    leads.note([1], "x")
    assert (str(history.next_undo()), history.next_redo()) == ("Note on “Relaunch”", None)
    assert history.undo() is not None
    assert (str(history.next_undo()), str(history.next_redo())) == ("Idea “Relaunch” created", "Note on “Relaunch”")
    assert history.redo() is not None
    store.close_undo_horizon()
    assert history.undo() is None
    leads.note([1], "y")
    assert str(history.next_undo()) == "Note on “Relaunch”"
    store.close_undo_horizon(datetime(2020, 1, 1, tzinfo=store.zone))  # the horizon never moves back
    assert history.undo() is not None
    assert history.undo() is None


def test_rates_and_dates_do_not_hurt(store: Store, leads: Leads) -> None:
    Rates(store).set("CHF", date(2020, 1, 1), "1")
    leads.create(Status.ACTIVE, title="x", activated_on=date.min)
    leads.edit([1], user_id=None)
    leads.edit([1], external_number="7")
    assert words(store)[-2:] == ["Responsible removed (was Anna Kern)", "External number: 7"]
