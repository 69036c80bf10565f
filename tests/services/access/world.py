"""A small agency for questions of rights: people of every role, and of each the same records.

What belongs to somebody bears a word in all its names and texts that stands nowhere else, so that it shows wherever it
comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.core.calendar import day_number
from app.core.folding import person_key, search_key, sort_key
from app.core.i18n import Text
from app.core.terms import Status
from app.models import schema
from app.models.memory import Attachment, Content, Mail, Note
from app.models.schema import Company, Lead, Person, Step, User
from app.models.store import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Who works here. Zoe is everybody's colleague; Dora is away, and Ben stands in for her.
ANNA, FRIDA, BEN, RITA, ZOE, DORA = range(1, 7)
ROLES: Mapping[str, int] = {"owner": ANNA, "full": FRIDA, "limited": BEN, "reader": RITA}
NOBODY = 0
_PEOPLE = {
    FRIDA: ("Frida Voll", "FV", "full"), BEN: ("Ben Roth", "BR", "limited"), RITA: ("Rita Les", "RL", "reader"),
    ZOE: ("Zoe Andersen", "ZA", "full"), DORA: ("Dora Fort", "DF", "full"),
}  # fmt: skip
#: The word that stands in all that belongs to somebody, and nowhere else.
WORDS = {
    ANNA: "Qaxana", FRIDA: "Qaxfri", BEN: "Qaxben", RITA: "Qaxrit", ZOE: "Qaxzoe", DORA: "Qaxdor", NOBODY: "Qaxnie",
}  # fmt: skip
#: On which records there are notes and files.
WRITTEN_ON = ("open", "company shared", "company own", "person shared", "person own")


@dataclass(frozen=True)
class World:
    """The ids of the records by whose they are and which of them they are: `world.of(BEN, "open")`."""

    ids: Mapping[tuple[int, str], int]
    point: int
    fields: Mapping[str, int]
    option: int
    option2: int
    rate: int
    reason: int
    source: int
    source2: int
    tag: int
    goal: int
    shared_view: int

    def of(self, whose: int, which: str) -> int:
        """The id of a record of somebody."""
        return self.ids[whose, which]

    def subject_of(self, whose: int) -> str:
        """By what the mail of somebody is known."""
        return f"{WORDS[whose]} mail"

    def beside(self, which: str, id_: int, other: str) -> int:
        """The id of another record of whoever has this one."""
        return next(self.ids[whose, other] for (whose, name), each in self.ids.items() if (name, each) == (which, id_))


def fill(store: Store) -> World:
    """Write all of it, as nobody's steps."""
    store.actor_id = None
    with store.write(Text("People")) as session:
        for id_, (name, initials, role) in _PEOPLE.items():
            now = store.clock.now()
            session.add(User(id=id_, name=name, initials=initials, sort_key=sort_key(name), created_at=now, role=role))
        session.flush()
        session.get_one(User, DORA).deputy_id = BEN
    ids: dict[tuple[int, str], int] = {}
    for whose in WORDS:
        with store.write(Text("Records")) as session:
            _Family(store, session, whose, ids).fill()
    with store.write(Text("Lists")) as session:
        _tie(session, ids)
        return World(ids, **_lists(session))


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _tie(session: "Session", ids: Mapping[tuple[int, str], int]) -> None:
    """Somebody's own person works for a company of everybody, too."""
    for whose in WORDS:
        for member in ROLES.values():
            link = {"company_id": ids[whose, "company tied"], "person_id": ids[member, "person own"]}
            session.add(schema.CompanyPerson(**link, position=5))


