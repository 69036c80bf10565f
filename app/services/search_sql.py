"""The questions of the search to the database: what a document is of, by what it is ranked, and what is shown of it."""

from collections.abc import Mapping

from app.models.documents import OWN_WORDS

#: Letters of the kinds: an open and a closed lead, a company, a person, a note, a file.
_LETTER = """
CASE entity WHEN 'lead' THEN
  CASE WHEN (SELECT status FROM lead WHERE lead.id = row_id) IN ('potential', 'active') THEN 'o' ELSE 'x' END
WHEN 'company' THEN 'c' WHEN 'person' THEN 'p' WHEN 'note' THEN 'n' ELSE 'a' END
"""
_OF_DOCS = f"""
SELECT json_group_array(id), string_agg(letter, '') FROM (SELECT id, {_LETTER} AS letter FROM main.search_doc
"""
_OF_DOCS_SEEN = "SELECT json_group_array(id), string_agg(letter, '') FROM (" + " UNION ALL ".join(
    f"SELECT doc.id AS id, {letter} AS letter FROM {entity} "
    f"CROSS JOIN main.search_doc doc ON doc.entity = '{entity}' AND doc.row_id = {entity}.id"
    for entity, letter in (
        ("lead", "CASE WHEN lead.status IN ('potential', 'active') THEN 'o' ELSE 'x' END"), ("company", "'c'"),
        ("person", "'p'"), ("note", "'n'"), ("attachment", "'a'"),
    )
)  # fmt: skip
DOCS = f"{_OF_DOCS} WHERE id > :known)"
#: The same of those that somebody sees who does not see all of them.
DOCS_SEEN = f"{_OF_DOCS_SEEN})"
#: How many there are, and of those that are seen only in part what is seen of them.
NEWEST_DOC = "SELECT COALESCE(max(id), 0) FROM main.search_doc"
PARTIAL = "SELECT id, folded FROM partial_doc"
LEADS_NOW = f"{_OF_DOCS} WHERE entity = 'lead' AND row_id IN (SELECT value FROM json_each(:ids)))"

#: The documents that have some words.
MATCH = "SELECT json_group_array(rowid) FROM search_fts WHERE search_fts MATCH :asked"


def _named(entity: str, begins: str, same: str) -> str:
    return f"""
SELECT * FROM (SELECT '{entity}' AS kind, id AS named FROM (
  SELECT {entity}.id, {same} AS same FROM {begins} LIMIT +:look
) ORDER BY same DESC, id DESC LIMIT +:most)
"""


def _names(key: str, title: str) -> str:
    """Documents of what is called so: those called just so, and the newest."""
    # a title has no key that is folded for a search
    leads = f"json_each(:spelled) start CROSS JOIN lead ON {title} AND status IN ({{}})"
    named = " UNION ALL ".join((
        *(_named(entity, f"{entity} WHERE {key}", "search_key = :start") for entity in ("company", "person")),
        *(_named("lead", leads.format(status), "title_key = start.value")
          for status in ("'potential', 'active'", "'won', 'lost', 'dropped'")),
    ))  # fmt: skip
    return f"""
SELECT search_doc.id FROM ({named})
JOIN main.search_doc ON search_doc.entity = kind AND search_doc.row_id = named
"""


#: By whether more may follow the name.
NAMED: Mapping[bool, str] = {
    True: _names("search_key >= :start AND search_key < :start || :end",
                 "title_key >= start.value AND title_key < start.value || :end"),
    False: _names("search_key = :start", "title_key = start.value"),
}  # fmt: skip

_RANKED = """
SELECT {entity}.id AS id, {name} AS name, {open} AS open, {recent} AS recent, search_doc.id AS doc,
  CASE WHEN :texts THEN search_doc.folded END AS folded
FROM json_each(:docs) CROSS JOIN main.search_doc ON search_doc.id = value
JOIN {entity} ON {entity}.id = search_doc.row_id {more}
"""
_SUBJECT = "COALESCE(NULLIF(mail.subject, ''), substr(note.text, 1, 300))"
_MAIL = "LEFT JOIN mail ON mail.id = note.mail_id"

#: By kind: of documents the records, their names, whether they are open, and how new they are.
RANKED: Mapping[str, str] = {
    "lead": _RANKED.format(
        entity="lead", name="lead.title", open="lead.status IN ('potential', 'active')",
        recent="COALESCE(lead.last_touch_on, lead.activated_on)", more="",
    ),
    "company": _RANKED.format(
        entity="company", name="company.name", open="company.archived_at IS NULL", recent="company.created_at", more="",
    ),
    "person": _RANKED.format(
        entity="person", name="person.name", open="person.archived_at IS NULL", recent="person.created_at", more="",
    ),
    "note": _RANKED.format(entity="note", name=_SUBJECT, open="TRUE", recent="note.at", more=_MAIL),
    "attachment": _RANKED.format(
        entity="attachment", name="attachment.name", open="TRUE", recent="attachment.at", more="",
    ),
}  # fmt: skip

