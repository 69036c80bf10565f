"""Whatever happened in a team: the server, a replica and the program show the same to who sees only some leads."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import Connection

from app.core.errors import TrichterError
from app.core.roles import Role
from app.core.terms import Status
from app.models.server.fetching import source_of
from app.models.server.shared import shared_table, shared_tables
from app.models.server.turns import Turns
from app.models.store import Store
from app.services.leads import Leads, NextStep
from app.services.team import Team
from tests.models.deeds import change_team
from tests.models.server.colleagues import stand_in
from tests.models.server.offices import Office, of_replica
from tests.models.server.sights import broken_histories, compare_sights, shown
from tests.models.test_sequences import VERBS, Player

Trio = tuple[Store, Store, Office]
#: Rules that, once broken, let the server show more than the program does.
_BROKEN = ("lead", "step", "stage_entry", "company", "change")
#: What he took off himself he can still bring back; the program shows it nowhere meanwhile.
_LET_GO = ("content", "chunk", "mail")
#: Nobody sends Ben home: then there would be nothing to compare.
_VERBS = [*(verb for verb in VERBS if verb is not change_team), stand_in]
_ROLES = (Role.LIMITED, Role.LIMITED, Role.LIMITED, Role.FULL, Role.READER)


@pytest.fixture(autouse=True)
def agreeing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails where the server refuses what the program allows: a row at once, or all of them when the turn ends."""
    commit = Turns._commit

    def committed(self: Turns, connection: Connection) -> None:
        try:
            commit(self, connection)
        except TrichterError as error:
            raise AssertionError(f"the server refused what the program allowed: {error!r}") from error

    monkeypatch.setattr(Turns, "_commit", committed)


def _play(trio: Trio, chance: random.Random, deeds: int, every: int) -> list[int]:
    """Random verbs, ways back, leads handed over, roles, and Ben standing in for Anna; compared after every so many.

    Returns how many deeds of each were done. The server's day turns with that of the clock.
    """
    anna, ben, office = trio
    anna.follow()  # she knows nobody yet who came after her
    players = [Player(store, office.clock, chance) for store in (anna, ben)]
    done = [0, 0]

    def act(player: Player) -> bool:
        def deed(player: Player) -> None:
            office.set_day()
            chance.choice(_VERBS)(player)

        return player.act(deed)

    for number in range(1, deeds + 1):
        at = chance.choice([0, 1, 1])
        one = players[at]
        ways: list[Callable[[], object]] = [partial(act, one)] * 4 + [one.store.undo, one.store.redo]
        ways += [lambda: Leads(anna).assign(players[0].some(), chance.choice([1, 2, 2, None]))]
        ways += [lambda: stand_in(players[0]), lambda: Team(anna).set_role(2, chance.choice(_ROLES))]
        with suppress(TrichterError):
            done[at] += bool(chance.choice(ways)())
        if number % every == 0:
            office.set_day()
            for store in (anna, ben):
                store.follow()
            compare_sights(office, anna, ben, office.user("Ben"), f"frisch-{number}")
    return done


@pytest.mark.parametrize("seed", [0, 2, 4, 11])
def test_server_replica_and_program_show_the_same(trio: Trio, seed: int) -> None:
    assert min(_play(trio, random.Random(seed), 36, 12)) > 1, "most verbs were refused"


def test_a_broken_rule_is_noticed_by_the_comparison(trio: Trio) -> None:
    """Each rule in turn lets all be seen, and is put right again. There is a lead of nobody's, so not seen by Ben."""
    anna, ben, office = trio
    office.set_day()
    lead = Leads(anna).create(Status.ACTIVE, title="Fremd", company="Fremd AG", user_id=None)
    Leads(anna).set_next_step([lead], NextStep(anna.today()))
    Leads(ben).create(title="Eigen")
    anna.follow()
    ben.follow()
    _break(office, anna, ben, [])
    for table in _BROKEN:
        with pytest.raises(AssertionError):
            _break(office, anna, ben, [table])


def _break(office: Office, whole: Store, part: Store, tables: list[str]) -> None:
    with office.server.connect() as admin:
        rules = {
            table: admin.execute(
                "SELECT qual FROM pg_policies WHERE schemaname = 'team' AND policyname = 'reading' AND tablename = %s",
                [table],
            ).fetchone()[0]
            for table in tables
        }
        for table in tables:
            admin.execute(f"ALTER POLICY reading ON team.{table} USING (true)".encode())
        try:
            compare_sights(office, whole, part, office.user("Ben"), f"frisch-{'-'.join(tables)}")
        finally:
            for table, rule in rules.items():
                admin.execute(f"ALTER POLICY reading ON team.{table} USING ({rule})".encode())


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100, 120))
def test_random_questions_find_what_the_program_shows(trio: Trio, seed: int) -> None:
    """Five hundred for each of twenty stores: two tables with each other, by whatever their columns have in common."""
    _, ben, office = trio
    chance = random.Random(seed)
    _play(trio, chance, 120, 20)
    seen = {name: {row[0] for row in rows} for name, rows in shown(ben).items()}
    seen |= {name: {row[0] for row in of_replica(ben)[name]} for name in _LET_GO}
    seen["store_setting"] = {row[0] for row in _ids(office, "store_setting")}
    told = 0
    with office.server.connect(office.user("Ben")) as direct:
        for _ in range(500):
            one, other = chance.choice(shared_tables()), chance.choice(shared_tables())
            columns = chance.choice(one.names), chance.choice(other.names)
            how, compared = chance.choice([("LEFT", "="), ("RIGHT", "<>"), ("FULL", "="), ("INNER", "<")])
            sources = [source_of(each, in_part=chance.random() < 0.5) for each in (one, other)]
            rows = direct.execute(
                f"""
SELECT t.id, o.id FROM {sources[0]} AS t {how} JOIN {sources[1]} AS o
ON t."{columns[0]}"::text {compared} o."{columns[1]}"::text LIMIT 5000""".encode()
            ).fetchall()
            told += bool(rows)
            for name, ids in ((one.name, {row[0] for row in rows}), (other.name, {row[1] for row in rows})):
                assert ids - {None} <= seen[name], f"{name}: {sorted(ids - {None} - seen[name])}"
    assert told > 100


def _ids(office: Office, name: str) -> list[tuple[int]]:
    with office.server.connect() as admin:
        rows: list[tuple[int]] = admin.execute(f"SELECT id FROM team.{shared_table(name).name}").fetchall()
    return rows


def test_what_no_step_tells_is_noticed(anna: Store, office: Office) -> None:
    """A step that was taken back and done again is told as such; a value that came past all steps is not."""
    lead = Leads(anna).create(title="Eins", tags=["neu"])
    Leads(anna).edit([lead], title="Zwei")
    for _ in range(2):
        anna.undo()
    anna.redo()
    assert broken_histories(office.server) == []
    with office.server.connect() as admin:
        admin.execute("UPDATE team.lead SET title = 'Drei'")
    assert broken_histories(office.server) == [f"lead {lead} is title 'Drei', not 'Eins'"]
    Leads(anna).edit([lead], title="Vier")
    assert "title 'Drei', not 'Eins'" in broken_histories(office.server)[0]
