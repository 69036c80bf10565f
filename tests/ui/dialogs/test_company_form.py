"""The form of a company: all of it arrives in one step, what is refused stays, what others did is not undone."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import DiskFull
from app.core.i18n import Text
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Size
from app.models.store import Store
from app.services.reach import Point
from app.services.record_detail import CompanyDetail
from app.services.somebody import Meant
from app.ui.context import Context
from app.ui.forms.roles import InRow
from app.ui.record_form.company import CompanyForm
from tests.services.seen import value
from tests.ui.dialogs.conftest import Desk
from tests.ui.dialogs.record_forms import HOSTILE, field, leave, opened
from tests.ui.scripted import ScriptedDialogs


@pytest.fixture
def form(context: Context, qtbot: QtBot) -> CompanyForm:
    """The form for a new company."""
    return opened(CompanyForm(context), qtbot)


def found(context: Context, form: CompanyForm) -> CompanyDetail:
    assert form.result() == QDialog.DialogCode.Accepted
    assert form.record_id is not None
    return context.office.records.company(form.record_id)


def edited(context: Context, company: int, qtbot: QtBot) -> CompanyForm:
    return opened(CompanyForm(context, context.office.records.company(company)), qtbot)


def phone(form: CompanyForm, row: int) -> Any:
    return form.phones.rows[row]


def person(form: CompanyForm, row: int) -> Any:
    return form.people.rows[row]


def place(form: CompanyForm, row: int = 0) -> Any:
    return form.places.rows[row]


def companies(store: Store) -> int:
    return int(value(store, "SELECT count(*) FROM company"))


@pytest.fixture
def eckhof(context: Context) -> int:
    """A company of which everything is known."""
    return context.office.companies.create(
        name="Metzgerei Eckhof", number="K-1", kinds=[CompanyKind.SUPPLIER], industry="Handwerk", size=Size.FEW,
        phones=[Point("work", "0221 123456"), Point("Zentrale", "0221 999")], mails=[Point("", "a@eckhof.example")],
        webs=[Point("main", "www.eckhof.example")], tags=["b", "a"], info="  Rand\u00a0bleibt  ", user_id=1,
        addresses=[Place("billing", "Gasse 1\nHof", "c/o\u00a0X", "50667", "Köln", "NRW", "AT"), Place(city="Ulm")],
        people=[("Martha Eckhof", "Chefin"), ("Otto Ott", "")], touch_target=30, touch_latest=1234,
    )  # fmt: skip


def test_everything_typed_arrives_in_one_step(form: CompanyForm, context: Context, store: Store) -> None:
    QTest.keyClicks(form.name, "Metzgerei Eckhof")
    form.kinds.boxes[CompanyKind.SUPPLIER].click()
    QTest.keyClicks(form.number, "K-77")
    QTest.keyClicks(form.industry, "Handwerk")
    form.size_.choose(Size.FEW)
    QTest.keyClicks(phone(form, 0).value, "0221 123456")
    form.phones.add.click()
    QTest.keyClicks(phone(form, 1).value, "0171 1234567")
    phone(form, 1).label.setCurrentText("mobile")
    mail: Any = form.mails.rows[0]
    mail.value.setText("post@eckhof.example")
    mail.label.setCurrentText("Zentrale")
    web: Any = form.webs.rows[0]
    web.value.setText("www.eckhof.example")
    person(form, 0).name.setText("Martha Eckhof")
    person(form, 0).role.setText("Chefin")
    place(form).street.setPlainText("Gasse 1\nHinterhaus")
    place(form).postcode.setText("50667")
    place(form).city.setText("Köln")
    place(form).country.setText("austria")
    QTest.keyClicks(form.tags.edit, "Handwerk,Messe")
    form.target.setText("6 weeks")
    form.latest.setText("90")
    form.info.setPlainText("Zeile 1\nZeile 2")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    made = found(context, form)
    assert (made.name, made.number, made.industry, made.size) == ("Metzgerei Eckhof", "K-77", "Handwerk", Size.FEW)
    assert made.kinds == (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER)
    assert made.phones == (Point("work", "0221 123456"), Point("cell", "0171 1234567"))
    assert made.mails == (Point("Zentrale", "post@eckhof.example"),)
    assert made.webs == (Point("work", "www.eckhof.example"),)
    assert made.addresses == (Place("work", "Gasse 1\nHinterhaus", "", "50667", "Köln", "", "AT"),)
    assert [(each.name, each.role) for each in made.related] == [("Martha Eckhof", "Chefin")]
    assert (made.user, made.tags, made.info) == ("Anna Kern", ("Handwerk", "Messe"), "Zeile 1\nZeile 2")
    assert (made.own_target, made.own_latest) == (42, 90)
    store.undo()
    assert companies(store) == 0
    assert value(store, "SELECT count(*) FROM person") == 0


def test_editing_shows_all_and_saving_what_is_unchanged_is_no_step(
    context: Context, qtbot: QtBot, eckhof: int, store: Store
) -> None:
    before = context.office.records.company(eckhof)
    form = edited(context, eckhof, qtbot)
    assert (form.name.text(), form.number.text(), form.industry.text()) == ("Metzgerei Eckhof", "K-1", "Handwerk")
    assert [(phone(form, n).label.currentText(), phone(form, n).value.text()) for n in (0, 1)] == [
        ("Work", "0221 123456"), ("Zentrale", "0221 999"),
    ]  # fmt: skip
    assert (place(form).label.currentText(), place(form).country.text(), place(form, 1).city.text()) == (
        "Billing", "Austria", "Ulm",
    )  # fmt: skip
    assert (form.target.text(), form.latest.text()) == ("30\xa0days", "1.234\xa0days")
    step = context.office.history.next_undo()
    form.save()
    assert found(context, form) == before
    assert context.office.history.next_undo() == step


def test_only_what_changed_is_written_and_that_in_one_step(context: Context, qtbot: QtBot, eckhof: int) -> None:
    office, before = context.office, context.office.records.company(eckhof)
    form = edited(context, eckhof, qtbot)
    office.companies.edit([eckhof], name="Von anderen geändert", phones=[Point("work", "0221 555")])
    form.industry.setText("Gastronomie")
    form.mails.rows[0].remove.click()
    person(form, 1).role.setText("Lehrling")
    form.save()
    after = found(context, form)
    assert (after.name, after.industry, after.phones) == (
        "Von anderen geändert", "Gastronomie", (Point("work", "0221 555"),),
    )  # fmt: skip
    assert after.mails == ()
    assert {(each.id, each.role) for each in after.related} == {
        (each.id, each.role or "Lehrling") for each in before.related
    }  # fmt: skip
    office.history.undo()
    again = office.records.company(eckhof)
    assert (again.industry, again.mails, again.related) == (before.industry, before.mails, before.related)
    assert again.name == "Von anderen geändert"


def test_two_people_of_one_name_stay_two(context: Context, qtbot: QtBot, eckhof: int) -> None:
    office = context.office
    for _ in range(2):
        office.people.create(given="Jan", family="Maier", companies=[(eckhof, "Verkauf")])
    before = {each.id for each in office.records.company(eckhof).related}
    form = edited(context, eckhof, qtbot)
    [row] = [row for row in range(4) if person(form, row).name.text() == "Otto Ott"]
    person(form, row).role.setText("Lehrling")
    form.save()
    assert {each.id for each in found(context, form).related} == before


def test_rows_are_added_moved_and_removed_by_keyboard(form: CompanyForm) -> None:
    first = phone(form, 0)
    assert not form.phones.add.isVisible()
    assert not first.remove.isVisible()
    first.value.setFocus()
    QTest.keyClicks(first.value, "0221 1")
    QTest.keyClick(first.value, Qt.Key.Key_Tab)
    assert form.focusWidget() is first.remove
    QTest.keyClick(first.remove, Qt.Key.Key_Tab)
    assert form.focusWidget() is form.phones.add
    QTest.keyClick(form.phones.add, Qt.Key.Key_Return)
    second = phone(form, 1)
    assert form.focusWidget() is second.value
    QTest.keyClicks(second.value, "0221 2")
    QTest.keyClick(second.value, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert form.phones.typed() == ("0221 2", "0221 1")
    assert form.phones.rows.index(second) == 0
    assert form.focusWidget() is second.value
    QTest.keyClick(second.value, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is the first already
    for control, name in ((second.remove, "value"), (first.label, "label"), (first.value, "value")):
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        assert form.focusWidget() is control, f"{control} after {name}"
    QTest.keyClick(first.value, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    first.up.click()
    assert form.phones.typed() == ("0221 1", "0221 2")
    QTest.keyClick(first.remove, Qt.Key.Key_Space)
    assert form.phones.typed() == ("0221 2",)
    assert form.focusWidget() is second.value
    leave(form)


def test_every_row_has_names_to_be_heard(form: CompanyForm) -> None:
    phone(form, 0).value.setText("1")
    assert phone(form, 0).value.accessibleName() == "Telephone"
    form.phones.add.click()
    row = phone(form, 1)
    names = [control.accessibleName() for control in (row.value, row.label, row.label.lineEdit(), row.remove, row.up)]
    assert names == [
        "Telephone 2", "Telephone 2, what for", "Telephone 2, what for", "Remove: Telephone 2", "Move up: Telephone 2",
    ]  # fmt: skip
    assert place(form).city.accessibleName() == "Town: Address"
    leave(form)


Put = Callable[[CompanyForm], QWidget]


def _long_phone(form: CompanyForm) -> QWidget:
    phone(form, 0).value.setText("0221 1")
    form.phones.add.click()
    phone(form, 1).value.setText("0221 " * 1000)
    return phone(form, 1)  # type: ignore[no-any-return]


def _long_label(form: CompanyForm) -> QWidget:
    phone(form, 0).value.setText("0221 1")
    phone(form, 0).label.setCurrentText("x" * 5000)
    return phone(form, 0)  # type: ignore[no-any-return]


def _same_phone(form: CompanyForm) -> QWidget:
    phone(form, 0).value.setText("0221 1")
    form.phones.add.click()
    phone(form, 1).value.setText(" 0221  1 ")
    return phone(form, 1)  # type: ignore[no-any-return]


def _role_of_nobody(form: CompanyForm) -> QWidget:
    person(form, 0).role.setText("Chefin")
    return person(form, 0)  # type: ignore[no-any-return]


def _long_name(form: CompanyForm) -> QWidget:
    person(form, 0).name.setText("Wolf" * 1250)
    return person(form, 0)  # type: ignore[no-any-return]


def _same_person(form: CompanyForm) -> QWidget:
    person(form, 0).name.setText("Jörg Müller")
    form.people.add.click()
    person(form, 1).name.setText("joerg mueller")
    person(form, 1).role.setText("Einkauf")
    return person(form, 1)  # type: ignore[no-any-return]


def _long_town(form: CompanyForm) -> QWidget:
    place(form).city.setText("Ulm" * 2000)
    return place(form)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "put"),
    [("phones", _long_phone), ("phones", _long_label), ("phones", _same_phone), ("people", _role_of_nobody),
     ("people", _long_name), ("people", _same_person), ("addresses", _long_town)],
)  # fmt: skip
def test_what_makes_no_sense_in_a_row_is_said_there(name: str, put: Put, form: CompanyForm, store: Store) -> None:
    form.name.setText("Eckhof")
    row: Any = put(form)
    typed = form._typed()
    form.save()
    assert form.isVisible()
    assert row.refused
    assert len(row.note.text()) > 10
    assert row.main.accessibleDescription() == row.note.text()
    assert (field(form, name).refused, field(form, name).said) == (True, "")
    assert form.focusWidget() is row.main
    assert form._typed() == typed
    assert companies(store) == 0
    row.remove.click()
    assert not field(form, name).refused
    form.save()
    assert companies(store) == 1


@pytest.mark.parametrize(
    ("name", "control", "typed"),
    [("name", "name", ""), ("name", "name", " \x00\x1f\u2028 "), ("name", "name", "x" * 5000),
     ("number", "number", "7" * 5000), ("industry", "industry", "y" * 5000), ("touch_target", "target", "ab und zu"),
     ("touch_target", "target", "0"), ("touch_target", "target", "99999"), ("touch_latest", "latest", "9 ages")],
)  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field_and_stays(
    name: str, control: str, typed: str, form: CompanyForm, store: Store
) -> None:
    form.name.setText("Eckhof")
    edit = getattr(form, control)
    edit.setText(typed)
    stays = edit.text()
    form.save()
    assert form.isVisible()
    assert field(form, name).refused
    assert len(field(form, name).said) > 10
    assert edit.text() == stays
    assert companies(store) == 0
    leave(form)


def test_the_latest_day_needs_a_usual_one_and_comes_after_it(form: CompanyForm) -> None:
    form.name.setText("Eckhof")
    form.latest.setText("30")
    form.save()
    assert "how often" in field(form, "touch_target").said
    form.target.setText("40")
    form.save()
    assert "before the usual one" in field(form, "touch_latest").said
    leave(form)


def test_more_than_anybody_has_is_said_below_the_rows(form: CompanyForm) -> None:
    form.name.setText("Eckhof")
    form.phones.set_values([Point("work", f"0221 {n}") for n in range(101)])
    form.save()
    assert form.isVisible()
    assert "more than 100" in field(form, "phones").said
    form.phones.rows[-1].remove.click()
    assert field(form, "phones").said == ""
    form.save()
    assert form.result() == QDialog.DialogCode.Accepted


def test_nonsense_is_kept_to_the_letter_and_said_to_be_strange(form: CompanyForm, context: Context) -> None:
    form.name.setText(HOSTILE)
    for rows in (form.phones, form.mails, form.webs):
        row: Any = rows.rows[0]
        row.value.setText(HOSTILE)
        row.value.editingFinished.emit()
        assert "kept as it stands" in row.note.text()
    phone(form, 0).value.setText("0221 4710600")
    assert phone(form, 0).note.text() == ""
    phone(form, 0).value.editingFinished.emit()
    assert phone(form, 0).note.text() == ""
    phone(form, 0).value.setText(HOSTILE)
    person(form, 0).name.setText(HOSTILE)
    place(form).street.setPlainText(HOSTILE)
    place(form).country.setText(HOSTILE[:30])
    form.tags.set_names([HOSTILE])
    form.info.setPlainText(HOSTILE * 60)
    form.save()
    made = found(context, form)
    assert {made.name, made.phones[0].value, made.mails[0].value, made.webs[0].value, *made.tags} == {HOSTILE}
    assert (made.related[0].name, made.addresses[0].street, made.info) == (HOSTILE, HOSTILE, HOSTILE * 60)
    assert made.addresses[0].country == HOSTILE[:30]


def test_in_a_small_window_one_sees_which_of_many_rows_was_refused(form: CompanyForm, qtbot: QtBot) -> None:
    form.resize(500, 400)
    form.name.setText("Eckhof")
    form.people.set_values([InRow(Meant(Entity.PERSON, f"P {n}", f"P {n}"), "x") for n in range(40)])
    person(form, 3).name.setText("")
    form.info.setFocus()
    qtbot.waitUntil(lambda: form._contents.height() > 1500)  # all have their place
    form.save()
    row, area = form.people.rows[3], form.findChild(QScrollArea)
    assert area is not None
    row = form.people.rows[3]
    assert area.viewport().rect().contains(QRect(row.mapTo(area.viewport(), QPoint(0, 0)), row.size()))
    leave(form)


def test_empty_rows_are_nothing_and_controls_of_no_meaning_go(form: CompanyForm, context: Context) -> None:
    form.name.setText("Eck\x00hof\x1b")
    phone(form, 0).value.setText("\x00\x07")
    form.phones.add.click()
    phone(form, 1).label.setCurrentText("Zentrale")
    form.mails.rows[0].set_value(Point("work", "  a@b.example\x00 "))
    place(form).city.setText("\x00")
    form.info.setPlainText("a\x00b")
    form.save()
    made = found(context, form)
    assert (made.name, made.phones, made.addresses, made.info) == ("Eckhof", (), (), "ab")
    assert made.mails == (Point("work", "a@b.example"),)


def test_a_new_person_is_announced_and_a_known_one_found(form: CompanyForm, context: Context) -> None:
    known = context.office.people.create(given="Jörg", family="Müller")
    row = person(form, 0)
    QTest.keyClicks(row.name, "Muell")
    assert row.name._names.stringList() == ["Jörg Müller", "“Muell” as a new person"]
    assert "is new" in row.note.text()
    row.name.setText("joerg mueller")
    assert row.note.text() == ""
    form.name.setText("Eckhof")
    form.save()
    assert [each.id for each in found(context, form).related] == [known]


def test_of_several_of_one_name_one_is_chosen_and_nobody_guessed(form: CompanyForm, context: Context) -> None:
    people = context.office.people
    first, second = (people.create(given="Jan", family="Maier", companies=[(firm, "")]) for firm in ("A AG", "B AG"))
    form.name.setText("Eckhof")
    row = person(form, 0)
    row.name.setText("Jan Maier")
    row.role.setText("Einkauf")
    form.save()
    assert row.note.text().startswith("Several are called “Jan Maier”.")
    assert form.isVisible()
    row.name.offer("Jan Maier")
    [label] = [label for label in row.name._names.stringList() if "B AG" in label]
    row.name.setText(label)
    form.save()
    assert [(each.id, each.role) for each in found(context, form).related] == [(second, "Einkauf")]
    assert first != second


def test_somebody_deleted_meanwhile_is_said_at_the_people(context: Context, qtbot: QtBot, eckhof: int) -> None:
    form = edited(context, eckhof, qtbot)
    context.office.people.delete([context.office.records.company(eckhof).related[1].id])
    person(form, 1).role.setText("Inhaberin")
    form.save()
    assert "deleted" in field(form, "people").said
    leave(form)


def test_what_others_did_to_the_lists_meanwhile_stays(context: Context, qtbot: QtBot, eckhof: int) -> None:
    form, office = edited(context, eckhof, qtbot), context.office
    before = office.records.company(eckhof)
    office.people.delete([before.related[1].id])
    office.companies.edit([eckhof], phones=[*before.phones, Point("", "0221 999")])
    person(form, 0).role.setText("Inhaberin")
    phone(form, 0).value.setText("0221 111")
    form.save()
    assert form.result() == QDialog.DialogCode.Accepted
    after = office.records.company(eckhof)
    assert [(each.id, each.role) for each in after.related] == [(before.related[0].id, "Inhaberin")]
    assert {each.value for each in after.phones} >= {"0221 111", "0221 999"}


def test_a_company_deleted_meanwhile_is_said_and_keeps_the_words(context: Context, qtbot: QtBot, eckhof: int) -> None:
    form = edited(context, eckhof, qtbot)
    context.office.companies.delete([eckhof])
    form.industry.setText("Neu")
    form.save()
    assert "deleted" in form._form.general.text()
    assert form.industry.text() == "Neu"
    leave(form)


def test_escape_asks_only_when_something_would_be_lost(desk: Desk, qtbot: QtBot, store: Store) -> None:
    form = opened(CompanyForm(desk.context), qtbot)
    phone(form, 0).label.setCurrentText("Zentrale")  # of a number that nobody typed
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    desk.dialogs = ScriptedDialogs(("ask", "What you typed", "Keep editing"), ("ask", "What you typed", "Discard"))
    object.__setattr__(desk.context, "dialogs", desk.dialogs)
    form = opened(CompanyForm(desk.context), qtbot)
    QTest.keyClicks(phone(form, 0).value, "0")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert (form.isVisible(), phone(form, 0).value.text()) == (True, "0")
    form.close()
    assert not form.isVisible()
    assert companies(store) == 0


def test_whatever_is_changed_would_be_lost(context: Context, qtbot: QtBot, eckhof: int) -> None:
    changes: list[Callable[[CompanyForm], object]] = [
        lambda f: f.kinds.boxes[CompanyKind.OTHER].click(), lambda f: f.size_.choose(Size.HUGE),
        lambda f: f.responsible.choose(None), lambda f: f.tags.set_names(["c"]), lambda f: f.info.setPlainText("neu"),
        lambda f: f.target.setText("31"), lambda f: person(f, 0).role.setText("x"), lambda f: f.phones.rows[0].up.click,
        lambda f: place(f).region.setText("x"), lambda f: f.webs.rows[0].remove.click(),
        lambda f: phone(f, 1).up.click(), lambda f: phone(f, 0).label.setCurrentText("Fax"),
    ]  # fmt: skip
    for number, change in enumerate(changes):
        form = edited(context, eckhof, qtbot)
        assert form._typed() == form._start
        change(form)
        assert (form._typed() == form._start) == (number == 7), number
        leave(form)


def test_after_an_error_of_the_storage_all_is_still_there(
    form: CompanyForm, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_fields: object) -> int:
        raise DiskFull(Text("The disk is full."), Text("Nothing was changed. Make room and try again."))

    form.name.setText("Lange getippt")
    phone(form, 0).value.setText("0221 123456")
    typed = form._typed()
    with monkeypatch.context() as patch:
        patch.setattr(type(context.office.companies), "create", full)
        form.save()
    assert form.isVisible()
    assert "disk is full" in form._form.general.text()
    assert form._typed() == typed
    form.save()
    assert found(context, form).phones == (Point("work", "0221 123456"),)
