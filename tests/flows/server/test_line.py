"""A window on a team's server: others' changes come by themselves, and without the server there is reading."""

import os
from contextlib import ExitStack, nullcontext
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.clock import monotonic
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.models.server import addressing
from app.models.store import Store
from app.services.backup import OF_SERVER
from app.services.leads import Leads
from app.ui.allowed import AWAY
from app.ui.jobs import Job, ThreadJobs
from app.ui.lead_form.dialog import LeadForm
from app.ui.lead_form.record import read_lead
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.locked import Banner
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.models.edits import value
from tests.models.server.offices import Office, frozen
from tests.stores import add_lead

_SOON = 15_000
#: Far less than the ten seconds for which the lock is waited.
_AT_ONCE = 4_000
_FREEZES = pytest.mark.skipif(os.name == "nt", reason="nobody freezes a process there")
AGAIN = "The team's server can be reached again."


@pytest.fixture
def lead(store: Store, other: Store) -> int:
    made = add_lead(store, "Webshop Müller", user_id=1)
    other.watch()
    return made


@pytest.fixture
def desk(opening: Open, lead: int) -> Desk:
    """The window of the first one, with threads as in the program."""
    return opening(threads=True)


def _place(desk: Desk) -> str:
    return desk.window.status.place.text()


def _go_away(desk: Desk, office: Office, qtbot: QtBot) -> None:
    office.shut()
    qtbot.waitUntil(lambda: _place(desk).startswith("Team server out of reach: as of "), timeout=_SOON)


def _come_back(desk: Desk, office: Office, qtbot: QtBot) -> None:
    office.reopen()
    qtbot.waitUntil(lambda: _place(desk) == "Team server", timeout=_SOON)


def test_what_the_other_writes_is_seen_with_what_was_done(desk: Desk, lead: int, other: Store, qtbot: QtBot) -> None:
    assert _place(desk) == "Team server"
    Leads(other).edit([lead], title="Von Ben")
    qtbot.waitUntil(lambda: desk.titles() == ["Von Ben"], timeout=_SOON)
    assert desk.status() == "Ben: “Webshop Müller” changed: Title"


def test_other_rights_without_a_step_are_seen(desk: Desk, lead: int, office: Office, qtbot: QtBot) -> None:
    """Whoever looks after the server says so there: nothing tells of it but the rows that are seen."""
    with office.server.connect() as admin:
        admin.execute("UPDATE team.member SET role = 'reader' WHERE id = 1")
    qtbot.waitUntil(lambda: not desk.window.actions_["new_lead"].isEnabled(), timeout=_SOON)


def test_without_the_server_one_reads_and_goes_on_when_it_is_back(
    desk: Desk, lead: int, other: Store, office: Office, qtbot: QtBot
) -> None:
    new = desk.window.actions_["new_lead"]
    assert new.isEnabled()
    _go_away(desk, office, qtbot)
    assert not new.isEnabled()
    assert new.toolTip() == str(AWAY)
    assert desk.titles() == ["Webshop Müller"]
    desk.choose(lead)
    assert desk.detail.title == "Webshop Müller"
    _come_back(desk, office, qtbot)
    assert desk.said() == AGAIN
    assert new.isEnabled()
    Leads(other).edit([lead], title="Wieder da")
    qtbot.waitUntil(lambda: desk.titles() == ["Wieder da"], timeout=_SOON)


def test_what_is_typed_in_an_open_form_outlasts_the_server(
    desk: Desk, lead: int, store: Store, office: Office, qtbot: QtBot
) -> None:
    form = LeadForm(desk.context, read_lead(desk.context, lead), desk.window)
    form.open()
    title = next(each for each in form.findChildren(QLineEdit) if each.text() == "Webshop Müller")
    title.setText("Getippt vor dem Ausfall")
    _go_away(desk, office, qtbot)
    form.save()
    qtbot.waitUntil(lambda: "cannot be reached" in form._form.general.text(), timeout=_SOON)
    qtbot.waitUntil(form.isEnabled, timeout=_SOON)
    assert (form.isVisible(), title.text()) == (True, "Getippt vor dem Ausfall")
    _come_back(desk, office, qtbot)
    form.save()
    qtbot.waitUntil(lambda: not form.isVisible(), timeout=_SOON)
    assert value(store, "title", lead) == "Getippt vor dem Ausfall"


def test_what_is_typed_in_place_outlasts_the_server(desk: Desk, lead: int, office: Office, qtbot: QtBot) -> None:
    desk.choose(lead)
    editor = desk.edit("External number")
    desk.type("A-1")
    _go_away(desk, office, qtbot)
    assert isinstance(editor, QLineEdit)
    assert (editor.isVisible(), editor.text()) == (True, "A-1")
    _come_back(desk, office, qtbot)
    assert editor.text() == "A-1"
    desk.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.lead(lead).external_number == "A-1", timeout=_SOON)


