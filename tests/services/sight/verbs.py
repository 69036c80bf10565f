"""The verbs, each tried with what is not seen: what they say of why not, and what they return, tells nothing of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from app.core.calendar import month_number
from app.core.money import Money
from app.core.roles import Role
from app.core.terms import Status
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put, Scale
from app.services.catalogue import Catalogue
from app.services.duplicates import Duplicates
from app.services.files import Upload
from app.services.history_log import HistoryLog, LogQuery
from app.services.history_steps import Steps
from app.services.lead_fields import NextStep
from app.services.mail_files import Letter
from app.services.mails.parse import parse
from app.services.merging import Merging
from app.services.notice_choice import NoticeChoices
from app.services.opened import OpenedFiles
from app.services.owners import Owner
from app.services.quick_add import QuickAdd
from app.services.team import Team
from app.services.trash import KINDS, Item, Trash
from app.services.trash_removal import TABLES
from tests.services.mail_samples import mail
from tests.services.sight.asker import Asker
from tests.services.sight.world import ABSENT, ANNA, BEN, HIDDEN, PNG
from tests.stores import TODAY

Verb = Callable[[Asker], Any]
_STEP = NextStep(TODAY + timedelta(days=2), "neu")
_EUR = Money(1, "EUR")


def _hidden(asker: Asker, kind: str) -> list[int]:
    """Ids of what Ben does not see, whatever he stands in for."""
    found: dict[str, list[int]] = getattr(asker.world, kind)
    return [row_id for mark in (HIDDEN, ABSENT) for row_id in found[mark][:4]]


def _on(kind: str, ask: Callable[[Asker, int], Any]) -> Verb:
    return lambda asker: asker.each(lambda row_id: ask(asker, row_id), _hidden(asker, kind))


def _rows(table: str, ask: Callable[[Asker, int], Any]) -> Verb:
    return lambda asker: asker.each(lambda row_id: ask(asker, row_id), asker.ids[table])


def _named(ask: Callable[[Asker, str], Any]) -> Verb:
    return lambda asker: asker.each(lambda name: ask(asker, name), asker.known.names[::4])


_LEADS: Mapping[str, Callable[[Any, int], Any]] = {
    "edit": lambda leads, i: leads.edit([i], title="x", company="Neu"),
    "edit_seen": lambda leads, i: leads.edit_seen(i, {"tags": ["x"]}, {"title": "x"}, 1),
    "activate": lambda leads, i: leads.activate([i], 1),
    "deactivate": lambda leads, i: leads.deactivate([i]),
    "move": lambda leads, i: leads.move([i], 3),
    "check_off": lambda leads, i: leads.check_off([i], 1),
    "set_next_step": lambda leads, i: leads.set_next_step([i], _STEP),
    "finish_step": lambda leads, i: leads.finish_step([i], _STEP),
    "clear_next_step": lambda leads, i: leads.clear_next_step([i]),
    "note": lambda leads, i: leads.note([i], "x"),
    "close": lambda leads, i: leads.close([i], Status.WON, reason="Zu teuer"),
    "reopen": lambda leads, i: leads.reopen([i]),
    "duplicate": lambda leads, i: leads.duplicate([i]),
    "assign": lambda leads, i: leads.assign([i], 2),
    "move_period": lambda leads, i: leads.move_period([i], month_number(TODAY)),
    "tag": lambda leads, i: leads.tag([i], add=["Stamm"]),
    "set_people": lambda leads, i: leads.set_people([i], []),
    "delete": lambda leads, i: leads.delete([i]),
    "restore": lambda leads, i: leads.restore([i]),
}


def _of_leads() -> dict[str, Verb]:
    return {
        f"leads.Leads.{name}": _on("leads", lambda a, i, ask=ask: ask(a.office.leads, i))  # type: ignore[misc]
        for name, ask in _LEADS.items()
    }


_RECORDS: Mapping[str, Callable[[Any, int], Any]] = {
    "archive": lambda verbs, i: verbs.archive([i]),
    "unarchive": lambda verbs, i: verbs.unarchive([i]),
    "tag": lambda verbs, i: verbs.tag([i], add=["Stamm"]),
    "assign": lambda verbs, i: verbs.assign([i], 2),
    "delete": lambda verbs, i: verbs.delete([i]),
    "restore": lambda verbs, i: verbs.restore([i]),
    "edit_seen": lambda verbs, i: verbs.edit_seen(i, {"tags": ["x"]}, {"info": "x"}, 1),
}


def _of_records() -> dict[str, Verb]:
    def tried(ask: Callable[[Any, int], Any]) -> Verb:
        return lambda a: [
            a.each(lambda i: ask(a.office.companies, i), _hidden(a, "companies")),
            a.each(lambda i: ask(a.office.people, i), _hidden(a, "people")),
        ]

    return {f"record_verbs.RecordVerbs.{name}": tried(ask) for name, ask in _RECORDS.items()}


#: Of a mail that Ben does not see, and gets once more.
IDENTITY = f"{HIDDEN}twice@{HIDDEN}twice.example"


def _mail(asker: Asker, owner: Owner) -> Any:
    """A mail that is here already, but not for everybody."""
    raw = mail("Neu", identity=IDENTITY, sender="x <x@y.example>", text="z", attached=[("a.txt", b"b")])
    return asker.once(lambda: asker.office.mail_files.place(Letter.of(raw, parse(BytesIO(raw))), owner))


def _mail_twice(asker: Asker) -> Any:
    asker.store.actor_id = ANNA
    hidden = mail(f"{HIDDEN}betreff", identity=IDENTITY, text=f"{HIDDEN}text", attached=[(f"{HIDDEN}.txt", b"b")])
    letter = Letter.of(hidden, parse(BytesIO(hidden)))
    asker.office.mail_files.place(letter, Owner("lead", _hidden(asker, "leads")[0]))
    asker.store.actor_id = BEN
    return [_mail(asker, Owner("lead", _hidden(asker, "leads")[0])), _mail(asker, _mine(asker))]


def _mine(asker: Asker) -> Owner:
    return Owner("lead", asker.world.leads["own"][0])


def _take_back(asker: Asker) -> Any:
    rows = HistoryLog(asker.store).rows(HistoryLog(asker.store).ids(LogQuery()))
    return asker.each(Steps(asker.store).take_back, rows)


def _again(asker: Asker) -> Any:
    """Back as far as it goes, and forth again."""
    history = asker.office.history
    back = [asker.once(lambda: history.undo()) for _ in range(30)]  # noqa: PLW0108 - asked anew each time
    return [back, [asker.once(lambda: history.redo()) for _ in range(30)]]  # noqa: PLW0108


VERBS: Mapping[str, Verb] = {
    **_of_leads(),
    **_of_records(),
    "leads.Leads.create": _on("companies", lambda a, i: a.office.leads.create(title="x", company=i, user_id=1)),
    "bulk_edit.BulkEdit.apply": _on(
        "leads", lambda a, i: LeadBulk(a.store).apply([i], BulkChange(stage_id=Put(2).value, amount=Scale(Decimal(5))))
    ),
    # nobody is named who is not seen: whoever works for a customer that is seen is seen, too
    "companies.Companies.create": lambda a: a.once(lambda: a.office.companies.create(name="x", user_id=ANNA)),
    "companies.Companies.edit": _on("companies", lambda a, i: a.office.companies.edit([i], info="x", people=[])),
    "companies.Companies.link": _on("companies", lambda a, i: a.office.companies.link([i], a.ids["person"][0])),
    "companies.Companies.unlink": _on("companies", lambda a, i: a.office.companies.unlink([i], a.ids["person"][0])),
    "companies.Companies.set_next_step": _on("companies", lambda a, i: a.office.companies.set_next_step([i], _STEP)),
    "companies.Companies.finish_step": _on("companies", lambda a, i: a.office.companies.finish_step([i])),
    "companies.Companies.clear_next_step": _on("companies", lambda a, i: a.office.companies.clear_next_step([i])),
    "people.People.create": _on(
        "companies", lambda a, i: a.office.people.create(given="x", family="y", companies=[(i, "z")])
    ),
    "people.People.edit": _on("people", lambda a, i: a.office.people.edit([i], info="x", companies=[])),
    "people.People.link": _on("people", lambda a, i: a.office.people.link([i], a.ids["company"][0])),
    "people.People.unlink": _on("people", lambda a, i: a.office.people.unlink([i], a.ids["company"][0])),
    "people.People.set_photo": _on("people", lambda a, i: a.office.people.set_photo([i], PNG)),
    "people.People.remove_photo": _on("people", lambda a, i: a.office.people.remove_photo([i])),
    "notes.Notes.write": _on("leads", lambda a, i: a.office.notes.write("note", Owner("lead", i), "x")),
    "notes.Notes.edit": _on("notes", lambda a, i: a.office.notes.edit(i, text="x")),
    "notes.Notes.pin": _on("notes", lambda a, i: a.office.notes.pin([i])),
    "notes.Notes.unpin": _on("notes", lambda a, i: a.office.notes.unpin([i])),
    "notes.Notes.delete": _on("notes", lambda a, i: a.office.notes.delete([i])),
    "notes.Notes.restore": _on("notes", lambda a, i: a.office.notes.restore([i])),
    "files.Files.attach": _on("leads", lambda a, i: a.office.files.attach(Owner("lead", i), [Upload("x.txt", b"x")])),
    "files.Files.rename": _on("files", lambda a, i: a.office.files.rename(i, "y.txt")),
    "files.Files.pin": _on("files", lambda a, i: a.office.files.pin([i])),
    "files.Files.unpin": _on("files", lambda a, i: a.office.files.unpin([i])),
    "files.Files.delete": _on("files", lambda a, i: a.office.files.delete([i])),
    "files.Files.restore": _on("files", lambda a, i: a.office.files.restore([i])),
    "mail_files.MailFiles.place": _mail_twice,
    "mail_files.MailFiles.put": lambda a: a.once(lambda: a.office.mail_files.put(b"", _mine(a))),
    "mail_files.MailFiles.put_also": _rows("mail", lambda a, i: a.office.mail_files.put_also(i, _mine(a))),
    "mail_files.MailFiles.create_sender": _rows("mail", lambda a, i: a.office.mail_files.create_sender(i)),
    "catalogue.Catalogue.create": _named(lambda a, name: Catalogue(a.store).create("company", name)),
    "catalogue.Catalogue.rename": _on("companies", lambda a, i: a.office.catalogue.rename("company", i, "x")),
    "catalogue.Catalogue.delete": _on("companies", lambda a, i: a.office.catalogue.delete("company", i)),
    "catalogue.Catalogue.reorder": lambda a: a.once(lambda: a.office.catalogue.reorder("source", a.ids["source"])),
    "catalogue.Catalogue.set_initials": _rows("member", lambda a, i: a.office.catalogue.set_initials(i, "X")),
    "catalogue.Catalogue.set_rhythm": _rows("tag", lambda a, i: a.office.catalogue.set_rhythm(i, 5)),
    "duplicates.Duplicates.keep_apart": lambda a: a.once(
        lambda: Duplicates(a.store).keep_apart("company", a.ids["company"])
    ),
    "merging.Merging.merge": _on(
        "companies", lambda a, i: Merging(a.store).merge("company", [a.ids["company"][0], i], a.ids["company"][0])
    ),
    "drafts.Drafts.keep": _on("leads", lambda a, i: a.office.drafts.keep(Owner("lead", i), "x")),
    "drafts.Drafts.write": lambda a: a.once(a.office.drafts.write),
    "goals.Goals.set": lambda a: a.once(lambda: a.office.goals.set("month", 1, _EUR, 1)),  # type: ignore[arg-type]
    "goals.Goals.edit": _rows("goal", lambda a, i: a.office.goals.edit(i, amount=_EUR)),
    "goals.Goals.remove": _rows("goal", lambda a, i: a.office.goals.remove(i)),
    "history.History.undo": _again,
    "history.History.redo": _again,
    "history.History.undo_import": _rows("import_run", lambda a, i: a.office.history.undo_import(i)),
    "history_steps.Steps.take_back": _take_back,
    "notice_choice.NoticeChoices.choose": _rows("field", lambda a, i: NoticeChoices(a.store).choose(1, i, True)),
    "notice_choice.NoticeChoices.set_time": _rows("member", lambda a, i: NoticeChoices(a.store).set_time(i, 9)),
    "notice_choice.NoticeChoices.set_together": _rows(
        "member", lambda a, i: NoticeChoices(a.store).set_together(i, False)
    ),
    # not with a name: whoever has a lead at a customer sees that customer
    "quick_add.QuickAdd.create": lambda a: a.each(
        lambda line: QuickAdd(a.store).create(QuickAdd(a.store).understand(line), active=True), ["x @AK", "x @BR", "#y"]
    ),
    "reminders.Reminders.put_off": _on(
        "leads", lambda a, i: a.office.reminders.put_off([i], a.store.clock.now() + timedelta(days=1))
    ),
    "saved_views.SavedViews.create": _named(lambda a, name: a.office.views.create("leads", name, {})),
    "saved_views.SavedViews.rename": _rows("saved_view", lambda a, i: a.office.views.rename(i, "y")),
    "saved_views.SavedViews.overwrite": _rows("saved_view", lambda a, i: a.office.views.overwrite(i, {})),
    "saved_views.SavedViews.share": _rows("saved_view", lambda a, i: a.office.views.share(i, shared=True)),
    "saved_views.SavedViews.delete": _rows("saved_view", lambda a, i: a.office.views.delete(i)),
    "saved_views.SavedViews.reorder": lambda a: a.once(lambda: a.office.views.reorder("leads", a.ids["saved_view"])),
    "stages.Stages.delete": _rows("stage", lambda a, i: a.office.stages.delete(i, 1)),
    "team.Team.change_absence": _rows("absence", lambda a, i: Team(a.store).remove_absence(i)),
    "team.Team.remove_absence": _rows("absence", lambda a, i: Team(a.store).remove_absence(i)),
    "team.Team.remove_week": _rows("working_week", lambda a, i: Team(a.store).remove_week(i)),
    "team.Team.set_role": _rows("member", lambda a, i: Team(a.store).set_role(i, Role.OWNER)),
    "trash.Trash.restore": lambda a: a.each(
        lambda item: Trash(a.store).restore([item]), [Item(kind, i) for kind in KINDS for i in a.ids[TABLES[kind]]]
    ),
    "opened.OpenedFiles.clear": lambda a: OpenedFiles(a.store, a.scratch).clear(),
}  # fmt: skip

#: What is neither asked nor tried, by the beginning of its name, and why.
APART: Mapping[str, str] = {
    "backup.": "copies all of the data or looks at files beside it, and needs the right to",
    "bulk_records.CompanyBulk.verbs": "makes the verbs",
    "bulk_records.PersonBulk.verbs": "makes the verbs",
    "check.repair": "answers as check does",
    "contact_files.importing.": "needs the right to import, which goes with seeing everything",
    "contact_files.known.": "works for plans, which are asked for",
    "contents.": "within a verb, on its connection; what is read is asked for",
    "crossing_words.told": "tells of a record that is being edited",
    "demo": "fills an empty store",
    "drafts.forget": "within the emptying of the trash",
    "history_clashes.": "tells of a step that may be taken back by who asks, and of its rows alone",
    "importing.": "needs the right to import, which goes with seeing everything",
    "lead_fields.past_day": "reckons with a day",
    "leaving.": "within a verb",
    "meanwhile.": "within a verb, of a record that it has found",
    "merge_": "works for the preview, which is asked for",
    "office.": "makes the services",
    "outbox.": "tells everybody what he or she wrote, beside titles that are seen; entered by the verbs that are tried",
    "own_fields.OwnFields.": "the lists of all, which are no secret",
    "palette.LeadFinder.": "the parts of a search, which is asked for",
    "passwords.": "tells nothing",
    "rates.": "the lists of all, which are no secret",
    "record_groups.": "works for the lists, which are asked for",
    "record_verbs.RecordVerbs.load": "within a verb",
    "reminders.Reminders.": "notes what was shown, and says nothing",
    "search.Search.": "the parts of a search, which is asked for",
    "search_found.": "the parts of a search, which is asked for",
    "setup.": "begins a store, and says who works here",
    "snapshots.Snapshots.take_if_due": "writes, and says nothing",
    "stages.": "the lists of all, which are no secret",
    "team.Team.": "changes what is known of the team",
    "teamwork.followed": "when the server was heard of last",
    "text_filter.TextFilter.": "the parts of a search, which is asked for",
    "trash.Trash.": "removes for good, and says how much",
    "trash_removal.": "within the emptying of the trash",
}
