"""The stages a file speaks of: those there are, those to be made, and the states that hide among them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text, tr
from app.core.parse.cleaning import one_line
from app.core.terms import CERTAIN, CLOSED, Category, Status, usual_category
from app.services.importing.words import status_among_stages, status_of, usual_probability
from app.services.stages import DEFAULTS

#: A column with more unknown words is no column of stages.
MOST_NEW = 40
_LONGEST = 100


@dataclass(frozen=True)
class StageFact:
    """A stage as the import needs it, with number and words of each point of its checklist.

    `fresh`: it is made by this import; a `deleted` one only keeps its place.
    """

    id: int
    name: str
    halves: int
    position: int
    required: tuple[str, ...] = ()
    checklist: tuple[tuple[int, str], ...] = ()
    category: str = Category.PIPELINE
    retired: bool = False
    fresh: bool = False
    deleted: bool = False


#: What a cell of the stage column means.
Meaning = StageFact | Status


@dataclass(frozen=True)
class Found:
    """What the first pass saw in the column of stages: word, half percents, state word, and how often.

    `states`: the states that hide among the stages.
    """

    counts: Counter[tuple[str, int | None, str]]
    header: str
    states: frozenset[Status]


@dataclass(frozen=True)
class Stages:
    """The meaning of every word of the column, and where an active lead without a stage goes."""

    meanings: Mapping[str, Meaning]
    first: StageFact
    fresh: tuple[StageFact, ...] = ()
    #: Stages that make room for fresh ones: id to (old, new) position.
    moved: Mapping[int, tuple[int, int]] | None = None


def read(connection: Connection) -> list[StageFact]:
    """The stages of the store in their order, the deleted ones between their neighbours: the funnel asks for them."""
    rows = connection.execute(
        text(
            "SELECT id, name, probability, position, required, category, retired_at, deleted_at, "
            "(SELECT json_group_array(json_array(stage_check.id, text) ORDER BY stage_check.position, stage_check.id) "
            " FROM stage_check WHERE stage_id = stage.id AND stage_check.deleted_at IS NULL) AS checklist "
            "FROM stage ORDER BY position, id"
        )
    )
    return [
        StageFact(
            r.id, r.name, r.probability, r.position, tuple(filter(None, r.required.split(","))),
            tuple((number, words) for number, words in json.loads(r.checklist)), r.category, bool(r.retired_at),
            deleted=r.deleted_at is not None,
        )
        for r in rows
    ]  # fmt: skip


def resolve(present: list[StageFact], found: Found | None, next_id: int) -> Stages:
    """What each word means; unknown ones become stages with ids from `next_id` on.

    A stage that exists wins over a state of the same name.
    """
    live = [stage for stage in present if not stage.deleted]
    known = {sort_key(stage.name): stage for stage in reversed(live)}
    meanings: dict[str, Meaning] = {}
    unknown: dict[str, list[str]] = {}
    for word in _words(found):
        state = status_among_stages(word)
        if (stage := known.get(sort_key(word))) is not None:
            meanings[word] = stage
        elif state is not None and found is not None and state in found.states:
            meanings[word] = state
        else:
            unknown.setdefault(sort_key(word), []).append(word)
    if found is not None and len(unknown) > MOST_NEW:
        title = Text("The column “{column}” names {n} unknown stages.", column=found.header, n=len(unknown))
        raise InvalidInput(title, Text("Is it the right column? If not, say which column is what."), field="map")
    wanted = {words[0]: _probability(found, words) for words in unknown.values()}
    if not wanted and not any(not stage.retired for stage in live):
        wanted = {tr(DEFAULTS[0][0]): DEFAULTS[0][1]}
    order = _order(present, wanted, next_id)
    fresh = {sort_key(stage.name): stage for stage in order if stage.fresh}
    for key, words in unknown.items():
        meanings.update(dict.fromkeys(words, fresh[key]))
    before = {stage.id: stage.position for stage in present}
    moved = {s.id: (before[s.id], s.position) for s in order if not s.fresh and before[s.id] != s.position}
    first = next(stage for stage in order if not stage.retired and not stage.deleted)
    return Stages(meanings, first, tuple(fresh.values()), moved)


def _words(found: Found | None) -> Iterable[str]:
    seen = found.counts if found else ()
    return dict.fromkeys(word for word, _, _ in seen if word and len(word) <= _LONGEST)


def _probability(found: Found | None, words: list[str]) -> int:
    """The probability most rows of a stage have, but for the 100 % of a won lead and the 0 % of a lost one."""
    counts: Counter[int] = Counter()
    for (word, halves, state), n in (found.counts if found else Counter()).items():
        status = status_of(state) if state else None
        of_state = status in CLOSED and halves == (CERTAIN if status == Status.WON else 0)
        if word in words and halves is not None and not of_state:
            counts[halves] += n
    best = counts.most_common(1)
    return best[0][0] if best else usual_probability(words[0])


def _order(present: list[StageFact], wanted: Mapping[str, int], next_id: int) -> list[StageFact]:
    """All stages in order: a fresh one stands behind those that are as probable; the others keep their order."""
    order = list(present)
    for number, (name, halves) in enumerate(sorted(wanted.items(), key=lambda item: item[1])):
        likelier = (i for i, stage in enumerate(order) if not stage.deleted and stage.halves > halves)
        place = next(likelier, len(order))
        order.insert(
            place, StageFact(next_id + number, one_line(name), halves, 0, category=usual_category(halves), fresh=True)
        )
    if not wanted:
        return order
    return [replace(stage, position=position) for position, stage in enumerate(order)]
