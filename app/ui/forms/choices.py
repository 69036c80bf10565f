"""Lists to choose one value from in a form, and what is offered in them and beside tags."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy

from app.core.i18n import tr

if TYPE_CHECKING:
    from app.services.catalogue import Catalogue

_OFFERED = 12


class Choices(QComboBox):
    """A list of values and their labels. The wheel is for the page: what lies on its way is not changed by it."""

    def __init__(self, entries: Sequence[tuple[object, str]] = ()) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(entries)

    def offer(self, entries: Sequence[tuple[object, str]]) -> None:
        """Offer these; what was chosen stays chosen, and nothing is chosen when it is gone."""
        first, chosen = self.count() == 0, self.currentData()
        self.blockSignals(True)
        self.clear()
        for value, label in entries:
            self.addItem(label, value)
        self.setCurrentIndex(0 if first else self.findData(chosen))
        self.blockSignals(False)

    def choose(self, value: object) -> None:
        """Choose an entry by its value; one that is not offered is added under its own name."""
        place = self.findData(value)
        if place < 0:
            self.addItem(str(value), value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def choose_offered(self, value: object) -> None:
        """Choose an entry by its value, if it is offered."""
        if (place := self.findData(value)) >= 0:
            self.setCurrentIndex(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def members(catalogue: "Catalogue", current: int | None) -> list[tuple[object, str]]:
    """Nobody, and the members of the agency; the one in charge even when he or she has left."""
    people: list[tuple[object, str]] = [(entry.id, entry.name) for entry in catalogue.all("member")]
    missing = current is not None and current not in dict(people)
    return [(None, tr("Nobody")), *people, *([(current, tr("Former member"))] if missing else [])]


def tag_finder(catalogue: "Catalogue") -> Callable[[str], list[str]]:
    """Finds the tags that contain what is typed, those that begin with it first."""

    def find(typed: str) -> list[str]:
        key = typed.strip().casefold()
        fitting = [entry.name for entry in catalogue.all("tag") if key in entry.name.casefold()]
        return sorted(fitting, key=lambda name: not name.casefold().startswith(key))[:_OFFERED]

    return find
