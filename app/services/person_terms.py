"""What is said of a person in SQL over its table: where somebody works, as what, and when the next birthday is."""

from app.core.terms import Entity
from app.services.group_terms import GroupTerms
from app.services.list_terms import ListTerms
from app.services.record_terms import common_sorts
from app.services.sort_terms import Sort

_WORKS = ("company", "company_person")


def _first_link(what: str) -> str:
    """Of the first of the companies that somebody works for."""
    return (
        f"(SELECT {what} FROM company_person link JOIN company ON company.id = link.company_id"
        " WHERE link.person_id = person.id ORDER BY link.position, company.sort_key, link.id LIMIT 1)"
    )


_BORN = "date(person.birthday * 86400, 'unixepoch')"
_TODAY = "date(:today * 86400, 'unixepoch')"
_THIS_YEAR = f"date(strftime('%Y', {_TODAY}) || strftime('-%m-%d', {_BORN}))"
#: The next day on which somebody has a birthday, today included; on 1 March in a year without 29 February.
NEXT_BIRTHDAY = f"""
CASE WHEN person.birthday IS NOT NULL THEN unixepoch(
  CASE WHEN {_THIS_YEAR} >= {_TODAY} THEN {_THIS_YEAR}
  ELSE date((strftime('%Y', {_TODAY}) + 1) || strftime('-%m-%d', {_BORN})) END) / 86400 END
"""
#: The leads that somebody is the contact of, and those where he or she has a say: those that run are counted.
OPEN = """
(SELECT count(*) FILTER (WHERE status = 'active') FROM (
  SELECT lead.id, lead.status FROM lead WHERE lead.person_id = person.id
  UNION SELECT lead.id, lead.status FROM lead_person say JOIN lead ON lead.id = say.lead_id
  WHERE say.person_id = person.id))
"""
_DEALS = """
SELECT lead.id AS id, lead.person_id AS owner FROM lead WHERE lead.status = 'active' AND lead.person_id IS NOT NULL
UNION SELECT lead.id, say.person_id FROM lead_person say JOIN lead ON lead.id = say.lead_id
WHERE lead.status = 'active'
"""
#: The people who have such a lead.
DEALERS = f"SELECT owner FROM ({_DEALS})"
_OPEN = f"""
LEFT JOIN (SELECT owner, count(*) AS open FROM ({_DEALS}) GROUP BY owner) deals ON deals.owner = person.id
"""

PEOPLE = ListTerms(
    entity=Entity.PERSON,
    sorts={
        **common_sorts(Entity.PERSON),
        "company": Sort((_first_link("company.sort_key"),), tables=_WORKS, unaided=True),
        "role": Sort((_first_link("folded(NULLIF(link.role, ''))"),), tables=_WORKS, unaided=True),
        "salutation": Sort(("NULLIF(person.salutation, '')",), columns=("salutation",), unaided=True),
        "birthday": Sort((NEXT_BIRTHDAY,), columns=("birthday",), unaided=True),
        "open": Sort(("deals.open",), _OPEN, tables=("lead", "lead_person"), unaided=True),
    },
    groups={
        "responsible": GroupTerms("user_id", "member", "sort_key"),
        "company": GroupTerms("", "company", "sort_key", sql=_first_link("company.id"), tables=_WORKS),
    },
    narrowing=frozenset({"deleted_at", "archived_at"}),
    sums={},
    spread=("tag", "company", "field", "field_option"),
    alike="person.sort_key",
)
