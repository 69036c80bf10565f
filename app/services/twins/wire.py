"""All records of a kind on their way to the child process that compares them, and what it found on its way back.

The records travel as the database wrote them, in JSON: the program does not touch one of them.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from app.core.i18n import Text, dump_args, dump_message, load_text
from app.services.child.wire import Message, packed, unpacked
from app.services.twins.facts import Facts, Kind, Likeness, facts_of
from app.services.twins.groups import Twins, groups

_TELL_EVERY = 200


def question(kind: Kind, rows: Sequence[bytes], apart: Collection[tuple[int, int]]) -> bytes:
    """What the child is told: the rows that `facts_of` takes, each sort of them as JSON, and who is no duplicate."""
    return b"".join(packed(Message({"kind": kind, "apart": list(apart)}, tuple(rows))))


def answer(asked: bytes, tell: Callable[[int, int], None]) -> Message:
    """In the child: all that are there more than once. `tell` is told how much of how much is done."""
    from app.services.twins.index import TwinIndex  # what compares is loaded in the child alone

    question = unpacked(asked)
    assert question is not None
    known = facts_of(question.values["kind"], *map(json.loads, question.parts))
    apart = set(map(tuple, question.values["apart"]))
    tell(0, len(known))
    index = TwinIndex(_told(known, tell))
    pairs = [pair for pair in index.pairs(tell) if pair[:2] not in apart]
    found = [_plain(twins) for twins in groups(pairs, {record: facts.name for record, facts in known.items()})]
    return Message({}, (json.dumps(found).encode("ascii"),))  # a part may be of any size


def found_in(told: Message) -> list[Twins]:
    """What the child found."""
    return [_twins(*each) for each in json.loads(told.parts[0])]


def _told(known: Mapping[int, Facts], tell: Callable[[int, int], None]) -> Iterator[tuple[int, Facts]]:
    for done, item in enumerate(known.items()):
        if done % _TELL_EVERY == 0:
            tell(done, len(known))
        yield item


def _plain(twins: Twins) -> list[Any]:
    pairs = [
        [one, other, likeness.score, _dumped(likeness.reasons), _dumped(likeness.against)]
        for one, other, likeness in twins.pairs
    ]
    return [list(twins.names.items()), pairs]


def _twins(names: Sequence[tuple[int, str]], pairs: Sequence[tuple[int, int, float, Any, Any]]) -> Twins:
    likely = ((one, other, Likeness(score, _loaded(why), _loaded(not_))) for one, other, score, why, not_ in pairs)
    return Twins(dict(names), tuple(likely))


def _dumped(texts: Sequence[Text]) -> list[tuple[str, str]]:
    return [(dump_message(text), dump_args(text.args)) for text in texts]


def _loaded(texts: Sequence[tuple[str, str]]) -> tuple[Text, ...]:
    return tuple(load_text(*text) for text in texts)
