"""Sets up what the tasks need: a Python in range, .venv with the locked dependencies, Debian's libraries for Qt.

Standard library only, and nothing newer than Python 3.8 in the syntax, so that a wrong Python gets a sentence instead
of a traceback. When everything is fresh nothing is started and no network is touched.
"""

from __future__ import annotations

import hashlib
import locale
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {
    "program": ROOT / "packaging" / "requirements.txt",
    "development": ROOT / "packaging" / "requirements-dev.txt",
}
PYTHONS = ((3, 11), (3, 12), (3, 13))
WINDOWS = os.name == "nt"

# Without these Qt cannot be loaded at all: Debian's package and the library it brings.
LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libfreetype6": "libfreetype.so.6",
    "libglib2.0-0": "libglib-2.0.so.0",
}
# Without these it cannot open a window in such a session.
SESSIONS = {
    "": {},
    "x11": {
        "libx11-6": "libX11.so.6",
        "libx11-xcb1": "libX11-xcb.so.1",
        "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
        "libxcb-cursor0": "libxcb-cursor.so.0",
        "libxcb-icccm4": "libxcb-icccm.so.4",
        "libxcb-image0": "libxcb-image.so.0",
        "libxcb-keysyms1": "libxcb-keysyms.so.1",
        "libxcb-randr0": "libxcb-randr.so.0",
        "libxcb-render0": "libxcb-render.so.0",
        "libxcb-render-util0": "libxcb-render-util.so.0",
        "libxcb-shape0": "libxcb-shape.so.0",
        "libxcb-shm0": "libxcb-shm.so.0",
        "libxcb-sync1": "libxcb-sync.so.1",
        "libxcb-util1": "libxcb-util.so.1",
        "libxcb-xfixes0": "libxcb-xfixes.so.0",
        "libxcb-xkb1": "libxcb-xkb.so.1",
    },
    "wayland": {
        "libwayland-client0": "libwayland-client.so.0",
        "libwayland-cursor0": "libwayland-cursor.so.0",
        "libwayland-egl1": "libwayland-egl.so.1",
    },
}
# fontconfig brings the settings and fc-cache; without an interface font Qt falls back to whatever there is.
FILES = {"fontconfig": "/etc/fonts/fonts.conf", "fonts-inter": "/var/lib/dpkg/info/fonts-inter.list"}


class SetUpError(Exception):
    """Something the person at the keyboard must do; the message is the sentence."""


def say(sentence: str) -> None:
    """Tell what is being done."""
    print(sentence, flush=True)


def script(name: str) -> Path:
    """A program inside the virtual environment."""
    return VENV / "Scripts" / f"{name}.exe" if WINDOWS else VENV / "bin" / name


# --- Python -----------------------------------------------------------------------------------------------------------


def in_range(version: tuple[int, ...]) -> bool:
    """Whether Trichter runs on this Python."""
    return version[:2] in PYTHONS


def other_python() -> str | None:
    """The path of a Python in range on PATH, oldest first, that really starts."""
    for major, minor in PYTHONS:
        path = shutil.which(f"python{major}.{minor}")
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    return None


