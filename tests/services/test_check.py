"""`check` finds what was spoilt on purpose, each under its kind, and says nothing about a sound store."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.core.roles import Role
from app.core.terms import Status
from app.models import derived
from app.models.engine import interruptible
from app.models.opening import store_file
from app.models.schema import Lead, User
from app.models.store import Store
from app.services.check import check, repair
from tests.stores import TODAY, add_company, add_lead, add_member, add_rate, add_step, add_tag, reopened


@pytest.fixture
def filled(store: Store) -> Store:
    add_rate(store, "CHF", TODAY - timedelta(days=400), "0.95")
    first = add_lead(store, "Relaunch", company_id=add_company(store, "Müller & Söhne"), period=("2027-01", "2027-03"))
    add_lead(store, "Messestand", status=Status.WON, stage="Angebot", currency="CHF")
    add_lead(store, "Idee", status=Status.POTENTIAL, currency="USD")
    add_step(store, first, TODAY + timedelta(days=3))
    add_tag(store, first, "Website")
    add_lead(store, "Weg")
    with store.write(Text("Lead deleted")) as session:
        session.get_one(Lead, 4).deleted_at = store.clock.now()
    return store


def _spoil(store: Store, *statements: str) -> None:
    with store.maintenance() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_sound_store_has_no_problems(filled: Store, clock: FixedClock) -> None:
    assert check(filled).ok
    filled.undo()
    clock.instant += timedelta(days=40)
    filled.redo()
    assert check(filled).problems == ()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE lead SET total_base = total_base + 1 WHERE id = 1", "derived"),
        ("UPDATE lead SET weighted_base = NULL WHERE id = 1", "derived"),
        ("UPDATE lead SET month_base = 0 WHERE id = 1", "derived"),
        ("UPDATE lead SET forecast_last = forecast_last + 1 WHERE id = 1", "derived"),
        ("UPDATE lead SET next_step_on = NULL WHERE id = 1", "derived"),
        ("UPDATE lead SET title_key = 'x' WHERE id = 2", "derived"),
        ("UPDATE lead SET reached_stage_id = 5 WHERE id = 1", "derived"),
        ("UPDATE lead SET stage_since_on = 0 WHERE id = 1", "derived"),
        ("UPDATE lead SET last_touch_on = last_touch_on - 1 WHERE id = 3", "derived"),
        ("UPDATE company SET name = 'Schmidt' WHERE id = 1", "derived"),
        ("UPDATE search_doc SET folded = 'x' WHERE row_id = 1", "derived"),
        ("DELETE FROM search_doc WHERE row_id = 2", "derived"),
        ("INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES ('lead', 4, 4, 'trash')", "derived"),
        ("INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES ('lead', 999, 999, 'nobody')", "search"),
        ("INSERT INTO search_fts (search_fts, rowid, folded) VALUES ('delete', 1, 'never there')", "search"),
        ("INSERT INTO search_fts (rowid, folded) VALUES (77, 'ghost')", "search"),
        ("UPDATE search_fts_data SET block = zeroblob(length(block)) WHERE id > 10", "search"),
        ("DELETE FROM search_fts_docsize", "search"),
        ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'lead'", "sequence"),
        ("DELETE FROM sqlite_sequence WHERE name = 'change_set'", "sequence"),
    ],
)
def test_what_can_be_computed_anew_is_found_and_repaired(filled: Store, statement: str, kind: str) -> None:
    _spoil(filled, statement)
    found = check(filled)
    assert not found.ok
    assert {problem.kind for problem in found.problems} >= {kind}
    assert all(problem.repairable for problem in found.problems), found
    assert all(str(problem.what) for problem in found.problems)
    assert repair(filled).problems == ()


def test_a_reference_to_nothing_is_named(filled: Store) -> None:
    with filled.bare() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM stage WHERE id = 3")
        connection.execute("PRAGMA foreign_keys = ON")
    problems = [problem for problem in check(filled).problems if problem.kind == "reference"]
    assert {problem.what.args["table"] for problem in problems} == {"lead", "stage_entry"}
    assert not any(problem.repairable for problem in problems)


def test_an_active_lead_that_never_entered_its_stage(filled: Store) -> None:
    _spoil(filled, "UPDATE lead SET stage_id = 4 WHERE id = 1")
    assert "stage_entry" in {problem.kind for problem in check(filled).problems}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE stage SET deleted_at = 0 WHERE id = 1", "1 active lead is in a deleted stage."),
        (
            "UPDATE lead SET budget = 'monthly', period_first = NULL, period_last = NULL WHERE id = 1",
            "“Relaunch”: A monthly budget needs a service period.",
        ),
        ("UPDATE lead SET closed_on = NULL WHERE id = 2", "“Messestand”: A closed lead needs its closing date."),
        ("UPDATE lead SET closed_on = 1 WHERE id = 3", "“Idee”: Only a closed lead has a closing date."),
    ],
)
def test_a_lead_that_contradicts_itself_is_named(filled: Store, statement: str, words: str) -> None:
    _spoil(filled, statement)
    assert words in {str(problem.what) for problem in check(filled).problems if problem.kind == "rule"}


def test_many_such_leads_are_counted(filled: Store) -> None:
    for number in range(30):
        add_lead(filled, f"Lead {number}")
    _spoil(filled, "UPDATE lead SET activated_on = NULL WHERE title LIKE 'Lead %'")
    told = [str(problem.what) for problem in check(filled).problems if problem.kind == "rule"]
    assert (len(told), told[-1]) == (21, "10 more leads contradict themselves.")


def test_repair_leaves_what_it_cannot_know(filled: Store) -> None:
    _spoil(filled, "UPDATE lead SET stage_id = 4, total_base = 0 WHERE id = 1")
    assert {problem.kind for problem in repair(filled).problems} == {"stage_entry"}


def test_a_damaged_file_is_told_and_not_written(filled: Store, folder: Path) -> None:
    for number in range(60):
        add_lead(filled, f"Lead {number}", info="y" * 3000)
    filled.close()
    file = store_file(folder)
    content = bytearray(file.read_bytes())
    content[4096 * 20 : 4096 * 24] = bytes(4096 * 4)
    file.write_bytes(content)
    damaged = reopened(folder)
    try:
        found = check(damaged)
        assert {problem.kind for problem in found.problems} == {"file"}
        assert not any(problem.repairable for problem in found.problems)
        assert not repair(damaged).ok
    finally:
        damaged.close()
    assert file.read_bytes() == bytes(content)


def test_nobody_has_to_wait_until_all_is_looked_at(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = derived.differing

    def and_meanwhile(connection: Connection, today: date) -> list[int]:
        with filled.write(Text("Meanwhile")) as session:
            session.get_one(Lead, 1).info = "written while the check goes on"
        return whole(connection, today)

    monkeypatch.setattr(derived, "differing", and_meanwhile)
    assert check(filled).ok


@pytest.mark.parametrize("part", range(1, 10))
def test_it_can_be_stopped_at_every_part(filled: Store, part: int) -> None:
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        if done == part:
            raise Cancelled(Text("Stopped."))

    with pytest.raises(Cancelled):
        check(filled, tell)
    assert told[-1] == (part, 12)
    assert check(filled).ok


_FOREVER = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "


@pytest.mark.parametrize("statement", ["SELECT count(*) FROM n", "UPDATE lead SET info = (SELECT count(*) FROM n)"])
def test_a_statement_that_takes_long_ends_at_once(filled: Store, statement: str) -> None:
    asked: list[int] = []

    def stop() -> None:
        asked.append(1)
        raise Cancelled(Text("Stopped."))

    with (
        pytest.raises(Cancelled),
        filled.maintenance() as connection,
        interruptible(connection, stop),
    ):
        connection.execute(text(_FOREVER + statement))
    assert len(asked) == 1
    add_lead(filled, "Afterwards")
    assert check(filled).ok


def test_who_does_not_see_all_is_told_no_names(filled: Store) -> None:
    add_member(filled, "Ben Roth", "BR")
    with filled.write(Text("Role")) as session:
        session.get_one(User, 2).role = Role.LIMITED
    _spoil(filled, "UPDATE lead SET closed_on = 1 WHERE id = 3")
    filled.actor_id = 2
    told = [str(problem.what) for problem in check(filled).problems if problem.kind == "rule"]
    assert told == ["1 lead contradicts itself."]
