"""A whole lead in one line: Relaunch Müller GmbH 25k 60% 15.3. @anna #empfehlung /Angebot.

What is understood leaves the line, and the rest is the title. What could be meant is proposed and not taken: a new
company, a bare number, the name of a stage among other words. What is marked (@, #, /) or looks like a date and is
none is unclear; it stays in the title, and whoever asks is told.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from app.core.errors import InvalidInput
from app.core.folding import search_key, sort_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.core.parse.quick_words import Found, a_day, a_period, a_share, an_amount, company_end, is_legal, legal_start

#: Nobody means a longer line.
LONGEST = 600
_WORDS_OF_A_NAME = 8
_PROPOSED_NAMES = 3
#: Words before a company or a day that belong to it.
_BEFORE = frozenset({"für", "fuer", "bei", "mit", "for", "at", "with", "am", "bis", "zum", "on", "by", "until"})
_AROUND = " ,;:|·–—-"
_QUOTES = "„“”\"'()[],;:"


class Kind(Enum):
    """What became of a piece of the line."""

    TAKEN = "taken"
    NEW = "new"  # taken, and will be made
    PROPOSED = "proposed"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Person:
    """Somebody of the agency."""

    id: int
    name: str
    initials: str


@dataclass(frozen=True)
class Known:
    """What a line is understood with.

    `companies(keys)` gives the names of the companies with these search keys, `firms(keys)` of those that are called
    so with a legal form after it.
    """

    currency: str
    today: date
    people: Sequence[Person] = ()
    stages: Sequence[tuple[int, str]] = ()
    sources: Sequence[str] = ()
    tags: Sequence[str] = ()
    companies: Callable[[Sequence[str]], Mapping[str, str]] = lambda keys: {}
    firms: Callable[[Sequence[str]], Mapping[str, str]] = lambda keys: {}


@dataclass(frozen=True)
class Part:
    """A piece of the line: as it was typed, the field it goes to ('' for an unclear one), and its value there.

    `name` is what the value is called, for values that are ids; `why` says what is wrong with an unclear one.
    """

    kind: Kind
    field: str
    typed: str
    value: Any = None
    name: str = ""
    why: Text | None = None
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line as it was understood."""

    title: str
    parts: tuple[Part, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Part, ...]:
        """The parts of these kinds, in the order of the line."""
        return tuple(part for part in self.parts if part.kind in kinds)

    @property
    def fields(self) -> dict[str, Any]:
        """The values taken, by field; those of several tags together."""
        taken = self.of(Kind.TAKEN, Kind.NEW)
        found: dict[str, Any] = {"title": self.title}
        found.update({part.field: part.value for part in taken if part.field != "tags"})
        if tags := tuple(part.value for part in taken if part.field == "tags"):
            found["tags"] = tags
        return found


def understand(text: str, known: Known, accepted: Collection[tuple[str, str]] = ()) -> Line:
    """What a line means. `accepted` are the proposals (field and words) that were agreed to.

    Raises InvalidInput for a line beyond all measure.
    """
    line = one_line(text)
    if len(line) > LONGEST:
        raise InvalidInput(Text("This line is too long to be understood."), field="title")
    reading = _Reading(line.split(), known, accepted)
    reading.marked()
    for recognise in (a_share, a_day, a_period, an_amount):
        reading.values(recognise)
    reading.company()
    reading.stage_names()
    return reading.line()


