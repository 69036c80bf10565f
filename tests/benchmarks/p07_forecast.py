"""P7: forecast of 36 months in exact cents and the funnel, against scans of the same covering indexes."""

from collections.abc import Iterable
from typing import Any

from app.core.calendar import month_number
from app.core.i18n import Text
from app.models.schema import Lead
from app.models.store import Store
from app.services.forecast import Forecast
from app.services.funnel import Funnel
from tests.benchmarks.generator import TODAY, opened
from tests.benchmarks.measure import Result, Setting, bare, bench

FIRST = month_number(TODAY)
LAST = FIRST + 35
_FORECAST_SCAN = """
SELECT count(*), sum(month_base), sum(month_weighted), sum(total_base), sum(weighted_base)
FROM main.lead INDEXED BY ix_lead_forecast WHERE status IN ('active', 'won') AND deleted_at IS NULL
"""
_FUNNEL_SCANS = (
    """SELECT count(*), sum(total_base), sum(weighted_base) FROM main.lead INDEXED BY ix_lead_funnel
    WHERE status = 'active' AND deleted_at IS NULL""",
    """SELECT count(*), sum(reached_stage_id) FROM main.lead INDEXED BY ix_lead_cohort
    WHERE status IN ('active', 'won', 'lost', 'dropped') AND activated_on IS NOT NULL AND deleted_at IS NULL""",
    """SELECT count(*), sum(total_base), sum(closed_on - activated_on) FROM main.lead INDEXED BY ix_lead_closed
    WHERE status IN ('won', 'lost', 'dropped') AND closed_on IS NOT NULL AND deleted_at IS NULL""",
)


@bench("P7")
def forecast(setting: Setting) -> Iterable[Result]:
    """The first forecast of a store just opened, then one after each edit; then the funnel."""
    yield _first(setting)
    with setting.own_store(all_active=True) as store, bare(store.path.parent) as raw:
        yield setting.compared(
            "P7", "forecast of 36 months after one edit", lambda: Forecast(store).months(FIRST, LAST),
            lambda: raw.execute(_FORECAST_SCAN).fetchall(), at_most=1.5, before=lambda: _edit(store),
        )  # fmt: skip
        yield setting.compared(
            "P7", "funnel, all leads active", lambda: Funnel(store).read(), lambda: _scans(raw), at_most=1.3
        )
    with setting.store() as store, bare(store.path.parent) as raw:
        yield setting.compared("P7", "funnel, leads of all states", lambda: Funnel(store).read(), lambda: _scans(raw))
        yield setting.compared(
            "P7", "forecast of 36 months, leads of all states", lambda: Forecast(store).months(FIRST, LAST),
            lambda: raw.execute(_FORECAST_SCAN).fetchall(),
        )  # fmt: skip


def _first(setting: Setting) -> Result:
    folder = setting.folder(all_active=True)

    def work() -> None:
        store = opened(folder)
        Forecast(store).months(FIRST, LAST)
        store.close()

    def limit() -> None:
        with bare(folder) as raw:
            raw.execute(_FORECAST_SCAN).fetchall()

    return setting.compared("P7", "forecast of 36 months, store just opened", work, limit, at_most=9.0)


def _scans(raw: Any) -> None:
    for scan in _FUNNEL_SCANS:
        raw.execute(scan).fetchall()


def _edit(store: Store) -> None:
    with store.write(Text("Edited")) as session:
        lead = session.get_one(Lead, 77)
        lead.amount_minor += 100
