"""P4: typing into the filter, the part of the store: the first hits of a keystroke with their rows, then the slices."""

from collections.abc import Iterable

from app.core.terms import Status
from app.services.lead_list import LeadList, ListQuery
from app.services.text_filter import Search, TextFilter
from tests.benchmarks.measure import Result, Setting, bench, summary, timed, without_garbage
from tests.benchmarks.p02_open import PAGE

#: As somebody types, letter by letter, with corrections; one and two letters hit nearly everything.
TYPED = (
    "relaunch müller",
    "a",
    "e",
    "ab",
    "re",
    "xq",
    "48.000",
    "25k",
    "weber logistik gmbh",
    "anna verhandl",
    "99999",
)
SLICE_MS = 8.0
FIRST_MS = 4.0


@bench("P4")
def typing(setting: Setting) -> Iterable[Result]:
    """Each keystroke to its first rows; the longest stretch after it; building the text."""
    query = ListQuery((Status.ACTIVE,))
    keystrokes: list[float] = []
    slices: list[float] = []
    with setting.store(all_active=True) as store:
        lists, text_filter = LeadList(store), TextFilter(store)
        builds = [timed(lambda: text_filter.adopt(text_filter.build(query))) for _ in range(3)]
        with without_garbage():
            for _ in range(max(setting.rounds // 3, 1)):
                for typed in TYPED:
                    for length in range(1, len(typed) + 1):
                        _press(text_filter, lists, typed[:length], keystrokes, slices)
    rows = setting.rows
    bounds = {"at_most_p95": 60.0} if rows == "1m" else {"at_most_p50": 4.0, "at_most_p95": 8.0}
    yield summary("P4", "keystroke to first rows, unpainted", rows, keystrokes, **bounds)
    yield summary("P4", "each slice after it", rows, slices, at_most_p95=2 * SLICE_MS)
    yield summary("P4", "building the text, in a thread", rows, builds)


def _press(text_filter: TextFilter, lists: LeadList, typed: str, keystrokes: list[float], slices: list[float]) -> None:
    def first() -> None:
        search = text_filter.search(typed)
        assert search is not None
        found.append(search)
        search.step(FIRST_MS, enough=PAGE)
        lists.rows(search.ids[:PAGE])

    found: list[Search] = []
    keystrokes.append(timed(first))
    while not found[0].done:
        slices.append(timed(lambda: found[0].step(SLICE_MS)))
