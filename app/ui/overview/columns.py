"""The columns of the lists on the page."""

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from app.core.format import Formats
from app.core.i18n import N_, ntr, tr
from app.core.terms import Entity
from app.services.due_steps import DueStep
from app.services.recent import Happening, News
from app.services.rhythm import OverdueRhythm, RhythmState
from app.services.today import Why
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.wording import Wording, rhythm_words

if TYPE_CHECKING:
    from datetime import date

    from app.services.lead_list import LeadRow

    LeadColumn = Column[LeadRow]
    NewsColumn = Column[Happening]
    TouchColumn = Column[OverdueRhythm]
else:
    LeadColumn = NewsColumn = TouchColumn = Column

#: Icon and colour of each reason; the words beside them say the same.
_SIGNS = {
    Why.OVERDUE: ("warning", Tone.LOST),
    Why.TODAY: ("calendar", Tone.WARNING),
    Why.IDLE: ("clock", None),
    Why.NO_STEP: ("help", Tone.ACCENT),
}
_NEWS = {
    News.NEW: (N_("New"), "plus", Tone.ACCENT),
    News.WON: (N_("Won"), "check", Tone.WON),
    News.LOST: (N_("Lost"), "close", Tone.LOST),
    News.DROPPED: (N_("Dropped"), "flag", None),
    News.REOPENED: (N_("Opened again"), "undo", Tone.ACCENT),
    News.BACK: (N_("Set back"), "idea", None),
    News.MOVED: (N_("Moved"), "stage", None),
    News.VALUE: (N_("Value"), "chart", None),
    News.IMPORTED: (N_("Imported"), "download", None),
}


def today_columns(wording: Wording, formats: Formats, why: Callable[[int], Why | None]) -> tuple[LeadColumn, ...]:
    """What needs somebody, `why` being the reason under which a lead stands there."""

    def reason(row: "LeadRow") -> str:
        return _reason(why(row.id), row, wording, formats)

    def sign(row: "LeadRow") -> tuple[str, Tone | None]:
        return _SIGNS.get(why(row.id) or Why.NO_STEP, ("", None))

    return (
        Column("why", N_("Why"), reason, width=158, icon=lambda row: sign(row)[0], tone=lambda row: sign(row)[1]),
        Column("title", N_("Lead"), lambda row: row.title, width=140, weight=Weight.STRONG, flex=3),
        Column("company", N_("Company"), lambda row: row.company or "", width=104, weight=Weight.MUTED, flex=2),
        Column("next_step", N_("Next step"), lambda row: row.next_step_text or "", width=110, flex=2,
               tip=lambda row: wording.day(row.next_step_on),
               copied=((N_("Next step on"), lambda row: wording.day(row.next_step_on)),
                       (N_("Next step"), lambda row: row.next_step_text or ""))),
        _weighted(wording, 96),
        Column("responsible", N_("Resp."), lambda row: row.initials or "", Kind.AVATAR, 72,
               tip=lambda row: row.user or "", spoken=lambda row: row.user or "",
               copied=((N_("Responsible"), lambda row: row.user or ""),)),
    )  # fmt: skip


def _reason(why: Why | None, row: "LeadRow", wording: Wording, formats: Formats) -> str:
    match why:
        case Why.OVERDUE | Why.TODAY:
            return wording.step(row)
        case Why.IDLE:
            return tr("idle for {days}", days=formats.days(_still(row, wording.today)))
        case Why.NO_STEP:
            return tr("no next step")
    return ""


def _still(row: "LeadRow", today: "date") -> int:
    """Days since a lead was last touched or moved."""
    since = max((day for day in (row.last_touch_on, row.stage_since_on) if day is not None), default=today)
    return (today - since).days


def idle_columns(wording: Wording, formats: Formats) -> tuple[LeadColumn, ...]:
    """Leads without movement."""
    return (
        Column("title", N_("Lead"), lambda row: row.title, width=130, weight=Weight.STRONG, flex=1,
               tip=lambda row: row.company or ""),
        Column("idle", N_("Idle for"), lambda row: formats.days(_still(row, wording.today)), Kind.NUMBER, 84,
               copied=((N_("Idle for"), lambda row: wording.copied_number(_still(row, wording.today))),)),
        _weighted(wording, 92),
    )  # fmt: skip


