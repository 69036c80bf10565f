"""The settings of a user: one declaration each, from which the dialog, its search, the help and the tests are made.

Stages, reasons and goals are no settings but data; sizes of windows are neither.
"""

import errno
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.core import system
from app.core.errors import DiskFull, InvalidInput, ReadOnly, StorageError
from app.core.files import replacing
from app.core.i18n import N_, Text

#: Of what names a server, a database or somebody there.
_LONGEST_WORD = 255

T = TypeVar("T", str, bool, int)  # bool first: True would be taken for an int


@dataclass(frozen=True)
class Page:
    """One page of the settings dialog."""

    key: str
    label: str


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `label`, `help` and the labels of `choices` (value, label) are marked texts in the source language.

    `check` refuses what neither the type nor choices, minimum and maximum refuse. A setting that is not `shown` is
    kept by the program itself and has no place in the dialog.
    """

    key: str
    default: T
    page: Page
    label: str
    help: str
    choices: tuple[tuple[T, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    check: Callable[[T], bool] | None = None
    shown: bool = True

    def accepts(self, value: Any) -> bool:
        """Whether `value` is one this setting may have."""
        if type(value) is not type(self.default):  # True is no number here
            return False
        if self.choices:
            return any(value == choice for choice, _ in self.choices)
        return self._in_range(value) and (self.check is None or self.check(value))

    def _in_range(self, value: Any) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


def _is_word(text: str) -> bool:
    return text.isprintable() and len(text) <= _LONGEST_WORD


def _is_folder(text: str) -> bool:
    return not text or ("\0" not in text and Path(text).is_absolute())


APPEARANCE = Page("appearance", N_("Appearance"))
FORMATS = Page("formats", N_("Language and formats"))
START = Page("start", N_("Start"))
DATA = Page("data", N_("Data"))
BACKUP = Page("backup", N_("Backup"))
LEADS = Page("leads", N_("Leads"))
REMINDERS = Page("reminders", N_("Reminders"))
KEYS = Page("keys", N_("Keyboard shortcuts"))
PAGES = (APPEARANCE, FORMATS, START, DATA, BACKUP, LEADS, REMINDERS, KEYS)

THEME = Setting(
    "appearance.theme", "system", APPEARANCE, N_("Theme"),
    N_("Light, dark, like the system, or with high contrast."),
    choices=(
        ("system", N_("Like the system")), ("light", N_("Light")), ("dark", N_("Dark")),
        ("contrast", N_("High contrast")),
    ),
)  # fmt: skip
DENSITY = Setting(
    "appearance.density", "comfortable", APPEARANCE, N_("Row height"),
    N_("How much room the rows of lists take."),
    choices=(("comfortable", N_("Comfortable")), ("compact", N_("Compact"))),
)  # fmt: skip
TEXT_SCALE = Setting(
    "appearance.text_scale", 100, APPEARANCE, N_("Text size"),
    N_("Everything grows with it, from 80 to 200 percent."),
    minimum=80, maximum=200, unit="%",
)  # fmt: skip
LANGUAGE = Setting(
    "formats.language", "en", FORMATS, N_("Language"),
    N_("The language of menus, messages and reports."),
    choices=(("de", "Deutsch"), ("en", "English")),
)  # fmt: skip
COUNTRY = Setting(
    "formats.country", "INT", FORMATS, N_("Country"),
    N_("How amounts and dates are written, for example 1.234,50 € or CHF 1'234.50."),
    choices=(
        ("DE", N_("Germany")), ("AT", N_("Austria")), ("CH", N_("Switzerland")), ("GB", N_("United Kingdom")),
        ("US", N_("United States")), ("INT", N_("International")),
    ),
)  # fmt: skip
LAST_USER = Setting(
    "start.last_user", "", START, N_("Last user"),
    N_("Who worked here last; the next start begins as this person."),
    shown=False,
)  # fmt: skip
ASK_WHO = Setting(
    "start.ask_who", True, START, N_("Ask who is working"),
    N_("Where several people share this device, Trichter asks at the start which of them is working. Otherwise it "
       "begins as the one who worked here last, unless that person has a password."),
)  # fmt: skip
TEAM = Setting(
    "data.team", False, DATA, N_("Team server"),
    N_("Whether the data are those of a team's server; those on this device wait meanwhile."),
    shown=False,
)  # fmt: skip
TEAM_HOST = Setting(
    "data.host", "", DATA, N_("Server"), N_("The name of the team's server, or its number (IP)."),
    check=_is_word, shown=False,
)  # fmt: skip
TEAM_PORT = Setting(
    "data.port", 5432, DATA, N_("Port"), N_("Where the server listens; 5432 unless it was set up otherwise."),
    minimum=1, maximum=65535, shown=False,
)  # fmt: skip
TEAM_DATABASE = Setting(
    "data.database", "", DATA, N_("Database"), N_("What the team's database is called on the server."),
    check=_is_word, shown=False,
)  # fmt: skip
TEAM_USER = Setting(
    "data.user", "", DATA, N_("User name"), N_("As whom you sign in at the server."),
    check=_is_word, shown=False,
)  # fmt: skip
TEAM_TLS = Setting(
    "data.tls", "verify-full", DATA, N_("Encryption"),
    N_("How the connection is encrypted, and whether the server has to show that it is the right one."),
    choices=(
        ("verify-full", N_("Encrypted, with a verified server")), ("require", N_("Encrypted, whoever answers")),
        ("disable", N_("Not encrypted")),
    ),
    shown=False,
)  # fmt: skip
TEAM_AUTHORITY = Setting(
    "data.authority", "", DATA, N_("Certificate"),
    N_("File with the certificate of the authority that signed the server's; empty for those the system knows."),
    check=_is_folder, shown=False,
)  # fmt: skip
BACKUP_FOLDER = Setting(
    "backup.folder", "", BACKUP, N_("Backup folder"),
    N_("Where backups are put; empty for a folder beside the data. A folder on another disk is safer."),
    check=_is_folder,
)  # fmt: skip
BACKUP_ON_EXIT = Setting(
    "backup.on_exit", True, BACKUP, N_("Back up on exit"),
    N_("A verified backup is made each time the program ends and something has changed."),
)  # fmt: skip
ENOUGH_YOUNG = Setting(
    "leads.enough_young", 8, LEADS, N_("Enough young leads"),
    N_("How many young leads you want to have at any time; 0 if you do not want to be told."),
    minimum=0, maximum=1000,
)  # fmt: skip
STRICT = Setting(
    "leads.strict", False, LEADS, N_("Strict mode"),
    N_("No step is finished without something that follows: the next step, or the close of the lead."),
)  # fmt: skip
REMIND = Setting(
    "reminders.on", True, REMINDERS, N_("Remind me of steps"),
    N_("When a step has come a small window says so, with what can be done about it. What came while Trichter was "
       "closed is told at the next start."),
)  # fmt: skip
DAY_REMINDER = Setting(
    "reminders.day_at", "09:00", REMINDERS, N_("Reminders of the day at"),
    N_("When steps without a time of their own remind, and what was put off to another day."),
    choices=tuple((time, time) for time in (f"{half // 2:02}:{half % 2 * 30:02}" for half in range(10, 41))),
)  # fmt: skip
KEEP_IN_TRAY = Setting(
    "reminders.keep_in_tray", False, REMINDERS, N_("Keep running in the tray"),
    N_("Closing the window does not end Trichter then: reminders come all the same. Its icon in the tray "
       "brings the window back and ends the program."),
)  # fmt: skip
PAUSED_UNTIL = Setting(
    "reminders.paused_until", "", REMINDERS, N_("Paused until"),
    N_("The moment from which reminders come again."),
    shown=False,
)  # fmt: skip
TOLD_NO_TRAY = Setting(
    "reminders.told_no_tray", False, REMINDERS, N_("Told that there is no tray"),
    N_("Said once on a desktop without a tray: there reminders come only while the window is open."),
    shown=False,
)  # fmt: skip
SHORTCUTS = Setting(
    "keys.shortcuts", "", KEYS, N_("Keyboard shortcuts"),
    N_("The keys of commands that are not those the program came with."),
    shown=False,
)  # fmt: skip
#: Every setting, grouped by page in the order of the dialog.
SETTINGS: tuple[Setting[Any], ...] = (
    THEME, DENSITY, TEXT_SCALE, LANGUAGE, COUNTRY, ASK_WHO, LAST_USER, TEAM, TEAM_HOST, TEAM_PORT, TEAM_DATABASE,
    TEAM_USER, TEAM_TLS, TEAM_AUTHORITY, BACKUP_FOLDER, BACKUP_ON_EXIT, ENOUGH_YOUNG,
    STRICT, REMIND, DAY_REMINDER, KEEP_IN_TRAY, PAUSED_UNTIL, TOLD_NO_TRAY,
    SHORTCUTS,
)  # fmt: skip


def minutes_of(time: str) -> int:
    """Minutes after midnight of a time such as 09:30."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


