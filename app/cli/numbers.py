"""The commands that only read: leads, forecast and funnel."""

import argparse
import json
import sys
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.cli import answers
from app.cli.desk import Desk
from app.cli.tables import pairs, table
from app.core.calendar import month_number
from app.core.errors import NotFound
from app.core.folding import sort_key
from app.core.format import NONE, Formats
from app.core.i18n import Text, ntr, tr
from app.core.money import Money
from app.core.terms import STATUS_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.store import Store
    from app.services.forecast import ForecastResult, Sums
    from app.services.funnel import FunnelResult
    from app.services.lead_list import LeadRow, ListQuery, ListSums
    from app.services.record_query import RecordQuery

Options = argparse.Namespace


def print_json(answer: dict[str, Any]) -> None:
    """One line of JSON."""
    print(json.dumps(answer, ensure_ascii=False))


def list_leads(options: Options, desk: Desk) -> int:
    """Show leads, the first of them or all, with the sums of all that match."""
    from app.services.lead_list import LeadList

    with desk.reading() as store:
        query = _query(options, store)
        leads = LeadList(store)
        ids = leads.first_ids(query, options.limit) if options.limit else leads.ids(query)
        rows, totals, currency = leads.rows(ids), leads.sums(query), store.facts.base_currency
    if options.json:
        print_json(answers.leads(rows, totals, currency))
    else:
        _show_leads(rows, totals, currency, desk.formats)
    return 0


def _query(options: Options, store: "Store") -> "ListQuery":
    from app.services.lead_list import ListQuery

    query = ListQuery()
    if options.view is not None:
        found = view_named(store, options.view, options.status and _list_of(Status(options.status)))
        assert isinstance(found, ListQuery), "only views of leads are named"
        query = found
    if options.status:
        query = replace(query, statuses=(Status(options.status),))
    stage = None if options.stage is None else _stage_named(store, options.stage)
    return replace(query, stage_id=stage, text=f"{query.text} {options.text}".strip())


def view_named(store: "Store", name: str, list_: str | None) -> "RecordQuery":
    """What a view asks for, of this list or of any list of leads. What was deleted since narrows nothing; that is told
    beside the answer.
    """
    from app.services.filter_fields import spec_of
    from app.services.saved_views import SavedViews

    views = SavedViews(store)
    query, gone = views.query(views.named(name, list_))
    for each in gone:
        name = each.name or tr(spec_of(each.field).label)
        print(tr("“{name}” was deleted and narrows the list no more.", name=name), file=sys.stderr)
    return query


def _list_of(status: Status) -> str:
    """The list in the window that shows leads of this state."""
    return {Status.POTENTIAL: "potential", Status.ACTIVE: "leads"}.get(status, "closed")


def _stage_named(store: "Store", name: str) -> int:
    from app.services.stages import Stages

    key = sort_key(name)
    found = next((stage.id for stage in Stages(store).all() if sort_key(stage.name) == key), None)
    if found is None:
        raise NotFound(Text("There is no stage “{name}”.", name=name))
    return found


def _show_leads(rows: "list[LeadRow]", totals: "ListSums", currency: str, formats: Formats) -> None:
    if rows:
        head = (tr("Id"), tr("Title"), tr("Company"), tr("Status"), tr("Stage"), tr("Probability"), tr("Volume"),
                tr("Weighted"), tr("Next step"))  # fmt: skip
        print(table(head, [_cells(row, currency, formats) for row in rows], right=(0, 5, 6, 7)))
        print()
    if len(rows) < totals.count:
        print(tr("{shown} of {n} leads are shown; --limit 0 shows all.", shown=len(rows), n=totals.count))
    sums = [
        (tr("Leads"), formats.number(totals.count)),
        (tr("Volume"), formats.money(Money(totals.volume, currency))),
        (tr("Weighted"), formats.money(Money(totals.weighted, currency))),
    ]
    if totals.without_rate:
        sums.append((tr("Without a rate"), formats.number(totals.without_rate)))
    print(pairs(sums))


def _cells(row: "LeadRow", currency: str, formats: Formats) -> tuple[str, ...]:
    return (
        str(row.id),
        row.title,
        row.company or "",
        tr(STATUS_LABELS[row.status]),
        row.stage or "",
        NONE if row.probability is None else formats.percent(row.probability),
        tr("no rate") if row.total is None else formats.money(Money(row.total, currency)),
        NONE if row.weighted is None else formats.money(Money(row.weighted, currency)),
        formats.day(row.next_step_on) if row.next_step_on else "",
    )


