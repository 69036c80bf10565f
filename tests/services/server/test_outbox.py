"""What is noted while the server is away: kept here, entered once when it is back, and never lost."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.errors import InvalidInput, NotAllowed, NotFound, Unreachable
from app.core.roles import Role
from app.models.server.founding import begin_copies_anew
from app.models.server.people import set_role
from app.models.store import Store
from app.services.lead_fields import NextStep
from app.services.leads import Leads
from app.services.outbox import Deed, Outbox, Sent, finished, next_step, note
from app.services.owners import Owner
from app.services.teamwork import Membership, open_team, renew
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.models.server.test_long_day import _dropped
from tests.stores import add_company, add_lead, add_person

MONDAY = date(2026, 11, 30)


@pytest.fixture
def place(office: Office, tmp_path: Path) -> tuple[Path, Membership]:
    """Where Anna's replica lies, and how she reaches the team."""
    mine = Membership(office.address(office.admit("Anna", Role.OWNER, 1)))
    return mine.folder(tmp_path), mine


@pytest.fixture
def anna(office: Office, place: tuple[Path, Membership]) -> Iterator[Store]:
    with closing(_enter(place, office)) as store:
        yield store


@pytest.fixture
def ben(office: Office) -> Iterator[Store]:
    """Somebody else of the team, with full access."""
    with closing(office.replica(office.admit("Ben", Role.FULL))) as store:
        yield store


@pytest.fixture
def lead(anna: Store, ben: Store) -> int:
    """One that both know."""
    found = add_lead(anna, "Relaunch")
    Leads(anna).set_next_step([found], NextStep(MONDAY, "Anrufen"))
    ben.watch()
    ben.follow()
    return found


def _enter(place: tuple[Path, Membership], office: Office) -> Store:
    folder, mine = place
    return open_team(folder, mine, origin="test", clock=office.clock)


def _away(store: Store, office: Office) -> None:
    """The server goes, and it is noticed."""
    office.shut()
    with suppress(Unreachable):
        store.follow()
    assert store.away


def _back(store: Store, office: Office) -> None:
    office.reopen()
    store.ask_now()
    store.watch()
    assert not store.away


def _notes(office: Office) -> list[str]:
    with office.server.connect() as admin:
        return [row[0] for row in admin.execute("SELECT text FROM team.note WHERE deleted_at IS NULL ORDER BY id")]


def _on(lead: int) -> Owner:
    return Owner("lead", lead)


def test_with_the_server_there_nothing_waits(anna: Store, office: Office, lead: int) -> None:
    box = Outbox(anna)
    assert box.do(note(_on(lead), "note", "Sofort")) == []
    assert box.do(next_step("lead", [lead], NextStep(MONDAY, "Treffen"))) == []
    assert box.do(finished("lead", [lead])) == []
    assert box.waiting() == []
    assert _notes(office) == ["Sofort"]


def test_data_of_this_device_know_no_waiting(store: Store) -> None:
    lead = add_lead(store, "Relaunch")
    assert Outbox(store).do(note(_on(lead), "note", "Sofort")) == []
    assert Outbox(store).waiting() == []


