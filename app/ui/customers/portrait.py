"""The photo of a person who is known to the agency."""

from functools import partial
from typing import TYPE_CHECKING

from app.core.roles import Act
from app.ui.portrait import Portrait, Portrayed

if TYPE_CHECKING:
    from app.services.record_detail import PersonDetail
    from app.ui.context import Context


class PersonPortrait(Portrait):
    """Shows a person and lets a picture be given."""

    def __init__(self, context: "Context") -> None:
        super().__init__(context)
        self._office = context.office

    def show_person(self, detail: "PersonDetail") -> None:
        """The photo of this person."""
        records, people, photo = self._office.records, self._office.people, detail.photo_id
        self.show_of(
            Portrayed(
                detail.id, detail.name, photo, lambda: None if photo is None else records.photo(photo),
                partial(people.set_photo, [detail.id]), partial(people.remove_photo, [detail.id]),
                self._context.allowed.why_not(Act.CHANGE),
            )
        )  # fmt: skip
