"""Start with the system: an entry where the desktop looks for such programs, written and removed on request.

Linux: a desktop entry in the folder of the XDG specification. Windows: a value below the Run key of the registry.
macOS: an agent of launchd. Whether it is there is asked of the system, which has its own ways to remove it.
"""

import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings

from app.core import paths
from app.core.errors import StorageError
from app.core.files import replacing
from app.core.i18n import Text

_NAME = "Trichter"
_RUN = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
_LABEL = "de.trichter.Trichter"
#: A word that a desktop entry takes without quotation marks.
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)


class Autostart(Protocol):
    """The entry of this program among those that start with the system."""

    def is_on(self) -> bool:
        """Whether it is there and in force."""

    def turn_on(self) -> None:
        """Write it. Raises StorageError."""

    def turn_off(self) -> None:
        """Remove it. Raises StorageError."""


def here(folder: Path) -> Autostart:
    """The entry on this machine, for the data in `folder`."""
    command, place = _command(folder), paths.autostart_dir()
    if place is None:
        return RunKey(QSettings(_RUN, QSettings.Format.NativeFormat), command)
    if sys.platform == "darwin":
        return LaunchAgent(place, command)
    return DesktopEntry(place, command)


def _command(folder: Path) -> list[str]:
    """How this program is started in the tray, by whatever it was started now."""
    started = Path(sys.argv[0])
    if getattr(sys, "frozen", False):
        program = [sys.executable]
    elif started.stem.casefold() == _NAME.casefold() and started.exists():
        program = [str(started.absolute())]
    else:
        program = [sys.executable, "-m", "app"]
    elsewhere = [] if folder.absolute() == paths.data_dir(environ={}).absolute() else ["--data", str(folder.absolute())]
    return [*program, "--hidden", *elsewhere]


class DesktopEntry:
    """A file in `folder` that desktops on Linux read at the start."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._file = folder / "trichter.desktop"
        self._command = command

    def is_on(self) -> bool:
        try:
            lines = self._file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return False
        said = {name.strip(): value.strip().casefold() for name, _, value in (line.partition("=") for line in lines)}
        return said.get("Hidden") != "true" and said.get("X-GNOME-Autostart-enabled") != "false"

    def turn_on(self) -> None:
        lines = (
            "[Desktop Entry]", "Type=Application", f"Name={_NAME}", f"Exec={' '.join(map(_quoted, self._command))}",
            "Icon=trichter", "Terminal=false", "X-GNOME-Autostart-enabled=true", "",
        )  # fmt: skip
        _write(self._file, "\n".join(lines))

    def turn_off(self) -> None:
        _remove(self._file)


def _quoted(word: str) -> str:
    """A word of the command as desktop entries want it: quoted, and what is special to them or to the file escaped."""
    word = word.replace("%", "%%")
    if _PLAIN.fullmatch(word):
        return word
    quoted = re.sub(r'(["`$\\])', r"\\\1", word)
    return f'"{quoted}"'.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


class RunKey:
    """A value of the registry of Windows, or of whatever settings are handed in."""

    def __init__(self, run: QSettings, command: Sequence[str]) -> None:
        self._run = run
        self._command = command

    def is_on(self) -> bool:
        self._run.sync()
        return bool(self._run.value(_NAME, ""))

    def turn_on(self) -> None:
        self._run.setValue(_NAME, subprocess.list2cmdline(self._command))
        self._settle()

    def turn_off(self) -> None:
        self._run.remove(_NAME)
        self._settle()

    def _settle(self) -> None:
        self._run.sync()
        if self._run.status() != QSettings.Status.NoError:
            raise _impossible("")


class LaunchAgent:
    """A property list in `folder` that launchd reads when somebody logs in."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._file = folder / f"{_LABEL}.plist"
        self._command = command

    def is_on(self) -> bool:
        try:
            said = plistlib.loads(self._file.read_bytes())
        except (OSError, ValueError, plistlib.InvalidFileException):
            return False
        return isinstance(said, dict) and bool(said.get("RunAtLoad")) and not said.get("Disabled")

    def turn_on(self) -> None:
        entry = {"Label": _LABEL, "ProgramArguments": list(self._command), "RunAtLoad": True,
                 "ProcessType": "Interactive"}  # fmt: skip
        _write(self._file, plistlib.dumps(entry).decode())

    def turn_off(self) -> None:
        _remove(self._file)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file, encoding="utf-8") as target:
            target.write(text)
    except OSError as error:
        raise _impossible(str(error)) from error


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise _impossible(str(error)) from error


def _impossible(reason: str) -> StorageError:
    hint = Text("{reason}", reason=reason) if reason else None
    return StorageError(Text("What starts with the system could not be changed."), hint)
