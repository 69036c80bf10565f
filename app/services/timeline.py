"""The timeline of a lead, a company or a person: what was written, sent and done, newest first, pinned on top.

A company's contains that of its leads, and what was written to its people; a person's what the person took part in.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, text

from app.core.collector import collector_paused
from app.core.folding import search_key
from app.core.i18n import Text, load_text
from app.core.money import Money
from app.models.history_terms import STANDS
from app.models.types import instant_of, micros
from app.services.event_words import Kind as ChangeKind
from app.services.event_words import Names, worded
from app.services.files import StoredFile
from app.services.history import changes_of
from app.services.owners import Owner, gone, owner_of
from app.services.record_events import RecordWords
from app.services.reminder_words import reminded_of
from app.services.timeline_entry import DONE, LEADING, WRITTEN, Entry, EntryKind, Key, MailPerson, Page, Scope

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = ["Entry", "EntryKind", "Key", "Page", "Timelines"]

#: Of two things at one moment the one with the higher rank stands above.
_REMINDED, _CHANGED, _FILED, _NOTED = range(4)
_TOP = Key(2**62, 9, 0, 0)
_ALL = -1
#: Between texts that are folded together: no space, and nobody writes it.
_BETWEEN = "\x02"


class Timelines:
    """Reads the timelines of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def page(
        self,
        owner: Owner,
        *,
        limit: int | None = None,
        before: Key | None = None,
        kinds: Collection[EntryKind] = (),
        search: str = "",
    ) -> Page:
        """The entries of a record, at most `limit`, older than `before`; pinned ones come first, with the first page.

        Only those of `kinds` (all for none) in which all words of `search` are found. The number of statements depends
        on neither. Raises NotFound for a record that is gone.
        """
        terms = search_key(search).split()
        with collector_paused(), self._store.read() as connection:
            about = _About.read(connection, owner)
            asked = _Asked(before or _TOP, limit, frozenset(kinds), tuple(terms))
            found = list(_entries(connection, about, asked))
        pinned = [entry for entry in found if entry.pinned] if before is None else []
        pinned.sort(key=lambda entry: entry.key, reverse=True)
        rest = [entry for entry in found if not entry.pinned and entry.key < asked.before]
        rest.sort(key=lambda entry: entry.key, reverse=True)
        more = limit is not None and len(rest) > limit
        shown = rest[:limit]
        return Page((*pinned, *shown), more, shown[-1].key if shown else None, about.scope)


