"""Why a server lets somebody not in is told in a sentence, whatever language the server speaks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from app.core.errors import NotAllowed, NotFound, TrichterError, Unreachable
from app.models.server.link import Address, Link
from app.models.server.probing import PasswordWanted, refusal
from tests.models.server.offices import Office
from tests.servers import SECRET, Server


def _told(address: Address) -> TrichterError:
    with pytest.raises(TrichterError) as told:
        Link(address).open()
    return told.value


def test_each_reason_has_its_sentence(office: Office) -> None:
    user = office.admit("Anna")
    there = office.address(user)
    for address, kind, words in (
        (replace(there, password="etwas anderes"), NotAllowed, "with this password"),
        (replace(there, user="niemand"), NotAllowed, "with this password"),
        (replace(there, database="gibt es nicht"), Unreachable, "no such database"),
        (replace(there, password=""), PasswordWanted, "asks for a password"),
        (replace(there, tls="verify-full"), Unreachable, "TLS"),
        (replace(there, tls="require"), Unreachable, "TLS"),
        (replace(there, port=9), Unreachable, "cannot be reached"),
        (replace(there, host="niemand.invalid"), Unreachable, "no computer of the name"),
    ):  # fmt: skip
        error = _told(address)
        assert type(error) is kind, address
        assert words in str(error), address
        assert SECRET not in str(error)


def test_who_was_shut_out_is_told_so(office: Office) -> None:
    user = office.admit("Anna")
    with office.server.connect() as admin:
        admin.execute(f'ALTER ROLE "{user}" NOLOGIN')
    error = _told(office.address(user))
    assert isinstance(error, NotAllowed)
    assert "does not let this user name in" in str(error)


def test_strangers_and_other_databases(office: Office, cluster: Server) -> None:
    stranger = f"fremd@{office.server.database}"
    with office.server.connect() as admin:
        admin.execute(f"CREATE ROLE \"{stranger}\" LOGIN PASSWORD '{SECRET}'")
    assert isinstance(_told(office.address(stranger)), NotAllowed)
    assert isinstance(_told(replace(office.address("admin"), database="postgres")), NotFound)


@pytest.mark.parametrize("secret", ["pässwörter ½ und mehr", "x" * 200, "\\'\" %s", "日本語のパスワード"])
def test_the_probe_proves_any_password_as_the_driver_does(office: Office, secret: str) -> None:
    user = office.admit("Anna")
    with office.server.connect() as admin:
        made = admin.pgconn.encrypt_password(secret.encode(), user.encode(), b"scram-sha-256").decode()
        admin.execute(f"ALTER ROLE \"{user}\" PASSWORD '{made}'")
    right = replace(office.address(user), password=secret, database="gibt es nicht")
    assert "no such database" in str(refusal(right))
    assert "with this password" in str(refusal(replace(right, password=secret + "x")))


@contextmanager
def _answering(*answers: bytes) -> Iterator[int]:
    """Something on a port that is no PostgreSQL, or a hostile one; gives the port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as ear:

        def serve() -> None:
            while True:
                try:
                    talk, _ = ear.accept()
                except OSError:
                    return
                with talk:
                    for answer in answers:
                        talk.recv(10_000)
                        talk.sendall(answer)

        worker = threading.Thread(target=serve)
        worker.start()
        try:
            yield ear.getsockname()[1]
        finally:
            ear.shutdown(socket.SHUT_RDWR)
            worker.join()


@pytest.mark.parametrize(
    "answers",
    [
        (b"",), (b"HTTP/1.1 400 Bad Request\r\n\r\n",), (b"R\x7f\xff\xff\xff",), (b"R\0\0\0\x03",), (b"E\0\0\0\x04",),
        (b"R\0\0\0\x06ab",), (b"E\0\0\0\x0cC\xff\xff\0\0\0\0\0",), (b"R\0\0\0\x08\0\0\0\x07",),
        (b"R\0\0\0\x08\0\0\0\x0a", b"R\0\0\0\x0a\0\0\0\x0br="),
        (b"R\0\0\0\x08\0\0\0\x0a", b"R\0\0\0\x15\0\0\0\x0br=x,s=eA==,i="),
    ],
)  # fmt: skip
def test_what_answers_otherwise_is_no_server_of_a_team(answers: tuple[bytes, ...]) -> None:
    with _answering(*answers) as port:
        error = refusal(Address("127.0.0.1", "db", "anna", "geheim", port, tls="disable"))
    assert isinstance(error, Unreachable)
