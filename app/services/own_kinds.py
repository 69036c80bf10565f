"""What kinds of own fields there are, and the keys by which lists, filters and files know such a field.

A key says everything that can be known without the database: whose field it is, of which kind, and its id, such as
`own.day.12` of a lead and `company.own.choice.3` of a company. What the field is called stands in its definition.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from app.core.i18n import N_
from app.core.terms import Entity


class OwnKind(StrEnum):
    """What values an own field has."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    LINK = "link"
    FLAG = "flag"  # yes, no, or not said
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    MAIL = "mail"
    PHONE = "phone"


KIND_LABELS: Mapping[OwnKind, str] = {
    OwnKind.TEXT: N_("Text"),
    OwnKind.LONG_TEXT: N_("Long text"),
    OwnKind.LINK: N_("Link"),
    OwnKind.FLAG: N_("Yes or no"),
    OwnKind.NUMBER: N_("Figure"),
    OwnKind.AMOUNT: N_("Amount"),
    OwnKind.DAY: N_("Date"),
    OwnKind.CHOICE: N_("Single choice"),
    OwnKind.CHOICES: N_("Multiple choice"),
    OwnKind.MAIL: N_("E-mail"),
    OwnKind.PHONE: N_("Phone"),
}

WORDS = (OwnKind.TEXT, OwnKind.LONG_TEXT, OwnKind.LINK, OwnKind.MAIL, OwnKind.PHONE)
CHOSEN = (OwnKind.CHOICE, OwnKind.CHOICES)
#: By what a list can be put into groups.
GROUPING = (OwnKind.CHOICE, OwnKind.FLAG, OwnKind.DAY)

#: The answers to a question of yes or no; the third is that nobody said.
YES, NO = "yes", "no"
ANSWERS = {YES: N_("yes"), NO: N_("no")}

_KEY = re.compile(rf"(?:(company|person)\.)?own\.({'|'.join(OwnKind)})\.([1-9][0-9]{{0,15}})")


def key_of(entity: Entity, kind: OwnKind, field_id: int) -> str:
    """The key of a field."""
    owner = "" if entity is Entity.LEAD else f"{entity}."
    return f"{owner}own.{kind}.{field_id}"


def parts_of(key: str) -> tuple[Entity, OwnKind, int] | None:
    """Whose field a key means, its kind and its id; None for a key that is of no own field."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    return Entity(found[1] or Entity.LEAD), OwnKind(found[2]), int(found[3])
