"""How the program looks: colours, sizes and fonts. The only file that spells out a colour."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from app.ui.colours import contrast, mix
from app.ui.icons import Icons
from app.ui.style import style_sheet

#: Text has to reach this contrast everywhere (WCAG AA).
READABLE = 4.5
_INK, _PAPER = "#0A2320", "#FFFFFF"
_BASE_FONT = 13
_INTERFACE_FONT = "Inter"


class Mode(StrEnum):
    """Which set of colours is used; `SYSTEM` follows the desktop while the program runs."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Density(StrEnum):
    """How high the rows of a table are."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


#: How much of `faint` an icon keeps that cannot be used: all of it looks like one that can.
_RESTING = 0.55
_ROW_HEIGHTS = {Density.COMFORTABLE: 39, Density.COMPACT: 30}


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme. `faint` is for decoration and hints only: it does not reach the contrast of text."""

    dark: bool
    background: str
    surface: str
    raised: str
    border: str
    hairline: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_background: str
    accent_hover: str
    on_accent: str
    hover: str
    selection: str
    won: str
    won_background: str
    lost: str
    lost_background: str
    warning: str
    warning_background: str
    neutral_background: str
    ramp: tuple[str, ...]


LIGHT = Tokens(
    dark=False,
    background="#F6F7F9", surface="#FFFFFF", raised="#FFFFFF", border="#E4E7EC", hairline="#EEF0F3",
    text="#1A1F29", muted="#5D6778", faint="#8B95A5",
    accent="#0F6E66", accent_background="#E3F2F0", accent_hover="#0B5A53", on_accent="#FFFFFF",
    hover="#F3F6F8", selection="#EAF6F4",
    won="#1B7F46", won_background="#E9F7EE", lost="#B3352B", lost_background="#FBE9E7",
    warning="#9A5B00", warning_background="#FFF3DC", neutral_background="#EEF0F3",
    ramp=("#D5ECE8", "#A9D8D1", "#6FBDB2", "#2F9589", "#0F6E66"),
)  # fmt: skip

DARK = Tokens(
    dark=True,
    background="#12161B", surface="#1A1F26", raised="#222831", border="#2C343F", hairline="#252C35",
    text="#E8ECF1", muted="#A3AEBD", faint="#788393",
    accent="#4CC7B8", accent_background="#17352F", accent_hover="#6FD6CA", on_accent="#0A2320",
    hover="#222932", selection="#1A3733",
    won="#5CCB8A", won_background="#16301F", lost="#F0857B", lost_background="#3A1D1B",
    warning="#F0B558", warning_background="#362912", neutral_background="#272E38",
    ramp=("#1D3B38", "#21554F", "#26776D", "#34A193", "#5AD0C0"),
)  # fmt: skip

CONTRAST = Tokens(
    dark=True,
    background="#000000", surface="#000000", raised="#101010", border="#C8CED6", hairline="#6B7480",
    text="#FFFFFF", muted="#E4E8ED", faint="#C8CED6",
    accent="#6FF2E0", accent_background="#06332D", accent_hover="#A5FFF3", on_accent="#000000",
    hover="#26292E", selection="#0B4A43",
    won="#7CF0AC", won_background="#05240F", lost="#FFA59C", lost_background="#330B08",
    warning="#FFD27A", warning_background="#2E2000", neutral_background="#2A2E34",
    ramp=("#123B36", "#1A5A52", "#1D7468", "#4CC7B8", "#A5FFF3"),
)  # fmt: skip


@lru_cache(maxsize=256)
def text_on(colour: str) -> str:
    """Black-green or white, whichever reads better on a filled `colour`."""
    return max((_INK, _PAPER), key=lambda text: contrast(text, colour))


@lru_cache(maxsize=256)
def readable(colour: str) -> str:
    """`colour`, moved just far enough towards light or dark that `text_on` reads on it.

    Between two brightnesses neither black-green nor white reaches the contrast of text; ramps and colours chosen by
    people fall into that gap.
    """
    moves = (mix(colour, end, step / 100) for step in range(51) for end in (_INK, _PAPER))
    return next(moved for moved in moves if contrast(text_on(moved), moved) >= READABLE)


