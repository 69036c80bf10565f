"""What a vCard says, in one shape whichever version and program it came from."""

from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from app.core.i18n import Text
from app.core.place import Place

#: The month of 29 February has it where the year is not known.
_LEAP_YEAR = 2000


class Label(StrEnum):
    """What a number, mail, web or postal address is for. A label of the user's own is any other text."""

    WORK = "work"
    HOME = "home"
    CELL = "cell"
    WORK_CELL = "work cell"
    FAX = "fax"
    WORK_FAX = "work fax"
    HOME_FAX = "home fax"
    PAGER = "pager"
    MAIN = "main"
    OTHER = "other"


class Salutation(StrEnum):
    """How a person is addressed, where the card says so."""

    NONE = ""
    MR = "mr"
    MS = "ms"


@dataclass(frozen=True, slots=True)
class Point:
    """A telephone number, mail or web address; `label` is a `Label` or free text."""

    label: str
    value: str
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year, and the year if it is known. Raises ValueError for a day that does not exist."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        year = _LEAP_YEAR if self.year is None else self.year
        if not (1 <= year <= 9999 and 1 <= self.month <= 12 and 1 <= self.day <= monthrange(year, self.month)[1]):
            raise ValueError("no such day")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is in its file; `mime` is told by its first bytes, not by the card."""

    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Card:
    """A person or, with `is_company`, a company. `name` is as it is shown.

    `unread` has the names of properties that were not taken, each once: unknown ones, such as are there a second time,
    and those with a value that makes no sense.
    """

    name: str
    given: str = ""
    family: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    salutation: Salutation = Salutation.NONE
    organisation: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    phones: tuple[Point, ...] = ()
    mails: tuple[Point, ...] = ()
    webs: tuple[Point, ...] = ()
    addresses: tuple[Place, ...] = ()
    birthday: Birthday | None = None
    note: str = ""
    categories: tuple[str, ...] = ()
    photo: Photo | None = None
    uid: str = ""
    is_company: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken, from the line of the file it begins on. Without `whole` it is a part: the card was taken."""

    line: int
    why: Text
    whole: bool = True


@dataclass(frozen=True, slots=True)
class CardFile:
    """What a file of cards holds, in its order."""

    cards: tuple[Card, ...]
    refused: tuple[Refusal, ...]