class _Asked(NamedTuple):
    before: Key
    limit: int | None
    kinds: frozenset[EntryKind]
    terms: tuple[str, ...]

    def wants(self, *kinds: EntryKind) -> bool:
        """Whether any of these is asked for."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)

    @property
    def binds(self) -> dict[str, Any]:
        """As the statements take it. One more than asked for tells whether there are more."""
        key = self.before
        return {
            "at": key.at, "rank": key.rank, "row": key.id, "limit": _ALL if self.limit is None else self.limit + 1,
            "kinds": json.dumps(sorted(self.kinds)), "all_kinds": not self.kinds, "terms": json.dumps(self.terms),
        }  # fmt: skip


class _About(NamedTuple):
    """A record, its leads and its people, each with what it is called where that is to be said."""

    owner: Owner
    leads: dict[int, str]
    people: dict[int, str]

    @classmethod
    def read(cls, connection: Connection, owner: Owner) -> "_About":
        """Raises NotFound."""
        rows = connection.execute(text(_RELATED[owner.kind]), {"id": owner.id}).all()
        if not rows:
            raise gone(owner.kind)
        leads = {row.id: row.title for row in rows if row.kind == "lead"}
        people = {row.id: row.title for row in rows if row.kind == "person"}
        return cls(owner, leads, people)

    @property
    def scope(self) -> Scope:
        """For whoever has to know which changes matter."""
        return Scope(self.owner, frozenset(self.leads), frozenset(self.people))

    @property
    def binds(self) -> dict[str, Any]:
        """As the statements take it."""
        return {
            "leads": json.dumps(list(self.leads)),
            "people": json.dumps(list(self.people)),
            "company": self.owner.id if self.owner.kind == "company" else None,
            "person": self.owner.id if self.owner.kind == "person" else None,
        }


def _entries(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    if asked.wants(*WRITTEN):
        yield from _written(connection, about, asked)
    if asked.wants("file"):
        yield from _filed(connection, about, asked)
    if asked.wants(*DONE):
        yield from islice(_changed(connection, about, asked), None if asked.limit is None else asked.limit + 1)
    if asked.wants("change", "step") and about.owner.kind != "lead":
        yield from _own_changes(connection, about, asked)
    if asked.wants("reminder"):
        yield from _reminders(connection, about, asked)


def _written(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    binds = about.binds | asked.binds | {"rank_here": _NOTED}
    rows = connection.execute(text(_NOTES), binds).all()
    notes = json.dumps([row.id for row in rows])
    people: dict[int, list[tuple[int, str]]] = {}
    for note, person, name in connection.execute(text(_TOOK_PART), {"notes": notes}):
        people.setdefault(note, []).append((person, name))
    steps = {row[0]: row[1] for row in connection.execute(text(_NOTE_STEPS), binds)}
    mails = json.dumps(sorted({row.mail_id for row in rows if row.mail_id is not None}))
    files: dict[int, list[StoredFile]] = {}
    for row in connection.execute(text(_MAIL_FILES), {"mails": mails}):
        files.setdefault(row.mail_id, []).append(StoredFile(row.id, row.name, row.mime, row.size, row.content_id))
    for row in rows:
        present = people.get(row.id, [])
        owner, title = _whose(about, row)
        mail = row.mail_id is not None
        yield Entry(
            row.kind, Key(row.at, _NOTED, row.id, 0), instant_of(row.at), row.actor or "", owner, title,
            title=row.subject or "", text=row.mail_text if mail and not row.text else row.text,
            markdown=bool(row.markdown), people=tuple(name for _, name in present),
            person_ids=tuple(person for person, _ in present), mail_people=_mail_people(row.mail_people),
            files=tuple(files.get(row.mail_id, ())), minutes=row.minutes, pinned=row.pinned_at is not None,
            note_id=row.id, mail_id=row.mail_id or 0, change_set_id=steps.get(row.id, 0),
            undated=bool(row.undated),
        )  # fmt: skip


def _filed(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    binds = about.binds | asked.binds | {"rank_here": _FILED}
    rows = connection.execute(text(_FILES), binds).all()
    steps = {row[0]: row[1] for row in connection.execute(text(_FILE_STEPS), binds)}
    for row in rows:
        owner, title = _whose(about, row)
        yield Entry(
            "file", Key(row.at, _FILED, row.id, 0), instant_of(row.at), row.actor or "", owner, title,
            title=row.name, files=(StoredFile(row.id, row.name, row.mime, row.size, row.content_id),),
            pinned=row.pinned_at is not None, file_id=row.id, change_set_id=steps.get(row.id, 0),
        )  # fmt: skip


def _changed(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    """What was done to the leads, newest first; a step of somebody is one entry for each lead."""
    if not about.leads:
        return
    rows, imported = changes_of(connection, list(about.leads))
    amounts = {row.id: Money(row.amount_minor, row.currency) for row in connection.execute(text(_AMOUNTS), about.binds)}
    names = Names.read(connection, rows)
    files = {(row.lead_id, row.id): row for row in imported}
    heads: dict[tuple[int, int], Any] = {}
    lines: dict[tuple[int, int], list[tuple[ChangeKind, Any]]] = {}
    for lead, of_lead in _by_lead(rows).items():
        # only so many steps of a lead can come onto the page, if nothing is looked for
        for row, pair in worded(_newest(of_lead, asked), names, amounts[lead]):
            heads.setdefault((row.id, lead), row)
            lines.setdefault((row.id, lead), []).append(pair)
    for (lead, step), row in files.items():
        heads.setdefault((step, lead), row)
        lines.setdefault((step, lead), []).append(("import", Text("Imported from “{file}”", file=row.file_name)))
    found = []
    for (step, lead), row in heads.items():
        entry = _change(about, Key(row.at, _CHANGED, step, lead), row, lines[step, lead])
        if asked.wants(*entry.kinds) and entry.key < asked.before:
            found.append(entry)
    yield from sorted(_saying(found, asked.terms), key=lambda entry: entry.key, reverse=True)


def _newest(rows: Sequence[Any], asked: _Asked) -> Sequence[Any]:
    """As many of the changes of a lead, newest first, as the first page can show."""
    if asked.limit is None or asked.before != _TOP or asked.kinds or asked.terms:
        return rows
    steps: set[int] = set()
    for place, row in enumerate(rows):
        steps.add(row.id)
        if len(steps) > asked.limit + 1:
            return rows[:place]
    return rows


def _by_lead(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.lead_id, []).append(row)
    return found


def _change(about: _About, key: Key, row: Any, lines: Sequence[tuple[ChangeKind, Any]]) -> Entry:
    kinds = frozenset(kind for kind, _ in lines)
    leading = next(kind for kind in LEADING if kind in kinds)
    return Entry(
        leading, key, instant_of(row.at), row.actor or "", Owner("lead", key.lead), _lead_title(about, key.lead),
        kinds=kinds, words=tuple(words for _, words in lines), change_set_id=row.id,
    )  # fmt: skip


def _own_changes(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    """What was done to a company or a person itself, newest first, field by field."""
    column = about.owner.column
    binds = about.binds | {"id": about.owner.id, "at": asked.before.at}
    steps = connection.execute(text(_OWN.format(column=column)), binds).all()
    steps = [step for step in steps if asked.wants(_own_kind(step))]
    if not asked.terms and asked.limit is not None:
        steps = [step for step in steps if _own_key(step) < asked.before][: asked.limit + 1]
    changed: dict[int, list[Any]] = {}
    wanted = {"id": about.owner.id, "steps": json.dumps([step.id for step in steps])}
    for row in connection.execute(text(_OWN_ROWS.format(column=column)), wanted):
        changed.setdefault(row.id, []).append(row)
    words = RecordWords(connection, (row for rows in changed.values() for row in rows))
    entries = []
    for step in steps:
        rows, kind = changed.get(step.id, ()), _own_kind(step)
        entries.append(Entry(
            kind, _own_key(step), instant_of(step.at), step.actor or "", about.owner, kinds=frozenset({kind}),
            words=words.of_step(load_text(step.label_msgid, step.label_args), rows), change_set_id=step.id,
        ))  # fmt: skip
    yield from _saying(entries, asked.terms)


def _own_kind(step: Any) -> EntryKind:
    return "step" if step.only_steps else "change"


def _own_key(step: Any) -> Key:
    return Key(step.at, _CHANGED, step.id, 0)


def _reminders(connection: Connection, about: _About, asked: _Asked) -> Iterator[Entry]:
    company = about.owner.id if about.owner.kind == "company" else None
    if not about.leads and company is None:
        return
    entries = [
        Entry(
            "reminder", Key(micros(each.at), _REMINDED, each.id, each.lead_id or 0), each.at, each.actor,
            about.owner if each.lead_id is None else Owner("lead", each.lead_id),
            "" if each.lead_id is None else _lead_title(about, each.lead_id), kinds=frozenset({"reminder"}),
            words=(each.words,),
        )
        for each in reminded_of(connection, list(about.leads), _ALL, company)
    ]  # fmt: skip
    yield from _saying(entries, asked.terms)


def _saying(entries: Sequence[Entry], terms: Sequence[str]) -> Sequence[Entry]:
    """Those in whose words all terms are found. All are folded at once, which takes a third of the time."""
    if not terms or not entries:
        return entries
    said = [" ".join([*map(str, entry.words), entry.actor]).replace(_BETWEEN, " ") for entry in entries]
    folded = search_key(f" {_BETWEEN} ".join(said)).split(_BETWEEN)
    return [entry for entry, words in zip(entries, folded, strict=True) if all(term in words for term in terms)]


def _whose(about: _About, row: Any) -> tuple[Owner, str]:
    """The record of a note or file, and what it is called if it is another one."""
    owner = owner_of(row)
    assert owner is not None, "nothing of a mail alone is asked for"
    if owner == about.owner:
        return owner, ""
    return owner, row.owner_title or ""


def _lead_title(about: _About, lead: int) -> str:
    return "" if about.owner.kind == "lead" else about.leads[lead]


def _mail_people(stored: str | None) -> tuple[MailPerson, ...]:
    return tuple(MailPerson(*person) for person in json.loads(stored)) if stored else ()


#: The record itself (with no kind), its leads and its people. Nothing for one that is gone.
_RELATED = {
    "lead": "SELECT 'lead' AS kind, id, title FROM lead WHERE id = :id",
    "company": """
