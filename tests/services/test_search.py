"""The search over everything: what is found by what is typed, in which order, and that nothing deleted shows up."""

import json
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from threading import Thread
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.core.folding import search_key, sort_key
from app.core.i18n import Text
from app.core.terms import Entity, Status
from app.models.schema import (
    Attachment,
    Company,
    CompanyPerson,
    Content,
    Field,
    FieldValue,
    Lead,
    Mail,
    Note,
    Person,
)
from app.models.store import Store
from app.services import search_docs, search_found, search_words
from app.services.leads import Leads
from app.services.mail_files import people_json
from app.services.mails.parse import parse
from app.services.search import Hit, Search
from app.services.search_found import BEGINS, EXACT, NAME, NOTE, TEXT
from tests.real_data import FOLDER, needs_real_data
from tests.stores import Fillings, add_company, add_lead, add_tag

HOSTILE = (
    "", " ", '"', '""', '"""', "'", "*", "a*", "(", ")", "a AND", "AND", "OR NOT", "NEAR(a b)", "folded:x", "^", "^a",
    "-", "--", "-a", '-"', "a -", "a\0b", "\0", "{a} : b", "+", "a + b", ":", "%", "_", "\\", "€", "😀", "\ud800", "ß",
    "'; DROP TABLE lead; --", "x" * 5000, "a " * 500, '"a b', "\u0308", "ﬁ", "½", "مرحبا", "日本語", "ข้อความ", "\u202e",
)  # fmt: skip


def add(store: Store, row: Any) -> int:
    """A row of any table; returns the id."""
    with store.write(Text("Added")) as session:
        session.add(row)
        session.flush()
        return int(row.id)


def add_person(store: Store, name: str, company_id: int | None = None, role: str = "") -> int:
    """Somebody, who may work somewhere."""
    key = {"sort_key": sort_key(name), "search_key": search_key(name)}
    person = add(store, Person(name=name, created_at=store.clock.now(), **key))
    if company_id is not None:
        add(store, CompanyPerson(company_id=company_id, person_id=person, role=role))
    return person


def add_note(store: Store, words: str, **columns: Any) -> int:
    """A note on a record."""
    return add(store, Note(at=store.clock.now(), text=words, **columns))


def add_mail(store: Store, subject: str, words: str, **columns: Any) -> tuple[int, int]:
    """A mail on a record: its note and itself."""
    people = people_json(parse(BytesIO("From: Jörg Öztürk <joerg@firma.example>\n\nHallo".encode())))
    mail = add(store, Mail(identity=subject, subject=subject, people=people, text=words))
    return add(store, Note(at=store.clock.now(), text="", kind="mail", mail_id=mail, **columns)), mail


def add_file(store: Store, name: str, **columns: Any) -> int:
    """A file on a record; its content is beside the point."""
    content = add(store, Content(hash=name, size=0, at=store.clock.now()))
    return add(store, Attachment(content_id=content, name=name, mime="", at=store.clock.now(), **columns))


def find(store: Store, typed: str, limit: int = 8) -> list[Hit]:
    """Everything that is found."""
    return Search(store).find(typed, limit)


def titles(hits: Sequence[Hit]) -> list[str]:
    """What it is called."""
    return [hit.title.text for hit in hits]


def marked(hit: Hit) -> list[str]:
    """The words that are marked, wherever."""
    shown = (hit.title, hit.beside, hit.passage)
    return [each.text[first : first + n] for each in shown if each is not None for first, n in each.spans]


def _office(store: Store) -> dict[str, int]:
    firm = add_company(store, "Müller Straßenbau GmbH")
    person = add_person(store, "Renée Groß", firm, "Geschäftsführung")
    lead = add_lead(store, "Relaunch Webseite", company_id=firm, info="Budget kommt im Frühjahr vom Vorstand")
    add_tag(store, lead, "Großkunde")
    note = add_note(store, "# Erstgespräch\nFrau Özdemir will den Prospekt auf Büttenpapier", lead_id=lead)
    mail, of_mail = add_mail(store, "Rückfrage Angebot", "Bitte die Schriftgröße prüfen", company_id=firm)
    file = add_file(store, "Briefing_Süd-2026.pdf", lead_id=lead)
    attached = add_file(store, "Logo.svg", mail_id=of_mail)
    return {
        "firm": firm,
        "person": person,
        "lead": lead,
        "note": note,
        "mail": mail,
        "file": file,
        "attached": attached,
    }


@pytest.fixture
def fillings() -> Fillings:
    return {"office": _office}


