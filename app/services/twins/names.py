"""Names as they are compared: of companies without their legal forms, of people without their titles."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.core.folding import search_key
from app.services.twins import words as known

_LONGEST = 300
#: A name as it is compared has few words; of a text pasted into the field the first ones do.
_MOST_WORDS = 12
_TOKEN = re.compile(r"c/o|[^\W_]+\.?|[&+]")
_DEGREES = re.compile(r"\b(?:[MB]\.\s?(?:A|Sc|Eng|Ed)|LL\.\s?[MB])\.(?!\w)")
#: "z. Hd. Frau Kern" is said to the postman.
_HANDS = re.compile(r"\bz\.? ?hd\b|\bzu handen\b")
_APOSTROPHES = re.compile("['’‘´`]")
_LONGEST_SHORT = 14
#: A company calls itself a Wohnbaugesellschaft mbH or a Wohnbau GmbH.
_SOCIETY = re.compile(r"(?<=...)(?:gesellschaft|ges\.)$")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """`words` in their order and `forms` as LEGAL_FORMS has them; `key` is the same for every writing of the name.

    `telling`: the words say more than a trade, a surname many have or a direction.
    """

    words: tuple[str, ...]
    forms: frozenset[str]
    key: str
    telling: bool


@dataclass(frozen=True, slots=True)
class PersonName:
    """First names as they are compared (Hans as Johannes), last names, also the one by birth.

    `age` is 'jun' or 'sen' where the name says so.
    """

    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    key: str
    age: str
    telling: bool


_NO_FORMS: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def company_name(text: str) -> CompanyName:
    """The name of a company, taken apart; words without a letter or figure give one without words."""
    folded = search_key(_APOSTROPHES.sub("", text[:_LONGEST]))
    if "haft" in folded or "getragen" in folded or "gesellschaft" in folded:
        for long, short in known.LONG_FORMS:
            folded = folded.replace(long, short)
    if "hd" in folded or "handen" in folded:
        folded = _HANDS.sub("c/o", folded)
    tokens = _until_owner(_joined(_TOKEN.findall(folded)))[: 2 * _MOST_WORDS]
    rest, forms = _apart(tokens)
    kept = [token for token in rest if token not in "&+" and token.rstrip(".") not in known.FILLERS]
    words = tuple(_full(word) for word in (kept or rest or tokens)[:_MOST_WORDS])
    return CompanyName(words, forms, " ".join(sorted(words)), any(telling(word) for word in words))


def _joined(tokens: list[str]) -> list[str]:
    """Single letters in a row as one word: e. K. is ek, S.A. is sa."""
    joined: list[str] = []
    run = ""
    for token in tokens:
        letter = token.rstrip(".")
        if len(letter) == 1 and letter not in "&+":
            run += letter
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(token)
    return [*joined, run] if run else joined


def _until_owner(tokens: list[str]) -> list[str]:
    for place, token in enumerate(tokens):
        if place and token.rstrip(".") in known.OWNER:
            return tokens[:place]
    return tokens


def _apart(tokens: list[str]) -> tuple[list[str], frozenset[str]]:
    """The tokens without legal forms, and the forms."""
    rest, forms = [], []
    for place, token in enumerate(tokens):
        bare = token.rstrip(".")
        form = known.LEGAL_FORMS.get(bare)
        if form and (place or bare in known.SURE_FORMS):
            forms.append(form)
        elif bare not in ("ges", "gesellschaft") or tokens[place + 1 : place + 2] not in (["mbh"], ["mbh."]):
            rest.append(token)  # all but the Ges. of Ges.m.b.H.
    return rest, frozenset(forms) if forms else _NO_FORMS


def _full(word: str) -> str:
    """A known abbreviation written out; another one keeps its dot, which says that there is more of it."""
    word = _SOCIETY.sub("", word)
    bare = word.rstrip(".")
    full = known.ABBREVIATIONS.get(bare)
    if full is not None:
        return full
    return word if bare != word and 3 <= len(bare) <= _LONGEST_SHORT and bare not in known.GENERIC else bare


@lru_cache(maxsize=1 << 15)
def telling(word: str) -> bool:
    """Whether a word of a company's name says which one it is: no trade, nor two of them in one word."""
    word = word.rstrip(".")
    if len(word) < 3 or word in known.GENERIC:
        return False
    return not any(
        word[:cut].removesuffix("s") in _GENERIC_STEMS and word[cut:].removesuffix("s") in _GENERIC_STEMS
        for cut in range(3, len(word) - 2)
    )


_GENERIC_STEMS = known.GENERIC | frozenset(word.removesuffix("s") for word in known.GENERIC)


def person_name(text: str) -> PersonName:
    """The name of a person, taken apart: 'Dr. Müller-Lay, Hans Peter' has the last names muller and lay.

    A single word is a last name.
    """
    text = _DEGREES.sub(" ", text[:_LONGEST]).replace("(", " ").replace(")", " ")
    before, comma, after = text.partition(",")
    turned = _parts(after) if comma else []
    words = _parts(before)
    if turned and any(word not in known.YOUNGER | known.ELDER for word in turned):
        firsts, lasts = turned, words
    else:
        born = next((place for place, word in enumerate(words) if word.rstrip(".") in known.BORN), len(words))
        names = [word for word in words[:born] if word not in known.YOUNGER | known.ELDER]
        firsts, lasts = names[:-1], [*names[-1:], *words[born + 1 :]]
    return _person(firsts, lasts, _age([*words, *turned]))


def _parts(text: str) -> list[str]:
    """Words without titles; those joined by a hyphen stay one word."""
    words = [word.strip(".,;:/") for word in re.split(r"[\s/.]+", search_key(_APOSTROPHES.sub("", text)))]
    words = [word for word in words if any(map(str.isalnum, word))][:_MOST_WORDS]
    plain = [word for word in words if word.replace("-", "") not in known.TITLES and not _all_titles(word)]
    surely = [word for word in plain if word not in known.MAYBE_TITLES]
    return surely if len(surely) > 1 else plain


def _all_titles(word: str) -> bool:
    return "-" in word and all(part in known.TITLES for part in word.split("-") if part)


def _age(words: list[str]) -> str:
    if known.YOUNGER.intersection(words):
        return "jun"
    return "sen" if known.ELDER.intersection(words) else ""


def _person(firsts: list[str], lasts: list[str], age: str) -> PersonName:
    first = tuple(known.NICKNAMES.get(part, part) for part in _split(firsts))
    last = tuple(part for part in _split(lasts) if part not in known.BORN)
    common = known.SURNAMES.issuperset(last) and known.FIRST_NAMES.issuperset(first)
    return PersonName(first, last, " ".join(sorted((*first, *last))), age, not common)


def _split(words: list[str]) -> list[str]:
    parts = [part for word in words for part in word.split("-") if part and part not in known.YOUNGER | known.ELDER]
    plain = [part for part in parts if part not in known.PARTICLES]
    return plain or parts