SELECT '' AS kind, id, name AS title FROM company WHERE id = :id
UNION ALL SELECT 'lead', id, title FROM lead WHERE company_id = :id
UNION ALL SELECT 'person', person.id, person.name FROM company_person link JOIN person ON person.id = link.person_id
  WHERE link.company_id = :id
""",
    "person": "SELECT '' AS kind, id, name AS title FROM person WHERE id = :id",
}
_TITLE = """COALESCE((SELECT title FROM lead WHERE id = {table}.lead_id),
  (SELECT name FROM company WHERE id = {table}.company_id),
  (SELECT name FROM person WHERE id = {table}.person_id)) AS owner_title"""
_MINE = """
SELECT id FROM {table} WHERE lead_id IN (SELECT value FROM json_each(:leads))
UNION SELECT id FROM {table} WHERE company_id = :company
UNION SELECT id FROM {table} WHERE person_id = :person
UNION SELECT id FROM {table} WHERE person_id IN (SELECT value FROM json_each(:people))
"""
_ON_PAGE = """({table}.pinned_at IS NOT NULL OR ({table}.at, :rank_here, {table}.id) < (:at, :rank, :row))
AND NOT EXISTS (SELECT 1 FROM json_each(:terms) term WHERE NOT EXISTS (SELECT 1 FROM search_doc doc
  WHERE doc.entity = '{entity}' AND doc.row_id = {table}.id AND instr(doc.folded, term.value) > 0))
