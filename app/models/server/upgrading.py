"""Bringing the tables of a team to the version of this program: in one transaction, by the role they belong to.

A migration of the stores (`app.models.migrations`) comes with a step here. It says only what becomes of the tables:
functions, triggers, policies, views and grants follow from the program and are made anew around them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import InvalidInput, NotAllowed, StorageError
from app.core.i18n import Text
from app.models.server.failures import answered
from app.models.server.link import MOVING, informed, is_newer, newer
from app.models.server.people import as_owner
from app.models.server.policies import policy_statements
from app.models.server.schema import grant_statements, work_statements
from app.models.server.words import SCHEMA, Row, quoted, run

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True)
class ServerStep:
    """What becomes of the tables on the way to this revision of the schema and this format.

    `statements` gives SQL without parameters, for example `ALTER TABLE team.lead ADD COLUMN …`; a new table is made by
    `app.models.server.schema.added_table`.
    """

    schema: str
    form: str
    statements: Callable[[], Iterable[str]] = tuple


#: In order. The first one is what teams were founded with at first.
STEPS: tuple[ServerStep, ...] = (
    ServerStep("0004", "1"),
    ServerStep(
        "0004", "2",
        lambda: (
            f"""
CREATE TABLE IF NOT EXISTS {SCHEMA}.let_go (
  table_name text, row_id bigint, member_id bigint, PRIMARY KEY (member_id, table_name, row_id))""",
            f"ALTER TABLE {SCHEMA}.login ADD COLUMN secret bytea",
            # each of these has 122 bits of chance
            f"UPDATE {SCHEMA}.login SET secret = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
            f"ALTER TABLE {SCHEMA}.login ALTER COLUMN secret SET NOT NULL",
        ),
    ),
)  # fmt: skip


def upgrade(admin: "Connection[Row]") -> list[str]:
    """Bring a team forward; returns the revisions it went through, none if it was of this version already.

    All of it or nothing. Who works with it is thrown out, and comes back with a program of this version. Raises
    NewerStore for a team of a newer program, StorageError for one that cannot be brought forward, NotFound without a
    team, NotAllowed, Locked while somebody writes for too long.
    """
    with answered():
        told = informed(admin)
        steps, rules = _ahead(told), rules_digest(told["tables"], told["people"])
        if not steps and told.get("rules") == rules:
            return []
        if MOVING in told:
            raise InvalidInput(Text("A move to this server was begun and is not complete."), _UNCHANGED)
        with admin.transaction():
            _throw_out(admin)
            as_owner(admin)
            run(admin, f"SELECT FROM {SCHEMA}.turn FOR UPDATE")
            for statement in _all_of(admin, told["tables"], told["people"], steps):
                run(admin, statement)
            now = {"schema": steps[-1].schema, "format": steps[-1].form} if steps else {}
            for key, value in (now | {"rules": rules}).items():
                run(admin, _NOTE, [key, value])
        _throw_out(admin)  # who came back meanwhile did so with the program of before
    return [step.schema for step in steps] or [told["schema"]]


def rules_digest(owner: str, people: str) -> str:
    """What tells the rules of this program from those of another one: of tables alone one does not see them."""
    rules = (*work_statements(), *policy_statements(owner, people), *grant_statements(people))
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()


_NOTE = f"""
INSERT INTO {SCHEMA}.information VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_UNCHANGED = Text("Nothing was changed.")


def _ahead(told: dict[str, str]) -> tuple[ServerStep, ...]:
    """The steps that a team has before it."""
    schema, form = told["schema"], told["format"]
    for number, step in enumerate(STEPS):
        if (step.schema, step.form) == (schema, form):
            return STEPS[number + 1 :]
    if is_newer(schema, form):
        raise newer()
    raise StorageError(
        Text("The team's server is of a version that cannot be brought forward ({version}).", version=schema),
        Text("Please move it out with the program of that version, and into a new team with this one."),
    )


def _all_of(admin: "Connection[Row]", owner: str, people: str, steps: Iterable[ServerStep]) -> Iterator[str]:
    for kind in (_POLICIES, _UNFORCED, _TRIGGERS, _VIEWS, _ROUTINES):
        for (statement,) in run(admin, kind).fetchall():
            yield statement
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {quoted(people)}"
    for step in steps:
        yield from step.statements()
    yield "SET CONSTRAINTS ALL IMMEDIATE"  # an altered table may have none that wait
    yield from work_statements()
    yield from policy_statements(owner, people)
    yield from grant_statements(people)


#: What follows from the program, as statements that take it away.
_POLICIES = f"""
SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename) FROM pg_policies
WHERE schemaname = '{SCHEMA}'
"""
_UNFORCED = f"""
SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class
WHERE relnamespace = '{SCHEMA}'::regnamespace AND relforcerowsecurity
"""
_TRIGGERS = f"""
SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = '{SCHEMA}'::regnamespace AND NOT tgisinternal
"""
_VIEWS = f"SELECT format('DROP VIEW %I.%I', schemaname, viewname) FROM pg_views WHERE schemaname = '{SCHEMA}'"
_ROUTINES = f"""
SELECT format('DROP FUNCTION %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace
"""


def _throw_out(admin: "Connection[Row]") -> None:
    """End the connections of who works with the team, as far as an administrator of this kind may."""
    statement = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN {SCHEMA}.login ON usename = role_name
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    with suppress(NotAllowed), answered(), admin.transaction():
        run(admin, statement)