@lru_cache(maxsize=64)
def spread(ramp: tuple[str, ...], n: int) -> tuple[str, ...]:
    """`n` colours from the first to the last of `ramp`, all of them readable; one alone is the middle."""
    if n == 1:
        return (readable(ramp[len(ramp) // 2]),)
    return tuple(readable(_along(ramp, i / (n - 1))) for i in range(n))


def _along(ramp: tuple[str, ...], share: float) -> str:
    position = share * (len(ramp) - 1)
    below = min(int(position), len(ramp) - 2)
    return mix(ramp[below], ramp[below + 1], position - below)


class Theme(QObject):
    """The look in use. Widgets ask it for colours, sizes and fonts and paint anew on `changed`."""

    changed = Signal()

    def __init__(self, app: QApplication, icons: Path) -> None:
        """`icons` is the folder of the one-colour SVG files."""
        super().__init__(app)
        self._icons = Icons(icons)
        self._app = app
        self._mode = Mode.SYSTEM
        self._scale = 100
        self._density = Density.COMFORTABLE
        self._family = _INTERFACE_FONT if QFontDatabase.hasFamily(_INTERFACE_FONT) else app.font().family()
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[float, int], QFont] = {}
        self._system_dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        app.styleHints().colorSchemeChanged.connect(self._on_system)
        app.setStyle("Fusion")
        self._apply()

    @property
    def mode(self) -> Mode:
        """What was chosen, not what it amounts to: see `tokens`."""
        return self._mode

    @property
    def scale(self) -> int:
        """Size of text and everything around it in percent."""
        return self._scale

    @property
    def density(self) -> Density:
        """How high rows are."""
        return self._density

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        match self._mode:
            case Mode.LIGHT:
                return LIGHT
            case Mode.DARK:
                return DARK
            case Mode.CONTRAST:
                return CONTRAST
        return DARK if self._system_dark else LIGHT

    @property
    def row_height(self) -> int:
        """Height of a table row in pixels."""
        return self.px(_ROW_HEIGHTS[self._density])

    def use(self, *, mode: Mode | None = None, scale: int | None = None, density: Density | None = None) -> None:
        """Change what is given, leave the rest; `scale` in percent, from 50 to 300."""
        self._mode = mode or self._mode
        self._scale = max(50, min(300, scale or self._scale))
        self._density = density or self._density
        self._apply()

    def px(self, size: float) -> int:
        """A length that grows with the text."""
        return round(size * self._scale / 100)

    def fit(self, owner: QObject, *measures: Callable[[], object]) -> None:
        """Carry these out now and after every change, for as long as `owner` is there: what sets lengths by `px`."""
        fitted = _Fitted(owner, measures)
        fitted.fit()
        self.changed.connect(fitted.fit)

    def colour(self, token: str) -> QColor:
        """The token of that name (as in `Tokens`) or a '#RRGGBB' as a colour to paint with."""
        found = self._colours.get(token)
        if found is None:
            found = QColor(token if token.startswith("#") else getattr(self.tokens, token))
            self._colours[token] = found
        return found

    def ramp(self, n: int) -> tuple[str, ...]:
        """Colours of `n` stages from the first to the last."""
        return spread(self.tokens.ramp, n) if n > 0 else ()

    def font(self, size: float = _BASE_FONT, weight: int = 400) -> QFont:
        """The interface font at `size` pixels (before scaling) and `weight`, figures all of one width."""
        key = (size, weight)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(size, weight)
        return QFont(self._fonts[key])

    def icon(self, name: str, token: str = "muted") -> QIcon:
        """The icon of that file name in the colour of `token`; ask again on `changed`."""
        tokens = self.tokens
        return self._icons.icon(name, self.colour(token), QColor(mix(tokens.background, tokens.faint, _RESTING)))

    def app_icon(self) -> QIcon:
        """The sign of the program, in its own colours."""
        return QIcon(str(self._icons.folder / "trichter.svg"))

    def pixmap(self, name: str, token: str, size: float, ratio: float) -> QPixmap:
        """The icon, `size` pixels wide before scaling, for painting on a device of `ratio` dots per pixel."""
        return self._icons.pixmap(name, self.colour(token), self.px(size), ratio)

    @cached_property
    def paper(self) -> "Theme":
        """Light and of the usual size whatever the window looks like: for pictures that leave the program."""
        return _Paper(self)

    def _make_font(self, size: float, weight: int) -> QFont:
        font = QFont(self._family)
        font.setPixelSize(max(1, self.px(size)))
        font.setWeight(QFont.Weight(weight))
        tag = QFont.Tag.fromString("tnum")
        if tag is not None:  # a font that knows no such feature ignores it
            font.setFeature(tag, 1)
        return font

    def _on_system(self, scheme: Qt.ColorScheme) -> None:
        self._system_dark = scheme == Qt.ColorScheme.Dark
        if self._mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self._colours.clear()
        self._fonts.clear()
        app, colours = self._app, asdict(self.tokens) | {"paper": LIGHT.surface, "ink": LIGHT.text}
        sheet = style_sheet(colours, self._icons.folder, self.px)
        if app.font() != self.font():
            app.setFont(self.font())
        if app.styleSheet() != sheet:  # every widget there is would be polished anew
            app.setPalette(_palette(self.tokens))
            app.setStyleSheet(sheet)
        self.changed.emit()


class _Paper(Theme):
    """Changes nothing around it, and itself never."""

    def __init__(self, like: Theme) -> None:
        QObject.__init__(self, like)
        self._icons, self._app, self._family = like._icons, like._app, like._family
        self._mode, self._scale, self._density = Mode.LIGHT, 100, Density.COMFORTABLE
        self._colours, self._fonts = {}, {}

    def _apply(self) -> None:
        """Nothing: the program keeps its look."""


class _Fitted(QObject):
    """Goes with its owner, and so does what it was connected to."""

    def __init__(self, owner: QObject, measures: Sequence[Callable[[], object]]) -> None:
        super().__init__(owner)
        self._measures = measures

    def fit(self) -> None:
        """Every length anew."""
        for measure in self._measures:
            measure()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.background,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.lost,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.faint,
        role.Shadow: tokens.border,
    }
    palette = QPalette()
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.faint))
    return palette
