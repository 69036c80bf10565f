"""Two people change one value at the same time, one of them where it stands: nothing is written over unasked."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.core.terms import Entity
from app.services.own_kinds import OwnKind
from tests.flows.desk import Desk
from tests.stores import add_member

#: What a value is called, what somebody else makes of it, and what it is by now.
Case = tuple[str, dict[str, Any], Callable[[], object]]


@pytest.fixture
def meanwhile(desk: Desk) -> Callable[..., None]:
    """What somebody else does."""
    ben = add_member(desk.store, "Ben Roth", "BR")

    def act(verb: Callable[..., object], *args: Any, **fields: Any) -> None:
        mine, desk.store.actor_id = desk.store.actor_id, ben
        verb(*args, **fields)
        desk.store.actor_id = mine

    return act


def _edit(panel: QWidget, label: str, typed: str) -> Any:
    """Type something else in the place of a value."""
    button = next(
        each for each in panel.findChildren(QAbstractButton)
        if each.isVisible() and each.accessibleName().startswith(f"{label}:")
    )  # fmt: skip
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    editor: Any = QApplication.focusWidget()
    editor.selectAll()
    QTest.keyClicks(editor, typed)
    return editor


def _enter(editor: Any) -> None:
    QTest.keyClick(editor, Qt.Key.Key_Return)


def test_of_a_lead_theirs_is_told_before_mine_replaces_it(
    desk: Desk, leads: dict[str, int], meanwhile: Callable[..., None]
) -> None:
    lead, verbs = leads["Film Molkerei"], desk.context.office.leads
    field = desk.context.office.own_fields.create(Entity.LEAD, OwnKind.TEXT, "Kürzel")
    desk.choose(lead)
    cases: list[Case] = [
        ("External number", {"external_number": "7"}, lambda: desk.lead(lead).external_number),
        ("Kürzel", {"own": {field: "7"}}, lambda: desk.lead(lead).own.get(field)),
    ]
    for label, fields, read in cases:
        editor = _edit(desk.detail, label, "8")
        meanwhile(verbs.edit, [lead], **fields)
        _enter(editor)
        assert "Ben Roth" in editor.accessibleDescription()
        assert "Save once more to replace it." in editor.accessibleDescription()
        assert read() == "7"
        _enter(editor)
        assert read() == "8"


def test_several_lines_are_not_written_over_unasked(
    desk: Desk, leads: dict[str, int], meanwhile: Callable[..., None]
) -> None:
    lead = leads["Film Molkerei"]
    desk.choose(lead)
    editor = _edit(desk.detail, "Info", "Meins")
    meanwhile(desk.context.office.leads.edit, [lead], info="Ihres")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert desk.lead(lead).info == "Ihres"
    assert "Info: Ihres" in desk.said()
    assert editor.toPlainText() == "Meins"
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert desk.lead(lead).info == "Meins"


def test_tags_of_both_stay(desk: Desk, leads: dict[str, int], meanwhile: Callable[..., None]) -> None:
    lead = leads["Film Molkerei"]
    desk.choose(lead)
    editor = _edit(desk.detail, "Tags", "Meins")
    meanwhile(desk.context.office.leads.edit, [lead], tags=["Ihres"])
    _enter(editor)
    assert set(desk.lead(lead).tags) == {"Ihres", "Meins"}


def test_of_a_company_theirs_is_told_before_mine_replaces_it(desk: Desk, meanwhile: Callable[..., None]) -> None:
    office = desk.context.office
    company = office.companies.create(name="Adler", industry="Bau")
    field = office.own_fields.create(Entity.COMPANY, OwnKind.TEXT, "Kürzel")
    tab: Any = desk.window.go_to("customers")
    tab.go_to(Entity.COMPANY, company)
    if tab.detail.folded:
        tab.detail.more.click()
    cases: list[Case] = [
        ("Industry", {"industry": "7"}, lambda: office.records.company(company).industry),
        ("Kürzel", {"own": {field: "7"}}, lambda: office.records.company(company).own.get(field)),
    ]
    for label, fields, read in cases:
        editor = _edit(tab.detail, label, "8")
        meanwhile(office.companies.edit, [company], **fields)
        _enter(editor)
        assert "7" in editor.accessibleDescription()
        assert read() == "7"
        _enter(editor)
        assert read() == "8"
    editor = _edit(tab.detail, "Info", "Meins")
    meanwhile(office.companies.edit, [company], info="Ihres")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert office.records.company(company).info == "Ihres"
    assert "Info: Ihres" in desk.said()
