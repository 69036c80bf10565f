"""A day of eight hours at a server that goes away again and again: what was saved stays, and nothing is half there."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import Unreachable
from app.core.i18n import Text
from app.models.schema import Lead, Note
from app.models.server.link import Link
from app.models.store import Store
from app.services.check import check
from tests.models.edits import everything
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.stores import add_lead

_HOURS = 8


def _drop(office: Office) -> None:
    """As a restart of the server does it, for everybody."""
    with office.server.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip


@contextmanager
def _dropped(office: Office, word: str, *, before: bool, patched: pytest.MonkeyPatch) -> Iterator[None]:
    """The server goes when it is sent the first statement that begins so, or when it has carried that out."""
    run, armed = Link.run, [True]

    def sent(link: Link, statement: str, values: Any = None) -> Any:
        meant = armed[0] and statement.lstrip().startswith(word)
        if meant:
            armed[0] = False
        if meant and before:
            _drop(office)
        found = run(link, statement, values)
        if meant and not before:
            _drop(office)
            if word == "COMMIT":
                raise Unreachable(Text("The team's server cannot be reached."))
        return found

    with patched.context() as patch:
        patch.setattr(Link, "run", sent)
        yield


def _save(store: Store, lead: int, number: int) -> None:
    """A title, and a note that tells it: both or none."""
    with store.write(Text("Lead changed")) as session:
        session.get_one(Lead, lead).title = f"Stand {number}"
        session.add(Note(lead_id=lead, user_id=1, at=store.clock.now(), text=f"Stand {number}"))


def _work(office: Office, pair: tuple[Store, Store], drops: int, patched: pytest.MonkeyPatch) -> tuple[int, int]:
    """Returns how many saves were told to have failed and how many to be done."""
    chance, (anna, ben) = random.Random(drops), pair
    lead = add_lead(anna, "Stand 0")
    saved = [0]
    failed = 0
    for number in range(1, drops + 1):
        office.clock.instant += timedelta(hours=_HOURS) / drops
        store = chance.choice(pair)
        word, before = chance.choice([("BEGIN", True), ("SELECT", False), ("UPDATE", True), ("INSERT", False),
                                      ("COMMIT", True), ("COMMIT", False)])  # fmt: skip
        try:
            with _dropped(office, word, before=before, patched=patched):
                _save(store, lead, number)
        except Unreachable:
            failed += 1
            assert number not in _told(office, lead)
            if chance.random() < 0.7:  # what was typed is still there, and is saved again
                _save(store, lead, number)
                saved.append(number)
        else:
            saved.append(number)
        assert _told(office, lead) == saved[1:]
    there = of_server(office.server)
    for store in (anna, ben):
        with store.maintenance():
            pass
        assert_alike(there, of_replica(store))
        assert check(store).problems == ()
        assert f"Stand {saved[-1]}" in str(everything(store))
    return failed, len(saved) - 1


def _told(office: Office, lead: int) -> list[int]:
    """Of which saves there is a note, and that the title is that of the last one."""
    with office.server.connect() as admin:
        notes = admin.execute("SELECT text FROM team.note WHERE lead_id = %s ORDER BY id", [lead]).fetchall()
        (title,) = admin.execute("SELECT title FROM team.lead WHERE id = %s", [lead]).fetchone()
    assert title == (notes[-1][0] if notes else "Stand 0")
    return [int(row[0].removeprefix("Stand ")) for row in notes]


def test_a_day_with_some_drops(pair: tuple[Store, Store], office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, saved = _work(office, pair, 12, monkeypatch)
    assert failed > 2
    assert saved > 2


@pytest.mark.prove
def test_a_day_with_a_hundred_drops(pair: tuple[Store, Store], office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, saved = _work(office, pair, 100, monkeypatch)
    assert failed > 20
    assert saved > 60
