"""What a new lead begins with where it is made in a place that says so."""

from dataclasses import dataclass

from app.services.somebody import Meant


@dataclass(frozen=True)
class Start:
    """A stage, a member, a month (number), a source, a title, a company, a contact; the form stands open with it."""

    stage_id: int | None = None
    user_id: int | None = None
    month: int | None = None
    source: str = ""
    title: str = ""
    company: Meant | None = None
    person: Meant | None = None
