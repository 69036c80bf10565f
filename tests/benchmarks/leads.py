"""The leads of a generated store, one after the other, with all the rows that hang on each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from app.core.calendar import day_of, month_number
from app.core.folding import sort_key
from app.core.terms import usual_category
from app.models.derived import Rates, folded_text, value_of
from tests.benchmarks import vocabulary as words

#: Rows by table, each a tuple in the order of the generator's columns.
Made = dict[str, list[tuple[Any, ...]]]

_SEED = 20261124
_DAY = 86_400_000_000
_HALVES = (2, 20, 60, 120, 180)
_CHANGES = 4


@dataclass
class Makings:
    """What leads are made from, and the numbers given to rows so far."""

    companies: list[str]
    people: list[str]
    rates: Rates
    today: int
    all_active: bool
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))
    given: dict[str, int] = field(default_factory=dict)

    def next_id(self, table: str) -> int:
        """The next primary key of a table."""
        number = self.given.get(table, 0) + 1
        self.given[table] = number
        return number


def leads(count: int, makings: Makings) -> Iterator[Made]:
    """`count` leads: two tenths active, seven closed, one idea, mixed; or all of them active."""
    for number in range(1, count + 1):
        yield _lead(number, makings)


def _lead(number: int, makings: Makings) -> Made:
    lead = _basics(number, makings)
    made: Made = {}
    lead.step_id, lead.step_on = _steps(lead, makings, made)
    lead.reached = _entries(lead, makings, made)
    _tags(lead, makings, made)
    touched = _history(lead, makings, made)
    value = value_of(lead, makings.rates, makings.today)
    derived = (sort_key(lead.title), value.total, value.weighted, value.month, value.month_weighted, value.first,
               value.last, lead.step_id, lead.step_on, lead.since, lead.reached,
               usual_category(_HALVES[lead.stage_id - 1]) if lead.status == "active" else None)  # fmt: skip
    own = (number, f"{20:02x}{number:030x}", lead.title, lead.status, lead.stage_id, lead.company_id, lead.person_id,
           lead.user_id, lead.source_id, lead.reason_id, lead.amount_minor, lead.currency, lead.budget,
           lead.probability, lead.period_first, lead.period_last, lead.info, lead.external_number,
           lead.created * _DAY, lead.activated_on, lead.closed_on, "")  # fmt: skip
    made["lead"] = [(*own, *derived, touched)]
    made["search_doc"] = [(number, "lead", number, number, folded_text(lead))]
    return made


def _basics(number: int, makings: Makings) -> Any:
    chance = makings.chance
    lead = SimpleNamespace(id=number, people=None, own=None)
    _state(lead, makings)
    lead.title = f"{chance.choice(words.WORK)} {chance.choice(words.WHAT)} {number}"
    lead.company_id = chance.randint(1, len(makings.companies)) if chance.random() < 0.95 else None
    lead.person_id = chance.randint(1, len(makings.people)) if chance.random() < 0.6 else None
    lead.company = makings.companies[lead.company_id - 1] if lead.company_id else None
    lead.person = makings.people[lead.person_id - 1] if lead.person_id else None
    lead.user_id = chance.randint(1, len(words.MEMBERS)) if chance.random() < 0.97 else None
    lead.source_id = chance.randint(1, len(words.SOURCES)) if chance.random() < 0.7 else None
    lead.currency = chance.choices(("EUR", "CHF", "USD", "SEK"), (940, 40, 18, 2))[0]
    lead.info = f"Anfrage über {chance.choice(words.TRADES)}" if chance.random() < 0.2 else ""
    lead.external_number = f"A-{number}" if chance.random() < 0.3 else None
    lead.probability = chance.randint(0, 200) if chance.random() < 0.1 else None
    lead.halves = _HALVES[lead.stage_id - 1] if lead.probability is None and lead.stage_id else lead.probability
    _amount(lead, chance, makings.today)
    return lead


def _state(lead: Any, makings: Makings) -> None:
    chance, today = makings.chance, makings.today
    draw = 0.0 if makings.all_active else chance.random()
    lead.created = today - chance.randint(0, 1500)
    lead.stage_id = lead.activated_on = lead.closed_on = lead.reason_id = None
    if draw >= 0.9:
        lead.status = "potential"
        return
    lead.stage_id = chance.randint(1, len(_HALVES))
    if draw < 0.2:
        lead.status = "active"
        lead.created = today - chance.randint(0, 300)
    else:
        lead.status = chance.choices(("won", "lost", "dropped"), (38, 47, 15))[0]
        fitting = [n for n, (outcome, _) in enumerate(words.REASONS, 1) if outcome == lead.status]
        lead.reason_id = chance.choice(fitting)
    lead.activated_on = lead.created + chance.randint(0, min(20, today - lead.created))
    if lead.status != "active":
        lead.closed_on = lead.activated_on + chance.randint(0, min(150, today - lead.activated_on))


def _amount(lead: Any, chance: random.Random, today: int) -> None:
    lead.amount_minor = chance.randint(10, 800) * 100_00 + (chance.randint(0, 9999) if chance.random() < 0.3 else 0)
    lead.budget = "once"
    lead.period_first = lead.period_last = None
    if chance.random() < 0.8:
        begin = lead.closed_on or today
        lead.period_first = month_number(day_of(begin)) + chance.randint(-2, 14)
        lead.period_last = lead.period_first + chance.randint(0, 11)
        if chance.random() < 0.15:
            lead.budget = "monthly"
            lead.amount_minor //= 8


def _steps(lead: Any, makings: Makings, made: Made) -> tuple[int | None, int | None]:
    chance = makings.chance
    if lead.status not in ("active", "potential") or chance.random() > 0.6:
        return None, None
    due = makings.today + chance.randint(-15, 40)
    number = makings.next_id("step")
    time = chance.choice((None, 9 * 60, 14 * 60 + 30))
    zone = None if time is None else "Europe/Berlin"
    what = chance.choice(words.STEPS)
    made["step"] = [(number, f"{21:02x}{number:030x}", lead.id, lead.user_id, due, time, zone, what, None, None)]
    if chance.random() < 0.3:  # one that is done does not count
        done, day = makings.next_id("step"), makings.today - chance.randint(1, 60)
        made["step"].append((done, f"{21:02x}{done:030x}", lead.id, lead.user_id, day, None, None, what, day * _DAY, 1))
    return number, due


def _entries(lead: Any, makings: Makings, made: Made) -> int | None:
    lead.since = None
    if lead.stage_id is None:
        return None
    chance = makings.chance
    through = [stage for stage in range(1, lead.stage_id) if chance.random() < 0.8]
    if lead.stage_id < len(_HALVES) and chance.random() < 0.05:  # went further once, and came back
        through.append(lead.stage_id + 1)
    days = sorted(lead.activated_on + chance.randint(0, 30) for _ in through)
    rows = []
    for stage, day in zip([*through, lead.stage_id], [*days, max([lead.activated_on, *days])], strict=True):
        number = makings.next_id("stage_entry")
        lead.since = day
        rows.append((number, f"{22:02x}{number:030x}", lead.id, stage, day * _DAY, day, _HALVES[stage - 1]))
    made["stage_entry"] = rows
    highest: int = max([*through, lead.stage_id])
    return highest


def _tags(lead: Any, makings: Makings, made: Made) -> None:
    chance = makings.chance
    chosen = sorted(chance.sample(range(1, len(words.TAGS) + 1), chance.choice((0, 0, 1, 2))))
    rows = []
    for tag in chosen:
        number = makings.next_id("lead_tag")
        rows.append((number, f"{23:02x}{number:030x}", lead.id, tag))
    made["lead_tag"] = rows
    by_name = sorted((words.TAGS[tag - 1] for tag in chosen), key=sort_key)
    lead.tags = " ".join(by_name) or None


def _history(lead: Any, makings: Makings, made: Made) -> int:
    """Four recorded changes; returns the day of the last, which is the last touch."""
    chance = makings.chance
    first = lead.created
    span = max((lead.closed_on or makings.today) - first, 0)
    sets, changes = [], []
    day = first
    for place in range(_CHANGES):
        number = makings.next_id("change_set")
        day = max(day, first + span * place // _CHANGES)
        at = day * _DAY + place
        label = ("“{title}” changed: {fields}", '{"title":"","fields":"info"}')
        sets.append((number, f"{24:02x}{number:030x}", at, day, lead.user_id or 1, "bench", *label, "do"))
        before, after = '{"info":""}', f'{{"info":"{chance.choice(words.STEPS)}"}}'
        changes.append((number, number, "lead", lead.id, lead.id, "update", before, after))
    made["change_set"], made["change"] = sets, changes
    return int(day)
