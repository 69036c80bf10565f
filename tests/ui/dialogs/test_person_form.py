"""The form of a person: names, birthday and employers, beside what it has in common with the one of a company."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.errors import Locked
from app.core.i18n import Text
from app.core.terms import YEAR_UNKNOWN
from app.models.store import Store
from app.services.reach import Point
from app.services.record_detail import PersonDetail
from app.ui.context import Context
from app.ui.record_form.person import PersonForm
from tests.services.seen import value
from tests.stores import add_company, add_person
from tests.ui.dialogs.conftest import Desk, Speak
from tests.ui.dialogs.record_forms import HOSTILE, field, leave, opened
from tests.ui.scripted import ScriptedDialogs


@pytest.fixture
def form(context: Context, qtbot: QtBot) -> PersonForm:
    """The form for a new person."""
    return opened(PersonForm(context), qtbot)


@pytest.fixture
def martha(context: Context) -> int:
    """Somebody who works for two companies."""
    return context.office.people.create(
        given="Martha", family="Eckhof", prefix="Dr.", salutation="ms", birthday=date(YEAR_UNKNOWN, 2, 29),
        companies=[("Eckhof KG", "Chefin"), ("Wurst AG", "Beirätin")], mails=[Point("work", "m@eckhof.example")],
    )  # fmt: skip


def found(context: Context, form: PersonForm) -> PersonDetail:
    assert form.result() == QDialog.DialogCode.Accepted
    assert form.record_id is not None
    return context.office.records.person(form.record_id)


def edited(context: Context, person: int, qtbot: QtBot) -> PersonForm:
    return opened(PersonForm(context, context.office.records.person(person)), qtbot)


def company(form: PersonForm, row: int) -> Any:
    return form.companies.rows[row]


def people(store: Store) -> int:
    return int(value(store, "SELECT count(*) FROM person"))


def works(detail: PersonDetail) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in detail.related]


def test_everything_typed_arrives_in_one_step(form: PersonForm, context: Context, store: Store) -> None:
    known = add_company(store, "Müller & Söhne")
    form.salutation.setCurrentText("ms")
    QTest.keyClicks(form.prefix, "Dr.")
    QTest.keyClicks(form.given, "Martha")
    QTest.keyClicks(form.family, "Eckhof")
    assert form.shown.placeholderText() == "Martha Eckhof"
    QTest.keyClicks(form.birthday, "3.4.80")
    QTest.keyClicks(company(form, 0).name, "mueller & soehne")
    assert company(form, 0).note.text() == ""
    QTest.keyClicks(company(form, 0).role, "Einkauf")
    form.companies.add.click()
    QTest.keyClicks(company(form, 1).name, "Eckhof KG")
    assert "is new" in company(form, 1).note.text()
    phone: Any = form.phones.rows[0]
    QTest.keyClicks(phone.value, "0171 1234567")
    form.places.add.click()
    place: Any = form.places.rows[0]
    assert form.focusWidget() is place.street
    QTest.keyClicks(place.city, "Ulm")
    QTest.keyClicks(form.tags.edit, "Messe")
    form.info.setPlainText("Kennt alle")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    made = found(context, form)
    assert (made.salutation, made.prefix, made.given, made.family, made.name) == (
        "ms", "Dr.", "Martha", "Eckhof", "Martha Eckhof",
    )  # fmt: skip
    assert (made.birthday, made.phones) == (date(1980, 4, 3), (Point("work", "0171 1234567"),))
    assert works(made) == [("Müller & Söhne", "Einkauf"), ("Eckhof KG", "")]
    assert made.related[0].id == known
    assert (made.addresses[0].city, made.tags, made.info, made.user) == ("Ulm", ("Messe",), "Kennt alle", "Anna Kern")
    store.undo()
    assert people(store) == 0
    assert value(store, "SELECT count(*) FROM company") == 1


def test_editing_shows_all_and_saving_what_is_unchanged_is_no_step(context: Context, qtbot: QtBot, martha: int) -> None:
    before = context.office.records.person(martha)
    form = edited(context, martha, qtbot)
    shown = (form.salutation.currentText(), form.given.text(), form.family.text(), form.shown.text())
    assert shown == ("Ms", "Martha", "Eckhof", "")
    assert form.birthday.text() in ("29 Feb", "29.2.", "29.02.")
    step = context.office.history.next_undo()
    form.save()
    assert found(context, form) == before
    assert context.office.history.next_undo() == step


def test_somebody_of_whom_only_the_whole_name_is_known_keeps_it(context: Context, store: Store, qtbot: QtBot) -> None:
    ada = add_person(store, "Frau Ada Lovelace")
    form = edited(context, ada, qtbot)
    assert (form.given.text(), form.family.text(), form.shown.text()) == ("", "", "Frau Ada Lovelace")
    form.family.setText("Lovelace")
    form.save()
    assert (found(context, form).name, found(context, form).family) == ("Frau Ada Lovelace", "Lovelace")
    form = edited(context, ada, qtbot)
    form.given.setText("Ada")
    form.shown.setText("")
    form.save()
    assert found(context, form).name == "Ada Lovelace"
    form = edited(context, ada, qtbot)
    form.family.setText("King")
    form.save()
    assert found(context, form).name == "Ada King"


def test_only_what_changed_is_written_and_that_in_one_step(context: Context, qtbot: QtBot, martha: int) -> None:
    form = edited(context, martha, qtbot)
    context.office.people.edit([martha], family="Eckhof-Wurst", info="von anderen")
    company(form, 1).up.click()
    company(form, 0).role.setText("Vorständin")
    form.salutation.setCurrentText("Freifrau")
    form.birthday.setText("1.2.")
    form.save()
    after = found(context, form)
    assert works(after) == [("Wurst AG", "Vorständin"), ("Eckhof KG", "Chefin")]
    assert (after.salutation, after.birthday) == ("Freifrau", date(YEAR_UNKNOWN, 2, 1))
    assert (after.name, after.info) == ("Martha Eckhof-Wurst", "von anderen")
    context.office.history.undo()
    again = context.office.records.person(martha)
    assert works(again) == [("Eckhof KG", "Chefin"), ("Wurst AG", "Beirätin")]
    assert (again.salutation, again.family) == ("ms", "Eckhof-Wurst")


def test_nobody_is_made_without_a_name(form: PersonForm, store: Store) -> None:
    form.prefix.setText("Dr.")
    form.save()
    assert field(form, "family").said == "Please enter a name."
    assert form.focusWidget() is form.family
    form.shown.setText(" \x00 ")
    form.save()
    assert field(form, "family").refused
    assert people(store) == 0
    form.shown.setText("Die Chefin")
    form.save()
    assert value(store, "SELECT name FROM person") == "Die Chefin"


@pytest.mark.parametrize(
    ("name", "typed"),
    [("birthday", "irgendwann"), ("birthday", "31.2."), ("birthday", "30.2.1980"), ("birthday", "1.1.2999"),
     ("birthday", "25.11.2026"), ("birthday", "1" * 5000), ("given", "x" * 5000), ("family", "x" * 151),
     ("shown", "x" * 301), ("prefix", "x" * 101)],
)  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field_and_stays(
    name: str, typed: str, form: PersonForm, store: Store
) -> None:
    form.family.setText("Eckhof")
    getattr(form, name).setText(typed)
    form.save()
    assert form.isVisible()
    refused = field(form, "name" if name == "shown" else name)
    assert refused.refused
    assert len(refused.said) > 10
    assert getattr(form, name).text() == typed
    assert people(store) == 0
    leave(form)


def test_hostile_words_are_kept_to_the_letter(form: PersonForm, context: Context) -> None:
    for edit in (form.given, form.family, form.prefix, company(form, 0).name, company(form, 0).role):
        edit.setText(HOSTILE)
    form.salutation.setCurrentText(HOSTILE[:20])
    form.save()
    made = found(context, form)
    assert {made.given, made.family, made.prefix} == {HOSTILE}
    assert (works(made), made.salutation) == ([(HOSTILE, HOSTILE)], HOSTILE[:20].strip())


def test_the_same_company_twice_is_said_at_the_second(form: PersonForm, store: Store) -> None:
    form.family.setText("Eckhof")
    for row, (name, role) in enumerate((("Wurst AG", "Chefin"), ("", ""), ("WURST ag", "Beirätin"))):
        if row:
            form.companies._append()
        company(form, row).name.setText(name)
        company(form, row).role.setText(role)
    form.save()
    assert company(form, 2).note.text() == "“WURST ag” stands here twice."
    assert form.focusWidget() is company(form, 2).name
    assert people(store) == 0
    company(form, 2).name.setText("Wurst GmbH")
    form.save()
    assert value(store, "SELECT count(*) FROM company") == 2


def test_a_company_deleted_meanwhile_is_said_at_the_companies(context: Context, qtbot: QtBot, martha: int) -> None:
    form = edited(context, martha, qtbot)
    context.office.companies.delete([context.office.records.person(martha).related[0].id])
    company(form, 0).role.setText("Gast")
    form.save()
    assert "deleted" in field(form, "companies").said
    leave(form)


def test_after_an_error_of_the_storage_all_is_still_there(
    context: Context, qtbot: QtBot, martha: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_fields: object) -> None:
        raise Locked(Text("The database is in use."), Text("Try again in a moment."))

    form = edited(context, martha, qtbot)
    company(form, 0).role.setText("Inhaberin")
    typed = form._typed()
    with monkeypatch.context() as patch:
        patch.setattr(type(context.office.people), "edit_seen", locked)
        form.save()
    assert form.isVisible()
    assert "in use" in form._form.general.text()
    assert form._typed() == typed
    form.save()
    assert works(found(context, form))[0] == ("Eckhof KG", "Inhaberin")


def test_escape_asks_only_when_something_would_be_lost(desk: Desk, qtbot: QtBot, martha: int) -> None:
    form = edited(desk.context, martha, qtbot)
    form.companies.add.click()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    desk.dialogs = ScriptedDialogs(("ask", "What you typed", "Discard"))
    object.__setattr__(desk.context, "dialogs", desk.dialogs)
    form = edited(desk.context, martha, qtbot)
    company(form, 1).remove.click()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert len(desk.context.office.records.person(martha).related) == 2


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("country", ["DE", "AT", "CH", "GB", "US", "INT"])
def test_what_a_field_shows_it_understands(language: str, country: str, desk: Desk, speak: Speak, qtbot: QtBot) -> None:
    object.__setattr__(desk.context, "formats", speak(language, country))
    form = opened(PersonForm(desk.context), qtbot)
    days = [date(year, month, 9) for year in (YEAR_UNKNOWN, 1930, 1999, 2026) for month in range(1, 12)]
    samples: tuple[tuple[Any, list[Any]], ...] = (
        (form.birthday, [*days, date(YEAR_UNKNOWN, 2, 29)]), (form.target, [1, 30, 999, 1000, 3650]),
    )  # fmt: skip
    for edit, values in samples:
        for sample in values:
            edit.set_value(sample)
            edit.setText(edit.text() + " ")  # touched, so that it has to be understood anew
            assert edit.value() == sample
    leave(form)
