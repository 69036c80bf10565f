"""The columns of the history, and how its facts are called."""

from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

from app.core.i18n import N_, ntr, tr
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.tables.painter import PADDING

if TYPE_CHECKING:
    from app.services.history_log import LogRow
    from app.ui.context import Context

    LogColumn = Column[LogRow]
else:
    LogColumn = Column

_EVENINGS = [datetime(2026, month, 28, 22, 58, tzinfo=UTC) for month in range(1, 13)]
_ORIGINS = {"window": N_("Window"), "cli": N_("Command line"), "merge": N_("Merging")}
_KINDS = {"do": N_("Carried out"), "undo": N_("Undone"), "redo": N_("Done again")}


def log_columns(context: "Context") -> tuple[LogColumn, ...]:
    """Time, what, which leads, who, which kind, and through what."""
    zone = context.office.store.zone
    return (
        Column("at", N_("Time"), lambda row: context.formats.instant(row.at, zone), width=_time_width(context),
               weight=Weight.MUTED),
        Column("what", N_("What"), lambda row: str(row.label), width=200, weight=Weight.STRONG, flex=3),
        Column("leads", N_("Leads"), leads, width=130, weight=Weight.MUTED, flex=2),
        Column("actor", N_("Person"), lambda row: row.actor or "–", width=110),
        Column("kind", N_("Kind"), kind, Kind.PILL, 160, tone=_tone),
        Column("origin", N_("Through"), origin, width=110, weight=Weight.MUTED, visible=False),
    )  # fmt: skip


def _time_width(context: "Context") -> int:
    """Room for the longest time there is in the manner of the country: what was done is what one looks for."""
    metrics = QFontMetricsF(context.theme.font(13))
    longest = max(metrics.horizontalAdvance(context.formats.instant(evening, UTC)) for evening in _EVENINGS)
    return 2 * PADDING + ceil(100 * longest / context.theme.px(100))


def leads(row: "LogRow") -> str:
    """The one lead by its title, or how many."""
    if row.title:
        return row.title
    return ntr("{n} lead", "{n} leads", row.leads) if row.leads else ""


def kind(row: "LogRow") -> str:
    """Whether it was done, undone or done again; what was undone since is said to be."""
    if row.kind == "do" and row.over:
        return tr("Undone since")
    return tr(N_("Import")) if row.kind == "do" and row.is_import else tr(_KINDS[row.kind])


def origin(row: "LogRow") -> str:
    """Through what it came."""
    if row.is_import:
        return tr("Import")
    return tr(_ORIGINS[row.origin]) if row.origin in _ORIGINS else row.origin


def _tone(row: "LogRow") -> Tone | None:
    if row.kind == "do" and not row.over:
        return Tone.ACCENT if row.is_import else None
    return Tone.WARNING if row.kind != "redo" else Tone.ACCENT
