"""The hand-over sheet: what a deputy has to know of a lead, on one or two pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core import i18n
from app.core.files import write_bytes
from app.core.format import NONE, Formats
from app.core.i18n import Plural, Text
from app.core.money import Money
from app.core.terms import CLOSED, STATUS_LABELS, Budget
from app.models.failures import translated
from app.models.types import instant_of
from app.services.exporting.documents import pages_of, render
from app.services.lead_detail import LeadDetail, LeadDetails, StepInfo
from app.services.owners import Owner
from app.services.targets import check_target, link_end
from app.services.timeline import Timelines
from app.services.timeline_entry import WRITTEN, Entry

if TYPE_CHECKING:
    from app.models.store import Store

_MOST_PAGES = 2
#: So much is offered to the two pages at first; what does not fit is counted, not hidden.
_NOTES, _EVENTS, _FILES, _MOST_PEOPLE, _STEPS = 24, 10, 20, 6, 5
_LONGEST_NOTE, _LONGEST_INFO, _LONGEST_LINE = 900, 1500, 200


def write_sheet(
    store: "Store",
    lead_id: int,
    target: Path,
    formats: Formats,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> None:
    """Write the sheet of a lead to `target`, whole or not at all.

    Raises NotFound, InvalidInput where there are data or no folder, StorageError, and what `progress` raises.
    """
    with translated():
        file_behind = link_end(target)
        check_target(file_behind)
        write_bytes(file_behind, sheet(store, lead_id, formats, progress))


def sheet(
    store: "Store",
    lead_id: int,
    formats: Formats,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> bytes:
    """The sheet as a PDF. What was written down last comes first; what two pages do not hold is counted."""
    progress(0, 0)
    data = _Sheet(store, formats).data(lead_id)
    notes = data["notes"]
    written, shown = data["written"], len(notes)
    while True:
        progress(0, 0)
        left = written - shown
        older = str(Plural("… and {n} older entry", "… and {n} older entries", n=left)) if left else ""
        made = render("sheet", {**data, "notes": notes[:shown], "older": older}, store.clock.now())
        if shown == 0 or pages_of(made) <= _MOST_PAGES:
            return made
        shown = shown * 3 // 4


class _Sheet:
    """Words what the sheet says."""

    def __init__(self, store: "Store", formats: Formats) -> None:
        self._store = store
        self._formats = formats

    def data(self, lead_id: int) -> dict[str, Any]:
        """All that the template asks for. Raises NotFound."""
        lead = LeadDetails(self._store).get(lead_id, events=1)
        times, owner = Timelines(self._store), Owner("lead", lead_id)
        written = times.page(owner, kinds=WRITTEN).entries
        moved = times.page(owner, kinds=("step", "stage", "status"), limit=_EVENTS).entries
        with self._store.read() as connection:
            people, files = list(self._people(connection, lead)), self._files(connection, lead_id)
            who = connection.execute(text(_MEMBER), {"id": self._store.actor_id}).scalar() or ""
        row, today = lead.row, self._formats.day(self._store.today())
        made = Text("{title} · {day} · {name}", title=_cut(row.title, 80), day=today, name=who) if who else (
            Text("{title} · {day}", title=_cut(row.title, 80), day=today)
        )  # fmt: skip
        return {
            "lang": i18n.language(), "kind": str(Text("Hand-over sheet")), "title": _cut(row.title, _LONGEST_LINE),
            "by": who, "made": str(made), "words": _words(), "state": self._state(lead),
            "figures": self._figures(lead), "facts": self._facts(lead), "people": people,
            "steps": [self._step(step) for step in lead.open_steps[:_STEPS]],
            "info": _cut(row.info.strip(), _LONGEST_INFO),
            "events": [[self._moment(each), self._happened(each), each.actor] for each in moved],
            "notes": [[self._heading(each), _cut(_said(each), _LONGEST_NOTE)] for each in written[:_NOTES]],
            "written": len(written), "files": [self._file(file) for file in files[:_FILES]],
            "more_files": _further(len(files) - _FILES),
        }  # fmt: skip

    def _state(self, lead: LeadDetail) -> str:
        row = lead.row
        parts = [i18n.tr(STATUS_LABELS[row.status]), row.stage, row.company]
        return " · ".join(_cut(part, _LONGEST_LINE) for part in parts if part)

    def _figures(self, lead: LeadDetail) -> list[tuple[str, str]]:
        row, base, formats = lead.row, self._store.facts.base_currency, self._formats
        volume = formats.money(row.amount)
        if row.budget == Budget.MONTHLY:
            volume = str(Text("{amount} a month", amount=volume))
        # of a closed lead nothing is expected any more
        weighted = NONE if row.weighted is None or row.status in CLOSED else formats.money(Money(row.weighted, base))
        chance = NONE if row.probability is None else formats.percent(row.probability)
        if row.period_first is None or row.period_last is None:
            period = NONE
        else:
            period = formats.period(row.period_first, row.period_last)
        return [
            (str(Text("Volume")), volume), (str(Text("Probability")), chance), (str(Text("Weighted")), weighted),
            (str(Text("Service period")), period),
        ]  # fmt: skip

    def _facts(self, lead: LeadDetail) -> list[tuple[str, str]]:
        row, day = lead.row, self._formats.day
        found = [
            (Text("Responsible"), row.user), (Text("Stage"), row.stage), (Text("Source"), row.source),
            (Text("Recommended by"), row.recommender and row.recommender.name),
            (Text("Tags"), ", ".join(row.tags)), (Text("External number"), row.external_number),
            (Text("Created"), day(row.created_at.date())),
            (Text("Active since"), row.activated_on and day(row.activated_on)),
            (Text("In this stage since"), row.stage_since_on and day(row.stage_since_on)),
            (Text("Closed"), row.closed_on and day(row.closed_on)), (Text("Reason"), row.reason),
            (Text("Remark"), row.remark.strip()),
        ]  # fmt: skip
        return [(str(name), _cut(value, 2 * _LONGEST_LINE)) for name, value in found if value]

    def _people(self, connection: Connection, lead: LeadDetail) -> Iterator[dict[str, Any]]:
        row = lead.row
        if row.company_id is not None and row.company:
            ways = self._ways(connection, "company", row.company_id)
            yield {"name": _cut(row.company, _LONGEST_LINE), "role": str(Text("Customer")), "ways": ways}
        for one in connection.execute(text(_PEOPLE), {"lead": row.id, "most": _MOST_PEOPLE}):
            role = one.role or (str(Text("Contact")) if one.contact else "")
            ways = self._ways(connection, "person", one.id)
            yield {"name": _cut(one.name, _LONGEST_LINE), "role": _cut(role, _LONGEST_LINE), "ways": ways}

    def _ways(self, connection: Connection, kind: str, id_: int) -> list[str]:
        """How to reach somebody, and where."""
        points = connection.execute(text(_POINTS.format(kind=kind)), {"id": id_}).scalars()
        places = connection.execute(text(_PLACES.format(kind=kind)), {"id": id_})
        lines = [_cut(point, _LONGEST_LINE) for point in points]
        for place in places:
            town = " ".join(filter(None, (place.postcode, place.city)))
            parts = filter(None, (place.street, place.extra, town, place.country))
            lines.append(_cut(", ".join(parts), _LONGEST_LINE))
        return lines

    def _files(self, connection: Connection, lead_id: int) -> Sequence[Any]:
        return connection.execute(text(_FILES_OF), {"lead": lead_id}).all()

    def _file(self, file: Any) -> tuple[str, str, str]:
        return (
            _cut(file.name, 120),
            self._formats.size(file.size),
            self._formats.day(self._store.day_of(instant_of(file.at))),
        )

    def _step(self, step: StepInfo) -> tuple[str, str, str]:
        day = self._formats.day(step.on)
        when = day if step.time is None else f"{day}, {self._formats.time(step.time)}"
        beside = (step.user, step.again)
        return when, _cut(step.text, 3 * _LONGEST_LINE), " · ".join(str(each) for each in beside if each)

    def _moment(self, entry: Entry) -> str:
        return entry.when(self._formats, self._store.zone)

    def _happened(self, entry: Entry) -> str:
        return _cut("\n".join(str(words) for words in entry.words), 2 * _LONGEST_LINE)

    def _heading(self, entry: Entry) -> str:
        kind = {"call": Text("Call"), "meeting": Text("Meeting"), "mail": Text("E-mail")}.get(entry.kind, Text("Note"))
        wrote = [person.shown for person in entry.mail_people if person.kind == "from"]
        to = [person.shown for person in entry.mail_people if person.kind == "to"]
        who = " → ".join(", ".join(each) for each in (wrote, to) if each) if wrote else entry.actor
        parts = [self._moment(entry), str(kind), who, "" if wrote else ", ".join(entry.people)]
        return " · ".join(_cut(part, _LONGEST_LINE) for part in parts if part)


def _words() -> dict[str, str]:
    words = {
        "next": Text("What comes next"), "facts": Text("Master data"), "people": Text("Customer and people"),
        "nobody": Text("Nobody is named."), "info": Text("Information"), "events": Text("Last steps"),
        "notes": Text("Notes and messages"), "files": Text("Files"),
    }  # fmt: skip
    return {key: str(each) for key, each in words.items()}


def _further(count: int) -> str:
    return str(Plural("… and {n} more file", "… and {n} more files", n=count)) if count > 0 else ""


def _cut(words: object, most: int) -> str:
    found = str(words)
    return found if len(found) <= most else f"{found[: most - 1].rstrip()}…"


def _said(entry: Entry) -> str:
    words = _plain(entry.text) if entry.markdown else entry.text.strip()
    return "\n".join(filter(None, (entry.title, words)))


def _plain(markdown: str) -> str:
    """Markdown as somebody would type it into a letter: without its signs, lists with dots."""
    from markdown_it import MarkdownIt

    return "\n".join(_lines(MarkdownIt("commonmark").parse(markdown)))


def _lines(tokens: Iterable[Any]) -> Iterator[str]:
    depth, begins, mark = 0, False, ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            begins, mark = True, f"{token.info}. " if token.info else "• "
        elif token.type in ("fence", "code_block", "html_block"):
            yield token.content.rstrip()
        elif token.type == "inline":
            words = "".join(_inline(token.children or ()))
            indent = "\u2003" * max(0, depth - 1)
            yield f"{indent}{mark}{words}" if begins else f"{indent}{words}"
            begins = False


def _inline(children: Iterable[Any]) -> Iterator[str]:
    target = ""
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif child.type == "link_open":
            target = str(child.attrs.get("href", ""))
        elif child.type == "link_close" and target:
            yield f" ({target})"
        elif child.content:
            yield child.content


_MEMBER = "SELECT name FROM member WHERE id = :id"
# The contact of the lead first, then those who have a say in it.
_PEOPLE = """
SELECT person.id, person.name, '' AS role, TRUE AS contact, -1 AS place
FROM lead JOIN person ON person.id = lead.person_id WHERE lead.id = :lead
UNION ALL SELECT person.id, person.name, link.role, FALSE, link.position FROM lead_person link
JOIN person ON person.id = link.person_id WHERE link.lead_id = :lead ORDER BY place LIMIT +:most
"""
_POINTS = "SELECT value FROM contact_point WHERE {kind}_id = :id ORDER BY kind DESC, position, id LIMIT 5"
_PLACES = """
SELECT street, extra, postcode, city, country FROM address WHERE {kind}_id = :id ORDER BY position, id LIMIT 1
"""
_FILES_OF = """
SELECT file.name, file.at, content.size FROM attachment file JOIN content ON content.id = file.content_id
WHERE file.lead_id = :lead OR file.mail_id IN (SELECT mail_id FROM note WHERE lead_id = :lead AND mail_id IS NOT NULL)
ORDER BY file.at DESC, file.id DESC
"""
