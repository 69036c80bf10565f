"""What somebody would be reminded of now. Looking changes nothing: the window still shows it."""

import argparse
from typing import TYPE_CHECKING

from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.tables import table
from app.core.i18n import ntr, tr
from app.core.terms import Entity

if TYPE_CHECKING:
    from app.services.reminders import Reminder


def reminders(options: argparse.Namespace, desk: Desk) -> int:
    """List the steps that have come, were not put off and are still to be done, the latest first."""
    from app.services.reminders import Reminders

    with desk.reading() as store:
        asked = Reminders(store)
        asked.day_at = desk.day_at
        found, zone = asked.waiting(store.clock.now(), options.limit or -1), store.zone
    if options.json:
        print_json({"count": found.count, "reminders": [_answer(each) for each in found.reminders]})
        return 0
    if found.reminders:
        rows = []
        for each in found.reminders:
            of_lead = each.entity is Entity.LEAD
            lead, company = (each.title, each.company) if of_lead else ("", each.title)
            rows.append((str(each.lead_id) * of_lead, desk.formats.instant(each.due, zone), lead, company, each.text))
        print(table((tr("Id"), tr("Due"), tr("Lead"), tr("Company"), tr("Step")), rows, right=(0,)))
        print()
    print(ntr("{n} step is waiting", "{n} steps are waiting", found.count))
    return 0


def _answer(reminder: "Reminder") -> dict[str, object]:
    return {
        "lead_id": reminder.lead_id if reminder.entity is Entity.LEAD else None,
        "company_id": reminder.lead_id if reminder.entity is Entity.COMPANY else None,
        "title": reminder.title,
        "company": reminder.company or None,
        "step": reminder.text,
        "on": reminder.on.isoformat(),
        "due": reminder.due.isoformat(),
    }