class _Family:
    """The records of one person (or of nobody), all of the same names."""

    def __init__(self, store: Store, session: "Session", whose: int, ids: dict[tuple[int, str], int]) -> None:
        self._store, self._session, self._whose, self._ids = store, session, whose, ids
        self._owner = whose or None
        self._now = store.clock.now()

    def fill(self) -> None:
        """Customers first; then leads with what hangs on them."""
        for which in ("shared", "shared2"):
            self._customers(which, None)
        for which in ("own", "own2"):
            self._customers(which, self._owner)
        self._customers("trashed", self._owner, deleted_at=self._now)
        self._customers("archived", self._owner, archived_at=self._now)
        self._customers("tied", self._owner)
        for which, status in (("open", "active"), ("open2", "active"), ("idea", "potential"), ("idea2", "potential")):
            self._lead(which, status)
        for which in ("closed", "closed2"):
            self._lead(which, "won", closed_on=day_number(self._store.today()))
        for which in ("gone", "gone2"):
            self._lead(which, "active", deleted_at=self._now)
        self._mail("mail", "open")
        self._mail("mail of idea", "idea")
        if self._whose:
            self._habits(self._whose)

    def _habits(self, member: int) -> None:
        """How somebody looks at things, and when he works."""
        for which, kind in (("view", "leads"), ("view2", "people"), ("view3", "people")):
            self._add(which, schema.SavedView(list=kind, name=self._name(which), user_id=member, definition="{}",
                                              position=len(self._ids)))  # fmt: skip
        span = {"first_on": self._day, "last_on": self._day + 9}
        self._add("absence", schema.Absence(user_id=member, kind="holiday", **span))
        self._add("week", schema.WorkingWeek(user_id=member, valid_from=self._day, **dict.fromkeys(_DAYS, 480)))

    def _name(self, which: str) -> str:
        return f"{WORDS[self._whose]} {which}"

    def _add(self, which: str, row: Any) -> int:
        self._session.add(row)
        self._session.flush()
        self._ids[self._whose, which] = row.id
        return int(row.id)

    def _customers(self, which: str, user_id: int | None, **columns: Any) -> None:
        """A company and a person who works there, each with a note and a file."""
        name = self._name(which)
        keys = {"search_key": search_key(name), "created_at": self._now, "user_id": user_id}
        company = self._add(f"company {which}", Company(name=name, sort_key=sort_key(name), **keys, **columns))
        photo = self._content()
        person = self._add(
            f"person {which}", Person(name=name, sort_key=person_key(name), photo_id=photo, **keys, **columns)
        )
        self._session.add(schema.CompanyPerson(company_id=company, person_id=person))
        self._add(f"step {which}", Step(company_id=company, user_id=user_id, due_on=self._day, text=name))
        for record, id_ in (("company", company), ("person", person)):
            self._papers(f"{record} {which}", f"{record}_id", id_)

    def _lead(self, which: str, status: str, **columns: Any) -> None:
        active = status != Status.POTENTIAL
        lead = self._add(which, Lead(
            title=self._name(which), status=status, currency="EUR", amount_minor=100_00, created_at=self._now,
            user_id=self._owner, stage_id=1 if active else None, activated_on=self._day if active else None,
            company_id=self._ids[self._whose, "company shared2" if which.endswith("2") else "company shared"],
            person_id=self._ids[self._whose, "person shared2" if which.endswith("2") else "person shared"], **columns,
        ))  # fmt: skip
        if active:
            entry = {"stage_id": 1, "entered_at": self._now, "entered_on": self._day, "probability": 2}
            self._session.add(schema.StageEntry(lead_id=lead, **entry))
        if status != "won":
            self._add(
                f"step {which}", Step(lead_id=lead, user_id=self._owner, due_on=self._day, text=self._name(which))
            )
        self._papers(which, "lead_id", lead)

    def _papers(self, which: str, column: str, record: int) -> None:
        """Notes and files on a record, one of each in the trash, and one that is pinned."""
        if which not in WRITTEN_ON:
            return
        for state in ("", "2", " gone", " pinned"):
            words = self._name(f"{which}{state}")
            common: dict[str, Any] = {"user_id": self._owner, "at": self._now, column: record}
            common["deleted_at"] = self._now if state == " gone" else None
            common["pinned_at"] = self._now if state == " pinned" else None
            self._add(f"note{state} on {which}", Note(text=words, **common))
            content = self._content()
            file = Attachment(name=f"{words}.txt", mime="text/plain", content_id=content, **common)
            self._add(f"file{state} on {which}", file)

    def _content(self) -> int:
        content = Content(hash=f"{len(self._ids):064}", size=0, at=self._now)
        self._session.add(content)
        self._session.flush()
        return content.id

    def _mail(self, which: str, lead: str) -> None:
        """A mail from somebody whom nobody knows, on a lead."""
        name = self._name(which)
        address = f"{WORDS[self._whose].lower()}@example.com"
        row = Mail(identity=name, subject=name, people=f'[["from", "{name}", "{address}"]]', text=name)
        common = {"mail_id": self._add(which, row), "lead_id": self._ids[self._whose, lead], "user_id": self._owner}
        self._add(f"note of {which}", Note(kind="mail", at=self._now, text="", **common))

    @property
    def _day(self) -> int:
        return day_number(self._store.today())


def _lists(session: "Session") -> dict[str, Any]:
    """What all work with."""
    rows: dict[str, Any] = {
        "point": schema.StageCheck(stage_id=2, text="Geprüft", position=0),
        "lead": schema.Field(entity="lead", kind="text", name="Farbe", help="", unit="", position=0),
        "company": schema.Field(entity="company", kind="text", name="Farbe", help="", unit="", position=0),
        "person": schema.Field(entity="person", kind="text", name="Farbe", help="", unit="", position=0),
        "day": schema.Field(entity="lead", kind="day", name="Termin", help="", unit="", position=1, notify=True),
        "choice": schema.Field(entity="lead", kind="choice", name="Wahl", help="", unit="", position=2),
        "gone": schema.Field(entity="lead", kind="text", name="Alt", help="", unit="", position=3,
                             deleted_at=datetime(2026, 11, 1, tzinfo=UTC)),
        "source": schema.Source(name="Messe", position=0), "source2": schema.Source(name="Netz", position=1),
        "tag": schema.Tag(name="wichtig", sort_key="wichtig"),
        "reason": schema.Reason(name="Preis", position=0),
        "rate": schema.Rate(currency="CHF", valid_from=1, rate=1),
        "goal": schema.Goal(span="month", valid_from=24_310, amount_minor=100, currency="EUR"),
        "view": schema.SavedView(list="leads", name="Alle", user_id=None, definition="{}", position=0),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    choice = rows["choice"].id
    options: list[Any] = [
        schema.FieldOption(field_id=choice, name=name, position=n) for n, name in enumerate(("rot", "grün"))
    ]
    session.add_all(options)
    session.flush()
    ids = {name: row.id for name, row in rows.items()}
    fields = {name: ids.pop(name) for name in ("lead", "company", "person", "day", "choice", "gone")}
    first, second = (option.id for option in options)
    return {"fields": fields, "option": first, "option2": second, "shared_view": ids.pop("view"), **ids}
