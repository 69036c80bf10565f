"""The words of the trade that every layer shares."""

from enum import StrEnum

from app.core.i18n import N_


class Status(StrEnum):
    """Where a lead stands."""

    POTENTIAL = "potential"
    ACTIVE = "active"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"


CLOSED = (Status.WON, Status.LOST, Status.DROPPED)


class Budget(StrEnum):
    """How the amount of a lead is meant."""

    ONCE = "once"
    MONTHLY = "monthly"


#: Sentence-case labels of the states, in the source language.
STATUS_LABELS = {
    Status.POTENTIAL: N_("Contact potential"),
    Status.ACTIVE: N_("Active"),
    Status.WON: N_("Won"),
    Status.LOST: N_("Lost"),
    Status.DROPPED: N_("Dropped"),
}

BUDGET_LABELS = {Budget.ONCE: N_("one-off"), Budget.MONTHLY: N_("monthly")}

#: Highest probability, in half percents.
CERTAIN = 200
