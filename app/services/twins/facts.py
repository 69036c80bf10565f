"""What is known of a company or person, and the same made ready for comparing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.core.i18n import Text
from app.services.twins.mails import address, company_domain, domain_of
from app.services.twins.names import CompanyName, PersonName, company_name, person_name
from app.services.twins.phones import trunk
from app.services.twins.places import postcode_of, town_of

Kind = Literal["company", "person"]

#: Of more than these nobody is found any better, and one record with a thousand would slow down everybody's search.
_MOST = 12
_BITS = 251


@dataclass(frozen=True, slots=True)
class Facts:
    """A company or person as it is written; telephone numbers in E.164, `companies` are those a person works for."""

    kind: Kind
    name: str
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    webs: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    companies: tuple[str, ...] = ()


def facts_of(
    kind: Kind,
    names: Iterable[Sequence[Any]],
    points: Iterable[Sequence[Any]],
    places: Iterable[Sequence[Any]],
    works: Iterable[Sequence[Any]] = (),
) -> dict[int, Facts]:
    """What is known of records by rows: id and name; id, kind, key and value of a way to reach; id, postcode and town;
    id and company.
    """
    reach: dict[str, dict[int, list[str]]] = {sort: defaultdict(list) for sort in ("phone", "mail", "web")}
    for owner, sort, key, value in points:
        reach[sort][owner].append(value if sort == "web" else key)
    first: dict[int, tuple[str, str]] = {}
    for owner, code, city in places:
        first.setdefault(owner, (code, city))
    firms: dict[int, list[str]] = defaultdict(list)
    for owner, company in works:
        firms[owner].append(company)
    return {
        record: Facts(
            kind, name, tuple(reach["mail"][record]), tuple(reach["phone"][record]), tuple(reach["web"][record]),
            *first.get(record, ("", "")), tuple(firms[record]),
        )
        for record, name in names
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two are one, from 0 to 1, with what speaks for it and against it, the weightiest first."""

    score: float
    reasons: tuple[Text, ...] = ()
    against: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts made ready; one of the two names is there, by the kind. `domains` are companies' own.

    `reach` has a bit for each number, switchboard, address and domain: two without a bit in common share none of them,
    which is so for nearly all and known at once.
    """

    company: CompanyName | None
    person: PersonName | None
    mails: frozenset[str]
    phones: frozenset[str]
    domains: frozenset[str]
    postcode: str
    town: str
    companies: tuple[CompanyName, ...]
    reach: int


_NOTHING: frozenset[str] = frozenset()


def profile(facts: Facts) -> Profile:
    """The facts as they are compared."""
    company = facts.kind == "company"
    mails, domains = _mails_and_domains(facts)
    phones = frozenset(facts.phones[:_MOST]) if facts.phones else _NOTHING
    return Profile(
        company_name(facts.name) if company else None,
        None if company else person_name(facts.name),
        mails,
        phones,
        domains,
        postcode_of(facts.postcode) if facts.postcode else "",
        town_of(facts.city) if facts.city else "",
        tuple([company_name(name) for name in facts.companies[:_MOST]]),
        _reach(mails, phones, domains),
    )


def _mails_and_domains(facts: Facts) -> tuple[frozenset[str], frozenset[str]]:
    mails = [mail for mail in map(address, facts.mails[:_MOST]) if mail]
    domains = [domain for domain in map(domain_of, mails) if domain]
    domains += [domain for domain in map(company_domain, facts.webs[:_MOST]) if domain]
    return frozenset(mails) if mails else _NOTHING, frozenset(domains) if domains else _NOTHING


def _reach(mails: frozenset[str], phones: frozenset[str], domains: frozenset[str]) -> int:
    bits = 0
    for way in (*mails, *phones, *domains, *[domain.partition(".")[0] for domain in domains]):
        bits |= 1 << hash(way) % _BITS
    for number in phones:
        rest = trunk(number)
        if rest is not None:
            bits |= 1 << hash(rest) % _BITS
    return bits
