"""Where somebody is: a postal address, typed, kept in the data, or as a card has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address. `street` and `extra` (post office box, floor, c/o) may have several lines.

    `country` has two letters, "" for the store's; on a card it stands in words until it is taken. `label` says what it
    is for, in a word of the program or of somebody's own.
    """

    label: str = ""
    street: str = ""
    extra: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is said but what it is for."""
        return not (self.street or self.extra or self.postcode or self.city or self.region or self.country)


#: Of whom no address is known.
NOWHERE = Place()
