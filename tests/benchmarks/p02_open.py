"""P2: opening the list, the part of the store. The first page, then the order of all rows."""

import json
from collections.abc import Iterable

from app.core.terms import Status
from app.services.lead_list import LeadList, ListQuery
from tests.benchmarks.measure import Result, Setting, bare, bench

PAGE = 60
_RAW_ROWS = """
SELECT lead.id, title, company.name, stage.name, amount_minor, weighted_base, period_first, period_last, next_step_on,
  member.initials, activated_on, lead.currency
FROM main.lead LEFT JOIN main.company ON company.id = company_id LEFT JOIN main.stage ON stage.id = stage_id
LEFT JOIN main.member ON member.id = user_id
"""
_RAW_PAGE = f"""{_RAW_ROWS}
WHERE status = 'active' AND lead.deleted_at IS NULL ORDER BY weighted_base DESC, lead.id DESC LIMIT {PAGE}
"""
_RAW_COUNT = "SELECT count(*) FROM main.lead WHERE status = 'active' AND deleted_at IS NULL"
_RAW_IDS = """
SELECT json_group_array(id) FROM (SELECT id FROM main.lead WHERE status = 'active' AND deleted_at IS NULL
ORDER BY weighted_base DESC, id DESC)
"""


@bench("P2")
def opening(setting: Setting) -> Iterable[Result]:
    """First page with counts, and the vector of ids, against the same in raw SQL."""
    query = ListQuery((Status.ACTIVE,))
    with setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw:
        lists = LeadList(store)

        def page() -> None:
            lists.rows(lists.first_ids(query, PAGE))
            lists.counts()

        def raw_page() -> None:
            raw.execute(_RAW_PAGE).fetchall()
            raw.execute(_RAW_COUNT).fetchone()

        yield setting.compared("P2", "first page and counts of all tabs, unpainted", page, raw_page)
        yield setting.compared(
            "P2", "ids of all rows, unpainted", lambda: lists.ids(query),
            lambda: json.loads(raw.execute(_RAW_IDS).fetchone()[0]), at_most=1.5,
        )  # fmt: skip
        ids = list(lists.ids(query)[5 * PAGE : 6 * PAGE])
        places = ", ".join("?" * PAGE)
        yield setting.compared(
            "P2", "a page of rows by id, complete and ready to show", lambda: lists.rows(ids),
            lambda: raw.execute(f"{_RAW_ROWS} WHERE lead.id IN ({places})", ids).fetchall(),
        )  # fmt: skip
