"""The traps of the task that concern the memory of the agency, each by its number.

T11: a lead was visible through its contact. Prepared: what a reader does not see of a lead (today the one in the trash)
shows up nowhere by way of the company and the people it is about. T13 (a merge took a relation from the loser) is
proved in `test_merging`; here it is asked of everything that can hang on a record.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Status
from app.models.schema import METADATA
from app.models.store import Store
from app.services.companies import Companies
from app.services.files import Files, Upload
from app.services.lead_fields import Recommender
from app.services.leads import Leads, NextStep
from app.services.mail_files import MailFiles
from app.services.merging import Merging
from app.services.notes import Notes
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.owners import Owner, OwnerKind
from app.services.people import People
from app.services.reach import Point
from app.services.recommenders import Recommenders
from app.services.record_detail import RecordDetails
from app.services.search import Search
from app.services.timeline import Timelines
from tests.services.mail_samples import mail
from tests.services.seen import values
from tests.stores import TODAY

SECRET = "Geheimplan"
#: What says how it was, and the bytes of files, which are reached through what refers to them.
_BOOKS = frozenset({"change", "change_set", "import_row", "lead_snapshot", "chunk"})


@pytest.fixture
def lead(store: Store, clock: FixedClock) -> int:
    """A lead of Kranich and Eva with all that can hang on one, every word of it secret."""
    field = OwnFields(store).create(Entity.LEAD, OwnKind.TEXT, "Losung")
    lead = Leads(store).create(
        Status.ACTIVE, title=f"{SECRET} Titel", company="Kranich", person="Eva Groß", info=f"{SECRET} Info",
        next_step=NextStep(TODAY, f"{SECRET} Schritt"), own={field: f"{SECRET} Wert"}, source="Empfehlung",
        recommender=Recommender("person", "Eva Groß"),
    )  # fmt: skip
    owner = Owner("lead", lead)
    eva = values(store, "SELECT id FROM person")[0][0]
    Leads(store).set_people([lead], [("Olaf Chef", f"{SECRET} Rolle")])
    Notes(store).write("call", owner, f"{SECRET} Notiz", people=[eva])
    Files(store).attach(owner, [Upload(f"{SECRET}.pdf", b"x")])
    MailFiles(store).put(mail(subject=f"{SECRET} Mail", text=f"{SECRET} Text", attached=[("x.txt", b"x")]), owner)
    clock.instant += timedelta(hours=2)
    Leads(store).edit([lead], title=f"{SECRET} neu")
    Leads(store).finish_step([lead], NextStep(TODAY + timedelta(days=1), f"{SECRET} weiter"))
    return lead


def _shown(store: Store) -> Iterator[tuple[str, Any]]:
    """Whatever the program shows of the company, of the people and of everything."""
    details = RecordDetails(store)
    kinds: tuple[OwnerKind, ...] = ("company", "person")
    for kind in kinds:
        for (number,) in values(store, f"SELECT id FROM {kind}"):
            yield f"{kind} panel", replace(details.get(Entity(kind), number), step=0)  # a later step is no other sight
            timelines, owner = Timelines(store), Owner(kind, number)
            yield f"{kind} timeline", timelines.page(owner).entries
            yield f"{kind} timeline searched", timelines.page(owner, search=SECRET).entries
    yield "search", Search(store).find(SECRET)
    yield "search by a slip", Search(store).find("Gehiemplan")
    yield "recommenders", Recommenders(store).best()
    people = [row[0] for row in values(store, "SELECT id FROM person ORDER BY id")]
    yield "merging", Merging(store).preview("person", people, people[0])


def test_t11_a_lead_that_is_not_seen_is_seen_through_nobody(store: Store, lead: int) -> None:
    before = dict(_shown(store))
    for place in ("company panel", "person panel", "company timeline", "person timeline", "search"):
        assert SECRET in repr(before[place]) or place == "person panel", place
    Leads(store).delete([lead])
    for place, shown in _shown(store):
        assert SECRET not in repr(shown), place
    for kind in ("company", "person"):
        for (number,) in values(store, f"SELECT id FROM {kind}"):
            detail = RecordDetails(store).get(Entity(kind), number)
            assert (detail.leads, detail.recommended, detail.steps) == ((), (), ())
            assert not [each for each in detail.sums if each.count], "its sum is told"


def test_t11_no_table_tells_a_reader_of_it(store: Store, lead: int) -> None:
    """Whatever table comes later: what hangs on a lead goes with it, and so do its words."""
    Leads(store).delete([lead])
    with store.read() as connection:
        for name, table in METADATA.tables.items():
            if name in _BOOKS:
                continue
            rows = connection.execute(text(f"SELECT * FROM {name}")).all()
            assert not [row for row in rows if SECRET.lower() in repr(tuple(row)).lower()], name
            if "lead_id" in table.c:
                assert not [row for row in rows if row._mapping["lead_id"] == lead], name


def test_t11_and_with_it_all_comes_back(store: Store, lead: int) -> None:
    before = {place: repr(shown) for place, shown in _shown(store) if "timeline" not in place}
    Leads(store).delete([lead])
    store.undo()
    assert {place: repr(shown) for place, shown in _shown(store) if "timeline" not in place} == before


@pytest.mark.parametrize("kind", ["company", "person"])
def test_t13_what_the_winner_has_is_never_taken_from_the_loser(store: Store, kind: str) -> None:
    """Filled in every field on both sides, the winner keeps all of its own; what can be had twice is united."""
    verbs: Companies | People = Companies(store) if kind == "company" else People(store)
    entity = Entity(kind)
    fields = {each: OwnFields(store).create(entity, OwnKind.TEXT, each) for each in ("Vertrag", "Kürzel")}
    ids = []
    for who in ("Sieger", "Verlierer"):
        common: dict[str, Any] = {
            "info": f"Info {who}", "touch_target": len(who), "mails": [Point("", f"{who}@x.de")],
            "phones": [Point("main", f"0221 {len(who)}")], "addresses": [Place(street=who, city="Köln")],
            "tags": [who], "own": {fields["Vertrag"]: who},
        }  # fmt: skip
        if isinstance(verbs, Companies):
            ids.append(verbs.create(name=who, number=who, industry=who, kinds=[CompanyKind.CUSTOMER], **common))
        else:
            ids.append(verbs.create(given=who, family=who, prefix=who, salutation=who, **common))
    winner, loser = ids
    verbs.edit([loser], own={fields["Kürzel"]: "nur hier"})
    shown = Merging(store).preview(entity.value, ids, winner)  # type: ignore[arg-type]
    Merging(store).merge(entity.value, ids, winner)  # type: ignore[arg-type]
    (row,) = values(store, f"SELECT * FROM {kind} WHERE id = {winner}")
    assert [cell for cell in row if isinstance(cell, str) and "Verlierer" in cell] == ["Info Sieger\n\nInfo Verlierer"]
    own = dict(values(store, f"SELECT field_id, text FROM field_value WHERE {kind}_id = {winner}"))
    assert own == {fields["Vertrag"]: "Sieger", fields["Kürzel"]: "nur hier"}
    points = values(store, f"SELECT value FROM contact_point WHERE {kind}_id = {winner} ORDER BY kind, position")
    assert points == [("Sieger@x.de",), ("Verlierer@x.de",), ("0221 6",), ("0221 9",)]
    for field in shown.fields:
        if field.source is not None:
            assert field.source == winner or winner not in field.values, field.key
