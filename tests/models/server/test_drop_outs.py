"""A server that goes away, refuses or answers late: both sides stay as they were, and the person is told."""

import os
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import text

from app.core.errors import Locked, NotAllowed, NotFound, Unreachable
from app.core.i18n import Text
from app.models.schema import Lead
from app.models.server.link import Address, Link
from app.models.server.people import disable
from app.models.server.replica import make_replica
from app.models.store import Store
from app.services.check import check
from tests.models.edits import edit, value
from tests.models.server.offices import Office, assert_alike, frozen, of_replica, of_server
from tests.servers import SECRET
from tests.stores import add_lead


def _cut(office: Office) -> None:
    """As a restart of the server does it."""
    with office.server.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip


def _edit_and_cut(store: Store, lead: int, office: Office) -> None:
    with store.write(Text("Lead changed")) as session:
        session.get_one(Lead, lead).title = "Anders"
        session.flush()
        _cut(office)


def test_a_link_cut_in_a_turn_leaves_both_sides_as_they_were(anna: Store, office: Office) -> None:
    lead = add_lead(anna, "Relaunch")
    before, there = of_replica(anna, derived=True), of_server(office.server)
    with pytest.raises(Unreachable):
        _edit_and_cut(anna, lead, office)
    assert_alike(before, of_replica(anna, derived=True))
    assert_alike(there, of_server(office.server))
    assert value(anna, "title", lead) == "Relaunch"
    edit(anna, lead, title="Beim zweiten Mal")
    assert_alike(of_server(office.server), of_replica(anna))


def test_a_link_cut_between_turns_is_made_again(anna: Store, office: Office) -> None:
    lead = add_lead(anna, "Relaunch")
    _cut(office)
    edit(anna, lead, title="Anders")
    assert value(anna, "title", lead) == "Anders"
    _cut(office)
    assert not anna.watch()


def test_nobody_reaches_a_server_that_is_not_there(tmp_path: Path, office: Office) -> None:
    away = Address("127.0.0.1", "nirgends", "niemand", SECRET, port=9, tls="disable")
    with pytest.raises(Unreachable):
        Link(away).open()
    with pytest.raises(Unreachable):
        make_replica(tmp_path / "neu", away, clock=office.clock)
    assert not (tmp_path / "neu").exists()


def test_who_waits_too_long_for_the_others_is_told(
    anna: Store, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = add_lead(anna, "Relaunch")
    monkeypatch.setattr("app.models.server.addressing._LOCK_MS", 100)
    _cut(office)
    with office.server.connect() as slow:
        slow.execute("BEGIN")
        slow.execute("UPDATE team.turn SET rev = rev + 1")
        with pytest.raises(Locked):
            edit(anna, lead, title="Anders")
        slow.execute("ROLLBACK")
    edit(anna, lead, title="Anders")
    assert_alike(of_server(office.server), of_replica(anna))


def test_a_crash_between_the_commits_is_made_up_for(
    anna: Store, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = add_lead(anna, "Relaunch")
    before = of_replica(anna, derived=True)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sqlalchemy.engine.default.DefaultDialect.do_commit", crash)
        with pytest.raises(KeyboardInterrupt):
            edit(anna, lead, title="Anders")
    assert_alike(before, of_replica(anna, derived=True))
    anna.watch()
    assert value(anna, "title", lead) == "Anders"
    assert_alike(of_server(office.server), of_replica(anna))
    assert check(anna).ok
    anna.undo()
    assert value(anna, "title", lead) == "Relaunch"


def test_a_commit_whose_answer_is_lost_counts_if_it_was_one(
    anna: Store, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = add_lead(anna, "Relaunch")
    run = Link.run

    def deaf(self: Link, statement: str, values: object = None) -> object:
        found = run(self, statement, values)  # type: ignore[arg-type]
        if statement == "COMMIT":
            raise Unreachable(Text("cut"))
        return found

    monkeypatch.setattr(Link, "run", deaf)
    edit(anna, lead, title="Anders")
    assert value(anna, "title", lead) == "Anders"
    assert_alike(of_server(office.server), of_replica(anna))


def test_what_somebody_else_removed_cannot_be_referred_to(anna: Store, office: Office) -> None:
    """The replica does not look at references: the server does, and nothing is kept on either side."""
    lead = add_lead(anna, "Relaunch")
    before, there = of_replica(anna, derived=True), of_server(office.server)
    with pytest.raises(NotFound):
        edit(anna, lead, company_id=987654)
    assert_alike(before, of_replica(anna, derived=True))
    assert_alike(there, of_server(office.server))


def test_what_the_team_shares_is_not_written_without_it(anna: Store) -> None:
    lead = add_lead(anna, "Relaunch")
    with pytest.raises(RuntimeError, match="lead"), anna.maintenance(here=True) as connection:
        connection.execute(text("UPDATE lead SET title = 'x'"))
    with anna.maintenance(here=True) as connection:
        connection.execute(text("UPDATE lead SET total_base = total_base"))
    assert value(anna, "title", lead) == "Relaunch"


def test_who_watches_is_told_once_and_waits(anna: Store, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there can be read meanwhile; when the server is back, what others did comes."""
    lead = add_lead(anna, "Relaunch")
    anna.watch()
    states = [anna.away]
    office.shut()
    with pytest.raises(Unreachable):
        _look(anna)
    states.append(anna.away)
    assert not anna.watch()
    assert value(anna, "title", lead) == "Relaunch"
    with pytest.raises(Unreachable):
        edit(anna, lead, title="Anders")
    office.reopen()
    with office.server.connect() as there:
        there.execute("UPDATE team.lead SET title = 'Von anderen'")
    monkeypatch.setattr("app.models.server.ear.monotonic", lambda: 10**9)
    assert anna.watch()
    assert [*states, anna.away] == [False, True, False]
    assert value(anna, "title", lead) == "Von anderen"


def test_a_server_that_is_back_is_asked_at_once_when_somebody_wants_it(anna: Store, office: Office) -> None:
    anna.watch()
    office.shut()
    with pytest.raises(Unreachable):
        _look(anna)
    anna.ask_now()
    assert anna.away
    with pytest.raises(Unreachable):
        anna.watch()
    office.reopen()
    assert not anna.watch()  # it is not yet time
    assert anna.away
    anna.ask_now()
    anna.watch()
    assert not anna.away


def test_who_is_shut_out_is_told_so(anna: Store, office: Office) -> None:
    anna.watch()
    with office.server.connect() as admin:
        disable(admin, office.address("anna@" + office.server.database).user)
    with pytest.raises(Unreachable):
        _look(anna)  # that the link is gone is known first
    anna.ask_now()
    with pytest.raises(NotAllowed):
        anna.watch()
    assert anna.away


def _look(store: Store) -> None:
    """The farewell of the server comes when it comes; the look after that finds the end."""
    for _ in range(250):
        store.watch()
        sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="nobody freezes a process there")
@pytest.mark.parametrize("way", ["follow", "write"])
def test_nobody_has_to_wait_for_a_server_that_froze(anna: Store, office: Office, way: str) -> None:
    """Its machine still answers for it, so no wire is cut. What was not begun there is begun once more."""
    lead = add_lead(anna, "Relaunch")
    with frozen(office):
        waiting = Thread(target=anna.follow if way == "follow" else lambda: edit(anna, lead, title="Anders"))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        anna.cut()
        waiting.join(20)
        assert not waiting.is_alive()
    assert value(anna, "title", lead) == ("Relaunch" if way == "follow" else "Anders")
