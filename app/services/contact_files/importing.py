"""The cards of a plan into the store, all of them as one step that can be undone, or none."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.collector import collector_paused
from app.core.folding import search_key
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.models.guard import rights_in
from app.models.name_keys import keys_of
from app.services.contact_files.draft import Kind
from app.services.contact_files.filling import Existing, additions, read_existing, take_in
from app.services.contact_files.plan import CardPlan, Choice, Planned, Progress, ignore
from app.services.contact_files.rows import Rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store

_KINDS: tuple[Kind, ...] = ("company", "person")
_TELL_EVERY = 100


@dataclass(frozen=True)
class CardResult:
    """What an import did, or in a dry run would do. `unchanged` had nothing to add; `employers` are companies made
    because somebody works for them.
    """

    companies: int = 0
    people: int = 0
    filled: int = 0
    unchanged: int = 0
    skipped: int = 0
    employers: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many cards brought anything."""
        return self.companies + self.people + self.filled


def import_cards(
    store: "Store",
    plan: CardPlan,
    chosen: Mapping[int, Choice] | None = None,
    *,
    before: Callable[[], object] | None = None,
    progress: Progress = ignore,
) -> CardResult:
    """Do what is planned, or `chosen` instead, by number of the card; returns what was done.

    `before` is called before anything is written: the backup. `progress` raises Cancelled to stop it; the store is
    then as it was. Raises NotAllowed, StorageError.
    """
    store.rights.demand(Act.IMPORT)
    choices = plan.choices(chosen)
    if not any(choice is not Choice.SKIP for choice in choices.values()):
        return CardResult(skipped=len(choices))
    if before is not None:
        before()
    with collector_paused(), store.write(Text("Contacts imported")) as session:
        rights_in(session).demand(Act.IMPORT)  # it may have been taken away since the file was looked at
        work = _Work(session, store, plan, choices, progress)
        work.go()
        session.info["label"] = Plural(
            "{n} contact imported from {file}", "{n} contacts imported from {file}",
            n=work.result.changed, file=_source(plan),
        )  # fmt: skip
    return work.result


def _source(plan: CardPlan) -> str | Text:
    count = len(plan.files)
    return plan.files[0] if count == 1 else Plural("{n} file", "{n} files", n=count)


def expected(plan: CardPlan, chosen: Mapping[int, Choice] | None = None) -> CardResult:
    """What `import_cards` would do, as far as can be said without doing it."""
    choices = plan.choices(chosen)
    counts: Counter[str] = Counter()
    employers: dict[str, str] = {}
    for card in plan.cards:
        choice, draft = choices[card.number], card.draft
        if choice is Choice.NEW:
            counts["companies" if draft.kind == "company" else "people"] += 1
        elif choice is Choice.FILL:
            counts["unchanged" if card.adds is not None and card.adds.nothing else "filled"] += 1
        else:
            counts["skipped"] += 1
        if draft.employer and card.employer is None and choice is not Choice.SKIP:
            employers.setdefault(_key(draft.employer), draft.employer)
    return CardResult(**counts, employers=tuple(employers.values()))


