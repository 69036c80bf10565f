"""The texts by which companies, people, notes and files are found; those of leads are written by `derived`.

A document holds the folded words of one record. They are written in the transaction of the change from which they
follow, and compared by `check`. What hangs on a record in the trash keeps its document: nobody sees it, since a search
asks the record itself, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.core.changes import RowChange
from app.core.folding import search_key
from app.models.many import chunks, with_ids

#: The values of own fields that are words, of the record `{owner}`.
OWN_WORDS = """
(SELECT string_agg(COALESCE(value.text, field_option.name), ' ' ORDER BY value.id)
 FROM field_value value JOIN field ON field.id = value.field_id AND field.deleted_at IS NULL
 LEFT JOIN field_option ON field_option.id = value.option_id WHERE value.{owner}_id = {owner}.id)
"""
_TAGS = """
(SELECT string_agg(tag.name, ' ' ORDER BY tag.sort_key, tag.id) FROM {owner}_tag link
 JOIN tag ON tag.id = link.tag_id WHERE link.{owner}_id = {owner}.id)
"""
_REACH = """
(SELECT string_agg(point.value || ' ' || point.key, ' ' ORDER BY point.kind, point.position, point.id)
 FROM contact_point point WHERE point.{owner}_id = {owner}.id)
"""
_PLACES = """
(SELECT string_agg(place.street || ' ' || place.extra || ' ' || place.postcode || ' ' || place.city, ' '
   ORDER BY place.position, place.id) FROM address place WHERE place.{owner}_id = {owner}.id)
"""
_COMPANIES = """
(SELECT string_agg(company.name || ' ' || link.role, ' ' ORDER BY link.position, link.id) FROM company_person link
 JOIN company ON company.id = link.company_id AND company.deleted_at IS NULL WHERE link.person_id = person.id)
