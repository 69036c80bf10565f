"""Start with the system, on three of them: what is written, understood and removed."""

import plistlib
import shlex
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.core import paths
from app.core.errors import StorageError
from app.ui import autostart
from app.ui.autostart import Autostart, DesktopEntry, LaunchAgent, RunKey

COMMAND = ["/opt/Trichter 1/trichter", "--hidden", "--data", '/home/anna/100 % "Ablage" $HOME\\x']


def entries(folder: Path) -> list[Autostart]:
    return [
        DesktopEntry(folder / "autostart", COMMAND),
        LaunchAgent(folder / "LaunchAgents", COMMAND),
        RunKey(QSettings(str(folder / "run.ini"), QSettings.Format.IniFormat), COMMAND),
    ]


@pytest.mark.parametrize("number", range(3))
def test_on_and_off_and_on_again(tmp_path: Path, number: int) -> None:
    entry = entries(tmp_path)[number]
    assert not entry.is_on()
    entry.turn_off()
    for _ in range(2):
        entry.turn_on()
        assert entry.is_on()
        assert entries(tmp_path)[number].is_on()
    entry.turn_off()
    assert not entries(tmp_path)[number].is_on()


def _unescaped(value: str) -> list[str]:
    """A command as a desktop reads it: first the escapes of the file, then quotation marks, then its own codes."""
    text = value.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
    return [word.replace("%%", "%") for word in shlex.split(text.replace("\\$", "$").replace("\\`", "`"))]


def test_a_desktop_reads_the_command_as_it_was_meant(tmp_path: Path) -> None:
    DesktopEntry(tmp_path, COMMAND).turn_on()
    lines = (tmp_path / "trichter.desktop").read_text("utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    said = dict(line.split("=", 1) for line in lines[1:])
    assert (said["Type"], said["Terminal"]) == ("Application", "false")
    assert _unescaped(said["Exec"]) == COMMAND


def test_launchd_reads_the_command_as_it_was_meant(tmp_path: Path) -> None:
    LaunchAgent(tmp_path, COMMAND).turn_on()
    (file,) = tmp_path.iterdir()
    said = plistlib.loads(file.read_bytes())
    assert (said["ProgramArguments"], said["RunAtLoad"], file.stem) == (COMMAND, True, said["Label"])


def test_windows_gets_one_line(tmp_path: Path) -> None:
    run = QSettings(str(tmp_path / "run.ini"), QSettings.Format.IniFormat)
    RunKey(run, [r"C:\Program Files\Trichter\Trichter.exe", "--hidden"]).turn_on()
    assert run.value("Trichter") == r'"C:\Program Files\Trichter\Trichter.exe" --hidden'


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = True"])
def test_what_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    entry = DesktopEntry(tmp_path, COMMAND)
    entry.turn_on()
    file = tmp_path / "trichter.desktop"
    file.write_text(file.read_text("utf-8").replace("X-GNOME-Autostart-enabled=true", line), "utf-8")
    assert not entry.is_on()


def test_rubbish_counts_as_off(tmp_path: Path) -> None:
    (tmp_path / "de.trichter.Trichter.plist").write_bytes(b"\xff\x00nonsense")
    assert not LaunchAgent(tmp_path, COMMAND).is_on()
    (tmp_path / "trichter.desktop").mkdir()
    assert not DesktopEntry(tmp_path, COMMAND).is_on()


@pytest.mark.parametrize("kind", [DesktopEntry, LaunchAgent])
def test_what_cannot_be_written_is_told(tmp_path: Path, kind: type) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError, match="could not be changed"):
        kind(blocked / "below", COMMAND).turn_on()


def test_the_program_is_started_as_it_was_started_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = paths.data_dir(environ={})
    assert autostart._command(usual) == [sys.executable, "-m", "app", "--hidden"]
    assert autostart._command(tmp_path / "x")[-2:] == ["--data", str(tmp_path / "x")]
    script = tmp_path / "trichter"
    script.write_text("")
    monkeypatch.setattr(sys, "argv", [str(script)])
    assert autostart._command(usual) == [str(script), "--hidden"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert autostart._command(usual) == [sys.executable, "--hidden"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="each system has its own place")
def test_the_place_on_this_machine(home: Path, tmp_path: Path) -> None:
    entry = autostart.here(tmp_path)
    entry.turn_on()
    assert (home / "config" / "autostart" / "trichter.desktop").is_file()
    assert paths.autostart_dir({"XDG_CONFIG_HOME": "relative"}) == Path.home() / ".config" / "autostart"
    entry.turn_off()
