"""Dates remind in the window: together or singly, nothing to tick off, and what opens the record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtTest import QTest

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.schema import Company
from app.services.notice_choice import NoticeChoices
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import set_values
from app.ui.reminders import keeper as keeping
from app.ui.reminders.keeper import Keeper
from tests.flows.desk import Desk
from tests.stores import TODAY, add_company


class Watched:
    """A desk with companies that have a date tomorrow, whose keeper looks when the test lets time go by."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self.desk, self.clock, self.store = desk, clock, desk.store
        self.leads: list[int] = []
        self.records: list[tuple[Entity, int]] = []
        self.able = True
        self.keeper = Keeper(
            desk.context, desk.window, desk.tasks.run_for, self.leads.append, desk.tasks, self._open_record
        )
        self.keeper.begin()
        self.keeper.look()
        self.field = OwnFields(self.store).create(Entity.COMPANY, OwnKind.DAY, "Leadpotential", notify=True)

    def _open_record(self, entity: Entity, record_id: int) -> bool:
        if self.able:
            self.records.append((entity, record_id))
        return self.able

    def company(self, name: str) -> int:
        """A company of whoever works here, with the date of tomorrow."""
        made = add_company(self.store, name)
        with self.store.write(Text("Changed")) as session:
            session.get_one(Company, made).user_id = self.store.actor_id
            set_values(session, Entity.COMPANY, [made], {self.field: TODAY + timedelta(days=1)})
        return made

    def tomorrow(self) -> None:
        """A day goes by."""
        self.clock.instant += timedelta(days=1, minutes=1)
        self.keeper.look()


@pytest.fixture
def watched(desk: Desk, clock: FixedClock) -> Iterator[Watched]:
    """Somebody whom dates remind."""
    made = Watched(desk, clock)
    yield made
    made.keeper.stop()


def test_a_date_opens_its_company_and_cannot_be_ticked_off(watched: Watched) -> None:
    firm = watched.company("Müller")
    watched.tomorrow()
    (popup,) = watched.keeper.popups
    assert not popup.card.done.isVisibleTo(popup)
    assert "Leadpotential" in popup.card.words()
    popup.card.open.click()
    assert watched.records == [(Entity.COMPANY, firm)]
    assert watched.leads == []
    assert watched.keeper.popups == ()


def test_it_stays_while_nothing_can_show_the_company(watched: Watched) -> None:
    watched.company("Müller")
    watched.able = False
    watched.tomorrow()
    watched.keeper.popups[0].card.open.click()
    assert len(watched.keeper.popups) == 1


@pytest.mark.parametrize("together", [True, False])
def test_several_come_in_one_window_or_singly(watched: Watched, together: bool) -> None:
    for name in ("Müller", "Schmidt"):
        watched.company(name)
    assert watched.store.actor_id is not None
    NoticeChoices(watched.store).set_together(watched.store.actor_id, together)
    watched.tomorrow()
    assert (watched.keeper.summary is not None, len(watched.keeper.popups)) == ((True, 0) if together else (False, 2))


def test_what_is_moved_goes_from_the_screen(watched: Watched, desk: Desk) -> None:
    firm = watched.company("Müller")
    watched.tomorrow()
    with watched.store.write(Text("Changed")) as session:
        set_values(session, Entity.COMPANY, [firm], {watched.field: None})
    QTest.qWait(keeping._SETTLE_MS + 100)
    assert watched.keeper.popups == ()
    assert desk.reports == []


def test_a_lead_is_opened_as_ever(watched: Watched, desk: Desk, leads: dict[str, int]) -> None:
    made = OwnFields(watched.store).create(Entity.LEAD, OwnKind.DAY, "Pitch", notify=True)
    lead = leads["Film Molkerei"]
    own = desk.context.office.leads
    own.edit([lead], own={made: TODAY + timedelta(days=1)}, user_id=watched.store.actor_id)
    watched.tomorrow()
    popup = next(each for each in watched.keeper.popups if each.card.reminder.dated)
    popup.card.open.click()
    assert watched.leads == [lead]
