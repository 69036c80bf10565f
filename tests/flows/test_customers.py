"""The tab of customers: companies and people, from the click to the database and back into the list."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import NotFound
from app.core.money import Money
from app.core.terms import CompanyKind, Entity, Status
from app.services.filter_fields import Op
from app.services.own_kinds import OwnKind
from app.services.reach import Point
from app.services.record_filter import Condition
from app.ui.customers.panel import CustomerPanel
from app.ui.customers.tab import CustomersTab
from app.ui.program_tasks import ProgramTasks
from app.ui.record_form.asking import edit_record
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.person import PersonForm
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.services.seen import everything


@pytest.fixture
def desk(opening: Open) -> Desk:
    """The window with two companies and somebody who works for one."""
    desk = opening()
    companies, people = desk.context.office.companies, desk.context.office.people
    adler = companies.create(name="Adler GmbH", kinds=[CompanyKind.CUSTOMER])
    companies.create(name="Biber KG", kinds=[CompanyKind.SUPPLIER])
    people.create(given="Zoe", family="Zander", companies=[(adler, "Inhaberin")])
    return desk


@pytest.fixture
def tab(desk: Desk) -> CustomersTab:
    """The tab in front."""
    found: CustomersTab = desk.window.go_to("customers")
    return found


def _names(tab: CustomersTab) -> list[str]:
    model = tab.panel.model
    return [model.cell(row, 0).text for row in range(model.rowCount())]


def _cell(tab: CustomersTab, row: int, key: str) -> str:
    keys = [column.key for column in tab.panel.model.columns]
    return tab.panel.model.cell(row, keys.index(key)).text


def _go_to(tab: CustomersTab, row: int, key: str) -> None:
    """Show the column, and go to its cell."""
    place = [column.key for column in tab.panel.model.columns].index(key)
    tab.panel.view.header.set_shown(place, True)
    tab.panel.view.go_to_cell(tab.panel.model.ids[row], place)


def _type(tab: CustomersTab, row: int, key: str, text: str) -> None:
    _go_to(tab, row, key)
    assert tab.panel.editing.begin()
    line = tab.panel.editing.line
    assert line is not None
    line.setText(text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_both_lists_stand_behind_a_switch(tab: CustomersTab) -> None:
    assert _names(tab) == ["Adler GmbH", "Biber KG"]
    assert _cell(tab, 0, "kind") == "Customer"
    tab.show_list(Entity.PERSON)
    assert _names(tab) == ["Zoe Zander"]
    assert (_cell(tab, 0, "company"), _cell(tab, 0, "role")) == ("Adler GmbH", "Inhaberin")


def test_the_label_counts_the_companies_that_are_not_archived(desk: Desk, tab: CustomersTab) -> None:
    place = _keys().index("customers")
    assert "2" in desk.window.tab_row.accessibleTabName(place)
    desk.context.office.companies.archive([tab.panel.model.ids[0]])
    assert "1" in desk.window.tab_row.accessibleTabName(place)


def _keys() -> list[str]:
    from app.ui.main_window import TABS

    return [spec.key for spec in TABS]


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("name", "Ahorn AG", "Ahorn AG"), ("kind", "customer, supp", "Customer, Supplier"), ("city", "Köln", "Köln"),
        ("street", "Weg 1", "Weg 1"), ("postcode", "50667", "50667"), ("country", "Deutschland", "DE"),
        ("phone", "0221 123456", "0221 123456"), ("mail", "post@adler.example", "post@adler.example"),
        ("number", "K-7", "K-7"), ("industry", "Bau", "Bau"), ("tags", "Messe, Print", "Messe, Print"),
        ("size", "10 to 49 people", "10 to 49 people"),
    ],
)  # fmt: skip
def test_plain_fields_are_edited_in_their_cells(
    tab: CustomersTab, desk: Desk, key: str, typed: str, shown: str
) -> None:
    _type(tab, 0, key, typed)
    assert _cell(tab, 0, key) == shown

    desk.context.office.history.undo()
    assert _cell(tab, 0, key) != shown


def test_a_birthday_is_typed(tab: CustomersTab) -> None:
    tab.show_list(Entity.PERSON)
    _type(tab, 0, "birthday", "3.4.1980")
    assert "1980" in _cell(tab, 0, "birthday")
    _type(tab, 0, "birthday", "29.2.")
    assert _cell(tab, 0, "birthday").startswith("29")


def test_where_somebody_works_is_typed_while_it_is_one_place(desk: Desk, tab: CustomersTab) -> None:
    tab.show_list(Entity.PERSON)
    before = everything(desk.store)
    _type(tab, 0, "company", "biber kg")
    assert (_cell(tab, 0, "company"), _cell(tab, 0, "role")) == ("Biber KG", "Inhaberin")
    _type(tab, 0, "role", "Beirätin")
    assert (_cell(tab, 0, "company"), _cell(tab, 0, "role")) == ("Biber KG", "Beirätin")
    _type(tab, 0, "company", "")
    assert (_cell(tab, 0, "company"), _cell(tab, 0, "role")) == ("", "")
    _go_to(tab, 0, "role")
    assert not tab.panel.editing.begin()
    for _ in range(3):
        desk.context.office.history.undo()
    assert everything(desk.store) == before
    person = tab.panel.model.ids[0]
    desk.context.office.people.link([person], "Casino am See")
    for key in ("company", "role"):
        _go_to(tab, 0, key)
        assert not tab.panel.editing.begin(), "which of them would be meant?"
        tab.panel.editing.ask()
        assert "form" in tab.panel.editing.said


@pytest.mark.parametrize("key", ["open", "open_volume", "last_contact", "people"])
def test_what_follows_from_others_is_not_typed(tab: CustomersTab, key: str) -> None:
    _go_to(tab, 0, key)
    assert not tab.panel.editing.begin()
    tab.panel.editing.ask()
    assert tab.panel.editing.said


def test_keys_of_leads_are_meant_for_the_companies_in_front(desk: Desk, tab: CustomersTab) -> None:
    lead = desk.context.office.leads.create(title="Bleibt")
    tab.panel.view.selectAll()
    desk.window.actions_["delete"].trigger()

    assert _names(tab) == []
    assert [row.title for row in desk.context.office.lists.rows([lead])] == ["Bleibt"]
    desk.window.actions_["undo"].trigger()
    assert _names(tab) == ["Adler GmbH", "Biber KG"]


def test_the_archive_is_a_chip_away(desk: Desk, tab: CustomersTab) -> None:
    tab.panel.go_to(tab.panel.model.ids[0])
    assert not desk.window.actions_["unarchive"].isEnabled()
    desk.window.actions_["archive"].trigger()
    assert _names(tab) == ["Biber KG"]

    tab.shown.narrowing.put("company.archived", Condition("company.archived", Op.YES))
    assert _names(tab) == ["Adler GmbH"]
    tab.panel.view.selectAll()
    desk.window.actions_["unarchive"].trigger()
    assert _names(tab) == []
    tab.panel.widen()
    assert _names(tab) == ["Adler GmbH", "Biber KG"]


def test_a_record_is_opened_from_anywhere_even_in_the_archive(desk: Desk) -> None:
    company = desk.context.office.companies.create(name="Zebra")
    desk.context.office.companies.archive([company])
    assert desk.window.open_record(Entity.COMPANY, company)
    tab = desk.window.current_tab()
    assert (tab.entity, tab.record_ids()) == (Entity.COMPANY, [company])

    person = desk.context.office.people.create(given="Ben", family="Beispiel")
    assert desk.window.open_record(Entity.PERSON, person)
    assert (tab.entity, tab.record_ids()) == (Entity.PERSON, [person])


def test_leads_are_left_alone_while_customers_are_in_front(desk: Desk, tab: CustomersTab) -> None:
    tab.panel.view.selectAll()
    actions = desk.window.actions_
    assert all(actions[each].isEnabled() for each in ("delete", "filter", "columns", "tags"))
    assert not any(actions[each].isEnabled() for each in ("won", "move", "duplicate", "board"))
    tab.show_list(Entity.PERSON)
    assert not actions["kinds"].isEnabled()


def test_both_lists_are_remembered(desk: Desk, tab: CustomersTab) -> None:
    tab.panel.ask(sort="city", descending=True)
    tab.panel.view.show_sorted("city", True)
    tab.show_list(Entity.PERSON).panel.filter.setText("zoe")
    state = tab.save_state()

    other = CustomersTab(desk.context)
    other.restore_state(state)
    assert other.entity is Entity.PERSON
    assert other.panel.query.text == "zoe"
    assert other.lists[Entity.COMPANY].panel.query.sort == "city"
    other.deleteLater()


@pytest.mark.parametrize("state", [{}, {"company": 3, "person": None, "shown": "lead"}, {"shown": ["person"]}])
def test_what_cannot_be_read_is_not_remembered(desk: Desk, state: dict[str, object]) -> None:
    other = CustomersTab(desk.context)
    other.restore_state(state)
    assert other.entity is Entity.COMPANY
    other.deleteLater()


@pytest.mark.parametrize(("key", "entity"), [(Qt.Key.Key_K, Entity.COMPANY), (Qt.Key.Key_P, Entity.PERSON)])
def test_a_new_record_is_made_by_its_keys_and_shown(desk: Desk, key: Qt.Key, entity: Entity) -> None:
    def fill(form: CompanyForm | PersonForm) -> None:
        (form.name if isinstance(form, CompanyForm) else form.given).setText("Ada")
        form.save()

    in_dialog(fill)
    desk.key(key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    tab = desk.window.current_tab()
    assert isinstance(tab, CustomersTab)
    assert tab.entity is entity
    (record,) = tab.record_ids()
    assert desk.context.office.records.get(entity, record).name == "Ada"
    desk.context.office.history.undo()
    assert "Ada" not in _names(tab)


def test_what_is_chosen_is_edited_in_its_form_and_the_cells_stay(desk: Desk, tab: CustomersTab) -> None:
    def fill(form: CompanyForm) -> None:
        assert form.name.text() == "Biber KG"
        form.industry.setText("Bau")
        form.save()

    tab.panel.view.select_ids([tab.panel.model.ids[1]])
    in_dialog(fill)
    desk.command("edit")
    _go_to(tab, 1, "industry")
    assert _cell(tab, 1, "industry") == "Bau"
    desk.command("edit_cell")
    line = tab.panel.editing.line
    assert line is not None
    assert line.text() == "Bau"
    desk.context.office.history.undo()
    assert _cell(tab, 1, "industry") == ""


def test_from_elsewhere_the_form_opens_and_the_tab_in_front_stays(desk: Desk, tab: CustomersTab) -> None:
    def fill(form: CompanyForm) -> None:
        assert form.name.text() == "Biber KG"
        form.industry.setText("Bau")
        form.save()

    biber = tab.panel.model.ids[1]
    desk.window.go_to("leads")
    in_dialog(fill)
    desk.tasks.records.run_for("edit", Entity.COMPANY, biber)
    assert desk.context.office.records.company(biber).industry == "Bau"
    assert desk.window.front.key == "leads"


def test_who_is_gone_is_not_edited(desk: Desk) -> None:
    with pytest.raises(NotFound):
        edit_record(desk.context, Entity.PERSON, 999)


def test_an_empty_list_offers_the_one_next_step(opening: Open) -> None:
    desk = opening()
    tab = desk.window.go_to("customers")
    asked: list[str] = []
    tab.asked.connect(asked.append)
    empty: Callable[[], object] = tab.shown._empty[3].__str__
    assert empty() == "new_company"
    assert not tab.panel.model.ids


def _told(panel: CustomerPanel) -> str:
    """What the panel says of its record."""
    seen = [each for each in panel.findChildren(QWidget) if each.isVisibleTo(panel)]
    labels = [each.text() for each in seen if isinstance(each, QLabel)]
    return "\n".join([*labels, *(each.accessibleName() for each in seen if isinstance(each, QAbstractButton))])


def test_the_panel_follows_the_list_and_what_changes(desk: Desk, tab: CustomersTab) -> None:
    desk.window.resize(1400, 900)
    office, adler = desk.context.office, tab.panel.model.ids[0]
    lead = office.leads.create(Status.ACTIVE, title="Relaunch <b>", company="Adler GmbH", amount=Money.of(5000, "EUR"))
    office.leads.close([lead], Status.WON)
    tab.panel.view.select_ids([adler])
    panel = tab.findChild(CustomerPanel)
    assert panel is not None
    assert "Inhaberin" in _told(panel)
    assert "Zoe Zander" in _told(panel)
    assert "Relaunch <b> Won" in _told(panel), "words are no markup"
    assert "5,000" in _told(panel)
    office.companies.edit([adler], name="Adler & Söhne GmbH", phones=[Point("work", "0221 123456")])
    assert "Adler & Söhne GmbH" in _told(panel)
    assert "0221 123456 (Work)" in _told(panel)
    opened: list[int] = []
    tab.opened.disconnect()
    tab.opened.connect(opened.append)
    panel.leads.lines.lines[0].click()
    assert opened == [lead]
    office.companies.delete([adler])
    assert "Adler" not in _told(panel)


def test_in_a_narrow_window_the_list_has_all_the_room(desk: Desk, tab: CustomersTab) -> None:
    desk.window.resize(1400, 900)
    tab.panel.view.select_ids([tab.panel.model.ids[0]])
    panel = tab.findChild(CustomerPanel)
    assert panel is not None
    assert panel.isVisibleTo(tab)
    desk.window.resize(920, 700)
    assert not panel.isVisibleTo(tab)


def test_own_fields_are_columns_that_can_be_typed_into(desk: Desk, tab: CustomersTab) -> None:
    fields = desk.context.office.own_fields
    made = fields.create(Entity.COMPANY, OwnKind.CHOICE, "Rechtsform", ["GmbH", "KG"], in_list=True)
    hidden = fields.create(Entity.COMPANY, OwnKind.LONG_TEXT, "Vermerk", in_list=True)
    fields.create(Entity.PERSON, OwnKind.TEXT, "Rufname", in_list=True)
    keys = [column.key for column in tab.panel.model.columns]
    assert [title for title in ("Rechtsform", "Vermerk", "Rufname") if title in _titles(tab)] == [
        "Rechtsform", "Vermerk",
    ]  # fmt: skip
    key = fields.get(made).key
    assert key in keys
    _type(tab, 0, key, "kg")
    assert _cell(tab, 0, key) == "KG"
    _type(tab, 0, key, "AG")  # nothing that is offered
    assert tab.panel.editing.said
    tab.panel.editing.cancel()
    _type(tab, 0, key, "")
    assert _cell(tab, 0, key) == ""
    desk.context.office.history.undo()
    assert _cell(tab, 0, key) == "KG"

    desk.context.office.companies.edit([tab.panel.model.ids[0]], own={hidden: "erste\nzweite"})
    _go_to(tab, 0, fields.get(hidden).key)
    assert not tab.panel.editing.begin()
    tab.panel.editing.ask()
    assert tab.panel.editing.said


@pytest.mark.parametrize(
    ("key", "odd", "fine"),
    [("phone", "12", "0221 4710600"), ("mail", "info@", "info@adler.de"), ("web", "a b", "a.de")],
)
def test_an_odd_way_to_reach_somebody_is_kept_and_warned_of_in_its_cell(
    desk: Desk, tab: CustomersTab, key: str, odd: str, fine: str
) -> None:
    _type(tab, 0, key, odd)
    assert _cell(tab, 0, key) == odd
    assert desk.status().endswith("It is kept as it stands.")
    assert "“Adler GmbH”" in desk.status()
    _type(tab, 0, key, fine)
    assert _cell(tab, 0, key) == fine
    assert "kept" not in desk.status()


@pytest.mark.parametrize("entity", [Entity.COMPANY, Entity.PERSON])
def test_the_settings_begin_with_the_fields_of_the_list_in_front(desk: Desk, tab: CustomersTab, entity: Entity) -> None:
    tab.show_list(entity)
    seen: list[Entity] = []

    def look(dialog: Any) -> None:
        dialog.show_page("own_fields")
        seen.append(dialog.page.entity)

    in_dialog(look)
    ProgramTasks(desk.window, desk.context, lambda _backup: None, lambda _coming: None).run("settings")
    assert seen == [entity]


def test_people_are_sorted_grouped_and_filtered_by_own_fields(desk: Desk, tab: CustomersTab) -> None:
    fields, people = desk.context.office.own_fields, desk.context.office.people
    made = fields.create(Entity.PERSON, OwnKind.FLAG, "Newsletter", in_list=True)
    key = fields.get(made).key
    ada = people.create(given="Ada", family="Adler", own={made: True})
    tab.show_list(Entity.PERSON)
    panel: Any = tab.panel
    panel.ask(sort=key, descending=True)
    assert _names(tab) == ["Ada Adler", "Zoe Zander"]
    panel.group((key,))
    assert [panel.groups.line(group).label.text for group in panel.model.layout_shown.groups] == ["yes", "not given"]
    panel.group(())
    panel.ask(filter=Condition(key, Op.IS, ("yes",)))
    assert list(panel.model.ids) == [ada]
    place = [column.key for column in panel.model.columns].index(key)
    panel.view.go_to_cell(ada, place)
    _type(tab, 0, key, "no")
    assert desk.context.office.person_list.rows([ada])[0].own == {made: False}


def _titles(tab: CustomersTab) -> list[str]:
    return [column.title for column in tab.panel.model.columns]


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_with_the_panel_all_above_the_list_stands_in_one_line(desk: Desk, tab: CustomersTab, width: int) -> None:
    desk.window.resize(width, 900)
    for entity in (Entity.COMPANY, Entity.PERSON):
        tab.show_list(entity).panel.view.selectRow(0)
        assert tab.detail is not None
        assert tab.detail.isVisible()
        bar = tab.panel.bar
        there = [item.widget() for place in range(bar.count()) if (item := bar.itemAt(place)) is not None]
        seen = [widget for widget in there if widget is not None and widget.isVisible()]
        assert len({widget.y() + widget.height() // 2 for widget in seen}) <= 2, "one line, but for half a pixel"
        line = bar.parentWidget()
        assert line is not None
        assert seen[-1].geometry().right() == line.width() - 1
        assert all(one.geometry().right() < other.x() for one, other in pairwise(seen))


@pytest.mark.parametrize(("row", "follows"), [(-1, True), (0, False)])
def test_the_row_one_is_on_stays_in_sight_when_the_list_becomes_lower(
    desk: Desk, tab: CustomersTab, qtbot: QtBot, row: int, follows: bool
) -> None:
    """As when the panel beside it opens, and the chips above it need a second line."""
    for number in range(60):
        desk.context.office.companies.create(name=f"Firma {number}")
    view = tab.panel.view
    seen = range(view.rowAt(0), view.rowAt(view.viewport().height() - view.rowHeight(0)))
    view.selectRow(seen[row])
    QTest.qWait(1)
    scrolled, height = view.verticalScrollBar().value(), view.viewport().height()
    view.setMaximumHeight(view.height() - 2 * view.rowHeight(0))
    qtbot.waitUntil(lambda: view.viewport().height() < height)
    qtbot.waitUntil(lambda: (view.verticalScrollBar().value() > scrolled) == follows)
    bottom = view.visualRect(view.currentIndex()).bottom()
    assert 0 <= bottom < view.viewport().height()
    view.verticalScrollBar().setValue(30 * view.rowHeight(0))  # out of sight it is left there
    view.setMaximumHeight(view.height() - view.rowHeight(0))
    QTest.qWait(1)
    assert view.verticalScrollBar().value() == 30 * view.rowHeight(0)
