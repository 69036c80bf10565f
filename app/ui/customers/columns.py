"""The columns of the lists of companies and of people."""

from typing import TYPE_CHECKING, Any

from app.core.i18n import N_, tr
from app.core.parse.cleaning import one_line
from app.core.terms import COMPANY_KIND_LABELS, SALUTATION_LABELS, SIZE_LABELS, Salutation
from app.services.csv_format import joined_tags
from app.services.rhythm import RhythmState
from app.services.touch_terms import TOUCH_LABELS
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.company_list import CompanyRow
    from app.services.person_list import PersonRow

_TONES = {RhythmState.DUE: Tone.WARNING, RhythmState.OVERDUE: Tone.LOST}


def company_columns(wording: Wording) -> "tuple[Column[CompanyRow], ...]":
    """The list of companies."""
    return (
        _name(N_("Company")),
        Column("kind", N_("Kind"), kinds, width=120, weight=Weight.MUTED, sort="kind"),
        *_reach(web_shown=False),
        Column("open", N_("Active leads"), lambda row: str(row.open or ""), Kind.NUMBER, 92, sort="open",
               copied=((N_("Active leads"), lambda row: wording.copied_number(row.open)),)),
        _sum(wording, "open_volume", N_("Volume")),
        _sum(wording, "won_volume", N_("Won"), visible=True),
        Column("next_step", N_("Next step"), lambda row: wording.day(row.next_step_on), width=112, sort="next_step",
               tip=lambda row: row.next_step_text,
               copied=((N_("Next step on"), lambda row: wording.day(row.next_step_on)),
                       (N_("Next step"), lambda row: row.next_step_text))),
        _responsible(),
        *_contact(wording),
        Column("number", N_("Customer number"), lambda row: row.number or "", width=100, visible=False, sort="number"),
        Column("industry", N_("Industry"), lambda row: row.industry, width=150, visible=False, sort="industry"),
        Column("size", N_("Company size"), lambda row: tr(SIZE_LABELS[row.size]) if row.size else "", width=140,
               visible=False, sort="size"),
        Column("country", N_("Country"), lambda row: row.place.country, width=80, visible=False, sort="country"),
        Column("people", N_("People"), lambda row: ", ".join(row.people), width=180, visible=False),
        _sum(wording, "open_weighted", N_("Weighted"), visible=False),
        *_rest(wording),
    )  # fmt: skip


def person_columns(wording: Wording) -> "tuple[Column[PersonRow], ...]":
    """The list of people."""
    return (
        _name(N_("Name")),
        Column("company", N_("Company"), works, width=170, weight=Weight.MUTED, sort="company", flex=2,
               tip=lambda row: "\n".join(employments(row)) if len(row.companies) > 1 else ""),
        Column("role", N_("Role"), lambda row: row.roles[0] if row.roles else "", width=130, weight=Weight.MUTED,
               sort="role"),
        *_reach(web_shown=False),
        Column("open", N_("Active leads"), lambda row: str(row.open or ""), Kind.NUMBER, 92, sort="open",
               copied=((N_("Active leads"), lambda row: wording.copied_number(row.open)),)),
        _responsible(),
        *_contact(wording),
        Column("birthday", N_("Birthday"), lambda row: wording.born(row.birthday), width=104, visible=False,
               sort="birthday"),
        Column("salutation", N_("Salutation"), salutation, width=90, visible=False, sort="salutation"),
        Column("prefix", N_("Academic title"), lambda row: row.prefix, width=90, visible=False),
        Column("country", N_("Country"), lambda row: row.place.country, width=80, visible=False),
        *_rest(wording),
    )  # fmt: skip


def kinds(row: "CompanyRow") -> str:
    """What a company is to the agency."""
    return ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in row.kinds)


def employments(row: "PersonRow") -> list[str]:
    """Where somebody works, each with what he or she is there."""
    pairs = zip(row.companies, row.roles, strict=True)
    return [f"{company} ({role})" if role else company for company, role in pairs]


def works(row: "PersonRow") -> str:
    """Where somebody works."""
    return ", ".join(row.companies)


def salutation(row: "PersonRow") -> str:
    """How somebody is addressed."""
    known = row.salutation in tuple(Salutation)
    return tr(SALUTATION_LABELS[Salutation(row.salutation)]) if known else row.salutation


def _name(title: str) -> "Column[Any]":
    return Column("name", title, lambda row: row.name, width=170, weight=Weight.STRONG, sort="name", flex=3)


def _sum(wording: Wording, key: str, title: str, *, visible: bool = True) -> "Column[Any]":
    def shown(row: Any) -> str:
        return wording.base(getattr(row, key)) if getattr(row, key) else ""

    def short(row: Any) -> tuple[str, ...]:
        return wording.base_short(getattr(row, key)) if getattr(row, key) else ("",)

    return Column(
        key, title, shown, Kind.NUMBER, 100, sort=key, visible=visible, short=short,
        copied=((title, lambda row: wording.copied(getattr(row, key))),),
    )  # fmt: skip


def _reach(*, web_shown: bool) -> "tuple[Column[Any], ...]":
    return (
        Column("city", N_("Town"), lambda row: row.place.city, width=120, sort="city"),
        Column("phone", N_("Telephone"), lambda row: row.phone or "", width=132, sort="phone"),
        Column("mail", N_("E-mail"), lambda row: row.mail or "", width=180, sort="mail", flex=1),
        Column("web", N_("Web"), lambda row: row.web or "", width=150, visible=web_shown, sort="web"),
    )


def _responsible() -> "Column[Any]":
    return Column("responsible", N_("Resp."), lambda row: row.initials or "", Kind.AVATAR, 72, sort="responsible",
                  tip=lambda row: row.user or "", spoken=lambda row: row.user or "",
                  copied=((N_("Responsible"), lambda row: row.user or ""),))  # fmt: skip


def _contact(wording: Wording) -> "tuple[Column[Any], ...]":
    return (
        Column("last_contact", N_("Last contact"),
               lambda row: wording.day(row.last_contact.date()) if row.last_contact else "", width=108,
               sort="last_contact", tone=lambda row: _TONES.get(row.touch)),
        Column("rhythm", N_("Keep in touch"), lambda row: tr(TOUCH_LABELS[row.touch]) if row.touch else "", width=104,
               visible=False, sort="rhythm", tone=lambda row: _TONES.get(row.touch)),
    )  # fmt: skip


def _rest(wording: Wording) -> "tuple[Column[Any], ...]":
    return (
        Column("street", N_("Street and number"), lambda row: one_line(row.place.street), width=150, visible=False),
        Column("extra", N_("Addition"), lambda row: one_line(row.place.extra), width=120, visible=False),
        Column("postcode", N_("Postal code"), lambda row: row.place.postcode, width=80, visible=False),
        Column("region", N_("Region"), lambda row: row.place.region, width=110, visible=False),
        Column("tags", N_("Tags"), lambda row: ", ".join(row.tags), width=160, visible=False,
               copied=((N_("Tags"), lambda row: joined_tags(row.tags)),)),
        Column("created", N_("Created on"), lambda row: wording.day(row.created_at.date()), width=104, visible=False,
               sort="created"),
        Column("archived", N_("Archived"), lambda row: tr("yes") if row.archived else "", width=80, visible=False,
               sort="archived"),
    )  # fmt: skip
