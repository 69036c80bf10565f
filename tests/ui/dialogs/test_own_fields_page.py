"""The page of own fields, and that of what one wants to be reminded of."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core.terms import Entity
from app.services.notice_choice import NoticeChoices
from app.services.own_fields import OwnField
from app.services.own_kinds import OwnKind
from app.ui.context import Context
from app.ui.settings.notices import NoticesPage
from app.ui.settings.own_fields import OwnFieldsPage
from app.ui.tables.empty import InPlaceOfRows


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> OwnFieldsPage:
    """The page in front, with a choice and a date of leads."""
    fields = context.office.own_fields
    fields.create(Entity.LEAD, OwnKind.CHOICE, "Branche", ["Handel", "Industrie"])
    fields.create(Entity.LEAD, OwnKind.DAY, "Pitch")
    made = OwnFieldsPage(context)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    return made


def _fields(context: Context, entity: Entity = Entity.LEAD) -> list[OwnField]:
    return list(context.office.own_fields.of(entity))


def _press(page: OwnFieldsPage, name: str) -> None:
    next(each for each in page.findChildren(QPushButton) if each.text() == name and each.isVisible()).click()


def _go(page: OwnFieldsPage, name: str) -> OwnField:
    field = next(row for row in page.model.rows if row.name == name)
    page.view.go_to(field.id)
    return field


def test_a_field_is_added_by_its_name_and_kind(page: OwnFieldsPage, context: Context) -> None:
    page.kind.setCurrentIndex(page.kind.findData(OwnKind.NUMBER))
    QTest.keyClicks(page.entry, "Aufwand")
    QTest.keyClick(page.entry, Qt.Key.Key_Return)
    assert [(field.name, field.kind) for field in _fields(context)][-1] == ("Aufwand", OwnKind.NUMBER)
    assert page.view.current().name == "Aufwand"
    assert page.card.unit.isVisible()
    page.card.unit.setText("Std.")
    page.card.unit.editingFinished.emit()
    assert _fields(context)[-1].unit == "Std."


def test_tab_goes_from_the_name_to_the_kind(page: OwnFieldsPage, context: Context) -> None:
    page.entry.setFocus()
    QTest.keyClicks(page.entry, "Aufwand")
    QTest.keyClick(page.entry, Qt.Key.Key_Tab)
    assert page.kind.hasFocus()
    page.kind.setCurrentIndex(page.kind.findData(OwnKind.AMOUNT))
    QTest.keyClick(page.kind, Qt.Key.Key_Tab)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    assert [(field.name, field.kind) for field in _fields(context)][-1] == ("Aufwand", OwnKind.AMOUNT)


def test_what_is_refused_is_said_below_the_table(page: OwnFieldsPage, context: Context) -> None:
    page.entry.setText("branche")
    QTest.keyClick(page.entry, Qt.Key.Key_Return)
    assert "Branche" in page.problem.text() or "branche" in page.problem.text()
    assert page.entry.text() == "branche"
    assert len(_fields(context)) == 2


def test_fields_of_other_records_have_a_list_of_their_own(page: OwnFieldsPage, context: Context) -> None:
    assert page.entities.choose(Entity.COMPANY)
    page.entities.chosen.emit(Entity.COMPANY)
    assert page.model.rows == []
    assert not page.card.isVisible()
    page.entry.setText("Leadpotential")
    page.kind.setCurrentIndex(page.kind.findData(OwnKind.DAY))
    _press(page, "Add")
    assert [field.name for field in _fields(context, Entity.COMPANY)] == ["Leadpotential"]
    assert len(_fields(context)) == 2


def test_switches_change_the_current_field(page: OwnFieldsPage, context: Context) -> None:
    _go(page, "Pitch")
    assert page.card.notify.isVisible()
    assert not page.card.options.isVisible()
    for check in (page.card.in_list, page.card.required, page.card.notify):
        check.click()
    page.card.days.setValue(7)
    page.card.days.editingFinished.emit()
    page.card.yearly.click()
    field = _fields(context)[1]
    assert (field.in_list, field.required, field.notify, field.notify_days, field.yearly) == (True, True, True, 7, True)
    context.office.history.undo()
    assert not page.card.yearly.isChecked()


def test_an_option_that_is_refused_can_be_typed_on(page: OwnFieldsPage, context: Context) -> None:
    _go(page, "Branche")
    entry = page.card.options.entry
    QTest.keyClicks(entry, "handel")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert "handel" in page.problem.text()
    assert entry.text() == "handel"
    QTest.keyClicks(entry, " im Netz")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert [option.name for option in _fields(context)[0].offered][-1] == "handel im Netz"


def test_options_are_added_renamed_moved_and_deleted(page: OwnFieldsPage, context: Context) -> None:
    field = _go(page, "Branche")
    edit = page.card.options
    edit.entry.setText("Kultur")
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    edit.model.setData(edit.model.index(0, 0), "Einzelhandel")
    edit.view.moved.emit(field.options[1].id, 0)
    assert [option.name for option in _fields(context)[0].offered] == ["Industrie", "Einzelhandel", "Kultur"]
    assert [row.name for row in edit.model.rows] == ["Industrie", "Einzelhandel", "Kultur"]
    edit.view.deleted.emit(field.options[0].id)
    assert [row.name for row in edit.model.rows] == ["Industrie", "Kultur"]
    edit.entry.setText("kultur")
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    assert "Kultur" in page.problem.text() or "kultur" in page.problem.text()


def test_rows_are_moved_and_deleted(page: OwnFieldsPage, context: Context) -> None:
    field = _go(page, "Pitch")
    page.view.moved.emit(field.id, 0)
    assert [each.name for each in _fields(context)] == ["Pitch", "Branche"]
    page.view.deleted.emit(field.id)
    assert [each.name for each in _fields(context)] == ["Branche"]


def test_birthdays_are_set_among_the_fields_of_people(page: OwnFieldsPage, context: Context) -> None:
    assert not page.birthday.isVisible()
    page.entities.choose(Entity.PERSON)
    page.entities.chosen.emit(Entity.PERSON)
    assert page.birthday.isVisible()
    page.birthday.click()
    page.days.setValue(2)
    page.days.editingFinished.emit()
    notice = context.office.own_fields.birthday()
    assert (notice.notify, notice.notify_days) == (True, 2)


def test_one_chooses_of_what_one_wants_to_hear(context: Context, qtbot: QtBot) -> None:
    fields, store = context.office.own_fields, context.office.store
    made = fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential", notify=True, notify_days=7)
    page = NoticesPage(context)
    qtbot.addWidget(page)
    page.show()
    assert store.actor_id is not None
    box = page.fields[made]
    assert (box.currentData(), "Leadpotential" in box.accessibleName()) == (None, True)
    box.setCurrentIndex(2)
    box.activated.emit(2)
    page.time.setCurrentIndex(page.time.findData(16 * 60 + 30))
    page.time.activated.emit(page.time.currentIndex())
    page.together.click()
    chosen = NoticeChoices(store).of(store.actor_id)
    assert (chosen.fields[0].wanted, chosen.time, chosen.together) == (False, 16 * 60 + 30, False)
    fields.set_birthday(True)
    assert len(page.fields) == 2
    fields.edit(made, notify=False)
    assert len(page.fields) == 1


@pytest.mark.parametrize("entity", [Entity.LEAD, Entity.COMPANY, Entity.PERSON])
def test_the_page_begins_with_the_records_in_front_and_says_what_belongs_there(
    context: Context, qtbot: QtBot, entity: Entity
) -> None:
    page = OwnFieldsPage(context, entity)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    assert page.entity is entity
    none = next(each for each in page.findChildren(InPlaceOfRows) if each.isVisible())
    words = " ".join(label.text() for label in none.findChildren(QLabel))
    assert words.strip().startswith("No own fields of ")
    none.findChildren(QPushButton)[0].click()
    assert page.focusWidget() is page.entry
    page.kind.setCurrentIndex(page.kind.findData(OwnKind.CHOICE))
    QTest.keyClicks(page.entry, "Branche")
    QTest.keyClick(page.entry, Qt.Key.Key_Return)
    assert [field.name for field in _fields(context, entity)] == ["Branche"]
    assert none.isHidden()
    options = page.card.options
    assert page.focusWidget() is options.entry, "what there is to choose from comes next"
    page.entry.setFocus()
    assert options._none.isVisible()
    options._none.findChildren(QPushButton)[0].click()
    assert page.focusWidget() is options.entry
    QTest.keyClicks(options.entry, "Handel")
    QTest.keyClick(options.entry, Qt.Key.Key_Return)
    assert options._none.isHidden()


def test_the_times_of_a_day_do_not_cover_the_screen(context: Context, qtbot: QtBot) -> None:
    page = NoticesPage(context)
    qtbot.addWidget(page)
    page.show()
    page.time.showPopup()
    popup = page.time.view().window()
    assert page.time.count() >= 96
    assert popup.height() < 400
    assert popup.y() >= page.time.mapToGlobal(page.time.rect().bottomLeft()).y()
    page.time.hidePopup()
