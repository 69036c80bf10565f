"""Random verbs of random people with random roles: a limited one writes of what he saw, and all can be undone."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Connection, text

from app.core.clock import FixedClock
from app.core.errors import NotAllowed, StorageError, TrichterError
from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import Lead, User
from app.models.store import Store
from app.models.undo import UndoConflict
from app.services.check import check
from app.services.team import Team
from tests.models.edits import everything
from tests.models.test_sequences import VERBS, Player
from tests.stores import add_lead, add_member

ANNA, BEN, CEM, RITA = 1, 2, 3, 4
_RECORDS = ("lead", "company", "person")
#: What is in no history of a record, and yet open to those who see only some: tags, and how one works oneself.
_OPEN = frozenset({"tag", "saved_view", "field_notice", "absence", "member"})
_HABITS = _OPEN - {"tag"}


class Guesser(Player):
    """Takes now and then the number of a record that he does not see."""

    def act(self, verb: Callable[[Player], None] | None = None) -> bool:
        """As everybody, but what is wrong with the store is no refusal."""
        act = verb or self.chance.choice(VERBS)
        try:
            return super().act(lambda player: _said(act, player))
        finally:
            assert not self.store._inside

    def some(self, condition: str = "1") -> list[int]:
        """Leads, also of others."""
        return super().some(condition) if self.chance.random() < 0.8 else self._any("lead")

    def records(self, table: str) -> list[int]:
        """Companies or people, also of others."""
        if self.chance.random() < 0.8:
            return super().records(table)
        return self._any(table.removeprefix("trashed_"))

    def _any(self, table: str) -> list[int]:
        with self.store.maintenance() as connection:
            ids = list(connection.execute(text(f"SELECT id FROM {table}")).scalars())
        return self.chance.sample(ids, min(len(ids), self.chance.choice([1, 1, 2])))


def _said(act: Callable[[Player], None], player: Player) -> None:
    try:
        act(player)
    except StorageError as error:
        raise AssertionError("what cannot be done was noticed by the database alone") from error


@dataclass(frozen=True)
class Before:
    """How somebody stood before he did something: role, the ids of what he saw, the last step."""

    role: str
    seen: dict[str, set[int]]
    step: int


def _ids(connection: Connection, statement: str) -> set[int]:
    return {row[0] for row in connection.execute(text(statement)) if row[0] is not None}


def _before(store: Store) -> Before:
    """Reckoned from the tables, without what shows them."""
    me, day = store.actor_id, (store.today() - date(1970, 1, 1)).days
    with store.maintenance() as connection:
        role = connection.execute(text(f"SELECT role FROM member WHERE id = {me} AND deleted_at IS NULL")).scalar()
        away = f"""SELECT a.user_id FROM absence a JOIN member m ON m.id = a.user_id AND m.deleted_at IS NULL
            WHERE {day} BETWEEN a.first_on AND a.last_on AND COALESCE(a.deputy_id, m.deputy_id) = {me}"""
        whose = ", ".join(str(member) for member in ({me} if role else set()) | _ids(connection, away)) or "NULL"
        leads = f"SELECT id FROM lead WHERE user_id IN ({whose})"
        seen = {"lead": _ids(connection, leads)}
        for kind in ("company", "person"):
            own = f"SELECT id FROM {kind} WHERE user_id IN ({whose})"
            columns = (f"{kind}_id", f"recommender_{kind}_id")
            named = (f"SELECT {column} FROM lead WHERE id IN ({leads})" for column in columns)
            seen[kind] = set().union(*(_ids(connection, each) for each in (own, *named)))
        seen["person"] |= _ids(connection, f"SELECT person_id FROM lead_person WHERE lead_id IN ({leads})")
        firms = ", ".join(map(str, seen["company"])) or "NULL"
        seen["person"] |= _ids(connection, f"SELECT person_id FROM company_person WHERE company_id IN ({firms})")
    return Before(role or Role.LIMITED, seen, _newest(store))


def _newest(store: Store) -> int:
    """The last step of anybody, seen or not."""
    with store.maintenance() as connection:
        last: int = connection.execute(text("SELECT COALESCE(max(id), 0) FROM change_set")).scalar_one()
    return last


def _expect_own(store: Store, before: Before) -> None:
    """What was written since is of what was seen, or was made just now."""
    if before.role not in (Role.LIMITED, Role.READER):
        return
    with store.maintenance() as connection:
        rows = connection.execute(text(_WRITTEN), {"step": before.step}).all()
    made = {(row.table_name, row.row_id) for row in rows if row.op == "insert"}
    for row in rows:
        about = next(((kind, getattr(row, f"{kind}_id")) for kind in _RECORDS if getattr(row, f"{kind}_id")), None)
        if about is None or before.role == Role.READER:
            assert row.table_name in (_HABITS if before.role == Role.READER else {*_OPEN, "mail", "attachment"}), row
            assert row.table_name != "member" or row.row_id == store.actor_id, row
        else:
            assert about in made or about[1] in before.seen[about[0]], f"{row} by somebody who saw {before.seen}"
        if row.table_name == "lead" and row.op == "insert" and row.kind == "do":
            assert json.loads(row.after)["user_id"] == store.actor_id, row


_WRITTEN = """
SELECT c.*, s.kind FROM change_set s JOIN change c ON c.change_set_id = CASE s.kind WHEN 'do' THEN s.id
  WHEN 'undo' THEN s.undoes_id ELSE (SELECT u.undoes_id FROM change_set u WHERE u.id = s.undoes_id) END
