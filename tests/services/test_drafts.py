"""Notes that were begun: of each person the last ones, in the store, until the record is gone."""

from datetime import timedelta

from app.core.clock import FixedClock
from app.models.store import Store
from app.services.drafts import Drafts
from app.services.leads import Leads
from app.services.owners import Owner
from app.services.trash import Trash
from tests.services.seen import value
from tests.stores import add_lead, add_member

_COUNT = "SELECT count(*) FROM store_setting WHERE key LIKE 'drafts%'"


def test_the_last_ones_are_kept_and_found_again(store: Store) -> None:
    drafts = Drafts(store)
    for number in range(50):
        drafts.keep(Owner("person", number), ["note", f"{number} ß"])
        drafts.write()
    again = Drafts(store)
    assert again.of(Owner("person", 9)) is None, "the oldest are forgotten"
    assert again.of(Owner("person", 49)) == ["note", "49 ß"]
    assert again.of(Owner("company", 49)) is None
    for number in range(10, 50):
        again.keep(Owner("person", number), None)
    assert again.of(Owner("person", 49)) is None, "even before it is written"
    assert value(store, _COUNT) == 1
    again.write()
    assert value(store, _COUNT) == 0


def test_each_person_has_their_own(store: Store) -> None:
    drafts, lead = Drafts(store), Owner("lead", 1)
    drafts.keep(lead, "meins")
    drafts.write()
    store.actor_id = add_member(store, "Jemand anders", "JA")
    assert Drafts(store).of(lead) is None


def test_with_the_record_goes_what_was_begun_on_it(store: Store, clock: FixedClock) -> None:
    gone, stays = Owner("lead", add_lead(store)), Owner("lead", add_lead(store, "Bleibt"))
    drafts = Drafts(store)
    for owner in (gone, stays):
        drafts.keep(owner, "begonnen")
    drafts.write()
    Leads(store).delete([gone.id])
    assert drafts.of(gone) == "begonnen", "it may be restored"
    clock.instant += timedelta(days=31)
    Trash(store).purge()
    assert (drafts.of(gone), drafts.of(stays)) == (None, "begonnen")


def test_who_works_here_next_finds_nothing_that_was_begun_by_another(store: Store) -> None:
    drafts, owner = Drafts(store), Owner("lead", add_lead(store))
    other = add_member(store, "Ben Roth", "BR")
    drafts.keep(owner, "von Anna")
    store.actor_id = other
    assert drafts.of(owner) is None
    drafts.write()
    assert drafts.of(owner) is None
    store.actor_id = 1
    assert Drafts(store).of(owner) == "von Anna"
