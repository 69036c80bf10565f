"""Own fields where one works: in the list, its cells, filters and groups, in the form, the panel and for several."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from app.core.terms import Entity
from app.services.filter_fields import Op
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.record_filter import Condition
from app.ui.bulk.dialog import BulkDialog
from app.ui.bulk.fields import BulkFields
from app.ui.forms.in_place import InPlace
from app.ui.lead_form.dialog import LeadForm
from app.ui.lead_form.record import read_lead
from app.ui.own.rows import OwnValueDialog
from app.ui.record_table.filter_editor import FilterEditor
from tests.flows.desk import Desk
from tests.flows.test_cells import editing, go, line, type_
from tests.models.edits import sent

Key = Qt.Key


@pytest.fixture
def fields(desk: Desk) -> OwnFields:
    """Where fields are made."""
    return desk.context.office.own_fields


@pytest.fixture
def film(desk: Desk, leads: dict[str, int]) -> int:
    """The lead that is chosen."""
    desk.choose(leads["Film Molkerei"])
    return leads["Film Molkerei"]


def test_a_column_comes_and_goes_with_its_field(desk: Desk, fields: OwnFields, film: int) -> None:
    before = [column.key for column in desk.panel.view.columns]
    made = fields.create(Entity.LEAD, OwnKind.NUMBER, "Aufwand", unit="Std.", in_list=True)
    key = fields.get(made).key
    assert [column.key for column in desk.panel.view.columns] == [*before, key]
    desk.context.office.leads.edit([film], own={made: Decimal("12.5")})
    row = desk.panel.model.row_of(film)
    assert desk.shown(key, row).replace("\u00a0", " ") == "12.5 Std."
    fields.edit(made, name="Stunden")
    assert desk.panel.view.columns[-1].title == "Stunden"
    assert desk.panel.selected_ids() == [film]
    fields.edit(made, in_list=False)
    assert [column.key for column in desk.panel.view.columns] == before


def test_a_list_is_sorted_grouped_and_filtered_by_it(desk: Desk, fields: OwnFields, leads: dict[str, int]) -> None:
    made = fields.create(Entity.LEAD, OwnKind.FLAG, "NDA", in_list=True)
    key, own = fields.get(made).key, desk.context.office.leads
    shown = list(desk.panel.model.ids)
    own.edit([shown[-1]], own={made: True})
    own.edit([shown[0]], own={made: False})
    desk.panel.ask(sort=key, descending=True)
    assert list(desk.panel.model.ids)[:2] == [shown[-1], shown[0]]
    assert key in desk.panel.kind.groupings.offered(desk.panel.groups.choices)
    desk.panel.group((key,))
    assert [desk.panel.groups.line(group).label.text for group in desk.panel.model.layout_shown.groups] == [
        "yes", "no", "not given",
    ]  # fmt: skip
    desk.panel.group(())
    desk.panel.ask(filter=Condition(key, Op.IS, ("no",)))
    assert list(desk.panel.model.ids) == [shown[0]]
    fields.delete(made)
    assert list(desk.panel.model.ids) == shown or sorted(desk.panel.model.ids) == sorted(shown)
    assert desk.panel.query.filter is None
    assert leads


def test_the_filter_editor_offers_it_by_its_name(desk: Desk, fields: OwnFields, leads: dict[str, int]) -> None:
    made = fields.create(Entity.LEAD, OwnKind.CHOICE, "Branche", ["Handel", "Industrie"])
    option = fields.get(made).options[1].id
    tree = Condition(fields.get(made).key, Op.IS, (option,))
    desk.panel.ask(filter=tree)
    editor = FilterEditor(desk.context, desk.panel.kind, desk.panel.query, desk.window)
    editor.show()
    names = [box.itemText(row) for box in editor.findChildren(QComboBox) for row in range(box.count())]
    assert "Branche" in names
    assert editor._read() == tree
    editor.reject()
    assert leads


def test_a_cell_is_edited_as_any_other(desk: Desk, fields: OwnFields, film: int) -> None:
    made = fields.create(Entity.LEAD, OwnKind.DAY, "Pitch", in_list=True)
    key = fields.get(made).key
    desk.choose(film)
    go(desk, key)
    type_(desk, "15.3.27")
    QTest.keyClick(line(desk), Key.Key_Return)
    assert desk.lead(film).own == {made: date(2027, 3, 15)}
    desk.choose(film)
    go(desk, key)
    type_(desk, "irgendwann")
    QTest.keyClick(line(desk), Key.Key_Return)
    assert editing(desk).line is not None  # it stays, with the reason
    QTest.keyClick(line(desk), Key.Key_Escape)
    assert desk.lead(film).own == {made: date(2027, 3, 15)}


def test_the_form_asks_for_what_is_required(desk: Desk, fields: OwnFields, film: int) -> None:
    flag = fields.create(Entity.LEAD, OwnKind.FLAG, "NDA", required=True, help="Unterschrieben?")
    text = fields.create(Entity.LEAD, OwnKind.MAIL, "Rechnung an")
    form = LeadForm(desk.context, read_lead(desk.context, film), desk.window)
    form.show()
    nda, mail = (control.widget for control in form.own.all)
    mail.setText("keine Adresse")  # type: ignore[attr-defined]
    form.save()
    assert form.isVisible()
    assert form._form[fields.get(flag).key].refused
    assert form._form[fields.get(text).key].refused
    nda.setCurrentIndex(2)  # type: ignore[attr-defined]
    mail.setText("re@example.com")  # type: ignore[attr-defined]
    form.save()
    assert not form.isVisible()
    assert desk.lead(film).own == {flag: False, text: "re@example.com"}


def test_a_new_lead_has_what_was_filled_in(desk: Desk, fields: OwnFields, leads: dict[str, int]) -> None:
    made = fields.create(Entity.LEAD, OwnKind.CHOICES, "Kanäle", ["Web", "Print"])
    options = [option.id for option in fields.get(made).options]
    form = LeadForm(desk.context, None, desk.window)
    form.show()
    form.controls.title.setText("Neu")
    form.own.all[0].set_value((options[1],))
    form.save()
    assert form.lead_id is not None
    assert desk.lead(form.lead_id).own == {made: (options[1],)}
    assert leads


def test_the_panel_shows_and_edits_it(desk: Desk, fields: OwnFields, film: int) -> None:
    number = fields.create(Entity.LEAD, OwnKind.NUMBER, "Aufwand")
    choice = fields.create(Entity.LEAD, OwnKind.CHOICE, "Branche", ["Handel", "Industrie"])
    desk.context.office.leads.edit([film], own={number: Decimal(3)})
    own = desk.detail._fields.own
    assert own.rows[number].button.text() == "3"
    own.rows[number].editRequested.emit()
    editor = own.rows[number].editor
    assert isinstance(editor, InPlace)
    editor.edit.setText("1/2")
    editor.edit.editingFinished.emit()
    assert "1/2" in editor.reason
    editor.edit.setText("4,25")
    editor.edit.editingFinished.emit()
    assert desk.lead(film).own[number] == Decimal("4.25")
    own.rows[choice].editRequested.emit()
    box = own.rows[choice].editor
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert desk.lead(film).own[choice] == fields.get(choice).options[1].id
    fields.rename_option(fields.get(choice).options[1].id, "Fertigung")
    assert desk.detail._fields.own.rows[choice].button.text() == "Fertigung"


def test_which_fields_there_are_is_not_read_with_every_lead(
    desk: Desk, fields: OwnFields, film: int, leads: dict[str, int]
) -> None:
    number = fields.create(Entity.LEAD, OwnKind.NUMBER, "Aufwand")
    said = sent(desk.store._reading, lambda: desk.choose(leads["Hosting Bräu"]))
    assert said
    assert not [each for each in said if "AS gone FROM field_option" in each]
    fields.delete(number)
    assert number not in desk.detail._fields.own.rows
    desk.command("undo")
    assert desk.detail._fields.own.rows[number].isVisible()


def test_what_needs_room_is_asked_for_in_a_window(desk: Desk, fields: OwnFields, film: int) -> None:
    made = fields.create(Entity.LEAD, OwnKind.LONG_TEXT, "Briefing", required=True)
    dialog = OwnValueDialog(desk.context, fields.get(made), "alt", desk.window)
    dialog.show()
    dialog.control.widget.setPlainText("  ")  # type: ignore[attr-defined]
    dialog._done()
    assert dialog.isVisible()
    dialog.control.widget.setPlainText("eins\nzwei")  # type: ignore[attr-defined]
    dialog._done()
    assert not dialog.isVisible()
    assert dialog.value == "eins\nzwei"
    assert film


def test_several_leads_get_a_value(desk: Desk, fields: OwnFields, leads: dict[str, int]) -> None:
    made = fields.create(Entity.LEAD, OwnKind.CHOICE, "Branche", ["Handel", "Industrie"])
    ids = list(leads.values())[:3]
    dialog = BulkDialog(desk.context, ids, desk.window)
    dialog.show()
    bulk = dialog.findChild(BulkFields)
    assert bulk is not None
    tick = bulk.ticks[fields.get(made).key]
    box = tick.controls[0]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert tick.box.isChecked()
    assert {id_: put.value for id_, put in bulk.change().own.items()} == {made: fields.get(made).options[0].id}
    dialog.reject()
