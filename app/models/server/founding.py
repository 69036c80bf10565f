"""Making the place of a team in an empty database, with an administrator's connection.

Nothing is granted to PUBLIC. Schema and tables belong to a role that nobody can sign in as; the people of the team are
members of one group, and what each of them may see and write follows from the policies.
"""

from typing import TYPE_CHECKING

from app.core.errors import InvalidInput, StorageError
from app.core.i18n import Text
from app.models.migrate import HEAD
from app.models.server.failures import answered
from app.models.server.link import informed
from app.models.server.policies import policy_statements
from app.models.server.schema import FORMAT, grant_statements, table_statements
from app.models.server.upgrading import rules_digest
from app.models.server.words import SCHEMA, Row, group_of, quoted, run
from app.models.types import new_uid

if TYPE_CHECKING:
    from psycopg import Connection

_OLDEST = 150000


def found(admin: "Connection[Row]", *, base_currency: str, country: str, time_zone: str) -> str:
    """Make the tables of a team in the database of this connection; returns the team's uid.

    All of it or nothing. Raises InvalidInput where there is a team already, NotAllowed, Unreachable.
    """
    with answered(), admin.transaction():
        _look(admin)
        database = admin.info.dbname
        owner, people = group_of(database, "tables"), group_of(database, "people")
        for role in (owner, people):
            _make_role(admin, role)
        run(admin, f"GRANT {quoted(owner)} TO CURRENT_USER")
        run(admin, f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC")
        run(admin, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        run(admin, f"GRANT CONNECT ON DATABASE {quoted(database)} TO {quoted(people)}")
        run(admin, f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {quoted(owner)}")
        run(admin, f"SET LOCAL ROLE {quoted(owner)}")
        for statement in (*table_statements(), *policy_statements(owner, people), *grant_statements(people)):
            run(admin, statement)
        uid = new_uid()
        rules = rules_digest(owner, people)
        informed = {"schema": HEAD, "format": FORMAT, "team": uid, "tables": owner, "people": people, "rules": rules}
        for key, value in informed.items():
            run(admin, f"INSERT INTO {SCHEMA}.information VALUES (%s, %s)", [key, value])
        _set_facts(admin, base_currency=base_currency, country=country, time_zone=time_zone)
        run(admin, "RESET ROLE")
        return uid


def begin_copies_anew(admin: "Connection[Row]") -> None:
    """Let everybody fetch all anew: after a backup was restored the server knows less than some replicas have seen.

    Raises NotFound without a team, NotAllowed.
    """
    with answered(), admin.transaction():
        run(admin, f"SET LOCAL ROLE {quoted(informed(admin)['tables'])}")
        run(admin, f"UPDATE {SCHEMA}.information SET value = %s WHERE key = 'team'", [new_uid()])


def _look(admin: "Connection[Row]") -> None:
    if admin.info.server_version < _OLDEST:
        raise StorageError(
            Text("The PostgreSQL of the server is too old."), Text("Version 15 or a later one is needed.")
        )
    encoding = run(admin, "SHOW server_encoding").fetchone()
    if encoding != ("UTF8",):
        raise StorageError(
            Text("The database does not keep its texts in UTF-8."), Text("Create it with that encoding.")
        )
    if run(admin, "SELECT 1 FROM pg_namespace WHERE nspname = %s", [SCHEMA]).fetchone():
        raise InvalidInput(Text("This database holds a team already."))


def _make_role(admin: "Connection[Row]", name: str) -> None:
    if run(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        raise InvalidInput(
            Text("The server has a role “{name}” already, perhaps of a database that is gone.", name=name),
            Text("Remove it with DROP ROLE, or give the database another name."),
        )
    run(admin, f"CREATE ROLE {quoted(name)} NOLOGIN")


def _set_facts(admin: "Connection[Row]", **facts: str) -> None:
    """The facts that a new store begins with, too (`app.models.migrate.prepare`)."""
    first = run(admin, f"SELECT last + 1 FROM {SCHEMA}.last_key WHERE table_name = 'store_setting'").fetchone()
    assert first is not None
    for number, (key, value) in enumerate(facts.items(), first[0]):
        run(admin, f"INSERT INTO {SCHEMA}.store_setting (id, key, value) VALUES (%s, %s, %s)", [number, key, value])
