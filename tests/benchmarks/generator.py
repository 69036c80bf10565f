"""Stores of a given size, the same on every machine: R1k, R10k, R100k, R1M and their variants with all leads active.

Per 100 000 leads: 20 000 active, 70 000 closed, 10 000 ideas, 30 000 companies, 30 000 people, 400 000 rows of history;
12 members in all. Written past the store, which would take a minute, with derived columns by its own functions; a test
compares. A store is made once and kept in the system's folder for temporary files under a name that changes with the
generator and the schema. Who writes into one takes a copy.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.folding import sort_key
from app.core.terms import usual_category
from app.models import derived, documents, schema
from app.models.engine import connect, writing_engine
from app.models.name_keys import keys_of
from app.models.opening import create_store, open_store, store_file
from app.models.store import Store
from app.models.types import micros
from tests.benchmarks import vocabulary as words
from tests.benchmarks.leads import Made, Makings, leads

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}

STAGES = (("Erstkontakt", 2, 14), ("Vorstellung", 20, 21), ("Angebot", 60, 21), ("Verhandlungen", 120, 21),
          ("Mündliche Zusage", 180, 30))  # fmt: skip
#: Base EUR; SEK has no rate, so that some leads are in no sum.
RATES = (("CHF", date(2015, 1, 1), "0.93"), ("CHF", date(2026, 1, 1), "1.04"), ("USD", date(2015, 1, 1), "0.88"))
_BATCH = 5_000


@dataclass(frozen=True)
class Size:
    """How many leads, and whether all of them are active."""

    leads: int
    all_active: bool = False

    @property
    def name(self) -> str:
        """What the folder is called."""
        return f"{self.leads}{'-active' if self.all_active else ''}"


def prepared(size: Size) -> Path:
    """The data folder of a store of this size, made if need be. Nobody writes into it."""
    folder = _home() / size.name
    if not folder.exists():
        partial = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(partial, ignore_errors=True)
        generate(partial, size)
        partial.rename(folder)
    return folder


def opened(folder: Path) -> Store:
    """The store of a folder on the generator's day, used by the first member."""
    store = open_store(folder, origin="bench", clock=FixedClock.at(TODAY, ZONE))
    store.actor_id = 1
    return store


def _home() -> Path:
    digest = hashlib.sha256()
    here = Path(__file__).parent
    models = Path(schema.__file__).parent
    for source in (
        here / "generator.py", here / "leads.py", here / "vocabulary.py", models / "schema.py", models / "derived.py",
        *sorted((models / "migrations" / "versions").glob("*.py")),
    ):  # fmt: skip
        digest.update(source.read_bytes())
    home = Path(tempfile.gettempdir()) / f"trichter-bench-{digest.hexdigest()[:12]}"
    home.mkdir(exist_ok=True)
    return home


