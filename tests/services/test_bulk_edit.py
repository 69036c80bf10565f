"""One change to many leads: what the preview shows is what happens, and one step takes it back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Cancelled, Conflict, InvalidInput, NotFound
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money
from app.core.terms import Budget, Category, Status
from app.models.store import Store
from app.services.bulk_edit import BulkPreview, BulkRow, FieldChange, Verdict
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put, Scale, Shift
from app.services.catalogue import Catalogue
from app.services.history import History
from app.services.lead_list import LeadList, LeadRow
from app.services.leads import Leads, NextStep
from app.services.stages import Stages
from tests.models.edits import count, everything, rows, value
from tests.stores import Fillings, add_company, add_lead, add_member, add_rate, add_step, add_tag, month

CHANGED, UNCHANGED, REFUSED = Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED
MARCH = (month("2027-03"), month("2027-05"))


def _ids(store: Store) -> list[int]:
    company = add_company(store, "Müller GmbH")
    add_rate(store, "CHF", date(2020, 1, 1), "1.05")
    made = [
        add_lead(store, "Erstkontakt", amount=0),
        add_lead(store, "Angebot", stage="Angebot", amount=20_000, user_id=1, company_id=company),
        add_lead(store, "Eigene", stage="Angebot", probability=100, period=("2027-03", "2027-05")),
        add_lead(store, "Monatlich", budget=Budget.MONTHLY, amount=500, period=("2027-01", "2027-12")),
        add_lead(store, "Franken", currency="CHF", amount=7, category="commit"),
        add_lead(store, "Idee", status=Status.POTENTIAL, amount=0),
        add_lead(store, "Gewonnen", status=Status.WON, stage="Angebot"),
        add_lead(store, "Verloren", status=Status.LOST, period=("2026-03", "2026-04")),
        add_lead(store, "Groß", amount=MAX_MINOR // 100),
    ]
    add_step(store, made[0], date(2026, 12, 1))
    add_step(store, made[5], date(2026, 11, 1))
    add_step(store, made[6], date(2026, 12, 24))
    for lead, name in ((made[0], "Web"), (made[2], "Film"), (made[7], "Shop")):
        add_tag(store, lead, name)
    return [*made, 4711]


@pytest.fixture
def fillings() -> Fillings:
    return {"ids": _ids}


@pytest.fixture
def ids(store: Store, stocked: dict[str, list[int]]) -> list[int]:
    """Leads of every sort, and one that is not there."""
    return stocked["ids"]


def by_title(preview: BulkPreview) -> dict[str, BulkRow]:
    return {row.title: row for row in preview.rows}


def verdicts(preview: BulkPreview) -> dict[str, Verdict]:
    return {row.title: row.verdict for row in preview.rows}


def lead(store: Store, lead_id: int) -> LeadRow:
    return LeadList(store).rows([lead_id])[0]


def test_t17_a_preview_lists_changed_unchanged_and_refused_with_the_reason(store: Store, ids: list[int]) -> None:
    before = everything(store)
    preview = LeadBulk(store).preview(ids, BulkChange(stage_id=3))
    assert everything(store) == before, "nothing is written"
    assert [row.id for row in preview.rows] == ids, "every lead is in it"
    found = by_title(preview)
    assert found["Erstkontakt"].changes == (FieldChange("stage_id", "Erstkontakt", "Angebot"),)
    assert found["Angebot"].verdict is UNCHANGED
    assert str(found["Idee"].reason) == "Only an active lead has a stage."
    assert str(found[""].reason) == "The lead has been deleted in the meantime."
    assert (preview.count(CHANGED), preview.count(UNCHANGED), preview.count(REFUSED)) == (4, 2, 4)


def test_what_a_stage_requires_is_named_for_each_lead(store: Store, ids: list[int]) -> None:
    Stages(store).edit(4, required=["company", "next_step", "period"], checklist=["Budget geklärt"])
    found = by_title(LeadBulk(store).preview(ids, BulkChange(stage_id=4)))
    assert (
        str(found["Angebot"].reason) == ("Missing for “Verhandlungen”: Next step, Service period, Budget geklärt.")
        or str(found["Angebot"].reason) == "Missing for “Verhandlungen”: Service period, Next step, Budget geklärt."
    )
    assert "Company" in str(found["Erstkontakt"].reason)
    Stages(store).edit(4, checklist=[])
    change = BulkChange(stage_id=4, period=Put(MARCH), next_step=Put(NextStep(date(2026, 12, 9), "Anrufen")))
    found = by_title(LeadBulk(store).preview(ids, change))
    assert found["Angebot"].verdict is CHANGED, "what comes with the change counts"
    LeadBulk(store).apply([found["Angebot"].id], change)
    assert lead(store, found["Angebot"].id).stage == "Verhandlungen"


def test_several_fields_at_once_are_one_step(store: Store, ids: list[int]) -> None:
    anna = add_member(store, "Berta Ohm", "BO")
    before, steps = everything(store), count(store, "change_set")
    change = BulkChange(
        stage_id=3, user_id=Put(anna), source=Put("Messe"), add_tags=("neu", "WEB"), remove_tags=("film",),
        probability=Put(None), amount=Scale(Decimal(10)), period=Put(MARCH),
        next_step=Put(NextStep(date(2026, 12, 9), "Anrufen")), category=Put(str(Category.COMMIT)),
    )  # fmt: skip
    bulk = LeadBulk(store)
    preview = bulk.preview(ids, change)
    able = [row.id for row in preview.of(CHANGED)]
    assert bulk.apply(able, change) == len(able) == 5
    assert count(store, "change_set") == steps + 1
    row = lead(store, ids[2])
    assert (row.stage, row.user, row.source, row.tags) == ("Angebot", "Berta Ohm", "Messe", ("neu", "Web"))
    assert (row.probability, row.own_probability, row.amount) == (60, False, Money.of(11_000, "EUR"))
    assert lead(store, ids[0]).tags == ("neu", "Web")
    assert value(store, "category", ids[2]) == "commit"
    History(store).undo()
    assert everything(store) == before
    History(store).redo()
    assert lead(store, ids[2]).source == "Messe"


def test_periods_and_steps_are_moved_by_what_each_lead_has(store: Store, ids: list[int]) -> None:
    bulk = LeadBulk(store)
    found = by_title(bulk.preview(ids, BulkChange(period=Shift(3))))
    assert found["Eigene"].changes == (
        FieldChange("period", MARCH, (month("2027-06"), month("2027-08"))),
    )  # fmt: skip
    assert str(found["Angebot"].reason) == "There is no service period to move."
    found = by_title(bulk.preview(ids, BulkChange(next_step=Shift(-7))))
    assert [change.after.on for change in found["Erstkontakt"].changes] == [date(2026, 11, 24)]
    assert str(found["Gewonnen"].reason) == "A closed lead has no next step."
    assert str(found["Angebot"].reason) == "There is no open step to move."
    for days in (10**5, 10**7, -(10**7), 10**12):
        assert set(verdicts(bulk.preview(ids, BulkChange(next_step=Shift(days)))).values()) == {Verdict.REFUSED}
    far = verdicts(bulk.preview(ids, BulkChange(period=Shift(100_000), next_step=Shift(1))))
    assert far["Eigene"] is REFUSED


def test_amounts_are_raised_in_their_own_currency_and_rounded_each_by_itself(store: Store, ids: list[int]) -> None:
    found = by_title(LeadBulk(store).preview(ids, BulkChange(amount=Scale(Decimal("12.5")))))
    assert found["Franken"].changes == (FieldChange("amount", Money(700, "CHF"), Money(788, "CHF")),)
    assert found["Erstkontakt"].verdict is UNCHANGED
    assert found["Groß"].verdict is REFUSED
    gone = by_title(LeadBulk(store).preview(ids, BulkChange(amount=Scale(Decimal(-150)))))
    assert gone["Angebot"].verdict is REFUSED


def test_a_monthly_budget_keeps_its_period(store: Store, ids: list[int]) -> None:
    found = by_title(LeadBulk(store).preview(ids, BulkChange(period=Put(None))))
    assert str(found["Monatlich"].reason) == "A monthly budget needs a service period."
    assert found["Eigene"].changes == (FieldChange("period", MARCH, None),)
    assert found["Angebot"].verdict is UNCHANGED


def test_names_that_are_there_are_the_same_however_they_are_written(store: Store, ids: list[int]) -> None:
    Leads(store).edit([ids[0]], source="Messe")
    found = verdicts(LeadBulk(store).preview(ids, BulkChange(source=Put("MESSE"), add_tags=("web",))))
    assert found["Erstkontakt"] is UNCHANGED
    assert found["Angebot"] is CHANGED


def test_who_was_deleted_and_what_was_retired_takes_no_leads(store: Store, ids: list[int]) -> None:
    gone = add_member(store, "Berta Ohm", "BO")
    Catalogue(store).delete("member", gone)
    Stages(store).edit(4, retired=True)
    bulk = LeadBulk(store)
    assert set(verdicts(bulk.preview(ids, BulkChange(user_id=Put(gone)))).values()) == {REFUSED}
    assert set(verdicts(bulk.preview(ids, BulkChange(stage_id=4))).values()) == {REFUSED}
    assert set(verdicts(bulk.preview(ids, BulkChange(stage_id=99))).values()) == {REFUSED}


def test_what_can_no_longer_be_done_changes_nothing_and_is_told(store: Store, ids: list[int]) -> None:
    bulk, change = LeadBulk(store), BulkChange(stage_id=4)
    able = [row.id for row in bulk.preview(ids, change).of(CHANGED)]
    Leads(store).close([able[-1]], Status.LOST)
    before = everything(store)
    with pytest.raises(Conflict) as told:
        bulk.apply(able, change)
    assert "Only an active lead has a stage." in str(told.value)
    assert everything(store) == before
    Leads(store).delete([able[0]])
    with pytest.raises(Conflict):
        bulk.apply(able, change)


def test_a_cancelled_change_leaves_nothing_behind(store: Store, ids: list[int]) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled(Text("Cancelled. Nothing was changed."))

    before = everything(store)
    with pytest.raises(Cancelled):
        LeadBulk(store).apply(ids[:3], BulkChange(user_id=Put(None), stage_id=4), stop)
    with pytest.raises(Cancelled):
        LeadBulk(store).preview(ids, BulkChange(user_id=Put(None)), stop)
    assert everything(store) == before


def test_nothing_ticked_and_nobody_chosen_is_nothing(store: Store, ids: list[int]) -> None:
    bulk, steps = LeadBulk(store), count(store, "change_set")
    assert bulk.apply(ids, BulkChange()) == 0
    assert bulk.apply([], BulkChange(stage_id=3)) == 0
    assert bulk.preview([], BulkChange(stage_id=3)).rows == ()
    assert count(store, "change_set") == steps


_STEP = st.builds(NextStep, st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.sampled_from(["", "Anrufen"]))
_PERIOD = st.tuples(st.integers(24_300, 24_400), st.integers(24_300, 24_400))
_NAMES = st.lists(st.sampled_from(["Web", "film", "Neu"]), max_size=2).map(tuple)


def _perhaps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


_CHANGES = st.builds(
    BulkChange,
    stage_id=_perhaps(st.integers(1, 6)),
    probability=_perhaps(st.builds(Put, _perhaps(st.integers(0, 200)))),
    user_id=_perhaps(st.builds(Put, _perhaps(st.integers(1, 3)))),
    source=_perhaps(st.builds(Put, st.sampled_from([None, "Messe", "messe"]))),
    add_tags=_NAMES, remove_tags=_NAMES,
    amount=_perhaps(
        st.builds(Put, st.builds(Money, st.integers(0, MAX_MINOR), st.sampled_from(["EUR", "CHF"])))
        | st.builds(Scale, st.integers(-120, 300).map(Decimal))
    ),
    period=_perhaps(st.builds(Put, _perhaps(_PERIOD)) | st.builds(Shift, st.integers(-30, 30))),
    next_step=_perhaps(st.builds(Put, _perhaps(_STEP)) | st.builds(Shift, st.integers(-30, 30))),
    category=_perhaps(st.builds(Put, st.sampled_from([None, "commit", "omitted"]))),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=_CHANGES)
def test_what_the_preview_shows_is_what_happens(store: Store, ids: list[int], change: BulkChange) -> None:
    bulk, start = LeadBulk(store), everything(store)
    preview = bulk.preview(ids, change)
    able = [row.id for row in preview.of(CHANGED)]
    seen = {row.id: row for row in LeadList(store).rows(ids)}
    assert bulk.apply([row.id for row in preview.of(CHANGED, UNCHANGED)], change) == len(able)
    after = {row.id: row for row in LeadList(store).rows(ids)}
    categories = dict(tuple(row) for row in rows(store, "SELECT id, category FROM lead"))
    for row in preview.rows:
        if row.id not in seen:
            continue
        if row.verdict is not CHANGED:
            assert after[row.id] == seen[row.id]
        for each in row.changes:
            assert _value(after[row.id], each.field, categories) == each.after
            assert each.before != each.after
    if able:
        History(store).undo()
    assert everything(store) == start


def _value(row: LeadRow, field: str, categories: dict[int, str | None]) -> Any:
    period = None if row.period_first is None else (row.period_first, row.period_last)
    step = None
    if row.next_step_on is not None:
        step = NextStep(row.next_step_on, row.next_step_text or "", row.next_step_time)
    own = row.probability if row.own_probability else None
    return {
        "stage_id": row.stage, "probability": own, "user_id": row.user, "source": row.source, "tags": row.tags,
        "amount": row.amount, "period": period, "next_step": step, "category": categories[row.id],
    }[field]  # fmt: skip


def test_the_verbs_refuse_what_the_preview_refuses(store: Store, ids: list[int]) -> None:
    leads = Leads(store)
    for stage_id in range(1, 7):
        for row in LeadBulk(store).preview(ids, BulkChange(stage_id=stage_id)).of(REFUSED):
            with pytest.raises((InvalidInput, NotFound)):
                leads.move([row.id], stage_id)


def test_open_steps_go_along_to_the_next_one_who_is_responsible(store: Store, ids: list[int]) -> None:
    berta = add_member(store, "Berta Ohm", "BO")
    Leads(store).assign([ids[0]], 1)
    bulk, change = LeadBulk(store), BulkChange(user_id=Put(berta))
    bulk.apply([row.id for row in bulk.preview(ids, change).of(CHANGED)], change)
    found = rows(store, "SELECT lead_id, user_id FROM step ORDER BY lead_id")
    single = LeadList(store).rows([ids[0]])[0]
    assert single.user_id == berta
    assert dict(tuple(row) for row in found)[ids[0]] == berta
