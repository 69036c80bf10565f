"""Where the store of a data folder lies, and its backups.

Importing this loads no SQLAlchemy: the window's frame is painted before.
"""

from pathlib import Path

FILE_NAME = "trichter.db"


def store_file(folder: Path) -> Path:
    """Where the store of a data folder lies."""
    return folder / FILE_NAME


def exists(folder: Path) -> bool:
    """Whether a data folder has a store."""
    return store_file(folder).exists()


def backups_of(folder: Path) -> Path:
    """Where the backups of a data folder lie, unless another place was chosen."""
    return folder / "backups"
