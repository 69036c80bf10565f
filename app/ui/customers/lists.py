"""What tells lists of companies and of people from other lists: chips, groups, footers, the tabs around them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.core.format import Formats
from app.core.i18n import N_, Plural, ntr, tr
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, Entity, Size
from app.services.company_list import CompanyQuery, CompanyTotals
from app.services.company_terms import kinds_of
from app.services.filter_fields import Op
from app.services.person_list import PersonQuery, PersonTotals
from app.services.record_filter import Condition
from app.ui.customers.columns import company_columns, person_columns
from app.ui.record_table.facets import Chips, Facet, Offer, amounts, facet_of, listed, past_days, worded
from app.ui.record_table.grouping import Grouping, Groupings
from app.ui.record_table.kind import ListKind
from app.ui.record_table.panel import RecordPanel
from app.ui.record_table.tab import RecordTab
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.tables.cell_edit import Source

_WEEKS = (7, 30, 90)
#: A row of these can be read in the rows of many companies or people.
_OFTEN = ("lead", "step", "note", "note_person", "stage", "rate", "store_setting", "member", "tag", "company_person")


def _coming(context: "Context", facet: Facet) -> Sequence[Offer]:
    weeks = [Condition(facet.field, Op.COMING, (n,)) for n in _WEEKS]
    return worded(context, [Condition(facet.field, Op.TODAY), *weeks])


def _steps(context: "Context", facet: Facet) -> Sequence[Offer]:
    asked = [Condition(facet.field, Op.OVERDUE), Condition(facet.field, Op.EMPTY)]
    return [*worded(context, asked), *_coming(context, facet)]


def _contacts(context: "Context", facet: Facet) -> Sequence[Offer]:
    return [*past_days(context, facet), *worded(context, [Condition(facet.field, Op.EMPTY)])]


def _common(entity: Entity) -> tuple[Facet, ...]:
    return (
        facet_of(f"{entity}.responsible", listed),
        facet_of(f"{entity}.tag", listed),
        Facet(f"{entity}.open", N_("Active leads"), f"{entity}.open", switch=Condition(f"{entity}.open", Op.YES)),
        facet_of(f"{entity}.last_contact", _contacts),
        facet_of(f"{entity}.rhythm", listed),
        facet_of(f"{entity}.created", past_days),
        Facet(f"{entity}.archived", N_("Archived"), f"{entity}.archived",
              switch=Condition(f"{entity}.archived", Op.YES)),
    )  # fmt: skip


def _kind(_formats: Formats, key: int) -> str:
    return ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in kinds_of(key))


def _size(_formats: Formats, key: str) -> str:
    return tr(SIZE_LABELS[Size(key)])


def _word(_formats: Formats, key: str) -> str:
    return key


def _editors_of(entity: Entity) -> Any:
    def make(context: "Context") -> "Source":
        from app.ui.customers.editors import RecordEditors

        return RecordEditors(context, entity)

    return make


_RESPONSIBLE = Grouping(N_("Responsible"), N_("nobody responsible"), "responsible")
COMPANIES = ListKind(
    Entity.COMPANY,
    lambda context: context.office.company_list,
    _editors_of(Entity.COMPANY),
    {facet.key: facet for facet in (
        facet_of("company.kind", listed), *_common(Entity.COMPANY), facet_of("company.size", listed),
        facet_of("company.next_step", _steps), facet_of("company.open_volume", amounts),
        facet_of("company.won_volume", amounts),
    )},
    {"companies": Chips(
        ("company.kind", "company.responsible"),
        ("company.tag", "company.open", "company.next_step", "company.last_contact", "company.rhythm", "company.size",
         "company.open_volume", "company.won_volume", "company.created", "company.archived"),
    )},
    Condition("company.responsible", Op.IS, (None,)),
    Groupings(
        {
            "responsible": _RESPONSIBLE,
            "kind": Grouping(N_("Kind of company"), N_("not given"), "kind", _kind),
            "city": Grouping(N_("Town"), N_("without a town"), "city", _word),
            "industry": Grouping(N_("Industry"), N_("not given"), "industry", _word),
            "size": Grouping(N_("Company size"), N_("not given"), "size", _size),
        },
        sums={"open_volume": "open_volume", "won_volume": "won_volume"},
    ),
    concerning=("company", "person", "contact_point", "address", "company_tag", "field_value", *_OFTEN),
    wholly=(*_OFTEN, "person"),
    counted=lambda n: ntr("{n} company", "{n} companies", n),
    fitting=lambda n: ntr("{n} company fits", "{n} companies fit", n),
    copied=lambda n: Plural("{n} company copied", "{n} companies copied", n=n),
    exported=lambda n, to: Plural("{n} company exported to {file}", "{n} companies exported to {file}", n=n,
                                  file=to.name),
    choose=N_("Select its companies"),
    written_whole=True,
)  # fmt: skip
PEOPLE = ListKind(
    Entity.PERSON,
    lambda context: context.office.person_list,
    _editors_of(Entity.PERSON),
    {facet.key: facet for facet in (*_common(Entity.PERSON), facet_of("person.birthday", _coming))},
    {"people": Chips(
        ("person.responsible",),
        ("person.tag", "person.open", "person.birthday", "person.last_contact", "person.rhythm", "person.created",
         "person.archived"),
    )},
    Condition("person.company", Op.IS, (None,)),
    Groupings(
        {"responsible": _RESPONSIBLE, "company": Grouping(N_("Company"), N_("without a company"), "company")}, sums={}
    ),
    concerning=("person", "company", "contact_point", "address", "person_tag", "field_value", "lead_person", *_OFTEN),
    wholly=(*_OFTEN, "company", "lead_person"),
    counted=lambda n: ntr("{n} person", "{n} people", n),
    fitting=lambda n: ntr("{n} person fits", "{n} people fit", n),
    copied=lambda n: Plural("{n} person copied", "{n} people copied", n=n),
    exported=lambda n, to: Plural("{n} person exported to {file}", "{n} people exported to {file}", n=n, file=to.name),
    choose=N_("Select its people"),
    written_whole=True,
)  # fmt: skip


class CompaniesList(RecordTab):
    """The companies."""

    panel: RecordPanel[CompanyQuery]

    def __init__(self, context: "Context") -> None:
        panel = RecordPanel(context, COMPANIES, tr("Companies"), CompanyQuery(), company_columns, _of_companies)
        super().__init__(context, panel)
        self.add_chips("companies")
        self.add_grouping(("responsible", "kind", "city", "industry", "size"))
        self.tell_when_empty(
            tr("No customers yet. Here stand the companies you deal with: customers, suppliers and others."),
            "building", tr("New company"), "new_company",
            assigned=tr("Here stand the companies of the leads that are assigned to you. There are none yet."),
        )  # fmt: skip


class PeopleList(RecordTab):
    """The people."""

    panel: RecordPanel[PersonQuery]

    def __init__(self, context: "Context") -> None:
        panel = RecordPanel(context, PEOPLE, tr("People"), PersonQuery(), person_columns, _of_people)
        super().__init__(context, panel)
        self.add_chips("people")
        self.add_grouping(("responsible", "company"))
        self.tell_when_empty(
            tr("Nobody yet. Here stand the people you talk to, and where they work."), "users", tr("New person"),
            "new_person",
            assigned=tr("Here stand the people of the leads that are assigned to you. There are none yet."),
        )  # fmt: skip


def _of_companies(wording: Wording, totals: CompanyTotals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [
        ("", ntr("{n} company", "{n} companies", totals.count)),
        (tr("Volume of active leads"), wording.sum(totals.open_volume)),
        (tr("Won"), wording.sum(totals.won_volume)),
    ]
    without = totals.without_rate
    remark = ntr("{n} lead without a rate, in no sum", "{n} leads without a rate, in no sum", without)
    return figures, remark if without else ""


def _of_people(_wording: Wording, totals: PersonTotals) -> tuple[Sequence[tuple[str, str]], str]:
    return [("", ntr("{n} person", "{n} people", totals.count))], ""
