"""The two charts of the forecast, their scale and the choice of months."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import InvalidInput
from app.core.format import Formats
from app.ui.forecast.charts import RevenueChart
from app.ui.forecast.funnel_chart import FunnelChart
from app.ui.forecast.picture import Picture, as_image, as_svg
from app.ui.forecast.scale import every, ticks
from app.ui.forecast.span import MOST_MONTHS, Span, SpanPicker, coming, parsed, year
from app.ui.forecast.view_models import Bar, FunnelStep, LegendKey, RevenuePicture, Segment
from app.ui.theme import Mode, Theme
from tests.stores import month

TODAY = date(2026, 11, 24)
FORMATS = Formats("de", "DE")
BARS = (
    Bar("Nov 26", "Nov 26", secured=1_000_000, weighted=500_000, unweighted=900_000, moved=200_000),
    Bar("Dez", "Dez 26", secured=0, weighted=280_000, unweighted=800_000),
    Bar("ohne", "ohne Leistungszeitraum", secured=0, weighted=450_000, unweighted=500_000, apart=True),
)


@given(st.floats(0.01, 1e13), st.integers(2, 12))
def test_axis_reaches_the_highest_value_in_equal_round_steps(highest: float, most: int) -> None:
    values = ticks(highest, most)
    assert values[0] == 0
    assert values[-1] >= highest * (1 - 1e-6)
    assert len(values) <= most
    steps = [b - a for a, b in pairwise(values)]
    assert max(steps) - min(steps) <= 1e-6 * max(steps)


@pytest.mark.parametrize(("highest", "expected"), [(61_000, [0, 20_000, 40_000, 60_000, 80_000]), (0, [0, 1])])
def test_axis_of_known_values(highest: float, expected: list[float]) -> None:
    assert ticks(highest, 6) == expected


def test_labels_are_thinned_out_only_where_they_would_touch() -> None:
    assert every(room=60, width=40, gap=8) == 1
    assert every(room=20, width=40, gap=8) == 3
    assert every(room=0, width=40, gap=8) == 48


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> RevenueChart:
    shown = RevenueChart(theme, FORMATS)
    qtbot.addWidget(shown)
    shown.resize(700, 320)
    shown.show()
    shown.show_bars(RevenuePicture(BARS, "EUR", "Umsatzprognose"))
    return shown


def _on_paper(theme: Theme, bars: tuple[Bar, ...]) -> Picture:
    """A picture of these bars, of a chart that was never seen."""

    def draw(painter: QPainter, target: QRectF) -> None:
        chart = RevenueChart(theme, FORMATS)
        chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        chart.resize(target.size().toSize())
        chart.show()
        chart.show_bars(RevenuePicture(bars, "EUR", "Umsatzprognose"))
        chart.draw(painter, target)
        chart.hide()
        chart.deleteLater()

    return Picture("Umsatzprognose", QSize(700, 320), draw, (LegendKey("aus vergangenen Monaten", "hatched"),))


def test_a_picture_has_every_label_of_its_axis_however_wide(theme: Theme) -> None:
    most = Bar("Nov 26", "Nov 26", secured=99_000_000_000_00, weighted=0, unweighted=0)
    svg = as_svg(_on_paper(theme, (most,)), theme).decode()
    for label in ("20\u00a0Mrd", "80\u00a0Mrd", "100\u00a0Mrd"):
        assert f">{label}<" in svg


def test_lines_and_letters_make_the_same_picture_as_dots(theme: Theme) -> None:
    picture = _on_paper(theme, BARS)
    dots = as_image(picture, theme)
    drawn = QImage(dots.size(), dots.format())
    with QPainter(drawn) as painter:
        QSvgRenderer(QByteArray(as_svg(picture, theme))).render(painter)
    places = [(x, y) for x in range(0, dots.width(), 3) for y in range(0, dots.height(), 3)]
    apart = [at for at in places if abs(dots.pixelColor(*at).lightness() - drawn.pixelColor(*at).lightness()) > 60]
    assert len(apart) < len(places) / 1000


def _point_at(chart: RevenueChart, at: QPointF) -> None:
    view = chart._view.viewport()
    inside = view.mapFrom(chart, at)
    move = QMouseEvent(
        QEvent.Type.MouseMove, inside, view.mapToGlobal(inside), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, move)


def test_pointing_at_a_bar_shows_its_figures(chart: RevenueChart) -> None:
    _point_at(chart, chart.centre_of(0))
    assert chart.current == BARS[0]
    assert chart.card.isVisible()
    for words in ("Nov 26", "10.000,00", "5.000,00", "2.000,00", "15.000,00", "9.000,00"):
        assert words in chart.card.spoken
    assert chart.rect().contains(chart.card.geometry())
    QApplication.sendEvent(chart._view.viewport(), QEvent(QEvent.Type.Leave))
    assert not chart.card.isVisible()


def test_the_card_stays_inside_at_the_right_edge(chart: RevenueChart) -> None:
    _point_at(chart, chart.centre_of(2))
    assert chart.current == BARS[2]
    assert chart.rect().contains(chart.card.geometry())
    assert "past months" not in chart.card.spoken


def test_arrow_keys_go_from_bar_to_bar(chart: RevenueChart) -> None:
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left):
        QTest.keyClick(chart, key)
        seen.append(chart.current)
    assert seen == [BARS[0], BARS[1], BARS[2], BARS[2], BARS[0], BARS[0]]
    assert "10.000,00" in chart.accessibleDescription()
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.current is None


def test_the_axis_has_short_figures(chart: RevenueChart) -> None:
    assert chart.axis_labels()[0] == "0"
    assert "5\u00a0k" in chart.axis_labels()


def _colours(widget: QWidget) -> set[str]:
    picture = widget.grab().toImage()
    return {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }


def test_bars_take_over_another_theme_while_shown(chart: RevenueChart, theme: Theme) -> None:
    light = theme.colour(theme.tokens.ramp[-1]).name()
    assert light in _colours(chart)
    theme.use(mode=Mode.DARK)
    dark = _colours(chart)
    assert theme.colour(theme.tokens.ramp[-1]).name() in dark
    assert theme.colour("surface").name() in dark
    assert light not in dark


@pytest.mark.parametrize(
    "bars", [(), (Bar("Jan", "Jan 27", 0, 0, 0),), tuple(Bar("x", "x", 1, 1, 1) for _ in range(120))]
)
def test_odd_numbers_of_bars_are_drawn(chart: RevenueChart, bars: tuple[Bar, ...]) -> None:
    chart.show_bars(RevenuePicture(bars, "JPY", "Umsatzprognose"))
    chart.grab()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.current == (bars[0] if bars else None)


def test_fewer_bars_while_one_is_pointed_at(chart: RevenueChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_End)
    chart.show_bars(RevenuePicture(BARS[:1], "EUR", "Umsatzprognose"))
    assert chart.current is None
    chart.grab()


def _steps(*shares: float) -> list[FunnelStep]:
    return [
        FunnelStep(f"Stufe {i}", f"{share:.0%}", share, "#2F9589", f"Stufe {i}: {share}")
        for i, share in enumerate(shares)
    ]


@pytest.fixture
def funnel(theme: Theme, qtbot: QtBot) -> FunnelChart:
    shown = FunnelChart(theme)
    qtbot.addWidget(shown)
    shown.resize(400, 300)
    shown.show()
    return shown


def test_funnel_says_everything_in_words(funnel: FunnelChart) -> None:
    funnel.show_parts(_steps(1, 0.5, 0.1), "Trichter")
    assert funnel.accessibleName() == "Trichter"
    assert funnel.accessibleDescription().split("\n") == ["Stufe 0: 1", "Stufe 1: 0.5", "Stufe 2: 0.1"]


def test_funnel_is_as_wide_as_its_share_but_holds_its_words(funnel: FunnelChart) -> None:
    funnel.show_parts(_steps(1, 0.5, 0.0), "Trichter")
    assert _width_at(funnel, 25) == pytest.approx(300, abs=8)
    assert _width_at(funnel, 60) == pytest.approx(190, abs=10)
    assert 60 < _width_at(funnel, 118) < 200


def _width_at(funnel: FunnelChart, y: int) -> int:
    picture = funnel.grab().toImage()
    fill = QColor("#2F9589")
    return sum(picture.pixelColor(x, y) == fill for x in range(picture.width()))


def test_funnel_tells_the_step_under_the_mouse(funnel: FunnelChart) -> None:
    funnel.show_parts(_steps(1, 0.5), "Trichter")
    step = funnel.part_at(QPointF(9, 60))
    assert step is not None
    assert step.name == "Stufe 1"
    assert funnel.part_at(QPointF(9, 290)) is None
    QApplication.sendEvent(funnel, QHelpEvent(QEvent.Type.ToolTip, QPoint(9, 290), funnel.mapToGlobal(QPoint(9, 290))))


@pytest.mark.parametrize("shares", [(), (0.0, 0.0)])
def test_funnel_without_leads_draws_no_shape(funnel: FunnelChart, shares: tuple[float, ...]) -> None:
    funnel.show_parts(_steps(*shares), "Trichter")
    assert _width_at(funnel, 20) == 0


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Jan-Apr 27", Span(month("2027-01"), month("2027-04"))),
        ("2027", Span(month("2027-01"), month("2027-12"))),
        ("Q1 27", Span(month("2027-01"), month("2027-03"))),
        ("mär 27", Span(month("2027-03"), month("2027-03"))),
    ],
)
def test_months_are_understood_as_typed(text: str, span: Span) -> None:
    assert parsed(text, TODAY) == span


@pytest.mark.parametrize("text", ["", "soon", "Apr 27-Jan 27", "1/2010-1/2030", "13/27", "Jan 27; DROP TABLE lead"])
def test_months_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(text, TODAY)
    assert refused.value.field == "period"


def test_spans_move_by_their_length_and_stay_in_the_calendar() -> None:
    quarter = Span(month("2027-01"), month("2027-03"))
    assert quarter.moved(1) == Span(month("2027-04"), month("2027-06"))
    assert quarter.moved(1).moved(-1) == quarter
    for start in (Span(13, 12 + MOST_MONTHS), year(9999)):
        for by in (-1, 1):
            moved = start.moved(by)
            assert moved.count == start.count
            assert moved.first >= 12
            assert moved.last < 120_000


@pytest.fixture
def picker(theme: Theme, qtbot: QtBot) -> SpanPicker:
    shown = SpanPicker(theme, FORMATS, TODAY)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def _field(picker: SpanPicker) -> QLineEdit:
    return picker.findChildren(QLineEdit)[0]


def _press(picker: SpanPicker, name: str) -> None:
    buttons = [b for b in picker.findChildren(QPushButton) if name in (b.text(), b.accessibleName())]
    buttons[0].click()


def test_picker_begins_with_this_month_and_the_next_eleven(picker: SpanPicker) -> None:
    assert picker.span == Span(month("2026-11"), month("2027-10")) == coming(TODAY)
    assert _field(picker).text() == "Nov 26–Okt 27"


def test_picker_tells_each_choice_once(picker: SpanPicker) -> None:
    told: list[Span] = []
    picker.chosen.connect(told.append)
    for name in ("2027", "2027", "Later months", "Earlier months", "2026", "12 months"):
        _press(picker, name)
    assert told == [year(2027), year(2028), year(2027), year(2026), coming(TODAY)]


def test_picker_takes_typed_months_and_shows_them_in_full(picker: SpanPicker) -> None:
    told: list[Span] = []
    picker.chosen.connect(told.append)
    _field(picker).selectAll()
    QTest.keyClicks(_field(picker), "1/27-3/27")
    QTest.keyClick(_field(picker), Qt.Key.Key_Return)
    assert told == [Span(month("2027-01"), month("2027-03"))]
    assert _field(picker).text() == "Jan–Mär 27"


def test_picker_says_what_it_does_not_understand_and_keeps_the_months(picker: SpanPicker) -> None:
    told: list[Span] = []
    picker.chosen.connect(told.append)
    _field(picker).selectAll()
    QTest.keyClicks(_field(picker), "Apr 27-Jan 27")
    QTest.keyClick(_field(picker), Qt.Key.Key_Return)
    assert told == []
    assert picker.span == coming(TODAY)
    assert picker.problem
    QTest.keyClick(_field(picker), Qt.Key.Key_Escape)
    assert not picker.problem
    assert _field(picker).text() == "Nov 26–Okt 27"


def test_picker_follows_the_day_only_while_it_shows_the_coming_months(picker: SpanPicker) -> None:
    picker.set_today(date(2026, 12, 1))
    assert picker.span == coming(date(2026, 12, 1))
    picker.choose(year(2027))
    picker.set_today(date(2027, 1, 1))
    assert picker.span == year(2027)


def test_a_click_on_a_bar_and_enter_ask_for_what_is_behind_it(chart: RevenueChart) -> None:
    asked: list[tuple[Bar, str | None]] = []
    chart.opened.connect(lambda bar, part: asked.append((bar, part)))
    viewport = chart._view.viewport()
    place = viewport.mapFrom(chart, chart.centre_of(1).toPoint())
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    QTest.keyClick(chart, Qt.Key.Key_Space)
    assert asked == [(BARS[1], None), (BARS[0], None), (BARS[0], None)]


def test_a_click_on_a_part_of_a_bar_asks_for_that_part(chart: RevenueChart) -> None:
    parts = (Segment("Anna", 1_000_000, "#0F6E66"), Segment("Ben", 500_000, "#A9D8D1"))
    bar = Bar("Jan", "Jan 27", 1_500_000, 0, 0, segments=parts)
    chart.show_bars(RevenuePicture((bar,), "EUR", "Umsatzprognose"))
    asked: list[str | None] = []
    chart.opened.connect(lambda _bar, part: asked.append(part))
    viewport = chart._view.viewport()
    middle = viewport.mapFrom(chart, chart.centre_of(0).toPoint())  # half as high as the bar: within the lower part
    for above in (0, 70, 140):
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, above))
    assert asked[0] == "Anna"
    assert asked[1] == "Ben"
    assert asked[2] is None


def test_goals_and_what_is_unweighted_have_room_in_the_chart(chart: RevenueChart) -> None:
    bar = Bar("Jan", "Jan 27", 100_000, 50_000, 900_000, goal=3_000_000)
    chart.show_bars(RevenuePicture((bar,), "EUR", "Umsatzprognose"))
    assert chart._item.lines[-1] >= 30_000
    chart.show_bars(RevenuePicture((replace(bar, goal=None),), "EUR", "Umsatzprognose", gross=True))
    assert 10_000 <= chart._item.lines[-1] < 30_000
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert "goal" not in chart.card.spoken
    chart.show_bars(RevenuePicture((bar,), "EUR", "Umsatzprognose"))
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert "missing to the goal" in chart.card.spoken


def test_the_funnel_is_walked_by_keys_and_opened(theme: Theme, qtbot: QtBot) -> None:
    funnel = FunnelChart(theme)
    qtbot.addWidget(funnel)
    funnel.resize(300, 300)
    funnel.show_parts(_steps(1, 0.5, 0.1), "Trichter")
    funnel.show()
    asked: list[FunnelStep] = []
    funnel.opened.connect(asked.append)
    QTest.keyClick(funnel, Qt.Key.Key_Return)
    for _ in range(2):
        QTest.keyClick(funnel, Qt.Key.Key_Down)
    QTest.keyClick(funnel, Qt.Key.Key_Return)
    QTest.mouseClick(funnel, Qt.MouseButton.LeftButton, pos=funnel.place_of(2).center().toPoint())
    assert asked == [funnel.parts[1], funnel.parts[2]]


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (Qt.FocusReason.ActiveWindowFocusReason, True),
        (Qt.FocusReason.PopupFocusReason, True),
        (Qt.FocusReason.TabFocusReason, False),
    ],
)
def test_who_comes_back_from_the_leads_behind_a_bar_goes_on_from_it(
    chart: RevenueChart, funnel: FunnelChart, reason: Qt.FocusReason, kept: bool
) -> None:
    funnel.show_parts(_steps(1, 0.5), "Trichter")
    for each, key in ((chart, Qt.Key.Key_Right), (funnel, Qt.Key.Key_Down)):
        QTest.keyClick(each, key)
        QApplication.sendEvent(each, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert (chart.current is not None, funnel.picked is not None) == (kept, kept)
