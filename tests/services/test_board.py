"""The board: columns, their order and their sums."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.changes import ChangeSet
from app.core.money import Money
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.board import FAR, PAST, WITHOUT, Board, BoardContents, ColumnSums, Grouping, id_of, rebuilt_by
from app.services.catalogue import Catalogue
from app.services.forecast import Forecast
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads, NextStep
from app.services.stages import Stages
from tests.stores import TODAY, add_lead, add_member, add_rate, add_step, month

ACTIVE = ListQuery((Status.ACTIVE,))


@pytest.fixture
def board(store: Store) -> Board:
    return Board(store, LeadList(store))


def _ids(contents: BoardContents, key: int) -> list[int]:
    return [id_of(place) for place in contents.places.get(key, ())]


def _stage(store: Store, name: str) -> int:
    return next(stage.id for stage in Stages(store).all() if stage.name == name)


def test_cards_are_ordered_by_what_is_next(store: Store, board: Board) -> None:
    """FEATURES 4: overdue, due today, no step, future; inside a group the newest first."""
    made = {}
    for name, due, age in (
        ("future old", 3, 90), ("none new", None, 1), ("overdue old", -9, 60), ("today", 0, 30), ("none old", None, 20),
        ("overdue new", -1, 2), ("future new", 40, 5), ("today new", 0, 0),
    ):  # fmt: skip
        made[name] = add_lead(store, name, activated_on=_day(-age))
        if due is not None:
            add_step(store, made[name], TODAY + timedelta(days=due))
    contents = board.contents(ACTIVE, Grouping.STAGE)
    order = ["overdue new", "overdue old", "today new", "today", "none new", "none old", "future new", "future old"]
    assert _ids(contents, _stage(store, "Erstkontakt")) == [made[name] for name in order]


def _day(offset: int) -> int:
    return (TODAY + timedelta(days=offset) - date(1970, 1, 1)).days


def test_of_the_same_day_the_one_made_last_is_the_newest(store: Store, board: Board) -> None:
    first, second = add_lead(store), add_lead(store)
    assert _ids(board.contents(ACTIVE, Grouping.STAGE), _stage(store, "Erstkontakt")) == [second, first]


@pytest.mark.parametrize("activated", [-719_162, 0, 2_932_896, None])
def test_places_hold_every_day_there_is(store: Store, board: Board, activated: int | None) -> None:
    lead = add_lead(store, "Odd", activated_on=activated)
    late = add_lead(store, "Late", activated_on=activated)
    add_step(store, late, TODAY - timedelta(days=1))
    assert _ids(board.contents(ACTIVE, Grouping.STAGE), _stage(store, "Erstkontakt")) == [late, lead]


def test_t2_the_head_of_a_column_shows_its_sum(store: Store, board: Board) -> None:
    """T1 and T2: 100 at 99 % and 200 at 0 % weigh 99, and the head of the column says 300."""
    add_lead(store, amount=100, probability=198)
    add_lead(store, amount=200, probability=0)
    add_lead(store, amount=50, currency="SEK")
    sums = board.sums(ACTIVE, Grouping.STAGE)[_stage(store, "Erstkontakt")]
    assert sums == ColumnSums(3, 300_00, 99_00, 1)


@pytest.mark.parametrize("grouping", list(Grouping))
def test_columns_come_to_what_list_and_forecast_say(store: Store, board: Board, grouping: Grouping) -> None:
    """To the cent, on data at random (T7)."""
    chance = random.Random(grouping)
    add_rate(store, "CHF", date(2020, 1, 1), "0.9317")
    stages, other = [stage.name for stage in Stages(store).all()], add_member(store, "Ben Adler", "BA")
    for n in range(60):
        first = chance.randint(-8, 40)
        add_lead(
            store, str(n), stage=chance.choice(stages), amount=Decimal(chance.randint(1, 999_999)) / 100,
            currency=chance.choice(["EUR", "EUR", "CHF", "SEK"]), probability=chance.choice([None, 67, 0, 199]),
            user_id=chance.choice([None, 1, other]), **_period(chance, first),
        )  # fmt: skip
    add_lead(store, "won", status=Status.WON, stage="Angebot")
    add_lead(store, "idea", status=Status.POTENTIAL)
    contents, totals = board.contents(ACTIVE, grouping), LeadList(store).totals(ACTIVE)
    sums = contents.sums.values()
    assert sum(each.count for each in sums) == totals.count == 60
    assert sum(each.volume for each in sums) == totals.volume
    assert sum(each.weighted for each in sums) == totals.weighted
    assert sum(each.without_rate for each in sums) == totals.without_rate
    assert contents.sums == board.sums(ACTIVE, grouping)
    shown = [lead for column in contents.columns for lead in _ids(contents, column.key)]
    assert sorted(shown) == sorted(LeadList(store).ids(ACTIVE))


def _period(chance: random.Random, first: int) -> dict[str, Any]:
    if first > 30:
        return {}
    begin = month("2026-11") + first
    return {"period_first": begin, "period_last": begin + chance.randint(0, 5), "budget": chance.choice(list(Budget))}


def test_the_forecast_weighs_the_same(store: Store, board: Board) -> None:
    for n, halves in enumerate((67, 67, 67, None)):
        add_lead(store, str(n), amount=10, probability=halves, period=("2026-12", "2027-02"))
    weighted = sum(each.weighted for each in board.sums(ACTIVE, Grouping.MONTH).values())
    assert weighted == Forecast(store).months().total.weighted


def test_a_retired_stage_is_shown_while_leads_are_in_it(store: Store, board: Board) -> None:
    lead, stage = add_lead(store, stage="Angebot"), _stage(store, "Angebot")
    Stages(store).edit(stage, retired=True)
    column = next(each for each in board.contents(ACTIVE, Grouping.STAGE).columns if each.key == stage)
    assert (column.takes, column.probability) == (False, 60)
    Leads(store).move([lead], _stage(store, "Vorstellung"))
    assert stage not in [each.key for each in board.contents(ACTIVE, Grouping.STAGE).columns]


def test_by_responsible_everybody_has_a_column_and_nobody_too(store: Store, board: Board) -> None:
    gone, ben = add_member(store, "Gerd Gone", "GG"), add_member(store, "Ben Adler", "BA")
    mine, free, left = add_lead(store, user_id=1), add_lead(store), add_lead(store, user_id=gone)
    Catalogue(store).delete("member", gone)
    contents = board.contents(ACTIVE, Grouping.RESPONSIBLE)
    assert [(each.key, each.takes) for each in contents.columns] == [
        (1, True), (ben, True), (gone, False), (WITHOUT, True),
    ]  # fmt: skip
    assert [_ids(contents, key) for key in (1, gone, WITHOUT, ben)] == [[mine], [left], [free], []]


def test_months_follow_each_other_and_the_rest_is_collected(store: Store, board: Board) -> None:
    for first, last in (("2026-09", "2027-03"), ("2026-12", "2026-12"), ("2027-08", "2027-09"), ("2040-01", "2040-01")):
        add_lead(store, first, period=(first, last))
    add_lead(store, "none")
    contents = board.contents(ACTIVE, Grouping.MONTH)
    now = month("2026-11")
    assert [each.key for each in contents.columns] == [PAST, *range(now, month("2027-09") + 1), FAR, WITHOUT]
    assert [each.key for each in contents.columns if not each.takes] == [PAST, FAR]
    assert {key: len(places) for key, places in contents.places.items()} == {
        PAST: 1, month("2026-12"): 1, month("2027-08"): 1, FAR: 1, WITHOUT: 1,
    }  # fmt: skip


@pytest.mark.parametrize(("begins", "last"), [("2026-12", "2027-04"), ("2027-05", "2027-06"), ("2028-10", "2028-10")])
def test_a_month_follows_the_last_one_with_leads_as_far_as_months_go(
    store: Store, board: Board, begins: str, last: str
) -> None:
    add_lead(store, "Film", period=(begins, begins))
    assert [each.key for each in board.contents(ACTIVE, Grouping.MONTH).columns][-2] == month(last)


def test_an_empty_board_has_its_columns(store: Store, board: Board) -> None:
    contents = board.contents(ACTIVE, Grouping.MONTH)
    assert [len(board.contents(ACTIVE, grouping).columns) for grouping in Grouping] == [5, 2, 7, 1]
    assert (contents.places, contents.sums) == ({}, {})


def test_what_narrows_a_list_narrows_the_board(store: Store, board: Board) -> None:
    shop, mine = add_lead(store, "Webshop Müller"), add_lead(store, "Film", user_id=1)
    stage = _stage(store, "Erstkontakt")
    for query, expected in (
        (ListQuery((Status.ACTIVE,), text="mueller"), [shop]), (ListQuery((Status.ACTIVE,), text="100%_'"), []),
        (ListQuery((Status.ACTIVE,), user_id=1), [mine]),
    ):  # fmt: skip
        assert _ids(board.contents(query, Grouping.STAGE), stage) == expected
        found = board.places(query, Grouping.STAGE, [shop, mine, 999])
        assert list(found) == expected


def test_a_changed_lead_is_found_where_the_whole_board_has_it(store: Store, board: Board) -> None:
    leads = [add_lead(store, str(n), period=("2027-01", "2027-02"), user_id=1) for n in range(4)]
    Leads(store).set_next_step(leads[:2], NextStep(TODAY - timedelta(days=2)))
    Leads(store).move_period(leads[1:3], month("2027-05"))
    Leads(store).close(leads[3:], Status.WON)
    for grouping in Grouping:
        contents = board.contents(ACTIVE, grouping)
        known = {id_of(place): (key, place) for key, places in contents.places.items() for place in places}
        assert board.places(ACTIVE, grouping, leads) == known


def test_only_what_gives_the_board_other_columns_rebuilds_it(store: Store) -> None:
    lead = add_lead(store)
    changes: list[ChangeSet] = []
    store.feed.subscribe(changes.append)
    Leads(store).edit([lead], amount=Money(5, "EUR"))
    Stages(store).edit(_stage(store, "Angebot"), name="Offerte")
    Catalogue(store).create("source", "Fair")
    assert [rebuilt_by(change, Grouping.STAGE) for change in changes] == [False, True, False]
    assert [rebuilt_by(change, Grouping.SOURCE) for change in changes] == [False, True, True]
