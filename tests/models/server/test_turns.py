"""Two people of a team, each with a replica: what one writes the other has, and the server has both."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from app.models.clash import UndoConflict
from app.models.store import Store
from app.services.check import check
from app.services.stages import Stages
from tests.models.edits import edit, value
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.models.test_sequences import Player
from tests.stores import TODAY, add_lead, add_rate


def test_what_one_writes_the_other_has(pair: tuple[Store, Store], office: Office) -> None:
    anna, ben = pair
    lead = add_lead(anna, "Relaunch", amount=4000)
    assert ben.watch()
    assert value(ben, "title", lead) == "Relaunch"
    edit(ben, lead, title="Relaunch 2")
    anna.watch()
    assert value(anna, "title", lead) == "Relaunch 2"
    assert_alike(of_replica(anna, derived=True), of_replica(ben, derived=True))
    assert_alike(of_server(office.server), of_replica(ben))


@pytest.mark.parametrize("seed", range(3))
def test_random_verbs_of_two(pair: tuple[Store, Store], office: Office, seed: int) -> None:
    chance = random.Random(seed)
    add_rate(pair[0], "CHF", TODAY - timedelta(days=900), "0.95")
    for number in range(4):
        add_lead(pair[0], f"Lead {number}", amount=1000 * number)
    done = 0
    players = [Player(store, office.clock, chance) for store in pair]
    for number in range(40):
        player = chance.choice(players)
        ways: list[Callable[[], object]] = [player.act, player.act, player.act, player.store.undo, player.store.redo]
        with suppress(UndoConflict):
            done += bool(chance.choice(ways)())
        if number % 8 == 7:
            for store in pair:
                store.watch()
            whole = of_server(office.server)
            for store in pair:
                assert_alike(whole, of_replica(store))
                assert check(store).problems == ()
            assert_alike(of_replica(pair[0], derived=True), of_replica(pair[1], derived=True))

    assert done > 20, "most verbs were refused"


def test_a_lead_that_went_while_the_stages_were_ordered_anew_is_found_no_more(pair: tuple[Store, Store]) -> None:
    """Both come at once to somebody who was away."""
    anna, ben = pair
    add_lead(anna, "Relaunch")
    ben.follow()
    anna.undo()
    _turn_stages(anna)
    ben.follow()
    assert check(ben).problems == ()


def _turn_stages(store: Store) -> None:
    stages = Stages(store)
    stages.reorder([stage.id for stage in reversed(stages.all())])
