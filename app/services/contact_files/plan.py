"""What would become of each card of some files: nothing is written here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.core.collector import collector_paused
from app.core.errors import Cancelled, InvalidInput
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.roles import Act
from app.services.cards.card import Card
from app.services.company_fields import LABELS as COMPANY_LABELS
from app.services.contact_files.draft import Draft, Kind, draft_of
from app.services.contact_files.filling import Additions, additions, read_existing
from app.services.contact_files.known import Known, Match
from app.services.person_fields import LABELS as PERSON_LABELS
from app.services.record_fields import words

if TYPE_CHECKING:
    from app.models.store import Store

#: How far it is, of how much.
Progress = Callable[[int, int], object]

_TELL_EVERY = 100
#: That a name is parted otherwise says nothing of anybody.
_OF_THE_NAME = ("given", "family")
#: Of all the work, reading the files and looking who is there takes about these shares.
_READ, _KNOWN, _ALL = 300, 500, 1000


class Choice(StrEnum):
    """What may become of a card."""

    NEW = "new"
    FILL = "fill"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not taken of a file, from which line on; without `whole` the card was taken, this part was not."""

    file: str
    line: int
    why: Text
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """A card and what would become of it. `employer` is the company of a person where it is there already.

    `adds` is what it would fill in where somebody is there; None for a card that is new or makes sense beside another
    one of the file only.
    """

    number: int
    file: str
    draft: Draft
    match: Match | None
    employer: Match | None
    proposed: Choice
    adds: Additions | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen."""
        if self.match is None:
            return (Choice.NEW, Choice.SKIP)
        return (Choice.NEW, Choice.FILL, Choice.SKIP)


@dataclass(frozen=True, slots=True)
class CardPlan:
    """The cards of the files in their order, and what was refused."""

    files: tuple[str, ...]
    cards: tuple[Planned, ...]
    refused: tuple[Refused, ...]

    def choices(self, other: Mapping[int, Choice] | None = None) -> dict[int, Choice]:
        """By number of the card what becomes of it, where nobody has chosen anything `other`."""
        chosen = other or {}
        return {
            each.number: choice if (choice := chosen.get(each.number)) in each.choices else each.proposed
            for each in self.cards
        }


def ignore(_done: int, _total: int) -> None:
    """Nobody asks how far it is."""


@dataclass(frozen=True, slots=True)
class CardFiles:
    """Files that were read: their names, the cards with the name of the file of each, and what was refused.

    Of what is no card, such as a table, there are drafts at once.
    """

    files: tuple[str, ...]
    cards: tuple[tuple[str, Card | Draft], ...]
    refused: tuple[Refused, ...]


def plan_files(store: "Store", files: Sequence[Path], progress: Progress = ignore) -> CardPlan:
    """`read_files` and `plan_read` in one: what would become of the cards of these files."""
    return plan_read(store, read_files(files, progress), progress)


def read_files(files: Sequence[Path], progress: Progress = ignore) -> CardFiles:
    """The cards of vCard files.

    A file that is none is among the refused, unless it is the only one: then its InvalidInput is raised, as is the
    StorageError of any that cannot be read. `progress` raises Cancelled to stop it.
    """
    from app.services.foreign.card_files import read_card_file

    cards: list[tuple[str, Card | Draft]] = []
    refused: list[Refused] = []
    names = [file.name.encode(errors="replace").decode() for file in files]  # on Linux a name may be any bytes
    for place, (file, name) in enumerate(zip(files, names, strict=True)):
        done = place * _READ // len(files)
        progress(done, _ALL)
        try:
            found = read_card_file(file, partial(_stopped, progress, done))
        except InvalidInput as error:
            if len(files) == 1:
                raise
            refused.append(Refused(name, 1, error.title))
            continue
        cards += ((name, card) for card in found.cards)
        refused += (Refused(name, each.line, each.why, each.whole) for each in found.refused)
    return CardFiles(tuple(dict.fromkeys(names)), tuple(cards), tuple(refused))


def plan_read(store: "Store", read: CardFiles, progress: Progress = ignore) -> CardPlan:
    """What would become of these cards in a store. `progress` raises Cancelled to stop it. Raises NotAllowed."""
    store.rights.demand(Act.IMPORT)
    with collector_paused(), store.read() as connection:
        planned, refused = _plan(connection, store.facts.country, read.cards, progress)
    return CardPlan(read.files, planned, (*read.refused, *refused))


def plan_cards(store: "Store", cards: Iterable[Card], name: str = "", progress: Progress = ignore) -> CardPlan:
    """The same for cards that were read otherwise, from what is called `name`."""
    return plan_read(store, CardFiles((name,), tuple((name, card) for card in cards), ()), progress)


def _stopped(progress: Progress, done: int) -> bool:
    try:
        progress(done, _ALL)
    except Cancelled:
        return True
    return False


def _plan(
    connection: Connection, country: str, cards: Sequence[tuple[str, Card | Draft]], progress: Progress
) -> tuple[tuple[Planned, ...], tuple[Refused, ...]]:
    drafts: list[tuple[int, str, Draft]] = []
    refused: list[Refused] = []
    for number, (file, card) in enumerate(cards):
        try:
            drafts.append((number, file, card if isinstance(card, Draft) else draft_of(card, country)))
        except InvalidInput as error:
            refused.append(Refused(file, 0, error.title))
    known = Known(connection, lambda: progress(_READ, _ALL))
    planned: dict[int, Planned] = {}
    # companies first: a person of the file may work for one that a later card tells more of
    for done, (number, file, draft) in enumerate(sorted(drafts, key=lambda each: each[2].kind == "person")):
        if done % _TELL_EVERY == 0:
            progress(_KNOWN + done * (_ALL - _KNOWN) // len(drafts), _ALL)
        match = known.match(draft)
        proposed = Choice.FILL if match is not None and match.sure else Choice.NEW
        employer = known.employer(draft) if draft.employer else None
        known.add(number, draft, match if proposed is Choice.FILL else None)
        planned[number] = Planned(number, file, draft, match, employer, proposed)
    _measure(connection, planned, planned)
    _measure(connection, planned, _redirected(planned))
    tables = {number for number, (_file, card) in enumerate(cards) if isinstance(card, Draft)}
    refused += (each for number in sorted(tables & planned.keys()) for each in _kept(planned[number]))
    return tuple(planned[number] for number in sorted(planned)), tuple(refused)


def _kept(each: Planned) -> Iterator[Refused]:
    """What a row of a table says otherwise than who is there, where that stays."""
    kept = each.adds.kept if each.adds is not None and each.proposed is not Choice.NEW else ()
    if names := [name for name in kept if name not in _OF_THE_NAME]:
        fields = words({**PERSON_LABELS, **COMPANY_LABELS}, names)
        why = Text("“{name}” keeps what is there: {fields}", name=each.draft.name, fields=fields)
        yield Refused(each.file, 0, why, whole=False)


def _redirected(planned: dict[int, Planned]) -> list[int]:
    """The cards that were to fill what an earlier one makes, which turned out to be there already: they fill that."""
    found = []
    for number, each in planned.items():
        earlier = planned.get(each.match.card) if each.match is not None and each.match.card is not None else None
        if each.match is not None and earlier is not None and earlier.proposed is Choice.SKIP:
            there = earlier.match
            assert there is not None
            planned[number] = replace(each, match=replace(each.match, id=there.id, card=there.card))
            found.append(number)
    return found


def _measure(connection: Connection, planned: dict[int, Planned], numbers: Iterable[int]) -> None:
    """What each of these cards would add to who is there; nothing to add is nothing to do."""
    kinds: tuple[Kind, ...] = ("company", "person")
    for kind in kinds:
        found = {
            number: match.id
            for number in numbers
            if planned[number].draft.kind == kind and (match := planned[number].match) and match.id is not None
        }
        there = read_existing(connection, kind, found.values())
        for number, target in found.items():
            each = planned[number]
            adds = additions(each.draft, there[target], each.employer.id if each.employer else None)
            idle = adds.nothing and (each.proposed is Choice.FILL or _same_name(each))
            planned[number] = replace(each, adds=adds, proposed=Choice.SKIP if idle else each.proposed)


def _same_name(each: Planned) -> bool:
    """Whether a card that tells nothing new is called like who is there: then nobody could tell the two apart."""
    return each.match is not None and search_key(each.match.name) == search_key(each.draft.name)
