"""The leads behind a figure: a list whose count and sums are the figure, and what can be done with it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.i18n import N_
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.lead_list import ListQuery
from app.ui.detail.window import LeadWindow
from app.ui.lead_table.behind import BehindWindow, Figure, Found, show_behind
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import add_lead

SHARES = (N_("Share"), N_("Whole"))


def open_shares(desk: Desk, shares: Sequence[tuple[int, int, int]]) -> BehindWindow:
    """The window behind a figure that has two sums; each lead with what it adds to them."""
    opened = lambda lead_id: desk.tasks.run_for("open", lead_id)  # noqa: E731 - what the window does
    figure = Figure(
        "Jan 27", "All of it.",
        lambda: Found(
            [lead_id for lead_id, _, _ in shares],
            ({lead_id: share for lead_id, share, _ in shares}, {lead_id: whole for lead_id, _, whole in shares}),
        ),
        SHARES,
    )  # fmt: skip
    return show_behind(desk.context, figure, opened, desk.window.current_tab())


def cells(window: BehindWindow, key: str) -> list[str]:
    """What a column says, row by row."""
    place = [column.key for column in window.model.columns].index(key)
    return [window.model.cell(row, place).text for row in range(window.model.rowCount())]


@pytest.fixture
def three(leads: dict[str, int]) -> list[tuple[int, int, int]]:
    """Three leads in no order, an active one with the largest share, a won one, one that adds nothing."""
    titles = ("Webshop Müller", "Jubiläum", "Film Molkerei")
    return list(zip((leads[title] for title in titles), (100_01, 3_33, 0), (5, 6, 7), strict=True))


def test_count_and_sums_stand_below_and_are_those_of_the_rows(desk: Desk, three: list[tuple[int, int, int]]) -> None:
    window = open_shares(desk, three)

    def money(minor: int) -> str:
        return desk.context.formats.money(Money(minor, "EUR"))

    assert list(window.model.ids) == [lead_id for lead_id, _, _ in three]
    assert cells(window, "amount:0") == [money(100_01), money(3_33), money(0)]
    assert window.found.sums == (103_34, 18)
    assert window.footer._left.accessibleName() == f" 3 leads, Share {money(103_34)}, Whole {money(18)}"
    assert cells(window, "state") == ["Mündliche Zusage · 90%", "Won", "Vorstellung · 10%"]


def test_it_is_sorted_by_a_share_and_by_what_the_lists_know(desk: Desk, three: list[tuple[int, int, int]]) -> None:
    window = open_shares(desk, three)
    window.model.sortRequested.emit("amount:0", False)
    assert cells(window, "title") == ["Film Molkerei", "Jubiläum", "Webshop Müller"]
    window.model.sortRequested.emit("title", True)
    assert cells(window, "title") == ["Webshop Müller", "Jubiläum", "Film Molkerei"]


def test_enter_and_double_click_open_the_lead(desk: Desk, three: list[tuple[int, int, int]]) -> None:
    window = open_shares(desk, three)
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    assert [each.lead_id for each in desk.window.findChildren(LeadWindow)] == [three[0][0]]
    second = window.view.visualRect(window.model.index(1, 0)).center()
    QTest.mouseClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=second)
    QTest.mouseDClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert {each.lead_id for each in desk.window.findChildren(LeadWindow)} == {three[0][0], three[1][0]}
    assert window.isVisible()


def test_it_says_how_the_figure_is_reckoned(desk: Desk, three: list[tuple[int, int, int]]) -> None:
    window = open_shares(desk, three)
    desk.press("How is this calculated?", window)
    assert window.explanation.isVisible()
    assert window.explanation.text == "All of it."
    QTest.keyClick(window.explanation, Qt.Key.Key_Escape)


def test_it_is_copied_and_exported_as_shown(
    opening: Open, leads: dict[str, int], three: list[tuple[int, int, int]], tmp_path: Path
) -> None:
    target = tmp_path / "behind.csv"
    desk = opening(("save_file", "Export the leads", target))
    window = open_shares(desk, three)
    window.view.selectAll()
    window.view.copy()
    copied = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    desk.press("Export …", window)
    written = [line.split(";") for line in target.read_text("utf-8-sig").splitlines()]
    assert written == copied
    assert written[0][:4] == ["Lead", "Company", "Status", "Share"]
    assert [row[3] for row in written[1:]] == ["100.01", "3.33", "0.00"]
    assert len(written) == 4
    assert "3 leads exported" in desk.status()


def test_a_refused_export_leaves_the_list(opening: Open, three: list[tuple[int, int, int]], tmp_path: Path) -> None:
    desk = opening(("save_file", "Export the leads", tmp_path))
    window = open_shares(desk, three)
    desk.press("Export …", window)
    assert "is a folder" in desk.said()
    assert window.isVisible()


def test_it_follows_the_data(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    lists = desk.context.office.lists
    figure = Figure("Open", "All.", lambda: Found(lists.ids(ListQuery((Status.ACTIVE,)))))
    window = show_behind(desk.context, figure, lambda _id: None, desk.window)
    assert len(window.model.ids) == 5
    desk.context.office.leads.close([leads["Webshop Müller"]], Status.LOST)
    qtbot.waitUntil(lambda: len(window.model.ids) == 4)
    assert "4 leads" in window.footer._left.accessibleName()


def test_of_no_leads_it_says_so(desk: Desk) -> None:
    window = show_behind(desk.context, Figure("None", "None.", lambda: Found(())), lambda _id: None, desk.window)
    assert window.model.rowCount() == 0
    assert any("no leads" in label.text() for label in window.findChildren(type(window.heading)))
    desk.find(QPushButton, "Open lead", window).click()


def test_it_goes_with_the_store(desk: Desk, three: list[tuple[int, int, int]]) -> None:
    window = open_shares(desk, three)
    desk.window.close()
    assert not window.isVisible()


def test_many_leads_behind_a_figure_are_copied_by_a_job(opening: Open, store: Store, qtbot: QtBot) -> None:
    made = [add_lead(store, f"Lead {n}", amount=1000 + n) for n in range(510)]
    desk = opening(threads=True)
    window = open_shares(desk, [(lead_id, lead_id, 0) for lead_id in made])
    qtbot.waitUntil(lambda: window.model.rowCount() == 510)
    window.view.selectAll()
    QGuiApplication.clipboard().clear()
    window.view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().count("\n") == 510)
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("Lead 0\t")
    window.close()


def test_beside_many_amounts_the_titles_have_room(desk: Desk, leads: dict[str, int]) -> None:
    ids = list(leads.values())
    amounts = tuple(N_(title) for title in ("Sum", "Secured", "Weighted", "Unweighted"))
    figure = Figure("Goal", "", lambda: Found(ids, tuple(dict.fromkeys(ids, 123_456_78) for _ in amounts)), amounts)
    window = BehindWindow(desk.context, figure, desk.window)
    window.resize(window._wanted)
    window.show()
    assert window.view.horizontalScrollBar().maximum() == 0
    assert window.view.columnWidth(0) >= desk.context.theme.px(120)
    window.close()
