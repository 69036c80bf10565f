"""The composition root: the one file that knows every layer and puts them together.

The window is loaded only when one is asked for; the command line never pays for it.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import i18n, paths
from app.core.clock import Clock, FixedClock, SystemClock
from app.core.errors import DiskFull, Locked, ReadOnly
from app.core.format import Formats
from app.core.i18n import Plural, Text
from app.core.roles import Role
from app.core.settings import BACKUP_FOLDER, COUNTRY, LANGUAGE, LAST_USER, STRICT, TEAM, Settings
from app.core.system import home_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.models.store import Store
    from app.services.office import Office
    from app.services.teamwork import Address, Membership
    from app.ui.launch import Launch

SETTINGS_FILE = "settings.json"

#: What a new store reckons with, by country: base currency and time zone.
_COUNTRIES = {
    "AT": ("EUR", "Europe/Vienna"),
    "CH": ("CHF", "Europe/Zurich"),
    "GB": ("GBP", "Europe/London"),
    "US": ("USD", "America/New_York"),
}
_ELSEWHERE = ("EUR", "Europe/Berlin")


@dataclass(frozen=True)
class Options:
    """What the options before the command say; None where they say nothing."""

    data: Path | None = None
    user: str | None = None
    today: date | None = None
    language: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What there is before a store is open: the data folder, the settings, and how things are worded.

    `team` is set where the folder is that of a replica; `tell` hears how far the first fetch of it is. `given` is the
    team with which the window begins whatever the settings say.
    """

    options: Options
    folder: Path
    settings: Settings
    formats: Formats
    team: "Membership | None" = None
    given: "Membership | None" = None
    tell: Callable[[int, int], object] = lambda done, total: None

    @property
    def time_zone(self) -> str:
        """The time zone a new store of this country reckons in."""
        return _COUNTRIES.get(self.formats.country, _ELSEWHERE)[1]

    @property
    def currency(self) -> str:
        """The base currency of a new store of this country."""
        return _COUNTRIES.get(self.formats.country, _ELSEWHERE)[0]

    @property
    def facts(self) -> Mapping[str, str]:
        """What a new store or team of this country begins with."""
        country = home_of(self.formats.country)
        return {"base_currency": self.currency, "country": country, "time_zone": self.time_zone}

    @property
    def clock(self) -> Clock:
        """The machine's clock, or one that stands at `--today`."""
        zone = _zone(self)
        return SystemClock(zone) if self.options.today is None else FixedClock.at(self.options.today, zone)

    @property
    def backup_folder(self) -> Path:
        """Where backups go: the folder that was chosen, else one beside the data."""
        from app.models.place import backups_of

        chosen = self.settings[BACKUP_FOLDER]
        return Path(chosen) if chosen else backups_of(self.folder)


def surroundings(options: Options) -> Surroundings:
    """Read the settings and choose the language: everything short of opening the store."""
    settings = Settings(paths.config_dir(options.data) / SETTINGS_FILE)
    if options.language is not None:
        settings.speak(options.language)
    formats = speak(options.language or settings[LANGUAGE], settings[COUNTRY])
    return Surroundings(options, paths.data_dir(options.data), settings, formats)


def speak(language: str, country: str) -> Formats:
    """Word everything in this language and in the manner of this country from now on."""
    formats = Formats(language, country)
    i18n.use(language, paths.resources_dir() / "i18n", formats.show, swiss=country == "CH")
    return formats


def has_store(around: Surroundings) -> bool:
    """Whether the data folder has a store already."""
    from app.models import place  # before the frame is painted: without SQLAlchemy

    return place.exists(around.folder)


def open_store(around: Surroundings, origin: str, *, held: bool = False) -> "Store":
    """Open the store of the data folder, making one with the usual stages if there is none. Raises StorageError.

    The actor is the member that `--user` names, else the one who worked here last, else the first. An older store is
    brought forward by whoever holds the folder, as a window does already (`held`). With a team it is who signs in.
    """
    from app.services import setup
    from app.services.rates import Rates

    store = _open_own(around, origin, held=held) if around.team is None else _open_replica(around, origin)
    store.given_day = around.options.today
    if not store.shared:
        with suppress(Locked, ReadOnly, DiskFull):  # read as what they mean the numbers are all the same
            setup.settle_country(store)
    if store.given_day is None:
        with suppress(Locked, ReadOnly, DiskFull):  # the figures of another day's rates are better than none
            Rates(store).turn_of_day()
    return store


def _open_replica(around: Surroundings, origin: str) -> "Store":
    from app.services.teamwork import open_team

    assert around.team is not None
    return open_team(
        around.folder, around.team, origin=origin, local=not paths.is_network_drive(around.folder),
        clock=around.clock if around.options.today is not None else None, tell=around.tell,
    )  # fmt: skip


def _open_own(around: Surroundings, origin: str, *, held: bool) -> "Store":
    from app.models import opening
    from app.services import setup
    from app.services.lock import gate

    folder = around.folder
    local = not paths.is_network_drive(folder)
    clock = around.clock if around.options.today is not None else None
    with gate(folder), ExitStack() as alone:
        if opening.exists(folder):
            store = opening.open_store(
                folder, origin=origin, local=local, clock=clock,
                before_migration=lambda: _before_migration(around, None if held else alone),
            )  # fmt: skip
        else:
            store = opening.create_store(
                folder, origin=origin, local=local, clock=clock, furnish=setup.seed, **around.facts
            )
    setup.choose_actor(store, around.options.user, around.settings[LAST_USER])
    return store


