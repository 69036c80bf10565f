"""The verbs of a person. Each is one write: one step to undo, one line in the history, one message on the feed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.services import affiliations, person_fields, record_fields
from app.services.affiliations import Who
from app.services.person_fields import PersonFields, composed
from app.services.photos import checked
from app.services.record_verbs import LATE, RecordVerbs, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class People(RecordVerbs):
    """Changes the people of a store."""

    owner = "person"
    labels = person_fields.LABELS
    words = Words(
        changed=lambda n, fields: Plural(
            "{n} person changed: {fields}", "{n} people changed: {fields}", n=n, fields=fields
        ),
        tagged=lambda n: Plural("Tags of {n} person changed", "Tags of {n} people changed", n=n),
        archived=lambda n: Plural("{n} person archived", "{n} people archived", n=n),
        unarchived=lambda n: Plural("{n} person is no longer archived", "{n} people are no longer archived", n=n),
        deleted=lambda n: Plural("{n} person deleted", "{n} people deleted", n=n),
        restored=lambda n: Plural("{n} person restored", "{n} people restored", n=n),
        linked=lambda n: Plural("Companies of {n} person changed", "Companies of {n} people changed", n=n),
        gone=Text("A person has been deleted in the meantime."),
        not_trashed=Text("A person is no longer in the trash."),
    )

    def create(self, **fields: Unpack[PersonFields]) -> int:
        """A new person; returns the id. Somebody of the same name may be there already."""
        from app.models.schema import Person

        name = fields.get("name") or composed(fields.get("given", ""), fields.get("family", ""))
        label = Text("Person “{name}” created", name=one_line(name)[:300])
        person = Person(created_at=self._store.clock.now())
        return self._create(label, person, {"name": "", **fields}, (*LATE, "companies"))

    def edit(self, ids: Sequence[int], **fields: Unpack[PersonFields]) -> None:
        """Change fields; those not named stay."""
        self._edit(ids, fields)

    def link(self, ids: Sequence[int], company_id: Who, role: str | None = None) -> None:
        """Let these people work for a company, as what (None: as it is); one named is made if there is none.

        Raises NotFound.
        """

        def change(session: "Session", people: Sequence[Any]) -> None:
            company = affiliations.found_company(session, self._store, company_id)
            if company is not None:
                affiliations.link(session, [company.id], [person.id for person in people], role)

        self._each(ids, Text("Companies of “{name}” changed"), self.words.linked(len(ids)), change)

    def unlink(self, ids: Sequence[int], company_id: int) -> None:
        """Let none of these people work for a company."""

        def change(session: "Session", people: Sequence[Any]) -> None:
            affiliations.unlink(session, [company_id], [person.id for person in people])

        self._each(ids, Text("Companies of “{name}” changed"), self.words.linked(len(ids)), change)

    def set_photo(self, ids: Sequence[int], data: bytes) -> None:
        """Give a person this picture as photo. Raises InvalidInput for what is none, or a too large one."""
        from app.services.contents import draft, put

        found, now = draft(checked(data)), self._store.clock.now()

        def change(session: "Session", people: Sequence[Any]) -> None:
            record_fields.put(people, photo_id=put(session.connection(), found, now))

        many = Plural("Photo of {n} person changed", "Photo of {n} people changed", n=len(ids))
        self._each(ids, Text("Photo of “{name}” changed"), many, change)

    def remove_photo(self, ids: Sequence[int]) -> None:
        """Let these people have no photo."""

        def change(session: "Session", people: Sequence[Any]) -> None:
            record_fields.put(people, photo_id=None)

        many = Plural("Photo of {n} person removed", "Photo of {n} people removed", n=len(ids))
        self._each(ids, Text("Photo of “{name}” removed"), many, change)

    def _set(self, session: "Session", records: Sequence[Any], fields: Mapping[str, Any]) -> None:
        person_fields.change(session, self._store, records, fields)