class _Reading:
    """The words of a line, and what became of them so far."""

    def __init__(self, words: list[str], known: Known, accepted: Collection[tuple[str, str]]) -> None:
        self.words = words
        self.known = known
        self.accepted = accepted
        self.gone: set[int] = set()
        self.parts: list[Part] = []

    def add(self, part: Part, *words: int) -> None:
        """Keep a part; a second value of a field is unclear, an accepted proposal is taken."""
        part = replace(part, words=words, typed=part.typed or " ".join(self.words[i] for i in words))
        if part.kind is Kind.PROPOSED and (part.field, part.typed) in self.accepted:
            part = replace(part, kind=Kind.NEW if part.name == "" and part.field == "company" else Kind.TAKEN)
        if part.kind in (Kind.TAKEN, Kind.NEW):
            if part.field != "tags" and self.has(part.field):
                why = Text("“{text}”: there is such a value before.", text=part.typed)
                part = replace(part, kind=Kind.UNCLEAR, field="", why=why)
            else:
                self.gone.update(words)
                first = words[0] - 1
                if part.field in ("company", "next_step") and self.words[max(first, 0)].lower() in _BEFORE:
                    self.gone.add(first)
        self.parts.append(part)

    def has(self, field: str) -> bool:
        """Whether a value of this field was taken."""
        return any(part.field == field and part.kind in (Kind.TAKEN, Kind.NEW) for part in self.parts)

    def free(self, first: int, count: int) -> bool:
        """Whether these words are there and mean nothing yet."""
        spoken_for = self.gone | {i for part in self.parts if part.kind is Kind.UNCLEAR for i in part.words}
        return first + count <= len(self.words) and not spoken_for & set(range(first, first + count))

    def line(self) -> Line:
        """What was found out."""
        rest = [word for i, word in enumerate(self.words) if i not in self.gone]
        title = " ".join(rest).strip(_AROUND)
        company = next((part for part in self.parts if part.field == "company" and self.has("company")), None)
        if not any(sign.isalnum() for sign in title) and company is not None:
            title = str(company.value)
        return Line(title, tuple(sorted(self.parts, key=lambda part: part.words[-1:])))

    # What is marked

    def marked(self) -> None:
        """Words that begin with @, # or /."""
        for i, word in enumerate(self.words):
            if not self.free(i, 1) or len(word) < 2 or not (word[1].isalpha() or word[1] == "_"):
                continue
            match word[0]:
                case "@":
                    self._person(i)
                case "#":
                    self._label(i)
                case "/":
                    self._stage(i)

    def _longest(self, first: int, names: Mapping[str, Any]) -> tuple[Any, tuple[int, ...]] | None:
        """Of names by their keys the longest that stands after a mark, and its words."""
        for count in range(min(_WORDS_OF_A_NAME, len(self.words) - first), 0, -1):
            key = sort_key(" ".join(self.words[first : first + count])[1:].rstrip(",;.:"))
            if key in names and self.free(first, count):
                return names[key], tuple(range(first, first + count))
        return None

    def _person(self, i: int) -> None:
        called: dict[str, list[Person]] = {}
        for person in self.known.people:
            for key in _called(person):
                called.setdefault(key, []).append(person)
        found = self._longest(i, called)
        if found is not None and len(found[0]) == 1:
            self.add(Part(Kind.TAKEN, "user_id", "", found[0][0].id, found[0][0].name), *found[1])
            return
        key = sort_key(self.words[i][1:].rstrip(",;.:"))
        near = found[0] if found is not None else [
            person for person in self.known.people if any(each.startswith(key) for each in _called(person))
        ]  # fmt: skip
        nobody = Text("Nobody is called “{text}”.", text=self.words[i])
        why = Text("“{text}” may be one of several.", text=self.words[i]) if len(near) > 1 else nobody
        for person in near[:_PROPOSED_NAMES]:
            self.add(Part(Kind.PROPOSED, "user_id", f"{self.words[i]} = {person.name}", person.id, person.name), i)
        if not self.has("user_id") or i not in self.gone:
            self.add(Part(Kind.UNCLEAR, "", "", why=why), i)

    def _label(self, i: int) -> None:
        """A source, else a tag, else a new tag."""
        sources = {sort_key(name): name for name in self.known.sources}
        tags = {sort_key(name): name for name in self.known.tags}
        if not self.has("source") and (found := self._longest(i, sources)) is not None:
            self.add(Part(Kind.TAKEN, "source", "", found[0], found[0]), *found[1])
        elif (found := self._longest(i, tags)) is not None:
            self.add(Part(Kind.TAKEN, "tags", "", found[0], found[0]), *found[1])
        else:
            name = self.words[i][1:].rstrip(",;.:")
            self.add(Part(Kind.NEW, "tags", "", name, name), i)

    def _stage(self, i: int) -> None:
        names = {sort_key(name): (stage, name) for stage, name in self.known.stages}
        if (found := self._longest(i, names)) is not None:
            self.add(Part(Kind.TAKEN, "stage_id", "", *found[0]), *found[1])
            return
        key = sort_key(self.words[i][1:].rstrip(",;.:"))
        for stage, name in self.known.stages:
            if sort_key(name).startswith(key):
                self.add(Part(Kind.PROPOSED, "stage_id", f"{self.words[i]} = {name}", stage, name), i)
        if i not in self.gone:
            self.add(Part(Kind.UNCLEAR, "", "", why=Text("No stage is called “{text}”.", text=self.words[i][1:])), i)

    # Figures and days

    def values(self, recognise: Callable[[list[str], Known], Found | None]) -> None:
        """Figures of one sort, wherever they stand, the longest first."""
        i = 0
        while i < len(self.words):
            for count in (4, 3, 2, 1):
                if self.free(i, count) and self._value(recognise, i, count):
                    i += count - 1
                    break
            i += 1

    def _value(self, recognise: Callable[[list[str], Known], Found | None], first: int, count: int) -> bool:
        words = tuple(range(first, first + count))
        found = recognise([self.words[i].rstrip(",;:") for i in words], self.known)
        if found is None:
            return False
        if found.why is not None:
            self.add(Part(Kind.UNCLEAR, "", "", why=found.why), *words)
        elif found.sure or (found.at_end and not self.free(first + count, 1)):
            self.add(Part(Kind.TAKEN, found.field, "", found.value), *words)
        elif not self.has(found.field):
            self.add(Part(Kind.PROPOSED, found.field, "", found.value), *words)
        return True

    # Names

    def company(self) -> None:
        """A known company; else what may be one, known or new, as proposals."""
        spans = [
            tuple(range(i, i + count))
            for i in range(len(self.words)) for count in range(1, _WORDS_OF_A_NAME + 1) if self.free(i, count)
        ]  # fmt: skip
        keys = {span: search_key(self._name(span)) for span in spans}
        keys = {span: key for span, key in keys.items() if any(sign.isalpha() for sign in key)}
        there = self.known.companies(sorted(set(keys.values()))) if keys else {}
        matches = [(span, there[key]) for span, key in keys.items() if key in there]
        longest = max((len(span) for span, _ in matches), default=0)
        best = [(span, name) for span, name in matches if len(span) == longest]
        if len({name for _, name in best}) == 1:
            span, name = best[-1]
            self.add(Part(Kind.TAKEN, "company", "", name, name), *span)
            return
        for span, name in best[:_PROPOSED_NAMES]:
            self.add(Part(Kind.PROPOSED, "company", "", name, name), *span)
        if not best:
            self._firms(keys)
        if not self.has("company"):
            self._new_company()

    def _name(self, span: tuple[int, ...]) -> str:
        return " ".join(self.words[i] for i in span).strip(_QUOTES)

    def _firms(self, keys: Mapping[tuple[int, ...], str]) -> None:
        """Müller, where Müller GmbH is known."""
        called = self.known.firms(sorted({key for key in keys.values() if len(key) > 1})) if keys else {}
        fitting = [(span, called[key]) for span, key in keys.items() if key in called]
        longest = max((len(span) for span, _ in fitting), default=0)
        for span, name in [each for each in fitting if len(each[0]) == longest][:_PROPOSED_NAMES]:
            self.add(Part(Kind.PROPOSED, "company", f"{self._name(span)} = {name}", name, name), *span)

    def _new_company(self) -> None:
        """What ends with a legal form is a company; how many words before it belong to its name nobody knows."""
        for i, word in enumerate(self.words):
            if is_legal(word) and self.free(i, 1) and i and self.free(i - 1, 1):
                end = company_end(self.words, i)
                start = legal_start(self.words, i)
                while end > i and not self.free(start, end - start):
                    end -= 1
                for first in range(start, max(start - _PROPOSED_NAMES, -1), -1):
                    if not self.free(first, end - first) or not self.words[first][:1].isupper():
                        break
                    span = tuple(range(first, end))
                    self.add(Part(Kind.PROPOSED, "company", "", self._name(span)), *span)
                return

    def stage_names(self) -> None:
        """The name of a stage among other words may be meant, or be a word of the title."""
        if self.has("stage_id"):
            return
        names = {sort_key(name): (stage, name) for stage, name in self.known.stages}
        for i in range(len(self.words)):
            for count in range(1, 4):
                key = sort_key(self._name(tuple(range(i, min(i + count, len(self.words))))))
                if self.free(i, count) and key in names:
                    self.add(Part(Kind.PROPOSED, "stage_id", "", *names[key]), *range(i, i + count))


def _called(person: Person) -> set[str]:
    """What a person can be called after an @."""
    whole = sort_key(person.name)
    names = whole.split()
    return {whole, whole.replace(" ", ""), whole.replace(" ", "."), sort_key(person.initials), *names[:1], *names[-1:]}
