"""The one style sheet of the application, made from the colours of the theme.

It holds no rule for the items of tables: such rules cost a third of every frame; they are drawn by hand. Variants of
a control are chosen by its `kind` property: QPushButton `primary`, `won`, `lost`, `chip`, `flat`, `mini`, `link`,
`search`, `keys`; QLabel `title`, `heading`, `muted`, `small`, `error`;
QFrame `card`, `panel`, `bar`, `footer`, `toast`, `sheet`.
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
QFrame[kind="footer"] { background: $surface; border: none; border-top: 1px solid $border;
              border-bottom-left-radius: 8px; border-bottom-right-radius: 8px; }
QFrame[kind="toast"] { background: $raised; border: 1px solid $border; border-radius: 9px; }
QFrame[kind="bubble"] { background: $raised; border: 1px solid $border; border-radius: 7px; }
QFrame[kind="bubble"][refused="true"] { border-color: $lost; }
QFrame[kind="sheet"] { background: $raised; border: 1px solid $border; border-radius: 11px; }
QFrame[kind="panel"] { background: $surface; border: none; }
QFrame[kind="banner"] { background: $warning_background; border: none; border-radius: 8px; }
QFrame[kind="bar"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[kind="status"] { background: $surface; border: none; border-top: 1px solid $border; }
QFrame[kind="hairline"] { background: $hairline; border: none; }
QSplitter::handle { background: $border; }
QSplitter[kind="gap"]::handle { background: transparent; }
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
QLabel[kind="piece"] { background: $neutral_background; color: $muted; border-radius: 10px; padding: 3px 9px;
              font-size: 12px; font-weight: 600; }
QLabel[kind="piece"][tone="accent"] { background: $accent_background; color: $accent; }
QLabel[kind="piece"][tone="warning"] { background: $warning_background; color: $warning; }
QLabel[kind="good"] { color: $won; font-size: 11.5px; }
QLabel[kind="warning"] { color: $warning; font-size: 11.5px; }
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
QPushButton[proposed="true"] { border-style: dashed; border-color: $faint; border-radius: 10px; min-height: 20px;
  font-size: 12px; }
QPushButton[proposed="true"]:focus { border: 2px solid $accent; border-radius: 10px; min-height: 18px; outline: none; }
QPushButton[small="true"] { font-size: 12px; padding: 0 11px; min-height: 27px; }
QPushButton[small="true"]:focus { padding: 0 10px; min-height: 25px; }
QPushButton[kind="mini"] { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 0;
              min-height: 16px; }
QPushButton[kind="mini"]:focus { border: 1px solid $accent; padding: 0; min-height: 16px; }
QPushButton[kind="flat"], QToolButton { background: transparent; color: $muted; border: 1px solid transparent;
              border-radius: 7px; padding: 0 8px; min-height: 26px; }
QToolButton { padding: 0 4px; min-width: 18px; }
QPushButton[kind="flat"]:hover, QToolButton:hover { background: $hover; color: $text; }
QPushButton[kind="flat"][tone="warning"] { background: $warning_background; color: $warning; }
QPushButton[kind="flat"]:checked, QToolButton:checked { background: $accent_background; color: $accent; }
QPushButton[kind="flat"]:focus, QToolButton:focus { border: 1px solid $accent; color: $text; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 0 4px;
              min-height: 20px; text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="link"]:disabled { color: $faint; text-decoration: none; }
QPushButton[align="left"] { text-align: left; font-weight: 400; padding: 0 1px; }
QPushButton[align="right"] { text-align: right; font-weight: 400; padding: 0; }
QPushButton[kind="keys"] { border-radius: 5px; padding: 0 7px; font-size: 11.5px; min-height: 18px; }
QPushButton[kind="keys"]:focus { padding: 0 6px; min-height: 16px; }
QPushButton[kind="keys"][recording="true"] { color: $accent; border-color: $accent; }
QPushButton[kind="search"] { background: $background; color: $muted; font-weight: 400; text-align: left;
              padding: 0 10px; }
QPushButton[kind="search"]:hover { background: $hover; color: $text; }
QPushButton[kind="search"]:focus { padding: 0 9px; }
QPushButton::menu-indicator { image: url("$icons/control-down.svg"); width: 10px; height: 10px;
              subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }
QPushButton[kind="chip"][menu="true"] { padding: 0 22px 0 10px; }
QPushButton[kind="chip"][menu="true"]:focus { padding: 0 21px 0 9px; }
QPushButton[kind="flat"][menu="true"] { padding: 0 22px 0 6px; min-height: 20px; font-weight: 400; }
QPushButton[tall="true"] { min-height: 28px; }
QPushButton[tall="true"]:focus { min-height: 26px; }
QPushButton[tall="true"][menu="true"] { text-align: left; color: $text; }
QPushButton[place="first"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QPushButton[place="middle"] { border-radius: 0; margin-left: -1px; }
QPushButton[place="last"] { border-top-left-radius: 0; border-bottom-left-radius: 0; margin-left: -1px; }
QToolButton::menu-indicator { image: none; }
QTabBar::scroller { width: 24px; }
QTabBar QToolButton { background: $surface; border: 1px solid $border; border-radius: 5px; padding: 0; min-width: 0;
              min-height: 0; margin: 13px 0; }
QTabBar QToolButton:disabled { border-color: $hairline; }
QTabBar QToolButton::left-arrow { image: url("$icons/control-left.svg"); width: 10px; height: 10px; }
QTabBar QToolButton::right-arrow { image: url("$icons/control-right.svg"); width: 10px; height: 10px; }
"""

