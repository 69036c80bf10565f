"""Two forms of one record: what both changed is asked about with both values, and nothing is lost before that."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Entity, Status
from app.services.own_kinds import OwnKind
from app.ui.lead_form.dialog import LeadForm
from app.ui.lead_form.record import read_lead
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.person import PersonForm
from tests.stores import add_member
from tests.ui.dialogs.conftest import Desk
from tests.ui.dialogs.record_forms import leave, opened
from tests.ui.scripted import ScriptedDialogs


class Asked(ScriptedDialogs):
    """Keeps what stood below the question. `meanwhile` is done while it is asked."""

    details = ""
    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def ask(
        self, question: Text, details: Text | None, answers: Sequence[Text], *, cancel: Text | None = None
    ) -> int | None:
        self.details = str(details)
        self.meanwhile()
        return super().ask(question, details, answers, cancel=cancel)


def answering(desk: Desk, answer: str | None) -> Asked:
    """What the question is answered with."""
    dialogs = Asked(("ask", "Somebody else changed the same", answer))
    object.__setattr__(desk.context, "dialogs", dialogs)
    return dialogs


def as_ben(desk: Desk, verb: Any, *args: Any, **fields: Any) -> None:
    """Somebody else does something."""
    store = desk.context.office.store
    me, store.actor_id = store.actor_id, add_member(store, "Ben Roth", "BR")
    verb(*args, **fields)
    store.actor_id = me


@pytest.mark.parametrize(("answer", "industry"), [("Save mine", "Film"), ("Keep the others'", "Handel")])
def test_a_company_that_two_changed(desk: Desk, qtbot: QtBot, answer: str, industry: str) -> None:
    office = desk.context.office
    company = office.companies.create(name="Firma", industry="Bau")
    form = opened(CompanyForm(desk.context, office.records.company(company)), qtbot)
    as_ben(desk, office.companies.edit, [company], industry="Handel", number="7")
    form.industry.setText("Film")
    form.info.setPlainText("neu")
    dialogs = answering(desk, answer)
    form.save()
    dialogs.finish()
    assert "Ben Roth" in dialogs.details
    assert "Industry Bau → Handel" in dialogs.details
    assert "You: Industry Bau → Film" in dialogs.details
    assert form.result() == QDialog.DialogCode.Accepted
    found = office.records.company(company)
    assert (found.industry, found.info, found.number) == (industry, "neu", "7")


def test_who_wants_neither_is_back_in_the_form(desk: Desk, qtbot: QtBot) -> None:
    office = desk.context.office
    person = office.people.create(given="Anna", family="Alt")
    form = opened(PersonForm(desk.context, office.records.person(person)), qtbot)
    as_ben(desk, office.people.edit, [person], family="Roth")
    form.family.setText("Neu")
    answering(desk, None)
    form.save()
    assert form.isVisible()
    assert (form.family.text(), office.records.person(person).family) == ("Neu", "Roth")
    answering(desk, "Save mine")
    form.save()  # it is asked again: nothing was decided
    assert office.records.person(person).name == "Anna Neu"


def test_a_newer_change_is_asked_about_anew(desk: Desk, qtbot: QtBot) -> None:
    office = desk.context.office
    company = office.companies.create(name="Firma", industry="Bau")
    form = opened(CompanyForm(desk.context, office.records.company(company)), qtbot)
    as_ben(desk, office.companies.edit, [company], industry="Handel")
    form.industry.setText("Film")
    answering(desk, None)
    form.save()
    office.companies.edit([company], industry="Ton")
    dialogs = answering(desk, "Save mine")
    form.save()
    assert "Industry Bau → Ton" in dialogs.details
    assert office.records.company(company).industry == "Film"


def test_what_was_left_to_others_stays_theirs_whatever_is_asked_next(desk: Desk, qtbot: QtBot) -> None:
    office = desk.context.office
    company = office.companies.create(name="Firma", industry="Bau")
    form = opened(CompanyForm(desk.context, office.records.company(company)), qtbot)
    as_ben(desk, office.companies.edit, [company], industry="Handel")
    form.industry.setText("Film")
    form.number.setText("7")
    first = answering(desk, "Keep the others'")

    def next_one() -> None:
        office.companies.edit([company], number="8")
        answering(desk, "Save mine")

    first.meanwhile = next_one
    form.save()
    found = office.records.company(company)
    assert (found.industry, found.number) == ("Handel", "7")


def test_what_was_left_to_others_is_saved_only_when_it_is_typed_anew(desk: Desk, qtbot: QtBot) -> None:
    office = desk.context.office
    company = office.companies.create(name="Firma", industry="Bau")
    form = opened(CompanyForm(desk.context, office.records.company(company)), qtbot)
    as_ben(desk, office.companies.edit, [company], industry="Handel")
    form.industry.setText("Film")
    dialogs = answering(desk, "Keep the others'")
    dialogs.meanwhile = lambda: form.name.setText(" ")  # refused: the form stays open
    form.save()
    assert form.isVisible()
    form.name.setText("Firma AG")
    form.save()
    found = office.records.company(company)
    assert (found.name, found.industry) == ("Firma AG", "Handel")
    form = opened(CompanyForm(desk.context, found), qtbot)
    as_ben(desk, office.companies.edit, [company], industry="Ton")
    form.industry.setText("Film")
    dialogs = answering(desk, "Keep the others'")
    dialogs.meanwhile = lambda: form.name.setText(" ")
    form.save()
    form.name.setText("Firma AG")
    form.industry.setText("Foto")
    form.save()
    assert office.records.company(company).industry == "Foto"


@pytest.mark.parametrize(
    ("answer", "amount", "own"), [("Save mine", 40_000, "meins"), ("Keep the others'", 30_000, "anders")]
)
def test_a_lead_that_two_changed(desk: Desk, qtbot: QtBot, answer: str, amount: int, own: str) -> None:
    office = desk.context.office
    field = office.own_fields.create(Entity.LEAD, OwnKind.TEXT, "Kürzel")
    lead = office.leads.create(Status.ACTIVE, title="Film", amount=Money.of(20_000, "EUR"))
    form = opened(LeadForm(desk.context, read_lead(desk.context, lead)), qtbot)
    as_ben(desk, office.leads.edit, [lead], amount=Money.of(30_000, "EUR"), source="Messe", own={field: "anders"})
    form.controls.amount.setText("40k")
    form.controls.title.setText("Film 2")
    form.own.all[0].set_value("meins")
    dialogs = answering(desk, answer)
    form.save()
    dialogs.finish()
    assert "Volume 20.000\xa0€ → 30.000\xa0€\nYou: Volume 20.000\xa0€ → 40.000\xa0€" in dialogs.details
    assert "Kürzel: anders\nYou: Kürzel: meins" in dialogs.details
    row = office.lists.rows([lead])[0]
    assert (row.amount, row.source, row.title) == (Money.of(amount, "EUR"), "Messe", "Film 2")
    assert row.own == {field: own}


def test_what_each_changed_alone_is_not_asked_about(desk: Desk, qtbot: QtBot) -> None:
    office = desk.context.office
    lead = office.leads.create(Status.ACTIVE, title="Film", amount=Money.of(20_000, "EUR"))
    form = opened(LeadForm(desk.context, read_lead(desk.context, lead)), qtbot)
    as_ben(desk, office.leads.edit, [lead], amount=Money.of(30_000, "EUR"), tags=["Eilt"])
    form.controls.title.setText("Film 2")
    form.save()
    row = office.lists.rows([lead])[0]
    assert (row.amount, row.title, row.tags) == (Money.of(30_000, "EUR"), "Film 2", ("Eilt",))
    leave(form)
