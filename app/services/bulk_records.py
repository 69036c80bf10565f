"""One change to many companies or people: what may be changed, what becomes of each, and how it is written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import Connection, text

from app.core.folding import sort_key
from app.core.i18n import N_, Plural, Text
from app.core.terms import CompanyKind, Entity, Size
from app.services import company_fields, record_fields
from app.services.bulk_edit import BulkEdit, Plan
from app.services.bulk_plan import Put, own_after, tags_after, user_after
from app.services.bulk_write import Report, set_own
from app.services.companies import Companies
from app.services.own_fields import OwnField, fields_in
from app.services.own_values import VALUES, OwnValue, OwnValues, read_values
from app.services.people import People
from app.services.record_terms import split, tags
from app.services.record_verbs import RecordVerbs
from app.services.rhythm import check_rhythm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_T = TypeVar("_T")

_COMMON: Mapping[str, str] = {
    "user_id": record_fields.LABELS["user_id"], "tags": record_fields.LABELS["tags"], "rhythm": N_("Keep in touch"),
    "archived": N_("Archived"), "own": record_fields.LABELS["own"],
}  # fmt: skip
#: The fields that a change can be for, in the order in which they are told.
PERSON_FIELDS = _COMMON
COMPANY_FIELDS: Mapping[str, str] = {
    **{name: company_fields.LABELS[name] for name in ("kinds", "industry", "size")}, **_COMMON,
}  # fmt: skip


@dataclass(frozen=True)
class RecordChange:
    """What is to become of each of some companies or people; what is None stays.

    A `rhythm` is every how many days and after how many it is too late, None for none. Kinds, industry and size are
    those of companies.
    """

    user_id: Put[int | None] | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    rhythm: Put[tuple[int, int | None] | None] | None = None
    archived: Put[bool] | None = None
    kinds: Put[tuple[CompanyKind, ...]] | None = None
    industry: Put[str] | None = None
    size: Put[Size | None] | None = None
    own: Mapping[int, Put[OwnValue]] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """What it is for, by the names in `COMPANY_FIELDS`."""
        several = {"tags": bool(self.add_tags or self.remove_tags), "own": bool(self.own)}
        return tuple(name for name in COMPANY_FIELDS if several.get(name, getattr(self, name, None) is not None))


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is known of a company or person, as far as a change can be for it or be refused by it."""

    id: int
    title: str
    user_id: int | None
    tags: tuple[str, ...]
    touch_target: int | None
    touch_latest: int | None
    archived: bool
    kinds: tuple[CompanyKind, ...] = ()
    industry: str = ""
    size: str | None = None
    own: OwnValues = field(default_factory=dict)

    @property
    def rhythm(self) -> tuple[int, int | None] | None:
        """Every how many days, and after how many it is too late."""
        return None if self.touch_target is None else (self.touch_target, self.touch_latest)


@dataclass(frozen=True)
class RecordNames:
    """The members and own fields there are, by id; tags as they are written, by their sort keys."""

    people: Mapping[int, str]
    tags: Mapping[str, str]
    own: Mapping[int, OwnField]


