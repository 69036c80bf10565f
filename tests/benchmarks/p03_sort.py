"""P3: another order or another filter, until its first page is painted, against a vector of ids in raw SQL."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from app.services.filter_fields import Op
from app.services.record_filter import Condition
from tests.benchmarks.measure import Result, Setting, bare, bench
from tests.benchmarks.window import showing, wait_until

#: Each in the order of the list as it opens; a page of them is soon found, of rare ones all leads are looked at.
FILTERS = {
    "responsible": Condition("responsible", Op.IS, (1,)), "tag": Condition("tag", Op.IS, (1,)),
    "overdue": Condition("next_step", Op.OVERDUE), "idle": Condition("idle", Op.YES),
    "period": Condition("period", Op.IN, ("quarter", 1)), "volume": Condition("volume", Op.FROM, (5_000_000,)),
    "a title that is rare": Condition("title", Op.CONTAINS, ("zzz",)),
}  # fmt: skip
NUMBERS = ("weighted", "volume", "stage", "probability", "period", "next_step", "age", "created", "closed")
TEXTS = ("title", "company", "person", "responsible", "source", "number")
#: As long as an order by text may take.
_RARE = 160.0
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


@bench("P3")
def filtering(setting: Setting) -> Iterable[Result]:
    """Each filter set anew, from the whole list."""
    with (
        setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw, showing(store) as shown,
    ):  # fmt: skip

        def vector() -> None:
            json.loads(raw.execute(_VECTOR).fetchone()[0])

        def whole() -> None:
            shown.panel.ask(filter=None)
            shown.settle()

        for name, tree in FILTERS.items():
            narrow = partial(_narrow, shown.panel, tree)
            yield setting.compared(
                "P3", f"filtered by {name}, first page painted", narrow, vector, at_most_p50=_RARE, before=whole
            )


def _narrow(panel: Any, tree: Condition) -> None:
    before = panel.model.ids
    panel.ask(filter=tree)
    wait_until(lambda: panel.model.ids is not before)


def _sort(panel: Any, key: str) -> None:
    """The first page is painted with the ids; of orders without an index they come from a thread."""
    before = panel.model.ids
    panel.ask(sort=key, descending=False)
    wait_until(lambda: panel.model.ids is not before)
