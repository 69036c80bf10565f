"""Whether the store is what it should be: the file itself, its references, and everything that follows from the rest.

What can be computed anew is repaired on request; damage to the file is only told, with the way to a backup.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text

from app.core.errors import Damaged, DiskFull, ReadOnly
from app.core.i18n import Plural, Text
from app.models import derived, documents, name_keys, rules, snapshot
from app.models.engine import interruptible
from app.models.failures import translated
from app.models.history_terms import DONE_BY_HAND, STANDS
from app.models.many import with_ids
from app.services import contents

if TYPE_CHECKING:
    from app.models.store import Store

Tell = Callable[[int, int], object]
Kind = Literal["file", "reference", "rule", "derived", "search", "stage_entry", "snapshot", "sequence", "content"]

#: How many leads that contradict themselves are named one by one.
_TOLD = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it should be, in words; `repairable` if `repair` can set it right."""

    kind: Kind
    what: Text
    repairable: bool = False


@dataclass(frozen=True)
class CheckResult:
    """What `check` found."""

    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def check(store: "Store", tell: Tell = lambda done, total: None) -> CheckResult:
    """Look at all of the store; writes nothing, and keeps nobody waiting who writes.

    `tell(done, total)` is called for every part and often within one; raising Cancelled it ends the look at once.
    Raises StorageError if it cannot be read at all.
    """
    named = _TOLD if store.rights.sees_all else 0  # what a lead or file is called is not everybody's business
    looks: tuple[Callable[[Connection], list[Problem]], ...] = (
        _references, partial(_rules, named), _derived(store), _touches, _names, _documents, _stage_entries, _snapshots,
        _sequences, partial(_contents, named),
    )  # fmt: skip
    total = len(looks) + 2
    broken = _broken_file(store, lambda: tell(0, total))
    if broken:
        return CheckResult(tuple(broken))  # anything said about the contents of a damaged file is guesswork
    problems: list[Problem] = []
    with store.survey() as connection:
        for done, look in enumerate(looks, 1):
            tell(done, total)
            with interruptible(connection, partial(tell, done, total)):
                problems += look(connection)
    # The full-text index is compared by a statement that counts as writing. It follows from the texts, so where nothing
    # can be written all that can be lost has been looked at.
    with (
        suppress(ReadOnly, DiskFull),
        store.maintenance(here=True) as connection,
        interruptible(connection, lambda: tell(total - 1, total)),
    ):
        problems += _index(connection)
    return CheckResult(tuple(problems))


def repair(store: "Store") -> CheckResult:
    """Compute anew what follows from the rest, then check again; returns what is left."""
    if not _broken_file(store):
        with store.maintenance(here=store.shared) as connection:
            _repair_derived(connection, store)
            _repair_search(connection)
            _repair_sequences(connection)
            if not store.shared:  # else that is the server's, and it comes from there
                connection.execute(text(f"DELETE FROM lead_snapshot WHERE {_OF_NO_SNAPSHOT}"))
                contents.remove_within(connection)
    return check(store)


def _broken_file(store: "Store", asked: Callable[[], object] = lambda: None) -> list[Problem]:
    found = _file_problems(store, asked)
    if found:
        store.drop_connections()  # under I/O errors a living connection claims damage that is not there
        found = _file_problems(store, asked)
    return [Problem("file", Text("The data file is damaged: {detail}", detail=detail)) for detail in found]


def _file_problems(store: "Store", asked: Callable[[], object]) -> list[str]:
    try:
        with store.survey() as connection, interruptible(connection, asked):
            return snapshot.file_problems(connection.connection.driver_connection)
    except Damaged as error:
        return [str(error.title)]


def _references(connection: Connection) -> list[Problem]:
    rows = connection.execute(text("PRAGMA foreign_key_check")).all()
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        counted[(row[0], row[2])] = counted.get((row[0], row[2]), 0) + 1
    return [
        Problem(
            "reference",
            Plural(
                "{n} row of “{table}” refers to something in “{parent}” that is not there.",
                "{n} rows of “{table}” refer to something in “{parent}” that is not there.",
                n=number,
                table=table,
                parent=parent,
            ),
        )
        for (table, parent), number in counted.items()
    ]


