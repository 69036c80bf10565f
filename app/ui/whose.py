"""What a window remembers of how somebody works: it waits while others work here, and is not shown to them."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings

if TYPE_CHECKING:
    from app.services.office import Office

_AT_WORK = "window/person"
#: Lists with their filters and columns, and what was used last; where windows stand is everybody's.
_OWN = ("tab", "palette")


def person_in(office: "Office") -> str | None:
    """By what the person at work is told from others: a number, at a team's server with which one that is."""
    store = office.store
    if store.actor_id is None or not store.shared:
        return None if store.actor_id is None else str(store.actor_id)
    return f"{store.path.parent.name}-{store.actor_id}"


def hand_over(memory: QSettings, member: int | str | None) -> None:
    """From here on what is remembered is that of this person; of who was here before nothing is left in its place.

    What was written before anybody was noted belongs to who comes first.
    """
    before, now = str(memory.value(_AT_WORK, "")), str(member)
    if member is None or before == now:
        return
    memory.setValue(_AT_WORK, now)
    if not before:
        return
    for group in _OWN:
        _put(memory, f"person-{before}/{group}", _take(memory, group))
        _put(memory, group, _take(memory, f"person-{now}/{group}"))


def _take(memory: QSettings, group: str) -> dict[str, Any]:
    memory.beginGroup(group)
    found = {key: memory.value(key) for key in memory.allKeys()}
    memory.remove("")
    memory.endGroup()
    return found


def _put(memory: QSettings, group: str, values: dict[str, Any]) -> None:
    for key, value in values.items():
        memory.setValue(f"{group}/{key}", value)
