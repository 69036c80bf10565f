"""Carrying cards with the mouse: what is carried, and how it looks."""

import json
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPointF, QRect
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.ui.board.cards import Card
from app.ui.board.painter import CardPainter, Look, badge
from app.ui.theme import Theme

#: What only this program can make sense of: ids mean nothing elsewhere, nor in another store.
FORMAT = "application/x-trichter-leads"
_WIDEST = 280
_BEHIND = 5
_SHARE = 0.92


def packed(ids: Sequence[int], store: str) -> QMimeData:
    """Leads of a store as what is carried."""
    mime = QMimeData()
    mime.setData(FORMAT, json.dumps({"store": store, "leads": list(ids)}).encode())
    return mime


def unpacked(mime: QMimeData, store: str) -> list[int]:
    """The leads that are carried; none for anything else, and for those of another store."""
    if not mime.hasFormat(FORMAT):
        return []
    try:
        found = json.loads(bytes(mime.data(FORMAT).data()))
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, dict) or found.get("store") != store:
        return []
    leads = found.get("leads")
    return [lead for lead in leads if type(lead) is int] if isinstance(leads, list) else []


def picture(theme: Theme, card: Card | None, count: int, width: int, ratio: float) -> QPixmap:
    """The card that is held, others behind it, and how many they are."""
    cards = CardPainter(theme)
    width = min(width, theme.px(_WIDEST))
    behind, rim = theme.px(_BEHIND) * min(2, count - 1), theme.px(12)
    pixmap = QPixmap(round((width + behind + rim) * ratio), round((cards.height + behind + rim) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor.fromRgbF(0, 0, 0, 0))
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_SHARE)
        for place in range(min(2, count - 1), 0, -1):
            step = place * theme.px(_BEHIND)
            cards.draw(painter, QRect(step, rim + step, width, cards.height), None, Look())
        cards.draw(painter, QRect(0, rim, width, cards.height), card, Look(selected=True))
        if count > 1:
            painter.setOpacity(1)
            badge(painter, theme, str(count), QPointF(width - theme.px(4), rim))
    return pixmap
