"""The program goes to a team's server and back, asks who signs in, and starts without the server."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.bootstrap import Options, at_team, launch_of, surroundings
from app.core.errors import NotAllowed
from app.core.roles import Role
from app.core.settings import TEAM, TEAM_HOST, TEAM_USER
from app.models.migrate import HEAD
from app.models.place import store_file
from app.models.server.addressing import Address
from app.services.leads import Leads
from app.services.team_home import settings_of
from app.services.teamwork import Membership, PasswordWanted, open_team
from app.ui import background
from app.ui.application import Application
from app.ui.arrival.sign_in import SignInDialog
from app.ui.settings.data import DataPage
from app.ui.settings.dialog import SettingsDialog
from tests.flows.programs import ended_after
from tests.flows.test_application import Program
from tests.flows.test_who_works import end, rest
from tests.models.server.offices import Office, make_old
from tests.servers import SECRET
from tests.services.server.conftest import MemoryKeyring, ring
from tests.stores import add_lead, reopened

__all__ = ["ring"]

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


class Begin(Protocol):
    """Starts the program."""

    def __call__(self, *, hidden: bool = False, team: Address | None = None) -> Program: ...


D = TypeVar("D", bound=QDialog)
_LONG = 20_000


@pytest.fixture
def mine(office: Office) -> Address:
    """How Anna reaches the team, which has a lead."""
    address = office.address(office.admit("Anna", Role.OWNER, 1))
    with closing(office.replica(address.user)) as store:
        add_lead(store, "Vom Team", user_id=1)
    return address


@pytest.fixture
def begin(folder: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts the program on the test's folder."""
    with ended_after(end, qtbot) as running:

        def begin(*, hidden: bool = False, team: Address | None = None) -> Program:
            around = surroundings(Options(data=folder, language="en", hidden=hidden))
            if team is not None:
                around = at_team(around, Membership(team))
            launch = replace(launch_of(around), begin_log=lambda: (None, _nothing))
            made = Program(Application(launch), [], [])
            monkeypatch.setattr(made.application, "_report", made.reports.append)
            assert made.application.begin()
            running.append(made)
            return made

        yield begin


def _nothing() -> None:
    pass


@pytest.fixture
def local(folder: Path) -> None:
    """A lead on this device."""
    with closing(reopened(folder)) as store:
        add_lead(store, "Vom Gerät", user_id=1)


@pytest.fixture
def chosen(folder: Path, mine: Address, office: Office) -> Path:
    """The team was chosen on this device before, and its replica fetched; the password is nowhere."""
    surroundings(Options(data=folder, language="en")).settings.change(settings_of(mine))
    place = Membership(mine).folder(folder)
    open_team(place, Membership(mine), origin="test", clock=office.clock).close()
    return place


def _front(kind: type[D], qtbot: QtBot) -> D:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=_LONG)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def _titles(program: Program, qtbot: QtBot) -> list[str]:
    rest(program, qtbot)
    return sorted(row.title for row in program.office.lists.rows(range(1, 100_000)))


def test_a_team_that_is_named_for_one_start_leaves_the_settings_as_they_are(
    local: None, mine: Address, begin: Begin, ring: MemoryKeyring, folder: Path, qtbot: QtBot
) -> None:
    program = begin(team=mine)
    assert _titles(program, qtbot) == ["Vom Team"]
    said: list[str] = []

    def go_back(page: DataPage) -> None:
        said.append(page._about.text())
        page.here.setChecked(True)
        page.use.click()

    _in_settings(program, go_back, qtbot)
    qtbot.waitUntil(lambda: program.ready and not program.office.store.shared, timeout=_LONG)
    assert _titles(program, qtbot) == ["Vom Gerät"]
    assert "TRICHTER_DATABASE" in said[0]
    settings = surroundings(Options(data=folder, language="en")).settings
    assert not any(settings.chosen(setting) for setting in (TEAM, TEAM_HOST, TEAM_USER))
    assert not ring.kept


