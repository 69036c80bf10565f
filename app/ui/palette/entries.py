"""What the palette lists: a command or a lead in one line, and which commands are meant by what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.folding import search_key
from app.core.i18n import tr
from app.core.terms import Status
from app.services.search_passages import Marked
from app.ui.needs import NOT_NOW
from app.ui.palette.recent import COMMAND, LEAD

if TYPE_CHECKING:
    from app.core.terms import Entity
    from app.services.lead_list import LeadRow
    from app.services.search import Hit
    from app.services.search_passages import Span
    from app.ui.actions import Actions, ActionSpec
    from app.ui.wording import Wording

_LEAD_ICONS = {Status.POTENTIAL: "idea", Status.ACTIVE: "funnel"}


@dataclass(frozen=True)
class Entry:
    """One line: an icon, what it is, more about it, and at the right its keys or its value.

    One that is not `enabled` says in `more` why, or `below` where it is not allowed (`refusal`). `marks` and
    `more_marks` are where the words that were searched for stand in what it is and in what is more to say; `below` is a
    second line, a passage. `about` is the record on which a note or file hangs.
    """

    key: str
    icon: str
    words: str
    more: str = ""
    right: str = ""
    enabled: bool = True
    keys: bool = False  # whether `right` is a shortcut
    marks: "tuple[Span, ...]" = ()
    more_marks: "tuple[Span, ...]" = ()
    below: "Marked | None" = None
    about: "tuple[Entity, int] | None" = None
    refusal: str = ""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        below = self.below.text if self.below is not None else ""
        return ", ".join(part for part in (self.words, self.more, self.right, below) if part)

    @property
    def is_heading(self) -> bool:
        """Whether it only says what follows."""
        return not self.key


#: A line of the palette: an entry, or the id of a lead that becomes one when it is seen.
Line = Entry | int


def heading(words: str) -> Entry:
    """The line above a group."""
    return Entry("", "", words, enabled=False)


@dataclass(frozen=True)
class _Found:
    rank: int
    place: int
    entry: Entry


@dataclass(frozen=True)
class _Known:
    """A command with its folded name, and that with its menu."""

    id: str
    name: str
    text: str
    entry: Entry


class Commands:
    """All commands of a window as they are at the last `look`, and those that are meant by some words."""

    def __init__(self, actions: "Actions") -> None:
        self._actions = actions
        self._known: list[_Known] = []

    def look(self) -> None:
        """See which commands are possible now, and what keys they have."""
        self._known = []
        for spec in self._actions.specs:
            name = self._actions.name(spec)  # what would be undone is no name of the command
            text = search_key(f"{name} {self._actions.path(spec)}")
            self._known.append(_Known(spec.id, search_key(name), text, self._entry(spec)))

    def all(self) -> list[Entry]:
        """Every command, in the order of the menus."""
        return [known.entry for known in self._known]

    def find(self, typed: str, recent: Sequence[str]) -> tuple[list[Entry], list[Entry]]:
        """Commands in which every word begins one, and those that have them inside; `recent` ids first."""
        words = search_key(typed).split()
        found = []
        for place, known in enumerate(self._known):
            rank = _rank(words, known.name, known.text)
            if rank is not None:
                used = recent.index(known.id) - len(recent) if known.id in recent else place
                found.append(_Found(rank, used, known.entry))
        found.sort(key=_order)
        return (
            [one.entry for one in found if one.rank <= _BEGINS], [one.entry for one in found if one.rank > _BEGINS],
        )  # fmt: skip

    def _entry(self, spec: "ActionSpec") -> Entry:
        action = self._actions[spec.id]
        enabled = action.isEnabled()
        refusal = self._actions.refusal(spec.id)
        more = self._actions.path(spec) if enabled or refusal else self._actions.lack(spec.id) or tr(NOT_NOW)
        icon = spec.icon or ("check" if action.isChecked() else "")
        return Entry(
            f"{COMMAND}{spec.id}", icon, self._actions.words(spec), more, self._actions.keys(spec.id), enabled,
            keys=True, below=Marked(refusal) if refusal else None, refusal=refusal,
        )  # fmt: skip


def _order(found: _Found) -> tuple[object, ...]:
    """Called just so; begun by it and used last; begun by it; having it inside."""
    used = min(found.place, 0)
    return found.rank > _BEGINS, found.rank != _SAME, used, found.rank, found.place


_SAME, _WHOLE, _BEGINS, _INSIDE = range(4)


def _rank(words: Sequence[str], label: str, text: str) -> int | None:
    """How well a command is meant; None when it is not."""
    if label.startswith(" ".join(words)):
        return _SAME if label == " ".join(words) else _WHOLE
    if all(_begins(word, label) for word in words):
        return _BEGINS
    return _INSIDE if all(word in text for word in words) else None


def _begins(word: str, text: str) -> bool:
    return text.startswith(word) or f" {word}" in text or f"-{word}" in text


def lead_entry(row: "LeadRow", wording: "Wording", hit: "Hit | None" = None) -> Entry:
    """A lead: its title, whose it is and where it stands, what it is worth, and what is marked in it."""
    stands = wording.stage(row) if row.status is Status.ACTIVE else wording.outcome(row)
    more = " · ".join(part for part in (row.company or "", stands) if part)
    right = wording.volume(row) if row.amount.minor else ""
    icon = _LEAD_ICONS.get(row.status, "flag")
    if hit is None or hit.title.text != row.title:
        return Entry(f"{LEAD}{row.id}", icon, row.title, more, right)
    company = hit.beside.spans if row.company and hit.beside.text == row.company else ()
    return Entry(
        f"{LEAD}{row.id}", icon, row.title, more, right, marks=hit.title.spans, more_marks=company, below=hit.passage,
    )  # fmt: skip