def touch_columns(wording: Wording, formats: Formats) -> tuple[TouchColumn, ...]:
    """Companies and people to get in touch with."""

    def days(row: OverdueRhythm) -> int:
        return row.rhythm.days(wording.today)

    def last(row: OverdueRhythm) -> str:
        return wording.day(row.last_on) or tr("none yet")

    return (
        Column("name", N_("Name"), lambda row: row.name, width=88, weight=Weight.STRONG, flex=1,
               icon=lambda row: "building" if row.entity is Entity.COMPANY else "user",
               tip=lambda row: "; ".join(rhythm_words(row.rhythm, formats, wording.today))),
        Column("last_contact", N_("Last"), last, width=96, weight=Weight.MUTED,
               copied=((N_("Last contact"), last),)),
        Column("silent", N_("Without contact"), lambda row: tr("for {days}", days=formats.days(days(row))), width=112,
               icon=lambda row: "warning" if row.state == RhythmState.OVERDUE else "clock",
               tone=lambda row: Tone.LOST if row.state == RhythmState.OVERDUE else Tone.WARNING,
               copied=((N_("Days without contact"), lambda row: wording.copied_number(days(row))),)),
        Column("responsible", N_("Who"), lambda row: row.initials or "", Kind.AVATAR, 56,
               tip=lambda row: row.user or "", spoken=lambda row: row.user or "",
               copied=((N_("Responsible"), lambda row: row.user or ""),)),
    )  # fmt: skip


def step_columns(wording: Wording) -> "tuple[Column[DueStep], ...]":
    """Steps with companies that are due."""

    def late(row: DueStep) -> Tone:
        return Tone.LOST if row.on < wording.today else Tone.WARNING

    return (
        Column("name", N_("Company"), lambda row: row.company, width=88, weight=Weight.STRONG, flex=1),
        Column("what", N_("Next step"), lambda row: row.text, width=100, flex=1, weight=Weight.MUTED),
        Column("due", N_("Due"), lambda row: wording.due(row.on, row.time), width=112, tone=late,
               short=lambda row: wording.due_short(row.on), tip=lambda row: wording.day(row.on),
               copied=((N_("Due"), lambda row: wording.day(row.on)),)),
        Column("responsible", N_("Who"), lambda row: row.initials or "", Kind.AVATAR, 56,
               tip=lambda row: row.user or "", spoken=lambda row: row.user or "",
               copied=((N_("Responsible"), lambda row: row.user or ""),)),
    )  # fmt: skip


def _weighted(wording: Wording, width: int) -> LeadColumn:
    return Column("weighted", N_("Weighted"), lambda row: wording.base(row.weighted), Kind.NUMBER, width, Weight.STRONG,
                  short=lambda row: wording.base_short(row.weighted),
                  copied=((N_("Weighted"), lambda row: wording.copied(row.weighted)),))  # fmt: skip


def recent_columns(formats: Formats, zone: tzinfo) -> tuple[NewsColumn, ...]:
    """What has happened."""
    return (
        Column("news", N_("What"), lambda row: tr(_NEWS[row.news][0]), width=122, icon=lambda row: _NEWS[row.news][1],
               tone=lambda row: _NEWS[row.news][2]),
        Column("title", N_("Lead"), _what, width=140, flex=1, tip=lambda row: formats.instant(row.at, zone)),
        Column("actor", N_("Who"), lambda row: row.initials, Kind.AVATAR, 56, tip=lambda row: row.actor,
               spoken=lambda row: row.actor),
    )  # fmt: skip


def _what(row: Happening) -> str:
    if row.title and row.words is not None:
        return f"{row.title}: {row.words}"
    return row.title or str(row.words or ntr("{n} lead", "{n} leads", len(row.lead_ids)))
