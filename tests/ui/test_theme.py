"""Every text reads on what it stands on; the theme follows what is chosen and what the desktop says."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.colours import contrast, mix
from app.ui.theme import CONTRAST, DARK, LIGHT, READABLE, Density, Mode, Theme, Tokens, readable, spread, text_on

ALL = pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
GROUNDS = ("background", "surface", "raised", "hover", "selection", "accent_background", "neutral_background")
INKS = ("text", "muted", "accent", "won", "lost", "warning")


def of(tokens: Tokens, name: str) -> str:
    return str(getattr(tokens, name))


@ALL
def test_every_text_reads_on_every_ground(tokens: Tokens) -> None:
    grounds = ("background", "surface", "raised", "hover", "selection")
    pairs = {(ink, ground): contrast(of(tokens, ink), of(tokens, ground)) for ink, ground in product(INKS, grounds)}
    assert {pair: value for pair, value in pairs.items() if value < READABLE} == {}


@ALL
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((tone, f"{tone}_background") for tone in ("won", "lost", "warning", "accent")),
        ("muted", "neutral_background"),
        ("text", "neutral_background"),
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
    ],
)
def test_pills_badges_and_buttons_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(of(tokens, ink), of(tokens, ground)) >= READABLE


@ALL
@pytest.mark.parametrize("n", range(1, 25))
def test_text_reads_on_every_stage(tokens: Tokens, n: int) -> None:
    colours = spread(tokens.ramp, n)
    assert len(colours) == n
    assert all(contrast(text_on(colour), colour) >= READABLE for colour in colours)


@ALL
@pytest.mark.parametrize("n", range(2, 13))
def test_stages_differ_and_go_one_way(tokens: Tokens, n: int) -> None:
    colours = spread(tokens.ramp, n)
    brightness = [contrast(colour, tokens.background) for colour in colours]
    assert all(before < after for before, after in pairwise(brightness))


def test_five_stages_are_the_ramp_itself() -> None:
    assert spread(LIGHT.ramp, 5) == LIGHT.ramp


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"))
def test_any_colour_someone_chooses_becomes_readable(colour: str) -> None:
    moved = readable(colour)
    assert contrast(text_on(moved), moved) >= READABLE
    if contrast(text_on(colour), colour) >= READABLE:
        assert moved == colour


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)


def test_mixing_meets_both_ends() -> None:
    assert [mix("#102030", "#506070", share) for share in (0, 0.5, 1)] == ["#102030", "#304050", "#506070"]


def test_system_mode_follows_the_desktop_while_running(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    theme.use(mode=Mode.SYSTEM)
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.background)
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.tokens is LIGHT


def test_a_chosen_mode_stays_whatever_the_desktop_does(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    theme.use(mode=Mode.LIGHT)
    with qtbot.assertNotEmitted(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens is LIGHT
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


def test_rows_and_text_grow_together(theme: Theme) -> None:
    assert theme.row_height == 39
    theme.use(density=Density.COMPACT)
    assert theme.row_height == 30
    theme.use(scale=200)
    assert theme.row_height == 60
    assert theme.font(13).pixelSize() == 26


def test_scale_stays_within_reason(theme: Theme) -> None:
    theme.use(scale=100_000)
    assert theme.scale == 300
    theme.use(scale=1)
    assert theme.scale == 50


def test_nothing_given_changes_nothing(theme: Theme) -> None:
    theme.use(mode=Mode.DARK, scale=150, density=Density.COMPACT)
    theme.use()
    assert (theme.mode, theme.scale, theme.density) == (Mode.DARK, 150, Density.COMPACT)


def test_figures_are_of_one_width(theme: Theme) -> None:
    tag = QFont.Tag.fromString("tnum")
    assert tag is not None
    assert theme.font().featureValue(tag) == 1


def test_fonts_handed_out_are_the_askers_own(theme: Theme) -> None:
    theme.font(13).setPixelSize(99)
    assert theme.font(13).pixelSize() == 13


def test_large_text_makes_large_buttons(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Neuer Lead")
    qtbot.addWidget(button)
    button.show()
    small = button.sizeHint().height()
    theme.use(scale=200)
    assert button.sizeHint().height() >= 1.9 * small


def test_no_stages_no_colours(theme: Theme) -> None:
    assert theme.ramp(0) == ()


class _Polished(QWidget):
    times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def test_what_changes_no_colour_and_no_length_polishes_nothing(theme: Theme, qtbot: QtBot) -> None:
    widget = _Polished()
    qtbot.addWidget(widget)
    widget.show()
    widget.times = 0
    with qtbot.waitSignal(theme.changed):
        theme.use(density=Density.COMPACT)
    assert widget.times == 0
    theme.use(scale=150)
    assert widget.times > 0


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_an_icon_that_cannot_be_used_looks_so_and_can_still_be_seen(theme: Theme, mode: Mode) -> None:
    theme.use(mode=mode)
    icon, surface = theme.icon("close"), theme.tokens.surface
    able, resting = (_ink(icon, state) for state in (QIcon.Mode.Normal, QIcon.Mode.Disabled))
    assert contrast(able, surface) >= READABLE
    assert contrast(able, resting) >= 2.5
    assert contrast(resting, surface) >= 1.5


def _ink(icon: QIcon, state: QIcon.Mode) -> str:
    """The colour of its lines."""
    image = icon.pixmap(48, 48, state).toImage()
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return next(dot for dot in dots if dot.alpha() == 255).name()
