"""The commands: each opens the store, asks one service, and shows the answer.

Services are imported where they are used: a command that reads starts without what only writing needs.
"""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.tables import pairs, table
from app.core.errors import NotFound, StorageError
from app.core.i18n import Text, ntr, tr
from app.core.roles import EVERYTHING, Rights, Role

if TYPE_CHECKING:
    from app.services.importing.look import Look
    from app.services.importing.result import ImportResult

Options = argparse.Namespace


def backup(options: Options, desk: Desk) -> int:
    """Write a verified copy to a file."""
    from app.services.backup import Backups

    if not desk.exists(desk.folder):
        raise NotFound(Text("There are no data in “{path}” yet.", path=str(desk.folder)))
    with desk.reading() as store:
        written = Backups(store, desk.backup_folder).write(options.file)
    print(ntr("Backup with {n} lead: {file}", "Backup with {n} leads: {file}", written.leads, file=str(options.file)))
    return 0


def restore(options: Options, desk: Desk) -> int:
    """Put a backup in the place of the data."""
    from app.services.backup import restore as put_back

    desk.warn()
    done = put_back(desk.folder, options.file, desk.clock, _rights(desk))
    print(ntr("Restored: {n} lead.", "Restored: {n} leads.", done.leads))
    if done.kept is not None:
        print(tr("What stood there before is kept as {file}.", file=str(done.kept)))
    return 0


def _rights(desk: Desk) -> Rights:
    """What whoever goes back to a backup may do; all may where that is the way out."""
    if not desk.exists(desk.folder):
        return EVERYTHING
    try:
        with desk.reading() as store:
            return store.rights
    except StorageError:
        return EVERYTHING


def check(options: Options, desk: Desk) -> int:
    """Look at the store, or repair what can be computed anew; exit code 1 if anything is wrong after that."""
    from app.services import check as checking

    if options.repair:
        desk.warn()
    try:
        if options.repair and desk.team is not None:
            desk.renew()
        with desk.reading() as store:
            repairs = options.repair and desk.team is None
            result = checking.repair(store) if repairs else checking.check(store)
    except StorageError as error:  # that it cannot be looked at is an answer, too
        if options.json:
            print_json({"ok": False, "problems": [{"kind": "file", "what": str(error), "repairable": False}]})
        raise
    if options.json:
        problems = [{**asdict(problem), "what": str(problem.what)} for problem in result.problems]
        print_json({"ok": result.ok, "problems": problems})
    elif result.ok:
        print(tr("All data are in order."))
    else:
        for problem in result.problems:
            print(problem.what, tr("(--repair sets it right)") if problem.repairable else "")
    return 0 if result.ok else 1


def import_file(options: Options, desk: Desk) -> int:
    """Read leads from a file. Exit code 1 if a question is open, or if no row at all could be taken."""
    from app.services.importing.look import look_at

    # looked at before a store is opened: a wrong file makes none
    values = {(column, word): value for column, word, value in options.value}
    found = look_at(options.file, dict(options.map), values, date_order=options.date_order)
    result = found.asked or _taken(found, desk, dry=options.dry_run)
    if options.json:
        print_json(result.as_json())
        for line in _remarks(result, desk):  # the shape of the answer is fixed
            print(line, file=sys.stderr)
    else:
        _tell_import(result, desk, dry=options.dry_run)
    for question in result.questions:
        print(f"{question.column}: {question.what}", file=sys.stderr)
    nothing = result.refused and not result.created + result.updated + result.skipped
    if nothing:
        refused = ntr(
            "The only row was refused, so nothing was imported.", "All {n} rows were refused, so nothing was imported.",
            len(result.refused),
        )  # fmt: skip
        print(refused, file=sys.stderr)
    return 1 if result.questions or nothing else 0


def _taken(found: "Look", desk: Desk, *, dry: bool) -> "ImportResult":
    from app.services.backup import Backups, Reason
    from app.services.importing.run import Importer

    with desk.reading() if dry else desk.writing() as store:
        backups = Backups(store, desk.backup_folder)
        importer = Importer(store, lambda: backups.make_if_changed(Reason.IMPORT), newcomer=desk.newcomer(store))
        return importer.take(found, dry_run=dry)


def _tell_import(result: "ImportResult", desk: Desk, *, dry: bool) -> None:
    if result.questions:
        return
    number = desk.formats.number
    print(tr("What would be imported:") if dry else tr("Imported:"))
    counts = [(tr("new"), result.created), (tr("changed"), result.updated), (tr("as they were"), result.skipped),
              (tr("refused"), len(result.refused))]  # fmt: skip
    print(pairs([(f"  {name}", number(count)) for name, count in counts]))
    if result.refused:
        rows = [(str(item.row), item.column or "", str(item.reason)) for item in result.refused]
        print()
        print(table((tr("Row"), tr("Column"), tr("Reason")), rows, right=(0,), longest=100))
    if remarks := _remarks(result, desk):
        print()
        print(*remarks, sep="\n")
    unread = [column for column, field in result.detected.columns.items() if field is None]
    if unread:
        print()
        print(tr("Columns that were not read: {columns}", columns=", ".join(unread)))


def _remarks(result: "ImportResult", desk: Desk) -> list[str]:
    """What was left out of rows that were taken, and what was read in one of two ways: lines of text."""
    lines = []
    if result.notes:
        notes = [(desk.formats.number(note.count), note.column, str(note.what)) for note in result.notes]
        lines.append(tr("Values that were left out:"))
        lines.append(table((tr("Rows"), tr("Column"), tr("Reason")), notes, right=(0,), longest=100))
    if result.detected.probability == "share":
        lines.append(tr("Probabilities were read as shares of one: 0.5 is 50%."))
    return lines


def export(options: Options, desk: Desk) -> int:
    """Write all leads to a CSV file in our own format."""
    from app.services.exporting.csv_file import export_csv

    with desk.reading() as store:
        count = export_csv(store, options.file)
    print(ntr("{n} lead written to {file}.", "{n} leads written to {file}.", count, file=str(options.file)))
    return 0


def sheet(options: Options, desk: Desk) -> int:
    """Write the hand-over sheet of a lead as a PDF."""
    from app.services.exporting.sheet import write_sheet

    with desk.reading() as store:
        try:
            write_sheet(store, options.id, options.file, desk.formats)
        except NotFound as error:  # a number that was typed need never have been one
            raise NotFound(
                Text("There is no lead with the number {id}.", id=str(options.id)),
                Text("list --json shows the numbers of the leads; one in the trash has to be restored before."),
            ) from error
    print(tr("The hand-over sheet is in {file}.", file=str(options.file)))
    return 0


def demo(options: Options, desk: Desk) -> int:
    """Fill an empty store with invented leads."""
    from app.services.demo import fill
    from app.services.setup import add_member

    with desk.writing() as store:
        fill(store)
        if (name := desk.newcomer(store)) is not None:
            add_member(store, name, Role.OWNER)  # all of the demo is theirs to try
    print(tr("The demo data are in {folder}.", folder=str(desk.folder)))
    return 0