def venv_version() -> tuple[int, ...] | None:
    """The Python of .venv, or None when there is no whole one."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [line.partition("=")[2].strip() for line in lines if line.startswith("version")]
    if not found or not script("python").exists():
        return None
    return tuple(int(part) for part in found[0].split(".")[:3] if part.isdigit())


# --- Debian -----------------------------------------------------------------------------------------------------------


def missing_libraries(wanted: dict[str, str], known: str) -> list[str]:
    """The packages of `wanted` whose library does not stand in `known`, the output of `ldconfig -p`."""
    present = {line.split()[0] for line in known.splitlines() if line.startswith("\t")}
    return [package for package, library in wanted.items() if library not in present]


def missing_files(wanted: dict[str, str]) -> list[str]:
    """The packages of `wanted` whose file is not there."""
    return [package for package, file in wanted.items() if not Path(file).exists()]


def ensure_libraries(session: str) -> None:
    """What Qt needs of the system for a window in this session ('x11', 'wayland', '' for none). Only on Linux.

    The font is only tried once: a person without root should not be told about it on every start.
    """
    ldconfig = shutil.which("ldconfig") or shutil.which("/sbin/ldconfig")
    if not sys.platform.startswith("linux") or ldconfig is None:
        return
    known = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    needed = missing_libraries({**LIBRARIES, **SESSIONS[session]}, known)
    tried = VENV / ".tried-font"
    liked = [] if tried.exists() else missing_files(FILES)
    try:
        if needed + liked:
            apt_install(needed + liked, "the libraries and the font of the window")
    except SetUpError as error:
        if needed:
            raise
        say(f"Without its font Trichter looks plainer. {error}")
    tried.touch()


def apt_install(packages: list[str], purpose: str) -> None:
    """Install Debian packages as root or by sudo without a password; else say the command."""
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    by_hand = SetUpError(f"Please run this once, for {purpose}: sudo {command}")
    if not shutil.which("apt-get"):
        raise SetUpError(
            f"Please install {purpose} with your system's packages; Debian calls them {' '.join(packages)}."
        )
    prefix = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() != 0:
        if (
            not shutil.which("sudo")
            or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
        ):
            raise by_hand
        prefix = ["sudo", "-n", *prefix]
    say(f"Installing {purpose}: {' '.join(packages)}")
    subprocess.run([*prefix, "apt-get", "-qq", "update"], check=False)
    if subprocess.run([*prefix, *command.split(), "-qq"], stdout=subprocess.DEVNULL, check=False).returncode:
        raise by_hand


# --- .venv ------------------------------------------------------------------------------------------------------------


def ensure_venv(level: str) -> None:
    """.venv with everything the lock of `level` ('program' or 'development') names."""
    version = venv_version()
    if version is None or not in_range(version):
        version = make_venv()
    stamp = VENV / f".set-up-{level}"
    expected = fingerprint(LOCKS[level].read_bytes(), version)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == expected:
        return
    say("Installing the locked dependencies into .venv; this happens once.")
    pip_install(LOCKS[level])
    link_program()
    for old in VENV.glob(".set-up-*"):
        old.unlink()
    for name in ("program", level):  # the development lock holds all of the program's
        (VENV / f".set-up-{name}").write_text(fingerprint(LOCKS[name].read_bytes(), version), encoding="utf-8")


def fingerprint(lock: bytes, version: tuple[int, ...]) -> str:
    """What must be the same for an installation to be fresh: the lock, the Python and the place."""
    return hashlib.sha256(b"\0".join([lock, repr(version).encode(), str(ROOT).encode()])).hexdigest()


def make_venv() -> tuple[int, ...]:
    """A new .venv made by the Python that runs this."""
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        package = "python{}.{}-venv".format(*sys.version_info)
        apt_install([package], "Python's virtual environments")
    say(f"Making .venv with Python {sys.version.split()[0]}.")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        raise SetUpError(f"The virtual environment could not be made: {sys.executable} -m venv {VENV}")
    return sys.version_info[:3]


def pip_install(lock: Path) -> None:
    """Install exactly what the lock names, each file checked against its hash."""
    command = [str(script("python")), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    if subprocess.run(
        [*command, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)], check=False
    ).returncode:
        raise SetUpError("The dependencies could not be installed; pip says why above. Nothing else was changed.")


def link_program() -> None:
    """Make `import app` and the command `trichter` work from anywhere, straight from this folder.

    Not an editable install by pip: that needs a build backend of the right version, and does no more than this.
    """
    packages = next(VENV.glob("Lib/site-packages" if WINDOWS else "lib/python3*/site-packages"))
    (packages / "trichter.pth").write_text(f"{ROOT}\n", encoding=locale.getpreferredencoding(False))
    if WINDOWS:
        (VENV / "Scripts" / "trichter.cmd").write_text('@"%~dp0python.exe" -P -m app %*\n', encoding="ascii")
        return
    command = VENV / "bin" / "trichter"
    # -P: what lies in the folder one happens to stand in must not be taken for the program.
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(script("python")))} -P -m app "$@"\n', encoding="utf-8")
    command.chmod(0o755)


# --- Catalogues -------------------------------------------------------------------------------------------------------


def stale_catalogues(folder: Path) -> list[Path]:
    """The .po files whose .mo is missing or older."""
    stale = []
    for po in folder.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            stale.append(po)
    return stale


def ensure_catalogues() -> None:
    """Compile the catalogues that changed."""
    if stale_catalogues(ROOT / "resources" / "i18n"):
        command = [str(script("python")), str(ROOT / "packaging" / "catalogues.py"), "compile"]
        if subprocess.run(command, check=False).returncode:
            raise SetUpError("The catalogues could not be compiled; the reason stands above.")
