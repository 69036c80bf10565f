"""What is tried: a verb, the record it is tried on, and the rule it stands under."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.models.store import Store
from tests.services.access.rules import Rule, Whose
from tests.services.access.world import ANNA, FRIDA, World

#: Does it to records of these ids.
Act = Callable[[Store, World, list[int]], object]


@dataclass(frozen=True)
class Verb:
    """A verb of the services, `module` and `name` as the program has them; `how` tells its ways apart.

    It is done to the record `which` of somebody, and where it takes many also to that together with `second`, one of
    one's own. Without a record it is done to what belongs to nobody; `which` "member" is the person.
    """

    module: str
    name: str
    rule: Rule
    act: Act
    which: str = ""
    second: str = ""
    how: str = ""
    whose: Sequence[Whose] = tuple(Whose)
    back: bool = True

    @property
    def function(self) -> tuple[str, str]:
        """By which it is known among all that write."""
        return f"app.services.{self.module}", self.name

    @property
    def relations(self) -> Sequence[Whose]:
        """Whose records it is tried on."""
        return self.whose if self.which else (Whose.OWN,)


def a_colleague(store: Store) -> int:
    """Somebody else than who works, whose records nothing is done to."""
    return FRIDA if store.actor_id == ANNA else ANNA
