"""The shared controls: what they show, what they say to a screen reader, and what the keyboard does to them."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QCursor, QFontMetrics, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.i18n import Text
from app.ui.jobs import Progress
from app.ui.record_table.footer import Footer
from app.ui.status_bar import StatusBar
from app.ui.theme import Mode, Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Chip, Flow, Switch
from app.ui.widgets.field_row import FieldGrid
from app.ui.widgets.figure_cards import CardLine, Figure, FigureCards
from app.ui.widgets.filter_edit import FilterEdit
from app.ui.widgets.funnel_strip import FunnelStrip, StageButton, StripStage
from app.ui.widgets.sideways import Sideways
from app.ui.widgets.stat_card import StatCard
from app.ui.widgets.tab_row import Badges, TabRow
from app.ui.widgets.toast import Toast

LEFT = Qt.MouseButton.LeftButton


def stages(theme: Theme, n: int) -> list[StripStage]:
    ramp = theme.ramp(n)
    return [
        StripStage(i + 1, f"Stage {i}", f"{i} %", f"{i}.000 €", f"{i} leads", f"of {i}0.000 €", ramp[i])
        for i in range(n)
    ]


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> FunnelStrip:
    strip = FunnelStrip(theme)
    qtbot.addWidget(strip)
    strip.show_stages(stages(theme, 3))
    strip.resize(900, 62)
    strip.show()
    return strip


def buttons(strip: FunnelStrip) -> list[StageButton]:
    found = sorted(strip.findChildren(StageButton), key=lambda button: button.x())
    return [button for button in found if not button.isHidden()]


def test_a_stage_is_chosen_and_let_go_by_mouse_and_keyboard(strip: FunnelStrip, qtbot: QtBot) -> None:
    told: list[object] = []
    strip.chosen.connect(told.append)
    first, second, _ = buttons(strip)
    QTest.mouseClick(first, LEFT)
    QTest.mouseClick(second, LEFT)
    assert [button.isChecked() for button in buttons(strip)] == [False, True, False]
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert told == [1, 2, None]


def test_a_stage_says_all_it_shows(strip: FunnelStrip) -> None:
    assert buttons(strip)[1].accessibleName() == "Stage 1 · 1 %, 1.000 €, 1 leads, of 10.000 €"


def test_the_choice_survives_new_figures_and_goes_with_its_stage(strip: FunnelStrip, theme: Theme) -> None:
    strip.choose(3)
    seen = []
    for n in (5, 2):
        strip.show_stages(stages(theme, n))
        seen.append((strip.choice, len(buttons(strip))))
    assert seen == [(3, 5), (None, 2)]


def test_the_choice_stays_with_its_stage_when_stages_move(strip: FunnelStrip, theme: Theme) -> None:
    strip.choose(3)
    strip.show_stages(list(reversed(stages(theme, 3))))
    assert strip.choice == 3


@pytest.mark.parametrize("n", [0, 1, 12])
def test_any_number_of_stages_is_painted(strip: FunnelStrip, theme: Theme, n: int) -> None:
    strip.show_stages(stages(theme, n))
    strip.resize(700, 62)
    assert not strip.grab().isNull()
    assert len(buttons(strip)) == n


@pytest.mark.parametrize(("width", "detail"), [(900, 0), (450, 1), (300, 2)])
def test_all_arrows_say_as_much_as_the_narrowest_has_room_for(
    strip: FunnelStrip, theme: Theme, width: int, detail: int
) -> None:
    strip.show_stages([*stages(theme, 2), replace(stages(theme, 3)[2], name="A stage with a long name")])
    strip.resize(width, 62)
    strip.grab()
    assert strip.detail() == detail


@pytest.mark.parametrize("scale", [100, 200])
def test_the_figure_of_a_stage_is_never_cut_off(theme: Theme, qtbot: QtBot, scale: int) -> None:
    theme.use(scale=scale)
    strip = FunnelStrip(theme)
    qtbot.addWidget(strip)
    strip.show_stages([replace(stage, weighted_text="12.345.678 €") for stage in stages(theme, 5)])
    for button in buttons(strip):
        left, right = theme.px(21), theme.px(18)
        room = button.minimumSizeHint().width() - left - right
        assert QFontMetrics(theme.font(15, 700)).horizontalAdvance("12.345.678 €") <= room


def test_the_tip_of_the_arrow_is_not_the_button(strip: FunnelStrip) -> None:
    first = buttons(strip)[0]
    assert not first.hitButton(QPoint(first.width() - 2, 2))
    assert first.hitButton(QPoint(first.width() - 3, first.height() // 2))


def test_more_stages_than_there_is_room_for_scroll_to_the_side(theme: Theme, qtbot: QtBot) -> None:
    strip = FunnelStrip(theme)
    strip.show_stages(stages(theme, 12))
    room = Sideways(strip, "Funnel")
    qtbot.addWidget(room)
    room.resize(400, room.heightForWidth(400))
    with qtbot.waitExposed(room):
        room.show()
    assert room.minimumSizeHint().width() < 400 < strip.width()
    assert room.viewport().height() == strip.height(), "the bar covers nothing"
    assert room.focusPolicy() == Qt.FocusPolicy.TabFocus
    QTest.keyClick(room, Qt.Key.Key_Right)
    assert room.horizontalScrollBar().value() > 0
    room.resize(2000, room.heightForWidth(2000))
    assert (room.height(), room.focusPolicy()) == (strip.sizeHint().height(), Qt.FocusPolicy.NoFocus)


def test_badges_are_part_of_what_a_tab_says(theme: Theme, qtbot: QtBot) -> None:
    tabs = TabRow(theme)
    qtbot.addWidget(tabs)
    tabs.addTab("Leads")
    narrow = tabs.tabSizeHint(0).width()
    tabs.set_badges(0, Badges("12", "2", "2 overdue"))
    assert tabs.accessibleTabName(0) == "Leads 12 2 overdue"
    assert tabs.tabSizeHint(0).width() > narrow
    tabs.set_badges(0, Badges())
    assert tabs.accessibleTabName(0) == "Leads"
    assert tabs.tabSizeHint(0).width() == narrow


def test_choosing_a_tab_moves_none(theme: Theme, qtbot: QtBot) -> None:
    tabs = TabRow(theme)
    qtbot.addWidget(tabs)
    for label in ("Leads", "Closed", "Forecast"):
        tabs.addTab(label)
    tabs.show()
    before = [tabs.tabRect(i) for i in range(3)]
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    assert [tabs.tabRect(i) for i in range(3)] == before
    underline = tabs.grab().toImage().pixelColor(before[1].center().x(), before[1].bottom())
    assert underline.name() == QColor(theme.tokens.accent).name()


def test_the_label_of_a_tab_with_the_focus_stays_visible(theme: Theme, qtbot: QtBot) -> None:
    tabs = TabRow(theme)
    qtbot.addWidget(tabs)
    tabs.addTab("Leads")
    tabs.set_badges(0, Badges("12"))
    tabs.show()
    tabs.activateWindow()
    tabs.setFocus()
    qtbot.waitUntil(tabs.hasFocus)
    image = tabs.grab().toImage()
    inside = range(theme.px(13), tabs.tabRect(0).width() // 2)  # right of the frame, left of the badge
    middle = [image.pixelColor(x, tabs.rect().center().y()).lightness() for x in inside]
    assert min(middle) < 100, "the frame covers the label"


def test_tabs_grow_with_the_text(theme: Theme, qtbot: QtBot) -> None:
    tabs = TabRow(theme)
    qtbot.addWidget(tabs)
    tabs.addTab("Leads")
    tabs.show()
    height = tabs.tabRect(0).height()
    theme.use(scale=200)
    assert tabs.tabRect(0).height() == 2 * height


def test_a_card_covers_the_corners_of_its_table(theme: Theme, qtbot: QtBot) -> None:
    card = Card(theme)
    qtbot.addWidget(card)
    card.body.addWidget(QTableView())
    card.resize(300, 200)
    card.show()
    image = card.grab().toImage()
    corners = [image.pixelColor(x, y).name() for x in (0, 299) for y in (0, 199)]
    assert corners == [QColor(theme.tokens.background).name()] * 4
    assert image.pixelColor(150, 0).name() == QColor(theme.tokens.border).name()


def test_a_figure_says_what_it_is(theme: Theme, qtbot: QtBot) -> None:
    card = StatCard(theme, "Win rate", info=True)
    qtbot.addWidget(card)
    card.show_figure("38 %", "13 of 34")
    assert card.accessibleName() == "Win rate: 38 %"
    with qtbot.waitSignal(card.infoRequested):
        QTest.mouseClick(card.findChildren(QPushButton)[0], LEFT)


def test_the_values_of_figures_beside_each_other_stand_on_one_height(theme: Theme, qtbot: QtBot) -> None:
    cards = FigureCards(theme)
    qtbot.addWidget(cards)
    long = "Sales cycle of everything that was won within 12 months"
    figures = [Figure(label, "40 %", "", "", "", behind=cards.update) for label in ("Young leads", long, "Idle leads")]
    cards.show_figures(figures)
    cards.resize(theme.px(620), cards.height())
    cards.show()

    def heights(text: str) -> set[int]:
        labels = [label for label in cards.findChildren(QLabel) if text in ("", label.text())]
        return {label.mapTo(cards, label.rect().topLeft()).y() for label in labels}

    qtbot.waitUntil(lambda: len(heights("40 %")) == 1)
    titles = {label.text(): label for label in cards.findChildren(QLabel)}
    first, second = titles["Young leads"], titles[long]
    assert second.height() > 2 * first.fontMetrics().height() - 2
    assert (first.height(), first.alignment()) == (second.height(), Qt.AlignmentFlag.AlignTop)
    cards.resize(theme.px(2400), cards.height())
    qtbot.waitUntil(lambda: first.alignment() == Qt.AlignmentFlag.AlignVCenter)


def test_headings_of_cards_beside_each_other_stand_on_one_line(theme: Theme, qtbot: QtBot) -> None:
    cards = QWidget()
    qtbot.addWidget(cards)
    row = QHBoxLayout(cards)
    for kind in (None, ButtonKind.MINI, ButtonKind.LINK):
        card = Card(theme)
        head = card.add_head("Idle leads")
        if kind is not None:
            head.addWidget(Button(theme, "3 leads" if kind is ButtonKind.LINK else "", kind, icon="info"))
        card.body.addStretch()
        row.addWidget(card)
    cards.show()
    headings = [label for label in cards.findChildren(QLabel) if label.text() == "Idle leads"]
    assert len({label.mapTo(cards, label.rect().center()).y() for label in headings}) == 1


def test_the_values_of_cards_on_one_line_stand_on_one_height(theme: Theme, qtbot: QtBot) -> None:
    cards = [StatCard(theme, label, info=True) for label in ("Won", "Win rate by the value of what was decided")]
    for card in cards:
        card.show_figure("40 %")
    line = CardLine(theme, cards)
    qtbot.addWidget(line)
    line.resize(theme.px(330), theme.px(120))
    line.show()
    values = [label for label in line.findChildren(QLabel) if label.text() == "40 %"]
    qtbot.waitUntil(lambda: len({label.mapTo(line, QPoint(0, 0)).y() for label in values}) == 1)
    assert cards[1].title_height() > 1.5 * cards[0].title_height()


def test_a_switch_has_one_choice(theme: Theme, qtbot: QtBot) -> None:
    switch = Switch(theme, [("list", "List"), ("board", "Board")], "View")
    qtbot.addWidget(switch)
    switch.show()
    assert switch.choice == "list"
    board = next(chip for chip in switch.findChildren(Chip) if chip.text() == "Board")
    with qtbot.waitSignal(switch.chosen) as told:
        QTest.mouseClick(board, LEFT)
    assert (told.args, switch.choice) == (["board"], "board")
    with qtbot.assertNotEmitted(switch.chosen):
        switch.choose("list")
    assert switch.choice == "list"


def test_chips_wrap_instead_of_being_cut(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    chips = [Chip(theme, f"Filter {i}") for i in range(8)]
    for chip in chips:
        flow.addWidget(chip)
    holder.resize(250, 300)
    holder.show()
    assert all(chip.geometry().right() <= 250 for chip in chips)
    assert len({chip.y() for chip in chips}) > 1
    assert flow.heightForWidth(250) > flow.heightForWidth(2000)
    chips[0].hide()
    flow.activate()
    assert chips[1].x() == 0


def test_what_belongs_to_the_right_goes_to_the_end_of_its_line(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    left, right, last = chips = [Chip(theme, name) for name in ("One", "Two", "Three")]
    for chip in chips:
        flow.addWidget(chip)
    flow.setAlignment(right, Qt.AlignmentFlag.AlignRight)
    holder.resize(600, 60)
    holder.show()
    assert left.x() == 0
    assert last.geometry().right() == 599
    assert right.geometry().right() + 1 + flow.spacing() == last.x()
    new = Chip(theme, "New")
    flow.insert_widget(1, new)
    new.show()
    flow.activate()
    assert new.x() == left.geometry().right() + 1 + flow.spacing()
    assert last.geometry().right() == 599
    holder.resize(new.width() + 20, 300)
    assert {chip.x() for chip in (left, new)} == {0}
    assert right.geometry().right() == holder.width() - 1, "alone in its line, too"


def test_where_it_keeps_all_in_one_line_chips_yield_in_their_turn(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    first, later, fixed = Chip(theme, "Group: none"), Chip(theme, "Kind: all of them"), Chip(theme, "Overdue")
    for chip in (first, later, fixed):
        flow.addWidget(chip)
    later.say_shortly("Kind")
    first.say_shortly("")
    flow.let_yield(later, later.least_width, 2)
    flow.let_yield(first, first.least_width, 1)
    holder.show()
    wide = sum(chip.sizeHint().width() for chip in (first, later, fixed)) + 2 * flow.spacing()

    def widths(room: int) -> tuple[int, ...]:
        holder.resize(room, 90)
        flow.activate()
        return tuple(chip.width() for chip in (first, later, fixed))

    full = widths(wide)
    assert full == tuple(chip.sizeHint().width() for chip in (first, later, fixed))
    assert widths(wide - 10) == (full[0] - 10, full[1], full[2]), "the first takes what room is left"
    assert widths(wide - full[0] + first.least_width() - 1)[1:] == (later.least_width(), full[2])
    least = wide - full[0] + first.least_width() - full[1] + later.least_width()
    assert widths(least) == (first.least_width(), later.least_width(), full[2])
    assert first.y() == fixed.y()
    assert widths(least - 1) == full, "what needs two lines has room enough in them"
    assert fixed.y() > first.y()
    first.hide()
    assert flow.heightForWidth(later.least_width() + full[2] + flow.spacing()) == flow.heightForWidth(2000)


def test_without_room_a_button_says_what_fits(theme: Theme, qtbot: QtBot) -> None:
    button, as_short = Button(theme, "A && B: all", ButtonKind.CHIP), Button(theme, "A && B", ButtonKind.CHIP)
    for each in (button, as_short):
        qtbot.addWidget(each)
    assert button.least_width() == button.sizeHint().width()
    button.say_shortly("A & B")
    assert button.least_width() == as_short.sizeHint().width()
    for each in (button, as_short):
        each.resize(as_short.sizeHint())
    assert button.grab().toImage() == as_short.grab().toImage()
    assert button.text() == "A && B: all"
    button.resize(button.sizeHint())
    wide = button.grab().toImage()
    button.say_shortly(None)
    assert button.grab().toImage() == wide


def test_a_row_of_chips_takes_no_more_lines_than_it_may(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    for i in range(12):
        flow.addWidget(Chip(theme, f"Filter number {i}"))
    one = flow.minimumSize()
    flow.use_at_most(3)
    wide = flow.minimumSize().width()
    assert wide > one.width()
    assert flow.heightForWidth(wide) == 3 * one.height() + 2 * flow.spacing()
    assert flow.heightForWidth(wide - 17) > flow.heightForWidth(wide)
    bare = QWidget()
    qtbot.addWidget(bare)
    empty = Flow(bare)
    empty.use_at_most(3)
    assert empty.minimumSize().isEmpty()
    assert empty.heightForWidth(100) == 0


def test_chips_yield_before_they_take_another_line_and_at_last_one_more(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    chips = [Chip(theme, f"Filter number {i}: all of them") for i in range(6)]
    held = Chip(theme, "Source: a recommendation")
    for chip in (*chips, held):
        flow.addWidget(chip)
        chip.say_shortly("Filter number: all")
    for chip in chips:
        flow.let_yield(chip, chip.least_width, 2)
    flow.let_yield_at_last(held, held.least_width)
    flow.use_at_most(2)
    two = flow.minimumSize().width()
    flow.use_at_most(2, 3)
    three = flow.minimumSize().width()
    assert three < two

    def lines(room: int) -> int:
        holder.resize(room, 300)
        flow.activate()
        return len({chip.y() for chip in (*chips, held)})

    holder.show()
    full = [chip.sizeHint().width() for chip in chips]
    wide = max(sum(full[:3]), sum(full[3:]) + held.sizeHint().width()) + 3 * flow.spacing()
    assert lines(wide) == 2
    assert [chip.width() for chip in chips] == full
    assert lines(wide - 20) == 2
    assert chips[0].width() == chips[0].least_width()
    assert held.width() == held.sizeHint().width()
    assert lines(two) == 2
    assert flow.surplus() == 0
    assert lines(three) == 3
    assert held.width() == held.least_width()
    assert flow.surplus() == held.height() + flow.spacing()


def test_what_is_lower_stands_in_the_middle_of_its_line(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    high, low = QWidget(), QWidget()
    high.setFixedSize(40, 30)
    low.setFixedSize(40, 20)
    for widget in (high, low):
        flow.addWidget(widget)
    holder.resize(200, 30)
    holder.show()
    flow.activate()
    assert (high.y(), low.y()) == (0, 5)


def test_a_button_without_text_has_a_name(theme: Theme, qtbot: QtBot) -> None:
    button = Button(theme, "", ButtonKind.FLAT, icon="close", name="Close")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Close", "Close")
    assert not button.icon().isNull()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_button_in_every_window(theme: Theme, window: QWidget, key: Qt.Key) -> None:
    button = Button(theme, "Finish", parent=window)
    button.show()
    pressed: list[Qt.Key] = []
    button.clicked.connect(lambda: pressed.append(key))
    QTest.keyClick(button, key)
    assert pressed == [key]


def test_icons_of_buttons_follow_the_theme(theme: Theme, qtbot: QtBot) -> None:
    button = Button(theme, "New", icon="plus")
    qtbot.addWidget(button)
    light = button.icon().pixmap(16).toImage()
    theme.use(mode=Mode.DARK)
    assert button.icon().pixmap(16).toImage() != light


def test_esc_empties_the_filter_once(theme: Theme, qtbot: QtBot) -> None:
    edit = FilterEdit(theme, "Filter")
    qtbot.addWidget(edit)
    seen: list[str] = []
    edit.textChanged.connect(seen.append)
    edit.show()
    QTest.keyClicks(edit, "mu")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert seen == ["m", "mu", ""]
    assert edit.accessibleName() == "Filter"
    assert [button.accessibleName() for button in edit.findChildren(QToolButton)] == ["Clear"]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 500)
    window.show()
    return window


def test_a_toast_offers_one_thing_and_goes(theme: Theme, window: QWidget) -> None:
    toast = Toast(theme, window)
    done: list[int] = []
    toast.tell("Saved.", label="Undo", action=lambda: done.append(1))
    undo = next(button for button in toast.findChildren(QPushButton) if button.text() == "Undo")
    QTest.mouseClick(undo, LEFT)
    assert done == [1]
    assert not toast.isVisible()


def test_a_toast_stays_inside_a_small_window(theme: Theme, window: QWidget) -> None:
    toast = Toast(theme, window)
    toast.tell("word " * 60, error=True)
    window.resize(420, 400)
    QApplication.sendPostedEvents()
    assert window.rect().contains(toast.geometry())
    assert toast.accessibleName() == toast.message


@pytest.mark.parametrize("way", ["button", "click", "Esc", "time"])
def test_an_error_stays_longer_and_can_be_dismissed(theme: Theme, window: QWidget, qtbot: QtBot, way: str) -> None:
    toast = Toast(theme, window)
    toast.tell("Saved.")
    short = toast._timer.interval()
    toast.tell("Disk full.", error=True)
    assert toast._timer.isActive()
    assert toast._timer.interval() > short
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    if way == "button":
        close = next(button for button in toast.findChildren(QPushButton) if button.accessibleName() == "Dismiss")
        QTest.mouseClick(close, LEFT)
    elif way == "click":
        QTest.mouseClick(toast, LEFT)
    elif way == "Esc":
        QTest.keyClick(window, Qt.Key.Key_Escape)
    else:
        toast._timer.timeout.emit()
    assert not toast.isVisible()


def test_an_error_covers_neither_the_sums_nor_the_status_bar(theme: Theme, window: QWidget) -> None:
    toast = Toast(theme, window)
    toast.tell("Disk full.", error=True)
    assert toast.geometry().bottom() < window.height() - theme.px(80)


@pytest.fixture
def status(theme: Theme, qtbot: QtBot) -> StatusBar:
    status = StatusBar(theme)
    qtbot.addWidget(status)
    status.show()
    return status


def test_what_was_said_of_a_long_work_outlives_it(status: StatusBar) -> None:
    job = Progress(lambda done, total: None)
    status.begin_progress(Text("Deleting"), job)
    assert status._message.text() == "Deleting"
    status.say("9 leads deleted")
    status.end_progress()
    assert status._message.text() == "9 leads deleted"
    status.begin_progress(Text("Counting"), job)
    status.end_progress()
    assert status._message.text() == "9 leads deleted", "what was said before the work"


def test_a_title_says_nothing_once_the_work_is_over(status: StatusBar) -> None:
    status.begin_progress(Text("Checking"), Progress(lambda done, total: None))
    status.end_progress()
    assert status._message.text() == ""


def test_the_way_back_stays_when_the_message_has_faded(status: StatusBar) -> None:
    undo = next(button for button in status.findChildren(QPushButton) if button.text() == "Undo")
    assert not undo.isVisible()
    status.offer_undo("Lead deleted", "Undo: Lead deleted (Ctrl+Z)")
    assert undo.isVisible()
    assert status._what.isVisible()
    status.say("Backed up")
    assert not undo.isVisible(), "that cannot be taken back"
    status.say("Lead deleted", undo=True)
    assert undo.isVisible()
    assert not status._what.isVisible(), "it is said already"
    place = undo.mapTo(status, QPoint(0, 0))
    status._timer.timeout.emit()
    layout = status.layout()
    assert layout is not None
    layout.activate()
    assert status._message.text() == ""
    assert undo.isVisible()
    assert undo.mapTo(status, QPoint(0, 0)) == place, "who aims at it hits it"
    assert "Lead deleted" in undo.toolTip()
    assert (status._what.isVisible(), status._what.text()) == (True, "Lead deleted")
    status.offer_undo("")
    assert not undo.isVisible()
    assert not status._what.isVisible()


def test_a_long_message_makes_no_window_wider_and_is_cut_at_its_end(status: StatusBar) -> None:
    status.show_facts("Last backup: today 15:09", "Local")
    status.offer_undo("Lead changed")
    status.resize(900, status.height())
    status.say("A", undo=True)
    least, words = status.minimumSizeHint().width(), "Next step of “Website relaunch”: 26 Nov 2026. " * 9
    status.say(words, undo=True)
    assert status.minimumSizeHint().width() == least
    QApplication.sendPostedEvents()
    assert (status._message.text(), status._message.toolTip()) == (words, words)
    cut = status._message.grab().toImage()
    status._message.setText("W" + words[1:])
    assert status._message.grab().toImage() != cut
    right = status._message.geometry().right()
    assert right < status._undo.x()
    assert status.rect().contains(status._facts.geometry())


def test_what_can_be_taken_back_takes_no_more_room_than_there_is(status: StatusBar) -> None:
    status.resize(1200, 30)
    status.show_facts("No backup yet", "Local")
    least = status.minimumSizeHint().width()
    status.offer_undo("“A lead with a very long name” deleted " * 4)
    assert status._what.text().endswith("…")
    assert status.minimumSizeHint().width() < least + 150
    wide = status._what.text()
    status.resize(500, 30)
    assert len(status._what.text()) < len(wide)
    assert status._what.fontMetrics().horizontalAdvance(status._what.text()) <= status._what.width()


def test_a_message_that_is_read_does_not_vanish(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    toast = Toast(theme, window)
    toast.tell("Saved.", label="Undo", action=lambda: None)
    window.activateWindow()
    toast.findChildren(QPushButton)[0].setFocus()
    toast._timer.stop()
    toast._expire()
    assert toast.isVisible()
    assert toast._timer.isActive()


def test_a_value_is_edited_in_its_place(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    grid = FieldGrid(theme, window)
    QVBoxLayout(window).addWidget(grid)
    value = grid.add("title", "Title")
    value.show_value("Website", note="(old)")
    assert value.button.accessibleName() == "Title: Website (old)"
    with qtbot.waitSignal(value.editRequested):
        QTest.keyClick(value.button, Qt.Key.Key_F2)
    qtbot.waitUntil(value.button.isVisible)
    editor = QLineEdit("Website")
    value.edit_with(editor)
    assert value.editor is editor
    assert editor.isVisible()
    assert not value.button.isVisible()
    with qtbot.waitSignal(value.editCancelled):
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert value.button.isVisible()
    assert not editor.isVisible()


def test_a_long_value_takes_two_lines(theme: Theme, window: QWidget) -> None:
    grid = FieldGrid(theme, window)
    step, other = grid.add("step", "Next step", lines=2), grid.add("other", "Other")
    grid.resize(340, 200)
    grid.show()
    for value in (step, other):
        value.show_value("overdue 6 d · Ask whether the offer has arrived and what they think", tone="lost")
    QApplication.sendPostedEvents()
    assert step.button._lines() == ["overdue 6 d · Ask whether", "the offer has arrived and what they think"]
    assert step.height() > other.height()
    other.show_value("1.234.567.890,00 €", note="monthly, for as long as it lasts")
    step.show_value("1.234.567.890,00 €", note="monthly, for as long as it lasts")
    QApplication.sendPostedEvents()
    assert step.height() > other.height(), "the explanation has a line of its own"
    step.show_value("overdue 6 d")
    QApplication.sendPostedEvents()
    assert step.height() == other.height()


def test_a_long_explanation_takes_the_lines_there_are(theme: Theme, window: QWidget) -> None:
    grid = FieldGrid(theme, window)
    wide, narrow = grid.add("wide", "Keep in touch", lines=4), grid.add("narrow", "Other", lines=2)
    grid.resize(340, 300)
    grid.show()
    for value in (wide, narrow):
        value.show_value("every 90 days", note="(due since 01.10.2026, too late from 01.12.2026 on)")
    QApplication.sendPostedEvents()
    assert wide.button._note_below(["every 90 days"]) == ["(due since 01.10.2026, too", "late from 01.12.2026 on)"]
    assert narrow.button._note_below(["every 90 days"]) == ["(due since 01.10.2026, too late from 01.12.2026 on)"]
    assert wide.height() > narrow.height()


def test_a_new_editor_takes_the_place_of_the_old(theme: Theme, window: QWidget) -> None:
    value = FieldGrid(theme, window).add("a", "A")
    first, second = QLineEdit(), QLineEdit()
    value.edit_with(first)
    value.edit_with(second)
    assert first.isHidden()
    value.stop_editing()
    value.stop_editing()
    assert value.editor is None


def test_what_cannot_be_edited_takes_no_focus(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    value = FieldGrid(theme, window).add("since", "Since", editable=False)
    value.show_value("")
    assert value.button.text() == "–"
    assert value.button.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.assertNotEmitted(value.editRequested):
        QTest.mouseClick(value.button, LEFT)
        QTest.keyClick(value.button, Qt.Key.Key_F2)


def test_the_figures_of_a_footer_are_never_broken(theme: Theme, qtbot: QtBot) -> None:
    figures = (("", "5 leads"), ("Volume", "€1,234,000"), ("Weighted", "€700,000"), ("Ø age", "20 days"))
    footer, document = Footer(theme), QTextDocument()
    qtbot.addWidget(footer)
    footer.show_figures(figures)
    document.setDefaultFont(footer._left.font())
    document.setHtml(footer._left.text())
    whole = [f"{word} {number}".strip() for word, number in figures]
    counts = set()
    for width in range(160, 700, 10):
        document.setTextWidth(width)
        document.size()  # lays it out
        block = document.firstBlock()
        layout = block.layout()
        lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        words = [block.text()[line.textStart() :][: line.textLength()].replace("\xa0", " ") for line in lines]
        assert [figure for line in words for figure in re.split(" {6}", line.rstrip())] == whole
        assert not any(line.startswith(" ") for line in words), "all lines begin at the edge"
        counts.add(len(lines))
    assert {1, 2} <= counts


def test_a_chip_does_not_look_pointed_at_once_something_was_chosen_from_its_menu(theme: Theme, qtbot: QtBot) -> None:
    chip, menu = Chip(theme, "Filter"), QMenu()
    qtbot.addWidget(chip)
    qtbot.addWidget(menu)
    menu.addAction("Stage")
    chip.set_menu(menu)
    chip.show()
    chip.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as it was clicked
    QCursor.setPos(chip.mapToGlobal(QPoint(5, chip.height() + 40)))
    menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))
    menu.close()
    assert not chip.underMouse()


@pytest.mark.parametrize("scale", [100, 200])
def test_no_letter_of_a_long_message_is_cut(theme: Theme, window: QWidget, scale: int) -> None:
    theme.use(scale=scale)
    toast = Toast(theme, window)
    toast.tell("“Leitsystem” cannot yet enter the stage “Offer”. Missing: " + "next step, " * 12, error=True)
    assert toast._label.height() >= toast._label.heightForWidth(toast._label.width())


def test_figures_have_the_whole_line_where_nothing_is_remarked(theme: Theme, qtbot: QtBot) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    footer.resize(800, 40)
    footer.show()
    widths = []
    for remark in ("2 overdue", ""):
        footer.show_figures([("Volume", "12 €")], remark)
        layout = footer.layout()
        assert layout is not None
        layout.activate()
        widths.append(footer._left.width())
    assert widths[1] > 700 > widths[0] + 100


def test_remarks_stand_below_the_figures_where_that_takes_fewer_lines(theme: Theme, qtbot: QtBot) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    figures = [("", "16 leads"), ("Volume", "€588,374"), ("Weighted", "€142,928"), ("Ø age", "28 days")]
    footer.show_figures(figures, "1 overdue · 1 without movement")
    footer.show()
    below = []
    for width in (theme.px(310), theme.px(900)):
        footer.resize(width, footer.height())
        footer.resize(width, footer.heightForWidth(width))
        footer._row.activate()
        below.append(footer._right.y() > footer._left.geometry().bottom())
        assert footer._left.height() >= footer._left.heightForWidth(footer._left.width())
    assert below == [True, False]
