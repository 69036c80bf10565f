"""A verb for many leads does what it does lead by lead: the same values, the same history, and one way back."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.money import Money
from app.core.terms import CLOSED, Budget, Status
from app.models.opening import store_file
from app.models.store import Store
from app.services.check import check
from app.services.lead_detail import LeadDetails
from app.services.leads import Ending, Leads, NextStep
from app.services.stages import Stages
from tests.models.edits import everything, rows, sent
from tests.services.seen import told
from tests.stores import TODAY, add_lead, add_member, month, reopened

DAY = timedelta(days=1)
Verb = Callable[[Store, Sequence[int]], object]

VERBS: dict[str, Verb] = {
    "assign": lambda store, ids: Leads(store).assign(ids, 2),
    "assign nobody": lambda store, ids: Leads(store).assign(ids, None),
    "move": lambda store, ids: Leads(store).move(ids, 2),
    "move through a gate": lambda store, ids: Leads(store).move(ids, 3),
    "move to where none may": lambda store, ids: Leads(store).move(ids, 5),
    "close": lambda store, ids: Leads(store).close(ids, Status.LOST, reason="Zu teuer", remark="Schade"),
    "close too early": lambda store, ids: Leads(store).close(ids, Status.WON, on=TODAY - 20 * DAY),
    "reopen": lambda store, ids: Leads(store).reopen(ids),
    "activate": lambda store, ids: Leads(store).activate(ids, 3, next_step=NextStep(TODAY + DAY)),
    "deactivate": lambda store, ids: Leads(store).deactivate(ids),
    "edit": lambda store, ids: Leads(store).edit(
        ids, amount=Money.of(77, "CHF"), budget=Budget.MONTHLY, probability=50, category="commit", company="Neu",
        person="Martha", source="Messe", reason="Preis", tags=["Web", "Neu"], info="Info", user_id=2,
        next_step=NextStep(TODAY + DAY, "Anrufen"),
    ),
    "edit and move": lambda store, ids: Leads(store).edit(ids, stage_id=3, user_id=2, next_step=None),
    "next step": lambda store, ids: Leads(store).set_next_step(ids, NextStep(TODAY + 9 * DAY, "Angebot", 600)),
    "no step": lambda store, ids: Leads(store).clear_next_step(ids),
    "finish": lambda store, ids: Leads(store).finish_step(ids),
    "finish and end the series": lambda store, ids: Leads(store).finish_step(ids, series=False),
    "finish and go on": lambda store, ids: Leads(store).finish_step(ids, NextStep(TODAY + DAY, "Weiter")),
    "finish and close": lambda store, ids: Leads(store).finish_step(ids, Ending(Status.DROPPED, reason="Keine Zeit")),
    "finish strictly": lambda store, ids: Leads(store, lambda: True).finish_step(ids),
    "note": lambda store, ids: Leads(store).note(ids, "Angerufen"),
    "move the period": lambda store, ids: Leads(store).move_period(ids, month("2027-03")),
    "tag": lambda store, ids: Leads(store).tag(ids, add=["web", "Neu"], remove=["Film", "weg"]),
    "check off": lambda store, ids: Leads(store).check_off(ids, 1),
    "duplicate": lambda store, ids: Leads(store).duplicate(ids),
    "delete": lambda store, ids: Leads(store).delete(ids),
}  # fmt: skip


@pytest.fixture(scope="module")
def lived(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store in which some dozens of leads went their ways."""
    folder = tmp_path_factory.mktemp("lived")
    shutil.copyfile(store_file(template), store_file(folder))
    store = reopened(folder)
    try:
        _live(store, random.Random(24))
    finally:
        store.close()
    return folder


def _live(store: Store, chance: random.Random) -> None:
    add_member(store, "Ben Roth", "BR")
    Stages(store).edit(3, required=["volume", "next_step"], checklist=["Gesprochen", "Gerechnet"])
    Stages(store).edit(5, retired=True)
    leads = Leads(store)
    for number in range(48):
        status = chance.choice([Status.POTENTIAL, Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, *CLOSED])
        lead = add_lead(
            store, f"Lead {number}", status=status, stage=chance.choice(["Erstkontakt", "Vorstellung", "Angebot"]),
            amount=chance.choice([0, 5_000, 12_345]), user_id=chance.choice([None, 1, 2]),
            period=chance.choice([None, ("2026-11", "2027-01"), ("2027-02", "2027-02")]),
            probability=chance.choice([None, None, 70]),
            activated_on=None if status is Status.POTENTIAL else day_number(TODAY - 10 * DAY),
        )  # fmt: skip
        leads.tag([lead], add=chance.sample(["Web", "Film", "Print"], chance.randint(0, 3)))
        if status not in CLOSED:
            _plan(leads, lead, chance)
        for point in chance.sample([1, 2], chance.choice([0, 1, 2, 2])):
            leads.check_off([lead], point)
    imported = add_lead(store, "Von früher", status=Status.WON, stage=None)  # active once, nobody knows where
    leads.note([imported], "Altbestand")


