"""What the forms of companies and of people have in common: own fields, who may be meant, who is responsible."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.terms import Entity
from app.models.store import Store
from app.services.own_kinds import OwnKind
from app.services.reach import Point
from app.ui.context import Context
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.dialog import RecordForm
from app.ui.record_form.person import PersonForm
from tests.services.seen import value
from tests.stores import add_company, add_member
from tests.ui.dialogs.conftest import Desk
from tests.ui.dialogs.record_forms import field, leave, opened
from tests.ui.scripted import ScriptedDialogs

BOTH = pytest.mark.parametrize("entity", [Entity.COMPANY, Entity.PERSON])


@pytest.fixture
def eckhof(context: Context) -> int:
    """A company."""
    return context.office.companies.create(name="Metzgerei Eckhof", phones=[Point("work", "0221 123456")], user_id=1)


def form_of(context: Context, entity: Entity, qtbot: QtBot, record: int | None = None) -> Any:
    """The form of a new or a known company or person."""
    records = context.office.records
    form: RecordForm
    if entity is Entity.COMPANY:
        form = CompanyForm(context, None if record is None else records.company(record))
    else:
        form = PersonForm(context, None if record is None else records.person(record))
    return opened(form, qtbot)


def heard(form: Any) -> int | None:
    """Who is said to be meant."""
    return None if form.hint.hint is None else int(form.hint.hint.id)


def call(form: Any, name: str) -> None:
    """Fill in a name."""
    (form.name if isinstance(form, CompanyForm) else form.family).setText(name)


def count(store: Store, entity: Entity) -> int:
    return int(value(store, f"SELECT count(*) FROM {entity}"))


def rows_of(context: Context, entity: Entity, record: int) -> Any:
    lists: Any = context.office.company_list if entity is Entity.COMPANY else context.office.person_list
    return lists.rows([record])


@BOTH
def test_own_fields_are_filled_in_and_a_required_one_is_asked_for(
    entity: Entity, context: Context, qtbot: QtBot, store: Store
) -> None:
    fields = context.office.own_fields
    size = fields.create(entity, OwnKind.NUMBER, "Filialen")
    need = fields.create(entity, OwnKind.TEXT, "Branche genau", required=True)
    form = form_of(context, entity, qtbot)
    call(form, "Eckhof")
    controls = {control.field.id: control for control in form.own.all}
    form.save()
    assert form.isVisible()
    assert field(form, controls[need].field.key).refused
    assert count(store, entity) == 0
    controls[need].set_value("Wurst")
    controls[size].set_value(Decimal(7))
    form.save()
    [row] = rows_of(context, entity, form.record_id)
    assert row.own == {size: 7, need: "Wurst"}
    form = form_of(context, entity, qtbot, row.id)
    step = context.office.history.next_undo()
    form.save()
    assert context.office.history.next_undo() == step
    form = form_of(context, entity, qtbot, row.id)
    {control.field.id: control for control in form.own.all}[size].set_value(None)
    form.save()
    assert rows_of(context, entity, row.id)[0].own == {need: "Wurst"}


def test_who_may_be_meant_is_said_by_any_fact_and_never_of_oneself(context: Context, qtbot: QtBot, eckhof: int) -> None:
    form = form_of(context, Entity.COMPANY, qtbot)
    form.phones.rows[0].value.setText("0221 / 12 34 56")
    qtbot.waitUntil(lambda: form.hint.hint is not None)
    assert "Metzgerei Eckhof" in form.hint.said
    leave(form)
    form = form_of(context, Entity.COMPANY, qtbot, eckhof)
    form.name.setText("Metzgerei Eckhof GmbH")
    qtbot.wait(400)
    assert heard(form) is None
    other = add_company(context.office.store, "Metzgerei Eckhof KG")
    form.name.setText("Metzgerei  Eckhof GmbH")
    qtbot.waitUntil(lambda: heard(form) is not None)
    assert heard(form) == other
    assert not form.hint.open.isVisible()
    leave(form)


def test_who_is_there_is_opened_instead_and_more_that_was_typed_is_asked_about(
    desk: Desk, qtbot: QtBot, eckhof: int, store: Store
) -> None:
    form = form_of(desk.context, Entity.COMPANY, qtbot)
    form.name.setText("Eckhof Metzgerei")
    form.hint.opened.emit(eckhof)
    assert (form.record_id, form.result()) == (eckhof, QDialog.DialogCode.Accepted)
    desk.dialogs = ScriptedDialogs(("ask", "What you typed", None))
    object.__setattr__(desk.context, "dialogs", desk.dialogs)
    form = form_of(desk.context, Entity.COMPANY, qtbot)
    form.info.setPlainText("Viel Text")
    form.hint.opened.emit(eckhof)
    assert (form.isVisible(), form.record_id) == (True, None)
    leave(form)
    assert count(store, Entity.COMPANY) == 1


def test_a_former_member_stays_responsible_and_a_new_one_is_offered(
    context: Context, store: Store, qtbot: QtBot, eckhof: int
) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    context.office.companies.assign([eckhof], ben)
    context.office.catalogue.delete("member", ben)
    form = form_of(context, Entity.COMPANY, qtbot, eckhof)
    assert form.responsible.currentText() == "Former member"
    context.office.catalogue.create("member", "Cem Can")
    assert form.responsible.findText("Cem Can") >= 0
    form.industry.setText("Neu")
    form.save()
    after = context.office.records.company(eckhof)
    assert (after.user_id, after.industry) == (ben, "Neu")