ORDER BY {table}.pinned_at IS NULL, {table}.at DESC, {table}.id DESC
LIMIT CASE WHEN :limit < 0 THEN -1 ELSE :limit + (SELECT count(*) FROM mine JOIN {table} pinned
  ON pinned.id = mine.id AND pinned.pinned_at IS NOT NULL) END"""
# A mail on several of the records stands there once.
_NOTES = f"""
WITH mine (id) AS ({_MINE.format(table="note")}
  UNION SELECT note_id FROM note_person WHERE person_id = :person)
SELECT note.id, note.kind, note.lead_id, note.company_id, note.person_id, note.mail_id, note.at, note.text,
  note.markdown, note.minutes, note.pinned_at, note.kind = 'mail' AND mail.sent_at IS NULL AS undated,
  member.name AS actor, mail.subject, mail.people AS mail_people,
  mail.text AS mail_text, {_TITLE.format(table="note")}
FROM mine JOIN note ON note.id = mine.id LEFT JOIN member ON member.id = note.user_id
LEFT JOIN mail ON mail.id = note.mail_id
WHERE (:all_kinds OR note.kind IN (SELECT value FROM json_each(:kinds)))
AND NOT EXISTS (SELECT 1 FROM note other WHERE other.mail_id = note.mail_id AND other.id < note.id
  AND other.id IN (SELECT id FROM mine))
