"""The forecast at the window: what is behind every figure, leads carried to other months, splits, goals, pictures."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu
from pytestqt.qtbot import QtBot

from app.core.calendar import day_number
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.goals import GoalSpan
from app.services.metric_words import METRICS
from app.ui.detail.window import LeadWindow
from app.ui.forecast.info import InfoButton
from app.ui.forecast.tab import ForecastTab
from app.ui.lead_table.behind import BehindWindow
from app.ui.settings.stages import StagesPage
from app.ui.widgets.stat_card import StatCard
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import TODAY, Fillings, add_lead, add_member, month


def _filled(store: Store) -> dict[str, int]:
    ben = add_member(store, "Ben Roth", "BR")
    old = day_number(TODAY - timedelta(days=70))
    return {
        "A": add_lead(store, "A", amount=24_000, probability=70, period=("2027-01", "2027-03"), user_id=1),
        "B": add_lead(store, "B", amount=7_001, stage="Verhandlungen", period=("2027-02", "2027-04"), user_id=ben),
        "D": add_lead(store, "D", amount=5_000, stage="Angebot"),
        "O": add_lead(store, "O", amount=900, stage="Angebot", category="omitted", period=("2027-01", "2027-01")),
        "Late": add_lead(store, "Late", amount=1_200, stage="Angebot", period=("2026-08", "2026-12"), activated_on=old),
        "Far": add_lead(store, "Far", amount=500, period=("2028-01", "2028-02"), user_id=1),
        "Won": add_lead(store, "Won", amount=7_777, status=Status.WON, period=("2026-09", "2027-01"), user_id=ben),
        "Lost": add_lead(store, "Lost", amount=100, status=Status.LOST),
    }  # fmt: skip


@pytest.fixture
def fillings() -> Fillings:
    return {"filled": _filled}


@pytest.fixture
def filled(store: Store, stocked: dict[str, dict[str, int]]) -> dict[str, int]:
    """Leads before, within and after the months shown, without months, omitted, late, won and lost; by title."""
    return stocked["filled"]


@pytest.fixture
def tab(opening: Open, filled: dict[str, int]) -> ForecastTab:
    """The tab in front, its chart loaded."""
    return shown(opening())


def shown(desk: Desk) -> ForecastTab:
    made = desk.window.go_to("forecast")
    assert isinstance(made, ForecastTab)
    return made


def newest(tab: ForecastTab) -> BehindWindow:
    """The window that was opened last."""
    return tab.window().findChildren(BehindWindow)[-1]


def money(tab: ForecastTab, minor: int) -> str:
    return tab._context.formats.money(Money(minor, "EUR"))


def test_behind_every_line_of_the_table_stand_its_leads_to_the_cent(tab: ForecastTab) -> None:
    for by in (None, "stage", "person", "category", "source", "company"):
        tab.revenue.split.choose(by)
        tab.revenue.asked.emit()
        for row in tab.table._lines:
            for part in (None, *row.parts):
                tab.table.figureOpened.emit(row, part)
                window = newest(tab)
                amounts = row.amounts if part is None else part.amounts
                assert window.found.sums == (amounts[0] + amounts[1], *amounts), (by, row.label)
                assert len(window.model.ids) == len(set(window.found.ids)) == len(window.found.ids)
                assert money(tab, amounts[0] + amounts[1]) in window.footer._left.accessibleName()
                window.close()


def test_behind_every_bar_step_age_and_card(tab: ForecastTab) -> None:
    chart = tab.revenue.chart
    assert chart is not None
    for bar in tab.revenue._picture.bars:
        chart.opened.emit(bar, None)
        assert newest(tab).found.sums == (bar.total, bar.secured, bar.weighted, bar.unweighted)
    for step in tab.funnel.chart.parts:
        tab.funnel.chart.opened.emit(step)
        assert step.figures.split(" ")[0] == str(len(newest(tab).found.ids))
    for age in tab.ages.chart.parts:
        tab.ages.chart.opened.emit(age)
        assert age.count == len(newest(tab).found.ids)
    assert sum(age.count for age in tab.ages.chart.parts) == 6


def test_a_click_on_a_card_shows_its_leads(tab: ForecastTab) -> None:
    tab._context.office.goals.set(GoalSpan.MONTH, month("2026-01"), Money.of(1_000, "EUR"))
    tab.refresh()
    answer = tab._answer
    assert answer is not None
    assert answer.attainment is not None
    expected = {
        "Weighted volume": answer.forecast.total.weighted,
        "Secured 2026": sum(each.sums.secured for each in answer.this_year.months),
        "Revenue goal 2026": answer.attainment.secured + answer.attainment.weighted,
    }
    counted = {"Win rate, 12 months": 2, "Sales cycle, 12 months": 2, "Young leads": 5, "Idle leads": 0}
    for card in tab.cards.findChildren(StatCard):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, card.height() - 8))
        window = newest(tab)
        label = card.accessibleDescription()
        assert window.figure.title == label
        if label in expected:
            assert window.found.sums[0] == expected.pop(label)
        else:
            assert len(window.found.ids) == counted.pop(label)
    assert not expected
    assert not counted


def test_a_window_behind_a_figure_follows_it(tab: ForecastTab, filled: dict[str, int], qtbot: QtBot) -> None:
    tab.table.figureOpened.emit(tab.table._lines[-1], None)
    window = newest(tab)
    before = window.found.sums
    tab._context.office.leads.edit([filled["A"]], amount=Money.of(1, "EUR"))
    qtbot.waitUntil(lambda: window.found.sums != before)


def unfolded(tab: ForecastTab, label: str) -> int:
    """Unfold a line; its place."""
    place = next(place for place, line in enumerate(tab.table._lines) if line.label == label)
    row = tab.table._model.row_of(place << 40)
    assert row is not None
    tab.table.toggle(row)
    return place


def row_of(tab: ForecastTab, place: int, lead_id: int) -> int:
    row = tab.table._model.row_of((place << 40) + lead_id)
    assert row is not None, "not below this line"
    return row


def centre(tab: ForecastTab, row: int) -> QPoint:
    view = tab.table
    view.scrollTo(view.model().index(row, 0))
    return view.visualRect(view.model().index(row, 0)).center()


def test_a_line_unfolds_to_its_leads_with_what_they_add(tab: ForecastTab, filled: dict[str, int]) -> None:
    place = unfolded(tab, "Feb 27")
    lines = tab.table.texts()
    first = lines.index(next(line for line in lines if line[0] == "Feb 27"))
    assert [line[0].split(" · ")[0] for line in lines[first + 1 : first + 3]] == ["A", "B"]
    assert lines[first][3] == money(tab, 280_000 + 140_020)
    row_of(tab, place, filled["A"])
    QTest.keyClick(tab.table, Qt.Key.Key_Left)
    tab.table.select_id(place << 40)
    QTest.keyClick(tab.table, Qt.Key.Key_Left)
    assert "A · Jan–Mar 27" not in [line[0] for line in tab.table.texts()]


def test_many_lines_are_copied_by_a_job(
    tab: ForecastTab, filled: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    unfolded(tab, "Feb 27")
    monkeypatch.setattr("app.ui.tables.view._AT_ONCE", 2)
    for view in (tab.table, tab.attention.view):
        QApplication.clipboard().clear()
        view.selectAll()
        rows = len(view.selected_rows())
        view.copy()
        assert len(QApplication.clipboard().text().splitlines()) == (rows + 1 if rows else 0)


def test_a_lead_is_carried_to_another_month_by_mouse(tab: ForecastTab, filled: dict[str, int], qtbot: QtBot) -> None:
    before = tab._answer.forecast if tab._answer else None
    assert before is not None
    tab.resize(1400, 1500)
    place = unfolded(tab, "Feb 27")
    view = tab.table
    view.scrollTo(view.model().index(view.model().rowCount() - 1, 0))
    start = centre(tab, row_of(tab, place, filled["A"]))
    target_row = view._model.row_of((place + 3) << 40)
    assert target_row is not None
    target = view.visualRect(view.model().index(target_row, 0)).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(view.viewport(), start + (target - start) * step / 5)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=target)
    row = tab._context.office.lists.rows([filled["A"]])[0]
    assert (row.period_first, row.period_last) == (month("2027-04"), month("2027-06"))
    qtbot.waitUntil(lambda: tab._answer is not None and tab._answer.forecast != before)
    assert tab._answer is not None
    assert tab._answer.forecast.total == before.total
    tab._context.office.history.undo()
    qtbot.waitUntil(lambda: tab._answer is not None and tab._answer.forecast == before)


def test_a_lead_is_moved_by_keys_and_goes_on_being_chosen(
    tab: ForecastTab, filled: dict[str, int], qtbot: QtBot
) -> None:
    place = unfolded(tab, "Nov 26")
    tab.table.selectRow(row_of(tab, place, filled["Late"]))
    QTest.keyClick(tab.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    row = tab._context.office.lists.rows([filled["Late"]])[0]
    assert (row.period_first, row.period_last) == (month("2026-12"), month("2027-04"))
    qtbot.waitUntil(lambda: tab.table._model.row_of((place + 1 << 40) + filled["Late"]) is not None)


def test_the_keyboard_goes_with_a_lead_that_leaves_its_month_and_back_with_undo(
    tab: ForecastTab, filled: dict[str, int], store: Store, qtbot: QtBot
) -> None:
    short = [add_lead(store, title, amount=900, period=("2027-02", "2027-02")) for title in ("S", "T")]
    tab.refresh()
    place = unfolded(tab, "Feb 27")
    table = tab.table
    table.select_ids([(place << 40) + lead for lead in short])
    for step, way in enumerate((Qt.Key.Key_Right, Qt.Key.Key_Right, None, Qt.Key.Key_Left)):
        if way is None:
            tab._context.office.history.undo()
        else:
            QTest.keyClick(table, way, Qt.KeyboardModifier.AltModifier)
        line = place + (1, 2, 1, 0)[step]
        qtbot.waitUntil(lambda line=line: table.current_id() in [(line << 40) + lead for lead in short])  # type: ignore[misc]
        assert sorted(table.chosen_leads()) == short
    tab._context.office.leads.delete(short)
    qtbot.waitUntil(lambda: table.current_id() == place << 40)


def test_a_lead_without_months_gets_one_and_loses_it_again(
    tab: ForecastTab, filled: dict[str, int], qtbot: QtBot
) -> None:
    place = unfolded(tab, "Without service period")
    tab.table.selectRow(row_of(tab, place, filled["D"]))
    targets = {label: each for each, label in tab.table.targets()}
    tab.table.move_to(targets["Jan 27"])
    row = tab._context.office.lists.rows([filled["D"]])[0]
    assert (row.period_first, row.period_last) == (month("2027-01"), month("2027-01"))
    january = next(place for place, line in enumerate(tab.table._lines) if line.label == "Jan 27")
    qtbot.waitUntil(lambda: tab.table._model.row_of((january << 40) + filled["D"]) is not None)
    tab.table.selectRow(row_of(tab, january, filled["D"]))
    tab.table.move_to(targets["Without service period"])
    assert tab._context.office.lists.rows([filled["D"]])[0].period_first is None


def test_nothing_is_carried_beside_the_months(tab: ForecastTab, filled: dict[str, int]) -> None:
    place = unfolded(tab, "Feb 27")
    tab.table.selectRow(row_of(tab, place, filled["A"]))
    for target in (-1, 0, len(tab.table._lines) - 1, 99):
        tab.table.move_to(target)
    assert tab._context.office.lists.rows([filled["A"]])[0].period_first == month("2027-01")


def test_enter_opens_a_lead_or_what_is_behind_a_line(tab: ForecastTab, filled: dict[str, int]) -> None:
    place = unfolded(tab, "Feb 27")
    tab.table.selectRow(row_of(tab, place, filled["A"]))
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert [each.lead_id for each in tab.window().findChildren(LeadWindow)] == [filled["A"]]
    tab.table.select_id(place << 40)
    QTest.keyClick(tab.table, Qt.Key.Key_Space)
    assert newest(tab).figure.title == "Feb 27"


def test_the_menu_of_the_table_moves_leads_too(tab: ForecastTab, filled: dict[str, int], qtbot: QtBot) -> None:
    place = unfolded(tab, "Feb 27")
    tab.table.selectRow(row_of(tab, place, filled["A"]))
    tab.table.menuRequested.emit(QPoint(0, 0))
    menu = next(each for each in tab.findChildren(QMenu) if each.isVisible())
    months = next(each.menu() for each in menu.actions() if each.text() == "Move to another month")
    assert isinstance(months, QMenu)
    next(each for each in months.actions() if each.text() == "Mar 27").trigger()
    menu.close()
    assert tab._context.office.lists.rows([filled["A"]])[0].period_first == month("2027-02")


def test_quarters_hold_what_their_months_hold(tab: ForecastTab) -> None:
    before = tab.table._lines[-1].amounts
    tab.revenue.grain.choose("quarters")
    tab.revenue.asked.emit()
    labels = [line.label for line in tab.table._lines]
    assert labels[1:3] == ["Q4 26", "Q1 27"]
    assert tab.table._lines[-1].amounts == before
    assert [bar.label for bar in tab.revenue._picture.bars][:2] == ["Q4 26", "Q1 27"]


def test_one_person_has_own_figures_and_goals(tab: ForecastTab, filled: dict[str, int]) -> None:
    tab._context.office.goals.set(GoalSpan.MONTH, month("2027-01"), Money.of(500, "EUR"), 1)
    tab.revenue.person.choose(1)
    tab.revenue.asked.emit()
    bars = {bar.name: bar for bar in tab.revenue._picture.bars}
    assert bars["Jan 27"].goal == 50_000
    assert bars["Nov 26"].goal is None
    assert bars["Jan 27"].total == 280_000
    assert tab.cards.figures[0].tip == money(tab, 840_000 + 500)


def test_a_split_shows_the_largest_and_takes_the_others_together(store: Store, opening: Open) -> None:
    for number in range(9):
        lead = add_lead(store, f"Lead {number}", amount=1_000 * (number + 1), period=("2027-01", "2027-01"))
        store_company(store, lead, f"Firma {number}")
    tab = shown(opening())
    tab.revenue.split.choose("company")
    tab.revenue.asked.emit()
    january = next(bar for bar in tab.revenue._picture.bars if bar.name == "Jan 27")
    assert [segment.name for segment in january.segments] == [*(f"Firma {n}" for n in (8, 7, 6, 5, 4)), "others"]
    assert sum(segment.amount for segment in january.segments) == january.total
    line = next(line for line in tab.table._lines if line.label == "Jan 27")
    assert len(line.parts) == 9
    chart = tab.revenue.chart
    assert chart is not None
    chart.opened.emit(january, "others")
    assert newest(tab).found.sums[0] == january.segments[-1].amount


def store_company(store: Store, lead: int, name: str) -> None:
    from app.services.leads import Leads

    Leads(store).edit([lead], company=name)


def test_what_is_omitted_stands_apart_and_in_the_total(tab: ForecastTab) -> None:
    bars = {bar.name: bar for bar in tab.revenue._picture.bars}
    assert bars["Omitted"].apart
    assert bars["Omitted"].weighted == 27_000
    assert "Omitted" in [line.label for line in tab.table._lines]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_every_chart_is_saved_as_a_picture(
    store: Store, filled: dict[str, int], opening: Open, tmp_path: Path, kind: str
) -> None:
    files = [tmp_path / f"{name}.{kind}" for name in ("revenue", "funnel", "ages")]
    tab = shown(opening(*(("save_file", "Save the chart", file) for file in files)))
    exports = (tab.revenue.export, tab.funnel.export, tab.ages.export)
    for export, file in zip(exports, files, strict=True):
        export.save(kind)
        data = file.read_bytes()
        if kind == "svg":
            assert b"<svg" in data
            assert b"<text" in data
        else:
            picture = QImage(str(file))
            assert picture.width() > 900
            assert picture.pixelColor(2, 2).name() == "#ffffff"
            dots = [(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)]
            assert len({picture.pixelColor(*dot).name() for dot in dots}) > 4


def test_a_dark_window_makes_a_light_picture(tab: ForecastTab) -> None:
    from app.ui.theme import Mode

    tab._context.theme.use(mode=Mode.DARK)
    for export in (tab.revenue.export, tab.funnel.export, tab.ages.export):
        export.copy()
        assert QGuiApplication.clipboard().image().pixelColor(2, 2).name() == "#ffffff"
    assert QApplication.clipboard().image().width() > 900


def test_without_a_goal_the_card_leads_to_where_one_is_set(opening: Open, filled: dict[str, int]) -> None:
    desk = opening()
    tab = shown(desk)
    asked: list[str] = []
    tab.asked.connect(asked.append)
    card = next(each for each in tab.cards.findChildren(StatCard) if "goal" in each.accessibleDescription())
    desk.tasks._hub = asked.append
    card.behindRequested.emit()
    assert "goals" in asked


def test_the_figures_of_closed_leads_open_their_leads(opening: Open, filled: dict[str, int]) -> None:
    desk = opening()
    tab = desk.window.go_to("closed")
    found = tab.context.office.funnel.outcomes()
    checks: dict[str, Callable[[BehindWindow], bool]] = {
        "count": lambda window: len(window.found.ids) == found.won + found.lost,
        "value": lambda window: window.found.sums == (found.won_value + found.lost_value, found.won_value),
        "won": lambda window: window.found.sums[0] == found.won_value,
        "cycle": lambda window: len(window.found.ids) == found.cycle.n,
    }
    for key, holds in checks.items():
        tab._cards[key].behindRequested.emit()
        window = desk.window.findChildren(BehindWindow)[-1]
        assert holds(window), key
        tab._cards[key].infoRequested.emit()
        assert tab.explanation.isVisible()
        tab.explanation.hide()


def test_every_card_says_how_it_is_reckoned(tab: ForecastTab) -> None:
    buttons = tab.findChildren(InfoButton)
    assert len(buttons) == 4
    for button in buttons:
        button.click()
        assert button.explanation.isVisible()
        assert button.explanation.text in {str(metric.definition) for metric in METRICS.values()}
        button.explanation.hide()
    assert all(figure.definition for figure in tab.cards.figures)


def test_a_category_is_chosen_in_the_panel_and_given_back_to_the_stage(opening: Open, filled: dict[str, int]) -> None:
    desk = opening()
    desk.window.go_to("leads").panel.go_to(filled["B"])
    for place, expected in ((1, ("commit", True)), (0, ("pipeline", False))):
        box = desk.edit("Forecast category")
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(place)
        box.activated.emit(place)
        row = desk.lead(filled["B"])
        assert (row.category, row.own_category) == expected


def test_what_lies_on_the_way_to_a_category_is_not_chosen(opening: Open, filled: dict[str, int]) -> None:
    desk = opening()
    desk.window.go_to("leads").panel.go_to(filled["B"])
    box = desk.edit("Forecast category")
    assert isinstance(box, QComboBox)
    for_all = QComboBox(desk.window)
    for_all.addItems([box.itemText(row) for row in range(box.count())])
    assert box.minimumSizeHint().width() < for_all.minimumSizeHint().width(), "the panel would have to be wider"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.view().isVisible()
    for _ in range(3):
        QTest.keyClick(box.view(), Qt.Key.Key_Down)
    assert desk.lead(filled["B"]).own_category is False
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert (desk.lead(filled["B"]).category, desk.lead(filled["B"]).own_category) == ("pipeline", True)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_P])
def test_keys_open_the_list_and_choose_nothing_yet(opening: Open, filled: dict[str, int], key: Qt.Key) -> None:
    desk = opening()
    desk.window.go_to("leads").panel.go_to(filled["B"])
    box = desk.edit("Forecast category")
    assert isinstance(box, QComboBox)
    QTest.keyClick(box, key)
    assert box.view().isVisible()
    assert (box.view().currentIndex().data() == "Pipeline") is (key == Qt.Key.Key_P)
    assert box.currentIndex() == 0
    box.hidePopup()


def test_the_category_of_a_stage_is_set_in_its_card(opening: Open, filled: dict[str, int], qtbot: QtBot) -> None:
    desk = opening()
    page = StagesPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    page.view.go_to(3)
    desk.press("Omitted", page)
    stage = next(each for each in desk.context.office.stages.all() if each.id == 3)
    assert stage.category == "omitted"
    assert desk.lead(filled["D"]).category == "omitted"
    assert desk.lead(filled["D"]).own_category is False


def test_what_was_chosen_is_there_again_after_a_restart(opening: Open, filled: dict[str, int]) -> None:
    desk = opening()
    tab = shown(desk)
    tab.revenue.grain.choose("quarters")
    tab.revenue.split.choose("person")
    tab.revenue.person.choose(1)
    tab.revenue.gross.setChecked(True)
    tab.funnel.mode.choose("touched")
    desk.window.close()
    again = shown(opening())
    assert again.revenue.save_state() == {"bars": "quarters", "split": "person", "person": 1, "gross": True}
    assert again.funnel.mode.choice == "touched"
    assert [bar.label for bar in again.revenue._picture.bars][:1] == ["Q4 26"]


@pytest.mark.parametrize("state", [{"bars": 7, "split": "colour", "person": 999, "gross": "x"}, {"person": [1]}])
def test_what_was_damaged_or_has_gone_is_forgotten(
    opening: Open, filled: dict[str, int], state: dict[str, object]
) -> None:
    tab = shown(opening())
    tab.restore_state(state)
    assert tab.revenue.save_state() == {"bars": "months", "split": None, "person": None, "gross": False}
