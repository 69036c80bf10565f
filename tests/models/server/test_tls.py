"""An encrypted way to the server: only to the one whose certificate is believed, and named like the one that is called.

The PostgreSQL of the tests has no TLS, so something stands before it that has.
"""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import NotAllowed, Unreachable
from app.models.server.link import Address, Link
from tests.models.server.offices import Office

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, the certificate of a server called localhost signed by it, and an authority nobody knows."""
    folder = tmp_path_factory.mktemp("papers")

    def make(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("known", "unknown"):
        make("req", "-new", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", f"/CN={name}",
             "-keyout", f"{name}.key", "-out", f"{name}.crt")  # fmt: skip
    make("req", "-new", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost", "-keyout", "server.key",
         "-out", "server.csr")  # fmt: skip
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    make("x509", "-req", "-in", "server.csr", "-CA", "known.crt", "-CAkey", "known.key", "-CAcreateserial",
         "-days", "2", "-extfile", "names", "-out", "server.crt")  # fmt: skip
    return folder


@pytest.fixture
def before(office: Office, papers: Path) -> Iterator[int]:
    """What stands before the server: the port of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / "server.crt", papers / "server.key")
    workers: list[threading.Thread] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def serve(plain: socket.socket) -> None:
        with suppress(OSError), plain:
            plain.recv(8)
            plain.sendall(b"S")
            address = ("127.0.0.1", office.server.port)
            with (
                context.wrap_socket(plain, server_side=True) as talk,
                closing(socket.create_connection(address)) as there,
            ):
                other = threading.Thread(target=pump, args=(there, talk))
                other.start()
                pump(talk, there)
                other.join()

    def listen() -> None:
        with suppress(OSError):
            while True:
                workers.append(threading.Thread(target=serve, args=(ear.accept()[0],)))
                workers[-1].start()

    with closing(socket.create_server(("127.0.0.1", 0))) as ear:
        listener = threading.Thread(target=listen)
        listener.start()
        yield ear.getsockname()[1]
        ear.shutdown(socket.SHUT_RDWR)
        listener.join()
    for worker in workers:
        worker.join()


@pytest.fixture
def there(office: Office, before: int, papers: Path) -> Address:
    """Anna's address behind it, as it is right."""
    address = office.address(office.admit("Anna"))
    return replace(address, host="localhost", port=before, tls="verify-full", authority=papers / "known.crt")


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


def test_another_one_is_not(there: Address, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, words in (
        (replace(there, authority=papers / "unknown.crt"), "nobody who is known"),
        (replace(there, authority=None), "nobody who is known"),
        (replace(there, host="127.0.0.1"), "another name"),
    ):
        with pytest.raises(Unreachable, match=words):
            Link(address).open()
    monkeypatch.setenv("SSL_CERT_FILE", str(papers / "known.crt"))
    assert _open(replace(there, authority=None)) > 0


def test_what_the_server_refuses_is_told_on_an_encrypted_way_too(there: Address) -> None:
    with pytest.raises(NotAllowed, match="with this password"):
        Link(replace(there, password="etwas anderes")).open()
    with pytest.raises(Unreachable, match="no such database"):
        Link(replace(there, database="nirgends")).open()
