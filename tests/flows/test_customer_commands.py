"""What is done with chosen companies and people: changed together, pasted, exported, merged, a lead made of them."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from app.core.money import Money
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, ReachLabel, Size, Status
from app.services.contact_files.draft import Kind
from app.services.contact_files.pasted import read_contacts
from app.services.contact_files.plan import Choice, plan_read
from app.services.filter_fields import Op
from app.services.lead_list import ListQuery
from app.services.record_filter import Condition
from app.ui.bulk.dialog import BulkDialog
from app.ui.commands import EMPTY_RECORD_MENU, RECORD_MENU
from app.ui.contact_files.exporting import ContactExportDialog
from app.ui.contact_files.pasting import ContactPasteDialog
from app.ui.customers.tab import CustomersTab
from app.ui.duplicates.dialog import DuplicatesDialog
from app.ui.duplicates.merge import MOST, MergeDialog
from app.ui.lead_form.dialog import LeadForm
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.services.seen import everything


def filled(desk: Desk) -> CustomersTab:
    """The tab in front, with three companies and somebody who works for two of them."""
    companies, people = desk.context.office.companies, desk.context.office.people
    ids = [
        companies.create(name="Adler GmbH", kinds=[CompanyKind.CUSTOMER], industry="Bau", tags=["Messe"]),
        companies.create(name="Adler", number="K-7"),
        companies.create(name="=Biber"),
    ]
    people.create(given="Zoe", family="Zander", companies=[(ids[0], "Inhaberin"), (ids[2], "")])
    tab: CustomersTab = desk.window.go_to("customers")
    return tab


@pytest.fixture
def tab(desk: Desk) -> CustomersTab:
    return filled(desk)


def choose(tab: CustomersTab, *names: str) -> None:
    rows = {row.name: row.id for row in tab.panel.kind.lists(tab.context).rows(list(tab.panel.model.ids))}
    tab.panel.view.select_ids([rows[name] for name in names])


def names(tab: CustomersTab) -> list[str]:
    return [row.name for row in tab.panel.kind.lists(tab.context).rows(list(tab.panel.model.ids))]


def clip(text: str) -> None:
    data = QMimeData()
    data.setText(text)
    QApplication.clipboard().setMimeData(data)


def test_several_are_changed_in_the_window_of_the_leads(desk: Desk, tab: CustomersTab) -> None:
    choose(tab, "Adler GmbH", "=Biber")

    def change(dialog: BulkDialog) -> None:
        assert dialog.windowTitle() == "Edit 2 companies"
        box = dialog.fields.ticks["kinds"].controls[1]
        assert isinstance(box, QCheckBox)
        box.click()
        dialog.look()
        dialog.do.click()

    in_dialog(change)
    desk.command("bulk_edit")
    assert [row.kinds for row in desk.context.office.company_list.rows([1, 2, 3])] == [
        (CompanyKind.SUPPLIER,), (), (CompanyKind.SUPPLIER,),
    ]  # fmt: skip
    assert desk.status().startswith("2 companies changed: Kind of company")
    desk.command("undo")
    assert desk.context.office.company_list.rows([1])[0].kinds == (CompanyKind.CUSTOMER,)


def test_leads_are_no_part_of_it(desk: Desk, tab: CustomersTab) -> None:
    lead = desk.context.office.leads.create(title="Bleibt")
    before = desk.lead(lead)
    choose(tab, "Adler")

    def archive(dialog: BulkDialog) -> None:
        dialog.fields.ticks["archived"].box.click()
        dialog.look()
        dialog.do.click()

    in_dialog(archive)
    desk.command("bulk_edit")
    assert names(tab) == ["=Biber", "Adler GmbH"]
    assert desk.lead(lead) == before


def test_the_list_is_written_as_it_is_shown_and_the_other_columns_behind(opening: Open, tmp_path: Path) -> None:
    desk = opening(("save_file", "Export the list", tmp_path / "a.csv"), ("save_file", "Export the list", None))
    tab = filled(desk)
    tab.panel.ask(sort="name", descending=True, filter=Condition("company.kind", Op.IS_NOT, ("supplier",)))
    keys = [column.key for column in tab.panel.model.columns]
    tab.panel.view.header.set_shown(keys.index("phone"), False)
    desk.command("export")
    head, *rows = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert head.startswith("Company;Kind;Town;E-mail;Active leads")
    assert {"Telephone", "Street and number", "Postal code", "Town", "Country"} < set(head.split(";"))
    assert [row.split(";")[:2] for row in rows] == [["Adler GmbH", "Customer"], ["Adler", ""], ["'=Biber", ""]]
    assert desk.status().startswith("3 companies exported to a.csv")
    desk.command("export")
    assert desk.status().startswith("3 companies exported"), "nothing follows where no file was chosen"


def test_chosen_people_are_written_as_a_list_and_as_contacts(opening: Open, tmp_path: Path) -> None:
    desk = opening(
        ("save_file", "Export the list", tmp_path / "p.csv"), ("save_file", "Export contacts", tmp_path / "p.vcf")
    )
    tab = filled(desk)
    tab.context.office.people.create(given="Nicht", family="Dabei")
    tab.show_list(Entity.PERSON)
    choose(tab, "Zoe Zander")
    desk.command("export_chosen")
    assert [line.split(";")[0] for line in (tmp_path / "p.csv").read_text("utf-8-sig").splitlines()] == [
        "Name", "Zoe Zander",
    ]  # fmt: skip

    def save(dialog: ContactExportDialog) -> None:
        assert not dialog.who.isVisible()
        dialog._save()

    in_dialog(save)
    desk.command("export_cards")
    written = (tmp_path / "p.vcf").read_text("utf-8")
    assert (written.count("BEGIN:VCARD"), "FN:Zoe Zander" in written) == (1, True)


def test_two_that_are_one_are_put_into_one(desk: Desk, tab: CustomersTab) -> None:
    before = everything(desk.store)
    choose(tab, "Adler GmbH", "Adler")

    def merge(dialog: MergeDialog) -> None:
        assert dialog.windowTitle() == "Merge companies"
        dialog.do.click()

    in_dialog(merge)
    desk.command("merge")
    assert names(tab) == ["=Biber", "Adler GmbH"]
    (row,) = desk.context.office.company_list.rows([1])
    assert (row.number, row.industry, row.tags) == ("K-7", "Bau", ("Messe",))
    desk.command("undo")
    assert everything(desk.store) == before


def test_duplicates_are_looked_for_among_those_in_front(desk: Desk, tab: CustomersTab) -> None:
    seen: list[str] = []

    def look(dialog: DuplicatesDialog) -> None:
        seen.append(dialog.kinds.currentData())
        dialog.reject()

    for entity in (Entity.PERSON, Entity.COMPANY):
        tab.show_list(entity)
        in_dialog(look)
        desk.command("duplicates")
    assert seen == ["person", "company"]


def test_more_than_anybody_can_compare_are_not_merged(desk: Desk, tab: CustomersTab) -> None:
    for n in range(MOST):
        desk.context.office.companies.create(name=f"Firma {n}")
    before = everything(desk.store)
    tab.panel.view.selectAll()
    desk.command("merge")
    assert desk.said().startswith("So many cannot be compared at once")
    assert everything(desk.store) == before


def test_a_lead_begins_with_whom_it_is_made_for(desk: Desk, tab: CustomersTab, qtbot: QtBot) -> None:
    choose(tab, "Adler GmbH")
    seen: list[tuple[str, str]] = []

    def look(form: LeadForm) -> None:
        seen.append((form.controls.company.text(), form.controls.person.text()))
        form.controls.title.setText("Anbau")
        form.save()

    in_dialog(look)
    desk.command("record_lead")
    lead = desk.lead(max(desk.context.office.lists.ids(ListQuery())))
    assert (lead.title, lead.company) == ("Anbau", "Adler GmbH")
    qtbot.waitUntil(lambda: desk.panel.selected_ids() == [lead.id])
    tab = desk.window.go_to("customers")
    tab.show_list(Entity.PERSON)
    choose(tab, "Zoe Zander")

    def leave(form: LeadForm) -> None:
        seen.append((form.controls.company.text(), form.controls.person.text()))
        form.reject()

    in_dialog(leave)
    desk.command("record_lead")
    assert seen == [("Adler GmbH", ""), ("Adler GmbH", "Zoe Zander")]
    assert desk.context.office.person_list.rows([1])[0].open == 0


def test_a_table_is_pasted_once_one_has_seen_what_it_becomes(desk: Desk, tab: CustomersTab) -> None:
    before = everything(desk.store)
    clip("Firma\tArt\tOrt\tUmsatz\nNeu AG\tKunde\tKöln\t1\nAdler GmbH\tLieferant\t\t2\nX\tFreund\t\t3\n")

    def look(dialog: ContactPasteDialog) -> None:
        assert dialog.windowTitle() == "Paste companies"
        assert everything(desk.store) == before, "nothing is written before it is agreed to"
        assert dialog._counts.text() == "1 new company · 1 to be filled in"
        model: Any = dialog.refusals.model
        assert [(row.refusal.line, str(row.refusal.why)) for row in model.rows] == [
            (1, "Columns that are not read: Umsatz"), (4, "Art: “Freund” is no kind of company."),
        ]  # fmt: skip
        dialog._do.click()

    tab.panel.view.setFocus()
    in_dialog(look)
    desk.command("paste")
    assert names(tab) == ["=Biber", "Adler", "Adler GmbH", "Neu AG"]
    assert desk.context.office.company_list.rows([1])[0].kinds == (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER)
    desk.command("undo")
    assert everything(desk.store) == before


def test_what_was_copied_is_pasted_as_it_was(desk: Desk, tab: CustomersTab) -> None:
    tab.context.office.companies.edit([1], user_id=1, addresses=[])
    choose(tab, "Adler GmbH", "=Biber")
    desk.command("copy")
    desk.context.office.companies.delete([1, 2, 3])
    tab.panel.view.setFocus()
    in_dialog(lambda dialog: dialog._do.click())
    desk.command("paste")
    rows = {row.name: row for row in desk.context.office.company_list.rows(list(tab.panel.model.ids))}
    assert set(rows) == {"Adler GmbH", "=Biber"}
    assert rows["Adler GmbH"].kinds == (CompanyKind.CUSTOMER,)
    assert rows["Adler GmbH"].user == "Anna Kern"


@pytest.mark.parametrize("text", ["", "Adler\0", "Ort\tLand\nKöln\tDE\n", "\t".join(["x"] * 1000)])
def test_what_is_no_table_of_customers_is_said(desk: Desk, tab: CustomersTab, text: str) -> None:
    before = everything(desk.store)
    tab.panel.view.setFocus()
    clip(text)
    told: list[str] = []

    def look(dialog: ContactPasteDialog) -> None:
        told.append(dialog._note.text())
        assert not dialog._do.isEnabled()
        dialog.reject()

    if text in ("", "Adler\0"):
        desk.command("paste")
        told.append(desk.said())
    else:
        in_dialog(look)
        desk.command("paste")
    assert all(told)
    assert everything(desk.store) == before


def test_commands_hold_for_what_is_chosen(desk: Desk, tab: CustomersTab) -> None:
    actions = desk.window.actions_

    def able() -> set[str]:
        return {each for each in (*RECORD_MENU, *EMPTY_RECORD_MENU) if each != "-" and actions[each].isEnabled()}

    always = {"paste", "select_all", "export", "filter", "group", "columns", "copy", "new_company", "new_person"}
    tab.panel.view.clearSelection()
    tab.panel.view.setCurrentIndex(tab.panel.model.index(-1, -1))
    desk.tasks._records.mark()
    assert able() == always
    choose(tab, "Adler")
    of_some = {"open", "edit", "edit_cell", "bulk_edit", "note", "assign", "tags", "export_chosen", "export_cards",
               "archive", "delete"}  # fmt: skip
    of_companies = {"kinds", "record_step", "record_finish", "record_later"}
    of_one = {"record_lead", "record_call", "record_mail", "record_person"}
    assert able() == always | of_some | of_one | of_companies
    choose(tab, "Adler", "=Biber")
    assert able() == always | of_some | of_companies | {"merge"}
    tab.show_list(Entity.PERSON)
    choose(tab, "Zoe Zander")
    assert able() == always | of_some | of_one
    desk.window.go_to("leads")
    assert not {"merge", "record_lead", "export_chosen", "export_cards", "kinds", "archive"} & able()


def test_a_view_of_companies_keeps_columns_groups_and_filter(desk: Desk, tab: CustomersTab) -> None:
    keys = [column.key for column in tab.panel.model.columns]
    tab.panel.ask(filter=Condition("company.kind", Op.IS, ("customer",)))
    tab.panel.view.header.set_shown(keys.index("industry"), True)
    tab.panel.group(("industry",))

    def save(dialog: Any) -> None:
        desk.type("Kunden nach Branche", enter=True)

    in_dialog(save)
    desk.command("save_view")
    views = tab.shown.views
    (view,) = desk.context.office.views.all("companies")
    assert (view.name, views.current) == ("Kunden nach Branche", view)
    assert not desk.context.office.views.all("people")
    menu = views.menu()
    menu.aboutToShow.emit()
    entries = {action.text(): action for action in menu.actions()}
    entries["Standard"].trigger()
    assert (tab.panel.query.filter, tab.panel.query.group) == (None, ())
    assert tab.panel.view.header.isSectionHidden(keys.index("industry"))
    menu.aboutToShow.emit()
    {action.text(): action for action in menu.actions()}["Kunden nach Branche"].trigger()
    assert tab.panel.query.group == ("industry",)
    assert not tab.panel.view.header.isSectionHidden(keys.index("industry"))
    assert names(tab) == ["Adler GmbH"]


def test_heads_of_groups_count_and_sum_what_is_in_them(desk: Desk, tab: CustomersTab) -> None:
    leads = desk.context.office.leads
    leads.create(Status.ACTIVE, title="Shop", company="Adler GmbH", amount=Money.of(100, "EUR"))
    leads.create(Status.ACTIVE, title="Film", company="=Biber", amount=Money.of(50, "EUR"))
    tab.panel.group(("kind",))
    lines = [tab.panel.groups.line(group) for group in groups(tab)]
    assert [(line.label.text, line.count.text) for line in lines] == [("Customer", "1"), ("not given", "2")]
    assert [line.sums["open_volume"].text for line in lines] == ["100.00", "50.00"]
    tab.panel.group(("kind", "city"))
    assert [group.count for group in groups(tab)] == [1, 1, 2, 2]
    people = tab.show_list(Entity.PERSON).panel
    people.group(("company",))
    assert [people.groups.line(group).label.text for group in groups(tab)] == ["Adler GmbH"]


def groups(tab: CustomersTab) -> Any:
    layout = tab.panel.model.layout_shown
    assert layout is not None
    return layout.groups


def test_the_list_is_worked_with_by_keys_alone(desk: Desk, tab: CustomersTab) -> None:
    view = tab.panel.view
    view.setFocus()
    choose(tab, "Adler")
    view.go_to_cell(tab.panel.selected_ids()[0], 0)
    desk.key(Qt.Key.Key_F2)
    assert tab.panel.editing.line is not None
    desk.key(Qt.Key.Key_Escape)
    desk.type("N")  # begins to type over what is there
    line = tab.panel.editing.line
    assert line is not None
    assert line.text() == "N"
    desk.type("eu")
    desk.key(Qt.Key.Key_Return)
    assert "Neu" in names(tab)
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Adler" in names(tab)
    choose(tab, "Adler")
    view.setFocus()
    desk.key(Qt.Key.Key_Delete)
    assert "Adler" not in names(tab)


def test_what_was_written_of_companies_and_people_is_read_again_whole(opening: Open, tmp_path: Path) -> None:
    desk = opening(
        ("save_file", "Export the list", tmp_path / "a.csv"), ("save_file", "Export the list", tmp_path / "b")
    )
    office, home = (
        desk.context.office,
        Place(ReachLabel.WORK, "Mühlengasse 4", "Hinterhaus", "50667", "Köln", "NRW", "DE"),
    )
    tab = filled(desk)
    office.companies.create(
        name="Korn, Mehl & Co.", addresses=[home], tags=["Messe", "a, b"], user_id=1, number="K-9",
        kinds=[CompanyKind.CUSTOMER, CompanyKind.SUPPLIER], industry="Mühle", size=Size.FEW,
    )  # fmt: skip
    office.people.create(given="Anna", family="Korn", prefix="Dr.", addresses=[home], salutation="ms", tags=["Messe"])
    for entity, name in ((Entity.COMPANY, "a.csv"), (Entity.PERSON, "b")):
        tab.show_list(entity)
        desk.command("export")
        kind: Kind = "company" if entity is Entity.COMPANY else "person"
        found = read_contacts(desk.store, kind, (tmp_path / name).read_text("utf-8-sig"), "", name)
        plan = plan_read(desk.store, found)
        assert {str(each.why) for each in plan.refused if each.whole} == set()
        drafts = {each.draft.name: each.draft for each in plan.cards}
        draft = drafts["Korn, Mehl & Co." if entity is Entity.COMPANY else "Anna Korn"]
        assert (draft.number, draft.prefix) == (("K-9", "") if entity is Entity.COMPANY else ("", "Dr."))
        (place,) = draft.addresses
        assert (place.street, place.extra, place.postcode, place.city, place.region, place.country) == (
            home.street, home.extra, home.postcode, home.city, home.region, home.country,
        )  # fmt: skip
        assert set(draft.tags) == ({"Messe", "a, b"} if entity is Entity.COMPANY else {"Messe"})
        assert {each.proposed for each in plan.cards} == {Choice.SKIP}, "nothing is new"
