"""P15: how the queries grow with the store, from 1 000 leads to 100 000, and to a million where that is asked for.

The limit of each figure is the same work at the size before, so the ratio says how much ten times the leads cost.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import count

from app.core.terms import Status
from app.models.store import Store
from app.services.forecast import Forecast
from app.services.funnel import Funnel
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.text_filter import TextFilter
from tests.benchmarks.measure import Result, Setting, Work, bench, beside, interleaved, summary
from tests.benchmarks.p02_open import PAGE
from tests.benchmarks.p07_forecast import FIRST, LAST

#: What ten times the leads may cost: what is visible stays as it is, what reads everything grows alike, and sorting a
#: little more.
VISIBLE, LINEAR = 2.0, 15.0
#: Measured whatever sizes were asked for.
ALWAYS = ("1k", "10k", "100k")


@bench("P15", curve=True)
def growth(settings: Sequence[Setting]) -> Iterable[Result]:
    """First page, page by ids, first hits of a filter, a commit, forecast and funnel at each size."""
    rounds = settings[0].rounds
    sizes = [Setting(rows, rounds) for rows in (*ALWAYS, *(one.rows for one in settings if one.rows not in ALWAYS))]
    with ExitStack() as stores:
        works = {size.rows: _works(stores.enter_context(size.own_store(all_active=True))) for size in sizes}
        by_size = {(rows, name): work for rows, named in works.items() for name, (work, _) in named.items()}
        times = interleaved(by_size, rounds)
    for place, size in enumerate(sizes):
        for name, (_, bound) in works[size.rows].items():
            took = times[size.rows, name]
            if not place:
                yield summary("P15", name, size.rows, took)
                continue
            result = summary("P15", name, size.rows, took, at_most_ratio=bound)
            yield beside(result, took, times[sizes[place - 1].rows, name])


def _works(store: Store) -> dict[str, tuple[Work, float]]:
    lists, text_filter, query = LeadList(store), TextFilter(store), ListQuery((Status.ACTIVE,))
    text_filter.adopt(text_filter.build(query))
    leads, numbers, lead_id = Leads(store), count(1), lists.first_ids(query, 1)[0]

    def keystroke() -> None:
        text_filter.search("")  # so that the next one does not look among its own hits
        search = text_filter.search("relaunch")
        if search is not None:
            search.step(1000, enough=PAGE)

    return {
        "first page": (lambda: lists.rows(lists.first_ids(query, PAGE)), VISIBLE),
        "first hits of a filter": (keystroke, VISIBLE),
        "commit of one field": (lambda: leads.edit([lead_id], info=f"Stand {next(numbers)}"), VISIBLE),
        "forecast": (lambda: Forecast(store).months(FIRST, LAST), LINEAR),
        "funnel": (lambda: Funnel(store).read(), LINEAR),
        "all ids": (lambda: lists.ids(query), LINEAR),
    }
