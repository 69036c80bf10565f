"""The import as one verb: look, ask or refuse, and write all of it as one step, or nothing."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.core.collector import collector_paused
from app.core.errors import Cancelled as WasCancelled
from app.core.i18n import Plural, Text
from app.core.money import Money
from app.core.roles import Act
from app.core.terms import Entity, Status
from app.models.failures import translated
from app.models.guard import rights_in
from app.services.catalogue import named
from app.services.importing import stages as stage_words
from app.services.importing.catalogue import Names
from app.services.importing.cells import Setting
from app.services.importing.keys import Keys, Uids
from app.services.importing.leftover import Leftover
from app.services.importing.look import SHARE, STEPS, Look, go_on, look_at, nothing_to_tell
from app.services.importing.matching import Change, Matcher, check_entry, check_recommender
from app.services.importing.plan import Draft, Planner, Refused
from app.services.importing.result import Cancelled, ImportResult, Progress, Refusal, Sample
from app.services.importing.stages import StageFact
from app.services.importing.table import Table
from app.services.importing.writing import Writer
from app.services.own_fields import OwnFields

if TYPE_CHECKING:
    from app.models.store import Store

#: So many of the new leads are shown as they were read.
_SAMPLES = 5


class Importer:
    """Reads leads from files into a store."""

    def __init__(
        self, store: "Store", before: Callable[[], object] | None = None, *, newcomer: str | None = None
    ) -> None:
        """`before` is called once before anything is written: the backup.

        `newcomer` is the name of a member whose step it is, and who is made with it.
        """
        self._store = store
        self._before = before
        self._newcomer = newcomer

    def run(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        values: Mapping[tuple[str, str], str] | None = None,
        *,
        date_order: str | None = None,
        dry_run: bool = False,
        progress: Progress = nothing_to_tell,
        cancelled: Cancelled = go_on,
        table: Table | None = None,
    ) -> ImportResult:
        """Import a file; what it did, or in a dry run would do.

        `mapping`: column to field. `values`: (column, word) to the word in its place. `date_order`: dmy, mdy or ymd.
        A `table` that is there already is read instead of the file, of which only the name is used.
        With questions in the result nothing was written. Raises InvalidInput for a file that is no list of leads,
        Cancelled when `cancelled` says so, NotAllowed, StorageError; the store is then as it was.
        """
        self._store.rights.demand(Act.IMPORT)
        own = OwnFields(self._store).of(Entity.LEAD)
        found = look_at(path, mapping, values, date_order=date_order, progress=progress, cancelled=cancelled,
                        table=table, own=own)  # fmt: skip
        return self.take(found, dry_run=dry_run, progress=progress, cancelled=cancelled)

    def take(
        self,
        found: Look,
        *,
        dry_run: bool = False,
        progress: Progress = nothing_to_tell,
        cancelled: Cancelled = go_on,
    ) -> ImportResult:
        """Import a file that was looked at; the result and what is raised are those of `run`."""
        self._store.rights.demand(Act.IMPORT)
        if found.asked is not None:
            return found.asked
        if not found.layout.own_fields:  # it was looked at before there was a store
            found = replace(found, layout=found.layout.with_own(OwnFields(self._store).of(Entity.LEAD)))
        work = _Work(self._store, found, progress, cancelled)
        with translated(), collector_paused():
            if not dry_run:
                return self._write(work, found.path)
            with self._store.read() as connection:
                work.go(connection, None)
            return work.result()

    def _write(self, work: "_Work", path: Path) -> ImportResult:
        if self._before is not None:
            self._before()
        name = path.name.encode(errors="replace").decode()  # on Linux a name may be any bytes
        label = Text("Import of {file}", file=name)
        try:
            with self._store.write(label, everything=True) as session:
                rights_in(session).demand(Act.IMPORT)  # nothing measures what is written past the session
                member = named(session, "member", self._newcomer, self._store.clock.now())
                session.info["import_run_id"] = work.go(session.connection(), name)
                if not work.created + work.updated:
                    raise _NothingNew
                if member is not None:
                    self._store.actor_id = member.id
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

    def __init__(self, store: "Store", found: Look, progress: Progress, cancelled: Cancelled) -> None:
        self._store = store
        self._found = found
        self._progress = progress
        self._cancelled = cancelled
        self.created = self.updated = self.skipped = 0
        self.refused: list[Refusal] = []
        self._leftover = Leftover()
        self.run_id: int | None = None
        self._states: Counter[str] = Counter()
        self._names: Names | None = None
        self._samples: list[Sample] = []
        self._stages: tuple[StageFact, ...] = ()
        #: Fresh stages that no row has named yet of those that were taken.
        self._idle: set[int] = set()

    def go(self, connection: Connection, file_name: str | None) -> int | None:
        """Go over all rows; write them if there is a `file_name`. Returns the id of the import run."""
        now = self._store.clock.now()
        keys, uids = Keys(connection), Uids(now)
        layout, reading = self._found.layout, self._found.reading
        present = stage_words.read(connection)
        stages = stage_words.resolve(present, reading.stages, keys.peek("stage"))
        setting = Setting(
            stages.meanings, stages.first, self._store.facts.base_currency, self._store.zone, self._store.today()
        )
        planner = Planner(layout, reading, setting, self._found.translate)
        known = {stage.id: stage for stage in (*present, *stages.fresh)}
        matcher = Matcher(connection, known, setting.today, twice=layout.exported, own=layout.own_fields)
        names = self._names = Names(connection, keys, uids, now)
        writer = Writer(connection, self._store, keys, uids, stages.first) if file_name else None
        if writer is not None and file_name is not None:
            self.run_id = writer.begin(file_name)
            writer.stages(stages)
        self._stages = stages.fresh
        self._idle = {stage.id for stage in stages.fresh} - {stages.first.id}
        for batch in self._found.table.batches():
            if self._cancelled():
                raise WasCancelled(Text("The import was cancelled."), Text("Nothing was changed."))
            drafts, refused = planner.drafts(batch)
            self.refused += refused
            self._batch(drafts, matcher, names, writer)
            self._progress(int((SHARE + batch.done * (1 - SHARE)) * STEPS), STEPS)
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
                lead = matcher.match(draft, existing)
                if lead is None:
                    if draft.status == Status.ACTIVE and draft.place is not None:
                        check_entry(draft, draft.place, {})
                    check_recommender(draft, {})
                    names.fill(draft)
                    fresh.append(draft)
                    self._leftover.look(draft, draft.status)
                else:
                    change = matcher.change(draft, lead, names.fill)
                    if change.nothing:
                        self.skipped += 1
                    else:
                        changes.append(change)
                    self._leftover.look(draft, change.status)
                matcher.took(draft)
                if self._idle and (stage := draft.given.get("stage")).__class__ is StageFact:
                    self._idle.discard(stage.id)
            except Refused as refusal:
                header = self._found.layout.header_of(refusal.field) if refusal.field else None
                self.refused.append(Refusal(draft.row, header, refusal.reason))
        self.created += len(fresh)
        self._states.update(draft.status for draft in fresh)
        self._samples += [_sample(draft) for draft in fresh[: _SAMPLES - len(self._samples)]]
        self.updated += len(changes)
        if writer is not None:
            writer.names(names)
            writer.create(fresh)
            writer.change(changes)

    def result(self) -> ImportResult:
        """What was counted and refused, and how the file was read."""
        names = {kind: tuple(made) for kind, made in self._names.made.items()} if self._names else {}
        if stages := tuple(stage.name for stage in self._stages if stage.id not in self._idle):
            names["stage"] = stages
        return ImportResult(
            self.created, self.updated, self.skipped, tuple(self.refused), (), self._found.detected, self.run_id,
            dict(self._states), names, tuple(self._samples),
            self._leftover.notes(self._found.layout),
        )  # fmt: skip


def _sample(draft: Draft) -> Sample:
    amount = Money(draft.amount_minor, draft.currency)
    return Sample(draft.row, draft.title, draft.status, draft.stage, draft.company, draft.member, amount)