"""
_FILES = "(SELECT string_agg(file.name, ' ' ORDER BY file.id) FROM attachment file WHERE file.mail_id = note.mail_id)"


def _joined(owner: str, *parts: str) -> str:
    words = " || ' ' || ".join(f"COALESCE({part.format(owner=owner)}, '')" for part in parts)
    return f"SELECT {owner}.id AS id, {words} AS words"


#: Of each kind of record its words, the lead it belongs to, and whether it is there at all.
_FACTS: Mapping[str, str] = {
    "company": _joined("company", "company.name", "company.number", "company.industry", _REACH, _PLACES, _TAGS,
                       OWN_WORDS, "company.info") + ", NULL AS lead_id FROM company",
    "person": _joined("person", "person.prefix", "person.name", "person.given", "person.family", _COMPANIES, _REACH,
                      _PLACES, _TAGS, OWN_WORDS, "person.info") + ", NULL AS lead_id FROM person",
    "note": _joined("note", "mail.subject", "mail.people", "note.text", "mail.text", _FILES)
            + ", note.lead_id AS lead_id FROM note LEFT JOIN mail ON mail.id = note.mail_id",
    "attachment": _joined("attachment", "attachment.name") + ", attachment.lead_id AS lead_id FROM attachment",
}  # fmt: skip
ENTITIES = tuple(_FACTS)


def facts_of(entity: str, row_id: str) -> str:
    """A query for the `words` of one record, as whoever asks sees them; `row_id` is SQL for its id."""
    return f"{_FACTS[entity]} WHERE {entity}.id = {row_id}"


#: By table and what it refers to: the records whose words follow from its rows, where the rows do not say it.
_FURTHER: Mapping[tuple[str, str], str] = {
    ("company", "person"): "SELECT person_id FROM company_person WHERE company_id IN :ids",
    ("company_person", "person"): "SELECT person_id FROM company_person WHERE id IN :ids",
    ("tag", "company"): "SELECT company_id FROM company_tag WHERE tag_id IN :ids",
    ("tag", "person"): "SELECT person_id FROM person_tag WHERE tag_id IN :ids",
    ("attachment", "note"):
        "SELECT note.id FROM note JOIN attachment file ON file.mail_id = note.mail_id WHERE file.id IN :ids",
    **{
        (table, owner): f"SELECT {owner}_id FROM field_value WHERE {column} IN :ids AND {owner}_id IS NOT NULL"
        for table, column in (("field", "field_id"), ("field_option", "option_id"))
        for owner in ("company", "person")
    },
}  # fmt: skip
#: Of these only another name, or coming and going, is told to others than their own document.
_NAMING = frozenset({"name", "deleted_at"})


def concerned(connection: Connection, rows: Iterable[RowChange]) -> dict[str, set[int]]:
    """The records whose documents may follow from these changes, by kind."""
    found: dict[str, set[int]] = defaultdict(set)
    tables: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.table in ("note", "attachment"):
            found[row.table].add(row.row_id)
        elif row.company_id is not None:
            found["company"].add(row.company_id)
        elif row.person_id is not None:
            found["person"].add(row.person_id)
        if row.table == "company_person":
            found["person"].update(_named(row, "person_id"))
        if row.op != "update" or row.table == "company_person" or not _NAMING.isdisjoint(row.after):
            tables[row.table].add(row.row_id)
    for (table, entity), statement in _FURTHER.items():
        for chunk in chunks(sorted(tables.get(table, ()))):
            found[entity].update(connection.execute(with_ids(statement), {"ids": chunk}).scalars())
    return found


def _named(row: RowChange, column: str) -> Iterator[int]:
    for values in (row.before, row.after):
        if values.get(column) is not None:
            yield values[column]


def refresh_all(connection: Connection) -> None:
    """Write every document anew that is not as it should be, and remove those of nothing."""
    for entity in ENTITIES:
        rows = connection.execute(
            text(f"SELECT id FROM {entity} UNION SELECT row_id FROM search_doc WHERE entity = '{entity}'")
        )
        refresh(connection, entity, rows.scalars().all())


def refresh(connection: Connection, entity: str, ids: Iterable[int]) -> None:
    """Write the documents of these records of a kind as they should be now."""
    for chunk in chunks(sorted(set(ids))):
        _write(connection, entity, *_expected(connection, entity, chunk))


def differing(connection: Connection) -> int:
    """How many documents are missing, wrong or of nothing; writes nothing."""
    wrong = 0
    for entity in ENTITIES:
        ids = connection.execute(
            text(f"SELECT id FROM {entity} UNION SELECT row_id FROM search_doc WHERE entity = '{entity}' ORDER BY 1")
        )
        for chunk in chunks(ids.scalars().all()):
            there, wanted = _expected(connection, entity, chunk)
            wrong += sum(wanted.get(row_id) != there.get(row_id) for row_id in {*there, *wanted})
    return wrong


_Documents = dict[int, tuple[int | None, str]]


def _expected(connection: Connection, entity: str, ids: Sequence[int]) -> tuple[_Documents, _Documents]:
    """The documents that are there and those that should be: lead and folded words by the id of the record."""
    there = connection.execute(
        with_ids(f"SELECT row_id, lead_id, folded FROM search_doc WHERE entity = '{entity}' AND row_id IN :ids"),
        {"ids": ids},
    )
    statement = f"{_FACTS[entity]} WHERE {entity}.id IN :ids AND {entity}.deleted_at IS NULL"
    wanted = connection.execute(with_ids(statement), {"ids": ids})
    return (
        {row.row_id: (row.lead_id, row.folded) for row in there},
        {row.id: (row.lead_id, search_key(row.words)) for row in wanted},
    )


def _write(connection: Connection, entity: str, there: _Documents, wanted: _Documents) -> None:
    gone = sorted(there.keys() - wanted.keys())
    if gone:
        connection.execute(
            with_ids(f"DELETE FROM search_doc WHERE entity = '{entity}' AND row_id IN :ids"), {"ids": gone}
        )
    values = {
        row_id: {"row": row_id, "lead": lead_id, "folded": folded} for row_id, (lead_id, folded) in wanted.items()
    }
    new = [value for row_id, value in values.items() if row_id not in there]
    changed = [value for row_id, value in values.items() if row_id in there and there[row_id] != wanted[row_id]]
    if new:
        connection.execute(text(_INSERT.format(entity=entity)), new)
    if changed:
        connection.execute(text(_UPDATE.format(entity=entity)), changed)


_INSERT = "INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES ('{entity}', :row, :lead, :folded)"
_UPDATE = "UPDATE search_doc SET lead_id = :lead, folded = :folded WHERE entity = '{entity}' AND row_id = :row"