AND {_ON_PAGE.format(table="note", entity="note")}
"""
_TOOK_PART = """
SELECT link.note_id, person.id, person.name FROM note_person link JOIN person ON person.id = link.person_id
WHERE link.note_id IN (SELECT value FROM json_each(:notes)) ORDER BY link.id
"""
# Of a note on a lead, a company or a person the last step that changed it. The changes are found by their records: left
# to itself the database begins with all steps there are.
_STEPS = f"""
WITH told (row_id, set_id) AS (
  SELECT c.row_id, c.change_set_id FROM json_each(:leads) wanted CROSS JOIN change c ON c.lead_id = wanted.value
    WHERE c.table_name = '{{table}}'
  UNION ALL SELECT c.row_id, c.change_set_id FROM change c WHERE c.company_id = :company AND c.table_name = '{{table}}'
  UNION ALL SELECT c.row_id, c.change_set_id FROM change c WHERE c.person_id = :person AND c.table_name = '{{table}}'
  UNION ALL SELECT c.row_id, c.change_set_id FROM json_each(:people) wanted
    CROSS JOIN change c ON c.person_id = wanted.value WHERE c.table_name = '{{table}}'
)
SELECT told.row_id, max(s.id) FROM told CROSS JOIN change_set s ON s.id = told.set_id
WHERE s.kind = 'do' AND s.import_run_id IS NULL AND {STANDS}
GROUP BY told.row_id
"""
_NOTE_STEPS = _STEPS.format(table="note")
_FILE_STEPS = _STEPS.format(table="attachment")
_MAIL_FILES = """
SELECT file.mail_id, file.id, file.name, file.mime, content.size, file.content_id
FROM attachment file JOIN content ON content.id = file.content_id
WHERE file.mail_id IN (SELECT value FROM json_each(:mails)) ORDER BY file.id
"""
_FILES = f"""
WITH mine (id) AS ({_MINE.format(table="attachment")})
SELECT file.id, file.lead_id, file.company_id, file.person_id, file.at, file.name, file.mime, file.pinned_at,
  file.content_id, content.size, member.name AS actor, {_TITLE.format(table="file")}
FROM mine JOIN attachment file ON file.id = mine.id JOIN content ON content.id = file.content_id
LEFT JOIN member ON member.id = file.user_id
WHERE {_ON_PAGE.format(table="file", entity="attachment").replace("JOIN file pinned", "JOIN attachment pinned")}
"""
_AMOUNTS = "SELECT id, amount_minor, currency FROM lead WHERE id IN (SELECT value FROM json_each(:leads))"
# Notes, files and mails have entries of their own, and so has what was done to a lead of a company. What was done to a
# lead that is not seen is called by its title.
_OWN = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, member.name AS actor,
  NOT EXISTS (SELECT 1 FROM change c WHERE c.change_set_id = s.id AND c.{{column}} = :id AND c.table_name <> 'step')
    AS only_steps
FROM change_set s LEFT JOIN member ON member.id = s.actor_id
WHERE s.id IN (SELECT c.change_set_id FROM change c WHERE c.{{column}} = :id
  AND c.table_name NOT IN ('note', 'note_person', 'attachment', 'mail')) AND s.kind = 'do' AND {STANDS}
AND NOT EXISTS (SELECT 1 FROM change other WHERE other.change_set_id = s.id AND other.lead_id IS NOT NULL
  AND (other.lead_id IN (SELECT value FROM json_each(:leads))
    OR NOT EXISTS (SELECT 1 FROM lead WHERE lead.id = other.lead_id)))
AND s.at <= :at ORDER BY s.at DESC, s.id DESC
"""
_OWN_ROWS = """
SELECT c.change_set_id AS id, c.table_name, c.row_id, c.op, c.before, c.after FROM change c
WHERE c.{column} = :id AND c.change_set_id IN (SELECT value FROM json_each(:steps)) ORDER BY c.id
"""
