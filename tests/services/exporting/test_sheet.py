"""The hand-over sheet: what is known of a lead, at most two pages, and nothing in it is markup."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.core import i18n
from app.core.errors import Cancelled, InvalidInput, NotFound, StorageError
from app.core.format import Formats
from app.core.i18n import Text
from app.core.money import Money
from app.core.paths import resources_dir
from app.core.terms import Status
from app.models.memory import Address, ContactPoint, LeadPerson
from app.models.opening import store_file
from app.models.schema import Person
from app.models.store import Store
from app.services.exporting.documents import pages_of, render
from app.services.exporting.sheet import sheet, write_sheet
from app.services.files import Files, Upload
from app.services.lead_fields import Recommender
from app.services.leads import Leads, NextStep
from app.services.mail_files import MailFiles
from app.services.notes import Notes
from app.services.owners import Owner
from tests.real_data import FOLDER, needs_real_data
from tests.services.mail_samples import mail
from tests.services.seen import value
from tests.stores import TODAY

HOSTILE = (
    "#panic(\"no\")", "#eval(\"1+1\")", "#read(\"/etc/passwd\")", "*fett* _kursiv_ `roh`", "$x^2$ <label> @ref",
    "#import \"@preview/x:1.0.0\"", "= Kein Titel", "// kein Kommentar", "/* auch nicht", "\\u{41} \\ \\\\",
    "] } ) #[", "\"); #sys.inputs", "Müller & Söhne <b>GmbH</b> 100 % ~", "{{ }} ${x}", "-- --- ...",
)  # fmt: skip


@pytest.fixture
def formats() -> Formats:
    return Formats("de", "DE")


@pytest.fixture
def german(formats: Formats) -> Iterator[None]:
    i18n.use("de", resources_dir() / "i18n", formats.show)
    yield
    i18n.use("en", Path("nowhere"))


def words_of(pdf: bytes) -> str:
    """All text of a PDF, its spaces left out: where a line ends is not what is asked here."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[place].get_textpage().get_text_range() for place in range(len(document))]
    finally:
        document.close()
    return squeezed("".join(pages))


def squeezed(words: str) -> str:
    return "".join(words.replace("\ufffe", "").replace("\u200b", "").split())


def _whole(store: Store, title: str = "Relaunch") -> int:
    lead = Leads(store).create(
        Status.ACTIVE, title=title, company="Eckhof GmbH", person="Martha Eck", tags=["Web"], info="Vorgeschichte",
        amount=Money.of(12500, "EUR"), next_step=NextStep(TODAY, text="Angebot nachfassen"), source="Messe",
        recommender=Recommender("company", "Handwerkskammer"),
    )  # fmt: skip
    company = value(store, f"SELECT company_id FROM lead WHERE id = {lead}")
    with store.write(Text("Filled")) as session:
        session.add(Address(company_id=company, label="", street="Ringstraße 5", extra="", postcode="50667",
                            city="Köln", region="", country="DE", sort_key="", position=0))  # fmt: skip
        session.add(ContactPoint(company_id=company, kind="phone", label="", value="+49 221 5550", key="+492215550",
                                 position=0))  # fmt: skip
        chief = Person(name="Olaf Chef", sort_key="", search_key="", created_at=store.clock.now())
        session.add(chief)
        session.flush()
        session.add(LeadPerson(lead_id=lead, person_id=chief.id, role="entscheidet", position=0))
    Notes(store).write("note", Owner("lead", lead), "**Wichtig:** [Seite](https://eckhof.example)\n\n- eins\n- zwei",
                       markdown=True)  # fmt: skip
    Files(store).attach(Owner("lead", lead), [Upload("Briefing.pdf", b"x" * 3000)])
    return lead


def test_all_that_a_deputy_needs_stands_on_it(store: Store, formats: Formats) -> None:
    made = sheet(store, _whole(store), formats)
    words = words_of(made)
    for expected in ("Relaunch", "12.500,00 €", "Eckhof GmbH", "Ringstraße 5, 50667 Köln, DE", "+49 221 5550",
                     "Martha Eck", "Olaf Chef", "entscheidet", "Handwerkskammer",
                     "Angebot nachfassen", "Vorgeschichte", "Wichtig: Seite",
                     "https://eckhof.example", "• eins",
                     "Briefing.pdf", "3\u00a0kB", "Anna Kern", "24.11.2026", "1 / 1"):  # fmt: skip
        assert squeezed(expected) in words, expected
    assert "**" not in words
    assert made.startswith(b"%PDF-")
    assert b"pdfaid" in made
    assert pages_of(made) == 1


@pytest.mark.parametrize("foreign", HOSTILE)
def test_nothing_in_it_is_markup(store: Store, formats: Formats, foreign: str) -> None:
    lead = _whole(store, foreign)
    Notes(store).write("note", Owner("lead", lead), f"Notiz {foreign}")
    words = words_of(sheet(store, lead, formats))
    assert words.count(squeezed(foreign)) >= 2


