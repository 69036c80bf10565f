"""The cells of the matrix, and how one is tried."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, NamedTuple

import pytest

from app.core.errors import Conflict, NotAllowed, NotFound, TrichterError
from app.models.store import Store
from tests.services.access.bench import Bench
from tests.services.access.rules import (
    DEPUTISED,
    FULL,
    HOLDS,
    LIMITED,
    NOT_ALLOWED,
    OTHERS,
    OWN,
    OWNER,
    READER,
    UNASSIGNED,
    WORK,
    Verdict,
    Whose,
)  # fmt: skip
from tests.services.access.verbs import Verb
from tests.services.access.world import BEN, DORA, NOBODY, ROLES, WORDS, ZOE

_ERRORS: dict[Verdict, type[TrichterError]] = {
    NOT_ALLOWED: NotAllowed, Verdict.NOT_THERE: NotFound, Verdict.AS_GONE: Conflict,
}  # fmt: skip
ALONE, AMONG, UNDO, REDO = "alone", "among others", "taken back", "brought again"
GIVEN_UNDO, GIVEN_REDO = "taken back when it was given away", "brought again when it was given away"


class Cell(NamedTuple):
    """Somebody of a role does it to somebody's record in a way."""

    role: str
    whose: Whose
    way: str


def cells_of(verb: Verb) -> list[Cell]:
    """All that is tried with a verb."""
    found = [Cell(role, whose, ALONE) for role in ROLES for whose in verb.relations if role != FULL or whose in _PLAIN]
    if verb.second:
        found += [Cell(role, whose, AMONG) for role in ROLES for whose in verb.relations if _telling(role, whose)]
    for role in (FULL, LIMITED, READER) if verb.back else ():
        for whose in verb.relations:
            if _worth_going_back(verb, role, whose):
                found += [Cell(role, whose, UNDO), Cell(role, whose, REDO)]
    if _can_be_given(verb):
        found += [Cell(LIMITED, OWN, GIVEN_UNDO), Cell(LIMITED, OWN, GIVEN_REDO)]
    return found


#: What is tried by who has full access: owners, to whom the same is open, try the rest.
_PLAIN = (OWN, OTHERS)


def _telling(role: str, whose: Whose) -> bool:
    """Whether it is another thing than that record alone."""
    return role in (LIMITED, READER) or (role == OWNER and whose is OTHERS)


def _worth_going_back(verb: Verb, role: str, whose: Whose) -> bool:
    """What owners cannot do nobody can take back; who sees everything does so alike with whosever it is."""
    open_to_all = verb.rule.says(OWNER, whose) is HOLDS
    return open_to_all and (role == LIMITED or (whose is OWN and (role == READER or verb.rule.full is not HOLDS)))


def _can_be_given(verb: Verb) -> bool:
    """Whether it is work on a record that can become somebody else's. A copy stays with whoever made it."""
    return verb.rule is WORK and verb.which in _TABLES and verb.name != "Leads.duplicate"


#: Records that are seen for no other reason than whose they are, by their tables.
_TABLES = {
    "open": "lead",
    "idea": "lead",
    "closed": "lead",
    "gone": "lead",
    "company own": "company",
    "company trashed": "company",
}


