"""Companies and people from vCard files, and to one."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from app.cli.desk import Desk
from app.cli.numbers import print_json
from app.cli.tables import pairs, table
from app.core.errors import NotFound
from app.core.i18n import Text, ntr, tr

if TYPE_CHECKING:
    from app.services.contact_files.importing import CardResult
    from app.services.contact_files.plan import CardFiles, CardPlan, Planned

Options = argparse.Namespace


def cards(options: Options, desk: Desk) -> int:
    """Import or export, as was asked."""
    return _import(options, desk) if options.way == "import" else _export(options, desk)


def _import(options: Options, desk: Desk) -> int:
    """Read the contacts of files. Exit code 1 if no card at all could be taken."""
    from app.services.contact_files.plan import read_files

    plan, result = _taken(read_files(options.files), desk, dry=options.dry_run)  # wrong files make no store
    if options.json:
        print_json(_answer(plan, result))
    else:
        _tell(plan, result, desk, dry=options.dry_run)
    if not plan.cards:
        print(tr("No contact could be read, so nothing was imported."), file=sys.stderr)
    return 0 if plan.cards else 1


def _taken(read: "CardFiles", desk: Desk, *, dry: bool) -> "tuple[CardPlan, CardResult]":
    from app.services.backup import Backups, Reason
    from app.services.contact_files.importing import expected, import_cards
    from app.services.contact_files.plan import plan_read

    with desk.reading() if dry or not read.cards else desk.writing() as store:
        if (name := desk.newcomer(store)) is not None:
            raise NotFound(Text("There is nobody called “{name}”.", name=name))
        plan = plan_read(store, read)
        if dry or not plan.cards:
            return plan, expected(plan)
        backups = Backups(store, desk.backup_folder)
        return plan, import_cards(store, plan, before=lambda: backups.make_if_changed(Reason.IMPORT))


def _tell(plan: "CardPlan", result: "CardResult", desk: Desk, *, dry: bool) -> None:
    number = desk.formats.number
    print(tr("What would be imported:") if dry else tr("Imported:"))
    counts = [
        (tr("new companies"), result.companies + len(result.employers)), (tr("new people"), result.people),
        (tr("filled in"), result.filled), (tr("as they were"), result.unchanged + result.skipped),
        (tr("refused"), sum(each.whole for each in plan.refused)),
    ]  # fmt: skip
    print(pairs([(f"  {name}", number(count)) for name, count in counts]))
    likely = [
        each for each in plan.cards if each.match is not None and each.match.id is not None and not each.match.sure
    ]
    if likely:
        rows = [(each.draft.name, each.match.name, ", ".join(map(str, each.match.reasons)))
                for each in likely if each.match is not None]  # fmt: skip
        print()
        print(tr("New, but perhaps there already:"))
        print(table((tr("Contact"), tr("There already"), tr("Reason")), rows, longest=60))
    if plan.refused:
        told = [(each.file, str(each.line or ""), str(each.why)) for each in plan.refused]
        print()
        print(tr("Not taken:"))
        print(table((tr("File"), tr("Line"), tr("Reason")), told, right=(1,), longest=100))


def _answer(plan: "CardPlan", result: "CardResult") -> dict[str, Any]:
    return {
        "companies": result.companies, "people": result.people, "filled": result.filled,
        "unchanged": result.unchanged, "skipped": result.skipped, "employers": list(result.employers),
        "cards": [_card(each) for each in plan.cards],
        "refused": [
            {"file": each.file, "line": each.line or None, "reason": str(each.why), "whole": each.whole}
            for each in plan.refused
        ],
    }  # fmt: skip


def _card(each: "Planned") -> dict[str, Any]:
    match = each.match
    like = None if match is None else {
        "id": match.id, "name": match.name, "score": round(match.score, 3),
        "reasons": [str(why) for why in match.reasons],
    }  # fmt: skip
    return {
        "file": each.file, "kind": each.draft.kind, "name": each.draft.name, "company": each.draft.employer or None,
        "action": str(each.proposed), "like": like, "left_out": [str(what) for what in each.draft.left],
    }  # fmt: skip


def _export(options: Options, desk: Desk) -> int:
    """Write all companies and people to a vCard file."""
    from app.services.cards.writing import Version
    from app.services.contact_files.exporting import export_cards

    with desk.reading() as store:
        done = export_cards(store, options.file, Version.V4 if options.version == "4" else Version.V3)
    written = ntr(
        "{n} contact written to {file}.", "{n} contacts written to {file}.", done.count, file=str(options.file)
    )
    print(written)
    if done.without_photo:
        print(
            tr("Some photos are damaged. Without their photo: {names}", names=", ".join(done.without_photo)),
            file=sys.stderr,
        )
    return 0