@pytest.fixture
def office(store: Store, stocked: dict[str, dict[str, int]]) -> dict[str, int]:
    """A record of each kind, with ids by what they are."""
    return stocked["office"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("müller", ["firm", "lead", "person"]), ("mueller", ["firm", "lead", "person"]),
        ("MULLER", ["firm", "lead", "person"]),
        ("straßen", ["firm", "lead", "person"]), ("strassenbau", ["firm", "lead", "person"]),
        ("renee gross", ["person"]), ("gro ren", ["person"]), ("Groß", ["person", "lead"]),
        ("relaunch", ["lead"]), ("rela", ["lead"]), ("relaunch müller", ["lead"]), ("web rel", ["lead"]),
        ("frühjahr", ["lead"]), ("fruehj vorst", ["lead"]), ("großkunde", ["lead"]),
        ("ozdemir", ["note"]), ("oezdemir büttenp", ["note"]), ("erstgespräch", ["note"]),
        ("rückfrage", ["mail"]), ("schriftgroesse", ["mail"]), ("joerg", ["mail"]), ("öztürk", ["mail"]),
        ("firma.example", ["mail"]), ("logo", ["attached", "mail"]), ("briefing", ["file"]), ("sued 2026", ["file"]),
        ("süd-2026", ["file"]), ("geschäftsf", ["person"]),
        ("rlaunch", ["lead"]), ("relaunhc", ["lead"]), ("relauunch", ["lead"]), ("relaumch", ["lead"]),
        ("elaunch", ["lead"]), ("telaunch", ["lead"]), ("erlaunch", ["lead"]), ("relaunhc webseite", ["lead"]),
        ("relaum", ["lead"]), ("strasenbau", ["firm", "lead", "person"]), ("özdemri", ["note"]),
        ("mulller webs", ["lead"]), ("rlaumch", []), ("wbe", []), ("2062", []),
        ('"relaunch webseite"', ["lead"]), ('"webseite relaunch"', []), ('"relaunch web"', []),
        ('"im frühjahr"', ["lead"]), ('müller "relaunch', ["lead"]),
        ("müller -relaunch", ["firm", "person"]), ("müller -rela -renée", ["firm"]), ("-müller", []),
        ('müller -"relaunch webseite"', ["firm", "person"]), ("xyzzy", []), ("relaunch xyzzy", []), ("-", []),
    ],
)  # fmt: skip
def test_what_is_found(
    store: Store, office: dict[str, int], typed: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same among few documents and among very many."""
    names = {
        ("lead", office["lead"]): "lead",
        ("company", office["firm"]): "firm",
        ("person", office["person"]): "person",
        **{("note", office[name]): name for name in ("note", "mail")},
        **{("attachment", office[name]): name for name in ("file", "attached")},
    }
    for limit in ("", "_OFTEN", "_MANY"):
        if limit:
            monkeypatch.setattr(search_found, limit, 0)
        assert sorted(names[hit.entity, hit.id] for hit in find(store, typed)) == sorted(found), limit


def test_the_better_comes_first(store: Store) -> None:
    text = add_lead(store, "Angebot", info="für die Messe")
    word = add_lead(store, "Stand auf der Messe")
    begins = add_lead(store, "Messestand Nord")
    exact = add_lead(store, "Messe")
    closed = add_lead(store, "Messe", status=Status.WON)
    older = add_lead(store, "Messestand Süd")
    hits = find(store, "messe")
    assert [hit.id for hit in hits] == [exact, closed, older, begins, word, text]
    assert [hit.score for hit in hits] == [EXACT, EXACT, BEGINS, BEGINS, NAME, TEXT]
    assert [hit.open for hit in hits] == [True, False, True, True, True, True]


def test_open_leads_are_found_among_many_newer_closed_ones(store: Store) -> None:
    lead = add_lead(store, "Messe alt")
    for number in range(60):
        add_lead(store, f"Messe {number}", status=Status.LOST)
    finder = Search(store)
    assert finder.find("messe", 3)[0].id == lead
    stop = store.feed.subscribe(finder.hear)
    other = add_lead(store, "Messe neu")
    Leads(store).close([lead], Status.LOST, reason="Preis")
    assert finder.find("messe", 3)[0].id == other
    assert [hit.id for hit in finder.find("alt")] == [lead]
    stop()


def test_the_kinds_stand_together_and_each_has_its_limit(store: Store) -> None:
    firm = add_company(store, "Weber AG")
    leads = [add_lead(store, f"Weber {number}", company_id=firm) for number in range(5)]
    add_note(store, "Weber anrufen", lead_id=leads[0])
    hits = find(store, "weber", 3)
    assert [hit.entity for hit in hits] == [Entity.LEAD] * 3 + [Entity.COMPANY, NOTE]
    assert [hit.id for hit in hits][:3] == leads[:1:-1]


def test_what_was_typed_right_hides_what_may_have_been_meant(store: Store) -> None:
    add_lead(store, "Meier")
    add_lead(store, "Meyer")
    assert titles(find(store, "meier")) == ["Meier"]
    assert sorted(titles(find(store, "meer"))) == ["Meier", "Meyer"]
    assert {hit.score for hit in find(store, "meer")} == {10 + NAME}


def test_the_words_are_marked_in_the_text_as_it_was_written(store: Store, office: dict[str, int]) -> None:
    def all_marked(typed: str) -> list[list[str]]:
        return [marked(hit) for hit in find(store, typed)]

    assert all_marked("mueller strass") == [["Müller", "Straß"], ["Müller", "Straß"], ["Müller", "Straß"]]
    assert all_marked("GROESSE schriftgr") == []
    assert all_marked("schriftgroess") == [["Schriftgröß"]]
    assert all_marked("ozdemir") == [["Özdemir"]]
    assert all_marked("relaumch") == [["Relaunch"]]
    add_lead(store, "Mu\u0308hle und Muehle", info="")
    assert all_marked("mühle") == [["Mu\u0308hle", "Muehle"]]


def test_a_passage_is_a_piece_of_a_long_text(store: Store) -> None:
    lead = add_lead(store)
    words = "Wort " * 3000 + "\nund dann  kam\tdas Büttenpapier ins Spiel " + "danach " * 3000
    add_note(store, words, lead_id=lead)
    passage = find(store, "buetten spiel")[0].passage
    assert passage is not None
    assert "kam das Büttenpapier ins Spiel danach" in passage.text
    assert passage.text.endswith(" …")
    assert len(passage.text) < 150
    assert [passage.text[first : first + n] for first, n in passage.spans] == ["Bütten", "Spiel"]
    assert find(store, "relaunch")[0].passage is None


def test_own_fields_are_found(store: Store) -> None:
    lead = add_lead(store)
    field = add(store, Field(entity="lead", kind="text", name="Papier", help="", unit="", position=0))
    add(store, FieldValue(field_id=field, lead_id=lead, text="Büttenkarton", key="buttenkarton"))
    hits = find(store, "bütten")
    assert [hit.id for hit in hits] == [lead]
    assert marked(hits[0]) == ["Bütten"]


def test_a_note_says_on_what_it_hangs(store: Store, office: dict[str, int]) -> None:
    note, mail, file = find(store, "ozdemir")[0], find(store, "rückfrage")[0], find(store, "logo")[1]
    assert (note.title.text, note.beside.text, note.owner) == (
        "Erstgespräch", "Relaunch Webseite", (Entity.LEAD, office["lead"]),
    )  # fmt: skip
    assert (mail.kind, mail.beside.text, mail.owner) == (
        "mail", "Müller Straßenbau GmbH", (Entity.COMPANY, office["firm"]),
    )  # fmt: skip
    assert (file.id, file.owner) == (office["attached"], (Entity.COMPANY, office["firm"]))


def test_a_mail_that_is_found_by_its_sender_says_so(store: Store, office: dict[str, int]) -> None:
    (hit,) = [hit for hit in find(store, "öztürk") if hit.id == office["mail"]]
    assert marked(hit) == ["Öztürk"]
    assert hit.passage is not None
    assert hit.passage.text == "Jörg Öztürk joerg@firma.example"


def delete(store: Store, kind: type[Any], row_id: int) -> None:
    """Into the trash."""
    with store.write(Text("Deleted")) as session:
        session.get_one(kind, row_id).deleted_at = store.clock.now()


def test_nothing_deleted_is_found_nor_what_hangs_on_it(store: Store, office: dict[str, int]) -> None:
    finder = Search(store)
    store.feed.subscribe(finder.hear)

    def found() -> list[str]:
        words = ("relaunch", "ozdemir", "briefing", "straßenbau", "groß", "rückfrage", "logo")
        return [word for word in words if finder.find(word)]

    assert len(found()) == 7
    delete(store, Lead, office["lead"])
    assert found() == ["straßenbau", "groß", "rückfrage", "logo"]
    delete(store, Company, office["firm"])
    assert found() == ["groß"]
    delete(store, Person, office["person"])
    assert found() == []
    for _ in range(3):
        store.undo()
    assert len(found()) == 7
    delete(store, Note, office["note"])
    delete(store, Attachment, office["file"])
    assert found() == ["relaunch", "straßenbau", "groß", "rückfrage", "logo"]


def test_what_is_hidden_crowds_out_nothing(store: Store) -> None:
    firm, gone = add_company(store, "A"), add_company(store, "B")
    note = add_note(store, "Messe", company_id=firm)
    for _ in range(100):
        add_note(store, "Messe", company_id=gone)
    delete(store, Company, gone)
    assert [hit.id for hit in find(store, "messe")] == [note]


def test_among_very_many_a_letter_is_looked_for_where_names_begin(
    store: Store, office: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_found, "_MANY", 1)
    assert [hit.entity for hit in find(store, "r")] == ["lead", "person"]
    assert [hit.entity for hit in find(store, "r -web")] == ["person"]
    assert [hit.id for hit in find(store, "müller r")] == [office["lead"], office["person"]]
    assert find(store, "müller x") == []
    assert [hit.id for hit in find(store, "ozdemir b")] == [office["note"]]
    assert [hit.entity for hit in find(store, "b")] == ["lead", "note", "note", "attachment"]


def test_a_letter_with_which_no_name_begins_is_found_without_the_index(
    store: Store, office: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are tens of thousands of numbers that begin with a 1, and nearly every lead has one."""
    monkeypatch.setattr(search_found, "_MANY", 1)
    lead = add_lead(store, "Rahmenvertrag", external_number="700-1")
    asked: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(search_docs, "_match", lambda _connection, expression: asked.append(expression))
        assert [hit.id for hit in find(store, "7")] == [lead]
        assert [hit.entity for hit in find(store, "b -büttenpapier")] == ["lead", "note", "attachment"]
    assert asked == []
    for _ in range(search_found._SLICE):
        add_lead(store, "Plakat")
    assert [hit.id for hit in find(store, "7")] == [lead]


def test_of_a_word_that_very_many_have_the_names_that_begin_so_are_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_found, "_OFTEN", 10)
    named = {
        "exact": (Entity.LEAD, add_lead(store, "Mueller")),
        "closed": (Entity.LEAD, add_lead(store, "Muller und Partner", status=Status.WON)),
        "firm": (Entity.COMPANY, add_company(store, "Müller AG")),
        "person": (Entity.PERSON, add_person(store, "Müller-Lüdenscheidt")),
    }
    for number in range(2 * search_found._SLICE):
        add_company(store, f"Bau Müller {number}")
        add_person(store, f"Eva Müller {number}")
        add_lead(store, f"Film für Müller {number}", status=Status.WON if number % 2 else Status.ACTIVE)

    def first(typed: str) -> set[str]:
        found = {(hit.entity, hit.id) for hit in find(store, typed)}
        return {name for name, record in named.items() if record in found}

    assert first("müller") == {"exact", "closed", "firm", "person"}
    assert [hit.score for hit in find(store, "mueller")][:2] == [EXACT, BEGINS]
    assert first("müller -ag") == {"exact", "closed", "person"}
    assert first('"müller"') == {"exact", "closed", "firm", "person"}
    assert first('"müll"') == set()