def test_one_can_ask_at_once_whether_it_is_back(desk: Desk, office: Office, qtbot: QtBot, opening: Open) -> None:
    _go_away(desk, office, qtbot)
    desk.dialogs._steps.append(("ask", "The team's server", "Connect now"))
    office.reopen()
    desk.window.status.place.click()
    qtbot.waitUntil(lambda: _place(desk) == "Team server", timeout=_SOON)
    desk.dialogs._steps.append(("tell", "The window is connected", None))
    desk.window.status.place.click()


def test_a_team_is_backed_up_on_its_server(desk: Desk, qtbot: QtBot) -> None:
    for id_ in ("backup", "restore"):
        assert not desk.window.actions_[id_].isEnabled()
        assert desk.window.actions_[id_].toolTip() == str(OF_SERVER)
    dialog = SettingsDialog(desk.context, desk.window, "backup", restore=lambda _path: None)
    qtbot.addWidget(dialog)
    assert [each.said for each in dialog.page.findChildren(Banner)] == [str(OF_SERVER)]
    assert desk.context.office.backups.on_exit() is None
    assert desk.context.office.backups.list() == []


@_FREEZES
def test_a_window_closes_although_the_server_froze(desk: Desk, office: Office, store: Store, qtbot: QtBot) -> None:
    jobs = desk.context.jobs
    assert isinstance(jobs, ThreadJobs)
    with frozen(office):
        looked: list[BaseException] = []
        jobs.start(Job(Text("Looking"), lambda _p: store.follow(), failed=looked.append, pool=True, owner=desk.window))
        qtbot.wait(100)
        began = monotonic()
        jobs.stop()
        assert monotonic() - began < 5, "it would wait for as long as the server stays so"


def _is_over(failed: list[BaseException]) -> bool:
    return bool(failed)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The team's lock is not waited for as long as it usually is."""
    monkeypatch.setattr(addressing, "_LOCK_MS", 500)


def _change(desk: Desk, lead: int, title: str) -> list[BaseException]:
    """What it came to, where it failed."""
    failed: list[BaseException] = []
    leads = desk.context.office.leads
    work = lambda _progress: leads.edit([lead], title=title)  # noqa: E731 - one expression for one thread
    desk.context.jobs.write(Job(Text("Changing the lead"), work, failed=failed.append, owner=desk.window))
    return failed


@pytest.mark.parametrize("frozen_too", [False, pytest.param(True, marks=_FREEZES)])
def test_who_waits_for_the_others_of_a_team_can_cancel_it(
    desk: Desk, lead: int, store: Store, office: Office, qtbot: QtBot, frozen_too: bool
) -> None:
    status, jobs = desk.window.status, desk.context.jobs
    assert isinstance(jobs, ThreadJobs)
    jobs.started.connect(status.begin_progress)
    jobs.ended.connect(status.end_progress)
    with ExitStack() as held:
        admin = held.enter_context(office.server.connect())
        with admin.transaction():
            admin.execute("SELECT rev FROM team.turn FOR UPDATE")
            waiting = [_change(desk, lead, title) for title in ("Ungeduldig", "Noch einer")[: 1 if frozen_too else 2]]
            qtbot.waitUntil(status._cancel.isVisible, timeout=_SOON)
            assert desk.status() == "Changing the lead"
            with frozen(office) if frozen_too else nullcontext():
                for failed in waiting:
                    qtbot.waitUntil(status._cancel.isVisible, timeout=_SOON)
                    status._cancel.click()
                    qtbot.waitUntil(partial(_is_over, failed), timeout=_AT_ONCE)
                    assert isinstance(failed[0], Cancelled)
    assert value(store, "title", lead) == "Webshop Müller"
    _change(desk, lead, "Danach")
    qtbot.waitUntil(lambda: value(store, "title", lead) == "Danach", timeout=_SOON)


@pytest.mark.usefixtures("hasty")
def test_who_writes_for_long_is_told_of_in_a_sentence(desk: Desk, lead: int, office: Office, qtbot: QtBot) -> None:
    with office.server.connect() as admin, admin.transaction():
        admin.execute("SELECT rev FROM team.turn FOR UPDATE")
        failed = _change(desk, lead, "Zu spät")
        qtbot.waitUntil(lambda: bool(failed), timeout=_SOON)
    assert str(failed[0]) == "Somebody else of the team is writing for a long time. Please try again."
    assert _place(desk) == "Team server"
    assert desk.lead(lead).title == "Webshop Müller"
