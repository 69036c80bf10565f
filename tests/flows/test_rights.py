"""What somebody may not do is disabled and says why, in the whole window, and follows when an owner changes it."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMenu, QWidget

from app.core.calendar import month_number
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.money import Money
from app.core.roles import Role
from app.core.settings import ENOUGH_YOUNG
from app.models.schema import Lead, User
from app.models.store import Store
from app.services.bulk_plan import Put
from app.services.goals import Goals, GoalSpan
from app.services.rhythm import OverdueRhythms
from app.services.team import AbsenceKind, Team
from app.ui.bulk.dialog import BulkDialog
from app.ui.detail.panel import DetailPanel
from app.ui.record_table.facets import choices
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.locked import Lock
from app.ui.tables.empty import EmptyState
from app.ui.timeline.composer import Composer
from app.ui.widgets.field_row import FieldValue
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.stores import TODAY, add_lead, add_member, add_step

ANNA, BEN, CARLA = 1, 2, 3
GIVES = "Only people with full access can give leads and customers to others."
LOOKS = "You may look at everything, but change nothing."


@pytest.fixture
def team(store: Store, leads: dict[str, int]) -> dict[str, int]:
    """Anna owns all; Ben sees two leads and an idea that are his, Carla only reads."""
    add_member(store, "Ben Roth", "BR")
    add_member(store, "Carla Sand", "CS")
    with store.write(Text("Roles")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
        session.get_one(User, CARLA).role = Role.READER
        for title in ("Film Molkerei", "Hosting Bräu", "Idee App"):
            session.get_one(Lead, leads[title]).user_id = BEN
    return leads


@pytest.fixture
def reader(store: Store, team: dict[str, int], opening: Open) -> Desk:
    """The window of somebody who only reads."""
    store.actor_id = CARLA
    return opening()


@pytest.fixture
def limited(store: Store, team: dict[str, int], opening: Open) -> Desk:
    """The window of somebody who sees some leads."""
    store.actor_id = BEN
    return opening()


def _become(desk: Desk, member: int, role: Role) -> None:
    """An owner changes what somebody may do, from another machine or in a moment's absence."""
    actor, desk.store.actor_id = desk.store.actor_id, ANNA
    with desk.store.write(Text("Role")) as session:
        session.get_one(User, member).role = role
    desk.store.actor_id = actor
    desk.context.allowed.look()


def _button(desk: Desk, words: str) -> QAbstractButton:
    return desk.find(QAbstractButton, words, desk.window.findChild(DetailPanel))


def test_what_changes_something_is_disabled_with_the_reason(reader: Desk, team: dict[str, int]) -> None:
    reader.choose(team["Film Molkerei"])
    actions = reader.window.actions_
    for id_ in ("new_lead", "edit", "won", "delete", "assign", "import", "backup", "merge"):
        assert not actions[id_].isEnabled(), id_
        assert actions[id_].toolTip() == actions[id_].statusTip() == LOOKS
    for id_ in ("open", "copy", "export", "lead_history", "save_view", "settings", "palette"):
        assert actions[id_].isEnabled(), id_
    won = _button(reader, "Won")
    assert not won.isEnabled()
    assert won.toolTip() == won.accessibleDescription() == LOOKS


def test_the_keys_of_what_is_not_allowed_say_why(reader: Desk, team: dict[str, int]) -> None:
    reader.choose(team["Film Molkerei"])
    reader.key(Qt.Key.Key_Delete)
    assert reader.said() == LOOKS
    assert reader.lead(team["Film Molkerei"]).title == "Film Molkerei"


def test_the_palette_shows_what_is_not_allowed_and_says_why(reader: Desk) -> None:
    reader.command("palette")
    reader.type(">delete")
    palette: Any = reader.tasks._palette.palette
    entry = palette.entry()
    assert (entry.enabled, entry.below.text) == (False, LOOKS)
    assert LOOKS in entry.spoken
    reader.key(Qt.Key.Key_Return)
    assert reader.said() == LOOKS
    assert palette.isVisible()
    palette.line.setText("nie gehört")
    assert palette.entry() is None  # where all is found, no new lead is offered
    palette.leave()


def test_buttons_for_several_stand_there_disabled(limited: Desk, team: dict[str, int]) -> None:
    limited.panel.view.selectAll()
    assign, move = limited.find(QAbstractButton, "Responsible …"), limited.find(QAbstractButton, "Move to stage …")
    assert (assign.isEnabled(), move.isEnabled()) == (False, True)
    assert assign.toolTip() == GIVES