def _before_migration(around: Surroundings, alone: ExitStack | None) -> Path:
    """Take the folder until `alone` ends (None: it is ours already); gives the file for the backup. Raises Locked."""
    from zoneinfo import ZoneInfo

    from app.services.backup import Reason, target_in
    from app.services.lock import StoreLock

    if alone is not None:
        alone.enter_context(StoreLock(around.folder, around.clock))
    now = SystemClock(ZoneInfo(around.time_zone)).now()  # copies are named after the machine's clock, given day or not
    return target_in(around.backup_folder, Reason.MIGRATION, now)


def at_team(around: Surroundings, mine: "Membership") -> Surroundings:
    """The same for a window that works with this team until it ends: the settings stay as they are on the disk.

    Raises InvalidInput for an address that no setting takes.
    """
    from app.services.team_home import settings_of

    last = {LAST_USER: around.settings[LAST_USER]}  # who comes in there is not who works on this device
    around.settings.lend({**settings_of(mine.address), **last})
    return replace(around, options=replace(around.options, user=None), given=mine)


def run_window(around: Surroundings) -> int:
    """Show the window; returns the exit code when it is closed."""
    from app.ui.application import Application

    return Application(launch_of(around)).run()


def _zone(around: Surroundings) -> "ZoneInfo":
    from zoneinfo import ZoneInfo  # not before the frame is painted

    return ZoneInfo(around.time_zone)


def launch_of(around: Surroundings) -> "Launch":
    """What the window is given to begin with."""
    from app.ui.launch import Launch

    return Launch(
        folder=around.folder, place=_place(around), settings=around.settings, formats=around.formats,
        zone=lambda: _zone(around),
        has_store=lambda: around.settings[TEAM] or has_store(around),
        held=lambda: around.settings[TEAM] or _held(around), speak=speak,
        open_office=lambda: _open_office(around),
        open_team=lambda password, keep, tell: _open_team_office(around, password, keep, tell),
        backup_folder=lambda: around.backup_folder, furnish=_furnish,
        restore=lambda file: _restore(around, file), begin_log=lambda: _begin_log(around),
        user=around.options.user, hidden=around.options.hidden,
    )  # fmt: skip


def _place(around: Surroundings) -> Path:
    """Of what there is one window: the data folder, or the replica of the team that was named for this run."""
    return around.folder if around.given is None else around.given.folder(around.folder)


def _held(around: Surroundings) -> bool:
    from app.models import place

    return place.may_be_held(around.folder)


def _begin_log(around: Surroundings) -> tuple[str | None, Callable[[], None]]:
    from app.core import log

    folder = paths.log_dir(around.options.data)
    crash = log.last_crash(folder)
    return crash, log.set_up(folder, crashes=True)


def _open_office(around: Surroundings) -> "Office":
    from app.services.lock import StoreLock
    from app.services.office import Office

    with ExitStack() as unless_open:
        lock = unless_open.enter_context(StoreLock(around.folder, around.clock))
        # the welcome may have chosen another language and country since the program began
        worded = speak(i18n.language(), around.settings[COUNTRY])
        store = open_store(replace(around, formats=worded), "window", held=True)
        cache = paths.cache_dir(around.options.data)
        office = Office.of(store, around.backup_folder, lock, lambda: around.settings[STRICT], cache)
        office.opened.clear()  # what was left when the program did not end by itself
        unless_open.pop_all()
    return office


def _open_team_office(
    around: Surroundings, password: str | None, keep: bool, tell: Callable[[int, int], object]
) -> "Office":  # fmt: skip
    """The replica of the team that the settings name, as the person of whom this is the password.

    None stands for the one that was given with the address, or is in the system's keyring. A typed one goes
    there if it is to be kept, and else out of it.
    """
    from app.services import team_keys
    from app.services.lock import StoreLock
    from app.services.office import Office
    from app.services.team_home import address_in
    from app.services.teamwork import Membership

    address = address_in(around.settings, password or "")
    if password is None:
        address = replace(address, password=_given_password(around, address) or team_keys.kept(address) or "")
    mine = Membership(address)
    there = replace(around, folder=mine.folder(around.folder), team=mine, tell=tell)
    with ExitStack() as unless_open:
        store = open_store(there, "window")
        unless_open.callback(store.close)
        lock = unless_open.enter_context(StoreLock(there.folder, around.clock))
        if password is not None:
            (team_keys.keep if keep else team_keys.forget)(address)
        cache = paths.cache_dir(around.options.data)
        if around.given is not None:  # beside it there may be a window with what the settings say
            cache /= _place(around).name
        office = Office.of(store, around.backup_folder, lock, lambda: around.settings[STRICT], cache)
        office.opened.clear()  # what was left when the program did not end by itself
        unless_open.pop_all()
    return office


def _given_password(around: Surroundings, address: "Address") -> str:
    """The password that came with the address of this run, for that one only."""
    given = None if around.given is None else around.given.address
    return given.password if given is not None and replace(given, password="") == address else ""


def _furnish(office: "Office", name: str, initials: str, demo: bool) -> None:
    from app.services.demo import fill
    from app.services.setup import add_member

    if demo:
        fill(office.store)
    if not name:
        return
    member = add_member(office.store, name, Role.OWNER if demo else None)  # all of the demo is theirs to try
    shown = next(entry.detail for entry in office.catalogue.all("member") if entry.id == member)
    if initials and shown != initials:
        office.catalogue.set_initials(member, initials)


def _restore(around: Surroundings, file: Path) -> Text:
    from app.services.backup import restore

    done = restore(around.folder, file, around.clock)
    if done.kept is None:
        return Plural("{n} lead restored.", "{n} leads restored.", n=done.leads)
    return Plural(
        "{n} lead restored. What stood there before is kept as {name}.",
        "{n} leads restored. What stood there before is kept as {name}.",
        n=done.leads, name=done.kept.name,
    )  # fmt: skip
