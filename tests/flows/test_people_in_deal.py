"""Who has a say in a lead and who recommended us, from the detail panel: seen, added, changed, removed, gone to."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.terms import Entity, Status
from app.services.lead_fields import Recommender
from app.services.lead_list import ListQuery
from app.ui.detail.people import PeopleBox
from app.ui.detail.window import LeadWindow
from app.ui.forecast.recommenders import RecommendersCard
from app.ui.forecast.tab import ForecastTab
from app.ui.forms.in_place import InPlace
from app.ui.forms.somebody import SomebodyEdit
from app.ui.lead_table.behind import BehindWindow
from app.ui.widgets.button import Button
from app.ui.widgets.name_link import NameLink
from tests.flows.desk import Desk
from tests.services.seen import everything, steps, value
from tests.stores import add_company, add_lead, add_person

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


def test_company_and_contact_are_told_apart_and_not_guessed(desk: Desk, film: int) -> None:
    first, second = add_company(desk.store, "Zeiss"), add_company(desk.store, "Zeiss")
    anna, other = add_person(desk.store, "Anna Doppel"), add_person(desk.store, "Anna Doppel")
    desk.context.office.people.link([other], add_company(desk.store, "Rothaus"))
    before = everything(desk.store)
    for label, name, beside, twins in (
        ("Company", "Zeiss", "Zeiss (2)", (first, second)),
        ("Contact", "Anna Doppel", "Anna Doppel · Rothaus", (anna, other)),
    ):  # fmt: skip
        edit = desk.edit(label)
        assert isinstance(edit, SomebodyEdit)
        editor = edit.parentWidget()
        assert isinstance(editor, InPlace)
        desk.type(name)
        _popup(edit).hide()
        desk.key(Qt.Key.Key_Return)
        assert editor.reason == f"Several are called “{name}”. Choose one of the list."
        desk.key(Qt.Key.Key_Escape)
        assert everything(desk.store) == before
        edit = desk.edit(label)
        assert isinstance(edit, SomebodyEdit)
        desk.type(name)
        _popup(edit).hide()
        edit.setText(beside)
        edit.completer().activated.emit(beside)
        QTest.qWait(0)
        row = desk.lead(film)
        assert (row.company_id if label == "Company" else row.person_id) == twins[1] != twins[0]
        desk.command("undo")
        assert everything(desk.store) == before
        desk.window.activateWindow()  # the platform without a display forgets it with the popup
        QTest.qWaitForWindowActive(desk.window)


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
    assert desk.find(Button, "Open who recommended us").shown_icon == "user"
    desk.context.office.leads.edit([film], recommender=Recommender("company", "Korn & Co."))
    assert desk.find(Button, "Open who recommended us").shown_icon == "building"
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


# The best recommenders


def _card(desk: Desk) -> RecommendersCard:
    tab = desk.window.go_to("forecast")
    assert isinstance(tab, ForecastTab)
    return tab.recommenders


def _told(card: RecommendersCard) -> list[tuple[str, ...]]:
    return [
        (line.name.accessibleName(), line.count.text(), *(label.text() for label in line._figures))
        for line in card._lines
    ]


def test_the_best_recommenders_stand_in_the_forecast_and_follow_the_data(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    card = _card(desk)
    assert card._empty.isVisible()
    assert not card._table.isVisible()
    verbs, firm = desk.context.office.leads, add_company(desk.store, HOSTILE)
    verbs.edit([leads["Film Molkerei"]], source="Empfehlung", recommender=Recommender("company", firm))
    verbs.edit([leads["Hosting Bräu"], leads["Webshop Müller"]], source="Empfehlung",
               recommender=Recommender("person", "Mara Korn"))  # fmt: skip
    verbs.close([leads["Webshop Müller"]], Status.WON)
    qtbot.waitUntil(lambda: len(card._lines) == 2)
    qtbot.waitUntil(lambda: _told(card)[0][2] == "1")
    assert not card._empty.isVisible()
    assert _told(card) == [("Mara Korn", "2", "1", "€50,000", "€10,000"), (HOSTILE, "1", "0", "€0", "€20,000")]
    desk.command("undo")
    qtbot.waitUntil(lambda: _told(card)[0] == ("Mara Korn", "2", "0", "€0", "€60,000"))
    desk.context.office.catalogue.rename("person", 1, "Mara Korn-Huber")
    qtbot.waitUntil(lambda: _told(card)[0][0] == "Mara Korn-Huber")
    asked: list[Any] = []
    desk.window.show_record = lambda entity, id_: asked.append((entity, id_))
    desk.press("Mara Korn-Huber")
    desk.find(NameLink, HOSTILE).setFocus()
    desk.key(Qt.Key.Key_Return)
    assert asked == [(Entity.PERSON, 1), (Entity.COMPANY, firm)]
    desk.press("2 recommendations of Mara Korn-Huber")
    (window,) = card.window().findChildren(BehindWindow)
    assert sorted(window.found.ids) == sorted([leads["Webshop Müller"], leads["Hosting Bräu"]])
    assert window.found.sums == (0, 6_000_000)
    window.close()
    verbs.edit([leads["Film Molkerei"]], recommender=None)
    qtbot.waitUntil(lambda: len(card._lines) == 1)


def test_of_many_recommenders_the_best_are_shown_first(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    for number in range(9):
        add_lead(desk.store, f"Lead {number}", amount=number * 1_000)
    for number, lead in enumerate(desk.context.office.lists.ids(ListQuery())[:9]):
        desk.context.office.leads.edit([lead], source="Empfehlung", recommender=Recommender("person", f"P{number}"))
    card = _card(desk)
    qtbot.waitUntil(lambda: len(card._lines) == 5)
    desk.press("Show all 9")
    assert len(card._lines) == 9
    assert not card._more.isVisible()
