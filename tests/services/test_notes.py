"""Notes, calls and meetings: what they take, what they refuse, and the way back of every verb."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.models.store import Store
from app.services.check import check
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.mail_files import MailFiles
from app.services.notes import MOST_MINUTES, NoteKind, Notes
from app.services.owners import Owner
from app.services.people import People
from tests.services.mail_samples import mail, person
from tests.services.seen import everything, steps, value, values
from tests.stores import add_company, add_lead


@pytest.fixture
def lead(store: Store) -> Owner:
    return Owner("lead", add_lead(store, "Relaunch"))


@pytest.fixture
def eva(store: Store) -> int:
    return person(store, "Eva Groß")


def test_a_call_with_all_that_can_be_said_of_it(store: Store, lead: Owner, eva: int) -> None:
    at = store.clock.now() - timedelta(days=2)
    (note,) = Notes(store).write("call", lead, "**ja**", markdown=True, people=[eva, eva], minutes=25, at=at)
    row = values(store, "SELECT kind, text, markdown, minutes, user_id, lead_id, company_id FROM note")
    assert row == [("call", "**ja**", 1, 25, 1, lead.id, None)]
    assert values(store, "SELECT note_id, person_id FROM note_person") == [(note, eva)]
    assert "ja" in value(store, f"SELECT folded FROM search_doc WHERE entity = 'note' AND row_id = {note}")


def test_one_note_on_several_records_is_one_step(store: Store, lead: Owner, eva: int) -> None:
    company = Owner("company", add_company(store, "Stadtwerke"))
    before = steps(store)
    assert len(Notes(store).write("note", [lead, company, Owner("person", eva), lead], "Messe")) == 3
    assert steps(store) == before + 1
    store.undo()
    assert value(store, "SELECT count(*) FROM note") == 0


def test_who_took_part_and_is_in_the_trash_still_did(store: Store, lead: Owner, eva: int) -> None:
    """Whoever edits the note does not see that one to say that he stays."""
    notes, people = Notes(store), People(store)
    ben = people.create(name="Ben")
    (note,) = notes.write("call", lead, "Gesprochen", people=[eva, ben])
    people.delete([ben])
    notes.edit(note, people=[])
    people.restore([ben])
    assert values(store, "SELECT person_id FROM note_person") == [(ben,)]
    notes.edit(note, people=[])
    assert values(store, "SELECT person_id FROM note_person") == []


def test_a_lead_is_touched_by_a_note(store: Store, lead: Owner, clock: FixedClock) -> None:
    clock.instant += timedelta(days=3)
    Leads(store).note([lead.id], "x")
    from app.core.calendar import day_number

    assert value(store, "SELECT last_touch_on FROM lead") == day_number(store.today())


@pytest.mark.parametrize(
    ("kind", "words", "extra", "field"),
    [
        ("note", " \n\t", {}, "note"),
        ("note", "x" * 1_000_001, {}, "note"),
        ("call", "", {"minutes": -1}, "minutes"),
        ("call", "", {"minutes": MOST_MINUTES + 1}, "minutes"),
        ("meeting", "", {"days": 60 * 365}, "at"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, lead: Owner, kind: NoteKind, words: str, extra: dict[str, int], field: str
) -> None:
    at = store.clock.now() + timedelta(days=extra["days"]) if "days" in extra else None
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        Notes(store).write(kind, lead, words, minutes=extra.get("minutes"), at=at)
    assert refused.value.field == field
    assert everything(store) == before


@pytest.mark.parametrize("kind", ["lead", "company", "person"])
def test_on_what_is_gone_nothing_is_written(store: Store, lead: Owner, kind: str) -> None:
    Leads(store).delete([lead.id])
    before = everything(store)
    for owner in (lead, Owner(kind, 99)):  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            Notes(store).write("note", owner, "x")
        with pytest.raises(NotFound):
            Files(store).attach(owner, [Upload("a", b"x")])
    with pytest.raises(NotFound):
        Notes(store).write("call", Owner("lead", add_lead(store, "B")), "", people=[99])
    assert value(store, "SELECT count(*) FROM note") == 0
    assert everything(store)["attachment"] == before["attachment"]


def test_a_mail_stays_one(store: Store, lead: Owner) -> None:
    (note,) = MailFiles(store).put(mail(), lead).note_ids
    with pytest.raises(InvalidInput):
        Notes(store).edit(note, kind="call")
    Notes(store).edit(note, text="Antwort steht aus")
    assert value(store, "SELECT text FROM note") == "Antwort steht aus"


def test_what_is_in_the_trash_is_not_changed(store: Store, lead: Owner) -> None:
    notes, files = Notes(store), Files(store)
    ids = notes.write("note", lead, "x")
    file = files.attach(lead, [Upload("a", b"x")])
    notes.delete(ids)
    files.delete(file)
    changes: list[Callable[[], object]] = [
        lambda: notes.edit(ids[0], text="y"), lambda: notes.pin(ids), lambda: notes.delete(ids),
        lambda: files.rename(file[0], "b"), lambda: files.pin(file), lambda: files.delete(file),
        lambda: files.bytes_of(file[0]),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(NotFound):
            change()
    notes.restore(ids)
    files.restore(file)
    with pytest.raises(NotFound):
        notes.restore(ids)
    with pytest.raises(NotFound):
        files.restore(file)


def test_every_verb_goes_back_and_forth(store: Store, clock: FixedClock, lead: Owner, eva: int) -> None:
    notes, files, mails = Notes(store), Files(store), MailFiles(store)
    (note,) = notes.write("note", lead, "eins")
    (file,) = files.attach(lead, [Upload("a.txt", b"x")])
    company = Owner("company", add_company(store, "Stadtwerke"))
    verbs: list[Callable[[], object]] = [
        lambda: notes.write("meeting", company, "zwei", people=[eva], minutes=5),
        lambda: notes.edit(note, text="drei", kind="call", people=[eva], minutes=3, at=clock.instant, markdown=True),
        lambda: notes.edit(note, people=[]),
        lambda: notes.pin([note]), lambda: notes.unpin([note]), lambda: notes.delete([note]),
        lambda: notes.restore([note]), lambda: files.attach(company, [Upload("b.txt", b"y"), Upload("c", b"")]),
        lambda: files.rename(file, "neu.pdf"), lambda: files.pin([file]), lambda: files.unpin([file]),
        lambda: files.delete([file]), lambda: files.restore([file]),
        lambda: mails.put(mail(attached=[("plan.txt", b"abc")]), [lead, company]),
        lambda: mails.create_sender(1),
    ]  # fmt: skip
    for verb in verbs:
        clock.instant += timedelta(minutes=2)
        before, count = everything(store), steps(store)
        verb()
        after = everything(store)
        assert after != before
        assert steps(store) == count + 1, "a verb is one step"
        store.undo()
        assert everything(store) == before
        store.redo()
        assert everything(store) == after
        assert check(store).problems == ()
