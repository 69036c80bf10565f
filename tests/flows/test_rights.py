"""What somebody may not do is disabled and says why, in the whole window, and follows when an owner changes it."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import Lead, User
from app.models.store import Store
from app.ui.detail.panel import DetailPanel
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import add_member

ANNA, BEN, CARLA = 1, 2, 3
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
    assert assign.toolTip() == "Only people with full access can give leads to others."


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