class Trial:
    """Tries these cells of one verb; `done` counts them."""

    def __init__(self, bench: Bench, verb: Verb, cells: Sequence[Cell]) -> None:
        self._bench, self._verb, self._cells = bench, verb, cells
        self.done = 0

    def refusals(self) -> None:
        """What has to be refused, each with nothing changed."""
        for cell in self._at_once(ALONE, AMONG):
            if self._verdict(cell) is not HOLDS:
                self._expect(cell, self._act(cell))

    def deeds(self) -> None:
        """What has to be done. Each of them is of another record, so all of a role come one after the other."""
        for role in ROLES:
            for cell in self._at_once(ALONE, role=role):
                if self._verdict(cell) is HOLDS:
                    self._expect(cell, self._act(cell))
            self._bench.put_back()
        for cell in self._at_once(AMONG):
            if self._verdict(cell) is HOLDS:
                self._expect(cell, self._act(cell))
                self._bench.put_back()

    def ways_back(self) -> None:
        """What somebody did while he decided about everything, and takes back or brings again with the role he has."""
        for role in (FULL, LIMITED, READER):
            cells = self._at_once(UNDO, role=role)
            if not cells:
                continue
            steps: dict[Whose, int] = {}
            with self._bench.raised(role) as store:
                for cell in cells:
                    self._act(cell)(store)
                    steps[cell.whose] = store.newest()
            undone: dict[Whose, int] = {}
            for cell in cells:
                self._expect(cell, partial(_undo, steps[cell.whose]))
                if self._verdict(cell) is HOLDS:
                    undone[cell.whose] = self._bench.as_(role).newest()
            with self._bench.raised(role) as store:
                for whose in [each for each in reversed(steps) if each not in undone]:
                    store.undo(steps[whose])
                    undone[whose] = store.newest()
            for cell in reversed(self._at_once(REDO, role=role)):
                self._expect(cell, partial(_redo, undone[cell.whose]))
            self._bench.put_back()

    def given_away(self) -> None:
        """One's own work on what is somebody else's by now."""
        table = _TABLES.get(self._verb.which, "")
        for cell, again in zip(self._at_once(GIVEN_UNDO), self._at_once(GIVEN_REDO), strict=True):
            ids = self._ids(cell)
            store = self._bench.as_(cell.role)
            self._act(cell)(store)
            self._bench.give_away(table, ids, ZOE)
            self._expect(cell, lambda store: store.undo(), NOT_ALLOWED)
            self._bench.give_away(table, ids, ROLES[cell.role])
            assert store.undo() is not None
            self._bench.give_away(table, ids, ZOE)
            self._expect(again, lambda store: store.redo(), NOT_ALLOWED)
            self._bench.put_back()

    # How

    def _at_once(self, *ways: str, role: str = "") -> list[Cell]:
        return [cell for cell in self._cells if cell.way in ways and role in ("", cell.role)]

    def _verdict(self, cell: Cell) -> Verdict:
        rule = self._verb.rule
        return (rule.says if cell.way in (ALONE, AMONG) else rule.says_back)(cell.role, cell.whose)

    def _ids(self, cell: Cell) -> list[Any]:
        if not self._verb.which:
            return []
        family = self._member(cell)
        if self._verb.which == "member":
            return [family or None]
        target = self._bench.world.of(family, self._verb.which)
        if cell.way != AMONG:
            return [target]
        return [self._bench.world.of(ROLES[cell.role], self._verb.second), target]

    @staticmethod
    def _member(cell: Cell) -> int:
        return {OWN: ROLES[cell.role], DEPUTISED: DORA, OTHERS: ZOE, UNASSIGNED: NOBODY}[cell.whose]

    def _act(self, cell: Cell) -> Callable[[Store], object]:
        return lambda store: self._verb.act(store, self._bench.world, self._ids(cell))

    def _expect(self, cell: Cell, act: Callable[[Store], object], verdict: Verdict | None = None) -> None:
        """It comes as it has to: done, or refused with this error, nothing changed and nothing given away."""
        self.done += 1
        wanted, wrong = verdict or self._verdict(cell), ""
        before = self._bench.state()
        try:
            act(self._bench.as_(cell.role))
        except TrichterError as error:
            expected = self._errors(cell, wanted)
            if cell.way == REDO and cell.role == LIMITED and type(error) in self._bench.redo_refused:
                return
            if type(error) not in expected:
                wrong = f"{type(error).__name__}: {error}"
            elif given := [
                word for word in _unseen_by(cell.role) if word in f"{error} {vars(error)} {error.title.args}"
            ]:
                wrong = f"{error} gives away {given}"
        else:
            wrong = "not refused" if wanted in _ERRORS else ""
        changed = self._bench.state() != before
        if not wrong and changed != (wanted is HOLDS):
            wrong = "something was changed" if changed else "nothing was done"
        wrong = wrong or self._elsewhere(cell, act, before, done=wanted is HOLDS)
        if wrong:
            pytest.fail(f"{cell.role}, {cell.whose.value}, {cell.way}: {wrong}. {self._verb.rule.words}", pytrace=False)

    def _errors(self, cell: Cell, wanted: Verdict) -> tuple[type[TrichterError], ...]:
        """How it may be refused."""
        if wanted is NOT_ALLOWED and cell.way not in (ALONE, AMONG):
            return self._bench.refused_back
        return (_ERRORS[wanted],) if wanted in _ERRORS else ()

    def _elsewhere(self, cell: Cell, act: Callable[[Store], object], before: Hashable, *, done: bool) -> str:
        """What is wrong where everybody looks: it is not done there, or it is without the program."""
        if done:
            return self._bench.not_done(cell.role, before)
        through = self._bench.past(cell.role, act, self._member(cell), apart=cell.way != AMONG)
        return f"past the program it is done: {', '.join(through)}" if through else ""


def _undo(step: int, store: Store) -> object:
    return store.undo(step)


def _redo(step: int, store: Store) -> object:
    return store.redo(step)


def _unseen_by(role: str) -> Sequence[str]:
    """The words that stand in what this one does not see."""
    return [word for whose, word in WORDS.items() if role == LIMITED and whose not in (BEN, DORA)]
