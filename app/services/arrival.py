"""Who works here: whether that has to be asked before anything is shown, and of whom.

One person alone is never asked. Where several work with one store it is a choice, and a password where somebody has
one: that keeps people apart, it does not encrypt the data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.clock import monotonic
from app.core.folding import sort_key

if TYPE_CHECKING:
    from app.services.office import Office
    from app.services.team import Colleague

_SEVERAL = 2
#: So many wrong passwords are nothing but typing errors; after each further one the wait doubles.
_FREE, _LONGEST_S = 3, 30


@dataclass(frozen=True)
class Arrival:
    """A choice to be made: among whom, and who is proposed."""

    people: "tuple[Colleague, ...]"
    proposed: int | None = None


def arrival(office: "Office", called: str = "", *, ask: bool = True, back: int | None = None) -> Arrival | None:
    """What is to be asked before the window shows anything; None where nothing is, and the store has its actor then.

    Whoever knows that there is one person alone (`setup.several`) need not even look here.
    `called` is the name (or the initials) of who worked here last and comes in unasked where that is not to be asked
    (`ask`); nobody with a password does. `back` is who locked the window: then one person alone is asked as well.
    """
    people = tuple(office.team.people())
    if back is None and len(people) < _SEVERAL:
        return None
    last = next((one for one in people if one.id == back or (back is None and _is_called(one, called))), None)
    only = people[0] if len(people) == 1 else None
    plain = only if ask or last is None else last
    if plain is not None and not plain.has_password:
        office.store.actor_id = plain.id
        return None
    return Arrival(people, last.id if last is not None else None) if people else None


def _is_called(one: "Colleague", called: str) -> bool:
    wanted = sort_key(called)
    return bool(wanted) and wanted in (sort_key(one.name), sort_key(one.initials))


class Patience:
    """How long to wait after wrong passwords, for as long as the program runs."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        """`seconds` is a clock."""
        self._seconds = seconds
        self._wrong = 0
        self._until = 0.0

    def failed(self) -> None:
        """Another wrong one."""
        self._wrong += 1
        if self._wrong > _FREE:
            self._until = self._seconds() + min(_LONGEST_S, 2 ** (self._wrong - _FREE))

    def held(self) -> None:
        """The right one: all is forgotten."""
        self._wrong, self._until = 0, 0.0

    @property
    def left(self) -> float:
        """Seconds until another one may be tried; 0 for at once."""
        return max(0.0, self._until - self._seconds())
