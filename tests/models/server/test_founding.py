"""What stands in a database after a team was founded there, and what nobody may do with it."""

import pytest

from app.core.errors import InvalidInput
from app.models.migrate import HEAD
from app.models.server.founding import found
from app.models.server.shared import shared_tables
from tests.servers import Server


def test_every_shared_table_is_there_empty_and_guarded(team: Server) -> None:
    with team.connect() as admin:
        rows = admin.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class"
            " WHERE relnamespace = 'team'::regnamespace AND relkind = 'r'"
        ).fetchall()
        guarded = {name for name, *row in rows if row == [True, True, "vorlage_tables"]}
        assert {table.name for table in shared_tables()} <= guarded
        assert admin.execute("SELECT value FROM team.information WHERE key = 'schema'").fetchone() == (HEAD,)
        facts = admin.execute("SELECT key, value FROM team.store_setting ORDER BY key").fetchall()
        assert facts == [("base_currency", "EUR"), ("country", "DE"), ("time_zone", "Europe/Berlin")]


def test_nothing_is_granted_to_everybody(team: Server) -> None:
    with team.connect() as admin:
        admin.execute("CREATE ROLE stranger LOGIN")
        try:
            for table in (*(f'"{table.name}"' for table in shared_tables()), "login", "turn", "tombstone"):
                may = f"has_table_privilege('stranger', 'team.{table}', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
                assert admin.execute(f"SELECT {may}").fetchone() == (False,)
            open_to_all = admin.execute(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'team'::regnamespace"
                " AND has_function_privilege('stranger', oid, 'EXECUTE')"
            )
            assert open_to_all.fetchall() == []
            assert admin.execute("SELECT has_schema_privilege('stranger', 'team', 'USAGE')").fetchone() == (False,)
        finally:
            admin.execute("DROP ROLE stranger")


def test_a_second_team_is_refused_and_the_first_one_stays(team: Server) -> None:
    with team.connect() as admin:
        before = admin.execute("SELECT value FROM team.information WHERE key = 'team'").fetchone()
        with pytest.raises(InvalidInput):
            found(admin, base_currency="CHF", country="CH", time_zone="Europe/Zurich")
        assert admin.execute("SELECT value FROM team.information WHERE key = 'team'").fetchone() == before


def test_a_role_with_the_name_of_the_teams_leaves_no_half_of_one(cluster: Server) -> None:
    with cluster.connect() as admin:
        admin.execute("CREATE DATABASE halb")
        admin.execute("CREATE ROLE halb_people")
        try:
            with cluster.connect(database="halb") as there:
                with pytest.raises(InvalidInput, match="a role"):
                    found(there, base_currency="EUR", country="DE", time_zone="Europe/Berlin")
                assert there.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'team'").fetchone() == (0,)
        finally:
            admin.execute("DROP DATABASE halb")
            admin.execute("DROP ROLE halb_people")
