"""What the columns of the lists show at the widths they begin with."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from app.bootstrap import speak
from app.core.money import Money
from app.core.terms import Budget
from app.ui.lead_table.columns import active_columns, closed_columns, potential_columns
from app.ui.tables.columns import cell_of
from app.ui.tables.painter import PADDING, RowPainter
from app.ui.theme import Theme
from app.ui.wording import Wording
from tests.flows.desk import Desk
from tests.stores import TODAY


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB"), ("de", "CH"), ("de", "AT")])
def test_no_figure_is_cut_off(desk: Desk, theme: Theme, leads: dict[str, int], language: str, country: str) -> None:
    wording = Wording(desk.context.office, speak(language, country), theme, desk.context.bridge)
    currency = "CHF" if country == "CH" else "EUR"
    cut = set()
    for minor, days in product((96_00, 1_234_567_00, 98_765_432_10, 999_999_999_99), (9, 99, 364, 999, 3285, 12_345)):
        day = TODAY - timedelta(days=days)
        row = replace(
            desk.lead(leads["Jubiläum"]), amount=Money(minor, currency), total=minor, weighted=minor,
            budget=Budget.MONTHLY, activated_on=day, closed_on=TODAY, next_step_on=day,
        )  # fmt: skip
        for columns in (active_columns(wording), potential_columns(wording), closed_columns(wording)):
            painter = RowPainter(theme, columns)
            for column in columns:
                if column.right or column.key == "next_step":
                    cell = cell_of(column, row)
                    painter._pens[600].fit(cell, column.width - 2 * PADDING)
                    if "…" in cell.elided:
                        cut.add((column.key, cell.text, cell.elided))
    assert not cut


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB")])
def test_the_usual_stages_are_seen_whole(desk: Desk, theme: Theme, language: str, country: str) -> None:
    wording = Wording(desk.context.office, speak(language, country), theme, desk.context.bridge)
    columns = active_columns(wording)
    column = next(column for column in columns if column.key == "stage")
    painter = RowPainter(theme, columns)
    for lead_id in desk.panel.model.ids:
        cell = cell_of(column, desk.lead(lead_id))
        painter._pill_pen.fit(cell, column.width - 3 * PADDING)
        assert cell.elided == cell.text
