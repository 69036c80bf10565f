"""What lists of leads can be grouped by."""

from app.core.format import Formats
from app.core.i18n import N_, tr
from app.core.terms import STATUS_LABELS, Status
from app.ui.record_table.grouping import Grouping, Groupings


def _month(formats: Formats, key: int) -> str:
    return formats.month(key)


def _outcome(_formats: Formats, key: str) -> str:
    return tr(STATUS_LABELS[Status(key)])


GROUPINGS = Groupings(
    {
        "stage": Grouping(
            N_("Stage"), N_("without a stage"), "stage", colour=lambda wording, key: wording.stage_colour(key)
        ),
        "responsible": Grouping(N_("Responsible"), N_("nobody responsible"), "responsible"),
        "month": Grouping(N_("Month"), N_("without a service period"), "period", _month),
        "company": Grouping(N_("Company"), N_("without a company"), "company"),
        "source": Grouping(N_("Source"), N_("without a source"), "source"),
        "outcome": Grouping(N_("Outcome"), "", "status", _outcome),
        "closing_month": Grouping(N_("Closing month"), N_("without a closing day"), "closed", _month),
        "reason": Grouping(N_("Reason"), N_("without a reason"), "reason"),
    },
    sums={"volume": "volume", "weighted": "weighted", "total": "volume"},
)
#: What all lists can be grouped by, and what only closed leads have.
ALWAYS = ("stage", "responsible", "month", "company", "source")
OF_IDEAS = ("responsible", "month", "company", "source")
OF_CLOSED = ("outcome", "closing_month", "reason", *ALWAYS)