@pytest.mark.parametrize("name", ["Messe", "Mueller", "Umbauten Köln", "Plan B"])
def test_what_is_called_just_so_comes_first_however_many_newer_ones_begin_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    lead, firm, person = add_lead(store, name), add_company(store, name), add_person(store, name)
    won = add_lead(store, name, status=Status.WON)
    for number in range(search_found._SLICE + 1):
        add_lead(store, f"{name} {number}", status=Status.WON if number % 2 else Status.ACTIVE)
        add_company(store, f"{name} {number}")
        add_person(store, f"{name} {number}")
    for limit in ("", "_OFTEN", "_MANY"):
        if limit:
            monkeypatch.setattr(search_found, limit, 1)
        called = [(hit.entity, hit.id) for hit in find(store, name) if hit.score == EXACT]
        assert called == [("lead", lead), ("lead", won), ("company", firm), ("person", person)], limit


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_raises(store: Store, office: dict[str, int], typed: str) -> None:
    for around in (typed, f"relaunch {typed}", f'"{typed}', f"-{typed} relaunch", f"{typed} relaunhc"):
        for hit in find(store, around):
            assert all(first + length <= len(hit.title.text) for first, length in hit.title.spans)


@needs_real_data
def test_nor_does_the_list_of_naughty_strings(store: Store, office: dict[str, int]) -> None:
    naughty = json.loads((FOLDER / "csv_torture" / "blns" / "blns.json").read_text(encoding="utf-8"))
    finder = Search(store)
    for typed in naughty:
        finder.find(typed)
        add_note(store, typed.replace("\0", ""), lead_id=office["lead"])
    assert all(finder.find(word) for word in ("relaunch", "script"))


