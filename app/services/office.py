"""Everything that can be done with one open store, built once and handed round."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.backup import Backups
from app.services.board import Board
from app.services.catalogue import Catalogue
from app.services.forecast import Forecast
from app.services.funnel import Funnel
from app.services.goals import Goals
from app.services.history import History
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.leads_behind import LeadsBehind
from app.services.metrics import Metrics
from app.services.rates import Rates
from app.services.recent import Recent
from app.services.reminders import Reminders
from app.services.saved_views import SavedViews
from app.services.stages import Stages
from app.services.today import Today

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.lock import StoreLock


@dataclass(frozen=True)
class Office:
    """The services of a store."""

    store: "Store"
    leads: Leads
    lists: LeadList
    board: Board
    stages: Stages
    catalogue: Catalogue
    rates: Rates
    history: History
    goals: Goals
    forecast: Forecast
    funnel: Funnel
    metrics: Metrics
    behind: LeadsBehind
    views: SavedViews
    today: Today
    recent: Recent
    reminders: Reminders
    backups: Backups
    lock: "StoreLock | None" = None

    @classmethod
    def of(
        cls, store: "Store", backup_folder: Path, lock: "StoreLock | None" = None,
        strict: Callable[[], bool] = lambda: False,
    ) -> "Office":  # fmt: skip
        """The services of `store`; backups go to `backup_folder`. `lock` is released when the office closes.

        `strict` tells whether something has to follow each finished step.
        """
        lists = LeadList(store)
        return cls(
            store=store,
            leads=Leads(store, strict),
            lists=lists,
            board=Board(store, lists),
            stages=Stages(store),
            catalogue=Catalogue(store),
            rates=Rates(store),
            history=History(store),
            goals=Goals(store),
            forecast=Forecast(store),
            funnel=Funnel(store),
            metrics=Metrics(store),
            behind=LeadsBehind(store),
            today=Today(store),
            recent=Recent(store),
            views=SavedViews(store),
            reminders=Reminders(store),
            backups=Backups(store, backup_folder),
            lock=lock,
        )

    def close(self) -> None:
        """Close the store and let others have the folder."""
        self.store.close()
        if self.lock is not None:
            self.lock.release()