def _rules(named: int, connection: Connection) -> list[Problem]:
    faults = list(rules.faults_of_leads(connection, None))
    lost = len(rules.lost_leads(connection))
    told = [Problem("rule", fault) for fault in faults[:named]]
    if (rest := len(faults) - len(told)) and told:
        more = Plural("{n} more lead contradicts itself.", "{n} more leads contradict themselves.", n=rest)
        told.append(Problem("rule", more))
    elif rest:
        told.append(Problem("rule", Plural("{n} lead contradicts itself.", "{n} leads contradict themselves.", n=rest)))
    if lost:
        what = Plural("{n} active lead is in a deleted stage.", "{n} active leads are in a deleted stage.", n=lost)
        told.append(Problem("rule", what))
    return told


def _derived(store: "Store") -> Callable[[Connection], list[Problem]]:
    def look(connection: Connection) -> list[Problem]:
        wrong = derived.differing(connection, store.today())
        what = Plural(
            "{n} lead has computed values (sums, next step, search text) that do not fit it.",
            "{n} leads have computed values (sums, next step, search text) that do not fit them.",
            n=len(wrong),
        )
        return [Problem("derived", what, repairable=True)] if wrong else []

    return look


def _touches(connection: Connection) -> list[Problem]:
    wrong = connection.execute(text(_WRONG_TOUCH)).scalar_one()
    what = Plural(
        "{n} lead has a last touch that its history does not know.",
        "{n} leads have a last touch that their history does not know.",
        n=wrong,
    )
    return [Problem("derived", what, repairable=True)] if wrong else []


def _names(connection: Connection) -> list[Problem]:
    wrong = name_keys.differing(connection)
    what = Plural(
        "{n} company or contact is not sorted by its name.", "{n} companies or contacts are not sorted by their names.",
        n=wrong,
    )  # fmt: skip
    return [Problem("derived", what, repairable=True)] if wrong else []


def _documents(connection: Connection) -> list[Problem]:
    orphans = connection.execute(text(_ORPHAN_DOCS)).scalar_one()
    what = Plural("{n} search text belongs to no lead.", "{n} search texts belong to no lead.", n=orphans)
    found = [Problem("search", what, repairable=True)] if orphans else []
    wrong = documents.differing(connection)
    what = Plural(
        "{n} search text of a company, contact, note or file is not what it should be.",
        "{n} search texts of companies, contacts, notes or files are not what they should be.",
        n=wrong,
    )
    return [*found, Problem("search", what, repairable=True)] if wrong else found


def _index(connection: Connection) -> list[Problem]:
    if _index_fits(connection):
        return []
    return [Problem("search", Text("The full-text index does not fit the search texts."), repairable=True)]


def _index_fits(connection: Connection) -> bool:
    """FTS5 compares its index with the texts it lies over when it is asked with rank 1; a difference is an error."""
    try:
        with translated(), connection.begin_nested():
            connection.execute(text("INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)"))
    except Damaged:
        return False
    return True


def _stage_entries(connection: Connection) -> list[Problem]:
    missing = connection.execute(text(_NEVER_ENTERED)).scalar_one()
    what = Plural(
        "{n} active lead is in a stage it never entered.", "{n} active leads are in a stage they never entered.",
        n=missing,
    )  # fmt: skip
    return [Problem("stage_entry", what)] if missing else []


def _snapshots(connection: Connection) -> list[Problem]:
    orphans = connection.execute(text(f"SELECT count(*) FROM lead_snapshot WHERE {_OF_NO_SNAPSHOT}")).scalar_one()
    what = Plural(
        "{n} state of a lead belongs to no weekly snapshot.", "{n} states of leads belong to no weekly snapshot.",
        n=orphans,
    )  # fmt: skip
    return [Problem("snapshot", what, repairable=True)] if orphans else []


def _sequences(connection: Connection) -> list[Problem]:
    wrong = _wrong_sequences(connection)
    return [
        Problem("sequence", Text("New rows of “{table}” could get a number that was used.", table=table), True)
        for table in wrong
    ]


