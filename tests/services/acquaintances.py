"""Companies and people at random, with everything that can hang on them, written as rows."""

from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app.core.calendar import day_number
from app.core.folding import sort_key
from app.core.i18n import Text
from app.models.name_keys import keys_of
from app.models.schema import (
    Address,
    Attachment,
    Company,
    CompanyPerson,
    CompanyTag,
    ContactPoint,
    Content,
    Field,
    FieldOption,
    FieldValue,
    Lead,
    LeadPerson,
    Note,
    NotePerson,
    Person,
    PersonTag,
    StageEntry,
    Step,
    Tag,
)
from app.models.store import Store

_NAMES = ("Meyer", "Soehne", "Kranich", "Bau", "Licht", "Werkhof", "Nord")
_ROLES = ("", "Einkauf", "Leitung", "Einkauf, Leitung")
_TOWNS = (("50667", "Köln"), ("20095", "Hamburg"), ("", ""))


def furnish(store: Store, seed: int) -> tuple[list[int], list[int]]:
    """Fill a store; returns the ids of its companies and of its people."""
    chance = Random(seed)
    with store.write(Text("Everything added")) as session:
        return _Furnishing(session, store, chance).all()


class _Furnishing:
    def __init__(self, session: Session, store: Store, chance: Random) -> None:
        self._session, self._store, self._chance = session, store, chance

    def all(self) -> tuple[list[int], list[int]]:
        """The records, then what hangs on them."""
        pick = self._chance.choice
        companies = [self._add(self._company(number)) for number in range(5)]
        people = [self._add(self._person(number)) for number in range(5)]
        tags = [self._add(Tag(name=name, sort_key=sort_key(name))) for name in ("Messe", "Stamm", "Presse")]
        content = self._add(Content(hash=sha256(b"").hexdigest(), size=0, at=self._store.clock.now()))
        fields = self._fields()
        for company in companies:
            self._reach(company_id=company)
            for person in self._chance.sample(people, 2):
                self._add(CompanyPerson(company_id=company, person_id=person, role=pick(_ROLES), position=pick((0, 1))))
            for tag in self._chance.sample(tags, 2):
                self._add(CompanyTag(company_id=company, tag_id=tag))
            self._add(Step(company_id=company, user_id=1, due_on=day_number(self._store.today()), text="Anrufen"))
        for person in people:
            self._reach(person_id=person)
            for tag in self._chance.sample(tags, 2):
                self._add(PersonTag(person_id=person, tag_id=tag))
        for owner in [{"company_id": each} for each in companies] + [{"person_id": each} for each in people]:
            self._values(owner, fields)
            note = self._add(Note(**owner, kind="call", at=self._store.clock.now(), text="Gespräch"))
            for person in self._chance.sample(people, 2):
                self._add(NotePerson(note_id=note, person_id=person))
            self._add(Attachment(**owner, content_id=content, at=self._store.clock.now(), name="a.pdf", mime="x/y"))
        for number in range(8):
            self._lead(number, companies, people)
        return companies, people

    def _add(self, row: Any) -> int:
        self._session.add(row)
        self._session.flush()
        return int(row.id)

    def _company(self, number: int) -> Company:
        name = f"{self._chance.choice(_NAMES)} {self._chance.choice(_NAMES)} {number} GmbH"
        pick = self._chance.choice
        return Company(
            **self._common("company", name), number=pick((None, "K-1", f"K-{number}")), is_customer=pick((True, False)),
            is_supplier=pick((True, False)), industry=pick(("", "Bau", "Handel")), size=pick((None, "2-9", "10-49")),
        )  # fmt: skip

    def _person(self, number: int) -> Person:
        name, pick = f"Anna {self._chance.choice(_NAMES)}-{number}", self._chance.choice
        return Person(
            **self._common("person", name), salutation=pick(("", "ms")), prefix=pick(("", "Dr.")),
            birthday=pick((None, 4_000, 4_001)),
        )  # fmt: skip

    def _common(self, table: str, name: str) -> dict[str, Any]:
        pick, now = self._chance.choice, self._store.clock.now()
        given = pick(("", "Anna")) if table == "person" else ""
        order, search = keys_of(table, name, given)
        return {
            "name": name, "sort_key": order, "search_key": search, "created_at": now,
            **({"given": given} if given else {}),
            "user_id": pick((None, 1)), "info": pick(("", "Parkt im Hof", "Ruft gern an")),
            "archived_at": pick((None, None, now)), "touch_target": pick((None, 30)),
        }  # fmt: skip

    def _reach(self, **owner: int) -> None:
        for kind, values in (("phone", ("+4922110", "+4922111", "+4922112")), ("mail", ("a@b.de", "c@d.de"))):
            for position, value in enumerate(self._chance.sample(values, 2)):
                label = self._chance.choice(("", "work"))
                self._add(ContactPoint(**owner, kind=kind, label=label, value=value, key=value, position=position))
        code, town = self._chance.choice(_TOWNS)
        street = self._chance.choice(("Hauptstraße 5", "Hauptstr. 5", "Am Wall 1"))
        self._add(
            Address(**owner, label="", street=street, extra="", postcode=code, city=town, region="", country="DE",
                    sort_key=sort_key(town), position=0)
        )  # fmt: skip

    def _fields(self) -> list[tuple[str, str, int, list[int]]]:
        found = []
        for entity in ("company", "person"):
            for number, kind in enumerate(("text", "choices", "choice", "day")):
                field = self._add(
                    Field(entity=entity, kind=kind, name=f"{entity} {kind}", help="", unit="", position=number)
                )
                options = []
                if kind in ("choice", "choices"):
                    options = [self._add(FieldOption(field_id=field, name=f"o{n}", position=n)) for n in range(3)]
                found.append((entity, kind, field, options))
        return found

    def _values(self, owner: dict[str, int], fields: list[tuple[str, str, int, list[int]]]) -> None:
        for entity, kind, field, options in fields:
            if f"{entity}_id" not in owner or self._chance.random() < 0.3:
                continue
            many = self._chance.sample(options, 2 if kind == "choices" else 1) if options else [None]
            for option in many:
                word = self._chance.choice(("rot", "blau")) if kind == "text" else None
                day = self._chance.choice((20_000, 20_001)) if kind == "day" else None
                self._add(FieldValue(field_id=field, option_id=option, text=word, key=word, day=day, **owner))

    def _lead(self, number: int, companies: list[int], people: list[int]) -> None:
        pick, now = self._chance.choice, self._store.clock.now()
        lead = self._add(
            Lead(
                title=f"Lead {number}", status="active", stage_id=1, amount_minor=1000, currency="EUR", budget="once",
                created_at=now, activated_on=day_number(self._store.today()), company_id=pick(companies),
                person_id=pick((None, *people)), recommender_company_id=pick((None, *companies)),
                recommender_person_id=pick((None, *people)), deleted_at=pick((None, None, None, now)),
            )
        )  # fmt: skip
        day = day_number(self._store.today())
        self._add(StageEntry(lead_id=lead, stage_id=1, entered_at=now, entered_on=day, probability=2))
        for position, person in enumerate(self._chance.sample(people, 2)):
            self._add(LeadPerson(lead_id=lead, person_id=person, role=pick(_ROLES), position=position))