def test_what_was_noted_on_the_road_is_entered_in_order(anna: Store, ben: Store, office: Office, lead: int) -> None:
    box, noted = Outbox(anna), office.clock.now()
    company, person = add_company(anna, "Kern AG"), add_person(anna, "Eva Zander")
    before = of_replica(anna, derived=True)
    _away(anna, office)
    assert len(box.do(note(_on(lead), "call", "Ruft zurück", minutes=5))) == 1
    box.do(finished("lead", [lead], NextStep(MONDAY, "Angebot")))
    box.do(note(Owner("person", person), "note", "**Mag** Tee", markdown=True))
    box.do(next_step("company", [company], NextStep(MONDAY, "Besuch", 600)))
    assert [str(each.about) for each in box.waiting()] == ["Call", "Step finished", "Note", "Next step: 2026-11-30"]
    assert [each.words for each in box.waiting()] == ["Ruft zurück", "Angebot", "**Mag** Tee", "Besuch"]
    assert [each.titles for each in box.waiting(_on(lead))] == [("Relaunch",), ("Relaunch",)]
    assert of_replica(anna, derived=True) == before
    office.clock.instant += timedelta(hours=7)
    _back(anna, office)
    assert box.send() == Sent(4, 0)
    assert box.waiting() == []
    assert _notes(office) == ["Ruft zurück", "**Mag** Tee"]
    with office.server.connect() as admin:
        assert admin.execute("SELECT min(at), max(at) FROM team.note").fetchone() == (noted, noted)
        done = admin.execute("SELECT text, done_at FROM team.step WHERE done_at IS NOT NULL").fetchall()
        assert done == [("Anrufen", noted)]
    assert_alike(of_server(office.server), of_replica(anna))
    ben.follow()
    assert_alike(of_server(office.server), of_replica(ben))


def test_it_waits_through_a_restart_and_a_fetch_of_all_anew(
    anna: Store, office: Office, place: tuple[Path, Membership], lead: int
) -> None:
    _away(anna, office)
    Outbox(anna).do(note(_on(lead), "note", "Unterwegs"))
    anna.close()
    with closing(_enter(place, office)) as again:
        assert again.away
        assert [each.words for each in Outbox(again).waiting()] == ["Unterwegs"]
    office.reopen()
    renew(*place)
    with closing(_enter(place, office)) as again:
        assert [each.words for each in Outbox(again).waiting()] == ["Unterwegs"]
        assert Outbox(again).send() == Sent(1, 0)
    assert _notes(office) == ["Unterwegs"]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("word", ["BEGIN", "SELECT", "UPDATE", "INSERT", "COMMIT"])
