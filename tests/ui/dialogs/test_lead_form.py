"""The form of a lead: what is typed arrives in one step, what is refused stays, what others did is not undone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.errors import DiskFull
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Budget, Entity, Status
from app.models.store import Store
from app.services.lead_fields import NextStep, Recommender
from app.services.lead_list import LeadRow, ListQuery
from app.services.somebody import Meant, Somebody
from app.ui.context import Context
from app.ui.forms.field import Field
from app.ui.forms.loose import LooseEdit
from app.ui.forms.roles import RoleRow
from app.ui.lead_form.dialog import LeadForm
from app.ui.lead_form.record import changed_fields, read_lead
from app.ui.lead_form.start import Start
from tests.services.seen import steps
from tests.stores import add_company, add_lead, add_member, add_person, month
from tests.ui.dialogs.conftest import Desk, Speak
from tests.ui.scripted import ScriptedDialogs

HOSTILE = "<b>Robert</b>'); DROP TABLE lead;-- {title} %s \u202e🜁"


def rows(context: Context) -> list[LeadRow]:
    lists = context.office.lists
    return lists.rows(lists.ids(ListQuery()))


def opened(form: LeadForm, qtbot: QtBot) -> LeadForm:
    qtbot.addWidget(form, before_close_func=lambda _form: leave(form))  # a failed test ends without a question
    with qtbot.waitExposed(form):
        form.show()
    return form


@pytest.fixture
def form(context: Context, qtbot: QtBot) -> LeadForm:
    """The form for a new lead."""
    return opened(LeadForm(context), qtbot)


def field(form: LeadForm, name: str) -> Field:
    return form._form[name]


def leave(form: LeadForm) -> None:
    """Close without a question."""
    form._start = form._typed()
    form.reject()


def test_everything_typed_arrives_in_one_step(form: LeadForm, context: Context, store: Store) -> None:
    c = form.controls
    QTest.keyClicks(c.title, "Website-Relaunch")
    c.company.setText("Metzgerei Eckhof")
    c.person.setText("Martha Eckhof")
    c.amount.setText("3,2k")
    c.budget.choose(Budget.MONTHLY)
    c.period.setText("jan-apr 27")
    c.stage.setCurrentIndex(2)
    c.probability.setText("35")
    c.source.setCurrentText("Empfehlung")
    QTest.keyClicks(c.tags.edit, "Web,Handwerk")
    c.when.setText("mo 9:30")
    c.step.setText("Anrufen")
    c.info.setPlainText("Zeile 1\nZeile 2")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.result() == QDialog.DialogCode.Accepted
    [row] = rows(context)
    assert (row.id, row.title, row.status, row.stage) == (form.lead_id, "Website-Relaunch", Status.ACTIVE, "Angebot")
    assert (row.company, row.person, row.source) == ("Metzgerei Eckhof", "Martha Eckhof", "Empfehlung")
    assert (row.amount, row.budget, row.probability) == (Money(320_000, "EUR"), Budget.MONTHLY, 70)
    assert (row.period_first, row.period_last) == (month("2027-01"), month("2027-04"))
    assert (row.next_step_on, row.next_step_time, row.next_step_text) == (date(2026, 11, 30), 570, "Anrufen")
    assert (row.tags, row.info, row.user) == (("Handwerk", "Web"), "Zeile 1\nZeile 2", "Anna Kern")
    store.undo()
    assert rows(context) == []


def test_an_idea_has_no_stage(form: LeadForm, context: Context) -> None:
    form.controls.status.choose(Status.POTENTIAL)
    form._on_status()
    assert not field(form, "stage").isVisible()
    form.controls.title.setText("Idee")
    form.save()
    assert [(row.status, row.stage) for row in rows(context)] == [(Status.POTENTIAL, None)]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("amount", "viel"),
        ("amount", "-5"),
        ("amount", "9" * 40),
        ("period", "Apr 27-Jan 27"),
        ("period", "15.1.2027-20.2.2027"),
        ("probability", "101"),
        ("probability", "33,3"),
        ("next_step", "irgendwann"),
        ("next_step", "31.2."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_stays(
    name: str, typed: str, form: LeadForm, context: Context
) -> None:
    c: Any = form.controls
    c.title.setText("Relaunch")
    control: LooseEdit[Any] = {
        "amount": c.amount,
        "period": c.period,
        "probability": c.probability,
        "next_step": c.when,
    }[name]
    control.setText(typed)
    form.save()
    assert form.isVisible()
    assert field(form, name).refused
    assert len(field(form, name).said) > 10
    assert (control.text(), c.title.text()) == (typed, "Relaunch")
    assert rows(context) == []
    control.clear()
    form.save()
    assert len(rows(context)) == 1


def test_what_a_verb_refuses_is_said_at_its_field_too(form: LeadForm, context: Context) -> None:
    form.save()
    assert field(form, "title").refused
    assert form.focusWidget() is form.controls.title
    form.controls.title.setText("Retainer")
    form.controls.budget.choose(Budget.MONTHLY)
    form.save()
    assert not field(form, "title").refused
    assert "service period" in field(form, "period").said
    leave(form)


def test_all_that_makes_no_sense_is_said_at_once(form: LeadForm) -> None:
    c = form.controls
    wrong: dict[str, Any] = {
        "amount": c.amount, "period": c.period, "probability": c.probability, "next_step": c.when
    }  # fmt: skip
    for edit in wrong.values():
        edit.setText("viel")
    c.info.setFocus()
    form.save()
    assert [name for name in ("title", *wrong) if not field(form, name).refused] == []
    assert form.focusWidget() is c.title
    assert c.amount.property("refused") == "true"
    assert c.amount.accessibleDescription() == field(form, "amount").said
    c.title.setText("Relaunch")
    form.save()
    assert form.focusWidget() is c.amount
    c.amount.setText("25k")
    form.save()
    assert (c.amount.property("refused"), c.amount.accessibleDescription()) == ("", "")
    leave(form)


def test_a_step_without_a_day_is_asked_for(form: LeadForm) -> None:
    form.controls.title.setText("Relaunch")
    form.controls.step.setText("Anrufen")
    form.save()
    assert field(form, "next_step").refused
    leave(form)


def test_what_the_stage_requires_is_shown_where_it_is_missing(form: LeadForm, context: Context) -> None:
    context.office.stages.edit(1, required=["responsible", "volume"])
    form.controls.title.setText("Relaunch")
    form.controls.responsible.setCurrentIndex(0)
    form.save()
    assert "Missing: Responsible, Volume" in field(form, "responsible").said
    leave(form)


def test_hostile_text_is_kept_to_the_letter(form: LeadForm, context: Context) -> None:
    c = form.controls
    for edit in (c.title, c.company, c.person, c.step):
        edit.setText(HOSTILE)
    c.when.setText("heute")
    c.tags.set_names([HOSTILE])
    c.info.setPlainText(HOSTILE * 50)
    form.save()
    [row] = rows(context)
    assert {row.title, row.company, row.person, row.next_step_text, *row.tags} == {HOSTILE}
    assert row.info == HOSTILE * 50


def test_a_new_company_is_announced_and_a_known_one_found(form: LeadForm, store: Store, context: Context) -> None:
    known = add_company(store, "Müller & Söhne")
    QTest.keyClicks(form.controls.company, "Muell")
    assert "is new" in field(form, "company").said
    assert form.controls.company._names.stringList()[0] == "Müller & Söhne"
    form.controls.company.setText("mueller & soehne")
    assert field(form, "company").said == ""
    form.controls.title.setText("Relaunch")
    form.save()
    assert rows(context)[0].company_id == known


def test_loose_typing_says_what_it_is_understood_as(form: LeadForm) -> None:
    QTest.keyClicks(form.controls.amount, "25k")
    assert field(form, "amount").said.replace("\xa0", " ") == "= 25.000 €"
    form.controls.amount.clear()
    form.controls.when.setFocus()
    QTest.keyClicks(form.controls.when, "+2w")
    assert field(form, "next_step").said == "= 8 Dec 2026"
    form.controls.step.setFocus()
    assert (form.controls.when.text(), field(form, "next_step").said) == ("8 Dec 2026", "")
    leave(form)


def test_escape_asks_only_when_something_would_be_lost(desk: Desk, qtbot: QtBot) -> None:
    form = opened(LeadForm(desk.context), qtbot)
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    form = opened(LeadForm(desk.context), qtbot)
    desk.dialogs = ScriptedDialogs(("ask", "What you typed", "Keep editing"), ("ask", "What you typed", "Discard"))
    object.__setattr__(desk.context, "dialogs", desk.dialogs)
    QTest.keyClicks(form.controls.title, "Fast verloren")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert (form.isVisible(), form.controls.title.text()) == (True, "Fast verloren")
    form.close()
    assert not form.isVisible()
    assert rows(desk.context) == []


def test_after_an_error_of_the_storage_all_is_still_there(
    form: LeadForm, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_fields: object) -> int:
        raise DiskFull(Text("The disk is full."), Text("Nothing was changed. Make room and try again."))

    form.controls.title.setText("Lange getippt")
    form.controls.info.setPlainText("Viel Text")
    with monkeypatch.context() as patch:
        patch.setattr(type(context.office.leads), "create", full)
        form.save()
    assert form.isVisible()
    assert "disk is full" in form._form.general.text()
    assert form.controls.info.toPlainText() == "Viel Text"
    form.save()
    assert [row.info for row in rows(context)] == ["Viel Text"]


def test_editing_shows_the_lead_and_writes_only_what_changed(context: Context, store: Store, qtbot: QtBot) -> None:
    lead = add_lead(store, "Alt", amount=48_000, period=("2027-01", "2027-04"), probability=25)
    context.office.leads.edit([lead], company="Eckhof", tags=["Web"], next_step=NextStep(date(2026, 12, 1), "Mail"))
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    c = form.controls
    assert (c.title.text(), c.company.text(), c.when.text(), c.step.text()) == ("Alt", "Eckhof", "1 Dec 2026", "Mail")
    assert c.probability.text().replace("\xa0", " ") == "12,5 %"
    context.office.leads.edit([lead], title="Von anderen geändert")
    c.company.setText("Metzgerei Eckhof")
    form.save()
    [row] = rows(context)
    assert (row.title, row.company, row.amount) == ("Von anderen geändert", "Metzgerei Eckhof", Money(4_800_000, "EUR"))


def test_saving_an_unchanged_lead_is_no_step(context: Context, store: Store, qtbot: QtBot) -> None:
    lead = add_lead(store, "Alt", amount=Decimal("1234.56"), period=("2027-01", "2027-04"))
    context.office.leads.edit([lead], info="  Rand bleibt  ", tags=["b", "a"])
    before = context.office.history.next_undo()
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    form.save()
    assert form.result() == QDialog.DialogCode.Accepted
    assert context.office.history.next_undo() == before


def test_changing_the_currency_keeps_the_figure(form: LeadForm, context: Context) -> None:
    c = form.controls
    c.title.setText("Relaunch")
    c.amount.setText("48.000 €")
    c.currency.setCurrentIndex(c.currency.findData("CHF"))
    form.save()
    assert rows(context)[0].amount == Money(4_800_000, "CHF")


def test_a_stage_deleted_elsewhere_is_said_and_never_replaced_silently(form: LeadForm, context: Context) -> None:
    c = form.controls
    c.title.setText("Relaunch")
    c.stage.setCurrentIndex(3)
    context.office.stages.delete(4, 3)
    assert "deleted" in field(form, "stage").said
    form.save()
    assert form.isVisible()
    assert rows(context) == []
    c.stage.setCurrentIndex(0)
    form.save()
    assert rows(context)[0].stage == "Erstkontakt"


def test_a_lead_deleted_elsewhere_is_said_and_keeps_the_words(context: Context, store: Store, qtbot: QtBot) -> None:
    lead = add_lead(store, "Alt")
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    context.office.leads.delete([lead])
    form.controls.title.setText("Neu")
    form.save()
    assert "deleted" in form._form.general.text()
    assert form.controls.title.text() == "Neu"
    leave(form)


def test_a_former_member_stays_responsible_until_changed(context: Context, store: Store, qtbot: QtBot) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "Alt", user_id=ben)
    context.office.catalogue.delete("member", ben)
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    form.controls.title.setText("Neu")
    form.save()
    assert (rows(context)[0].user_id, rows(context)[0].title) == (ben, "Neu")


def test_tags_are_added_and_removed_by_key(form: LeadForm) -> None:
    tags = form.controls.tags
    QTest.keyClicks(tags.edit, "Web")
    QTest.keyClick(tags.edit, Qt.Key.Key_Return)
    QTest.keyClicks(tags.edit, "web")
    QTest.keyClick(tags.edit, Qt.Key.Key_Return)
    QTest.keyClicks(tags.edit, "Print")
    assert tags.names() == ["Web", "Print"]
    tags.edit.clear()
    QTest.keyClick(tags.edit, Qt.Key.Key_Backspace)
    assert tags.names() == []
    assert form.isVisible()
    leave(form)


def test_only_differences_count_as_changes(context: Context, store: Store) -> None:
    lead = add_lead(store, "Alt")
    record = read_lead(context, lead)
    assert changed_fields(record, {"title": " Alt ", "tags": [], "company": None}) == {}
    assert changed_fields(record, {"title": "Neu", "tags": ["x"]}) == {"title": "Neu", "tags": ["x"]}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("country", ["DE", "AT", "CH", "GB", "US", "INT"])
def test_what_a_field_shows_it_understands(language: str, country: str, desk: Desk, speak: Speak, qtbot: QtBot) -> None:
    object.__setattr__(desk.context, "formats", speak(language, country))
    form = opened(LeadForm(desk.context), qtbot)
    c = form.controls
    samples: list[tuple[LooseEdit[Any], list[Any]]] = [
        (c.amount, [Money(minor, "EUR") for minor in (1, 100, 123_456, 4_800_000, 123_456_789_012)]),
        (c.period, [(month("2026-12"), month("2027-03")), (month("2027-03"), month("2027-03"))]),
        (c.probability, [0, 1, 70, 199, 200]),
        (c.when, [(date(2027, m, 9), time) for m in range(1, 13) for time in (None, 0, 545, 810)]),
    ]
    for edit, values in samples:
        for value in values:
            edit.set_value(value)
            edit.setText(edit.text() + " ")  # touched, so that it has to be understood anew
            assert edit.value() == value
    leave(form)


def test_who_recommended_us_is_asked_for_with_a_source(form: LeadForm, context: Context, store: Store) -> None:
    c = form.controls
    c.title.setText("Relaunch")
    assert not field(form, "recommender").isVisible()
    c.source.setCurrentText("Empfehlung")
    assert field(form, "recommender").isVisible()
    add_person(store, "Sonnenkorn")
    firm = add_company(store, "Sonnenkorn")
    for typed, words in (
        ("Sonnenkorn", "Several are called “Sonnenkorn”. Choose one of the list."), ("N" * 5_000, "is too long"),
        ("Neu Hier", "Nobody is called “Neu Hier” yet."),
    ):  # fmt: skip
        c.recommender.setText(typed)
        form.save()
        assert words in field(form, "recommender").said
        assert rows(context) == []
    c.recommender.textEdited.emit("sonnen")
    c.recommender.setText("Sonnenkorn · Company")
    form.save()
    [row] = rows(context)
    assert row.recommender == Somebody(Entity.COMPANY, firm, "Sonnenkorn")


def test_a_recommender_is_shown_changed_and_goes_with_its_source(context: Context, store: Store, qtbot: QtBot) -> None:
    leads, mara = context.office.leads, add_person(store, "Mara Korn")
    add_person(store, "Mara Korn")  # of the same name: whom the lead names is known all the same
    lead = leads.create(title="Relaunch", source="Empfehlung", recommender=Recommender("person", mara))
    before = steps(store)
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    assert form.controls.recommender.text() == "Mara Korn"
    form.save()
    assert steps(store) == before
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    form.controls.recommender.textEdited.emit("Dora Neu")
    form.controls.recommender.setText("“Dora Neu” as a new person")
    form.save()
    [row] = rows(context)
    assert row.recommender is not None
    assert row.recommender.name == "Dora Neu"
    form = opened(LeadForm(context, read_lead(context, lead)), qtbot)
    form.controls.source.setCurrentText("")
    form.save()
    [row] = rows(context)
    assert (row.source, row.recommender) == (None, None)
    store.undo()
    assert rows(context)[0].recommender is not None


def test_a_company_is_told_from_one_that_is_called_the_same(context: Context, store: Store, qtbot: QtBot) -> None:
    first, second = add_company(store, "Zeiss"), add_company(store, "Zeiss")
    form = opened(LeadForm(context, start=Start(company=Meant(Entity.COMPANY, second, "Zeiss"))), qtbot)
    form.controls.title.setText("Relaunch")
    form.save()
    [row] = rows(context)
    assert row.company_id == second != first
    form = opened(LeadForm(context, read_lead(context, row.id)), qtbot)
    before = steps(store)
    form.controls.company.setText("")
    form.controls.company.setText("zeiss")
    form.save()
    assert field(form, "company").said == "Several are called “zeiss”. Choose one of the list."
    form.controls.company.setText("Zeiss")
    form.save()
    assert steps(store) == before, "it is who it was"
    assert rows(context)[0].company_id == second


def _people(form: LeadForm) -> list[RoleRow]:
    return [row for row in form.controls.people.rows if isinstance(row, RoleRow)]


def _rows(form: LeadForm) -> list[tuple[str, str]]:
    return [(row.name.text(), row.role.text()) for row in _people(form)]


def _add_person(form: LeadForm, name: str, role: str = "") -> None:
    form.controls.people.add.click()
    row = _people(form)[-1]
    assert row.name.hasFocus()
    row.name.setText(name)
    row.role.setText(role)


def test_people_with_their_roles_arrive_with_the_lead_in_one_step(
    form: LeadForm, context: Context, store: Store
) -> None:
    add_person(store, "Ben Roth")
    before = steps(store)
    form.controls.title.setText("Relaunch")
    form.controls.person.setText("Martha")
    for name, role in (("ben roth", "Einkauf"), ("Dora Neu", ""), ("", ""), ("Martha", "Kontakt")):
        _add_person(form, name, role)
    form.save()
    assert form.lead_id is not None
    assert steps(store) == before + 1
    people = context.details.get(form.lead_id).people
    assert [(each.name, each.role) for each in people] == [("Ben Roth", "Einkauf"), ("Dora Neu", "")]
    store.undo()
    assert rows(context) == []


def test_people_are_shown_changed_and_taken_away(context: Context, store: Store, qtbot: QtBot) -> None:
    leads, before = context.office.leads, steps(store)
    lead = leads.create(title="Relaunch", people=[("Ben Roth", "Einkauf"), ("Cem Abel", ""), ("Dora Neu", "Chefin")])
    assert steps(store) == before + 1
    record = read_lead(context, lead)
    form = opened(LeadForm(context, record), qtbot)
    assert _rows(form) == [("Ben Roth", "Einkauf"), ("Cem Abel", ""), ("Dora Neu", "Chefin")]
    form.save()
    assert steps(store) == before + 1  # nothing was changed
    form = opened(LeadForm(context, record), qtbot)
    first = _people(form)[0]
    first.remove.setFocus()
    first.remove.click()
    assert _people(form)[0].name.hasFocus()
    _people(form)[0].role.setText("Gegner")
    assert form._typed() != form._start
    form.save()
    people = context.details.get(lead).people
    assert [(each.name, each.role) for each in people] == [("Cem Abel", "Gegner"), ("Dora Neu", "Chefin")]
    store.undo()
    assert len(context.details.get(lead).people) == 3


def test_what_makes_no_sense_in_a_row_of_people_is_said(form: LeadForm, context: Context, store: Store) -> None:
    for _ in range(2):
        add_person(store, "Anna Doppel")
    form.controls.title.setText("Relaunch")
    _add_person(form, "Ben Roth", "Einkauf")
    _add_person(form, "")
    row = _people(form)[-1]
    for name, role, words in (
        ("Ben Roth", "", "“Ben Roth” stands here twice."), ("", "Chef", "Please enter a name."),
        ("Anna Doppel", "", "Several are called “Anna Doppel”."), ("N" * 5_000, "", "is too long"),
        ("Dora", "r" * 5_000, "is too long"),
    ):  # fmt: skip
        row.name.setText(name)
        row.role.setText(role)
        form.save()
        assert words in row.note.text()
        assert row.name.hasFocus()
        assert form.isVisible()
        assert rows(context) == []
    row.remove.click()
    form.save()
    assert len(rows(context)) == 1
