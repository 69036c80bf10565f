"""The timeline: what stands in it, in which order, page by page, and how much it asks of the database."""

from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import NotFound
from app.models.store import Store
from app.services.files import Files, Upload
from app.services.history import History
from app.services.leads import Leads, NextStep
from app.services.mail_files import MailFiles
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.timeline import Entry, Key, Timelines
from app.services.timeline_entry import DONE
from tests.services.mail_samples import mail, person
from tests.services.seen import statements
from tests.stores import TODAY, add_company, add_lead


class Agency:
    """A company with two leads and a person, and what happened to them."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.company = Owner("company", add_company(store, "Stadtwerke"))
        self.eva = Owner("person", person(store, "Eva Groß", "eva@firma.example", self.company.id))
        self.lead = Owner("lead", add_lead(store, "Relaunch", company_id=self.company.id))
        self.other = Owner("lead", add_lead(store, "Messe", company_id=self.company.id))
        self.alien = Owner("lead", add_lead(store, "Fremd"))
        self.notes, self.files = Notes(store), Files(store)

    def later(self) -> None:
        """Time passes, so that the next thing is another step."""
        self.clock.instant += timedelta(minutes=10)

    def shown(self, owner: Owner) -> list[str]:
        """What a timeline shows, in short, but for the beginning of its leads."""
        lines = [short(entry) for entry in Timelines(self.store).page(owner).entries]
        return [line for line in lines if not line.startswith("status Lead created")]


def short(entry: Entry) -> str:
    """An entry in a word or two."""
    words = entry.title or entry.text or " / ".join(map(str, entry.words))
    return f"{entry.kind} {words}" + (f" [{entry.owner_title}]" if entry.owner_title else "")


@pytest.fixture
def agency(store: Store, clock: FixedClock) -> Agency:
    return Agency(store, clock)


def test_everything_of_a_lead_stands_there_newest_first(agency: Agency) -> None:
    leads = Leads(agency.store)
    lead = agency.lead
    for act in (
        lambda: agency.notes.write("note", lead, "eins"),
        lambda: leads.set_next_step([lead.id], NextStep(TODAY, "Anrufen")),
        lambda: agency.files.attach(lead, [Upload("a.pdf", b"x")]),
        lambda: agency.notes.write("call", lead, "zwei", people=[agency.eva.id], minutes=5),
        lambda: leads.finish_step([lead.id]),
        lambda: leads.edit([lead.id], title="Neu", probability=40, stage_id=2),
        lambda: agency.notes.write("note", agency.alien, "fremd"),
        lambda: agency.notes.write("meeting", lead, "vorgestern", at=agency.clock.instant - timedelta(days=2)),
    ):
        agency.later()
        act()
    entries = Timelines(agency.store).page(lead).entries
    assert [entry.kind for entry in entries] == ["stage", "step", "call", "file", "step", "note", "status", "meeting"]
    assert {"stage", "change"} <= entries[0].kinds
    assert entries[2].people == ("Eva Groß",)
    assert (entries[2].minutes, entries[2].actor) == (5, "Anna Kern")
    assert all(entry.change_set_id for entry in entries)
    assert len({entry.change_set_id for entry in entries}) == len(entries)


def test_what_is_pinned_stands_on_top(agency: Agency) -> None:
    (old,) = agency.notes.write("note", agency.lead, "alt")
    (file,) = agency.files.attach(agency.lead, [Upload("a.pdf", b"x")])
    agency.later()
    agency.notes.write("note", agency.lead, "neu")
    agency.notes.pin([old])
    assert agency.shown(agency.lead) == ["note alt", "note neu", "file a.pdf"]
    agency.files.pin([file])
    assert agency.shown(agency.lead) == ["note alt", "file a.pdf", "note neu"]
    assert Timelines(agency.store).page(agency.lead, limit=1).entries[0].pinned
    agency.notes.unpin([old])
    assert agency.shown(agency.lead) == ["file a.pdf", "note neu", "note alt"]


def test_a_company_sees_its_leads_and_people(agency: Agency) -> None:
    agency.notes.write("note", agency.lead, "am Lead")
    agency.later()
    agency.notes.write("note", agency.company, "an der Firma")
    agency.later()
    agency.notes.write("note", agency.eva, "an der Person")
    agency.later()
    agency.notes.write("note", agency.alien, "fremd")
    agency.files.attach(agency.other, [Upload("a.pdf", b"x")])
    agency.later()
    Leads(agency.store).edit([agency.other.id], title="Messestand")
    shown = [line for line in agency.shown(agency.company) if not line.startswith("change Company")]
    assert shown[:5] == [
        "change Title Messe → Messestand [Messestand]", "file a.pdf [Messestand]", "note an der Person [Eva Groß]",
        "note an der Firma", "note am Lead [Relaunch]",
    ]  # fmt: skip
    assert not [line for line in shown if "fremd" in line]


def test_a_person_sees_what_the_person_took_part_in(agency: Agency) -> None:
    agency.notes.write("meeting", agency.lead, "mit Eva", people=[agency.eva.id])
    agency.later()
    agency.notes.write("meeting", agency.lead, "ohne Eva")
    MailFiles(agency.store).put(mail(), agency.other)
    shown = agency.shown(agency.eva)
    assert [line for line in shown if not line.startswith("change")] == [
        "meeting mit Eva [Relaunch]", "mail Nachfrage [Messe]",
    ]  # fmt: skip


def test_a_mail_on_company_and_lead_stands_there_once(agency: Agency) -> None:
    MailFiles(agency.store).put(mail(attached=[("a.txt", b"x")]), [agency.lead, agency.other, agency.company])
    for owner in (agency.company, agency.lead, agency.eva):
        (found,) = Timelines(agency.store).page(owner, kinds=["mail"]).entries
        assert [file.name for file in found.files] == ["a.txt"]
        assert [(each.kind, each.shown) for each in found.mail_people] == [("from", "Eva Groß"), ("to", "Agentur")]


def test_what_is_deleted_or_undone_is_not_shown(agency: Agency) -> None:
    (note,) = agency.notes.write("note", agency.lead, "weg")
    file = agency.files.attach(agency.lead, [Upload("weg.pdf", b"x")])
    mails = MailFiles(agency.store).put(mail(), agency.lead)
    agency.later()
    Leads(agency.store).edit([agency.lead.id], title="Neu")
    agency.store.undo()
    agency.notes.delete([note, *mails.note_ids])
    agency.files.delete(file)
    assert agency.shown(agency.lead) == []
    Leads(agency.store).delete([agency.lead.id])
    assert not [line for line in agency.shown(agency.company) if "Relaunch" in line]
    with pytest.raises(NotFound):
        Timelines(agency.store).page(agency.lead)
    with pytest.raises(NotFound):
        Timelines(agency.store).page(Owner("person", 99))


def _filled(agency: Agency) -> None:
    for number in range(23):
        if number % 3:
            agency.later()  # some at the same moment
        if number % 5 == 0:
            agency.files.attach(agency.lead, [Upload(f"{number}.pdf", b"x")])
        elif number % 5 == 1:
            Leads(agency.store).edit([agency.lead.id, agency.other.id], title=f"T{number}")
        elif number % 5 == 2:
            agency.notes.write("call", agency.other, f"Anruf {number}")
        else:
            agency.notes.write("note", [agency.lead, agency.company], f"Notiz {number} Straße")
    agency.notes.pin([2])


@pytest.mark.parametrize("limit", [1, 2, 5, 7, 100])
def test_page_by_page_it_is_the_same(agency: Agency, limit: int) -> None:
    _filled(agency)
    timelines = Timelines(agency.store)
    for owner in (agency.company, agency.lead):
        whole = timelines.page(owner).entries
        page = timelines.page(owner, limit=limit)
        found = list(page.entries)
        while page.more:
            page = timelines.page(owner, limit=limit, before=page.last)
            assert 0 < len(page.entries) <= limit
            found += page.entries
        assert found == list(whole)
        keys = [entry.key for entry in whole if not entry.pinned]
        assert keys == sorted(keys, reverse=True)


def test_kinds_and_words_narrow_it(agency: Agency) -> None:
    _filled(agency)
    timelines = Timelines(agency.store)
    whole = timelines.page(agency.company).entries
    for kind in ("note", "call", "file", "change"):
        found = timelines.page(agency.company, kinds=[kind], limit=100).entries
        assert [entry.key for entry in found] == [e.key for e in whole if kind in (e.kind, *e.kinds)]
        assert found
    assert len(timelines.page(agency.company, kinds=["call", "file"]).entries) == sum(
        entry.kind in ("call", "file") for entry in whole
    )
    assert {entry.text for entry in timelines.page(agency.lead, search="STRASSE notiz").entries} == {
        entry.text for entry in timelines.page(agency.lead, kinds=["note"]).entries
    }
    assert [entry.title for entry in timelines.page(agency.lead, search="15.pdf").entries] == ["15.pdf"]
    assert [str(entry.words[0]) for entry in timelines.page(agency.lead, search="t11").entries] == [
        "Title T11 → T16", "Title T6 → T11",
    ]  # fmt: skip
    for hostile in ("%", "_", '"', "'", "\\", "x" * 5000, "\0", "\ud800", "(", "NEAR("):
        assert timelines.page(agency.lead, search=hostile).entries is not None


def test_mails_are_found_by_their_text_and_files(agency: Agency) -> None:
    MailFiles(agency.store).put(mail(text="Der Preis für Müller", attached=[("Zeitplan.xlsx", b"x")]), agency.lead)
    for words in ("mueller preis", "zeitplan", "eva@firma"):
        (found,) = Timelines(agency.store).page(agency.company, search=words).entries
        assert found.kind == "mail"


def test_changes_are_worded_as_in_the_history(agency: Agency) -> None:
    leads = Leads(agency.store)
    for number in range(1, 6):
        agency.later()
        leads.edit([agency.lead.id], probability=number * 10, title=f"T{number}")
    agency.later()
    leads.move([agency.lead.id], 3)
    told = [(event.kind, str(event.words)) for event in History(agency.store).of_lead(agency.lead.id)]
    found = Timelines(agency.store).page(agency.lead, kinds=DONE).entries
    assert [str(words) for entry in found for words in entry.words] == [words for _, words in told]


def test_the_number_of_statements_does_not_grow(agency: Agency) -> None:
    timelines = Timelines(agency.store)
    MailFiles(agency.store).put(mail(), agency.lead)
    agency.notes.write("note", agency.lead, "x")
    Leads(agency.store).edit([agency.lead.id], title="T")
    few = statements(agency.store, lambda: timelines.page(agency.company, limit=5))
    _filled(agency)
    for number in range(5):
        MailFiles(agency.store).put(mail(identity=f"{number}@x"), agency.other)
    assert statements(agency.store, lambda: timelines.page(agency.company, limit=5)) == few
    assert statements(agency.store, lambda: timelines.page(agency.company)) == few
    page = timelines.page(agency.company, limit=5)
    assert statements(agency.store, lambda: timelines.page(agency.company, before=page.last, search="x")) == few


def test_before_all_there_is_nothing(agency: Agency) -> None:
    _filled(agency)
    page = Timelines(agency.store).page(agency.lead, before=Key(0, 0, 0, 0))
    assert (page.entries, page.more, page.last) == ((), False, None)
