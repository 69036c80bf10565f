"""The way to a team: what the server answers, and the replica with it and without."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Cancelled, InvalidInput, NotAllowed, StorageError, TrichterError, Unreachable
from app.core.i18n import Text
from app.core.roles import Role
from app.core.settings import TEAM, Settings
from app.models.opening import open_store
from app.models.place import KEY_NAME
from app.models.server.addressing import Address
from app.models.server.people import disable, set_password
from app.models.server.probing import PasswordWanted
from app.models.store import Store
from app.services.drafts import Drafts
from app.services.owners import Owner
from app.services.team_home import address_in, checked, look, settings_of
from app.services.teamwork import Membership, open_team
from tests.models.server.offices import Office
from tests.stores import add_lead


@pytest.fixture
def mine(office: Office) -> Address:
    """How Anna reaches the team."""
    return office.address(office.admit("Anna", Role.OWNER, 1))


@pytest.fixture
def place(mine: Address, tmp_path: Path) -> Path:
    """Where her replica lies."""
    return Membership(mine).folder(tmp_path)


@pytest.fixture
def away(mine: Address, place: Path, office: Office) -> Iterator[None]:
    """Somebody worked here, and the server is away by now."""
    with closing(_enter(place, mine, office)) as store:
        add_lead(store, "Relaunch")
    office.shut()
    yield
    office.reopen()


def _enter(place: Path, mine: Address, office: Office) -> Store:
    return open_team(place, Membership(mine), origin="test", clock=office.clock)


def _titles(store: Store) -> list[str]:
    with store.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT title FROM lead ORDER BY id")]


def test_the_server_tells_as_whom_one_is_known(mine: Address) -> None:
    found = look(mine)
    assert (found.name, found.role) == ("Anna", Role.OWNER)
    assert found.milliseconds >= 0


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"host": "gibt.es.nicht.invalid"}, Unreachable, "There is no computer of the name “gibt.es.nicht.invalid”"),
        ({"port": 9}, Unreachable, "cannot be reached"),
        ({"database": "keine"}, Unreachable, "no such database"),
        ({"password": "falsch"}, NotAllowed, "does not know this user name with this password"),
        ({"password": ""}, PasswordWanted, "asks for a password"),
        ({"tls": "verify-full"}, Unreachable, "offers no encrypted connection"),
    ],
)
def test_why_one_cannot_sign_in_is_said(
    mine: Address, change: dict[str, object], kind: type[TrichterError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        look(replace(mine, **change))  # type: ignore[arg-type]
    assert words in str(caught.value)


@pytest.mark.parametrize("field", ["host", "database", "user", "authority"])
def test_what_is_missing_in_an_address_is_said_at_its_field(field: str) -> None:
    whole = Address("server", "agentur", "anna")
    assert checked(whole) is whole
    wrong: object = Path("/gibt/es/nicht.pem") if field == "authority" else ""
    with pytest.raises(InvalidInput) as caught:
        checked(replace(whole, **{field: wrong}))  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.parametrize("host", ["eins,zwei", "a\nb", "a\0b"])
def test_hosts_that_are_none_are_refused(host: str) -> None:
    with pytest.raises(InvalidInput):
        checked(Address(host, "agentur", "anna"))


def test_the_settings_keep_all_but_the_password(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json", {})
    mine = Address("server", "agentur", "anna", "geheim", 5433, "require", tmp_path / "ca.pem")
    settings.change(settings_of(mine))
    read = Settings(tmp_path / "settings.json", {})
    assert read[TEAM]
    assert address_in(read, "geheim") == mine
    assert "geheim" not in (tmp_path / "settings.json").read_text()


def test_the_replica_is_made_and_found_again(mine: Address, place: Path, office: Office, tmp_path: Path) -> None:
    with closing(_enter(place, mine, office)) as store:
        assert store.shared
        assert not store.away
        assert store.actor_id == 1
        add_lead(store, "Relaunch")
    with closing(open_team(tmp_path / "anderswo", Membership(mine), origin="test", clock=office.clock)) as other:
        add_lead(other, "Von anderswo")
    with closing(_enter(place, mine, office)) as store:
        assert _titles(store) == ["Relaunch", "Von anderswo"]


def test_who_stops_the_fetch_leaves_nothing(mine: Address, place: Path, office: Office) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        open_team(place, Membership(mine), origin="test", clock=office.clock, tell=stop)
    assert not [path.name for path in place.iterdir() if path.name.startswith("trichter.db")]


@pytest.mark.usefixtures("away")
def test_without_the_server_there_is_reading_for_who_was_let_in(mine: Address, place: Path, office: Office) -> None:
    with closing(_enter(place, mine, office)) as store:
        states = [store.away]
        assert _titles(store) == ["Relaunch"]
        with pytest.raises(Unreachable):
            add_lead(store, "Anderes")
        office.reopen()
        store.ask_now()
        store.watch()
        assert [*states, store.away] == [True, False]
        add_lead(store, "Anderes")


@pytest.mark.parametrize("typed", ["", "falsch"])
def test_without_the_server_another_password_opens_nothing(
    mine: Address, place: Path, office: Office, typed: str
) -> None:
    _enter(place, mine, office).close()
    with pytest.raises(NotAllowed) as caught:
        _enter(place, replace(mine, password=typed, port=9), office)  # where nobody answers at all
    assert isinstance(caught.value, PasswordWanted) == (typed == "")


def test_without_server_and_replica_there_is_nothing(mine: Address, place: Path, office: Office) -> None:
    office.shut()
    with pytest.raises(Unreachable):
        _enter(place, mine, office)
    office.reopen()


def test_who_is_shut_out_comes_in_no_more(mine: Address, place: Path, office: Office) -> None:
    _enter(place, mine, office).close()
    with office.server.connect() as admin:
        disable(admin, mine.user)
    with pytest.raises(NotAllowed):
        _enter(place, mine, office)


def test_a_new_password_opens_what_was_fetched_with_the_old_one(mine: Address, place: Path, office: Office) -> None:
    with closing(_enter(place, mine, office)) as store:
        _begin(store)
        fetched = store.path.stat().st_ino
    with office.server.connect() as admin:
        set_password(admin, mine.user, "ein neues Kennwort")
    with pytest.raises(NotAllowed):
        _enter(place, mine, office)
    renewed = replace(mine, password="ein neues Kennwort")
    with closing(_enter(place, renewed, office)) as store:
        assert _begun(store) == "angefangen"
        assert store.path.stat().st_ino == fetched
    nowhere: dict[str, Any] = {"host": "gibt.es.nicht.invalid"}
    with pytest.raises(NotAllowed, match="another password was used last"):
        _enter(place, replace(mine, **nowhere), office)
    with closing(_enter(place, replace(renewed, **nowhere), office)) as store:
        assert _begun(store) == "angefangen"


def test_what_was_fetched_under_another_secret_is_fetched_anew(mine: Address, place: Path, office: Office) -> None:
    """As of another team under the same address."""
    with closing(_enter(place, mine, office)) as store:
        add_lead(store, "Relaunch")
    with office.server.connect() as admin:
        admin.execute("UPDATE team.login SET secret = decode(repeat('ab', 32), 'hex')")
    with closing(_enter(place, mine, office)) as store:
        assert _titles(store) == ["Relaunch"]
    office.shut()
    with closing(_enter(place, mine, office)) as store:
        assert _titles(store) == ["Relaunch"]
    office.reopen()


@pytest.mark.parametrize("what", ["gone", "damaged"])
def test_a_lost_envelope_is_made_anew_by_the_server(mine: Address, place: Path, office: Office, what: str) -> None:
    with closing(_enter(place, mine, office)) as store:
        add_lead(store, "Relaunch")
    envelope = place / KEY_NAME
    envelope.unlink() if what == "gone" else envelope.write_text("kaputt")
    office.shut()
    with pytest.raises(Unreachable if what == "gone" else NotAllowed):
        _enter(place, mine, office)
    office.reopen()
    for _ in range(2):
        with closing(_enter(place, mine, office)) as store:
            assert _titles(store) == ["Relaunch"]
        office.shut()
        with closing(_enter(place, mine, office)) as store:
            assert _titles(store) == ["Relaunch"]
        office.reopen()


def test_a_replica_is_not_opened_as_data_of_this_device(mine: Address, place: Path, office: Office) -> None:
    _enter(place, mine, office).close()
    with pytest.raises(StorageError, match="a copy of what a team's server holds"):
        open_store(place, origin="test")


def _begin(store: Store) -> None:
    drafts = Drafts(store)
    drafts.keep(Owner("lead", 7), "angefangen")
    drafts.write()


def _begun(store: Store) -> str | None:
    text: str | None = Drafts(store).of(Owner("lead", 7))
    return text