def test_a_team_that_is_named_asks_for_a_password_it_did_not_bring(
    chosen: Path, mine: Address, office: Office, begin: Begin, ring: MemoryKeyring, folder: Path, qtbot: QtBot
) -> None:
    """Who signs in then is noted for this start only."""
    ben = office.admit("Ben", Role.READER, 2)
    program = begin(team=replace(mine, user=ben, password="falsch"))
    dialog = _front(SignInDialog, qtbot)
    assert dialog.user.text() == ben
    dialog.password.setText(SECRET)
    dialog.accept()
    assert _titles(program, qtbot) == ["Vom Team"]
    assert program.office.store.actor_id == 2
    assert surroundings(Options(data=folder, language="en")).settings[TEAM_USER] == mine.user


def test_the_password_of_an_address_is_tried_for_nobody_else(
    mine: Address, office: Office, ring: MemoryKeyring, folder: Path
) -> None:
    around = at_team(surroundings(Options(data=folder, language="en")), Membership(mine))
    launch = launch_of(around)
    launch.open_team(None, False, lambda done, total: None).close()
    around.settings[TEAM_USER] = office.admit("Ben", Role.READER, 2)
    with pytest.raises(PasswordWanted):
        launch.open_team(None, False, lambda done, total: None)


def test_a_window_of_another_team_stands_beside_the_first(mine: Address, folder: Path) -> None:
    def place(team: Address | None) -> Path:
        around = surroundings(Options(data=folder))
        return launch_of(around if team is None else at_team(around, Membership(team))).place

    assert len({place(None), place(mine), place(replace(mine, database="andere"))}) == 3


def _fill(page: DataPage, address: Address) -> None:
    page.there.setChecked(True)
    fields = page.fields
    fields.host.setText(address.host)
    fields.port.setValue(address.port)
    fields.database.setText(address.database)
    fields.user.setText(address.user)
    fields.password.setText(address.password)
    fields.tls.setCurrentIndex(fields.tls.findData(address.tls))


