"""The columns of the three lists of leads."""

from typing import TYPE_CHECKING

from app.core.i18n import N_
from app.ui.tables.columns import Column, Kind, Weight
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow

    LeadColumn = Column[LeadRow]
else:
    LeadColumn = Column


def active_columns(wording: Wording) -> tuple[LeadColumn, ...]:
    """The list of active leads."""
    return (
        *_who(),
        Column(
            "stage", N_("Stage"), wording.stage, Kind.PILL, 174, sort="stage",
            fill=lambda row: wording.stage_colour(row.stage_id),
            copied=((N_("Stage"), lambda row: row.stage or ""), (N_("Probability"), wording.copied_percent)),
        ),
        _volume(wording),
        Column("weighted", N_("Weighted"), lambda row: wording.base(row.weighted), Kind.NUMBER, 100, Weight.STRONG,
               sort="weighted", short=lambda row: wording.base_short(row.weighted),
               copied=((N_("Weighted"), lambda row: wording.copied(row.weighted)),)),
        _period(wording),
        _step(wording),
        _responsible(),
        Column("age", N_("Age"), wording.age, Kind.NUMBER, 60, Weight.MUTED, sort="age", tone=wording.age_tone,
               tip=wording.age_tip, short=wording.age_short, copied=((N_("Age"), wording.copied_age),)),
        _probability(wording),
        _category(wording),
        *_optional(wording),
    )  # fmt: skip


def potential_columns(wording: Wording) -> tuple[LeadColumn, ...]:
    """The list of ideas."""
    return (
        *_who(),
        _volume(wording),
        _step(wording),
        _responsible(),
        Column("created", N_("Created"), lambda row: wording.day(row.created_at.date()), width=110, weight=Weight.MUTED,
               sort="created"),
        _probability(wording),
        *_optional(wording),
    )  # fmt: skip


def closed_columns(wording: Wording) -> tuple[LeadColumn, ...]:
    """The list of closed leads."""
    return (
        *_who(),
        Column("status", N_("Outcome"), wording.outcome, Kind.PILL, 120, sort="outcome", tone=wording.outcome_tone),
        _volume(wording),
        Column("closed", N_("Closed on"), lambda row: wording.day(row.closed_on), width=142, sort="closed"),
        Column("reason", N_("Reason"), lambda row: row.reason or "", width=160, weight=Weight.MUTED, sort="reason"),
        _responsible(),
        Column("cycle", N_("Duration"), wording.cycle, Kind.NUMBER, 90, Weight.MUTED,
               sort="cycle", copied=((N_("Duration"), wording.copied_cycle),)),
        _period(wording, visible=False),
        Column("remark", N_("Remark"), lambda row: row.remark, width=200, weight=Weight.MUTED, visible=False),
        *_optional(wording),
    )  # fmt: skip


def _who() -> tuple[LeadColumn, ...]:
    return (
        Column("title", N_("Lead"), lambda row: row.title, width=150, weight=Weight.STRONG, sort="title", flex=3),
        Column("company", N_("Company"), lambda row: row.company or "", width=142, weight=Weight.MUTED,
               sort="company", flex=2),
    )  # fmt: skip


def _volume(wording: Wording) -> LeadColumn:
    return Column("volume", N_("Volume"), wording.volume, Kind.NUMBER, 112, sort="volume", short=wording.volume_short,
                  copied=((N_("Volume"), wording.copied_volume),))  # fmt: skip


def _period(wording: Wording, *, visible: bool = True) -> LeadColumn:
    return Column("period", N_("Service period"), wording.period, width=126, weight=Weight.MUTED, sort="period",
                  visible=visible, copied=((N_("Service period from"), wording.period_begin),
                                           (N_("Service period to"), wording.period_end)))  # fmt: skip


def _probability(wording: Wording) -> LeadColumn:
    return Column("probability", N_("Probability"), wording.probability, Kind.NUMBER, 100, sort="probability",
                  visible=False)  # fmt: skip


def _step(wording: Wording) -> LeadColumn:
    return Column(
        "next_step", N_("Next step"), wording.step, width=120, sort="next_step", tone=wording.step_tone,
        short=wording.step_short, tip=lambda row: row.next_step_text or "",
        copied=((N_("Next step on"), lambda row: wording.day(row.next_step_on)),
                (N_("Next step"), lambda row: row.next_step_text or "")),
    )  # fmt: skip


def _responsible() -> LeadColumn:
    return Column(
        "responsible", N_("Resp."), lambda row: row.initials or "", Kind.AVATAR, 72, sort="responsible",
        tip=lambda row: row.user or "", spoken=lambda row: row.user or "",
        copied=((N_("Responsible"), lambda row: row.user or ""),),
    )  # fmt: skip


def _category(wording: Wording) -> LeadColumn:
    return Column("category", N_("Forecast category"), wording.category, width=120, visible=False, sort="category",
                  tip=wording.category_tip)  # fmt: skip


def _optional(wording: Wording) -> tuple[LeadColumn, ...]:
    """Columns that are there for those who choose them."""
    return (
        Column("person", N_("Contact"), lambda row: row.person or "", width=150, visible=False, sort="person"),
        Column("source", N_("Source"), lambda row: row.source or "", width=130, visible=False, sort="source"),
        Column("recommender", N_("Recommended by"), lambda row: row.recommender.name if row.recommender else "",
               width=150, visible=False),
        Column("tags", N_("Tags"), lambda row: ", ".join(row.tags), width=160, visible=False),
        Column("total", N_("Total"), lambda row: wording.base(row.total), Kind.NUMBER, 120, visible=False,
               sort="total", short=lambda row: wording.base_short(row.total),
               copied=((N_("Total"), lambda row: wording.copied(row.total)),)),
        Column("number", N_("External number"), lambda row: row.external_number or "", width=130, visible=False,
               sort="number"),
        Column("activated", N_("Active since"), lambda row: wording.day(row.activated_on), width=110, visible=False,
               sort="activated"),
    )  # fmt: skip
