"""The operators one can type: `stage:offer`, `>10k`, `overdue`. The one place from which parser and help follow.

Each has its German and its English name, whatever language the program speaks; the beginning of a name is enough where
it can only be that one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.folding import search_key
from app.core.i18n import N_
from app.core.terms import CompanyKind, Entity, Status


@dataclass(frozen=True)
class Operator:
    """A field of a filter, by what it is called, and an example with what that means."""

    field: str
    names: tuple[str, ...]
    example: str
    means: str

    def of(self, field: str) -> "Operator":
        """The same for another field."""
        return replace(self, field=field)


_CREATED = Operator(
    "created", ("angelegt", "created"), N_("created:>1.3."), N_("on this day, since (>) or until (<) it")
)
_FIRM = Operator("company", ("firma", "company"), N_("company:miller"), N_("with this word in the company’s name"))

_RESPONSIBLE = Operator(
    "responsible", ("verantwortlich", "responsible"), N_("responsible:ak"), N_("name, initials, or none")
)
_TAG = Operator("tag", ("tag", "schlagwort"), N_("tag:web"), N_("with this tag"))
_STEP = Operator("next_step", ("schritt", "step"), N_("overdue"), N_("with a late step; also step:today, step:none"))

_LEAD = (
    Operator("stage", ("stufe", "stage"), N_("stage:offer"), N_("in this stage; several with a comma between them")),
    _RESPONSIBLE,
    Operator("status", ("status", "state"), N_("status:won"), N_("idea, active, won, lost, dropped, open or closed")),
    _TAG,
    Operator("source", ("quelle", "source"), N_("source:referral"), N_("from this source")),
    Operator("reason", ("grund", "reason"), N_("reason:price"), N_("closed for this reason")),
    _FIRM,
    Operator("contact", ("kontakt", "contact"), N_("contact:jones"), N_("with contacts of this name")),
    Operator("volume", ("volumen", "volume"), N_(">10k <50k"), N_("volume from and up to; also volume:10k-50k")),
    Operator("weighted", ("gewichtet", "weighted"), N_("weighted:>5k"), N_("weighted volume from so much")),
    Operator("probability", ("wahrscheinlichkeit", "probability"), N_(">50%"), N_("at least so probable")),
    _STEP,
    Operator("period", ("zeitraum", "period"), N_("period:2027"), N_("service period within it; also period:q1/27")),
    _CREATED,
    Operator("activated", ("aktiviert", "activated"), N_("activated:2026"), N_("since then; days as in created")),
    Operator("closed", ("abgeschlossen", "closed"), N_("closed:2026"), N_("closed then; days as in created")),
    Operator("title", ("titel", "title"), N_("title:website"), N_("with this in the title")),
)  # fmt: skip


def _of_both(entity: Entity) -> tuple[Operator, ...]:
    """What companies and people are both found by, beside what each has alone."""
    return (
        _TAG.of(f"{entity}.tag"),
        Operator(f"{entity}.city", ("ort", "town", "city"), N_("town:london"), N_("in a town of this name")),
        Operator(f"{entity}.phone", ("telefon", "phone"), N_("phone:0221"), N_("with this in a telephone number")),
        Operator(f"{entity}.mail", ("mail",), N_("mail:miller"), N_("with this in an e-mail address")),
        Operator(f"{entity}.last_contact", ("zuletzt", "last"), N_("last:<1.3."),
                 N_("last spoken to since (>) or until (<) this day; none: never")),
        _CREATED.of(f"{entity}.created"),
        Operator(f"{entity}.name", ("name",), N_("name:miller"), N_("with this in the name")),
    )  # fmt: skip


_COMPANY = (
    Operator("company.kind", ("art", "kind"), N_("kind:customer"), N_("customer, supplier or other; none: not said")),
    _RESPONSIBLE.of("company.responsible"),
    Operator("company.person", ("person", "kontakt", "contact"), N_("person:jones"), N_("with people of this name")),
    Operator("company.industry", ("branche", "industry"), N_("industry:trade"), N_("with this in the industry")),
    Operator("company.number", ("nummer", "number"), N_("number:1002"), N_("with this in the customer number")),
    Operator("company.open_volume", ("volumen", "volume"), N_(">10k <50k"),
             N_("volume of active leads, from and up to")),
    Operator("company.won_volume", ("gewonnen", "won"), N_("won:>5k"), N_("won so much with it")),
    _STEP.of("company.next_step"),
    *_of_both(Entity.COMPANY),
)  # fmt: skip
_PERSON = (
    _FIRM.of("person.company"),
    Operator("person.role", ("funktion", "role"), N_("role:purchasing"), N_("with this in the role")),
    _RESPONSIBLE.of("person.responsible"),
    *_of_both(Entity.PERSON),
)
OPERATORS: Mapping[Entity, Sequence[Operator]] = {
    Entity.LEAD: _LEAD, Entity.COMPANY: _COMPANY, Entity.PERSON: _PERSON,
}  # fmt: skip
#: What goes with every operator, and without one.
SIGNS = (
    (N_("-tag:print"), N_("a minus: without that; also -word")),
    (N_("“two words”"), N_("in quotes: just so, one after the other")),
)

#: Words that stand for a state, or for several.
STATES: Mapping[str, tuple[Status, ...]] = {
    "kontaktpotenzial": (Status.POTENTIAL,), "potenzial": (Status.POTENTIAL,), "potential": (Status.POTENTIAL,),
    "idee": (Status.POTENTIAL,), "idea": (Status.POTENTIAL,), "aktiv": (Status.ACTIVE,), "active": (Status.ACTIVE,),
    "gewonnen": (Status.WON,), "won": (Status.WON,), "verloren": (Status.LOST,), "lost": (Status.LOST,),
    "abgesagt": (Status.DROPPED,), "dropped": (Status.DROPPED,),
    "offen": (Status.POTENTIAL, Status.ACTIVE), "open": (Status.POTENTIAL, Status.ACTIVE),
    "abgeschlossen": (Status.WON, Status.LOST, Status.DROPPED), "closed": (Status.WON, Status.LOST, Status.DROPPED),
}  # fmt: skip
#: Words for what a company is.
KINDS: Mapping[str, CompanyKind] = {
    "kunde": CompanyKind.CUSTOMER, "customer": CompanyKind.CUSTOMER, "lieferant": CompanyKind.SUPPLIER,
    "supplier": CompanyKind.SUPPLIER, "andere": CompanyKind.OTHER, "other": CompanyKind.OTHER,
}  # fmt: skip
#: What a late step and a figure by itself are asked of.
STEP_OF: Mapping[Entity, str] = {Entity.LEAD: "next_step", Entity.COMPANY: "company.next_step"}
VOLUME_OF: Mapping[Entity, str] = {Entity.LEAD: "volume", Entity.COMPANY: "company.open_volume"}
#: Words for no value, for an overdue step, and for today; folded.
NONE = frozenset(map(search_key, ("ohne", "kein", "keine", "keiner", "niemand", "leer", "none", "nobody", "empty")))
OVERDUE = frozenset(map(search_key, ("überfällig", "overdue")))
TODAY = frozenset(map(search_key, ("heute", "today")))

#: What makes the parser worth asking: signs of operators, and words that are some by themselves.
_SIGNS = re.compile(r'[:<>"]|(?:^|\s)-\S|(?:^|\s)(?:überf|ueberf|uberf|overdue)', re.I)
#: A single letter is a drive, an abbreviation, anything.
_SHORTEST = 2


def has_words(typed: str) -> bool:
    """Whether there may be a filter in what was typed: it costs nothing to ask, also with every key."""
    return _SIGNS.search(typed) is not None


def named(entity: Entity, typed: str) -> list[Operator]:
    """The operators that may be meant by a name or its beginning; one that is called just so is meant alone."""
    key, every = search_key(typed), OPERATORS[entity]
    if len(key) < _SHORTEST:
        return []
    exact = [each for each in every if any(search_key(name) == key for name in each.names)]
    return exact or [each for each in every if any(search_key(name).startswith(key) for name in each.names)]
