"""Notes, files and mails in the trash: thirty days they can come back, then they and their bytes are gone."""

from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.models.store import Store
from app.services.check import check
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.mail_files import MailFiles
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.trash import Trash
from tests.services.mail_samples import mail, person
from tests.services.seen import everything, value
from tests.stores import add_lead

_KEPT = ("note", "note_person", "attachment", "mail", "content", "chunk")


def left(store: Store) -> dict[str, int]:
    """How many rows there are of what can go."""
    return {table: value(store, f"SELECT count(*) FROM {table}") for table in _KEPT}


@pytest.fixture
def lead(store: Store) -> Owner:
    return Owner("lead", add_lead(store, "Relaunch"))


def test_after_thirty_days_nothing_of_them_is_left(store: Store, clock: FixedClock, lead: Owner) -> None:
    eva = person(store, "Eva Groß", "eva@firma.example")
    notes, files = Notes(store), Files(store)
    ids = notes.write("call", lead, "weg", people=[eva])
    stays = notes.write("note", lead, "bleibt")
    file = files.attach(lead, [Upload("weg.pdf", b"weg"), Upload("bleibt.pdf", b"bleibt")])
    placed = MailFiles(store).put(mail(attached=[("a.txt", b"a"), ("b.txt", b"b")]), lead)
    notes.delete([*ids, *placed.note_ids])
    files.delete(file[:1])
    clock.instant += timedelta(days=29)
    before = everything(store)
    Trash(store).purge()
    assert everything(store) == before
    clock.instant += timedelta(days=2)
    Trash(store).purge()
    assert left(store) == {"note": 1, "note_person": 0, "attachment": 1, "mail": 0, "content": 1, "chunk": 1}
    assert value(store, "SELECT id FROM note") == stays[0]
    assert check(store).problems == ()
    assert store.undo() is None


def test_a_mail_goes_with_its_last_note(store: Store, clock: FixedClock, lead: Owner) -> None:
    other = Owner("lead", add_lead(store, "Andere"))
    mails = MailFiles(store)
    mails.put(mail(attached=[("a.txt", b"a")]), [lead, other])
    Leads(store).delete([lead.id])
    clock.instant += timedelta(days=31)
    assert Trash(store).purge() == 1
    assert (left(store)["mail"], left(store)["note"], left(store)["attachment"]) == (1, 1, 1)
    Leads(store).delete([other.id])
    clock.instant += timedelta(days=31)
    assert Trash(store).purge() == 1
    assert set(left(store).values()) == {0}
    assert check(store).problems == ()
    assert len(mails.put(mail(), Owner("lead", add_lead(store, "Neu"))).note_ids) == 1
