"""The rows of which a company or person consists, as a card has them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.folding import person_key, search_key, sort_key
from app.core.place import Place
from app.services.cards.card import Photo
from app.services.contact_files.draft import Draft, Kind, Reach
from app.services.own_fields import fields_in
from app.services.own_values import OwnValue, columns_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Of the columns by which names and towns are sorted and found: folding makes some letters two.
_LONGEST, _LONGEST_PLACE = 300, 200


class Rows:
    """Makes them within one write; whoever asks adds them to the session."""

    def __init__(self, session: "Session", now: datetime) -> None:
        self._session = session
        self._now = now
        known = session.connection().execute(text("SELECT id, name FROM tag WHERE deleted_at IS NULL ORDER BY id DESC"))
        self._fields = {field.id: field for field in fields_in(session.connection())}
        self._tags: dict[str, int] = {sort_key(name): number for number, name in known}

    def company(self, name: str, info: str = "", columns: Mapping[str, Any] | None = None) -> Any:
        """A company without anything that hangs on it."""
        from app.models.schema import Company

        return Company(**self._called(name, sort_key(name)), info=info, **(columns or {}))

    def person(self, draft: Draft) -> Any:
        """A person without anything that hangs on them, except for the photo."""
        from app.models.schema import Person

        key = person_key(draft.name, draft.given, draft.family)
        return Person(
            **self._called(draft.name, key), salutation=draft.salutation, prefix=draft.prefix, given=draft.given,
            family=draft.family, birthday=draft.birthday, info=draft.info, photo_id=self.photo(draft.photo),
            **draft.columns,
        )  # fmt: skip

    def _called(self, name: str, order: str) -> dict[str, Any]:
        keys = {"sort_key": order[:_LONGEST], "search_key": search_key(name)[:_LONGEST]}
        return {"name": name, **keys, "created_at": self._now}

    def all_of(self, kind: Kind, owner: int, draft: Draft, employer: int | None) -> Iterator[Any]:
        """What hangs on somebody new."""
        counted: dict[str, int] = {}
        for point in draft.points:
            position = counted.get(point.kind, 0)
            counted[point.kind] = position + 1
            yield self.point(kind, owner, point, position)
        for position, place in enumerate(draft.addresses):
            yield self.place(kind, owner, place, position)
        yield from self.marks(kind, owner, draft.tags)
        if draft.employer and employer is not None:
            yield self.link(owner, employer, draft.role, 0)
        yield from self.own(kind, owner, draft.own)

    def own(self, kind: Kind, owner: int, values: Iterable[tuple[int, OwnValue]]) -> Iterator[Any]:
        """Values of own fields that had none; those of fields that are gone by now are left out."""
        from app.models.schema import FieldValue

        for field_id, value in values:
            known = self._fields.get(field_id)
            for columns in columns_of(known, value) if known is not None else ():
                yield FieldValue(**{f"{kind}_id": owner}, field_id=field_id, **columns)

    def point(self, kind: Kind, owner: int, point: Reach, position: int) -> Any:
        """A way to reach the owner."""
        from app.models.schema import ContactPoint

        whose = {f"{kind}_id": owner}
        return ContactPoint(
            **whose, kind=point.kind, label=point.label, value=point.value, key=point.key, position=position
        )

    def place(self, kind: Kind, owner: int, place: Place, position: int) -> Any:
        """Where the owner is."""
        from app.models import schema

        return schema.Address(
            **{f"{kind}_id": owner}, label=place.label, street=place.street, extra=place.extra,
            postcode=place.postcode, city=place.city, region=place.region, country=place.country,
            sort_key=sort_key(place.city)[:_LONGEST_PLACE], position=position,
        )  # fmt: skip

    def marks(self, kind: Kind, owner: int, tags: Iterable[str]) -> Iterator[Any]:
        """The tags the owner carries, made where there are none of that name."""
        from app.models.schema import CompanyTag, PersonTag

        for tag in dict.fromkeys(map(self._tag, tags)):
            of_company = kind == "company"
            yield CompanyTag(company_id=owner, tag_id=tag) if of_company else PersonTag(person_id=owner, tag_id=tag)

    def _tag(self, name: str) -> int:
        from app.models.schema import Tag

        key = sort_key(name)
        if key not in self._tags:
            row = Tag(name=name, sort_key=key)
            self._session.add(row)
            self._session.flush()
            self._tags[key] = row.id
        return self._tags[key]

    def link(self, person: int, company: int, role: str, position: int) -> Any:
        """A person works for a company."""
        from app.models.schema import CompanyPerson

        return CompanyPerson(company_id=company, person_id=person, role=role, position=position)

    def photo(self, photo: Photo | None) -> int | None:
        """The id of the picture among the contents, where equal ones are once."""
        from app.services.contents import draft, put

        if photo is None:
            return None
        return put(self._session.connection(), draft(photo.data), self._now)
