"""A team's server of an older version is brought forward, as a whole or not at all; one of a newer is let be."""

from contextlib import closing
from typing import Any

import psycopg
import pytest

from app.core.errors import NewerStore, NotAllowed, NotFound, StorageError
from app.core.roles import Role
from app.models.migrate import HEAD, KNOWN
from app.models.server import link, upgrading
from app.models.server.link import Link
from app.models.server.schema import FORMAT
from app.models.server.upgrading import STEPS, ServerStep, upgrade
from app.models.store import Store
from tests.models.edits import edit, value
from tests.models.server.attempts import READING
from tests.models.server.offices import Office, of_server
from tests.servers import Server
from tests.stores import add_lead

NEXT = "9001"


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> ServerStep:
    """As if this program were of a later version: a column more, filled from what is there."""
    step = ServerStep(NEXT, FORMAT, lambda: [
        "ALTER TABLE team.lead ADD COLUMN mood text",
        "UPDATE team.lead SET mood = 'gut' WHERE title = 'Relaunch'",
    ])  # fmt: skip
    monkeypatch.setattr(upgrading, "STEPS", (*STEPS, step))
    monkeypatch.setattr(link, "HEAD", NEXT)
    monkeypatch.setattr(link, "KNOWN", (*KNOWN, NEXT))
    return step


_TABLES = """
SELECT relname, relrowsecurity, relforcerowsecurity, COALESCE(relacl, acldefault('r', relowner))::text
FROM pg_class WHERE relnamespace = 'team'::regnamespace AND relkind IN ('r', 'v')
"""
_COLUMNS = """
SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attacl IS NOT NULL AND relnamespace = 'team'::regnamespace
"""


def _rules(server: Server) -> list[tuple[Any, ...]]:
    """What is laid over the tables: policies, triggers, functions, views and who may do what."""
    found: list[tuple[Any, ...]] = []
    with server.connect() as admin:
        for query in (
            "SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'team'",
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT pg_get_functiondef(oid), proacl::text FROM pg_proc WHERE pronamespace = 'team'::regnamespace",
            "SELECT viewname, definition FROM pg_views WHERE schemaname = 'team'",
            _TABLES,
            _COLUMNS,
        ):
            found += sorted(map(repr, admin.execute(query)), key=str)  # type: ignore[arg-type]
    return found


def test_this_version_is_reached_by_steps_from_every_one_that_a_server_can_have() -> None:
    assert (STEPS[-1].schema, STEPS[-1].form) == (HEAD, FORMAT)
    reached = [step.schema for step in STEPS]
    assert tuple(dict.fromkeys(reached)) == KNOWN[KNOWN.index(STEPS[0].schema) :]
    assert len({(step.schema, step.form) for step in STEPS}) == len(STEPS)


def test_a_team_of_this_version_stays_as_it_is(team: Server) -> None:
    before = _rules(team)
    with team.connect() as admin:
        assert upgrade(admin) == []
    assert _rules(team) == before


def test_a_step_changes_the_tables_and_the_rules_are_laid_anew(
    office: Office, anna: Store, request: pytest.FixtureRequest
) -> None:
    relaunch, other = add_lead(anna, "Relaunch"), add_lead(anna, "Anderes")
    before, rows, user = _rules(office.server), of_server(office.server), f"anna@{office.server.database}"
    request.getfixturevalue("next_version")
    with pytest.raises(StorageError, match="older version"):
        Link(office.address(user)).open()
    with office.server.connect() as admin:
        assert upgrade(admin) == [NEXT]
        assert upgrade(admin) == []
        moods = admin.execute("SELECT id, mood FROM team.lead ORDER BY id").fetchall()
    assert moods == [(relaunch, "gut"), (other, None)]
    assert _rules(office.server) == before
    assert of_server(office.server) == rows
    edit(anna, other, title="Geht weiter")
    assert value(anna, "title", other) == "Geht weiter"


def test_who_is_there_already_gets_a_secret(office: Office, anna: Store) -> None:
    """Teams of before had none."""
    office.admit("Ben")
    before = _rules(office.server)
    with office.server.connect() as admin:
        admin.execute("DROP TABLE team.let_go")
        admin.execute("ALTER TABLE team.login DROP COLUMN secret")
        admin.execute("DROP FUNCTION team.my_secret")
        admin.execute("UPDATE team.information SET value = '1' WHERE key = 'format'")
        with pytest.raises(StorageError, match="older version"):
            Link(office.address(f"anna@{office.server.database}")).open()
        assert upgrade(admin) == [HEAD]
        found = admin.execute("SELECT count(DISTINCT secret), min(length(secret)), max(length(secret)) FROM team.login")
        assert found.fetchone() == (2, 32, 32)
    assert _rules(office.server) == before
    link = Link(office.address(f"anna@{office.server.database}"))
    assert len(link.standing.secret) == 32
    link.drop()


@pytest.mark.usefixtures("next_version")
def test_who_works_there_is_thrown_out(office: Office) -> None:
    user = office.admit("Anna")
    with closing(office.server.connect(user)) as old:
        old.execute("SELECT 1")
        with office.server.connect() as admin:
            upgrade(admin)
        with pytest.raises(psycopg.OperationalError):
            old.execute("SELECT 1")


@pytest.mark.usefixtures("next_version")
def test_a_step_that_fails_leaves_all_as_it_was(team: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ServerStep(NEXT, FORMAT, lambda: ["ALTER TABLE team.lead ADD COLUMN mood text", "SELECT 1 / 0"])
    monkeypatch.setattr(upgrading, "STEPS", (*STEPS, broken))
    before = _rules(team)
    with team.connect() as admin:
        with pytest.raises(psycopg.errors.DivisionByZero):
            upgrade(admin)
        assert admin.execute("SELECT value FROM team.information WHERE key = 'schema'").fetchone() == (HEAD,)
        columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'team.lead'::regclass AND attname = 'mood'"
        assert admin.execute(columns).fetchone() == (0,)
    assert _rules(team) == before


@pytest.mark.usefixtures("next_version")
def test_only_an_administrator_does_it(office: Office) -> None:
    before = _rules(office.server)
    with office.server.connect(office.admit("Anna")) as anna, pytest.raises(NotAllowed):
        upgrade(anna)
    assert _rules(office.server) == before


@pytest.mark.parametrize(
    ("schema", "form", "error"),
    [("9999", FORMAT, NewerStore), (HEAD, "99", NewerStore), ("0001", "1", StorageError), (HEAD, "0", StorageError)],
)
def test_other_versions_are_told_and_let_be(team: Server, schema: str, form: str, error: type[StorageError]) -> None:
    with team.connect() as admin:
        for key, value in (("schema", schema), ("format", form)):
            admin.execute("UPDATE team.information SET value = %s WHERE key = %s", [value, key])
        with pytest.raises(error) as told:
            upgrade(admin)
        assert type(told.value) is error
        rows = admin.execute("SELECT value FROM team.information WHERE key IN ('schema', 'format') ORDER BY key DESC")
        assert rows.fetchall() == [(schema,), (form,)]


def test_without_a_team_there_is_nothing_to_bring_forward(cluster: Server) -> None:
    with cluster.connect() as admin, pytest.raises(NotFound):
        upgrade(admin)


@pytest.mark.usefixtures("next_version")
def test_nobody_reads_more_after_it(office: Office) -> None:
    user = office.admit("Ben", Role.LIMITED)
    with office.server.connect() as admin:
        upgrade(admin)
    with office.server.connect(user) as ben:
        for statement in READING[:4]:
            assert ben.execute(statement.format(not_own="true").encode()).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ben.execute("SELECT * FROM team.login")
