"""P3: another order, until its first page is painted, against a vector of ids in raw SQL."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from tests.benchmarks.measure import Result, Setting, bare, bench
from tests.benchmarks.window import showing, wait_until

NUMBERS = ("weighted", "volume", "stage", "probability", "period", "next_step", "age", "created", "closed")
TEXTS = ("title", "company", "person", "responsible", "source", "number")
_VECTOR = """
SELECT json_group_array(id) FROM (SELECT id FROM main.lead WHERE status = 'active' AND deleted_at IS NULL
ORDER BY total_base, id)
"""


@bench("P3")
def sorting(setting: Setting) -> Iterable[Result]:
    """Each order ascending, which is the slower way."""
    with (
        setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw, showing(store) as shown,
    ):  # fmt: skip

        def vector() -> None:
            json.loads(raw.execute(_VECTOR).fetchone()[0])

        for keys, bound in ((NUMBERS, 60.0), (TEXTS, 160.0)):
            for key in keys:
                sort = partial(_sort, shown.panel, key)
                yield setting.compared(
                    "P3", f"sorted by {key}, first page painted", sort, vector, at_most_p50=bound, before=shown.settle
                )


def _sort(panel: Any, key: str) -> None:
    """The first page is painted with the ids; of orders without an index they come from a thread."""
    before = panel.model.ids
    panel.ask(sort=key, descending=False)
    wait_until(lambda: panel.model.ids is not before)
