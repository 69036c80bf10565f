"""A table from the clipboard as companies or people: what each row is to be, or why it cannot be taken."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.errors import InvalidInput
from app.core.folding import search_key, sort_key
from app.core.i18n import Plural, Text, tr
from app.core.parse.cleaning import one_line
from app.core.place import Place
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, CompanyKind, Entity, Size
from app.services.cards.birthdays import birthday
from app.services.cards.card import Birthday, Card, Label, Point
from app.services.cards.names import addressed, apart, salutation_of
from app.services.catalogue import Catalogue
from app.services.company_fields import LONGEST_INDUSTRY, LONGEST_NUMBER
from app.services.contact_files.draft import Draft, Kind, draft_of
from app.services.contact_files.plan import CardFiles, Refused
from app.services.contact_files.titles import known_in, places
from app.services.csv_format import split_tags, unguarded
from app.services.importing.amounts import Bad
from app.services.importing.own_cells import own_reader
from app.services.importing.pasted import check_pasted, has_titles, pasted_rows
from app.services.own_fields import OwnField, OwnFields
from app.services.own_values import OwnValue
from app.services.record_fields import line

if TYPE_CHECKING:
    from app.models.store import Store

#: Wider and longer than any list of contacts that somebody copies.
MOST_COLUMNS, MOST_ROWS = 200, 10_000
_NOTHING = Text("There is no text in the clipboard that could become companies or people.")
#: The words of both languages; they are data, as in our own CSV format.
_KINDS = {
    **dict.fromkeys(("kunde", "kundin", "kunden", "customer", "client"), CompanyKind.CUSTOMER),
    **dict.fromkeys(("lieferant", "lieferanten", "dienstleister", "supplier", "vendor"), CompanyKind.SUPPLIER),
    **dict.fromkeys(("andere firma", "andere", "sonstige", "other company", "other"), CompanyKind.OTHER),
}
_UP_TO = ((1, Size.ONE), (9, Size.FEW), (49, Size.SMALL), (249, Size.MEDIUM), (999, Size.LARGE))
_REACH = (("phone", Label.WORK), ("cell", Label.CELL), ("fax", Label.WORK_FAX))


def check_contacts(plain: str, html: str) -> None:
    """Raise InvalidInput for what is too much, empty, or no text. Quick: for the thread that was asked."""
    check_pasted(plain, html, _NOTHING)


def read_contacts(store: "Store", kind: Kind, plain: str, html: str, name: str) -> CardFiles:
    """The companies or people of a table, and the rows that are refused; `name` is what the table is called.

    Without titles the first column is the name. Raises InvalidInput for what is no such table.
    """
    rows = pasted_rows(plain, html, partial(known_in, kind), _NOTHING)
    titled = has_titles(rows, partial(known_in, kind))
    width = max(map(len, rows))
    if width > MOST_COLUMNS:
        raise InvalidInput(Text("A list of contacts has no more than {n} columns.", n=MOST_COLUMNS))
    if len(rows) > MOST_ROWS + titled:
        raise InvalidInput(
            Text("No more than {n} companies or people are pasted at once.", n=MOST_ROWS),
            Text("Paste one part after the other."),
        )
    titles = rows[0] if titled else _guessed(kind, rows, width)
    table = _Table(store, kind, titles)
    cards: list[tuple[str, Draft]] = []
    refused = [Refused(name, 1, note, whole=False) for note in table.notes(rows[titled:])]
    left: dict[str, list[tuple[int, Text]]] = {}
    for number, row in enumerate(rows[titled:], 1 + titled):
        if not any(row):
            continue
        try:
            draft = table.draft(row)
        except InvalidInput as error:
            refused.append(Refused(name, number, error.title))
            continue
        cards.append((name, draft))
        for what in draft.left:
            left.setdefault(str(what), []).append((number, what))
    return CardFiles((name,), tuple(cards), (*refused, *_left_out(name, left.values())))


def _left_out(name: str, left: Iterable[Sequence[tuple[int, Text]]]) -> Iterator[Refused]:
    """What is not taken of rows that are: the same of several rows is told once, with the first of them."""
    for found in left:
        line, what = found[0]
        count = len(found)
        said = what if count == 1 else Plural("{what} ({n} row)", "{what} ({n} rows)", n=count, what=what)
        yield Refused(name, line, said, whole=False)


def _guessed(kind: Kind, rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Titles for a table that has none: the first column is the name, others are what nearly every cell looks like."""
    titles = ["Name"]
    for place in range(1, width):
        cells = [cell for row in rows if place < len(row) and (cell := row[place])]
        titles.append(next((title for title, looks in _LOOKS if cells and all(map(looks, cells))), ""))
    return titles