WHERE s.id > :step
"""


def _begin(store: Store, chance: random.Random) -> None:
    """Four people, and leads of each, of nobody too; no undo reaches that."""
    store.actor_id = None
    for name, initials in (("Ben Roth", "BR"), ("Cem Öz", "CÖ"), ("Rita Les", "RL")):
        add_member(store, name, initials)
    for number in range(10):
        add_lead(store, f"Lead {number}", amount=1000 * number)
    with store.write(Text("Roles")) as session:
        for member, role in ((BEN, Role.LIMITED), (CEM, chance.choice(list(Role))), (RITA, Role.READER)):
            session.get_one(User, member).role = role
        for lead in session.query(Lead):
            lead.user_id = chance.choice([ANNA, BEN, BEN, CEM, None])
    store.close_undo_horizon()


def _undo_everything(store: Store) -> None:
    """As nobody, who may everything: what was done last goes first."""
    store.actor_id = None
    with store.maintenance() as connection:
        steps = connection.execute(text(_DONE)).scalars().all()
    for step in steps:
        assert store.undo(step) is not None


_DONE = """
SELECT id FROM change_set WHERE id > (SELECT CAST(value AS INTEGER) FROM store_setting WHERE key = 'undo_horizon')
ORDER BY id DESC
"""


def _play(store: Store, clock: FixedClock, chance: random.Random, actions: int, ways_back: float) -> int:
    """Returns how often somebody was told that something is not allowed on the way back.

    That is tried with this share of the actions. Where there are none, all of it is undone in the end: what one takes
    back and others use by now stays otherwise.
    """
    _begin(store, chance)
    start, player, refused = everything(store), Guesser(store, clock, chance), 0
    for _ in range(actions):
        store.actor_id = chance.choice([ANNA, BEN, BEN, BEN, CEM, RITA])
        if chance.random() < 0.06:
            _change_role(store, chance)
        before, state = _before(store), everything(store)
        one = chance.randint(1, before.step)
        back: list[Callable[[], object]] = [store.undo, store.redo, partial(store.undo, one)]
        try:
            done = player.act() if chance.random() >= ways_back else chance.choice(back)() is not None
        except NotAllowed:
            done, refused = False, refused + 1
        except UndoConflict:
            done = False
        if not done and _newest(store) == before.step:  # some deeds are two verbs, of which the second was refused
            assert everything(store) == state, "something was changed although it was refused"
        _expect_own(store, before)
    assert check(store).ok
    if not ways_back:
        _undo_everything(store)
        assert everything(store) == start
    return refused


def _change_role(store: Store, chance: random.Random) -> None:
    actor, store.actor_id = store.actor_id, ANNA
    with suppress(TrichterError):  # somebody else may have made Anna another thing than an owner
        Team(store).set_role(chance.choice([BEN, CEM, RITA]), chance.choice(list(Role)))
    store.actor_id = actor


def test_whoever_does_whatever_writes_only_what_he_may(store: Store, clock: FixedClock) -> None:
    _play(store, clock, random.Random(20261124), 150, 0)


def test_whoever_takes_back_whatever_takes_back_only_what_he_may(store: Store, clock: FixedClock) -> None:
    assert _play(store, clock, random.Random(3), 150, 0.3), "nothing was refused, so nothing was tried"


@pytest.mark.prove
@pytest.mark.parametrize("ways_back", [0, 0.3])
@pytest.mark.parametrize("seed", range(300))
def test_many_people_of_many_roles(store: Store, clock: FixedClock, seed: int, ways_back: float) -> None:
    _play(store, clock, random.Random(seed), 250, ways_back)