def test_wherever_the_line_breaks_it_is_entered_once(
    anna: Store, office: Office, lead: int, word: str, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the server did it and nobody heard of that."""
    box = Outbox(anna)
    with _dropped(office, word, before=before, patched=monkeypatch):
        box.do(note(_on(lead), "note", "Erste"))
    _away(anna, office)
    box.do(note(_on(lead), "note", "Zweite"))
    _back(anna, office)
    with _dropped(office, word, before=before, patched=monkeypatch), suppress(Unreachable):
        box.send()
    anna.ask_now()
    box.send()
    assert box.waiting() == []
    assert _notes(office) == ["Erste", "Zweite"]
    assert_alike(of_server(office.server), of_replica(anna))


def test_two_programs_that_send_at_once_enter_it_once(
    anna: Store, office: Office, place: tuple[Path, Membership], lead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _away(anna, office)
    Outbox(anna).do(note(_on(lead), "note", "Unterwegs"))
    _back(anna, office)
    with closing(_enter(place, office)) as other:
        looked = Outbox._is_entered
        answers = iter([False])

        def look(box: Outbox, uid: str) -> bool:
            """The other one was quicker, just after this one had looked."""
            first = next(answers, None)
            if first is not None:
                assert Outbox(other).send() == Sent(1, 0)
                return first
            return looked(box, uid)

        monkeypatch.setattr(Outbox, "_is_entered", look)
        assert Outbox(anna).send() == Sent(1, 0)
    assert _notes(office) == ["Unterwegs"]
    assert Outbox(anna).waiting() == []


def test_what_is_refused_stays_with_the_reason(anna: Store, ben: Store, office: Office, lead: int) -> None:
    other, box = add_lead(anna, "Anderes"), Outbox(anna)
    ben.follow()
    _cut_off(anna, office)
    box.do(note(_on(lead), "note", "Zu spät"))
    box.do(note(_on(other), "note", "Rechtzeitig"))
    Leads(ben).delete([lead])
    _back(anna, office)
    assert box.send() == Sent(1, 1)
    assert _notes(office) == ["Rechtzeitig"]
    (left,) = box.waiting()
    assert (left.words, str(left.refused)) == ("Zu spät", "A lead has been deleted in the meantime.")
    assert box.send() == Sent(0, 0), "it was told, and is not tried again by itself"
    assert box.send(again=True) == Sent(0, 1)
    ben.undo()
    assert box.send(again=True) == Sent(1, 0)
    assert _notes(office) == ["Rechtzeitig", "Zu spät"]


def test_a_step_that_somebody_finished_meanwhile_is_not_another_one(
    anna: Store, ben: Store, office: Office, lead: int
) -> None:
    box = Outbox(anna)
    _cut_off(anna, office)
    box.do(finished("lead", [lead]))
    Leads(ben).finish_step([lead], NextStep(MONDAY, "Etwas anderes"))
    _back(anna, office)
    assert box.send() == Sent(0, 1)
    assert "has no open step" in str(box.waiting()[0].refused)
    with office.server.connect() as admin:
        assert admin.execute("SELECT text FROM team.step WHERE done_at IS NULL").fetchall() == [("Etwas anderes",)]


def test_of_several_steps_finished_while_the_line_broke_none_is_another_one(
    anna: Store, ben: Store, office: Office, lead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, box = add_lead(anna, "Anderes"), Outbox(anna)
    Leads(anna).set_next_step([other], NextStep(MONDAY, "Schreiben"))
    ben.follow()
    with _dropped(office, "COMMIT", before=True, patched=monkeypatch):
        assert len(box.do(finished("lead", [lead, other]))) == 1
    Leads(ben).finish_step([lead], NextStep(MONDAY, "Vertrag unterschreiben"))
    _back(anna, office)
    assert box.send() == Sent(0, 1)
    assert "somebody else" in str(box.waiting()[0].refused)
    with office.server.connect() as admin:
        rows = admin.execute("SELECT text FROM team.step WHERE done_at IS NULL ORDER BY id").fetchall()
    assert rows == [("Schreiben",), ("Vertrag unterschreiben",)]


def test_after_the_server_was_brought_back_from_a_backup_it_is_looked_at_first(
    anna: Store, office: Office, place: tuple[Path, Membership], lead: int
) -> None:
    _away(anna, office)
    Outbox(anna).do(note(_on(lead), "note", "Unterwegs"))
    anna.close()
    office.reopen()
    with office.server.connect() as admin:
        begin_copies_anew(admin)
    with closing(_enter(place, office)) as again:
        (entry,) = Outbox(again).waiting()
        assert entry.words == "Unterwegs"
        assert "brought back from a backup" in str(entry.refused)
        assert Outbox(again).send() == Sent(0, 0)
        assert Outbox(again).send(again=True) == Sent(1, 0)  # somebody has looked, and tries it


def test_an_entry_of_another_version_keeps_nobody_else_waiting(anna: Store, office: Office, lead: int) -> None:
    _away(anna, office)
    with anna.maintenance(here=True) as connection:
        value = '{"at": 1, "verb": "note", "kind": "lead", "ids": [%d], "said": {"kind": "note"}, "refused": null}'
        connection.execute(
            text("INSERT INTO store_setting (key, value) VALUES (:key, :value)"),
            {"key": "team:outbox:1:0", "value": value % lead},
        )
    Outbox(anna).do(note(_on(lead), "note", "Danach"))
    _back(anna, office)
    assert Outbox(anna).send() == Sent(1, 1)
    assert _notes(office) == ["Danach"]


def test_who_may_no_more_by_then_keeps_what_was_written(anna: Store, office: Office, lead: int) -> None:
    with closing(office.replica(office.admit("Cem", Role.FULL))) as cem:
        _away(cem, office)
        Outbox(cem).do(note(_on(lead), "note", "Von Cem"))
        office.reopen()
        with office.server.connect() as admin:
            set_role(admin, f"cem@{office.server.database}", Role.READER)
        cem.ask_now()
        cem.watch()
        assert Outbox(cem).send() == Sent(0, 1)
        assert [each.words for each in Outbox(cem).waiting()] == ["Von Cem"]
        assert _notes(office) == []


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (lambda lead: note(_on(lead), "note", "  "), InvalidInput),
        (lambda lead: note(_on(lead), "call", "", minutes=-1), InvalidInput),
        (lambda lead: note(_on(lead + 1), "note", "Nirgends"), NotFound),
        (lambda lead: next_step("lead", [lead], NextStep(MONDAY, "Um", 2000)), InvalidInput),
        (lambda lead: next_step("lead", [lead], NextStep(MONDAY, "Oft", rrule="FREQ=NIE")), InvalidInput),
    ],
    ids=["empty", "minutes", "gone", "time", "rule"],
)
def test_what_makes_no_sense_is_refused_at_once(
    anna: Store, office: Office, lead: int, deed: Callable[[int], Deed], error: type[Exception]
) -> None:
    _away(anna, office)
    before = of_replica(anna, derived=True)
    with pytest.raises(error):
        Outbox(anna).do(deed(lead))
    assert Outbox(anna).waiting() == []
    assert of_replica(anna, derived=True) == before
    office.reopen()


def test_a_step_is_finished_once(anna: Store, office: Office, lead: int) -> None:
    _away(anna, office)
    Outbox(anna).do(finished("lead", [lead]))
    with pytest.raises(InvalidInput, match="already"):
        Outbox(anna).do(finished("lead", [lead]))
    office.reopen()


def test_of_several_leads_each_waits_for_itself(anna: Store, ben: Store, office: Office, lead: int) -> None:
    other = add_lead(anna, "Anderes")
    ben.follow()
    _cut_off(anna, office)
    assert len(Outbox(anna).do(next_step("lead", [lead, other], NextStep(MONDAY, "Fragen")))) == 2
    Leads(ben).delete([other])
    _back(anna, office)
    assert Outbox(anna).send() == Sent(1, 1)


def test_who_only_reads_keeps_nothing(office: Office, lead: int) -> None:
    with closing(office.replica(office.admit("Jana", Role.READER))) as jana:
        _away(jana, office)
        with pytest.raises(NotAllowed):
            Outbox(jana).do(note(_on(lead), "note", "Von Jana"))
        office.reopen()


def test_what_waits_can_be_let_go(anna: Store, office: Office, lead: int) -> None:
    _away(anna, office)
    box = Outbox(anna)
    for words in ("Bleibt", "Geht"):
        box.do(note(_on(lead), "note", words))
    box.discard(box.waiting()[1].uid)
    box.discard("gibt es nicht")
    _back(anna, office)
    assert box.send() == Sent(1, 0)
    assert _notes(office) == ["Bleibt"]


def test_what_makes_no_sense_in_the_file_is_passed_over(anna: Store, office: Office, lead: int) -> None:
    _away(anna, office)
    Outbox(anna).do(note(_on(lead), "note", "Bleibt"))
    with anna.maintenance(here=True) as connection:
        for number, value in enumerate(("", "[]", "{}", '{"verb": 1}', "nichts")):
            connection.execute(
                text("INSERT INTO store_setting (key, value) VALUES (:key, :value)"),
                {"key": f"team:outbox:1:{number}", "value": value},
            )
    assert [each.words for each in Outbox(anna).waiting()] == ["Bleibt"]
    office.reopen()


def test_each_of_one_device_has_an_own_one(anna: Store, office: Office, lead: int) -> None:
    _away(anna, office)
    Outbox(anna).do(note(_on(lead), "note", "Von Anna"))
    anna.actor_id = 2
    assert Outbox(anna).waiting() == []
    anna.actor_id = 1
    office.reopen()


def _cut_off(store: Store, office: Office) -> None:
    """For this one alone the server is away: what others of the team do goes on."""
    _away(store, office)
    office.reopen()
