"""Everything that can be done with one open store, built once and handed round."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.place import data_of
from app.services.backup import Backups
from app.services.catalogue import Catalogue
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.rates import Rates
from app.services.reminders import Reminders
from app.services.stages import Stages
from app.services.today import Today

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.board import Board
    from app.services.companies import Companies
    from app.services.company_list import CompanyList
    from app.services.drafts import Drafts
    from app.services.files import Files
    from app.services.forecast import Forecast
    from app.services.funnel import Funnel
    from app.services.goals import Goals
    from app.services.history import History
    from app.services.leads_behind import LeadsBehind
    from app.services.lock import StoreLock
    from app.services.mail_files import MailFiles
    from app.services.metrics import Metrics
    from app.services.notes import Notes
    from app.services.opened import OpenedFiles
    from app.services.outbox import Outbox
    from app.services.own_fields import OwnFields
    from app.services.people import People
    from app.services.person_list import PersonList
    from app.services.recent import Recent
    from app.services.recommenders import Recommenders
    from app.services.record_detail import RecordDetails
    from app.services.saved_views import SavedViews
    from app.services.somebody import Somebodies
    from app.services.team import Team
    from app.services.timeline import Timelines


@dataclass(frozen=True)
class Office:
    """The services of a store.

    Those that the first page can do without are loaded when they are first asked for: nobody waits for them at the
    start. They keep nothing, so two threads that ask at once may each have their own.
    """

    store: "Store"
    leads: Leads
    lists: LeadList
    stages: Stages
    catalogue: Catalogue
    rates: Rates
    today: Today
    reminders: Reminders
    backups: Backups
    lock: "StoreLock | None" = None
    cache: Path | None = None

    @classmethod
    def of(
        cls, store: "Store", backup_folder: Path, lock: "StoreLock | None" = None,
        strict: Callable[[], bool] = lambda: False, cache: Path | None = None,
    ) -> "Office":  # fmt: skip
        """The services of `store`; backups go to `backup_folder`. `lock` is released when the office closes.

        `strict` tells whether something has to follow each finished step. In `cache` (else beside the store) lie the
        copies of files that are looked at with other programs.
        """
        return cls(
            store=store,
            leads=Leads(store, strict),
            lists=LeadList(store),
            stages=Stages(store),
            catalogue=Catalogue(store),
            rates=Rates(store),
            today=Today(store),
            reminders=Reminders(store),
            backups=Backups(store, backup_folder),
            lock=lock,
            cache=cache,
        )

    @property
    def folder(self) -> Path:
        """The data folder of this device, also where the store is the replica of a team."""
        return data_of(self.store.path)

    @cached_property
    def board(self) -> "Board":
        """The leads as cards in columns."""
        from app.services.board import Board

        return Board(self.store, self.lists)

    @cached_property
    def history(self) -> "History":
        """Who changed what, and undo."""
        from app.services.history import History

        return History(self.store)

    @cached_property
    def outbox(self) -> "Outbox":
        """What waits for the team's server."""
        from app.services.outbox import Outbox

        return Outbox(self.store, self.leads)

    @cached_property
    def drafts(self) -> "Drafts":
        """What was begun to be noted."""
        from app.services.drafts import Drafts

        return Drafts(self.store)

    @cached_property
    def goals(self) -> "Goals":
        """What is to be earned."""
        from app.services.goals import Goals

        return Goals(self.store)

    @cached_property
    def forecast(self) -> "Forecast":
        """What is to be expected, by month."""
        from app.services.forecast import Forecast

        return Forecast(self.store)

    @cached_property
    def funnel(self) -> "Funnel":
        """How leads go through the stages."""
        from app.services.funnel import Funnel

        return Funnel(self.store)

    @cached_property
    def metrics(self) -> "Metrics":
        """The figures of the forecast page."""
        from app.services.metrics import Metrics

        return Metrics(self.store)

    @cached_property
    def behind(self) -> "LeadsBehind":
        """The leads behind a figure."""
        from app.services.leads_behind import LeadsBehind

        return LeadsBehind(self.store)

    @cached_property
    def views(self) -> "SavedViews":
        """Lists as somebody kept them."""
        from app.services.saved_views import SavedViews

        return SavedViews(self.store)

    @cached_property
    def company_list(self) -> "CompanyList":
        """Lists of companies."""
        from app.services.company_list import CompanyList

        return CompanyList(self.store)

    @cached_property
    def person_list(self) -> "PersonList":
        """Lists of people."""
        from app.services.person_list import PersonList

        return PersonList(self.store)

    @cached_property
    def recent(self) -> "Recent":
        """What happened since a day."""
        from app.services.recent import Recent

        return Recent(self.store)

    @cached_property
    def notes(self) -> "Notes":
        """Notes, calls and meetings."""
        from app.services.notes import Notes

        return Notes(self.store)

    @cached_property
    def files(self) -> "Files":
        """Files on records."""
        from app.services.files import Files

        return Files(self.store)

    @cached_property
    def opened(self) -> "OpenedFiles":
        """Copies of files for other programs."""
        from app.services.opened import OpenedFiles

        return OpenedFiles(self.store, self.cache or self.store.path.parent / "cache")

    @cached_property
    def mail_files(self) -> "MailFiles":
        """E-mails that are put on records."""
        from app.services.mail_files import MailFiles

        return MailFiles(self.store)

    @cached_property
    def timelines(self) -> "Timelines":
        """What happened to a record."""
        from app.services.timeline import Timelines

        return Timelines(self.store)

    @cached_property
    def own_fields(self) -> "OwnFields":
        """What the agency keeps beside what the program knows."""
        from app.services.own_fields import OwnFields

        return OwnFields(self.store)

    @cached_property
    def companies(self) -> "Companies":
        """The verbs of a company."""
        from app.services.companies import Companies

        return Companies(self.store)

    @cached_property
    def people(self) -> "People":
        """The verbs of a person."""
        from app.services.people import People

        return People(self.store)

    @cached_property
    def records(self) -> "RecordDetails":
        """Companies and people with all that hangs on them, and whom to get in touch with."""
        from app.services.record_detail import RecordDetails

        return RecordDetails(self.store)

    @cached_property
    def recommenders(self) -> "Recommenders":
        """Who recommended us, and what became of it."""
        from app.services.recommenders import Recommenders

        return Recommenders(self.store)

    @cached_property
    def somebodies(self) -> "Somebodies":
        """Companies and people by what is typed of their names."""
        from app.services.somebody import Somebodies

        return Somebodies(self.store)

    @cached_property
    def team(self) -> "Team":
        """The people of the agency."""
        from app.services.team import Team

        return Team(self.store)

    def close(self) -> None:
        """Close the store, remove the copies that were opened, and let others have the folder."""
        self.opened.clear()
        self.store.close()
        if self.lock is not None:
            self.lock.release()
