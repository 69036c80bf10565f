"""A store with four people and sixty leads, made by the real verbs, in which whatever Ben must not see is marked.

Every text, name, address and file carries the mark of the record it belongs to: `HIDDEN` for what Ben never sees,
`ABSENT` for what he sees only while he stands in for Dora, `OWN` for the rest.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from app.core.calendar import month_number
from app.core.clock import FixedClock
from app.core.i18n import Text
from app.core.money import Money
from app.core.place import Place
from app.core.roles import Role
from app.core.terms import Entity, Status
from app.models.schema import Absence, User
from app.models.store import Store
from app.services.absences import AbsenceKind
from app.services.duplicates import Duplicates
from app.services.files import Upload
from app.services.goals import GoalSpan
from app.services.importing.run import Importer
from app.services.lead_fields import NextStep, Recommender
from app.services.mail_files import Letter
from app.services.mails.parse import parse
from app.services.merging import Merging
from app.services.notice_choice import NoticeChoices
from app.services.office import Office
from app.services.own_fields import OwnFieldMore
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue
from app.services.owners import Owner
from app.services.reach import Point
from app.services.snapshots import Snapshots
from tests.services.mail_samples import mail
from tests.stores import TODAY, ZONE, add_member

ANNA, BEN, CARLA, DORA = 1, 2, 3, 4
HIDDEN, ABSENT, OWN = "qzx", "qzd", "own"
#: No lead of Ben's has such an amount, in minor units of the euro.
HIDDEN_AMOUNT = 7_131_701
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class World:
    """What was made. `leads`, `companies`, `people`, `notes` and `files` are ids by the mark they bear."""

    leads: dict[str, list[int]] = field(default_factory=dict)
    companies: dict[str, list[int]] = field(default_factory=dict)
    people: dict[str, list[int]] = field(default_factory=dict)
    notes: dict[str, list[int]] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)
    mails: dict[str, list[int]] = field(default_factory=dict)
    photos: dict[str, list[int]] = field(default_factory=dict)
    fields: dict[tuple[Entity, OwnKind], int] = field(default_factory=dict)
    options: list[int] = field(default_factory=list)

    def every(self, kind: str) -> list[int]:
        """The ids of all of these, whoever sees them."""
        found: dict[str, list[int]] = getattr(self, kind)
        return [row_id for ids in found.values() for row_id in ids]


@dataclass
class Maker:
    """Makes a world in a store; everything that varies follows from the `seed`."""

    store: Store
    seed: int = 0
    size: int = 60
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.office = Office.of(self.store, self.store.path.parent / "backups")
        self.random = random.Random(self.seed)
        self._words = _words(self.random)
        self._clock = self.store.clock
        assert isinstance(self._clock, FixedClock)
        self._now = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

    def make(self) -> World:
        """All of it; the clock then shows 9 o'clock of today again."""
        end = self._clock.now()
        for part in (
            self._people_of_agency, self._lists, self._customers, self._leads, self._lives, self._import,
            self._merge, self._trash, self._undone, self._personal,
        ):  # fmt: skip
            part()
        assert isinstance(self._clock, FixedClock)
        self._clock.instant = end
        self.store.actor_id = ANNA
        with self.store.write(Text("Dora is away from tomorrow on")) as session:
            session.get_one(User, DORA).deputy_id = BEN
        self.office.rates.turn_of_day()
        return self.world

    def word(self, mark: str) -> str:
        """A word that is nowhere else, with a mark."""
        return mark + next(self._words)

    def by(self, actor: int) -> Office:
        """The services, at work for somebody, a while after the last time."""
        assert isinstance(self._clock, FixedClock)
        self._now += timedelta(minutes=self.random.randrange(10, 900))
        self._clock.instant = min(self._now, _instant(TODAY))
        self.store.actor_id = actor
        return self.office

    # What everybody works with

    def _people_of_agency(self) -> None:
        for name, initials in (("Ben Roth", "BR"), ("Carla Sand", "CS"), ("Dora Lind", "DL")):
            add_member(self.store, name, initials)
        with self.store.write(Text("Roles")) as session:
            session.get_one(User, BEN).role = Role.LIMITED
            session.get_one(User, CARLA).role = Role.READER

    def _lists(self) -> None:
        office = self.by(ANNA)
        for name in ("Messe", "Empfehlung"):
            office.catalogue.create("source", name)
        office.catalogue.create("reason", "Zu teuer")
        for tag, days in (("Stamm", 30), ("Presse", None)):
            tag_id = office.catalogue.create("tag", tag)
            office.catalogue.set_rhythm(tag_id, days)
        office.rates.set("USD", date(2026, 1, 1), "0.9")
        office.rates.set("USD", TODAY + timedelta(days=30), "0.8")
        for entity in Entity:
            for kind in OwnKind:
                options = ("Rot", "Blau", "Grün") if kind in (OwnKind.CHOICE, OwnKind.CHOICES) else ()
                more: OwnFieldMore = {"notify": True, "notify_days": 400} if kind is OwnKind.DAY else {}
                made = office.own_fields.create(entity, kind, f"{entity} {kind}", options, **more)
                self.world.fields[entity, kind] = made
        office.own_fields.set_birthday(True, 400)
        office.stages.edit(3, checklist=("Briefing gelesen", "Budget geklärt"))
        self.world.options = [
            option.id for each in office.own_fields.all() if each.kind is OwnKind.CHOICE for option in each.options
        ]

    # Customers

    def _customers(self) -> None:
        for mark, count in ((OWN, 5), (HIDDEN, 6), (ABSENT, 3)):
            for _ in range(count):
                actor = DORA if mark == ABSENT else ANNA
                self._company(mark, actor)
                self._person(mark, actor)
        # somebody who works for a customer of Ben's and for another one, whose name and role are none of his business
        for person, company in zip(self.world.people[OWN], self.world.companies[HIDDEN], strict=False):
            self.by(ANNA).people.link([person], company, self.word(HIDDEN))
        self._company(OWN, BEN, user_id=BEN)
        self._person(OWN, BEN, user_id=BEN, company=self.world.companies[OWN][-1])

    def _company(self, mark: str, actor: int, user_id: int | None = None) -> None:
        word = self.word
        company = self.by(actor).companies.create(
            name=f"{word(mark)} {word(mark)} GmbH", number=word(mark), industry=word(mark), info=word(mark),
            phones=[Point("work", self._phone())], mails=[Point("", f"info@{word(mark)}.example")],
            webs=[Point("", f"https://{word(mark)}.example")],
            addresses=[Place(street=word(mark), postcode=self._digits(5), city=word(mark), country="DE")],
            touch_target=20, user_id=user_id, tags=[self._tag(mark)], own=self._own_values(Entity.COMPANY, mark),
        )  # fmt: skip
        self.world.companies.setdefault(mark, []).append(company)

    def _person(self, mark: str, actor: int, user_id: int | None = None, company: int | None = None) -> None:
        word = self.word
        office = self.by(actor)
        person = office.people.create(
            given=word(mark), family=word(mark), info=word(mark), prefix="Dr.", birthday=date(1980, 12, 3),
            phones=[Point("mobile", self._phone())], mails=[Point("", f"{word(mark)}@{word(mark)}.example")],
            addresses=[Place(street=word(mark), city=word(mark))], touch_target=20, user_id=user_id,
            tags=[self._tag(mark)], own=self._own_values(Entity.PERSON, mark),
        )  # fmt: skip
        office.people.set_photo([person], PNG + word(mark).encode())
        self.world.people.setdefault(mark, []).append(person)
        companies = self.world.companies[mark]
        office.people.link([person], company or companies[len(self.world.people[mark]) % len(companies)], word(mark))

    def _tag(self, mark: str) -> str:
        # tags are a list for all: their names are no secret, who carries them is
        return "Stamm" if mark == OWN else "Presse"

    def _phone(self) -> str:
        return f"+49 30 {self._digits(7)}"

    def _digits(self, count: int) -> str:
        return "".join(self.random.choice("123456789") for _ in range(count))

    def _own_values(self, entity: Entity, mark: str) -> dict[int, OwnValue]:
        fields = self.world.fields
        return {
            fields[entity, OwnKind.TEXT]: self.word(mark), fields[entity, OwnKind.LONG_TEXT]: self.word(mark),
            fields[entity, OwnKind.LINK]: f"https://{self.word(mark)}.example",
            fields[entity, OwnKind.MAIL]: f"x@{self.word(mark)}.example",
            fields[entity, OwnKind.DAY]: TODAY + timedelta(days=self.random.randrange(1, 300)),
            fields[entity, OwnKind.FLAG]: self.random.random() < 0.5,
            fields[entity, OwnKind.AMOUNT]: Money(self.random.randrange(10_000), "EUR"),
        }  # fmt: skip

    # Leads

    def _leads(self) -> None:
        for number in range(self.size):
            mark = (OWN, HIDDEN, HIDDEN, ABSENT)[number % 4]
            self._lead(mark, number)

    def _lead(self, mark: str, number: int) -> None:
        # nobody's leads are hidden as well as Anna's; some of Ben's were made by Anna and assigned to him
        owner = {OWN: BEN, ABSENT: DORA, HIDDEN: (ANNA, None)[number % 3 == 0]}[mark]
        actor = BEN if mark == OWN and number % 8 else DORA if mark == ABSENT and number % 8 != 3 else ANNA
        office, word, choice = self.by(actor), self.word, self.random.choice
        shared = mark != OWN and number % 5 == 0  # a lead of others at a customer of Ben's: that he sees, not the lead
        at = OWN if shared else mark
        period = month_number(TODAY) + self.random.randrange(-6, 12)
        minor = HIDDEN_AMOUNT + 1000 * number if mark != OWN else self.random.randrange(1000) * 100
        lead = office.leads.create(
            title=f"{word(mark)} {word(mark)}",
            amount=Money(minor, choice(("EUR", "EUR", "USD", "CHF"))), company=choice(self.world.companies[at]),
            person=choice(self.world.people[at]), people=[(choice(self.world.people[at]), word(mark))],
            user_id=owner, source="Empfehlung", recommender=Recommender("company", choice(self.world.companies[at])),
            tags=[self._tag(mark)], info=word(mark), external_number=word(mark), period=(period, period + 2),
            own=self._own_values(Entity.LEAD, mark),
            next_step=NextStep(TODAY + timedelta(days=self.random.randrange(-3, 4)), word(mark), choice((None, 540))),
        )  # fmt: skip
        self.world.leads.setdefault(mark, []).append(lead)
        self._fate(mark, lead, number)

    def _fate(self, mark: str, lead: int, number: int) -> None:
        actor = {OWN: BEN, ABSENT: DORA}.get(mark, ANNA)
        leads = self.by(actor).leads
        if number % 7 < 6:
            leads.activate([lead], 1)
        match number % 7:
            case 1:
                leads.close([lead], Status.WON, reason="Zu teuer", remark=self.word(mark))
            case 2:
                leads.close([lead], Status.LOST, reason="Zu teuer", remark=self.word(mark))
            case 3:
                leads.check_off([lead], 1)
                leads.check_off([lead], 2)
                leads.move([lead], 3)
                leads.edit([lead], title=f"{self.word(mark)} neu", probability=90)
            case 4:
                leads.finish_step([lead], NextStep(TODAY, self.word(mark)))
            case 5:
                leads.deactivate([lead])

    # What is said and sent

    def _lives(self) -> None:
        for mark in (OWN, HIDDEN, ABSENT):
            records = [
                *(Owner("lead", each) for each in self.world.leads[mark][:9]),
                *(Owner("company", each) for each in self.world.companies[mark][:4]),
                *(Owner("person", each) for each in self.world.people[mark][:4]),
            ]
            for number, record in enumerate(records):
                self._note(mark, record, number)
            self._mail(mark, records[:2])
        # one mail that stands on a lead of Ben's and on another one: its text he sees, not where else it stands
        self._mail(OWN, [Owner("lead", self.world.leads[OWN][0]), Owner("lead", self.world.leads[HIDDEN][0])], ANNA)
        company = self.world.companies[OWN][0]
        self.by(ANNA).companies.set_next_step([company], NextStep(TODAY, self.word(OWN)))
        self.by(ANNA).companies.set_next_step([self.world.companies[HIDDEN][0]], NextStep(TODAY, self.word(HIDDEN)))

    def _note(self, mark: str, record: Owner, number: int) -> None:
        # not every customer that bears his mark has a lead of Ben's
        actor = {OWN: ANNA if number % 2 or record.kind != "lead" else BEN, ABSENT: DORA}.get(mark, ANNA)
        office = self.by(actor)
        kind = ("note", "call", "meeting")[number % 3]
        people = [self.world.people[mark][0]] if kind != "note" and actor != BEN else []
        made = office.notes.write(kind, record, self.word(mark), people=people)  # type: ignore[arg-type]
        self.world.notes.setdefault(mark, []).extend(made)
        upload = Upload(f"{self.word(mark)}.txt", self.word(mark).encode())
        self.world.files.setdefault(mark, []).extend(office.files.attach(record, [upload]))

    def _mail(self, mark: str, records: list[Owner], actor: int | None = None) -> None:
        word = self.word
        raw = mail(
            word(mark), identity=f"{word(mark)}@{word(mark)}.example", text=word(mark),
            sender=f"{word(mark)} <{word(mark)}@{word(mark)}.example>",
            attached=[(f"{word(mark)}.txt", word(mark).encode())],
        )  # fmt: skip
        office = self.by(actor or {OWN: BEN, ABSENT: DORA}.get(mark, ANNA))
        placed = office.mail_files.place(Letter.of(raw, parse(BytesIO(raw))), records)
        self.world.mails.setdefault(mark, []).append(placed.mail_id)

    # What concerns many at once

    def _import(self) -> None:
        self.by(ANNA)
        for marks in ((HIDDEN,), (OWN, HIDDEN)):  # a file of Anna's, and one with leads of both
            lines = [line for mark in marks for line in self._lines(mark)]
            file = self.store.path.parent / f"{self.word(marks[0])}.csv"
            file.write_text(
                "\n".join(["Titel;Status;Stufe;Verantwortlich;Firma;Externe Nummer;Volumen", *lines]), "utf-8"
            )
            result = Importer(self.store).run(file)
            assert result.created + result.updated == len(lines), result
            file.unlink()

    def _lines(self, mark: str) -> Iterator[str]:
        """Two new leads and one that is there."""
        owner = "Ben Roth" if mark == OWN else "Anna Kern"
        lead = self.world.leads[mark].pop(1)
        self.world.leads[mark].append(lead)
        number = self._value("SELECT external_number FROM lead WHERE id = ?", lead)
        for known in ("", "", number):
            yield f"{self.word(mark)};Aktiv;Vorstellung;{owner};{self.word(mark)};{known};1.234,00"

    def _merge(self) -> None:
        office = self.by(ANNA)
        for mark in (HIDDEN, OWN):
            twin = office.companies.create(name=self.word(mark), info=self.word(mark))
            stays = self.world.companies[mark][0]
            Merging(self.store).merge("company", [stays, twin], stays)

    def _trash(self) -> None:
        for mark, actor in ((OWN, BEN), (HIDDEN, ANNA), (ABSENT, DORA)):
            office = self.by(actor)
            office.notes.delete([self.world.notes[mark][0]])
            office.files.delete([self.world.files[mark][0]])
            office.leads.delete([self.world.leads[mark][-1]])
        office = self.by(ANNA)
        office.companies.delete([self.world.companies[HIDDEN][-1]])
        office.people.delete([self.world.people[HIDDEN][-1]])
        # a step over leads of all three, and one of Ben's leads that goes to Anna with all that was done to it
        office.leads.edit([ids[1] for ids in self.world.leads.values()], info=self.word(OWN))
        self._hand_over()

    def _hand_over(self) -> None:
        """Not long ago: a lead that Ben made, named and wrote notes on is Anna's now; and one of hers is his."""
        self._now = _instant(TODAY - timedelta(days=20))
        gone = self.by(BEN).leads.create(Status.ACTIVE, title=self.word(HIDDEN), user_id=BEN, info=self.word(HIDDEN))
        self.by(BEN).leads.edit([gone], title=self.word(HIDDEN))
        self.by(ANNA).leads.assign([gone], ANNA)
        self.world.leads[HIDDEN].append(gone)
        come = self.by(ANNA).leads.create(Status.ACTIVE, title=self.word(OWN), user_id=ANNA, info=self.word(OWN))
        self.by(ANNA).leads.assign([come], BEN)
        self.world.leads[OWN].append(come)

    def _undone(self) -> None:
        for mark, actor in ((OWN, BEN), (HIDDEN, ANNA), (ABSENT, DORA)):
            for again in (False, True):
                self.by(actor).leads.edit([self.world.leads[mark][0]], title=self.word(mark), info=self.word(mark))
                self.office.history.undo()
                if again:
                    self.office.history.redo()

    def _personal(self) -> None:
        for mark, actor in ((OWN, BEN), (HIDDEN, ANNA), (ABSENT, DORA)):
            office = self.by(actor)
            office.views.create("leads", self.word(mark), {"text": self.word(mark)})
            office.drafts.keep(Owner("lead", self.world.leads[mark][0]), self.word(mark))
            office.drafts.write()
            NoticeChoices(self.store).choose(actor, self.world.fields[Entity.COMPANY, OwnKind.DAY], True)
            office.reminders.begin()
            come = office.reminders.waiting(self._now + timedelta(days=300)).reminders
            office.reminders.shown(come[::2], self.store.clock.now())
            of_leads = [each for each in come[1::2] if each.entity is Entity.LEAD]
            office.reminders.snooze(of_leads[::2], _instant(TODAY + timedelta(days=3)))
        office = self.by(ANNA)
        for member in (None, ANNA, BEN, DORA):
            office.goals.set(GoalSpan.MONTH, month_number(TODAY), Money(HIDDEN_AMOUNT + (member or 7), "EUR"), member)
        for mark in (OWN, HIDDEN):
            Duplicates(self.store).keep_apart("company", self.world.companies[mark][:2])
            name = self._value("SELECT name FROM company WHERE id = ?", self.world.companies[mark][0])
            office.companies.create(name=str(name), user_id=BEN if mark == OWN else None)
        for member in (ANNA, BEN):
            office.team.add_absence(member, TODAY + timedelta(9), TODAY + timedelta(9 + member), AbsenceKind.HOLIDAY)
            office.team.set_week(member, TODAY, [480 + member, 0, 0, 0, 0, 0, 0])
        office.views.create("leads", "Für alle", {"filter": None}, shared=True)
        Snapshots(self.store).take_if_due()

    def _value(self, query: str, row_id: int) -> object:
        with self.store.maintenance() as connection:
            return connection.exec_driver_sql(query, (row_id,)).scalar_one()


def _instant(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, datetime.min.time(), ZONE).astimezone(UTC)


def let_ben_stand_in(store: Store) -> None:
    """From now on Dora is away."""
    store.actor_id = ANNA
    today = (TODAY - date(1970, 1, 1)).days
    with store.write(Text("Dora is away")) as session:
        session.add(Absence(user_id=DORA, first_on=today, last_on=today, kind="holiday"))


def _words(source: random.Random) -> Iterator[str]:
    """Pronounceable words of six letters, each once."""
    seen = set()
    while True:
        word = "".join(source.choice(letters) for letters in ("bdfgklmnprst", "aeiou") * 3)
        if word not in seen:
            seen.add(word)
            yield word


def made(seed: int = 0, size: int = 60) -> Callable[[Store], World]:
    """What fills a store."""

    def fill(store: Store) -> World:
        return Maker(store, seed, size).make()

    return fill


def folder_of(store: Store) -> Path:
    """The data folder of a store."""
    return store.path.parent
