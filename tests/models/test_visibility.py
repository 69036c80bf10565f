"""What is in the trash is not there, however a query is put."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.i18n import Text
from app.models.bookkeeping import UNRECORDED
from app.models.memory import Attachment, Content, LeadPerson, Mail, NotePerson
from app.models.own_fields import Field, FieldValue
from app.models.schema import METADATA, Lead, Note, Person, Stage
from app.models.store import Store
from app.models.visibility import ERASABLE, view_statements
from tests.stores import TODAY, Fillings, add_company, add_lead, add_person, add_step, add_tag

#: Each gives the rows that come from the trashed lead, and must give none.
SHAPES = (
    "SELECT * FROM lead WHERE title = 'Geheim'",
    "SELECT * FROM lead WHERE id = 2",
    "SELECT * FROM lead AS l WHERE l.id IN (2)",
    "SELECT * FROM (SELECT * FROM lead) WHERE id = 2",
    "WITH all_leads AS (SELECT * FROM lead) SELECT * FROM all_leads WHERE id = 2",
    "SELECT count(*) FROM lead WHERE id = 2 HAVING count(*) > 0",
    "SELECT max(id) FROM lead HAVING max(id) > 1",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM lead WHERE id = 2)",
    "SELECT * FROM stage JOIN lead ON lead.stage_id = stage.id WHERE lead.id = 2",
    "SELECT * FROM stage LEFT JOIN lead ON lead.stage_id = stage.id WHERE lead.id = 2",
    "SELECT id FROM stage INTERSECT SELECT id FROM lead WHERE id = 2",
    "SELECT id FROM lead UNION ALL SELECT id FROM lead EXCEPT SELECT 1",
    "SELECT status, sum(total_base) AS total FROM lead GROUP BY status HAVING sum(total_base) > 100",
    "SELECT id, row_number() OVER (ORDER BY id) AS place FROM lead WHERE id = 2",
    "SELECT * FROM lead WHERE weighted_base > 10 ORDER BY weighted_base LIMIT 1",
    "SELECT * FROM step WHERE lead_id = 2",
    "SELECT * FROM stage_entry WHERE lead_id = 2",
    "SELECT * FROM note WHERE lead_id = 2",
    "SELECT * FROM lead_tag WHERE lead_id = 2",
    "SELECT * FROM lead_person WHERE lead_id = 2",
    "SELECT * FROM field_value WHERE lead_id = 2",
    "SELECT * FROM attachment WHERE lead_id = 2",
    "SELECT * FROM note_person WHERE note_id = (SELECT max(note_id) FROM note_person)",
    "SELECT * FROM mail WHERE subject = 'Akte'",
    "SELECT * FROM attachment WHERE mail_id IS NOT NULL",
    "SELECT * FROM step WHERE text = 'Geheimer Anruf'",
    "SELECT * FROM search_doc WHERE lead_id = 2",
    "SELECT * FROM search_doc WHERE folded LIKE '%geheim%'",
    "SELECT * FROM search_doc WHERE folded LIKE '%akte%'",
    "SELECT * FROM search_fts WHERE search_fts MATCH '\"geheim\"'",
    "SELECT d.* FROM search_fts f JOIN search_doc d ON d.id = f.rowid WHERE f.folded MATCH 'geheim*' AND d.lead_id = 2",
)


def _trashed(store: Store) -> None:
    add_lead(store, "Offen", amount=1)
    lead = add_lead(store, "Geheim", amount=7_000_000, company_id=add_company(store, "X"))
    add_step(store, lead, TODAY + timedelta(days=1), "Geheimer Anruf")
    add_tag(store, lead, "Rot")
    with store.write(Text("Note")) as session:
        session.add(Note(lead_id=lead, user_id=1, at=store.clock.now(), text="Geheime Notiz"))
    _hang_the_rest_on(store, lead)
    with store.write(Text("Lead deleted")) as session:
        session.get_one(Lead, lead).deleted_at = store.clock.now()


@pytest.fixture
def fillings() -> Fillings:
    return {"trashed": _trashed}


@pytest.fixture
def trashed(store: Store) -> Store:
    """Lead 1 to be seen; lead 2 with everything that can hang on a lead, in the trash."""
    return store


def _hang_the_rest_on(store: Store, lead: int) -> None:
    """Who has a say, a value, a file, and a mail with another file that somebody took part in."""
    person, now = add_person(store, "Petra"), store.clock.now()
    with store.write(Text("All the rest")) as session:
        content = Content(hash="0", size=0, at=now)
        mail = Mail(identity="<1>", subject="Akte", people="[]", text="")
        field = Field(
            entity="lead", kind="text", name="Feld", help="", unit="", required=False, in_list=False, position=0,
            notify=False, notify_days=0, yearly=False,
        )  # fmt: skip
        session.add_all([content, mail, field, LeadPerson(lead_id=lead, person_id=person, role="", position=0)])
        session.flush()
        note = Note(lead_id=lead, at=now, kind="mail", mail_id=mail.id, text="")
        file = {"content_id": content.id, "at": now, "name": "akte.pdf", "mime": ""}
        session.add_all([note, Attachment(lead_id=lead, **file), Attachment(mail_id=mail.id, **file)])
        session.add(FieldValue(field_id=field.id, lead_id=lead, text="x"))
        session.flush()
        session.add(NotePerson(note_id=note.id, person_id=person))


@pytest.mark.parametrize("query", SHAPES)
def test_no_query_sees_what_is_in_the_trash(trashed: Store, query: str) -> None:
    with trashed.read() as connection:
        assert connection.execute(text(query)).all() == []


@pytest.mark.parametrize("query", SHAPES)
def test_each_of_these_queries_would_see_it(trashed: Store, query: str) -> None:
    """The shapes above are worth something only if they find the lead once it is back."""
    trashed.undo()
    with trashed.read() as connection:
        assert connection.execute(text(query)).all() != []


def test_the_trash_itself_can_be_read(trashed: Store) -> None:
    with trashed.read() as connection:
        assert connection.execute(text("SELECT title FROM trashed_lead")).scalars().all() == ["Geheim"]
        assert connection.execute(text("SELECT count(*) FROM trashed_company")).scalar() == 0


def test_every_new_connection_has_the_views(trashed: Store) -> None:
    for _ in range(2):
        with trashed.read() as first, trashed.read() as second:
            for connection in (first, second):
                assert connection.execute(text("SELECT count(*) FROM lead")).scalar() == 1
        trashed.drop_connections()


def test_the_name_of_a_deleted_entry_is_still_shown_where_it_is_used(store: Store) -> None:
    lead = add_lead(store, stage="Angebot")
    with store.write(Text("Deleted")) as session:
        session.get_one(Stage, 3).deleted_at = store.clock.now()
    query = "SELECT stage.name FROM lead JOIN stage ON stage.id = lead.stage_id WHERE lead.id = :lead"
    with store.read() as connection:
        assert connection.execute(text(query), {"lead": lead}).scalar() == "Angebot"


def test_a_note_of_its_own_can_be_deleted(store: Store) -> None:
    lead = add_lead(store)
    with store.write(Text("Notes")) as session:
        for words, deleted in (("a", None), ("b", store.clock.now())):
            session.add(Note(lead_id=lead, user_id=1, at=store.clock.now(), text=words, deleted_at=deleted))
    with store.read() as connection:
        assert connection.execute(text("SELECT text FROM note")).scalars().all() == ["a"]
        assert connection.execute(text("SELECT text FROM trashed_note")).scalars().all() == ["b"]


def test_a_step_of_a_company_is_seen(store: Store) -> None:
    company = add_company(store, "X")
    with store.maintenance() as connection:
        insert = "INSERT INTO step (uid, company_id, due_on, text) VALUES ('1', :company, 1, 'x')"
        connection.execute(text(insert), {"company": company})
    with store.read() as reader:
        assert reader.execute(text("SELECT count(*) FROM step")).scalar() == 1


def test_whatever_can_be_deleted_is_hidden_in_one_place() -> None:
    erasable = {name for name, table in METADATA.tables.items() if "deleted_at" in table.c}
    assert erasable == set(ERASABLE)
    veiled = {statement.split()[3] for statement in view_statements()}
    assert veiled >= erasable - {"stage", "stage_check", "reason", "source", "tag", "member", "field", "field_option"}
    hanging = {"lead_id", "company_id", "person_id", "note_id", "mail_id"}
    assert veiled >= {name for name, table in METADATA.tables.items() if hanging & set(table.c.keys())} - UNRECORDED


def test_who_took_part_is_not_there_while_he_is_in_the_trash(trashed: Store) -> None:
    trashed.undo()
    with trashed.write(Text("Person deleted")) as session:
        session.get_one(Person, 1).deleted_at = trashed.clock.now()
    with trashed.read() as connection:
        assert connection.execute(text("SELECT * FROM note_person")).all() == []


def test_covering_indexes_are_used_through_the_views(trashed: Store) -> None:
    query = "SELECT status, stage_id, sum(total_base), sum(weighted_base) FROM lead WHERE status = 'active' GROUP BY 2"
    with trashed.read() as connection:
        plan = " ".join(row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "COVERING INDEX" in plan
