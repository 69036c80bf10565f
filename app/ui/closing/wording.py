"""What closing leads does, in sentences. Only what is true is said."""

from datetime import date
from typing import TYPE_CHECKING

from app.core.calendar import month_number
from app.core.i18n import ntr, tr
from app.core.money import Money
from app.core.terms import Status
from app.services.closing import Closing
from app.ui.closing.consequences import Line

if TYPE_CHECKING:
    from app.ui.context import Context


def heading(found: Closing, outcome: Status) -> str:
    """What the dialog and its button say."""
    if outcome == Status.WON:
        return ntr("Close lead as won", "Close {n} leads as won", found.leads)
    if outcome == Status.LOST:
        return ntr("Close lead as lost", "Close {n} leads as lost", found.leads)
    return ntr("Close lead as dropped", "Close {n} leads as dropped", found.leads)


def consequences(found: Closing, outcome: Status, on: date, context: "Context", finishing: bool = False) -> list[Line]:
    """One line for each thing that will happen when the leads are closed on a day, their next steps `finishing`."""
    if not found.leads:
        return [Line("warning", tr("These leads have been deleted in the meantime."), "warning")]
    if found.closed_already:
        return [Line("warning", _closed_already(found), "warning")]
    lines = [_status(found, outcome, on), *_money(found, outcome, on, context)]
    if found.without_rate:
        words = ntr(
            "{n} lead has no exchange rate and is in no sum.", "{n} leads have no exchange rate and are in no sum.",
            found.without_rate,
        )  # fmt: skip
        lines.append(Line("warning", words, "warning"))
    lines += _finished(found) if finishing else _steps(found)
    lines.append(Line("undo", _way_back(found), "muted"))
    return lines


def _closed_already(found: Closing) -> str:
    if found.leads == 1:
        return tr("“{title}” is closed already.", title=found.title)
    return ntr("{n} of these leads is closed already.", "{n} of these leads are closed already.", found.closed_already)


def _status(found: Closing, outcome: Status, on: date) -> Line:
    n = found.leads
    if outcome == Status.WON:
        return Line("check", ntr("Won on {day}: “{title}”.", "{n} leads won on {day}.", n, **_who(found, on)), "won")
    if outcome == Status.LOST:
        return Line("close", ntr("Lost on {day}: “{title}”.", "{n} leads lost on {day}.", n, **_who(found, on)), "lost")
    return Line("flag", ntr("Dropped on {day}: “{title}”.", "{n} leads dropped on {day}.", n, **_who(found, on)))


def _who(found: Closing, on: date) -> dict[str, object]:
    return {"day": on, "title": found.title}


def _money(found: Closing, outcome: Status, on: date, context: "Context") -> list[Line]:
    formats, base = context.formats, context.office.store.facts.base_currency
    if outcome != Status.WON:
        return _leaving(found, base)
    lines = []
    if found.first is not None and found.last is not None:
        words = tr(
            "{amount} counts as secured in the forecast, in the service period {period}.",
            amount=Money(found.secured_in_period, base), period=formats.period(found.first, found.last),
        )  # fmt: skip
        lines.append(Line("chart", words))
    if found.counts_in_month:
        words = tr(
            "{amount} counts as secured in the month of closing, {month}: without a service period.",
            amount=Money(found.secured_in_month, base), month=formats.month(month_number(on)),
        )  # fmt: skip
        lines.append(Line("chart", words))
    return lines


def _leaving(found: Closing, base: str) -> list[Line]:
    lines = []
    if found.leads > found.ideas:
        words = tr(
            "{weighted} weighted ({volume} in all) leaves the forecast.",
            weighted=Money(found.weighted_now, base), volume=Money(found.open_now, base),
        )  # fmt: skip
        lines.append(Line("chart", words))
    if found.ideas:
        words = ntr(
            "One idea leaves the contact potential; it was not in the forecast.",
            "{n} ideas leave the contact potential; they were not in the forecast.", found.ideas,
        )  # fmt: skip
        lines.append(Line("idea", words))
    return lines


def _steps(found: Closing) -> list[Line]:
    if not found.steps:
        return []
    if found.leads > 1:
        words = ntr(
            "{n} open step stays with its lead and is due again when it is opened again.",
            "{n} open steps stay with their leads and are due again when they are opened again.", found.steps,
        )  # fmt: skip
    elif found.next_step:
        words = tr(
            "The open step of {day}, “{step}”, stays with the lead and is due again when it is opened again.",
            day=found.next_step_on, step=found.next_step,
        )  # fmt: skip
    else:
        words = tr(
            "The open step of {day} stays with the lead and is due again when it is opened again.",
            day=found.next_step_on,
        )
    return [Line("calendar", words)]


def _finished(found: Closing) -> list[Line]:
    words = ntr(
        "The next step of {n} lead will be finished.", "The next steps of {n} leads will be finished.", found.steps
    )
    return [Line("check", words)]


def _way_back(found: Closing) -> str:
    if found.leads == found.ideas:
        return tr("Opening again leads back to the contact potential.")
    return tr("Opening again brings back stage and probability.")