def test_what_is_no_letter_is_left_out(store: Store, formats: Formats) -> None:
    lead = _whole(store, "Vor\u202enach")
    words = words_of(render("sheet", _data(title="a\x00b\x1b\ud800c\u202ed", note="x" * 5000), store.clock.now()))
    assert "abcd" in words
    assert words.count("x") >= 5000
    assert "Vornach" in words_of(sheet(store, lead, formats))


def _data(title: str, note: str) -> dict[str, Any]:
    keys = ("next", "facts", "people", "nobody", "info", "events", "notes", "files")
    return {
        "lang": "de", "kind": "", "title": title, "by": "", "made": "", "state": "", "info": "", "older": "",
        "more_files": "", "words": dict.fromkeys(keys, "W"), "figures": [["V", "1"]], "facts": [], "people": [],
        "steps": [], "events": [], "notes": [["", note]], "files": [],
    }  # fmt: skip


@needs_real_data
def test_the_list_of_naughty_strings(store: Store) -> None:
    naughty = json.loads((FOLDER / "csv_torture" / "blns" / "blns.json").read_text(encoding="utf-8"))
    for start in range(0, len(naughty), 100):
        data = _data(title=naughty[start][:300], note="")
        notes = [["", word] for word in naughty[start : start + 100]]
        assert pages_of(render("sheet", {**data, "notes": notes}, store.clock.now())) >= 1


def test_two_pages_hold_the_newest_and_count_the_rest(store: Store, formats: Formats) -> None:
    lead = _whole(store)
    for number in range(60):
        Notes(store).write("note", Owner("lead", lead), f"Eintrag-{number}-Ende " + "Wort " * 150)
    made = sheet(store, lead, formats)
    words = words_of(made)
    assert pages_of(made) == 2
    shown = [number for number in range(60) if f"Eintrag-{number}-Ende" in words]
    assert shown == list(range(60 - len(shown), 60))
    assert 0 < len(shown) < 40
    assert squeezed(f"… and {61 - len(shown)} older entries") in words


def test_however_much_there_is_two_pages_hold_it(store: Store, formats: Formats) -> None:
    """Years of notes and files, in all scripts, with words that no line holds."""
    lead = _whole(store, "Größe 🎈 日本語 مرحبا " + "Donau" * 60)
    for number in range(300):
        Notes(store).write(
            "note", Owner("lead", lead), f"Notiz {number} 日本語の文章 שלום " + "lang" * (number % 7 * 40)
        )
    for number in range(120):
        Files(store).attach(Owner("lead", lead), [Upload(f"{'Anlage' * (number % 9)} {number} 請求書.pdf", b"x")])
    made = sheet(store, lead, formats)
    words = words_of(made)
    assert pages_of(made) == 2
    assert squeezed("日本語") in words
    assert "Notiz299" in words
    assert "119請求書.pdf" in words


def test_it_is_worded_in_german(store: Store, formats: Formats, german: None) -> None:
    words = words_of(sheet(store, _whole(store), formats))
    assert "Verantwortlich" in words
    assert "Responsible" not in words


def test_a_lead_that_is_gone_makes_no_file(store: Store, formats: Formats, tmp_path: Path) -> None:
    lead = _whole(store)
    Leads(store).delete([lead])
    for number in (lead, 0, -1, 2**62):
        with pytest.raises(NotFound):
            write_sheet(store, number, tmp_path / "x.pdf", formats)
    assert not list(tmp_path.glob("*.pdf*"))


def test_the_data_are_never_replaced(store: Store, formats: Formats, folder: Path) -> None:
    lead, before = _whole(store), store_file(folder).stat().st_ino
    with pytest.raises(InvalidInput):
        write_sheet(store, lead, store_file(folder), formats)
    assert store_file(folder).stat().st_ino == before


@pytest.mark.parametrize("wrong", [".", "none/x.pdf"])
def test_where_no_file_can_be(store: Store, formats: Formats, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InvalidInput):
        write_sheet(store, _whole(store), tmp_path / wrong, formats)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read(store: Store, formats: Formats, tmp_path: Path) -> None:
    place = tmp_path / "closed"
    place.mkdir(mode=0o500)
    with pytest.raises(StorageError):
        write_sheet(store, _whole(store), place / "x.pdf", formats)


def test_cancelled_the_old_file_stays(store: Store, formats: Formats, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled(Text("Cancelled."))

    target = tmp_path / "x.pdf"
    target.write_bytes(b"old")
    with pytest.raises(Cancelled):
        write_sheet(store, _whole(store), target, formats, stop)
    assert target.read_bytes() == b"old"
    write_sheet(store, _whole(store), target, formats)
    assert pages_of(target.read_bytes()) == 1
    assert [each.name for each in tmp_path.glob("*x.pdf*")] == ["x.pdf"]


def test_typst_is_loaded_only_when_a_document_is_made() -> None:
    code = "import app.services.exporting.sheet, sys; sys.exit('typst' in sys.modules or 'pypdfium2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_of_a_mail_is_said_who_wrote_it_to_whom(store: Store, formats: Formats, tmp_path: Path) -> None:
    lead = _whole(store)
    source = tmp_path / "anfrage.eml"
    source.write_bytes(mail())
    MailFiles(store).put(source, Owner("lead", lead))
    assert squeezed("Eva Groß → Agentur") in words_of(sheet(store, lead, formats))