_TAGS = """(SELECT string_agg(tag.name, ', ' ORDER BY tag.sort_key) FROM {owner}_tag link
JOIN tag ON tag.id = link.tag_id WHERE link.{owner}_id = {owner}.id)"""
_REACH = """(SELECT string_agg(point.value, ', ' ORDER BY point.kind, point.position) FROM contact_point point
WHERE point.{owner}_id = {owner}.id)"""
_PLACES = """(SELECT string_agg(concat_ws(', ', NULLIF(place.street, ''), NULLIF(place.extra, ''),
  NULLIF(trim(place.postcode || ' ' || place.city), '')), char(10) ORDER BY place.position)
FROM address place WHERE place.{owner}_id = {owner}.id)"""
_LEAD_PEOPLE = """(SELECT string_agg(other.name, ', ' ORDER BY link.position) FROM lead_person link
JOIN person other ON other.id = link.person_id WHERE link.lead_id = lead.id)"""
_ROLES = """(SELECT string_agg(trim(firm.name || ' ' || link.role), ', ' ORDER BY link.position, link.id)
FROM company_person link JOIN company firm ON firm.id = link.company_id WHERE link.person_id = person.id)"""
_FILES = "(SELECT string_agg(file.name, ', ' ORDER BY file.id) FROM attachment file WHERE file.mail_id = note.mail_id)"
#: Of each the kind, the name and the address: see `memory.Mail`.
_MAIL_PEOPLE = """(SELECT string_agg(concat_ws(' ', who.value ->> 1, who.value ->> 2), ', ')
FROM json_each(CASE WHEN json_valid(mail.people) THEN mail.people END) who WHERE who.type = 'array')"""
_OWNER = "COALESCE(lead.title, company.name, person.name)"
_OWNERS = """LEFT JOIN lead ON lead.id = {of}.lead_id LEFT JOIN company ON company.id = {of}.company_id
LEFT JOIN person ON person.id = {of}.person_id"""
_FIRM = """(SELECT firm.name FROM company_person link JOIN company firm ON firm.id = link.company_id
WHERE link.person_id = person.id ORDER BY link.position, link.id LIMIT 1)"""
_TOWN = """(SELECT place.city FROM address place WHERE place.company_id = company.id
ORDER BY place.position, place.id LIMIT 1)"""


def _shown(entity: str, name: str, beside: str, parts: tuple[str, ...], more: str = "", also: str = "") -> str:
    texts = f"concat_ws(char(31), {', '.join(part.format(owner=entity) for part in parts)})" if parts else "''"
    return (
        f"SELECT {entity}.id AS id, {name} AS name, {beside} AS beside, {texts} AS texts{also}"
        f" FROM json_each(:ids) CROSS JOIN {entity} ON {entity}.id = value {more}"
    )


_THREE = ", {of}.lead_id, {of}.company_id, {of}.person_id"

#: By kind: what is shown of records, and the texts in which the words may stand.
SHOWN: Mapping[str, str] = {
    "lead": _shown(
        "lead", "lead.title", "company.name",
        ("lead.external_number", "contact.name", _LEAD_PEOPLE, _TAGS, OWN_WORDS, "lead.info"),
        "LEFT JOIN company ON company.id = lead.company_id LEFT JOIN person contact ON contact.id = lead.person_id",
    ),
    "company": _shown(
        "company", "company.name", _TOWN,
        ("company.number", "company.industry", _REACH, _PLACES, _TAGS, OWN_WORDS, "company.info"),
    ),
    "person": _shown(
        "person", "person.name", _FIRM, (_ROLES, _REACH, _PLACES, _TAGS, OWN_WORDS, "person.info", "person.prefix"),
    ),
    "note": _shown(
        "note", _SUBJECT, _OWNER, ("note.text", "mail.text", _MAIL_PEOPLE, _FILES),
        _MAIL + " " + _OWNERS.format(of="note"), ", note.kind" + _THREE.format(of="note"),
    ),
    "attachment": _shown(
        "attachment", "attachment.name", f"COALESCE({_OWNER}, (SELECT mail.subject FROM mail WHERE mail.id = "
        "attachment.mail_id))", (),
        "LEFT JOIN note carrier "
        "ON carrier.id = (SELECT min(note.id) FROM note WHERE note.mail_id = attachment.mail_id) "
        "LEFT JOIN lead ON lead.id = COALESCE(attachment.lead_id, carrier.lead_id) "
        "LEFT JOIN company ON company.id = COALESCE(attachment.company_id, carrier.company_id) "
        "LEFT JOIN person ON person.id = COALESCE(attachment.person_id, carrier.person_id)",
        ", lead.id AS lead_id, company.id AS company_id, person.id AS person_id",
    ),
}  # fmt: skip