def _in_settings(program: Program, do: Callable[[DataPage], object], qtbot: QtBot) -> None:
    """On the page of the settings; the dialog closes by itself."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SettingsDialog)
        dialog.show_page("data")
        assert isinstance(dialog.page, DataPage)
        do(dialog.page)

    QTimer.singleShot(0, act)
    program.application._hub("settings")
    rest(program, qtbot)


def test_to_the_team_and_back(local: None, mine: Address, begin: Begin, ring: MemoryKeyring, qtbot: QtBot) -> None:
    program = begin()
    assert _titles(program, qtbot) == ["Vom Gerät"]

    def go(page: DataPage) -> None:
        _fill(page, mine)
        qtbot.waitUntil(page.fields.keep.box.isEnabled, timeout=_LONG)
        page.use.click()

    _in_settings(program, go, qtbot)
    qtbot.waitUntil(lambda: program.ready and program.office.store.shared, timeout=_LONG)
    assert _titles(program, qtbot) == ["Vom Team"]
    assert program.window.status.place.text() == "Team server"
    assert list(ring.kept.values()) == [SECRET]
    assert SECRET not in program.application._settings.path.read_text("utf-8")

    def back(page: DataPage) -> None:
        page.here.setChecked(True)
        page.use.click()

    _in_settings(program, back, qtbot)
    qtbot.waitUntil(lambda: program.ready and not program.office.store.shared, timeout=_LONG)
    assert _titles(program, qtbot) == ["Vom Gerät"]
    assert not program.window.status.place.isVisible()


def test_a_kept_password_opens_without_a_question(
    chosen: Path, mine: Address, begin: Begin, ring: MemoryKeyring, qtbot: QtBot
) -> None:
    ring.set_password("Trichter", f"{mine.user}@{mine.host}:{mine.port}/{mine.database}", SECRET)
    assert _titles(begin(), qtbot) == ["Vom Team"]


def test_what_an_older_program_has_fetched_is_fetched_anew_at_the_start(
    chosen: Path, mine: Address, begin: Begin, ring: MemoryKeyring, qtbot: QtBot
) -> None:
    make_old(chosen, mine)
    ring.set_password("Trichter", f"{mine.user}@{mine.host}:{mine.port}/{mine.database}", SECRET)
    program = begin()
    assert _titles(program, qtbot) == ["Vom Team"]
    assert not program.office.store.away
    with program.office.store.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
    assert not program.reports


def test_without_the_server_what_an_older_program_has_fetched_waits_for_it(
    chosen: Path, mine: Address, office: Office, begin: Begin, ring: MemoryKeyring, qtbot: QtBot
) -> None:
    """It cannot be read, and is kept until the server is there again."""
    make_old(chosen, mine)
    before = store_file(chosen).read_bytes()
    ring.set_password("Trichter", f"{mine.user}@{mine.host}:{mine.port}/{mine.database}", SECRET)
    office.shut()
    program = begin()
    dialog = _front(SignInDialog, qtbot)
    assert "cannot be reached" in dialog.said
    assert store_file(chosen).read_bytes() == before
    office.reopen()
    dialog.password.setText(SECRET)
    dialog.accept()
    assert _titles(program, qtbot) == ["Vom Team"]


def test_the_password_is_asked_for_until_it_is_right(
    chosen: Path, mine: Address, begin: Begin, ring: MemoryKeyring, qtbot: QtBot
) -> None:
    program = begin()
    dialog = _front(SignInDialog, qtbot)
    assert dialog.said == "The team's server asks for a password. Nothing was changed."
    dialog.password.setText("falsch")
    dialog.accept()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() not in (None, dialog), timeout=_LONG)
    dialog = _front(SignInDialog, qtbot)
    assert "does not know this user name with this password" in dialog.said
    dialog.password.setText(SECRET)
    dialog.keep.box.setChecked(False)
    dialog.accept()
    assert _titles(program, qtbot) == ["Vom Team"]
    assert not ring.kept


def test_a_start_without_the_server_says_of_when_the_data_are(
    chosen: Path, office: Office, begin: Begin, ring: MemoryKeyring, mine: Address, qtbot: QtBot
) -> None:
    ring.set_password("Trichter", f"{mine.user}@{mine.host}:{mine.port}/{mine.database}", SECRET)
    office.shut()
    program = begin()
    assert _titles(program, qtbot) == ["Vom Team"]
    assert program.window.status.place.text().startswith("Team server out of reach: as of ")
    assert not program.window.actions_["new_lead"].isEnabled()
    office.reopen()
    qtbot.waitUntil(lambda: program.window.status.place.text() == "Team server", timeout=_LONG)
    assert program.window.actions_["new_lead"].isEnabled()


def test_who_does_not_come_in_can_work_on_this_device(
    local: None, chosen: Path, begin: Begin, ring: MemoryKeyring, folder: Path, qtbot: QtBot
) -> None:
    program = begin()
    _front(SignInDialog, qtbot)._stay_here()
    assert _titles(program, qtbot) == ["Vom Gerät"]
    assert not surroundings(Options(data=folder, language="en")).settings[TEAM]


def test_another_one_signs_in(
    chosen: Path, mine: Address, office: Office, begin: Begin, ring: MemoryKeyring, folder: Path, qtbot: QtBot
) -> None:
    ring.set_password("Trichter", f"{mine.user}@{mine.host}:{mine.port}/{mine.database}", SECRET)
    ben = office.admit("Ben", Role.READER, 2)
    program = begin()
    rest(program, qtbot)
    program.application._hub("switch_user")
    dialog = _front(SignInDialog, qtbot)
    assert dialog.user.text() == mine.user
    dialog.user.setText(ben)
    dialog.password.setText(SECRET)
    dialog.accept()
    qtbot.waitUntil(lambda: program.ready and program.office.store.actor_id == 2, timeout=_LONG)
    rest(program, qtbot)
    with pytest.raises(NotAllowed):
        Leads(program.office.store).delete([1])
    assert surroundings(Options(data=folder, language="en")).settings[TEAM_USER] == ben


def test_started_with_the_system_it_asks_nobody_before_the_window_is_wanted(
    begin: Begin, chosen: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "tray_available", lambda: True)
    program = begin(hidden=True)
    qtbot.waitUntil(lambda: program.application._background is not None, timeout=_LONG)
    qtbot.waitUntil(lambda: program.application._jobs.idle, timeout=_LONG)
    assert not program.window.isVisible()
    assert QApplication.activeModalWidget() is None
    program.application._come_forward()
    dialog = _front(SignInDialog, qtbot)
    dialog.password.setText(SECRET)
    dialog.accept()
    assert _titles(program, qtbot) == ["Vom Team"]
