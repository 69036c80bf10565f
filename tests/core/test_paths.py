"""Where things live, and whether that is on this machine."""

import sys
from pathlib import Path

import pytest

from app.core import paths

LINUX = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /proc rw - proc proc rw
40 22 0:50 / /mnt/nas rw,relatime shared:9 master:2 - cifs //nas/share rw,vers=3.0
41 40 8:2 / /mnt/nas/local rw - ext4 /dev/sdb1 rw
42 22 0:51 / /home/anna/My\\040Files rw - fuse.sshfs anna@host: rw
43 22 0:52 / /srv rw - ext4 /dev/sdc1 rw
44 22 0:53 / /srv rw - nfs4 server:/srv rw
broken line - without fields
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//anna@nas._smb._tcp.local/Team on (x) on /Volumes/Team (smbfs, nodev, nosuid, mounted by anna)
/dev/disk5 on /Volumes/Stick (1) (exfat, local)
"""


def test_named_folders_win_over_the_variable_and_that_over_the_platform(tmp_path: Path, home: Path) -> None:
    elsewhere = {"TRICHTER_DATA": str(tmp_path / "variable")}
    assert paths.data_dir(tmp_path / "named", elsewhere) == tmp_path / "named"
    assert paths.data_dir(None, elsewhere) == tmp_path / "variable"
    for place in (paths.data_dir(None, {}), paths.config_dir(None, {}), paths.log_dir(None, {})):
        assert place.is_relative_to(home)
        assert "Trichter" in place.parts


def test_data_elsewhere_takes_settings_and_log_along(tmp_path: Path) -> None:
    assert paths.config_dir(tmp_path, {}) == tmp_path
    assert paths.log_dir(None, {"TRICHTER_DATA": str(tmp_path)}) == tmp_path / "log"


@pytest.mark.parametrize("nothing", ["", "   "])
def test_an_empty_variable_names_nothing(nothing: str) -> None:
    assert paths.data_dir(None, {"TRICHTER_DATA": nothing}) == paths.data_dir(None, {})


def test_a_folder_is_absolute_and_knows_the_tilde(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.data_dir(Path("~/data"), {}) == home / "data"
    assert paths.data_dir(Path("data"), {}) == tmp_path / "data"
    assert paths.data_dir(Path("~nobody-has-this-name/data"), {}).is_absolute()


def test_asking_creates_nothing() -> None:
    assert not any(place(None, {}).exists() for place in (paths.data_dir, paths.config_dir, paths.log_dir))


def test_resources_are_beside_the_code_or_in_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (paths.resources_dir() / "i18n").is_dir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_dir() == tmp_path / "resources"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/anna", "ext4"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/trichter", "cifs"),
        ("/mnt/nas/local/trichter", "ext4"),
        ("/mnt/nas2", "ext4"),
        ("/home/anna/My Files/x", "fuse.sshfs"),
        ("/srv/x", "nfs4"),
        ("/", "ext4"),
    ],
)
def test_the_deepest_and_latest_mount_counts(path: str, kind: str) -> None:
    assert paths._type_at(path, paths._linux_mounts(LINUX)) == kind


def test_mounts_of_a_mac() -> None:
    mounts = paths._mac_mounts(MAC)
    assert paths._type_at("/Volumes/Team/trichter", mounts) == "smbfs"
    assert paths._type_at("/Volumes/Stick (1)/trichter", mounts) == "exfat"
    assert paths._type_at("/Users/anna", mounts) == "apfs"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "fuse.rclone", "NFS"])
def test_types_on_other_machines(kind: str) -> None:
    assert paths.is_network_type(kind)


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "zfs", "overlay", "tmpfs", "fuseblk", "ntfs3", "apfs", "exfat", ""])
def test_types_on_this_machine(kind: str) -> None:
    assert not paths.is_network_type(kind)


@pytest.mark.parametrize("path", [r"\\nas\team", r"\\?\UNC\nas\team", "//nas/team", r"\\?\unc\nas\team"])
def test_shares_of_windows(path: str) -> None:
    assert paths.is_share(path)


@pytest.mark.parametrize("path", [r"C:\Users\Anna", r"\\?\C:\Users", r"\\.\C:", "C:/Users", r"\Users"])
def test_drives_of_windows(path: str) -> None:
    assert not paths.is_share(path)


def test_a_folder_that_does_not_exist_yet_is_judged_by_where_it_would_lie(tmp_path: Path) -> None:
    assert paths.is_network_drive(tmp_path / "not" / "yet") == paths.is_network_drive(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the table of Linux")
def test_what_cannot_be_found_out_is_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> str:
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", fail)
    assert not paths.is_network_drive(tmp_path)