def test_a_text_of_signs_alone_is_as_good_as_any(store: Store, office: dict[str, int]) -> None:
    note = add_note(store, "*** --- ***", lead_id=office["lead"])
    _mail, mail = add_mail(store, "", "Aktenzeichen 4711", lead_id=office["lead"])
    assert note
    assert mail
    assert titles(find(store, "aktenzeichen")) == [""]


def _stop() -> None:
    raise Cancelled(Text("Cancelled."))


def test_it_stops_when_it_is_told_to(store: Store, office: dict[str, int]) -> None:
    with store.write(Text("Many")) as session:
        session.add_all(
            Note(at=store.clock.now(), text=f"Wort{number} gemeinsam", lead_id=office["lead"]) for number in range(3000)
        )
    finder = Search(store)
    with pytest.raises(Cancelled):
        finder.find("gemeinsam", asked=_stop)
    assert finder.find("relaunch")


def test_who_is_told_to_stop_does_not_wait_for_another_who_gets_ready(store: Store, office: dict[str, int]) -> None:
    """Two threads search: what is typed next would have none."""
    finder = Search(store)

    def search() -> None:
        with pytest.raises(Cancelled):
            finder.find("relaunch", asked=_stop)

    searching = Thread(target=search)
    with finder._learning:
        searching.start()
        searching.join(5)
        waits = searching.is_alive()
    searching.join()
    assert not waits