# German is written in these too; their signs are those of the neighbour.
_NEIGHBOURS = {"LI": "CH", "LU": "DE", "BE": "DE", "IT": "AT"}


def _from_system(environ: Mapping[str, str]) -> dict[str, Any]:
    """Language and country as the machine is set to."""
    german = system.language(environ) == "de"
    country = system.country(environ)
    if german:
        country = _NEIGHBOURS.get(country, country) or "DE"
    return {LANGUAGE.key: "de" if german else "en", COUNTRY.key: country if COUNTRY.accepts(country) else "INT"}


class Settings:
    """The settings kept in one JSON file: `settings[THEME]`, `settings[THEME] = "dark"`.

    A value that no longer passes its check counts as not set; keys of other versions are kept. When the file cannot
    be read, it is moved aside (`set_aside`), `problem` says so in words, and the defaults are used.
    """

    def __init__(self, path: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.path = path
        self.problem: Text | None = None
        self.set_aside: Path | None = None
        self._system = _from_system(environ)
        self._held: dict[str, Any] = {}
        self._lent: set[str] = set()
        self._listeners: dict[object, tuple[str, Callable[[Any], None]]] = {}
        self._values = self._read()

    def __getitem__(self, setting: Setting[T]) -> T:
        if setting.key in self._held:
            held: T = self._held[setting.key]
            return held
        return self._values[setting.key] if self.chosen(setting) else self.default(setting)

    def __setitem__(self, setting: Setting[T], value: T) -> None:
        self.change({setting: value})

    def hold(self, setting: Setting[T], value: T) -> None:
        """A value for this run only, as the command line asks for; it is not saved and goes when another is chosen."""
        if setting.accepts(value):
            self._held[setting.key] = value

    def lend(self, values: Mapping[Setting[Any], object]) -> None:
        """Values for this run only, as `hold`; what is chosen in their place is not saved either.

        InvalidInput, with the key as field, lends none.
        """
        _refuse_impossible(values)
        self._held.update({setting.key: value for setting, value in values.items()})
        self._lent.update(setting.key for setting in values)

    def is_lent(self, setting: Setting[Any]) -> bool:
        """Whether what holds, or is chosen for it, goes when the program ends."""
        return setting.key in self._lent

    def speak(self, language: str) -> None:
        """The language of this run, as the command line asks for it. Who asks for German on a machine that says no
        country is taken to be in Germany: else no number there would be understood without its +49.
        """
        self.hold(LANGUAGE, language)
        if language == "de" and self[COUNTRY] == "INT" and not self.chosen(COUNTRY):
            self.hold(COUNTRY, "DE")

    def default(self, setting: Setting[T]) -> T:
        """What holds while nothing was chosen; language and country come from the system."""
        value: T = self._system.get(setting.key, setting.default)
        return value

    def chosen(self, setting: Setting[Any]) -> bool:
        """Whether a value was set at any time (and still passes the check)."""
        return setting.accepts(self._values.get(setting.key))

    def change(self, values: Mapping[Setting[Any], object]) -> None:
        """Set several at once and save once.

        InvalidInput, with the key as field, sets none. StorageError says that they hold until the program ends only.
        """
        _refuse_impossible(values)
        changed = {s.key: value for s, value in values.items() if not self.chosen(s) or self[s] != value}
        if not changed:
            return
        kept = {key: value for key, value in changed.items() if key not in self._lent}
        self._values.update(kept)
        self._held.update({key: value for key, value in changed.items() if key in self._lent})
        for key in kept:
            self._held.pop(key, None)
        try:
            if kept:
                self._save()
        finally:
            for key, listener in tuple(self._listeners.values()):
                if key in changed:
                    listener(changed[key])

    def listen(self, setting: Setting[T], listener: Callable[[T], None]) -> Callable[[], None]:
        """Hear each new value of a setting; call what is returned to stop."""
        place = object()
        self._listeners[place] = (setting.key, listener)

        def stop() -> None:
            self._listeners.pop(place, None)

        return stop

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_text("utf-8"))
            if not isinstance(values, dict):
                raise ValueError("no JSON object")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            self._move_aside()
            return {}
        return values

    def _move_aside(self) -> None:
        names = (f"{self.path.stem}.damaged{n or ''}{self.path.suffix}" for n in range(1000))
        free = next((self.path.with_name(name) for name in names if not self.path.with_name(name).exists()), None)
        self.problem = Text("The settings could not be read. The defaults are used.")
        try:
            if free is not None:
                self.set_aside = self.path.rename(free)
        except OSError:  # the folder cannot be written either
            return
        if self.set_aside is not None:
            self.problem = Text(
                "The settings could not be read. The defaults are used, the file is kept as {name}.",
                name=self.set_aside.name,
            )

    def _save(self) -> None:
        """All or nothing: written beside, flushed to the disk, then put in place."""
        try:
            target = self.path.resolve()  # a linked file stays linked
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target, encoding="ascii") as file:
                json.dump(self._values, file, indent=2, sort_keys=True)
        except OSError as error:
            raise _storage_error(error) from error


def _refuse_impossible(values: Mapping[Setting[Any], object]) -> None:
    for setting, value in values.items():
        if not setting.accepts(value):
            title = Text("This value is not possible for {setting}.", setting=Text(setting.label))
            raise InvalidInput(title, field=setting.key)


def _storage_error(error: OSError) -> StorageError:
    kinds = {errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EROFS: ReadOnly, errno.EACCES: ReadOnly}
    kind = kinds.get(error.errno or 0, StorageError)
    return kind(Text("The settings could not be saved."), Text("What you changed holds until you close the program."))
