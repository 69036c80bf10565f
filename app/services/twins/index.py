"""Who among thousands is like one of them, and all who are alike: only records that share a key are compared."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.core.collector import collector_paused
from app.services.twins.evidence import bits_of
from app.services.twins.facts import Facts, Likeness, Profile, profile
from app.services.twins.keys import TRUNK, keys
from app.services.twins.match import POSSIBLE, compare
from app.services.twins.sieve import Sieve

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

#: Told how many of how many comparisons are done.
Progress = Callable[[int, int], None]

#: Somebody types meanwhile: of many who might be like him those with the rarest keys are compared.
_MOST_COMPARED = 400
#: In a block of more than these each is compared with those after it only, which are at the same place or company; so
#: many behind one switchboard are not compared for its sake at all.
_WINDOW = 60
#: After so many changes they are sorted in.
_MOST_CHANGES = 4096
_REPORT_EVERY = 2000


class TwinIndex:
    """The records of one kind by their keys. Keys are kept as numbers (their hashes) in one sorted array, which takes a
    tenth of the memory of a dictionary; what was put in or taken out since is kept beside it until there is much of it.
    """

    def __init__(self, records: Iterable[tuple[int, Facts]] = ()) -> None:
        self._profiles: dict[int, Profile] = {}
        self._sorted = _Sorted()
        self._void: set[int] = set()  # whose keys in the sorted array hold no more
        self._fresh: dict[int, list[int]] = defaultdict(list)
        self._changes = 0
        with collector_paused():
            self._fill(records)

    def __len__(self) -> int:
        return len(self._profiles)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._profiles

    def put(self, record_id: int, facts: Facts) -> None:
        """Add a record, or say what is known of it now."""
        self.remove(record_id)
        record = self._profiles[record_id] = profile(facts)
        for key in _hashes(record):
            self._fresh[key].append(record_id)
        self._changed()

    def remove(self, record_id: int) -> None:
        """Forget a record; nothing happens if it is not there."""
        record = self._profiles.pop(record_id, None)
        if record is None:
            return
        for key in _hashes(record):
            if record_id in self._fresh.get(key, ()):
                self._fresh[key].remove(record_id)
        self._void.add(record_id)
        self._changed()

    def near(
        self, facts: Facts, limit: int = 5, *, but: Collection[int] = (), at_least: float = POSSIBLE
    ) -> list[tuple[int, Likeness]]:
        """Those most like these facts, the likest first; none of `but`: the record itself while it is edited."""
        record, least = profile(facts), bits_of(at_least)
        found = [
            (candidate, likeness)
            for candidate in self._candidates(record, but)
            if (likeness := compare(record, self._profiles[candidate], least)).score >= at_least
        ]
        found.sort(key=lambda pair: (-pair[1].score, pair[0]))
        return found[:limit]

    def pairs(
        self, progress: Progress | None = None, *, at_least: float = POSSIBLE
    ) -> Iterator[tuple[int, int, Likeness]]:
        """All pairs that are alike, the smaller id first, in no order that means anything.

        The index may not be changed until the last pair was taken.
        """
        self._sort_in()
        profiles, least = self._profiles, bits_of(at_least)
        order = sorted(profiles, key=lambda record_id: (*_neighbourhood(profiles[record_id]), record_id))
        codes, many = self._sorted.pairs(order), len(order)
        if order and profiles[order[0]].person is not None:
            codes = Sieve([profiles[record_id] for record_id in order]).worth(codes)
        for done, code in enumerate(codes):
            if progress is not None and done % _REPORT_EVERY == 0:
                progress(done, len(codes))
            one, other = sorted((order[int(code) // many], order[int(code) % many]))
            likeness = compare(profiles[one], profiles[other], least)
            if likeness.score >= at_least:
                yield one, other, likeness
        if progress is not None:
            progress(len(codes), len(codes))

    def _fill(self, records: Iterable[tuple[int, Facts]]) -> None:
        found, owners = [], []
        for record_id, facts in records:
            self._profiles[record_id] = record = profile(facts)
            hashes = _hashes(record)
            found += hashes
            owners += [record_id] * len(hashes)
        self._sorted.add(found, owners)

    def _candidates(self, record: Profile, but: Collection[int]) -> set[int]:
        blocks = []
        hashes = _hashes(record)
        for key, block in zip(hashes, self._sorted.blocks(hashes), strict=True):
            fresh = self._fresh.get(key, ())
            size = len(block) + len(fresh)
            if size <= _WINDOW or not _is_trunk(key):
                blocks.append((size, block, fresh))
        blocks.sort(key=lambda item: item[0])
        found: set[int] = set()
        for _, block, fresh in blocks:
            found.update(fresh[:_MOST_COMPARED])
            found.update(owner for owner in block[:_MOST_COMPARED].tolist() if owner not in self._void)
            if len(found) > _MOST_COMPARED:
                break
        return found.difference(but)

    def _changed(self) -> None:
        self._changes += 1
        if self._changes > _MOST_CHANGES:
            self._sort_in()

    def _sort_in(self) -> None:
        self._sorted.drop(self._void)
        found = [key for key, owners in self._fresh.items() for _ in owners]
        self._sorted.add(found, [owner for owners in self._fresh.values() for owner in owners])
        self._void.clear()
        self._fresh.clear()
        self._changes = 0


class _Sorted:
    """Keys and whose they are, sorted by key."""

    def __init__(self) -> None:
        import numpy as np

        self.keys: Numbers = np.empty(0, np.int64)
        self.owners: Numbers = np.empty(0, np.int64)

    def add(self, keys: list[int], owners: list[int]) -> None:
        import numpy as np

        if not keys:
            return
        all_keys = np.concatenate((self.keys, np.array(keys, np.int64)))
        order = np.argsort(all_keys, kind="stable")
        self.keys = all_keys[order]
        self.owners = np.concatenate((self.owners, np.array(owners, np.int64)))[order]

    def drop(self, owners: set[int]) -> None:
        import numpy as np

        if owners:
            kept = ~np.isin(self.owners, np.fromiter(owners, np.int64))
            self.keys, self.owners = self.keys[kept], self.owners[kept]

    def blocks(self, keys: list[int]) -> list["Numbers"]:
        """Whose each of the keys is."""
        import numpy as np

        wanted = np.array(keys, np.int64)
        begins, ends = np.searchsorted(self.keys, wanted, "left"), np.searchsorted(self.keys, wanted, "right")
        return [self.owners[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def pairs(self, order: list[int]) -> "Numbers":
        """Each two owners with a key in common once, as place in `order` of the one × number of owners + the other's.

        Owners that stand together in `order` are compared first where a key has too many.
        """
        import numpy as np

        ids = np.array(order, np.int64)
        by_id = np.argsort(ids)
        places = by_id[np.searchsorted(ids, self.owners, sorter=by_id)]
        order_by_key = np.lexsort((places, self.keys))
        keys, places = self.keys[order_by_key], places[order_by_key]
        crowds = _is_trunk(keys) & (_sizes(keys) > _WINDOW)
        keys, places = keys[~crowds], places[~crowds]
        alive = np.arange(len(keys))
        found = [np.empty(0, np.int64)]
        for distance in range(1, _WINDOW + 1):
            alive = alive[alive + distance < len(keys)]
            alive = alive[keys[alive] == keys[alive + distance]]
            if not len(alive):
                break
            found.append(places[alive] * len(order) + places[alive + distance])
        codes = np.sort(np.concatenate(found))  # np.unique looks them up in a table, which takes four times as long
        once: Numbers = codes[np.append(True, codes[1:] != codes[:-1])[: len(codes)]]
        return once


def _sizes(keys: "Numbers") -> "Numbers":
    """How often each of these sorted keys is there."""
    import numpy as np

    sizes: Numbers = np.searchsorted(keys, keys, "right") - np.searchsorted(keys, keys, "left")
    return sizes


def _is_trunk(key: Any) -> Any:
    """Whether this is the key of a switchboard; of an array of keys, for each. See `_hashes`."""
    return key & 1 == 1


def _hashes(record: Profile) -> list[int]:
    """Odd for the switchboards: what so many share that no house has so many is only a small town's beginning."""
    return [hash(key) | 1 if key[0] == TRUNK else hash(key) & ~1 for key in keys(record)]


def _neighbourhood(record: Profile) -> tuple[str, str, str]:
    company = record.companies[0].key if record.companies else ""
    name = record.company or record.person
    return record.town, company, name.key if name else ""
