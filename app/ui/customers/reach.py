"""Ways to reach somebody as links: what they open, and what can be done with them beside."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from app.core.i18n import Text, tr
from app.core.place import Place
from app.core.terms import REACH_LABELS, ReachLabel
from app.services.reach import Point, PointKind
from app.ui.timeline.documents import open_link
from app.ui.widgets.link_lines import Act, Link

if TYPE_CHECKING:
    from app.ui.context import Context

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DIALLED = re.compile(r"[0-9+()/. \u00a0\u2010-\u2013-]+")
_LEAST_DIGITS = 3
_PAGES = ("http", "https")


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
    if "://" not in words:
        if ":" in words.partition("/")[0] and not re.fullmatch(r"[^:@/]+:\d{1,5}", words.partition("/")[0]):
            return None
        words = f"https://{words}"
    url = QUrl(words, QUrl.ParsingMode.StrictMode)
    return words if url.isValid() and url.scheme().lower() in _PAGES and "." in url.host() else None


def follow(context: "Context", link: str) -> None:
    """Let the system open it, or say that it cannot."""
    if not open_link(link):
        context.notify(Text("No program was found that opens “{name}”.", name=link))


def copy(context: "Context", words: str) -> None:
    """Into the clipboard."""
    QGuiApplication.clipboard().setText(words)
    context.notify(Text("Copied: {text}", text=words.replace("\n", ", ")))


def point_links(context: "Context", kind: PointKind, points: Sequence[Point], edit: Act, edit_main: Act) -> list[Link]:
    """The numbers, addresses or pages as lines; the first one is edited where it stands, the others in the form."""
    return [_of_point(context, kind, point, edit if place else edit_main) for place, point in enumerate(points)]


def _of_point(context: "Context", kind: PointKind, point: Point, edit: Act) -> Link:
    link = target(kind, point.value)
    words = {"phone": tr("Call this number"), "mail": tr("Write an e-mail"), "web": tr("Open the page")}[kind]
    act = None if link is None else partial(follow, context, link)
    offers: list[tuple[str, Act]] = [] if act is None else [(words, act)]
    offers += [(tr("Copy"), partial(copy, context, point.value)), (tr("Edit …"), edit)]
    return Link(point.value, labelled(point), act, offers, edit=edit)


def place_links(context: "Context", places: Sequence[Place], edit: Act) -> list[Link]:
    """The addresses; a press offers to copy them as they are written on a letter."""
    return [
        Link(", ".join(_lines(place)).replace("\n", ", "), labelled(place), None,
             ((tr("Copy"), partial(copy, context, "\n".join(_lines(place)))), (tr("Edit …"), edit)), edit=edit)
        for place in places
    ]  # fmt: skip


def _lines(place: Place) -> Iterable[str]:
    town = f"{place.postcode} {place.city}".strip()
    return (part for part in (place.street, place.extra, town, place.region, place.country) if part)


def labelled(of: Point | Place) -> str:
    """What it is for, as everybody or as somebody calls it; the main one needs no word."""
    label = next((tr(words) for key, words in REACH_LABELS.items() if str(key) == of.label), of.label)
    return "" if of.label in ("", ReachLabel.MAIN) else f"({label})"
