"""The verbs of a company. Each is one write: one step to undo, one line in the history, one message on the feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.services import affiliations, company_fields, steps
from app.services.affiliations import Who
from app.services.company_fields import CompanyFields
from app.services.lead_fields import NextStep
from app.services.record_verbs import LATE, RecordVerbs, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Companies(RecordVerbs):
    """Changes the companies of a store."""

    owner = "company"
    labels = company_fields.LABELS
    words = Words(
        changed=lambda n, fields: Plural(
            "{n} company changed: {fields}", "{n} companies changed: {fields}", n=n, fields=fields
        ),
        tagged=lambda n: Plural("Tags of {n} company changed", "Tags of {n} companies changed", n=n),
        archived=lambda n: Plural("{n} company archived", "{n} companies archived", n=n),
        unarchived=lambda n: Plural("{n} company is no longer archived", "{n} companies are no longer archived", n=n),
        deleted=lambda n: Plural("{n} company deleted", "{n} companies deleted", n=n),
        restored=lambda n: Plural("{n} company restored", "{n} companies restored", n=n),
        linked=lambda n: Plural("People of {n} company changed", "People of {n} companies changed", n=n),
        gone=Text("A company has been deleted in the meantime."),
        not_trashed=Text("A company is no longer in the trash."),
    )

    def create(self, **fields: Unpack[CompanyFields]) -> int:
        """A new company; returns its id. One of the same name may be there already."""
        from app.models.schema import Company

        label = Text("Company “{name}” created", name=one_line(fields.get("name", ""))[:300])
        company = Company(created_at=self._store.clock.now())
        return self._create(label, company, {"name": "", **fields}, (*LATE, "people"))

    def edit(self, ids: Sequence[int], **fields: Unpack[CompanyFields]) -> None:
        """Change fields; those not named stay."""
        self._edit(ids, fields)

    def link(self, ids: Sequence[int], person_id: Who, role: str | None = None) -> None:
        """Let a person work for these companies, as what (None: as it is); one named is made if there is none.

        Raises NotFound.
        """

        def change(session: "Session", companies: Sequence[Any]) -> None:
            person = affiliations.found_person(session, self._store, person_id)
            if person is not None:
                affiliations.link(session, [company.id for company in companies], [person.id], role)

        self._each(ids, Text("People of “{name}” changed"), self.words.linked(len(ids)), change)

    def unlink(self, ids: Sequence[int], person_id: int) -> None:
        """Let a person work for none of these companies."""

        def change(session: "Session", companies: Sequence[Any]) -> None:
            affiliations.unlink(session, [company.id for company in companies], [person_id])

        self._each(ids, Text("People of “{name}” changed"), self.words.linked(len(ids)), change)

    def set_next_step(self, ids: Sequence[int], step: NextStep) -> None:
        """Give each company this next step; an open one of its own is changed, otherwise a step is added.

        Those of its leads have nothing to do with it.
        """

        def change(session: "Session", companies: Sequence[Any]) -> None:
            steps.replace(session, self._store, [(company, step) for company in companies])

        one = Text("Next step of “{name}”: {day}", day=step.on)
        many = Plural(
            "Next step set for {n} company: {day}", "Next step set for {n} companies: {day}", n=len(ids), day=step.on
        )
        self._each(ids, one, many, change)

    def finish_step(
        self, ids: Sequence[int], then: NextStep | None = None, *, series: bool = True, step_id: int | None = None,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Tick off the next open step of the companies themselves (or the one of that id), and set the one after it. It
        was done `at` that moment, else now.

        A step that comes again is put down anew for its next day, unless its `series` ends here. Raises InvalidInput
        for a company without such a step.
        """

        def change(session: "Session", companies: Sequence[Any]) -> None:
            steps.finish(session, self._store, steps.expected(session, companies, step_id), series=series, at=at)
            if then is not None:
                for company in companies:
                    steps.put(session, self._store, company, None, then)

        many = Plural("{n} step finished", "{n} steps finished", n=len(ids))
        self._each(ids, Text("Step of “{name}” finished"), many, change)

    def clear_next_step(self, ids: Sequence[int]) -> None:
        """Remove the next open step without having done it."""

        def change(session: "Session", companies: Sequence[Any]) -> None:
            steps.replace(session, self._store, [(company, None) for company in companies])

        many = Plural("{n} step removed", "{n} steps removed", n=len(ids))
        self._each(ids, Text("Next step of “{name}” removed"), many, change)

    def _set(self, session: "Session", records: Sequence[Any], fields: Mapping[str, Any]) -> None:
        company_fields.change(session, self._store, records, fields)
