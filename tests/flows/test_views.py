"""Saved views: switched, changed, saved, put in order, and told when they refer to what is gone."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from app.core.i18n import Text
from app.models.schema import SavedView
from app.models.store import Store
from app.services import record_filter
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.record_table.view_dialogs import ViewDialog, ViewsDialog
from app.ui.record_table.views_chip import ViewsChip, same
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.stores import add_member

OFFER = Condition("stage", Op.IS, (3,))


def _chip(desk: Desk) -> ViewsChip:
    chip = desk.window.current_tab().views
    assert isinstance(chip, ViewsChip)
    return chip


def _entries(desk: Desk) -> dict[str, Any]:
    menu = _chip(desk).menu()
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def _save_as(desk: Desk, name: str, *, shared: bool = False) -> None:
    def fill(dialog: ViewDialog) -> None:
        assert isinstance(desk.focus(), QLineEdit)
        desk.type(name)
        desk.find(QCheckBox, "For all", dialog).setChecked(shared)
        desk.key(Qt.Key.Key_Return)

    in_dialog(fill)
    desk.command("save_view")


def test_a_view_is_saved_left_and_taken_again(desk: Desk, store: Store) -> None:
    desk.panel.ask(filter=OFFER)
    header = desk.panel.view.header
    header.set_shown([c.key for c in desk.panel.model.columns].index("period"), False)
    desk.panel.view._sort(0, False)
    desk.command("filter")
    desk.type("kampagne")
    _save_as(desk, "Angebote")
    assert _chip(desk).text() == "View: Angebote"
    assert _chip(desk).isChecked()
    assert [view.name for view in desk.context.office.views.all("leads")] == ["Angebote"]

    _entries(desk)["Standard"].trigger()
    assert _chip(desk).text() == "View: Standard"
    assert len(desk.titles()) == 5
    assert desk.panel.filter.text() == ""
    assert desk.panel.query.sort == "weighted"
    assert desk.titles()[0] == "Webshop Müller"
    assert not header.isSectionHidden([c.key for c in desk.panel.model.columns].index("period"))
    assert desk.focus() is desk.panel.view

    _entries(desk)["Angebote"].trigger()
    assert desk.titles() == ["Kampagne Herbst"]
    assert desk.panel.filter.text() == "kampagne"
    assert (desk.panel.query.sort, desk.panel.query.descending) == ("title", False)
    assert header.isSectionHidden([c.key for c in desk.panel.model.columns].index("period"))
    assert desk.window.current_tab().strip.choice == 3


def test_a_view_brings_its_groups_along(desk: Desk) -> None:
    desk.panel.group(("stage",))
    _save_as(desk, "Nach Stufe")
    assert _chip(desk).text() == "View: Nach Stufe"
    desk.panel.group(())
    assert _chip(desk).text() == "View: Nach Stufe · changed"
    _entries(desk)["Discard changes"].trigger()
    assert desk.panel.query.group == ("stage",)
    _entries(desk)["Standard"].trigger()
    assert desk.panel.query.group == ()


def test_a_view_is_taken_with_the_board_in_front(desk: Desk) -> None:
    desk.panel.ask(filter=OFFER)
    _save_as(desk, "Angebote")
    _entries(desk)["Standard"].trigger()
    desk.command("board")
    _entries(desk)["Angebote"].trigger()
    assert desk.panel.query.filter == OFFER
    desk.command("board")
    assert desk.titles() == ["Kampagne Herbst"]


def test_what_is_changed_is_marked_saved_or_discarded(desk: Desk) -> None:
    desk.panel.ask(filter=OFFER)
    _save_as(desk, "Angebote")
    assert not _entries(desk)["Save changes"].isEnabled()
    desk.panel.view.header.widen(0, 40)
    assert _chip(desk).text() == "View: Angebote · changed"
    assert _chip(desk).accessibleName() == "View: Angebote · changed"
    _entries(desk)["Discard changes"].trigger()
    assert _chip(desk).text() == "View: Angebote"
    desk.panel.ask(filter=None)
    assert _chip(desk).text() == "View: Angebote · changed"
    _entries(desk)["Save changes"].trigger()
    assert _chip(desk).text() == "View: Angebote"
    assert desk.context.office.views.all()[0].definition["filter"] is None
    desk.command("undo")
    assert _chip(desk).text() == "View: Angebote · changed"
    desk.command("redo")
    assert _chip(desk).text() == "View: Angebote"


def test_a_view_survives_a_restart_and_a_new_order_of_columns(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    desk.panel.ask(filter=OFFER)
    desk.panel.view.header.moveSection(0, 2)
    _save_as(desk, "Angebote")
    desk.panel.view.header.widen(1, 30)
    desk.window.close()
    again = opening()
    assert _chip(again).text() == "View: Angebote · changed"
    assert again.titles() == ["Kampagne Herbst"]
    _entries(again)["Discard changes"].trigger()
    assert again.panel.view.header.logicalIndex(2) == 0
    again.window.close()
    assert _chip(opening()).text() == "View: Angebote"


def test_a_name_that_is_there_is_refused_at_its_field(desk: Desk) -> None:
    _save_as(desk, "Meine")

    def fill(dialog: ViewDialog) -> None:
        desk.type("meine")
        desk.press("Save", dialog)
        assert "already" in dialog._form["name"].said
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    in_dialog(fill)
    desk.command("save_view")
    assert len(desk.context.office.views.all()) == 1
    assert _chip(desk).text() == "View: Meine"


def test_views_are_renamed_ordered_shared_and_deleted(desk: Desk) -> None:
    views = desk.context.office.views
    for name in ("Eins", "Zwei"):
        _save_as(desk, name)

    def work(dialog: ViewsDialog) -> None:
        page = dialog._page
        page.view.go_to(views.all()[0].id)
        page.view.setFocus()
        QTest.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert [view.name for view in views.all()] == ["Zwei", "Eins"]
        assert page.model.setData(page.model.index(0, 0), "Neu")
        assert not page.model.setData(page.model.index(0, 0), "eins")
        assert "already" in page.problem.text()
        page.view.go_to(views.all()[0].id)
        desk.press("For all or only for me", dialog)
        assert [view.shared for view in views.all()] == [True, False]
        page.view.go_to(views.all()[1].id)
        desk.press("Delete", dialog)
        assert [view.name for view in views.all()] == ["Neu"]

    in_dialog(work)
    desk.command("views")
    assert _chip(desk).text() == "View: Neu", "the chip follows the name"
    assert "Neu (for all)" in _entries(desk)


def test_a_view_that_is_deleted_is_the_current_one_no_more(desk: Desk) -> None:
    desk.panel.ask(filter=OFFER)
    _save_as(desk, "Angebote")
    desk.context.office.views.delete(desk.context.office.views.all()[0].id)
    assert _chip(desk).text() == "View: Standard"
    assert desk.titles() == ["Kampagne Herbst"], "what is seen stays"
    _entries(desk)["Discard changes"].trigger()
    assert len(desk.titles()) == 5


def test_other_members_do_not_see_ones_own_views(opening: Open, store: Store, leads: dict[str, int]) -> None:
    desk = opening()
    _save_as(desk, "Meine")
    _save_as(desk, "Unsere", shared=True)
    desk.window.close()
    store.actor_id = add_member(store, "Berta", "B")
    again = opening()
    assert "Meine" not in _entries(again)
    assert "Unsere (for all)" in _entries(again)


def test_what_a_view_refers_to_and_is_gone_is_told(desk: Desk) -> None:
    desk.panel.ask(filter=OFFER)
    _save_as(desk, "Angebote")
    _entries(desk)["Standard"].trigger()
    desk.context.office.stages.delete(3, 1)
    _entries(desk)["Angebote"].trigger()
    assert len(desk.titles()) == 5
    assert "Angebot" in desk.status()
    assert "narrows the list no more" in desk.status()
    assert not desk.reports


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("{", "damaged"), ('{"filter": {"field": "x"}}', "not understood"),
        ('{"filter": 7, "text": {}}', "not understood"),
        ('{"columns": 7, "sort": "x", "seen": [[1]]}', ""), ('{"columns": [[1], null, ["title", -4, 1]]}', ""),
    ],
)  # fmt: skip
def test_a_damaged_view_does_no_harm(desk: Desk, store: Store, definition: str, said: str) -> None:
    view_id = desk.context.office.views.create("leads", "Kaputt", {})
    with store.write(Text("x")) as session:
        session.get_one(SavedView, view_id).definition = definition
    _entries(desk)["Kaputt"].trigger()
    assert len(desk.titles()) == 5
    assert said in desk.status()
    assert not desk.reports


def test_every_list_has_its_own_views(desk: Desk) -> None:
    desk.window.go_to("closed")
    desk.press("Won")
    _save_as(desk, "Gewonnene")
    _entries(desk)["Standard"].trigger()
    assert desk.find(QPushButton, "All").isChecked()
    _entries(desk)["Gewonnene"].trigger()
    assert desk.find(QPushButton, "Won").isChecked()
    desk.window.go_to("potential")
    assert "Gewonnene" not in _entries(desk)


@pytest.mark.parametrize("kept", ['{"view": 99}', '{"view": 1}', '{"view": "x"}', '{"view": [1]}', '{"view": true}'])
def test_a_view_that_is_none_of_the_list_is_forgotten(opening: Open, leads: dict[str, int], kept: str) -> None:
    first = opening()
    assert first.context.office.views.create("closed", "Gewonnene", {}) == 1
    first.window.close()
    first.window.memory.setValue("tab/leads", kept)
    first.window.memory.sync()
    desk = opening()
    assert _chip(desk).text() == "View: Standard"
    assert len(desk.titles()) == 5


def test_a_long_name_is_cut_on_the_chip_alone(desk: Desk) -> None:
    _save_as(desk, "Alles & noch viel mehr, was niemand lesen mag")
    assert _chip(desk).text().startswith("View: Alles && noch")
    assert len(_chip(desk).text()) < 40
    assert "Alles && noch viel mehr, was niemand lesen mag" in _entries(desk)
    assert _chip(desk).findChildren(QLabel) == []


def test_what_happens_to_columns_is_no_change() -> None:
    meant = {
        "columns": [["title", 0, True], ["stage", 0, True]],
        "text": "",
        "filter": None,
        "seen": [["title", 5, True]],
    }
    now = {**meant, "seen": [], "columns": [["title", 0, True], ["new", 0, True], ["stage", 0, True]]}
    assert same(now, meant)
    assert not same({**now, "columns": [["stage", 0, True], ["title", 0, True]]}, meant)
    assert not same({**now, "group": ["stage"]}, meant)
    assert same({**now, "group": []}, meant)
    assert not same({**now, "filter": record_filter.plain(OFFER)}, meant)
