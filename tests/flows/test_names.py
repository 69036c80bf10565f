"""What a screen reader hears: every control that can be seen has a name, and it is what stands on it."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.services.lead_fields import LABELS
from tests.flows.desk import Desk

#: What a column is of, where it is called otherwise.
_FIELDS = {"volume": "amount", "stage": "stage_id", "closed": "closed_on", "activated": "activated_on",
           "number": "external_number"}  # fmt: skip
_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)


@pytest.mark.parametrize("tab", ["overview", "potential", "leads", "closed", "forecast"])
def test_every_control_has_a_name_equal_to_its_label(desk: Desk, leads: dict[str, int], qtbot: QtBot, tab: str) -> None:
    shown = desk.window.go_to(tab)
    qtbot.wait(1)
    if hasattr(shown, "panel"):
        desk.choose(desk.panel.model.ids[0])
    nameless, other = [], []
    for widget in desk.window.findChildren(QWidget):
        if not isinstance(widget, _CONTROLS) or not widget.isVisible():
            continue
        label = widget.text().replace("&", "").strip() if isinstance(widget, QAbstractButton) else ""
        name = widget.accessibleName()
        if not name and not label:
            nameless.append(widget)
        elif name and label and not _same(name, label):
            other.append((name, label))
    assert not nameless
    assert not other


def test_a_datum_is_called_the_same_in_lists_panel_and_form(desk: Desk) -> None:
    for tab in ("potential", "leads", "closed"):
        desk.window.go_to(tab)
        titles = {_FIELDS.get(column.key, column.key): column.title for column in desk.panel.model.columns}
        assert {key: title for key, title in titles.items() if key in LABELS and key != "title"} == {
            key: LABELS[key] for key in titles if key in LABELS and key != "title"
        }
    panel = {key: value._label for key, value in desk.detail._fields._values.items()}
    assert panel == {key: LABELS[key] for key in panel}


def _same(name: str, label: str) -> bool:
    """The label begins the name, or is its value after the field's name; more may be said after it."""
    return name.startswith(label) or f": {label}" in name or label in ("–",)
