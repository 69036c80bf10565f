"""Who may sign in at the server, as whom, and how long."""

from pathlib import Path
from threading import Event

import psycopg
import pytest

from app.core.errors import InvalidInput, NewerStore, NotAllowed, NotFound, StorageError
from app.core.roles import Role
from app.models.server import people
from app.models.server.link import Link
from app.models.server.replica import make_replica
from app.models.store import Store
from tests.models.edits import edit, value
from tests.models.server.offices import Office
from tests.servers import SECRET
from tests.stores import add_lead

HOSTILE = ['a"; DROP ROLE admin; --', "o'neill", "back\\slash", "Müller Süß", "%s", "a$b", "x" * 63]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_may_hold_any_signs(office: Office, name: str) -> None:
    with office.server.connect() as admin:
        member = people.add_member(admin, name, "X", Role.OWNER)
        people.add_login(admin, name, SECRET + "'\\\"%s", member)
        people.set_password(admin, name, SECRET)
        link = Link(office.address(name))
        standing = link.standing
        link.drop()
        assert (standing.member_id, standing.role) == (member, "owner")
        assert people.logins(admin) == [(name, member, True)]
        people.disable(admin, name)
        assert people.logins(admin) == [(name, member, False)]
        with pytest.raises(NotAllowed):
            Link(office.address(name)).open()
        admin.execute(f"DROP OWNED BY {psycopg.sql.Identifier(name).as_string(admin)}")
        admin.execute(f"DROP ROLE {psycopg.sql.Identifier(name).as_string(admin)}")


@pytest.mark.parametrize("name", ["", " ", "pg_monitor", "a\0b", "a\nb", " a", "x" * 64, "ü" * 40])
def test_what_cannot_be_a_name_is_refused(office: Office, name: str) -> None:
    with office.server.connect() as admin:
        member = people.add_member(admin, "Anna", "A", Role.FULL)
        with pytest.raises(InvalidInput):
            people.add_login(admin, name, SECRET, member)
        assert people.logins(admin) == []


def test_names_and_people_come_once_and_passwords_are_long(office: Office) -> None:
    anna = office.admit("Anna")
    with office.server.connect() as admin:
        other = people.add_member(admin, "Ben", "B", Role.FULL)
        for name, password, member, error in (
            (anna, SECRET, other, InvalidInput),
            ("admin", SECRET, other, InvalidInput),
            (f"zwei@{office.server.database}", SECRET, people.logins(admin)[0][1], InvalidInput),
            (f"drei@{office.server.database}", SECRET, 999, NotFound),
            (f"vier@{office.server.database}", "kurz", other, InvalidInput),
        ):
            with pytest.raises(error):
                people.add_login(admin, name, password, member)
        assert [row[0] for row in people.logins(admin)] == [anna]
        for verb in (people.disable, people.enable):
            with pytest.raises(NotFound):
                verb(admin, "admin")


def test_no_password_stands_in_a_statement(office: Office) -> None:
    """The server writes statements into its log."""
    user = office.admit("Anna")
    with office.server.connect() as admin:
        admin.execute("SET log_statement = 'ddl'")
        people.set_password(admin, user, SECRET)
    log = (office.server.folder.parent / "log").read_text(errors="replace")
    assert "ALTER ROLE" in log
    assert SECRET not in log


def test_who_is_shut_out_is_out_at_once_and_keeps_the_history(office: Office, anna: Store) -> None:
    user = f"anna@{office.server.database}"
    lead = add_lead(anna, "Relaunch")
    with office.server.connect() as admin:
        people.disable(admin, user)
        with pytest.raises(NotAllowed):
            edit(anna, lead, title="Anders")
        assert admin.execute("SELECT count(*) FROM team.change_set WHERE actor_id = 1").fetchone() == (1,)
        people.enable(admin, user)
    edit(anna, lead, title="Anders")
    assert value(anna, "title", lead) == "Anders"


def test_another_role_counts_from_the_next_turn_on(office: Office, anna: Store) -> None:
    own, foreign = add_lead(anna, "Eigen", user_id=1), add_lead(anna, "Fremd")
    with office.server.connect() as admin:
        people.set_role(admin, f"anna@{office.server.database}", Role.LIMITED)
    anna.watch()
    assert (value(anna, "title", own), value(anna, "title", foreign)) == ("Eigen", None)
    with anna.maintenance() as connection:
        titles = connection.exec_driver_sql("SELECT title FROM lead").scalars().all()
    assert titles == ["Eigen"]  # the rest is not even in the file
    with office.server.connect() as admin:
        people.set_role(admin, f"anna@{office.server.database}", Role.READER)
    assert any(anna.watch() or value(anna, "title", foreign) or Event().wait(0.05) for _ in range(200))
    assert value(anna, "title", foreign) == "Fremd"
    with pytest.raises(NotAllowed):
        edit(anna, own, title="Anders")


def test_who_belongs_to_no_team_or_left_it_gets_nothing(office: Office, tmp_path: Path) -> None:
    user = office.admit("Anna")
    with office.server.connect() as admin:
        admin.execute("UPDATE team.member SET deleted_at = now()")
    with pytest.raises(NotAllowed):
        make_replica(tmp_path / "neu", office.address(user), clock=office.clock)
    with pytest.raises(NotAllowed):
        make_replica(tmp_path / "neu", office.address("admin"), clock=office.clock)
    assert not (tmp_path / "neu").exists()


@pytest.mark.parametrize(("schema", "error"), [("9999", NewerStore), ("0001", StorageError)])
def test_another_version_of_the_server_is_told_either_way(
    office: Office, schema: str, error: type[StorageError]
) -> None:
    user = office.admit("Anna")
    with office.server.connect() as admin:
        admin.execute("UPDATE team.information SET value = %s WHERE key = 'schema'", [schema])
    with pytest.raises(error) as told:
        Link(office.address(user)).open()
    assert type(told.value) is error
