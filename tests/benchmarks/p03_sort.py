"""P3: another order, the part of the store: the ids of the first page and their rows."""

import json
from collections.abc import Iterable
from functools import partial

from app.core.terms import Status
from app.services.lead_list import LeadList, ListQuery
from tests.benchmarks.measure import Result, Setting, bare, bench
from tests.benchmarks.p02_open import PAGE

NUMBERS = ("weighted", "volume", "stage", "probability", "period", "next_step", "age", "created", "closed")
TEXTS = ("title", "company", "person", "responsible", "source", "number")
_VECTOR = """
SELECT json_group_array(id) FROM (SELECT id FROM main.lead WHERE status = 'active' AND deleted_at IS NULL
ORDER BY total_base, id)
"""


@bench("P3")
def sorting(setting: Setting) -> Iterable[Result]:
    """Each order against a vector of ids in raw SQL, ascending, which is the slower way."""
    with setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw:
        lists = LeadList(store)

        def first_page(query: ListQuery) -> None:
            lists.rows(lists.first_ids(query, PAGE))

        def vector() -> None:
            json.loads(raw.execute(_VECTOR).fetchone()[0])

        for keys, bound in ((NUMBERS, 60.0), (TEXTS, 160.0)):
            for key in keys:
                query = ListQuery((Status.ACTIVE,), sort=key, descending=False)
                first = partial(first_page, query)
                yield setting.compared("P3", f"first page by {key}", first, vector, at_most_p50=bound)
                yield setting.compared("P3", f"all rows by {key}", partial(lists.ids, query), vector)