def test_it_follows_what_an_owner_decides(reader: Desk, team: dict[str, int]) -> None:
    reader.choose(team["Film Molkerei"])
    _become(reader, CARLA, Role.FULL)
    won = _button(reader, "Won")
    assert won.isEnabled()
    assert (won.toolTip(), won.accessibleDescription()) == ("", "")
    assert reader.window.actions_["won"].isEnabled()
    assert reader.window.actions_["won"].toolTip() != LOOKS
    _become(reader, CARLA, Role.READER)
    assert not won.isEnabled()
    assert not reader.window.actions_["won"].isEnabled()
    reader.key(Qt.Key.Key_Delete)
    assert reader.said() == LOOKS


def test_values_are_read_and_say_why_they_stay(reader: Desk, team: dict[str, int]) -> None:
    reader.choose(team["Film Molkerei"])
    value = next(
        each for each in reader.detail.findChildren(FieldValue) if each.button.accessibleName()[:6] == "Volume"
    )
    assert value.button.isEnabled()  # the keyboard comes to it, to read it
    assert LOOKS in value.button.toolTip()
    value.button.setFocus()
    reader.key(Qt.Key.Key_Return)
    assert value.editor is None
    composer = reader.detail.findChild(Composer)
    assert not composer._form.isEnabled()
    assert composer._form.text.placeholderText() == LOOKS
    _become(reader, CARLA, Role.FULL)
    assert (value.refusal, value.button.accessibleDescription()) == ("", "")
    assert composer._form.isEnabled()
    reader.edit("Volume")
    assert value.editor is not None


def test_only_whose_lead_it_is_stays_for_who_sees_some(limited: Desk, team: dict[str, int]) -> None:
    limited.choose(team["Film Molkerei"])
    refused = {each.button.accessibleName().partition(":")[0] for each in limited.detail.findChildren(FieldValue)
               if each.refusal}  # fmt: skip
    assert refused == {"Responsible"}
    limited.panel.view.go_to_cell(team["Film Molkerei"], _column(limited, "responsible"))
    limited.type("B")
    assert limited.panel.editing.said == GIVES
    limited.panel.view.go_to_cell(team["Film Molkerei"], _column(limited, "title"))
    limited.type("F")
    limited.type("ilm", enter=True)
    assert limited.lead(team["Film Molkerei"]).title == "Film"


def test_cells_say_why_nothing_can_be_typed(reader: Desk, team: dict[str, int]) -> None:
    reader.choose(team["Film Molkerei"])
    reader.type("x")
    assert reader.panel.editing.line is None
    assert reader.panel.editing.said == LOOKS


def test_cards_stay_where_they_are(reader: Desk, team: dict[str, int]) -> None:
    reader.command("board")
    board: Any = reader.window.current_tab().board_switch.board
    board.row.choose([team["Film Molkerei"]], team["Film Molkerei"])
    view = board.row.current.view
    carried: list[object] = []
    view.carried.connect(lambda: carried.append(1))
    view.startDrag(Qt.DropAction.MoveAction)
    assert not carried
    assert reader.said() == f"{LOOKS} An owner can change that in the settings under “Team”."
    board.row.focus_current()
    reader.key(Qt.Key.Key_F2)
    assert view.findChild(QLineEdit) is None
    reader.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert reader.lead(team["Film Molkerei"]).stage == "Vorstellung"
    board.moving.ask_where()
    entries = [each for each in board.findChildren(QMenu)[-1].actions() if each.text()]
    assert entries
    assert not any(each.isEnabled() for each in entries)
    assert not board.row.columns[0].head.words.can_add


def _column(desk: Desk, key: str) -> int:
    return [each.key for each in desk.panel.model.columns].index(key)


def test_a_new_lead_of_who_sees_some_is_his_own(limited: Desk) -> None:
    def fill(dialog: Any) -> None:
        c = dialog.controls
        assert (c.responsible.isEnabled(), c.responsible.currentData()) == (False, BEN)
        assert dialog._form["user_id"].control.toolTip() == GIVES
        c.title.setText("Plakate")
        limited.press("Create lead", dialog)

    in_dialog(fill)
    limited.command("new_lead")
    assert limited.said() == ""
    made = next(
        row for row in limited.context.office.lists.rows(list(limited.panel.model.ids)) if row.title == "Plakate"
    )
    assert made.user_id == BEN


