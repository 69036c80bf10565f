"""*Daten* in the settings: what is missing, why the server cannot be reached, and what can be stopped."""

from contextlib import closing

import pytest
from pytestqt.qtbot import QtBot

from app.core.roles import Role
from app.core.settings import TEAM
from app.models.migrate import HEAD
from app.models.server.addressing import Address
from app.services.teamwork import Membership, open_team
from app.ui.launch import Coming
from app.ui.settings.data import DataPage
from app.ui.settings.server_fields import ServerFields
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.models.server.offices import Office, make_old
from tests.stores import store

__all__ = ["store"]

_LONG = 20_000


@pytest.fixture
def mine(office: Office) -> Address:
    """How Anna reaches the team."""
    return office.address(office.admit("Anna", Role.OWNER, 1))


@pytest.fixture
def desk(opening: Open) -> Desk:
    """A window on this device."""
    return opening(threads=True)


@pytest.fixture
def reopened() -> list[Coming]:
    """What the page asked to be opened."""
    return []


@pytest.fixture
def page(desk: Desk, mine: Address, reopened: list[Coming], qtbot: QtBot) -> DataPage:
    """The page, with the right address typed in."""
    made = DataPage(desk.context, reopened.append)
    qtbot.addWidget(made)
    made.show()
    made.there.setChecked(True)
    _fill(made.fields, mine)
    return made


def _fill(fields: ServerFields, address: Address) -> None:
    for line, typed in ((fields.host, address.host), (fields.database, address.database), (fields.user, address.user),
                        (fields.password, address.password)):  # fmt: skip
        line.setText(typed)
    fields.port.setValue(address.port)
    fields.tls.setCurrentIndex(fields.tls.findData(address.tls))


def _wait(page: DataPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.test.isEnabled, timeout=_LONG)


def test_on_this_device_there_is_nothing_to_fill_in(desk: Desk, qtbot: QtBot) -> None:
    page = DataPage(desk.context, lambda _coming: None)
    qtbot.addWidget(page)
    page.show()
    assert page.here.isChecked()
    assert not any(part.isVisible() for part in (page.fields, page.test, page.use, page.cancel))


def test_the_test_says_as_whom_and_how_fast(page: DataPage, qtbot: QtBot) -> None:
    page.test.click()
    assert page.cancel.isVisible()
    assert not page.fields.isEnabled()
    _wait(page, qtbot)
    assert page.note.text().startswith("Connected as Anna (Owner); the server answers in ")
    assert page.note.text().endswith(" ms.")
    assert not page.cancel.isVisible()


@pytest.mark.parametrize("name", ["host", "database", "user"])
def test_what_is_missing_is_said_at_its_field(page: DataPage, name: str) -> None:
    getattr(page.fields, name).clear()
    page.test.click()
    assert page.fields.form[name].refused
    assert page.test.isEnabled()


def test_a_certificate_that_is_nowhere_is_said_at_its_field(page: DataPage) -> None:
    page.fields.tls.setCurrentIndex(0)
    assert page.fields.form["authority"].isVisible()
    page.fields.authority.setText("/gibt/es/nicht.pem")
    page.test.click()
    assert page.fields.form["authority"].refused


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("host", "gibt.es.nicht.invalid", "There is no computer of the name “gibt.es.nicht.invalid”"),
        ("database", "keine", "no such database"),
        ("password", "falsch", "does not know this user name with this password"),
        ("user", "admin", "belongs to nobody of the team"),
    ],
)
def test_why_it_does_not_work_is_said(page: DataPage, qtbot: QtBot, field: str, typed: str, said: str) -> None:
    getattr(page.fields, field).setText(typed)
    if field == "host":
        page.fields.tls.setCurrentIndex(page.fields.tls.findData("require"))
    page.use.click()
    _wait(page, qtbot)
    assert said in page.fields.form.general.text()


def test_without_encryption_to_another_machine_is_asked_about(page: DataPage, desk: Desk, qtbot: QtBot) -> None:
    page.fields.host.setText("gibt.es.nicht.invalid")
    desk.dialogs._steps.append(("ask", "Connect without encryption?", None))
    page.test.click()
    assert page.test.isEnabled()
    assert (page.note.text(), page.fields.form.general.text()) == ("", "")
    desk.dialogs._steps.append(("ask", "Connect without encryption?", "Connect without encryption"))
    page.test.click()
    _wait(page, qtbot)
    assert "There is no computer" in page.fields.form.general.text()


def test_a_test_can_be_stopped(page: DataPage, desk: Desk, qtbot: QtBot) -> None:
    page.test.click()
    page.cancel.click()
    assert page.note.text() == "Cancelled. Nothing was changed."
    qtbot.waitUntil(lambda: not desk.context.jobs._running, timeout=_LONG)  # type: ignore[attr-defined]
    assert page.note.text() == "Cancelled. Nothing was changed."


def test_a_fetch_can_be_stopped_and_changes_nothing(
    page: DataPage, desk: Desk, mine: Address, reopened: list[Coming], qtbot: QtBot
) -> None:
    page.use.click()
    page.cancel.click()
    qtbot.waitUntil(lambda: not desk.context.jobs._running, timeout=_LONG)  # type: ignore[attr-defined]
    assert reopened == []
    assert not desk.context.settings[TEAM]
    assert not (Membership(mine).folder(desk.store.path.parent) / "trichter.db").exists()


def test_use_fetches_and_opens_it(
    page: DataPage, desk: Desk, mine: Address, reopened: list[Coming], qtbot: QtBot
) -> None:
    page.use.click()
    qtbot.waitUntil(lambda: bool(reopened), timeout=_LONG)
    assert [(each.password, each.keep) for each in reopened] == [(mine.password, False)]  # there is no keyring here
    assert desk.context.settings[TEAM]
    assert (Membership(mine).folder(desk.store.path.parent) / "trichter.db").exists()
    assert mine.password not in repr(reopened[0])


def test_what_an_older_program_has_fetched_is_fetched_anew(
    page: DataPage, desk: Desk, mine: Address, reopened: list[Coming], qtbot: QtBot
) -> None:
    folder = Membership(mine).folder(desk.store.path.parent)
    open_team(folder, Membership(mine), origin="test").close()
    make_old(folder, mine)
    page.use.click()
    qtbot.waitUntil(lambda: bool(reopened), timeout=_LONG)
    assert page.fields.form.general.text() == ""
    with closing(open_team(folder, Membership(mine), origin="test", tell=_not_again)) as store, store.read() as reading:
        assert reading.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD


def _not_again(done: int, total: int) -> None:
    pytest.fail("it is fetched a second time")
