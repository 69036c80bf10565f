"""The parts of a name, and the name as it is shown."""

from typing import NamedTuple

from app.services.cards.card import Salutation

_SALUTATIONS = {
    **dict.fromkeys(("herr", "herrn", "hr", "mr", "mister", "monsieur", "signor"), Salutation.MR),
    **dict.fromkeys(("frau", "fr", "fräulein", "mrs", "ms", "miss", "mme", "madame", "signora"), Salutation.MS),
}
_GENDERS = {
    **dict.fromkeys(("m", "male", "männlich", "2"), Salutation.MR),
    **dict.fromkeys(("f", "female", "weiblich", "w", "1"), Salutation.MS),
}
_TITLES = frozenset({"dr", "prof", "dipl", "ing", "mag", "med", "phil", "jur", "rer", "nat", "pol", "h", "c", "hc"})
#: Small words a family name begins with.
_PARTICLES = frozenset({
    "von", "vom", "van", "zu", "zur", "zum", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le",
    "ten", "ter",
})  # fmt: skip


class Name(NamedTuple):
    """The parts as N of a vCard has them."""

    family: str = ""
    given: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""


def shown(name: Name) -> str:
    """The parts in the order they are said."""
    return " ".join(filter(None, (name.prefix, name.given, name.additional, name.family, name.suffix)))


def apart(text: str) -> Name:
    """The parts of a name that was only given as a whole: what stands last, or before a comma, is the family's."""
    if "," in text:
        family, _, given = text.partition(",")
        return Name(family.strip(), given.strip())
    words = text.split()
    start = 0
    while start < len(words) - 1 and _bare(words[start]) in (_TITLES | _SALUTATIONS.keys()):
        start += 1
    before, words = words[:start], words[start:]
    split = max(len(words) - 1, 0)
    while split and words[split - 1] in _PARTICLES:
        split -= 1
    return Name(" ".join(words[split:]), " ".join(words[:split]), prefix=" ".join(before))


def addressed(prefix: str) -> tuple[Salutation, str]:
    """How a person is addressed, and what is left of what stands before the name: Herr Dr. is Herr and Dr."""
    words = prefix.split()
    found = {_SALUTATIONS[_bare(word)] for word in words if _bare(word) in _SALUTATIONS}
    if len(found) != 1:
        return Salutation.NONE, prefix
    return found.pop(), " ".join(word for word in words if _bare(word) not in _SALUTATIONS)


def salutation_of(text: str) -> Salutation:
    """What a gender, or a word of address in a property of its own, says."""
    word = _bare(text.partition(";")[0])
    return _GENDERS.get(word) or _SALUTATIONS.get(word) or Salutation.NONE


def _bare(word: str) -> str:
    return word.strip().rstrip(".").lower()