def test_pages_of_lists_are_read_under_a_banner_that_says_why(limited: Desk) -> None:
    dialog = SettingsDialog(limited.context, limited.window, "stages")
    dialog.show()
    lock: Any = dialog.page.findChild(Lock)
    page: Any = dialog.page
    assert lock.banner.isVisible()
    assert not page.entry.isEnabled()
    index = page.model.index(0, 0)
    assert page.view.locked(index) == "Only people with full access can change what all work with."
    assert not page.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.model.rowCount() == 5
    dialog.show_page("appearance")
    assert dialog.page.findChild(Lock) is None
    dialog.show_page("stages")
    _become(limited, BEN, Role.FULL)
    assert lock.banner.isHidden()
    assert page.entry.isEnabled()
    assert page.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    dialog.close()
    dialog.deleteLater()


def test_only_people_whose_leads_are_seen_are_offered(limited: Desk) -> None:
    assert choices(limited.context, "responsible") == [(BEN, "Ben Roth")]
    _become(limited, BEN, Role.FULL)
    assert len(choices(limited.context, "responsible")) == 4


def test_without_leads_it_is_said_which_would_stand_there(limited: Desk, store: Store) -> None:
    limited.panel.view.selectAll()
    limited.command("delete")
    empty = limited.panel.findChild(EmptyState)
    assert empty._message.text() == "Here stand the active leads that are assigned to you. There are none yet."
    assert empty._button.isVisible()


def test_what_was_allowed_a_moment_ago_is_refused_in_a_sentence(limited: Desk, team: dict[str, int]) -> None:
    limited.choose(team["Film Molkerei"])
    limited.context.do(lambda: limited.context.office.leads.assign([team["Film Molkerei"]], ANNA))
    assert limited.said().startswith(GIVES)
    assert limited.lead(team["Film Molkerei"]).user_id == BEN


def test_the_ways_out_of_standing_still_are_disabled_with_the_reason(
    store: Store, team: dict[str, int], opening: Open
) -> None:
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET last_touch_on = 1, stage_since_on = 20700 WHERE status = 'active'")
    store.actor_id = CARLA
    desk = opening(front="overview")
    idle = desk.window.current_tab().idle
    assert idle.selected_ids()
    assert [
        words for words in ("Next step", "Back to contact potential", "Dropped") if _offered(desk, words, idle)
    ] == []
    _become(desk, CARLA, Role.FULL)
    assert _offered(desk, "Dropped", idle)


def test_new_customers_are_made_by_who_may(reader: Desk) -> None:
    reader.window.go_to("customers")
    customers = reader.window.current_tab()
    assert not _offered(reader, "New company", customers)
    reader.press("People", customers)
    assert not _offered(reader, "New person", customers)


def _offered(desk: Desk, words: str, within: QWidget) -> bool:
    """Whether a button can be pressed; one that cannot says why."""
    button = desk.find(QAbstractButton, words, within)
    assert button.isEnabled() or button.accessibleDescription() == LOOKS
    return button.isEnabled()


def test_what_was_done_with_more_rights_is_not_offered_to_be_undone(
    store: Store, team: dict[str, int], opening: Open
) -> None:
    store.actor_id = BEN
    desk = opening()
    desk.choose(team["Film Molkerei"])
    desk.command("delete")
    undo = desk.window.actions_["undo"]
    assert undo.isEnabled()
    _become(desk, BEN, Role.READER)
    assert (undo.isEnabled(), undo.statusTip()) == (False, LOOKS)
    assert "Film Molkerei" in undo.text()
    assert not desk.window.status._undo.isVisible()
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.said() == LOOKS
    _become(desk, BEN, Role.LIMITED)
    assert (undo.isEnabled(), undo.statusTip()) == (True, "")
    desk.command("undo")
    redo = desk.window.actions_["redo"]
    assert redo.isEnabled()
    _become(desk, BEN, Role.READER)
    assert (redo.isEnabled(), redo.statusTip()) == (False, LOOKS)


def test_who_stands_in_finds_what_is_due_of_both_on_the_overview(
    store: Store, team: dict[str, int], opening: Open
) -> None:
    late = add_lead(store, "Überfällig", user_id=ANNA)
    add_step(store, late, TODAY - timedelta(days=1), "Anrufen")
    store.actor_id = BEN
    desk = opening(front="overview")
    assert desk.find(QAbstractButton, "Responsible: myself").isEnabled()
    assert late not in desk.panel.model.ids
    desk.leave()
    store.actor_id = ANNA
    Team(store).add_absence(ANNA, TODAY, TODAY, AbsenceKind.HOLIDAY, deputy_id=BEN)
    store.actor_id = BEN
    assert late in opening(front="overview").panel.model.ids


