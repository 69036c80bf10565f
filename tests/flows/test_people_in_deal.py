"""Who has a say in a lead and who recommended us, from the detail panel: seen, added, changed, removed, gone to."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.terms import Entity
from app.ui.detail.people import NameLink, PeopleBox
from app.ui.detail.window import LeadWindow
from app.ui.forms.in_place import InPlace
from app.ui.forms.somebody import SomebodyEdit
from tests.flows.desk import Desk
from tests.services.seen import everything, steps, value
from tests.stores import add_company, add_person

HOSTILE = "<b>R&D</b>'); DROP TABLE lead;-- {name} %s"


@pytest.fixture
def film(desk: Desk, leads: dict[str, int]) -> int:
    """The lead that is chosen; its contact is Martha of Eckhof."""
    desk.choose(leads["Film Molkerei"])
    desk.context.office.leads.edit([leads["Film Molkerei"]], company="Eckhof", person="Martha")
    return leads["Film Molkerei"]


def _box(desk: Desk) -> PeopleBox:
    found: PeopleBox = desk.detail.findChild(PeopleBox)
    return found


def _names(desk: Desk) -> list[str]:
    return [each.accessibleName() for each in _box(desk).findChildren(NameLink) if each.isVisible()]


def _people(desk: Desk, lead: int) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in desk.context.details.get(lead).people]


def _said(desk: Desk) -> str:
    return str(_box(desk)._entry.reason)


def _popup(edit: QLineEdit) -> QAbstractItemView:
    popup = edit.completer().popup()
    assert popup is not None
    return popup


def _add(desk: Desk, name: str, role: str = "") -> None:
    """By the keyboard: the name, Enter, the role, Enter."""
    desk.press("Add a person")
    desk.type(name, enter=True)
    desk.type(role)
    desk.key(Qt.Key.Key_Return)
    if role:
        desk.key(Qt.Key.Key_Return)


def test_people_are_added_with_a_role_each_in_one_step(desk: Desk, film: int) -> None:
    ben = add_person(desk.store, "Ben Roth")
    before = everything(desk.store)
    _add(desk, "ben roth", "Einkauf")
    assert _people(desk, film) == [("Ben Roth", "Einkauf")]
    assert _names(desk) == ["Martha", "Ben Roth"]
    once = steps(desk.store)
    _add(desk, "Dora Neu", "")
    assert steps(desk.store) == once + 1
    assert _people(desk, film) == [("Ben Roth", "Einkauf"), ("Dora Neu", "")]
    assert value(desk.store, "SELECT count(*) FROM person") == ben + 1
    assert desk.focus() is _box(desk)._add
    for _ in range(2):
        desk.command("undo")
    assert everything(desk.store) == before
    assert _names(desk) == ["Martha"]
    for _ in range(2):
        desk.command("redo")
    assert _names(desk) == ["Martha", "Ben Roth", "Dora Neu"]


def test_a_role_is_changed_in_its_place_and_somebody_removed_by_mouse_and_key(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf"), ("Cem Abel", "")])
    before = everything(desk.store)
    editor = desk.edit("Role of Cem Abel")
    assert isinstance(editor, QLineEdit)
    desk.type("decision")
    _popup(editor).hide()
    editor.setText("Entscheiderin")
    desk.key(Qt.Key.Key_Return)
    assert _people(desk, film) == [("Ben Roth", "Einkauf"), ("Cem Abel", "Entscheiderin")]
    desk.command("undo")
    assert everything(desk.store) == before
    desk.edit("Role of Ben Roth")
    desk.key(Qt.Key.Key_Escape)
    assert everything(desk.store) == before
    desk.press("Remove Ben Roth from this lead")
    assert _people(desk, film) == [("Cem Abel", "")]
    desk.command("undo")
    assert everything(desk.store) == before
    desk.find(NameLink, "Cem Abel").setFocus()
    desk.key(Qt.Key.Key_Delete)
    assert _people(desk, film) == [("Ben Roth", "Einkauf")]
    desk.find(NameLink, "Martha").setFocus()
    desk.key(Qt.Key.Key_Delete)  # the contact is changed in its own field
    assert _names(desk) == ["Martha", "Ben Roth"]


def test_the_usual_roles_are_offered(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "")])
    editor = desk.edit("Role of Ben Roth")
    assert isinstance(editor, QLineEdit)
    popup = _popup(editor)
    assert popup.isVisible()
    assert popup.model().index(0, 0).data() == "Decision-maker"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    QTest.qWait(0)
    assert _people(desk, film) == [("Ben Roth", "Decision-maker")]


def test_nobody_is_there_twice_and_nobody_is_guessed(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf")])
    add_person(desk.store, "Anna Doppel")
    add_person(desk.store, "Anna Doppel")
    before = everything(desk.store)
    for name, words in (
        ("Ben Roth", "Ben Roth is here already."), ("martha", "Martha is the contact already."),
        ("Anna Doppel", "Several are called “Anna Doppel”. Choose one of the list."),
        ("Ä" * 5_000, f"“{'Ä' * 30}…” is too long."),
    ):  # fmt: skip
        desk.press("Add a person")
        entry = _box(desk)._entry
        entry.name.setText(name)
        entry.entered.emit()
        assert _said(desk) == words
        desk.key(Qt.Key.Key_Escape)
        assert not entry.isVisible()
    desk.press("Add a person")
    desk.type("x", enter=True)
    _box(desk)._entry.role.setText("r" * 5_000)
    _box(desk)._entry.entered.emit()
    assert "is too long" in _said(desk)
    desk.key(Qt.Key.Key_Escape)
    assert everything(desk.store) == before


def test_two_of_one_name_are_told_apart_by_their_company(desk: Desk, film: int) -> None:
    people = desk.context.office.people
    first, second = add_person(desk.store, "Anna Doppel"), add_person(desk.store, "Anna Doppel")
    people.link([second], add_company(desk.store, "Zeiss"))
    desk.press("Add a person")
    desk.type("Anna")
    edit = _box(desk)._entry.name
    model = edit.completer().model()
    offered = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert offered == ["Anna Doppel", "Anna Doppel · Zeiss", "“Anna” as a new person"]
    edit.setText("Anna Doppel · Zeiss")
    _box(desk)._entry.entered.emit()
    assert [each.id for each in desk.context.details.get(film).people] == [second] != [first]


def test_hostile_names_are_shown_as_they_are(desk: Desk, film: int) -> None:
    desk.context.office.leads.edit([film], company=HOSTILE, person=HOSTILE)
    desk.context.office.leads.set_people([film], [(f"{HOSTILE} 2", HOSTILE), ("N" * 300, "R" * 100)])
    assert _names(desk) == [HOSTILE, f"{HOSTILE} 2", "N" * 300]
    width = desk.detail.width()
    assert all(each.width() < width for each in _box(desk).findChildren(QWidget) if each.isVisible())
    assert "&lt;b&gt;" in desk.detail._sub.text()


def test_who_is_deleted_goes_and_comes_back(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf"), ("Cem Abel", "")])
    ben = desk.context.details.get(film).people[0].id
    desk.context.office.people.delete([ben])
    assert _names(desk) == ["Martha", "Cem Abel"]
    desk.context.office.people.restore([ben])
    assert _names(desk) == ["Martha", "Ben Roth", "Cem Abel"]
    desk.context.office.catalogue.rename("person", ben, "Benno Roth")
    assert _names(desk) == ["Martha", "Benno Roth", "Cem Abel"]


def test_many_people_are_shown_when_asked_for(desk: Desk, film: int, leads: dict[str, int]) -> None:
    desk.context.office.leads.set_people([film], [(f"Person {n:02}", "") for n in range(40)])
    assert len(_names(desk)) == 12
    desk.press("Show all 41 people")
    assert len(_names(desk)) == 41
    desk.choose(leads["Hosting Bräu"])
    assert _names(desk) == []
    desk.choose(film)
    assert len(_names(desk)) == 12


def test_who_is_being_typed_is_taken_over_when_another_lead_is_chosen(
    desk: Desk, film: int, leads: dict[str, int]
) -> None:
    desk.press("Add a person")
    _box(desk)._entry.name.setText("Dora Neu")
    desk.choose(leads["Hosting Bräu"])
    assert _people(desk, film) == [("Dora Neu", "")]
    assert _people(desk, leads["Hosting Bräu"]) == []
    desk.choose(film)
    desk.press("Add a person")
    _box(desk)._entry.name.setText("dora neu")
    desk.choose(leads["Hosting Bräu"])
    assert desk.said() == "Nobody was added: Dora Neu is here already."
    assert not _box(desk)._entry.isVisible()


def test_names_lead_to_their_records(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf")])
    asked: list[Any] = []
    desk.window.show_record = lambda entity, id_: asked.append((entity, id_))
    desk.press("Ben Roth")
    desk.find(NameLink, "Martha").setFocus()
    desk.key(Qt.Key.Key_Return)
    desk.press("Open the company")
    desk.press("Open the contact")
    desk.detail._sub.linkActivated.emit("company:1")
    assert asked == [
        (Entity.PERSON, 2), (Entity.PERSON, 1), (Entity.COMPANY, 1), (Entity.PERSON, 1), (Entity.COMPANY, 1)
    ]  # fmt: skip


def test_a_person_is_opened_in_the_tab_of_customers(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf")])
    desk.press("Ben Roth")
    assert desk.window.front.key == "customers"
    assert list(desk.window.current_tab().record_ids()) == [2]


def test_the_window_of_a_lead_leads_there_too(desk: Desk, film: int, qtbot: QtBot) -> None:
    desk.context.office.leads.set_people([film], [("Ben Roth", "Einkauf")])
    desk.command("open")
    (window,) = desk.window.findChildren(LeadWindow)
    qtbot.waitUntil(window.isVisible)
    desk.press("Ben Roth", window)
    assert desk.window.front.key == "customers"
    window.close()


# Who recommended us


def test_a_recommender_is_typed_where_there_is_a_source(desk: Desk, film: int) -> None:
    value_ = desk.detail._fields._values["recommender"]
    assert not value_.isVisible()
    desk.context.office.leads.edit([film], source="Empfehlung")
    assert value_.isVisible()
    mara = add_person(desk.store, "Mara Korn")
    before = everything(desk.store)
    desk.edit("Recommended by")
    desk.type("mara korn", enter=True)
    found = desk.context.details.get(film).recommender
    assert found is not None
    assert (found.entity, found.id) == (Entity.PERSON, mara)
    assert value_.button.text() == "Mara Korn"
    desk.command("undo")
    assert everything(desk.store) == before
    desk.command("redo")
    asked: list[Any] = []
    desk.window.show_record = lambda entity, id_: asked.append((entity, id_))
    desk.press("Open who recommended us")
    assert asked == [(Entity.PERSON, mara)]
    desk.edit("Recommended by")
    desk.key(Qt.Key.Key_Delete)
    desk.key(Qt.Key.Key_Return)
    assert desk.context.details.get(film).recommender is None


def test_a_recommender_is_told_apart_and_made_in_place(desk: Desk, film: int) -> None:
    desk.context.office.leads.edit([film], source="Empfehlung")
    add_person(desk.store, "Sonnenkorn")
    add_company(desk.store, "Sonnenkorn")
    before = everything(desk.store)
    edit = desk.edit("Recommended by")
    assert isinstance(edit, SomebodyEdit)
    editor = edit.parentWidget()
    assert isinstance(editor, InPlace)
    desk.type("Sonnenkorn")
    model = edit.completer().model()
    offered = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert offered == ["Sonnenkorn · Company", "Sonnenkorn · Person"]
    _popup(edit).hide()
    desk.key(Qt.Key.Key_Return)
    assert editor.reason == "Several are called “Sonnenkorn”. Choose one of the list."
    for typed, words in (("Neu Hier", "Nobody is called “Neu Hier” yet."), ("N" * 5_000, "is too long")):
        edit.setText(typed)
        edit.editingFinished.emit()
        assert words in editor.reason
    assert everything(desk.store) == before
    edit.textEdited.emit("Neu Hier")
    edit.setText("“Neu Hier” as a new company")
    edit.completer().activated.emit("“Neu Hier” as a new company")
    QTest.qWait(0)
    found = desk.context.details.get(film).recommender
    assert found is not None
    assert (found.entity, found.name) == (Entity.COMPANY, "Neu Hier")
    desk.command("undo")
    assert everything(desk.store) == before
