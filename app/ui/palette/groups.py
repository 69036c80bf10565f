"""What the palette shows of what was found: groups of lines, each below its heading, the best group first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.i18n import N_, ntr, tr
from app.core.terms import Entity
from app.services.search import KINDS, Hit
from app.services.search_found import EXACT, FILE, NOTE
from app.services.search_words import leaves_out
from app.ui.palette.entries import Entry, Line, heading
from app.ui.palette.recent import COMPANY, LEAD, PERSON
from app.ui.palette.records import Records

#: How the keys of lines begin that are no command and no lead.
MORE, NEW, NOTE_KEY, FILE_KEY = "more:", "new:", "note:", "file:"
KEYS: Mapping[str, str] = {
    Entity.LEAD: LEAD, Entity.COMPANY: COMPANY, Entity.PERSON: PERSON, NOTE: NOTE_KEY, FILE: FILE_KEY,
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    Entity.LEAD: N_("Leads"), Entity.COMPANY: N_("Companies"), Entity.PERSON: N_("People"),
    NOTE: N_("Notes and e-mails"), FILE: N_("Files"),
}  # fmt: skip
_ICONS: Mapping[str, str] = {Entity.COMPANY: "building", Entity.PERSON: "user", NOTE: "note", FILE: "file"}
#: What begins a search among commands alone.
ONLY_COMMANDS = ">"
#: So many lines of a group are shown before one asks for more.
_FEW = 5


@dataclass
class Found:
    """All that was found for what is typed: commands that begin with it and others, records, and leads that have it
    somewhere within their words.
    """

    first: Sequence[Entry] = ()
    then: Sequence[Entry] = ()
    records: Records = field(default_factory=Records)
    begins: Sequence[int] = ()
    inside: Sequence[int] = ()


def grouped(found: Found, opened: frozenset[str]) -> list[Line]:
    """The lines; the groups in `opened` are shown whole."""
    unclear = found.records.unclear
    lines: list[Line] = [heading(tr("“{typed}”: {why}", typed=each.typed, why=str(each.why))) for each in unclear]
    if found.first:
        lines += [heading(tr("Commands")), *found.first]
    groups = _records(found)
    for entity, members in groups.items():
        whole = entity in opened or (len(groups) == 1 and not found.then)
        shown = members if whole else members[:_FEW]
        lines += [heading(tr(_NAMES[entity])), *shown]
        if len(members) > len(shown):
            lines.append(Entry(f"{MORE}{entity}", "more", ntr("{n} more", "{n} more", len(members) - len(shown))))
    if found.then:
        lines += [heading(tr("More commands") if found.first else tr("Commands")), *found.then]
    return lines


def _records(found: Found) -> dict[str, list[Line]]:
    """The members of each group that has some, the group of what is called just so first."""
    records = found.records
    if records.leads is not None:
        return {Entity.LEAD: list(records.leads)} if records.leads else {}
    groups: dict[str, list[Line]] = {}
    best: dict[str, bool] = {}
    for entity in KINDS:
        hits = [hit for hit in records.hits if hit.entity == entity]
        members: list[Line] = [hit.id if entity == Entity.LEAD else hit_entry(hit) for hit in hits]
        if entity == Entity.LEAD:
            members = list(dict.fromkeys([*members, *found.begins, *found.inside]))
        if members:
            groups[entity] = members
            best[entity] = not (hits and hits[0].score == EXACT)
    return {entity: groups[entity] for entity in sorted(groups, key=lambda each: best[each])}


def hit_entry(hit: Hit) -> Entry:
    """A company, person, note or file: what it is called, on what it hangs, and where the words stand."""
    icon = "mail" if hit.kind == "mail" else _ICONS[hit.entity]
    return Entry(
        f"{KEYS[hit.entity]}{hit.id}", icon, hit.title.text or tr("Without a subject"), hit.beside.text,
        marks=hit.title.spans, more_marks=hit.beside.spans, below=hit.passage, about=hit.owner,
    )  # fmt: skip


def new_lead_entry(typed: str) -> Entry:
    """What to do about something that is not there yet."""
    return Entry(f"{NEW}{typed}", "plus", tr("New lead “{title}”", title=typed))


def may_be_a_title(typed: str, records: Records) -> bool:
    """Whether a lead may be called as typed: it is no filter, no command and not only what is left out."""
    return records.leads is None and not only_commands(typed) and not leaves_out(typed)


def passages(records: Records) -> dict[int, Hit]:
    """The leads among the hits: what is marked in their lines."""
    return {hit.id: hit for hit in records.hits if hit.entity == Entity.LEAD}


def only_commands(typed: str) -> bool:
    """Whether commands alone are looked for; >10k asks for leads."""
    return typed.startswith(ONLY_COMMANDS) and not typed[1:2].isdigit()


def nothing(typed: str, records: Records) -> str:
    """What is said where nothing was found: what was looked through, and what finds more."""
    if only_commands(typed):
        what = tr("No command is called “{typed}”.", typed=typed.removeprefix(ONLY_COMMANDS).strip())
        more = tr("Without > everything is searched.")
    elif records.leads is not None:
        what = tr("No lead fits this filter.")
        more = tr("All of it has to fit, so less finds more. Without filters everything is searched, not only leads.")
    elif leaves_out(typed):
        return tr("A minus only leaves out: a word to look for is missing.")
    else:
        what = tr(
            "“{typed}” is nowhere to be found: neither in commands, leads, companies and people nor in notes, e-mails "
            "and names of files.",
            typed=typed,
        )
        more = tr(
            "All words have to be there, so fewer find more. -word leaves out, words in quotes stand together, and "
            "filters like >10k choose among leads."
        )
    return f"{what}\n{more}"