def forecast(options: Options, desk: Desk) -> int:
    """Show revenue by month."""
    from app.services.forecast import Forecast
    from app.services.goals import Goals

    with desk.reading() as store:
        window = _window(options, month_number(store.today()))
        result, goals = Forecast(store).months(*window), Goals(store).months(*window)
    if options.json:
        print_json(answers.forecast(result, goals))
    else:
        print(forecast_table(result, desk.formats, goals))
    return 0


def _window(options: Options, now: int) -> tuple[int, int]:
    """The months asked for: twelve from the first, or up to the last that was named."""
    first = options.first if options.first is not None else min(now, now if options.last is None else options.last)
    return first, first + 11 if options.last is None else options.last


def forecast_table(result: "ForecastResult", formats: Formats, goals: "Sequence[int | None]" = ()) -> str:
    """Months, what lies beside them, and the total; with the goals of the months where there are any."""
    some = any(goal is not None for goal in goals)

    def cells(name: str, sums: "Sums", goal: int | None = None) -> tuple[str, ...]:
        amounts = (sums.secured, sums.weighted, sums.unweighted)
        last = "" if goal is None else formats.money(Money(goal, result.currency))
        return (name, *(formats.money(Money(amount, result.currency)) for amount in amounts), *([last] if some else []))

    rows = [cells(tr("before"), result.before)] if any(result.before) else []
    aims = goals if some else [None] * len(result.months)
    rows += [cells(formats.month(each.month), each.sums, aim) for each, aim in zip(result.months, aims, strict=True)]
    rows += [cells(tr("after"), result.after)] if any(result.after) else []
    rows += [cells(tr("without service period"), result.without_period)]
    rows += [cells(tr("omitted"), result.omitted)] if any(result.omitted) else []
    rows += [cells(tr("Total"), result.total)]
    head = (tr("Month"), tr("Secured"), tr("Weighted"), tr("Unweighted"), *([tr("Goal")] if some else []))
    lines = [table(head, rows, right=(1, 2, 3, 4))]
    if result.moved.leads:
        weighted = formats.money(Money(result.moved.weighted, result.currency))
        lines.append(
            ntr(
                "{n} open lead has months that have gone by; its {weighted} count in the current month.",
                "{n} open leads have months that have gone by; their {weighted} count in the current month.",
                result.moved.leads,
                weighted=weighted,
            )
        )
    if result.without_rate:
        lines.append(
            ntr("{n} lead without a rate is in no sum.", "{n} leads without a rate are in no sum.", result.without_rate)
        )
    return "\n".join(lines)


def funnel(options: Options, desk: Desk) -> int:
    """Show the stages, how far leads came, and how they ended."""
    from app.services.funnel import Funnel

    with desk.reading() as store:
        result = Funnel(store).read(options.first, options.last, mode=options.mode)
        currency = store.facts.base_currency
    if options.json:
        print_json(answers.funnel(result, currency))
    else:
        print(funnel_text(result, currency, desk.formats))
    return 0


def funnel_text(result: "FunnelResult", currency: str, formats: Formats) -> str:
    """The stages as a table, and under it the rates."""
    head = (tr("Stage"), tr("Probability"), tr("Open"), tr("Volume"), tr("Weighted"), tr("Reached"), tr("Conversion"))
    rows = [
        (
            stage.name,
            formats.percent(stage.probability),
            formats.number(stage.count),
            formats.money(Money(stage.volume, currency)),
            formats.money(Money(stage.weighted, currency)),
            formats.number(stage.reached),
            formats.rate(stage.conversion),
        )
        for stage in result.stages
    ]
    return f"{table(head, rows, right=range(1, 7))}\n\n{pairs(_outcomes(result, currency, formats))}"


def _outcomes(result: "FunnelResult", currency: str, formats: Formats) -> list[tuple[str, str]]:
    ended = result.outcomes
    velocity = result.velocity_per_day

    def days(mean: Decimal | None) -> str:
        return NONE if mean is None else formats.number(round(mean, 1))

    return [
        (tr("Won"), formats.number(ended.won)),
        (tr("Lost"), formats.number(ended.lost)),
        (tr("Dropped"), formats.number(ended.dropped)),
        (tr("Win rate"), formats.rate(ended.win_rate)),
        (tr("Win rate by value"), formats.rate(ended.win_rate_value)),
        (tr("Cycle in days, mean"), days(ended.cycle.mean)),
        (tr("Cycle in days, median"), days(ended.cycle.median)),
        (tr("Velocity per day"), NONE if velocity is None else formats.money(Money(velocity, currency))),
    ]
