"""Somebody who asks the services of a store everything."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import TrichterError
from app.models.schema import METADATA
from app.models.store import Store
from app.services.office import Office
from app.services.owners import Owner
from tests.services.sight.world import HIDDEN, OWN, World


@dataclass(frozen=True)
class Known:
    """What stands in a whole store, seen or not: the ids of all rows by table, words and names to look for, numbers of
    leads elsewhere, and how people are reached.
    """

    ids: dict[str, list[int]]
    words: list[str]
    names: list[str]
    numbers: list[str]
    points: list[tuple[str, str]]

    @classmethod
    def of(cls, store: Store) -> "Known":
        """Everything that is there."""
        with store.maintenance() as connection:
            run = connection.exec_driver_sql
            names = [*run("SELECT name FROM company").scalars(), *run("SELECT name FROM person").scalars()]
            numbers = list(run("SELECT external_number FROM lead WHERE external_number IS NOT NULL").scalars())
            points = [(row[0], row[1]) for row in run("SELECT kind, value FROM contact_point")]
        return cls(_ids_of(store), _words_of(store), names, numbers, points)


@dataclass
class Asker:
    """The services of a store, and what can be asked for."""

    store: Store
    world: World
    known: Known
    scratch: Path
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office.of(self.store, self.scratch / "backups", cache=self.scratch / "cache")

    @property
    def ids(self) -> dict[str, list[int]]:
        """By table the ids of all rows, also of what is not seen."""
        return self.known.ids

    @property
    def words(self) -> list[str]:
        """What to look for."""
        return self.known.words

    @property
    def owners(self) -> list[Owner]:
        """Every lead, company and person."""
        kinds = ("lead", "company", "person")
        return [Owner(kind, row_id) for kind in kinds for row_id in self.ids[kind]]  # type: ignore[arg-type]

    def each(self, ask: Callable[[Any], Any], about: Iterable[Any]) -> list[tuple[Any, Any]]:
        """What is answered about each of these; a refusal is an answer."""
        return [(one, self.once(lambda one=one: ask(one))) for one in about]  # type: ignore[misc]

    def once(self, ask: Callable[[], Any]) -> Any:
        """What is answered; a refusal is an answer."""
        try:
            return ask()
        except TrichterError as error:
            return (type(error).__name__, error.title, error.hint)

    def on_read(self, ask: Callable[[Any], Any]) -> Any:
        """What is answered on a connection that reads."""
        with self.store.read() as connection:
            return self.once(lambda: ask(connection))

    def file(self, name: str, write: Callable[[Path], Any]) -> Any:
        """What a file holds that is written, and what was answered."""
        target = self.scratch / name
        target.unlink(missing_ok=True)
        answer = self.once(lambda: write(target))
        return answer, target.read_bytes() if target.exists() else b""

    def csv(self, rows: Sequence[Sequence[str]]) -> Path:
        """A table as a file."""
        target = self.scratch / "table.csv"
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return target


def _ids_of(store: Store) -> dict[str, list[int]]:
    """The ids of all rows of all tables."""
    with store.maintenance() as connection:
        return {
            name: list(connection.exec_driver_sql(f"SELECT id FROM {name} ORDER BY id").scalars())
            for name, table in METADATA.tables.items()
            if "id" in table.c
        }


def _words_of(store: Store) -> list[str]:
    """Words to look for: whole ones that are there, some with a slip in them, beginnings, and both kinds together."""
    with store.maintenance() as connection:
        rows = connection.exec_driver_sql("SELECT folded FROM search_doc ORDER BY id").scalars().all()
    found = sorted({word for row in rows for word in row.split() if word.startswith((OWN, HIDDEN)) and word.isalpha()})
    some = found[:: max(1, len(found) // 40)]
    slips = [word[:4] + word[5:] for word in some] + [word[:-1] + "q" for word in some]
    pairs = [f"{one} {other}" for one, other in zip(some, reversed(some), strict=True)]
    return [*some, *slips, *pairs, *(word[:5] for word in some[::4]), OWN, HIDDEN, "q", "o", f"{OWN} -{HIDDEN}"]
