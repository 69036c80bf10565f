"""Which pages the settings have, and by which words each is found. Pages are built when first shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.core.folding import search_key
from app.core.i18n import N_, tr
from app.core.roles import Act
from app.core.settings import APPEARANCE, BACKUP, DATA, FORMATS, LEADS, PAGES, REMINDERS, START, Page, Setting
from app.core.terms import Entity
from app.services.setup import several
from app.ui.settings.generic import GenericPage, shown_settings, words_of

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.launch import Coming

_ICONS = {APPEARANCE: "contrast", FORMATS: "globe", LEADS: "funnel", START: "play"}


@dataclass(frozen=True)
class PageSpec:
    """A page: `words` are marked texts by which it is found beside its title and its settings.

    `right` is what one has to be allowed to do to change something on it: else it is shown to be read. None where
    everybody may, or the page sees to it itself.
    """

    key: str
    title: str
    icon: str
    build: Callable[[], QWidget]
    words: tuple[str, ...] = ()
    settings: Sequence[Setting[Any]] = ()
    right: Act | None = None

    def searched(self) -> list[str]:
        """The folded texts that a search looks through."""
        own = [search_key(tr(text)) for text in (self.title, *self.words)]
        return own + [words_of(setting) for setting in self.settings]


def all_pages(
    context: "Context", restore: Callable[[Path], object] | None, reopen: "Callable[[Coming], object] | None",
    about: Entity,
) -> list[PageSpec]:  # fmt: skip
    """The pages in their order: what the user prefers, then the lists the agency works with.

    Where there is something for each kind of records, that of those that they are `about` is shown at first.
    """
    apart = (BACKUP, REMINDERS) if several(context.office.store) else (BACKUP, REMINDERS, START)
    generic = [_generic(context, page) for page in PAGES if page not in apart and shown_settings(page)]
    own = (*generic, _reminders(context), *_profile(context))
    return [*own, *_lists(context, about), *_data(context, restore, reopen)]


def _generic(context: "Context", page: Page) -> PageSpec:
    settings = shown_settings(page)
    return PageSpec(
        page.key, page.label, _ICONS.get(page, "settings"), lambda: GenericPage(context, settings), settings=settings
    )


def _reminders(context: "Context") -> PageSpec:
    from app.ui.settings.reminders import RemindersPage

    return PageSpec(
        REMINDERS.key, REMINDERS.label, "bell", lambda: RemindersPage(context),
        (N_("Start with the system, in the tray"), N_("Paused until"), N_("Tray")), shown_settings(REMINDERS),
    )  # fmt: skip


def _profile(context: "Context") -> list[PageSpec]:
    from app.ui.settings.notices import NoticesPage
    from app.ui.settings.profile import ProfilePage

    return [
        PageSpec("profile", N_("My profile"), "user", lambda: ProfilePage(context),
                 (N_("Photo"), N_("E-mail"), N_("Password"), N_("Deputy"), N_("Absences"))),
        PageSpec("notices", N_("My notifications"), "bell", lambda: NoticesPage(context),
                 (N_("Birthdays"), N_("Dates"), N_("Time of day"), N_("All dates of a day in one window"))),
    ]  # fmt: skip


def _lists(context: "Context", about: Entity) -> list[PageSpec]:
    from app.ui.settings import lists
    from app.ui.settings.currencies import CurrenciesPage
    from app.ui.settings.goals import GoalsPage
    from app.ui.settings.own_fields import OwnFieldsPage
    from app.ui.settings.stages import StagesPage
    from app.ui.settings.team import TeamPage

    return [
        PageSpec("stages", N_("Stages"), "stage", lambda: StagesPage(context),
                 (N_("Probability"), N_("Idle days"), N_("Required fields"), N_("Colour"), N_("Funnel")),
                 right=Act.LISTS),
        PageSpec("reasons", N_("Reasons"), "flag", lambda: lists.ReasonsPage(context),
                 (N_("Won"), N_("Lost"), N_("Dropped")), right=Act.LISTS),
        PageSpec("sources", N_("Sources"), "pin", lambda: lists.sources_page(context), right=Act.LISTS),
        PageSpec("tags", N_("Tags"), "tag", lambda: lists.tags_page(context), right=Act.LISTS),
        PageSpec("own_fields", N_("Own fields"), "columns", lambda: OwnFieldsPage(context, about),
                 (N_("Options"), N_("Required"), N_("Birthdays"), N_("Date"), N_("Unit")), right=Act.LISTS),
        PageSpec("people", N_("Team"), "users", lambda: TeamPage(context),
                 (N_("Initials"), N_("Responsible"), N_("People"), N_("Team role"), N_("Rights"), N_("Deputy"),
                  N_("Absences"), N_("Working hours"), N_("Password"), N_("Photo"))),
        PageSpec("goals", N_("Revenue goals"), "flag", lambda: GoalsPage(context),
                 (N_("Goal"), N_("Team"), N_("Month"), N_("Quarter"), N_("Year")), right=Act.LISTS),
        PageSpec("currencies", N_("Currencies"), "chart", lambda: CurrenciesPage(context),
                 (N_("Base currency"), N_("Exchange rates")), right=Act.LISTS),
    ]  # fmt: skip


def _data(
    context: "Context", restore: Callable[[Path], object] | None, reopen: "Callable[[Coming], object] | None"
) -> list[PageSpec]:  # fmt: skip
    from app.ui.settings.backups import BackupsPage
    from app.ui.settings.data import DataPage
    from app.ui.settings.trash import TrashPage

    return [
        PageSpec(DATA.key, DATA.label, "pin", lambda: DataPage(context, reopen),
                 (N_("Team server"), N_("On this device"), N_("Password"), N_("Encryption"), N_("Certificate"),
                  N_("Database"), N_("Server"))),
        PageSpec("backup", BACKUP.label, "restore", lambda: BackupsPage(context, restore),
                 (N_("Back up now"), N_("Restore …")), shown_settings(BACKUP), Act.BACKUP),
        PageSpec("trash", N_("Trash"), "trash", lambda: TrashPage(context),
                 (N_("What was deleted"), N_("Restore"), N_("Empty the trash …"))),
    ]  # fmt: skip
