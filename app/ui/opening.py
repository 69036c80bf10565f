"""What is loaded by threads while the window is painted: the data, and the parts of the program that show them."""

from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from app.core.settings import ASK_WHO, LAST_USER, TEAM
from app.ui.jobs import Progress
from app.ui.launch import AT_START, Coming

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.services.arrival import Arrival
    from app.services.office import Office
    from app.ui.context import Context
    from app.ui.guard import Guard
    from app.ui.jobs import Jobs
    from app.ui.launch import Launch
    from app.ui.main_window import MainWindow
    from app.ui.theme import Theme
    from app.ui.welcome.dialog import Welcome

#: What the first page needs of the ui, loaded beside the store: on its own thread the window would stand still for it.
_OF_THE_FIRST_PAGE = ("app.ui.window_tasks", "app.ui.context", "app.ui.dialogs")
#: What the program does by itself, and the tabs one goes to next: loaded by a thread once the first page is painted.
_LEADS = "app.ui.leads.tab"
_QUESTION = "app.ui.arrival.asking"
_AFTERWARDS = ("app.ui.background", "app.ui.overview.tab", _LEADS, "app.ui.upkeep")


def open_office(
    launch: "Launch", formats: "Formats", front: str, welcome: "Welcome | None", progress: Progress,
    keep: Callable[["Office"], object], coming: Coming = AT_START,
) -> "tuple[Office, Arrival | None]":  # fmt: skip
    """The open store, new and furnished after a `welcome`; `front` is the module of the tab that is shown first.

    With it comes what has to be asked before anything of it is shown. `keep` takes the store before this returns: from
    there on whoever keeps it closes it.
    """
    for module in (*_OF_THE_FIRST_PAGE, front):
        import_module(module)
    formats.percent(0)  # reads how figures look in the country
    with ExitStack() as unless_wanted:
        office = _opened(launch, coming, progress)
        unless_wanted.callback(office.close)
        if welcome is not None:
            launch.furnish(office, welcome.name, welcome.initials, welcome.start == "demo")
        asked = None if welcome is not None else _who_comes(office, launch, coming)
        if asked is not None:
            import_module(_QUESTION)
        elif office.lists.is_empty():  # the window begins with them then
            import_module(_LEADS)
        progress.report(0, 0)  # the window may have been closed meanwhile
        unless_wanted.pop_all()
        keep(office)
    return office, asked


def _opened(launch: "Launch", coming: Coming, progress: Progress) -> "Office":
    if launch.settings[TEAM]:
        return launch.open_team(coming.password, coming.keep, progress.report)
    return launch.open_office()


def _who_comes(office: "Office", launch: "Launch", coming: Coming) -> "Arrival | None":
    """What has to be asked; None where it is plain who works here, whom the store knows then."""
    from app.services.setup import several

    if office.store.shared:  # the server knows that
        return None
    if coming.member is not None and coming.shown:
        office.store.actor_id = coming.member
        return None
    if coming.member is None and not several(office.store):
        return None
    from app.services.arrival import arrival

    settings = launch.settings
    ask = settings[ASK_WHO] and not coming.quietly and launch.user is None
    return arrival(office, launch.user or settings[LAST_USER], ask=ask, back=coming.member)


def load_afterwards(_progress: Progress) -> object:
    """The modules that are needed once the first page is painted."""
    return [import_module(module) for module in _AFTERWARDS]


def context_in(
    window: "MainWindow", office: "Office", launch: "Launch", formats: "Formats", theme: "Theme", memory: QSettings,
    jobs: "Jobs", guard: "Guard",
) -> "Context":  # fmt: skip
    """What the tabs of this window are given."""
    from app.ui.bridge import FeedBridge
    from app.ui.context import Context
    from app.ui.dialogs import QtDialogs

    return Context(
        office, launch.settings, formats, theme, QtDialogs(window, memory), jobs, FeedBridge(office.store.feed, window),
        window.status.say, guard.do,
    )  # fmt: skip
