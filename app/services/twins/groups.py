"""Records that are probably one, put together by the pairs among them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.services.twins.facts import Likeness

Pair = tuple[int, int, Likeness]


@dataclass(frozen=True)
class Twins:
    """Records that are probably one, by their names, and why: the pairs among them, the surest first."""

    names: Mapping[int, str]
    pairs: tuple[Pair, ...]

    @property
    def score(self) -> float:
        """How sure the surest of them is."""
        return self.pairs[0][2].score


def groups(pairs: Iterable[Pair], names: Mapping[int, str]) -> list[Twins]:
    """Those that hang together by pairs, each group once, the surest first."""
    chief: dict[int, int] = {}

    def root(record: int) -> int:
        while (up := chief.setdefault(record, record)) != record:
            chief[record] = chief[up]
            record = up
        return record

    pairs = list(pairs)
    for one, other, _ in pairs:
        chief[root(other)] = root(one)
    together: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        together[root(pair[0])].append(pair)
    found = []
    for group in together.values():
        group.sort(key=lambda pair: (-pair[2].score, pair[0], pair[1]))
        ids = dict.fromkeys(record for one, other, _ in group for record in (one, other))
        found.append(Twins({record: names[record] for record in ids}, tuple(group)))
    found.sort(key=lambda twins: (-twins.score, twins.pairs[0][:2]))
    return found