def generate(folder: Path, size: Size) -> None:
    """Write a store of this size into a new folder."""
    create_store(folder, origin="bench", clock=FixedClock.at(TODAY, ZONE)).close()
    connection = connect(store_file(folder))
    try:
        for setting in (
            "foreign_keys = OFF",
            "journal_mode = DELETE",
            "synchronous = OFF",
            "secure_delete = OFF",
            "cache_size = -1000000",
        ):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        _lists(connection)
        companies = _names(connection, "company", max(size.leads * 3 // 10, 1), _company)
        people = _names(connection, "person", max(size.leads * 3 // 10, 1), _person)
        makings = Makings(companies, people, _rates(), day_number(TODAY), size.all_active)
        _write(connection, leads(size.leads, makings))
        _reach(connection, len(companies), len(people))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    engine = writing_engine(store_file(folder))
    with engine.begin() as written:
        documents.refresh_all(written)
    engine.dispose()


def insert(connection: Any, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table, past everything."""
    names = tuple(columns)
    places = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)


def uid(kind: int, number: int) -> str:
    """A name for a row that is the same in every run."""
    return f"{kind:02x}{number:030x}"


def _lists(connection: Any) -> None:
    now = micros(FixedClock.at(TODAY, ZONE).now())
    members = enumerate(words.MEMBERS, 1)
    insert(connection, "member", ("id", "uid", "name", "initials", "sort_key", "created_at"),
           [(n, uid(1, n), name, initials, sort_key(name), now) for n, (name, initials) in members])  # fmt: skip
    of_stage = ("id", "uid", "name", "probability", "position", "idle_days", "required", "category")
    insert(connection, "stage", of_stage,
           [(n, uid(2, n), name, halves, n - 1, idle, "", usual_category(halves))
            for n, (name, halves, idle) in enumerate(STAGES, 1)])  # fmt: skip
    insert(connection, "source", ("id", "uid", "name", "position"),
           [(n, uid(3, n), name, n) for n, name in enumerate(words.SOURCES, 1)])  # fmt: skip
    insert(connection, "reason", ("id", "uid", "outcome", "name", "position"),
           [(n, uid(4, n), *reason, n) for n, reason in enumerate(words.REASONS, 1)])  # fmt: skip
    insert(connection, "tag", ("id", "uid", "name", "sort_key"),
           [(n, uid(5, n), name, sort_key(name)) for n, name in enumerate(words.TAGS, 1)])  # fmt: skip
    insert(connection, "rate", ("id", "uid", "currency", "valid_from", "rate"),
           [(n, uid(6, n), code, day_number(day), rate) for n, (code, day, rate) in enumerate(RATES, 1)])  # fmt: skip


def _rates() -> derived.Rates:
    dated: dict[str, tuple[list[int], list[Decimal]]] = {}
    for code, day, rate in RATES:
        days, values = dated.setdefault(code, ([], []))
        days.append(day_number(day))
        values.append(Decimal(rate))
    return derived.Rates("EUR", dated)


def _company(number: int) -> str:
    name = words.NAMES[number % len(words.NAMES)]
    trade = words.TRADES[number // 7 % len(words.TRADES)]
    return f"{name} {trade} {number} {words.FORMS[number % len(words.FORMS)]}"


def _person(number: int) -> str:
    return f"{words.FIRST[number % len(words.FIRST)]} {words.NAMES[number // 3 % len(words.NAMES)]}-{number}"


def _names(connection: Any, table: str, count: int, name: Any) -> list[str]:
    made = [name(number) for number in range(1, count + 1)]
    now = micros(FixedClock.at(TODAY, ZONE).now())
    kind = {"company": 7, "person": 8}[table]
    rows = ((n, uid(kind, n), name, *keys_of(table, name), now) for n, name in enumerate(made, 1))
    insert(connection, table, ("id", "uid", "name", "sort_key", "search_key", "created_at"), rows)
    return made


def _reach(connection: Any, companies: int, people: int) -> None:
    """Numbers, places and ways to reach them; everybody works for a company."""
    connection.execute("UPDATE company SET number = 'K-' || id, is_customer = id % 3 > 0, is_supplier = id % 7 = 0,"
                       " is_other = id % 11 = 0, user_id = 1 + id % 12")  # fmt: skip
    points, places = ("id", "uid", "company_id", "person_id", "kind", "label", "value", "key", "position"), words.TOWNS
    rows: list[tuple[Any, ...]] = []
    for owner, count in (("company", companies), ("person", people)):
        for n in range(1, count + 1):
            ids = (n, None) if owner == "company" else (None, n)
            phone, site = f"+49{221 if owner == 'company' else 171}{n:07d}", f"{owner}{n}.example"
            for kind, label, value, key in (
                ("phone", "work", phone, phone), ("mail", "work", f"post@{site}", f"post@{site}"),
                ("web", "work", f"https://www.{site}", site),
            ):  # fmt: skip
                number = len(rows) + 1
                rows.append((number, uid(31, number), *ids, kind, label, value, key, 0))
    insert(connection, "contact_point", points, rows)
    columns = ("id", "uid", "company_id", "label", "street", "extra", "postcode", "city", "region", "country",
               "sort_key", "position")  # fmt: skip
    towns = ((n, *places[n % len(places)]) for n in range(1, companies + 1))
    insert(connection, "address", columns,
           [(n, uid(32, n), n, "work", f"Hauptstraße {n % 200 + 1}", "", code, town, "", "DE", sort_key(town), 0)
            for n, code, town in towns])  # fmt: skip
    insert(connection, "company_person", ("id", "uid", "company_id", "person_id", "role", "position"),
           [(n, uid(33, n), (n - 1) % companies + 1, n, words.ROLES[n % len(words.ROLES)], 0)
            for n in range(1, people + 1)])  # fmt: skip


_LEAD = (
    "id", "uid", "title", "status", "stage_id", "company_id", "person_id", "user_id", "source_id", "reason_id",
    "amount_minor", "currency", "budget", "probability", "period_first", "period_last", "info", "external_number",
    "created_at", "activated_on", "closed_on", "remark", *derived.COLUMNS, "last_touch_on",
)  # fmt: skip
_HANGING = {
    "lead": _LEAD,
    "search_doc": ("id", "entity", "row_id", "lead_id", "folded"),
    "lead_tag": ("id", "uid", "lead_id", "tag_id"),
    "step": ("id", "uid", "lead_id", "user_id", "due_on", "local_time", "zone", "text", "done_at", "done_by"),
    "stage_entry": ("id", "uid", "lead_id", "stage_id", "entered_at", "entered_on", "probability"),
    "change_set": ("id", "uid", "at", "on_day", "actor_id", "origin", "label_msgid", "label_args", "kind"),
    "change": ("id", "change_set_id", "table_name", "row_id", "lead_id", "op", "before", "after"),
}  # fmt: skip


def _write(connection: Any, made: Iterable[Made]) -> None:
    """Batches, so that a million leads need no more memory than a thousand."""
    waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _HANGING}
    for number, one in enumerate(made, 1):
        for table, rows in one.items():
            waiting[table] += rows
        if number % _BATCH == 0:
            _flush(connection, waiting)
    _flush(connection, waiting)


def _flush(connection: Any, waiting: dict[str, list[tuple[Any, ...]]]) -> None:
    for table, rows in waiting.items():
        insert(connection, table, _HANGING[table], rows)
        rows.clear()