class RecordBulk(BulkEdit[RecordChange, RecordFacts, RecordNames]):
    """Changes many companies or many people."""

    verbs: ClassVar[type[RecordVerbs]]
    #: Of companies only; NULL for people.
    columns: ClassVar[str]

    def _names(self, connection: Connection) -> RecordNames:
        people = connection.execute(text("SELECT id, name FROM member WHERE deleted_at IS NULL"))
        known = connection.execute(text("SELECT name FROM tag WHERE deleted_at IS NULL ORDER BY id DESC"))
        return RecordNames(
            {row.id: row.name for row in people}, {sort_key(row.name): row.name for row in known},
            {each.id: each for each in fields_in(connection, self.entity)},
        )  # fmt: skip

    def _facts(self, connection: Connection, ids: Sequence[int], change: RecordChange) -> Iterable[RecordFacts]:
        owner = self.entity
        statement = f"""
            SELECT {owner}.id, name, user_id, {tags(owner)} AS tagged, touch_target, touch_latest,
              archived_at IS NOT NULL AS archived, {VALUES.format(owner=owner)} AS own, {self.columns}
            FROM json_each(:ids) wanted CROSS JOIN {owner} ON {owner}.id = wanted.value
        """
        for row in connection.execute(text(statement), {"ids": json.dumps(list(ids))}):
            (id_, name, user_id, tagged, target, latest, archived, own, customer, supplier, other, industry,
             size) = row  # fmt: skip
            told = zip(CompanyKind, (customer, supplier, other), strict=True)
            yield RecordFacts(
                id_, name, user_id, split(tagged), target, latest, archived == 1,
                tuple(kind for kind, on in told if on), industry, size, read_values(own),
            )  # fmt: skip

    def _planned(self, facts: RecordFacts, change: RecordChange, names: RecordNames) -> RecordFacts:
        after = replace(
            facts,
            user_id=user_after(facts.user_id, change.user_id, names.people),
            tags=tags_after(facts.tags, change.add_tags, change.remove_tags, names.tags),
            archived=_put(change.archived, facts.archived),
            kinds=_put(change.kinds, facts.kinds),
            industry=_industry(facts, change),
            size=_put(change.size, facts.size),
            own=own_after(facts.own, change.own, names.own),
        )
        return _with_rhythm(after, change)

    def _shown(self, field: str, facts: RecordFacts, names: RecordNames) -> Any:
        return names.people.get(facts.user_id or 0) if field == "user_id" else getattr(facts, field)

    def _changed(self, n: int, fields: Text) -> Plural:
        return self.verbs.words.changed(n, fields)

    def _write(self, session: "Session", todo: Mapping[int, Plan[RecordFacts]], report: Report) -> None:
        records = self.verbs(self._store).load(session, list(todo))
        report(0, len(records))
        plans = [(record, plan) for record in records if (plan := todo[record.id]).after is not None]
        for name in self.fields:
            self._set(session, name, [(record, plan.after) for record, plan in plans if name in plan.fields])
        set_own(session, self.entity, ((record.id, plan.own) for record, plan in plans))
        report(len(records), len(records))

    def _set(self, session: "Session", name: str, records: Sequence[tuple[Any, Any]]) -> None:
        """Bring these records, all to the same but for their tags, to what is planned for the field."""
        if not records or name == "own":
            return
        if name == "tags":
            wanted = [(record, after.tags) for record, after in records]
            record_fields.set_tags(session, self._store, self.verbs.owner, wanted)
            return
        rows, after = [record for record, _after in records], records[0][1]
        if name == "archived":
            record_fields.put(rows, archived_at=self._store.clock.now() if after.archived else None)
        elif name == "user_id":
            record_fields.put(rows, user_id=after.user_id)
        elif name == "rhythm":
            record_fields.put(rows, touch_target=after.touch_target, touch_latest=after.touch_latest)
        else:
            company_fields.change(session, self._store, rows, {name: getattr(after, name)})


class CompanyBulk(RecordBulk):
    """Changes many companies."""

    entity = Entity.COMPANY
    fields = COMPANY_FIELDS
    verbs = Companies
    gone = Companies.words.gone
    columns = "is_customer, is_supplier, is_other, industry, size"


class PersonBulk(RecordBulk):
    """Changes many people."""

    entity = Entity.PERSON
    fields = PERSON_FIELDS
    verbs = People
    gone = People.words.gone
    columns = "0, 0, 0, '', NULL"


def _put(change: Put[_T] | None, present: _T) -> _T:
    return present if change is None else change.value


def _industry(facts: RecordFacts, change: RecordChange) -> str:
    if change.industry is None:
        return facts.industry
    return record_fields.line(change.industry.value, "industry", company_fields.LONGEST_INDUSTRY)


def _with_rhythm(facts: RecordFacts, change: RecordChange) -> RecordFacts:
    if change.rhythm is None:
        return facts
    target, latest = change.rhythm.value or (None, None)
    check_rhythm(target, latest)
    return replace(facts, touch_target=target, touch_latest=latest)
