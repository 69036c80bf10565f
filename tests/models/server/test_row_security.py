"""What somebody tries by SQL of his own who may see only some leads, only read, or nothing at all.

Everything of the other person carries a mark. No answer may show it, and nothing of it may be another one afterwards.
"""

import io
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
import pytest

from app.core.i18n import Text
from app.core.money import Money
from app.core.roles import Role
from app.models.schema import Absence, Company, Person
from app.models.store import Store
from app.services.files import Files, Upload
from app.services.goals import Goals, GoalSpan
from app.services.leads import Leads, NextStep
from app.services.mail_files import Letter, MailFiles
from app.services.mails.parse import parse
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.saved_views import SavedViews
from tests.models.server.attempts import BUILDING, READING, TABLES, WRITING
from tests.models.server.offices import Dump, Office, of_server
from tests.servers import SECRET
from tests.services.mail_samples import mail
from tests.stores import add_lead

MARK = "GEHEIM"


@pytest.fixture
def theirs(office: Office, anna: Store) -> dict[str, Any]:
    """Anna's lead with all that can hang on one, and Ben (2) with a lead of his own."""
    office.admit("Ben", Role.LIMITED, 2)
    office.admit("Cem", Role.READER, 3)
    lead = Leads(anna).create(
        "active", title=f"{MARK} Lead", company=f"{MARK[:0]}Name GmbH", person="Name", tags=["neu"],  # type: ignore[arg-type]
    )  # fmt: skip
    Leads(anna).edit([lead], info=MARK, user_id=1)
    Leads(anna).set_next_step([lead], NextStep(date(2026, 12, 1), MARK))
    Leads(anna).set_people([lead], [("Weitere", MARK)])
    owner = Owner("lead", lead)
    Notes(anna).write("note", [owner], MARK)
    Files(anna).attach(owner, [Upload(f"{MARK}.txt", MARK.encode())])
    data = mail(MARK, identity="x@example.com", attached=[(f"{MARK}.txt", MARK.encode())])
    MailFiles(anna).place(Letter.of(data, parse(io.BytesIO(data))), [owner])
    Goals(anna).set(GoalSpan.YEAR, 2027 * 12, Money(424242, "EUR"), 1)
    SavedViews(anna).create("leads", MARK, {"text": MARK}, shared=False)
    with anna.write(Text("Info")) as session:
        for record in (*session.query(Company), *session.query(Person)):
            record.info = MARK
        session.add(Absence(user_id=1, first_on=1, last_on=2, kind="sick"))
    with closing(office.replica(f"ben@{office.server.database}")) as ben:
        own = add_lead(ben, "Eigener Lead", user_id=2)
    found = of_server(office.server)
    return {
        "lead": lead, "own": own, "note": _first(found, "note"), "content": _first(found, "content"),
        "mail": _first(found, "mail"), "company": _first(found, "company"), "person": _first(found, "person"),
        "step": _first(found, "step"), "attachment": _first(found, "attachment"), "set": _first(found, "change_set"),
        "stage": _first(found, "stage"), "tag": _first(found, "tag"), "view": _first(found, "saved_view"),
    }  # fmt: skip


def _first(dump: Dump, table: str) -> int:
    number: int = dump[table][0][0]
    return number


@pytest.mark.parametrize("who", ["ben", "cem"])
def test_nothing_foreign_is_written(office: Office, theirs: dict[str, Any], who: str) -> None:
    before = of_server(office.server)
    with _signed_in(office, who) as direct:
        answers = {statement: _try(direct, statement.format(**theirs)) for statement in (*WRITING, *BUILDING)}
    assert of_server(office.server) == before, [each for each, answer in answers.items() if not answer]


def test_nothing_foreign_is_read(office: Office, theirs: dict[str, Any]) -> None:
    with _signed_in(office, "ben") as direct:
        answers = {each: _try(direct, each.format(**theirs, not_own=f"id <> {theirs['own']}")) for each in READING}
    assert [each for each, answer in answers.items() if MARK in answer or "424242" in answer] == []


def test_the_marks_are_there_to_be_found(office: Office, theirs: dict[str, Any]) -> None:
    """Else the test above would find nothing in whatever it is shown."""
    with _signed_in(office, "cem") as direct:
        whole = 'SELECT string_agg(t::text, chr(10)) FROM team."{}" AS t'
        found = {name for name in TABLES if MARK in _try(direct, whole.format(name))}
    assert {"lead", "note", "step", "mail", "attachment", "company", "person", "lead_person", "change"} <= found
    assert theirs["lead"]


def test_the_attempts_are_worth_something(office: Office, theirs: dict[str, Any]) -> None:
    """An administrator gets through with each of them, so it is not a slip of the pen that keeps others from it."""
    vain = []
    with office.server.connect() as admin:
        for statement in WRITING:
            admin.execute("BEGIN")
            try:
                if not admin.execute(statement.format(**theirs).encode()).rowcount:
                    vain.append(statement)
            except psycopg.Error as error:
                if not isinstance(error, psycopg.errors.UniqueViolation):
                    vain.append(f"{statement}: {error}")
            admin.execute("ROLLBACK")
    empty = [f'DELETE FROM team."{name}"' for name, rows in of_server(office.server).items() if not rows]
    assert set(vain) <= {*empty, "DELETE FROM team.tombstone"}


def test_a_stranger_gets_nowhere(office: Office, theirs: dict[str, Any]) -> None:
    name = f"fremd@{office.server.database}"
    with office.server.connect() as admin:
        admin.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{SECRET}'")
    before = of_server(office.server)
    with _signed_in(office, "fremd") as direct:
        for statement in (*READING, *WRITING, *BUILDING):
            assert MARK not in _try(direct, statement.format(**theirs, not_own="true"))
    assert of_server(office.server) == before


def _signed_in(office: Office, who: str) -> Any:
    return office.server.connect(f"{who}@{office.server.database}")


def _try(direct: Any, statement: str) -> str:
    """All that the server says to it: rows, notices, and the error with its detail; nothing where it was just done."""
    heard: list[str] = []
    note = lambda notice: heard.append(str(notice.message_primary))  # noqa: E731 - to be taken off again
    direct.add_notice_handler(note)
    for part in statement.split("; ") if not statement.startswith("CREATE FUNCTION") else [statement]:
        try:
            if part.startswith("COPY (SELECT"):
                with direct.cursor() as cursor, cursor.copy(part) as copied:
                    heard += [bytes(block).decode() for block in copied]
                continue
            cursor = direct.execute(part.encode())
            heard += [_said(row) for row in cursor.fetchall()] if cursor.description else []
        except psycopg.Error as error:
            said = error.diag
            heard += [f"{said.message_primary} {said.message_detail} {said.message_hint} {said.context}"]
    direct.remove_notice_handler(note)
    direct.execute("RESET SESSION AUTHORIZATION")
    direct.execute("RESET ALL")
    return "\n".join(heard)


def _said(row: tuple[Any, ...]) -> str:
    return repr([value.decode(errors="replace") if isinstance(value, bytes) else value for value in row])