_FIELDS = """
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit { background: $surface; color: $text; border: 1px solid $border;
              border-radius: 7px; padding: 0 9px; min-height: 28px; selection-background-color: $accent;
              selection-color: $on_accent; }
QPlainTextEdit, QTextEdit { padding: 5px 7px; }
QComboBox[long="true"] { combobox-popup: 0; }
QComboBox[long="true"] QAbstractItemView::item { min-height: 26px; padding: 0 6px; }
QComboBox:!editable { padding-left: 11px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 0 8px;
              min-height: 26px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 4px 6px; }
QComboBox:!editable:focus { padding-left: 10px; }
QTextEdit[kind="paper"] { background: $paper; color: $ink; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $background; color: $faint; }
QLineEdit[sign="true"] { padding: 0 3px; }
QLineEdit[sign="true"]:focus { padding: 0 2px; }
QLineEdit[refused="true"] { border-color: $lost; }
QLineEdit QToolButton { min-height: 16px; border: none; padding: 0; background: transparent; }
QLineEdit[refused="true"]:focus[kind="cell"] { border: 2px solid $lost; }
QTableView QLineEdit, QTreeView QLineEdit, QListView QLineEdit { border-radius: 0; min-height: 0; padding: 0 6px; }
QComboBox::drop-down { border: none; subcontrol-origin: margin; subcontrol-position: center right; width: 26px; }
QComboBox::down-arrow { image: url("$icons/control-down.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border; padding: 4px;
              selection-background-color: $selection; selection-color: $text; outline: none; }
QProgressBar { background: $neutral_background; border: none; border-radius: 4px; min-height: 8px; max-height: 8px;
              color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""

_MARKS = """
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 24px; outline: none; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator {
              width: 14px; height: 14px; border: 1px solid $faint; background: $surface; border-radius: 4px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {
              background: $accent; border-color: $accent; image: url("$icons/$check.svg"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; background: $surface; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; text-decoration: underline; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QMenu::indicator { width: 14px; height: 14px; padding-left: 6px; }
QMenu::indicator:checked { image: url("$icons/control-check.svg"); }
"""

_VIEWS = """
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
              padding: 6px 9px; font-size: 11.5px; font-weight: 600; }
QTableView, QListView, QTreeView { background: $surface; color: $text; border: none; outline: none;
              selection-background-color: $selection; selection-color: $text; }
QListView[kind="lines"] { background: $raised; }
QListView[kind="board"] { background: $background; }
QListView[kind="popup"] { background: $raised; border: 1px solid $border; border-radius: 0; padding: 1px 4px; }
QListView[kind="popup"]::item { min-height: 26px; padding: 0 6px; border-radius: 5px; }
QListView[kind="popup"]::item:selected, QListView[kind="popup"]::item:hover { background: $selection; color: $text; }
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

_DIALOGS = """
QLabel[kind="hero"] { font-size: 23px; font-weight: 700; }
QLabel[kind="keys"] { background: $surface; color: $text; border: 1px solid $border; border-radius: 5px;
              padding: 1px 7px; font-size: 11.5px; font-weight: 600; }
QDialogButtonBox { button-layout: 3; }
QMessageBox QLabel#qt_msgbox_label { font-size: 14px; font-weight: 700; }
QFrame[kind="line"] { background: $border; border: none; }
QSpinBox { background: $surface; color: $text; border: 1px solid $border; border-radius: 7px; padding: 0;
              min-height: 28px; selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox:focus { border: 2px solid $accent; min-height: 26px; }
QSpinBox QLineEdit, QSpinBox QLineEdit:focus { background: transparent; border: none; padding: 0; min-height: 0; }
QSpinBox::up-button, QSpinBox::down-button { subcontrol-origin: border; width: 26px; border: none; }
QSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow { image: url("$icons/control-up.svg"); width: 9px; height: 9px; top: 2px; }
QSpinBox::down-arrow { image: url("$icons/control-down.svg"); width: 9px; height: 9px; bottom: 2px; }
QComboBox[refused="true"], QSpinBox[refused="true"], QPlainTextEdit[refused="true"] { border-color: $lost; }
QListWidget[kind="side"] { background: transparent; border: none; }
QListWidget[kind="side"]::item { border: 1px solid transparent; border-radius: 7px; padding: 0 9px; color: $muted; }
QListWidget[kind="side"]::item:hover { background: $hover; color: $text; }
QListWidget[kind="side"]::item:selected { background: $accent_background; color: $accent; }
QListWidget[kind="side"]:focus::item:selected { border-color: $accent; }
QListWidget[kind="people"] { background: $surface; border: 1px solid $border; border-radius: 9px; }
QTableView[kind="rows"] QHeaderView::section { padding: 6px 12px; }
QTableView[kind="rows"]::item { padding: 0 9px; border-bottom: 1px solid $hairline; }
QTableView[kind="rows"]::item:selected { background: $selection; color: $text; }
"""

# Hair-thin lines stay what they are; everything from four pixels on grows with the text.
_LENGTH = re.compile(r"\b(\d+(?:\.\d+)?)px")
_THIN = 3


def style_sheet(colours: Mapping[str, object], icons: Path, px: Callable[[float], int]) -> str:
    """The style sheet with the colours named in `colours`, lengths passed through `px`, pictures from `icons`."""
    check = "control-check-dark" if colours["dark"] else "control-check-light"
    sheet = Template(_FRAME + _TEXTS + _BUTTONS + _FIELDS + _MARKS + _VIEWS + _DIALOGS).substitute(
        colours, icons=icons.as_posix(), check=check
    )
    return _LENGTH.sub(lambda found: f"{_scaled(float(found[1]), px)}px", sheet)


def _scaled(length: float, px: Callable[[float], int]) -> int:
    return round(length) if length <= _THIN else px(length)
