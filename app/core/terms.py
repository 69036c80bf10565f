"""The words of the trade that every layer shares."""

from enum import StrEnum

from app.core.i18n import N_


class Entity(StrEnum):
    """A kind of record there are lists of; the name of its table."""

    LEAD = "lead"
    COMPANY = "company"
    PERSON = "person"


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


class Category(StrEnum):
    """What an active lead counts as in the forecast: that of its stage, unless somebody chose another."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"


#: Sentence-case labels of the states, in the source language.
STATUS_LABELS = {
    Status.POTENTIAL: N_("Contact potential"),
    Status.ACTIVE: N_("Active"),
    Status.WON: N_("Won"),
    Status.LOST: N_("Lost"),
    Status.DROPPED: N_("Dropped"),
}

BUDGET_LABELS = {Budget.ONCE: N_("one-off"), Budget.MONTHLY: N_("monthly")}

CATEGORY_LABELS = {
    Category.COMMIT: N_("Commit"),
    Category.BEST_CASE: N_("Best case"),
    Category.PIPELINE: N_("Pipeline"),
    Category.OMITTED: N_("Omitted"),
}

#: Highest probability, in half percents.
CERTAIN = 200


def usual_category(halves: int) -> Category:
    """What leads of a stage with this probability (half percents) count as, until somebody says otherwise."""
    if halves >= 160:
        return Category.COMMIT
    return Category.BEST_CASE if halves >= 100 else Category.PIPELINE
