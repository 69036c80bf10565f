"""*Mein Profil*: everybody keeps his or her own, whatever else he or she may do."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.roles import Role
from app.models.store import Store
from app.services.team import AbsenceKind, Team
from app.ui.context import Context
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.password import PasswordDialog
from app.ui.settings.profile import ProfilePage
from tests.stores import TODAY
from tests.ui.dialogs.team import settings_at

ANNA, BEN = 1, 2
DAY = timedelta(days=1)
Show = Callable[[Role], ProfilePage]


@pytest.fixture
def team(store: Store) -> Team:
    made = Team(store)
    made.add("Ben Roth")
    return made


@pytest.fixture
def show(team: Team, context: Context, store: Store, qtbot: QtBot) -> Iterator[Show]:
    """Opens the page as Ben, in a role."""
    with settings_at("profile", context, qtbot) as opened:

        def open_(role: Role) -> ProfilePage:
            team.set_role(BEN, role)
            store.actor_id = BEN
            page = opened()
            assert isinstance(page, ProfilePage)
            return page

        yield open_


@pytest.fixture(params=list(Role))
def page(request: pytest.FixtureRequest, show: Show) -> ProfilePage:
    """Once for every role."""
    return show(request.param)


def undo(page: ProfilePage) -> None:
    dialog = page.window()
    assert isinstance(dialog, SettingsDialog)
    dialog.undo()


def test_mail_and_deputy_are_ones_own_business(page: ProfilePage, team: Team) -> None:
    card = page.card
    card.email.setFocus()
    QTest.keyClicks(card.email, "ben@agentur.example")
    QTest.keyClick(card.email, Qt.Key.Key_Tab)
    card.deputy.setCurrentIndex(card.deputy.findData(ANNA))
    card.deputy.activated.emit(card.deputy.currentIndex())
    assert (team.one(BEN).email, team.one(BEN).deputy_id) == ("ben@agentur.example", ANNA)
    undo(page)
    undo(page)
    assert (team.one(BEN).email, team.one(BEN).deputy_id) == ("", None)
    assert (card.email.text(), card.deputy.currentData()) == ("", None)


def test_a_picture_is_pasted_by_the_keyboard(page: ProfilePage, team: Team) -> None:
    image = QImage(30, 30, QImage.Format.Format_RGB32)
    image.fill(1)
    data = QMimeData()
    data.setImageData(image)
    QGuiApplication.clipboard().setMimeData(data)
    page.card.portrait.setFocus()
    QTest.keyClick(page.card.portrait, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.card.portrait.has_picture
    assert team.one(BEN).photo_id is not None


def test_an_absence_is_added_and_seen_at_once(page: ProfilePage, team: Team) -> None:
    page.absences.first.setFocus()
    QTest.keyClicks(page.absences.first, "today")
    QTest.keyClick(page.absences.first, Qt.Key.Key_Tab)
    QTest.keyClicks(page.absences.last, "+2d")
    QTest.keyClick(page.absences.last, Qt.Key.Key_Return)
    (away,) = team.absences(BEN)
    assert (away.first, away.last, away.kind) == (TODAY, TODAY + 2 * DAY, AbsenceKind.HOLIDAY)
    assert "away until 26 Nov" in page.card._note.text()
    undo(page)
    assert team.absences(BEN) == []
    assert "away" not in page.card._note.text()


def test_a_password_is_ones_own(page: ProfilePage, team: Team) -> None:
    page.card.set_password.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PasswordDialog)
    dialog.new.setText("mein Geheimnis")
    dialog.again.setText("mein Geheimnis")
    dialog.save()
    assert team.is_password(BEN, "mein Geheimnis")
    assert page.card.remove_password.isVisible()


def test_the_role_is_told_and_not_changed_here(show: Show) -> None:
    page = show(Role.LIMITED)
    assert page.card._note.text().startswith("Limited: Sees only the leads")
    assert not page.card.role.isVisible()
    assert set(page.card.fields) == {"email", "deputy_id", "password"}


def test_another_person_at_work_is_another_profile(show: Show, team: Team, store: Store) -> None:
    page = show(Role.FULL)
    team.set_email(BEN, "ben@agentur.example")
    assert page.card.email.text() == "ben@agentur.example"
    store.actor_id = ANNA
    page.refresh()
    assert page.card._title.text() == "Anna Kern"
    assert page.card.email.text() == ""


def test_where_nobody_is_chosen_it_says_so(show: Show, store: Store) -> None:
    page = show(Role.FULL)
    store.actor_id = None
    page.refresh()
    assert page._nobody.isVisible()
    assert not page.card.isVisible()
    assert not page.absences.isVisible()
