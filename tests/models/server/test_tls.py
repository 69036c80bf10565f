"""An encrypted way to the server: only to the one whose certificate is believed, and named like the one that is called.

The PostgreSQL of the tests has no TLS, so something stands before it that has.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import NotAllowed, Unreachable
from app.models.server.link import Address, Link
from tests.models.server.encrypted import Before, before, papers
from tests.models.server.offices import Office

__all__ = ["before", "papers"]

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")


@pytest.fixture
def there(office: Office, before: Before, papers: Path) -> Address:
    """Anna's address behind it, as it is right."""
    address = office.address(office.admit("Anna"))
    return replace(address, host="localhost", port=before("server"), tls="verify-full", authority=papers / "known.crt")


def _open(address: Address) -> int:
    link = Link(address)
    try:
        assert link.open().pgconn.ssl_in_use
        return link.standing.member_id
    finally:
        link.drop()


def test_the_server_that_is_meant_is_spoken_to(there: Address) -> None:
    assert _open(there) > 0
    assert _open(replace(there, tls="require", authority=None, host="127.0.0.1")) > 0


def test_one_whose_certificate_is_out_of_date_is_not(there: Address, before: Before) -> None:
    with pytest.raises(Unreachable, match="has expired") as told:
        Link(replace(there, port=before("expired"))).open()
    assert told.value.field == "host"


def test_another_one_is_not(there: Address, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, words, field in (
        (replace(there, authority=papers / "unknown.crt"), "nobody who is known", "authority"),
        (replace(there, authority=papers / "names"), "There is no certificate in", "authority"),
        (replace(there, authority=None), "nobody who is known", "authority"),
        (replace(there, host="127.0.0.1"), "another name", "host"),
    ):
        with pytest.raises(Unreachable) as told:
            Link(address).open()
        assert words in str(told.value)
        assert told.value.field == field
    monkeypatch.setenv("SSL_CERT_FILE", str(papers / "known.crt"))
    assert _open(replace(there, authority=None)) > 0


def test_what_the_server_refuses_is_told_on_an_encrypted_way_too(there: Address) -> None:
    with pytest.raises(NotAllowed, match="with this password"):
        Link(replace(there, password="etwas anderes")).open()
    with pytest.raises(Unreachable, match="no such database"):
        Link(replace(there, database="nirgends")).open()
