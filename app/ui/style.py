"""The one style sheet of the application, made from the colours of the theme.

It holds no rule for the items of views: such rules cost a third of every frame; delegates draw the items. Variants of
a control are chosen by its `kind` property: QPushButton `primary`, `won`, `lost`, `chip`, `flat`, `link`; QLabel
`title`, `heading`, `muted`, `small`, `error`; QFrame `card`, `panel`, `bar`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template

_FRAME = """
QMainWindow, QDialog { background: $background; }
QMenuBar { background: $surface; color: $muted; padding: 2px 10px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 5px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $hairline; margin: 5px 6px; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 5px 8px; }
QStatusBar { background: $surface; color: $muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QFrame[kind="card"] { background: $surface; border: 1px solid $border; border-radius: 9px; }
QFrame[kind="panel"] { background: $surface; border: none; }
QFrame[kind="bar"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[kind="footer"] { background: $surface; border: none; border-top: 1px solid $hairline; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; }
"""

_TEXTS = """
QLabel { background: transparent; }
QLabel[kind="title"] { font-size: 17px; font-weight: 700; }
QLabel[kind="heading"] { font-size: 14px; font-weight: 700; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="small"] { color: $muted; font-size: 11.5px; }
QLabel[kind="error"] { color: $lost; font-size: 11.5px; }
"""

_BUTTONS = """
QPushButton { background: $surface; color: $text; border: 1px solid $border; border-radius: 7px;
              padding: 0 13px; min-height: 30px; font-weight: 600; }
QPushButton:hover, QPushButton:pressed { background: $hover; }
QPushButton:checked { background: $accent_background; color: $accent; border-color: $accent; }
QPushButton:disabled { color: $faint; background: $background; }
QPushButton:focus { border: 2px solid $accent; padding: 0 12px; min-height: 28px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $neutral_background; color: $faint; border-color: $border; }
QPushButton[kind="won"] { background: $won_background; color: $won; border-color: $won_background; }
QPushButton[kind="lost"] { background: $lost_background; color: $lost; border-color: $lost_background; }
QPushButton[kind="won"]:hover, QPushButton[kind="won"]:focus { border-color: $won; }
QPushButton[kind="lost"]:hover, QPushButton[kind="lost"]:focus { border-color: $lost; }
QPushButton[kind="won"]:disabled, QPushButton[kind="lost"]:disabled { background: $background; color: $faint; }
QPushButton[kind="chip"] { color: $muted; font-weight: 500; padding: 0 10px; min-height: 26px; }
QPushButton[kind="chip"]:focus { padding: 0 9px; min-height: 24px; }
QPushButton[kind="chip"]:checked { color: $accent; }
QPushButton[kind="flat"], QToolButton { background: transparent; color: $muted; border: 1px solid transparent;
              border-radius: 7px; padding: 0 8px; min-height: 26px; }
QToolButton { padding: 0 4px; min-width: 18px; }
QPushButton[kind="flat"]:hover, QToolButton:hover { background: $hover; color: $text; }
QPushButton[kind="flat"]:checked, QToolButton:checked { background: $accent_background; color: $accent; }
QPushButton[kind="flat"]:focus, QToolButton:focus { border: 1px solid $accent; color: $text; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 0 4px;
              min-height: 20px; text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton::menu-indicator { image: url("$icons/control-down.svg"); width: 10px; height: 10px;
              subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }
QPushButton[kind="chip"][menu="true"] { padding-right: 24px; }
QToolButton::menu-indicator { image: none; }
"""

_FIELDS = """
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit { background: $surface; color: $text; border: 1px solid $border;
              border-radius: 7px; padding: 0 9px; min-height: 28px; selection-background-color: $accent;
              selection-color: $on_accent; }
QPlainTextEdit, QTextEdit { padding: 5px 7px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 0 8px;
              min-height: 26px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 4px 6px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $background; color: $faint; }
QLineEdit[kind="quiet"] { background: $background; }
QLineEdit[refused="true"] { border-color: $lost; }
QLineEdit QToolButton { min-height: 16px; border: none; padding: 0; background: transparent; }
QTableView QLineEdit, QTreeView QLineEdit, QListView QLineEdit { border-radius: 0; min-height: 0; padding: 0 6px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$icons/control-down.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border; padding: 4px;
              selection-background-color: $selection; selection-color: $text; outline: none; }
QProgressBar { background: $neutral_background; border: none; border-radius: 4px; min-height: 8px; max-height: 8px;
              color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""

_VIEWS = """
QTableView, QListView, QTreeView { background: $surface; color: $text; border: none; outline: none;
              selection-background-color: $selection; selection-color: $text; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $faint; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""

# Hair-thin lines stay what they are; everything from four pixels on grows with the text.
_LENGTH = re.compile(r"\b(\d+(?:\.\d+)?)px")
_THIN = 3


def style_sheet(colours: Mapping[str, object], icons: Path, px: Callable[[float], int]) -> str:
    """The style sheet with the colours named in `colours`, lengths passed through `px`, pictures from `icons`."""
    sheet = Template(_FRAME + _TEXTS + _BUTTONS + _FIELDS + _VIEWS).substitute(colours, icons=icons.as_posix())
    return _LENGTH.sub(lambda found: f"{_scaled(float(found[1]), px)}px", sheet)


def _scaled(length: float, px: Callable[[float], int]) -> int:
    return round(length) if length <= _THIN else px(length)
