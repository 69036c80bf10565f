"""Ways to reach somebody: what the system opens for them."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.core.i18n import N_, Text
from app.services.reach import PointKind

if TYPE_CHECKING:
    from app.ui.context import Context

#: What it is called to open them.
OPENING = {"phone": N_("Call this number"), "mail": N_("Write an e-mail"), "web": N_("Open the page")}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DIALLED = re.compile(r"[0-9+()/. \u00a0\u2010-\u2013-]+")
_LEAST_DIGITS = 3
_PAGES = ("http", "https")
#: Links of these kinds are opened with the system's program; others could run something.
OPENED = (*_PAGES, "mailto", "tel")


def target(kind: PointKind, value: str) -> str | None:
    """What the system opens for a number, a mail address or a page; None where it is none of these."""
    words = value.strip()
    return {"phone": _call, "mail": _letter, "web": _page}[kind](words)


def _call(words: str) -> str | None:
    """Only figures are dialled: neither commands of the network (*, #) nor what stands behind the number."""
    found = _DIALLED.match(words)
    shown = found[0].strip() if found else ""
    abroad = shown.startswith(("+", "00"))
    digits = re.sub(r"\D", "", shown.replace("(0)", "") if abroad else shown)
    if len(digits) < _LEAST_DIGITS:
        return None
    return f"tel:+{digits}" if shown.startswith("+") else f"tel:{digits}"


def _letter(words: str) -> str | None:
    """A new mail to this address and nobody else: what would add a subject or a copy is part of the address."""
    if not _MAIL.fullmatch(words):
        return None
    url = QUrl()
    url.setScheme("mailto")
    url.setPath(words)
    return bytes(url.toEncoded().data()).decode()


def _page(words: str) -> str | None:
    if not words or any(sign.isspace() for sign in words):
        return None
    named = "://" in words  # a page of the house may have a plain name
    if not named:
        if ":" in words.partition("/")[0] and not re.fullmatch(r"[^:@/]+:\d{1,5}", words.partition("/")[0]):
            return None
        words = f"https://{words}"
    url = QUrl(words, QUrl.ParsingMode.StrictMode)
    host = url.host() if url.isValid() and url.scheme().lower() in _PAGES else ""
    return words if "." in host or (host and named) else None


def open_link(link: str) -> bool:
    """Open a page, or a new mail or call; nothing else is opened. Returns whether it was."""
    url = QUrl(link)
    return url.scheme().lower() in OPENED and QDesktopServices.openUrl(url)


def follow(context: "Context", link: str) -> None:
    """Let the system open it, or say that it cannot."""
    if not open_link(link):
        context.notify(Text("No program was found that opens “{name}”.", name=link))


def copy(context: "Context", words: str) -> None:
    """Into the clipboard."""
    QGuiApplication.clipboard().setText(words)
    context.notify(Text("Copied: {text}", text=words.replace("\n", ", ")))
