"""The settings of a team of three, and hands to change them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.roles import Role
from app.models.store import Store
from app.services.team import Colleague, Team
from app.ui.context import Context
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.team import TeamPage
from app.ui.widgets.choice_box import ChoiceBox

ANNA, BEN, CARLA = 1, 2, 3
DAY = timedelta(days=1)
HOSTILE = "<b>'); DROP TABLE member;--\u202e 🜁"


@pytest.fixture
def team(store: Store) -> Team:
    """Anna, who owns it, Ben, who has full access, and Carla, who is limited."""
    store.actor_id = ANNA
    made = Team(store)
    made.add("Ben Roth", Role.FULL)
    made.add("Carla Sand", Role.LIMITED)
    return made


Show = Callable[[int], TeamPage]


@contextmanager
def settings_at(page: str, context: Context, qtbot: QtBot) -> Iterator[Callable[[], QWidget]]:
    """Opens the settings at a page, as often as is wanted; all of them are closed afterwards."""
    dialogs: list[SettingsDialog] = []

    def open_() -> QWidget:
        dialogs.append(dialog := SettingsDialog(context, None, page))
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        return dialog.page

    yield open_
    for dialog in dialogs:
        dialog.done(0)


@pytest.fixture
def show(team: Team, context: Context, store: Store, qtbot: QtBot) -> Iterator[Show]:
    """Opens the settings as one of the team, and the page in them."""
    with settings_at("people", context, qtbot) as opened:

        def open_(actor: int) -> TeamPage:
            store.actor_id = actor
            page = opened()
            assert isinstance(page, TeamPage)
            return page

        yield open_


@pytest.fixture
def page(show: Show) -> TeamPage:
    return show(ANNA)


def go(page: TeamPage, member: int) -> Colleague:
    page.view.go_to(member)
    chosen: Colleague = page.view.current()
    assert chosen.id == member
    return chosen


def enter(edit: QLineEdit, words: str) -> None:
    edit.setFocus()
    edit.setText(words)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def choose(box: ChoiceBox, data: object) -> None:
    """As somebody chooses in a list."""
    row = box.findData(data)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def undo(page: TeamPage) -> None:
    dialog = page.window()
    assert isinstance(dialog, SettingsDialog)
    dialog.undo()


def cells(page: TeamPage, row: int) -> list[str]:
    return [page.model.index(row, column).data() for column in range(page.model.columnCount())]