def test_newer_ones_come_first(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store)
    first = add_note(store, "Telefonat", lead_id=lead)
    second = add_note(store, "Telefonat", lead_id=lead)
    clock.instant -= timedelta(days=3)
    old = add_note(store, "Telefonat", lead_id=lead)
    assert [hit.id for hit in find(store, "telefonat")] == [second, first, old]


def test_whoever_tells_of_a_change_does_not_wait_for_a_search(store: Store, office: dict[str, int]) -> None:
    """The window hears of changes while a thread reads what each document is of."""
    finder = Search(store)
    asked: list[bool] = []

    def close() -> None:
        if not asked:
            asked.append(True)
            teller = Thread(target=Leads(store).close, args=([office["lead"]], Status.LOST), kwargs={"reason": "Preis"})
            teller.start()
            teller.join(10)
            asked.append(teller.is_alive())

    stop = store.feed.subscribe(finder.hear)
    with store.write(Text("Many")) as session:
        session.add_all(
            Note(at=store.clock.now(), text=f"Wort{number}", lead_id=office["lead"]) for number in range(3000)
        )
    finder.find("relaunch", asked=close)
    assert asked == [True, False]
    other = add_lead(store, "Relaunch 2")
    assert [(hit.id, hit.open) for hit in finder.find("relaunch")] == [(other, True), (office["lead"], False)]
    stop()


def test_words_that_may_have_been_meant_are_all_found(store: Store) -> None:
    """As if every word of the index was looked at."""
    words = ("relaunch", "elaunch", "erlaunch", "eelaunch", "erelaunch", "relaunchen", "elaunchen", "rlaunch",
             "xelaunch", "telaunch", "relaun", "rela", "launch", "eaunch", "ralaunch", "aarau", "arau")  # fmt: skip
    add_note(store, " ".join(words), lead_id=add_lead(store))
    with store.read() as connection:
        for typed in ("relaunch", "erlaunch", "elaunch", "relaunhc", "aarau", "arau", "rela"):
            ends = [word for word in words if search_words.is_slip(typed, word)]
            begins = [word for word in words if search_words.is_slip(typed, word, beginning=True)]
            near = search_words.slipped(connection, search_words.terms_of(typed), lambda _word, count: count)
            found = set(near[0].near) if near else set()
            assert set(ends) <= found <= {*ends, *begins}, typed
            assert len(typed) <= 4 or {word for word in begins if word[0] in typed[:2]} <= found, typed


@pytest.mark.parametrize(
    ("typed", "meant", "slip", "beginning"),
    [
        ("muler", "muller", True, True), ("mullerr", "muller", True, True), ("mulelr", "muller", True, True),
        ("mxller", "muller", True, True), ("muller", "muller", False, True), ("muxxer", "muller", False, False),
        ("mulle", "mullermilch", False, True), ("mulel", "muller", False, True), ("ab", "ba", True, True),
        ("abc", "cab", False, False), ("", "a", True, True), ("reluanch", "relaunch", True, True),
    ],
)  # fmt: skip
def test_what_a_slip_is(typed: str, meant: str, slip: bool, beginning: bool) -> None:
    assert search_words.is_slip(typed, meant) is slip
    assert search_words.is_slip(typed, meant, beginning=True) is beginning