@pytest.mark.parametrize("tab", ["overview", "forecast"])
def test_what_is_enough_for_all_does_not_measure_the_leads_of_one(
    store: Store, team: dict[str, int], opening: Open, tab: str
) -> None:
    store.actor_id = BEN
    desk = opening(front=tab)
    desk.context.settings[ENOUGH_YOUNG] = 7
    young = _figure(desk, "oung leads")
    assert (young.label, young.sub, young.verdict) == ("Young leads", "in the last 30 days", None)
    assert young.tip == "How many are enough is asked of all leads together, and you see only some of them."
    desk.leave()
    store.actor_id = ANNA
    young = _figure(opening(front=tab), "oung leads")
    assert young.sub.startswith(("No, ", "Yes, ", "Goal: at least "))
    assert young.tip == ""


def _figure(desk: Desk, label: str) -> Any:
    return next(each for each in desk.window.current_tab().cards.figures if label in each.label)


def test_a_menu_says_why_a_command_lacks_what_it_needs(limited: Desk, team: dict[str, int]) -> None:
    actions = limited.window.actions_
    lock = actions["lock"]
    assert not lock.isEnabled()
    assert lock.toolTip() == lock.statusTip() == "Only with a password of your own"
    limited.choose(team["Film Molkerei"])
    assert (actions["reopen"].statusTip(), actions["won"].statusTip()) == ("Only for closed leads", "")
    assert actions["assign"].statusTip() == GIVES, "what is not allowed comes first"
    menus = [menu for menu in limited.window.menuBar().findChildren(QMenu) if menu.title()]
    assert len(menus) > len(limited.window.menuBar().actions()), "those within menus too"
    assert all(menu.toolTipsVisible() for menu in menus)


def test_a_goal_that_is_not_shown_is_not_said_to_be_missing(store: Store, team: dict[str, int], opening: Open) -> None:
    this_year = month_number(TODAY) // 12 * 12
    Goals(store).set(GoalSpan.YEAR, this_year, Money(9_000_000, "EUR"))
    store.actor_id = BEN
    desk = opening(front="forecast")
    goal = _figure(desk, "Revenue goal")
    where = "Whoever sees all leads sees it. For a goal of your own, choose yourself as responsible person."
    assert (goal.value, goal.sub, goal.tip) == ("–", "The team's goal is not shown", where)
    _of_ben(desk)
    goal = _figure(desk, "Revenue goal")
    assert (goal.sub, goal.tip) == ("No goal is set", "")
    desk.leave()
    store.actor_id = ANNA
    Goals(store).set(GoalSpan.YEAR, this_year, Money(1_000_000, "EUR"), BEN)
    store.actor_id = BEN
    desk = opening(front="forecast")
    _of_ben(desk)
    assert _figure(desk, "Revenue goal").sub.startswith("gap ")


def _of_ben(desk: Desk) -> None:
    person = desk.window.current_tab().revenue.person
    assert person.choose(BEN)
    person.chosen.emit(BEN)
    desk.command("refresh")


def test_nobody_stands_in_a_field_of_several_that_may_not_be_changed(limited: Desk, team: dict[str, int]) -> None:
    dialog = BulkDialog(limited.context, [team["Film Molkerei"], team["Hosting Bräu"]])
    tick = dialog.fields.ticks["user_id"]
    people = tick.controls[0]
    assert isinstance(people, QComboBox)
    assert (tick.isEnabled(), people.isEnabled(), people.currentText()) == (False, False, "")
    assert tick.toolTip() == tick.accessibleDescription() == GIVES
    _become(limited, BEN, Role.FULL)
    assert people.isEnabled()
    tick.box.setChecked(True)
    with pytest.raises(InvalidInput):  # nobody was chosen, which is not the same as "Nobody"
        tick.value()
    people.setCurrentIndex(people.findText("Carla Sand"))
    assert tick.value() == Put(CARLA)
    dialog.done(0)
    dialog.deleteLater()


@pytest.mark.parametrize(("actor", "said"), [(BEN, "2 are due, as far as you see"), (ANNA, "2 are due")])
def test_who_sees_some_contacts_is_told_that_others_may_have_called(
    store: Store, team: dict[str, int], opening: Open, actor: int, said: str
) -> None:
    store.actor_id = actor
    card = opening(front="overview").window.current_tab().touch
    card.show_overdue(OverdueRhythms(rows=(), due=2, late=0, asked=True))
    assert card._sum.text() == said
