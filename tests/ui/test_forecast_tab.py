"""The tab Prognose on a real store: its numbers are those of the services, whatever is chosen, changed or missing."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.core.calendar import month_number
from app.core.format import Formats
from app.core.money import Money
from app.core.settings import ENOUGH_YOUNG, Settings
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.metric_words import METRICS
from app.services.office import Office
from app.ui.bridge import FeedBridge
from app.ui.context import Context
from app.ui.forecast.tab import ForecastTab
from app.ui.jobs import InlineJobs, Job, Jobs, Progress
from app.ui.theme import LIGHT, Mode, Theme
from app.ui.widgets.chips import Chip
from tests.stores import TODAY, add_lead, month
from tests.ui.scripted import ScriptedDialogs

FORMATS = Formats("de", "DE")
MakeTab = Callable[..., ForecastTab]


class HeldJobs:
    """Keeps jobs until a test lets them go, in whatever order."""

    def __init__(self) -> None:
        self.held: list[Job] = []

    def start(self, job: Job) -> Progress:
        """Only take it down."""
        self.held.append(job)
        return Progress(lambda done, total: None)

    def write(self, job: Job, leads: int = 1) -> None:
        self.start(job)

    def finish(self, job: Job) -> None:
        """Do it now."""
        InlineJobs().start(job)


def context_of(store: Store, theme: Theme, folder: Path, jobs: Jobs) -> Context:
    def do(verb: Callable[[], object]) -> bool:
        verb()
        return True

    return Context(
        Office.of(store, folder / "backups"), Settings(folder / "settings.json", {}), FORMATS, theme, ScriptedDialogs(),
        jobs, FeedBridge(store.feed), lambda message, undo=False: None, do,
    )  # fmt: skip


@pytest.fixture
def make_tab(store: Store, theme: Theme, tmp_path: Path, qtbot: QtBot) -> MakeTab:
    def make(jobs: Jobs | None = None, *, shown: bool = True) -> ForecastTab:
        tab = ForecastTab(context_of(store, theme, tmp_path, jobs or InlineJobs()))
        qtbot.addWidget(tab)
        tab.resize(1280, 690)
        if shown:
            tab.show()
            tab.activate()
        return tab

    return make


def fill(store: Store) -> None:
    """The worked example of the forecast."""
    add_lead(store, "A", amount=24_000, probability=70, period=("2027-01", "2027-03"))
    add_lead(store, "B", amount=3_000, budget=Budget.MONTHLY, stage="Verhandlungen", period=("2027-02", "2027-07"))
    add_lead(store, "C", amount=10_000, probability=40, period=("2027-03", "2027-05"))
    add_lead(store, "D", amount=5_000, stage="Mündliche Zusage")
    add_lead(store, "E", amount=40_000, status=Status.POTENTIAL)


def euro(major: str) -> str:
    return FORMATS.money(Money(int(major.replace(".", "").replace(",", "")), "EUR"))


def labelled(tab: ForecastTab) -> dict[str, list[str]]:
    """The cells of the table by the first of each row."""
    return {row[0]: row[1:] for row in tab.table.texts()}


def test_table_shows_the_worked_example(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    rows = labelled(make_tab())
    expected = {
        "Jan 27": "2.800,00", "Feb 27": "4.600,00", "Mär 27": "5.266,67", "Apr 27": "2.466,67", "Mai 27": "2.466,66",
        "Jun 27": "1.800,00", "Jul 27": "1.800,00", "Aug 27": "0,00", "Without service period": "4.500,00",
        "Total": "25.700,00",
    }  # fmt: skip
    assert {label: rows[label][1] for label in expected} == {label: euro(sum_) for label, sum_ in expected.items()}
    assert rows["Total"] == [euro("0,00"), euro("25.700,00"), euro("25.700,00"), euro("57.000,00")]


def test_table_and_chart_say_what_the_service_says(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    add_lead(store, "Won", amount=7_777, status=Status.WON, period=("2026-10", "2027-01"))
    add_lead(store, "Late", amount=900, stage="Angebot", period=("2026-08", "2026-12"))
    tab = make_tab()
    result = tab._context.office.forecast.months()
    rows = tab.table.texts()
    sums = [result.before, *(each.sums for each in result.months), result.after, result.without_period, result.total]
    money = [[FORMATS.money(Money(n, "EUR")) for n in (s[0], s[1], s[0] + s[1], s[2])] for s in sums]
    assert [row[1:] for row in rows] == money
    chart = tab.revenue.chart
    assert chart is not None
    for number, each in enumerate(result.months):
        QTest.keyClick(chart, Qt.Key.Key_Right)
        bar = chart.current
        assert bar is not None
        assert (bar.secured, bar.weighted, bar.unweighted) == each.sums[:3]
        assert [amount in chart.card.spoken for amount in money[number + 1]] == [True] * 4
        assert bar.moved == (result.moved.weighted if number == 0 else 0)
    assert result.moved.weighted > 0


@pytest.mark.parametrize("name", ["Later months", "Earlier months", "2027"])
def test_another_window_moves_money_between_rows_but_loses_none(store: Store, make_tab: MakeTab, name: str) -> None:
    fill(store)
    tab = make_tab()
    before = labelled(tab)["Total"]
    button = next(b for b in tab.findChildren(QAbstractButton) if name in (b.text(), b.accessibleName()))
    button.click()
    span = tab.revenue.picker.span
    result = tab._context.office.forecast.months(span.first, span.last)
    assert [row[0] for row in tab.table.texts()][1:-3] == [FORMATS.month(each.month) for each in result.months]
    assert labelled(tab)["Total"] == before
    assert (
        sum(each.sums.weighted for each in result.months) + result.before.weighted + result.after.weighted == 2_120_000
    )


def test_typed_months_are_shown(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    tab = make_tab()
    field = tab.revenue.picker.findChildren(QLineEdit)[0]
    field.selectAll()
    QTest.keyClicks(field, "2/27-3/27")
    QTest.keyClick(field, Qt.Key.Key_Return)
    rows = tab.table.texts()
    assert [row[0] for row in rows] == [
        "Before Feb 27",
        "Feb 27",
        "Mär 27",
        "After Mär 27",
        "Without service period",
        "Total",
    ]
    assert [row[2] for row in rows[:4]] == [euro("2.800,00"), euro("4.600,00"), euro("5.266,67"), euro("8.533,33")]


def test_on_a_wide_screen_the_controls_are_no_wider(store: Store, make_tab: MakeTab, qtbot: QtBot) -> None:
    fill(store)
    tab = make_tab()
    tab.resize(2560, 1300)
    qtbot.wait(1)
    for control in (tab.revenue.picker, tab.revenue.grain, tab.funnel.mode, tab.funnel.period):
        for chip in control.findChildren(Chip):
            assert chip.width() == chip.sizeHint().width(), chip.text()


def test_theme_switches_while_shown(store: Store, theme: Theme, make_tab: MakeTab) -> None:
    fill(store)
    tab = make_tab()
    light = tab.funnel.chart.parts[0].colour
    theme.use(mode=Mode.DARK)
    assert tab.funnel.chart.parts[0].colour != light
    picture = tab.grab().toImage()
    dark, surface = theme.colour("background").name(), theme.colour("surface").name()
    seen = {picture.pixelColor(x, y).name() for x in range(0, 1280, 5) for y in range(0, 690, 5)}
    assert {dark, surface, theme.colour(theme.tokens.ramp[2]).name()} <= seen
    assert LIGHT.background.lower() not in seen


def test_an_empty_store_says_what_belongs_here_until_there_is_a_lead(
    store: Store, make_tab: MakeTab, qtbot: QtBot
) -> None:
    tab = make_tab()
    assert tab.shows_empty
    asked: list[str] = []
    tab.asked.connect(asked.append)
    (button,) = (each for each in tab.findChildren(QPushButton) if each.isVisible() and each.text() == "New lead")
    button.click()
    assert asked == ["new_lead"]
    assert tab.revenue.chart is None
    tab._context.office.leads.create(title="First", amount=Money.of(100, "EUR"))
    qtbot.waitUntil(lambda: not tab.shows_empty)


def test_a_store_with_ideas_only_draws_nothing(store: Store, make_tab: MakeTab) -> None:
    add_lead(store, "E", status=Status.POTENTIAL)
    tab = make_tab()
    assert not tab.shows_empty
    assert not tab.funnel.chart.parts
    assert [figure.value for figure in tab.cards.figures[2:5]] == ["–", "–", "–"]
    assert "No revenue" in " ".join(label.text() for label in tab.revenue.findChildren(QLabel))


def test_leads_with_months_gone_by_are_listed(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    late = add_lead(store, "Late", amount=1_200, stage="Angebot", period=("2026-08", "2026-10"))
    add_lead(store, "Won long ago", status=Status.WON, period=("2026-01", "2026-02"))
    tab = make_tab()
    assert tab.attention.isVisible()
    assert list(tab.attention.model.ids) == [late]
    assert FORMATS.whole(Money(36_000, "EUR")) in " ".join(label.text() for label in tab.attention.findChildren(QLabel))
    opened: list[object] = []
    tab.opened.connect(opened.append)
    table = tab.attention._view
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [late]


def test_leads_without_a_rate_are_named_and_in_no_sum(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    ids = {
        add_lead(store, "Zürich", amount=1_000, currency="CHF", period=("2027-01", "2027-01")),
        add_lead(store, "Genf", amount=1_000, currency="CHF", status=Status.WON),
    }
    add_lead(store, "Lost", amount=1_000, currency="CHF", status=Status.LOST)
    tab = make_tab()
    assert set(tab.attention.model.ids) == ids
    assert "1 without a rate" in tab.cards.figures[0].sub  # the figure is of open leads alone
    assert labelled(tab)["Total"][1] == euro("25.700,00")


def test_nothing_to_look_at_takes_no_room(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    assert not make_tab().attention.isVisible()


def test_skipped_stages_count_as_chosen(store: Store, make_tab: MakeTab) -> None:
    leads = Office.of(store, Path()).leads
    jumper = leads.create(Status.ACTIVE, title="Jumper", amount=Money.of(10, "EUR"))
    leads.move([jumper], 4)
    leads.create(Status.ACTIVE, title="Beginner", amount=Money.of(10, "EUR"))
    tab = make_tab()
    assert [step.figures.split(" ")[0] for step in tab.funnel.chart.parts] == ["2", "1", "1", "1", "0", "0"]
    button = next(b for b in tab.funnel.findChildren(QAbstractButton) if b.text() == "Touched only")
    button.click()
    assert [step.figures.split(" ")[0] for step in tab.funnel.chart.parts] == ["2", "0", "0", "1", "0", "0"]
    assert "Verhandlungen: 1" in tab.funnel.chart.accessibleDescription()


def test_the_funnel_is_of_twelve_months_or_of_all_time(store: Store, make_tab: MakeTab) -> None:
    for day in (date(2025, 11, 24), date(2025, 11, 25), TODAY):
        add_lead(store, str(day), activated_on=(day - date(1970, 1, 1)).days)
    tab = make_tab()
    assert tab.funnel.chart.parts[0].figures == "2"
    next(b for b in tab.funnel.findChildren(QAbstractButton) if b.text() == "All time").click()
    assert tab.funnel.chart.parts[0].figures == "3"


def test_cards_show_the_figures_and_explain_them(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    for number, status in enumerate([Status.WON, Status.WON, Status.LOST, Status.DROPPED]):
        add_lead(store, f"Closed {number}", amount=1_000, status=status)
    tab = make_tab()
    values = [figure.value for figure in tab.cards.figures]
    percent = FORMATS.rate(2 / 3)
    assert values == [
        FORMATS.whole(Money(2_570_000, "EUR")),
        FORMATS.whole(Money(200_000, "EUR")),
        "–",
        percent,
        "0\u00a0Tage",
        "4",
        "0",
    ]
    assert "2 of 3" in tab.cards.figures[3].sub
    buttons = [b for b in tab.cards.findChildren(QAbstractButton) if b.accessibleName().startswith("How ")]
    assert len(buttons) == 7
    buttons[0].click()
    assert tab.cards.explanation.isVisible()
    assert tab.cards.explanation.text == str(METRICS["weighted"].definition)
    QTest.keyClick(tab.cards.explanation, Qt.Key.Key_Escape)
    assert not tab.cards.explanation.isVisible()


def test_the_goal_of_young_leads_follows_the_settings(store: Store, make_tab: MakeTab, qtbot: QtBot) -> None:
    fill(store)
    tab = make_tab()
    tab._context.settings[ENOUGH_YOUNG] = 42
    qtbot.waitUntil(lambda: "42" in tab.cards.figures[5].sub)


def test_changes_arrive_while_shown_and_wait_while_hidden(store: Store, make_tab: MakeTab, qtbot: QtBot) -> None:
    fill(store)
    tab = make_tab()
    add_lead(store, "F", amount=100, stage="Mündliche Zusage")
    qtbot.waitUntil(lambda: labelled(tab)["Total"][1] == euro("25.790,00"))
    tab.hide()
    add_lead(store, "G", amount=100, stage="Mündliche Zusage")
    qtbot.waitUntil(lambda: tab._stale)
    assert not tab._settle.isActive(), "nothing is on its way"
    assert labelled(tab)["Total"][1] == euro("25.790,00")
    tab.show()
    tab.activate()
    assert labelled(tab)["Total"][1] == euro("25.880,00")


def test_the_turn_of_the_month_moves_the_window(store: Store, make_tab: MakeTab, clock: object, qtbot: QtBot) -> None:
    fill(store)
    tab = make_tab()
    clock.instant = clock.instant.replace(month=12, day=1)  # type: ignore[attr-defined]
    tab.turn_of_day()
    qtbot.waitUntil(lambda: tab.table.texts()[1][0] == "Dez 26")
    assert tab.revenue.picker.span.first == month_number(date(2026, 12, 1)) == month("2026-12")


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    jobs = HeldJobs()
    tab = make_tab(jobs)
    tab.revenue.picker.choose(tab.revenue.picker.span.moved(1))
    first, second = jobs.held
    jobs.finish(second)
    jobs.finish(first)
    assert tab.table.texts()[1][0] == "Nov 27"


def test_an_answer_for_a_tab_that_is_gone_is_dropped(store: Store, theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    fill(store)
    jobs = HeldJobs()
    tab = ForecastTab(context_of(store, theme, tmp_path, jobs))
    tab.activate()
    jobs.finish(jobs.held[0])  # which asks for the chart
    tab.deleteLater()
    qtbot.waitUntil(lambda: not isValid(tab))
    assert len(jobs.held) == 2
    for job in jobs.held:
        jobs.finish(job)


def unfold(tab: ForecastTab, label: str) -> None:
    row = next(row for row, cells in enumerate(tab.table.texts()) if cells[0] == label)
    tab.table.selectRow(row)
    QTest.keyClick(tab.table, Qt.Key.Key_Right)


@pytest.mark.parametrize("order", ["refresh first", "leads first", "asked before"])
def test_a_line_unfolded_while_other_figures_come_stays_so(store: Store, make_tab: MakeTab, order: str) -> None:
    fill(store)
    jobs = HeldJobs()
    tab = make_tab(jobs)
    jobs.finish(jobs.held.pop(0))
    jobs.held.clear()
    if order == "asked before":
        tab.refresh()
    unfold(tab, "Jan 27")
    if order != "asked before":
        tab.refresh()
    if order != "leads first":
        jobs.held.reverse()
    while jobs.held:
        jobs.finish(jobs.held.pop(0))
    assert any(cells[0].startswith("A ·") for cells in tab.table.texts())


def test_a_line_folded_again_before_its_leads_are_there_stays_folded(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    jobs = HeldJobs()
    tab = make_tab(jobs)
    jobs.finish(jobs.held.pop(0))
    jobs.held.clear()
    unfold(tab, "Jan 27")
    QTest.keyClick(tab.table, Qt.Key.Key_Left)
    jobs.finish(jobs.held.pop())
    assert not any(cells[0].startswith("A ·") for cells in tab.table.texts())


def test_a_chart_that_could_not_be_loaded_is_tried_again(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    jobs = HeldJobs()
    tab = make_tab(jobs)
    jobs.finish(jobs.held.pop(0))
    with pytest.raises(MemoryError):
        jobs.finish(replace(jobs.held.pop(), work=_fail))
    tab.refresh()
    for _ in range(2):
        jobs.finish(jobs.held.pop())
    assert tab.revenue.chart is not None


def _fail(_progress: object) -> None:
    raise MemoryError


def test_everything_can_be_reached_by_keyboard_and_has_a_name(store: Store, make_tab: MakeTab) -> None:
    fill(store)
    add_lead(store, "Late", stage="Angebot", period=("2026-08", "2026-10"))
    tab = make_tab()
    chart = tab.revenue.chart
    assert chart is not None
    parts = [*tab.findChildren(QAbstractButton), tab.table, tab.funnel.chart, chart, *tab.findChildren(QLineEdit)]
    for part in parts:
        if part.isVisible():
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, part
            label = part.text() if isinstance(part, QAbstractButton) else ""
            assert part.accessibleName() or label, part


@pytest.mark.parametrize("size", [(640, 480), (1280, 690), (1600, 850)])
@pytest.mark.parametrize("scale", [100, 200])
def test_it_fits_or_scrolls_at_any_size(
    store: Store, theme: Theme, make_tab: MakeTab, qtbot: QtBot, size: tuple[int, int], scale: int
) -> None:
    fill(store)
    theme.use(scale=scale)
    tab = make_tab(shown=False)
    tab.resize(*size)
    tab.show()
    tab.activate()
    qtbot.wait(20)  # layouts settle in the event loop
    cards = [card.geometry() for card in tab.cards._cards]
    assert not any(one.intersects(other) for i, one in enumerate(cards) for other in cards[:i])
    assert max(card.right() for card in cards) <= tab.cards.width()
    assert tab.revenue.chart is not None
    assert tab.revenue.chart.height() >= 200


def test_nothing_of_the_chart_is_loaded_before_the_tab_is_shown() -> None:
    code = (
        "import sys, app.ui.forecast.tab, app.ui.main_window;"
        "print([name for name in sys.modules if name.split('.')[0] in ('pyqtgraph', 'numpy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
