"""The import as one verb: look, ask or refuse, and write all of it as one step, or nothing."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.core.errors import Cancelled as WasCancelled
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.core.terms import Status
from app.models.failures import translated
from app.services.importing import stages as stage_words
from app.services.importing.catalogue import Names
from app.services.importing.cells import Setting
from app.services.importing.headers import Layout, find_layout, known_headers
from app.services.importing.keys import Keys, Uids
from app.services.importing.matching import Change, Matcher, check_entry
from app.services.importing.plan import Draft, Planner, Refused
from app.services.importing.reading import open_table
from app.services.importing.result import Cancelled, Detected, ImportResult, Progress, Refusal
from app.services.importing.scan import Reading, Scan, unchanged
from app.services.importing.stages import StageFact
from app.services.importing.table import Table
from app.services.importing.writing import Writer

if TYPE_CHECKING:
    from app.models.store import Store

#: Steps in which progress is told, and the share of the first look at the file.
_STEPS = 1000
_LOOK = 0.15


def _nothing_to_tell(_done: int, _total: int) -> None:
    return None


def _go_on() -> bool:
    return False


class Importer:
    """Reads leads from files into a store."""

    def __init__(self, store: "Store", before: Callable[[], object] | None = None) -> None:
        """`before` is called once before anything is written: the backup."""
        self._store = store
        self._before = before

    def run(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        values: Mapping[tuple[str, str], str] | None = None,
        *,
        date_order: str | None = None,
        dry_run: bool = False,
        progress: Progress = _nothing_to_tell,
        cancelled: Cancelled = _go_on,
    ) -> ImportResult:
        """Import a file; what it did, or in a dry run would do.

        `mapping`: column to field. `values`: (column, word) to the word in its place. `date_order`: dmy, mdy or ymd.
        With questions in the result nothing was written. Raises InvalidInput for a file that is no list of leads,
        Cancelled when `cancelled` says so, StorageError; the store is then as it was.
        """
        with translated(), _collector_paused():
            table = _opened(path, cancelled)
            layout = find_layout(table.head(), mapping or {})
            translate = _translation(layout, values or {})
            scan = Scan(layout, translate, date_order)
            scan.run(table, lambda done: progress(int(done * _LOOK * _STEPS), _STEPS), cancelled)
            reading = scan.reading(self._store.today())
            work = _Work(self._store, table, layout, reading, translate, progress, cancelled)
            if reading.questions:
                return work.result()
            if dry_run:
                with self._store.read() as connection:
                    work.go(connection, None)
                return work.result()
            return self._write(work, path)

    def _write(self, work: "_Work", path: Path) -> ImportResult:
        if self._before is not None:
            self._before()
        name = path.name.encode(errors="replace").decode()  # on Linux a name may be any bytes
        label = Text("Import of {file}", file=name)
        try:
            with self._store.write(label, everything=True) as session:
                connection = session.connection()
                session.info["import_run_id"] = work.go(connection, name)
                if not work.created + work.updated:
                    raise _NothingNew
                session.info["label"] = Plural(
                    "{n} lead imported from {file}", "{n} leads imported from {file}",
                    n=work.created + work.updated, file=name,
                )  # fmt: skip
        except _NothingNew:
            work.run_id = None
        return work.result()


class _NothingNew(Exception):
    """The file brought nothing, so there is no step."""


class _Work:
    """One pass over the rows of one file, with what it counts."""

    def __init__(
        self,
        store: "Store",
        table: Table,
        layout: Layout,
        reading: Reading,
        translate: Callable[[str, str], str],
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        self._store = store
        self._table = table
        self._layout = layout
        self._reading = reading
        self._translate = translate
        self._progress = progress
        self._cancelled = cancelled
        self.created = self.updated = self.skipped = 0
        self.refused: list[Refusal] = []
        self.run_id: int | None = None
        #: Fresh stages that no row has named yet of those that were taken.
        self._idle: set[int] = set()

    def go(self, connection: Connection, file_name: str | None) -> int | None:
        """Go over all rows; write them if there is a `file_name`. Returns the id of the import run."""
        now = self._store.clock.now()
        keys, uids = Keys(connection), Uids(now)
        present = stage_words.read(connection)
        stages = stage_words.resolve(present, self._reading.stages, keys.peek("stage"))
        setting = Setting(
            stages.meanings, stages.first, self._store.facts.base_currency, self._store.zone, self._store.today()
        )
        planner = Planner(self._layout, self._reading, setting, self._translate)
        known = {stage.id: stage for stage in (*present, *stages.fresh)}
        matcher = Matcher(connection, known, setting.today)
        names = Names(connection, keys, uids, now)
        writer = Writer(connection, self._store, keys, uids, stages.first) if file_name else None
        if writer is not None and file_name is not None:
            self.run_id = writer.begin(file_name)
            writer.stages(stages)
        self._idle = {stage.id for stage in stages.fresh} - {stages.first.id}
        for batch in self._table.batches():
            if self._cancelled():
                raise WasCancelled(Text("The import was cancelled."), Text("Nothing was changed."))
            drafts, refused = planner.drafts(batch)
            self.refused += refused
            self._batch(drafts, matcher, names, writer)
            self._progress(int((_LOOK + batch.done * (1 - _LOOK)) * _STEPS), _STEPS)
        if writer is not None:
            writer.forget_stages(self._idle)
            writer.finish(self.created, self.updated)
        self.refused.sort(key=lambda refusal: refusal.row)
        return self.run_id

    def _batch(self, drafts: list[Draft], matcher: Matcher, names: Names, writer: Writer | None) -> None:
        existing = matcher.existing(drafts)
        fresh: list[Draft] = []
        changes: list[Change] = []
        for draft in drafts:
            try:
                matcher.once(draft)
                lead = existing.get(draft.external_number or "")
                if lead is None:
                    if draft.status == Status.ACTIVE and draft.place is not None:
                        check_entry(draft, draft.place, {})
                    names.fill(draft)
                    fresh.append(draft)
                elif (change := matcher.change(draft, lead, names.fill)).nothing:
                    self.skipped += 1
                else:
                    changes.append(change)
                matcher.took(draft)
                if self._idle and (stage := draft.given.get("stage")).__class__ is StageFact:
                    self._idle.discard(stage.id)
            except Refused as refusal:
                header = self._layout.header_of(refusal.field) if refusal.field else None
                self.refused.append(Refusal(draft.row, header, refusal.reason))
        self.created += len(fresh)
        self.updated += len(changes)
        if writer is not None:
            writer.names(names)
            writer.create(fresh)
            writer.change(changes)

    def result(self) -> ImportResult:
        """What was counted, refused and found out."""
        table, reading, layout = self._table, self._reading, self._layout
        decimal = reading.decimal if reading.decimal in (".", ",") else None
        share = None if "probability" not in layout.fields else "share" if reading.fraction else "percent"
        detected = Detected(
            table.encoding, table.delimiter, decimal, reading.date_format, share, layout.row, layout.columns()
        )
        return ImportResult(
            self.created, self.updated, self.skipped, tuple(self.refused), reading.questions, detected, self.run_id
        )


def _opened(path: Path, cancelled: Cancelled) -> Table:
    if not path.exists():
        raise NotFound(Text("There is no file “{name}”.", name=path.name))
    return open_table(path, known_headers, cancelled)


def _translation(layout: Layout, values: Mapping[tuple[str, str], str]) -> Callable[[str, str], str]:
    """What stands in place of a cell, by field. Raises InvalidInput for a column the file does not have."""
    fields = {header: field for header, field in layout.columns().items() if field}
    table: dict[tuple[str, str], str] = {}
    for (column, word), value in values.items():
        field = next(
            (name for header, name in fields.items() if one_line(header).casefold() == one_line(column).casefold()),
            None,
        )
        if field is None:
            raise InvalidInput(
                Text("The file has no column “{column}” that is imported.", column=column), field="value"
            )
        table[(field, one_line(word).casefold())] = value
    if not table:
        return unchanged
    return lambda field, cell: table.get((field, one_line(cell).casefold()), cell)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hundreds of thousands of new tuples are no garbage; looking through them costs a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