class _Work:
    """One pass over the cards, within one write."""

    def __init__(
        self, session: "Session", store: "Store", plan: CardPlan, choices: Mapping[int, Choice], progress: Progress
    ) -> None:
        self._session = session
        self._plan = plan
        self._choices = choices
        self._progress = progress
        self._done = 0
        self._counts = dict.fromkeys(("companies", "people", "filled", "unchanged", "skipped"), 0)
        self._employers: list[str] = []
        self._companies = self._by_name()
        self._new = Rows(session, store.clock.now())
        #: By number of a card the row it made or stands for.
        self._rows: dict[int, int] = {}
        self._there: dict[int, Existing] = {}
        self._gone: set[int] = set()

    @property
    def result(self) -> CardResult:
        """What was done."""
        return CardResult(**self._counts, employers=tuple(self._employers))

    def go(self) -> None:
        """Companies, those for which people work, people; of each kind the new ones before what fills them."""
        for kind in _KINDS:
            cards = [each for each in self._plan.cards if each.draft.kind == kind]
            wanted = [each for each in cards if self._choices[each.number] is not Choice.SKIP]
            self._counts["skipped"] += len(cards) - len(wanted)
            if kind == "person":
                self._make_employers(wanted)
            self._there = self._read(kind, (each.match.id for each in wanted if each.match is not None))
            fresh = self._fresh(kind, wanted)
            self._create(kind, fresh)
            made = {each.number for each in fresh}
            self._fill(kind, [each for each in wanted if each.number not in made])

    def _tell(self) -> None:
        if self._done % _TELL_EVERY == 0:
            self._progress(self._done, len(self._plan.cards))
        self._done += 1

    def _by_name(self) -> dict[str, int]:
        rows = self._session.connection().execute(
            text("SELECT id, name FROM company WHERE deleted_at IS NULL ORDER BY id DESC")
        )
        return {search_key(name) or name: number for number, name in rows}

    def _read(self, kind: Kind, ids: Iterable[int | None]) -> dict[int, Existing]:
        return read_existing(self._session.connection(), kind, filter(None, ids))

    def _fresh(self, kind: Kind, cards: Iterable[Planned]) -> list[Planned]:
        """Those that make somebody. A second company of a name is made only for those who saw the first one."""
        if kind == "person":
            return [card for card in cards if self._makes(card)]
        fresh: list[Planned] = []
        names = set(self._companies)
        for card in cards:
            insisted = self._choices[card.number] is Choice.NEW and card.match is not None
            if insisted or (card.draft.key not in names and self._makes(card)):
                names.add(card.draft.key)
                fresh.append(card)
        return fresh

    def _makes(self, card: Planned) -> bool:
        """Whether it is to, or whoever it was to fill is no longer there, or not made."""
        if self._choices[card.number] is Choice.NEW or card.match is None:
            return True
        if card.match.card is not None:
            return self._choices.get(card.match.card) in (None, Choice.SKIP)
        return card.match.id not in self._there

    def _target(self, card: Planned) -> int:
        """Whom a card fills: who is meant, or else the company that bears its name by now."""
        number = None
        if card.match is not None:
            maker = card.match.card
            number = self._rows.get(maker) if maker is not None else card.match.id
        if number is None or (card.match is not None and number == card.match.id and number not in self._there):
            return self._companies[card.draft.key]
        return number

    def _employer(self, card: Planned) -> int | None:
        """The company a person works for, once it is there: the one of that very name, or what is another spelling."""
        known = self._companies.get(_key(card.draft.employer))
        if known is not None or card.employer is None:
            return known
        maker = card.employer.card
        number = card.employer.id if maker is None else self._rows.get(maker)
        return None if number in self._gone else number

    def _make_employers(self, people: Sequence[Planned]) -> None:
        known = {each.employer.id for each in people if each.employer is not None and each.employer.id is not None}
        self._gone = known - self._read("company", known).keys()
        rows: dict[str, Any] = {}
        for card in people:
            name, key = card.draft.employer, _key(card.draft.employer)
            if name and key not in rows and self._employer(card) is None:
                rows[key] = self._new.company(name)
        self._session.add_all(rows.values())
        self._session.flush()
        self._companies |= {key: row.id for key, row in rows.items()}
        self._employers += [row.name for row in rows.values()]

    def _create(self, kind: Kind, cards: Sequence[Planned]) -> None:
        rows: list[tuple[Planned, Any]] = []
        for card in cards:
            self._tell()
            draft = card.draft
            if kind == "company":
                made = self._new.company(draft.name, draft.info, draft.columns)
            else:
                made = self._new.person(draft)
            rows.append((card, made))
        self._session.add_all(row for _, row in rows)
        self._session.flush()
        for card, row in rows:
            self._rows[card.number] = row.id
            if kind == "company":
                self._companies.setdefault(card.draft.key, row.id)
        for card, row in rows:
            self._session.add_all(self._new.all_of(kind, row.id, card.draft, self._employer(card)))
        self._session.flush()
        self._counts["companies" if kind == "company" else "people"] += len(rows)

    def _fill(self, kind: Kind, cards: Sequence[Planned]) -> None:
        """Add to those who are there what they do not have."""
        for card in cards:
            self._tell()
            target = self._rows[card.number] = self._target(card)
            if target not in self._there:  # made just now
                self._there |= self._read(kind, [target])
            if kind == "company":
                self._companies.setdefault(card.draft.key, target)
            self._add(kind, card, self._there[target])
        self._session.flush()

    def _add(self, kind: Kind, card: Planned, one: Existing) -> None:
        from app.models.schema import Company, CompanyPerson, Person

        draft, employer = card.draft, self._employer(card)
        added = additions(draft, one, employer)
        self._counts["unchanged" if added.nothing else "filled"] += 1
        if added.nothing:
            return
        if added.values or added.photo:
            row: Any = self._session.get_one(Company if kind == "company" else Person, one.id)
            for name, value in added.values.items():
                setattr(row, name, value)
            if kind == "person":  # of whom the parts of the name were not known
                row.sort_key, row.search_key = keys_of(kind, row.name, row.given, row.family)
            if added.photo:
                row.photo_id = self._new.photo(draft.photo)
        positions = dict(one.next_point)
        for point in added.points:
            position = positions.get(point.kind, 0)
            positions[point.kind] = position + 1
            self._session.add(self._new.point(kind, one.id, point, position))
        for position, place in enumerate(added.places, len(one.places)):
            self._session.add(self._new.place(kind, one.id, place, position))
        self._session.add_all(self._new.marks(kind, one.id, added.tags))
        self._session.add_all(self._new.own(kind, one.id, added.own))
        if added.employer and employer is not None:
            self._session.add(self._new.link(one.id, employer, draft.role, len(one.employers)))
        elif added.role_at is not None:
            link = self._session.query(CompanyPerson).filter_by(company_id=added.role_at, person_id=one.id).one()
            link.role = draft.role
        take_in(draft, one, added, employer)


def _key(name: str) -> str:
    return search_key(name) or name
