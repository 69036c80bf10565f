"""What tests of the forms of companies and people begin with."""

from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.place import Place
from app.core.terms import CompanyKind, Size
from app.services.reach import Point
from app.ui.context import Context
from app.ui.forms.field import Field
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.person import PersonForm
from app.ui.saved_form import SavedForm

F = TypeVar("F", bound=SavedForm)

HOSTILE = "<b>Robert</b>'); DROP TABLE lead;-- {title} %s \u202e🜁"


def opened(form: F, qtbot: QtBot) -> F:
    """Show a form; a failed test ends without a question."""
    qtbot.addWidget(form, before_close_func=lambda _form: leave(form))
    with qtbot.waitExposed(form):
        form.show()
    return form


def leave(form: SavedForm) -> None:
    """Close without a question."""
    form._begin()
    form.reject()


def field(form: SavedForm, name: str) -> Field:
    """The field of that name."""
    return form._form[name]


def new_company(context: Context, _lead: int, _folder: Path) -> QDialog:
    """An empty form."""
    return CompanyForm(context)


def edit_company(context: Context, _lead: int, _folder: Path) -> QDialog:
    """Several of everything, some of it refused."""
    company = context.office.companies.create(
        name="Gesellschaft für angewandte Straßenbaukunst mbH & Co. KG", kinds=list(CompanyKind), size=Size.HUGE,
        phones=[Point("work cell", "0171 1234567"), Point("Zentrale im Erdgeschoss", "0221 123456")],
        addresses=[Place("billing", "Gasse 1\nHinterhaus", "", "50667", "Köln", "", "AT"), Place(city="Ulm")],
        people=[("Friederike Müller-Lüdenscheidt", "Leiterin der Unternehmenskommunikation"), ("Otto Ott", "")],
        touch_target=30,
    )  # fmt: skip
    form = CompanyForm(context, context.office.records.company(company))
    people: Any = form.people.rows
    form.people.add.click()
    people[2].name.setText("Ganz Neu")
    form.people.add.click()
    people[3].role.setText("Ohne Namen")
    form.latest.setText("ab und zu")
    form.save()
    return form


def new_person(context: Context, _lead: int, _folder: Path) -> QDialog:
    """A form that was refused."""
    form = PersonForm(context)
    form.save()
    return form


def edit_person(context: Context, _lead: int, _folder: Path) -> QDialog:
    """Somebody with long words."""
    person = context.office.people.create(
        given="Friederike", family="Müller-Lüdenscheidt", salutation="ms", birthday=date(1980, 4, 3),
        companies=[("Gesellschaft für angewandte Straßenbaukunst mbH", "Leiterin"), ("Wurst AG", "")],
        addresses=[Place("home", "Gasse 1", "", "50667", "Köln")], mails=[Point("Privat, nur abends", "f@x.example")],
    )  # fmt: skip
    return PersonForm(context, context.office.records.person(person))


#: Each form to be looked at.
FORMS = (new_company, edit_company, new_person, edit_person)
