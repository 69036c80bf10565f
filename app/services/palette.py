"""Leads for the command palette: those in which what was typed begins a word, before those that have it inside one.

The text of all leads lies in memory as for the filter of a list (`app.services.text_filter`), the newest first. A
search goes on in slices, so that the first hits are there with the next repaint, whatever was typed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.core.changes import ChangeSet
from app.core.clock import monotonic
from app.core.terms import Status
from app.services.lead_list import ListQuery
from app.services.matching import Word, words_of
from app.services.text_filter import Block, Buffer, TextFilter

if TYPE_CHECKING:
    from app.models.store import Store

#: Every lead there is, the newest first.
EVERY_LEAD = ListQuery(statuses=tuple(Status), sort="created", descending=True)
#: Hits of each rank that are kept: more than anybody looks through.
MOST = 60
#: After these a new word begins, beside the beginning of the text.
_BEFORE_A_WORD = rb"(?:^|[ \-/(\[&+.,:])"


class LeadSearch:
    """One search at work. `begins` are the leads whose words begin with what was typed, `inside` the others.

    Leads whose text itself begins so come first; `recent` leads, in their order, before all.
    """

    def __init__(self, words: tuple[Word, ...], blocks: Sequence[Block], recent: Mapping[int, bytes]) -> None:
        self._ways = [tuple(way.encode() for way in word) for word in words]
        self._starts = [
            re.compile(_BEFORE_A_WORD + b"(?:" + b"|".join(map(re.escape, ways)) + b")") for ways in self._ways
        ]
        self._blocks = blocks
        self._next = 0
        self._recent = recent
        self._ranks: tuple[list[int], ...] = ([], [], [])
        self._known: tuple[list[int], list[int]] = ([], [])
        for lead_id, line in recent.items():
            if all(any(way in line for way in ways) for ways in self._ways):
                self._known[self._rank(line) == _INSIDE].append(lead_id)

    @property
    def begins(self) -> list[int]:
        """Leads in which every word begins one, best first."""
        return (self._known[0] + self._ranks[0] + self._ranks[1])[:MOST]

    @property
    def inside(self) -> list[int]:
        """Leads that have it within their words only."""
        return (self._known[1] + self._ranks[_INSIDE])[:MOST]

    @property
    def done(self) -> bool:
        """Whether there is nothing better to be found."""
        return self._next >= len(self._blocks) or len(self._ranks[0]) >= MOST

    def step(self, milliseconds: float) -> bool:
        """Go on until the time is up; returns `done`."""
        end = monotonic() + milliseconds / 1000
        while not self.done:
            self._look_through(self._blocks[self._next])
            self._next += 1
            if monotonic() >= end:
                break
        return self.done

    def _look_through(self, block: Block) -> None:
        if not all(any(way in block.text for way in ways) for ways in self._ways):
            return
        lines: Iterable[tuple[int, bytes]] = zip(block.ids, block.text.split(b"\n"), strict=True)
        for ways in self._ways:
            if len(ways) == 1:
                way = ways[0]
                lines = [pair for pair in lines if way in pair[1]]
            else:
                lines = [pair for pair in lines if any(way in pair[1] for way in ways)]
        for lead_id, line in lines:
            rank = self._ranks[self._rank(line)]
            if len(rank) < MOST and lead_id not in self._recent:
                rank.append(lead_id)

    def _rank(self, line: bytes) -> int:
        if not all(start.search(line) for start in self._starts):
            return _INSIDE
        return 0 if not self._ways or line.startswith(self._ways[0]) else 1


_INSIDE = 2


class LeadFinder:
    """Finds leads among all there are. Build in a job, adopt and search on one thread."""

    def __init__(self, store: "Store") -> None:
        self._filter = TextFilter(store)

    @property
    def ready(self) -> bool:
        """Whether `search` can look through all leads."""
        return self._filter.ready(EVERY_LEAD)

    def build(self) -> Buffer:
        """Read the text of all leads; on any thread. Hand it to `adopt`."""
        return self._filter.build(EVERY_LEAD)

    def adopt(self, buffer: Buffer) -> bool:
        """Search this from now on; False if too much has changed since it was begun: build another."""
        return self._filter.adopt(buffer)

    def hear(self, change: ChangeSet) -> bool:
        """Note what changed; True when a new text is due."""
        return self._filter.hear(change)

    def lines_of(self, ids: Iterable[int]) -> dict[int, bytes]:
        """The text of a few leads in the order of `ids`; those that are gone are left out."""
        ids = list(ids)
        found = self._filter.lines_of(EVERY_LEAD, ids)
        return {lead_id: found[lead_id] for lead_id in ids if lead_id in found}

    def search(self, typed: str, recent: Mapping[int, bytes]) -> LeadSearch | None:
        """Look for what was typed; None before a text was adopted. Call `step` on what is returned.

        `recent` are leads with their text, as `lines_of` gives them.
        """
        blocks = self._filter.blocks()
        return None if blocks is None else LeadSearch(words_of(typed), blocks, recent)
