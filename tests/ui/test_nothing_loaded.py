"""What is shown of a mail or a note reaches nobody: who listens hears nothing, whatever the text asks for."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter, QTextDocument
from pytestqt.qtbot import QtBot

from app.services.mails.markup import sanitised
from app.services.mails.terms import Mail
from app.ui.timeline.documents import SafeDocument, as_markdown, show
from app.ui.timeline.mail_view import MailBrowser


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who waits to be called on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def _asking(address: str) -> str:
    """HTML that wants something from there in every way we know."""
    return f"""<html><head><base href="{address}/"><meta http-equiv="refresh" content="0;url={address}/meta">
<link rel="stylesheet" href="{address}/l.css">
<style>@import '{address}/i.css'; p {{background:url({address}/b)}}</style>
</head><body background="{address}/body.png"><img src="{address}/a.png"><img src="relative.png">
<p style="background-image:url('{address}/p.png')">x</p><table background="{address}/t.png"><tr><td>x</td></tr></table>
<svg><image href="{address}/s.png"/></svg><iframe src="{address}/f"></iframe><object data="{address}/o"></object>
<video src="{address}/v" poster="{address}/poster"></video><ul style="list-style-image:url({address}/li)"><li>x</ul>
<form action="{address}/form"><input type="image" src="{address}/in.png"></form><a href="{address}/link">x</a>
<img src="file:///etc/hostname"></body></html>"""


def _called(listener: socket.socket) -> bool:
    with suppress(BlockingIOError):
        listener.accept()[0].close()
        return True
    return False


@pytest.mark.parametrize("clean", [True, False], ids=["as it is shown", "not even cleaned"])
def test_a_mail_calls_nobody(qtbot: QtBot, listener: socket.socket, clean: bool) -> None:
    html = _asking(f"http://127.0.0.1:{listener.getsockname()[1]}")
    browser = MailBrowser("Text")
    qtbot.addWidget(browser)
    shown = sanitised(html) if clean else html
    browser.show_mail(Mail("x", None, (), (), None, None, "1", None, "x", shown, ()))
    browser.resize(400, 400)
    browser.show()
    qtbot.wait(150)
    assert not browser.grab().isNull()
    assert not _called(listener)


@pytest.mark.parametrize("markdown", [True, False])
def test_a_note_calls_nobody(qtbot: QtBot, listener: socket.socket, markdown: bool) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    document = SafeDocument()
    show(document, f"![x]({address}/a.png)\n\n<img src='{address}/b.png'>\n\n[x]: {address}/c", markdown=markdown)
    painter = QPainter(picture := QImage(300, 300, QImage.Format.Format_ARGB32))
    document.drawContents(painter)
    painter.end()
    assert not picture.isNull()
    as_markdown(_asking(address))
    qtbot.wait(100)
    assert not _called(listener)


def test_pictures_of_the_disk_are_not_shown(qtbot: QtBot, tmp_path: Path) -> None:
    picture, image = tmp_path / "a.png", QTextDocument.ResourceType.ImageResource.value
    drawn = QImage(30, 30, QImage.Format.Format_ARGB32)
    drawn.fill(0)
    assert drawn.save(str(picture))
    browser = MailBrowser("x")
    qtbot.addWidget(browser)
    assert browser.loadResource(image, picture.as_uri()).width() == 1
    assert SafeDocument().loadResource(image, picture.as_uri()).width() == 1


def test_the_listener_would_hear_it(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()):
        assert _called(listener)
