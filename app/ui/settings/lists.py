"""The pages of reasons, sources, tags and people."""

from functools import partial
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.terms import STATUS_LABELS, Status
from app.services.catalogue import Entry, TagEntry
from app.services.rhythm import latest_of
from app.ui.forms.rows import RowColumn
from app.ui.list_page import ListPage, ListSpec
from app.ui.settings.locked import LOOKS
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.services.catalogue import Kind
    from app.ui.context import Context

_OUTCOMES = (Status.WON, Status.LOST, Status.DROPPED)


def _columns(context: "Context", kind: "Kind") -> list[RowColumn[Any]]:
    catalogue, number = context.office.catalogue, context.formats.number
    return [
        RowColumn(
            tr("Name"), lambda row: row.name, lambda row, typed: catalogue.rename(kind, row.id, typed), stretch=True
        ),
        RowColumn(tr("Leads"), lambda row: number(row.used), right=True, faint=lambda row: not row.used),
    ]


def _used(row: Entry) -> int:
    return row.used


class ReasonsPage(ListPage[Entry]):
    """*Gründe*: why leads were won, lost or dropped."""

    def __init__(self, context: "Context") -> None:
        catalogue = context.office.catalogue
        self._switch = Switch(context.theme, [(s, tr(STATUS_LABELS[s])) for s in _OUTCOMES], tr("Outcome"))
        self._switch.setProperty(LOOKS, True)
        super().__init__(
            context,
            ListSpec(
                tr("Reasons"),
                tr("Offered when a lead is closed. Drag the rows, or press Alt with the arrow keys, to order them."),
                _columns(context, "reason"),
                lambda: [entry for entry in catalogue.counted("reason") if entry.detail in ("", self.outcome)],
                ("reason", "lead"),
                tr("New reason"),
                lambda name: partial(catalogue.create, "reason", name, outcome=self.outcome),
                lambda row: catalogue.delete("reason", row.id),
                lambda ids: catalogue.reorder("reason", ids),
                _used,
                above=self._switch,
            ),
        )
        self._switch.chosen.connect(lambda _key: self.refresh())

    @property
    def outcome(self) -> Status:
        """Whose reasons are shown."""
        return Status(self._switch.choice)


def sources_page(context: "Context") -> ListPage[Entry]:
    """*Quellen*: where leads come from."""
    catalogue = context.office.catalogue
    return ListPage(
        context,
        ListSpec(
            tr("Sources"),
            tr("Where leads come from. Drag the rows, or press Alt with the arrow keys, to order them."),
            _columns(context, "source"),
            lambda: catalogue.counted("source"),
            ("source", "lead"),
            tr("New source"),
            lambda name: partial(catalogue.create, "source", name),
            lambda row: catalogue.delete("source", row.id),
            lambda ids: catalogue.reorder("source", ids),
            _used,
        ),
    )


def tags_page(context: "Context") -> ListPage[TagEntry]:
    """*Schlagworte*, each with its rhythm."""
    catalogue = context.office.catalogue
    return ListPage(
        context,
        ListSpec(
            tr("Tags"),
            tr("Leads and customers can carry any number of tags; new ones are also created when you type them there. "
               "With companies and people that carry a tag you keep in touch as often as it says here, unless they "
               "have a rhythm of their own."),
            [*_columns(context, "tag"), _customers(context), *_rhythm(context)],
            catalogue.tags,
            ("tag", "lead_tag", "company_tag", "person_tag", "company", "person"),
            tr("New tag"),
            lambda name: partial(catalogue.create, "tag", name),
            lambda row: catalogue.delete("tag", row.id),
            leads=lambda row: row.used + row.customers,
        ),
    )  # fmt: skip


def _customers(context: "Context") -> "RowColumn[TagEntry]":
    number = context.formats.number
    return RowColumn(
        tr("Customers"), lambda row: number(row.customers), right=True, faint=lambda row: not row.customers
    )


def _rhythm(context: "Context") -> "list[RowColumn[TagEntry]]":
    catalogue = context.office.catalogue

    def target(row: TagEntry) -> str:
        return "–" if row.target is None else str(row.target)

    def latest(row: TagEntry) -> str:
        return "–" if row.target is None else str(latest_of(row.target, row.latest))

    def often(row: TagEntry, typed: str) -> None:
        days = days_typed(typed)
        catalogue.set_rhythm(row.id, days, None if days is None else row.latest)

    return [
        RowColumn(tr("Contact every … days"), target, often, right=True, faint=lambda row: row.target is None),
        RowColumn(tr("at the latest after"), latest,
                  lambda row, typed: catalogue.set_rhythm(row.id, row.target, days_typed(typed)), right=True,
                  faint=lambda row: row.latest is None),
    ]  # fmt: skip


def days_typed(typed: str, field: str = "touch_target") -> int | None:
    """A number of days; None for none. Raises InvalidInput."""
    words = typed.strip()
    if words in ("", "-", "–"):
        return None
    if not (words.isascii() and words.isdecimal() and len(words) <= 5):
        raise InvalidInput(Text("“{text}” is not a number of days.", text=words[:30]), field=field)
    return int(words)
