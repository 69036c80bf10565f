"""P19: the warning while a company or a person is typed, from the database, against reading their bare names."""

import time
from collections.abc import Iterable, Iterator

from sqlalchemy import text

from app.services.duplicates import Duplicates
from app.services.twins.facts import Facts
from app.ui.duplicates.dialog import DuplicatesDialog
from tests.benchmarks import vocabulary as words
from tests.benchmarks.measure import Result, Setting, bench, beside, summary, timed, without_garbage
from tests.benchmarks.window import Gaps, Shown, showing, wait_until

_MOST_MS, _MOST_GAP_MS, _MOST_ALL_MS = 100.0, 50.0, 20_000.0
_LOOKED_S = 6.0


@bench("P19")
def warning(setting: Setting) -> Iterable[Result]:
    """After each pause of typing, for new ones and for such as are there."""
    with setting.store() as store:
        duplicates = Duplicates(store)

        def names(table: str) -> None:
            with store.read() as connection:
                connection.execute(text(f"SELECT id, search_key FROM {table}")).all()

        for what, typed in (("company", list(_companies())), ("person", list(_people()))):
            times, limits = [], []
            duplicates.near(typed[0].kind, typed[0])
            with without_garbage():
                for facts in typed * max(1, setting.rounds // 5):
                    times.append(timed(lambda: duplicates.near(facts.kind, facts)))  # noqa: B023
                    limits.append(timed(lambda: names(what)))  # noqa: B023
            result = summary("P19", f"{what}: warning while typing", setting.rows, times, at_most_p95=_MOST_MS)
            yield beside(result, times, limits)
            found = [timed(lambda: duplicates.find_all(typed[0].kind))]  # noqa: B023
            yield summary("P19", f"{what}: all duplicates", setting.rows, found, at_most_p50=_MOST_ALL_MS)


@bench("P14")
def finding(setting: Setting) -> Iterable[Result]:
    """How long the event loop stands still in the first seconds in which all companies are looked through."""
    with setting.store() as store, showing(store) as shown:
        with Gaps() as looked:
            _find(shown)
        yield summary(
            "P14", "longest gap: duplicates looked for", setting.rows, [looked.longest], at_most_p95=_MOST_GAP_MS
        )


def _find(shown: Shown) -> None:
    dialog = DuplicatesDialog(shown.context, shown.window)
    dialog.show()
    begin = time.perf_counter()
    wait_until(lambda: time.perf_counter() - begin > _LOOKED_S or shown.jobs.idle)
    dialog.close()
    shown.settle()


def _companies() -> Iterator[Facts]:
    for number in range(10):
        name = f"{words.NAMES[number]} {words.TRADES[number]} {number * 37} {words.FORMS[number % len(words.FORMS)]}"
        for length in range(3, len(name), 5):
            yield Facts("company", name[:length])
        site = f"company{number * 37 + 1}.example"
        yield Facts("company", name, (f"post@{site}",), (f"+49221{number * 37 + 1:07d}",), (site,), "50667", "Köln")


def _people() -> Iterator[Facts]:
    for number in range(10):
        name = f"{words.FIRST[number]} {words.NAMES[number]}-{number * 37}"
        for length in range(3, len(name), 5):
            yield Facts("person", name[:length])
        yield Facts("person", name, (f"post@person{number}.example",), (f"+49171{number:07d}",))
