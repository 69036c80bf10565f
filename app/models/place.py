"""Where the store of a data folder lies. Importing this loads no SQLAlchemy: the window's frame is painted before."""

from pathlib import Path

FILE_NAME = "trichter.db"


def store_file(folder: Path) -> Path:
    """Where the store of a data folder lies."""
    return folder / FILE_NAME


def exists(folder: Path) -> bool:
    """Whether a data folder has a store."""
    return store_file(folder).exists()
