"""The overview over everything there is: its list beside a scan of the same index (P2), the tab until it is painted, a
step finished in it (P8), and how long the event loop stands still meanwhile (P14).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from app.services.leads import Leads, NextStep
from app.services.recent import Recent
from app.services.today import Today
from tests.benchmarks.generator import TODAY
from tests.benchmarks.measure import Result, Setting, bare, bench, summary, timed
from tests.benchmarks.window import Gaps, showing

_SCAN = """
SELECT count(*), sum(weighted_base), sum(next_step_on) FROM main.lead INDEXED BY ix_lead_list
WHERE status IN ('active', 'potential') AND deleted_at IS NULL
"""


@bench("P2")
def overview(setting: Setting) -> Iterable[Result]:
    """What it reads: the first page, all, of one person; the figures; what has happened."""
    with setting.store() as store, bare(store.path.parent) as raw:
        today = Today(store)
        for what, work in (
            ("first page", lambda: today.first(None, 80)), ("all of it", lambda: today.all(None)),
            ("one person's", lambda: today.all(1)), ("figures", lambda: today.figures(None)),
            ("since yesterday", lambda: Recent(store).since(TODAY - timedelta(days=1))),
        ):  # fmt: skip
            yield setting.compared("P2", f"overview: {what}", work, lambda: raw.execute(_SCAN).fetchall())


@bench("P14")
def overview_tab(setting: Setting) -> Iterable[Result]:
    """Going there for the first time and again; a step finished until the row is gone."""
    most = 100.0 if setting.rows == "1m" else 50.0
    with setting.own_store() as store, showing(store) as shown:
        with Gaps() as opened:
            first = timed(lambda: shown.window.go_to("overview"))
            shown.settle()
        tab = shown.window.current_tab()
        again = []
        for _ in range(setting.rounds):
            shown.window.go_to("leads")
            shown.settle()
            again.append(timed(lambda: shown.window.go_to("overview")))
            shown.settle()
        verbs, took = Leads(store), []
        with Gaps() as finished:
            for _ in range(setting.rounds):
                took.append(timed(lambda: verbs.finish_step([_due(tab)], NextStep(TODAY + timedelta(days=9)))))
                shown.settle()
    yield summary("P2", "overview: going there the first time", setting.rows, [first])
    yield summary("P2", "overview: coming back", setting.rows, again, at_most_p95=16.0)
    yield summary("P8", "overview: a step finished", setting.rows, took)
    yield summary("P14", "overview: longest gap while it opens", setting.rows, [opened.longest], at_most_p95=most)
    yield summary("P14", "overview: longest gap after a step", setting.rows, [finished.longest], at_most_p95=most)


def _due(tab: Any) -> int:
    """The first lead in the list that has a step."""
    model = tab.today.model
    found: int = next(id_ for place, id_ in enumerate(model.ids) if model.row_data(place).next_step_on is not None)
    return found