def _is_phone(cell: str) -> bool:
    return sum(map(str.isdigit, cell)) > 5 and all(c.isdigit() or c in "+()/-–. " for c in cell)


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("E-Mail", lambda cell: "@" in cell and "." in cell and " " not in cell),
    ("Telefon", _is_phone),
    ("Web", lambda cell: cell.lower().startswith(("http://", "https://", "www."))),
)


class _Table:
    """Reads rows by what their columns are."""

    def __init__(self, store: "Store", kind: Kind, titles: Sequence[str]) -> None:
        self._kind, self._titles, self._store = kind, titles, store
        fields = OwnFields(store).of(Entity(kind))
        self._places = places(kind, titles, fields)
        if not self._places.keys() & {"name", "given", "family", "mail", "company"}:
            raise InvalidInput(
                Text("No column is the name of a company.") if kind == "company" else Text("No column is a name."),
                Text("Give the columns titles, for example: Name, E-mail, Telephone."),
            )
        self._own = {field.key: self._reader(field) for field in fields if field.key in self._places}
        self._ids = {field.key: field.id for field in fields}
        members = Catalogue(store).all("member")
        self._members = {sort_key(word): each.id for each in members for word in (each.detail, each.name) if word}

    def _reader(self, field: OwnField) -> Callable[[str], "OwnValue | Bad"]:
        store = self._store
        return own_reader(field, None, "dmy", store.facts.base_currency, store.zone, store.today())

    def notes(self, rows: Sequence[Sequence[str]]) -> Iterator[Text]:
        """Which columns of these rows are not read: those with a title, and those in which anything stands."""
        taken = set(self._places.values())
        told = {place for row in rows for place, cell in enumerate(row) if cell}
        told |= {place for place, title in enumerate(self._titles) if title}
        left = [self._called(place) for place in sorted(told - taken)]
        if left:
            yield Text("Columns that are not read: {names}", names=", ".join(left))

    def _called(self, place: int) -> str:
        title = one_line(self._titles[place])[:60] if place < len(self._titles) else ""
        return title or tr("Column {n}", n=place + 1)

    def draft(self, row: Sequence[str]) -> Draft:
        """What a row is to be. Raises InvalidInput, saying of which column, for a cell that makes no sense."""
        cells = {field: unguarded(row[place]).strip() for field, place in self._places.items() if place < len(row)}
        get: Callable[[str], str] = lambda field: cells.get(field, "")  # noqa: E731 - short, and often
        card = self._company(get) if self._kind == "company" else self._person(get)
        made = draft_of(card, self._store.facts.country)
        user, note = self._user(get("user"))
        own = self._own_values(cells)
        made = replace(made, user_id=user, own=own, left=(*made.left, *note, *self._other_employers(get("company"))))
        return made if self._kind == "person" else replace(
            made, number=line(get("number"), "number", LONGEST_NUMBER), kinds=self._kinds(get("kinds")),
            industry=line(get("industry"), "industry", LONGEST_INDUSTRY), size=self._size(get("size")),
        )  # fmt: skip

    def _company(self, get: Callable[[str], str]) -> Card:
        return Card(one_line(get("name")), is_company=True, **self._common(get))

    def _person(self, get: Callable[[str], str]) -> Card:
        given, family, name = get("given"), get("family"), one_line(get("name"))
        salutation, prefix = addressed(get("prefix"))
        if not (given or family) and name:
            parts = apart(name)
            given, family, prefix = parts.given, parts.family, prefix or parts.prefix
        return Card(
            name or one_line(f"{given} {family}") or one_line(get("mail")), given, family, prefix=prefix,
            salutation=salutation or salutation_of(get("salutation")), organisation=self._employer(get("company")),
            role=get("role"), birthday=self._birthday(get("birthday")), **self._common(get),
        )  # fmt: skip

    def _other_employers(self, cell: str) -> Iterator[Text]:
        """Of several companies in a cell those that somebody is not linked with."""
        first = self._employer(cell)
        if others := cell.removeprefix(first).strip(" ,"):
            yield Text("Only one company is taken, not: {names}", names=one_line(others)[:200])

    def _employer(self, cell: str) -> str:
        """Of several, as the list shows them, the first; a comma may also belong to a name."""
        first = cell.partition(",")[0].strip()
        several = search_key(cell) not in self._companies and search_key(first) in self._companies
        return first if several else cell

    @cached_property
    def _companies(self) -> frozenset[str]:
        with self._store.read() as connection:
            return frozenset(connection.execute(text("SELECT search_key FROM company")).scalars())

    def _common(self, get: Callable[[str], str]) -> dict[str, Any]:
        parts = ("street", "extra", "postcode", "city", "region", "country")
        place = Place(Label.WORK, *map(get, parts))
        return {
            "phones": tuple(Point(label, get(field)) for field, label in _REACH if get(field)),
            "mails": (Point(Label.WORK, get("mail")),) if get("mail") else (),
            "webs": (Point(Label.WORK, get("web")),) if get("web") else (),
            "addresses": () if place.empty else (place,),
            "note": get("info"), "categories": split_tags(get("tags")),
        }  # fmt: skip

    def _birthday(self, cell: str) -> Birthday | None:
        found = birthday(cell) if cell else None
        if cell and found is None:
            raise self._bad("birthday", Text("“{text}” is not a date.", text=cell[:60]))
        today = self._store.today()
        if found is not None and found.year is not None and (found.year, found.month, found.day) > (
            today.year, today.month, today.day,
        ):  # fmt: skip
            raise self._bad("birthday", Text("Nobody was born on that day."))
        return found

    def _kinds(self, cell: str) -> tuple[CompanyKind, ...]:
        own = {search_key(tr(label)): kind for kind, label in COMPANY_KIND_LABELS.items()}
        found = []
        for word in split_tags(cell):
            kind = own.get(search_key(word)) or _KINDS.get(search_key(word))
            if kind is None:
                raise self._bad("kinds", Text("“{text}” is no kind of company.", text=word[:60]))
            found.append(kind)
        return tuple(kind for kind in CompanyKind if kind in found)

    def _size(self, cell: str) -> Size | None:
        if not cell:
            return None
        known: Mapping[str, Size] = {
            **{search_key(words): size for size, label in SIZE_LABELS.items() for words in (label, tr(label))},
            **{search_key(size): size for size in Size},
        }
        if (found := known.get(search_key(cell))) is not None:
            return found
        if cell.isascii() and cell.isdigit() and 0 < len(cell) < 8 and int(cell):
            return next((size for most, size in _UP_TO if int(cell) <= most), Size.HUGE)
        raise self._bad("size", Text("“{text}” is no size of a company.", text=cell[:60]))

    def _user(self, cell: str) -> tuple[int | None, tuple[Text, ...]]:
        """Who is responsible; somebody unknown is not made a member of the team, which is said."""
        if not cell:
            return None, ()
        found = self._members.get(sort_key(cell))
        return found, () if found is not None else (
            self._about("user", Text("Nobody is called “{text}”.", text=one_line(cell)[:60])),
        )

    def _own_values(self, cells: Mapping[str, str]) -> tuple[tuple[int, OwnValue], ...]:
        values: list[tuple[int, OwnValue]] = []
        for key, read in self._own.items():
            value = read(cells[key]) if cells.get(key) else None
            if isinstance(value, Bad):
                raise self._bad(key, value.reason)
            if value is not None:
                values.append((self._ids[key], value))
        return tuple(values)

    def _bad(self, field: str, why: Text) -> InvalidInput:
        return InvalidInput(self._about(field, why), field=field)

    def _about(self, field: str, why: Text) -> Text:
        return Text("{column}: {why}", column=one_line(self._titles[self._places[field]])[:60], why=why)
