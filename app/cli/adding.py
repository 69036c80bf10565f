"""A lead from one line, as in the window."""

import argparse
import sys
from typing import TYPE_CHECKING

from app.cli import answers
from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.tables import pairs
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text, tr
from app.core.parse.quick import Kind
from app.core.terms import STATUS_LABELS
from app.services.lead_list import LeadList
from app.services.quick_add import QuickAdd

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.services.lead_list import LeadRow


def add(options: argparse.Namespace, desk: Desk) -> int:
    """Make a lead of a line and say what became of it. What is unclear is refused unless it is to be in the title."""
    with desk.writing() as store:
        if (name := desk.newcomer(store)) is not None:
            raise NotFound(Text("There is nobody called “{name}”.", name=name))
        quick = QuickAdd(store)
        line = quick.understand(options.line)
        unclear = line.of(Kind.UNCLEAR)
        if unclear and not options.anyway:
            why = unclear[0].why or Text("“{text}” is not understood.", text=unclear[0].typed)
            raise InvalidInput(why, Text("With --anyway it becomes part of the title."))
        row = LeadList(store).rows([quick.create(line, active=not options.idea, insist=True)])[0]
        currency = store.facts.base_currency
    if options.json:
        print_json(answers.added(row, line, currency))
        return 0
    print(pairs(_said(row, desk.formats)))
    for part in line.of(Kind.PROPOSED):
        print(
            tr("“{words}” may be more than a part of the title; it was left there.", words=part.typed), file=sys.stderr
        )
    return 0


def _said(row: "LeadRow", formats: "Formats") -> list[tuple[str, str]]:
    """Of the new lead everything there is."""
    step = "" if row.next_step_on is None else formats.day(row.next_step_on)
    time = "" if row.next_step_time is None else formats.time(row.next_step_time)
    period = ""
    if row.period_first is not None and row.period_last is not None:
        period = formats.period(row.period_first, row.period_last)
    told = [
        (tr("Id"), str(row.id)), (tr("Title"), row.title), (tr("Status"), tr(STATUS_LABELS[row.status])),
        (tr("Company"), row.company), (tr("Stage"), row.stage),
        (tr("Probability"), "" if row.probability is None else formats.percent(row.probability)),
        (tr("Volume"), formats.money(row.amount) if row.amount.minor else ""), (tr("Service period"), period),
        (tr("Next step"), f"{step} {time}".strip()), (tr("Responsible"), row.user), (tr("Source"), row.source),
        (tr("Tags"), ", ".join(row.tags)),
    ]  # fmt: skip
    return [(label, value) for label, value in told if value]
