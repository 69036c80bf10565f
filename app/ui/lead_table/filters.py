"""What the controls above a list narrow it to: remembered, and put back as far as it still exists."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Narrowing(Protocol):
    """A control that shows what a list is narrowed to."""

    @property
    def choice(self) -> Any:
        """A number or a word, None for all."""

    def choose(self, choice: Any) -> bool:
        """Show a choice without telling anyone; whether there is such a one (any more)."""

    def clear(self) -> None:
        """Show that nothing is left out, without telling anyone."""


class Filters:
    """The controls of one list by key, each with what it asks the list for."""

    def __init__(self) -> None:
        self._controls: dict[str, tuple[Narrowing, Callable[[Any], object]]] = {}

    def add(self, key: str, control: Narrowing, ask: Callable[[Any], object]) -> None:
        """`ask(choice)` narrows the list."""
        self._controls[key] = (control, ask)

    def clear(self) -> None:
        """Show that nothing is left out."""
        for control, _ in self._controls.values():
            control.clear()

    def save(self) -> dict[str, Any]:
        """What is chosen, as plain data."""
        choices = {key: control.choice for key, (control, _) in self._controls.items()}
        return {key: choice for key, choice in choices.items() if choice is not None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save`. A choice that is gone (a person, a reason, a year) is forgotten."""
        for key, (control, ask) in self._controls.items():
            choice = state.get(key)
            if isinstance(choice, int | str) and control.choose(choice):
                ask(choice)
