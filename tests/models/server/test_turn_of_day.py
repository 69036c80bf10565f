"""A day turns in a team: what nobody asks for is done by those who may, and others do not even try."""

from contextlib import closing
from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import Lead
from app.models.store import Store
from app.services.contents import remove_unused
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.owners import Owner
from app.services.rates import Rates
from app.services.reminders import Reminders
from app.services.setup import settle_country
from app.services.snapshots import Snapshots
from app.services.trash import Trash
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.stores import TODAY, ZONE, add_lead, add_rate


def _day_turns(store: Store) -> list[int]:
    """What a start and the turn of a day do; how much each found to do."""
    return [
        settle_country(store), Rates(store).turn_of_day(), Snapshots(store).take_if_due(),
        Trash(store, lambda: None).purge(), remove_unused(store),
    ]  # fmt: skip


def _leave_work(anna: Store) -> None:
    """A lead of Ben's that lies in the trash, bytes that nobody refers to any more, and money of another currency."""
    add_rate(anna, "CHF", TODAY - timedelta(days=900), "0.95")
    lead = add_lead(anna, "Bens", user_id=2)
    Files(anna).attach(Owner("lead", lead), [Upload("a.txt", b"Inhalt")])
    Leads(anna).delete([lead])
    with anna.write(Text("Lead added")) as session:
        session.add(Lead(title="x", status="potential", currency="CHF", created_at=anna.clock.now(), user_id=2))


@pytest.mark.parametrize("role", [Role.LIMITED, Role.READER])
def test_who_may_not_leaves_it_to_others(anna: Store, office: Office, role: Role) -> None:
    user, clock = office.admit("Ben", role, 2), FixedClock.at(TODAY, ZONE)
    _leave_work(anna)
    with closing(office.replica(user, clock=clock)) as ben:
        before = of_server(office.server)
        for days in (0, 1, 40):
            clock.instant += timedelta(days=days)
            assert not ben.tended
            done = _day_turns(ben)
            assert [done[0], *done[2:]] == [0, 0, 0, 0]
            Reminders(ben).look(clock.now())
            ben.watch()
        after = of_server(office.server)
        assert_alike({**before, "reminder_state": []}, {**after, "reminder_state": []})
        office.clock.instant += timedelta(days=41)
        assert anna.tended
        assert _day_turns(anna)[2:4] == [True, 1]
        ben.watch()
        if role is Role.READER:
            assert_alike(of_server(office.server), of_replica(ben))


def test_the_first_of_two_does_it(pair: tuple[Store, Store], office: Office) -> None:
    anna, ben = pair
    _leave_work(anna)
    office.clock.instant += timedelta(days=41)
    assert _day_turns(ben)[2:] == [True, 1, 0]
    assert _day_turns(anna)[2:] == [False, 0, 0]
    assert_alike(of_server(office.server), of_replica(anna))
