"""Roles and kinds of absences as they are typed."""

from app.core.folding import search_key
from app.core.roles import ROLE_LABELS, Role
from app.core.terms import AbsenceKind

#: As they are called in German and in English, whatever language is in use.
_ROLES = {
    Role.OWNER: ("Inhaber", "Inhaberin"),
    Role.FULL: ("Vollzugriff", "voll"),
    Role.LIMITED: ("eingeschränkt", "eingeschraenkt"),
    Role.READER: ("nur lesen", "lesen", "read only"),
}
_KINDS = {
    AbsenceKind.HOLIDAY: ("Urlaub", "Ferien"),
    AbsenceKind.SICK: ("krank", "ill"),
    AbsenceKind.OTHER: ("abwesend", "away", "sonstiges"),
}
_ROLE_OF = {search_key(word): role for role, words in _ROLES.items() for word in (role, ROLE_LABELS[role], *words)}
_KIND_OF = {search_key(word): kind for kind, words in _KINDS.items() for word in (kind, *words)}


def role_of(word: str) -> Role | None:
    """The role that a word means; None for any other word."""
    return _ROLE_OF.get(search_key(word))


def kind_of(word: str) -> AbsenceKind | None:
    """Why somebody is away, by a word; None for any other word."""
    return _KIND_OF.get(search_key(word))
