"""Where things live: the only place that knows the platform's folders."""

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import appdirs

NAME = "Trichter"
#: Puts everything elsewhere, like `--data`.
DATA_VARIABLE = "TRICHTER_DATA"

# File systems on which another machine, or a layer without reliable locks, stands between the program and the disk.
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "ceph", "davfs", "ncpfs", "ncp"),
    *("glusterfs", "lustre", "beegfs", "gfs2", "ocfs2", "webdav", "ftp", "vboxsf", "vmhgfs", "prl_fs", "virtiofs"),
    *("sshfs", "rclone", "s3fs", "davfs2", "gvfsd-fuse", "curlftpfs", "smbnetfs", "vmhgfs-fuse", "macfuse", "osxfuse"),
}
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def data_dir(override: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the data: `override` (from --data), else TRICHTER_DATA, else the platform's own. Not created."""
    return _elsewhere(override, environ) or Path(appdirs.user_data_dir(NAME, appauthor=False))


def config_dir(override: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the settings. Data put elsewhere takes its settings along, so that nothing else is touched."""
    return _elsewhere(override, environ) or Path(appdirs.user_config_dir(NAME, appauthor=False))


def log_dir(override: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the log files; inside the data where that was put elsewhere."""
    elsewhere = _elsewhere(override, environ)
    return elsewhere / "log" if elsewhere else Path(appdirs.user_log_dir(NAME, appauthor=False))


def cache_dir(override: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of what can be thrown away at any time; inside the data where that was put elsewhere."""
    elsewhere = _elsewhere(override, environ)
    return elsewhere / "cache" if elsewhere else Path(appdirs.user_cache_dir(NAME, appauthor=False))


def autostart_dir(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of what starts with the user's desktop; None on Windows, which keeps that in its registry."""
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents"
    configured = environ.get("XDG_CONFIG_HOME", "")
    return (Path(configured) if Path(configured).is_absolute() else Path.home() / ".config") / "autostart"


def _elsewhere(override: Path | None, environ: Mapping[str, str]) -> Path | None:
    named = override or environ.get(DATA_VARIABLE, "").strip()
    if not named:
        return None
    path = Path(named)
    with contextlib.suppress(RuntimeError):  # a ~name that nobody has is a folder of that name
        path = path.expanduser()
    return path.absolute()


def resources_dir() -> Path:
    """Icons, texts, templates: beside the code in the source tree, inside the bundle of an installed program."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).parents[2]
    return root / "resources"


def is_network_drive(path: Path) -> bool:
    """Whether the folder (which need not exist yet) lies on another machine or a shared folder. False when unknown."""
    try:
        if sys.platform == "win32":
            return is_share(str(path.absolute())) or _is_remote_drive(str(path.absolute()))
        return is_network_type(_type_at(str(path.resolve()), _mounts()))
    except (OSError, RuntimeError):
        return False


def _mounts() -> list[tuple[str, str]]:
    """What is mounted where, as (mount point, type of file system)."""
    if sys.platform == "darwin":
        import subprocess

        try:
            mount = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True)
        except subprocess.SubprocessError:
            return []
        return _mac_mounts(mount.stdout)
    else:
        return _linux_mounts(Path("/proc/self/mountinfo").read_text("utf-8", "replace"))


def _is_remote_drive(path: str) -> bool:
    """Whether a drive letter of Windows stands for a share."""
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(path.removeprefix("\\\\?\\")[:3])) == _REMOTE_DRIVE
    else:
        return False


def is_share(path: str) -> bool:
    """Whether a path names another machine, as Windows writes it: \\\\server\\share, \\\\?\\UNC\\server\\share."""
    plain = path.replace("/", "\\")
    if plain.upper().startswith("\\\\?\\UNC\\"):
        return True
    return plain.startswith("\\\\") and not plain.startswith(("\\\\?\\", "\\\\.\\"))


def is_network_type(kind: str) -> bool:
    """Whether a file system of this name is one; fuse.sshfs counts as sshfs."""
    return kind.lower().removeprefix("fuse.") in _NETWORK


def _type_at(path: str, mounts: Iterable[tuple[str, str]]) -> str:
    """The type of the deepest mount that holds `path`; of two at one place the later, which covers the earlier."""
    best, kind = -1, ""
    for place, name in mounts:
        inside = path == place or path.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= best:
            best, kind = len(place), name
    return kind


def _linux_mounts(table: str) -> list[tuple[str, str]]:
    """Mount points and types of /proc/self/mountinfo: `36 35 98:0 / /mnt/a\\040b rw shared:1 - ext4 /dev/sda rw`."""
    mounts = []
    for line in table.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if dash and len(fields) > 4:
            place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[4])
            mounts.append((place, after.split(" ")[0]))
    return mounts


def _mac_mounts(table: str) -> list[tuple[str, str]]:
    """Mount points and types as `mount` prints them: `//anna@nas/share on /Volumes/share (smbfs, nodev)`."""
    return re.findall(r"^.+? on (/.*) \((\w+)[,)]", table, re.MULTILINE)
