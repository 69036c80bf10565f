"""A lead made of one line."""

from datetime import date

import pytest

from app.core.errors import InvalidInput
from app.core.money import Money
from app.core.parse.quick import Kind
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.history import History
from app.services.lead_list import LeadList, LeadRow
from app.services.quick_add import QuickAdd
from app.services.stages import Stages
from tests.models.edits import count
from tests.stores import add_company, add_member


def made(store: Store, line: str, *, active: bool = True, insist: bool = False) -> LeadRow:
    """The lead of a line."""
    quick = QuickAdd(store)
    return LeadList(store).rows([quick.create(quick.understand(line), active=active, insist=insist)])[0]


def test_the_line_of_the_manual(store: Store) -> None:
    company, anna = add_company(store, "Müller GmbH"), add_member(store, "Anna Berg", "AB")
    Catalogue(store).create("source", "Empfehlung")
    steps = count(store, "change_set")
    row = made(store, "Relaunch Mueller GmbH 25k 60% 15.3. @AB #empfehlung")
    assert (row.title, row.company_id, row.amount) == ("Relaunch", company, Money.of(25_000, "EUR"))
    assert (row.probability, row.own_probability, row.user_id, row.source) == (120, True, anna, "Empfehlung")
    assert (row.next_step_on, row.status, row.stage) == (date(2027, 3, 15), Status.ACTIVE, "Erstkontakt")
    assert count(store, "change_set") == steps + 1, "one step"
    History(store).undo()
    assert LeadList(store).rows([row.id]) == []


@pytest.mark.parametrize("stage", ["Angebot", "Mündliche Zusage"])
def test_a_lead_made_in_a_stage_has_the_probability_of_that_stage(store: Store, stage: str) -> None:
    row = made(store, f"Relaunch 25k /{stage}", active=False)
    info = next(each for each in Stages(store).all() if each.name == stage)
    assert (row.status, row.stage_id, row.probability, row.own_probability) == (
        Status.ACTIVE, info.id, info.probability, False,
    )  # fmt: skip


def test_an_idea_stays_one_and_is_counted_to_whoever_writes(store: Store) -> None:
    row = made(store, "Idee 5k #neu", active=False)
    assert (row.status, row.user_id, row.tags, row.amount) == (Status.POTENTIAL, 1, ("neu",), Money.of(5_000, "EUR"))


def test_a_monthly_amount_with_its_period(store: Store) -> None:
    row = made(store, "SEO 2k/Monat Jan-Apr 27")
    assert (row.budget, row.total) == (Budget.MONTHLY, 800_000)
    with pytest.raises(InvalidInput) as refused:
        made(store, "SEO 2k/Monat")
    assert refused.value.field == "period"


def test_what_is_unclear_is_refused_until_one_insists(store: Store) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(store, "Relaunch @nobody")
    assert refused.value.field == "quick"
    assert count(store, "lead") == 0
    assert made(store, "Relaunch @nobody", insist=True).title == "Relaunch @nobody"


def test_what_a_stage_requires_is_asked_of_a_line_too(store: Store) -> None:
    Stages(store).edit(3, required=["company"])
    with pytest.raises(InvalidInput):
        made(store, "Relaunch /Angebot")
    add_company(store, "Müller GmbH")
    assert made(store, "Relaunch Müller GmbH /Angebot").company == "Müller GmbH"


def test_a_line_without_a_title_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(store, "25k 60%")
    assert refused.value.field == "title"


def test_companies_are_found_with_their_legal_form_as_a_proposal(store: Store) -> None:
    for name in ("Müller GmbH", "Bräu AG", "Bräu KG", "Nord Energie"):
        add_company(store, name)
    quick = QuickAdd(store)
    assert [part.value for part in quick.understand("Relaunch mueller").of(Kind.PROPOSED)] == ["Müller GmbH"]
    assert not quick.understand("Relaunch Bräu").parts, "two of them: nobody knows which"
    assert not quick.understand("Relaunch Nord").parts
    agreed = quick.understand("Relaunch Huber AG", {("company", "Huber AG")})
    row = LeadList(store).rows([quick.create(agreed, active=True)])[0]
    assert (row.title, row.company) == ("Relaunch", "Huber AG")


def test_what_was_deleted_or_retired_is_not_known(store: Store) -> None:
    anna = add_member(store, "Anna Berg", "AB")
    Catalogue(store).delete("member", anna)
    Stages(store).edit(3, retired=True)
    line = QuickAdd(store).understand("Relaunch @AB /Angebot")
    assert [part.typed for part in line.of(Kind.UNCLEAR)] == ["@AB", "/Angebot"]
