"""The team at work: roles, absences and deputies from the settings to the windows of others."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.roles import Role
from app.services.team import AbsenceKind
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.team import TeamPage
from app.ui.widgets.choice_box import ChoiceBox
from tests.flows.desk import Desk
from tests.stores import TODAY

ANNA = 1
DAY = timedelta(days=1)


@pytest.fixture
def ben(desk: Desk) -> int:
    return desk.context.office.team.add("Ben Roth")


def _responsible(desk: Desk) -> str:
    """What the detail panel says of who is responsible."""
    return desk.detail._fields._values["user_id"].button.accessibleName()  # type: ignore[no-any-return]


def test_who_is_away_and_who_stands_in_is_seen_beside_the_lead(desk: Desk, leads: dict[str, int], ben: int) -> None:
    team = desk.context.office.team
    desk.choose(leads["Webshop Müller"])
    assert _responsible(desk) == "Responsible: Anna Kern"
    absence = team.add_absence(ANNA, TODAY, TODAY + 8 * DAY, AbsenceKind.HOLIDAY)
    assert _responsible(desk) == "Responsible: Anna Kern away until 2 Dec"
    team.set_deputy(ANNA, ben)
    assert _responsible(desk) == "Responsible: Anna Kern away until 2 Dec, deputy: Ben Roth"
    team.change_absence(absence, TODAY, TODAY, AbsenceKind.SICK, half=True)
    assert _responsible(desk) == "Responsible: Anna Kern away half days until 24 Nov, deputy: Ben Roth"
    desk.store.clock.instant += DAY  # type: ignore[attr-defined]
    desk.tasks.show_facts()
    desk.context.wording.refresh()
    assert _responsible(desk) == "Responsible: Anna Kern"


def test_a_lead_of_nobody_says_nothing_of_absences(desk: Desk, leads: dict[str, int], ben: int) -> None:
    desk.context.office.team.add_absence(ANNA, TODAY, TODAY, AbsenceKind.HOLIDAY)
    desk.context.office.leads.edit([leads["Webshop Müller"]], user_id=None)
    desk.choose(leads["Webshop Müller"])
    assert _responsible(desk) == "Responsible: –"
    desk.context.office.leads.edit([leads["Webshop Müller"]], user_id=ben)
    assert _responsible(desk) == "Responsible: Ben Roth"


def test_a_role_given_with_the_keyboard_alone_is_undone_in_the_window(desk: Desk, ben: int, qtbot: QtBot) -> None:
    team = desk.context.office.team
    dialog = SettingsDialog(desk.context, None, "people")
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    page = dialog.page
    assert isinstance(page, TeamPage)
    desk.key(Qt.Key.Key_Tab)
    desk.key(Qt.Key.Key_Tab)
    assert dialog.focusWidget() is page.view
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_F2):
        desk.key(key)
    QTest.qWait(1)
    box = page.view.findChild(ChoiceBox)
    assert box is not None
    QTest.keyClick(box.view(), Qt.Key.Key_End)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert team.one(ben).role is Role.READER
    QTest.qWait(1)
    for _stop in range(30):
        if dialog.focusWidget() is not page.card.email:
            desk.key(Qt.Key.Key_Tab)
    desk.type("ben@agentur.example", enter=True)
    assert team.one(ben).email == "ben@agentur.example"
    assert dialog.isVisible()  # Enter ends the typing, not the settings
    desk.key(Qt.Key.Key_Escape)
    desk.command("undo")
    desk.command("undo")
    assert (team.one(ben).role, team.one(ben).email) == (Role.FULL, "")
