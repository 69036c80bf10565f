"""How a piece of a line is worded and shown: understood, new, proposed or unclear."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.core.i18n import tr
from app.core.parse.quick import Kind, Part
from app.core.terms import Budget
from app.services.lead_fields import LABELS
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context

_LONGEST = 60
_TONES = {Kind.TAKEN: "plain", Kind.NEW: "accent", Kind.UNCLEAR: "warning"}


def worded(context: "Context", part: Part) -> str:
    """A piece in words: Company: Müller GmbH."""
    if part.kind is Kind.UNCLEAR:
        return f"? {part.why}" if part.why is not None else f"? {part.typed}"
    words = {"field": tr(LABELS[part.field]), "value": _value(context, part)}
    if part.kind is Kind.NEW:
        return tr("{field}: {value} (new)", **words)
    if part.kind is Kind.PROPOSED:
        return tr("{field}: {value}?", **words)
    return tr("{field}: {value}", **words)


def piece(context: "Context", part: Part) -> QWidget:
    """A piece to look at; a proposal is a button that agrees to it."""
    words = worded(context, part)
    shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    if part.kind is Kind.PROPOSED:
        button = Button(context.theme, shown.replace("&", "&&"), ButtonKind.CHIP, icon="plus", name=words)
        button.setAutoDefault(True)  # Enter agrees, too
        button.setProperty("proposed", "true")
        return button
    label = QLabel(shown)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", "piece")
    label.setProperty("tone", _TONES[part.kind])
    if shown != words:
        label.setToolTip(words)
    return label


def _value(context: "Context", part: Part) -> str:
    formats, value = context.formats, part.value
    if part.name:
        return part.name
    match part.field:
        case "amount":
            shown = formats.money(value[0])
            return tr("{amount} / mo.", amount=shown) if value[1] == Budget.MONTHLY else shown
        case "probability":
            return formats.percent(value)
        case "period":
            return formats.period(*value)
        case "next_step":
            day = formats.day(value[0])
            return day if value[1] is None else f"{day} {formats.time(value[1])}"
    return str(value)
