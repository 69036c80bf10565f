"""The PostgreSQL of the tests has no TLS, so something stands before it that has. Needs openssl."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.models.server.offices import Office

Before = Callable[[str], int]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, certificates of a server called localhost signed by it, one of them expired, and an authority
    nobody knows.
    """
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
    make("x509", "-req", "-in", "server.csr", "-CA", "known.crt", "-CAkey", "known.key", "-CAcreateserial",
         "-days", "-1", "-extfile", "names", "-out", "expired.crt")  # fmt: skip
    return folder


@pytest.fixture
def before(office: Office, papers: Path) -> Iterator[Before]:
    """Puts something before the server that has the certificate of this name; returns its port."""
    with ExitStack() as standing:
        yield lambda name: standing.enter_context(_listening(office.server.port, papers, name))


@contextmanager
def _listening(port: int, papers: Path, name: str) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / f"{name}.crt", papers / "server.key")
    workers: list[threading.Thread] = []

    def serve(plain: socket.socket) -> None:
        with suppress(OSError), plain:
            plain.recv(8)
            plain.sendall(b"S")
            with (
                context.wrap_socket(plain, server_side=True) as talk,
                closing(socket.create_connection(("127.0.0.1", port))) as there,
            ):
                other = threading.Thread(target=_pump, args=(there, talk))
                other.start()
                _pump(talk, there)
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


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for side in (source, target):
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
