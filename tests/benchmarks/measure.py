"""Measuring: what is compared runs in turns in one process, so that a busy machine slows all of it alike.

A file `p*.py` holds the benchmarks of one budget. A benchmark is a function marked with `@bench`, which gets a
`Setting` and yields `Result`s.
"""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from app.bootstrap import SETTINGS_FILE
from app.core.paths import config_dir
from app.core.settings import ASK_WHO, LAST_USER, Settings
from app.models.engine import connect
from app.models.opening import store_file
from app.models.store import Store
from tests.benchmarks.generator import SIZES, Size, opened, prepared
from tests.benchmarks.vocabulary import MEMBERS

Work = Callable[[], object]
Name = TypeVar("Name")


@dataclass(frozen=True)
class Result:
    """A figure in milliseconds beside its limit; `at_most_…` is the budget where there is one.

    `ratio` says how many times the limit it took: the median over the rounds, since both run in each round and a busy
    moment slows both.
    """

    budget: str
    what: str
    rows: str
    p50: float
    p95: float
    limit: float | None = None
    ratio: float | None = None
    at_most_ratio: float | None = None
    at_most_p50: float | None = None
    at_most_p95: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it keeps its budget; None without one."""
        pairs = ((self.ratio, self.at_most_ratio), (self.p50, self.at_most_p50), (self.p95, self.at_most_p95))
        kept = [value <= bound for value, bound in pairs if value is not None and bound is not None]
        return all(kept) if kept else None

    def as_dict(self) -> dict[str, Any]:
        """All of it, for the file of results."""
        return {**asdict(self), "met": self.met}


@dataclass(frozen=True)
class Setting:
    """A size to measure at (a key of `SIZES`) and how many rounds to run."""

    rows: str
    rounds: int = 15

    def folder(self, *, all_active: bool = False) -> Path:
        """A data folder that is only read."""
        return prepared(Size(SIZES[self.rows], all_active))

    @contextmanager
    def store(self, *, all_active: bool = False) -> Iterator[Store]:
        """An open store that is only read."""
        store = opened(self.folder(all_active=all_active))
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def own_store(self, *, all_active: bool = False) -> Iterator[Store]:
        """An open store that may be written into: a copy."""
        with tempfile.TemporaryDirectory(prefix="trichter-bench-copy-") as name:
            shutil.copyfile(store_file(self.folder(all_active=all_active)), store_file(Path(name)))
            store = opened(Path(name))
            try:
                yield store
            finally:
                store.close()

    def compared(
        self,
        budget: str,
        what: str,
        work: Work,
        limit: Work,
        *,
        at_most: float | None = None,
        at_most_p50: float | None = None,
        before: Work | None = None,
    ) -> Result:
        """`work` against `limit`, in turns; `before` runs ahead of each, unmeasured."""
        times = interleaved({"work": work, "limit": limit}, self.rounds, before)
        bounds = {"at_most_ratio": at_most, "at_most_p50": at_most_p50}
        return beside(summary(budget, what, self.rows, times["work"], **bounds), times["work"], times["limit"])


def interleaved(
    works: Mapping[Name, Work], rounds: int, before: Work | Mapping[Name, Work] | None = None
) -> dict[Name, list[float]]:
    """Milliseconds of each work in each round, in turns, after one round to warm up.

    `before` runs ahead of each, unmeasured; or for each its own.
    """
    times: dict[Name, list[float]] = {name: [] for name in works}
    with without_garbage():
        for number in range(rounds + 1):
            for name, work in works.items():
                ahead = before.get(name) if isinstance(before, Mapping) else before
                if ahead is not None:
                    ahead()
                took = timed(work)
                if number:
                    times[name].append(took)
    return times


def timed(work: Work) -> float:
    """Milliseconds that `work` takes."""
    begin = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begin) / 1e6


def as_installed() -> dict[str, str]:
    """The environment for a process of its own: no screen, and what Python has compiled is kept, as with everybody.

    In a shell that forbids that (PYTHONDONTWRITEBYTECODE) every start would measure the compiler too.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


def begin_as_one(folder: Path) -> None:
    """Let the program start there as one of the many who work with such a store, without asking who it is."""
    Settings(config_dir(folder) / SETTINGS_FILE).change({ASK_WHO: False, LAST_USER: MEMBERS[0][0]})


@contextmanager
def without_garbage() -> Iterator[None]:
    """The collector would run through whatever happens to be in memory, at any moment."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def beside(result: Result, times: list[float], limits: list[float]) -> Result:
    """The result with its limit, from the times of the same rounds."""
    ratios = [time / limit for time, limit in zip(times, limits, strict=True)]
    return replace(result, limit=median(limits), ratio=median(ratios))


def summary(budget: str, what: str, rows: str, times: list[float], **bounds: float | None) -> Result:
    """A result from single times; `bounds` are its fields at_most_…."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return Result(budget, what, rows, median(ordered), p95, **bounds)


@contextmanager
def bare(folder: Path) -> Iterator[Any]:
    """The driver's own connection to a store, with the program's settings: what limits are measured with."""
    connection = connect(store_file(folder), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


@dataclass(frozen=True)
class Benchmark:
    """A registered benchmark; one with `curve` gets the settings of all sizes at once."""

    budget: str
    run: Callable[..., Iterable[Result]]
    curve: bool


BENCHMARKS: list[Benchmark] = []


def bench(budget: str, *, curve: bool = False) -> Callable[[Callable[..., Iterable[Result]]], Any]:
    """Register a benchmark of a budget: `@bench("P2")` over a function of a `Setting`."""

    def register(run: Callable[..., Iterable[Result]]) -> Callable[..., Iterable[Result]]:
        BENCHMARKS.append(Benchmark(budget, run, curve))
        return run

    return register
