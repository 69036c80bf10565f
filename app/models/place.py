"""Where the store of a data folder lies, and its backups.

Importing this loads no SQLAlchemy: the window's frame is painted before.
"""

from pathlib import Path

FILE_NAME = "trichter.db"
_TEAMS = "team"
#: What a window notes of itself for as long as it is open; left behind only by one that was killed.
HOLDER_NAME = "trichter.holder"


#: Beside the replica of a team: with it and the password the replica is read without the server.
KEY_NAME = "trichter.key"


def store_file(folder: Path) -> Path:
    """Where the store of a data folder lies."""
    return folder / FILE_NAME


def exists(folder: Path) -> bool:
    """Whether a data folder has a store."""
    return store_file(folder).exists()


def is_replica(folder: Path) -> bool:
    """Whether the store of a folder is the replica of a team, which only its key opens."""
    return (folder / KEY_NAME).exists()


def may_be_held(folder: Path) -> bool:
    """Whether a window may have the store open. Where this is false nobody has, or is just about to."""
    return (folder / HOLDER_NAME).exists()


def replica_folder(data: Path, name: str) -> Path:
    """Where under a data folder the replica of a team of this name lies."""
    return data / _TEAMS / name


def data_of(store: Path) -> Path:
    """The data folder to which a store belongs, or a replica."""
    folder = store.parent
    return folder.parent.parent if folder.parent.name == _TEAMS else folder


def backups_of(folder: Path) -> Path:
    """Where the backups of a data folder lie, unless another place was chosen."""
    return folder / "backups"
