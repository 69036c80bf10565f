"""What is told of what happened and is to come, and what is found by looking for it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from app.core.changes import ChangeSet
from app.core.terms import Entity
from app.services import about, check, history, history_words
from app.services.contact_files.pasted import read_contacts
from app.services.contact_files.plan import plan_cards, plan_files, plan_read, read_files
from app.services.day_notices import DayNotices
from app.services.duplicates import Duplicates
from app.services.history_log import HistoryLog, LogQuery
from app.services.history_steps import Steps
from app.services.history_words import Change
from app.services.importing.run import Importer
from app.services.merging import Merging
from app.services.palette import EVERY_LEAD, LeadFinder
from app.services.record_events import RecordWords
from app.services.reminder_words import reminded_of
from app.services.search import Search
from app.services.search_docs import Documents
from app.services.search_words import slipped, terms_of
from app.services.text_filter import TextFilter
from app.services.timeline import Timelines
from app.services.trash import Trash
from app.services.twins.facts import Facts
from app.services.word_filter import WordFilters
from tests.services.sight.asker import Asker
from tests.services.sight.reading import Question
from tests.stores import TODAY


def _logs(asker: Asker) -> list[LogQuery]:
    return [
        LogQuery(), LogQuery(user_id=1), LogQuery(user_id=2), LogQuery(last=TODAY),
        *(LogQuery(sort=sort) for sort in ("do", "undo", "redo", "import")),
        *(LogQuery(lead_id=lead) for lead in asker.ids["lead"][::4]), *(LogQuery(text=w) for w in asker.words[:40:4]),
    ]  # fmt: skip


def _details(asker: Asker) -> Any:
    steps, log = Steps(asker.store), HistoryLog(asker.store)
    return asker.each(steps.detail, log.rows(log.ids(LogQuery())[::3]))


def _lines(asker: Asker) -> Any:
    """Without whether it may be taken back, which is a matter of what somebody may do, too."""
    return [(row, detail.lines, detail.more, detail.way) for row, detail in _details(asker)]


def _changes(connection: Any) -> list[Change]:
    rows = connection.exec_driver_sql(
        "SELECT table_name, row_id, lead_id, op, before, after, change_set_id, company_id, person_id FROM change"
    )
    return [Change(*row) for row in rows]


_RECORDS = ("company", "person")


def _record_words(asker: Asker) -> Any:
    def ask(connection: Any) -> Any:
        changes = [each for each in _changes(connection) if each.op == "update" and each.table_name in _RECORDS]
        words = RecordWords(connection, changes)
        return [tuple(words.of_row(each)) for each in changes]

    return asker.on_read(ask)


HISTORY: Mapping[str, Question] = {
    "history.History.next_undo": lambda a: a.office.history.next_undo(),
    "history.History.next_redo": lambda a: a.office.history.next_redo(),
    "history.History.of_lead": lambda a: a.each(a.office.history.of_lead, a.ids["lead"]),
    "history.events_of": lambda a: a.on_read(lambda c: [history.events_of(c, lead) for lead in a.ids["lead"]]),
    "history.changes_of": lambda a: a.on_read(
        lambda c: [[tuple(row) for row in rows] for rows in history.changes_of(c, a.ids["lead"])]
    ),
    "history_log.HistoryLog.ids": lambda a: [HistoryLog(a.store).ids(query) for query in _logs(a)],
    "history_log.HistoryLog.first_ids": lambda a: [HistoryLog(a.store).first_ids(query, 9) for query in _logs(a)],
    "history_log.HistoryLog.row_of": lambda a: a.each(HistoryLog(a.store).row_of, a.ids["change_set"][::7]),
    "history_log.HistoryLog.rows": lambda a: HistoryLog(a.store).rows(a.ids["change_set"]),
    "history_steps.Steps.detail": _details,
    "history_steps.Steps.detail: lines": _lines,
    "history_words.lines_of": lambda a: a.on_read(lambda c: history_words.lines_of(c, _changes(c))),
    "history_words.titles_of": lambda a: a.on_read(lambda c: history_words.titles_of(c, a.ids["lead"])),
    "history_words.worth_after": lambda a: a.on_read(lambda c: history_words.worth_after(c, _changes(c)[::9])),
    "record_events.RecordWords.of_row": _record_words,
    "record_events.RecordWords.of_step": _record_words,
    "reminder_words.reminded_of": lambda a: a.on_read(
        lambda c: [reminded_of(c, a.ids["lead"], -1, company) for company in a.ids["company"]]
    ),
    "recent.Recent.since": lambda a: [
        a.office.recent.since(TODAY - timedelta(days=days), member)
        for days in (1, 300) for member in (None, *a.ids["member"])
    ],
    "timeline.Timelines.page": lambda a: a.each(
        lambda owner: [Timelines(a.store).page(owner), Timelines(a.store).page(owner, limit=3, search="own")], a.owners
    ),
    "trash.Trash.all": lambda a: [Trash(a.store).all(), Trash(a.store).all(kind="note")],
    "trash.Trash.contents": lambda a: Trash(a.store).contents().counts,
    "saved_views.SavedViews.all": lambda a: [a.office.views.all(), a.office.views.all("leads")],
    "saved_views.SavedViews.get": lambda a: a.each(a.office.views.get, a.ids["saved_view"]),
    "saved_views.SavedViews.named": lambda a: a.each(a.office.views.named, ["Für alle", "own"]),
    "saved_views.SavedViews.query": lambda a: a.each(a.office.views.query, a.office.views.all()),
    "drafts.Drafts.of": lambda a: a.each(a.office.drafts.of, a.owners),
    "mail_files.MailFiles.stands_on": lambda a: a.each(a.office.mail_files.stands_on, a.ids["mail"]),
    "mail_files.MailFiles.read": lambda a: a.each(a.office.mail_files.read, a.ids["mail"][:2]),
    "mail_files.MailFiles.stranger": lambda a: a.each(a.office.mail_files.stranger, a.ids["mail"]),
}  # fmt: skip


def _notices(asker: Asker) -> Any:
    notices, now = DayNotices(asker.store), asker.store.clock.now()

    def ask(connection: Any) -> Any:
        fresh = notices.fresh(connection, asker.store.actor_id, now - timedelta(days=400), now)
        fresh.sort(key=lambda each: each.key)
        return (
            fresh, notices.again(connection, asker.store.actor_id, now),
            [each in notices.standing(connection, asker.store.actor_id, fresh) for each in fresh],
        )  # fmt: skip

    return asker.on_read(ask)


def _standing(asker: Asker) -> Any:
    reminders, now = asker.office.reminders, asker.store.clock.now()
    return reminders.standing(reminders.waiting(now + timedelta(days=9)).reminders)


REMINDERS: Mapping[str, Question] = {
    "day_notices.DayNotices.fresh": _notices,
    "day_notices.DayNotices.again": _notices,
    "day_notices.DayNotices.standing": _notices,
    "reminders.Reminders.look": lambda a: a.office.reminders.look(a.store.clock.now() + timedelta(days=1)),
    "reminders.Reminders.due": lambda a: a.office.reminders.due(a.store.clock.now() + timedelta(days=9)),
    "reminders.Reminders.asleep": lambda a: a.on_read(
        lambda c: a.office.reminders.asleep(c, a.store.clock.now() - timedelta(days=9))
    ),
    "reminders.Reminders.waiting": lambda a: a.office.reminders.waiting(a.store.clock.now() + timedelta(days=9)),
    "reminders.Reminders.standing": _standing,
    "reminders.Reminders.together": lambda a: a.office.reminders.together(),
    "reminders.Reminders.later": lambda a: a.office.reminders.later(2),
    "reminders.Reminders.monday": lambda a: a.office.reminders.monday(),
    "reminders.Reminders.at": lambda a: a.office.reminders.at(TODAY, 60),
}


def _found(asker: Asker) -> Any:
    search = Search(asker.store)
    search.prepare()
    found = [search.find(typed) for typed in asker.words]
    search.hear(_everything())
    return [*found, *(search.find(typed, 3) for typed in asker.words[:3])]


def _everything() -> ChangeSet:
    from app.core.i18n import Text
    from app.models.types import instant_of

    return ChangeSet(1, Text("x"), "do", "test", None, instant_of(0), everything=True)


def _near_words(asker: Asker, connection: Any, word: str) -> Any:
    documents = Documents() if asker.store.rights.sees_all else Documents.seen(connection)
    meant = slipped(connection, terms_of(word), partial(documents.often, connection))
    return None if meant is None else [term.near for term in meant]


def _filtered(asker: Asker) -> Any:
    each = TextFilter(asker.store)
    return [_hits(each, typed) for typed in asker.words]


def _hits(each: TextFilter, typed: str) -> Any:
    if not each.ready(EVERY_LEAD):
        each.adopt(each.build(EVERY_LEAD))
    search = each.search(typed)
    assert search is not None
    while not search.step(1000):
        pass
    return search.ids


def _finder(asker: Asker) -> Any:
    finder = LeadFinder(asker.store)
    ready = finder.ready, finder.adopt(finder.build()), finder.hear(_everything())
    lines = finder.lines_of(asker.ids["lead"])
    searches = [finder.search(typed, {}) for typed in asker.words]
    told = [(each.step(1000), each.begins, each.inside) for each in searches if each is not None]
    return ready, lines, told


def _near(asker: Asker) -> Any:
    facts = [Facts(kind, name) for kind in ("company", "person") for name in asker.known.names]
    facts += [_reached(kind, *point) for kind in ("company", "person") for point in asker.known.points]
    return [Duplicates(asker.store).near(each.kind, each) for each in facts]


def _reached(kind: Any, sort: str, value: str) -> Facts:
    phones, mails, webs = ((value,) if sort == each else () for each in ("phone", "mail", "web"))
    return Facts(kind, "Unbekannt", mails, phones, webs)


def _cards(asker: Asker) -> Any:
    rows = "\n".join(["Name\tE-Mail", *(f"{word} {word}\tinfo@{word}.example" for word in asker.words[:12])])
    read = [read_contacts(asker.store, kind, rows, "", "x") for kind in ("company", "person")]
    return [read, [asker.once(lambda r=each: plan_read(asker.store, r)) for each in read]]  # type: ignore[misc]


def _card_files(asker: Asker) -> Any:
    file = asker.scratch / "all.vcf"
    cards = [f"BEGIN:VCARD\nVERSION:3.0\nFN:{w} {w}\nEMAIL:info@{w}.example\nEND:VCARD" for w in asker.words[:12]]
    file.write_text("\n".join(cards), "utf-8")
    read = read_files([file])
    return [
        asker.once(lambda: plan_files(asker.store, [file])),
        asker.once(lambda: plan_cards(asker.store, [card for _name, card in read.cards])),  # type: ignore[misc]
    ]


def _dry(asker: Asker) -> Any:
    head = ["Titel", "Status", "Firma", "Externe Nummer"]
    rows = [head, *(["x", "Aktiv", "y", number] for number in asker.known.numbers)]
    return asker.once(lambda: Importer(asker.store).run(asker.csv(rows), dry_run=True).as_json())


def _merges(asker: Asker) -> Any:
    pairs = [
        (kind, (one, other))
        for kind in ("company", "person")
        for one, other in zip(asker.ids[kind], asker.ids[kind][1:], strict=False)
    ]
    return asker.each(lambda pair: Merging(asker.store).preview(pair[0], pair[1], pair[1][0]), pairs)


SEARCH: Mapping[str, Question] = {
    "search.Search.find": _found,
    "search.Search.known": lambda a: Search(a.store).known(
        [(kind, row_id) for kind in ("lead", "company", "person", "note", "attachment") for row_id in a.ids[kind]]
    ),
    "search_words.slipped": lambda a: a.on_read(lambda c: [_near_words(a, c, word) for word in a.words]),
    "text_filter.TextFilter.search": _filtered,
    "text_filter.TextFilter.lines_of": lambda a: TextFilter(a.store).lines_of(EVERY_LEAD, a.ids["lead"]),
    "palette.LeadFinder.search": _finder,
    "word_filter.WordFilters.read": lambda a: [
        WordFilters(a.store, entity).read(f"{key}:{word}").filter
        for entity in Entity for key in ("company", "contact", "tag", "person") for word in a.words[:40:2]
    ],
    "duplicates.Duplicates.near": _near,
    "duplicates.Duplicates.find_all": lambda a: [
        Duplicates(a.store).find_all(kind) for kind in ("company", "person")
    ],
    "duplicates.Duplicates.apart": lambda a: [
        Duplicates(a.store).apart(kind) for kind in ("company", "person")
    ],
    "contact_files.pasted.read_contacts": _cards,
    "contact_files.plan.plan_read": _cards,
    "contact_files.plan.plan_files": _card_files,
    "contact_files.plan.plan_cards": _card_files,
    "importing.run.Importer.run": _dry,
    "merging.Merging.preview": _merges,
    "about.about": lambda a: about.about(a.store).version,
    "check.check": lambda a: check.check(a.store),
}  # fmt: skip
