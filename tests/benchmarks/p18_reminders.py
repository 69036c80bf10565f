"""P18: the look for reminders twice a minute, after years of them, against the count of somebody's open steps."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.services.reminders import Reminders
from tests.benchmarks.measure import Result, Setting, bare, bench

if TYPE_CHECKING:
    from app.models.store import Store

#: Fifteen a working day for five years, every fifth of them put off.
_SHOWN = """
INSERT INTO reminder_state (user_id, source, row_id, due, notified_at, snoozed_until)
SELECT :me, 'step', id, due_on * 86400000000, due_on * 86400000000,
  CASE WHEN id % 5 = 0 THEN due_on * 86400000000 + 3600000000 END FROM step WHERE done_at IS NOT NULL LIMIT 20000
"""
_OPEN = "SELECT count(*) FROM step WHERE done_at IS NULL AND user_id = 1"


@bench("P18")
def looking(setting: Setting) -> Iterable[Result]:
    """A look that finds nothing, which is what nearly every look does; and all that waits."""
    with setting.own_store() as store, bare(store.path.parent) as raw:
        _live(store)
        reminders, now = Reminders(store), store.clock.now()
        reminders.shown(reminders.due(now), now)

        def count() -> None:
            raw.execute(_OPEN).fetchall()

        yield setting.compared("P18", "a look that finds nothing", lambda: reminders.look(now), count, at_most_p50=50.0)
        yield setting.compared(
            "P18", "what waits, counted and the latest read", lambda: reminders.waiting(now), count, at_most_p50=100.0
        )


def _live(store: "Store") -> None:
    """Years of reminders."""
    with store.maintenance() as connection:
        connection.execute(text(_SHOWN), {"me": store.actor_id})
