"""What an import reports: counts, the rows it refused, what it has to ask, and how it read the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import Text
from app.core.money import Money

#: Told how much of how much is done; may raise Cancelled.
Progress = Callable[[int, int], None]
#: Asked again and again whether to stop.
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken. `row` is the number a spreadsheet shows; `column` the header, if it is one cell."""

    row: int
    column: str | None
    reason: Text

    def as_json(self) -> dict[str, Any]:
        """The refusal with its reason in the language in use."""
        return {"row": self.row, "column": self.column, "reason": str(self.reason)}


@dataclass(frozen=True)
class Question:
    """A column that can be read in two ways; nothing is imported until it is answered."""

    column: str
    what: Text

    def as_json(self) -> dict[str, Any]:
        """The question in the language in use."""
        return {"column": self.column, "what": str(self.what)}


@dataclass(frozen=True)
class Note:
    """Values of a column that were left out of rows that were taken: why, and of how many rows."""

    column: str
    what: Text
    count: int


@dataclass(frozen=True)
class Detected:
    """How the file was read. `columns` maps each header to its field, or to None where it is not imported.

    `probability`: "percent", or "share" where 0.5 is 50 %; None for a file without probabilities.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_format: str | None = None
    probability: str | None = None
    header_row: int | None = None
    columns: dict[str, str | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What has its place in the answer, under the names of its fields."""
        return {name: value for name, value in vars(self).items() if name != "probability"}


@dataclass(frozen=True)
class Sample:
    """A new lead as its row was read. `row` is the number a spreadsheet shows."""

    row: int
    title: str
    status: str
    stage: str | None
    company: str | None
    responsible: str | None
    amount: Money


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or in a dry run would do. Nothing was imported while there are `questions`.

    Of the new leads `states` counts those in each state, and `samples` are the first. `names` has what was made along
    with them: stages, companies, persons, members, sources, reasons and tags that nobody knew before.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    detected: Detected = field(default_factory=Detected)
    import_id: int | None = None
    states: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    notes: tuple[Note, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result in the stable shape that the command line prints."""
        return {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "refused": [refusal.as_json() for refusal in self.refused],
            "questions": [question.as_json() for question in self.questions],
            "detected": self.detected.as_json(),
            "import_id": self.import_id,
        }
