"""What tells a list of leads from lists of other records."""

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.i18n import N_, Plural, ntr
from app.core.terms import Entity
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.lead_table.facets import CHIPS, FACETS
from app.ui.lead_table.grouping import GROUPINGS
from app.ui.record_table.kind import ListKind

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.context import Context
    from app.ui.tables.cell_edit import Source


def _editors(context: "Context") -> "Source":
    from app.ui.lead_table.editors import LeadEditors

    return LeadEditors(context)


def exported(n: int, target: "Path") -> Plural:
    """How many leads came to where."""
    return Plural("{n} lead exported to {file}", "{n} leads exported to {file}", n=n, file=target.name)


LEADS = ListKind(
    Entity.LEAD,
    lambda context: context.office.lists,
    _editors,
    FACETS,
    CHIPS,
    Condition("responsible", Op.IS, (None,)),
    GROUPINGS,
    concerning=("lead", "step", "stage", "lead_tag", "company", "person", "member", "source", "reason", "tag", "rate",
                "store_setting", "field", "field_option", "field_value"),
    wholly=("stage", "member", "source", "reason", "store_setting", "rate", "field", "field_option"),
    counted=lambda n: ntr("{n} lead", "{n} leads", n),
    fitting=lambda n: ntr("{n} lead fits", "{n} leads fit", n),
    copied=lambda n: Plural("{n} lead copied", "{n} leads copied", n=n),
    exported=exported,
    choose=N_("Select its leads"),
)  # fmt: skip
IDEAS = replace(LEADS, counted=lambda n: ntr("{n} idea", "{n} ideas", n))
