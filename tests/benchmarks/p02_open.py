"""P2: opening the list: the first page painted, then all rows reachable, against raw SQL and the same repaints."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QEventLoop

from app.core.terms import Status
from app.services.lead_list import LeadList, ListQuery
from tests.benchmarks.measure import Result, Setting, Work, bare, bench, beside, interleaved, summary
from tests.benchmarks.window import Shown, showing

PAGE = 60
_RAW_ROWS = """
SELECT lead.id, title, company.name, stage.name, amount_minor, weighted_base, period_first, period_last, next_step_on,
  member.initials, activated_on, lead.currency
FROM main.lead LEFT JOIN main.company ON company.id = company_id LEFT JOIN main.stage ON stage.id = stage_id
LEFT JOIN main.member ON member.id = lead.user_id
"""
_RAW_PAGE = f"""{_RAW_ROWS}
WHERE status = 'active' AND lead.deleted_at IS NULL ORDER BY weighted_base DESC, lead.id DESC LIMIT {PAGE}
"""
_RAW_COUNT = "SELECT count(*) FROM main.lead WHERE status = 'active' AND deleted_at IS NULL"
_RAW_IDS = """
SELECT json_group_array(id) FROM (SELECT id FROM main.lead WHERE status = 'active' AND deleted_at IS NULL
ORDER BY weighted_base DESC, id DESC)
"""
#: A list in groups of two levels: the ids with what they are grouped by, and what each group comes to.
_LEVELS = {"stage": "stage_id", "responsible": "user_id", "month": "period_first", "company": "company_id"}
_RAW_KEYS = """
SELECT json_group_array(id), json_group_array(one), json_group_array(two) FROM (SELECT id, {one} AS one, {two} AS two
FROM main.lead WHERE status = 'active' AND deleted_at IS NULL ORDER BY weighted_base DESC, id DESC)
"""
_RAW_SUMS = """
SELECT {one}, {two}, count(*), sum(total_base), sum(weighted_base), count(*) - count(total_base) FROM main.lead
WHERE status = 'active' AND deleted_at IS NULL GROUP BY 1, 2
"""


@bench("P2")
def opening(setting: Setting) -> Iterable[Result]:
    """An empty list that is asked to show everything: until the first page is painted, until all rows are there."""
    with (
        setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw, showing(store) as shown,
    ):  # fmt: skip
        view = shown.panel.view

        def raw_page() -> None:
            raw.execute(_RAW_PAGE).fetchall()
            raw.execute(_RAW_COUNT).fetchone()
            view.viewport().repaint()

        def raw_ids() -> None:
            json.loads(raw.execute(_RAW_IDS).fetchone()[0])
            view.viewport().repaint()

        works = {"page": page_painted(shown), "raw page": raw_page, "all": _all_reachable(shown), "raw ids": raw_ids}
        times = interleaved(works, setting.rounds, before=_before(shown))
        first = summary("P2", "first page painted", setting.rows, times["page"], at_most_ratio=1.3)
        yield beside(first, times["page"], times["raw page"])
        everything = summary("P2", "all rows reachable and painted", setting.rows, times["all"], at_most_ratio=1.5)
        yield beside(everything, times["all"], times["raw ids"])
        if setting.rows == "1m":
            yield _grown(setting, shown)


@bench("P2")
def reading(setting: Setting) -> Iterable[Result]:
    """The parts of the store alone."""
    query = ListQuery((Status.ACTIVE,))
    with setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw:
        lists = LeadList(store)
        yield setting.compared(
            "P2", "ids of all rows, unpainted", lambda: lists.ids(query),
            lambda: json.loads(raw.execute(_RAW_IDS).fetchone()[0]),
        )  # fmt: skip
        ids = list(lists.ids(query)[5 * PAGE : 6 * PAGE])
        places = ", ".join("?" * PAGE)
        yield setting.compared(
            "P2", "a page of rows by id, unpainted", lambda: lists.rows(ids),
            lambda: raw.execute(f"{_RAW_ROWS} WHERE lead.id IN ({places})", ids).fetchall(),
        )  # fmt: skip


@bench("P2")
def grouped(setting: Setting) -> Iterable[Result]:
    """An empty list that is asked to show everything in groups of two levels, against raw SQL, put into its groups, and
    the same repaint. Without the first page: what comes to a group is known when all of it was looked at.
    """
    with (
        setting.store(all_active=True) as store, bare(setting.folder(all_active=True)) as raw, showing(store) as shown,
    ):  # fmt: skip
        for levels in (("stage", "responsible"), ("responsible", "month")):
            shown.panel.group(levels)
            yield setting.compared(
                "P2", f"grouped by {' and '.join(levels)}, painted", _all_reachable(shown),
                partial(_raw_groups, raw, levels, shown), at_most=1.5, before=partial(emptied, shown),
            )  # fmt: skip


def _raw_groups(raw: Any, levels: tuple[str, str], shown: Shown) -> None:
    one, two = (_LEVELS[level] for level in levels)
    ids, *keys = map(json.loads, raw.execute(_RAW_KEYS.format(one=one, two=two)).fetchone())
    sums = {row[:2]: row[2:] for row in raw.execute(_RAW_SUMS.format(one=one, two=two))}
    places: dict[Any, list[int]] = {key: [] for key in sums}
    for id_, key in zip(ids, zip(*keys, strict=True), strict=True):
        places[key].append(id_)
    shown.panel.view.viewport().repaint()


def _before(shown: Shown) -> dict[str, Work]:
    """Our list is empty, that of the raw repaints is full."""
    return {
        name: shown.settle if name.startswith("raw") else partial(emptied, shown)
        for name in ("page", "raw page", "all", "raw ids")
    }


def emptied(shown: Shown) -> None:
    """A list that shows nothing and remembers nothing, at rest."""
    shown.settle()
    shown.panel.model.set_ids(())
    shown.panel.model.refresh_all()
    shown.panel.view.viewport().repaint()


def page_painted(shown: Shown) -> Callable[[], None]:
    """The first page of the list in front, until it is painted; the rest follows from a thread."""

    def open_() -> None:
        shown.panel.reload()
        assert shown.panel.model._cells, "not painted"

    return open_


def _all_reachable(shown: Shown) -> Callable[[], None]:
    def open_() -> None:
        loop = QEventLoop()
        shown.panel.model.completed.connect(loop.quit)
        shown.panel.reload()
        loop.exec()
        shown.panel.model.completed.disconnect(loop.quit)
        shown.panel.view.viewport().repaint()

    return open_


def _grown(setting: Setting, large: Shown) -> Result:
    """The first page of a million leads beside that of a hundred thousand."""
    fewer = Setting("100k", setting.rounds)
    with fewer.store(all_active=True) as store, showing(store) as small:
        works: dict[Any, Any] = {"large": page_painted(large), "small": page_painted(small)}

        def before() -> None:
            emptied(large)
            emptied(small)

        times = interleaved(works, setting.rounds, before)
    result = summary("P2", "first page painted, beside that of 100k", setting.rows, times["large"], at_most_ratio=1.5)
    return beside(result, times["large"], times["small"])
