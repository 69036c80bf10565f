"""What can be read of leads, companies and people: lists, sums, single records, figures, files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from app.core.calendar import month_number
from app.core.format import Formats
from app.core.terms import CLOSED, Entity, Status
from app.models.types import instant_of
from app.services import closing, contents, due_steps, filter_names, own_fields, own_values, owners, stage_gates
from app.services.board import Grouping
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put, Scale
from app.services.bulk_records import CompanyBulk, PersonBulk, RecordChange
from app.services.company_list import CompanyQuery
from app.services.contact_files.exporting import cards_of, export_cards
from app.services.contact_files.filling import read_existing
from app.services.exporting.csv_file import export_csv
from app.services.exporting.sheet import sheet, write_sheet
from app.services.filter_fields import Op
from app.services.forecast import Scope
from app.services.lead_detail import LeadDetails
from app.services.lead_query import ListQuery
from app.services.matching import read_names
from app.services.notice_choice import NoticeChoices
from app.services.person_list import PersonQuery
from app.services.record_filter import Condition, Filter
from app.services.record_query import RecordQuery
from app.services.rhythm import Rhythms, rhythm_of
from app.services.snapshots import Snapshots
from tests.services.sight.asker import Asker
from tests.stores import TODAY

Question = Callable[[Asker], Any]

_EVERY = ListQuery(statuses=tuple(Status), sort="created")
_BASES: tuple[RecordQuery, ...] = (_EVERY, CompanyQuery(), PersonQuery())
_FORMATS = Formats("en", "GB")
_MONTH = month_number(TODAY)


def _list(asker: Asker, query: RecordQuery) -> Any:
    office = asker.office
    return {Entity.LEAD: office.lists, Entity.COMPANY: office.company_list, Entity.PERSON: office.person_list}[
        query.terms.entity
    ]


def _queries(asker: Asker) -> Iterator[RecordQuery]:
    """Every list by every order, by words, and by what refers to something by its id."""
    for base in _BASES:
        for sort in base.terms.sorts:
            yield replace(base, sort=sort, descending=True)
        for words in asker.words[::5]:
            yield replace(base, text=words)
    for tree in _trees(asker):
        base = next(each for each in _BASES if each.terms.entity == _entity(tree))
        yield replace(base, filter=tree)


def _entity(tree: Filter) -> Entity:
    assert isinstance(tree, Condition)
    first = tree.field.partition(".")[0]
    return Entity(first) if first in (Entity.COMPANY, Entity.PERSON) else Entity.LEAD


def _trees(asker: Asker) -> Iterator[Condition]:
    for field, table in (
        ("company", "company"), ("contact", "person"), ("company.person", "person"), ("person.company", "company"),
        ("responsible", "member"), ("tag", "tag"), ("company.tag", "tag"), ("person.tag", "tag"),
    ):  # fmt: skip
        for row_id in asker.ids[table][::2]:
            yield Condition(field, Op.IS, (row_id,))
            yield Condition(field, Op.IS_NOT, (row_id,))
    for field in ("text", "title", "recommender", "company.text", "company.mail", "person.text", "person.role"):
        for words in asker.words[:40:3]:
            yield Condition(field, Op.CONTAINS, (words,))
            yield Condition(field, Op.LACKS, (words,))


def _each_list(ask: Callable[[Any, RecordQuery], Any], of: int = 1) -> Question:
    """Every list, or every so manieth."""

    def question(asker: Asker) -> Any:
        return [_asked(asker, ask, query) for query in islice(_queries(asker), None, None, of)]

    return question


def _asked(asker: Asker, ask: Callable[[Any, RecordQuery], Any], query: RecordQuery) -> Any:
    return asker.once(lambda: ask(_list(asker, query), query))


def _grouped(asker: Asker) -> Any:
    return [
        _list(asker, base).grouped(replace(base, group=(key,), text=words))
        for base in _BASES
        for key in base.terms.groups
        for words in ("", "own")
    ]


def _ids_of_list(asker: Asker, base: RecordQuery) -> list[int]:
    return asker.ids[base.terms.entity]


LISTS: Mapping[str, Question] = {
    "record_list.RecordList.is_empty": lambda a: [_list(a, base).is_empty() for base in _BASES],
    "record_list.RecordList.first_ids": _each_list(lambda each, query: each.first_ids(query, 7), 5),
    "record_list.RecordList.ids": _each_list(lambda each, query: each.ids(query)),
    "record_list.RecordList.grouped": _grouped,
    "record_list.RecordList.rows": lambda a: [_list(a, base).rows(_ids_of_list(a, base)) for base in _BASES],
    "record_list.RecordList.count": _each_list(lambda each, query: each.count(query), 5),
    "record_list.RecordList.totals": _each_list(lambda each, query: each.totals(query), 5),
    "record_list.RecordList.totals_of": lambda a: [_list(a, base).totals_of(_ids_of_list(a, base)) for base in _BASES],
    "record_list.RecordList.source": lambda a: a.on_read(
        lambda c: [len(_list(a, base).source(c, base)) for base in _BASES]
    ),
    "lead_list.LeadList.sums": lambda a: [
        a.office.lists.sums(query) for query in (_EVERY, ListQuery(CLOSED), ListQuery(text="own"))
    ],
    "lead_list.LeadList.counts": lambda a: a.office.lists.counts(),
    "company_list.CompanyList.live": lambda a: a.office.company_list.live(),
}


def _scopes(asker: Asker) -> Iterator[Scope]:
    yield Scope()
    for member in asker.ids["member"]:
        yield Scope(user_id=member)
    for by, table in (("company", "company"), ("stage", "stage"), ("source", "source"), ("person", "member")):
        for row_id in (None, *asker.ids[table][::3]):
            yield Scope(by=by, key=row_id)  # type: ignore[arg-type]


_BY = ("stage", "category", "person", "source", "company")
_BUCKETS = ("before", "after", "without_period", "omitted", "total", "moved", _MONTH, (_MONTH, _MONTH + 2))
_SPAN = (TODAY - timedelta(days=300), TODAY)


def _stage_ids(asker: Asker) -> list[int | None]:
    return [None, *asker.ids["stage"]]


FIGURES: Mapping[str, Question] = {
    "board.Board.contents": lambda a: [a.office.board.contents(_EVERY, each) for each in Grouping],
    "board.Board.sums": lambda a: [a.office.board.sums(_EVERY, each) for each in Grouping],
    "board.Board.places": lambda a: [a.office.board.places(_EVERY, each, a.ids["lead"]) for each in Grouping],
    "forecast.Forecast.months": lambda a: [
        a.office.forecast.months(_MONTH - 6, _MONTH + 12, of=scope, quarters=True) for scope in _scopes(a)
    ],
    "forecast.Forecast.split": lambda a: [a.office.forecast.split(by) for by in _BY],  # type: ignore[arg-type]
    "forecast.Forecast.leads_behind": lambda a: [
        a.office.forecast.leads_behind(bucket, of=scope)  # type: ignore[arg-type]
        for bucket in _BUCKETS
        for scope in (Scope(), Scope(user_id=1), Scope(user_id=2))
    ],
    "forecast.Forecast.moved_leads": lambda a: [a.office.forecast.moved_leads(scope) for scope in _scopes(a)],
    "funnel.Funnel.open": lambda a: a.office.funnel.open(),
    "funnel.Funnel.read": lambda a: [
        a.office.funnel.read(*span, mode=mode, cohort=cohort)
        for span in ((None, None), _SPAN)
        for mode in ("passed", "touched")
        for cohort in ("activated", "closed")
    ],
    "funnel.Funnel.outcomes": lambda a: [a.office.funnel.outcomes(), a.office.funnel.outcomes(*_SPAN)],
    "goals.Goals.all": lambda a: a.office.goals.all(),
    "goals.Goals.months": lambda a: [
        a.office.goals.months(_MONTH - 3, _MONTH + 3, m) for m in (None, *a.ids["member"])
    ],
    "goals.Goals.of": lambda a: [a.office.goals.of(_MONTH - 3, _MONTH + 3, m) for m in (None, *a.ids["member"])],
    "leads_behind.LeadsBehind.young": lambda a: a.office.behind.young(),
    "leads_behind.LeadsBehind.aged": lambda a: [a.office.behind.aged(0, 30), a.office.behind.aged(31, None)],
    "leads_behind.LeadsBehind.idle": lambda a: a.office.behind.idle(),
    "leads_behind.LeadsBehind.closed": lambda a: [a.office.behind.closed(*_SPAN), a.office.behind.closed(None, None)],
    "leads_behind.LeadsBehind.reached": lambda a: [
        a.office.behind.reached(stage, None, None, mode=mode)
        for stage in _stage_ids(a)
        for mode in ("passed", "touched")
    ],
    "metrics.Metrics.figures": lambda a: a.office.metrics.figures(),
    "recommenders.Recommenders.best": lambda a: a.office.recommenders.best(),
    "recommenders.Recommenders.leads": lambda a: [
        a.office.recommenders.leads(entity, row_id)
        for entity in (Entity.COMPANY, Entity.PERSON)
        for row_id in a.ids[entity]
    ],
    "snapshots.Snapshots.days": lambda a: Snapshots(a.store).days(),
    "snapshots.Snapshots.at": lambda a: Snapshots(a.store).at(TODAY),
    "stages.Stages.all": lambda a: a.office.stages.all(),
    "stages.Stages.counted": lambda a: a.office.stages.counted(),
    "today.Today.first": lambda a: [a.office.today.first(m, 5) for m in (None, *a.ids["member"])],
    "today.Today.all": lambda a: [a.office.today.all(m) for m in (None, *a.ids["member"])],
    "today.Today.concerns": lambda a: a.each(a.office.today.concerns, a.ids["member"]),
    "today.Today.figures": lambda a: [a.office.today.figures(m) for m in (None, *a.ids["member"])],
    "today.Today.behind": lambda a: [
        a.office.today.behind(key, m) for key in ("open", "young", "idle", "no_step") for m in (None, 1, 2, 4)
    ],
}


def _bulk_leads(asker: Asker) -> Any:
    change = BulkChange(stage_id=2, amount=Scale(Decimal(10)), add_tags=("Stamm",))
    return LeadBulk(asker.store).preview(asker.ids["lead"], change)


def _bulk_records(asker: Asker) -> Any:
    change = RecordChange(add_tags=("Stamm",), archived=Put(True))
    return [
        CompanyBulk(asker.store).preview(asker.ids["company"], change),
        PersonBulk(asker.store).preview(asker.ids["person"], change),
    ]


def _leads_after(asker: Asker) -> Any:
    """What panels read after a change of which they heard."""
    from app.core.changes import ChangeSet
    from app.core.i18n import Text

    change = ChangeSet(1, Text("x"), "do", "test", None, instant_of(0), everything=True)
    details = LeadDetails(asker.store)
    records = asker.office.records
    return (
        asker.each(lambda lead: details.after(change, lead), asker.ids["lead"]),
        asker.each(lambda row_id: records.after(change, Entity.COMPANY, row_id), asker.ids["company"]),
    )


RECORDS: Mapping[str, Question] = {
    "bulk_edit.BulkEdit.preview": lambda a: (_bulk_leads(a), _bulk_records(a)),
    "closing.preview": lambda a: [
        closing.preview(a.store, a.ids["lead"], TODAY), *(closing.preview(a.store, [i], TODAY) for i in a.ids["lead"]),
    ],
    "lead_detail.LeadDetails.get": lambda a: a.each(LeadDetails(a.store).get, a.ids["lead"]),
    "lead_detail.LeadDetails.after": _leads_after,
    "record_detail.RecordDetails.after": _leads_after,
    "record_detail.RecordDetails.company": lambda a: a.each(a.office.records.company, a.ids["company"]),
    "record_detail.RecordDetails.person": lambda a: a.each(a.office.records.person, a.ids["person"]),
    "record_detail.RecordDetails.get": lambda a: [
        a.each(lambda i, e=entity: a.office.records.get(e, i), a.ids[entity])  # type: ignore[misc]
        for entity in (Entity.COMPANY, Entity.PERSON)
    ],
    "record_detail.RecordDetails.photo": lambda a: a.each(a.office.records.photo, a.ids["content"]),
    "record_detail.RecordDetails.overdue_rhythms": lambda a: [
        a.office.records.overdue_rhythms(TODAY + timedelta(days=90), m) for m in (None, *a.ids["member"])
    ],
    "rhythm.Rhythms.overdue": lambda a: Rhythms(a.store).overdue(TODAY + timedelta(days=90)),
    "rhythm.rhythm_of": lambda a: rhythm_of(a.store, 10, None, None, None, 0),
    "due_steps.due_steps": lambda a: [due_steps.due_steps(a.store, m) for m in (None, *a.ids["member"])],
    "own_fields.OwnFields.of": lambda a: a.each(a.office.own_fields.of, Entity),
    "own_fields.OwnFields.all": lambda a: a.office.own_fields.all(),
    "own_fields.OwnFields.get": lambda a: a.each(a.office.own_fields.get, a.ids["field"]),
    "own_fields.OwnFields.birthday": lambda a: a.office.own_fields.birthday(),
    "own_fields.fields_in": lambda a: a.on_read(own_fields.fields_in),
    "own_fields.names_of": lambda a: a.on_read(lambda c: own_fields.names_of(c, a.ids["field"])),
    "own_values.values_of": lambda a: a.on_read(
        lambda c: [own_values.values_of(c, entity, a.ids[entity]) for entity in Entity]
    ),
    "owners.title_of": lambda a: a.on_read(lambda c: [owners.title_of(c, each) for each in a.owners]),
    "stage_gates.unchecked": lambda a: a.on_read(
        lambda c: {i: words for i, words in stage_gates.unchecked(c, 3, a.ids["lead"]).items() if not words}
    ),
    "stage_gates.points_of": lambda a: a.on_read(lambda c: [stage_gates.points_of(c, 3, i) for i in a.ids["lead"]]),
    "stage_gates.checklists": lambda a: a.on_read(stage_gates.checklists),
    "stage_gates.next_gate": lambda a: a.on_read(lambda c: [stage_gates.next_gate(c, i) for i in a.ids["lead"]]),
    "matching.read_names": lambda a: a.on_read(
        lambda c: [(each.column, sorted(known.items())) for base in _BASES
                   for each, known in read_names(c, base.terms.named).items()]
    ),
    "filter_names.offered": lambda a: [filter_names.offered(a.store, key) for key in ("responsible", "stage", "tag")],
    "notice_choice.NoticeChoices.of": lambda a: a.each(NoticeChoices(a.store).of, [2]),
    "rates.Rates.all": lambda a: a.office.rates.all(),
    "catalogue.Catalogue.all": lambda a: [
        a.office.catalogue.all(kind)
        for kind in ("member", "company", "person", "source", "reason", "tag")
    ],
    "catalogue.Catalogue.counted": lambda a: [
        a.office.catalogue.counted(kind) for kind in ("member", "source", "reason", "tag")
    ],
    "catalogue.Catalogue.tags": lambda a: a.office.catalogue.tags(),
    "catalogue.Catalogue.reasons": lambda a: a.office.catalogue.reasons(Status.LOST),
}  # fmt: skip

FILES: Mapping[str, Question] = {
    "contents.pieces_of": lambda a: a.on_read(
        lambda c: a.each(lambda i: list(contents.pieces_of(c, i)), a.ids["content"])
    ),
    "contents.bytes_of": lambda a: a.each(lambda i: contents.bytes_of(a.store, i), a.ids["content"]),
    "contents.write_to": lambda a: a.each(
        lambda i: a.file("content", lambda to: contents.write_to(a.store, i, to)), a.ids["content"]
    ),
    "files.Files.get": lambda a: a.each(a.office.files.get, a.ids["attachment"]),
    "files.Files.save_as": lambda a: a.each(
        lambda i: a.file("saved", lambda to: a.office.files.save_as(i, to)), a.ids["attachment"]
    ),
    "files.Files.bytes_of": lambda a: a.each(a.office.files.bytes_of, a.ids["attachment"]),
    "opened.OpenedFiles.copy": lambda a: a.each(lambda i: a.office.opened.copy(i).read_bytes(), a.ids["attachment"]),
    "exporting.csv_file.export_csv": lambda a: a.file("leads.csv", lambda to: export_csv(a.store, to)),
    "exporting.sheet.sheet": lambda a: a.each(
        lambda i: len(sheet(a.store, i, _FORMATS)), [ids[0] for ids in a.world.leads.values()]
    ),
    "exporting.sheet.write_sheet": lambda a: a.each(
        lambda i: a.file("sheet.pdf", lambda to: write_sheet(a.store, i, to, _FORMATS))[0],
        [ids[0] for ids in a.world.leads.values()],
    ),
    "contact_files.exporting.export_cards": lambda a: [
        a.file("all.vcf", lambda to: export_cards(a.store, to)),
        a.file("some.vcf", lambda to: export_cards(a.store, to, companies=a.ids["company"], people=a.ids["person"])),
    ],
    "contact_files.exporting.cards_of": lambda a: a.on_read(
        lambda c: [list(cards_of(c, kind, a.ids[kind], [])) for kind in ("company", "person")]
    ),
    "contact_files.filling.read_existing": lambda a: a.on_read(
        lambda c: [read_existing(c, kind, a.ids[kind]) for kind in ("company", "person")]
    ),
}  # fmt: skip
