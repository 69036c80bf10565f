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


class CompanyKind(StrEnum):
    """What a company is to the agency; it may be several of these at once."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    OTHER = "other"


class Size(StrEnum):
    """How many people work in a company."""

    ONE = "1"
    FEW = "2-9"
    SMALL = "10-49"
    MEDIUM = "50-249"
    LARGE = "250-999"
    HUGE = "1000+"


class Salutation(StrEnum):
    """How a person is addressed; anything else may be typed, too."""

    MR = "mr"
    MS = "ms"


class ReachLabel(StrEnum):
    """What a number, an address of mail or of a page, or a postal address is for; anything else may be typed, too."""

    MAIN = "main"
    WORK = "work"
    CELL = "cell"
    WORK_CELL = "work cell"
    HOME = "home"
    FAX = "fax"
    WORK_FAX = "work fax"
    HOME_FAX = "home fax"
    PAGER = "pager"
    BILLING = "billing"
    OTHER = "other"


COMPANY_KIND_LABELS = {
    CompanyKind.CUSTOMER: N_("Customer"),
    CompanyKind.SUPPLIER: N_("Supplier"),
    CompanyKind.OTHER: N_("Other company"),
}

SIZE_LABELS = {
    Size.ONE: N_("One person"),
    Size.FEW: N_("2 to 9 people"),
    Size.SMALL: N_("10 to 49 people"),
    Size.MEDIUM: N_("50 to 249 people"),
    Size.LARGE: N_("250 to 999 people"),
    Size.HUGE: N_("1000 people or more"),
}

SALUTATION_LABELS = {Salutation.MR: N_("Mr"), Salutation.MS: N_("Ms")}

REACH_LABELS = {
    ReachLabel.MAIN: N_("Main"),
    ReachLabel.WORK: N_("Work"),
    ReachLabel.CELL: N_("Mobile"),
    ReachLabel.WORK_CELL: N_("Mobile (work)"),
    ReachLabel.HOME: N_("Private"),
    ReachLabel.FAX: N_("Fax"),
    ReachLabel.WORK_FAX: N_("Fax (work)"),
    ReachLabel.HOME_FAX: N_("Fax (private)"),
    ReachLabel.PAGER: N_("Pager"),
    ReachLabel.BILLING: N_("Billing"),
    ReachLabel.OTHER: N_("Other"),
}

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


#: A birthday of which nobody knows the year is in this one, as in address books: it has a 29 February.
YEAR_UNKNOWN = 1604


class AbsenceKind(StrEnum):
    """Why somebody is away."""

    HOLIDAY = "holiday"
    SICK = "sick"
    OTHER = "other"


ABSENCE_LABELS = {
    AbsenceKind.HOLIDAY: N_("Holiday"),
    AbsenceKind.SICK: N_("Ill"),
    AbsenceKind.OTHER: N_("Away"),
}