def _plan(leads: Leads, lead: int, chance: random.Random) -> None:
    """Some have one step, some a series, some two steps, some none."""
    kind = chance.randint(0, 3)
    if kind:
        rule = "FREQ=WEEKLY" if kind == 2 else None
        leads.set_next_step([lead], NextStep(TODAY + chance.randint(-5, 5) * DAY, "Erster", None, rule))
    if kind == 3:
        leads.finish_step([lead], NextStep(TODAY + DAY, "Zweiter", 540))


@pytest.fixture
def pair(lived: Path, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two stores with the same leads."""
    opened: list[Store] = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(store_file(lived), store_file(folder))
        opened.append(reopened(folder))
    yield opened[0], opened[1]
    for store in opened:
        store.close()


def _each(store: Store, verb: Verb, ids: Sequence[int]) -> tuple[list[int], list[str]]:
    """Lead by lead: the leads for which it held, and what was said of the others."""
    held, said = [], []
    for lead in ids:
        try:
            verb(store, [lead])
        except TrichterError as error:
            said.append(str(error))
        else:
            held.append(lead)
    return held, said


def _told(changes: Sequence[ChangeSet]) -> Counter[str]:
    """What was told of the rows, but for the numbers and names that a new row has."""
    named = Counter[str]()
    for row in (row for change in changes for row in change.rows):
        after = sorted((name, repr(value)) for name, value in row.after.items() if name != "uid")
        number = None if row.op == "insert" else row.row_id
        named[repr((row.table, number, row.op, row.lead_id, sorted(row.before.items()), after))] += 1
    return named


def _state(store: Store) -> dict[str, list[str]]:
    """All that a reader sees of the leads, but for the numbers and names of what hangs on them."""
    left_out = {"uid", "next_step_id"}
    found = {}
    for table in (
        "lead",
        "step",
        "note",
        "lead_tag",
        "lead_check",
        "stage_entry",
        "tag",
        "reason",
        "source",
        "company",
    ):
        hidden = left_out | ({"id"} if table in ("step", "note", "lead_tag", "lead_check", "stage_entry") else set())
        found[table] = sorted(
            repr({name: value for name, value in row._mapping.items() if name not in hidden})
            for row in rows(store, f"SELECT * FROM {table}")
        )
    return found


def _history(store: Store) -> dict[int, list[tuple[str, str, str]]]:
    """What the history tells of each lead."""
    details = LeadDetails(store)
    ids = [row[0] for row in rows(store, "SELECT id FROM lead ORDER BY id")]
    return {lead: sorted((e.kind, str(e.words), e.actor) for e in details.get(lead).events) for lead in ids}


@pytest.mark.parametrize("name", VERBS)
def test_at_once_as_one_by_one(pair: tuple[Store, Store], name: str) -> None:
    one, other = pair
    verb, before = VERBS[name], everything(other)
    ids = [row[0] for row in rows(one, "SELECT id FROM lead ORDER BY id")]
    random.Random(name).shuffle(ids)
    held: list[int] = []
    said: list[str] = []

    def each() -> None:
        held[:], said[:] = _each(one, verb, ids)

    singly = told(one, each)
    if said:
        with pytest.raises(TrichterError) as refused:
            verb(other, ids)
        assert str(refused.value) in said
        assert everything(other) == before
    together = told(other, lambda: verb(other, held))
    assert len(together) == bool(held and singly)
    assert _told(together) == _told(singly)
    assert frozenset().union(*(change.touched for change in together)) == frozenset().union(
        *(change.touched for change in singly)
    )
    assert _state(other) == _state(one)
    assert _history(other) == _history(one)
    assert check(other).problems == ()
    for store, changes in ((one, singly), (other, together)):
        for _ in changes:
            store.undo()
        assert everything(store) == before


#: Verbs that look at something for each of the leads, which they do for all of them by the same statements.
@pytest.mark.parametrize(
    "name",
    ["assign", "move", "move through a gate", "close", "activate", "reopen", "next step", "finish", "finish strictly"],
)
def test_many_are_looked_at_by_as_many_statements_as_few(pair: tuple[Store, Store], name: str) -> None:
    one, other = pair
    held, _said = _each(one, VERBS[name], [row[0] for row in rows(one, "SELECT id FROM lead ORDER BY id")])
    few = _asked(other, lambda: VERBS[name](other, held[:3]))
    other.undo()
    assert _asked(other, lambda: VERBS[name](other, held)) <= few + 2


def _asked(store: Store, verb: Callable[[], object]) -> int:
    """How many questions a verb asks of the database."""
    return sum(each.lstrip().startswith("SELECT") for each in sent(store._writing, verb))
