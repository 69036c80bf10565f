"""The page of the team: what is known of everybody, changed where it stands; what one may not do says why."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.core.i18n import tr
from app.core.roles import ROLE_TEXTS, Role
from app.models.store import Store
from app.services.files import Upload
from app.services.team import AbsenceKind, Team
from app.ui.settings.password import PasswordDialog
from app.ui.settings.team import TeamPage
from app.ui.theme import Theme
from app.ui.widgets.choice_box import ChoiceBox
from tests.stores import TODAY, add_lead
from tests.ui.customers.pictures import picture
from tests.ui.dialogs.team import ANNA, BEN, CARLA, DAY, HOSTILE, Show, cells, choose, enter, go, page, show, team, undo

__all__ = ["page", "show", "team"]


# The list


def test_the_list_says_who_is_what_and_who_is_away(page: TeamPage, team: Team, store: Store) -> None:
    add_lead(store, user_id=BEN)
    team.set_deputy(BEN, ANNA)
    team.add_absence(BEN, TODAY, TODAY + 2 * DAY, AbsenceKind.SICK)
    assert [cells(page, row) for row in range(3)] == [
        ["Anna Kern", "AK", "Owner", "nobody", "", "0"],
        ["Ben Roth", "BR", "Full access", "Anna Kern", "26 Nov 2026", "1"],
        ["Carla Sand", "CS", "Limited", "nobody", "", "0"],
    ]


def test_somebody_new_gets_the_role_that_was_chosen(page: TeamPage, team: Team) -> None:
    choose(page.role, Role.READER)
    enter(page.entry, HOSTILE)
    made = go(page, max(each.id for each in team.people()))
    assert (made.name, made.role) == (HOSTILE, Role.READER)
    assert page.card._title.text() == HOSTILE
    undo(page)
    assert len(team.people()) == 3


def test_a_role_is_chosen_in_its_cell(page: TeamPage, team: Team, qtbot: QtBot) -> None:
    page.view.setCurrentIndex(page.model.index(1, 2))
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    box = page.view.findChild(ChoiceBox)
    assert box is not None
    qtbot.waitUntil(box.view().isVisible)
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert team.one(BEN).role is Role.LIMITED
    qtbot.waitUntil(lambda: cells(page, 1)[2] == "Limited")
    assert page.card.role.currentData() == Role.LIMITED
    assert page.view.hasFocus()


def test_letting_somebody_go_can_be_undone(page: TeamPage, team: Team) -> None:
    go(page, CARLA)
    page.remove.click()
    assert [each.id for each in team.people()] == [ANNA, BEN]
    undo(page)
    assert len(team.people()) == 3
    go(page, ANNA)
    page.remove.click()
    assert page.problem.isVisible()
    assert len(team.people()) == 3


# The person


def test_a_role_says_what_it_means_and_is_undone(page: TeamPage, team: Team) -> None:
    go(page, BEN)
    field = page.card.fields["role"]
    assert field.said == tr(ROLE_TEXTS[Role.FULL])
    choose(page.card.role, Role.READER)
    assert team.one(BEN).role is Role.READER
    assert field.said == tr(ROLE_TEXTS[Role.READER])
    undo(page)
    assert team.one(BEN).role is Role.FULL
    assert page.card.role.currentData() == Role.FULL


def test_the_last_owner_remains_one(page: TeamPage, team: Team) -> None:
    go(page, ANNA)
    choose(page.card.role, Role.READER)
    assert "Somebody has to remain an owner" in page.card.fields["role"].said
    assert page.card.role.currentData() == Role.OWNER
    assert team.one(ANNA).role is Role.OWNER


def test_who_gives_the_ownership_away_can_no_longer_change_roles(page: TeamPage, team: Team) -> None:
    team.set_role(BEN, Role.OWNER)
    go(page, ANNA)
    assert page.card.role.isEnabled()
    choose(page.card.role, Role.FULL)
    assert not page.card.role.isEnabled()
    assert "owner" in page.banner.said
    assert not page.remove.isEnabled()


def test_name_initials_mail_and_deputy_are_taken_when_one_goes_on(page: TeamPage, team: Team) -> None:
    go(page, BEN)
    card = page.card
    for edit, words in ((card.name, "Benno Roth"), (card.initials, "BRo"), (card.email, " benno@agentur.example ")):
        edit.setFocus()
        edit.setText(words)
        QTest.keyClick(edit, Qt.Key.Key_Tab)
    choose(card.deputy, CARLA)
    ben = team.one(BEN)
    assert (ben.name, ben.initials, ben.email, ben.deputy_id) == ("Benno Roth", "BRo", "benno@agentur.example", CARLA)
    assert card._title.text() == "Benno Roth"
    for _step in range(4):
        undo(page)
    ben = team.one(BEN)
    assert (ben.name, ben.initials, ben.email, ben.deputy_id) == ("Ben Roth", "BR", "", None)
    assert (card.name.text(), card.email.text(), card.deputy.currentData()) == ("Ben Roth", "", None)


@pytest.mark.parametrize(
    ("field", "words"), [("name", "Anna Kern"), ("name", " "), ("initials", "LANGE"), ("email", "ben at agentur")]
)
def test_what_is_refused_is_said_at_its_field_and_stays(page: TeamPage, team: Team, field: str, words: str) -> None:
    before = go(page, BEN)
    edit = page.card.fields[field].control
    assert isinstance(edit, QLineEdit)
    enter(edit, words)
    assert page.card.fields[field].refused
    assert edit.text() == words
    assert team.one(BEN) == before
    team.set_deputy(CARLA, ANNA)  # what others do does not take it away
    assert edit.text() == words
    go(page, CARLA)
    assert not page.card.fields[field].refused


def test_leaving_a_field_as_it_was_is_no_step(page: TeamPage, store: Store) -> None:
    go(page, BEN)
    before = store.newest()
    for edit in (page.card.name, page.card.initials, page.card.email):
        edit.setFocus()
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert store.newest() == before


def test_a_picture_is_dropped_shown_and_removed(page: TeamPage, team: Team, tmp_path: Path) -> None:
    file = tmp_path / "ben.png"
    file.write_bytes(picture())
    go(page, BEN)
    portrait = page.card.portrait
    brought = QMimeData()
    brought.setUrls([QUrl.fromLocalFile(str(file))])
    portrait.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, brought, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    assert team.photo(BEN) == picture()
    seen = [portrait.has_picture]
    for member in (ANNA, BEN):
        go(page, member)
        seen.append(portrait.has_picture)
    portrait.setFocus()
    QTest.keyClick(portrait, Qt.Key.Key_Delete)
    assert team.photo(BEN) is None
    undo(page)
    seen.append(portrait.has_picture)
    assert seen == [True, False, True, True]


def test_what_is_no_picture_is_refused_where_one_looks(page: TeamPage, team: Team) -> None:
    go(page, BEN)
    page.card.portrait.take(Upload("ben.png", b"Nur Text").source)
    assert "no picture" in page.card.refusal.text()
    assert page.card.refusal.isVisible()
    page.card.portrait.take(Upload("ben.png", picture()).source)
    assert not page.card.refusal.isVisible()
    assert team.photo(BEN) == picture()


# The password


def _dialog(page: TeamPage) -> PasswordDialog:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PasswordDialog)
    return dialog


def test_a_password_is_set_changed_and_removed(page: TeamPage, team: Team) -> None:
    go(page, ANNA)
    assert not page.card.remove_password.isVisible()
    page.card.set_password.click()
    dialog = _dialog(page)
    dialog.new.setText("sehr geheim")
    dialog.again.setText("sehr geheim")
    QTest.keyClick(dialog.again, Qt.Key.Key_Return)
    assert team.is_password(ANNA, "sehr geheim")
    assert page.card.remove_password.isVisible()
    page.card.set_password.click()
    dialog = _dialog(page)
    for edit, words in ((dialog.current, "falsch"), (dialog.new, "noch geheimer"), (dialog.again, "noch geheimer")):
        edit.setText(words)
    dialog.save()
    assert dialog._form["current"].refused
    assert team.is_password(ANNA, "sehr geheim")
    dialog.current.setText("sehr geheim")
    dialog.save()
    assert team.is_password(ANNA, "noch geheimer")
    page.card.remove_password.click()
    dialog = _dialog(page)
    dialog.current.setText("noch geheimer")
    dialog.save()
    assert not team.one(ANNA).has_password
    assert not page.card.remove_password.isVisible()


@pytest.mark.parametrize(
    ("new", "again", "field"),
    [("kurz", "kurz", "password"), ("lang genug", "lang genau", "again"), ("", "", "password")],
)
def test_a_password_that_cannot_be_one_is_refused(page: TeamPage, team: Team, new: str, again: str, field: str) -> None:
    go(page, ANNA)
    page.card.set_password.click()
    dialog = _dialog(page)
    dialog.new.setText(new)
    dialog.again.setText(again)
    dialog.save()
    assert dialog._form[field].refused
    assert not team.one(ANNA).has_password
    dialog.reject()


def test_an_owner_replaces_a_password_without_knowing_it(page: TeamPage, team: Team) -> None:
    page.context.office.store.actor_id = BEN
    team.set_password(BEN, "Bens Geheimnis")
    page.context.office.store.actor_id = ANNA
    page.refresh()
    go(page, BEN)
    page.card.set_password.click()
    dialog = _dialog(page)
    assert not dialog.current.isVisible()
    dialog.new.setText("Annas Vorschlag")
    dialog.again.setText("Annas Vorschlag")
    dialog.save()
    assert team.is_password(BEN, "Annas Vorschlag")


# What somebody may not do


def _controls(page: TeamPage) -> dict[str, QWidget]:
    card = page.card
    return {
        "new": page.entry, "add": page.add, "delete": page.remove, "name": card.name, "initials": card.initials,
        "role": card.role, "email": card.email, "deputy": card.deputy, "password": card.set_password,
        "picture": card.portrait, "absence": page.absences.add, "hours": page.hours.save,
    }  # fmt: skip


OWN = {"email", "deputy", "password", "picture", "absence"}
EVERYTHING = {*OWN, "new", "add", "delete", "name", "initials", "role", "hours"}


@pytest.mark.parametrize(
    ("role", "whose", "open_"),
    [
        (Role.OWNER, BEN, EVERYTHING), (Role.FULL, BEN, EVERYTHING - {"delete", "role"}),
        (Role.FULL, CARLA, EVERYTHING - {"delete", "role", "password"}), (Role.LIMITED, BEN, OWN),
        (Role.LIMITED, CARLA, set()), (Role.READER, BEN, OWN), (Role.READER, ANNA, set()),
    ],
)  # fmt: skip
def test_what_one_may_not_do_is_locked_and_says_why(
    show: Show, team: Team, role: Role, whose: int, open_: set[str]
) -> None:
    team.set_role(BEN, role)
    page = show(BEN)
    assert page.view.current().id == BEN  # one begins with oneself
    go(page, whose)
    assert {name for name, control in _controls(page).items() if control.isEnabled()} == open_
    assert page.banner.isVisible() == (role is not Role.OWNER)
    for name in EVERYTHING - open_ - {"absence", "hours", "password"}:
        control = _controls(page)[name]
        field = control.parentWidget()
        assert field is not None
        assert control.toolTip() or field.toolTip(), name


def test_roles_that_one_cannot_give_are_not_offered(show: Show) -> None:
    page = show(BEN)
    assert page.role.findData(Role.OWNER) < 0
    assert page.role.currentData() == Role.FULL


def test_cells_of_others_cannot_be_edited_by_who_is_limited(show: Show, team: Team) -> None:
    team.set_role(BEN, Role.LIMITED)
    page = show(BEN)
    for column in range(4):
        page.view.setCurrentIndex(page.model.index(0, column))
        page.view.setFocus()
        QTest.keyClick(page.view, Qt.Key.Key_F2)
        assert not page.view.editing
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert len(team.people()) == 3
    assert cells(page, 0)[-1] == "–"  # how many leads others have is not for him


def test_a_password_can_be_pasted_but_is_not_seen(page: TeamPage) -> None:
    go(page, ANNA)
    page.card.set_password.click()
    dialog = _dialog(page)
    QGuiApplication.clipboard().setText("aus dem Tresor")
    dialog.new.setFocus()
    QTest.keyClick(dialog.new, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.new.text() == "aus dem Tresor"
    assert "Tresor" not in dialog.new.displayText()
    dialog.reject()


def test_the_page_tells_what_the_rights_are_worth(page: TeamPage) -> None:
    assert "not from somebody who has the file" in page.spec.explanation


@pytest.mark.parametrize("scale", [100, 200])
def test_the_line_for_somebody_new_takes_the_room_there_is(show: Show, theme: Theme, qtbot: QtBot, scale: int) -> None:
    theme.use(scale=scale)
    page = show(ANNA)
    window = page.window()
    window.resize(1100, 740)
    qtbot.wait(1)  # Qt lays out anew
    area: QWidget | None = page
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    assert isinstance(area, QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    places = [each.mapTo(page, QPoint(each.width(), 0)) for each in (page.entry, page.role, page.add, page.remove)]
    assert max(place.x() for place in places) <= page.width()
    if scale == 100:
        assert page.remove.geometry().right() >= page.width() - theme.px(12), "the line is full"
