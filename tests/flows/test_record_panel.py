"""The panel around a list shows any kind of records: here companies, with what is told of them and nothing of leads."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.core.folding import search_key, sort_key
from app.core.i18n import N_, Plural, Text
from app.core.terms import Entity
from app.models.schema import Company
from app.models.store import Store
from app.services.company_list import CompanyQuery, CompanyRow, CompanyTotals
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.context import Context
from app.ui.record_table.facets import Chips, facet_of, past_days
from app.ui.record_table.filter_editor import FilterEditor
from app.ui.record_table.filter_rows import ConditionRow
from app.ui.record_table.grouping import Groupings
from app.ui.record_table.kind import ListKind
from app.ui.record_table.panel import RecordPanel
from app.ui.record_table.tab import RecordTab
from app.ui.tables.cell_edit import Edit
from app.ui.tables.columns import Column
from app.ui.wording import Wording
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import add_company, add_lead


def _rename(store: Store, company_id: int, name: str) -> None:
    with store.write(Text("Company renamed")) as session:
        company = session.get_one(Company, company_id)
        company.name, company.sort_key, company.search_key = name, sort_key(name), search_key(name)


class Editors:
    """Only the name of a company can be edited."""

    def __init__(self, context: Context) -> None:
        self._store = context.office.store
        self._companies = context.office.company_list

    def edit_of(self, id_: int, key: str) -> Edit | None:
        (row,) = self._companies.rows([id_])
        if key != "name":
            return None
        now = lambda: self._companies.rows([id_])[0].name  # noqa: E731 - one expression
        save = lambda name: _rename(self._store, id_, name)  # noqa: E731 - one expression
        return Edit("Name", row.name, row.name, str, str, now, save, str)

    def why_not(self, id_: int, key: str) -> str:
        return "Nobody types this."


KIND = ListKind(
    Entity.COMPANY,
    lambda context: context.office.company_list,
    Editors,
    {"company.created": facet_of("company.created", past_days)},
    {"companies": Chips((), ("company.created",))},
    Condition("company.person", Op.IS, (None,)),
    Groupings({}, {}),
    concerning=("company", "company_person", "lead"),
    wholly=("lead", "company_person"),
    counted=lambda n: f"{n} companies",
    fitting=lambda n: f"{n} companies fit",
    copied=lambda n: Plural("{n} row copied", "{n} rows copied", n=n),
    exported=lambda n, to: Plural("{n} row copied", "{n} rows copied", n=n),
    choose=N_("Select its leads"),
)


def _columns(wording: Wording) -> tuple[Column[CompanyRow], ...]:
    return (
        Column("name", N_("Name"), lambda row: row.name, sort="name", flex=1),
        Column("open", N_("Volume"), lambda row: wording.base(row.open_volume), sort="open_volume"),
    )


def _figures(wording: Wording, totals: CompanyTotals) -> tuple[Sequence[tuple[str, str]], str]:
    return [("", f"{totals.count} companies"), ("Volume", wording.sum(totals.open_volume))], ""


class CompaniesTab(RecordTab):
    """A tab with a list of companies."""

    panel: RecordPanel[CompanyQuery]

    def __init__(self, context: Context) -> None:
        super().__init__(context, RecordPanel(context, KIND, "Companies", CompanyQuery(), _columns, _figures))
        self.add_chips("companies")
        self.tell_when_empty("No companies yet.", "users")


@pytest.fixture
def companies(store: Store) -> dict[str, int]:
    """Three companies, one with a lead."""
    made = {name: add_company(store, name) for name in ("Müller", "Adler", "Zeiss")}
    add_lead(store, amount=500, company_id=made["Zeiss"])
    with store.maintenance() as connection:
        for name, id_ in made.items():
            connection.exec_driver_sql(
                "INSERT INTO search_doc (entity, row_id, folded) VALUES ('company', ?, ?)"
                " ON CONFLICT (entity, row_id) DO UPDATE SET folded = excluded.folded",
                (id_, search_key(name)),
            )
    return made


@pytest.fixture
def tab(opening: Open, companies: dict[str, int]) -> CompaniesTab:
    """The tab in the window, in front."""
    desk: Desk = opening()
    tab = CompaniesTab(desk.context)
    desk.window.stack.addWidget(tab)
    desk.window.stack.setCurrentWidget(tab)
    tab.activate()
    return tab


def _names(tab: CompaniesTab) -> list[str]:
    model = tab.panel.model
    return [model.cell(row, 0).text for row in range(model.rowCount())]


def _footer(tab: CompaniesTab) -> str:
    return tab.panel._footer._left.accessibleName()


def test_companies_are_shown_sorted_and_counted(tab: CompaniesTab) -> None:
    assert _names(tab) == ["Adler", "Müller", "Zeiss"]
    assert _footer(tab) == " 3 companies, Volume €500"

    tab.panel.ask(sort="open_volume", descending=True)
    assert _names(tab)[0] == "Zeiss"
    assert tab.panel.model.cell(0, 1).text == "€500"


def test_typing_narrows_them(tab: CompaniesTab) -> None:
    tab.panel.filter.setText("muel")
    assert _names(tab) == ["Müller"]
    tab.panel.widen()
    assert len(_names(tab)) == 3


def test_a_name_is_edited_in_its_cell_and_the_list_follows(tab: CompaniesTab, companies: dict[str, int]) -> None:
    tab.panel.go_to(companies["Adler"])
    assert tab.panel.editing.begin()
    line = tab.panel.editing.line
    assert line is not None
    line.setText("Zorro")
    QTest.keyClick(line, Qt.Key.Key_Return)

    assert _names(tab) == ["Müller", "Zeiss", "Zorro"]
    assert tab.selected_ids() == [companies["Müller"]]  # Enter goes on to what was the next one


def test_what_cannot_be_edited_says_why(tab: CompaniesTab) -> None:
    tab.panel.view.go_to_cell(tab.panel.model.ids[0], 1)
    tab.panel.editing.ask()
    assert tab.panel.editing.said == "Nobody types this."


def test_a_lead_changes_the_row_of_its_company(tab: CompaniesTab, store: Store, companies: dict[str, int]) -> None:
    add_lead(store, amount=70, company_id=companies["Adler"])

    assert tab.panel.model.cell(0, 1).text == "€70"
    assert _names(tab) == ["Adler", "Müller", "Zeiss"]


def test_a_new_company_comes_and_a_deleted_one_goes(tab: CompaniesTab, store: Store, companies: dict[str, int]) -> None:
    add_company(store, "Biber")
    assert _names(tab) == ["Adler", "Biber", "Müller", "Zeiss"]

    with store.write(Text("Company deleted")) as session:
        session.get_one(Company, companies["Zeiss"]).deleted_at = store.clock.now()
    assert _names(tab) == ["Adler", "Biber", "Müller"]


def test_the_editor_offers_the_fields_of_companies(tab: CompaniesTab) -> None:
    editor = FilterEditor(tab.context, KIND, tab.panel.query)
    (row,) = editor.findChildren(ConditionRow)
    offered = [row._field.itemText(place) for place in range(row._field.count())]

    assert row.field == "company.person"
    assert offered[:4] == ["Responsible", "Kind of company", "Tag", "People"]
    assert offered[-3:] == ["Archived", "Name", "Text"]
    assert editor._count.text() == "3 companies fit"
    editor.deleteLater()


def test_a_chip_narrows_them_and_is_kept_in_a_view(tab: CompaniesTab) -> None:
    tree = Condition("company.created", Op.PAST, (7,))
    tab.narrowing.put("company.created", tree)
    assert tab.panel.query.filter == tree
    state = tab.panel.save_state()
    tab.panel.widen()

    tab.panel.restore_state(state)
    assert tab.panel.query.filter == tree
    assert tab.narrowing.held("company.created") == tree


def test_a_filter_of_leads_does_not_come_into_the_list(tab: CompaniesTab) -> None:
    kept: dict[str, Any] = {"filter": {"field": "title", "op": "contains", "values": ["x"]}, "sort": ["weighted", True]}
    tab.panel.restore_state(kept)

    assert tab.panel.query == CompanyQuery()
    assert len(_names(tab)) == 3


def test_a_menu_adds_what_is_not_among_the_chips(tab: CompaniesTab) -> None:
    menu = tab.narrowing._more
    menu.aboutToShow.emit()
    entries: Callable[[QMenu], list[str]] = lambda menu: [each.text() for each in menu.actions() if each.text()]  # noqa: E731

    assert entries(menu) == ["Created on", "Conditions …"]
