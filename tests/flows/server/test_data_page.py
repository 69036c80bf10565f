"""*Daten* in the settings: what is missing, why the server cannot be reached, and what can be stopped."""

import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.roles import Role
from app.core.settings import TEAM
from app.models.migrate import HEAD
from app.models.server import addressing
from app.models.server.addressing import Address
from app.services.teamwork import Membership, open_team
from app.ui.launch import Coming
from app.ui.settings.data import DataPage
from app.ui.settings.server_fields import ServerFields
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.models.server.encrypted import Before, before, papers
from tests.models.server.offices import Office, make_old
from tests.stores import store

__all__ = ["before", "papers", "store"]

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
    ("field", "typed", "place", "said"),
    [
        ("host", "gibt.es.nicht.invalid", "host", "There is no computer of the name “gibt.es.nicht.invalid”"),
        ("database", "keine", "database", "no such database"),
        ("database", "postgres", "database", "There is no team in this database yet."),
        ("password", "falsch", "password", "does not know this user name with this password"),
        ("user", "niemand", "password", "does not know this user name with this password"),
        ("user", "admin", "user", "belongs to nobody of the team"),
    ],
)
def test_why_it_does_not_work_is_said_where_it_can_be_changed(
    page: DataPage, office: Office, qtbot: QtBot, field: str, typed: str, place: str, said: str
) -> None:
    getattr(page.fields, field).setText(typed)
    if field == "host":
        page.fields.tls.setCurrentIndex(page.fields.tls.findData("require"))
    if typed == "postgres":
        page.fields.user.setText("admin")
    page.use.click()
    _wait(page, qtbot)
    _expect(page, place, said)


def _expect(page: DataPage, place: str, said: str) -> None:
    """It stands at this field in a sentence, and nowhere else."""
    assert said in page.fields.form[place].said
    assert page.fields.form.general.text() == ""
    assert page.note.text() == ""
    assert page.fields.password.text() not in page.fields.form[place].said
    assert "Traceback" not in page.fields.form[place].said


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
@pytest.mark.parametrize(
    ("certificate", "host", "authority", "place", "said"),
    [
        ("server", "localhost", "unknown.crt", "authority", "signed by nobody who is known here"),
        ("server", "localhost", "", "authority", "signed by nobody who is known here"),
        ("server", "localhost", "names", "authority", "There is no certificate in"),
        ("server", "127.0.0.1", "known.crt", "host", "another name than the one it was called by"),
        ("expired", "localhost", "known.crt", "host", "has expired"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_certificate_is_said_at_its_field(
    page: DataPage, before: Before, papers: Path, qtbot: QtBot, certificate: str, host: str, authority: str, place: str,
    said: str,
) -> None:  # fmt: skip
    fields = page.fields
    fields.tls.setCurrentIndex(fields.tls.findData("verify-full"))
    fields.host.setText(host)
    fields.port.setValue(before(certificate))
    fields.authority.setText(str(papers / authority) if authority else "")
    for button in (page.test, page.use):
        button.click()
        _wait(page, qtbot)
        _expect(page, place, said)
    fields.authority.setText(str(papers / "known.crt"))
    fields.host.setText("localhost")
    fields.port.setValue(before("server"))
    page.test.click()
    _wait(page, qtbot)
    assert page.note.text().startswith("Connected as Anna (Owner)")
    assert not any(fields.form[name].refused for name in ("authority", "host"))


def test_a_server_without_encryption_is_said_at_the_choice_of_it(page: DataPage, qtbot: QtBot) -> None:
    page.fields.tls.setCurrentIndex(page.fields.tls.findData("require"))
    page.test.click()
    _wait(page, qtbot)
    _expect(page, "tls", "offers no encrypted connection (TLS)")


@pytest.mark.parametrize(("schema", "said"), [("9999", "newer version than this"), ("0001", "older version than this")])
def test_a_server_of_another_version_is_one_sentence(
    page: DataPage, office: Office, reopened: list[Coming], qtbot: QtBot, schema: str, said: str
) -> None:
    """No field is to blame for it."""
    with office.server.connect() as admin:
        admin.execute("UPDATE team.information SET value = %s WHERE key = 'schema'", [schema])
    for button in (page.test, page.use):
        button.click()
        _wait(page, qtbot)
        assert said in page.fields.form.general.text()
    assert reopened == []


def test_a_host_where_nothing_listens_is_said_at_the_host(page: DataPage, qtbot: QtBot) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as ear:
        port = ear.getsockname()[1]
    page.fields.port.setValue(port)
    page.test.click()
    _wait(page, qtbot)
    _expect(page, "host", "cannot be reached")


def test_a_host_that_never_answers_is_said_at_the_host(
    page: DataPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addressing, "_CONNECT_SECONDS", 2)
    with closing(socket.create_server(("127.0.0.1", 0))) as ear:
        page.fields.port.setValue(ear.getsockname()[1])
        page.test.click()
        _wait(page, qtbot)
    _expect(page, "host", "did not answer in time")


def test_without_encryption_to_another_machine_is_asked_about(page: DataPage, desk: Desk, qtbot: QtBot) -> None:
    page.fields.host.setText("gibt.es.nicht.invalid")
    desk.dialogs._steps.append(("ask", "Connect without encryption?", None))
    page.test.click()
    assert page.test.isEnabled()
    assert (page.note.text(), page.fields.form.general.text()) == ("", "")
    desk.dialogs._steps.append(("ask", "Connect without encryption?", "Connect without encryption"))
    page.test.click()
    _wait(page, qtbot)
    _expect(page, "host", "There is no computer")


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
