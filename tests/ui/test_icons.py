"""Every icon file can be drawn, in the colour asked for."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QColor

from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import ICONS

NAMES = sorted(path.stem for path in ICONS.glob("*.svg"))
# The sign of the program, and those that the style sheet can only take as they are.
COLOURED = {name for name in NAMES if name == "trichter" or name.startswith("control-")}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(name: str, theme: Theme) -> None:
    image = theme.pixmap(name, "text", 24, 2.0).toImage()
    assert image.width() == 48
    assert any(image.pixelColor(x, y).alpha() > 0 for x in range(48) for y in range(48))


@pytest.mark.parametrize("name", sorted(set(NAMES) - COLOURED))
def test_icons_have_no_colour_of_their_own(name: str) -> None:
    root = ET.parse(ICONS / f"{name}.svg").getroot()
    colours = {value for node in root.iter() for key, value in node.attrib.items() if key in {"fill", "stroke"}}
    assert colours <= {"none", "currentColor"}


def test_icons_take_the_tint(theme: Theme) -> None:
    image = theme.pixmap("plus", "lost", 24, 1.0).toImage()
    assert image.pixelColor(12, 12).name() == QColor(theme.tokens.lost).name()


def test_an_icon_is_drawn_once(theme: Theme) -> None:
    icons = Icons(ICONS)
    red, grey = QColor(theme.tokens.lost), QColor(theme.tokens.faint)
    assert icons.icon("plus", red, grey) is icons.icon("plus", red, grey)


def test_a_missing_icon_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Icons(tmp_path).pixmap("nowhere", QColor(), 16, 1.0)
