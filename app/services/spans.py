"""Leads laid over months: which part of a value counts when. Plain reckoning, without a database.

Leads of the same state and the same months are summed first and laid out like a single lead, which is exact because
every month but the last has the value of one month, and the last takes the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: A month number; months from the first to the last of a pair; or what lies beside the months of the window. 'moved' is
#: a part of the current month.
Bucket = int | tuple[int, int] | Literal["before", "after", "without_period", "omitted", "total", "moved"]

QUARTER = 3


class Sums(NamedTuple):
    """Minor units of the base currency: won leads, active leads weighted, active leads at 100 %. `leads` counts them.

    In a single month a lead that covers several is counted as well.
    """

    secured: int = 0
    weighted: int = 0
    unweighted: int = 0
    leads: int = 0


@dataclass(frozen=True)
class Month:
    """The months of the window from `month` to `last`, month numbers: one of them, or those of a quarter."""

    month: int
    sums: Sums
    last: int


class Span(NamedTuple):
    """Leads (or one) with the same state and months, summed. `omitted` ones run, but in no month."""

    open: bool
    omitted: bool
    first: int | None
    last: int | None
    leads: int
    month: int
    month_weighted: int
    total: int
    weighted: int

    def value(self, months: int, *, rest: bool) -> Sums:
        """The value of some months before the last, with the `rest` in the last month or without it."""
        plain, weighted = months * self.month, months * self.month_weighted
        if rest and self.first is not None and self.last is not None:
            earlier = self.last - self.first
            plain += self.total - earlier * self.month
            weighted += self.weighted - earlier * self.month_weighted
        if self.open:
            return Sums(0, weighted, plain, self.leads)
        return Sums(plain, 0, 0, self.leads)

    def whole(self) -> Sums:
        """All of it."""
        if self.open:
            return Sums(0, self.weighted, self.total, self.leads)
        return Sums(self.total, 0, 0, self.leads)

    def between(self, start: int | None, end: int | None) -> Sums | None:
        """The value of the months from `start` to `end`, both included, None for no bound; None if it has none."""
        if self.first is None or self.last is None:
            return None
        begin = self.first if start is None else max(start, self.first)
        stop = self.last if end is None else min(end, self.last)
        if begin > stop:
            return None
        rest = stop == self.last
        return self.value(stop - begin + (not rest), rest=rest)


def _place(span: Span) -> Bucket | None:
    """The bucket that takes the whole of a lead; None for one whose months count."""
    if span.omitted:
        return "omitted"
    return "without_period" if span.first is None else None


@dataclass(frozen=True)
class Window:
    """The months `first` to `last`, as they are seen in the month `now`."""

    first: int
    last: int
    now: int

    def part(self, span: Span, bucket: Bucket) -> Sums | None:
        """What a span has in a bucket; None for nothing at all."""
        match bucket:
            case "total":
                return span.whole()
            case "omitted" | "without_period":
                return span.whole() if bucket == _place(span) else None
            case _:
                return None if span.omitted else self._laid(span, bucket)

    def _laid(self, span: Span, bucket: int | tuple[int, int] | Literal["before", "after", "moved"]) -> Sums | None:
        """What a span has in some months, or beside those of the window."""
        match bucket:
            case "moved":
                return span.between(None, self.now - 1) if span.open else None
            case "before":
                return span.between(None, self.first - 1) if not span.open or self.now < self.first else None
            case "after":
                return span.between(None if span.open and self.now > self.last else self.last + 1, None)
            case (first, last):
                return self._months(span, first, last)
            case month:
                return self._months(span, month, month)

    def _months(self, span: Span, first: int, last: int) -> Sums | None:
        """What an open lead had before now counts now."""
        if not span.open or first > self.now:
            return span.between(first, last)
        return span.between(None, last) if last >= self.now else None

    def sum(self, spans: Iterable[Span], bucket: Bucket) -> Sums:
        """What many spans have in a bucket."""
        total = [0] * 4
        for span in spans:
            part = self.part(span, bucket)
            if part is not None:
                _add(total, part)
        return Sums(*total)

    def months(self, spans: Iterable[Span]) -> tuple[Month, ...]:
        """The sums of every month, in constant time for each span."""
        layers = _Layers(self.first, self.last)
        for span in spans:
            layers.lay(span, self.now)
        return tuple(Month(month, sums, month) for month, sums in enumerate(layers.sums(), self.first))

    def quarters(self, spans: Sequence[Span]) -> tuple[Month, ...]:
        """The sums of every quarter, or of what of it lies in the window."""
        found = []
        begin = self.first
        while begin <= self.last:
            end = min(begin - begin % QUARTER + QUARTER - 1, self.last)
            found.append(Month(begin, self.sum(spans, (begin, end)), end))
            begin = end + 1
        return tuple(found)


class _Layers:
    """Sums for every month from `first` to `last`, filled span by span in constant time each."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._count = last - first + 1
        # What begins (or, negative, ends) with a month and what is in that month alone.
        self._steps = [[0] * 4 for _ in range(self._count + 1)]
        self._spots = [[0] * 4 for _ in range(self._count)]

    def lay(self, span: Span, now: int) -> None:
        """Add a span to the months in which it counts: what an open lead had before now counts now."""
        if span.first is None or span.last is None or span.omitted:
            return
        begin = span.first
        if span.open and begin <= now:
            self._put(now, span.between(None, now))
            begin = now + 1
        if begin <= span.last:
            self._run(begin, span.last - 1, span.value(1, rest=False))
            self._put(span.last, span.value(0, rest=True))

    def _put(self, month: int, sums: Sums | None) -> None:
        """Add to one month, if it is in the window."""
        place = month - self._first
        if sums is not None and 0 <= place < self._count:
            _add(self._spots[place], sums)

    def _run(self, first: int, last: int, sums: Sums) -> None:
        """Add to each of some months."""
        begin, end = max(first - self._first, 0), min(last - self._first + 1, self._count)
        if begin < end:
            _add(self._steps[begin], sums)
            _add(self._steps[end], sums, -1)

    def sums(self) -> list[Sums]:
        """The months in their order."""
        level = [0] * 4
        months = []
        for step, spot in zip(self._steps, self._spots, strict=False):
            level = [a + b for a, b in zip(level, step, strict=True)]
            months.append(Sums(*(a + b for a, b in zip(level, spot, strict=True))))
        return months


def _add(to: list[int], sums: Sums, times: int = 1) -> None:
    secured, weighted, unweighted, leads = sums
    to[0] += times * secured
    to[1] += times * weighted
    to[2] += times * unweighted
    to[3] += times * leads