def _contents(named: int, connection: Connection) -> list[Problem]:
    found: list[Problem] = []
    if damaged := contents.damaged(connection):
        names = connection.execute(with_ids(_FILES_OF), {"ids": damaged}).scalars().all()
        found += [Problem("content", Text("The file “{name}” is damaged.", name=name)) for name in names[:named]]
        unnamed = len(damaged) if not names else len(names) - named
        if unnamed > 0:
            what = Plural("The bytes of {n} file are damaged.", "The bytes of {n} files are damaged.", n=unnamed)
            found.append(Problem("content", what))
    unused = len(contents.unused(connection))
    what = Plural("The bytes of {n} file belong to nothing.", "The bytes of {n} files belong to nothing.", n=unused)
    return [*found, Problem("content", what, repairable=True)] if unused else found


def _wrong_sequences(connection: Connection) -> dict[str, int]:
    """Tables with a key beyond their counter, and the highest key; also those whose counter is gone."""
    tables = connection.execute(text(_COUNTED)).scalars().all()
    counters = {row[0]: row[1] for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    highest = {table: connection.execute(text(f'SELECT max(id) FROM "{table}"')).scalar() for table in tables}
    return {table: key for table, key in highest.items() if key is not None and counters.get(table, 0) < key}


def _repair_derived(connection: Connection, store: "Store") -> None:
    derived.refresh(connection, derived.differing(connection, store.today()), store.today())
    connection.execute(text(_SET_TOUCH))
    name_keys.refresh_all(connection)


def _repair_search(connection: Connection) -> None:
    if not _index_fits(connection):
        connection.execute(text("INSERT INTO search_fts (search_fts) VALUES ('rebuild')"))
    connection.execute(text(_REMOVE_ORPHAN_DOCS))
    documents.refresh_all(connection)


def _repair_sequences(connection: Connection) -> None:
    for table, key in _wrong_sequences(connection).items():
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :key)"), {"table": table, "key": key}
        )


# A step that was undone, and not brought again since, is no touch; neither is an import or a merge.
_TOUCHES = f"""
SELECT c.lead_id, max(s.on_day) AS on_day FROM change c JOIN change_set s ON s.id = c.change_set_id
WHERE c.lead_id IS NOT NULL AND {DONE_BY_HAND}
AND {STANDS}
GROUP BY c.lead_id
"""
_WRONG_TOUCH = f"""
SELECT count(*) FROM lead LEFT JOIN ({_TOUCHES}) touch ON touch.lead_id = lead.id
WHERE lead.last_touch_on IS NOT touch.on_day
"""
_SET_TOUCH = f"""
WITH touch AS ({_TOUCHES})
UPDATE lead SET last_touch_on = (SELECT on_day FROM touch WHERE touch.lead_id = lead.id)
WHERE last_touch_on IS NOT (SELECT on_day FROM touch WHERE touch.lead_id = lead.id)
"""
_OF_NO_LEAD = "entity = 'lead' AND row_id NOT IN (SELECT id FROM lead WHERE deleted_at IS NULL)"
_ORPHAN_DOCS = f"SELECT count(*) FROM search_doc WHERE {_OF_NO_LEAD}"
_REMOVE_ORPHAN_DOCS = f"DELETE FROM search_doc WHERE {_OF_NO_LEAD}"
_OF_NO_SNAPSHOT = "taken_on NOT IN (SELECT taken_on FROM snapshot)"
_NEVER_ENTERED = """
SELECT count(*) FROM lead WHERE status = 'active' AND deleted_at IS NULL
AND NOT EXISTS (SELECT 1 FROM stage_entry e WHERE e.lead_id = lead.id AND e.stage_id = lead.stage_id)
"""
_FILES_OF = """
SELECT name FROM attachment WHERE content_id IN :ids UNION ALL SELECT subject FROM mail WHERE content_id IN :ids
UNION ALL SELECT name FROM person WHERE photo_id IN :ids UNION ALL SELECT name FROM member WHERE photo_id IN :ids
"""
_COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
