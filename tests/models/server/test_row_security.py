"""What somebody tries by SQL of his own who may see only some leads, only read, or nothing at all.

Everything of the other person carries a mark. No answer may show it, and nothing of it may be another one afterwards.
"""

from typing import Any

import psycopg
import pytest

from app.models.server.shared import shared_table
from app.models.store import Store
from app.services.companies import Companies
from app.services.people import People
from tests.models.server.attempts import BUILDING, READING, TABLES, WRITING
from tests.models.server.intruders import MARK, hide_secrets, signed_in, tried, wrongly_read, wrongly_written
from tests.models.server.offices import Office, of_server
from tests.servers import SECRET


@pytest.fixture
def theirs(office: Office, anna: Store) -> dict[str, Any]:
    """Anna's lead with all that can hang on one, and Ben (2) with a lead of his own; Cem (3) reads."""
    return hide_secrets(office, anna)


@pytest.mark.parametrize("who", ["ben", "cem"])
def test_nothing_foreign_is_written(office: Office, theirs: dict[str, Any], who: str) -> None:
    assert wrongly_written(office, theirs, who) == []


def test_nothing_foreign_is_read(office: Office, theirs: dict[str, Any]) -> None:
    assert wrongly_read(office, theirs, "ben") == []


def test_the_marks_are_there_to_be_found(office: Office, theirs: dict[str, Any]) -> None:
    """Else the test above would find nothing in whatever it is shown."""
    with signed_in(office, "cem") as direct:
        whole = 'SELECT string_agg(t::text, chr(10)) FROM team."{}" AS t'
        found = {name for name in TABLES if MARK in tried(direct, whole.format(name))}
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
    with signed_in(office, "fremd") as direct:
        for statement in (*READING, *WRITING, *BUILDING):
            assert MARK not in tried(direct, statement.format(**theirs, not_own="true"))
    assert of_server(office.server) == before


@pytest.mark.parametrize(
    ("table", "owner", "other"),
    [("lead_tag", "lead_id", "tag_id"), ("lead_person", "lead_id", "person_id"),
     ("company_tag", "company_id", "tag_id"), ("person_tag", "person_id", "tag_id")],
)  # fmt: skip
def test_no_key_says_what_hangs_on_what_is_not_seen(
    office: Office, anna: Store, theirs: dict[str, Any], table: str, owner: str, other: str
) -> None:
    """The answer is the same for what is there, for what is not, and for no record at all."""
    names, lead = shared_table(table).names, theirs["lead"]
    with office.server.connect() as admin:
        known = admin.execute("SELECT company_id, person_id FROM team.lead WHERE id = %s", [lead]).fetchone()
    Companies(anna).tag([known[0]], add=["geheim"])
    People(anna).tag([known[1]], add=["geheim"])
    with office.server.connect() as admin:
        row = admin.execute(f"SELECT {', '.join(names)} FROM team.{table} LIMIT 1".encode()).fetchone()
    there = dict(zip(names, row, strict=True))
    tries = [{}, {other: there[other] + 1}, {owner: 77}, {owner: 77, other: 78}]
    codes = [
        _code_of(office, table, there | {"id": 200_000 + number, "uid": f"{number:032x}"} | changed)
        for number, changed in enumerate(tries)
    ]
    assert set(codes) == {"42501"}


def _code_of(office: Office, table: str, row: dict[str, Any]) -> str | None:
    """What the server answers Ben who adds this row and has all looked at at once."""
    row = {name: value for name, value in row.items() if name in shared_table(table).names}
    marks = ", ".join("%s" for _ in row)
    with signed_in(office, "ben") as direct:
        direct.execute("BEGIN")
        try:
            direct.execute(f"INSERT INTO team.{table} ({', '.join(row)}) VALUES ({marks})".encode(), [*row.values()])
            direct.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return error.sqlstate
        finally:
            direct.execute("ROLLBACK")
    return None
