"""E-mails that are put on records: once each, with their people and files."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.core.errors import Cancelled, InvalidInput, NotFound
from app.models.store import Store
from app.services.check import check
from app.services.files import Files
from app.services.mail_files import MailFiles
from app.services.mails.terms import Address
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.timeline import Entry, Timelines
from app.services.timeline_entry import WRITTEN
from tests.real_data import FOLDER, needs_real_data
from tests.services.mail_samples import mail, person
from tests.services.seen import everything, value, values
from tests.stores import add_company, add_lead


@pytest.fixture
def lead(store: Store) -> Owner:
    return Owner("lead", add_lead(store, "Relaunch"))


def test_a_mail_comes_with_its_files_and_as_it_was(store: Store, lead: Owner, tmp_path: Path) -> None:
    source = tmp_path / "nachfrage.eml"
    source.write_bytes(mail(attached=[("plan.txt", b"abc"), ("../../böse.txt", b"abc")]))
    placed = MailFiles(store).put(source, lead)
    assert (placed.subject, placed.already, placed.sender) == (
        "Nachfrage",
        (),
        Address("Eva Groß", "Eva@Firma.example"),
    )
    (row,) = values(store, "SELECT kind, at, lead_id FROM note")
    assert row == ("mail", value(store, "SELECT sent_at FROM mail"), lead.id)
    names = values(store, "SELECT name, mail_id, content_id FROM attachment ORDER BY id")
    assert names == [("plan.txt", 1, 2), ("böse.txt", 1, 2)]
    whole = MailFiles(store).read(placed.mail_id)
    assert whole.text.strip() == "Können Sie den Preis halten?"
    assert b"".join(part.data for part in whole.attachments).replace(b"\r\n", b"") == b"abcabc"


def test_once_on_a_record_and_once_in_the_store(store: Store, lead: Owner) -> None:
    mails, company = MailFiles(store), Owner("company", add_company(store, "Stadtwerke"))
    mails.put(mail(), lead)
    before = everything(store)
    again = mails.put(mail(), lead)
    assert (again.note_ids, again.already) == ((), (lead,))
    assert "is here already" in str(again.words)
    assert everything(store) == before
    placed = mails.put(mail(), [lead, company])
    assert (len(placed.note_ids), placed.already) == (1, (lead,))
    assert value(store, "SELECT count(*) FROM mail") == 1
    mails.put(mail(identity="", text="a"), lead)
    assert mails.put(mail(identity="", text="a"), lead).note_ids == ()
    assert len(mails.put(mail(identity="", text="b"), lead).note_ids) == 1


def test_a_mail_that_is_here_is_put_on_a_second_lead_and_taken_off_one(store: Store, lead: Owner) -> None:
    mails, other = MailFiles(store), Owner("lead", add_lead(store, "Messe"))
    eva = person(store, "E. Groß", "eva@firma.example")
    placed = mails.put(mail(attached=[("plan.txt", b"abc")]), lead)
    before = everything(store)
    also = mails.put_also(placed.mail_id, [lead, other])
    assert (also.mail_id, len(also.note_ids), also.already) == (placed.mail_id, 1, (lead,))
    assert value(store, "SELECT count(*) FROM mail") == value(store, "SELECT count(*) FROM attachment") == 1
    assert values(store, "SELECT person_id FROM note_person") == [(eva,), (eva,)]
    assert [owner for _note, owner, _title in mails.stands_on(placed.mail_id)] == [lead, other]
    (entry,) = (each for each in Timelines(store).page(other).entries if each.kind == "mail")
    assert [file.name for file in entry.files] == ["plan.txt"]
    after = everything(store)
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after
    Notes(store).delete(placed.note_ids)
    assert [title for *_rest, title in mails.stands_on(placed.mail_id)] == ["Messe"]
    with pytest.raises(NotFound):
        mails.put_also(99, lead)


def test_what_was_deleted_comes_back_with_it(store: Store, lead: Owner) -> None:
    placed = MailFiles(store).put(mail(), lead)
    Notes(store).delete(placed.note_ids)
    assert MailFiles(store).put(mail(), lead).note_ids == placed.note_ids
    assert value(store, "SELECT count(*) FROM note WHERE deleted_at IS NULL") == 1


def test_people_are_known_by_their_address(store: Store, lead: Owner) -> None:
    eva, other = person(store, "E. Groß", "eva@firma.example"), person(store, "Jan", "jan@firma.example")
    person(store, "Fremd", "fremd@firma.example")
    placed = MailFiles(store).put(mail(to="jan@FIRMA.example, info@agentur.example"), lead)
    assert placed.sender is None
    assert values(store, "SELECT person_id FROM note_person ORDER BY 1") == [(eva,), (other,)]


def test_an_unknown_sender_can_be_made_known(store: Store, lead: Owner) -> None:
    mails = MailFiles(store)
    placed = mails.put(mail(), [lead, Owner("company", add_company(store, "Stadtwerke"))])
    assert mails.stranger(placed.mail_id) == placed.sender
    created = mails.create_sender(placed.mail_id)
    assert values(store, f"SELECT name FROM person WHERE id = {created}") == [("Eva Groß",)]
    assert values(store, "SELECT person_id FROM note_person") == [(created,), (created,)]
    assert mails.stranger(placed.mail_id) is None
    assert mails.put(mail(identity="2@example.com"), lead).sender is None


@pytest.mark.parametrize("data", [b"", b"\0" * 500, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3000])
def test_what_is_no_mail_is_refused(store: Store, lead: Owner, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        MailFiles(store).put(data, lead)
    assert value(store, "SELECT count(*) FROM content") == 0


def test_it_can_be_cancelled(store: Store, lead: Owner) -> None:
    with pytest.raises(Cancelled):
        MailFiles(store).put(mail(), lead, lambda: True)
    assert value(store, "SELECT count(*) FROM mail") == 0


@pytest.mark.parametrize(
    "hostile",
    [
        mail(subject="x" * 5000, identity="i" * 3000), mail(sender="=?utf-8?B?/////w==?= <a@b>", date="rubbish"),
        mail(date="Fri, 31 Dec 9999 23:59:59 +0000"), mail(sender="", to=""),
        mail(to=", ".join(f"a{n}@b.de" for n in range(900))),
        mail(attached=[("x" * 900 + ".pdf", b"1"), ("CON", b"2"), ("", b"3")]),
        mail(text="\0\ud800".encode("utf-8", "replace").decode()),
    ],
)  # fmt: skip
def test_hostile_mails_are_kept_within_bounds(store: Store, lead: Owner, hostile: bytes) -> None:
    MailFiles(store).put(hostile, lead)
    assert check(store).problems == ()
    assert value(store, "SELECT max(length(subject)) <= 1000 AND max(length(identity)) <= 500 FROM mail") == 1


def test_to_undo_the_first_step_the_second_goes_first(store: Store, lead: Owner) -> None:
    before = everything(store)
    MailFiles(store).put(mail(attached=[("a.txt", b"x")]), lead)
    company = Owner("company", add_company(store, "Stadtwerke"))
    MailFiles(store).put(mail(attached=[("a.txt", b"x")]), company)
    for _ in range(3):
        store.undo()
    assert everything(store) == before
    for _ in range(3):
        store.redo()
    assert value(store, "SELECT count(*) FROM note") == 2
    assert check(store).problems == ()


def _mails(store: Store, record: Owner) -> tuple[Entry, ...]:
    return Timelines(store).page(record, kinds=WRITTEN).entries


def _placed_twice(store: Store, lead: Owner) -> tuple[Owner, list[int]]:
    """A mail with a file on a lead, then on a company; returns that and the two steps."""
    MailFiles(store).put(mail(attached=[("a.txt", b"x")]), lead)
    company = Owner("company", add_company(store, "Stadtwerke"))
    MailFiles(store).put(mail(attached=[("a.txt", b"x")]), company)
    found = values(store, "SELECT id FROM change_set WHERE label_msgid LIKE '%mail%' ORDER BY id")
    return company, [row[0] for row in found]


def test_the_first_step_alone_taken_back_leaves_the_mail_where_it_stands_since(store: Store, lead: Owner) -> None:
    company, (first, second) = _placed_twice(store, lead)
    whole = everything(store)
    assert store.obstacles("undo", first) == []
    assert store.undo(first) is not None
    assert _mails(store, lead) == ()
    (entry,) = _mails(store, company)
    assert [file.name for file in entry.files] == ["a.txt"]
    assert Files(store).bytes_of(entry.files[0].id) == b"x"
    assert MailFiles(store).read(entry.mail_id).subject == "Nachfrage"
    assert check(store).problems == ()
    assert store.redo() is not None
    assert everything(store) == whole
    for step in (first, second):
        store.undo(step)
    assert _mails(store, company) == ()
    store.redo()
    assert MailFiles(store).put(mail(attached=[("a.txt", b"x")]), lead).already == ()
    assert value(store, "SELECT count(*) FROM mail") == 1
    assert check(store).problems == ()


def test_a_file_of_a_mail_that_was_renamed_since_keeps_its_name(store: Store, lead: Owner) -> None:
    company, (first, _) = _placed_twice(store, lead)
    (entry,) = _mails(store, company)
    Files(store).rename(entry.files[0].id, "plan.txt")
    store.undo(first)
    store.redo()
    for record in (lead, company):
        (entry,) = _mails(store, record)
        assert [file.name for file in entry.files] == ["plan.txt"]


def test_also_a_note_in_the_trash_keeps_the_mail(store: Store, lead: Owner) -> None:
    company, (first, _) = _placed_twice(store, lead)
    (entry,) = _mails(store, company)
    Notes(store).delete([entry.note_id])
    store.undo(first)
    Notes(store).restore([entry.note_id])
    assert [file.name for file in _mails(store, company)[0].files] == ["a.txt"]
    assert check(store).problems == ()


def _real() -> Iterator[Path]:
    for kind in ("mail_eml", "mail_msg"):
        folder = FOLDER / kind
        yield from sorted(path for path in folder.rglob("*") if path.suffix in (".eml", ".msg"))[:6]


@needs_real_data
@pytest.mark.parametrize("source", list(_real()), ids=lambda path: path.name)
def test_mails_of_strangers_are_put_or_refused(store: Store, lead: Owner, source: Path) -> None:
    with suppress(InvalidInput):
        MailFiles(store).put(source, lead)
    assert check(store).problems == ()
