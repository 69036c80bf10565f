"""A display that is named and does not answer is none."""

import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.display import has_display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a display there")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""},
        {"DISPLAY": ":77"},
        {"DISPLAY": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-77"},
        {"WAYLAND_DISPLAY": "wayland-77", "DISPLAY": ":77"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":77"},
    ],
)
def test_what_does_not_answer_is_none(environ: dict[str, str]) -> None:
    assert not has_display(environ)


@pytest.mark.parametrize("platform", ["offscreen", "vnc:size=800x600", "xcb;offscreen"])
def test_another_platform_is_taken_at_its_word(platform: str) -> None:
    assert has_display({"QT_QPA_PLATFORM": platform, "DISPLAY": ":77"})


def test_a_wayland_that_answers_is_one(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        assert not has_display(environ), "left behind by one that is gone"
        server.listen()
        assert has_display(environ)
        assert not has_display({**environ, "QT_QPA_PLATFORM": "xcb"})


@pytest.mark.parametrize(("word", "answers"), [(b"\x01", True), (b"\x00", False)], ids=["welcome", "refusal"])
def test_an_x_server_is_one_when_it_lets_this_user_in(word: bytes, answers: bool) -> None:
    with socket.socket() as server, ThreadPoolExecutor(1) as other:
        server.bind(("127.0.0.1", 0))
        server.listen()
        greeted = other.submit(_greet, server, word)
        assert has_display({"DISPLAY": f"127.0.0.1:{server.getsockname()[1] - 6000}"}) == answers
        greeted.result()


def _greet(server: socket.socket, word: bytes) -> None:
    """As an X server without any screen answers whoever connects."""
    client, _ = server.accept()
    with client:
        client.recv(1000)
        client.sendall(word + struct.pack("<xHHH32x", 11, 0, 8))
        client.recv(1000)
